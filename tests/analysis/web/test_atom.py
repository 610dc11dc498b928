"""The feed of changes: read back by a feed reader, the same ids in every run."""

import re
import shutil
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree as ET

import feedparser
import pytest

from analysis.web.exports import atom
from analysis.web.i18n import Translator
from analysis.web.serve import datasette_for
from tests.analysis.web.conftest import served

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_SPACE = {"a": "http://www.w3.org/2005/Atom"}
HOSTILE = "<script>1</script>&\x00\x0b\ud800\ufffe\u202eevil ]]> é价"


def change(**of: object) -> dict[str, object]:
    return {
        "id": 1, "competitor": "a", "name": "Acme", "kind": "price", "field": "price",
        "words": "Pro: $1 a month -> $2 a month", "old": "$1 a month", "new": "$2 a month",
        "importance": 3, "at": "2026-11-02T03:04:05Z", "url": "https://a.example/p",
    } | of  # fmt: skip


def written(*changes: dict[str, object], question: str = "", language: str = "en") -> bytes:
    about = atom.Feed(
        market="m", name="Market", at="http://h/changes.atom", page="http://h/changes",
        question=question,
    )  # fmt: skip
    return atom.feed(
        Translator(language), about, changes, lambda key: f"http://h/competitors/{key}"
    )


def valid(body: bytes) -> ET.Element:
    """What RFC 4287 asks of a feed and of an entry."""
    root = ET.fromstring(body)
    ids = set()
    for part in (root, *root.findall("a:entry", _SPACE)):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"a:{name}", _SPACE)) == 1, name
        assert _MOMENT.fullmatch(part.findtext("a:updated", "", _SPACE))
        name = part.findtext("a:id", "", _SPACE)
        assert name == UUID(name.removeprefix("urn:uuid:")).urn
        ids.add(name)
        links = [dict(link.attrib) for link in part.findall("a:link", _SPACE)]
        assert sum(link["rel"] == "alternate" for link in links) == 1
        assert all(link["href"].startswith(("http://", "https://")) for link in links)
    entries = root.findall("a:entry", _SPACE)
    assert len(ids) == 1 + len(entries) and len(entries) <= atom.MOST
    assert all(entry.findtext("a:author/a:name", "", _SPACE) for entry in entries)
    assert sum(link.get("rel") == "self" for link in root.findall("a:link", _SPACE)) == 1
    return root


def test_a_reader_understands_it():
    body = written(change(), change(at="2026-10-01T00:00:00Z", competitor="b", url=None))
    valid(body)
    feed = feedparser.parse(body)
    assert not feed.bozo and feed.version == "atom10"
    assert feed.feed.language == "en" and feed.feed.updated == "2026-11-02T03:04:05Z"
    first, second = feed.entries
    assert first.title == "Acme · price · Pro: $1 / month → $2 / month" or "$1" in first.title
    assert first.author == "Acme" and first.link == "http://h/competitors/a"
    assert [link.href for link in first.links] == ["http://h/competitors/a", "https://a.example/p"]
    assert [link.href for link in second.links] == ["http://h/competitors/b"]
    assert first.tags[0].term == "price"


def test_ids_stay_and_differ():
    def ids(body: bytes) -> list[str]:
        return [entry.id for entry in feedparser.parse(body).entries]

    one = ids(written(change()))
    # A market built again numbers its rows anew; another language says the same thing.
    assert ids(written(change(id=77), language="vi")) == one
    for other in ({"at": "2026-11-03T00:00:00Z"}, {"competitor": "b"}, {"words": "x"},
                  {"url": "https://a.example/q"}):  # fmt: skip
        assert ids(written(change(**other))) != one
    whole, part = (feedparser.parse(written(question=q)).feed.id for q in ("", "price"))
    assert whole != part


def test_what_is_hostile_is_text():
    body = written(
        change(name=HOSTILE, old=HOSTILE, new="\x1b" * 9 + "n", words=HOSTILE, kind=HOSTILE,
               url="javascript:alert(1)", competitor="x\x00"),
        change(name="\x00", at="yesterday"), change(words="w" * 100_000, old=None, new=None),
    )  # fmt: skip
    root = valid(body)
    assert not feedparser.parse(body).bozo
    assert "javascript" not in body.decode() and "<script" not in body.decode()
    assert not root.findall(".//{*}script")
    assert len(body) < 10_000


def test_a_feed_without_a_change():
    assert not valid(written()).findall("a:entry", _SPACE)


