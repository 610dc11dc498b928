"""The generic reader: pages of software that never was, in; posts and the shape they taught out."""

from datetime import UTC, datetime

import pytest

from crawlers.document import Document
from crawlers.forums.base import Reading
from crawlers.forums.shapes.generic import learn, read_generic
from crawlers.forums.shapes.lists import read_threads
from crawlers.forums.shapes.shape import agrees
from crawlers.items import ForumPage

FETCHED = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
TOPIC = Reading(fetched_at=FETCHED, expect="topic")


def page(html: str, url: str = "https://talk.example/thread/7") -> Document:
    html = f"<html><body>{html}</body></html>"
    return Document(url, html.encode(), headers={"content-type": "text/html"}, fetched_at=FETCHED)


def entry(number: int, words: str, author: str = "lan", *, extra: str = "") -> str:
    return (
        f'<section class="entry" id="entry-{number}"><header>'
        f'<a class="who" href="/members/{author}">'
        f'{author}</a> <time datetime="2026-11-20T10:{number % 60:02}:00Z">20 Nov</time></header>'
        f'<div class="words"><p>{words}</p></div>{extra}'
        f"<ul><li>Share</li><li>Report</li><li>#{number}</li></ul></section>"
    )


WORDS = (
    "The valve drips after each wash and I have no idea why it does.",
    "Mine did the same, a new ring from the shop round the corner cured it.",
    "Ring or hose? The hose is cheaper, and it is what went first on ours.",
    "It was the ring. Thank you both, no more water on the kitchen floor!",
)
MANY = "".join(entry(n, words, f"user{n}") for n, words in enumerate(WORDS, 1))
RELATED = (
    "<aside><h3>Related</h3><ol>"
    + "".join(
        f'<li><a class="who" href="/members/m{n}">m{n}</a>'
        f' <time datetime="2025-01-0{n}T08:00:00Z"></time>'
        f'<p class="teaser">An older thread about pumps and valves, number {n}, with a long first'
        " line that says much about pumps and goes on so that it outweighs a short post.</p></li>"
        for n in range(1, 9)
    )
    + "</ol></aside>"
)


def texts(found: ForumPage | None) -> list[tuple[str | None, str | None, str]]:
    return [(p.id, p.author, p.text) for p in found.posts] if found else []


def test_what_every_block_repeats_is_no_part_of_a_body() -> None:
    found = read_generic(page(f"<main>{MANY}</main>"), TOPIC)
    assert texts(found) == [(str(n), f"user{n}", words) for n, words in enumerate(WORDS, 1)]


def test_a_single_post_is_read_by_the_shape_the_first_page_taught() -> None:
    taught = learn(page(f"<main>{MANY}</main>"), TOPIC)
    assert taught is not None
    last = page(f"<main>{entry(5, 'Glad to hear it.', 'user1')}</main>{RELATED}")
    assert texts(read_generic(last, TOPIC)) != [("5", "user1", "Glad to hear it.")]
    found = read_generic(last, TOPIC, shape=taught[1])
    assert texts(found) == [("5", "user1", "Glad to hear it.")]


def test_two_pages_of_a_forum_agree_and_those_of_two_do_not() -> None:
    first = learn(page(f"<main>{MANY}</main>"), TOPIC)
    second = learn(page(f"<main>{MANY.replace('drips', 'leaks')}</main>{RELATED}"), TOPIC)
    other = learn(page(f"<main>{MANY.replace('section', 'article')}</main>"), TOPIC)
    assert first is not None and second is not None and other is not None
    assert agrees(first[1], second[1])
    assert not agrees(first[1], other[1])


def test_a_page_the_shape_does_not_fit_is_read_as_if_new() -> None:
    taught = learn(page(f"<main>{MANY.replace('section', 'article')}</main>"), TOPIC)
    assert taught is not None
    found = read_generic(page(f"<main>{MANY}</main>"), TOPIC, shape=taught[1])
    assert len(texts(found)) == len(WORDS)


