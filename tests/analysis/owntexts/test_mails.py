"""Mailboxes: whose words a mail's are."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from analysis.owntexts.mails import own_words, read_mails
from analysis.owntexts.model import Counts, OwnTextsError

PLAIN = [
    ("Too slow.\n\nOn Mon, 4 May 2026 at 10:00, Help <help@a.example> wrote:\n> Hello\n> there\n",
     "Too slow."),
    ("Máy bị treo.\n\nVào Th 2, 4 thg 5, 2026 lúc 10:00 Shop <a@b.example> đã viết:\n\n> Hi\n",
     "Máy bị treo."),
    ("打印机坏了。\n\n在 2026年5月4日 10:00，客服 <a@b.example> 写道：\n> 您好\n", "打印机坏了。"),
    ("Yes, still.\n\nFrom: Help\nSent: Monday\nTo: Lan\nSubject: Re: till\n\nOur words.\n",
     "Yes, still."),
    ("还是不行\n\n发件人：客服\n发送时间：2026年5月4日\n收件人：小明\n\n我们的话\n", "还是不行"),
    ("It broke.\n-- \nAnn Lee\n12 Road\n", "It broke."),
    ("It broke.\n\nSent from my iPhone\n", "It broke."),
    ("坏了\n发自我的iPhone\n", "坏了"),
    ("> Does it print?\nNo.\n> Is it on?\nYes.\n", "No.\nYes."),
    ("From: the start it was slow.\nStill is.\n", "From: the start it was slow.\nStill is."),
]  # fmt: skip


@pytest.mark.parametrize(("body", "words"), PLAIN)
def test_own_words(body: str, words: str) -> None:
    mail = EmailMessage()
    mail.set_content(body)
    assert own_words(mail) == words


def test_html_alone() -> None:
    mail = EmailMessage()
    mail.set_content(
        "<style>p{}</style><p>Giá&nbsp;cao quá<br>và chậm</p>"
        "<div class=gmail_quote>On Monday wrote:<blockquote>Our words</blockquote></div>",
        subtype="html",
    )
    assert own_words(mail) == "Giá cao quá\nvà chậm"


def test_a_charset_nobody_knows() -> None:
    raw = b"From: a@b.example\nContent-Type: text/plain; charset=x-none\n\nStill readable.\n"
    from email import message_from_bytes, policy

    assert own_words(message_from_bytes(raw, policy=policy.default)) == "Still readable."


def test_a_mailbox(tmp_path: Path) -> None:
    path = tmp_path / "support.mbox"
    path.write_bytes(
        b"From lan@c.example Mon May  4 10:00:00 2026\n"
        b"From: =?utf-8?b?TMOibg==?= <Lan@C.example>\nSubject: Re: =?utf-8?b?TcOheSBo4buPbmc=?=\n"
        b"Date: Mon, 04 May 2026 10:00:00 +0700\nMessage-ID: <1@c.example>\n\nStill broken.\n\n"
        b"From us Mon May  4 11:00:00 2026\n"
        b"From: Help <help@mail.tally.example>\nSubject: Re: x\n\nWe are sorry.\n\n"
        b"From m Mon May  4 12:00:00 2026\n"
        b"From: MAILER-DAEMON@c.example\nSubject: failure\n\nundeliverable\n\n"
        b"From m Mon May  4 13:00:00 2026\n"
        b"From: an@c.example\nAuto-Submitted: auto-replied\nSubject: away\n\nI am away\n\n"
        b"From m Mon May  4 14:00:00 2026\n"
        b"From: binh@c.example\nSubject: q\nDate: someday\n\n> only a quote\n"
    )
    counts = Counts()
    (text,) = read_mails(path, counts, own_site="tally.example")
    assert (text.author, text.thread, text.text) == ("lan@c.example", "Máy hỏng", "Still broken.")
    assert text.posted_at is not None and text.posted_at.isoformat() == "2026-05-04T03:00:00+00:00"
    assert text.timezone == "Etc/GMT-7"
    assert (counts.ours, counts.automatic, counts.empty) == (1, 2, 1)


def test_no_mailbox(tmp_path: Path) -> None:
    path = tmp_path / "a.mbox"
    path.write_bytes(b"hello")
    with pytest.raises(OwnTextsError, match="no mbox"):
        list(read_mails(path, Counts(), own_site=None))
