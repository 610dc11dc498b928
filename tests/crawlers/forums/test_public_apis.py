"""Public read APIs: where they are asked, whose replies are whose, and replies that lie."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.document import Document
from crawlers.forums import entry_urls, fetch_address, read_forum
from crawlers.forums.base import Reading
from crawlers.forums.registry import adapter_named, adapters, engine_of_address
from crawlers.items import ForumPage

PAGES = Path(__file__).parents[2] / "pages" / "forums"
ENGINES = (
    "hackernews", "stackexchange", "v2ex", "lemmy", "mastodon", "youtube", "app_store", "reddit",
)  # fmt: skip
NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
YOUTUBE = "https://www.googleapis.com/youtube/v3"
HN = "https://hn.algolia.com/api/v1"
SE = "https://api.stackexchange.com/2.3"
JUNK = (
    None, True, -1, 10**30, 1.5, "", "\ud83d x <b>&#0;", "0", "[", [], [[]], [None, 3], {},
    {"id": {}}, "https://[", "2026-99-99T99:99:99Z",
)  # fmt: skip


def replies() -> list[Any]:
    return [
        pytest.param(path, id=f"{path.parent.name}-{path.stem}")
        for engine in ENGINES
        for path in sorted((PAGES / engine).glob("*.json"))
        if not path.name.endswith(".expected.json")
    ]


def address_of(path: Path) -> str:
    told = json.loads(path.with_name(f"{path.stem}.expected.json").read_text(encoding="utf-8"))
    return str(told["url"])


def reply(data: Any, url: str) -> Document:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return Document(url, body, headers={"content-type": "application/json"}, fetched_at=NOW)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a JSON value."""
    yield path
    if isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*path, key))


