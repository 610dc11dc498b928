"""What the tiers pass stores of a verdict: proof that opens, reasons, both ways; candidates too."""

import json
import sqlite3
from pathlib import Path

import pytest

from analysis.passes import tiers
from analysis.passes.candidate_posts import posts_beside
from analysis.passes.tier_evidence import LEAST_PROOFS
from crawlers.market import Market, data_dir, find_market, load_market
from pipelines.storage.database import open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.tiers.reasons import NOT_PROVEN

AT = "2026-11-01T00:00:00Z"
MARKET = """
[business]
name = "Tally"
aliases = ["Tally POS"]
description = "Point of sale software for small cafes and restaurants"
audience = ["small restaurants", "cafes"]
[[competitor]]
id = "tillo"
site = "https://tillo.example/"
"""
TILLS = "Point of sale software: a till for small restaurants and cafes. Our POS prints receipts."


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


def page(connection: sqlite3.Connection, key: str, url: str, text: str) -> int:
    row = connection.execute(
        "INSERT INTO pages (competitor, url, kind, lang, title, description, status, body_hash, "
        "text_hash, first_seen, changed_at, last_seen) "
        "VALUES (?, ?, 'home', 'en', '', '', 200, 'b', 't', ?, ?, ?)",
        (key, url, AT, AT, AT),
    )
    connection.execute(
        "INSERT INTO page_versions (page_id, version, seen_at, title, description, text, "
        "headings_json, company_json) VALUES (?, 1, ?, '', '', ?, '[]', '{}')",
        (row.lastrowid, AT, text),
    )
    return int(row.lastrowid or 0)


def candidate(connection: sqlite3.Connection, key: str, name: str, quotes: list[str]) -> None:
    """A company found in posts; each quote is a post of its own."""
    connection.execute(
        "INSERT INTO competitors (id, name, origin, status, first_seen, last_seen) "
        "VALUES (?, ?, 'discovered', 'candidate', ?, ?)",
        (key, name, AT, AT),
    )
    connection.execute(
        "INSERT OR IGNORE INTO forums (id, url, name, first_seen, last_seen) "
        "VALUES ('talk', 'https://talk.example/', 'Talk', ?, ?)",
        (AT, AT),
    )
    connection.executemany(
        "INSERT INTO evidence (claim_table, claim_key, subject, source, url, fetched_at, quote, "
        "rule, rule_version, weight) "
        "VALUES ('competitors', ?, 'candidate', 'talk', ?, ?, ?, 'discovery/talk', '1', 1.0)",
        [(key, f"https://talk.example/{key}/{n}", AT, quote) for n, quote in enumerate(quotes)],
    )


def verdict(connection: sqlite3.Connection, key: str) -> sqlite3.Row:
    connection.row_factory = sqlite3.Row
    row = connection.execute("SELECT * FROM tiers WHERE competitor = ?", (key,)).fetchone()
    connection.row_factory = None
    assert row is not None
    return row


def proofs(connection: sqlite3.Connection, key: str) -> list[tuple[str, str, str, str]]:
    return connection.execute(
        "SELECT quote, url, source, fetched_at FROM evidence WHERE claim_table = 'tiers' "
        "AND claim_key = ? ORDER BY id",
        (key,),
    ).fetchall()


def test_reasons_change_and_the_other_way_are_stored(
    connection: sqlite3.Connection, market: Market
) -> None:
    page(connection, "tillo", "https://tillo.example/", TILLS)
    tiers.run(connection, market)
    row = verdict(connection, "tillo")
    assert (row["tier"], row["verdict"], row["seen_from_them"]) == (1, "decided", 1)
    reasons = json.loads(row["reasons_json"])
    assert 1 <= len(reasons) <= 3 and all("“" in reason for reason in reasons)
    rows = proofs(connection, "tillo")
    assert len(rows) >= LEAST_PROOFS
    assert {(url, at) for _, url, _, at in rows} == {("https://tillo.example/", AT)}


