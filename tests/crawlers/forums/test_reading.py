"""What is a forum page and what is not; structured data; hostile input."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.document import Document
from crawlers.forums import read_forum
from crawlers.forums.reading import read_without_adapters

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
FORUM = "https://f.example/forum/viewtopic.php?t=1"


def page(body: str | bytes, url: str = FORUM, kind: str = "text/html") -> Document:
    raw = body.encode() if isinstance(body, str) else body
    return Document(url, raw, headers={"content-type": kind}, fetched_at=NOW)


def ld(data: Any) -> str:
    return (
        f'<html><script type="application/ld+json">{json.dumps(data)}</script><body></body></html>'
    )


CARDS = "".join(
    f'<article class="card"><h3><a href="/blog/{i}">How we made better coffee {i}</a></h3>'
    f'<span class="author">Jane</span> <time datetime="2026-0{i}-01">x</time>'
    f"<p>{'word ' * 40}</p></article>"
    for i in range(1, 7)
)
REVIEWS = "".join(
    f'<div class="review"><b class="reviewer">Max{i}</b> <time datetime="2026-0{i}-01">x</time>'
    f"<p>Arrived quickly and works well, number {i} of my kitchen.</p></div>"
    for i in range(1, 7)
)


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("https://shop.example/", "<html><body><h1>Shop</h1></body></html>"),
        ("https://shop.example/blog", f"<html><body>{CARDS}</body></html>"),
        ("https://shop.example/products/kettle", f"<html><body>{REVIEWS}</body></html>"),
        ("https://shop.example/topic/news", f"<html><body>{CARDS}</body></html>"),
        (
            "https://shop.example/faq",
            ld(
                {
                    "@type": "FAQPage",
                    "mainEntity": [
                        {
                            "@type": "Question",
                            "name": "Ship?",
                            "acceptedAnswer": {"@type": "Answer", "text": "Yes"},
                        }
                    ],
                }
            ),
        ),
        (
            "https://shop.example/guide",
            ld(
                {
                    "@type": "QAPage",
                    "mainEntity": [
                        {
                            "@type": "Question",
                            "text": "What is it?",
                            "acceptedAnswer": {"@type": "Answer", "text": "A"},
                        }
                    ],
                }
            ),
        ),
        (
            "https://shop.example/post",
            ld(
                {
                    "@type": "BlogPosting",
                    "comment": [{"@type": "Comment", "text": "Nice", "author": {"name": "A"}}],
                }
            ),
        ),
    ],
)
def test_a_company_page_is_no_forum_page(url: str, body: str) -> None:
    assert read_forum(page(body, url)) is None


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/xml"])
def test_other_media_are_no_forum_page(kind: str) -> None:
    assert read_forum(page(b"%PDF-1.7 ...", kind=kind)) is None


def test_a_known_engine_without_posts_comes_back_empty() -> None:
    found = read_forum(page('<html id="XF"><body>Log in to see this</body></html>'), expect="topic")
    assert found is not None
    assert (found.engine, found.kind, found.posts, found.threads) == ("xenforo", "topic", (), ())


def test_a_theme_the_adapter_does_not_know_is_read_by_its_shape() -> None:
    rows = "".join(
        f'<div class="reply" id="post-{i}"><a class="username" href="/members/a{i}.{i}/">Ann{i}</a>'
        f'<time datetime="2026-11-0{i}T10:00:00Z"></time>'
        f'<div class="txt">A reply with words number {i}</div>'
        f'<a href="/threads/x.1/reply?quote={i}">Reply</a></div>'
        for i in range(1, 5)
    )
    found = read_forum(
        page(f'<html id="XF"><body>{rows}</body></html>', "https://f.example/threads/x.1/")
    )
    assert found is not None and found.engine == "xenforo"
    assert [(p.id, p.author) for p in found.posts] == [(str(i), f"Ann{i}") for i in range(1, 5)]


def test_structured_data_fills_what_a_theme_hides() -> None:
    data = {
        "@type": "DiscussionForumPosting",
        "headline": "T",
        "text": "Hello there",
        "author": {"name": "Ann"},
        "datePublished": "2026-01-02T03:04:05Z",
    }
    body = (
        ld(data)
        .replace("<html>", '<html id="XF">')
        .replace(
            "<body>",
            '<body><article class="message message--post" data-content="post-5">'
            '<article class="message-body"><div class="bbWrapper">Hello there</div></article>'
            "</article>",
        )
    )
    found = read_forum(page(body))
    assert found is not None
    (post,) = found.posts
    assert (post.id, post.author, post.posted_at) == (
        "5",
        "Ann",
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    assert found.thread_title == "T"


def test_the_generic_reader_alone_reads_nested_comments() -> None:
    inner = "<ul>{}</ul>"

    def comment(i: int, rest: str = "") -> str:
        return (
            f'<li class="comment"><div class="head"><a href="/user/u{i}">u{i}</a> '
            f'<time datetime="2026-11-0{i}T10:00:00Z">x</time></div>'
            f'<div class="words">These are the words of comment {i}, no more.</div>{rest}</li>'
        )

    tree = inner.format(comment(1, inner.format(comment(2, inner.format(comment(3))))) + comment(4))
    found = read_without_adapters(page(f"<html><body>{tree}</body></html>"), expect="topic")
    assert found is not None
    assert [(p.author, p.text) for p in found.posts] == [
        (f"u{i}", f"These are the words of comment {i}, no more.") for i in range(1, 5)
    ]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\0\0<html id=XF>\0",
        "<html><body>" + "<div>" * 5_000 + "2024-01-01",
        "<html><body>" + "<time datetime=x>" * 3_000,
        '<html id=XF><a class=pageNav-jump--next href="http://[">n</a>',
        "<html id=XF><body>"
        + '<article class="message message--post"><div class=message-body>x</div>' * 3_000,
        ld(
            {
                "@type": "DiscussionForumPosting",
                "author": [1, None],
                "text": {"a": 1},
                "datePublished": 5,
                "comment": [
                    1,
                    None,
                    {"@type": ["Comment", 3], "text": 7, "author": {"name": "b"}, "url": ["x"]},
                ],
            }
        ),
        '<html><script type="application/ld+json">' + '{"@type":"QAPage","mainEntity":' * 3_000,
    ],
)
@pytest.mark.parametrize("expect", [None, "topic", "board"])
def test_hostile_pages_are_read_in_time(body: str, expect: Any) -> None:
    start = time.perf_counter()
    read_forum(page(body), expect=expect)
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[1,2]",
        b'"x"',
        b"[" * 50_000,
        b'{"post_stream":5}',
        b'{"post_stream":{"posts":[1,{"id":true}]}}',
        b'{"topic_list":{"topics":{"id":[]},"more_topics_url":5}}',
        b'{"category_list":{"categories":"x"}}',
        b'{"post_stream":{"stream":"x","posts":[{"id":1,"reply_to_post_number":[1],"created_at":{}}]}}',
    ],
)
def test_hostile_json_is_no_crash(body: bytes) -> None:
    found = read_forum(page(body, "https://d.example/t/x/7.json", "application/json"))
    assert found is None or found.engine == "discourse"
