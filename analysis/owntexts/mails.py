"""A mailbox as texts: what customers wrote, without quotes, signatures, and our own answers."""

import mailbox
import re
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import cast

from bs4 import BeautifulSoup

from analysis.owntexts.model import LARGEST_MAIL, LONGEST_CELL, Counts, OwnText, OwnTextsError
from analysis.owntexts.tables import unpacked
from crawlers.forums.texts.mail_text import mail_words

_REPLY = re.compile(
    r"^\s*(?:(?:re|fwd?|fw|aw|tr|回复|答复|回覆|转发|轉寄|trả lời|chuyển tiếp)\s*(?:\[\d+\])?"
    r"\s*[:：]\s*)+",
    re.IGNORECASE,
)
_QUOTED_HTML = (
    "blockquote, .gmail_quote, .gmail_signature, .yahoo_quoted, .moz-cite-prefix, "
    ".moz-signature, #appendonsend, #divRplyFwdMsg, #divRplyFwdMsg ~ *, #appendonsend ~ *, "
    ".protonmail_quote, .zmail_extra, includetail, script, style, head, title"
)
# Programs put whose words follow above a mail they give whole below, without a mark before its
# lines; and telephones sign for their owners.
_ABOVE = re.compile(
    r"^(?:On\b.{4,200}\bwrote|Vào\b.{4,200}\bđã viết|在.{4,200}(?:写道|寫道)"
    r"|.{0,120}<[^<>\s]{3,80}@[^<>\s]{3,80}>.{0,80}(?:wrote|đã viết|写道|寫道))\s*[:：]$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*\*?(?:from|发件人|寄件者|寄件人|từ|người gửi)\*?\s*[:：]", re.IGNORECASE)
_HEADER = re.compile(
    r"^\s*\*?(?:sent|date|to|cc|subject|发送时间|时间|日期|收件人|主题|主旨|đã gửi|gửi|ngày|đến|tới"
    r"|tiêu đề|chủ đề)\*?\s*[:：]",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"^\s*(?:sent from (?:my|mail for|outlook|yahoo)\b.{0,80}|get outlook for .{0,60}"
    r"|发自我的.{0,40}|從我的.{0,40}|由我的.{0,20}(?:发送|發送)|(?:được )?gửi từ .{0,60})$",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|notifications?)\b", re.I
)


def read_mails(path: Path, counts: Counts, *, own_site: str | None) -> Iterator[OwnText]:
    """The mails of an mbox file (also ``.gz``) or of one ``.eml``.

    Mails from addresses at our own site's domain, and those machines sent, are counted and left
    out.

    :param own_site: our own registrable domain.
    :raises OwnTextsError: where the file cannot be read.
    """
    for number, raw in enumerate(_raw_mails(path, counts), 1):
        try:
            mail = message_from_bytes(raw, policy=policy.default)
            found = _read(mail, counts, own_site)
        except Exception as error:  # the parser of hostile mail raises what it likes
            counts.fault(f"mail {number}: {type(error).__name__}: {error}")
            continue
        if found is not None:
            yield found


def _raw_mails(path: Path, counts: Counts) -> Iterator[bytes]:
    plain = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    if plain.suffix.lower() == ".eml":
        with unpacked(path) as file:
            raw = file.read(LARGEST_MAIL + 1)
        if len(raw) > LARGEST_MAIL:
            counts.large += 1
        else:
            yield raw
        return
    with _as_mbox(path) as whole:
        try:
            with whole.open("rb") as file:
                if not file.read(4096).lstrip().startswith(b"From "):
                    raise OwnTextsError('it is no mbox file: it must begin with a line "From ..."')
            box = mailbox.mbox(whole, create=False)
            keys = box.keys()
            for key in keys:
                file_of = box.get_file(key)
                raw = file_of.read(LARGEST_MAIL + 1)
                file_of.close()
                if len(raw) > LARGEST_MAIL:
                    counts.large += 1
                else:
                    yield raw
            box.close()
        except OSError as error:
            raise OwnTextsError(f"{path} cannot be read: {error.strerror or error}") from None


