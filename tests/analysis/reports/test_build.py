"""What a report says: the six questions and what follows, in three languages and ranges."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from analysis.questions.sample import share
from analysis.reports.build import build, choose_language, rendered
from analysis.reports.document import Report, Section, Table
from analysis.reports.reading import NothingToReportError
from analysis.reports.six import trend
from analysis.reports.weekly import read_week
from analysis.reports.wording import Wording
from analysis.web.i18n import LANGUAGES
from analysis.web.pictures.bars import Bars
from pipelines.storage.database import DatabaseError
from tests.analysis import sample_db
from tests.analysis.reports.conftest import market_in, migrated

TODAY = date(2026, 11, 23)


def made(folder: Path, language: str = "en", period: str = "all", **options: bool) -> Report:
    return build(
        market_in(folder), folder, language=language, period=period, today=TODAY, **options
    )


def section(report: Report, key: str) -> Section:
    return next(one for one in report.sections if one.id == key)


def stored(folder: Path, question: str, period: str = "all") -> dict[str, object]:
    connection = sqlite3.connect(folder / "market.db")
    (text,) = connection.execute(
        "SELECT answer_json FROM summaries WHERE question = ? AND period = ?", (question, period)
    ).fetchone()
    connection.close()
    found: dict[str, object] = json.loads(text)
    return found


def test_the_six_questions_come_first_and_each_has_its_parts(desks: Path) -> None:
    report = made(desks)
    asked = [one for one in report.sections if one.number]
    assert [one.number for one in asked] == [1, 2, 3, 4, 5, 6]
    assert [one.id for one in report.sections[6:]] == [
        "tiers", "matrix", "openings", "changes", "sources",
    ]  # fmt: skip
    for one in asked:
        assert one.says and one.parts and one.basis, one.id
        assert one.trend, one.id
        assert 2 <= len(one.quotes) <= 3, one.id
        assert all(quote.url and quote.date for quote in one.quotes), one.id


def test_numbers_are_those_stored(desks: Path) -> None:
    barriers = stored(desks, "barriers")
    bars = section(made(desks), "barriers").parts[0]
    assert isinstance(bars, Bars)
    assert [row.n for row in bars.rows] == [b["people"] for b in barriers["barriers"]][:8]
    board = section(made(desks), "tiers").parts[0]
    assert isinstance(board, Table)
    named = {row[0].text for row in board.rows}
    assert {"LiftLine", "潮办升降桌", "Shutdoor Desks"} <= named
    assert "Lampora" not in named  # found by itself, and nobody decided on it yet


def test_the_matrix_tells_not_seen_from_not_read(desks: Path) -> None:
    tables = [part for part in section(made(desks), "matrix").parts if isinstance(part, Table)]
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in tables[0].rows}
    assert set(rows["Shutdoor Desks"]) == {"?"}
    assert "?" not in rows["LiftLine"]
    assert {"1", "2", "3"} & set(rows["LiftLine"])
    assert {"·", "1", "2", "3"} >= set(rows["LiftLine"])


def test_a_decision_is_the_reason(desks: Path) -> None:
    board = section(made(desks), "tiers").parts[0]
    assert isinstance(board, Table)
    row = next(row for row in board.rows if row[0].text == "Oak & Frame")
    assert "They opened a desk line in spring" in row[2].text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("weekly", [False, True])
def test_every_language_has_every_word(desks: Path, language: str, weekly: bool) -> None:
    report = made(desks, language, weekly=weekly)
    assert report.language == language
    for ending in (".html", ".md", ".xlsx"):
        assert len(rendered(report, ending)) > 1_000
    if language != "en":
        english = made(desks, "en", weekly=weekly)
        for ours, theirs in zip(report.sections, english.sections, strict=True):
            assert ours.title != theirs.title
            assert not ours.says or ours.says != theirs.says


def test_a_shorter_range_rests_on_fewer_people(desks: Path) -> None:
    whole, short = made(desks), made(desks, period="30d")
    assert "2026" in short.period and short.period != whole.period
    customers = [stored(desks, "customers", key)["sample"]["people"] for key in ("all", "30d")]
    assert customers[0] > customers[1]
    assert f"{customers[1]} people" in " ".join(section(short, "customers").basis)
    assert section(short, "sources").says == section(whole, "sources").says


def test_too_few_is_said(tmp_path: Path) -> None:
    connection = sample_db.sample(tmp_path / "market.db", posts=3)
    from analysis.passes import summaries

    summaries.run(connection, now=sample_db.NOW)
    migrated(connection)
    connection.close()
    customers = section(made(tmp_path), "customers")
    assert customers.few
    assert "Too few" in customers.says
    assert not any("95 %" in line for line in customers.basis)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (None, ""),
        ({"now": 9, "before": 2, "days": 90, "direction": "rising"}, "Rising: 9 people"),
        ({"now": 2, "before": 9, "days": 90, "direction": "falling"}, "Falling: 2 people"),
        ({"now": 9, "before": 8, "days": 30, "direction": "even"}, "No clear change"),
        ({"now": 1, "before": 1, "days": 30, "direction": None}, "Too few"),
        ({"now": 4, "before": None, "days": 30, "direction": None}, "nothing was read"),
    ],
)
def test_a_trend_in_words(row: dict[str, object] | None, said: str) -> None:
    told = trend(row, Wording("en"))
    assert said in told
    assert bool(told) == bool(row)


def test_shares_are_rounded_once() -> None:
    assert Wording("en").share(share(35, 77)).startswith("45\u00a0% of")


def test_language_of_a_report() -> None:
    assert choose_language("zh", ["vi"]) == "zh"
    assert choose_language(None, ["fr", "vi", "en"]) == "vi"
    assert choose_language(None, ["fr"]) == "en"
    assert choose_language(None, []) == "en"


def test_a_market_without_data_says_what_to_run(nothing: Path) -> None:
    with pytest.raises(NothingToReportError, match=r"nothing gathered yet: scrapy research desks"):
        made(nothing)


def test_gathered_but_not_answered(tmp_path: Path) -> None:
    connection = sample_db.sample(tmp_path / "market.db", posts=20)
    migrated(connection)
    connection.close()
    with pytest.raises(NothingToReportError, match="scrapy refresh desks"):
        made(tmp_path)


def test_an_older_schema_is_not_migrated(tmp_path: Path) -> None:
    connection = sample_db.empty(tmp_path / "market.db")
    migrated(connection)
    connection.execute("DELETE FROM _sqlite_migrations WHERE name >= '0007'")
    connection.commit()
    connection.close()
    before = (tmp_path / "market.db").read_bytes()
    with pytest.raises(NothingToReportError, match=r"older Rivalmap.*scrapy refresh"):
        made(tmp_path)
    assert (tmp_path / "market.db").read_bytes() == before


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "market.db").write_bytes(b"hello" * 1000)
    with pytest.raises(DatabaseError, match="no SQLite database"):
        made(tmp_path)


def test_nothing_is_written_to_the_database(desks: Path) -> None:
    connection = sqlite3.connect(desks / "market.db")
    before = list(connection.iterdump())
    for weekly in (False, True):
        made(desks, weekly=weekly)
    assert list(connection.iterdump()) == before
    connection.close()


def test_the_week_holds_three_of_each(desks: Path) -> None:
    report = made(desks, weekly=True)
    changes = section(report, "changes")
    assert isinstance(changes.parts[0], Table)
    connection = sqlite3.connect(desks / "market.db")
    week = read_week(connection)
    connection.close()
    assert week is not None
    assert len(changes.parts[0].rows) == min(3, week.changed)
    assert str(week.changed) in changes.says and str(week.changed_before) in changes.says
    needs = section(report, "needs")
    assert not needs.parts or len(needs.parts[0].rows) <= 3  # type: ignore[union-attr]
    if not needs.parts or len(needs.parts[0].rows) < 3:  # type: ignore[union-attr]
        assert "only" in needs.says or "none" in needs.says
    assert section(report, "look").parts


def test_a_quiet_week_says_so(tmp_path: Path) -> None:
    connection = sample_db.sample(tmp_path / "market.db", posts=30)
    connection.execute("DELETE FROM changes")
    connection.execute("DELETE FROM topics")
    from analysis.passes import summaries

    summaries.run(connection, now=sample_db.NOW)
    migrated(connection)
    connection.close()
    report = made(tmp_path, weekly=True)
    assert "0 changes" in section(report, "changes").says
    assert not section(report, "changes").parts
    assert section(report, "needs").says == "There are none."
