"""Every row that ships, and what the catalogue must hold as a whole."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawlers.forums import adapter_named, engine_of_address
from crawlers.sources import ACCESSES, KINDS, TRADES, UNCHECKED, PublicSource, load_catalogue
from crawlers.urls import is_web_url
from crawlers.words import ENGINES

ROOT = Path(__file__).parents[3]
GUIDES = set(re.findall(r"^### (.+)$", (ROOT / "docs/sources.md").read_text("utf-8"), re.M))
ROWS = load_catalogue()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row(row: PublicSource) -> None:
    assert is_web_url(row.address) and urlsplit(row.address).scheme == "https"
    assert row.engine is None or row.engine in ENGINES
    assert row.kind in KINDS and set(row.trades) <= set(TRADES) and row.trades
    assert row.access in ACCESSES and row.access != "dead"
    assert all(re.fullmatch(r"[A-Z]{2}", code) for code in row.countries)
    assert row.checked == UNCHECKED or date.fromisoformat(row.checked) <= datetime.now(UTC).date()
    assert not row.guide or row.guide in GUIDES
    # An address that is one engine's alone names that engine.
    assert engine_of_address(row.address) in (None, row.engine)


@pytest.mark.parametrize("row", [row for row in ROWS if row.engine], ids=lambda row: row.id)
def test_the_note_agrees_with_what_the_reader_of_its_engine_asks_for(row: PublicSource) -> None:
    adapter = adapter_named(row.engine or "")
    if adapter is None:
        return
    if adapter.off:
        assert row.access == "permission"
    if adapter.key_required:
        assert row.access == "api_key"


def test_ids_and_addresses_stand_once() -> None:
    for what in ("id", "address"):
        counts = Counter(getattr(row, what) for row in ROWS)
        assert [value for value, count in counts.items() if count > 1] == []


def test_nobody_claims_a_check_that_did_not_happen() -> None:
    """Without a day, a row says that it was not asked; with one, what was read in its place."""
    for row in ROWS:
        if row.checked == UNCHECKED:
            assert row.how == UNCHECKED or row.how.endswith("not asked"), row.id
        else:
            assert re.search(r"documentation|policy|report|source|help pages", row.how, re.I), (
                row.id
            )


def test_how_wide_it_is() -> None:
    assert len(ROWS) >= 500
    spoken = Counter(code for row in ROWS for code in row.languages)
    assert spoken["en"] >= 250 and spoken["zh"] >= 150 and spoken["vi"] >= 60
    places = Counter(code for row in ROWS for code in row.countries)
    for code in ("US", "GB", "AU", "SG", "IN", "CN", "TW", "HK", "VN"):
        assert places[code] >= 15, code
    assert set(TRADES) == {trade for row in ROWS for trade in row.trades}
    assert set(KINDS) == {row.kind for row in ROWS}


def test_walled_places_have_a_guide() -> None:
    for row in ROWS:
        if row.access == "login" and row.kind in ("social", "marketplace"):
            assert row.guide, row.id
