"""What stands around two names in an English sentence: does it say that one is the better?

Words are read as what they do (:data:`pairs.toml`): judge well or ill, compare, deny, set apart.
A judging word is told by who it speaks of (the name before it), what it is measured by (the name
after "than", "over") and whether it is denied; these together, and the order in which names and
judging words follow each other, are the features. So what is learnt of "faster" holds of words
never met in training.
"""

import itertools
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import cast

_TOKEN = re.compile(r"[^\W_]+(?:'[a-z]+)?|[?!.,;:()&/\"-]")
_COMPARATIVE = re.compile(r"[a-z]{2,}er")
_SUPERLATIVE = re.compile(r"[a-z]{3,}est")
_MARKS = dict.fromkeys(",;:()", ",") | dict.fromkeys(".!", ".") | {"?": "?"}
_CLAUSE = frozenset(",;:()-.?!")
_FIRST, _SECOND = "<A>", "<B>"
_BEFORE, _BETWEEN, _AFTER = 16, 30, 16  # words looked at
_REACH = 10  # words between a judging word and its "than"
_OBJECT = 6  # words between "than" and the name it leads to
_MEASURED = frozenset(
    ("beat", "lose", "over", "compared", "versus", "vs", "unlike", "instead", "rather", "prefer")
)


@lru_cache(maxsize=1)
def _classes() -> dict[str, str]:
    """Word -> what it does."""
    source = files("pipelines.demand.learnt").joinpath("pairs.toml").read_text("utf-8")
    data = cast(dict[str, str], tomllib.loads(source)["words"])
    return {word: name for name, listed in data.items() for word in listed.split()}


def pair_features(text: str, first: tuple[int, int], second: tuple[int, int]) -> set[str]:
    """Features of two names in a sentence.

    :param text: the folded sentence. :param first, second: where the names stand in it, in order.
    """
    before = _TOKEN.findall(text[: first[0]])[-_BEFORE:]
    between = _TOKEN.findall(text[first[1] : second[0]])[:_BETWEEN]
    after = _TOKEN.findall(text[second[1] :])[:_AFTER]
    tokens = [*before, _FIRST, *between, _SECOND, *after]
    features = {f"w:{word}" for word in (*before, *between, *after)}
    for name, part in (("p", before), ("m", between), ("s", after)):
        features.update(f"{name}:{word}" for word in part)
        features.update(f"{name}:{one} {two}" for one, two in itertools.pairwise(part))
        features.update(f"h:{name} {kind}" for word in part if (kind := _class_of(word)))
    features.update(_beside(tokens))
    features.update(_orders([_FIRST[1], _SECOND[1]], tokens))
    features.update(_judgements(tokens, between))
    return features


def _class_of(word: str) -> str | None:
    known = _classes().get(word)
    if known is not None:
        return None if known == "plain" else known
    if word.endswith("n't"):
        return "NO"
    if _COMPARATIVE.fullmatch(word):
        return "ER"
    return _MARKS.get(word)


def _beside(tokens: Sequence[str]) -> Iterator[str]:
    """The words next to the names."""
    for name, mark in (("a", _FIRST), ("b", _SECOND)):
        at = tokens.index(mark)
        for step in (-2, -1, 1, 2):
            if 0 <= at + step < len(tokens):
                yield f"{name}{step:+d}:{tokens[at + step]}"


def _orders(names: Sequence[str], tokens: Sequence[str]) -> Iterator[str]:
    """Names and telling words in the order they stand: all of them, and the judging ones only."""
    said = [token[1] if token in (_FIRST, _SECOND) else _class_of(token) for token in tokens]
    row = [kind for kind in said if kind]
    core = [kind for kind in row if kind in _CORE or kind in names]
    for mark, kinds, lengths in (("k", row, (2, 3, 4)), ("c", core, (3, 4, 5))):
        for length in lengths:
            for at in range(len(kinds) - length + 1):
                yield f"{mark}{length}:{' '.join(kinds[at : at + length])}"


