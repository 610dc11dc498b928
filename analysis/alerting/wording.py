"""An alert in words, in any language of the pages; crawled words move no cursor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal

from analysis.questions.told import Told
from analysis.web.change_words import tell
from analysis.web.formats import plain
from analysis.web.i18n import Translator

LINES = 5
"""Prices, quotes or names below an alert's title; it says how many more there are."""
_TIERS = {1: "direct", 2: "substitute", 3: "potential", None: "unrelated"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What an alert says: its kind, one line, and lines of detail below it; plain text."""

    kind: str
    title: str
    lines: tuple[str, ...] = ()


def words_of(t: Translator, alert: Told) -> Words:
    """An alert in the translator's language; of facts another program wrote, kind and subject."""
    kind = t.word("alert_kind", alert.kind).unescape()
    try:
        title = _TITLES[alert.kind](t, alert.facts)
        lines = tuple(line for line in _lines(t, alert) if line)
    except (LookupError, TypeError, ValueError, AttributeError):  # not facts as we write them
        return Words(kind=kind, title=_flat(alert.subject, 60) or "-")
    return Words(kind=kind, title=title, lines=lines)


def one_line(t: Translator, alert: Told) -> str:
    """Kind and title, for a terminal or a list."""
    words = words_of(t, alert)
    return f"{words.kind}: {words.title}"


def _price(t: Translator, facts: Mapping[str, Any]) -> str:
    return _says(t, "alerts.price", name=_name(facts), n=int(facts["count"]))


def _tier(t: Translator, facts: Mapping[str, Any]) -> str:
    before, after = (t.word("tier", _TIERS[facts[side]]).unescape() for side in ("before", "after"))
    key = "alerts.found" if facts["found"] else "alerts.tier"
    return _says(t, key, name=_name(facts), before=before, after=after)


def _pain(t: Translator, facts: Mapping[str, Any]) -> str:
    names = facts.get("names") or {}
    topic = _flat(names.get(t.language) or names.get("en") or facts["name"], 80)
    # A broken number, as its language writes it: whole people a week say too little here.
    usual = format_decimal(facts["usual"], locale=t.language)
    return _says(t, "alerts.pain", topic=topic, n=int(facts["people"]), usual=usual)


def _leaving(t: Translator, facts: Mapping[str, Any]) -> str:
    return _says(t, "alerts.leaving", n=int(facts["people"]), name=_name(facts))


def _source(t: Translator, facts: Mapping[str, Any]) -> str:
    if facts["all"]:
        return _says(t, "alerts.all_sources", n=len(facts["sources"]))
    outcome = t.word("outcome", facts["outcome"]).unescape()
    return _says(t, "alerts.source", name=_name(facts), outcome=outcome, day=t.day(facts["since"]))


_TITLES = {
    "price": _price, "tier": _tier, "direct": _tier, "pain": _pain, "leaving": _leaving,
    "source": _source,
}  # fmt: skip


def _lines(t: Translator, alert: Told) -> Iterator[str]:
    facts = alert.facts
    many = 0
    if alert.kind == "price":
        yield from (_flat(tell(t, change).line(), 300) for change in facts["changes"][:LINES])
        many = int(facts["count"]) - min(LINES, len(facts["changes"]))
    elif alert.kind in ("tier", "direct"):
        yield _quoted(facts.get("quote"))
    elif alert.kind == "pain":
        yield from (_quoted(quote["quote"]) for quote in facts["quotes"][:LINES])
    elif alert.kind == "leaving":
        for quote in facts["quotes"][:LINES]:
            status = t.word("switch", quote["status"]).unescape()
            to = f" → {_flat(quote['to'], 60)}" if quote.get("to") else ""
            yield f"{status}{to}: {_quoted(quote['quote'])}"
        many = int(facts["people"]) - len(facts["quotes"][:LINES])
    elif facts["all"]:
        yield ", ".join(_flat(name, 60) for name in facts["sources"][:LINES])
        many = len(facts["sources"]) - LINES
    else:
        yield _flat(facts.get("detail"), 300)
    if many > 0:
        yield _says(t, "alerts.more", n=many)


def _quoted(text: object) -> str:
    return f"“{_flat(text, 300)}”" if text else ""


def _flat(text: object, most: int) -> str:
    return " ".join(plain(text, most).split())


def _name(facts: Mapping[str, Any]) -> str:
    return _flat(facts.get("name"), 60) or "-"


def _says(t: Translator, key: str, **values: object) -> str:
    return t(key, **values).unescape()