@pytest.mark.parametrize(
    ("header", "known"),
    [('"x"', True), ('W/"x"', True), ('"y", W/"x"', True), ("*", True), ('"y"', False),
     ("", False), (None, False), ("x", False)],
)  # fmt: skip
def test_known(header, known):
    assert atom.is_known(header, '"x"') is known


async def test_the_feed_is_of_the_page(desk):
    answer = await desk.client.get("/changes.atom")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = valid(answer.content)
    page = (await desk.client.get("/changes.json")).json()["data"]
    entries = root.findall("a:entry", _SPACE)
    assert len(entries) == min(page["total"], atom.MOST) > 5
    for entry, row in zip(entries, page["changes"], strict=False):
        assert entry.findtext("a:updated", "", _SPACE) == row["at"]
        assert entry.findtext("a:author/a:name", "", _SPACE) == row["name"]
    for link in root.iterfind(".//a:link", _SPACE):
        if link.get("rel") != "related":
            parts = urlsplit(link.get("href") or "")
            shown = await desk.client.get(f"{parts.path}?{parts.query}")
            assert shown.status_code == 200, link.attrib


async def test_the_feed_keeps_the_filters(desk):
    for query in ("kind=price", "competitor=liftline", "importance=3", "period=30d",
                  "kind=price&importance=2&period=90d"):  # fmt: skip
        entries = valid((await desk.client.get(f"/changes.atom?{query}")).content).findall(
            "a:entry", _SPACE
        )
        page = (await desk.client.get(f"/changes.json?{query}")).json()["data"]
        assert len(entries) == page["total"] == len(page["changes"]) > 0, query
        # The page names the feed of what it shows, in its reader's language.
        html = (await desk.client.get(f"/changes?{query}&lang=vi")).text
        found = re.search(r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]+)"',
                          html)  # fmt: skip
        address = found.group(1).replace("&amp;", "&") if found else ""
        there = valid((await desk.client.get(address)).content)
        assert len(there.findall("a:entry", _SPACE)) == len(entries)
        assert there.get("{http://www.w3.org/XML/1998/namespace}lang") == "vi"
    assert not valid((await desk.client.get("/changes.atom?kind=none")).content).findall(
        "a:entry", _SPACE
    )


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
async def test_the_readers_language(desk, language):
    answer = await desk.client.get("/changes.atom", headers={"accept-language": language})
    assert answer.headers["content-language"] == language
    assert feedparser.parse(answer.content).feed.language == language


async def test_unchanged_is_not_sent_again(desk):
    first = await desk.client.get("/changes.atom")
    mark = first.headers["etag"]
    again = await desk.client.get("/changes.atom", headers={"if-none-match": mark})
    assert again.status_code == 304 and not again.content and again.headers["etag"] == mark
    other = await desk.client.get("/changes.atom?kind=price", headers={"if-none-match": mark})
    assert other.status_code == 200 and other.headers["etag"] != mark


async def test_at_most_fifty(market_db: Path, tmp_path: Path):
    path = tmp_path / "market.db"
    with sqlite3.connect(market_db) as conn, sqlite3.connect(path) as copy:
        conn.backup(copy)
        copy.executemany(
            "INSERT INTO changes (competitor, kind, field, words, importance, at) "
            "SELECT id, 'price', 'price', ?, 1, '2026-01-01T00:00:00Z' FROM competitors LIMIT 1",
            [(f"change {n}",) for n in range(80)],
        )
    conn.close()
    copy.close()
    for datasette in served(path):
        root = valid((await datasette.client.get("/changes.atom")).content)
        assert len(root.findall("a:entry", _SPACE)) == atom.MOST


@pytest.mark.parametrize("feed", ["changes", "alerts"])
async def test_the_feed_of_a_hostile_market(hostile, feed):
    body = (await hostile.client.get(f"/{feed}.atom")).content
    assert not feedparser.parse(body).bozo
    assert valid(body).findall("a:entry", _SPACE)


async def test_behind_a_proxy(market_db: Path, tmp_path: Path):
    path = shutil.copy(market_db, tmp_path / "market.db")
    datasette = datasette_for(path, "desks", overrides={"base_url": "/research/"})
    root = valid((await datasette.client.get("/changes.atom?period=90d")).content)
    for link in root.iterfind(".//a:link", _SPACE):
        if link.get("rel") != "related":
            assert "/research/" in str(link.get("href")) and "period=90d" in str(link.get("href"))
    for database in datasette.databases.values():
        database.close()
