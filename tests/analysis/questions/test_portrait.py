"""Journeys, barriers, leavers, brands and openings: planted, counted, and too few."""

from datetime import timedelta
from pathlib import Path

import pytest

from analysis.passes import summaries
from analysis.questions import barriers, customers, journeys, leaving, openings, switching
from analysis.questions.claims import claims
from analysis.questions.sample import MINIMUM_PEOPLE, share
from tests.analysis import sample_db
from tests.analysis.sample_db import NOW, VOICES, add_post, stamp

SEARCHES, COMPARES, PAIN, LEAVES = VOICES[0], VOICES[1], VOICES[2], VOICES[6]


@pytest.fixture
def conn(tmp_path: Path):
    conn = sample_db.sample(tmp_path / "market.db", posts=0)
    yield conn
    conn.close()


def say(conn, voice: tuple, author: str, days_ago: float = 3) -> int:
    number = conn.execute("SELECT count(*) FROM posts").fetchone()[0]
    thread = conn.execute("SELECT min(id) FROM threads WHERE forum = ?", (voice[0],)).fetchone()
    post = add_post(conn, number, thread[0], voice, NOW - timedelta(days=days_ago))
    conn.execute("UPDATE posts SET author = ? WHERE id = ?", (author, post))
    return post


def topic(conn, post: int, kind: str, name: str) -> None:
    conn.execute("INSERT INTO topics VALUES (?, ?, ?, ?)", (post, kind, name, f"about {name}"))


def fact(conn, post: int, name: str, value: str) -> None:
    conn.execute(
        "INSERT INTO author_facts (post_id, fact, value, quote, rule) VALUES (?, ?, ?, ?, 'r')",
        (post, name, value, f"I am {value}"),
    )


def page(conn, competitor: str, text: str, lang: str = "en") -> None:
    page_id = conn.execute(
        "INSERT INTO pages (competitor, url, kind, lang, title, description, status, body_hash, "
        "text_hash, first_seen, changed_at, last_seen) VALUES (?, ?, 'home', ?, '', '', 200, 'b', "
        "'t', ?, ?, ?)",
        (competitor, f"https://{competitor}.example/said", lang, *[stamp(NOW)] * 3),
    ).lastrowid
    text = f"{text} Ask us anything at any hour, we look forward to hearing from you."
    conn.execute(
        "INSERT INTO page_versions (page_id, version, seen_at, title, description, text, "
        "headings_json, company_json) VALUES (?, 1, ?, '', '', ?, '[]', '{}')",
        (page_id, stamp(NOW), text),
    )


def test_share_of_few_and_of_nobody():
    assert share(3, 4) == {
        "people": 3, "of": 4, "share": 0.75, "low": 0.300642, "high": 0.954413, "enough": False,
    }  # fmt: skip
    assert share(0, 0)["share"] is None and not share(0, 0)["enough"]
    assert share(5, 5)["enough"]


def test_one_authors_stages_over_time(conn):
    for n in range(6):
        say(conn, SEARCHES, f"p{n}", 300)
        say(conn, SEARCHES, f"p{n}", 290)  # still searching: no move
        if n < 5:
            say(conn, PAIN, f"p{n}", 300 - 20 - n)
    say(conn, SEARCHES, "late", 300)
    say(conn, PAIN, "late", 20)  # after more than the time allowed
    say(conn, SEARCHES, "young", 30)
    say(conn, PAIN, "young", 10)  # too early to tell of the others
    found = journeys.answer(conn)
    moves = {(t["from"], t["to"]): t for t in found["transitions"]}
    bought = moves["searching", "using"]
    assert (bought["people"], bought["of"], bought["enough"]) == (5, 7, True)
    assert bought["median_days"] == 22 and len(bought["posts"]) == 5
    assert moves["using", "searching"]["people"] == 0
    assert found["paths"][0] == {"stages": ["searching", "using"], "people": 7, "enough": True}
    assert (found["moving"]["people"], found["moving"]["of"]) == (7, 8)


