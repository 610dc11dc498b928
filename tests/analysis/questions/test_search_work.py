"""How rivals publish and the keyword gap, on a market of a few pages counted by hand."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.questions import keyword_gap, search_work
from analysis.questions.phrases import accented, key_of, parts_of
from crawlers.extract.search.keywords import spaced
from tests.analysis import sample_db
from tests.analysis.sample_db import NOW, stamp

PAGES = 0


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    conn = sample_db.empty(tmp_path / "market.db")
    for key, name, tier in (
        ("us", "Maple Desk", None), ("lift", "LiftLine", 1), ("chao", "潮办", 1), ("oak", "Oak", 2),
        ("brew", "Brew Hut", None),
    ):  # fmt: skip
        insert(
            conn, "competitors", id=key, name=name, is_self=int(key == "us"), first_seen="x",
            last_seen="x",
        )  # fmt: skip
        if tier or key == "brew":
            flags = dict.fromkeys(
                ("same_product", "same_audience", "same_category", "substitute", "extension"), 0.5
            )
            insert(
                conn, "tiers", competitor=key, tier=tier, verdict="decided", score=0.5, method="x",
                rule_version="1", decided_at=stamp(NOW), **flags,
            )  # fmt: skip
    yield conn
    conn.close()


def insert(conn: sqlite3.Connection, table: str, **values: object) -> int:
    marks = ", ".join("?" * len(values))
    cursor = conn.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values())
    )
    return int(cursor.lastrowid or 0)


def page(
    conn: sqlite3.Connection, competitor: str, *phrases: str, kind: str = "product",
    weight: float = 6.0, text: str = "", **search: Any,
) -> str:  # fmt: skip
    (number,) = conn.execute("SELECT count(*) FROM pages").fetchone()
    url = search.pop("url", f"https://{competitor}.example/{number}")
    page_id = insert(
        conn, "pages", competitor=competitor, url=url, kind=kind, lang=search.pop("lang", "en"),
        title=f"Title {number}", description="", status=search.pop("status", 200), body_hash="h",
        text_hash="t", first_seen=stamp(NOW), changed_at=stamp(NOW), last_seen=stamp(NOW),
    )  # fmt: skip
    insert(
        conn, "page_versions", page_id=page_id, version=1, seen_at=stamp(NOW), title="",
        description="", text=text, headings_json="[]", company_json="{}",
    )  # fmt: skip
    values = {
        "title_length": 20, "description_length": 90, "h1s_json": '["x"]', "headings_json": "[]",
        "canonical": "self", "hreflangs_json": "[]", "structured_json": "[]", "indexable": 1,
        "published_at": None, "modified_at": None,
    }  # fmt: skip
    insert(conn, "page_search", page_id=page_id, **values | search)
    for phrase in phrases:
        insert(
            conn, "page_keywords", page_id=page_id, folded=spaced(phrase).strip(), phrase=phrase,
            weight=weight, places="title h1",
        )  # fmt: skip
    return url


def business(conn: sqlite3.Connection, **values: object) -> None:
    conn.execute("UPDATE market SET business_json = ?", (json.dumps(values),))


def gap(conn: sqlite3.Connection) -> dict[str, list[str]]:
    return {
        line["phrase"]: [rival["id"] for rival in line["rivals"]]
        for line in keyword_gap.answer(conn)["gap"]
    }


def test_what_two_rivals_or_one_direct_rival_mind(conn: sqlite3.Connection) -> None:
    page(conn, "lift", "walking pad", "desk lamp arm")
    page(conn, "oak", "Walking pads", "monitor shelf")
    page(conn, "brew", "walking pad")
    assert gap(conn) == {"walking pad": ["lift", "oak"], "desk lamp arm": ["lift"]}
    (first, _) = keyword_gap.answer(conn)["gap"]
    assert first["direct"] == 1 and first["weight"] == 12.0
    assert [(p["competitor"], p["phrase"]) for p in first["proof"]] == [
        ("lift", "walking pad"), ("oak", "Walking pads"),
    ]  # fmt: skip
    assert first["proof"][0]["url"].startswith("https://lift.example/")


@pytest.mark.parametrize(
    ("ours", "page_text", "left"),
    [
        ({"keywords": ["Walking pads"]}, None, set()),
        ({"description": "A walking pad for small flats"}, None, set()),
        ({"offers": ["Pad"]}, None, {"walking pad"}),
        ({}, "Every walking pad is tested", set()),
        ({}, "Walking on a pad", {"walking pad"}),
    ],
)
def test_what_we_say_is_no_gap(
    conn: sqlite3.Connection, ours: dict[str, object], page_text: str | None, left: set[str]
) -> None:
    business(conn, name="Maple Desk", **ours)
    page(conn, "lift", "walking pad")
    if page_text:
        page(conn, "us", text=page_text)
    assert set(gap(conn)) == left


def test_chinese_is_compared_by_characters_and_in_both_scripts(conn: sqlite3.Connection) -> None:
    page(conn, "chao", "門店收銀系統", lang="zh")
    page(conn, "oak", "餐饮收银系统", lang="zh")
    assert gap(conn) == {"收銀系統": ["chao", "oak"]}
    business(conn, name="Maple", keywords=["智能收银系统"])
    assert "收銀系統" not in gap(conn)


def test_vietnamese_words_of_other_tones_are_other_words(conn: sqlite3.Connection) -> None:
    page(conn, "lift", "bàn nâng", lang="vi")
    page(conn, "oak", "bán nắng", lang="vi")
    page(conn, "chao", "ban nang", lang="vi")
    assert gap(conn)["bàn nâng"] == ["lift", "chao"]
    business(conn, name="Maple", description="Bàn nâng cho nhà nhỏ")
    assert gap(conn) == {}


def test_what_is_no_keyword_of_the_gap(conn: sqlite3.Connection) -> None:
    for rival in ("lift", "oak"):
        page(conn, rival, "LiftLine desks", "contact us")
        page(conn, rival, "job offers", kind="careers")
        page(conn, rival, "cable tray", status=404)
        page(conn, rival, "weak heading", weight=1.0)
    assert gap(conn) == {}


def test_a_part_of_a_longer_keyword_of_the_same_rivals_says_nothing(
    conn: sqlite3.Connection,
) -> None:
    page(conn, "lift", "quiet walking pad", "walking pad")
    page(conn, "oak", "quiet walking pad")
    page(conn, "chao", "foldable walking pad")
    assert gap(conn) == {
        "walking pad": ["lift", "chao", "oak"],
        "quiet walking pad": ["lift", "oak"],
    }


def test_our_words_that_no_rival_minds(conn: sqlite3.Connection) -> None:
    business(conn, name="M", keywords=["walking pad", "oak desks"], offers=["Small flat desk"])
    page(conn, "lift", "foldable walking pads")
    assert [word["phrase"] for word in keyword_gap.answer(conn)["ours"]] == [
        "oak desks", "Small flat desk",
    ]  # fmt: skip


def test_nothing_read_is_no_answer(conn: sqlite3.Connection) -> None:
    answer = keyword_gap.answer(conn)
    assert answer["gap"] == answer["ours"] == [] and not answer["sample"]["enough"]
    assert search_work.answer(conn)["competitors"] == {}


def test_a_sites_pages_summed_up(conn: sqlite3.Connection) -> None:
    page(conn, "lift", "walking pad", title_length=30, structured_json='["Product"]')
    page(
        conn,
        "lift",
        "walking pad",
        title_length=50,
        h1s_json="[]",
        canonical="none",
        structured_json='["Product", "Offer"]',
        hreflangs_json='["vi-VN", "x-default"]',
    )
    page(conn, "lift", "LiftLine", title_length=0, indexable=0, lang="vi", h1s_json='["a", "b"]')
    found = search_work.answer(conn)["competitors"]["lift"]
    assert found["title"] == {"median": 40, "missing": 1}
    assert found["h1"] == {"one": 1, "none": 1, "several": 1}
    assert found["canonical"] == {"self": 2, "other": 0, "none": 1}
    assert found["structured"] == [{"type": "Product", "pages": 2}, {"type": "Offer", "pages": 1}]
    assert found["languages"] == [{"lang": "en", "pages": 2}, {"lang": "vi", "pages": 1}]
    assert (found["hreflangs"], found["closed"], found["pages"]) == (["vi-vn"], 1, 3)
    assert found["keywords"] == [{"phrase": "walking pad", "pages": 2, "weight": 12.0}]


def sitemap(conn: sqlite3.Connection, kind: str = "sitemap", **values: Any) -> None:
    (number,) = conn.execute("SELECT count(*) FROM sitemaps").fetchone()
    articles = values.pop("articles", {})
    insert(conn, "sitemaps", **{
        "url": f"https://lift.example/{number}.xml", "competitor": "lift", "kind": kind,
        "addresses": 100, "whole": 1, "dated": 0, "newest": None, "recent_30": 0, "recent_90": 0,
        "generated": 0, "articles_json": json.dumps(articles), "fetched_at": stamp(NOW),
    } | values)  # fmt: skip


def ago(*days: int) -> dict[str, str]:
    return {f"https://lift.example/blog/{n}": stamp(NOW - timedelta(days=n)) for n in days}


def test_sitemaps_summed_up(conn: sqlite3.Connection) -> None:
    page(conn, "lift")
    sitemap(conn, "index", addresses=3)
    sitemap(conn, dated=40, recent_30=10, recent_90=20, newest=stamp(NOW))
    sitemap(conn, dated=60, recent_30=60, recent_90=60, generated=1, newest=stamp(NOW))
    sitemap(conn, addresses=900, fetched_at=stamp(NOW - timedelta(days=9)))
    assert search_work.answer(conn)["competitors"]["lift"]["sitemap"] == {
        "addresses": 200, "more": True, "dated": 40, "generated": True, "newest": stamp(NOW),
        "recent_30": 0.25, "recent_90": 0.5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("files", "published", "basis", "per_month", "articles"),
    [
        ({}, [], None, None, 0),
        ({"sitemap": ago(5, 20, 50, 80, 85, 90, 400)}, [], "sitemap", 2.0, 7),
        ({"feed": ago(1, 2, 3, 4, 10)}, [], "feed", 15.2, 5),
        ({"feed": ago(1, 40, 70, 200, 300)}, [], "feed", 1.0, 5),
        ({"feed": ago(1, 40), "sitemap": ago(1, 40, 70)}, [], "sitemap", 1.0, 3),
        ({}, [10, 20, 300], "pages", 0.7, 3),
        ({}, [200], "pages", 0.0, 1),
    ],
)
def test_how_often_a_site_publishes(
    conn: sqlite3.Connection, files: dict[str, dict[str, str]], published: list[int],
    basis: str | None, per_month: float | None, articles: int,
) -> None:  # fmt: skip
    page(conn, "lift")
    for kind, dates in files.items():
        sitemap(conn, kind, articles=dates)
    for days in published:
        page(conn, "lift", kind="article", published_at=stamp(NOW - timedelta(days=days)))
    found = search_work.answer(conn)["competitors"]["lift"]["publishing"]
    assert (found["basis"], found["per_month"], found["articles"]) == (basis, per_month, articles)
    if basis:
        months = found["months"]
        assert len(months) == 12 and months[-1]["month"] == "2026-11"
        within = [n for dates in files.values() for n in dates] or published
        assert 0 < sum(m["articles"] for m in months) <= len(within) or published == [200]


def test_dates_a_machine_made_say_nothing_of_publishing(conn: sqlite3.Connection) -> None:
    page(conn, "lift")
    sitemap(conn, articles=ago(0, 1, 2, 3, 4), generated=1)
    assert search_work.answer(conn)["competitors"]["lift"]["publishing"]["basis"] is None


def test_columns_that_hold_something_else_are_left_out(conn: sqlite3.Connection) -> None:
    page(
        conn,
        "lift",
        h1s_json="{",
        structured_json='{"a": 1}',
        hreflangs_json="[1, null]",
        published_at="never",
    )
    sitemap(conn, newest="soon", fetched_at="?", articles={"u": "then"})
    conn.execute("UPDATE market SET business_json = '[1'")
    conn.execute("UPDATE competitors SET aliases_json = 'no'")
    found = search_work.answer(conn)["competitors"]["lift"]
    assert found["h1"]["none"] == 1 and found["structured"] == [] and found["hreflangs"] == []
    assert found["publishing"]["basis"] is None and found["sitemap"]["newest"] is None
    keyword_gap.answer(conn)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Standing Desks", "standing desk"), ("glass", "glass"), ("bus", "bus"), ("POS", "pos"),
        ("Bàn nâng hạ", "ban nang ha"), ("收銀系統", "收 银 系 统"), ("e-commerce", "e commerce"),
    ],
)  # fmt: skip
def test_keys(text: str, key: str) -> None:
    assert key_of(text) == key


def test_parts_and_accents() -> None:
    assert list(parts_of("point of sale software", "Point of Sale Software")) == [
        ("point of sale software", "Point of Sale Software"),
        ("sale software", "Sale Software"), ("point of sale", "Point of Sale"),
    ]  # fmt: skip
    assert list(parts_of("pos 系 统", "POS 系统"))[1:] == [("pos 系", "POS 系"), ("系 统", "系统")]
    assert (accented("Bàn"), accented("ban"), accented("收银")) == ("bàn", "", "")
