"""Rows as texts: persons, ids, dates, ratings, questions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from analysis.owntexts.model import (
    ChoiceError,
    Choices,
    Counts,
    OwnText,
    OwnTextsError,
    Table,
    Unreadable,
)
from analysis.owntexts.texts import texts_of


def texts(
    rows: Sequence[dict[str, str]], counts: Counts | None = None, **choices: object
) -> list[OwnText]:
    table = Table(columns=tuple(rows[0]), rows=iter(rows))
    return list(texts_of(table, Choices(**choices), counts or Counts()))  # type: ignore[arg-type]


def test_several_answers_of_a_row_are_one_persons() -> None:
    counts = Counts()
    rows = [
        {"Why us, of all the shops?": "cheap", "Why not, of all the shops?": "slow"},
        {"Why us, of all the shops?": "near", "Why not, of all the shops?": "n/a"},
    ]
    found = texts(rows, counts, texts=tuple(rows[0]))
    assert [t.text for t in found] == ["cheap", "slow", "near"]
    assert [t.thread for t in found[:2]] == list(rows[0])
    assert found[0].author == found[1].author != found[2].author
    assert len({t.id for t in found}) == 3 and counts.empty == 1


def test_the_same_words_twice_are_two_people_and_read_again_the_same_two() -> None:
    rows = [{"comment": "good"}, {"comment": "good"}]
    first, again = texts(rows), texts(rows)
    assert len({t.id for t in first}) == len({t.author for t in first}) == 2
    assert [t.id for t in first] == [t.id for t in again]


def test_an_id_stays_where_words_change() -> None:
    (before,) = texts([{"id": "7", "comment": "good"}])
    (after,) = texts([{"id": "7", "comment": "bad"}])
    assert before.id == after.id


@pytest.mark.parametrize(
    ("rows", "moments"),
    [
        (["03/04/2026", "25/04/2026"], ["2026-04-03", "2026-04-25"]),
        (["03/04/2026", "04/25/2026"], ["2026-03-04", "2026-04-25"]),
        (["2026年5月1日 14:03", "1777600000"], ["2026-05-01T14:03", "2026-05-01T01:46:40"]),
    ],
)
def test_dates(rows: list[str], moments: list[str]) -> None:
    found = texts([{"date": date, "comment": f"words {date}"} for date in rows])
    expected = [datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in moments]
    assert [t.posted_at for t in found] == expected


def test_dates_that_cannot_be_told_are_counted() -> None:
    counts = Counts()
    found = texts([{"date": d, "comment": "c " + d} for d in ("soon", "2 days ago", "")], counts)
    assert [t.posted_at for t in found] == [None] * 3
    assert (counts.bad_dates, counts.first_bad_date) == (2, "soon")


def test_local_times_are_read_in_the_zone_that_is_said() -> None:
    rows = [{"date": "2026-05-01 08:00", "comment": "words"}]
    (found,) = texts(rows, timezone="Asia/Ho_Chi_Minh")
    assert found.posted_at == datetime(2026, 5, 1, 1, tzinfo=UTC)
    assert found.timezone == "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize(
    ("written", "rating"),
    [
        (["4", "5"], ["4", "5"]), (["7", "10"], ["3.5", "5"]), (["80", "100"], ["4", "5"]),
        (["4/5", "8/10"], ["4", "4"]), (["★★★☆☆", "五星"], ["3", "5"]),
        (["4,5", "?"], ["4.5", None]),
    ],
)  # fmt: skip
def test_ratings_are_out_of_five(written: list[str], rating: list[str | None]) -> None:
    found = texts([{"rating": r, "comment": f"words {r}"} for r in written])
    assert [t.rating for t in found] == [Decimal(r) if r else None for r in rating]


def test_a_title_of_its_own_is_part_of_what_is_said() -> None:
    rows = [
        {"title": "Broke", "text": "After a week."}, {"title": "Love it", "text": "Love it! Truly."}
    ]  # fmt: skip
    assert [t.text for t in texts(rows)] == ["Broke\nAfter a week.", "Love it! Truly."]


@pytest.mark.parametrize(("said", "code"), [("Tiếng Việt", "vi"), ("zh-CN", "zh"), ("?", None)])
def test_language_column(said: str, code: str | None) -> None:
    (found,) = texts([{"language": said, "comment": "ok"}])
    assert found.language == code


def test_a_person_is_known_by_mail_else_by_name() -> None:
    rows = [
        {"Email": "Ann@x.example", "Name": "Ann", "comment": "a"},
        {"Email": "", "Name": "Bob", "comment": "b"},
        {"Email": " ", "Name": "Bob", "comment": "c"},
        {"Email": "", "Name": "", "comment": "d"},
    ]
    counts = Counts()
    authors = [t.author for t in texts(rows, counts)]
    assert authors[:3] == ["ann@x.example", "bob", "bob"] and authors[3].startswith("row\0")
    assert counts.read_as["author"] == "Email, else Name"
    assert [t.author for t in texts(rows[:2], author="Name")] == ["ann", "bob"]


@pytest.mark.parametrize(
    ("rows", "said", "codes", "told"),
    [
        ([{"comment": "ok"}], "vi-VN", ["vi"], "vi (--lang)"),
        ([{"comment": "ok", "language": "en"}], "zh", ["zh"], "zh (--lang)"),
        ([{"comment": "ok", "loc": "en"}, {"comment": "meh", "loc": ""}], "LOC", ["en", None],
         "column loc"),
        ([{"comment": "ok", "language": "en"}], None, ["en"], "column language"),
        ([{"comment": "ok"}], None, [None], "told from each text"),
    ],
)  # fmt: skip
def test_whose_word_the_language_is(
    rows: list[dict[str, str]], said: str | None, codes: list[str | None], told: str
) -> None:
    counts = Counts()
    assert [t.language for t in texts(rows, counts, language=said)] == codes
    assert counts.read_as["language"] == told


@pytest.mark.parametrize("said", ["klingon", "qq", "v", "??"])
def test_a_language_nobody_speaks(said: str) -> None:
    with pytest.raises(ChoiceError, match="neither a column nor a language code"):
        texts([{"comment": "ok"}], language=said)


def test_cells_of_no_text_are_faults_where_their_column_is_read() -> None:
    counts = Counts()
    rows: list[dict[str, str]] = [
        {"text": Unreadable(), "pictures": Unreadable()}, {"text": "ok", "pictures": Unreadable()}
    ]  # fmt: skip
    assert [t.text for t in texts(rows, counts)] == ["ok"]
    assert (counts.faulty, counts.empty) == (1, 0) and "row 1: 'text'" in counts.first_fault


def test_a_file_of_names_alone() -> None:
    with pytest.raises(OwnTextsError, match="no rows"):
        list(texts_of(Table(columns=("id", "date"), rows=iter(())), Choices(), Counts()))
