"""Crawler traps: addresses without end that lead to nothing new. A leaf, pure.

Each rule fires only on what a site does many times over, so that no genuine page is lost: forums
page to thousands, shops have ten thousand goods, archives have a page a day. What is refused is
counted and told of.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

GROWING, SESSION, CALENDAR, FACETS, PAGING = (
    "ever-growing paths",
    "session ids",
    "a calendar",
    "filters combined",
    "endless pages",
)
"""The traps, as a report names them."""

LONGEST_ADDRESS = 4_000
"""Characters. Counters of advertisements reach 3,000, pages stay far below."""
DEEPEST_PATH = 25
"""Parts of a path; the deepest of real sites are near fifteen."""
CALENDAR_PAGES = 60
"""Dates of one calendar that are followed: five years of months."""
KEY_SETS = 16
"""Ways of combining three or more parameters on one path. Forums have five or six, faceted shops
hundreds."""
LAST_PAGE = 1_000_000
"""The highest page number; the largest forums have list pages in the ten thousands."""

_CALENDAR = re.compile(
    r"(?:^|[/_.?&=-])(?:calendars?|events?|agenda|schedule|bookings?|availability|kalender|"
    r"tribe-bar-date|eventdate|ev_month|lich|su-kien|日历|日程|rili)(?:$|[/_.?&=-])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<!\d)((?:19|20|21)\d\d)[-/_.]?(?:0[1-9]|1[0-2]|[1-9](?=[-/_.&]|$))(?:[-/_.]?\d{1,2})?(?!\d)"
)
_YEAR_PARAMETER = re.compile(r"[?&](?:year|yr|y)=(\d{4})\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"(?:[?&](?:page|paged|trang)=|/(?:page|trang)[/-])(\d{1,12})(?=$|[&/.])", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_KEY = re.compile(r"(?=(?:.*\d){4})(?=(?:.*[a-zA-Z]){4})[0-9a-zA-Z_]{16,}\Z")
_REPEATS = 3  # times in a row the same parts of a path may stand before it is growing
_WIDEST = 4  # parts that repeat together
_ALIKE, _SHAPES = 6, 4  # links of a page that share a key, and how many kinds they must be of


class TrapWatch:
    """What a source's addresses have shown so far.

    :param today: calendars are followed to the end of the next year.
    """

    def __init__(self, today: date) -> None:
        self.refused: Counter[str] = Counter()
        self._today = today
        self._dates: dict[str, set[str]] = {}
        self._key_sets: dict[str, set[tuple[str, ...]]] = {}
        self._keys: dict[str, str] = {}
        self._sessions: set[str] = set()
        self._plain: set[str] = set()

    def see(self, urls: Sequence[str]) -> None:
        """Look at the addresses one page leads to, together: a parameter, or the first part of the
        path, that is the same key in nearly all of them, and another key on another page, is of a
        session.
        """
        if len(urls) < _ALIKE:
            return
        found: Counter[tuple[str, str]] = Counter()
        for url in urls:
            found.update(set(_possible_keys(url)))
        for (name, key), times in found.items():
            if times < max(_ALIKE, 0.9 * len(urls)):
                continue
            bearers = [url for url in urls if (name, key) in set(_possible_keys(url))]
            shapes = {_DIGITS.sub("0", urlsplit(_without(url, name)).path) for url in bearers}
            if len(shapes) >= _SHAPES and self._keys.setdefault(name, key) != key:
                self._sessions.add(name)

    def trap(self, url: str) -> str | None:
        """The trap a canonical address belongs to, by what was seen so far; ``None``: follow it.

        A refused address is counted in ``refused``.
        """
        found = self._trap(url)
        if found is not None:
            self.refused[found] += 1
        return found

    def _trap(self, url: str) -> str | None:
        parts = urlsplit(url)
        if is_growing(url):
            return GROWING
        page = _PAGE_NUMBER.search(url)
        if page is not None and int(page[1]) > LAST_PAGE:
            return PAGING
        if self._is_session(url):
            return SESSION
        if self._is_calendar(url):
            return CALENDAR
        return FACETS if self._is_facet(parts.netloc + parts.path, parts.query) else None

    def _is_session(self, url: str) -> bool:
        for name in self._sessions & {name for name, _ in _possible_keys(url)}:
            plain = _without(url, name)
            if plain in self._plain:
                return True
            self._plain.add(plain)
        return False

    def _is_calendar(self, url: str) -> bool:
        place = urlsplit(url)
        if _CALENDAR.search(unquote(f"{place.path}?{place.query}")) is None:
            return False
        found = _DATE.search(url) or _YEAR_PARAMETER.search(url)
        if found is None:
            return False
        if int(found[1]) > self._today.year + 1:
            return True
        shape = _DIGITS.sub("0", url[: found.start()] + url[found.end() :])
        dates = self._dates.setdefault(shape, set())
        if len(dates) >= CALENDAR_PAGES and found[0] not in dates:
            return True
        dates.add(found[0])
        return False

    def _is_facet(self, path: str, query: str) -> bool:
        if query.count("&") < 2:
            return False
        keys = tuple(sorted(key for key, _ in parse_qsl(query, keep_blank_values=True)))
        sets = self._key_sets.setdefault(path, set())
        if len(sets) <= KEY_SETS:
            sets.add(keys)
        return len(sets) > KEY_SETS

    def words(self) -> str:
        """What was refused, in words; ``""``: nothing."""
        if not self.refused:
            return ""
        told = ", ".join(f"{number} of {trap}" for trap, number in self.refused.most_common())
        return f"addresses not followed, as they have no end: {told}"


class ListEnd:
    """Tells a list that goes on without end from one that is long: whether its pages still show
    something that none before them showed.
    """

    PATIENCE = 5
    """Pages in a row without anything new; sorted by the last post, a list may show a page again
    while it is read.
    """

    def __init__(self) -> None:
        self._shown: set[int] = set()
        self._stale: dict[str, int] = {}

    def goes_round(self, url: str, shown: Iterable[str]) -> bool:
        """Whether a page of a list, with those before it, shows that nothing new will follow.

        :param shown: addresses of what the page lists.
        """
        keys = {hash(address) for address in shown}
        chain = _DIGITS.sub("0", url)
        self._stale[chain] = 0 if keys - self._shown or not keys else self._stale.get(chain, 0) + 1
        self._shown |= keys
        return self._stale[chain] >= self.PATIENCE


def is_growing(url: str) -> bool:
    """Whether an address is too long, too deep, or repeats parts of its path: a relative link that
    was meant to be absolute, followed from page to page.
    """
    if len(url) > LONGEST_ADDRESS:
        return True
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if len(parts) > DEEPEST_PATH:
        return True
    return any(
        parts[start : start + width] * _REPEATS == parts[start : start + width * _REPEATS]
        and not all(part.isdigit() for part in parts[start : start + width])
        for width in range(1, _WIDEST + 1)
        for start in range(len(parts) - width * _REPEATS + 1)
    )


def _possible_keys(url: str) -> Iterable[tuple[str, str]]:
    """(name, key) of what may be a session's key in an address."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if _KEY.match(value):
            yield f"?{name}", value
    first = parts.path.split("/", 2)[1:2]
    if first and _KEY.match(first[0]):
        yield "/", first[0]


def _without(url: str, name: str) -> str:
    parts = urlsplit(url)
    if name == "/":
        return urlunsplit(parts._replace(path="/" + "/".join(parts.path.split("/")[2:])))
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name[1:]]
    return urlunsplit(parts._replace(query=urlencode(kept)))
