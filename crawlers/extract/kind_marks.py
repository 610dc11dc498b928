"""What a page shows of its kind, as named marks: address, titles, structured data, structure.

The marks are language-blind: a Chinese, a Vietnamese and an English "add to cart" set the same
mark (the words are in ``kind_words.toml``), so weights learnt on pages of one language serve
the others.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from crawlers.document import Document
from crawlers.extract.marks import GROUP_BITS
from crawlers.extract.outline import Block, Outline
from crawlers.folding import fold

_SPLIT = re.compile(r"[^0-9a-z\u3400-\u9fff-]+")
_DATE_PATH = re.compile(r"/(19|20)\d\d(/|-)\d{1,2}(/|-|$)")
_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|\b\d{1,2} (?:jan|feb"
    r"|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\b\d{1,2}[-/.]"
    r"\d{1,2}[-/.]\d{4}|\d (?:hours?|days?|minutes?|weeks?|months?|years?) ago"
    r"|\d+ ?(?:小时|天|分钟)前|\d (?:gio|ngay|phut) truoc"
)
_ID = re.compile(r"\d{4,}")
_PRICE = re.compile(r"[$€£¥₫₹]\s?\d|\d\s?(?:[€£₫đ¥元]|vnd|usd)|\d[.,]\d\d\b", re.IGNORECASE)
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_TITLE_WORDS = re.compile(r"[a-z0-9&']+|[\u3400-\u9fff]+")
_LIST_START = re.compile(r"^(?:the )?(?:top )?\d+ (?!\d)")
_QUESTION = re.compile(r"^(?:how|what|why|when|where|which|who|is|are|do|does|can|should)\b")
_LOCALE = re.compile(
    r"^(?:[a-z]{2}(?:[-_][a-z]{2,4})?|zh-han[st]|global|intl|index(?:\.\w+)?|home)$"
)
_NOTABLE_TYPES = frozenset({
    "product", "productgroup", "offer", "aggregateoffer", "article", "newsarticle",
    "blogposting", "blog", "itemlist", "collectionpage", "discussionforumposting", "qapage",
    "question", "comment", "organization", "localbusiness", "service", "softwareapplication",
    "webapplication", "faqpage", "techarticle", "website", "webpage", "aboutpage", "contactpage",
    "jobposting", "searchresultspage", "review", "aggregaterating", "person", "event", "course",
    "recipe", "videoobject", "howto", "breadcrumblist", "imagegallery", "howtostep", "apireference",
})  # fmt: skip
_BODY_WORDS = frozenset(
    "single post product archive category home page blog woocommerce template collection shop"
    " article docs documentation forum topic thread tag search listing catalog plp pdp landing"
    " service services index author term".split()
)


@lru_cache(maxsize=1)
def kind_words() -> dict[str, dict[str, frozenset[str]]]:
    """The word lists: kind -> ``path`` or ``title`` -> folded words of all languages."""
    source = files("crawlers.extract").joinpath("kind_words.toml").read_text("utf-8")
    return {
        kind: {
            part: frozenset(fold(word) for words in languages.values() for word in words)
            for part, languages in parts.items()
        }
        for kind, parts in tomllib.loads(source).items()
    }


@lru_cache(maxsize=2)
def words_to_kinds(part: str) -> dict[str, tuple[str, ...]]:
    """The word lists turned round: word -> the kinds it speaks for."""
    found: dict[str, list[str]] = {}
    for kind, parts in kind_words().items():
        for word in parts.get(part, ()):
            found.setdefault(word, []).append(kind)
    return {word: tuple(kinds) for word, kinds in found.items()}


def path_parts(url: str) -> list[str]:
    """The segments of an address's path, folded, unquoted, without file endings or empty ones."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return []
    parts = [fold(part) for part in path[:1000].split("/") if part]
    if parts and "." in parts[-1]:
        parts[-1] = parts[-1].rsplit(".", 1)[0]
    return [part.replace("_", "-").replace(" ", "-") for part in parts if part]


def is_root(url: str) -> bool:
    """Whether an address is a site's root, or the root of one of its languages."""
    parts = path_parts(url)
    try:
        query = urlsplit(url).query
    except ValueError:
        query = ""
    if len(query) > 60 or re.search(r"(?:^|&)(?:p|id|page|q|s)=", query):
        return False
    return not parts or (len(parts) <= 2 and all(_LOCALE.match(part) for part in parts))


