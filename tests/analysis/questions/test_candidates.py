"""Candidates nobody decided on: in no number but their own, best first, with their words."""

import sqlite3
from pathlib import Path

import pytest

from analysis.passes import summaries
from analysis.questions import channels, competitors, openings
from analysis.questions.alerts import alerts
from analysis.questions.candidates import Waiting, candidate, candidates, waiting
from analysis.questions.standing import RIVALS, standings
from tests.analysis import sample_db
from tests.analysis.sample_db import NOW, stamp


@pytest.fixture
def conn(tmp_path: Path):
    conn = sample_db.sample(tmp_path / "market.db", posts=34)
    yield conn
    conn.close()


def decide(conn: sqlite3.Connection, key: str, field: str, value: str) -> None:
    conn.execute(
        "INSERT INTO decisions (subject, field, value, origin, decided_at) "
        "VALUES (?, ?, ?, 'desk', ?)",
        (key, field, value, stamp(NOW)),
    )


def test_those_with_a_tier_come_first_with_their_words(conn):
    first, second = candidates(conn)
    assert (first.standing.competitor, first.standing.verdict_group) == ("lampora", "potential")
    assert (first.named.times, first.named.places, first.named.authors) == (7, 4, 5)
    assert first.proofs == 3 and len(first.quotes) == 2
    assert first.quotes[0]["quote"] == "Lampora or LiftLine for a studio?"
    assert len({row["url"] for row in first.quotes}) == 2
    assert second.standing.verdict_group == "insufficient" and second.standing.site is None
    assert [one.standing.competitor for one in candidates(conn, group="insufficient")] == [
        "name:standwell"
    ]
    assert candidates(conn, group="direct") == [] and candidates(conn, most=1)[0] == first


def test_partners_and_strangers_come_last(conn):
    conn.execute(
        "UPDATE competitors SET site = 'https://standwell.example/' WHERE name = 'Standwell'"
    )
    conn.execute("UPDATE tiers SET complement = 1 WHERE competitor = 'lampora'")
    assert [one.standing.competitor for one in candidates(conn)] == ["name:standwell", "lampora"]


def test_names_that_lead_to_no_site_are_counted_apart_and_last(conn):
    conn.execute("UPDATE tiers SET tier = NULL, verdict = 'unrelated' WHERE competitor = 'lampora'")
    assert [one.standing.competitor for one in candidates(conn)] == ["lampora", "name:standwell"]
    found = waiting(standings(conn))
    assert found == Waiting(companies=1, names=1, rivals=0)
    assert found.words() == (
        "1 company was found that nobody listed, and 1 name that leads to no site yet"
    )
    answer = competitors.answer(conn)
    assert (answer["candidates"], answer["names"]) == (1, 1)


def test_a_name_with_a_tier_is_a_company(conn):
    conn.execute(
        "UPDATE tiers SET tier = 2, verdict = 'decided' WHERE competitor = 'name:standwell'"
    )
    found = waiting(standings(conn))
    assert found == Waiting(companies=2, names=0, rivals=2)
    assert found.words() == "2 companies were found that nobody listed"
    assert Waiting(companies=0, names=0, rivals=0).words() == ""


@pytest.mark.parametrize(
    ("field", "value", "group"),
    [("status", '"watched"', "potential"), ("status", '"ignored"', "ignored"),
     ("tier", "2", "substitute"), ("tier", '"complement"', "unrelated"),
     ("tier", "null", "candidate"), ("status", "null", "candidate")],
)  # fmt: skip
def test_a_decision_takes_it_out_at_once(conn, field, value, group):
    decide(conn, "lampora", field, value)
    (standing,) = standings(conn, "lampora")
    assert standing.group == group
    waiting = [one.standing.competitor for one in candidates(conn)]
    assert ("lampora" in waiting) == (group == "candidate")
    counted = {row[0] for row in conn.execute(f"SELECT id FROM competitors WHERE id IN {RIVALS}")}
    assert ("lampora" in counted) == (group not in ("candidate", "ignored"))
    assert "maple" not in counted and "liftline" in counted


def test_what_candidates_do_is_not_counted(conn):
    def numbers() -> tuple[object, ...]:
        found = channels.answer(conn)
        return (
            found["read"], sum(c["competitors"] for c in found["promotes"]),
            competitors.answer(conn)["competitors"],
        )  # fmt: skip

    before = numbers()
    decide(conn, "lampora", "status", '"watched"')
    after = numbers()
    assert after[0] == before[0] + 1 and after[2] == before[2] + 1
    own_tags = conn.execute(
        "SELECT count(DISTINCT channel) FROM channel_tags WHERE subject = 'lampora' "
        "AND role = 'promotes'"
    ).fetchone()[0]
    assert own_tags and after[1] == before[1] + own_tags


def test_a_language_that_only_a_candidate_speaks_is_an_opening(conn):
    conn.execute("UPDATE pages SET lang = 'en'")
    conn.execute("UPDATE pages SET lang = 'vi' WHERE competitor = 'lampora'")
    for number in range(6):
        sample_db.add_post(conn, 900 + number, thread(conn), sample_db.VOICES[12], NOW)
    conn.execute(
        "INSERT INTO page_versions (page_id, version, seen_at, title, description, text, "
        "headings_json, company_json) SELECT id, 1, last_seen, '', '', 'A desk that rises with a "
        "button, delivered to your door in a week.', '[]', '{}' FROM pages"
    )

    def languages():
        ranked = openings.answer(conn)["ranked"]
        return [opening["id"] for opening in ranked if opening["kind"] == "language"]

    assert "vi" in languages()
    decide(conn, "lampora", "status", '"watched"')
    assert "vi" not in languages()


def thread(conn: sqlite3.Connection) -> int:
    return conn.execute("SELECT min(id) FROM threads WHERE forum = 'gocviec'").fetchone()[0]


def test_a_candidate_raises_no_alert(conn):
    summaries.run(conn, now=NOW)
    conn.execute("UPDATE tiers SET tier = 1 WHERE competitor = 'lampora'")
    conn.execute(
        "INSERT INTO tier_history (competitor, at, tier, verdict, score, reason, cause) "
        "VALUES ('lampora', ?, 1, 'decided', 0.9, 'x', 'seen')",
        (stamp(NOW),),
    )
    since = "2026-01-01T00:00:00Z"
    assert alerts(conn, since=since) == []
    conn.execute("UPDATE competitors SET status = 'watched' WHERE id = 'lampora'")
    assert [one.competitor for one in alerts(conn, since=since)] == ["lampora"]


def test_a_database_of_an_older_release_has_none_to_count(conn):
    conn.execute("DROP TABLE candidates")
    first = candidates(conn)[0]
    assert first.named.times == 0 and first.quotes
    (listed,) = standings(conn, "liftline")
    assert candidate(conn, listed) is None
