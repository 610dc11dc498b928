"""Pages made to keep a reader busy: a hundred thousand of anything ends within a second."""

import time

import pytest

from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.forums import read_forum

N = 100_000
POST = (
    '<!doctype html><html><body id="phpbb"><div id="p1" class="post has-profile">'
    '<div class="postbody"><p class="author">by <a class="username">lan</a> '
    '<time datetime="2026-11-02T10:00:00+00:00">2 Nov</time></p><div class="content">'
)
SHOP = "<!doctype html><html><title>Shop</title><h1>Shop</h1><p>Online shop builder</p>"
HEADERS = {"content-type": "text/html"}
MOST = 3.0
"""Seconds of processor time; measured, all are below one (docs/reliability.md). The bound is for
machines that are slow or busy; the square of a hundred thousand is far beyond it."""

BODIES = {
    "div": "<div>" * N,
    "blockquote": "<blockquote>" * N,
    "blockquotes closed": "<blockquote>a</blockquote>b" * (N // 2),
    "table": "<table><tr><td>" * (N // 3),
    "list": "<ul><li>" * (N // 2),
    "form": "<form><p>" * (N // 2),
    "bold": "<b><i>" * (N // 2),
    "links": "<a href=/x>" * N,
    "attributes": "<div " + " ".join(f"a{n}=1" for n in range(N)) + ">",
    "attributes that hold tags": "<div " + "".join(f'a{n}="<p>"' for n in range(N)) + ">",
    "attributes without values": "<div " + " ".join(f'"{n}' for n in range(N)) + ">",
    "tags in tags": "<a <a " * N,
    "quotes never closed": "<a b='" * N,
    "a long word": "a" * N + " " + "字" * N,
}


@pytest.mark.parametrize("name", BODIES)
def test_a_hundred_thousand_of_anything(name: str) -> None:
    started = time.process_time()
    page = read_page(
        Document("https://a.example/p", (SHOP + BODIES[name]).encode(), headers=HEADERS)
    )
    between = time.process_time()
    address = "https://a.example/viewtopic.php?t=1"
    forum = read_forum(Document(address, (POST + BODIES[name]).encode(), headers=HEADERS))
    assert between - started < MOST and time.process_time() - between < MOST
    assert page.title == "Shop" and "builder" in page.text
    assert forum is not None and forum.engine == "phpbb" and forum.kind == "topic"


def test_honest_tags_keep_all_their_attributes() -> None:
    data = " ".join(f'data-{n}="{n}"' for n in range(400))
    path = f'<svg><path d="{"M1 2 " * 20_000}"/></svg>'
    body = f'{SHOP}{path}<p>a < b and "c" > d</p><a {data} href="/buy">Buy</a>{"<p>x</p>" * 9_000}'
    tree = Document("https://a.example/", body.encode(), headers=HEADERS).tree
    link = tree.css_first("a[href]")
    assert link is not None and link.attributes["data-399"] == "399"
    assert tree.css_first("p:nth-of-type(2)").text() == 'a < b and "c" > d'