@contextmanager
def _as_mbox(path: Path) -> Iterator[Path]:
    """The file itself; unpacked beside the system's temporary files where it is packed."""
    if path.suffix.lower() != ".gz":
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "mbox"
        try:
            with unpacked(path) as packed, whole.open("wb") as file:
                while part := packed.read(1 << 20):
                    file.write(part)
        except zlib.error as error:
            raise OwnTextsError(f"{path} cannot be read: {error}") from None
        yield whole


def _read(mail: EmailMessage, counts: Counts, own_site: str | None) -> OwnText | None:
    address = _address(mail)
    domain = address.rpartition("@")[2]
    if own_site and (domain == own_site or domain.endswith("." + own_site)):
        counts.ours += 1
        return None
    automatic = str(mail.get("Auto-Submitted", "no")).strip().lower()
    if automatic != "no" or _MACHINE.match(address):
        counts.automatic += 1
        return None
    text = own_words(mail)
    if not text:
        counts.empty += 1
        return None
    written = str(mail.get("Date", "")).strip()
    when, zone = _time(written)
    if when is None:
        counts.bad_dates += 1
        counts.first_bad_date = counts.first_bad_date or written[:60]
    subject = _REPLY.sub("", str(mail.get("Subject", ""))).strip()
    given = str(mail.get("Message-ID", "")).strip()
    return OwnText(
        id=given or "\0".join((address, written, subject, text)), author=address, text=text,
        thread=subject or None, posted_at=when, posted_text=written or None,
        posted_precision="second" if when else "unknown", timezone=zone,
    )  # fmt: skip


def own_words(mail: EmailMessage) -> str:
    """What the writer of a mail says in it: no quotes, no signature, no mail below."""
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    body = _decoded(cast("EmailMessage", part))
    if part.get_content_subtype() == "html":
        body = _text_of_html(body)
    lines: list[str] = []
    all_lines = [line.rstrip() for line in body[:LONGEST_CELL].splitlines()]
    for place, line in enumerate(all_lines):
        two = " ".join(part.strip() for part in all_lines[place : place + 2])
        after = [line for line in all_lines[place + 1 : place + 4] if line.strip()]
        if _FROM.match(line) and any(_HEADER.match(one) for one in after):
            break
        quoted_below = any(one.lstrip().startswith(">") for one in after)
        if not quoted_below and (_ABOVE.match(line[:400]) or _ABOVE.match(two[:400])):
            break  # quoted lines below are taken out one by one: answers stand between them
        if not _SIGNED.match(line[:200]):
            lines.append(line)
    return mail_words("\n".join(lines)).text.strip()


def _decoded(part: EmailMessage) -> str:
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, KeyError, ValueError):
        raw = part.get_payload(decode=True)
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def _text_of_html(source: str) -> str:
    tree = BeautifulSoup(source[:LONGEST_CELL], "lxml")
    for node in tree.select(_QUOTED_HTML):
        node.extract()
    for node in tree.select("br"):
        node.replace_with("\n")
    for node in tree.select("p, div, li, tr, h1, h2, h3, h4, table, ul, ol, hr"):
        node.insert_before("\n")
        node.append("\n")
    lines = (" ".join(line.split()) for line in tree.get_text().splitlines())
    return "\n".join(line for line in lines if line)


def _address(mail: EmailMessage) -> str:
    for header in ("From", "Reply-To", "Sender"):
        for name, address in getaddresses([str(mail.get(header, ""))]):
            if address or name:
                return (address or name).strip().lower()
    return ""


def _time(written: str) -> tuple[datetime | None, str | None]:
    """The time of a ``Date`` header, UTC, and the sender's zone where it is a whole hour."""
    try:
        read = parsedate_to_datetime(written)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None, None
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    offset = aware.utcoffset() or timedelta()
    hours, rest = divmod(int(offset.total_seconds()), 3600)
    zone = f"Etc/GMT{-hours:+d}" if not rest and hours and -12 <= hours <= 14 else None
    try:
        return aware.astimezone(UTC), zone  # the database's signs run the other way: GMT-7 is +7
    except (OverflowError, ValueError):
        return None, None