def address_marks(url: str) -> Iterator[str]:
    """Marks of an address alone."""
    table = words_to_kinds("path")
    titles = words_to_kinds("title")
    parts = path_parts(url)
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        whole = table.get(part, ()) or titles.get(part.replace("-", " "), ())
        for kind in whole:
            yield f"path:{kind}"
            yield f"{'last' if last else 'dir'}:{kind}"
            if at == 0:
                yield f"first:{kind}"
        if not whole and part.isascii():
            words = part.split("-")
            if 1 < len(words) <= 6:
                for word in {
                    *words,
                    *("-".join(pair) for pair in pairwise(words)),
                }:
                    for kind in table.get(word, ()):
                        yield f"word:{kind}"
        elif not whole:
            for word, kinds in titles.items():
                if not word.isascii() and word in part:
                    for kind in kinds:
                        yield f"word:{kind}"
    if parts:
        last_part = parts[-1]
        words_in_slug = last_part.count("-") + 1
        yield f"slug:{min(words_in_slug, 8)}"
        if _ID.search(last_part):
            yield "slug:id"
    yield f"depth:{min(len(parts), 5)}"
    if _DATE_PATH.search(url):
        yield "path:date"
    try:
        split = urlsplit(url)
        labels = (split.hostname or "").split(".")
        if split.query:
            yield "query"
        if split.path.endswith((".html", ".htm", ".php", ".aspx", ".cfm")):
            yield "path:file"
    except ValueError:
        return
    for label in labels[:-1]:
        for word in {label, *label.split("-")}:
            for kind in table.get(word, ()):
                yield f"host:{kind}"
        for word in ("forum", "docs", "blog", "shop", "community", "wiki", "support", "bbs"):
            if word in label:
                yield f"hostword:{word}"


def _phrase_marks(texts: Iterator[str], name: str, cap: int) -> Iterator[str]:
    table = words_to_kinds("title")
    counts: dict[str, set[str]] = {}
    for text in texts:
        bare = _EDGES.sub("", text)
        for kind in table.get(bare, ()):
            counts.setdefault(kind, set()).add(bare)
    for kind, found in counts.items():
        for level in range(1, min(len(found), cap) + 1):
            yield f"{name}:{kind}:{level}"


def _title_marks(title: str, name: str) -> Iterator[str]:
    folded = fold(title[:300])
    table = words_to_kinds("title")
    words = _TITLE_WORDS.findall(folded)
    for size in (1, 2, 3):
        for at in range(len(words) - size + 1):
            for kind in table.get(" ".join(words[at : at + size]), ()):
                yield f"{name}:{kind}"
    if not folded.isascii():
        for word, kinds in table.items():
            if not word.isascii() and word in folded:
                for kind in kinds:
                    yield f"{name}:{kind}"
    if _LIST_START.match(folded):
        yield f"{name}:numbered"
    if _QUESTION.match(folded) or folded.rstrip().endswith(("?", "？")):
        yield f"{name}:question"
    yield f"{name}:words{min(len(words) // 3, 5)}"


def _level(name: str, value: float, steps: tuple[float, ...]) -> Iterator[str]:
    """Cumulative marks: one for every step the value reaches."""
    for step in steps:
        if value >= step:
            yield f"{name}>={step:g}"


def type_names(document: Document, outline: Outline) -> set[str]:
    """The schema.org types a page declares, lower case."""
    found: set[str] = set()
    for entry in document.json_ld:
        kinds = entry.get("@type")
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            if isinstance(kind, str):
                found.add(kind.rsplit("/", 1)[-1].lower())
        main = entry.get("mainEntity")
        if isinstance(main, dict) and isinstance(main.get("@type"), str):
            found.add(main["@type"].lower())
    for value, _place in outline.items:
        for kind in value.split()[:4]:
            found.add(kind.rstrip("/").rsplit("/", 1)[-1].lower())
    return found


def page_marks(document: Document, outline: Outline, *, title: str, og_type: str) -> set[str]:
    """Every mark of a page's kind.

    :param title: the page's title. :param og_type: ``og:type``, lower case, or ``""``.
    """
    marks = set(address_marks(document.url))
    if is_root(document.url):
        marks.add("root")
    marks.update(_title_marks(title, "title"))
    types = type_names(document, outline)
    marks.update(f"type:{name}" for name in types & _NOTABLE_TYPES)
    if og_type:
        marks.add(f"og:{og_type.rsplit('.', maxsplit=1)[-1].rsplit(':', maxsplit=1)[-1][:20]}")
    body = document.tree.body
    if body is not None:
        words = re.findall(r"[a-z]+", (body.attributes.get("class") or "")[:600].lower())
        marks.update(f"body:{word}" for word in _BODY_WORDS.intersection(words))
    marks.update(_structure(outline))
    return marks


