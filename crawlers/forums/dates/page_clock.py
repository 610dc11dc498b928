"""Which zone are a page's local times in? Read from what the page says of its own clock. Pure.

Many engines state the zone at the foot ("All times are UTC+07:00", "GMT+8, 2026-11-22 23:16") or
the present time ("Current time: 11-22-2026, 03:16 PM"), which against the time of the fetch tells
the same. Only short texts outside of posts count: anyone may write "All times are GMT".
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.folding import fold
from crawlers.forums.dates.days import date_in, plain_label
from crawlers.forums.dates.reading import Order, is_relative, read_date
from crawlers.forums.dates.zone_learning import learn_zone
from crawlers.forums.dates.zones import EARLIEST, LATEST, nearest_offset, offset_named, zone_named
from crawlers.forums.fields import attribute_of, first, select, text_of

_NODES, _CHARACTERS = 400, 6_000  # of a page's end: footers stand there; 0.2 ms
_LONGEST = 240  # characters of a footer's line
_CLOCKS_APART = timedelta(minutes=10)  # cached pages, clocks that go wrong
_HOUR = timedelta(hours=1)

_HINT = re.compile(
    r"gmt|utc|time|currently|generated|时区|時區|时间|時間|thời gian|giờ|hiện tại", re.IGNORECASE
)
_SPEAKS_OF_TIMES = re.compile(
    r"\b(?:all|these) (?:times|dates)\b|\btimes? (?:is|are|shown|displayed) in\b|\btime ?zone\b"
    r"|时区|时间(?:均|都)?[为是]|\bthoi gian (?:duoc|deu|hien thi|theo|la)|\btat ca thoi gian\b"
    r"|\bmui gio\b|\bgio chuan\b"
)
_SPEAKS_OF_NOW = re.compile(
    r"\b(?:current|server|board|forum|local) time(?: is)?(?: now)?\b ?:?|\btime is now\b ?:?"
    r"|\btime now(?: is)?\b ?:?|\bit is (?:currently|now)\b|\bgenerated at\b"
    r"|(?:现在|当前|目前)(?:的)?时间(?:是|为)? ?:?"
    r"|\bbay gio la\b ?:?|\bhien tai la\b ?:?|\b(?:gio|thoi gian) hien tai(?: la)?\b ?:?"
)
_OFFSET = re.compile(
    r"\b(?:utc|gmt)(?: ?([+-]) ?(\d{1,2})(?::([0-5]\d)|(\.\d{1,2}))?(?!\d)|(?! ?[+-]))"
)
_DISCUZ = re.compile(r"gmt ?[+-]?[\d.:]*, ?(\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2})")
_SUMMER = re.compile(r"\[ ?dst ?\]|\bdst\b|summer time|夏令时|夏时制|gio mua he")
_IANA = re.compile(r"\b[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_ -]+){1,2}")
_CLOCK = re.compile(r"\d{1,2}[:h]\d{2}|\d{1,2} ?[ap]\.?m")
_NAMED = {
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
}  # fmt: skip
_NAMED_ZONE = re.compile(rf"\b({'|'.join(_NAMED)})(?: standard| daylight)? time\b|\bus/([a-z]+)")
_PLACES = {
    "北京时间": "UTC+8", "台北时间": "UTC+8", "香港时间": "UTC+8", "gio viet nam": "UTC+7",
    "gio ha noi": "UTC+7",
}  # fmt: skip
_POST = re.compile(
    r"(?:^|[-_ ])(?:el)?(?:post|posts|postbody|postbit|postmessage|message|messages|comment"
    r"|comments|reply|replies|content_body|quote|signature|bbwrapper|entry|article|review|reviews|answer|t_f|msg)"
    r"(?:[-_ ]|\d|$)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:p|c|m|pid)?[-_]?\d+")
_PRESENT = (  # the present time without a word beside it
    "#top_section time, #upper_section time, #inner_wrap > time"  # SMF 2.1
    ", #upper_section .user li, #top_section .user li, #userarea, #headerarea .time"  # SMF 1, 2.0
    ", p.time"  # phpBB's index
)
_XENFORO_NOW = re.compile(r"""["']?now["']?\s*:\s*(\d{10})\s*,\s*["']?today["']?\s*:\s*(\d{10})""")


