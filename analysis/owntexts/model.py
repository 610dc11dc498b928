"""What a file of own texts is read into, and what cannot be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from crawlers.words import Precision

MOST_ROWS = 1_000_000
LONGEST_CELL = 1_000_000
"""Characters; of a text, ``pipelines.validate`` keeps fewer."""
LARGEST_MAIL = 32 * 1024 * 1024
"""Bytes of a mail with its attachments; only its words are kept."""
SAMPLE_ROWS = 1_000
"""Rows from which columns and the order of day and month are told."""

DateOrder = Literal["dmy", "mdy"]


class OwnTextsError(Exception):
    """A file that cannot be read, or not without a word of the user; the message says which."""


class ChoiceError(OwnTextsError):
    """What the user said, or left unsaid, does not fit the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the user says of a file; ``None`` or empty: told from the file.

    ``texts``, ``author``, ``date``, ``rating``, ``id`` name columns; ``language`` is a column or a
    language code; ``timezone`` an IANA name; ``order`` that of day and month in ``05/06/2026``;
    ``encoding`` a Python codec.
    """

    texts: tuple[str, ...] = ()
    author: str | None = None
    date: str | None = None
    rating: str | None = None
    id: str | None = None
    language: str | None = None
    timezone: str | None = None
    order: DateOrder | None = None
    encoding: str | None = None


@dataclass(slots=True, kw_only=True)
class Counts:
    """What became of a file's rows and mails.

    ``read_as`` says which columns were read as what. ``faulty`` lines or mails could not be read,
    ``ours`` mails are our own staff's, ``automatic`` ones a machine's, ``large`` beyond the bound.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    empty: int = 0
    bad_dates: int = 0
    faulty: int = 0
    ours: int = 0
    automatic: int = 0
    large: int = 0
    cut: bool = False
    first_fault: str = ""
    first_bad_date: str = ""
    read_as: Mapping[str, str] = field(default_factory=dict)

    def fault(self, what: str) -> None:
        """Count what could not be read; the first is told."""
        self.faulty += 1
        self.first_fault = self.first_fault or what

    @property
    def stored(self) -> int:
        """Texts of this file that are stored now."""
        return self.added + self.changed + self.unchanged


class Unreadable(str):
    """An empty cell in place of one that holds no text; a fault where its column is read."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its columns in order, and its rows as column -> text."""

    columns: tuple[str, ...]
    rows: Iterator[Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnText:
    """One text of one person, as it stands in the file.

    ``id`` is the same whenever the same text is read again. ``author`` tells persons apart and is
    stored as a pseudonym. ``thread`` is the question answered, the product, the mail's subject;
    ``None``: the source itself.
    """

    id: str
    author: str
    text: str
    thread: str | None = None
    posted_at: datetime | None = None
    posted_text: str | None = None
    posted_precision: Precision = "unknown"
    timezone: str | None = None
    rating: Decimal | None = None
    language: str | None = None
