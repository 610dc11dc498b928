"""Times as they stand in the tables. A leaf: who only writes them down loads no database."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


@contextmanager
def at_moment(moment: datetime) -> Iterator[None]:
    """Write as if it were another time: what is built again from the archive happened then.

    :param moment: aware; what :func:`now` says inside.
    """
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def now() -> datetime:
    """The time rows are written with: the clock's, or :func:`at_moment`'s. UTC."""
    return _moment.get() or datetime.now(UTC)


def utc_text(moment: datetime) -> str:
    """A time as it stands in the tables: UTC RFC 3339, whole seconds."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def now_text() -> str:
    """The time now, as it stands in the tables."""
    return utc_text(now())
