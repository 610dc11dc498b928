"""Atom feeds (RFC 4287) of changes and of alerts: ids that stay, words in the reader's language.

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

from analysis.alerting.message import urn
from analysis.alerting.wording import words_of
from analysis.questions.told import Told
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry, in plain text: ``id`` is a URN, ``page`` an absolute address of ours, ``live`` the
    crawled page's, ``term`` the kind's id and ``label`` its words.
    """

    id: str
    title: str
    updated: str
    author: str
    page: str
    live: object
    term: str
    label: str
    summary: str


def feed(
    t: Translator,
    about: Feed,
    changes: Sequence[Mapping[str, Any]],
    competitor_at: Callable[[str], str],
) -> bytes:
    """The feed of changes as XML.

    :param about: ``question`` is the filter it was asked with: another filter, another feed.
    :param changes: rows of changes with the competitor's ``name`` and the live page's ``url``.
    :param competitor_at: a competitor's id -> the absolute address of our page on it.
    """
    title = t("changes.feed_title", market=about.name or about.market).unescape()
    entries = [_change(t, about, change, competitor_at) for change in changes[:MOST]]
    return _written(t, about, "changes", title, entries)


def alert_feed(
    t: Translator, about: Feed, alerts: Sequence[Told], page_of: Callable[[Told], str]
) -> bytes:
    """The feed of alerts as XML; its ids are those of the webhook.

    :param page_of: an alert -> the absolute address of our page on it.
    """
    title = t("alerts.feed_title", market=about.name or about.market).unescape()
    entries = []
    for alert in alerts[:MOST]:
        words = words_of(t, alert)
        entries.append(
            Entry(
                id=urn(about.market, alert), title=f"{words.kind}: {words.title}",
                updated=alert.raised_at, author=about.name or about.market, page=page_of(alert),
                live=alert.url, term=alert.kind, label=words.kind,
                summary="\n".join(words.lines) or words.title,
            )
        )  # fmt: skip
    return _written(t, about, "alerts", title, entries)


def _written(t: Translator, about: Feed, what: str, title: str, entries: Sequence[Entry]) -> bytes:
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(_tag("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": t.language})
    _text(root, "id", _urn(about.market, what, about.question))
    _text(root, "title", title)
    _text(root, "updated", max((_moment(entry.updated) for entry in entries), default=_NEVER))
    _link(root, "self", about.at, "application/atom+xml")
    _link(root, "alternate", about.page, "text/html")
    _text(root, "generator", "Rivalmap")
    for entry in entries:
        _entry(root, entry)
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


def _change(
    t: Translator, about: Feed, change: Mapping[str, Any], competitor_at: Callable[[str], str]
) -> Entry:
    name = plain(change["name"], 60) or plain(change["competitor"], 60)
    kind = t.word("change", change["kind"]).unescape()
    line = tell(t, change).line()
    return Entry(
        # An id is of what happened, not of the row: a market built again keeps its readers.
        id=_urn(about.market, change["competitor"], change["kind"], change["field"], change["at"],
                change["words"], change["url"]),
        title=" · ".join(part for part in (name, kind, plain(line, 160)) if part),
        updated=change["at"], author=name or "-", page=competitor_at(change["competitor"]),
        live=change["url"], term=change["kind"], label=kind, summary=plain(line, 600) or kind,
    )  # fmt: skip


def _entry(root: ET.Element, told: Entry) -> None:
    entry = ET.SubElement(root, _tag("entry"))
    _text(entry, "id", told.id)
    _text(entry, "title", told.title)
    _text(entry, "updated", _moment(told.updated))
    author = ET.SubElement(entry, _tag("author"))
    _text(author, "name", told.author)
    _link(entry, "alternate", told.page, "text/html")
    live = safe_url(told.live)
    if live:
        _link(entry, "related", live)
    term = {"term": _clean(told.term), "label": _clean(told.label)}
    ET.SubElement(entry, _tag("category"), term)
    _text(entry, "summary", told.summary)


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
