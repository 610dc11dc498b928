"""Names of time zones: IANA (``Asia/Ho_Chi_Minh``) or a plain offset (``UTC+7``). Pure."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)


@lru_cache(maxsize=256)
def zone_named(name: str | None) -> tzinfo | None:
    """The zone of that name; ``None`` where there is none of it."""
    if not name or not isinstance(name, str):
        return None
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if found := _OFFSET.fullmatch(name.strip()):
        size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(size if found[1] == "+" else -size) if size < timedelta(days=1) else None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, a path, not a zone file
        return None