_SUMS = (
    "carts", "dates", "paragraphs", "titles", "prices", "headings", "questions", "products",
    "forum", "comments", "cards", "code",
)  # fmt: skip


@dataclass(slots=True)
class _Counts:
    """What the blocks of a page add up to."""

    short: list[str] = field(default_factory=list)
    h1: str = ""
    chars: int = 0
    own: int = 0
    linked: int = 0
    prose: int = 0
    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_SUMS, 0))
    repeated: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def add(self, block: Block, cart_words: frozenset[str]) -> None:
        """Count one block."""
        text, size, sums = block.text, len(block.text), self.sums
        self.chars += size
        if size <= 40:
            folded = fold(text)
            self.short.append(folded)
            sums["carts"] += folded in cart_words
            sums["dates"] += any(map(str.isdigit, folded)) and bool(_DATE.search(folded))
        if block.place != "body":
            return
        self.own += size
        self.linked += block.linked
        if size > 100 and block.linked * 3 < size:
            sums["paragraphs"] += 1
            self.prose += size
        sums["titles"] += size > 25 and block.linked * 10 > size * 8
        sums["prices"] += size < 60 and bool(_PRICE.search(text))
        if block.tag == "h1" and not self.h1:
            self.h1 = text
        if block.tag in ("h2", "h3"):
            sums["headings"] += 1
            sums["questions"] += text.endswith(("?", "？"))
        for name, bits in _NAMED_SHARES:
            if block.near & bits:
                sums[name] += 1
        sums["code"] += block.tag == "pre"
        if block.linked and size < 200:
            key = (block.tag, block.near, block.depth)
            self.repeated[key] = self.repeated.get(key, 0) + 1


_NAMED_SHARES = (
    ("products", GROUP_BITS["product"] | GROUP_BITS["products"]),
    ("forum", GROUP_BITS["forum"]),
    ("comments", GROUP_BITS["comment"]),
    ("cards", GROUP_BITS["card"]),
)
_STEPS: dict[str, tuple[float, ...]] = {
    "dates": (1, 3, 8, 20), "carts": (1, 2, 4, 10), "paragraphs": (1, 3, 6, 12, 25, 50),
    "prices": (1, 2, 4, 8, 16, 32), "titles": (5, 10, 20, 40, 80), "headings": (2, 5, 10, 20),
    "questions": (1, 3, 6),
}  # fmt: skip
_SHARE_STEPS: dict[str, tuple[float, ...]] = {
    "products": (0.02, 0.1, 0.25, 0.5), "forum": (0.02, 0.1, 0.25, 0.5),
    "comments": (0.02, 0.1, 0.3), "cards": (0.05, 0.2, 0.4),
}  # fmt: skip
_TAG_STEPS: dict[str, tuple[str, tuple[float, ...]]] = {
    "articles": ("article", (1, 2, 5, 12)), "times": ("time", (1, 2, 5, 12)),
    "images": ("img", (3, 10, 25, 60)), "rows": ("tr", (3, 10, 30)),
    "sections": ("section", (2, 5, 10)), "buttons": ("button", (5, 15, 40)),
    "forms": ("form", (1, 3, 6)),
}  # fmt: skip


def _structure(outline: Outline) -> Iterator[str]:
    counts = _Counts()
    cart_words = kind_words()["product"]["title"]
    for block in outline.blocks:
        counts.add(block, cart_words)
    yield from _phrase_marks(iter(counts.short), "says", 4)
    if counts.h1:
        yield from _title_marks(counts.h1, "h1")
    for name, steps in _STEPS.items():
        yield from _level(name, counts.sums[name], steps)
    blocks = max(1, len(outline.blocks))
    for name, steps in _SHARE_STEPS.items():
        yield from _level(name, counts.sums[name] / blocks, steps)
    tags = outline.tags
    for name, (tag, steps) in _TAG_STEPS.items():
        yield from _level(name, tags.get(tag, 0), steps)
    repeated = max(counts.repeated.values(), default=0)
    yield from _level("repeated", repeated, (6, 12, 24, 48))
    yield from _level("prose", counts.prose, (500, 1500, 3000, 6000, 12000, 25000))
    share = counts.linked / max(1, counts.own)
    yield from _level("linked", share, (0.1, 0.2, 0.35, 0.5, 0.7))
    yield from _level("code", counts.sums["code"] + tags.get("code", 0) / 3, (1, 4, 10, 25))
    yield from _level("text", counts.chars, (500, 2000, 6000, 15000))
    for tag in ("textarea", "dl"):
        if tags.get(tag):
            yield tag
