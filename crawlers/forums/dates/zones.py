"""Names of time zones: IANA (``Asia/Ho_Chi_Minh``) or a plain offset (``UTC+7``). Pure."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"(?:UTC|GMT)? ?([+-]) ?(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)

EARLIEST, LATEST = timedelta(hours=-12), timedelta(hours=14)
"""The offsets there are on Earth."""

_QUARTER = timedelta(minutes=15)
_ODD_OFFSETS = frozenset(
    timedelta(minutes=minutes)
    # Newfoundland, Marquesas; Iran, Afghanistan, India, Nepal, Myanmar, Eucla, Australia's
    # centre, Lord Howe, Chatham: half and quarter hours, in winter and summer
    for minutes in (-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825)
)


@lru_cache(maxsize=256)
def zone_named(name: str | None) -> tzinfo | None:
    """The zone of that name; ``None`` where there is none of it."""
    if not name or not isinstance(name, str):
        return None
    name = name.strip()
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if found := _OFFSET.fullmatch(name):
        size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(size if found[1] == "+" else -size) if size < timedelta(days=1) else None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, a path, not a zone file
        return None


def offset_named(offset: timedelta) -> str:
    """An offset's name: ``UTC``, ``UTC+7``, ``UTC-3:30``."""
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "")


def nearest_offset(difference: timedelta, *, within: timedelta) -> timedelta | None:
    """The offset some zone has that is nearest to a difference of two clocks.

    :param within: how far the clocks may be apart from it; ``None`` where they are further.
    """
    offset = round(difference / _QUARTER) * _QUARTER
    whole = not offset % timedelta(hours=1)
    if not whole and offset not in _ODD_OFFSETS:
        offset, whole = timedelta(hours=round(difference / timedelta(hours=1))), True
    if not EARLIEST <= offset <= LATEST or abs(difference - offset) > within:
        return None
    return offset