def test_an_opening_post_in_a_markup_of_its_own_comes_first() -> None:
    question = (
        '<article class="question"><h1><a href="/thread/7">Why does my valve drip?</a></h1>'
        '<div class="by">Asked by <a href="/members/ask">ask</a>'
        ' <span class="when">2026-11-20 09:00</span></div>'
        '<div class="question-body"><p>It drips after each wash. What should I look at first?</p>'
        "</div></article>"
    )
    found = read_generic(page(f"<main>{question}<div>{MANY}</div></main>"), TOPIC)
    assert texts(found)[0][1:] == (
        "ask",
        "It drips after each wash. What should I look at first?",
    )
    assert len(texts(found)) == len(WORDS) + 1


def test_comments_below_answers_are_posts_and_no_part_of_them() -> None:
    def comments(first: int) -> str:
        return (
            "<ol>"
            + "".join(
                f'<li class="note" id="note-{n}">'
                f'<span class="note-text">A word from the side, {n}.</span>'
                f' <a class="author" href="/members/s{n}">s{n}</a>'
                f' <i class="ago" title="2026-11-21 10:0{n}"></i><a href="#">Reply</a></li>'
                for n in (first, first + 1)
            )
            + "</ol>"
        )

    body = "".join(
        entry(number, words, f"user{number}", extra=comments(2 * number))
        for number, words in enumerate(WORDS, 1)
    )
    found = read_generic(page(f"<main>{body}</main>"), TOPIC)
    assert [text for _, author, text in texts(found) if author and author.startswith("user")] == [
        *WORDS
    ]
    assert len(texts(found)) == 3 * len(WORDS)


def test_related_threads_beside_the_thread_are_no_posts_of_it() -> None:
    found = read_generic(page(f"<main>{MANY}</main>{RELATED}"), TOPIC)
    assert [text for _, _, text in texts(found)] == [*WORDS]


def test_people_talking_below_a_story_of_an_unknown_site() -> None:
    talk = "".join(
        f'<div class="c" id="comment-{100 + n}"><a class="author" href="/~u{n}">u{n}</a>'
        f' <span class="t">2026-11-20 10:{n:02}</span>'
        f'<div class="said">{WORDS[n % 4]} Case {n}.</div>'
        f'<a href="?r={n}">Reply</a></div>'
        for n in range(10, 24)
    )
    at = Reading(fetched_at=FETCHED)
    found = read_generic(page(talk, "https://news.example/story/7"), at)
    assert found is not None and len(found.posts) == 14
    article = "<article><p>" + " ".join(WORDS * 40) + "</p></article>"
    assert read_generic(page(article + talk, "https://news.example/story/7"), at) is None


@pytest.mark.parametrize(
    ("html", "titles"),
    [
        (
            "<table>"
            + '<tr><td><div><a class="pinned" href="/t/rules/1">Rules of this board</a></div>'
            + "".join(
                f'<tr><td><div><a href="/t/th-{n}/{n}">Which pump do you use, {n}?</a></div>'
                for n in range(2, 6)
            )
            + "</table>",
            ["Rules of this board", *(f"Which pump do you use, {n}?" for n in range(2, 6))],
        ),
        (  # links drawn by script: the list for search engines stands in
            "<ul>"
            + "".join(
                f'<li itemprop="itemListElement" itemscope itemtype="https://schema.org/ListItem">'
                f'<link itemprop="url" content="/topic/{n}/x">'
                f'<meta itemprop="name" content="Bơm {n}">'
                f'<a href="/topic/{n}/x"></a></li>'
                for n in range(1, 5)
            )
            + "</ul>",
            [f"Bơm {n}" for n in range(1, 5)],
        ),
    ],
)
def test_threads_of_lists(html: str, titles: list[str]) -> None:
    found = read_threads(page(html, "https://talk.example/c/pumps"))
    assert [thread.title for thread in found] == titles
