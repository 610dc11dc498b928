"""A database built again from a small archive: what is carried over, lost, put in place."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from analysis.rebuilding import REBUILT_NAME, rebuild_market
from crawlers.archive import Journal
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.items import DoneItem, Fetch, PageItem, Target, UnchangedItem
from pipelines.storage.database import DatabaseError, open_database
from tests.analysis.market_home import counted, make_home, market
from tests.crawlers.test_archive import World

HOME = "https://liftline.example/"
PAGE = """<html><title>LiftLine</title><h1>Standing desks for small flats</h1>
<p>LiftLine makes height-adjustable desks for people who work at home in small rooms, with two
motors and a frame that carries eighty kilograms. Delivered in five days. Price: {}.</p></html>"""


def night(folder: Path, *, price: str | None, known: tuple[Fetch, ...] = ()) -> Fetch:
    """One crawl of one page, as the spider archives it; ``price`` None: it had not changed."""
    world = World(folder)
    world.spider.by_id["till"].report.source = "liftline"
    target = Target(source="liftline", url=HOME, role="page", meta={"kind": "home"})
    now = datetime.now(UTC).replace(microsecond=0)
    pipe = Journal(world.crawler)
    if price is None:
        fetch = replace(
            known[0], status=304, fetched_at=now, archive_file=None, archive_offset=None
        )
        pipe.process_item(UnchangedItem(target=target, fetch=fetch))
    else:
        body = PAGE.format(price).encode()
        request = Request(HOME, meta={"target": target})
        headers = {"Content-Type": "text/html; charset=utf-8"}
        world.archive.process_response(request, HtmlResponse(HOME, body=body, headers=headers))
        name, offset = request.meta["archived"]
        fetch = Fetch(
            url=HOME, final_url=HOME, status=200, fetched_at=request.meta["received_at"],
            content_type="text/html", body_hash=price, archive_file=name, archive_offset=offset,
        )  # fmt: skip
        page = read_page(Document(HOME, body, headers={"content-type": "text/html"}))
        pipe.process_item(PageItem(target=target, fetch=fetch, page=page))
        pipe.process_item(
            DoneItem(target=replace(target, url=HOME + "sitemap.xml", role="sitemap"))
        )
    world.end()
    return fetch


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_home(tmp_path, monkeypatch)


def test_a_lost_database_comes_back_with_its_history(folder: Path, tmp_path: Path) -> None:
    first = night(folder, price="$499")
    night(folder, price=None, known=(first,))
    night(folder, price="$449")
    (folder / "market.db").unlink()
    found = rebuild_market(market(tmp_path))
    assert (found.in_place, found.aside, found.pages, found.runs == 3) == (True, None, 1, True)
    with closing(open_database(folder / "market.db", read_only=True)) as connection:
        versions = [row[0] for row in connection.execute("SELECT text FROM page_versions")]
        seen, changed = connection.execute("SELECT first_seen, changed_at FROM pages").fetchone()
    assert ["$499" in versions[0], "$449" in versions[1], len(versions)] == [True, True, 2]
    assert seen == first.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ") <= changed
    assert not list(folder.glob("rebuilt.db*"))


def test_what_left_the_archive_is_not_thrown_away(folder: Path, tmp_path: Path) -> None:
    night(folder, price="$499")
    pages, posts = (counted(folder / "market.db", table) for table in ("pages", "posts"))
    found = rebuild_market(market(tmp_path))
    assert (found.in_place, found.lost_posts, found.lost_pages) == (False, posts, pages)
    assert counted(folder / "market.db", "posts") == posts
    assert counted(folder / REBUILT_NAME, "pages") == 1
    found = rebuild_market(market(tmp_path), replace=True)
    assert found.in_place and counted(folder / "market.db", "posts") == 0
    assert found.aside is not None and counted(found.aside, "posts") == posts


def test_decisions_and_own_texts_are_carried_over(folder: Path, tmp_path: Path) -> None:
    night(folder, price="$499")
    with closing(open_database(folder / "market.db")) as connection:
        connection.execute("UPDATE forums SET own = 1 WHERE id = 'gocviec'")
        first, second = (
            row[0]
            for row in connection.execute(
                "SELECT id FROM posts WHERE forum = 'gocviec' ORDER BY 1 LIMIT 2"
            )
        )
        connection.execute("UPDATE posts SET copy_of = ? WHERE id = ?", (first, second))
        alerts = connection.execute("SELECT key FROM alerts ORDER BY id").fetchall()
        connection.execute("INSERT INTO alert_channels (id, after_alert) VALUES ('atom:1', 0)")
        connection.execute("INSERT INTO alert_deliveries VALUES (1, 'atom:1', '2026-01-01')")
    own = counted(folder / "market.db", "posts", "forum = 'gocviec'")
    decisions = counted(folder / "market.db", "decisions", "origin = 'desk'")
    assert own > 5 and decisions == 1
    found = rebuild_market(market(tmp_path), replace=True)
    assert found.carried == own + decisions
    path = folder / "market.db"
    assert counted(path, "posts", "forum = 'gocviec'") == own == counted(path, "posts_fts_docsize")
    assert counted(path, "posts", "copy_of IS NOT NULL") == 1
    assert counted(path, "demand") == own, "they were read again"
    assert counted(path, "decisions", "origin = 'desk' AND subject = 'oakframe'") == 1
    with closing(open_database(path)) as connection:
        told = connection.execute("SELECT key FROM alerts ORDER BY id").fetchall()
    assert told == alerts != [] and counted(path, "alert_deliveries") == 1, "told once, for ever"


def test_answers_that_have_expired_are_counted(folder: Path, tmp_path: Path) -> None:
    fetch = night(folder, price="$499")
    night(folder, price=None, known=(fetch,))
    assert fetch.archive_file is not None
    (folder / "archive" / fetch.archive_file).unlink()
    found = rebuild_market(market(tmp_path))
    assert (found.pages, found.in_place) == (0, False)


def test_an_archive_without_a_journal(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="holds no journal"):
        rebuild_market(market(tmp_path))
    (folder / "salt").unlink()
    night(folder, price="$499")
    with pytest.raises(DatabaseError, match="salt is missing"):
        rebuild_market(market(tmp_path))
