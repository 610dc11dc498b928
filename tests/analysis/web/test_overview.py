"""The first screen: answers, trends and what waits for a decision, in the market's own numbers."""

import html
import json
import re
import sqlite3

import pytest

from analysis.passes import summaries
from analysis.questions.standing import standings
from analysis.questions.trends import VOICES
from analysis.web.i18n import Translator
from analysis.web.pages.overview import NEAR, close_to_a_border, todo
from analysis.web.serve import datasette_for
from pipelines.tiers.decision import YES
from tests.analysis import sample_db

QUESTIONS = ("competitors", "channels", "customers", "timing", "barriers", "switching")


def words(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def panel(page, name):
    return page.split(f'id="{name}"')[1].split("</section>")[0]


def stored(path, question, period="all"):
    with sqlite3.connect(path) as conn:
        (text,) = conn.execute(
            "SELECT answer_json FROM summaries WHERE question = ? AND period = ?",
            (question, period),
        ).fetchone()
    conn.close()
    return json.loads(text)


@pytest.fixture
def market(tmp_path):
    """The sample market, to be changed."""
    conn = sample_db.sample(tmp_path / "market.db")
    summaries.run(conn, now=sample_db.NOW)
    yield conn
    conn.close()


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
@pytest.mark.parametrize("period", ["all", "90d", "30d"])
async def test_each_question_says_its_trend_its_sample_and_how_fresh_it_is(
    desk, market_db, language, period
):
    address = "/" if period == "all" else f"/?period={period}"
    page = (await desk.client.get(address, headers={"accept-language": language})).text
    trends = stored(market_db, "trends", period)
    t = Translator(language)
    for question in QUESTIONS:
        seen = words(panel(page, f"ask-{question}"))
        row = trends[question]
        told = row["direction"] or ("unread" if row["before"] is None else "few")
        assert words(str(t("count.people", n=row["now"]))) in seen
        if row["direction"]:
            assert words(str(t(f"trend.word_{told}"))) in seen
        if told in ("rising", "falling"):
            assert str(abs(row["now"] - row["before"])) in seen
        for month in row["months"] if any(m["people"] for m in row["months"]) else ():
            assert f"{t.month(month['month'])}" in seen
        until = stored(market_db, question, period)["sample"]["until"]
        assert not until or t.day(until) in seen


def test_every_question_of_the_screen_has_a_trend():
    assert {*QUESTIONS, "openings"} <= VOICES.keys()


async def test_what_waits_is_on_the_list_and_off_it_once_decided(market, tmp_path):
    datasette = datasette_for(tmp_path / "market.db", "desks")
    seen = words(panel((await datasette.client.get("/")).text, "todo"))
    assert "1 candidate to look at" in seen
    assert "blocked 1" in seen and "scrapy review desks" in seen
    near = close_to_a_border(standings(market))
    assert near and all(one.name in seen for one in near[:4])
    for one in near:
        market.execute(
            "INSERT INTO decisions (subject, field, value, origin, decided_at) "
            "VALUES (?, 'tier', '1', 'desk', '2026-11-21T00:00:00Z')",
            (one.competitor,),
        )
    market.execute(
        "INSERT INTO decisions (subject, field, value, origin, decided_at) SELECT id, 'status', "
        "'\"ignored\"', 'desk', '2026-11-21T00:00:00Z' FROM competitors WHERE status = 'candidate'"
    )
    market.execute("UPDATE run_sources SET outcome = 'read'")
    market.commit()
    decided = words(panel((await datasette.client.get("/")).text, "todo"))
    assert "close to a border" not in decided
    assert "candidate to look at" not in decided
    corrections = todo(market).corrections
    assert corrections >= len(near)
    assert f"{corrections} corrections are not in the sums yet" in decided
    assert "scrapy refresh desks" in decided


async def test_with_nothing_to_decide_it_says_so(market, tmp_path):
    for table in ("candidates", "tiers", "run_sources"):
        market.execute(f"DELETE FROM {table}")
    market.execute("DELETE FROM competitors WHERE status = 'candidate'")
    market.commit()
    summaries.run(market, now=sample_db.NOW)
    datasette = datasette_for(tmp_path / "market.db", "desks")
    seen = words(panel((await datasette.client.get("/")).text, "todo"))
    assert "Nothing waits for you." in seen


def test_close_to_a_border_are_undecided_verdicts_that_a_small_change_moves(market):
    board = {one.competitor: one for one in standings(market)}
    near = {one.competitor for one in close_to_a_border(board.values())}
    assert "zuoan" in near  # substitute 0.5, category 0.7: the line itself
    assert "liftline" not in near  # all its flags are far from the line
    assert "oakframe" not in near  # a researcher decided
    for key in near:
        flags = [value for value in board[key].flags.values() if value is not None]
        assert min(abs(value - YES) for value in flags) <= NEAR


async def test_without_changes_it_says_what_to_do(market, tmp_path):
    market.execute("DELETE FROM changes")
    market.commit()
    summaries.run(market, now=sample_db.NOW)
    datasette = datasette_for(tmp_path / "market.db", "desks")
    seen = words(panel((await datasette.client.get("/")).text, "changed"))
    assert "No changes seen so far" in seen and "scrapy research desks" in seen


async def test_the_calendar_s_numbers_are_the_answer_s(desk, market_db):
    timing = stored(market_db, "timing")
    page = panel((await desk.client.get("/when")).text, "days")
    numbers = page.split("<details>")[1]
    found = {
        day: int(people.replace(",", ""))
        for day, people in re.findall(r'day=(\d{4}-\d\d-\d\d)[^"]*">([\d,]+)</a>', numbers)
    }
    assert found == {row["day"]: row["people"] for row in timing["days"]}
    assert sum(found.values()) > 50
    assert page.count("<rect") > 360  # every day of the last year, quiet ones too


async def test_a_post_whose_day_is_not_known_stands_on_no_day(market, tmp_path):
    ((day, people), *_) = market.execute(
        "SELECT substr(posted_at, 1, 10), count(*) FROM voices "
        "WHERE stage IN ('searching', 'comparing') GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()
    assert people > 1
    market.execute(
        "UPDATE posts SET posted_precision = 'month' WHERE substr(posted_at, 1, 10) = ?", (day,)
    )
    market.commit()
    summaries.run(market, now=sample_db.NOW)
    assert day not in {row["day"] for row in stored(tmp_path / "market.db", "timing")["days"]}
    datasette = datasette_for(tmp_path / "market.db", "desks")
    address = f"/posts?stage=buying&counted=1&day={day}"
    assert "0 posts" in words((await datasette.client.get(address)).text)


async def test_the_portrait_has_five_parts_and_contents_that_lead_to_them(desk):
    page = (await desk.client.get("/customers")).text
    contents = page.split('class="contents"')[1].split("</nav>")[0]
    anchors = re.findall(r'href="#([a-z_-]+)"', contents)
    assert anchors[:5] == ["who", "goals", "places", "pains", "role"]
    assert all(f'id="{anchor}"' in page for anchor in anchors)
    assert "None found" not in page
    for name in anchors[:5]:
        assert panel(page, name).split("<details")[0].count("<blockquote") <= 2
