"""Each question on a market of a few posts, counted by hand."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.passes import summaries
from analysis.questions import (
    barriers,
    changes,
    channels,
    competitors,
    customers,
    leaving,
    local_time,
    openings,
    sources,
    switching,
    timing,
)
from analysis.questions.period import periods
from analysis.questions.sample import MINIMUM_PEOPLE, sample
from analysis.questions.standing import standings
from tests.analysis import sample_db
from tests.analysis.sample_db import NOW, VOICES, add_post

SEARCHES, PAIN, SWITCHED, LEAVES, SELLS = VOICES[0], VOICES[2], VOICES[3], VOICES[6], VOICES[15]


@pytest.fixture
def conn(tmp_path: Path):
    conn = sample_db.sample(tmp_path / "market.db", posts=0)
    yield conn
    conn.close()


def thread_of(conn: sqlite3.Connection, forum: str) -> int:
    return conn.execute("SELECT min(id) FROM threads WHERE forum = ?", (forum,)).fetchone()[0]


def say(conn: sqlite3.Connection, voice: tuple, author: str | None, *, times: int = 1) -> list[int]:
    """The same voice from one author, some times."""
    numbers = range(
        count := conn.execute("SELECT count(*) FROM posts").fetchone()[0], count + times
    )
    posts = [
        add_post(conn, n, thread_of(conn, voice[0]), voice, NOW - timedelta(days=3, hours=n))
        for n in numbers
    ]
    for post in posts:
        conn.execute("UPDATE posts SET author = ? WHERE id = ?", (author, post))
    return posts


def test_people_are_counted_not_posts(conn):
    say(conn, SEARCHES, "an", times=9)
    say(conn, SEARCHES, "binh")
    found = sample(conn)
    assert (found["posts"], found["people"], found["enough"]) == (10, 2, False)
    for n in range(MINIMUM_PEOPLE - 2):
        say(conn, SEARCHES, f"person{n}")
    assert sample(conn)["enough"] is True


def test_copies_sellers_and_the_nameless(conn):
    first = say(conn, SEARCHES, "an")[0]
    copy = say(conn, SEARCHES, "spam")[0]
    conn.execute("UPDATE posts SET copy_of = ? WHERE id = ?", (first, copy))
    say(conn, SELLS, "shop")
    say(conn, SEARCHES, None, times=3)
    found = sample(conn)
    assert (found["posts"], found["people"]) == (4, 2)
    told = sources.answer(conn)
    assert (told["posts"], told["copies"], told["sellers"]) == (6, 1, 1)


def test_one_name_on_two_forums_is_two_people(conn):
    say(conn, SEARCHES, "an")
    say(conn, VOICES[7], "an")
    assert sample(conn)["people"] == 2


def test_competitors_in_groups(conn):
    for n in range(6):
        say(conn, PAIN, f"p{n}")
    found = competitors.answer(conn)
    assert found["groups"] == {
        "direct": 4, "substitute": 3, "potential": 1, "candidate": 2, "insufficient": 1,
        "unrelated": 1, "failed": 2,
    }  # fmt: skip
    assert found["nearest"][0]["id"] == "liftline"
    assert (found["loudest"]["id"], found["loudest"]["people"]) == ("liftline", 6)
    assert (found["candidates"], found["names"]) == (1, 1) and found["decisions"] == 1


@pytest.mark.parametrize(
    ("value", "group", "tier"),
    [("2", "substitute", 2), ("3", "potential", 3), ('"none"', "unrelated", None),
     ('"unrelated"', "unrelated", None), ('"1"', "direct", 1), ("[broken", "unrelated", None),
     ("true", "unrelated", None)],
)  # fmt: skip
def test_the_newest_decision_wins(conn, value, group, tier):
    for old in ("1", value):
        conn.execute(
            "INSERT INTO decisions (subject, field, value, origin, decided_at) "
            "VALUES ('brewhut', 'tier', ?, 'desk', '2026-11-20T00:00:00Z')",
            (old,),
        )
    found = standings(conn, "brewhut")[0]
    assert (found.group, found.tier, found.verdict) == (group, tier, "override")


def test_a_decision_taken_back_leaves_the_rules_verdict(conn):
    for value in ("1", "null"):
        conn.execute(
            "INSERT INTO decisions (subject, field, value, origin, decided_at) "
            "VALUES ('posturely', 'tier', ?, 'file', '2026-11-20T00:00:00Z')",
            (value,),
        )
    found = standings(conn, "posturely")[0]
    assert (found.tier, found.verdict, found.decision) == (2, "decided", None)


@pytest.mark.parametrize(("value", "partner"), [('"complement"', True), ('"none"', False)])
def test_a_partner_by_decision_is_told_as_one(conn, value, partner):
    conn.execute(
        "INSERT INTO decisions (subject, field, value, origin, decided_at) "
        "VALUES ('posturely', 'tier', ?, 'desk', '2026-11-20T00:00:00Z')",
        (value,),
    )
    found = standings(conn, "posturely")[0]
    assert (found.tier, found.group, found.complement) == (None, "unrelated", partner)


def test_an_ignored_competitor_is_set_aside(conn):
    conn.execute(
        "INSERT INTO decisions (subject, field, value, origin, decided_at) "
        "VALUES ('lampora', 'status', '\"ignored\"', 'desk', '2026-11-20T00:00:00Z')"
    )
    assert standings(conn, "lampora")[0].group == "ignored"
    assert "ignored" not in competitors.answer(conn)["nearest"]


def test_places_by_people_with_a_need(conn):
    say(conn, SEARCHES, "an", times=5)
    say(conn, VOICES[16], "thanks")
    say(conn, VOICES[7], "li")
    say(conn, VOICES[8], "wang")
    found = channels.answer(conn)
    assert [(p["forum"], p["need_people"], p["people"]) for p in found["gathers"]] == [
        ("gongwei", 2, 2), ("deskforum", 1, 2),
    ]  # fmt: skip
    social = next(p for p in found["promotes"] if p["channel"] == "organic_social")
    assert social["platforms"] == ["Instagram"] and social["strongest"] == 3
    assert all(p["competitors"] <= found["read"] for p in found["promotes"])


def test_portrait(conn):
    say(conn, SEARCHES, "an")
    say(conn, VOICES[12], "chi")
    say(conn, PAIN, "dung", times=2)
    found = customers.answer(conn)
    stages = {s["stage"]: s["people"] for s in found["stages"]}
    assert stages == {"problem_aware": 0, "using": 1, "searching": 2, "comparing": 0}
    assert {r["authority"]: r["people"] for r in found["roles"]} == {"unknown": 2, "no": 1}
    assert [(p["barrier"], p["posts"], p["people"], p["enough"]) for p in found["pains"]] == [
        ("quality", 2, 1, False)
    ]
    assert [q["quote"] for q in found["pain_quotes"]] == ["wobbles at full height"]


def test_time_in_the_zone_of_the_post(conn):
    post = say(conn, VOICES[7], "li")[0]
    conn.execute(
        "UPDATE posts SET posted_at = '2026-10-31T20:15:00Z', timezone = 'Asia/Shanghai' "
        "WHERE id = ?",
        (post,),
    )
    vague = say(conn, VOICES[7], "wang")[0]
    conn.execute(
        "UPDATE posts SET posted_at = '2026-08-01T00:00:00Z', posted_precision = 'month' "
        "WHERE id = ?",
        (vague,),
    )
    undated = say(conn, VOICES[7], "zhao")[0]
    conn.execute(
        "UPDATE posts SET posted_at = NULL, posted_precision = 'unknown' WHERE id = ?", (undated,)
    )
    found = timing.answer(conn)
    assert [h["hour"] for h in found["hours"] if h["posts"]] == [4]
    assert [d["weekday"] for d in found["weekdays"] if d["posts"]] == [6]
    assert [(m["month"], m["people"]) for m in found["months"]] == [
        ("2026-08", 1), ("2026-09", 0), ("2026-10", 1),
    ]  # fmt: skip
    assert found["heat"][6][4] == 1 and sum(map(sum, found["heat"])) == 1
    assert found["undated"] == 1
    assert found["peak_hour"] is None


@pytest.mark.parametrize("zone", ["", None, "Nowhere/Atall", "../../etc/passwd", "\x00"])
def test_a_strange_zone_is_utc(zone):
    assert local_time.local_hour("2026-10-31T20:15:00Z", zone) == 20


@pytest.mark.parametrize("moment", [None, "", "yesterday", "9999-12-31T23:59:59Z", 5])
def test_a_strange_time_has_no_hour(moment):
    assert local_time.local_hour(moment, "Pacific/Kiritimati") in (None, 13)


def test_barriers_with_words(conn):
    say(conn, VOICES[4], "an", times=3)
    say(conn, VOICES[7], "li")
    say(conn, VOICES[10], "wang")
    found = barriers.answer(conn)
    assert [(b["barrier"], b["people"], b["posts"]) for b in found["barriers"]] == [
        ("price", 2, 4), ("trust", 1, 1),
    ]  # fmt: skip
    assert found["barriers"][0]["share"] == round(2 / 3, 6)
    assert {q["quote"] for q in found["barriers"][0]["quotes"]} == {
        "The price is too high for me", "价格别太高",
    }  # fmt: skip


def test_switching_counts_people_once_and_shows_our_leavers(conn):
    say(conn, SWITCHED, "an", times=3)
    say(conn, VOICES[9], "li")
    say(conn, LEAVES, "chi")
    found = switching.answer(conn)
    brands = {b["id"]: (b["won"], b["lost"], b["net"]) for b in found["brands"]}
    assert brands["oakframe"] == (1, 0, 1)
    assert brands["liftline"] == (0, 2, -2)
    assert brands["maple"] == (0, 0, 0)
    assert found["loser"] is None  # two people are no loss yet
    assert found["leavers"] == 1 and leaving.answer(conn)["quotes"][0]["to"] == "LiftLine"
    flow = next(f for f in found["flows"] if f["to"] == "Oak & Frame")
    assert (flow["posts"], flow["people"], flow["done"]) == (3, 1, 1)


def test_openings_need_enough_people(conn):
    for n in range(MINIMUM_PEOPLE - 1):
        say(conn, PAIN, f"p{n}")
        say(conn, VOICES[5], f"p{n}")
    assert not openings.answer(conn)["needs"]["enough"] and not openings.answer(conn)["unhappy"]
    say(conn, PAIN, "one more")
    say(conn, VOICES[5], "one more")
    found = openings.answer(conn)
    assert found["needs"]["enough"]
    assert [(u["id"], u["share"]) for u in found["unhappy"]] == [("liftline", 1.0)]


def test_a_language_no_rival_speaks(conn):
    for n in range(MINIMUM_PEOPLE):
        say(conn, VOICES[7], f"p{n}")
    site = (
        "INSERT INTO page_versions (page_id, version, seen_at, title, description, text, "
        "headings_json, company_json) SELECT id, 1, last_seen, '', '', 'A desk that rises with a "
        "button, delivered to your door in a week.', '[]', '{}' FROM pages"
    )
    conn.execute(site)

    def kinds(kind):
        return [
            (o["id"], o["people"]) for o in openings.answer(conn)["ranked"] if o["kind"] == kind
        ]

    assert kinds("language") == []
    conn.execute("DELETE FROM pages WHERE lang = 'zh'")
    assert kinds("language") == [("zh", MINIMUM_PEOPLE)]
    assert kinds("place") == [("gongwei", MINIMUM_PEOPLE)]


def test_changes_of_thirty_days(conn):
    found = changes.answer(conn)
    first, earlier = (str(NOW.date() - timedelta(days=days)) for days in (30, 60))
    (inside,) = conn.execute(
        "SELECT count(*) FROM changes WHERE at >= ? AND competitor <> 'lampora'",  # a candidate
        (first,),
    ).fetchone()
    (before,) = conn.execute(
        "SELECT count(*) FROM changes WHERE at < ? AND at >= ? AND competitor <> 'lampora'",
        (first, earlier),
    ).fetchone()
    assert (found["changes"], found["before"]) == (inside, before)
    assert [t["importance"] for t in found["top"]] == sorted(
        (t["importance"] for t in found["top"]), reverse=True
    )


def test_sources_by_latest_outcome(conn):
    found = sources.answer(conn)
    assert found["outcomes"] == {
        "read": 12,
        "unchanged": 1,
        "partial": 1,
        "blocked": 1,
        "robots": 1,
    }
    assert {s["source"] for s in found["unread"]} == {"riserkit", "shutdoor", "closed"}


@pytest.mark.parametrize("question", summaries.QUESTIONS)
def test_every_answer_of_an_empty_market(tmp_path, question):
    conn = sample_db.empty(tmp_path / "market.db")
    found = summaries.QUESTIONS[question](conn, periods(conn)[0])
    assert found["sample"]["enough"] is False
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    conn.close()


def test_the_pass_replaces_everything_and_repeats_itself(conn):
    say(conn, SWITCHED, "an")
    say(conn, PAIN, "binh", times=2)
    summaries.run(conn, now=NOW)
    first = conn.execute("SELECT * FROM summaries ORDER BY question, period").fetchall()
    assert {row[0] for row in first} == set(summaries.QUESTIONS)
    summaries.run(conn, now=NOW)
    assert conn.execute("SELECT * FROM summaries ORDER BY question, period").fetchall() == first
    line = conn.execute(
        "SELECT mentions, authors, pain, praise, switched_to, switched_from, pages, offers, "
        "evidence FROM summary_competitors WHERE competitor = 'liftline' AND period = 'all'"
    ).fetchone()
    assert line == (2, 1, 1, 0, 0, 1, 3, 3, 3)


def test_a_failing_answer_leaves_the_old_ones(conn, monkeypatch):
    summaries.run(conn, now=NOW)
    before = conn.execute("SELECT count(*) FROM summaries").fetchone()

    def broken(conn: sqlite3.Connection, period: object) -> dict:
        raise ValueError("broken")

    monkeypatch.setitem(summaries.QUESTIONS, "sources", broken)
    with pytest.raises(ValueError, match="broken"):
        summaries.run(conn, now=NOW)
    assert conn.execute("SELECT count(*) FROM summaries").fetchone() == before