_CORE = frozenset(
    ("+", "-", "ER", "MORE", "LESS", "THAN", "BEAT", "LOSE", "PREF", "NO", "OVER", "BUT", "AND")
)


def _judgements(tokens: Sequence[str], between: Sequence[str]) -> Iterator[str]:
    """Each judging word: how it judges, of whom, measured by whom, denied or not."""
    at_first, at_second = tokens.index(_FIRST), tokens.index(_SECOND)
    together = len(between) <= 3 and bool(between) and all(w in _JOINING for w in between)
    asks = "?" in tokens
    supposes = any(word in tokens for word in ("if", "whether", "would", "could", "should"))
    contrast = any(_class_of(word) == "BUT" for word in between)
    if together:
        yield "together"
    if asks:
        yield "asks"
    judged = False
    for at, word in enumerate(tokens):
        found = _judging(tokens, at)
        if found is None:
            continue
        judged = True
        kind, sign = found
        denied = any(_class_of(w) == "NO" for w in tokens[max(0, at - 4) : at] if w not in _CLAUSE)
        subject = ("AB" if together else "B") if at_second < at else "A" if at_first < at else "0"
        begin = {"A": at_first, "0": -1}.get(subject, at_second)
        apart = tokens[begin + 1 : at]
        measure = _measured_by(tokens, at, kind, (at_first, at_second), together=together)
        side = f"{sign} {subject} {measure}"
        no = " not" if denied else ""
        yield f"j1:{kind} {side}{no}"
        yield f"j2:{side}{no}"
        far = "far" if len(apart) > 9 else "mid" if len(apart) > 4 else "near"
        parted = "." if {".", ";", "?", "!"} & set(apart) else "," if _CLAUSE & set(apart) else ""
        yield f"j3:{side}{no} {far}{parted}"
        yield f"j4:{word} {subject} {measure}"
        if asks:
            yield f"j5:{side} asks"
        if supposes:
            yield f"j6:{side} supposed"
        if contrast:
            yield f"j7:{side} but"
    if not judged:
        yield "unjudged"


_JOINING = frozenset(("and", "or", "nor", "/", "&", ",", "the", "a", "both"))


def _judging(tokens: Sequence[str], at: int) -> tuple[str, str] | None:
    """How a word judges: (kind, sign), ``None`` where it does not."""
    word = tokens[at]
    kind = _class_of(word)
    after = tokens[at + 1] if at + 1 < len(tokens) else "."
    if kind in ("MORE", "LESS"):
        if after in _CLAUSE:
            return None
        ill = (_class_of(after) == "-") != (kind == "LESS")
        return ("morethan" if after in ("than", "then") else "more"), "-" if ill else "+"
    if kind in ("BEAT", "PREF"):
        return kind.lower(), "+"
    if kind == "LOSE":
        return "lose", "-"
    if kind == "OVER":
        return word, "o"
    if kind == "AS":
        return ("as", "=") if "as" in tokens[at + 2 : at + 5] else None
    if kind == "ER":
        return "er", "~"
    if kind in ("+", "-"):
        if _COMPARATIVE.fullmatch(word) or word in ("better", "worse", "superior", "inferior"):
            return "er", kind
        return ("est" if _SUPERLATIVE.fullmatch(word) else "judge"), kind
    if _SUPERLATIVE.fullmatch(word) and _classes().get(word) != "plain":
        return "est", "+"
    return None


def _measured_by(
    tokens: Sequence[str], at: int, kind: str, names: tuple[int, int], *, together: bool
) -> str:
    """The name a judging word is measured by: after its "than", or after itself."""
    stop = min(len(tokens), at + 1 + _REACH)
    than = at if kind in _MEASURED or kind == "pref" else None
    for place in range(at + 1, stop):
        if tokens[place] in ("than", "then"):
            than = place
            break
        if tokens[place] in (".", ";", "?"):
            break
    if than is None:
        return "none"
    first, second = names
    if than < first <= than + _OBJECT:
        return "AB" if together else "A"
    if than < second <= than + _OBJECT:
        return "B"
    return "far" if than < second else "other"
