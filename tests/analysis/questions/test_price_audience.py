"""Prices and audiences of rivals: one currency, main offers, what is left out is told."""

from pathlib import Path

import pytest

from analysis.questions import openings, unused_channels
from analysis.questions.sample import MINIMUM_PEOPLE
from crawlers.folding import search_text
from tests.analysis import sample_db
from tests.analysis.sample_db import NOW, VOICES, add_post


@pytest.fixture
def conn(tmp_path: Path):
    conn = sample_db.sample(tmp_path / "market.db", posts=0)
    yield conn
    conn.close()


def the_map(conn):
    return openings.answer(conn)["map"]


def test_the_commonest_currency_and_who_is_left_out(conn):
    found = the_map(conn)
    assert found["currency"] == "USD"
    shown = {dot["name"] for dot in found["dots"]}
    assert {"LiftLine", "Oak & Frame", "Posturely"} <= shown
    assert set(found["elsewhere"]) == {
        "潮办升降桌",
        "坐安人体工学椅",
        "Bàn Đứng Việt",
        "Nhà Mới Decor",
    }
    assert found["priced"] == len(shown) and found["rivals"] == found["priced"] + 4
    conn.execute("UPDATE offers SET currency = 'VND' WHERE competitor IN ('liftline', 'oakframe')")
    assert the_map(conn)["currency"] == "VND"


def test_the_price_is_the_median_of_main_offers(conn):
    conn.execute("UPDATE offers SET price_minor = 700 WHERE competitor = 'liftline'")
    conn.execute(
        "UPDATE offers SET price_minor = 90000 WHERE competitor = 'liftline' AND position = 2"
    )
    (liftline,) = [dot for dot in the_map(conn)["dots"] if dot["name"] == "LiftLine"]
    assert (liftline["price_minor"], liftline["group"], liftline["offers"]) == (700, "direct", 1)
    conn.execute("UPDATE offers SET price_minor = 0 WHERE competitor = 'liftline'")
    assert "LiftLine" not in {dot["name"] for dot in the_map(conn)["dots"]}


def test_no_prices_no_dots(conn):
    conn.execute("DELETE FROM offers")
    found = the_map(conn)
    assert (found["dots"], found["priced"], found["currency"]) == ([], 0, "")
    assert found["rivals"] > 0


def test_a_platform_customers_name_and_no_rival_uses(conn):
    thread = conn.execute("SELECT min(id) FROM threads WHERE forum = 'deskforum'").fetchone()[0]

    def platforms():
        conn.execute("INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')")
        return {row["platform"]: row for row in unused_channels.answer(conn, 20)}

    for n in range(MINIMUM_PEOPLE):
        assert platforms() == {}  # too few
        text = "Looking for a desk like that one on Pinterest and on TikTok"
        post = add_post(conn, n, thread, VOICES[0], NOW)
        conn.execute(
            "UPDATE posts SET text = ?, search_text = ?, author = ? WHERE id = ?",
            (text, search_text(text), f"p{n}", post),
        )
    found = platforms()
    assert set(found) == {"pinterest", "tiktok"}
    assert (found["tiktok"]["people"], found["tiktok"]["of"]) == (MINIMUM_PEOPLE, 20)
    conn.execute("UPDATE channel_tags SET platform = 'tiktok' WHERE platform = 'Instagram'")
    assert set(platforms()) == {"pinterest"}
    conn.execute("UPDATE competitors SET status = 'ignored' WHERE is_self = 0")
    assert set(platforms()) == {"pinterest", "tiktok"}  # nobody's rival any more
