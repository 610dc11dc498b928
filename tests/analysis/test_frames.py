import sqlite3

import pytest

from analysis.frames import frame, rows


@pytest.fixture
def conn():
    conn = sqlite3.connect(":memory:")
    conn.executescript(
        "CREATE TABLE t (n INTEGER, x REAL, s TEXT, ok INTEGER, at TEXT);"
        "INSERT INTO t VALUES (1, 0.5, 'một', 1, '2026-11-20T06:30:00Z');"
        "INSERT INTO t VALUES (NULL, NULL, NULL, NULL, NULL);"
        "INSERT INTO t VALUES (9007199254740993, 2, '', 0, 'nonsense');"
    )
    yield conn
    conn.close()


TYPES = {"n": "integer", "x": "number", "s": "text", "ok": "truth", "at": "time"}


def test_types_hold_with_nulls(conn):
    table = frame(conn, "SELECT * FROM t", types=TYPES)
    assert [str(t) for t in table.dtypes] == [
        "Int64", "Float64", "str", "boolean", "datetime64[us, UTC]",
    ]  # fmt: skip
    assert rows(table) == [
        {"n": 1, "x": 0.5, "s": "một", "ok": True, "at": "2026-11-20T06:30:00Z"},
        {"n": None, "x": None, "s": None, "ok": None, "at": None},
        {"n": 9007199254740993, "x": 2.0, "s": "", "ok": False, "at": None},
    ]


def test_no_rows_keep_their_columns(conn):
    table = frame(conn, "SELECT * FROM t WHERE 0", types=TYPES)
    assert list(table.columns) == list(TYPES)
    assert rows(table) == []


def test_a_column_nobody_named_is_an_error(conn):
    with pytest.raises(ValueError, match="types name"):
        frame(conn, "SELECT n, x FROM t", types={"n": "integer"})