def zone_of_page(document: Document) -> str | None:
    """The zone of a page's local times: ``UTC+7`` or an IANA name; ``None`` where it tells none.

    In this order: a zone the page states; its engine's clock in a script (XenForo); the present
    time it shows against the time of the fetch (the ``Date`` header where there is one, else
    ``document.fetched_at``); times with a zone of their own beside the others.

    A stated offset an hour behind the present time shown is one of winter, and the hour is added.
    A present time without its date tells a zone only against a ``Date`` header: without one nobody
    knows how old the page is.
    """
    if not document.is_html or document.tree.body is None:
        return None
    stated, shown = None, None
    for line in _footer_lines(document.tree.body):
        folded = plain_label(line)
        stated = stated or _stated(line, folded)
        shown = shown or _shown(folded)
    present = _present_offset(shown, document) if shown else None
    if stated is not None:
        return _with_summer(stated, present)
    told = _of_script(document)
    told = present if told is None else told
    told = _beside(document) if told is None else told
    return offset_named(told) if told is not None else _of_times(document)


# --- where the page speaks of its clock ------------------------------------------------------


def _footer_lines(body: LexborNode) -> Iterator[str]:
    """Short lines of the page's end that speak of times, last first; none of a post."""
    done: set[int] = set()
    for node, text in _last_texts(body):
        if not _HINT.search(text):
            continue
        line = _line_of(node)
        if line is None or line.mem_id in done or _in_post(line):
            continue
        done.add(line.mem_id)
        title = " ".join(attribute_of(part, "title") for part in select(line, "[title]"))
        yield f"{text_of(line)} {title}".strip()


def _last_texts(body: LexborNode) -> Iterator[tuple[LexborNode, str]]:
    stack, seen, size = [body], 0, 0
    while stack and seen < _NODES and size < _CHARACTERS:
        node = stack.pop()
        seen += 1
        if node.is_text_node:
            text = (node.text_content or "").strip()
            if len(text) > 2:
                size += len(text)
                yield node, text
        elif node.tag not in ("script", "style", "noscript", "select", "textarea", "form"):
            child = node.first_child
            while child is not None:
                stack.append(child)
                child = child.next


def _line_of(node: LexborNode) -> LexborNode | None:
    """The widest element around a text that is still a line."""
    line: LexborNode | None = None
    at = node.parent
    while at is not None and at.tag not in ("body", "html") and len(text_of(at)) <= _LONGEST:
        line = at
        if at.tag in ("div", "p", "li", "td", "footer", "section", "ul", "center"):
            break
        at = at.parent
    return line


def _in_post(node: LexborNode) -> bool:
    at: LexborNode | None = node
    while at is not None and at.tag not in ("body", "html"):
        if at.tag in ("article", "blockquote", "pre", "code"):
            return True
        name = attribute_of(at, "id")
        if (
            _NUMBERED.fullmatch(name)
            or "data-post-id" in at.attributes
            or "data-pid" in at.attributes
        ):
            return True
        if at.tag != "footer" and _POST.search(f"{attribute_of(at, 'class')} {name}"):
            return True
        at = at.parent
    return False


# --- a zone in words -------------------------------------------------------------------------


def _stated(line: str, folded: str) -> str | None:
    """The zone a footer's line states, by name or offset."""
    if not (_SPEAKS_OF_TIMES.search(folded) or _DISCUZ.match(folded)):
        return None
    for name in _IANA.findall(line):
        parts = name.split("/")
        for ending in (parts[-1], parts[-1].split(" ")[0]):  # Ho Chi Minh is Ho_Chi_Minh
            full = "/".join([*parts[:-1], ending.strip().replace(" ", "_")])
            if zone_named(full):
                return full
    for place, zone in _PLACES.items():
        if place in folded:
            return zone
    if named := _NAMED_ZONE.search(folded):
        return _NAMED.get(named[1] or named[2])
    found = _OFFSET.search(folded)
    if found is None:
        return None
    minutes = int(found[3] or 0) + round(float(found[4] or 0) * 60)
    offset = timedelta(hours=int(found[2] or 0), minutes=minutes)
    offset = -offset if found[1] == "-" else offset
    if _SUMMER.search(folded):  # phpBB 3.0 counts the hour apart
        offset += _HOUR
    return offset_named(offset) if EARLIEST <= offset <= LATEST else None


