"""What a report holds, in the reader's language, before it is HTML, Markdown or a workbook.

Every text here is plain: nothing is escaped yet, nothing is markup.
"""

from dataclasses import dataclass, field
from typing import Literal

from analysis.reports.logo import Logo
from analysis.web.pictures.bars import Bars
from analysis.web.pictures.columns import Columns
from analysis.web.pictures.net import Net
from analysis.web.pictures.stack import Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Somebody's words: ``url`` where they stand live (http or https, else ``None``), ``date`` as
    the reader's language writes it, ``lang`` of the words, ``""`` where it is not known.
    """

    text: str
    url: str | None
    date: str
    lang: str = ""
    style: Literal["", "customer", "pain", "praise"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table: ``value`` is its number for a spreadsheet, where it has one.

    ``style`` is a class of the stylesheet: ``s1`` to ``s3`` the strength of a channel, ``h1`` to
    ``h4`` how busy an hour is, ``t0`` to ``t3`` a tier.
    """

    text: str
    value: float | None = None
    url: str | None = None
    small: str = ""
    style: str = ""


_NONE = frozenset(("·", "–", "?"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a head; ``kind`` says how wide it needs to be."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: Literal["rows", "matrix", "heat"] = "rows"
    note: str = ""

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For each column whether it holds numbers (or signs that there is none) only."""
        return tuple(
            bool(self.rows)
            and all(row[place].value is not None or row[place].text in _NONE for row in self.rows)
            for place in range(len(self.head))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A few remarks, each a line."""

    rows: tuple[str, ...]
    caption: str = ""


Picture = Bars | Columns | Net | Stack
Part = Picture | Table | Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A question or a topic: its answer, its trend, what it rests on, its parts, its proof.

    ``tab`` is a short name (a sheet's); ``number`` of a question; ``few``: whether the answer is
    that there are too few; ``basis`` the sample, the interval and the freshness, a phrase each;
    ``quotes_title`` what stands above the quotes.
    """

    id: str
    tab: str
    title: str
    says: str
    number: int | None = None
    few: bool = False
    trend: str = ""
    basis: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    quotes: tuple[Quote, ...] = ()
    quotes_title: str = ""

    def is_title(self, part: "Part") -> bool:
        """Whether a part's caption would only say the title again."""
        return getattr(part, "caption", "") == self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole; ``words`` are the few fixed words a form needs, by name."""

    language: str
    title: str
    market: str
    description: str
    date: str
    period: str
    sections: tuple[Section, ...]
    words: dict[str, str]
    notes: tuple[str, ...] = ()
    logo: Logo | None = None
    weekly: bool = field(default=False)
