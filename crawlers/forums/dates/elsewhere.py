"""Time labels in languages our own rules do not read: dateparser, kept on a short lead. Pure."""

from datetime import datetime
from functools import lru_cache

LANGUAGES = ("de", "fr", "es", "pt", "it", "nl", "pl", "ru", "uk", "tr", "id", "th", "ja", "ko")
"""Tried where a page does not say its language: those of the largest forums elsewhere."""

_OURS = frozenset({"en", "zh", "vi"})
_LONGEST = 60  # characters; dateparser's time grows with them


def parse_elsewhere(text: str, local_now: datetime, lang: str | None) -> datetime | None:
    """The time of a label, naive where the label names no zone; ``None`` where none can be told.

    Only labels with a number and at least day and month: dateparser makes a date of many a word.
    """
    primary = (lang or "").replace("_", "-").split("-")[0].lower()
    if primary in _OURS or (primary and not primary.isalpha()) or len(text) > _LONGEST:
        return None
    if not any(character.isdigit() for character in text) or text.isdigit():
        return None
    read = _parsed(text, primary, local_now.replace(tzinfo=None, microsecond=0))
    return read if read and 1985 <= read.year <= local_now.year + 1 else None


@lru_cache(maxsize=4_096)
def _parsed(text: str, primary: str, base: datetime) -> datetime | None:
    import dateparser  # 60 ms to import: most runs never need it

    settings = {
        "RELATIVE_BASE": base,
        "PREFER_DATES_FROM": "past",
        "REQUIRE_PARTS": ["day", "month"],
    }
    try:
        found: datetime | None = dateparser.parse(
            text, languages=[primary] if primary else list(LANGUAGES), settings=settings
        )
    except Exception:  # an unknown language code raises ValueError, odd input many kinds
        return None
    return found
