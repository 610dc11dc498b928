"""A live Spirit forum, crawled by the real command and compared with the forum's own database."""

import re
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from pipelines.redact import pseudonym
from tests.live.servers import SCRIPTS, LiveForum

pytestmark = pytest.mark.slow

TOPICS, POSTS, NEW = 150, 2_200, 22

MARKET = """
[business]
name = "Hatchcart"
description = "Online shop builder and point of sale for small shops"

[[competitor]]
name = "Sapo"

[[competitor]]
name = "KiotViet"

[[forum]]
url = "{url}"
name = "spirit"

[crawl]
delay = 0
allow_private = true
"""


def research(home: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(SCRIPTS / "scrapy"), "research", "live", "--quiet"],
        cwd=home, env={"PATH": "/usr/bin:/bin", "RIVALMAP_HOME": str(home)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def own_words(markdown: str) -> str:
    """A comment's words without quotes, marks and blanks, as Spirit's author typed them."""
    lines = [line for line in markdown.splitlines() if not line.startswith(">")]
    return re.sub(r"[\s*`•·-]+", "", "\n".join(lines))


def truth(forum: LiveForum) -> dict[str, tuple[str, str, str]]:
    with sqlite3.connect(forum.database) as connection:
        rows = connection.execute(
            "SELECT c.id, u.username, c.date, c.comment FROM spirit_comment_comment c "
            "JOIN auth_user u ON u.id = c.user_id WHERE c.action = 0"
        ).fetchall()
    return {
        str(id_): (author, datetime.fromisoformat(date).strftime("%Y-%m-%dT%H:%M"), own_words(text))
        for id_, author, date, text in rows
    }


def stored(home: Path) -> dict[str, tuple[str, str, str]]:
    with sqlite3.connect(home / "data" / "live" / "market.db") as connection:
        rows = connection.execute("SELECT engine_id, author, posted_at, text FROM posts").fetchall()
    return {id_: (author, when[:16], re.sub(r"[\s*`•·-]+", "", text))
            for id_, author, when, text in rows}  # fmt: skip


def requests_of_last_run(home: Path) -> int:
    with sqlite3.connect(home / "data" / "live" / "market.db") as connection:
        row = connection.execute("SELECT requests FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    return int(row[0])


def test_every_post_once_and_again(spirit: LiveForum, tmp_path: Path) -> None:
    spirit.seed(TOPICS, POSTS)
    home = tmp_path / "home"
    (home / "markets").mkdir(parents=True)
    (home / "markets" / "live.toml").write_text(MARKET.format(url=spirit.url), encoding="utf-8")

    first = research(home)
    assert first.returncode == 0, first.stderr
    salt = (home / "data" / "live" / "salt").read_bytes()

    def expected() -> dict[str, tuple[str, str, str]]:
        return {id_: (pseudonym(author, salt), when, text)
                for id_, (author, when, text) in truth(spirit).items()}  # fmt: skip

    want = expected()
    assert len(want) >= POSTS
    assert stored(home) == want
    with sqlite3.connect(home / "data" / "live" / "market.db") as connection:
        assert connection.execute("SELECT count(*) FROM posts").fetchone()[0] == len(want)
        read = connection.execute("SELECT count(*) FROM demand").fetchone()[0]
        assert read == len(want)
        langs = dict(connection.execute("SELECT lang, count(*) FROM posts GROUP BY lang"))
    assert {"en", "zh", "vi"} <= set(langs)

    requests = requests_of_last_run(home)
    spirit.seed(0, 0, new=NEW)
    second = research(home)
    assert second.returncode == 0, second.stderr
    assert stored(home) == expected()
    assert requests_of_last_run(home) <= requests / 2
