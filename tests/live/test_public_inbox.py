"""A live mailing list's archive, crawled by the real command and compared with the mails sent."""

import re
from pathlib import Path

import pytest

from tests.live.crawling import Researcher
from tests.live.public_inbox_forum import PublicInbox

pytestmark = pytest.mark.slow

NEW = 3
DOORS = re.compile(r"[?&]q=|/raw$|\.mbox|/_/|-a\.(?:txt|bin)$")
"""Search, the mails' sources, whole mailboxes, help, attachments."""


def test_every_mail_once_and_again(public_inbox: PublicInbox, tmp_path: Path) -> None:
    public_inbox.seed()
    researcher = Researcher(tmp_path / "home", public_inbox, more='engine = "public_inbox"')

    first = researcher.research()
    assert first.returncode == 0, first.stderr
    want = researcher.expected(public_inbox.truth())
    assert researcher.posts() == want
    assert researcher.rows("SELECT count(*) FROM posts") == [(len(want),)]
    answers = dict(researcher.rows("SELECT engine_id, in_reply_to FROM posts"))
    assert answers == public_inbox.answers()
    assert len(set(first.asked)) == len(first.asked)
    assert [path for path in first.asked if DOORS.search(path)] == []

    public_inbox.seed(new=NEW)
    second = researcher.research()
    assert second.returncode == 0, second.stderr
    assert researcher.posts() == researcher.expected(public_inbox.truth(new=NEW))
    assert len(second.asked) < len(first.asked) / 2
