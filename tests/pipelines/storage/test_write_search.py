"""Search work and sitemaps as rows: written whole, replaced, gone with their page."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from crawlers.items import (
    Company,
    Fetch,
    Heading,
    Keyword,
    Offer,
    Page,
    PageItem,
    SearchWork,
    SitemapCount,
    SitemapItem,
    Target,
)
from pipelines.storage.database import open_database
from pipelines.storage.writer import Writer

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
URL = "http://rival/"
SEARCH = SearchWork(
    title_length=12, description_length=0, h1s=("收银系统",),
    headings=(Heading(level=1, text="收银系统"),), canonical="self", hreflangs=("zh-TW",),
    structured=("Product",), published_at=NOW,
    keywords=(
        Keyword(phrase="收銀系統", folded="收 银 系 统", weight=7, places=("title", "h1")),
        Keyword(phrase="POS", folded="pos", weight=1.5, places=("title",)),
    ),
)  # fmt: skip


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(tmp_path / "market.db")
    connection.execute(
        "INSERT INTO competitors (id, name, first_seen, last_seen) VALUES ('rival', 'R', 'x', 'x')"
    )
    connection.execute(
        "INSERT INTO runs (spider, status, started_at) VALUES ('competitors', 'running', 'x')"
    )
    yield connection
    connection.close()


def write(connection: sqlite3.Connection, *items: object) -> None:
    writer = Writer(connection, 1, batch_items=100, batch_seconds=100)
    for item in items:
        writer.add(item)  # type: ignore[arg-type]
    writer.flush()


def item(search: SearchWork | None, **page: object) -> PageItem:
    return PageItem(
        target=Target(source="rival", url=URL, role="page"),
        fetch=Fetch(url=URL, status=200, fetched_at=NOW, body_hash="h"),
        page=Page(url=URL, kind="product", lang="zh", title="POS", text="words and words",
                  search=search, **page),  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_pages_search_work_is_replaced_as_a_whole(connection: sqlite3.Connection) -> None:
    write(connection, item(SEARCH))
    row = connection.execute("SELECT * FROM search_work").fetchone()
    assert row[0] == "rival" and row[10:] == (
        "self", '["zh-TW"]', '["Product"]', 1, "2026-05-01T12:00:00Z", None,
    )  # fmt: skip
    assert connection.execute("SELECT phrase, weight, places FROM keywords").fetchall() == [
        ("POS", 1.5, "title"), ("收銀系統", 7.0, "title h1"),
    ]  # fmt: skip
    write(connection, item(SearchWork(indexable=False)))
    assert connection.execute("SELECT indexable FROM page_search").fetchall() == [(0,)]
    assert connection.execute("SELECT count(*) FROM page_keywords").fetchone() == (0,)
    write(connection, item(None))
    assert connection.execute("SELECT count(*) FROM page_search").fetchone() == (0,)


def test_it_goes_with_its_page(connection: sqlite3.Connection) -> None:
    write(connection, item(SEARCH))
    connection.execute("DELETE FROM competitors WHERE id = 'rival'")
    assert connection.execute("SELECT count(*) FROM page_keywords").fetchone() == (0,)


def test_a_sitemap_is_stored_with_its_outlinks(connection: sqlite3.Connection) -> None:
    target = Target(source="rival", url="http://rival/sitemap.xml", role="sitemap")
    page = Target(source="rival", url="http://rival/a", role="page")
    for addresses in (3, 4):
        count = SitemapCount(
            url=target.url, kind="sitemap", addresses=addresses, dated=1, newest=NOW, recent_30=1,
            recent_90=1, articles={"http://rival/blog/a": NOW},
        )  # fmt: skip
        write(connection, SitemapItem(
            target=target, count=count, outlinks=(page,),
            fetch=Fetch(url=target.url, status=200, fetched_at=NOW),
        ))  # fmt: skip
    (row,) = connection.execute(
        "SELECT competitor, kind, addresses, newest, articles_json FROM sitemaps"
    ).fetchall()
    assert row[:4] == ("rival", "sitemap", 4, "2026-05-01T12:00:00Z")
    assert json.loads(row[4]) == {"http://rival/blog/a": "2026-05-01T12:00:00Z"}
    states = dict(connection.execute("SELECT url, state FROM frontier").fetchall())
    assert states == {target.url: "done", page.url: "pending"}


def test_what_offers_and_companies_say_more(connection: sqlite3.Connection) -> None:
    offer = Offer(
        name="Till", price=Decimal("80"), price_before=Decimal("99.5"), currency="USD",
        promotion="-20% until Sunday",
    )  # fmt: skip
    company = Company(
        positioning="Tills for tea rooms", languages=("en", "zh"), markets=("TW",),
        sales=("月销 300+",),
    )  # fmt: skip
    write(connection, item(SEARCH, offers=(offer,), company=company))
    assert connection.execute("SELECT promotion, price_before_minor FROM offers").fetchone() == (
        "-20% until Sunday", 9950,
    )  # fmt: skip
    from analysis.passes import companies

    companies.run(connection)
    row = connection.execute(
        "SELECT positioning, languages_json, markets_json, sales_json FROM companies"
    ).fetchone()
    assert row == ("Tills for tea rooms", '["en", "zh"]', '["TW"]', '["月销 300+"]')
