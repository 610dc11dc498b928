"""A SearXNG-compatible search's answer (``format=json``) in, companies and list pages out. Pure.

The form: https://docs.searxng.org/dev/search_api.html: ``{"query", "results": [{"url", "title",
"content", "engine"}], "unresponsive_engines": [[name, reason]]}``.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from crawlers.document import Document
from crawlers.extract.head import tidy
from crawlers.extract.listing.names import is_list_title, looks_proper, name_in, spells
from crawlers.extract.listing.page import cut
from crawlers.extract.listing.sites import Lead, lead_of
from crawlers.extract.listing.words import words
from crawlers.items import Listed, Listing, ListLink
from crawlers.urls import host_of, is_web_url

_MOST = 60
_DEEPEST = 2  # parts of a path; what lies deeper in a site is seldom about the company
_NAME_WORDS = 3
_PARTS = re.compile(r"\s+[-–—|·•»]+\s+|\s*[|｜–—：]\s*|:\s+|\s*_\s*")


def read_results(document: Document) -> Listing | None:
    """The results of a search; ``None`` for what is no answer of one.

    A result whose title is that of a list or comparison is a page to read on (``list``), any other
    that stands near the top of its site a company, named by the part of the title that its domain
    spells, else by the shorter of its outer parts that can be a name.
    """
    if not document.is_json:
        return None
    try:
        data = document.json
    except (ValueError, RecursionError):
        return None
    rows = data.get("results") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        return None
    companies: dict[str, Listed] = {}
    pages: dict[str, ListLink] = {}
    for row in rows[:_MOST]:
        if not isinstance(row, dict):
            continue
        url, title, content = (_text(row.get(key)) for key in ("url", "title", "content"))
        lead = lead_of(url, document.url) if is_web_url(url) else None
        if lead is None or not title:
            continue
        if is_list_title(title, anywhere=True) and not _is_about(title, lead):
            pages.setdefault(url, ListLink(url=url, text=title, kind="list"))
        elif _is_near_top(url) and (name := _name(title, lead)):
            quote = cut(" · ".join(part for part in (title, content) if part), 240)
            one = Listed(name=name, site=lead.home, quote=quote, rule="search")
            companies.setdefault(lead.key, one)
    query = _text(data.get("query"))
    return Listing(
        url=document.url,
        title=query,
        companies=tuple(companies.values()),
        pages=tuple(pages.values()),
    )


def refusals_of(document: Document) -> tuple[str, ...]:
    """The engines that gave a search no answer, each with its reason where it tells one."""
    try:
        data = document.json
    except (ValueError, RecursionError):
        return ()
    rows = data.get("unresponsive_engines") if isinstance(data, dict) else None
    found = []
    for row in rows[:20] if isinstance(rows, list) else ():
        parts = row if isinstance(row, list) else [row]
        words = [_text(part)[:60] for part in parts[:2]]
        if words and words[0]:
            found.append(": ".join(word for word in words if word))
    return tuple(found)


def _text(value: Any) -> str:
    return tidy(value, 500) if isinstance(value, str) else ""


def _is_about(title: str, lead: Lead) -> bool:
    """Whether a title that sounds like a list's is the company's own: "Rivalo - best POS" at its
    home. "Rivalo alternatives" on its site is a list.
    """
    return not lead.deep and any(spells(part, lead.label) for part in _PARTS.split(title)[:6])


def _is_near_top(url: str) -> bool:
    path = [part.lower() for part in urlsplit(url).path.split("/") if part]
    host = host_of(url).partition(".")[0]
    return (
        len(path) <= _DEEPEST
        and words().other_paths.isdisjoint(path)
        and host not in words().other_paths
    )


def _name(title: str, lead: Lead) -> str | None:
    parts = [part for part in _PARTS.split(title)[:6] if part.strip()]
    for part in parts:
        if (name := name_in(part, lead.label)) and spells(name, lead.label):
            return name
    if lead.deep:
        return None
    names = [name for part in (parts[:1] + parts[-1:]) if (name := name_in(part))]
    proper = [name for name in names if looks_proper(name) and len(name.split()) <= _NAME_WORDS]
    return min(proper, key=len, default=None)  # a slogan is longer than a name
