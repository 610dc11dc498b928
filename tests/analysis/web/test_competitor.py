"""A competitor's page: prices as steps, what people say from stored answers, its edges."""

import html
import json
import re
import sqlite3
from itertools import pairwise

import pytest

from analysis.passes import summaries
from analysis.questions import competitor_voices
from analysis.web.i18n import catalogue
from analysis.web.pages import competitor as page_of
from analysis.web.pictures.steps import Line, Mark, Step, Steps, spread
from analysis.web.serve import datasette_for
from tests.analysis import sample_db


def text_of(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def line(label, *prices, until="2026-03-01T00:00:00Z", **more):
    return Line(
        label=label,
        steps=tuple(Step(at=at, value=v, shown=str(v), short=str(v)) for at, v in prices),
        until=until,
        **more,
    )


@pytest.fixture
def changed(market_db, tmp_path):
    """A copy of the market to write to, and to look at once it is closed."""
    conn = sqlite3.connect(tmp_path / "market.db")
    with sqlite3.connect(market_db) as source:
        source.backup(conn)
    source.close()
    yield conn
    conn.close()


def test_a_price_holds_until_another_is_seen():
    picture = Steps(
        caption="prices",
        lines=(line("a", ("2026-01-01T00:00:00Z", 100), ("2026-01-30T12:00:00Z", 300)),),
    )
    (drawn,) = picture.drawn()
    assert drawn.path == "M0.0 206.0H500.0V14.0H1000.0"
    assert (drawn.x, drawn.y, drawn.number) == (1000.0, 14.0, 1)
    assert picture.days() == ("2026-01-01", "2026-01-30", "2026-03-01")
    assert [step.value for step in picture.values()] == [100, 300]


def test_prices_that_are_alike_lie_in_the_middle():
    picture = Steps(caption="p", lines=(line("a", ("2026-01-01T00:00:00Z", 100)),))
    assert picture.flat and len(picture.values()) == 1
    assert picture.drawn()[0].y == 110


def test_what_was_seen_on_one_moment_only_is_no_line():
    once = line("a", ("2026-01-01T00:00:00Z", 5), until="2026-01-01T00:00:00Z")
    assert Steps(caption="p", lines=(once,)).drawn() == ()
    assert Steps(caption="p", lines=()).values() == ()
    odd = line("b", ("yesterday", 5), until="<b>")
    assert Steps(caption="p", lines=(odd,)).drawn() == ()


def test_a_mark_outside_the_picture_is_left_out():
    marks = (Mark(at="2025-01-01T00:00:00Z", label="x"), Mark(at="2026-02-01T00:00:00Z", label="y"))
    lines = (line("a", ("2026-01-01T00:00:00Z", 1), ("2026-02-01T00:00:00Z", 2)),)
    assert [mark.label for mark, _ in Steps(caption="p", lines=lines, marks=marks).marked()] == [
        "y"
    ]


@pytest.mark.parametrize("heights", [[50, 50, 50], [206, 206, 206, 206, 206], [14, 15, 200], []])
def test_labels_keep_apart_and_inside(heights):
    moved = sorted(spread(heights))
    assert all(later - former >= 17 for former, later in pairwise(moved))
    assert not moved or (moved[0] >= 0 and moved[-1] <= 220)


async def test_prices_stand_as_steps_and_as_a_table(desk):
    page = (await desk.client.get("/competitors/oakframe")).text
    panel = page.split('id="offers"')[1].split("</section>")[0]
    assert len(re.findall(r'<path class="l\d" d="M[^"]*H[^"]*V', panel)) == 3
    numbers = text_of(panel.split("<details>")[1].split("</details>")[0])
    assert "Oak & Frame 120 cm" in numbers and "499 USD" in numbers and "523.95 USD" in numbers
    assert "changed 3 times" in text_of(panel)


async def test_a_time_range_begins_with_the_price_that_held(desk):
    page = (await desk.client.get("/competitors/oakframe?period=30d")).text
    panel = page.split('id="offers"')[1].split("</section>")[0]
    numbers = text_of(panel.split("<details>")[1].split("</details>")[0])
    assert "Oct 21, 2026" in numbers and "Aug" not in numbers


async def test_a_promotion_is_marked_and_said(changed, tmp_path):
    changed.execute(
        "INSERT INTO changes (competitor, kind, field, new, words, importance, at) VALUES "
        "('oakframe', 'promotion', 'promotion', 'Autumn sale', 'w', 2, '2026-10-20T00:00:00Z')"
    )
    changed.execute("UPDATE offers SET promotion = '<b>-20 %' WHERE competitor = 'oakframe'")
    changed.commit()
    page = await datasette_for(tmp_path / "market.db", "desks").client.get("/competitors/oakframe")
    panel = page.text.split('id="offers"')[1].split("</section>")[0]
    assert panel.count('class="mark"') >= 2 and "Autumn sale" in panel
    assert "&lt;b&gt;-20 %" in panel and "<b>-20" not in panel
    assert panel.count('class="halo"') == 3


async def test_an_offer_of_another_currency_is_not_drawn_on_the_same_scale(changed, tmp_path):
    changed.execute(
        "UPDATE offers SET currency = 'EUR' WHERE competitor = 'oakframe' AND position = 2"
    )
    changed.commit()
    page = await datasette_for(tmp_path / "market.db", "desks").client.get("/competitors/oakframe")
    panel = page.text.split('id="offers"')[1].split("</section>")[0]
    assert len(re.findall(r'<path class="l\d" d="M[^"]*V', panel)) == 2
    assert "EUR" in panel


async def test_topics_and_moves_come_from_the_stored_answer(changed, tmp_path):
    noisy = "SELECT post_id FROM feelings WHERE competitor = 'liftline' AND feeling = 'pain'"
    changed.execute(
        f"INSERT INTO topics (post_id, kind, topic, quote) SELECT post_id, 'pain', 'quality', 'q' "
        f"FROM ({noisy})"
    )
    summaries.run(changed, now=sample_db.NOW)
    changed.commit()
    answer = competitor_voices.answers(changed)["liftline"]
    (topic,) = answer["pain"]["topics"]
    assert topic["people"] == answer["pain"]["people"] == answer["pain"]["named"] > 4
    assert 0 < topic["low"] <= topic["share"] == 1
    (one,) = [row for row in answer["moves"] if row["competitor"] == "oakframe"]
    (lost,) = changed.execute(
        "SELECT count(DISTINCT p.author) FROM switches w JOIN posts p ON p.id = w.post_id "
        "WHERE w.from_competitor = 'liftline' AND w.to_competitor = 'oakframe'"
    ).fetchone()
    assert (one["won"], one["lost"]) == (0, lost)
    (ours,) = [row for row in answer["moves"] if row["is_self"]]
    assert ours["coming"] > 0 and ours["won"] == 0
    client = datasette_for(tmp_path / "market.db", "desks").client
    page = (await client.get("/competitors/liftline")).text
    panel = page.split('id="pain"')[1].split("</section>")[0]
    link = re.search(r'href="(/posts\?[^"]*topic=pain%3Aquality[^"]*)">(\d+)<', panel)
    found = (await client.get(html.unescape(link.group(1)))).text
    assert re.search(rf'class="soft">{link.group(2)} pe', found)
    assert "/competitors/maple" not in page  # ourselves have no page: the name leads to Why them


def test_no_page_of_a_competitor_counts_people(market_db):
    """What is counted by person is stored: opening the page never reads all voices."""
    conn = sqlite3.connect(market_db)
    asked = []
    conn.set_trace_callback(asked.append)
    page_of.read(conn, page_of.Visit(parts={"competitor": "liftline"}, query={}))
    conn.close()
    counting = re.compile(r"\b(FROM|JOIN) (voices|feelings|mentions|switches|topics)\b")
    assert asked and not [sql for sql in asked if counting.search(sql)]


@pytest.mark.parametrize("stored", ["[1]", "{", '{"shape": -1}', "[" * 100_000, None])
async def test_an_answer_of_another_release_counts_as_not_computed(changed, tmp_path, stored):
    if stored is None:
        changed.execute("DROP TABLE summary_voices")
    else:
        changed.execute("UPDATE summary_voices SET answer_json = ?", (stored,))
    changed.commit()
    answer = await datasette_for(tmp_path / "market.db", "desks").client.get(
        "/competitors/oakframe"
    )
    assert answer.status_code == 200
    assert "Not computed yet" in answer.text.split('id="voices"')[1].split("</section>")[0]


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
async def test_nothing_known_is_said_as_not_seen(changed, tmp_path, language):
    changed.execute(
        "INSERT INTO competitors (id, name, first_seen, last_seen) VALUES ('bare', ?, '', '')",
        ("L" * 400,),
    )
    changed.commit()
    summaries.run(changed, now=sample_db.NOW)
    changed.commit()
    answer = await datasette_for(tmp_path / "market.db", "desks").client.get(
        "/competitors/bare", headers={"accept-language": language}
    )
    texts = catalogue(language)
    seen = text_of(answer.text)
    for key in ("competitor.nobody", "competitor.never_read", "candidates.no_site",
                "competitor.no_offers", "competitor.no_changes", "channels.none_seen"):  # fmt: skip
        assert text_of(str(texts[key][0])) in seen, key
    assert "L" * 90 not in answer.text


async def test_channels_stand_by_role_with_their_digit(changed, tmp_path):
    changed.execute(
        "INSERT INTO channel_tags (subject, channel, role, platform, strength, first_seen, "
        "last_seen) VALUES ('oakframe', 'display', 'sells_space', '', 2, '', '')"
    )
    changed.commit()
    page = await datasette_for(tmp_path / "market.db", "desks").client.get("/competitors/oakframe")
    panel = page.text.split('id="channels"')[1].split("</section>")[0]
    assert 'id="sells_space-display"' in panel and "Sells advertising space" in panel
    assert re.search(r'class="digit s3" title="strong">3<', panel)


async def test_the_five_flags_have_a_line_at_half(desk):
    page = (await desk.client.get("/competitors/oakframe")).text
    flags = page.split('id="flags"')[1].split("</section>")[0]
    assert flags.count('class="limits" x="49.6"') == 5
    assert "44 % no" in text_of(flags) and "70 % yes" in text_of(flags)
    page = (await desk.client.get("/competitors/thinco")).text  # too little was seen
    flags = text_of(page.split('id="flags"')[1].split("</section>")[0])
    assert flags.count("not seen") == 5 and "% no" not in flags


async def test_own_texts_stand_apart_within_the_range(changed, tmp_path):
    changed.execute("UPDATE forums SET own = 1 WHERE id = 'gocviec'")
    summaries.run(changed, now=sample_db.NOW)
    changed.commit()
    for period in ("all", "30d"):
        answer = json.loads(
            changed.execute(
                "SELECT answer_json FROM summary_voices WHERE competitor = 'bandung' "
                "AND period = ?",
                (period,),
            ).fetchone()[0]
        )
        assert answer["posts"] == 0 and answer["own"]
        (oldest,) = changed.execute(
            f"SELECT min(posted_at) FROM posts WHERE id IN ({','.join(map(str, answer['own']))})"
        ).fetchone()
        assert period == "all" or oldest >= "2026-10-21"
