"""The same threads with other rivals, a few at a time: what is learnt must not rest on the names.

Each business's threads are cut into small markets, and every rival gets the name of a rival of
another business, the same one throughout a market. What is left to learn from is what stands around
a name, and how much little evidence is worth.
"""

import random
from collections.abc import Mapping, Sequence

from bench.discovery_texts import Mark, Marked
from pipelines.discovery import Post, Thread, key_of

SMALL = (1, 1, 2, 3)
"""Threads of a small market."""


def swapped(
    by_business: Mapping[str, Sequence[Marked]], part: Mapping[str, int], seed: int
) -> dict[str, list[Marked]]:
    """Small markets by an id of their own, ``business~number``; names come from the same part."""
    chance = random.Random(seed)
    pools: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for business, marked in by_business.items():
        for one in marked:
            for text, marks in zip(_texts(one), one.marks, strict=True):
                pools.setdefault((part[business], one.lang), []).extend(
                    (business, text[a:b]) for a, b, label in marks if label == "r"
                )
    found: dict[str, list[Marked]] = {}
    for business, marked in by_business.items():
        rest = list(marked)
        chance.shuffle(rest)
        while rest:
            size = chance.choice(SMALL)
            few, rest = rest[:size], rest[size:]
            id_ = f"{business}~{len(rest)}"
            pool = [
                name for other, name in pools.get((part[business], few[0].lang), ())
                if other != business
            ]  # fmt: skip
            names: dict[str, str] = {}
            found[id_] = [_with_names(one, id_, names, pool, chance) for one in few]
    return found


def _texts(one: Marked) -> list[str]:
    return [one.thread.title, *(post.text for post in one.thread.posts)]


def _with_names(
    one: Marked, id_: str, names: dict[str, str], pool: Sequence[str], chance: random.Random
) -> Marked:
    texts, marks = [], []
    for text, old in zip(_texts(one), one.marks, strict=True):
        plain, new, at = "", list[Mark](), 0
        for start, end, label in old:
            plain += text[at:start]
            name = text[start:end]
            if label == "r" and pool:
                key = key_of(name)
                if key not in names:
                    names[key] = chance.choice(pool)
                name = names[key].lower() if name.islower() else names[key]
            new.append((len(plain), len(plain) + len(name), label))
            plain += name
            at = end
        texts.append(plain + text[at:])
        marks.append(tuple(new))
    key = f"{one.thread.key}~"
    posts = tuple(
        Post(key=f"{key}/{at}", text=text, author=post.author)
        for at, (post, text) in enumerate(zip(one.thread.posts, texts[1:], strict=True))
    )
    thread = Thread(key=key, title=texts[0], posts=posts)
    return Marked(id_, one.lang, thread, tuple(marks))
