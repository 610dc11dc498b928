"""Where engines with an API are asked, and that both ways of reading agree."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from crawlers.document import Document
from crawlers.forums import entry_urls, fetch_address, read_forum
from crawlers.forums.registry import adapter_named
from crawlers.items import ForumPage

PAGES = Path(__file__).parents[2] / "pages" / "forums"
MOBILE = "https://d.example/bbs/api/mobile/index.php"


def read(engine: str, name: str) -> ForumPage:
    told = json.loads((PAGES / engine / f"{name.partition('.')[0]}.expected.json").read_text())
    document = Document(
        told["url"],
        (PAGES / engine / name).read_bytes(),
        headers={"content-type": told.get("content_type", "text/html")},
        fetched_at=datetime.fromisoformat(told["fetched_at"]),
    )
    page = read_forum(document)
    assert page is not None
    return page


@pytest.mark.parametrize(
    ("engine", "public", "asked"),
    [
        ("nodebb", "https://n.example/", "https://n.example/api/recent"),
        ("nodebb", "https://n.example/f", "https://n.example/f/api/recent"),
        ("nodebb", "https://n.example/topic/5/x/12?lang=vi", "https://n.example/api/topic/5/x"),
        (
            "nodebb",
            "https://n.example/f/category/2/x?lang=vi&page=3",
            "https://n.example/f/api/category/2/x?page=3",
        ),
        ("nodebb", "https://n.example/api/recent?page=2", "https://n.example/api/recent?page=2"),
        ("discuz", "https://d.example/bbs/", f"{MOBILE}?module=forumindex&version=4"),
        ("discuz", "https://d.example/bbs/forum.php", f"{MOBILE}?module=forumindex&version=4"),
        (
            "discuz",
            "https://d.example/bbs/forum.php?mod=viewthread&tid=12&extra=page%3D1",
            f"{MOBILE}?module=viewthread&tid=12&version=4",
        ),
        (
            "discuz",
            "https://d.example/bbs/thread-12-3-1.html",
            f"{MOBILE}?module=viewthread&page=3&tid=12&version=4",
        ),
        (
            "discuz",
            "https://d.example/bbs/forum.php?fid=4&mod=forumdisplay&page=2",
            f"{MOBILE}?fid=4&module=forumdisplay&page=2&version=4",
        ),
        (
            "discuz",
            "https://d.example/bbs/forum-4-1.html",
            f"{MOBILE}?fid=4&module=forumdisplay&version=4",
        ),
        (
            "discuz",
            "https://d.example/bbs/archiver/?tid-3.html",
            f"{MOBILE}?module=viewthread&tid=3&version=4",
        ),
        (
            "discuz",
            "https://d.example/bbs/forum.php?mod=guide&view=new",
            "https://d.example/bbs/forum.php?mod=guide&view=new",
        ),
        ("discuz", f"{MOBILE}?module=forumindex", f"{MOBILE}?module=forumindex"),
        (
            "flarum",
            "https://f.example/forum/d/12-x/7",
            "https://f.example/forum/api/posts"
            "?filter%5Bdiscussion%5D=12&page%5Blimit%5D=50&sort=number",
        ),
        (
            "flarum",
            "https://f.example/t/thiet-bi",
            "https://f.example/api/discussions?filter%5Btag%5D=thiet-bi&sort=-lastPostedAt",
        ),
        ("flarum", "https://f.example/", "https://f.example/api/discussions?sort=-lastPostedAt"),
        (
            "public_inbox",
            "https://p.example/list/a+%2Fb@x.example/T/#t",
            "https://p.example/list/a+%2Fb@x.example/t.atom",
        ),
        ("public_inbox", "https://p.example/list/", "https://p.example/list/"),
    ],
)
def test_where_an_address_is_read(engine: str, public: str, asked: str) -> None:
    assert fetch_address(public, engine) == asked
    assert fetch_address(asked, engine) == asked


def test_where_boards_are_listed() -> None:
    told = {
        "nodebb": "https://x.example/f/api/categories",
        "discuz": "https://x.example/f/api/mobile/index.php?module=forumindex&version=4",
        "flarum": "https://x.example/f/api/tags",
    }
    for engine, address in told.items():
        adapter = adapter_named(engine)
        assert adapter is not None and adapter.board_list("https://x.example/f/") == address


def test_boards_asked_for_are_read_through_the_api() -> None:
    boards = ("https://n.example/category/2/x", "https://n.example/category/3/y")
    assert entry_urls("nodebb", "https://n.example/", boards) == [
        "https://n.example/api/category/2/x",
        "https://n.example/api/category/3/y",
    ]


def test_an_api_that_is_switched_off_reads_as_nothing() -> None:
    for body in (b'{"error":"mobile_is_closed"}', b'{"Message":{"messageval":"x"},"Variables":[]}'):
        document = Document(f"{MOBILE}?module=forumindex", body)
        assert read_forum(document, engine="discuz") is None


def test_discourse_names_a_post_alike_in_json_and_html() -> None:
    api, html = read("discourse", "topic_api.json"), read("discourse", "topic.html")
    ids = {post.id for post in api.posts}
    assert html.posts and {post.id for post in html.posts} <= ids


def test_a_mail_reads_alike_in_the_thread_and_in_its_feed() -> None:
    page = {post.id: post for post in read("public_inbox", "thread.html").posts}
    feed = read("public_inbox", "thread_feed.atom").posts
    assert len(feed) == 2
    for post in feed:
        other = page[post.id]
        assert post.posted_at is not None
        assert other == replace(
            post,
            posted_at=post.posted_at.replace(second=0),
            posted_text=other.posted_text,
            posted_precision="minute",
            thread_title=None,
        )


def test_pushes_keep_their_ids_when_one_above_is_taken_away() -> None:
    body = (PAGES / "ptt" / "article.html").read_text(encoding="utf-8")
    start = body.index('<div class="push">')
    end = body.index('<div class="push">', start + 1)
    whole = read("ptt", "article.html").posts
    url = "https://www.ptt.cc/bbs/Baking/M.1767194168.A.1A2.html"
    fewer = read_forum(Document(url, (body[:start] + body[end:]).encode()))
    assert fewer is not None
    assert [post.id for post in fewer.posts] == [p.id for n, p in enumerate(whole) if n != 1]
