"""The kind of a page, and of a link before it is followed.

Two steps. Pages with a name everyone gives them (pricing, about, contact, careers, legal, home)
are told by address and title. The rest, by the weights of their marks (``kind_marks.py``), which
``bench/learn.py`` learns from labelled pages, starting from what each mark is expected to say.
"""

import math
import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from crawlers.document import Document
from crawlers.extract.head import Head
from crawlers.extract.kinds.marks import (
    is_root,
    kinds_of_part,
    page_marks,
    path_parts,
)
from crawlers.extract.kinds.words import words_to_kinds
from crawlers.extract.outline import Outline
from crawlers.folding import fold
from crawlers.words import PAGE_KINDS, PageKind

_NAMED: tuple[PageKind, ...] = ("pricing", "about", "contact", "careers", "legal")
_PARTS_OF_TITLE = re.compile(r"\s*[|·•–—_»:：-]\s*")
_FILES = re.compile(
    r"\.(?:pdf|jpe?g|png|gif|webp|svg|ico|zip|rar|gz|mp[34]|avi|mov|docx?|xlsx?|pptx?|exe|apk|dmg"
    r"|css|js|xml|json|rss|woff2?|ics|webm)$",
    re.IGNORECASE,
)
# What a link is worth to a researcher who may fetch few pages of a site: the facts first (prices,
# offers, who they are), then where it promotes, then what it writes; rules and lists of tags last.
_WORTH: dict[str, float] = {
    "home": 1.0, "pricing": 0.95, "about": 0.85, "product": 0.75, "service": 0.8,
    "collection": 0.78, "contact": 0.74, "partners": 0.72, "careers": 0.6, "listing": 0.55,
    "service_terms": 0.5, "documentation": 0.35, "article": 0.3, "forum": 0.3, "careers_job": 0.3,
    "legal": 0.15, "late": 0.05, "never": 0.0,
}  # fmt: skip
_ORDER = tuple(_WORTH)
_UNKNOWN = 0.4
_OWN = 0.5  # share from which a root is a magazine's, a forum's or a manual's first page


@lru_cache(maxsize=1)
def _weights() -> tuple[tuple[str, ...], tuple[float, ...], dict[str, tuple[float, ...]]]:
    """The kinds, what each starts with, and every mark's weight for each."""
    source = files("crawlers.extract").joinpath("kinds/weights.toml").read_text("utf-8")
    tables = tomllib.loads(source)
    marks = {mark for table in tables.values() for mark in table}
    rows = {
        mark: tuple(table.get(mark, 0.0) for table in tables.values()) for mark in sorted(marks)
    }
    return tuple(tables), rows.pop("always"), rows


def kind_scores(marks: set[str]) -> dict[str, float]:
    """The seven kinds the weights know, as shares of one."""
    kinds, start, rows = _weights()
    scores = [
        math.fsum(column)  # exact, so that the order of the marks does not matter
        for column in zip(start, *map(rows.__getitem__, rows.keys() & marks), strict=True)
    ]
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return {kind: power / total for kind, power in zip(kinds, powers, strict=True)}


def kind_of(document: Document, outline: Outline, head: Head) -> PageKind:
    """The kind of a company page, or roughly of a forum's (the forum readers know better)."""
    marks = page_marks(document, outline, title=head.title, og_type=head.og_type)
    shares = kind_scores(marks)
    return settled(document, outline, head, marks, shares)


def settled(
    document: Document, outline: Outline, head: Head, marks: set[str], shares: dict[str, float]
) -> PageKind:
    """The kind, given what the weights say: the names everyone gives pages go first."""
    best = max(shares, key=lambda kind: shares[kind])
    named = _named(document.url, outline, head, marks)
    if named and shares["forum"] < 0.5 and not (named == "pricing" and shares["product"] > 0.8):
        return named
    magazine = best in ("listing", "forum", "documentation") and shares[best] >= _OWN
    if is_root(document.url) and not magazine:
        return "home"
    if _is_empty(outline) and shares[best] < 0.6:
        return "other"
    if best == "forum":
        return _forum_kind(document.url, marks)
    return best if best in PAGE_KINDS else "other"  # type: ignore[return-value]


def _is_empty(outline: Outline) -> bool:
    return sum(outline.columns.sizes) < 10


def _named(url: str, outline: Outline, head: Head, marks: set[str]) -> PageKind | None:
    """Pricing, about, contact, careers, legal: by the last word of the address or by the title."""
    parts = path_parts(url)
    table = words_to_kinds("title")
    heading = next((block.text for block in outline.blocks if block.tag == "h1"), "")
    said: set[str] = set()
    for text in (heading, *_PARTS_OF_TITLE.split(head.title)[:2]):
        said.update(table.get(fold(text).strip(" .!"), ()))
    deep = len(parts) > 3
    article = {"type:article", "type:blogposting", "type:newsarticle"} & marks
    for kind in _NAMED:
        by_address = f"last:{kind}" in marks
        by_words = f"word:{kind}" in marks or f"dir:{kind}" in marks or f"title:{kind}" in marks
        if by_address and not deep and not article:
            return kind
        if (
            kind in said
            and not article
            and (by_words or by_address or not parts or "query" in marks)
        ):
            return kind
    return None


