"""Links that rivals' pages and ours have in common, from the tables to the verdict."""

import json
import sqlite3
from pathlib import Path

import pytest

from analysis.passes import tiers
from analysis.passes.tier_links import shared_links
from crawlers.market import Market, data_dir, find_market, load_market
from pipelines.storage.database import open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.tiers.decision import YES

AT = "2026-11-01T00:00:00Z"
KEYS = ("ash", "birch", "cedar", "dogwood", "elm")
MARKET = """
[business]
name = "Tally"
site = "https://tally.example/"
description = "Point of sale software for small cafes and restaurants"
""" + "".join(f'[[competitor]]\nid = "{key}"\nsite = "https://{key}.example/"\n' for key in KEYS)
OURS = "Tills and receipts for small cafes."
THEIRS = "We make things people like, since 1998, with care and a smile, in our own hall."


@pytest.fixture
def market(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Market:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    (tmp_path / "markets").mkdir()
    (tmp_path / "markets" / "tills.toml").write_text(MARKET)
    return load_market(find_market("tills"))


@pytest.fixture
def connection(market: Market):
    found = open_database(data_dir("tills") / "market.db")
    with transaction(found):
        load_market_rows(found, market)
    yield found
    found.close()


def page(connection: sqlite3.Connection, key: str, links: dict[str, str], path: str = "") -> None:
    """A page of a company, and the sites it links to with the words of each link."""
    host = "tally" if key not in KEYS else key
    row = connection.execute(
        "INSERT INTO pages (competitor, url, kind, lang, title, description, status, body_hash, "
        "text_hash, first_seen, changed_at, last_seen) "
        "VALUES (?, ?, 'home', 'en', '', '', 200, 'b', 't', ?, ?, ?)",
        (key, f"https://{host}.example/{path}", AT, AT, AT),
    )
    connection.execute(
        "INSERT INTO page_versions (page_id, version, seen_at, title, description, text, "
        "headings_json, company_json) VALUES (?, 1, ?, '', '', ?, '[]', '{}')",
        (row.lastrowid, AT, THEIRS if key in KEYS else OURS),
    )
    connection.executemany(
        "INSERT INTO page_links (page_id, site_key, url, text) VALUES (?, ?, ?, ?)",
        [(row.lastrowid, site, f"https://{site}/", text) for site, text in links.items()],
    )


SHARED = {f"partner{n}.example": f"Partner {n}" for n in range(3)}
EVERYBODY = {"hosting.example": "Hosted by", "facebook.com": "Follow us", "ash.example": "Ash"}


@pytest.fixture
def linked(connection: sqlite3.Connection, market: Market) -> sqlite3.Connection:
    page(connection, market.business.key, {**SHARED, **EVERYBODY})
    page(connection, "ash", {**SHARED, **EVERYBODY, "elm.example": "Elm"})
    page(connection, "birch", {**SHARED, "hosting.example": "Hosted by", "facebook.com": "F"})
    for key in ("cedar", "dogwood", "elm"):
        page(connection, key, {"hosting.example": "Hosted by"})
    return connection


def test_what_several_link_to_and_most_do_not(linked: sqlite3.Connection, market: Market) -> None:
    found = shared_links(linked, market.business.key)
    assert found.keys() == {"ash", "birch"}
    assert found["birch"] == tuple(
        (site, words, "https://birch.example/") for site, words in SHARED.items()
    )


def test_the_link_with_words_is_the_proof(linked: sqlite3.Connection, market: Market) -> None:
    linked.execute("UPDATE page_links SET text = ' ' WHERE site_key = 'partner0.example'")
    page(linked, "birch", {"partner0.example": "Works with\n Partner"}, "integrations")
    first = shared_links(linked, market.business.key)["birch"][0]
    assert first == ("partner0.example", "Works with Partner", "https://birch.example/integrations")


def test_without_pages_of_ours_nothing_is_shared(
    linked: sqlite3.Connection, market: Market
) -> None:
    assert shared_links(linked, "nobody") == {}
    linked.execute("UPDATE pages SET status = 404 WHERE competitor = ?", (market.business.key,))
    assert shared_links(linked, market.business.key) == {}


def test_they_add_a_little_to_the_trade_and_are_no_verdict(
    linked: sqlite3.Connection, market: Market
) -> None:
    tiers.run(linked, market)

    def trade(key: str) -> float:
        return linked.execute(
            "SELECT same_category FROM tiers WHERE competitor = ?", (key,)
        ).fetchone()[0]

    assert trade("cedar") < trade("birch") < YES
    rows = linked.execute(
        "SELECT quote, url, fetched_at, weight FROM evidence WHERE claim_table = 'tiers' "
        "AND claim_key = 'birch' AND rule LIKE 'linked:%' ORDER BY id"
    ).fetchall()
    assert [row[0] for row in rows] == list(SHARED.values())
    assert {row[1:3] for row in rows} == {("https://birch.example/", AT)}
    (reasons,) = linked.execute(
        "SELECT reasons_json FROM tiers WHERE competitor = 'birch'"
    ).fetchone()
    assert not any("Partner" in reason for reason in json.loads(reasons))
