"""The words of a report: the catalogues and sentences of the pages, as plain text."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.reports.document import Quote
from analysis.web import formats
from analysis.web.i18n import Translator

HERE = Path(__file__).parent
TEMPLATES = (HERE / "templates", HERE.parent / "web" / "templates")
"""Our own, and those of the pages, whose sentences and pictures are used here too."""

LONGEST_QUOTE = 280

_BLANKS = re.compile(r"[ \t\r\n]+")  # not the no-break space between a number and its sign

Row = dict[str, Any]


@cache
def environment() -> Environment:
    """Templates of reports: autoescaped, an unknown name is an error."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for function in (formats.plain, formats.percent, formats.host):
        env.filters[function.__name__] = function
    env.filters["kind"] = _kind
    return env


def _kind(part: object) -> str:
    """The name of a part's class, by which a template draws it."""
    return type(part).__name__


class Wording:
    """Everything said in one language. All it gives is plain text, in one line."""

    def __init__(self, language: str) -> None:
        self.t = Translator(language)
        self._says: Any = (
            environment().get_template("rivalmap/_says.html").make_module({"t": self.t})
        )

    @property
    def language(self) -> str:
        """``en``, ``zh`` or ``vi``."""
        return self.t.language

    def __call__(self, key: str, **values: object) -> str:
        """A text of the catalogue."""
        return text(self.t(key, **values))

    def says(self, question: str, answer: Row) -> str:
        """The answer to a question in a sentence, as the overview says it."""
        return text(getattr(self._says, question)(answer))

    def share(self, row: Row, *, short: bool = False) -> str:
        """A share and its 95 % limits, or that there are too few."""
        return text((self._says.short_share if short else self._says.share)(row))

    def word(self, group: str, value: object) -> str:
        """The text of an id from a list."""
        return text(self.t.word(group, value))

    def show(self, value: int) -> str:
        """A whole number with the language's separators."""
        return str(self.t.show(value))

    def people(self, n: int) -> str:
        """So many people."""
        return self("count.people", n=n)

    def day(self, moment: object) -> str:
        """A day as the language writes it; empty for none."""
        return self.t.day(moment)

    def named(self, names: Mapping[str, str] | None, key: object, limit: int = 60) -> str:
        """A listed id's name in this language, else in English, else the id."""
        names = names or {}
        return line(names.get(self.language) or names.get("en") or key, limit)

    def quote(self, row: Row, style: Literal["", "customer", "pain", "praise"] = "") -> Quote:
        """Stored words as a quote; its date is that of the post, else of the fetch."""
        lang = str(row.get("lang") or "")
        date = self.day(row.get("posted_at"))
        if not date and row.get("fetched_at"):
            date = self.day(row["fetched_at"])
        return Quote(
            text=line(row.get("quote"), LONGEST_QUOTE),
            url=formats.safe_url(row.get("url")),
            date=date,
            lang=lang if lang.isascii() and lang.isalpha() and lang != "und" else "",
            style=style,
        )

    def quotes(
        self,
        rows: Iterable[Row],
        style: Literal["", "customer", "pain", "praise"] = "",
        *,
        most: int = 3,
    ) -> tuple[Quote, ...]:
        """At most so many quotes, no words twice, none empty."""
        found: dict[str, Quote] = {}
        for row in rows:
            quote = self.quote(row, style)
            if quote.text and len(found) < most:
                found.setdefault(quote.text, quote)
        return tuple(found.values())


def text(markup: Markup) -> str:
    """A text of the catalogue with its values as they were before they were escaped, in a line."""
    return _BLANKS.sub(" ", markup.unescape()).strip(" ")


def line(value: object, limit: int) -> str:
    """Crawled text in a line, without control and direction characters, cut at ``limit``."""
    return " ".join(formats.plain(value, limit).split())


def percent(share: float | None) -> str:
    """A share as the pages write it."""
    return formats.percent(share)
