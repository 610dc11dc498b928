"""What a page's lines say of the company: since when, how large, what it promises and sells.

The patterns are in ``company/words.toml``. All their literal parts are looked for in one scan of
the folded page; a pattern is tried only where its own stands. Pure.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

from crawlers.extract.company.audience import LEADS, aligned, audience_of
from crawlers.extract.company.claims import stands
from crawlers.folding import fold
from crawlers.spotting import Lines, Phrasebook

_LONGEST = 110  # characters of a phrase
_NUMBER = (
    r"(?:\d(?:[\d.,]{0,11}\d)?"
    r"(?:\s?(?:million|thousand|billion|trieu|nghin|ngan|ty|[km](?!\w)|[万千百亿]))?\s?[+]?"
    r"[多余]?)"
)
_BETWEEN = (
    r"\s+(?:(?!(?:for|in|of|to|per|by|all|the|and|with|on|at|our|your|a|is|are)\b)"
    r"[^\W\d][\w'-]*\s+){0,2}?"
)
_BETWEEN_HAN = r"[^\d,.，。、；;!?！？()（）\s]{0,6}?"
_ABBREVIATED = (
    r"(?<!\b[^\W\d])(?<!\b(?:tp|tx|tt|st|rd|dr|mt|ft|no|co|mr|ms))"
    r"(?<!\b(?:ave|ste|bld|str|inc|ltd|mrs|jsc|vnd))(?<!\bblvd)"
)
"""A dot behind these ends no sentence: ``TP. Hồ Chí Minh``, ``Q. 1``, ``High St. 4``."""
_DOT = rf"{_ABBREVIATED}\.(?![^\W_¹²³⁰⁴-⁹])(?!(?<=\d\.)\s\d)"
"""The dot that ends a sentence: not that of 4.8, of example.com, of an abbreviation."""
_STOP = re.compile(
    rf"{_DOT}|[!?;。！？；|•·…\n](?!\d)|,(?!\d)|，|、(?=[^、]{{12}})|：|:\s| [–—-] "
    r"|(?<=\S)\s+(?:with|without|who want|so you|so that|because|by providing|to help"
    r"|while|which|where)\s|\s(?:với|để|nhờ|bằng|mà không|giúp)\s",
    re.IGNORECASE,
)
_PLACE_STOP = re.compile(
    rf"{_DOT}|[!?;。！？；|•·…\n](?!\d)| [–—] |\s(?:with|from|for|and get|via|bằng)\s", re.I
)
_SEAT_STOP = re.compile(r"[,，。！？；;!?|•·…\n的]")
_SEAT = re.compile(r"^(?:公司|工厂|工廠|分公司)?(?:总部|總部)?(?:坐落|位|设|設)?[于於在](?=\S{2})")
"""What says in Chinese that a town follows; behind it a comma ends the town."""
_ITEM_STOP = re.compile(rf"、|{_STOP.pattern}", re.IGNORECASE)
_NAMES_STOP = re.compile(rf"{_DOT}|[!?;。！？；|•·…\n]| [–—-] ", re.IGNORECASE)
_NAMES = re.compile(
    r"[:：]|\b(?:including|includes?|such as|like)\b|\b(?:bao gồm|gồm|như)\b"
    r"|包括|包含|例如|如(?!果|何)",
    re.IGNORECASE,
)
"""Behind these, commas part the names of customers."""
_LABEL = re.compile(r"^[^:：]{2,30}[:：]\s*(?=\S)")
_MARK = re.compile(rf"{_DOT}|[!?。！？\n]", re.IGNORECASE)
_SIDE = 90  # characters of a quote to both sides
_TOKEN = re.compile(r"\d(?:[\s.,()+/-]{0,2}\d)*[^\W\d]*|[^\W一-鿿]+(?:['’.-][^\W一-鿿]+)*")
"""What no quote is cut in: a number, a telephone's groups of digits, a word."""
_FIELDS = (
    "customers", "trust", "after_sales", "sales", "founded", "size", "places", "markets",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A phrase met on a page.

    ``field`` is that of the company; ``text`` the line it stands in, ``line`` its number,
    ``start`` where in it the phrase begins.
    """

    field: str
    phrase: str
    text: str
    start: int
    line: int

    @property
    def quote(self) -> str:
        """The sentence it stands in, or 90 characters to both sides."""
        return around(self.text, self.start, self.start + len(self.phrase))

    @property
    def rule(self) -> str:
        """The name of the rule that fired."""
        return f"text:{self.field}"


@dataclass(frozen=True)
class _Rule:
    """A pattern, and whether its literal part is where it begins."""

    field: str
    source: str
    first: bool
    literal: str
    words: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when it is first tried: most pages need a few of the hundreds."""
        return re.compile(self.source)


@dataclass(frozen=True, slots=True)
class _Table:
    """Everything looked for: the phrases, and by its number what each is for."""

    book: Phrasebook
    rules: tuple[tuple[_Rule, ...], ...]
    kinds: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=2)
