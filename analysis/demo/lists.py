"""The sample's list of companies and its search, from ``lists.toml``. Pure.

The search answers as SearXNG does to ``/search?q=...&format=json``: a result stands in the answer
where one of its words stands in the question.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import parse_qs

from analysis.demo import broken
from analysis.demo.answers import Answer, not_found, page, plain
from analysis.demo.content import host_of_site, load_sites, read_toml
from crawlers.folding import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A company on a page of the list; ``id`` as in the truth."""

    id: str
    name: str
    host: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page of the list; ``layout``: ``headings`` or ``cards``."""

    path: str
    title: str
    intro: str
    layout: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An answer of the search: a page of a host of the sample."""

    host: str
    path: str
    title: str
    content: str
    words: tuple[str, ...]


@lru_cache(maxsize=1)
def load_lists() -> tuple[ListPage, ...]:
    """The list's pages."""
    names = {site.id: site.name for site in load_sites()}
    names[broken.HOST.partition(".")[0]] = broken.NAME
    return tuple(
        ListPage(
            path=row["path"], title=row["title"], intro=row["intro"], layout=row["layout"],
            entries=tuple(
                Entry(
                    id=entry["site"], name=names[entry["site"]], text=entry["text"],
                    host=host_of_site(entry["site"]),
                )
                for entry in row["entry"]
            ),
        )
        for row in _content()["page"]
    )  # fmt: skip


@lru_cache(maxsize=1)
def load_results() -> tuple[Result, ...]:
    """Everything the search knows."""
    return tuple(
        Result(
            host=host_of_site(row["site"]) if "site" in row else directory_host(),
            path=row.get("path") or row["list"], title=row["title"], content=row["content"],
            words=tuple(fold(word) for word in row["words"]),
        )
        for row in _content()["result"]
    )  # fmt: skip


def directory_host() -> str:
    """The host of the list of companies."""
    return str(_content()["directory"]["host"])


def search_host() -> str:
    """The host of the search."""
    return str(_content()["search"]["host"])


def listed_companies() -> dict[str, tuple[str, ...]]:
    """What is true of the list: page -> ids of the companies it names."""
    return {row.path: tuple(entry.id for entry in row.entries) for row in load_lists()}


def directory_answer(target: str, port: int) -> Answer:
    """What the list's host answers."""
    name = _content()["directory"]["name"]
    path = target.partition("?")[0]
    if path == "/robots.txt":
        return plain("User-agent: *\nDisallow: /account\n")
    if path == "/":
        return page(_shell(name, str(_content()["directory"]["tagline"]), _front(), port))
    for row in load_lists():
        if row.path == path:
            return page(_shell(f"{row.title} | {name}", row.title, _entries(row, port), port))
    return not_found(name)


def search_answer(target: str, port: int) -> Answer:
    """What the search's host answers: its form, or a page of results as JSON."""
    name = _content()["search"]["name"]
    path, _, query = target.partition("?")
    asked = parse_qs(query)
    if path == "/robots.txt":
        return plain("User-agent: *\nDisallow: /preferences\n")
    if path == "/":
        form = '<form action="/search"><input name="q"><button>Search</button></form>'
        return page(f"<!doctype html><html lang=en><title>{name}</title><h1>{name}</h1>{form}")
    if path != "/search" or asked.get("format") != ["json"]:
        return not_found(name)
    question = asked.get("q", [""])[0]
    results = answers_to(question, port) if asked.get("pageno", ["1"]) == ["1"] else []
    content = {"query": question, "number_of_results": len(results), "results": results}
    return page(json.dumps(content, ensure_ascii=False), content_type="application/json")


def answers_to(question: str, port: int) -> list[dict[str, Any]]:
    """The results for a question, in SearXNG's form."""
    folded = fold(question)
    return [
        {
            "url": f"http://{row.host}:{port}{row.path}", "title": row.title,
            "content": row.content, "engine": "lantern", "category": "general",
        }
        for row in load_results()
        if any(word in folded for word in row.words)
    ]  # fmt: skip


def _front() -> str:
    rows = "".join(f'<li><a href="{row.path}">{escape(row.title)}</a></li>' for row in load_lists())
    return f"<p>Tried by people who keep shops.</p><ul>{rows}</ul>"


def _entries(row: ListPage, port: int) -> str:
    entry = {"headings": _heading, "cards": _card}[row.layout]
    parts = (entry(number, one, port) for number, one in enumerate(row.entries, 1))
    return f"<p>{escape(row.intro)}</p>" + "".join(parts)


def _heading(number: int, entry: Entry, port: int) -> str:
    name, home = escape(entry.name), _home(entry, port)
    return (
        f"<h2>{number}. {name}</h2><p>{escape(entry.text)}</p>"
        f'<p><a href="{home}" rel="nofollow">Visit {name}</a></p>'
    )


def _card(number: int, entry: Entry, port: int) -> str:
    name, home = escape(entry.name), _home(entry, port)
    return (
        f'<article class="tool" id="t{number}"><h3><a href="{home}">{name}</a></h3>'
        f"<p>{escape(entry.text)}</p></article>"
    )


def _home(entry: Entry, port: int) -> str:
    return f"http://{entry.host}:{port}/"


def _shell(title: str, heading: str, body: str, port: int) -> str:
    name = escape(_content()["directory"]["name"])
    links = "".join(f'<a href="{row.path}">{escape(row.title)}</a> ' for row in load_lists())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'</head><body><header><a href="/">{name}</a><nav>{links}</nav></header><main>'
        f"<h1>{escape(heading)}</h1>{body}</main><footer><p>© 2026 {name}</p>"
        '<a href="https://www.facebook.com/toolaisledemo01186">Facebook</a></footer></body></html>'
    )


@lru_cache(maxsize=1)
def _content() -> dict[str, Any]:
    return read_toml("", "lists.toml")