def _forum_kind(url: str, marks: set[str]) -> PageKind:
    parts = path_parts(url)
    words = {"thread", "threads", "topic", "t", "showthread", "viewtopic", "questions", "comments",
             "discussion", "item", "q", "post", "posts"}  # fmt: skip
    if any(part.split("-")[0] in words for part in parts) and len(parts) > 1:
        return "forum_topic"
    if any(part in ("viewtopic", "showthread", "thread") for part in parts):
        return "forum_topic"
    if parts and (parts[-1] in ("forum", "forums", "community", "bbs", "board") or len(parts) == 1):
        return (
            "forum_board" if "slug:id" not in marks and "path:file" not in marks else "forum_topic"
        )
    if any(part in ("viewforum", "forumdisplay", "f", "c", "category") for part in parts):
        return "forum_board"
    return "forum_topic" if marks & {"slug:id", "slug:4", "slug:5", "slug:6"} else "forum_board"


@lru_cache(maxsize=20_000)
def kind_of_link(url: str, text: str = "") -> tuple[PageKind | None, float]:
    """What a link promises: the kind it names and its worth, 0 (never fetch) to 1 (home).

    :param url: absolute address. :param text: the link's words.
    :returns: ``None`` as kind where neither says; such a link is worth 0.4, less with depth.
    """
    try:
        parsed = urlsplit(url)
    except ValueError:
        return None, 0.0
    if _FILES.search(parsed.path):
        return None, 0.0
    if is_root(url):
        return "home", _WORTH["home"]
    parts = path_parts(url)
    by_path = words_to_kinds("path")
    by_title = words_to_kinds("title")
    votes: dict[str, float] = {}
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        kinds = kinds_of_part(part, last=last)
        for kind in kinds:
            votes[kind] = votes.get(kind, 0.0) + (1.0 if last else 0.6)
        if last and not kinds and part.count("-") <= 3:
            for word in part.split("-"):
                for kind in by_path.get(word, ()):
                    votes[kind] = votes.get(kind, 0.0) + 0.3
    for kind in by_title.get(fold(" ".join(text[:80].split())).strip(" .!»›→"), ()):
        votes[kind] = votes.get(kind, 0.0) + 2.0
    if parsed.query and re.search(
        r"add-to-cart|replytocom|share=|print=|sort|filter", parsed.query
    ):
        votes["never"] = votes.get("never", 0.0) + 2
    if len(parts) > 1 and re.fullmatch(r"page-?\d+|\d{1,3}", parts[-1]):
        # "/product/12" is a product, "/x/2" a second page.
        votes["late"] = votes.get("late", 0.0) + (0.4 if parts[-1].isdigit() else 1.0)
    if parts and votes and parts[-1].count("-") >= 4 and max(votes, key=_rank(votes)) == "listing":
        votes["article"] = votes.get("article", 0.0) + 2  # /blog/a-long-title
    if parts and len(parts) > 1 and votes.get("collection") and votes.get("product", 0) >= 0.6:
        votes["product"] += 0.5  # /collections/x/products/y
    if votes.get("late", 0) >= votes.get("listing", 0) > 0:
        del votes["listing"]  # a list of a tag is a list, but of all lists the last to read
    depth = 0.03 * max(0, len(parts) - 1) + (0.05 if parsed.query else 0.0)
    if not votes:
        slug = parts[-1].count("-") if parts else 0
        return None, max(0.05, _UNKNOWN - depth - 0.02 * min(slug, 6))
    best = max(votes, key=_rank(votes))
    worth = max(0.0, _WORTH[best] - depth)
    if votes.get("never", 0) >= 1:
        return "other", 0.0
    return _page_kind(best), worth


def _rank(votes: dict[str, float]):  # type: ignore[no-untyped-def]
    return lambda kind: (votes[kind], -_ORDER.index(kind))


def _page_kind(name: str) -> PageKind:
    if name in PAGE_KINDS:
        return name  # type: ignore[return-value]
    return {
        "forum": "forum_board", "careers_job": "careers", "late": "listing",
        "service_terms": "legal",
    }.get(name, "other")  # type: ignore[return-value]  # fmt: skip


def page_priority(url: str, anchor: str = "") -> PageKind | None:
    """The kind a link promises, ``None`` where nothing tells. See :func:`kind_of_link`."""
    return kind_of_link(url, anchor)[0]
