"""Three languages of the interface: which one a reader gets, and the words of each.

A catalogue is a TOML file of nested keys; a text has ``{names}``, a text that counts is a table
with ``one`` and ``other`` (Chinese and Vietnamese need ``other`` only). Texts are ours and
trusted; every value put into one is escaped.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

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
def catalogue(language: str) -> Mapping[str, str | dict[str, str]]:
    """All texts of a language, keys joined by dots."""
    source = resources.files("analysis.web").joinpath("translations", f"{language}.toml")
    return dict(_flat(tomllib.loads(source.read_text(encoding="utf-8")), ""))


_PLURAL = {"one", "other"}


def _flat(tree: Mapping[str, Any], prefix: str) -> list[tuple[str, str | dict[str, str]]]:
    found: list[tuple[str, str | dict[str, str]]] = []
    for key, value in tree.items():
        if isinstance(value, str) or value.keys() == _PLURAL or value.keys() == {"other"}:
            found.append((prefix + key, value))
        else:
            found.extend(_flat(value, f"{prefix}{key}."))
    return found


class Translator:
    """Texts of one language; ``t("overview.title", n=3)``.

    Integers are written with the language's thousands separator, and ``n`` picks the plural.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = catalogue(language)

    def __call__(self, key: str, **values: object) -> Markup:
        """The text of a key, values filled in and escaped.

        :raises KeyError: for a key no catalogue has: a bug of ours, caught by the tests.
        """
        text = self._texts[key]
        if isinstance(text, dict):
            text = text.get("one", text["other"]) if values.get("n") == 1 else text["other"]
        return Markup(text).format(**{name: self.show(value) for name, value in values.items()})  # noqa: S704

    def word(self, group: str, value: object) -> Markup:
        """The text of an id from a list (a barrier, a channel); the id itself where it is new."""
        text = self._texts.get(f"{group}.{value}") if value is not None else None
        if isinstance(text, str):
            return Markup(text)  # noqa: S704
        return escape(plain(str(value if value is not None else "").replace("_", " "), 60))

    def phrase(self, group: str, value: object, **values: object) -> Markup:
        """The text of an id from a list, values filled in; empty where the id is new."""
        key = f"{group}.{value}"
        return self(key, **values) if isinstance(self._texts.get(key), str) else Markup("")

    def month(self, month: object) -> Markup:
        """``2026-08`` as readers of this language write it."""
        year, _, number = str(month).partition("-")
        name = self.word("month", number)
        return self("month.format", year=year, name=name, number=number.lstrip("0"))

    def show(self, value: object) -> object:
        """A value as readers of this language write it."""
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        text = f"{value:,}"
        return text.replace(",", ".") if self.language == "vi" else text
