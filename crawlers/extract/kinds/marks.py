"""What a page shows of its kind, as named marks: address, titles, structured data, structure.

The marks are language-blind: a Chinese, a Vietnamese and an English "add to cart" set the same
mark (the words are in ``kinds/words.toml``), so weights learnt on pages of one language serve
the others.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from crawlers.document import Document
from crawlers.extract.kinds.structure import structure_marks
from crawlers.extract.kinds.words import kinds_inside, words_to_kinds
from crawlers.extract.outline import Outline
from crawlers.folding import fold

_SPLIT = re.compile(r"[^0-9a-z\u3400-\u9fff-]+")
_DATE_PATH = re.compile(r"/(19|20)\d\d(/|-)\d{1,2}(/|-|$)")
_ID = re.compile(r"\d{4,}")
_TITLE_WORDS = re.compile(r"[a-z0-9&']+|[\u3400-\u9fff]+")
_LIST_START = re.compile(r"^(?:the )?(?:top )?\d+ (?!\d)")
_QUESTION = re.compile(r"^(?:how|what|why|when|where|which|who|is|are|do|does|can|should)\b")
_LOCALE = re.compile(
    r"^(?:[a-z]{2}(?:[-_](?:[a-z]{2}|han[st]|latn|cyrl))?|global|intl|index(?:\.\w+)?|home)$"
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
    "single post product archive category blog collection article docs documentation forum topic"
    " thread search listing catalog plp pdp".split()
)
_BODY_NAME = re.compile(r"[a-z]+")
_META_MARKS = {
    **dict.fromkeys(
        (
            "article:published_time", "datepublished", "pubdate", "date", "dc.date", "publishdate",
            "publish-date", "parsely-pub-date", "citation_publication_date",
        ),
        "meta:published",
    ),
    **dict.fromkeys(("article:section", "article:tag"), "meta:section"),
    **dict.fromkeys(("author", "article:author", "parsely-author", "dc.creator"), "meta:author"),
    **dict.fromkeys(
        ("product:price:amount", "product:price:currency", "og:price:amount", "pricecurrency"),
        "meta:price",
    ),
    "article:modified_time": "meta:modified",
    "twitter:label1": "meta:label",
}  # fmt: skip


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


def kinds_of_part(part: str, *, last: bool) -> tuple[str, ...]:
    """The kinds a whole segment of a path names; ``products`` at its end is a list."""
    return (
        (last and words_to_kinds("last").get(part, ()))
        or words_to_kinds("path").get(part, ())
        or words_to_kinds("title").get(part.replace("-", " "), ())
    )


def address_marks(url: str) -> Iterator[str]:
    """Marks of an address alone."""
    table = words_to_kinds("path")
    parts = path_parts(url)
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        whole = kinds_of_part(part, last=last)
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
            for kind in kinds_inside(part):
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


def _title_marks(title: str, name: str) -> Iterator[str]:
    folded = fold(title[:300])
    table = words_to_kinds("title")
    words = _TITLE_WORDS.findall(folded)
    for size in (1, 2, 3):
        for at in range(len(words) - size + 1):
            for kind in table.get(" ".join(words[at : at + size]), ()):
                yield f"{name}:{kind}"
    if not folded.isascii():
        for kind in kinds_inside(folded):
            yield f"{name}:{kind}"
    if _LIST_START.match(folded):
        yield f"{name}:numbered"
    if _QUESTION.match(folded) or folded.rstrip().endswith(("?", "？")):
        yield f"{name}:question"
    yield f"{name}:words{min(len(words) // 3, 5)}"


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
    if "product" in types or "productgroup" in types:
        marks.add("things:one-product" if _products(document, outline) == 1 else "things:products")
    if og_type:
        marks.add(f"og:{og_type.rsplit('.', maxsplit=1)[-1].rsplit(':', maxsplit=1)[-1][:20]}")
    words = _BODY_NAME.findall(outline.body_names[:600].lower())
    marks.update(f"body:{word}" for word in _BODY_WORDS.intersection(words))
    marks.update(_META_MARKS[name] for name, _ in outline.metas if name in _META_MARKS)
    heading = next((block.text for block in outline.blocks if block.tag == "h1"), "")
    if heading:
        marks.update(_title_marks(heading, "h1"))
    marks.update(structure_marks(outline))
    marks.update(_together(marks))
    return marks


def _products(document: Document, outline: Outline) -> int:
    """How many products the page's data speaks of, in whichever way it names more."""
    named = sum(
        value.rstrip("/").rsplit("/", 1)[-1].lower() == "product" for value, _ in outline.items
    )
    listed = sum(
        str(entry.get("@type")).lower() in ("product", "productgroup") for entry in document.json_ld
    )
    return max(named, listed)


def _together(marks: set[str]) -> Iterator[str]:
    """What an address says, seen with what the page shows: ``/departments`` of a shop has prices,
    of a town none; ``/news/...`` with many dates is a list.
    """
    money = "priced" if marks & {"prices>=2", "carts>=1"} else "free"
    time = "dated" if "dates>=3" in marks else "undated"
    for kind in ("product", "collection", "listing", "service", "article"):
        if marks & {f"last:{kind}", f"dir:{kind}", f"word:{kind}"}:
            if kind != "article":
                yield f"{money}:{kind}"
            if kind in ("listing", "article"):
                yield f"{time}:{kind}"
