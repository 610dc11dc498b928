"""The rules of a language: TOML in, compiled patterns out.

A language's rules are ``rules/LANG.toml`` and every ``rules/LANG.PART.toml``, read as if they were
one file: word lists are shared, and a name given twice is an error. Together they hold

* ``[spelling]``: short spellings written out before anything is matched;
* ``[negation]``: ``before`` and ``after``, what negates a match it touches; ``accents_only``, more
  of the first that without accents mean something else; ``asked``, what right after a match makes
  it a question;
* ``[words]``: named lists, used in patterns as ``<name>``;
* ``[GROUP.NAME]`` tables: one rule each. ``match`` is a list of patterns; every one counts for
  ``GROUP`` with ``weight`` (default 1.0). ``turns`` names the group a negated match counts for
  (``""``: negated matches are dropped, absent: negation does not matter). ``unless`` lists
  patterns that must not stand in the same sentence, ``unless_before`` in the words of the clause
  right before. ``value`` is what the match says (a barrier's word, a switch's status). ``flags``
  say what else must hold of the match's sentence: ``own`` (nobody else's words, no supposition),
  ``voice`` (speaks of its author), ``statement`` (asks nothing), ``asks`` (does), ``market`` (the
  post is near this market), ``named`` and ``brands`` (a side is named, is a name), ``sides`` (both
  sides of a switch are found in the post), ``left`` (its author uses another brand), ``pair`` (two
  listed brands stand there), ``owner`` (counts for who uses one), ``asked`` (counts in questions).

In patterns ``<brand>`` is the name of a listed brand, ``<other>`` the word list of that name;
``..`` is a short gap inside a clause and ``...`` a longer one inside a sentence; in spaced
languages patterns match whole words.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from crawlers.spotting import Phrasebook
from pipelines.demand.anchors import leading, needed
from pipelines.demand.brands import BRAND_LETTER
from pipelines.demand.folded import bare

LANGUAGES = ("en", "zh", "vi")

_MACRO = re.compile(r"(?<!\?P)<([a-z_]+)>")
_CLAUSE_GAP = r"[^,.;:!?\n，。；：！？、]{0,24}?"
_SENTENCE_GAP = r"[^.!?\n。！？]{0,60}?"
_SETTINGS = ("spelling", "words", "negation")


@dataclass(frozen=True, slots=True)
class Rule:
    """One table of the file."""

    id: str
    group: str
    weight: float
    value: str
    turns: str | None
    flags: frozenset[str]


@dataclass(slots=True)
class _Pattern:
    """One pattern of a rule, compiled when a text first holds what it needs."""

    rule: Rule
    source: str
    unless: str
    unless_before: str
    anchors: frozenset[str] | None
    starts: frozenset[str] | None
    compiled: re.Pattern[str] | None = field(default=None)

    def regex(self) -> re.Pattern[str]:
        if self.compiled is None:
            self.compiled = re.compile(self.source)
        return self.compiled


class Hit(NamedTuple):
    """A rule that matched, where, and the places of its named groups.

    A tuple: a post has dozens, and frozen dataclasses cost four times as much to build.
    """

    rule: Rule
    start: int
    end: int
    groups: Mapping[str, tuple[int, int]]


class Rulebook:
    """All rules of one language, in one way of typing (with accents, or without)."""

    def __init__(self, language: str, *, accents: bool = True) -> None:
        self.language = language
        self.accents = accents
        self.spaced = language != "zh"
        data = _merged(language)
        typed = (lambda text: text) if accents else bare
        self.spelling: dict[str, str] = {
            typed(short): typed(full)
            for full, shorts in data.get("spelling", {}).items()
            for short in shorts.split("|")
            if typed(short) != typed(full)
        }
        self.spelling_pattern = (
            re.compile(
                r"(?<!\w)(?:"
                + "|".join(sorted(map(re.escape, self.spelling), key=len, reverse=True))
                + r")(?!\w)"
            )
            if self.spelling
            else None
        )
        self._words = {name: _listed(value) for name, value in data.get("words", {}).items()}
        self._words["brand"] = [BRAND_LETTER + "+"]
        self.aspects = re.compile(self._finished("<aspect>")) if "aspect" in self._words else None
        self.first_person = (
            re.compile(self._finished("<first_person>")) if "first_person" in self._words else None
        )
        self.patterns = [
            pattern
            for group, rules in data.items()
            if group not in _SETTINGS
            for name, rule in rules.items()
            for pattern in self._patterns_of(group, name, rule)
        ]
        negation = data.get("negation", {})
        before = [
            *negation.get("before", ()),
            *(negation.get("accents_only", ()) if accents else ()),
        ]
        self._negated_before = self._touching(before, "(?:{})$")
        self._negated_after = self._touching(negation.get("after", ()), "(?:{})")
        self._asked = self._touching(negation.get("asked", ()), "(?:{})")
        self._ambiguous = (
            frozenset() if accents else frozenset(negation.get("ambiguous", "").split("|"))
        )
        self._always = _bits(n for n, p in enumerate(self.patterns) if p.anchors is None)
        anchors = {anchor for p in self.patterns for anchor in p.anchors or ()}
        literals = sorted(anchors.union(*(p.starts or () for p in self.patterns)))
        numbers = {literal: number for number, literal in enumerate(literals)}
        by_literal: list[list[int]] = [[] for _ in literals]
        by_start: list[list[int]] = [[] for _ in literals]
        for number, pattern in enumerate(self.patterns):
            for anchor in pattern.anchors or ():
                by_literal[numbers[anchor]].append(number)
            for start in pattern.starts or ():
                by_start[numbers[start]].append(number)
        # Sets of patterns as bits of one number: a text's literals are joined in a few steps.
        self._by_literal, self._by_start = list(map(_bits, by_literal)), list(map(_bits, by_start))
        self._anywhere = _bits(n for n, p in enumerate(self.patterns) if p.starts is None)
        self._starts = [
            None if p.starts is None else frozenset(numbers[start] for start in p.starts)
            for p in self.patterns
        ]
        self._literals = Phrasebook(literals)

    def hits(self, text: str) -> Iterator[Hit]:
        """Every match of every rule, rule by rule in the file's order. ``text`` is folded."""
        places: dict[int, list[int]] = {}
        seen: set[int] = set()
        spaced = self.spaced
        for number, start, _ in self._literals.spot(text):
            seen.add(number)
            if not (spaced and start and ((before := text[start - 1]).isalnum() or before == "_")):
                if number in places:
                    places[number].append(start)
                else:
                    places[number] = [start]
        present = frozenset(places)
        live, begun = self._always, self._anywhere
        for number in seen:
            live |= self._by_literal[number]
        for number in places:
            begun |= self._by_start[number]
        for number in _numbers(live & begun):
            pattern = self.patterns[number]
            compiled = pattern.compiled or pattern.regex()
            beginnings = self._starts[number]
            matches: Iterable[re.Match[str]] = (
                compiled.finditer(text)
                if beginnings is None
                else _matches(compiled, text, beginnings & present, places)
            )
            for match in matches:
                if match.end() == match.start() or match[0] in self._ambiguous:
                    continue
                if pattern.unless and _compiled(pattern.unless).search(
                    text, *_sentence_around(text, match.start(), match.end())
                ):
                    continue
                if pattern.unless_before and _compiled(pattern.unless_before).search(
                    _clause_before(text, match.start())
                ):
                    continue
                groups = (
                    {k: match.span(k) for k, v in match.groupdict().items() if v is not None}
                    if compiled.groupindex
                    else _NO_GROUPS
                )
                yield Hit(pattern.rule, match.start(), match.end(), groups)

    def negated(self, text: str, start: int, end: int) -> bool:
        """Whether a match is negated by the words of its clause right before or after it."""
        clause = _clause_before(text, start)
        if self._negated_before is not None and self._negated_before.search(clause):
            return True
        return self._negated_after is not None and bool(self._negated_after.match(text, end))

    def asked(self, text: str, end: int) -> bool:
        """Whether the words right after a match make it a question ("lag không?")."""
        return self._asked is not None and bool(self._asked.match(text, end))

    def _touching(self, sources: Iterable[str], frame: str) -> re.Pattern[str] | None:
        source = self._framed(sources, frame)
        return re.compile(source) if source else None

    def _framed(self, sources: Iterable[str], frame: str) -> str:
        joined = "|".join(self._expanded(source) for source in sources)
        return frame.format(joined) if joined else ""

    def _patterns_of(self, group: str, name: str, table: dict[str, Any]) -> Iterator[_Pattern]:
        if not self.accents and table.get("accents_only"):
            return
        rule = Rule(
            id=f"{self.language}/{group}.{name}",
            group=group,
            weight=float(table.get("weight", 1.0)),
            value=str(table.get("value", name)),
            turns=table.get("turns"),
            flags=frozenset(table.get("flags", ())),
        )
        unless = "|".join(self._finished(source) for source in table.get("unless", ()))
        frame = r"(?<!\w)(?:{})(?!\w)" if self.spaced else "(?:{})"
        before = self._framed(table.get("unless_before", ()), frame)
        for source in _listed_patterns(table["match"]):
            finished = self._finished(source)
            yield _Pattern(rule, finished, unless, before, needed(finished), leading(finished))

    def _expanded(self, source: str) -> str:
        for _ in range(4):  # lists may name lists
            source = _MACRO.sub(self._expand, source)
        source = source.replace("...", _SENTENCE_GAP).replace("..", _CLAUSE_GAP)
        return source if self.accents else bare(source)

    def _finished(self, source: str) -> str:
        source = self._expanded(source)
        return rf"(?<!\w)(?:{source})(?!\w)" if self.spaced else source

    def _expand(self, match: re.Match[str]) -> str:
        name = match[1]
        if name not in self._words:
            raise ValueError(f"rules/{self.language}.toml: no word list named <{name}>")
        return "(?:" + "|".join(self._words[name]) + ")"