def test_a_journey_of_four_has_no_median(conn):
    for n in range(MINIMUM_PEOPLE - 1):
        say(conn, SEARCHES, f"p{n}", 300)
        say(conn, PAIN, f"p{n}", 280)
    say(conn, VOICES[16], "newest", 1)
    found = journeys.answer(conn)
    assert found["transitions"][0]["median_days"] is None
    assert not found["transitions"][0]["enough"] and not found["paths"][0]["enough"]


def hesitate(conn, barrier: str, author: str, days_ago: int) -> None:
    post = say(conn, VOICES[4], author, days_ago)
    conn.execute("UPDATE demand SET barrier = ? WHERE post_id = ?", (barrier, post))


def test_a_barrier_that_rises_and_one_that_wavers(conn):
    for n in range(40):
        hesitate(conn, "trust" if n < 4 else "price", f"before{n}", 200 + n)
        hesitate(conn, "trust" if n < 20 else "price", f"lately{n}", 1 + n)
    found = {b["barrier"]: b for b in barriers.answer(conn)["barriers"]}
    assert found["trust"]["trend"]["direction"] == "rising"
    assert found["price"]["trend"]["direction"] == "falling"
    assert found["trust"]["trend"]["change"] == 0.4
    conn.execute("UPDATE demand SET barrier = 'price' WHERE barrier = 'trust' AND post_id % 5 > 0")
    found = {b["barrier"]: b for b in barriers.answer(conn)["barriers"]}
    assert found["trust"]["trend"]["direction"] is None


def test_dear_and_suspiciously_cheap_are_told_apart(conn):
    for n in range(6):
        hesitate(conn, "price" if n < 4 else "too_cheap", f"p{n}", 5)
    found = barriers.answer(conn)
    assert found["price"]["price"]["people"] == 4 and found["price"]["too_cheap"]["people"] == 2
    assert found["price"]["price"]["of"] == 6
    assert [(s["stage"], s["of"], s["enough"]) for s in found["stages"]] == [("searching", 6, True)]
    assert [row["lang"] for row in found["languages"]] == ["en"]


def test_our_leavers_are_an_answer_of_their_own(conn):
    for n in range(MINIMUM_PEOPLE - 1):
        topic(conn, say(conn, LEAVES, f"p{n}"), "pain", "warranty")
    few = leaving.answer(conn)
    assert (few["leavers"]["people"], few["enough"]) == (4, False)
    assert few["trend"]["direction"] is None
    gone = say(conn, LEAVES, "p0", 2)
    conn.execute("UPDATE switches SET status = 'done' WHERE post_id = ?", (gone,))
    say(conn, LEAVES, "p9")
    found = leaving.answer(conn)
    assert found["enough"] and found["leavers"]["people"] == 5
    assert found["statuses"]["done"]["people"] == 1
    assert found["statuses"]["considering"]["people"] == 4
    assert [(t["id"], t["people"]) for t in found["to"]] == [("liftline", 5)]
    assert [(r["topic"], r["people"]) for r in found["reasons"]] == [("warranty", 4)]
    assert len(found["quotes"]) == 5 and found["quotes"][0]["status"] == "done"


def test_a_brand_loses_only_beyond_chance(conn):
    for n in range(4):
        say(conn, VOICES[3], f"p{n}")
    assert switching.answer(conn)["gainer"] is None  # four people are too few
    for n in range(4, 9):
        say(conn, VOICES[3], f"p{n}")
    found = switching.answer(conn)
    assert (found["gainer"]["id"], found["loser"]["id"]) == ("oakframe", "liftline")
    for n in range(6):
        post = say(conn, VOICES[3], f"back{n}")
        conn.execute(
            "UPDATE switches SET from_competitor = 'oakframe', to_competitor = 'liftline' "
            "WHERE post_id = ?",
            (post,),
        )
    mixed = switching.answer(conn)  # nine against six
    assert mixed["gainer"] is None and mixed["loser"] is None
    assert {b["id"]: b["net"] for b in mixed["brands"]}["oakframe"] == 3


