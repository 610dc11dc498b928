"""Collection: nights, reasons with what to do, the delay in force."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analysis.passes import summaries
from analysis.web import reasons
from analysis.web.i18n import LANGUAGES, Translator
from analysis.web.pages import collection
from crawlers.base import answers
from tests.analysis import sample_db
from tests.analysis.web.conftest import served

ROOMS = Path(answers.__file__).parent


def reasons_of_the_crawler():
    """Every reason the crawler can give, from its own source."""
    found = set(answers.BLOCKS | answers.QUIET)
    for path in ROOMS.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'return "([a-z]+(?:_[a-z]+)*)", \(?\n? *f?"', text))
        found |= set(re.findall(r'(?:Error|Closed|Slow|Unreachable|Only), "([a-z_]+)", ', text))
        found |= set(re.findall(r'(?:failure|refused|_failed)\([^()"]*"([a-z_]+)"', text))
    return found


def test_every_reason_has_words_and_advice():
    known = reasons_of_the_crawler()
    assert {"timeout", "dns", "blocked", "empty_topic", "needs_browser", "http_404"} <= known
    for reason in known - {"empty", "failed", "partial"}:  # outcomes among them
        assert reasons.advice(reason) != "other", reason
        for language in LANGUAGES:
            words = str(reasons.words(Translator(language), reason))
            assert words and words != reason.replace("_", " "), (language, reason)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("http_403", "turned_away"), ("http_429", "turned_away"), ("http_410", "gone"),
        ("http_500", "passing"), ("http_418", "passing"), ("dns", "address"),
        ("http_", "other"), ("never heard of", "other"),
    ],
)  # fmt: skip
def test_advice_goes_by_what_happened(reason, kind):
    assert reasons.advice(reason) == kind


@pytest.mark.parametrize("kind", sorted({*reasons.ADVICE.values(), "other", "turned_away"}))
def test_advice_is_written_in_every_language(kind):
    told = {str(Translator(language)(f"advice.{kind}")) for language in LANGUAGES}
    assert len(told) == len(LANGUAGES)


@pytest.fixture
def nightly(tmp_path):
    """Runs of the last ten nights as seen today, the newest of them three nights ago."""
    conn = sample_db.sample(tmp_path / "market.db")
    today = datetime.now(UTC).date()
    shift = (today - timedelta(days=3) - sample_db.NOW.date()).days
    conn.execute(
        "UPDATE runs SET started_at = strftime('%Y-%m-%dT%H:%M:%SZ', started_at, ?)",
        (f"{shift} days",),
    )
    (newest,) = conn.execute("SELECT max(id) FROM runs WHERE spider = 'competitors'").fetchone()
    conn.execute("UPDATE run_sources SET outcome = 'read' WHERE run_id < ?", (newest,))
    conn.execute("UPDATE run_sources SET delay = 7.5 WHERE source = 'liftline'")
    summaries.run(conn, now=sample_db.NOW)
    conn.close()
    yield from served(tmp_path / "market.db")


async def test_the_nights_tell_what_failed_and_what_never_ran(nightly):
    page = (await nightly.client.get("/collection")).text
    assert "Nothing has been collected for 3 days" in page
    picture = page.split('class="nights"')[1].split("</svg>")[0]
    assert picture.count('<rect class="good"') == 19  # ten nights of two spiders but the last
    assert picture.count('<rect class="partial"') == 1
    assert picture.count("no run</title>") == 40
    assert re.search(r'<td class="num">7\.5 s<br><span class="small soft">asked by', page)
    assert page.count("asked by its robots.txt") >= 1
    row = page.split('<span class="crawled">No answer in time</span>')[1].split("</tr>")[0]
    assert "The next run tries again" in row and ">10</a>" in row


async def test_a_source_is_told_by_its_newest_run_only(nightly):
    page = (await nightly.client.get("/collection")).text
    sources = page.split('class="rows sources"')[1].split("</table>")[0]
    assert sources.count('<th scope="row">') == len(sample_db.RIVALS) + len(sample_db.FORUMS)
    assert (
        sources.index("Shutdoor Desks") < sources.index("Closed Gate") < sources.index("LiftLine")
    )


def test_old_runs_are_shown_where_none_ran_for_a_month():
    today = datetime.now(UTC).date()
    assert collection._until(None) == today
    assert collection._until(today - timedelta(days=29)) == today
    assert collection._until(today - timedelta(days=30)) == today - timedelta(days=30)
    assert collection._until(today + timedelta(days=2)) == today + timedelta(days=2)


async def test_posts_held_stand_for_all_time(desk, market_db):
    with sqlite3.connect(market_db) as conn:
        (posts,) = conn.execute("SELECT count(*) FROM posts WHERE forum = 'gongwei'").fetchone()
    conn.close()
    page = (await desk.client.get("/collection?period=30d")).text
    assert f'<a href="/posts?forum=gongwei">{posts}</a>' in page
