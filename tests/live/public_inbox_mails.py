"""The mails of the live mailing list: threads of replies in three languages. Deterministic."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.utils import format_datetime

from tests.live.shop_talk import ENDINGS, LANGUAGES, OPENINGS, own_words, quotable

LIST = "shops@list.example"
PEOPLE = ["Ann Baker", "Nguyễn Thị Lan", "王小明", "Trần Dũng", "陳店主", "Jo O'Neill", "mai.le"]
ZONES = (UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=8)),
         timezone(timedelta(hours=-5)))  # fmt: skip
SAID = {"en": "On {when}, {who} wrote:", "zh": "在 {when}，{who} 写道：",
        "vi": "Vào {when}, {who} đã viết:"}  # fmt: skip
LOST = "never-arrived@shops.example"
"""A mail others answer and the list never got."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail as sent, and what a reader of it must find."""

    id: str
    subject: str
    author: str
    sent: datetime
    reply_to: str | None
    body: str
    raw: bytes

    @property
    def words(self) -> str:
        """Its own words, to compare by."""
        return own_words(self.body)


def mails(threads: int = 45, count: int = 260, new: int = 0) -> list[Mail]:
    """``count`` mails in ``threads`` threads, and ``new`` later ones."""
    rng = random.Random(1_905)
    made: list[Mail] = []
    roots: list[list[Mail]] = []
    start = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    for number in range(count + new):
        lang = LANGUAGES[number % 3]
        sent = start + timedelta(minutes=1_411 * number + rng.randrange(60), seconds=number % 60)
        thread = roots[number % threads] if number >= threads else []
        parent = rng.choice(thread) if thread else None
        mail = _mail(rng, number, lang, sent, parent)
        if parent is None:
            roots.append(thread)
        thread.append(mail)
        made.append(mail)
    return made


def _mail(rng: random.Random, number: int, lang: str, sent: datetime, parent: Mail | None) -> Mail:
    author = rng.choice(PEOPLE)
    subject = f"{rng.choice(OPENINGS[lang])} [{number}]"
    reply_to = LOST if number == 7 else None
    body = f"{rng.choice(OPENINGS[lang])}. ({number})\n\n{rng.choice(ENDINGS[lang])}"
    text = body
    if parent is not None:
        subject = "Re: " + parent.subject.removeprefix("Re: ")
        reply_to = parent.id
        if number % 4:
            said = SAID[lang].format(when=parent.sent.strftime("%Y-%m-%d %H:%M"), who=parent.author)
            first = parent.body.splitlines()[0]
            text = f"{said}\n> {quotable(parent.body)}\n>\n> {first}\n\n{body}"
    if number % 3 == 1:
        text += f"\n\n-- \n{author}\nHatchcart, the small shop round the corner"
    message = EmailMessage()
    message["From"] = f'"{author}" <person{PEOPLE.index(author)}@shops.example>'
    message["To"] = LIST
    message["Subject"] = subject
    message["Date"] = format_datetime(sent.astimezone(rng.choice(ZONES)))
    id_ = f"2026.{number}.{lang}@shops.example"
    if number == 11:  # what some mail programs make of it
        id_ = "CAF+/x=11&y@mail.shops.example"
    message["Message-ID"] = f"<{id_}>"
    if reply_to:
        message["In-Reply-To"] = message["References"] = f"<{reply_to}>"
    charset = "gbk" if number == 4 else "utf-8"
    message.set_content(text + "\n", charset=charset, cte="base64" if number % 5 == 0 else "8bit")
    if number == 9:
        message.add_alternative(f"<p><b>{text}</b></p>", subtype="html")
    return Mail(
        id=id_, subject=subject, author=author, sent=sent, reply_to=reply_to, body=body,
        raw=message.as_bytes(),
    )  # fmt: skip


def as_fast_import(batch: list[Mail], parent: str | None) -> bytes:
    """The mails as a stream for ``git fast-import``: a commit each, whose file "m" is the mail."""
    parts = []
    for number, mail in enumerate(batch):
        when = f"{int(mail.sent.timestamp())} +0000"
        subject = mail.subject.encode()
        head = f"commit refs/heads/master\nauthor list <{LIST}> {when}\n" \
               f"committer list <{LIST}> {when}\ndata {len(subject)}\n"  # fmt: skip
        parts.append(head.encode() + subject + b"\n")
        if number == 0 and parent:
            parts.append(f"from {parent}\n".encode())
        parts.append(f"M 100644 inline m\ndata {len(mail.raw)}\n".encode() + mail.raw + b"\n")
    return b"".join(parts)