def test_praise_belongs_to_the_brand_praised(conn):
    """Who left LiftLine for Oak & Frame names both, and praises one."""
    post = say(conn, VOICES[3], "an")
    conn.execute(
        "INSERT INTO mentions (post_id, brand, competitor, text) "
        "VALUES (?, 'LiftLine', 'liftline', 'LiftLine')",
        (post,),
    )
    found = {
        b["id"]: (b["people"], b["praise"], b["pain"]) for b in switching.answer(conn)["brands"]
    }
    assert found["oakframe"] == (1, 1, 0) and found["liftline"] == (1, 0, 0)
    summaries.run(conn, now=NOW)
    board = dict(
        conn.execute(
            "SELECT competitor, praise FROM summary_competitors "
            "WHERE mentions > 0 AND period = 'all'"
        )
    )
    assert board == {"oakframe": 1, "liftline": 0}


def test_the_portrait_says_how_many_told(conn):
    for n in range(6):
        post = say(conn, SEARCHES, f"p{n}")
        if n < 3:
            fact(conn, post, "segment", "student")
            fact(conn, say(conn, SEARCHES, f"p{n}"), "segment", "student")
        topic(conn, post, "praise", "noise")
    found = customers.answer(conn)
    (student,) = found["segments"]
    assert (student["value"], student["posts"], student["people"], student["of"]) == (
        "student", 6, 3, 3,
    )  # fmt: skip
    assert not student["enough"] and len(student["quotes"]) == 3
    assert (found["segments_told"]["people"], found["segments_told"]["of"]) == (3, 6)
    assert [(t["topic"], t["people"], t["enough"]) for t in found["praised"]] == [
        ("noise", 6, True)
    ]


def test_a_need_no_rival_answers_outranks_one_they_do(conn):
    page(conn, "zuoan", "A chair to sit on.")
    for rival in ("liftline", "oakframe"):
        page(conn, rival, "A desk with a five year warranty. Free shipping.")
    (topics,) = {frozenset(c.topics) for c in claims(conn) if c.competitor == "liftline"}
    assert "warranty" in topics
    for n in range(MINIMUM_PEOPLE + 3):
        topic(conn, say(conn, VOICES[5], f"p{n}"), "suggestion", "noise")
        topic(conn, say(conn, VOICES[5], f"q{n}"), "suggestion", "warranty")
    for n in range(MINIMUM_PEOPLE - 1):
        topic(conn, say(conn, VOICES[5], f"p{n}"), "suggestion", "smell")
    found = openings.answer(conn)
    needs = {line["id"]: line for line in found["ranked"] if line["kind"] == "need"}
    assert "smell" not in needs and found["too_few"] >= 1
    noise, warranty = needs["noise"], needs["warranty"]
    assert noise["uncovered"]["share"] == 1.0
    assert warranty["uncovered"]["rivals"] == warranty["uncovered"]["of"] - 2
    assert noise["score"] > warranty["score"] > 0
    assert noise["score"] == pytest.approx(noise["low"] * noise["of"], abs=0.02)
    assert noise["posts"] and noise["quotes"] and noise["pages"]
    assert noise["names"]["zh"] and not noise["answered"]
    assert {row["competitor"] for row in warranty["answered"]} == {"liftline", "oakframe"}
    for best in (True, False):
        scores = [line["score"] for line in found["ranked"] if line["best"] is best]
        assert scores == sorted(scores, reverse=True)
    firsts = [line["kind"] for line in found["ranked"] if line["best"]]
    assert firsts == list(dict.fromkeys(firsts)) and "need" in firsts
    assert [line["best"] for line in found["ranked"]] == sorted(
        (line["best"] for line in found["ranked"]), reverse=True
    )


def test_unread_rivals_and_those_in_no_tier_are_not_silent(conn):
    conn.execute("DELETE FROM pages")
    for n in range(MINIMUM_PEOPLE):
        topic(conn, say(conn, VOICES[5], f"p{n}"), "suggestion", "noise")
    assert (openings.answer(conn)["ranked"], openings.answer(conn)["rivals_read"]) == ([], 0)
    for company in ("liftline", "oakframe", "brewhut", "thinco", "posturely"):
        page(conn, company, "We make things.")
    conn.execute("UPDATE tiers SET complement = 1 WHERE competitor = 'posturely'")
    conn.execute("UPDATE page_versions SET text = 'Menu Support' WHERE page_id = "
                 "(SELECT id FROM pages WHERE competitor = 'oakframe')")  # fmt: skip
    found = openings.answer(conn)
    assert found["rivals_read"] == 1
    (noise,) = [line for line in found["ranked"] if line["kind"] == "need"]
    assert noise["uncovered"]["silent"] == ["liftline"]  # not a cafe, nor a frame without text


