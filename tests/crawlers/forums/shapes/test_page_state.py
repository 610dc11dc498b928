"""Posts from the data a page's scripts start from."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.document import Document
from crawlers.forums import read_forum

FETCHED = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
POSTS = [
    {
        "id": 11,
        "bodyHtml": "<p>It leaks.</p>",
        "author": {"username": "lan"},
        "createdAt": 1763800000,
    },
    {
        "id": 12,
        "bodyHtml": "<p>Mine too.</p>",
        "author": {"username": "bob"},
        "createdAt": 1763803600,
    },
]


def read(script: str, url: str = "https://talk.example/thread/7", **given: Any) -> Any:
    html = f"<html><body><div id=app></div>{script}</body></html>"
    page = Document(url, html.encode(), headers={"content-type": "text/html"}, fetched_at=FETCHED)
    return read_forum(page, **given)


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{"props":{"p":{"posts":%s}}}</script>',
        '<script>window.__INITIAL_STATE__ = {"thread":{"items":%s}}; boot({});</script>',
        '<script>window[\'__PRELOADED_STATE__\']={"a":"};","b":%s};</script>',
        '<script type="application/json" data-state>{"topic":{"posts":%s}}</script>',
    ],
)
def test_posts_of_embedded_state(script: str) -> None:
    found = read(script % json.dumps(POSTS), expect="topic")
    assert found is not None and found.kind == "topic"
    assert [(p.id, p.author, p.text) for p in found.posts] == [
        ("11", "lan", "It leaks."),
        ("12", "bob", "Mine too."),
    ]
    assert found.posts[0].posted_at == datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)


def test_an_address_of_a_thread_is_enough() -> None:
    found = read(f'<script type="application/json">{json.dumps(POSTS)}</script>')
    assert found is not None and len(found.posts) == 2


def test_references_of_a_flat_cache_are_followed() -> None:
    state = {
        "User:1": {"__typename": "User", "name": "Lan"},
        "Post:5": {"body": "Nó bị rò.", "author": {"__ref": "User:1"}, "created_at": "2026-11-20"},
        "Post:6": {"body": "一样。", "author": {"__ref": "User:1"}, "created_at": "2026-11-21"},
    }
    found = read(f"<script>window.__APOLLO_STATE__ = {json.dumps(state)};</script>", expect="topic")
    assert found is not None
    assert [(p.author, p.text) for p in found.posts] == [("Lan", "Nó bị rò."), ("Lan", "一样。")]


def test_a_list_of_threads_is_no_thread() -> None:
    rows = [
        {"title": f"Thread {i}", "body": f"Excerpt {i}", "author": "lan", "createdAt": "2026-11-20"}
        for i in range(5)
    ]
    found = read(f'<script type="application/json">{json.dumps(rows)}</script>', expect="topic")
    assert found is None or not found.posts


@pytest.mark.parametrize(
    "script",
    [
        '<script type="application/json">{"a":</script>',
        '<script type="application/json">' + "[" * 50_000 + "</script>",
        "<script>window.__INITIAL_STATE__ = " + '{"a":' * 2_000 + "</script>",
        '<script>window.__INITIAL_STATE__ = "\\</script>',
        '<script type="application/json">[{"body":{"x":1},"author":[1],"date":{}}]</script>',
        '<script type="application/json">[{"body":"x","author":{"name":7},"date":true}]</script>',
        '<script type="application/json">{"__ref":null,"body":1,"user":1,"time":1}</script>',
    ],
)
def test_hostile_state_is_no_crash(script: str) -> None:
    found = read(script, expect="topic")
    assert found is None or not found.posts or found.posts[0].text
