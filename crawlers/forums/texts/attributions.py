"""Whom a quote quotes: the line that says so, in the words of engines and of mail. Pure.

"Ann said:", "Originally Posted by Ann", "小明 发表于 2024-1-2 10:00", "Lan đã viết:", "3 hours
ago, Ann said:", "On Mon, 3 Jun 2024 at 10:00, Ann <ann@...> wrote:". Every rule is bounded in
length: the text is anybody's.
"""

import re

_SAID = re.compile(
    r"^(?P<who>.{1,80}?)\s*(?:said(?: in .{1,200})?|wrote|writes|posted"
    r"|đã nói|nói|đã viết|viết|đã gửi|说|說|写道|寫道"
    r"|发表于.{0,40}|發表於.{0,40}|\bscribis)(?: ?[:：↑]|$)",
    re.IGNORECASE,
)
_MAILED = re.compile(
    r"^(?P<who>(?:On |Vào |在|.{1,60}? ?<[^<>\s]{3,80}>).{3,160}?)\s*"
    r"(?:wrote|đã viết|viết|写道|寫道)\s?[:：]$",
    re.IGNORECASE,
)
_ORIGINALLY = re.compile(
    r"(?:quote:?\s+)?(?:originally (?:posted|written) by|quote from|quoting|quote|posted by"
    r"|trích dẫn(?: bài viết của| từ)?|trích từ|nguyên văn (?:bởi|của)|được gửi (?:bởi|từ)|gửi bởi"
    r"|引用|原帖由|原文由)[:：]?\s*"
    r"(?P<who>[^\n:：]{1,60}?)\s*(?:view post|xem bài viết|on .{4,40}|lúc .{4,40}"
    r"|(?:发表于|發表於|发表|發表|于|於).{0,40})?(?:$|[\n:：»])",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"^\([^)]{1,40}\)\s*")  # MyBB puts the time before the name
_ADDRESS = re.compile(r"\s*[<(\[][^<>()\[\]\s]{1,80}@?[^<>()\[\]\s]{0,80}[>)\]]")
_AFTER_TIME = re.compile(
    r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?(?: ?[+-]\d{4})?(?: \([A-Z]{2,5}\))?\s+(?P<who>\D.*)$",
    re.IGNORECASE,
)
_THEN = re.compile(r"(?<!\s)\s*+(?:于|於|在|\bon|\bat|\blúc|\bvào)\s*\d.*$", re.IGNORECASE)
_LABELS = re.compile(
    r"^(?:quote|quoted text|trích dẫn|trích|引用|click to expand\.*|nhấp vào để mở rộng\.*"
    r"|bấm để mở rộng\.*|点击展开\.*|點擊展開\.*|code|view post|xem bài viết|↑)[:：]?$",
    re.IGNORECASE,
)
_LONGEST = 300


def is_label(line: str) -> bool:
    """Whether a line is only the engine's word for a quote or for opening one."""
    return len(line) <= 60 and _LABELS.match(line.strip()) is not None


def is_attribution(line: str) -> bool:
    """Whether a line says whose words follow, and no more."""
    line = line.strip()
    if len(line) > _LONGEST:
        return False
    return any(rule.match(line) for rule in (_MAILED, _SAID, _ORIGINALLY))


def ends_in_colon(line: str) -> bool:
    """Whether a line of plain text introduces the quoted lines below it."""
    line = line.strip()
    return line.endswith((":", "：")) and (
        _MAILED.match(line[:_LONGEST]) is not None or _SAID.match(line[:_LONGEST]) is not None
    )


def is_mail_attribution(line: str) -> bool:
    """Whether a line is a mail program's "On Monday, Ann wrote:"."""
    return len(line) <= _LONGEST and _MAILED.match(line.strip()) is not None


def author_in(text: str) -> str | None:
    """The person an attribution names; ``None`` where it names nobody."""
    line = _IN_BRACKETS.sub("", text.strip().replace("\n", " ")[:_LONGEST])
    found = _MAILED.match(line) or _ORIGINALLY.match(line) or _SAID.match(line)
    return _cleaned(found["who"]) if found else None


def starts_quote(text: str) -> bool:
    """Whether a text begins with words that only a quote begins with."""
    return _ORIGINALLY.match(text.strip()[:_LONGEST]) is not None


def _cleaned(who: str) -> str | None:
    """The name without the address after it and the time before or after it."""
    who = _ADDRESS.sub("", who)
    *before, last = re.split(r"[,，]\s*", who)
    if before and last and any(character.isdigit() for part in before for character in part):
        who = last  # "3 hours ago, Ann"; a name with a comma has no number in it
    timed = _AFTER_TIME.search(who)
    who = _THEN.sub("", timed["who"] if timed else who)
    return who.strip(" @\"'“”,，-–—") or None