def test_a_segment_nobody_speaks_to(conn):
    conn.execute("DELETE FROM companies")
    for n in range(MINIMUM_PEOPLE):
        post = say(conn, SEARCHES, f"p{n}")
        fact(conn, post, "segment", "student")
        fact(conn, post, "segment", "parent")
        fact(conn, post, "segment", "shop_owner")

    def silent():
        ranked = openings.answer(conn)["ranked"]
        return {
            line["id"]: line["uncovered"]["silent"] for line in ranked if line["kind"] == "segment"
        }

    page(conn, "oakframe", "A desk of oak.")
    assert silent() == {}  # who names nobody leaves nobody out
    page(conn, "liftline", "Desks for parents and for small shops.")
    page(conn, "zuoan", "椅子，给小店主用的，家长也喜欢。", "zh")
    page(conn, "nhamoi", "Bàn cho cửa hàng nhỏ.", "vi")
    assert silent() == {"parent": ["nhamoi"], "student": ["liftline", "nhamoi", "zuoan"]}
    conn.execute(
        "INSERT INTO companies (competitor, audience_json, updated_at) "
        "VALUES ('nhamoi', '[\"dành cho phụ huynh và sinh viên\"]', ?)",
        (stamp(NOW),),
    )
    assert silent() == {"student": ["liftline", "zuoan"]}


def test_customers_who_name_a_rival_in_a_forum_do_not_promote_it_there(conn):
    for rival in ("liftline", "oakframe", "zuoan"):
        page(conn, rival, "A desk of oak.")
    for n in range(MINIMUM_PEOPLE):
        say(conn, SEARCHES, f"p{n}")
        say(conn, PAIN, f"q{n}")  # of LiftLine
    post = say(conn, VOICES[3], "oakframe-sales")
    conn.execute("UPDATE demand SET seller = 1 WHERE post_id = ?", (post,))
    (place,) = [line for line in openings.answer(conn)["ranked"] if line["kind"] == "place"]
    assert {"liftline", "zuoan"} == set(place["uncovered"]["silent"])


def test_a_pain_is_an_opening_where_rivals_customers_say_it_and_no_page_answers(conn):
    page(conn, "liftline", "A desk with a five year warranty.")
    for n in range(MINIMUM_PEOPLE):
        for name in ("noise", "warranty"):
            topic(conn, say(conn, PAIN, f"p{n}"), "pain", name)
        nobodys = say(conn, SEARCHES, f"p{n}")  # a pain that is no rival's
        topic(conn, nobodys, "pain", "bugs")
    for n in range(MINIMUM_PEOPLE - 1):
        topic(conn, say(conn, PAIN, f"p{n}"), "pain", "smell")
    found = [line for line in openings.answer(conn)["ranked"] if line["kind"] == "pain"]
    assert [(line["id"], line["people"], line["of"], line["of_whom"]) for line in found] == [
        ("noise", MINIMUM_PEOPLE, MINIMUM_PEOPLE, "rivals")
    ]


def test_what_we_do_well_and_they_do_badly(conn):
    page(conn, "liftline", "A desk of oak.")
    for n in range(MINIMUM_PEOPLE):
        ours = say(conn, VOICES[13], f"ours{n}")
        conn.execute("UPDATE feelings SET competitor = 'maple' WHERE post_id = ?", (ours,))
        topic(conn, ours, "praise", "warranty")
        topic(conn, say(conn, PAIN, f"theirs{n}"), "pain", "warranty")
        topic(conn, say(conn, PAIN, f"theirs{n}"), "pain", "smell")
    found = [line for line in openings.answer(conn)["ranked"] if line["kind"] == "strength"]
    assert [(line["rival"], line["topic"]) for line in found] == [("liftline", "warranty")]
    assert found[0]["our_praise"]["people"] == MINIMUM_PEOPLE
