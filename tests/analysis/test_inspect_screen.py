from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from analysis.inspect_screen import print_screen
from analysis.inspecting import inspect_document, unreadable
from crawlers.document import Document

PAGES = Path(__file__).parents[1] / "pages" / "companies"


def shown(line, width=100):
    out = StringIO()
    print_screen(line, Console(file=out, width=width, highlight=False))
    return out.getvalue()


@pytest.fixture(scope="module")
def pricing():
    url = "https://tillwise.example/pricing"
    return inspect_document(Document(url, (PAGES / "en_pricing.html").read_bytes()))


def test_every_section_that_holds_something_stands_on_the_screen(pricing):
    screen = shown(pricing)
    for title in ("Company", "Offers (", "Channels (", "Search work", "Main text ("):
        assert f"\n{title}" in screen
    assert "\nPosts" not in screen


def test_offers_are_told_in_words(pricing):
    offer = next(o for o in pricing["offers"] if o["price"] and o["period"] == "month")
    screen = shown(pricing, width=200)
    assert f"{offer['price']} {offer['currency']} a month" in screen
    assert offer["price_text"] in screen


def test_facts_stand_beside_their_proof(pricing):
    screen = " ".join(shown(pricing, width=400).split())
    row = pricing["company"]["evidence"][0]
    assert " ".join(f"“{row['quote']}” ({row['rule']})".split()) in screen
    tag = pricing["channels"][0]
    assert tag["evidence"]["rule"] in screen


def test_what_could_not_be_read_says_so():
    screen = shown(unreadable("https://a.example/x.pdf", "not a web page but a PDF"))
    assert "not a web page but a PDF" in screen
    assert "Company" not in screen


@pytest.mark.parametrize("text", ["[red]x[/red]", "a [/] b", "\x1b[2Jgone", "[link=file:///]y"])
def test_a_page_cannot_give_the_terminal_orders(text):
    body = f"<title>{text}</title><h1>{text}</h1><p>{text} " + "word " * 60
    screen = shown(inspect_document(Document("https://a.example/", body.encode())))
    assert "\x1b" not in screen
    assert text.replace("\x1b", "") in " ".join(screen.split())


def test_a_forum_page_shows_its_first_posts():
    page = next((PAGES.parent / "forums" / "phpbb").glob("*topic*.html"))
    line = inspect_document(Document("https://f.example/viewtopic.php?t=1", page.read_bytes()))
    posts = line["posts"]
    assert posts
    screen = shown(line)
    assert f"engine {line['engine']}" in screen
    assert f"Posts ({len(posts)}" in screen
    assert f"{posts[0]['author']} · {posts[0]['posted_at'] or posts[0]['posted_text']}" in screen
