"""Phrases in which a company speaks of itself: whom it serves, since when, what it promises.

The patterns are in ``company_words.toml``; a phrase ends where its clause does.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files

from crawlers.extract.spotting import Lines, Phrasebook

_LONGEST = 110  # characters of a phrase
_LINE = 700  # characters of a line read
_STOP = re.compile(
    r"[.!?;。！？；|•·…\n]|,(?!\d)|，|、(?=[^、]{12})|：|:\s| [–—-] "
    r"|(?<=\S)\s+(?:with|without|who want|so you|so that|because|by providing|to help"
    r"|while|which|where)\s|\s(?:với|để|nhờ|bằng|mà không|giúp)\s",
    re.IGNORECASE,
)
_NUMBER = (
    r"\d[\d.,]{0,12}\+?"
    r"(?:\s?(?:million|thousand|billion|k|m|triệu|nghìn|ngàn|tỷ|万|千|百|亿|萬|億)\+?)?"
)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]\d\d|20[0-4]\d)(?!\d)")
# Words after "for" that name no one served.
_NOBODY = re.compile(
    r"^(?:the |a |an |your |our |this |that )?(?:next|first|last|time|example|free|more|sale"
    r"|rent|now|today|details|instance|all of|everything|each|any|ever|good|\d+|us|you|it"
    r"|this|that|them|yourself)\b"
    r"|^(?:việc|mục đích|nhu cầu|thời gian|điều|đó|bạn$|mình$|这|那|此|以下|您$|你$|我)",
    re.IGNORECASE,
)
# What stands before the ones served.
_SERVED = re.compile(
    r"\b(?:for|help|helping|by|serve|serving|with|at|to|whether you're|whether you are|empowering"
    r"|include|cho|với|đến|tới|giúp|phục vụ|bởi|cùng|voi)\b|[于為为合向对對助力於能足]",
    re.IGNORECASE,
)
_VERBS_ONLY = re.compile(
    r"^(?:to|by|with|in|on|at|of|and|or|from|đến|từ|và|hoặc|tại)\b", re.IGNORECASE
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """(literal looked for first, field, pattern), longer literals first."""
    source = files("crawlers.extract").joinpath("company_words.toml").read_text("utf-8")
    compiled = []
    for name, languages in tomllib.loads(source).items():
        groups: dict[str, list[str]] = {}
        for lang, words in languages.items():
            for word in dict.fromkeys(words):
                groups.setdefault(_literal(word), []).append(_piece(word, han=lang == "zh"))
        for literal, pieces in groups.items():
            pieces.sort(key=len, reverse=True)
            compiled.append((literal, name, re.compile("|".join(pieces), re.IGNORECASE)))
    compiled.sort(key=lambda entry: -len(entry[0]))
    return tuple(compiled)


@lru_cache(maxsize=1)
def _literals() -> Phrasebook:
    return Phrasebook(literal for literal, _, _ in _patterns())


def _literal(word: str) -> str:
    """The longest literal part of a pattern, without its outer spaces."""
    return max(re.split(r"[*#]", word), key=len).strip().lower()


def _piece(word: str, *, han: bool) -> str:
    out: list[str] = []
    for part in re.split(r"([*#])", word):
        if part == "#":
            out.append(_NUMBER if not out else rf"\s?{_NUMBER}")
        elif part == "*":
            out.append(r"[^。！？；;.!?\n]{1,60}?" if out or han else r"[^.!?;\n]{1,60}?")
        else:
            out.append(re.escape(part.strip()).replace(r"\ ", r"\s+") if part.strip() else "")
            if part.endswith(" ") and part.strip():
                out.append(r"\s+" if not part.strip().endswith(":") else r"\s*")
            elif part[:1] == " " and len(out) > 1:
                out.insert(-1, r"\s+")
    body = "".join(out)
    if word.endswith("*"):
        body = body[: body.rfind("[")] + rf"[^。！？；;!?\n]{{0,{_LONGEST}}}"
    first, last = word[0], word[-1]
    edge = (
        r"(?<!\w)"
        if not han and (first.isalnum() or first == "#")
        else r"(?<!\d)"
        if first == "#"
        else ""
    )
    end = r"(?!\w)" if not han and last.isalnum() else ""
    return f"(?:{edge}{body}{end})"


def phrases_of(lines: Iterable[str], *, articles: bool) -> Iterator[tuple[str, str, str, str]]:
    """(field, phrase, quote, rule) of every pattern met, in the order of the lines.

    :param articles: an article speaks of others: only founding and audience patterns of a
        company's own voice are not read there at all.
    """
    if articles:
        return
    starts = [line[:_LINE] for line in lines]
    whole = Lines(starts, "\n".join(starts).lower())
    patterns = _patterns()
    hits: dict[int, set[int]] = {}
    for which, start, _ in _literals().spot(whole.joined):
        hits.setdefault(whole.line_at(start), set()).add(which)
    for number in sorted(hits):
        text = whole.lines[number]
        taken: set[tuple[str, int]] = set()
        for literal, name, pattern in (patterns[which] for which in sorted(hits[number])):
            for match in pattern.finditer(text):
                if (name, match.start()) in taken:
                    continue
                taken.add((name, match.start()))
                if name == "founded":
                    if _YEAR.search(match[0]):
                        quote = _around(text, match.start(), match.end())
                        yield name, match[0], quote, "text:founded"
                    continue
                phrase = clause(_unlabelled(match[0]), literal)
                if _says(name, phrase):
                    quote = _around(text, match.start(), match.start() + len(phrase))
                    yield name, phrase, quote, f"text:{name}"


_LABEL = re.compile(r"^[^:：]{2,20}[:：]\s*(?=\S{2})")


def _unlabelled(phrase: str) -> str:
    """``Địa chỉ: 12 ...`` without its label."""
    return _LABEL.sub("", phrase, count=1)


def clause(phrase: str, literal: str = "") -> str:
    """A phrase cut where its clause ends, on one line, at most 110 characters.

    :param literal: the words by which it was found; no end is looked for inside them.
    """
    at = phrase.lower().find(literal) if literal else -1
    stop = _STOP.search(phrase, at + len(literal) if at >= 0 else 4)
    cut = phrase[: stop.start()] if stop else phrase
    if len(cut) > _LONGEST:
        cut = cut[:_LONGEST].rsplit(" ", 1)[0] if " " in cut[:_LONGEST] else cut[:_LONGEST]
    return " ".join(cut.split()).strip(" ,，、:：-–—\"'“”()（）")


def _says(name: str, phrase: str) -> bool:
    """Whether something is left that says something: an audience needs someone."""
    if name == "audience":
        parts = _SERVED.split(phrase, maxsplit=1)
        rest = parts[-1].strip()
        if len(rest) < 2 or _NOBODY.search(rest) or _VERBS_ONLY.search(rest):
            return False
        return not rest.isdigit()
    return len(phrase) >= 2


def _around(text: str, start: int, end: int) -> str:
    """The sentence, or 150 characters to both sides."""
    left = max(text.rfind(mark, 0, start) for mark in ".!?。！？\n") + 1
    right = min(
        (at for at in (text.find(mark, end) for mark in ".!?。！？\n") if at >= 0),
        default=len(text),
    )
    return text[max(left, start - 150) : min(right + 1, end + 150)].strip()


def year_of(phrase: str, now: int) -> int | None:
    """The year in a founding phrase: 1600 to this year."""
    match = _YEAR.search(phrase)
    year = int(match[0]) if match else None
    return year if year and 1600 <= year <= now else None
