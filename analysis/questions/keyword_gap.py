"""Keywords the rivals' pages are written for and ours are not; and ours that no rival minds.

A rival minds a keyword where it stands in the titles, headings and addresses of its pages
(``page_keywords``), alone or within a longer phrase; pages about the company itself (contact,
careers, legal) say nothing of that. We have it where it stands in ``[business]`` of the market file
or anywhere on our own pages.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from analysis.questions.columns import object_in
from analysis.questions.phrases import (
    accented,
    brand_keys,
    is_han,
    key_of,
    names_a_brand,
    parts_of,
    texts_of,
)
from analysis.questions.standing import standings
from crawlers.extract.kinds.marks import path_parts
from crawlers.extract.search.keywords import in_articles, is_generic

MOST = 60
"""Keywords of the gap that are kept."""
_PROOF = 4  # pages named for each
_MINDED = 2.0  # weight from which a rival minds a keyword: more than one lower heading
_MINDED_ALONE = 4.0  # of one direct rival's keyword that no other shares: a title and more
_HAN_WORD = 4  # characters from which a part of Chinese phrases is taken for one itself
_KINDS = (
    "home", "pricing", "product", "collection", "service", "listing", "article", "documentation",
    "other",
)  # fmt: skip
_WRITING = ("article", "documentation")
_OWN_FIELDS = (
    "name", "description", "aliases", "offers", "keywords", "category", "audience",
)  # fmt: skip


@dataclass(slots=True)
class _Target:
    """How one rival minds a keyword. ``pages``: page -> (weight, as written); ``whole``: somewhere
    it is a keyword itself, not only a part of one; ``selling``: it stands on a page that is no
    article.
    """

    weight: float = 0.0
    pages: dict[int, tuple[float, str]] = field(default_factory=dict)
    whole: bool = False
    selling: bool = False

    def add(self, page: int, weight: float, written: str, *, whole: bool, selling: bool) -> None:
        known = self.pages.get(page)
        if known is None or weight > known[0]:  # a page counts once, by its weightiest
            self.weight += weight - (known[0] if known else 0.0)
            self.pages[page] = (weight, written)
        self.whole = self.whole or whole
        self.selling = self.selling or selling


_Minding = dict[str, _Target]
"""Rival -> how it minds a keyword."""


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """The gap, keywords minded by most rivals first.

    :returns: ``gap`` [{phrase, rivals [{id, name, pages}], direct (how many are direct rivals),
        weight, proof [{competitor, name, url, title, phrase}]}]: keywords at least two rivals mind,
        or one direct rival; ``count`` of all found; ``ours`` [{phrase}]: our keywords and offers no
        rival minds; ``rivals`` read; ``own_pages`` read of our own site; ``sample``.
    """
    board = {s.competitor: s for s in standings(conn) if s.tier and s.group != "candidate"}
    direct = {key for key, standing in board.items() if standing.tier == 1}
    targets = _targets(conn, set(board))
    own, own_pages, wanted = _ours(conn)
    brands = brand_keys(conn)
    found = {
        key: rivals
        for key, rivals in targets.items()
        if _counts(key, rivals, direct)
        and f" {key} " not in own
        and not is_generic(key)
        and not names_a_brand(key, brands)
    }
    kept = sorted(
        _distinct(found),
        key=lambda key: (
            -len(found[key]),
            -len(found[key].keys() & direct),
            -sum(target.weight for target in found[key].values()),
            key,
        ),
    )
    minded = "|".join(f" {key} " for key in targets)
    read = {rival for rivals in targets.values() for rival in rivals}
    return {
        "gap": [
            _line(conn, found[key], {k: board[k].name for k in found[key]}, direct)
            for key in kept[:MOST]
        ],
        "count": len(kept),
        "ours": [{"phrase": phrase} for phrase, key in wanted if read and f" {key} " not in minded][
            :20
        ],
        "rivals": len(read),
        "own_pages": own_pages,
        "sample": {"posts": 0, "people": 0, "pages": _page_count(conn), "enough": bool(read)},
    }


def _targets(conn: sqlite3.Connection, rivals: set[str]) -> dict[str, _Minding]:
    """Every keyword, and parts of keywords, with the rivals that mind it."""
    spelt: dict[str, dict[str, _Minding]] = defaultdict(lambda: defaultdict(dict))
    for competitor, kind, url, page, phrase, folded, weight in conn.execute(
        "SELECT p.competitor, p.kind, p.url, k.page_id, k.phrase, k.folded, k.weight "
        "FROM page_keywords k JOIN pages p ON p.id = k.page_id WHERE p.status < 400 "
        f"AND p.kind IN ({', '.join('?' * len(_KINDS))}) ORDER BY k.page_id, k.folded",
        _KINDS,
    ):
        if competitor not in rivals:
            continue
        selling = kind not in _WRITING and not in_articles(path_parts(url)[:-1])
        for key, written in parts_of(folded, phrase, whole=weight < _MINDED):
            target = spelt[key][accented(written)].setdefault(competitor, _Target())
            target.add(page, weight, written, whole=written == phrase, selling=selling)
    return {
        key: minding
        for key, by_spelling in spelt.items()
        if (minding := _minding(by_spelling)) and _is_phrase(key, minding)
    }


def _minding(by_spelling: dict[str, _Minding]) -> _Minding:
    """The rivals that mind a keyword, in the spelling most of them use, with those who write it
    without accents.
    """
    plain = by_spelling.get("", {})
    spellings = sorted(by_spelling.items(), key=lambda pair: (pair[0] == "", -len(pair[1])))
    chosen = dict(spellings[0][1])
    for rival, target in plain.items():
        chosen.setdefault(rival, target)
    return {rival: target for rival, target in chosen.items() if target.weight >= _MINDED}


def _is_phrase(key: str, minding: _Minding) -> bool:
    """Whether what phrases have in common is a phrase: it stands alone somewhere. Of Chinese, which
    writes no spaces, a longer part is taken for one.
    """
    if any(target.whole for target in minding.values()):
        return True
    return is_han(key) and key.count(" ") + 1 >= _HAN_WORD


def _counts(key: str, rivals: _Minding, direct: set[str]) -> bool:
    if len(rivals) > 1:
        return True
    return any(
        rival in direct
        and target.whole
        and (len(target.pages) > 1 or (target.selling and target.weight >= _MINDED_ALONE))
        for rival, target in rivals.items()
    )


def _ours(conn: sqlite3.Connection) -> tuple[str, int, list[tuple[str, str]]]:
    """Everything we say, to be looked in; how many own pages that is; what we want to be found by:
    (as written, key).
    """
    row = conn.execute("SELECT business_json FROM market").fetchone()
    business = object_in(row[0]) if row else {}
    texts = [text for name in _OWN_FIELDS for text in texts_of(business.get(name))]
    pages = conn.execute(
        "SELECT v.title, v.description, v.headings_json, v.text, p.url FROM pages p "
        "JOIN page_versions v ON v.page_id = p.id AND v.version = p.version "
        "JOIN competitors c ON c.id = p.competitor WHERE c.is_self = 1 AND p.status < 400"
    ).fetchall()
    texts += [part for page in pages for part in page]
    return (
        "|".join(f" {key_of(text)} " for text in texts),
        len(pages),
        list(_wanted(business)),
    )


def _wanted(business: dict[str, Any]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for name in ("keywords", "offers"):
        for text in texts_of(business.get(name)):
            key = key_of(text)
            if key and key not in seen:
                seen.add(key)
                yield text, key


def _distinct(found: dict[str, _Minding]) -> list[str]:
    """The keywords without those that say nothing of their own: a part of a longer keyword that
    the same rivals mind; a longer one that only one rival minds where several mind its part.
    """
    kept: list[str] = []
    by_length = sorted(found, key=lambda key: (-len(key), key))
    whole: dict[frozenset[str], str] = defaultdict(str)
    for key in by_length:
        rivals = frozenset(found[key])
        if f" {key} " in whole[rivals]:
            continue
        whole[rivals] += f"| {key} "
        kept.append(key)
    shared = {key for key in kept if len(found[key]) > 1}
    return [key for key in kept if key in shared or shared.isdisjoint(_runs_in(key))]


def _runs_in(key: str) -> Iterator[str]:
    words = key.split(" ")
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            yield " ".join(words[start:end])


def _line(
    conn: sqlite3.Connection,
    rivals: _Minding,
    names: dict[str, str],
    direct: set[str],
) -> dict[str, Any]:
    best = sorted(rivals.items(), key=lambda pair: (pair[0] not in direct, -pair[1].weight))
    proof = []
    for rival, target in best[:_PROOF]:
        page = max(target.pages, key=lambda page: (target.pages[page][0], -page))
        url, title = conn.execute("SELECT url, title FROM pages WHERE id = ?", (page,)).fetchone()
        proof.append({
            "competitor": rival, "name": names[rival], "url": url, "title": title[:200],
            "phrase": target.pages[page][1],
        })  # fmt: skip
    return {
        "phrase": proof[0]["phrase"],
        "rivals": [
            {"id": rival, "name": names[rival], "pages": len(target.pages)}
            for rival, target in best
        ],
        "direct": len(rivals.keys() & direct),
        "weight": round(sum(target.weight for target in rivals.values()), 1),
        "proof": proof,
    }


def _page_count(conn: sqlite3.Connection) -> int:
    (pages,) = conn.execute("SELECT count(DISTINCT page_id) FROM page_keywords").fetchone()
    return int(pages)