def test_a_tier_whose_proof_cannot_be_opened_is_not_given(
    connection: sqlite3.Connection, market: Market
) -> None:
    page(connection, "tillo", "https://tillo.example/", TILLS)
    connection.execute("UPDATE pages SET url = 'file:///till.html'")
    tiers.run(connection, market)
    row = verdict(connection, "tillo")
    assert (row["tier"], row["verdict"]) == (None, "insufficient")
    assert json.loads(row["reasons_json"]) == [NOT_PROVEN]
    assert row["would_change"] is None and row["seen_from_them"] is None
    moved = connection.execute("SELECT tier, verdict FROM tier_history").fetchall()
    assert moved == [(None, "insufficient")]


def test_a_decision_stands_without_proof(connection: sqlite3.Connection, market: Market) -> None:
    connection.execute(
        "INSERT INTO decisions (subject, field, value, origin, decided_at) "
        "VALUES ('tillo', 'tier', '1', 'desk', ?)",
        (AT,),
    )
    tiers.run(connection, market)
    row = verdict(connection, "tillo")
    assert (row["tier"], row["verdict"]) == (1, "override")


def test_a_candidate_of_posts_alone(connection: sqlite3.Connection, market: Market) -> None:
    """Posts that set it beside us prove a tier; posts that only name it prove none."""
    beside = ["We switched from Tally to Ringo in May.", "Ringo is better than Tally POS."]
    candidate(connection, "name:ringo", "Ringo", beside)
    named = ["Anyone using Pado?", "Pado was mentioned to me twice."]
    candidate(connection, "name:pado", "Pado", named)
    candidate(connection, "name:uno", "Unotill", ["Unotill is cheaper than Tally."])
    page(connection, market.business.key, "https://tally.example/", TILLS)
    tiers.run(connection, market)
    row = verdict(connection, "name:ringo")
    assert row["tier"] in (1, 2) and row["verdict"] == "decided"
    rows = proofs(connection, "name:ringo")
    assert len({quote for quote, *_ in rows}) >= LEAST_PROOFS
    assert {(source, at) for _, _, source, at in rows} == {("talk", AT)}
    assert all(url.startswith("https://talk.example/name:ringo/") for _, url, *_ in rows)
    for key in ("name:pado", "name:uno"):  # one post is not enough, nor are our own words beside it
        other = verdict(connection, key)
        assert (other["tier"], other["verdict"]) == (None, "insufficient"), key


@pytest.mark.parametrize(
    ("quote", "kind"),
    [
        ("I moved from Tally to Ringo last month", "switch"),
        ("Ringo is cheaper than Tally", "compared"),
        ("Mình chuyển từ Tally sang Ringo rồi", "switch"),
        ("从Tally换到Ringo了", "switch"),
        ("Ringo and Talyard are both fine", None),
        ("Does Ringo work with Tally?", None),
    ],
)
def test_posts_that_set_a_candidate_beside_us(
    connection: sqlite3.Connection, market: Market, quote: str, kind: str | None
) -> None:
    candidate(connection, "name:ringo", "Ringo", [quote])
    found = posts_beside(connection, market.business)
    assert [fact.kind for facts in found.values() for fact in facts] == ([kind] if kind else [])


def test_our_own_words_open_on_our_page_or_not_at_all(
    connection: sqlite3.Connection, market: Market
) -> None:
    """What only the market file says has no address; what our site says too has that page's."""
    from analysis.passes.tier_evidence import rows_of
    from pipelines.tiers import FlagEvidence

    ours = FlagEvidence(
        flag="same_category", quote="Point of sale software", weight=0.1, rule="we_say"
    )
    own = market.business.key
    (row,) = rows_of(connection, "tillo", own, [ours])
    assert (row.url, row.source) == ("", own)
    page(connection, own, "https://tally.example/", TILLS)
    (row,) = rows_of(connection, "tillo", own, [ours])
    assert (row.url, row.source, row.fetched_at) == ("https://tally.example/", own, AT)