def _shown(folded: str) -> str | None:
    """The words after "the time now is", where a clock stands in them."""
    found = _SPEAKS_OF_NOW.search(folded)
    discuz = _DISCUZ.match(folded)
    words = discuz[1] if discuz else folded[found.end() :] if found else ""
    return words.strip(" :,.") if _CLOCK.search(words) else None


def _with_summer(stated: str, present: timedelta | None) -> str:
    zone = zone_named(stated)
    fixed = zone.utcoffset(None) if zone else None
    if fixed is not None and present is not None and present - fixed == _HOUR:
        return offset_named(present)
    return stated


# --- the present time ------------------------------------------------------------------------


def _present_offset(words: str, document: Document) -> timedelta | None:
    """How far the clock a page shows is ahead of UTC."""
    sent = _sent_at(document)
    real = sent or document.fetched_at.astimezone(UTC)
    later = real + 3 * timedelta(days=1)
    try:
        dated = date_in(plain_label(words), later, None, "dmy") is not None
    except ValueError:
        dated = True
    if not dated and sent is None:
        return None
    found: timedelta | None = None
    orders: tuple[Order, ...] = ("mdy", "dmy")
    for order in orders:
        read = read_date(
            words if dated else f"today {_clock_of(words)}",
            fetched_at=later if dated else real,
            order=order,
        )
        if read.posted_at is None or read.precision not in ("minute", "second"):
            continue
        difference = read.posted_at - real
        if not dated:  # the clock alone: of -11 and +13 the one where people live
            difference = (difference + timedelta(hours=10, minutes=30)) % timedelta(days=1)
            difference -= timedelta(hours=10, minutes=30)
        found = found if found is not None else nearest_offset(difference, within=_CLOCKS_APART)
    return found


def _clock_of(words: str) -> str:
    found = re.search(r"\d{1,2}[:h]\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?| sa| ch)?", words)
    return found[0] if found else words


def _sent_at(document: Document) -> datetime | None:
    try:
        sent = parsedate_to_datetime(document.headers["date"])
    except (KeyError, ValueError, TypeError, IndexError, OverflowError):
        return None
    return sent.astimezone(UTC) if sent.tzinfo else sent.replace(tzinfo=UTC)


def _beside(document: Document) -> timedelta | None:
    """The offset told by a present time that stands alone in the head of known themes."""
    for node in select(document.tree, _PRESENT)[:12]:
        words = text_of(node)
        if len(words) <= 80 and _CLOCK.search(words) and not is_relative(words):
            found = _present_offset(words, document)
            if found is not None:
                return found
    return None


def _of_script(document: Document) -> timedelta | None:
    """XenForo's script tells the start of the reader's day in epoch seconds, and the present."""
    root = first(document.tree, "html")
    if root is None or attribute_of(root, "id").lower() not in ("xf", "xenforo"):
        return None
    start = document.text.find("todayDow")
    found = _XENFORO_NOW.search(document.text, max(0, start - 200), start) if start >= 0 else None
    if found is None:
        return None
    into_the_day = int(found[2]) % 86_400
    ahead = timedelta(seconds=(-into_the_day) % 86_400)
    if ahead > timedelta(hours=13, minutes=30):
        ahead -= timedelta(days=1)
    return nearest_offset(ahead, within=timedelta(0))


# --- times with a zone of their own ----------------------------------------------------------


def _of_times(document: Document) -> str | None:
    """The zone of the page's ``<time datetime>``: told in it, or by the words it stands for."""
    pairs = []
    for node in select(document.tree, "time[datetime]")[:24]:
        given = attribute_of(node, "datetime")
        try:
            true = datetime.fromisoformat(given)
            if true.tzinfo is None:
                continue
            if true.utcoffset():
                pairs.append((true.replace(tzinfo=None), true.astimezone(UTC)))
                continue
            words = text_of(node)
            if len(words) > 80 or not _CLOCK.search(fold(words)) or is_relative(words):
                continue
            read = read_date(words, fetched_at=document.fetched_at)
        except (ValueError, OverflowError):
            continue
        if read.posted_at is not None and read.precision in ("minute", "second"):
            pairs.append((read.posted_at.replace(tzinfo=None), true))
    return learn_zone(pairs) if len(pairs) > 1 else None
