"""The plain text of a mail -> its author's own words, and what is quoted in them. Pure.

Mailing lists quote with ``>`` at the start of a line, under a line that says whose words follow,
and part the signature off with ``--`` and a space (RFC 3676, section 4.3). Programs that answer
above put the whole mail below, under a line of dashes.
"""

import re
import unicodedata
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from crawlers.forums.base import Reading
from crawlers.forums.dates.reading import DateRead, read_date
from crawlers.forums.texts.post_text import OwnWords
from crawlers.items import Quoted

_LONGEST: Final = 400_000  # characters
_MOST_LINES: Final = 20_000
_QUOTE = re.compile(r"\s{0,3}(?:[A-Za-z]{0,3}>|\|>)")  # ">", "> >", "AB>" of old programs
_DEEPER = re.compile(r"\s{0,3}[A-Za-z]{0,3}> ?")
_WROTE = re.compile(
    r"(?:wrote|writes|said|schrieb|a écrit|escribió|đã viết|viết|写道|寫道|大作中提到|说|說)"
    r"\s*[:：]?$",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"^(?:On|At|In|Am|Le|El|Vào|Lúc|Ngày|在|于|於|引述|※ 引述)\b|^在|^于|^於|^※ 引述|^\*"
)
_NAMED = (
    re.compile(r"《(?P<who>[^》]{1,60})》"),
    re.compile(
        r"^.*(?:\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?(?: [+-]\d{4})?"
        r"(?: \([A-Z]{2,5}\))?|\d{4}-\d{1,2}-\d{1,2}|\d{4}|GMT|UTC)"
        r"[,，]?\s{0,9}(?:(?:by|người dùng|用户)\s{1,9})?(?P<who>[^,，\d][^,，]{0,80}?)"
        r"\s{0,9}(?:<[^>]{0,120}>|\([^)]{0,120}@[^)]{0,120}\)|\[mailto:[^\]]{0,120}\])?\s{0,9}"
        r"(?:wrote|writes|said|schrieb|a écrit|escribió|đã viết|viết|写道|寫道|说|說)\s*[:：]?$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?P<who>[^,，:：>]{1,60}?)\s{0,9}(?:<[^>]{0,120}>|\([^)]{0,120}\))?\s{0,9}"
        r"(?:wrote|writes|said|đã viết|viết|写道|寫道)\s*[:：]?$",
        re.IGNORECASE,
    ),
)
_BELOW = re.compile(
    r"^\s*-{2,}\s*(?:original message|forwarded message|original|reply message|原始邮件|原始郵件"
    r"|回复的原邮件|thư gốc|tin nhắn gốc)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^\s*\*?(?:from|sent|date|to|cc|subject|发件人|发送时间|收件人|主题|寄件者|từ"
    r"|gửi|đến|chủ đề)\*?\s*[:：]",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*\*?(?:from|发件人|寄件者|từ)\*?\s*[:：]\s*(.{1,160})$", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*[<\[(][^<>\[\]()]{0,160}(?:@|\S at \S+\.)[^<>\[\]()]{0,160}[>\])]\s*")
_RFC_2822 = re.compile(
    r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d{1,2}:\d{2}(?::\d{2})? "
    r"(?:[+-]\d{4}|GMT|UTC?|Z|[EMP][SD]T)(?: \(.{1,40}\))?"
)
_PART = re.compile(r"\[-- .{1,200} --\]")
"""public-inbox before each part of a mail of several."""
_ATTACHED = re.compile(
    r"^-{2,} next part -{2,}$|^_{20,}$|^An HTML attachment was scrubbed|^URL: <?https?://\S+attachment"
    r"|^A non-text attachment was scrubbed"
)


