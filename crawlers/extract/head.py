"""What a page's head says: title, description, language, canonical address, OpenGraph."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawlers.document import Document
from crawlers.extract.addresses import absolute_to
from crawlers.extract.outline import Outline

_LONG = 2_000  # characters of a title or description kept; more is stuffing


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head, read. Empty strings where the page says nothing; ``metas`` holds the first value
    of each name, lower case; ``lang`` the declared language as written.
    """

    title: str = ""
    description: str = ""
    lang: str = ""
    canonical: str | None = None
    site_name: str = ""
    og_type: str = ""
    metas: Mapping[str, str] = field(default_factory=dict)
    hreflangs: tuple[str, ...] = ()


def tidy(text: str, limit: int = _LONG) -> str:
    """A text on one line, NFC, cut to ``limit`` characters."""
    return unicodedata.normalize("NFC", " ".join(text[: 4 * limit].split()))[:limit]


def head_of(document: Document, outline: Outline) -> Head:
    """Read a page's head from its outline."""
    metas: dict[str, str] = {}
    for name, content in outline.metas:
        metas.setdefault(name, content)
    title = tidy(outline.title)
    root = document.tree.root
    lang = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "") if root else ""
    canonical = next((href for rel, href, _ in outline.rels if rel == "canonical"), None)
    return Head(
        title=title or tidy(metas.get("og:title", "")),
        description=tidy(metas.get("description") or metas.get("og:description", "")),
        lang=lang or metas.get("content-language", "") or metas.get("og:locale", ""),
        canonical=absolute_to(outline.base, canonical) if canonical else None,
        site_name=tidy(metas.get("og:site_name") or metas.get("application-name", ""), 200),
        og_type=metas.get("og:type", "").strip().lower(),
        metas=metas,
        hreflangs=tuple(dict.fromkeys(lang for _, _, lang in outline.rels if lang)),
    )