def _table(*, frame: bool) -> _Table:
    """The table of all that is said; of the words beside an address or a telephone alone."""
    source = files("crawlers.extract").joinpath("company/words.toml").read_text("utf-8")
    data = tomllib.loads(source)
    rules: dict[str, list[_Rule]] = {}
    kinds: dict[str, list[str]] = {}
    for name, words in data["contact"].items():
        for word in words:
            kinds.setdefault(word, []).append(name)
    if not frame:
        for name in _FIELDS:
            for lang, words in data[name].items():
                for word in dict.fromkeys(fold(word) for word in words):
                    rule = _rule(name, word, han=lang == "zh")
                    rules.setdefault(rule.literal, []).append(rule)
        for lead, kind in LEADS.items():
            kinds.setdefault(lead, []).append(kind)
        for name, words in data["headings"].items():
            for word in dict.fromkeys(fold(word) for word in words):
                kinds.setdefault(word, []).append(f"heading:{name}")
    phrases = tuple(dict.fromkeys((*rules, *kinds)))
    return _Table(
        Phrasebook(phrases),
        tuple(tuple(sorted(rules.get(phrase, ()), key=_longest)) for phrase in phrases),
        tuple(tuple(kinds.get(phrase, ())) for phrase in phrases),
    )


def _longest(rule: _Rule) -> int:
    return -len(rule.words)


def _rule(name: str, word: str, *, han: bool) -> _Rule:
    """A pattern of the table as an expression over folded text."""
    literal = max(re.split(r"[*#~]", word), key=len).strip()
    number = rf"\s?{_NUMBER}\s?" if han else _NUMBER
    between = _BETWEEN_HAN if han else _BETWEEN
    body = ""
    for part in re.split(r"([*#]| ?~ ?)", word):
        if part == "#":
            body += number
        elif part == "*":
            body += r"[^。！？；;.!?\n]{0,60}?"
        elif "~" in part:
            body += between
        elif han:
            body += re.escape(part).replace(r"\ ", r"\s?")
        else:
            body += re.escape(part).replace(r"\ ", r"\s+")
    if word.endswith("*"):
        body = body.removesuffix(r"[^。！？；;.!?\n]{0,60}?") + rf"[^。！？；;!?\n]{{0,{_LONGEST}}}"
    elif word.endswith("~"):
        last = r"[万千百亿多余+]*[件单份台套杯瓶人笔]?" if han else r"(?:\s+[^\W\d]+)?"
        body = body.removesuffix(between) + last
    if word.startswith("#"):
        body = r"(?<![\d.,$€£¥/-])" + body
    elif not han and word[0].isalnum():
        body = r"(?<!\w)" + body
    if not han and word[-1].isalnum():
        body += r"(?!\w)"
    return _Rule(name, body, word.startswith(literal), literal, word)


@dataclass(slots=True)
class Spots:
    """Where on a page something is worth reading.

    ``said``: line -> rules that may hold there, and leads of an audience, with their offset;
    ``kinds``: the lines that hold a word of a kind (``phone``, ``heading:customers``).
    """

    whole: Lines
    said: dict[int, list[tuple[_Rule | str, int]]]
    kinds: dict[str, list[int]]

    def of_kind(self, *kinds: str) -> list[int]:
        """The lines that hold a word of one of these kinds, in order."""
        return sorted({number for kind in kinds for number in self.kinds.get(kind, ())})


def spots_of(whole: Lines, *, frame: bool = False) -> Spots:
    """One scan of the page's folded lines for everything a company says of itself.

    :param frame: look only for what stands in any page's frame: telephones and addresses.
    """
    spots = Spots(whole, {}, {})
    said, kinds = spots.said, spots.kinds
    table = _table(frame=frame)
    starts = whole.starts
    for which, start, _ in table.book.spot(whole.joined):
        number = bisect_right(starts, start) - 1
        for rule in table.rules[which]:
            said.setdefault(number, []).append((rule, start - starts[number]))
        for kind in table.kinds[which]:
            if kind.startswith("audience:"):
                said.setdefault(number, []).append((kind, start - starts[number]))
            else:
                kinds.setdefault(kind, []).append(number)
    return spots


