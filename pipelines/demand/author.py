"""What the author of a post says of himself or herself: history of buying, purse, life, role.

Facts and their values:

* ``times_bought``: how often the thing was bought, this time among them: "1", "3", or "again"
  (more than once, unsaid how often; ``number`` is then 2);
* ``frequency``: "2 per week"; ``number`` is per month (a week 4.35, a day 30);
* ``tenure``: for how long it is used: "18 months"; ``number`` in months;
* ``budget``, ``spent``: "5000000-7000000 per month"; ``number`` is the upper end, in whole units of
  ``currency`` (``None`` where it cannot be told, as with "$" alone);
* ``owns``: a brand or a named good the author uses;
* ``segment``, ``role``, ``occasion``: ids of ``segments.toml``; a team's ``number`` is its people.

The words are in ``rules/LANG.author.toml``, groups ``author_FACT``. What is asked, supposed,
denied, told of others or advised to them says nothing of the author.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import cast

from crawlers.language import script_of
from pipelines.demand.amounts import count_of, months_of, rate_of, sum_of
from pipelines.demand.brands import BRAND_LETTER, Found
from pipelines.demand.context import Context
from pipelines.demand.reading import AuthorFact, Fact
from pipelines.demand.rulebook import Hit

__all__ = ["MOST_FACTS", "AuthorFact", "Fact", "fact_names", "read_author_facts"]

MOST_FACTS = 24
"""Facts kept of one post: who says more of himself than that lists things."""


@lru_cache(maxsize=1)
def fact_names() -> dict[str, dict[str, dict[str, str]]]:
    """Segments, roles and occasions: kind -> id -> language -> readable name."""
    source = files("pipelines.demand").joinpath("segments.toml").read_text("utf-8")
    listed = cast(dict[str, dict[str, dict[str, str]]], tomllib.loads(source))
    return {
        kind: {
            key: {lang: name for lang, name in entry.items() if lang != "words"}
            for key, entry in entries.items()
        }
        for kind, entries in listed.items()
    }


# What may be said while asking: who asks for a laptop under 500 names a budget.
_ASKED_TOO = frozenset({"budget", "segment", "role", "occasion"})
# Of these the sentence must speak of its author, in languages that name their subjects.
_OF_AUTHOR = frozenset({"times_bought", "frequency", "tenure", "spent", "owns"})


def read_author_facts(
    context: Context, groups: Mapping[str, Sequence[Hit]], found: Sequence[Found]
) -> tuple[AuthorFact, ...]:
    """What the matches of a post say of its author; no fact and value twice.

    :param groups: the post's matches by group, as the rulebook gives them.
    :param found: the listed brands in it.
    """
    facts: dict[tuple[str, str], AuthorFact] = {}
    for fact, read in _READERS.items():
        for hit in groups.get(f"author_{fact}", ()):
            if not _is_authors_own(context, hit, fact):
                continue
            said = read(context, hit)
            if said is not None:
                facts.setdefault((fact, said.value), said)
    if "use" in groups and found:
        for said in _brands_used(context, groups["use"], found):
            facts.setdefault(("owns", said.value), said)
    return tuple(_settled(facts.values()))[:MOST_FACTS] if facts else ()


def _is_authors_own(context: Context, hit: Hit, fact: str) -> bool:
    at = hit.start
    if context.negated(hit) or context.is_reported(at) or context.is_hypothetical(at):
        return False
    if context.is_advice_only(at):
        return False
    if fact not in _ASKED_TOO and (context.asks_clause(hit) or context.asks_about(hit)):
        return False
    if "asks" in hit.rule.flags and not context.is_question(at):
        return False
    return fact not in _OF_AUTHOR or context.is_first_person(at) or _opens(context, at)


_OPENING = re.compile(r"(?:just|finally|recently|already|also|so|and|yes|ok|only|have|been|,| )*")


def _opens(context: Context, at: int) -> bool:
    """Whether nothing but small words stands before: English leaves the "I" out there."""
    return bool(_OPENING.fullmatch(context.text, context.bounds(at)[0], at))


def _settled(facts: Iterable[AuthorFact]) -> Iterator[AuthorFact]:
    """One count of purchases a post: the highest, which includes the earlier ones."""
    known = list(facts)
    counts = [f for f in known if f.fact == "times_bought"]
    best = max(counts, key=lambda f: (f.number or 0, f.value != "again"), default=None)
    yield from (f for f in known if f.fact != "times_bought" or f is best)


def _words(context: Context, hit: Hit, name: str) -> str | None:
    place = hit.groups.get(name)
    return context.text[slice(*place)] if place else None


def _said(
    context: Context, hit: Hit, fact: Fact, value: str, number: float | None = None,
    currency: str | None = None,
) -> AuthorFact:  # fmt: skip
    return AuthorFact(
        fact=fact, value=value, number=number, currency=currency,
        quote=context.folded.quote(hit.start, hit.end), rule=hit.rule.id,
    )  # fmt: skip


def _times(context: Context, hit: Hit) -> AuthorFact | None:
    if hit.rule.value == "again":
        return _said(context, hit, "times_bought", "again", 2.0)
    words = _words(context, hit, "count") or _words(context, hit, "ordinal")
    if hit.rule.value == "1" or _words(context, hit, "first"):
        return _said(context, hit, "times_bought", "1", 1.0)
    times = count_of(words, context.book.language) if words else None
    if not times:
        return None
    return _said(context, hit, "times_bought", str(times), float(times))


# Times a month beyond which nobody buys or uses a thing: such a number counts orders of the
# author's own customers, steps, messages.
_OFTENEST = 10 * 30


def _frequency(context: Context, hit: Hit) -> AuthorFact | None:
    unit = _words(context, hit, "unit") or _words(context, hit, "adverb")
    if not unit:
        return None
    count, every = _words(context, hit, "count"), _words(context, hit, "every")
    rate = rate_of(count, every, unit, context.book.language)
    if rate is None or rate[1] > _OFTENEST:
        return None
    return _said(context, hit, "frequency", *rate)


def _tenure(context: Context, hit: Hit) -> AuthorFact | None:
    words = _words(context, hit, "span")
    months = months_of(words, context.book.language) if words else None
    return _said(context, hit, "tenure", f"{months:g} months", months) if months else None


# Smaller sums are other numbers ("花了三个小时", "2k" pixels): nobody names them as a price paid.
_LEAST = {None: 10, "VND": 10_000}


def _money(fact: Fact) -> Callable[[Context, Hit], AuthorFact | None]:
    def read(context: Context, hit: Hit) -> AuthorFact | None:
        words = _words(context, hit, "money")
        lang = context.book.language
        script = script_of(context.folded.original) if lang == "zh" else None
        amount = sum_of(words, lang, script=script) if words else None
        if amount is None or amount.high < _LEAST.get(amount.currency, 1):
            return None
        return _said(context, hit, fact, amount.text(), float(amount.high), amount.currency)

    return read


def _segment(context: Context, hit: Hit) -> AuthorFact | None:
    value = hit.rule.value
    people = _words(context, hit, "people")
    count = count_of(people, context.book.language) if people else None
    return _said(context, hit, "segment", value, float(count) if count else None)


def _plain(fact: Fact) -> Callable[[Context, Hit], AuthorFact | None]:
    return lambda context, hit: _said(context, hit, fact, hit.rule.value)


_NAME_WORD = re.compile(r"[A-ZÀ-Ỹ][\w+.-]*|[a-z]{1,3}[A-Z0-9][\w+-]*|\d{1,4}[A-Za-z]{0,3}")
_SPACE = re.compile(r"\s+")
_LATIN = re.compile(r"[A-Za-z0-9+.-]+(?: [A-Za-z0-9+.-]+)*")
# Capitals alone make no good: weekdays, months, greetings, the pronoun.
_NO_GOOD = frozenset(
    "i i'm i'll i've a an the mr mrs ms god english chinese french german spanish japanese tv pc "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december this that it both ok wifi wi-fi usb "
    "bluetooth diy ai".split()
)


def _named_good(context: Context, hit: Hit) -> AuthorFact | None:
    place = hit.groups.get("name")
    if place is None or BRAND_LETTER in context.text[slice(*place)]:
        return None  # listed brands are told by where they stand
    written = context.folded.quote(*place)
    name = _goods_name(written, context.book.language)
    return _said(context, hit, "owns", name) if name else None


def _goods_name(written: str, lang: str) -> str | None:
    """The words at the beginning that are written like a name ("Canon R6", "iPhone 13")."""
    if lang == "zh":
        latin = _LATIN.match(written)
        written = latin[0] if latin else ""
    words = []
    for word in _SPACE.split(written)[:4]:
        if not _NAME_WORD.fullmatch(word.rstrip(".,-")) or word.lower() in _NO_GOOD:
            break
        words.append(word.rstrip(".,-"))
    if words and words[-1].isdigit() and _counts_next(written, len(words)):
        words.pop()
    if not words or words[0][0].isdigit() or len("".join(words)) < 3:
        return None
    return " ".join(words)


_COUNTED = frozenset("tháng năm tuần ngày triệu months years weeks days times gb lần".split())


def _counts_next(written: str, at: int) -> bool:
    """Whether the number at the end of a name counts what follows ("ip7 5 tháng")."""
    return any(word.lower() in _COUNTED for word in _SPACE.split(written)[at : at + 1])


def _brands_used(
    context: Context, hits: Sequence[Hit], found: Sequence[Found]
) -> Iterator[AuthorFact]:
    """Listed brands named where the author says what he or she uses."""
    for hit in hits:
        inside = [f for f in found if hit.start <= f.start and f.end <= hit.end]
        if not inside or hit.rule.weight < 1:
            continue
        if context.text[hit.start : hit.end].startswith(_GIVEN_UP):
            continue
        if hit.rule.turns is None and context.negated(hit):
            continue
        if "statement" in hit.rule.flags and context.is_question(hit.start):
            continue
        if not _is_authors_own(context, hit, "owns"):
            continue
        for place in inside:
            yield _said(context, hit, "owns", place.brand.name)


_GIVEN_UP = ("left ", "never ", "won't ", "bỏ ", "bo ", "hate ", "miss ")

_READERS: dict[Fact, Callable[[Context, Hit], AuthorFact | None]] = {
    "times_bought": _times,
    "frequency": _frequency,
    "tenure": _tenure,
    "budget": _money("budget"),
    "spent": _money("spent"),
    "owns": _named_good,
    "segment": _segment,
    "role": _plain("role"),
    "occasion": _plain("occasion"),
}
