"""A tier's history: who moved it, why in words, and when it is an alert."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analysis.checkup import examine
from analysis.passes import alerts as alerts_pass
from analysis.passes import summaries, tiers
from analysis.passes.tier_moves import Proof, State, move_in_words
from analysis.questions.alerts import alerts, recent_alerts
from analysis.research import alert_lines
from crawlers.market import Market, data_dir, find_market, load_market
from crawlers.words import FLAGS
from pipelines.storage.database import open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.times import utc_text

MARKET = """
[business]
name = "Tally"
description = "Point of sale software for small cafes and restaurants"
audience = ["small restaurants", "cafes"]
[[competitor]]
id = "oak"
site = "https://oak.example/"
[[competitor]]
id = "novel"
site = "https://novel.example/"
"""
CHAIRS = "Wooden chairs and tables for small restaurants and cafes."
TILLS = "Point of sale software: a till for small restaurants and cafes. Our POS prints receipts."
NOVELS = "Used novels, bought and sold by post all over the country."
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


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
        found.execute("UPDATE competitors SET first_seen = ?", (utc_text(LONG_AGO),))
    page(found, "oak", CHAIRS, days=0)
    page(found, "novel", NOVELS, days=0)
    yield found
    found.close()


def page(connection: sqlite3.Connection, key: str, text: str, *, days: float | None = None) -> None:
    """What the site says from now on; ``days`` after the beginning, or this moment."""
    at = utc_text(datetime.now(UTC) if days is None else LONG_AGO + timedelta(days=days))
    url = f"https://{key}.example/"
    row = connection.execute("SELECT id, version FROM pages WHERE url = ?", (url,)).fetchone()
    if row is None:
        row = (
            connection.execute(
                "INSERT INTO pages (competitor, url, kind, lang, title, description, status, "
                "body_hash, text_hash, first_seen, changed_at, last_seen) "
                "VALUES (?, ?, 'home', 'en', ?, '', 200, 'b', 't', ?, ?, ?)",
                (key, url, key.title(), at, at, at),
            ).lastrowid,
            0,
        )
    connection.execute(
        "UPDATE pages SET version = ?, changed_at = ? WHERE id = ?", (row[1] + 1, at, row[0])
    )
    connection.execute(
        "INSERT INTO page_versions (page_id, version, seen_at, title, description, text, "
        "headings_json, company_json) VALUES (?, ?, ?, ?, '', ?, '[]', '{}')",
        (row[0], row[1] + 1, at, key.title(), text),
    )


def crawl(connection: sqlite3.Connection, *, day: int, status: str = "finished") -> None:
    start = LONG_AGO + timedelta(days=day)
    connection.execute(
        "INSERT INTO runs (spider, status, started_at, finished_at) VALUES "
        "('competitors', ?, ?, ?)",
        (status, utc_text(start), utc_text(start + timedelta(hours=1))),
    )


def judge(connection: sqlite3.Connection, market: Market) -> None:
    tiers.run(connection, market)
    summaries.run(connection)
    alerts_pass.run(connection, market)


def last(connection: sqlite3.Connection, key: str = "oak") -> tuple[object, ...]:
    return connection.execute(
        "SELECT tier, cause, reason FROM tier_history WHERE competitor = ? "
        "ORDER BY id DESC LIMIT 1", (key,),
    ).fetchone()  # fmt: skip


def seen_alerts(connection: sqlite3.Connection) -> list[str]:
    return [one.competitor for one in alerts(connection, since="2026-01-01T00:00:00Z")]


@pytest.fixture
def known(connection: sqlite3.Connection, market: Market) -> sqlite3.Connection:
    """A market crawled once and judged, and a second crawl that has ended."""
    crawl(connection, day=1)
    judge(connection, market)
    assert last(connection)[:2] == (3, "first") and last(connection, "novel")[:2] == (None, "first")
    crawl(connection, day=2)
    return connection


@pytest.mark.parametrize(("key", "before"), [("oak", 3), ("novel", None)])
def test_a_competitor_that_becomes_a_direct_one_is_an_alert(
    known: sqlite3.Connection, market: Market, key: str, before: int | None
) -> None:
    page(known, key, TILLS)
    judge(known, market)
    tier, cause, reason = last(known, key)
    assert (tier, cause) == (1, "seen")
    assert reason.startswith("same product is now a yes (0.")
    assert "“" in reason and f"<https://{key}.example/>" in reason
    assert any(word in reason for word in ("Point of sale", "POS", "till"))
    assert seen_alerts(known) == [key]
    (one,) = recent_alerts(known)
    assert one.tier_before == before
    (line,) = alert_lines(market, since=datetime.now(UTC) - timedelta(minutes=1))
    was = {3: "Might enter", None: "Not a rival"}[before]
    assert line == f"New direct rival: {one.name}: {was} → Direct"
    found = [finding.words for finding in examine(market) if finding.what == "alert"]
    assert found == [one.words()]
    alerts_pass.run(known, market)
    assert alert_lines(market, since=datetime.now(UTC) - timedelta(minutes=1)) == []  # told once


def test_an_alert_is_silent_after_a_decision_and_after_thirty_days(
    known: sqlite3.Connection, market: Market
) -> None:
    page(known, "oak", TILLS)
    judge(known, market)
    assert recent_alerts(known, now=datetime.now(UTC) + timedelta(days=31)) == []
    known.execute(
        "INSERT INTO decisions (subject, field, value, origin, decided_at) "
        "VALUES ('oak', 'tier', '1', 'desk', ?)",
        (utc_text(datetime.now(UTC) + timedelta(seconds=2)),),
    )
    assert recent_alerts(known) == []


def test_going_away_again_is_told_by_the_quote_that_is_gone(
    known: sqlite3.Connection, market: Market
) -> None:
    page(known, "oak", TILLS)
    judge(known, market)
    page(known, "oak", CHAIRS)
    judge(known, market)
    tier, cause, reason = last(known)
    assert (tier, cause) == (3, "seen") and "same product is no longer a yes" in reason
    assert "which rested on “" in reason
    assert seen_alerts(known) == []


def test_what_comes_in_while_a_site_is_first_read_is_not_its_move(
    connection: sqlite3.Connection, market: Market
) -> None:
    crawl(connection, day=1, status="running")
    judge(connection, market)
    page(connection, "oak", TILLS)
    judge(connection, market)
    tier, cause, reason = last(connection)
    assert (tier, cause) == (1, "first") and reason.startswith("while it was read for the first")
    assert seen_alerts(connection) == []


def test_new_rules_are_not_told_as_its_move(
    known: sqlite3.Connection, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(known, "oak", TILLS)
    monkeypatch.setattr(tiers, "RULES_VERSION", "2099-01-1")
    judge(known, market)
    tier, cause, reason = last(known)
    assert (tier, cause) == (1, "ours")
    assert "not the competitor's doing: our rules changed" in reason and "2099-01-1" in reason
    assert "same product is now a yes" in reason
    assert seen_alerts(known) == []


def test_another_business_or_threshold_is_not_told_as_its_move(
    known: sqlite3.Connection, market: Market
) -> None:
    page(known, "oak", CHAIRS)
    judge(known, replace(market, tiers={"audience_line": 0.99}))
    tier, cause, reason = last(known)
    assert (tier, cause) == (None, "ours") and "the market file" in reason


def test_pages_read_otherwise_but_not_fetched_anew_are_no_move(
    known: sqlite3.Connection, market: Market
) -> None:
    page(known, "oak", TILLS, days=0.5)
    judge(known, market)
    assert last(known)[:2] == (1, "ours") and "nothing of it is new" in last(known)[2]
    assert seen_alerts(known) == []


def test_a_decision_and_its_end_are_told_as_decisions(
    known: sqlite3.Connection, market: Market
) -> None:
    for value, says in (('"complement"', "as a partner by a researcher (desk): they told us"),
                        ("1", "decided by a researcher (desk): they told us"),
                        ("null", "")):  # fmt: skip
        known.execute(
            "INSERT INTO decisions (subject, field, value, reason, origin, decided_at) "
            "VALUES ('oak', 'tier', ?, 'they told us', 'desk', '2026-02-01T00:00:00Z')", (value,),
        )  # fmt: skip
        judge(known, market)
        assert last(known)[1] == "decision" and says in last(known)[2]
    assert last(known)[0] == 3
    assert seen_alerts(known) == []


def test_nothing_new_is_no_row(known: sqlite3.Connection, market: Market) -> None:
    def count() -> int:
        return known.execute("SELECT count(*) FROM tier_history").fetchone()[0]

    before = count()
    judge(known, market)
    page(known, "oak", CHAIRS + " Made by hand.")
    judge(known, market)
    assert count() == before


def test_partners_and_thin_sites_are_told_in_words() -> None:
    low, high = dict.fromkeys(FLAGS, 0.2), dict.fromkeys(FLAGS, 0.2) | {"same_category": 0.8}
    old = State(
        tier=2, verdict="decided", flags=high, complement=False, rule_version="a", method="words",
        proofs=[Proof(flag="same_category", quote="a \n till", url="")],
    )  # fmt: skip
    now = replace(old, tier=None, verdict="unrelated", flags=low, complement=True, proofs=[])
    said = move_in_words(old, now, "seen", ["x"])
    assert said.startswith("its product now completes ours") and "“a till”" in said
    thin = replace(now, verdict="insufficient", complement=False, flags=high)
    assert move_in_words(old, thin, "seen", ["x"]).startswith("too little is seen")
    assert move_in_words(thin, old, "seen", ["x"]).startswith("enough was seen at last")
    other = replace(now, method="semantic", complement=False, flags=high)
    assert "compared by semantic now" in move_in_words(old, other, "ours", ["x"])
    assert move_in_words(None, now, "first", ["a", "b"]) == "a; b"
