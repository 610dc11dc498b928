"""The answers are replaced as a whole: cut off anywhere, the former ones stand."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from analysis.passes import summaries
from analysis.questions.period import Period
from tests.analysis import sample_db

TABLES = ("periods", "summaries", "summary_competitors", "summary_voices")
LATER = "2027-02-01T00:00:00Z"


def autocommitting(path: Path) -> sqlite3.Connection:
    """As the passes have it: what stands in no transaction is stored at once."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def answers(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the desk, another connection, reads now."""
    with closing(autocommitting(path)) as reader:
        return {
            table: sorted(reader.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in TABLES
        }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A market with answers, in which something has happened since: other answers are due."""
    file = tmp_path / "market.db"
    with closing(sample_db.sample(file)) as conn:
        summaries.run(conn, now=sample_db.NOW)
        conn.execute("UPDATE posts SET last_seen = ?", (LATER,))
        conn.commit()
    return file


@pytest.fixture
def conn(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(autocommitting(path)) as connection:
        yield connection


def fail_in(monkeypatch: pytest.MonkeyPatch, question: str, doing: Any) -> None:
    answer = summaries.QUESTIONS[question]

    def cut_off(conn: sqlite3.Connection, period: Period) -> dict[str, Any]:
        found = answer(conn, period)
        doing(conn, period)
        return found

    monkeypatch.setitem(summaries.QUESTIONS, question, cut_off)


@pytest.mark.parametrize(("question", "period"), [("trends", "all"), ("topics", "90d")])
def test_a_fault_midway_leaves_the_former_answers(
    path: Path, conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch,
    question: str, period: str,
) -> None:  # fmt: skip
    def fail(conn: sqlite3.Connection, asked: Period) -> None:
        if asked.id == period:
            raise KeyboardInterrupt

    before = answers(path)
    with monkeypatch.context() as patch:
        fail_in(patch, question, fail)
        with pytest.raises(KeyboardInterrupt):
            summaries.run(conn, now=sample_db.NOW)
    assert answers(path) == before
    summaries.run(conn, now=sample_db.NOW)  # the same connection goes on
    after = answers(path)
    assert {row[4] for row in after["periods"]} == {LATER}
    assert len(after["summaries"]) == len(before["summaries"])
    assert after["summary_competitors"] and after["summary_voices"]


def test_a_fault_while_they_are_put_in_place_leaves_the_former_answers(
    path: Path, conn: sqlite3.Connection
) -> None:
    before = answers(path)
    conn.execute(
        "CREATE TRIGGER full BEFORE INSERT ON summary_voices "
        "BEGIN SELECT RAISE(ABORT, 'no room'); END"
    )
    with pytest.raises(sqlite3.IntegrityError, match="no room"):
        summaries.run(conn, now=sample_db.NOW)
    assert answers(path) == before
    assert conn.execute("SELECT count(*) FROM temp.sqlite_master").fetchone() == (0,)


_KILLED = """
import os, signal, sqlite3, sys
from analysis.passes import summaries
answer = summaries.QUESTIONS["timing"]
def killed(conn, period):
    if period.id == "365d":
        os.kill(os.getpid(), signal.SIGKILL)
    return answer(conn, period)
summaries.QUESTIONS["timing"] = killed
summaries.run(sqlite3.connect(sys.argv[1], isolation_level=None))
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")
def test_a_kill_midway_leaves_the_former_answers(path: Path) -> None:
    before = answers(path)
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(path)], timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert answers(path) == before


def test_others_write_while_answers_are_computed(
    path: Path, conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def crawl(_: sqlite3.Connection, asked: Period) -> None:
        with closing(sqlite3.connect(path, timeout=0)) as other:
            other.execute("PRAGMA foreign_keys = ON")
            other.execute("DELETE FROM posts WHERE id % 2 AND ?", (asked.id == "all",))
            other.execute("DELETE FROM competitors WHERE id = 'lampora'")
            other.commit()
        seen.append(conn.execute("SELECT count(*) FROM posts").fetchone())

    (posts,) = conn.execute("SELECT count(*) FROM posts").fetchone()
    fail_in(monkeypatch, "barriers", crawl)
    summaries.run(conn, now=sample_db.NOW)
    assert seen == [(posts,)] * 4  # each answer rests on the same posts
    assert conn.execute("SELECT count(*) FROM posts").fetchone()[0] < posts
    found = answers(path)
    assert {row[0] for row in found["summary_competitors"]} == {
        row[0] for row in conn.execute("SELECT id FROM competitors")
    }
    assert "lampora" not in {row[0] for row in found["summary_voices"]}
