"""Topics of what people say, over time and across languages; words that nobody listed yet."""

import random
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analysis.questions import new_topics, topics
from analysis.questions.new_topics import log_likelihood, phrases_in
from analysis.questions.sample import MINIMUM_PEOPLE
from analysis.questions.topics import at_least
from pipelines.demand.reading import Claim, Reading
from pipelines.demand.topics import topics_of
from tests.analysis import sample_db
from tests.analysis.sample_db import NOW, add_post

FORUM_OF = {"en": "deskforum", "zh": "gongwei", "vi": "gocviec"}


@pytest.fixture
def conn(tmp_path: Path):
    conn = sample_db.sample(tmp_path / "market.db", posts=0)
    yield conn
    conn.close()


def say(
    conn: sqlite3.Connection, text: str, author: str, *, lang: str = "en",
    kind: str | None = "pain", at: datetime = NOW - timedelta(days=3),
) -> int:  # fmt: skip
    """One post, all of it a claim of that kind; its topics as the pass writes them."""
    forum = FORUM_OF[lang]
    number = conn.execute("SELECT count(*) FROM posts").fetchone()[0]
    threads = conn.execute(
        "SELECT id FROM threads WHERE forum = ? ORDER BY id", (forum,)
    ).fetchall()
    (thread,) = random.Random(number).choice(threads)
    claims = {kind: text} if kind else {}
    barrier = "other" if kind == "barrier" else None
    flags = kind if kind in ("pain", "praise", "suggestion") else ""
    post = add_post(
        conn, number, thread, (forum, text, "using", flags, barrier, None, None, claims), at
    )
    conn.execute("UPDATE posts SET author = ? WHERE id = ?", (author, post))
    rows = tuple(Claim(claim=name, quote=quote, rule="x") for name, quote in claims.items())
    reading = Reading(lang=lang, script=None, evidence=rows)
    conn.executemany(
        "INSERT INTO topics (post_id, kind, topic, quote) VALUES (?, ?, ?, ?)",
        [(post, t.kind, t.topic, t.quote) for t in topics_of(reading, text)],
    )
    return post


def kind_of(answer: dict, kind: str) -> dict:
    return next(row for row in answer["kinds"] if row["kind"] == kind)


def test_one_topic_across_three_languages_by_person(conn):
    for name in ("a", "b", "c"):
        say(conn, "The battery dies by noon", name)
        say(conn, "续航太差", name, lang="zh")
    say(conn, "Pin tụt nhanh", "d", lang="vi")
    say(conn, "The battery dies by noon", "a")  # the same person again
    say(conn, "It is all rather sad", "e")
    found = kind_of(topics.answer(conn), "pain")
    (battery,) = found["topics"]
    assert (battery["topic"], battery["posts"], battery["people"]) == ("battery", 8, 7)
    assert battery["languages"] == {"en": 3, "zh": 3, "vi": 1}
    assert battery["names"]["zh"] and battery["of"] == 8 and battery["enough"]
    assert (found["named"]["people"], found["named"]["of"]) == (7, 8)
    assert len({quote["post"] for quote in battery["quotes"]}) == 3
    assert all(quote["url"].startswith("https://") for quote in battery["quotes"])
    assert kind_of(topics.answer(conn), "praise")["topics"] == []


def test_months_have_no_gaps_and_end_now(conn):
    say(conn, "The battery dies", "a", at=NOW - timedelta(days=2))
    say(conn, "The battery dies", "b", at=NOW - timedelta(days=100))
    (battery,) = kind_of(topics.answer(conn), "pain")["topics"]
    months = battery["months"]
    assert len(months) == 12
    assert months[-1] == {"month": NOW.strftime("%Y-%m"), "people": 1}
    assert sum(month["people"] for month in months) == 2
    assert not battery["enough"]


def test_a_topic_named_much_oftener_lately_is_rising(conn):
    for n in range(40):
        say(conn, "The motor is noisy", f"old{n}", at=NOW - timedelta(days=40 + n))
    for n in range(12):
        say(conn, "The delivery never came", f"new{n}", at=NOW - timedelta(days=n + 1))
    for n in range(12):
        say(conn, "The motor is noisy", f"too{n}", at=NOW - timedelta(days=n + 1))
    found = {row["topic"]: row for row in kind_of(topics.answer(conn), "pain")["topics"]}
    assert found["delivery"]["rising"]["days"] == 30
    assert found["delivery"]["rising"]["lately"]["people"] == 12
    assert found["noise"]["rising"] is None


def test_growth_of_the_forum_is_no_rise_and_few_people_make_none(conn):
    chance = random.Random(6)
    for n in range(120):
        text = chance.choice(["The motor is noisy", "The delivery never came", "The screen died"])
        say(conn, text, f"p{n}", at=NOW - timedelta(days=int(chance.triangular(1, 119, 1))))
    for n in range(MINIMUM_PEOPLE - 1):
        say(conn, "The battery dies", f"few{n}")
    assert all(row["rising"] is None for row in kind_of(topics.answer(conn), "pain")["topics"])


