"""The panels of demand: what they show equals the answers, and every number opens its posts."""

import html
import json
import re
import sqlite3
from pathlib import Path

import pytest

from analysis.passes import summaries
from analysis.questions.sample import MINIMUM_PEOPLE
from analysis.web.postfilter import PostFilter
from pipelines.demand.author import fact_names
from tests.analysis import sample_db
from tests.analysis.web.conftest import served
from tests.analysis.web.test_numbers import compare

ROW = re.compile(r'<tr>\s*<th scope="row">(?P<label>.*?)</th>.*?<td class="num">(?P<cell>.*?)</td>',
                 re.DOTALL)  # fmt: skip


@pytest.fixture(scope="module")
def told_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample market, its posts read for topics and facts too; one segment of too few."""
    path = tmp_path_factory.mktemp("told") / "market.db"
    conn = sample_db.sample(path)
    conn.executescript(
        """
        INSERT INTO topics SELECT post_id, 'pain', CASE WHEN post_id % 3 THEN 'updates'
            ELSE 'reports' END, 'slow' FROM demand WHERE pain = 1;
        INSERT OR REPLACE INTO page_versions (page_id, version, seen_at, title,
            description, text, headings_json, company_json) SELECT id, version,
            last_seen, title, '',
            'We sell desks for small rooms and bring them to your house today.', '[]', '{}'
            FROM pages;
        INSERT INTO topics SELECT post_id, 'pain', 'customer_service', quote FROM switches;
        INSERT INTO topics SELECT post_id, 'praise', 'ease_of_use', 'easy' FROM demand
            WHERE praise = 1;
        INSERT INTO topics SELECT post_id, 'suggestion', 'offline', 'offline' FROM demand
            WHERE suggestion = 1;
        INSERT INTO author_facts SELECT post_id, 'segment', 'shop_owner', NULL, NULL, 'my shop',
            'r1' FROM demand WHERE post_id % 4 = 0;
        INSERT INTO author_facts SELECT post_id, 'occasion', 'wedding', NULL, NULL, 'wedding',
            'r2' FROM demand WHERE post_id % 5 = 0;
        INSERT INTO author_facts SELECT post_id, 'budget', '500 USD', 500, 'USD', '$500', 'r3'
            FROM demand WHERE post_id % 6 = 0;
        INSERT INTO author_facts SELECT post_id, 'segment', 'student', NULL, NULL, 'student',
            'r4' FROM demand WHERE seller = 0 ORDER BY post_id LIMIT 1;
        """
    )
    conn.commit()
    summaries.run(conn, now=sample_db.NOW)
    conn.close()
    return path


@pytest.fixture
def told(told_db: Path):
    yield from served(told_db)


def answer(path, question):
    with sqlite3.connect(path) as conn:
        (text,) = conn.execute(
            "SELECT answer_json FROM summaries WHERE question = ? AND period = 'all'", (question,)
        ).fetchone()
    conn.close()
    return json.loads(text)


def panel(page, name):
    return page.split(f'id="{name}"')[1].split("</section>")[0]


def words(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def rows(markup):
    return [(words(found["label"]), words(found["cell"])) for found in ROW.finditer(markup)]


async def shown(desk, path, name, language="en"):
    page = await desk.client.get(path, headers={"accept-language": language})
    assert page.status_code == 200
    return panel(page.text, name)


@pytest.fixture
def ranked(told_db: Path, tmp_path: Path):
    """A market where people with a need say a word of ours, and rivals' customers complain of what
    is praised in us; with an ignored rival and people who name us only."""
    path = tmp_path / "market.db"
    with sqlite3.connect(told_db) as conn, sqlite3.connect(path) as copy:
        conn.backup(copy)
    conn.close()
    copy.executescript(
        """
        UPDATE market SET business_json = json_set(business_json, '$.keywords',
            json_array('small "flat"', 'standing desk'));
        INSERT OR IGNORE INTO mentions SELECT post_id, 'Maple', 'maple', 'x' FROM demand
            WHERE praise = 1 OR post_id % 9 = 0;
        UPDATE feelings SET competitor = 'maple' WHERE feeling = 'praise' AND post_id % 2 = 0;
        INSERT OR IGNORE INTO topics SELECT post_id, 'praise', 'updates', 'x' FROM feelings
            WHERE competitor = 'maple';
        UPDATE demand SET stage = 'using' WHERE pain = 1 AND post_id % 4 <> 0;
        UPDATE competitors SET status = 'ignored' WHERE id = 'bandung';
        """
    )
    summaries.run(copy, now=sample_db.NOW)
    copy.close()
    yield from served(path)


async def test_openings_and_topics_about_rivals_open_their_posts(ranked):
    faults, seen = await compare(ranked)
    assert [fault for fault in faults if fault[2].startswith("/posts")] == []
    assert seen["/posts"] > 60
    page = html.unescape((await ranked.client.get("/openings")).text)
    for opened in ("customers=any&topic=pain", "customers=liftline&topic=pain%3Aupdates", "q=%22"):
        assert f'href="/posts?{opened}' in page, opened
    assert "customers=any" in (await ranked.client.get("/")).text
    page = html.unescape((await ranked.client.get("/why-them")).text)
    for feeling in ("pain", "praise"):
        about = f"named=1&claim={feeling}&topic={feeling}%3A"
        cells = [cell for _, cell in ROW.findall(panel(page, feeling)) if about in cell]
        assert cells, feeling
        assert all(re.search(r">\d+</a>", cell) for cell in cells)
    assert re.search(r'\(<a href="/posts\?force=\w+&topic=pain%3A[^"]*">\d+</a>\)', page)


async def test_who_names_rivals_names_no_others(ranked):
    """The people of the first question: neither those who name us only nor an ignored rival."""
    found = (await ranked.client.get("/competitors.json")).json()
    home = html.unescape((await ranked.client.get("/")).text)
    (told,) = re.findall(r'<a href="/posts\?named=1&counted=1">(\d+) posts</a>', home)
    listed = (await ranked.client.get("/posts?named=1&counted=1")).text
    assert f"<strong>{told} posts</strong>" in listed
    assert found["page"] == "competitors"
    wider = (await ranked.client.get("/posts?counted=1")).text
    assert f"<strong>{told} posts</strong>" not in wider


async def test_every_trend_opens_the_people_of_now(ranked):
    for path in ("/", "/channels", "/customers", "/when", "/why-not", "/why-them", "/?period=90d"):
        page = html.unescape((await ranked.client.get(path)).text)
        trends = page.split('<div class="trend">')[1:]
        assert trends, path
        for trend in trends:
            now = re.search(r'<a href="(/posts[^"]+)">(\d+) pe', trend.split("</p>")[0])
            assert now, path
            found = (await ranked.client.get(now[1])).text
            assert re.search(rf'class="soft">{now[2]} pe', found), (path, now[1])


async def test_every_number_still_opens_what_it_counts(told):
    faults, seen = await compare(told)
    assert faults == []
    assert seen["/posts"] > 60


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
async def test_topics_are_named_and_counted_as_answered(told, told_db, language):
    for kind in answer(told_db, "topics")["kinds"]:
        if kind["kind"] == "barrier":
            continue
        found = rows(await shown(told, "/customers", f"topics-{kind['kind']}", language))
        assert kind["topics"]
        for topic, (label, number) in zip(kind["topics"], found, strict=True):
            assert label.startswith(topic["names"][language])
            assert number == str(topic["people"])
            assert f" {round(100 * topic['share'])} %" in label or not topic["enough"]


async def test_a_segment_of_too_few_says_so(told, told_db):
    power = answer(told_db, "purchase_power")
    seen = await shown(told, "/customers", "purchase-power")
    found = dict(rows(seen))
    names = fact_names()["segment"]
    for segment in power["segments"]:
        name = names[segment["segment"]]["en"]
        (label,) = [label for label in found if label.startswith(name)]
        assert found[label] == str(segment["people"])
        assert ("Too few to say" in label) == (segment["people"] < MINIMUM_PEOPLE)
    assert any(not segment["enough"] for segment in power["segments"])
    (budget,) = power["overall"]["budgets"]
    assert f"USD: {budget['median']:.0f} in the middle" in words(seen)


async def test_stages_over_time(told, told_db):
    journeys = answer(told_db, "journeys")
    seen = await shown(told, "/customers", "journeys")
    numbers = [number for _, number in rows(seen)]
    moved = [str(t["people"]) for t in journeys["transitions"] if t["people"]][:8]
    assert numbers == moved
    posts = [int(n) for n in re.findall(r'href="/posts/(\d+)"', seen)]
    assert (
        posts
        == [n for t in journeys["transitions"] if t["people"] for n in t["posts"][:4]][: len(posts)]
    )


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
async def test_occasions(told, told_db, language):
    timing = answer(told_db, "timing")
    seen = await shown(told, "/when", "occasions", language)
    found = rows(seen)
    tried = [o for o in timing["occasions"] if o["enough"]]
    few = [o for o in timing["occasions"] if not o["enough"] and o["people"]]
    assert tried and few
    for occasion, (label, number) in zip(tried, found, strict=True):
        assert label.startswith(occasion["names"][language])
        assert number == f"{occasion['ratio']}×" and str(occasion["low"]) in label
    for occasion in few:
        assert any(
            told_few.startswith(occasion["names"][language]) and str(occasion["people"]) in told_few
            for told_few in map(words, re.findall("<li>(.*?)</li>", seen))
        )
    said = rows(await shown(told, "/when", "occasions-said", language))
    assert [n for _, n in said] == [str(o["people"]) for o in timing["said"]]
    assert said


async def test_our_leavers(told, told_db):
    leaving = answer(told_db, "leaving")
    seen = await shown(told, "/why-them", "leaving")
    whole = words(seen)
    leavers = leaving["leavers"]
    assert (
        f"{round(100 * leavers['share'])}\u00a0% of {leavers['of']} people "
        f"(95 %: {round(100 * leavers['low'])}\u00a0% to {round(100 * leavers['high'])}\u00a0%)"
    ) in seen.replace("&nbsp;", "\u00a0")
    expected = [
        *(str(to["people"]) for to in leaving["to"][:8]),
        *(str(leaving["forces"][force]["people"]) for force in sorted(leaving["forces"])),
        *(str(topic["people"]) for topic in (leaving["reasons"][:8] + leaving["pulls"][:8])),
    ]
    assert [number for _, number in rows(seen)] == expected
    assert leaving["reasons"]
    for quote in leaving["quotes"][:6]:
        assert f'href="/posts/{quote["post"]}"' in seen
        assert " ".join(quote["quote"].split()) in whole


async def test_openings_are_ranked_as_answered(told, told_db):
    openings = answer(told_db, "openings")
    found = rows(await shown(told, "/openings", "ranked"))
    best = [opening for opening in openings["ranked"] if opening["best"]]
    assert best
    assert [number for _, number in found] == [str(opening["people"]) for opening in best]
    rest = rows(await shown(told, "/openings", "rest"))
    assert len(best) + len(rest) == len(openings["ranked"])
    for opening, (label, _) in zip(best, found, strict=True):
        silent = opening["uncovered"]
        assert f"{silent['rivals']} of {silent['of']} rivals silent" in label


@pytest.mark.parametrize(
    "query",
    ["topic=pain", "topic=x:y", "fact=segment", "fact=:", "force=gravity", "topic=%00", "fact=%27"],
)
async def test_filters_take_any_value(told, query):
    answered = await told.client.get(f"/posts?{query}")
    assert answered.status_code == 200


async def test_a_filter_is_named_in_the_page_s_language(told):
    page = await told.client.get(
        "/posts?fact=segment:shop_owner", headers={"accept-language": "zh"}
    )
    assert fact_names()["segment"]["shop_owner"]["zh"] in words(page.text)
    assert PostFilter.listed_name("topic", "pain:not listed", "vi") == "not listed"
