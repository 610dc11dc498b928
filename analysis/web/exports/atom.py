"""An Atom feed (RFC 4287) of changes: ids that stay, words in the reader's language.

Written with the standard library: a feed is one flat document, and ElementTree escapes whatever is
crawled; feedparser, which reads feeds here, reads the tests' back.
"""

import hashlib
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from analysis.web.change_words import tell
from analysis.web.formats import plain, safe_url
from analysis.web.i18n import Translator

KIND = "application/atom+xml; charset=utf-8"
MOST = 50
"""Entries of the feed: readers ask again."""

_NAMESPACE = "http://www.w3.org/2005/Atom"
_OURS = uuid.UUID("5b1d7a52-95a4-4b06-9a38-0c8ff41b7d2e")
"""Our own name space of ids: the same change of the same market has the same id on any server."""
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")
_NEVER = "1970-01-01T00:00:00Z"
"""``updated`` must be there; a feed without a change was never updated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Where a feed stands: absolute addresses of itself and of its page, and whose it is."""

    market: str
    name: str
    at: str
    page: str
    question: str


def feed(
    t: Translator,
    about: Feed,
    changes: Sequence[Mapping[str, Any]],
    competitor_at: Callable[[str], str],
) -> bytes:
    """The feed as XML.

    :param about: ``question`` is the filter it was asked with: another filter, another feed.
    :param changes: rows of changes with the competitor's ``name`` and the live page's ``url``.
    :param competitor_at: a competitor's id -> the absolute address of our page on it.
    """
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(_tag("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": t.language})
    _text(root, "id", _urn(about.market, "changes", about.question))
    _text(root, "title", t("changes.feed_title", market=about.name or about.market).unescape())
    _text(root, "updated", max((_moment(c["at"]) for c in changes), default=_NEVER))
    _link(root, "self", about.at, "application/atom+xml")
    _link(root, "alternate", about.page, "text/html")
    _text(root, "generator", "Rivalmap")
    for change in changes[:MOST]:
        _entry(root, t, about, change, competitor_at)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def etag(body: bytes) -> str:
    """A mark that changes with the feed."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def is_known(header: str | None, mark: str) -> bool:
    """Whether ``If-None-Match`` names the mark (RFC 9110: weak comparison)."""
    known = [one.strip().removeprefix("W/") for one in (header or "")[:2_000].split(",")]
    return mark in known or "*" in known


def _entry(
    root: ET.Element, t: Translator, about: Feed, change: Mapping[str, Any],
    competitor_at: Callable[[str], str],
) -> None:  # fmt: skip
    entry = ET.SubElement(root, _tag("entry"))
    name = plain(change["name"], 60) or plain(change["competitor"], 60)
    kind = t.word("change", change["kind"]).unescape()
    line = tell(t, change).line()
    # An id is of what happened, not of the row: a market built again keeps its readers.
    _text(
        entry, "id",
        _urn(about.market, change["competitor"], change["kind"], change["field"], change["at"],
             change["words"], change["url"]),
    )  # fmt: skip
    _text(entry, "title", " · ".join(part for part in (name, kind, plain(line, 160)) if part))
    _text(entry, "updated", _moment(change["at"]))
    author = ET.SubElement(entry, _tag("author"))
    _text(author, "name", name or "-")
    _link(entry, "alternate", competitor_at(change["competitor"]), "text/html")
    live = safe_url(change["url"])
    if live:
        _link(entry, "related", live)
    ET.SubElement(entry, _tag("category"), {"term": _clean(change["kind"]), "label": _clean(kind)})
    _text(entry, "summary", plain(line, 600) or kind)


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _tag(name)).text = _clean(text)


def _link(parent: ET.Element, rel: str, href: str, kind: str = "") -> None:
    attributes = {"rel": rel, "href": _clean(href), **({"type": kind} if kind else {})}
    ET.SubElement(parent, _tag("link"), attributes)


def _clean(text: object) -> str:
    return _ILLEGAL.sub("", str(text))


def _urn(*parts: object) -> str:
    return uuid.uuid5(_OURS, "\n".join(_clean(part)[:2_000] for part in parts)).urn


def _moment(text: object) -> str:
    moment = str(text)
    return moment if _MOMENT.fullmatch(moment) else _NEVER
