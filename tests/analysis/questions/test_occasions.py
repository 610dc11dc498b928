"""The calendar, and a planted occasion found where planted noise is not."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from analysis.questions import timing
from analysis.questions.occasion_days import occasions
from analysis.questions.sample import MINIMUM_PEOPLE
from tests.analysis import sample_db
from tests.analysis.sample_db import VOICES, add_post

BY_ID = {occasion.id: occasion for occasion in occasions()}
SEARCHES = {"vi": VOICES[12], "zh": VOICES[7], "en": VOICES[0]}
FORUM = {"vi": "gocviec", "zh": "gongwei", "en": "deskforum"}


@pytest.fixture
def conn(tmp_path: Path):
    conn = sample_db.sample(tmp_path / "market.db", posts=0)
    yield conn
    conn.close()


@pytest.mark.parametrize(
    ("occasion", "year", "first", "last"),
    [
        ("tet", 2026, "2026-01-20", "2026-02-17"),
        ("tet", 2007, "2007-01-20", "2007-02-17"),  # a day before the Chinese one
        ("spring_festival", 2007, "2007-01-21", "2007-02-18"),
        ("mid_autumn", 2026, "2026-09-11", "2026-09-25"),
        ("qixi", 2026, "2026-08-07", "2026-08-19"),
        ("11_11", 2026, "2026-10-28", "2026-11-12"),
        ("black_friday", 2026, "2026-11-20", "2026-11-30"),
        ("budget_season", 2026, "2026-10-01", "2026-12-31"),
    ],
)
def test_windows_of_a_year(occasion, year, first, last):
    found = BY_ID[occasion].windows(date(year, 1, 1), date(year, 12, 31))
    assert (date.fromisoformat(first), date.fromisoformat(last)) in found


def test_payday_passes_the_end_of_the_month():
    found = BY_ID["payday"].windows(date(2026, 12, 1), date(2027, 1, 31))
    assert (date(2026, 12, 25), date(2027, 1, 5)) in found
    assert (date(2027, 1, 25), date(2027, 2, 5)) in found


def test_every_occasion_has_its_names_and_days():
    for occasion in occasions():
        assert all(occasion.names[lang].strip() for lang in ("en", "zh", "vi"))
        assert set(occasion.langs) <= {"en", "zh", "vi"} and occasion.langs
        assert occasion.windows(date(1995, 1, 1), date(2060, 1, 1))


def search(conn, lang: str, day: date, person: str, *, hour: int = 5) -> None:
    number = conn.execute("SELECT count(*) FROM posts").fetchone()[0]
    thread = conn.execute("SELECT min(id) FROM threads WHERE forum = ?", (FORUM[lang],)).fetchone()
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    post = add_post(conn, number, thread[0], SEARCHES[lang], at)
    conn.execute("UPDATE posts SET author = ? WHERE id = ?", (person, post))


def two_years(conn, lang: str, seed: int, boost: dict[str, float]) -> None:
    """Searches at random over two years; in an occasion's window ``boost`` times as many."""
    chance = random.Random(seed)
    first, last = date(2024, 9, 1), date(2026, 8, 31)
    high = {
        first + timedelta(days=n): boost[name]
        for name in boost
        for begin, end in BY_ID[name].windows(first, last)
        for n in range((begin - first).days, (end - first).days + 1)
    }
    person = 0
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for _ in range(3):
            if chance.random() < 0.25 * high.get(day, 1.0):
                person += 1
                search(conn, lang, day, f"p{person}")


def standing_out(conn) -> set[str]:
    return {o["id"] for o in timing.answer(conn)["occasions"] if o["stands_out"]}


def test_a_planted_occasion_is_found_alone(conn):
    two_years(conn, "vi", 1, {"tet": 3.0})
    found = timing.answer(conn)
    tet = next(o for o in found["occasions"] if o["id"] == "tet")
    assert tet["stands_out"] and tet["low"] > 1 and tet["low"] < 3 < tet["high"]
    assert (tet["times"], tet["days"]) == (2, 58)
    assert found["occasions"][0]["id"] == "tet"
    assert standing_out(conn) <= {"tet", "valentine"}  # whose windows overlap


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_no_occasion(conn, seed):
    two_years(conn, "zh", seed, {})
    found = timing.answer(conn)
    assert found["tried"] >= 8
    assert not standing_out(conn)
    assert any((o["ratio"] or 0) > 1 for o in found["occasions"])  # a bare ratio would claim it


def test_one_busy_person_is_no_occasion(conn):
    two_years(conn, "vi", 1, {})
    for number in range(60):
        search(conn, "vi", date(2026, 2, 1) + timedelta(days=number % 14), "busy", hour=number % 9)
    assert "tet" not in standing_out(conn)


def test_a_forum_that_grows_is_no_occasion(conn):
    """Ten times as many posts at the end as at the beginning, evenly more each day."""
    chance = random.Random(3)
    first = date(2025, 9, 1)
    for number in range(365):
        for _ in range(5):
            if chance.random() < 0.06 + 0.54 * number / 365:
                search(conn, "en", first + timedelta(days=number), f"p{number}-{_}")
    assert not standing_out(conn)


def test_an_occasion_of_another_language_is_not_asked(conn):
    two_years(conn, "en", 1, {})
    found = {o["id"]: o for o in timing.answer(conn)["occasions"]}
    assert found["tet"]["searches"] == 0 and not found["tet"]["enough"]
    assert found["black_friday"]["enough"]


def test_four_people_are_too_few(conn):
    for number in range(MINIMUM_PEOPLE - 1):
        search(conn, "vi", date(2026, 2, 10), f"p{number}")
    search(conn, "vi", date(2025, 11, 1), "p0")
    found = timing.answer(conn)
    assert not any(o["enough"] or o["stands_out"] for o in found["occasions"])
    assert found["tried"] == 0
    assert (found["peak_month"], found["peak_weekday"], found["peak_hour"]) == (None, None, None)


def test_a_weekday_stands_out_only_beyond_chance(conn):
    chance = random.Random(8)
    for number in range(140):
        day = date(2026, 3, 2) + timedelta(days=chance.randrange(126))
        search(conn, "en", day, f"p{number}", hour=18)
    even = timing.answer(conn)
    assert even["peak_weekday"] is None and max(d["ratio"] for d in even["weekdays"]) > 1.1
    assert even["peak_hour"] is not None  # all at one hour
    for number in range(60):
        search(conn, "en", date(2026, 3, 4) + timedelta(days=7 * (number % 18)), f"wed{number}",
               hour=18)  # fmt: skip
    assert timing.answer(conn)["peak_weekday"] == 2


def test_a_stray_date_makes_no_endless_calendar(conn):
    two_years(conn, "zh", 1, {})
    search(conn, "zh", date(1970, 1, 1), "old")
    search(conn, "zh", date(9998, 1, 1), "new")
    assert timing.answer(conn)["occasions"]
