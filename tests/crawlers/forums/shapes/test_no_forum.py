"""Pages with dates in rows that are no forum's, and pages made to cost time."""

import time

import pytest

from crawlers.forums.base import Reading
from crawlers.forums.shapes.generic import read_generic
from tests.crawlers.forums.shapes.made_up import FETCHED, TALKS, TEMPLATES, page

ANY = Reading(fetched_at=FETCHED)
STORY = "<p>" + "A shop that sells tea by the sea has learnt to bake its own bread. " * 9 + "</p>"


def rows(tag: str, *parts: str) -> str:
    """Eight rows, ``{n}`` in each part their number."""
    row = "".join(parts)
    return "".join(f"<{tag}>{row.replace('{n}', str(n))}</{tag}>" for n in range(1, 9))


@pytest.mark.parametrize(
    ("url", "html"),
    [
        (
            "https://tea.example/blog/bread",
            f"<article><h1>Bread</h1>{STORY * 4}</article><h3>3 comments</h3>"
            + TEMPLATES["hashed_classes"](TALKS["en"][:3], "en"),
        ),
        (
            "https://news.example/latest",
            rows(
                "article",
                '<h2><a href="/story/{n}">The harbour opens again for the {n}th year</a></h2>',
                '<span class="author">Jo Hill</span> <time datetime="2026-11-0{n}T08:00Z"></time>',
                "<p>Boats come in, and with them people who buy bread and tea.</p>",
            ),
        ),
        (
            "https://shop.example/p/kettle",
            "<h1>Kettle</h1><p>$39.90</p><button>Add to cart</button><p>Boils fast.</p>"
            + rows("div", "<b>Ann {n}</b> <i>2026-10-0{n}</i><p>Boils fast, pours well, {n}.</p>"),
        ),
        (
            "https://town.example/events",
            rows("li", "<b>2026-12-0{n} 19:00</b> <a href='/e/{n}'>Choir evening no. {n}</a>"),
        ),
        (
            "https://app.example/changelog",
            rows("section", "<h3>v1.{n}.0 - 2026-10-0{n}</h3><ul><li>Fixed crash {n}</li></ul>"),
        ),
        (
            "https://rice.example/prices",
            "<table>"
            + rows("tr", "<td>2026-11-0{n}</td><td>Rice</td><td>{n}8.500 ₫</td>")
            + "</table>",
        ),
        (
            "https://find.example/?q=kettle",
            rows(
                "div",
                '<a href="https://s{n}.example/">Kettles for every kitchen, part {n}</a>',
                "<span>s{n}.example</span><p>3 Nov 2026 - Which kettle lasts? We tried {n}.</p>",
            ),
        ),
    ],
    ids=["blog", "news", "shop", "events", "changelog", "prices", "results"],
)
def test_rows_with_dates_are_no_posts(url: str, html: str) -> None:
    assert read_generic(page(html, url), ANY) is None


MANY = 20_000
DAY = "2026-11-{d:02} 10:{m:02}"


@pytest.mark.parametrize(
    "part",
    [
        f"<b>u{{n}}</b> - <i>{DAY}</i><br>said {{n}}<br><hr>",
        f"<div><b>u{{n}}</b><i>{DAY}</i><p>said {{n}}</p></div>",
        f'<div class="a{{w}}"><b>u{{n}}</b><i>{DAY}</i><p>said {{n}}</p></div>',
        f"<p>lan {{n}} wrote many words for you on {DAY} and by the sea</p>said {{n}}",
        f"{DAY}<br>",
        f'<a href="/t/{{n}}" title="{DAY}">x {{n}}</a>',
        f"<div><i>{DAY}</i> <b>u{{n}}</b> said {{n}}",
        f"<p>{'发表于' * 24}x {DAY}</p>said {{n}}",
        f"<p>{'于 ' * 14}x {DAY}</p>said {{n}}",
        f"<pre>From: u{{n}} @ {DAY} {'to: x{nl} ' * 40}</pre>",
    ],
)
def test_twenty_thousand_times_cost_little(part: str) -> None:
    html = "".join(
        part.format(
            n=n, nl="\n", d=n % 20 + 1, m=n % 60, w=f"{n:b}".replace("1", "x").replace("0", "y")
        )
        for n in range(MANY)
    )
    document = page(html)
    assert document.tree is not None
    start = time.process_time()
    read_generic(document, Reading(fetched_at=FETCHED, expect="topic"))
    assert time.process_time() - start < 4  # a second where nothing else runs