@lru_cache(maxsize=2_048)
def _compiled(source: str) -> re.Pattern[str]:
    """Compiled when it is first asked for: most of a language's patterns are, in a post, not."""
    return re.compile(source)


def _matches(
    compiled: re.Pattern[str],
    text: str,
    beginnings: frozenset[int],
    places: Mapping[int, Sequence[int]],
) -> Sequence[re.Match[str]]:
    """A pattern's matches, left to right, none overlapping.

    :param beginnings: the literals found with one of which it may begin.
    :param places: where each literal stands, in order.
    """
    if len(beginnings) == 1:
        (literal,) = beginnings
        starts = places[literal]
    else:
        starts = sorted({start for literal in beginnings for start in places[literal]})
    match_at = compiled.match
    found: list[re.Match[str]] = []
    end = 0
    for start in starts:
        if start >= end and (match := match_at(text, start)):
            found.append(match)
            end = match.end()
    return found


def _merged(language: str) -> dict[str, dict[str, Any]]:
    """All rule files of a language as one, its main file first.

    :raises ValueError: where two files define the same rule, word list or setting.
    """
    folder = files("pipelines.demand").joinpath("rules")
    main = f"{language}.toml"
    parts = sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.name.startswith(f"{language}.") and entry.name.endswith(".toml")
    )
    merged: dict[str, dict[str, Any]] = {}
    for part in [main, *(name for name in parts if name != main)]:
        _merge(merged, tomllib.loads(folder.joinpath(part).read_text("utf-8")), part)
    return merged