def test_the_exact_test_is_the_tail_of_the_hypergeometric_distribution():
    # A lady tasting tea (Fisher 1935): 3 of 4 right or more, 17 ways of 70.
    assert at_least(3, 4, 1, 4) == pytest.approx(17 / 70)
    assert at_least(0, 10, 0, 10) == pytest.approx(1.0)


def test_sellers_and_own_texts_stay_out(conn):
    post = say(conn, "The battery dies", "a")
    conn.execute("UPDATE demand SET seller = 1 WHERE post_id = ?", (post,))
    say(conn, "电池坏了", "b", lang="zh")
    conn.execute("UPDATE forums SET own = 1 WHERE id = 'gongwei'")
    assert kind_of(topics.answer(conn), "pain")["topics"] == []


PLACES = "Oslo Hue Lima Cebu Perth Turin Malmo Accra".split()


def background(conn: sqlite3.Connection, people: int = 60) -> None:
    for n in range(people):
        say(conn, "We walked along the river and watched the boats go by.", f"bg{n}", kind=None,
            at=NOW - timedelta(days=n * 2))  # fmt: skip
        say(conn, "我们周末沿着河边散步看船。", f"bg{n}", lang="zh", kind=None)
        say(conn, "Cuối tuần cả nhà đi dạo ven sông ngắm thuyền.", f"bg{n}", lang="vi", kind=None)


def test_words_nobody_listed_are_noticed_in_three_languages(conn):
    background(conn)
    for n in range(MINIMUM_PEOPLE + 3):
        say(conn, f"The Gantry Wheel squirmed on our {PLACES[n]} trip.", f"p{n}")
        say(conn, "踏频器歪了。", f"p{n}", lang="zh")
        say(conn, f"Cái móc khóa dây đai bung ở {PLACES[n]} suốt.", f"p{n}", lang="vi")
    found = new_topics.recurring(conn, "2026-11-20T06:30:00Z")
    phrases = {(row["lang"], row["phrase"].lower()) for row in found}
    assert any(lang == "en" and "gantry wheel" in phrase for lang, phrase in phrases)
    assert any(lang == "zh" and "踏频器" in phrase for lang, phrase in phrases)
    assert any(lang == "vi" and "dây đai" in phrase for lang, phrase in phrases)
    assert all(row["people"] >= MINIMUM_PEOPLE and row["quotes"] for row in found)


def test_one_loud_voice_a_listed_word_and_a_common_word_are_no_new_topic(conn):
    background(conn)
    for _ in range(20):
        say(conn, "The gantry wheel squirmed.", "loud")
    for n in range(10):
        say(conn, "The warranty is void.", f"p{n}")  # listed
        say(conn, "We walked along the river.", f"q{n}")  # as common in all posts
    assert [
        row["phrase"] for row in new_topics.recurring(conn, "2026-11-20T06:30:00Z")
        if {"gantry", "wheel", "warranty", "river"} & set(row["phrase"].lower().split())
    ] == []  # fmt: skip


def test_one_thread_and_one_template_make_no_new_topic(conn):
    background(conn)
    for n in range(MINIMUM_PEOPLE + 3):
        say(conn, "It squirmed while the gantry wheel was still turning, twice today.", f"p{n}")
        one = say(conn, f"The swivel plinth squirmed in {PLACES[n]}.", f"q{n}")
        conn.execute("UPDATE posts SET thread_id = (SELECT min(id) FROM threads) WHERE id = ?",
                     (one,))  # fmt: skip
        say(conn, f"The damper bracket squirmed in {PLACES[n]}.", f"r{n}")
    found = {row["phrase"].lower() for row in new_topics.recurring(conn, sample_db.stamp(NOW))}
    assert any("damper bracket" in phrase for phrase in found)
    assert not any("gantry" in phrase or "plinth" in phrase for phrase in found)


def test_new_since_needs_a_time_before(conn):
    background(conn)
    for n in range(8):
        say(conn, "The gantry squirmed.", f"p{n}", at=NOW - timedelta(days=10 + n))
    (young,) = [r for r in new_topics.recurring(conn, sample_db.stamp(NOW))
                if "gantry" in r["phrase"]]  # fmt: skip
    assert young["new_since"] is None  # nothing was said before, so nothing can be told
    for n in range(20):
        say(conn, "It arrived with a wobbly top.", f"old{n}", at=NOW - timedelta(days=200 + n))
    (young,) = [r for r in new_topics.recurring(conn, sample_db.stamp(NOW))
                if "gantry" in r["phrase"]]  # fmt: skip
    assert young["new_since"] == (NOW - timedelta(days=17)).strftime("%Y-%m-%d")


def test_phrases_of_three_languages():
    assert set(phrases_in("The gantry wheel", "en")) == {"gantry", "wheel", "gantry wheel"}
    assert "dây đai" in phrases_in("cái dây đai này", "vi").values()
    assert all(" " in phrase for phrase in phrases_in("cái dây đai này", "vi").values())
    assert phrases_in("la rueda", "es") == {}


def test_log_likelihood_counts_only_what_is_commoner_here():
    assert log_likelihood(5, 100, 50, 100) == 0.0
    assert log_likelihood(20, 100, 1, 100) > new_topics.CRITICAL
    assert log_likelihood(2, 100, 1, 100) < new_topics.CRITICAL
