"""Times as they stand in the tables. A leaf: who only writes them down loads no database."""

from datetime import UTC, datetime


def utc_text(moment: datetime) -> str:
    """A time as it stands in the tables: UTC RFC 3339, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now_text() -> str:
    """The time now, as it stands in the tables."""
    return utc_text(datetime.now(UTC))
