"""APIs and feeds nobody vouches for: any value may be of any kind, any reply cut anywhere."""

import copy
import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.document import Document
from crawlers.forums import read_forum

PAGES = Path(__file__).parents[2] / "pages" / "forums"
ENGINES = ("nodebb", "discuz", "flarum", "vanilla", "mailman", "discourse", "feed", "public_inbox")
WRONG: tuple[Any, ...] = (
    None, True, -1, 10**30, 1.5, "", "x", "-", "\ud800", "<a <b <![CDATA[", [], [[]], {}, [None],
    ["x", 3], {"id": {}}, [{"id": []}],
)  # fmt: skip
AT = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def replies(*endings: str) -> list[Any]:
    return [
        pytest.param(path, id=f"{engine}-{path.stem}")
        for engine in ENGINES
        for path in sorted((PAGES / engine).iterdir())
        if path.suffix in endings and ".expected." not in path.name
    ]


def read(path: Path, body: bytes, kind: str, engine: str | None) -> None:
    told = json.loads(path.with_name(f"{path.stem}.expected.json").read_text(encoding="utf-8"))
    headers = {"content-type": kind}
    read_forum(Document(told["url"], body, headers=headers, fetched_at=AT), engine=engine)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield from places(value[key], (*at, key))


def changed(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    if not at:
        return new
    whole = copy.deepcopy(value)
    holder = whole
    for key in at[:-1]:
        holder = holder[key]
    holder[at[-1]] = new
    return whole


def removed(value: Any, at: tuple[Any, ...]) -> Any:
    whole = copy.deepcopy(value)
    holder = whole
    for key in at[:-1]:
        holder = holder[key]
    del holder[at[-1]]
    return whole


@pytest.mark.parametrize("path", replies(".json"))
def test_values_of_any_kind_anywhere_never_raise(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    chance = random.Random(path.name)
    for at in places(data):
        variants = [changed(data, at, new) for new in chance.sample(WRONG, 4)]
        variants += [removed(data, at)] if at else []
        for variant in variants:
            body = json.dumps(variant).encode()
            read(path, body, "application/json", path.parent.name)


@pytest.mark.parametrize("engine", [*ENGINES, None])
def test_json_of_no_shape_is_nobodys(engine: str | None) -> None:
    deep = b'{"data":' * 400 + b"1" + b"}" * 400
    for body in (b"{", b"[]", b"{}", b"null", b"[" * 3_000, b'{"a":' * 3_000, deep, b"\xff\xfe{"):
        document = Document(
            "https://x.example/api/v2/comments", body,
            headers={"content-type": "application/json"}, fetched_at=AT,
        )  # fmt: skip
        page = read_forum(document, engine=engine)
        assert page is None or not page.posts


@pytest.mark.parametrize("path", replies(".rss", ".atom"))
def test_feeds_cut_or_stirred_never_raise(path: Path) -> None:
    body = path.read_bytes()
    chance = random.Random(path.name)
    for _ in range(25):
        cut = chance.randrange(len(body))
        read(path, body[:cut], "application/xml", None)
        stirred = bytearray(body)
        for _ in range(12):
            stirred[chance.randrange(len(stirred))] = chance.choice(b"<>&\"'/ \x00\xff]")
        read(path, bytes(stirred), "application/xml", path.parent.name)


def test_entities_that_unfold_are_not_unfolded() -> None:
    names = "abcdefghij"
    laughs = "".join(
        f'<!ENTITY {name} "{f"&{names[n - 1]};" * 10 if n else "ha " * 10}">'
        for n, name in enumerate(names)
    )
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE feed [{laughs}]><feed xmlns="http://www.w3.org/2005/Atom">'
        "<title>t</title><entry><id>tag:x</id><title>one</title><content>&j; words</content>"
        "</entry></feed>"
    )
    started = time.monotonic()
    page = read_forum(Document("https://x.example/feed", feed.encode(), fetched_at=AT))
    assert time.monotonic() - started < 5
    assert page is not None and len(page.posts) == 1
    assert "words" in page.posts[0].text and len(page.posts[0].text) < 1_000


def test_a_feed_of_many_entries_is_read_to_its_bound() -> None:
    entries = "".join(
        f"<item><guid>g{n}</guid><link>https://x.example/t/{n}</link><description>w{n}</description>"
        "</item>"
        for n in range(2_500)
    )
    feed = f"<rss version='2.0'><channel><title>t</title>{entries}</channel></rss>"
    page = read_forum(Document("https://x.example/feed", feed.encode(), fetched_at=AT))
    assert page is not None and len(page.posts) == 2_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32-le"])
def test_spaces_before_a_feed_cost_nothing(encoding: str) -> None:
    feed = (
        '<?xml version="1.0"?>' + " \n" * 40_000 + '<rss version="2.0"><channel><title>t</title>'
        "<item><guid>1</guid><description>words</description></item></channel></rss>"
    )
    began = time.process_time()
    read_forum(Document("https://x.example/feed", feed.encode(encoding), fetched_at=AT))
    assert time.process_time() - began < 1  # a minute before


def test_a_feed_of_nothing_but_elements_is_read_to_its_bound() -> None:
    feed = "<rss version='2.0'><channel>" + "<item><title>t</title><p>" * 200_000
    began = time.process_time()
    read_forum(Document("https://x.example/feed", feed.encode(), fetched_at=AT))
    assert time.process_time() - began < 8


def test_a_feed_with_a_character_no_machine_has_is_read_or_empty() -> None:
    feed = (
        "<rss version='2.0'><channel><title>t</title><item><title>a &#999999999999999999999; b"
        "</title><description>words</description></item></channel><broken"
    )
    page = read_forum(Document("https://x.example/feed", feed.encode(), fetched_at=AT))
    assert page is None or len(page.posts) <= 1


def test_times_outside_of_every_element_are_read() -> None:
    body = (
        'x</div><time datetime="2026-11-21T22:10:00+0700">a</time></div></div>\n'
        '<time datetime="2026-11-20T22:10:00+0700">2026-11-20 10:00</time></a></div>'
        "2026-11-19 10:00<div>2026-11-18 10:00</div>"
    )
    whole = Document(
        "https://x.example/t/1", body.encode(), headers={"content-type": "text/html"}, fetched_at=AT
    )
    read_forum(whole)
