"""How long a site is left alone: what it asks for, and what its failures tell. A leaf, pure."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 60.0
"""Seconds a crawl waits for one site. Who asks for more is left for this run and named."""
LONGEST_REST = timedelta(days=7)
"""A site that asks for more is asked again after a week: a slip of a date must not end a watch."""
MOST_REFUSALS = 3
"""Times in a row a site may say "not now" (429, or 503 with Retry-After) before it is left."""
MOST_FAULTS = 10
"""Answers in a row that may be faults of a site (timeouts, resets, 5xx) before it is left: five
pages, each tried twice."""

RESTING, FAILING = "resting", "failing"
PUT_OFF = frozenset({RESTING, FAILING})
"""Reasons that are no word on a page: its site is left for this run, the page waits for the next
start."""

_JITTER = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A time a site asked for, kept between runs.

    :param asked_at: when it asked; :param until: when it may be asked again; both UTC.
    :param detail: what it answered, in words.
    """

    asked_at: datetime
    until: datetime
    detail: str

    def holds(self, now: datetime) -> bool:
        """Whether the rest is not over. One asked for later than now is a clock gone wrong."""
        return self.asked_at <= now < self.until


def rest_for(seconds: float, now: datetime, detail: str) -> Rest:
    """A rest of so many seconds from now, at most :data:`LONGEST_REST`, in words with its end."""
    until = now + min(timedelta(seconds=min(seconds, 1e9)), LONGEST_REST)
    detail = f"{detail}; not before {until:%Y-%m-%d %H:%M} UTC"
    return Rest(asked_at=now, until=until, detail=detail)


def seconds_asked(value: str | None, *, date: str | None, now: datetime) -> float | None:
    """The seconds a ``Retry-After`` header asks for (RFC 9110, 10.2.3); ``None`` where it is none.

    :param value: the header: seconds, or an HTTP date.
    :param date: the answer's ``Date`` header: a date is counted from the server's own clock.
    :param now: aware; what counts where the server does not say its time.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), 1e9)
    until = _moment(text)
    if until is None:
        return None
    return max(0.0, (until - (_moment(date or "") or now)).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


@dataclass(slots=True)
class _Site:
    faults: int = 0
    refusals: int = 0
    free_at: float = 0.0


class Patience:
    """What a crawl knows of the mood of each site. Times are those of one monotonic clock.

    :param delay: seconds between two requests to a site; the waits grow from it, so that a server
        of one's own with a delay of nothing is not waited for.
    """

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._sites: dict[str, _Site] = {}

    def wait(self, site: str, now: float) -> float:
        """Seconds until a site may be asked again."""
        known = self._sites.get(site)
        return max(0.0, known.free_at - now) if known else 0.0

    def answered(self, site: str) -> None:
        """A site answered as a site does: all is forgiven."""
        self._sites.pop(site, None)

    def refused(self, site: str, now: float, asked: float | None) -> bool:
        """A site said "not now".

        :param asked: the seconds it asked for, if it did.
        :returns: whether to ask once more, after the wait; else the site is to be left.
        """
        known = self._sites.setdefault(site, _Site())
        known.refusals += 1
        if known.refusals >= MOST_REFUSALS or (asked or 0.0) > LONGEST_WAIT:
            return False
        self._pause(known, now, max(asked or 0.0, self._delay * 2.0**known.refusals))
        return True

    def failed(self, site: str, now: float) -> bool:
        """A site did not answer, or with a fault of its own.

        :returns: whether it may be asked on, after the wait; else it is to be left.
        """
        known = self._sites.setdefault(site, _Site())
        known.faults += 1
        if known.faults >= MOST_FAULTS:
            return False
        self._pause(known, now, self._delay * 2.0 ** (known.faults - 1))
        return True

    @staticmethod
    def _pause(known: _Site, now: float, seconds: float) -> None:
        # Upwards only, so that sites which failed together are not asked together.
        known.free_at = now + min(seconds, LONGEST_WAIT) * (1 + random.uniform(0, _JITTER))  # noqa: S311
