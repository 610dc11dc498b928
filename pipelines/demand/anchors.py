"""Which literals a pattern cannot match without: what makes thousands of rules cheap.

``needed(pattern)`` gives a set of strings one of which must stand in any text the pattern
matches, ``leading(pattern)`` a set with one of which every match begins; ``None`` where no such
set is found. A text that holds none of them is never searched, and one that holds a leading
literal is tried only there. Reads the plain part of the syntax: literals, escapes, classes,
groups, alternatives, quantifiers.
"""

import re
from functools import lru_cache, reduce


@lru_cache(maxsize=4_096)
def needed(pattern: str) -> frozenset[str] | None:
    """The literals of which at least one must occur; ``None`` where the pattern demands none."""
    found, _ = _alternatives(pattern, 0)
    return found


def leading(pattern: str) -> frozenset[str] | None:
    """The literals with one of which every match begins; ``None`` where that cannot be told."""
    found = _leading_alternatives(pattern, 0)[0]
    return frozenset(found) if found and "" not in found else None


def _leading_alternatives(pattern: str, at: int) -> tuple[set[str] | None, int]:
    union: set[str] | None = set()
    while True:
        branch, at = _leading_sequence(pattern, at)
        union = None if branch is None or union is None else union | branch
        if at < len(pattern) and pattern[at] == "|":
            at += 1
            continue
        return union, at


def _leading_sequence(pattern: str, at: int) -> tuple[set[str] | None, int]:
    """What a branch can begin with; ``""`` among it where all of it may be absent."""
    starts: set[str] | None = set()
    settled = False
    run = ""
    while at < len(pattern) and pattern[at] not in "|)":
        begin = at
        literal, _, at = _atom(pattern, at)
        optional, repeated, at = _quantifier(pattern, at)
        if settled or starts is None:
            continue
        if literal is not None and not optional:
            run += literal
            settled = repeated
            continue
        if run:
            settled = True
            continue
        if _is_zero_width(pattern, begin):
            continue
        inner = {literal} if literal is not None else _leading_group(pattern, begin)
        if inner is None:
            starts = None
            continue
        starts |= inner - {""}
        settled = not optional and "" not in inner
    if starts is None:
        return None, at
    if run:
        starts.add(run)
    elif not settled:
        starts.add("")
    return starts, at


def _is_zero_width(pattern: str, at: int) -> bool:
    return pattern.startswith(("(?=", "(?!", "(?<=", "(?<!", "\\b", "^"), at)


def _leading_group(pattern: str, at: int) -> set[str] | None:
    if pattern[at] != "(":
        return None
    inner, stop = _inside(pattern, at)
    return _leading_inside(pattern[inner:stop])


@lru_cache(maxsize=4_096)
def _leading_inside(group: str) -> set[str] | None:
    """What the inside of a group can begin with. Word lists stand in many patterns: kept."""
    return _leading_alternatives(group, 0)[0]


def _inside(pattern: str, at: int) -> tuple[int, int]:
    """Where the inside of the group at a position begins and ends."""
    if pattern.startswith("(?P<", at):
        inner = pattern.index(">", at) + 1
    elif pattern.startswith(("(?<=", "(?<!"), at):
        inner = at + 4
    elif pattern.startswith(("(?=", "(?!", "(?:"), at):
        inner = at + 3
    else:
        inner = at + 1
    depth = 0
    for mark in _BRACKET.finditer(pattern, inner):
        if mark[0] == "(":
            depth += 1
        elif mark[0] == ")":
            if not depth:
                return inner, mark.start()
            depth -= 1
    raise ValueError(f"no end of the group at {at}: {pattern}")


_BRACKET = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]", re.DOTALL)
_TELLING = 3  # characters: shorter literals stand in every text


def _better(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or two is None:
        return two if one is None else one
    return max(one, two, key=lambda s: (min(6, *map(len, s)), -len(s)))


def _alternatives(pattern: str, at: int) -> tuple[frozenset[str] | None, int]:
    union: set[str] | None = set()
    while True:
        branch, at = _sequence(pattern, at)
        if branch is None or union is None:
            union = None
        else:
            union |= branch
        if at < len(pattern) and pattern[at] == "|":
            at += 1
            continue
        return (frozenset(union) if union else None), at


def _sequence(pattern: str, at: int) -> tuple[frozenset[str] | None, int]:
    """What a branch needs: of all it needs the best, but not what it begins with where it can.

    Where it may begin is looked at anyway (:func:`leading`): what comes later tells more.
    """
    sets: list[frozenset[str]] = []
    run = ""
    while at < len(pattern) and pattern[at] not in "|)":
        literal, group, at = _atom(pattern, at)
        optional, repeated, at = _quantifier(pattern, at)
        if literal is not None and not optional:
            run += literal
            if not repeated:
                continue
            sets.append(frozenset({run}))
            run = ""
            continue
        if run:
            sets.append(frozenset({run}))
            run = ""
        if group is not None and not optional:
            sets.append(group)
    if run:
        sets.append(frozenset({run}))
    later = reduce(_better, sets[1:], None)
    if later is not None and min(map(len, later)) >= _TELLING:
        return later, at
    return reduce(_better, sets, None), at


def _atom(pattern: str, at: int) -> tuple[str | None, frozenset[str] | None, int]:
    """One element: (literal character or None, a group's needed set or None, next position)."""
    char = pattern[at]
    if char == "\\":
        escaped = pattern[at + 1]
        return (None if escaped.isalnum() else escaped), None, at + 2
    if char == "[":
        stop = at + 2 if pattern[at + 1] in "]^" else at + 1
        while pattern[stop] != "]":
            stop += 2 if pattern[stop] == "\\" else 1
        return None, None, stop + 1
    if char == "(":
        inner, stop = _inside(pattern, at)
        look = pattern.startswith(("(?=", "(?!", "(?<=", "(?<!"), at)
        return None, (None if look else needed(pattern[inner:stop])), stop + 1
    if char in ".^$":
        return None, None, at + 1
    return char, None, at + 1


def _quantifier(pattern: str, at: int) -> tuple[bool, bool, int]:
    """(may be absent, may repeat, next position) of the quantifier at a position, if any."""
    if at >= len(pattern) or pattern[at] not in "?*+{":
        return False, False, at
    char = pattern[at]
    if char == "{":
        stop = pattern.index("}", at)
        optional = pattern[at + 1 : stop].split(",", maxsplit=1)[0] in ("", "0")
        at = stop + 1
    else:
        optional = char in "?*"
        at += 1
    if at < len(pattern) and pattern[at] == "?":
        at += 1
    return optional, True, at
