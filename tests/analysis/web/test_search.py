import sqlite3

import pytest

from analysis.web.search import escape_fts, marked, parse, register, spans
from crawlers.folding import search_text

TEXTS = {
    1: "求推荐升降桌，价格别太高",
    2: "這張桌子的價格太高了",
    3: "Mình đang phân vân giữa hai loại",
    4: "minh dang phan van qua",
    5: "Looking for a standing desk, price under 500",
    6: "换到 LiftLine 之后很满意",
    7: "NEAR the AND of the OR table",
}


@pytest.fixture
def index():
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE VIRTUAL TABLE f USING fts5 (t, tokenize='unicode61 remove_diacritics 0')")
    conn.executemany(
        "INSERT INTO f (rowid, t) VALUES (?, ?)", [(k, search_text(v)) for k, v in TEXTS.items()]
    )
    register(conn)
    yield conn
    conn.close()


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("价格", {1, 2}),
        ("價格", {1, 2}),
        ("格", {1, 2}),
        ("phan van", {3, 4}),
        ("PHÂN VÂN", {3, 4}),
        ('"phân vân"', {3, 4}),
        ("price", {5}),
        ("desk standing", {5}),
        ('"desk standing"', set()),
        ("liftline", {6}),
        ("换到LiftLine", {6}),
        ("pric", set()),
    ],
)
def test_finds_every_spelling(index, query, rows):
    found = index.execute("SELECT rowid FROM f WHERE f MATCH ?", (parse(query).match,))
    assert {row[0] for row in found} == rows


@pytest.mark.parametrize(
    "query",
    ["NEAR(the", "AND", "a OR", "t:price", "^the", "the*", '"', '""""', "(((", "-the", "{t}", "'"],
)
def test_no_syntax_of_the_index_survives(index, query):
    index.execute("SELECT * FROM f WHERE f MATCH escape_fts(?)", (query,)).fetchall()


def test_operators_are_words(index):
    found = index.execute("SELECT rowid FROM f WHERE f MATCH escape_fts('AND OR')").fetchall()
    assert found == [(7,)]


def test_what_cannot_be_searched_matches_nothing(index):
    assert parse("!!! …").match == ""
    assert index.execute("SELECT * FROM f WHERE f MATCH escape_fts('!!!')").fetchall() == []


def test_a_long_query_is_bounded():
    assert len(parse("word " * 5_000).match) < 500
    assert parse(" ".join(f"w{n}" for n in range(50))).match.count('"') <= 24


@pytest.mark.parametrize(
    ("query", "text", "hits"),
    [
        ("phan van", "Tôi phân vân quá", ["phân", "vân"]),
        ('"phan van"', "Tôi phân vân quá", ["phân vân"]),
        ("价格", "這個價格太高，价格!", ["價格", "价格"]),
        ("duoc", "Được rồi", ["Được"]),
        ("cafe", "Cafe\u0301 cafe", ["Cafe\u0301", "cafe"]),
        ("art", "The art of a cart, art!", ["art", "art"]),
        ("desk", "desk桌", ["desk"]),
        ("eng", "ＥＮＧ", ["ＥＮＧ"]),
        ("x", "", []),
    ],
)
def test_marks_stand_in_the_original(query, text, hits):
    assert [text[a:b] for a, b in spans(text, parse(query))] == hits


def test_pieces_join_to_the_text():
    search = parse("desk")
    text = "a desk and another desk"
    assert "".join(piece for piece, _ in marked(text, search)) == text
    assert [piece for piece, hit in marked(text, search) if hit] == ["desk", "desk"]


def test_a_long_text_is_cut_around_its_first_hit():
    pieces = marked("before " * 400 + "needle " + "after " * 400, parse("needle"))
    shown = "".join(piece for piece, _ in pieces)
    assert ("needle", True) in pieces
    assert len(shown) < 360
    assert shown.startswith("… ") and shown.endswith(" …")


def test_escape_fts_of_nothing():
    assert escape_fts("") == '""'
