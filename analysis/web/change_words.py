"""A change in the reader's language, from what it stores: its kind, its field, old and new.

The stored line (``words``) is English and is read here only for what stands nowhere else: the name
of the offer a price is of. A change nobody knows how to say is shown as stored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.web.i18n import Translator

_POSITIONING = ("tagline", "positioning", "heading", "title", "description")
_ENDING = re.compile(r"^(?P<amount>.*?) (?:a (?P<period>day|week|month|quarter|year)|once)$")
_PAGE = re.compile(r"^(?:New|Removed) [a-z_ ]+: ")
_LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A change to be shown as ``subject · what: old -> new``; each is empty where there is none.

    ``subject`` is crawled (an offer's name), ``what`` ours, ``old`` and ``new`` crawled.
    """

    subject: str = ""
    what: str = ""
    old: str = ""
    new: str = ""

    def line(self) -> str:
        """All of it in one line of text."""
        lead = " · ".join(part for part in (self.subject, self.what) if part)
        move = " → ".join(part for part in (self.old, self.new) if part)
        return ": ".join(part for part in (lead, move) if part)


def tell(t: Translator, change: Mapping[str, Any]) -> Told:
    """A row of ``changes`` (kind, field, words, old, new) in the translator's language."""
    kind, field = str(change.get("kind") or ""), str(change.get("field") or "")
    words = _cut(change.get("words"))
    old, new = _cut(change.get("old")), _cut(change.get("new"))
    step = "changed" if old and new else "begins" if new else "ends"
    if kind in ("new_page", "removed_page"):
        title = _PAGE.sub("", words, count=1)
        return Told(old=title) if kind == "removed_page" else Told(new=title)
    if not old and not new:
        return Told(subject=words)
    if kind == "price":
        return Told(subject=_subject(words, old), old=_price(t, old), new=_price(t, new))
    if kind == "availability":
        return Told(
            subject=_before(words, ": "),
            old=t.word("availability", old).unescape() if old else "",
            new=t.word("availability", new).unescape() if new else "",
        )
    if kind == "promotion" and field == "price_before":
        began = ": on sale, " in words
        subject = _before(words, ": on sale, " if began else ": sale ended, ")
        what = _what(t, "sale_begins" if began else "sale_ends")
        return Told(subject=subject, what=what, old=_price(t, old), new=_price(t, new))
    if kind == "plan":
        return _plan(t, field, step, words, old, new)
    if kind == "promotion":
        subject = _before(words, ": promotion")
        return Told(subject=subject, what=_what(t, f"promotion_{step}"), old=old, new=new)
    if kind in ("channel", "hiring", "audience"):
        return Told(what=_what(t, f"{kind}_{step}"), old=old, new=new)
    if kind == "positioning" and field in _POSITIONING:
        return Told(what=_what(t, field), old=old, new=new)
    return Told(old=old, new=new)


def _plan(t: Translator, field: str, step: str, words: str, old: str, new: str) -> Told:
    if field == "name":
        return Told(what=_what(t, "plan_renamed"), old=old, new=new)
    label = new or old
    price = words.rpartition(f"{label}, ")[2] if f"{label}, " in words else ""
    price = _price(t, price)
    whole = f"{label}, {price}" if price else label
    if step == "begins":
        return Told(what=_what(t, "plan_begins"), new=whole)
    if step == "ends":
        return Told(what=_what(t, "plan_ends"), old=whole)
    return Told(old=old, new=new)


def _what(t: Translator, key: str) -> str:
    """What happened; empty for what no catalogue has words for."""
    return str(t.phrase("told", key))


def _price(t: Translator, text: str) -> str:
    """A price's own words, its period and ``free`` in the reader's language."""
    if text in ("free", "no price"):
        return _what(t, text.replace(" ", "_"))
    found = _ENDING.fullmatch(text)
    if found is None:
        return text
    if found["period"] is None:
        return found["amount"]
    return f"{found['amount']} / {t.word('period', found['period'])}"


def _subject(words: str, old: str) -> str:
    """What a price is of: the words before the old price's."""
    first = old.split(" ", maxsplit=1)[0]
    return _before(words, f": {first}") if f": {first}" in words else _before(words, ": ")


def _before(words: str, mark: str) -> str:
    found, mark, _ = words.rpartition(mark)
    return found if mark else ""


def _cut(text: object) -> str:
    return " ".join(str(text or "")[:_LONGEST].split())