def _merge(merged: dict[str, dict[str, Any]], more: dict[str, dict[str, Any]], part: str) -> None:
    for group, tables in more.items():
        known = merged.setdefault(group, {})
        for name, table in tables.items():
            if name in known:
                raise ValueError(
                    f"rules/{part}: {group}.{name} is defined in another file of this language; "
                    "rename it here, or extend it there"
                )
            known[name] = table


def _bits(numbers: Iterable[int]) -> int:
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return bits


def _numbers(bits: int) -> Iterator[int]:
    """The numbers of a set of bits, rising."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


_NO_GROUPS: Mapping[str, tuple[int, int]] = {}
_CLAUSE_START = re.compile(r"^.*[,.;:!?\n，。；：！？、()]", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++(?=\s|$)|[\n。！？]")


def _clause_before(text: str, start: int) -> str:
    """The words of the clause right before a place, 32 characters at most."""
    return _CLAUSE_START.sub("", text[max(0, start - 32) : start])


_SENTENCE_REACH = 300


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around a place, at most 300 characters before it and after it."""
    begin = first = max(0, start - _SENTENCE_REACH)
    for match in _SENTENCE_END.finditer(text, first, start):
        begin = match.end()
    last = min(len(text), end + _SENTENCE_REACH)
    stop = _SENTENCE_END.search(text, end, last)
    return begin, stop.start() if stop else last


def _listed(value: str | Iterable[str]) -> list[str]:
    """A word list: a text parted by line breaks or ``|``, or a TOML array; longest first."""
    parts = _parted(value) if isinstance(value, str) else list(value)
    return sorted({part.strip() for part in parts if part.strip()}, key=len, reverse=True)


def _parted(value: str) -> list[str]:
    """The alternatives of a list; ``|`` inside brackets belongs to its alternative."""
    parts, depth, begin = [], 0, 0
    for at, char in enumerate(value):
        if char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char in "|\n" and depth == 0:
            parts.append(value[begin:at])
            begin = at + 1
    return [*parts, value[begin:]]


def _listed_patterns(value: str | Iterable[str]) -> list[str]:
    """Patterns: a TOML array, or a text with one pattern a line."""
    parts = value.split("\n") if isinstance(value, str) else list(value)
    return [part.strip() for part in parts if part.strip() and not part.strip().startswith("#")]


@lru_cache(maxsize=8)
def rulebook(language: str, *, accents: bool = True) -> Rulebook:
    """The compiled rules of a language, read once.

    :raises ValueError: for a language without rules.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no rules for language {language!r}; there are {', '.join(LANGUAGES)}")
    return Rulebook(language, accents=accents)