def said_in(spots: Spots, numbers: Iterable[int]) -> Iterator[Said]:
    """What the lines of these numbers say, in the order given."""
    whole = spots.whole
    starts = whole.starts
    for number in numbers:
        end = starts[number + 1] - 1 if number + 1 < len(starts) else len(whole.joined)
        line, folded = whole.lines[number], whole.joined[starts[number] : end]
        same = len(line) == len(folded)
        if not same:
            line, folded = aligned(line)
        if "，" in line:
            folded = _with_commas(line, folded)
        leads: list[tuple[str, int]] = []
        found: list[Said] = []
        taken: set[tuple[str, int]] = set()
        for rule, offset in spots.said[number]:
            if isinstance(rule, str):
                leads.append((rule, offset))
            elif (
                said := _said(rule, line, folded, offset if same else 0, taken, number)
            ) is not None:
                found.append(said)
        yield from _outermost(found)
        if leads:
            for served in audience_of(line, folded, leads if same else None):
                yield Said(
                    field="audience", phrase=served.text, text=line, start=served.start, line=number
                )


def _outermost(found: list[Said]) -> list[Said]:
    """Without those that are part of another of their field: ``免运`` in ``满千免运``."""
    return [
        one
        for one in found
        if not any(
            other is not one
            and other.field == one.field
            and other.start <= one.start
            and one.start + len(one.phrase) <= other.start + len(other.phrase)
            and len(one.phrase) < len(other.phrase)
            for other in found
        )
    ]


def _with_commas(line: str, folded: str) -> str:
    """Folding makes a Chinese comma one that may stand inside a number: put it back."""
    return "".join(c if o != "，" else o for o, c in zip(line, folded, strict=True))


def _said(
    rule: _Rule, line: str, folded: str, offset: int, taken: set[tuple[str, int]], number: int
) -> Said | None:
    match = (
        rule.pattern.match(folded, offset)
        if rule.first and offset
        else rule.pattern.search(folded, max(0, offset - 80))
    )
    if match is None or (rule.field, match.start()) in taken:
        return None
    start, end = match.span()
    if not stands(rule.field, rule.words, folded, start, end):
        return None
    taken.add((rule.field, start))
    phrase = _phrase(rule, line[start:end])
    if len(phrase) < 2:
        return None
    start = max(start, line.find(phrase, start))
    return Said(field=rule.field, phrase=phrase, text=line, start=start, line=number)


def _phrase(rule: _Rule, matched: str) -> str:
    """What a match says, cut where its field's phrases end, without its label."""
    least = len(rule.literal)
    if rule.field in ("places", "markets"):
        seat = _SEAT.match(matched) if rule.field == "places" else None
        if seat:
            return clause(matched[seat.end() :], 0, stop=_SEAT_STOP)
        return _LABEL.sub("", clause(matched, least, stop=_PLACE_STOP), count=1)
    if rule.field == "customers":
        names = _NAMES.search(matched)
        if names and not _STOP.search(matched, least, max(least, names.start())):
            return _LABEL.sub("", clause(matched, names.end(), stop=_NAMES_STOP), count=1)
    return clause(matched, least, stop=_ITEM_STOP if rule.field == "after_sales" else _STOP)


def clause(phrase: str, least: int = 4, *, stop: re.Pattern[str] = _STOP) -> str:
    """A phrase cut where its clause ends, on one line, at most 110 characters.

    :param least: no end is looked for in so many of its first characters.
    """
    end = stop.search(phrase, min(least, len(phrase)))
    cut = phrase[: end.start()] if end else phrase
    if len(cut) > _LONGEST:
        cut = cut[:_LONGEST].rsplit(" ", 1)[0] if " " in cut[:_LONGEST] else cut[:_LONGEST]
    return " ".join(cut.split()).strip(" ,，、:：-–—\"'“”(（")


def around(text: str, start: int, end: int) -> str:
    """The sentence, or 90 characters to both sides; never cut inside a word or a number."""
    left, right = max(0, start - _SIDE), min(len(text), end + _SIDE)
    for mark in _MARK.finditer(text, left, start):
        left = mark.end()
    stop = _MARK.search(text, end, right)
    right = stop.end() if stop else right
    for token in _TOKEN.finditer(text, max(0, left - _SIDE), min(len(text), right + _SIDE)):
        if token.start() < left < token.end():
            left = token.end() if token.end() <= start else token.start()
        if token.start() < right < token.end():
            right = token.start() if token.start() >= end else token.end()
    return text[left:right].strip()