def mail_words(text: str) -> OwnWords:
    """Separate a mail's own words from quotes and the signature; patches stay as they are.

    Empty lines go, the spaces a line begins with stay: they carry meaning in code. ``reply_to`` is
    always ``None``: a mail says in its header what it answers.
    """
    lines = [line.rstrip() for line in text[:_LONGEST].replace("\r\n", "\n").split("\n")]
    lines = [line for line in lines if not _PART.fullmatch(line)]
    lines, below = _without_tail(lines[:_MOST_LINES])
    own: list[str] = []
    quoted: list[Quoted] = []
    current: list[str] = []
    for line in [*lines, ""]:
        if _QUOTE.match(line) and not line.startswith(("diff --", "From ")):
            current.append(_DEEPER.sub("", line, count=1))
            continue
        if current and line:
            _close(current, own, quoted)
        if line:
            own.append(line)
    if current:
        _close(current, own, quoted)
    if below is not None:
        quoted.append(below)
    whole = unicodedata.normalize("NFC", "\n".join(own).replace("\u00a0", " ")).strip()
    return OwnWords(whole, tuple(part for part in quoted if part.text or part.author))


def person(name: str) -> str | None:
    """A mail author's name without the address: ``Lan (lan@x.example)`` -> ``Lan``.

    Where there is only an address, its part before the sign stands for the name.
    """
    clean = " ".join(_ADDRESS.sub(" ", name).split()).strip("\"' ")
    if not clean:
        clean = " ".join(name.split()).strip("<>()[]\"' ")
    if re.fullmatch(r"\S{1,99}(?:@| at )[^\s.]{1,99}\.\S{1,99}(?: \S+)?", clean):
        clean = re.split(r"@| at ", clean)[0]
    return clean or None


def mail_date(written: str, reading: Reading) -> DateRead:
    """The time of a mail or an RSS item: RFC 2822 (``Sat, 21 Nov 2026 05:04:11 +0700``), else any.

    Zones with names nobody agrees on (``CST``, ``IST``) are left to the forum's own zone.
    """
    whole = " ".join(written.split())
    if _RFC_2822.fullmatch(whole):
        try:
            read = parsedate_to_datetime(whole)
        except (ValueError, OverflowError, TypeError):
            read = None
        if read is not None:
            aware = read if read.tzinfo else read.replace(tzinfo=UTC)
            second = whole.count(":") - whole.partition("(")[2].count(":") > 1
            return DateRead(aware.astimezone(UTC), "second" if second else "minute", None)
    return read_date(
        written, fetched_at=reading.fetched_at, timezone=reading.timezone, lang=reading.lang
    )


def _close(current: list[str], own: list[str], quoted: list[Quoted]) -> None:
    """Make the collected lines one quote, with the line before as whose words it is."""
    author = None
    for size in (1, 2, 3):  # programs wrap the line at 76 characters
        said = " ".join(part.strip() for part in own[-size:])
        if len(own) >= size and _is_attribution(said):
            author = _author_of(said)
            del own[-size:]
            break
        if size == 1 and not (own and _WROTE.search(own[-1])):
            break
    text = "\n".join(line for line in current if line.strip()).strip()
    quoted.append(Quoted(author=author, text=unicodedata.normalize("NFC", text)))
    current.clear()


def _is_attribution(line: str) -> bool:
    if len(line) > 300 or not _WROTE.search(line):
        return line.startswith("※ 引述")
    return bool(_STARTS.search(line)) or any(rule.search(line) for rule in _NAMED)


def _author_of(line: str) -> str | None:
    for rule in _NAMED:
        if found := rule.search(line):
            return person(found["who"])
    return None


def _without_tail(lines: list[str]) -> tuple[list[str], Quoted | None]:
    """The lines above the signature and above a mail put whole under its answer."""
    for place, line in enumerate(lines):
        is_rule = _BELOW.match(line) or (
            place > 0
            and re.fullmatch(r"_{10,}", line.strip())
            and any(_FROM.match(after) for after in lines[place + 1 : place + 3])
        )
        if is_rule:
            return lines[:place], _mail_below(lines[place + 1 :])
        if line in ("--", "-- ") or _ATTACHED.match(line):
            rest = [later for later in lines[place + 1 :] if _QUOTE.match(later)]
            return lines[:place] + rest, None  # answered below the signature
    return lines, None


def _mail_below(lines: list[str]) -> Quoted:
    author = None
    start = 0
    for start, line in enumerate(lines):  # noqa: B007 - where the header ends is what is asked
        if found := _FROM.match(line):
            author = person(found[1])
        elif line.strip() and not _HEADER.match(line):
            break
    text = "\n".join(line for line in lines[start:] if line.strip())
    return Quoted(author=author, text=unicodedata.normalize("NFC", text).strip())
