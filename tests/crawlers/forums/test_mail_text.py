"""Plain mails: own words, quotes, signatures, names, times."""

from datetime import UTC, datetime

import pytest

from crawlers.forums.base import Reading
from crawlers.forums.texts.mail_text import mail_date, mail_words, person
from crawlers.items import Quoted

AT = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mail", "own", "quoted"),
    [
        (
            "On 2026-01-05 03:06, mai wrote:\n> Any hints?\n>\n> Thanks\n\nYes.\n\n-- \nAnn\nShop",
            "Yes.",
            [("mai", "Any hints?\nThanks")],
        ),
        (
            "On Mon, Nov 23, 2026 at 3:04 PM Lan Ng <lan@x.example>\nwrote:\n>> old\n> new\n\nok",
            "ok",
            [("Lan Ng", "> old\nnew")],
        ),
        ("在 2026-02-25 02:41，陳師傅 寫道：\n> 換風扇\n\n好", "好", [("陳師傅", "換風扇")]),
        (
            "Vào 22:15, Th 2, 23 thg 11, 2026 Nguyễn Lan <l@x.example> đã viết:\n> giá?\n\nRẻ.",
            "Rẻ.",
            [("Nguyễn Lan", "giá?")],
        ),
        (
            "Bo viết:\n> một\n\nhai\n\n> ba\n\nbốn",
            "hai\nbốn",
            [("Bo", "một"), (None, "ba")],
        ),
        (
            "Agreed.\n\n-----Original Message-----\nFrom: Bo Li <bo@x.example>\nSent: Monday\n"
            "Subject: x\n\nOld text\nmore",
            "Agreed.",
            [("Bo Li", "Old text\nmore")],
        ),
        (
            "See below.\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-  old\n+  new",
            "See below.\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-  old\n+  new",
            [],
        ),
        ("I wrote:\nthe list.", "I wrote:\nthe list.", []),
        ("Hi\n-------------- next part --------------\nscrubbed", "Hi", []),
        ("", "", []),
    ],
)
def test_own_words_and_quotes(mail: str, own: str, quoted: list[tuple[str | None, str]]) -> None:
    words = mail_words(mail)
    assert words.text == own
    assert words.quoted == tuple(Quoted(author=who, text=text) for who, text in quoted)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Lan (lan@x.example)", "Lan"),
        ('"Bo, Li" <b@x.example>', "Bo, Li"),
        ("Mai (at home)", "Mai (at home)"),
        ("Mai (at home) (mai@x.example)", "Mai (at home)"),
        ("Lan <lan at x.example>", "Lan"),
        ("lan@x.example", "lan"),
        ("<lan@x.example>", "lan"),
        ("bo at x.example", "bo"),
        ("", None),
    ],
)
def test_a_name_without_its_address(given: str, name: str | None) -> None:
    assert person(given) == name


@pytest.mark.parametrize(
    ("written", "at", "precision"),
    [
        ("Sat, 21 Nov 2026 05:04:11 +0700", "2026-11-20T22:04:11Z", "second"),
        ("21 Nov 2026 05:04 GMT", "2026-11-21T05:04:00Z", "minute"),
        ("Fri, 20 Nov 2026 22:05:00 EST", "2026-11-21T03:05:00Z", "second"),
        ("Mon, 26 Oct 2026 07:33:20 -0000", "2026-10-26T07:33:20Z", "second"),
        ("Sat, 21 Nov 2026 05:04:11 +0700 (ICT)", "2026-11-20T22:04:11Z", "second"),
        ("2026-11-21T05:04:11+07:00", "2026-11-20T22:04:11Z", "second"),
        ("Sat, 99 Nov 2026 05:04:11 +0700", None, "unknown"),
    ],
)
def test_times_of_mails(written: str, at: str | None, precision: str) -> None:
    read = mail_date(written, Reading(fetched_at=AT))
    assert read.posted_at == (datetime.fromisoformat(at) if at else None)
    assert read.precision == precision


def test_long_mails_are_read_in_time() -> None:
    for line in ("> " * 2_000, "wrote " * 2_000, "(" * 5_000, "On 1:11 " * 500 + "wrote:", "-" * 9):
        assert mail_words(f"{line}\n" * 200) is not None
        assert person(line) is None or person(line)
