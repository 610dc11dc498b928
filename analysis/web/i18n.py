"""Three languages of the interface: which one a reader gets, and the words of each.

A catalogue is a gettext file read by Babel (docs/translating.md): its ids are keys, its texts have
``{names}``; a text that counts has a form for each plural of its language. Texts are ours and
trusted; every value put into one is escaped. Numbers and dates are written as the CLDR says.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from babel.core import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from analysis.web.formats import plain

LANGUAGES = {"en": "English", "zh": "中文", "vi": "Tiếng Việt"}
"""Code and own name; the first is the fallback."""

COOKIE = "rivalmap_lang"


def choose(asked: str | None, cookie: str | None, accept: str) -> str:
    """The language of a page: ``?lang=``, else the cookie, else the browser's first that we have.

    :param accept: the ``Accept-Language`` header; quality values are honoured.
    """
    for code in (asked, cookie):
        if code in LANGUAGES:
            return str(code)
    for code in _accepted(accept):
        if code in LANGUAGES:
            return code
    return next(iter(LANGUAGES))


def _accepted(header: str) -> list[str]:
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:500].split(",")):
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if weight > 0:
            ranked.append((-weight, place, tag.split("-")[0].strip().lower()))
    return [code for _, _, code in sorted(ranked)]


@cache
def catalogue(language: str) -> Mapping[str, tuple[str, ...]]:
    """All texts of a language by key: one form, or one for each plural of the language."""
    folder = resources.files("analysis.web").joinpath("translations", language, "LC_MESSAGES")
    with folder.joinpath("rivalmap.po").open("rb") as file:
        messages = read_po(file, locale=language, abort_invalid=True)
    return {_first(message.id): _forms(message.string) for message in messages if message.id}


def _first(identifier: Any) -> str:
    return identifier if isinstance(identifier, str) else str(identifier[0])


def _forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(str(form) for form in text)


class Translator:
    """Texts of one language; ``t("overview.title", n=3)``.

    Integers are written with the language's thousands separator, and ``n`` picks the plural.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = catalogue(language)
        self._locale = Locale.parse(language)

    def __call__(self, key: str, **values: object) -> Markup:
        """The text of a key, values filled in and escaped.

        :raises KeyError: for a key no catalogue has: a bug of ours, caught by the tests.
        """
        forms = self._texts[key]
        text = forms[0]
        if len(forms) > 1:
            n = values.get("n")
            text = forms[0 if n == 1 else 1]  # of our languages only English has two
        if not values:
            return Markup(text)  # noqa: S704
        # Not Markup.format, which parses the text anew each time: a third of a large page's time.
        filled = text.format(**{name: escape(self.show(value)) for name, value in values.items()})
        return Markup(filled)  # noqa: S704

    def word(self, group: str, value: object) -> Markup:
        """The text of an id from a list (a barrier, a channel); the id itself where it is new."""
        forms = self._texts.get(f"{group}.{value}") if value is not None else None
        if forms is not None and len(forms) == 1:
            return Markup(forms[0])  # noqa: S704
        return escape(plain(str(value if value is not None else "").replace("_", " "), 60))

    def phrase(self, group: str, value: object, **values: object) -> Markup:
        """The text of an id from a list, values filled in; empty where the id is new."""
        key = f"{group}.{value}"
        return self(key, **values) if key in self._texts else Markup("")

    def month(self, month: object) -> str:
        """``2026-08`` as readers of this language write it; the text itself where it is none."""
        first = _day(f"{month}-01")
        return format_skeleton("yMMMM", first, locale=self._locale) if first else plain(month, 20)

    def short_month(self, month: object) -> str:
        """``2026-08`` as the axis of a picture has room for: the month's short name, and for
        January, where a year begins, the year.
        """
        first = _day(f"{month}-01")
        if first is None:
            return plain(month, 20)
        if first.month == 1:
            return str(first.year)
        return format_skeleton("MMM", first, locale=self._locale)

    def short_day(self, day: object) -> str:
        """``2026-11-20`` as the axis of a picture has room for: day and month."""
        found = _day(str(day or "")[:10])
        return format_skeleton("MMMd", found, locale=self._locale) if found else plain(day, 20)

    def day(self, moment: object) -> str:
        """The day of an RFC 3339 time as readers of this language write it; empty for none."""
        found = _day(str(moment or "")[:10])
        return format_date(found, "medium", locale=self._locale) if found else ""

    def show(self, value: object) -> object:
        """A value as readers of this language write it."""
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        return _decimal(value, self.language)


@lru_cache(10_000)
def _decimal(value: int, language: str) -> str:
    """Kept, since a large page writes hundreds of numbers, most of them small."""
    return format_decimal(value, locale=Locale.parse(language))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
