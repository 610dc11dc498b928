"""Learning a forum's time zone: true times of its feed or API beside its pages' local ones. Pure.

Many engines print local times and never say whose. Their feeds say when a post was written in UTC;
the same post on a page shows the forum's clock. The difference is the zone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from crawlers.forums.dates.reading import Order, is_relative, read_date
from crawlers.forums.dates.zones import nearest_offset, offset_named, zone_named
from crawlers.items import Post
from crawlers.urls import canonical_url

ZONES_WITH_SUMMER_TIME = (
    "Europe/London", "Europe/Berlin", "Europe/Athens", "Europe/Moscow",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Halifax", "America/Sao_Paulo", "America/Santiago",
    "Australia/Sydney", "Australia/Adelaide", "Pacific/Auckland", "Asia/Jerusalem",
)  # fmt: skip
"""One zone for each rule of summer time among large forums' countries; the first that fits."""

ZONE_OF_LANGUAGE = {
    "fr": "Europe/Paris", "es": "Europe/Madrid", "it": "Europe/Rome", "nl": "Europe/Amsterdam",
    "pl": "Europe/Warsaw", "cs": "Europe/Prague", "pt": "Europe/Lisbon", "fi": "Europe/Helsinki",
    "ro": "Europe/Bucharest", "uk": "Europe/Kyiv", "bg": "Europe/Sofia",
}  # fmt: skip
"""The zone to name among those of one rule; none of these is chosen against the times."""

_MINUTE = timedelta(minutes=1)
_OFF = timedelta(seconds=90)  # a page cuts its seconds, a feed may round up
_MOST = 5_000  # pairs
_YEARS = range(1980, 2100)  # what lies outside is a broken clock
_LATER = (datetime(2998, 1, 1, tzinfo=UTC), datetime(2999, 7, 2, tzinfo=UTC))


def learn_zone(
    pairs: Iterable[tuple[datetime, datetime]], *, language: str | None = None
) -> str | None:
    """The zone in which a forum prints its times; ``None`` where the pairs do not tell.

    A fixed offset (``UTC+8``) where one explains the pairs; an IANA name of
    :data:`ZONES_WITH_SUMMER_TIME` where only a change of the clocks does. At least two thirds of
    the pairs must agree, for posts are edited and feeds renewed. Two are enough, and one if it is
    exact: the same minute after a whole offset, the same second where seconds are shown. Times of
    one season only tell an offset; whether it changes they cannot say.

    :param pairs: the local time as shown, naive, and the true time, aware (naive counts as UTC).
    :param language: language tag of the forum, to name ``Europe/Paris`` rather than
        ``Europe/Berlin``.
    """
    seen = {
        (wall.replace(tzinfo=None), _in_utc(true))
        for wall, true in islice(pairs, _MOST)
        if wall.year in _YEARS and true.year in _YEARS
    }
    offsets = [
        (true, offset)
        for wall, true in seen
        if (offset := nearest_offset(wall - true.replace(tzinfo=None), within=_OFF)) is not None
    ]
    if not offsets or len(offsets) * 3 < len(seen) * 2:
        return None
    if len(seen) == 1:
        ((wall, true),) = seen
        return offset_named(offsets[0][1]) if _exact(wall, true, offsets[0][1]) else None
    fixed, explained = Counter(offset for _, offset in offsets).most_common(1)[0]
    best = offset_named(fixed)
    for name in (*_preferred(language), *ZONES_WITH_SUMMER_TIME):
        zone = zone_named(name)
        if zone is None:
            continue
        here = sum(true.astimezone(zone).utcoffset() == offset for true, offset in offsets)
        if here > explained:
            best, explained = name, here
    return best if explained * 3 >= len(seen) * 2 else None


def pairs_of(
    posts: Sequence[Post], told: Mapping[str, datetime]
) -> list[tuple[datetime, datetime]]:
    """A page's local times beside the true times of the same posts.

    Only labels with a whole date, a clock and no zone of their own count: "yesterday" may be
    another day on the forum's clock, and what names its zone is right already.

    :param posts: of a page that was read without a zone: ``posted_at`` is the clock on the page.
    :param told: true time by the engine's post id or by the post's address, its anchor left.
    """
    known = {_name(name): true for name, true in told.items()}
    pairs = []
    for post in posts:
        true = known.get(_name(post.id or "")) or known.get(_name(post.url))
        if true is None or post.posted_at is None or post.timezone is not None:
            continue
        if post.posted_precision in ("minute", "second") and _is_local(
            post.posted_text, dated=True
        ):
            pairs.append((post.posted_at.replace(tzinfo=None), true))
    return pairs


def shows_local_times(posts: Sequence[Post]) -> bool:
    """Whether a page read without a zone shows times on a clock it does not name."""
    return any(
        post.posted_at is not None and post.timezone is None and _is_local(post.posted_text)
        for post in posts
    )


def _preferred(language: str | None) -> tuple[str, ...]:
    name = ZONE_OF_LANGUAGE.get((language or "").lower().replace("_", "-").split("-")[0])
    return (name,) if name else ()


def _in_utc(true: datetime) -> datetime:
    return true.astimezone(UTC) if true.tzinfo else true.replace(tzinfo=UTC)


def _exact(wall: datetime, true: datetime, offset: timedelta) -> bool:
    local = true.replace(tzinfo=None, microsecond=0) + offset
    shown = wall.replace(microsecond=0)
    return shown == local or (not shown.second and shown == local.replace(second=0))


def _is_local(label: str | None, *, dated: bool = False) -> bool:
    """Whether a label is read differently in another zone.

    :param dated: only labels that tell the same day whenever they are read.
    """
    if not label or (dated and is_relative(label)):
        return False
    orders: tuple[Order, ...] = ("mdy", "dmy")
    for order in orders:
        here, there, later = (
            read_date(label, fetched_at=fetched, timezone=zone, order=order).posted_at
            for fetched, zone in ((_LATER[0], "UTC"), (_LATER[0], "UTC+5"), (_LATER[1], "UTC"))
        )
        if here is not None:
            return here != there and (not dated or here == later)
    return False


def _name(name: str) -> str:
    """An id as it is, an address in one spelling: the anchor is part of a post's address."""
    page, mark, anchor = name.partition("#")
    if "://" not in page:
        return name
    try:
        return canonical_url(page) + mark + anchor
    except ValueError:
        return name