def with_junk(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    found = deepcopy(value)
    node = found
    for key in path[:-1]:
        node = node[key]
    if junk is Ellipsis:
        del node[path[-1]]
    else:
        node[path[-1]] = junk
    return found


def check(page: ForumPage | None) -> None:
    if page is None:
        return
    addresses = [post.url for post in page.posts] + [thread.url for thread in page.threads]
    for url in addresses:
        assert url.startswith("https://")
        assert "/api/" not in urlsplit(url).path
    for url in (*page.more, *([page.next] if page.next else [])):
        assert urlsplit(url).hostname
    ids = [post.id for post in page.posts if post.id]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", replies())
def test_replies_that_lie_are_read_without_an_error(path: Path) -> None:
    """Each place of a reply in turn taken out or replaced by what does not belong there."""
    adapter = adapter_named(path.parent.name)
    assert adapter is not None
    data, url = json.loads(path.read_text(encoding="utf-8")), address_of(path)
    reading = Reading(fetched_at=NOW)
    for number, place in enumerate(places(data)):
        # all of them at every place would take minutes; each meets every kind of place
        for junk in (JUNK[number % len(JUNK)], JUNK[(number * 7 + 3) % len(JUNK)], ...):
            if junk is ... and not place:
                continue
            check(adapter.read_json(reply(with_junk(data, place, junk), url), reading))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("junk", [*JUNK, {"items": [{}]}, {"hits": 3}, {"feed": {"entry": 7}}])
def test_junk_alone_is_no_reply(engine: str, junk: Any) -> None:
    adapter = adapter_named(engine)
    assert adapter is not None
    assert adapter.read_json(reply(junk, "https://a.example/"), Reading(fetched_at=NOW)) is None


@pytest.mark.parametrize("engine", ENGINES)
def test_deep_replies_end(engine: str) -> None:
    opened = b'{"id": 7, "type": "comment", "author": "a", "text": "x", "children": ['
    for deep in (300, 100_000):
        read_forum(reply(opened * deep + b"]}" * deep, f"{HN}/items/7"), engine=engine)
    listed = b'{"kind": "Listing", "data": {"children": [{"kind": "t1", "data": {"replies": '
    read_forum(
        reply(b"[" + listed * 150 + b'""' + b"}}]}}" * 150 + b"]", "https://a.example/"),
        engine=engine,
    )


@pytest.mark.parametrize("path", replies())
def test_a_reply_is_taken_by_its_own_engine_alone(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    url = urlsplit(address_of(path))._replace(netloc="mirror.example").geturl()
    document = reply(data, url)
    reading = Reading(fetched_at=NOW)
    takers = {a.engine for a in adapters() if a.read_json(document, reading) is not None}
    assert takers <= {path.parent.name}
    if "empty" not in path.stem:  # an empty list may need its host to be told from another's
        assert takers == {path.parent.name}


@pytest.mark.parametrize(
    "data",
    [
        {"error": {"code": 403, "errors": [{"reason": "quotaExceeded"}], "message": "no"}},
        {"error": {"code": 403, "errors": [{"reason": "commentsDisabled"}]}},
        {"error_id": 502, "error_message": "too many requests", "error_name": "throttle_violation"},
        {"error": "not_found"},
        {"error": "rate_limit_error"},
        {"status": 400, "message": "bad query"},
        {"reason": "private", "message": "Forbidden", "error": 403},
        {"error_id": 400, "items": [], "has_more": False, "quota_remaining": 0},
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_reply_that_tells_of_an_error_is_no_page(engine: str, data: Any) -> None:
    url = f"{SE}/questions/1?site=cooking"
    assert read_forum(reply(data, url), engine=engine, expect="topic") is None


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "url", "address"),
    [
        ("hackernews", "https://news.ycombinator.com/item?id=12", f"{HN}/items/12"),
        ("hackernews", "https://news.ycombinator.com/ask",
         f"{HN}/search_by_date?tags=ask_hn&hitsPerPage=100"),
        ("hackernews", f"{HN}/items/12", f"{HN}/items/12"),
        ("hackernews", "https://news.ycombinator.com/user?id=12",
         "https://news.ycombinator.com/user?id=12"),
        ("hackernews", "https://hn.example/item?id=12", "https://hn.example/api/v1/items/12"),
        ("stackexchange", "https://stackoverflow.com/questions/31/how-to",
         f"{SE}/questions/31?filter=withbody&site=stackoverflow"),
        ("stackexchange", "https://cooking.stackexchange.com/questions/31",
         f"{SE}/questions/31?filter=withbody&site=cooking"),
        ("stackexchange", "https://cooking.meta.stackexchange.com/q/31",
         f"{SE}/questions/31?filter=withbody&site=cooking.meta"),
        ("stackexchange", "https://pt.stackoverflow.com/questions/31",
         f"{SE}/questions/31?filter=withbody&site=pt.stackoverflow"),
        ("stackexchange", "https://mathoverflow.net/questions/31",
         f"{SE}/questions/31?filter=withbody&site=mathoverflow.net"),
        ("stackexchange", "https://cooking.stackexchange.com/questions/tagged/scales",
         f"{SE}/questions?tagged=scales&order=desc&sort=activity&pagesize=100&site=cooking"),
        ("lemmy", "https://lem.example/post/12", "https://lem.example/api/v3/post?id=12"),
        ("lemmy", "https://lem.example/c/tea@a.example",
         "https://lem.example/api/v3/post/list?sort=NewComments&limit=50"
         "&community_name=tea%40a.example"),
        ("mastodon", "https://m.example/tags/c%C3%A0ph%C3%AA",
         "https://m.example/api/v1/timelines/tag/c%C3%A0ph%C3%AA?limit=40"),
        ("mastodon", "https://m.example/@lena@o.example/112",
         "https://m.example/api/v1/statuses/112/context"),
        ("youtube", "https://www.youtube.com/watch?v=Zero_scale1&t=9s",
         f"{YOUTUBE}/commentThreads?part=snippet%2Creplies&order=time&maxResults=100"
         "&textFormat=plainText&videoId=Zero_scale1"),
        ("youtube", "https://youtu.be/Zero_scale1",
         f"{YOUTUBE}/commentThreads?part=snippet%2Creplies&order=time&maxResults=100"
         "&textFormat=plainText&videoId=Zero_scale1"),
        ("youtube", "https://www.youtube.com/channel/UCabcdefghijkl/videos",
         f"{YOUTUBE}/commentThreads?part=snippet%2Creplies&order=time&maxResults=100"
         "&textFormat=plainText&allThreadsRelatedToChannelId=UCabcdefghijkl"),
        ("youtube", "https://www.youtube.com/about", "https://www.youtube.com/about"),
        ("app_store", "https://apps.apple.com/vn/app/can-bep/id99001",
         "https://itunes.apple.com/vn/rss/customerreviews/page=1/id=99001/sortby=mostrecent/json"),
        ("telegram", "https://t.me/canvacafe", "https://t.me/s/canvacafe"),
        ("telegram", "https://t.me/canvacafe/41", "https://t.me/s/canvacafe"),
        ("telegram", "https://t.me/joinchat/AAA", "https://t.me/joinchat/AAA"),
        ("reddit", "https://www.reddit.com/r/coffee/comments/1abc2/a_scale/",
         "https://www.reddit.com/r/coffee/comments/1abc2.json?limit=500&raw_json=1"),
        ("v2ex", "https://www.v2ex.com/t/5501", "https://www.v2ex.com/t/5501"),
    ],
)  # fmt: skip
def test_public_addresses_lead_to_the_api(engine: str, url: str, address: str) -> None:
    assert fetch_address(url, engine) == address
    assert fetch_address(address, engine) == address


@pytest.mark.parametrize(
    ("engine", "base", "boards", "queries", "entries"),
    [
        ("hackernews", "https://news.ycombinator.com", (), (),
         [f"{HN}/search_by_date?tags=front_page&hitsPerPage=100"]),
        ("hackernews", "https://news.ycombinator.com", (), ("kitchen scale",),
         [f"{HN}/search_by_date?query=kitchen+scale&tags={tag}&hitsPerPage=100"
          for tag in ("story", "comment")]),
        ("stackexchange", "https://cooking.stackexchange.com/", (), ("cân bếp",),
         [f"{SE}/search/advanced?q=c%C3%A2n+b%E1%BA%BFp&order=desc&sort=activity&pagesize=100"
          "&site=cooking"]),
        ("stackexchange", "https://stackoverflow.com", (), (),
         [f"{SE}/questions?order=desc&sort=activity&pagesize=100&site=stackoverflow"]),
        ("v2ex", "https://www.v2ex.com", (), (),
         ["https://www.v2ex.com/api/topics/latest.json", "https://www.v2ex.com/api/topics/hot.json"]),
        ("v2ex", "https://www.v2ex.com", ("https://www.v2ex.com/go/cook",), (),
         ["https://www.v2ex.com/go/cook"]),
        ("lemmy", "https://lem.example", (), (),
         ["https://lem.example/api/v3/post/list?sort=NewComments&limit=50&type_=Local"]),
        ("mastodon", "https://m.example", (), ("#espresso scale", "厨房秤", "!!"),
         ["https://m.example/api/v1/timelines/tag/espressoscale?limit=40",
          "https://m.example/api/v1/timelines/tag/%E5%8E%A8%E6%88%BF%E7%A7%A4?limit=40"]),
        ("youtube", "https://www.youtube.com/", (), ("scale",),
         [f"{YOUTUBE}/search?part=snippet&type=video&order=date&maxResults=50&q=scale"]),
        ("app_store", "https://apps.apple.com/us/app/x/id99001", (), ("vn", "TW"),
         [f"https://itunes.apple.com/{one}/rss/customerreviews/page=1/id=99001/sortby=mostrecent/json"
          for one in ("vn", "tw")]),
        ("app_store", "https://apps.apple.com/app/x/id99001", (), (),
         ["https://itunes.apple.com/us/rss/customerreviews/page=1/id=99001/sortby=mostrecent/json"]),
        ("telegram", "https://t.me/canvacafe", (), (), ["https://t.me/s/canvacafe"]),
    ],
)  # fmt: skip
def test_where_reading_starts(
    engine: str, base: str, boards: tuple[str, ...], queries: tuple[str, ...], entries: list[str]
) -> None:
    assert entry_urls(engine, base, boards, queries) == entries


@pytest.mark.parametrize(
    ("url", "engine"),
    [
        ("https://news.ycombinator.com/ask", "hackernews"),
        ("https://cooking.stackexchange.com/", "stackexchange"),
        ("https://api.stackexchange.com/2.3/questions", "stackexchange"),
        ("https://www.v2ex.com/t/1", "v2ex"),
        ("https://m.youtube.com/watch?v=Zero_scale1", "youtube"),
        ("https://apps.apple.com/vn/app/x/id99001", "app_store"),
        ("https://t.me/canvacafe", "telegram"),
        ("https://old.reddit.com/r/coffee", "reddit"),
        ("https://tieba.baidu.com/p/1", "tieba"),
        ("https://fonts.googleapis.com/css", None),
        ("https://www.baidu.com/", None),
        ("https://chat.me/", None),
        ("https://[", None),
    ],
)
def test_services_are_known_by_their_hosts(url: str, engine: str | None) -> None:
    assert engine_of_address(url) == engine


@pytest.mark.parametrize(
    "url", ["", "https://[", "mailto:a@b.example", "//x", "https://a.example/%ff%00?q=%zz&&="]
)
@pytest.mark.parametrize("engine", [*ENGINES, "telegram", "tieba"])
def test_addresses_that_cannot_be_read_come_back(engine: str, url: str) -> None:
    fetch_address(url, engine)
    entry_urls(engine, url, (url,), ("a", "", "\ud83d"[:0]))


@pytest.mark.parametrize("engine", ["reddit", "tieba"])
def test_engines_that_are_off_say_why(engine: str) -> None:
    for adapter in adapters():
        if adapter.engine == engine:
            assert adapter.off and "\n" not in adapter.off


# --- what replies do not hold --------------------------------------------------------------------


def mastodon(link: str | None) -> ForumPage:
    path = PAGES / "mastodon" / "tag_api.json"
    headers = {"content-type": "application/json", **({"link": link} if link is not None else {})}
    document = Document(address_of(path), path.read_bytes(), headers=headers, fetched_at=NOW)
    page = read_forum(document)
    assert page is not None
    return page


@pytest.mark.parametrize(
    ("link", "after"),
    [
        ('<https://m.example/api/v1/timelines/tag/espresso?max_id=5>; rel="next", '
         '<https://m.example/api/v1/timelines/tag/espresso?min_id=9>; rel="prev"',
         "https://m.example/api/v1/timelines/tag/espresso?max_id=5"),
        ('<https://m.example/api/v1/timelines/tag/espresso?min_id=9>; rel="prev"', None),
        ('<https://evil.example/?max_id=5>; rel="next"', None),
        ("<" * 50_000, None),
    ],
)  # fmt: skip
def test_mastodon_follows_the_link_header(link: str, after: str | None) -> None:
    assert mastodon(link).next == after


def test_youtube_keeps_the_key_out_of_addresses() -> None:
    adapter = adapter_named("youtube")
    assert adapter is not None and adapter.key_required
    assert (adapter.key_variable, adapter.key_header) == ("RIVALMAP_YOUTUBE_KEY", "X-Goog-Api-Key")


def test_a_story_without_words_is_a_post_only_where_it_stands_alone() -> None:
    story = {"id": 9, "type": "story", "author": "a", "title": "T", "text": None,
             "created_at": "2026-11-20T08:00:00.000Z", "children": []}  # fmt: skip
    comment = {**story, "id": 10, "type": "comment", "text": "Yes.", "parent_id": 9}
    alone = read_forum(reply(story, f"{HN}/items/9"))
    answered = read_forum(reply({**story, "children": [comment]}, f"{HN}/items/9"))
    assert alone is not None and [(p.id, p.text) for p in alone.posts] == [("9", "")]
    assert answered is not None and [p.id for p in answered.posts] == ["10"]


def test_a_full_page_of_lemmy_without_a_cursor_has_a_next_one() -> None:
    path = PAGES / "lemmy" / "list_api.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    del data["next_page"]
    full = read_forum(reply(data, "https://lem.example/api/v3/post/list?limit=3&page=2"))
    short = read_forum(reply(data, "https://lem.example/api/v3/post/list?limit=50&page=2"))
    assert full is not None and full.next is not None and full.next.endswith("page=3")
    assert short is not None and short.next is None


def test_stack_exchange_asks_for_comments_where_nobody_answered() -> None:
    path = PAGES / "stackexchange" / "question_api.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["items"][0]["answer_count"] = 0
    page = read_forum(reply(data, address_of(path)))
    assert page is not None and len(page.more) == 1
    assert urlsplit(page.more[0]).path == "/2.3/posts/31/comments"


def test_app_store_stops_at_a_page_that_names_itself() -> None:
    path = PAGES / "app_store" / "reviews_api.json"
    url = address_of(path).replace("page=1", "page=2")  # its link names page 2
    page = read_forum(reply(json.loads(path.read_text(encoding="utf-8")), url))
    assert page is not None and page.posts and page.next is None


def test_hosts_of_apis_stay_out_of_what_people_are_shown() -> None:
    for parameter in replies():
        (path,) = parameter.values
        page = read_forum(reply(json.loads(path.read_text(encoding="utf-8")), address_of(path)))
        assert page is not None
        check(page)
        told = [post.thread_url or "https://x.example" for post in page.posts]
        assert not any("api" in str(urlsplit(url).hostname) for url in told)
        assert replace(page, posts=()).engine == path.parent.name
