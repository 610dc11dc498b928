"""A live Spirit forum, crawled by the real command and compared with the forum's own database."""

from pathlib import Path

import pytest

from crawlers.settings import RIVALMAP_BATCH_ITEMS
from tests.live.crawling import Researcher
from tests.live.spirit_forum import Spirit

pytestmark = pytest.mark.slow

TOPICS, POSTS, NEW = 150, 2_200, 22


def test_every_post_once_and_again(spirit: Spirit, tmp_path: Path) -> None:
    spirit.seed(TOPICS, POSTS)
    researcher = Researcher(tmp_path / "home", spirit)

    first = researcher.research()
    assert first.returncode == 0, first.stderr
    want = researcher.expected(spirit.truth())
    assert len(want) >= POSTS
    assert researcher.posts() == want
    for table in ("posts", "demand"):
        assert researcher.rows(f"SELECT count(*) FROM {table}") == [(len(want),)]
    langs = dict(researcher.rows("SELECT lang, count(*) FROM posts GROUP BY lang"))
    assert {"en", "zh", "vi"} <= set(langs)
    assert len(first.asked) <= 1.05 * spirit.pages().all

    spirit.seed(0, 0, new=NEW)
    second = researcher.research()
    assert second.returncode == 0, second.stderr
    assert researcher.posts() == researcher.expected(spirit.truth())
    assert len(second.asked) <= 0.1 * len(first.asked)


def test_killed_in_the_middle(spirit: Spirit, tmp_path: Path) -> None:
    spirit.seed(TOPICS, POSTS)
    researcher = Researcher(tmp_path / "home", spirit)
    pages = spirit.pages().all
    before = researcher.killed_after(pages // 2)
    run = researcher.research()
    assert run.returncode == 0, run.stderr
    want = researcher.expected(spirit.truth())
    assert researcher.posts() == want
    assert researcher.rows("SELECT count(*) FROM posts") == [(len(want),)]
    # A kill loses at most the pages that were not written yet.
    assert len(before) + len(run.asked) <= 1.05 * pages + RIVALMAP_BATCH_ITEMS
