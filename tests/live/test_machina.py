"""A live machina forum, crawled by the real command and compared with the forum's own database."""

import re
from pathlib import Path

import pytest

from crawlers.settings import RIVALMAP_BATCH_ITEMS
from tests.live.crawling import Researcher, Run
from tests.live.machina_forum import Machina

pytestmark = pytest.mark.slow

TOPICS, POSTS, NEW = 130, 3_060, 30

DOORS = re.compile(r"^/(?:accounts|search|member|moderation|tracking)/|/(?:create|update|delete)/")
"""Sign-in, search, members' pages, forms."""


def check(run: Run, researcher: Researcher, forum: Machina) -> None:
    """Ended well, holds what the forum holds, opened no door."""
    assert run.returncode == 0, run.stderr
    want = researcher.expected(forum.truth())
    assert researcher.posts() == want
    assert researcher.rows("SELECT count(*) FROM posts") == [(len(want),)]
    assert [path for path in run.asked if DOORS.search(path)] == []
    assert len(set(run.asked)) == len(run.asked)


def test_every_post_once_and_again(machina: Machina, tmp_path: Path) -> None:
    machina.seed(TOPICS, POSTS)
    assert len(machina.truth()) >= 3_000
    researcher = Researcher(tmp_path / "home", machina)

    first = researcher.research()
    check(first, researcher, machina)
    assert len(first.asked) <= 1.05 * machina.pages().all

    machina.seed(0, 0, new=NEW)
    second = researcher.research()
    check(second, researcher, machina)
    assert len(second.asked) <= 0.1 * len(first.asked)

    third = researcher.research()
    check(third, researcher, machina)
    assert len(third.asked) <= machina.pages().lists


@pytest.mark.parametrize(
    "machina",
    [
        {"language": "zh-hans", "zone": "Asia/Shanghai", "per_page": (10, 7)},
        {"language": "vi", "per_page": (25, 30)},
        {"language": "en-gb", "zone": "America/New_York", "per_page": (7, 5)},
    ],
    indirect=True,
    ids=lambda options: options["language"],
)
def test_other_words_clocks_and_page_sizes(machina: Machina, tmp_path: Path) -> None:
    """Killed in the middle, too: nothing is lost, nothing stands twice."""
    machina.seed(40, 500)
    researcher = Researcher(tmp_path / "home", machina)
    pages = machina.pages().all
    before = researcher.killed_after(pages // 2)
    run = researcher.research()
    check(run, researcher, machina)
    # A kill loses at most the pages that were not written yet.
    assert len(before) + len(run.asked) <= 1.05 * pages + RIVALMAP_BATCH_ITEMS


def test_deleted_posts(machina: Machina, tmp_path: Path) -> None:
    """Threads lose posts between two runs and get a new one: it is found, the loss is noticed."""
    machina.seed(30, 300)
    per_page = machina.per_page[0]
    short = [topic for topic in machina.topics() if len(machina.posts_of(topic)) < per_page]
    late, shorter = short[:2]
    for topic, posts in ((late, per_page + 6), (shorter, per_page + 2)):
        machina.edit(f"reply:{topic}:{posts - len(machina.posts_of(topic))}")
    researcher = Researcher(tmp_path / "home", machina)
    check(researcher.research(), researcher, machina)

    deleted = [machina.posts_of(late)[-2], *machina.posts_of(shorter)[1:5]]
    machina.edit(
        *(f"delete:{post}" for post in deleted),
        f"reply:{late}:1",
        f"reply:{shorter}:1",  # one page now: the one its reading ended on is gone
    )
    run = researcher.research()
    assert run.returncode == 0, run.stderr
    stored, want = researcher.posts(), researcher.expected(machina.truth())
    assert {id_: stored.get(id_) for id_ in want} == want
    assert set(stored) - set(want) == set(deleted)
    gone = researcher.rows("SELECT engine_id FROM posts WHERE gone_at IS NOT NULL")
    assert {row[0] for row in gone} == set(deleted)


def test_new_posts_on_the_page_before(machina: Machina, tmp_path: Path) -> None:
    """Posts deleted on an early page draw the first new ones back to the page before the last."""
    machina.seed(30, 300)
    per_page = machina.per_page[0]
    topic = next(topic for topic in machina.topics() if len(machina.posts_of(topic)) < per_page)
    machina.edit(f"reply:{topic}:{per_page + 2 - len(machina.posts_of(topic))}")
    researcher = Researcher(tmp_path / "home", machina)
    assert researcher.research().returncode == 0

    deleted = machina.posts_of(topic)[1:4]
    machina.edit(*(f"delete:{post}" for post in deleted), f"reply:{topic}:4")
    run = researcher.research()
    assert run.returncode == 0, run.stderr
    stored, want = researcher.posts(), researcher.expected(machina.truth())
    assert {id_: stored.get(id_) for id_ in want} == want
    gone = researcher.rows("SELECT engine_id FROM posts WHERE gone_at IS NOT NULL")
    assert {row[0] for row in gone} == set(deleted)
