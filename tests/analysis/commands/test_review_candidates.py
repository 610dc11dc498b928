"""``scrapy review --candidates``: accepted or ignored in one step, with what they were named by."""

import json
import sqlite3
from pathlib import Path

import pytest

from analysis.commandline import CommandError
from analysis.newmarket.run import Console
from analysis.passes import discovery, summaries, tiers
from analysis.questions.standing import standings
from analysis.reviewing.cases import least_certain, open_candidates
from analysis.reviewing.deciding import Word, store
from analysis.reviewing.phrases import EN, VI, ZH, counted
from analysis.reviewing.run import decide, list_cases, review
from crawlers.market import Market, data_dir, find_market, load_market
from pipelines.storage.database import open_database, transaction
from pipelines.storage.market_rows import load_market_rows

AT = "2026-11-01T00:00:00Z"
MARKET = """
[business]
name = "Tally"
description = "Point of sale software for small cafes and restaurants"
audience = ["small restaurants", "cafes"]
offers = ["point of sale system"]

[[competitor]]
id = "known"
name = "Known Till"
site = "https://known.example/"
"""
SITES = {
    "tillo": "Tillo is a point of sale system for restaurants and cafes. POS software with tables.",
    "books": "Used novels, bought and sold by post.",
    "ring": None,
}


@pytest.fixture
def market(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Market:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    (tmp_path / "markets").mkdir()
    (tmp_path / "markets" / "tills.toml").write_text(MARKET)
    found = load_market(find_market("tills"))
    connection = database()
    with transaction(connection):
        load_market_rows(connection, found)
        connection.execute(
            "INSERT INTO source_pages (url, source, status, body_hash, first_seen, last_seen) "
            "VALUES ('https://list.example/best', 'list', 200, '', ?1, ?1)",
            (AT,),
        )
        for place, (key, text) in enumerate(SITES.items()):
            site = f"https://{key}.example/" if text else None
            connection.execute(
                "INSERT INTO sightings (page, position, name, site, quote, rule) VALUES "
                "('https://list.example/best', ?, ?, ?, ?, 'listing/card')",
                (place, key.title(), site, f"{place}. {key.title()}: \x1b[2J try it"),
            )
    discovery.run(connection, found)
    with transaction(connection):
        for key, text in SITES.items():
            if text:
                page(connection, f"{key}.example", text)
    tiers.run(connection, found)
    summaries.run(connection)
    connection.close()
    return found


def database() -> sqlite3.Connection:
    return open_database(data_dir("tills") / "market.db")


def page(connection: sqlite3.Connection, key: str, text: str) -> None:
    row = connection.execute(
        "INSERT INTO pages (competitor, url, kind, lang, title, description, status, body_hash, "
        "text_hash, first_seen, changed_at, last_seen) "
        "VALUES (?1, ?2, 'home', 'en', ?1, '', 200, 'b', 't', ?3, ?3, ?3)",
        (key, f"https://{key}/", AT),
    ).lastrowid
    connection.execute(
        "INSERT INTO page_versions (page_id, version, seen_at, title, description, text, "
        "headings_json, company_json) VALUES (?, 1, ?, ?, '', ?, '[]', '{}')",
        (row, AT, key, text),
    )


class Talk:
    """A researcher who types in turn; then the input ends."""

    def __init__(self, *answers: str) -> None:
        self.left = list(answers)
        self.said: list[str] = []

    def ask(self, question: str) -> str:
        if not self.left:
            raise EOFError
        return self.left.pop(0)

    def console(self) -> Console:
        return Console(say=self.said.append, warn=self.said.append, ask=self.ask)

    @property
    def text(self) -> str:
        return "\n".join(self.said)


def stand() -> dict[str, tuple[str, str, int | None]]:
    connection = database()
    found = {one.competitor: (one.status, one.group, one.tier) for one in standings(connection)}
    connection.close()
    return found


def test_rivals_first_strangers_last(market: Market) -> None:
    connection = database()
    found = [one.standing.competitor for one in open_candidates(connection, 9)]
    connection.close()
    assert found == ["tillo.example", "books.example", "name:ring"]


@pytest.mark.parametrize("words", [EN, ZH, VI], ids=["en", "zh", "vi"])
def test_accepted_or_ignored_in_one_step(market: Market, words) -> None:
    talk = Talk("a is new in town", "x", "i", "", "s")
    assert review(market, 9, words=words, console=talk.console(), only_candidates=True) == 0
    found = stand()
    assert found["tillo.example"][:2] == ("watched", "direct")
    assert found["name:ring"][0] == "candidate"
    assert found["books.example"][:2] == ("ignored", "ignored")
    assert talk.text.count(words.unclear_candidate) == 1
    assert words.accepted.format(name="Tillo") in talk.text
    assert counted(words.intro_candidates, 3) in talk.text
    assert "https://list.example/best" in talk.text and "1. Books" in talk.text
    assert "\x1b" not in talk.text


@pytest.mark.parametrize("words", [EN, ZH, VI], ids=["en", "zh", "vi"])
def test_no_site_no_promise_to_read_it(market: Market, words) -> None:
    talk = Talk()
    decide(
        market, ["name:ring=accept", "tillo.example=accept"], "", words=words,
        console=talk.console(),
    )  # fmt: skip
    assert talk.said[:2] == [
        words.accepted_no_site.format(name="name:ring"),
        words.accepted.format(name="tillo.example"),
    ]


@pytest.mark.parametrize(
    ("words", "listed", "talked"),
    [
        (EN, "Named once in 1 place, on 1 list:",
         "Named 3 times in 2 places by 1 person, on 1 list:"),
        (ZH, "在 1 处被提到 1 次，其中 1 处是名录：", "在 2 处被 1 人提到 3 次，其中 1 处是名录："),
        (VI, "Được nhắc 1 lần ở 1 nơi, trong đó 1 danh sách:",
         "Được 1 người nhắc 3 lần ở 2 nơi, trong đó 1 danh sách:"),
    ],
    ids=["en", "zh", "vi"],
)  # fmt: skip
def test_people_are_told_only_where_somebody_wrote(market: Market, words, listed, talked) -> None:
    connection = database()
    with transaction(connection):
        connection.execute(
            "UPDATE candidates SET times = 3, places = 2, authors = 1 "
            "WHERE competitor = 'name:ring'"
        )
    connection.close()
    talk = Talk("s", "s", "s")
    review(market, 9, words=words, console=talk.console(), only_candidates=True)
    assert talk.text.count(listed) == 2 and talk.text.count(talked) == 1


def test_one_is_no_plural(market: Market) -> None:
    talk = Talk("1", "")
    review(market, 1, words=EN, console=talk.console(), only_candidates=True)
    assert "1 candidate. " in talk.text and "1 page read" in talk.text
    assert "1 decision stored. It is" in talk.text and "1 decision on a tier" in talk.text


def test_where_none_waits(market: Market) -> None:
    typed = [f"{key}=ignore" for key in ("tillo.example", "books.example", "name:ring")]
    decide(market, typed, "", words=EN, console=Talk().console())
    talk = Talk()
    review(market, 9, words=EN, console=talk.console(), only_candidates=True)
    assert talk.said == [EN.no_candidates]


def test_the_list_is_json_with_its_sightings(market: Market) -> None:
    talk = Talk()
    list_cases(market, 9, console=talk.console(), only_candidates=True)
    first = json.loads(talk.said[0])
    assert (first["id"], first["tier"]) == ("tillo.example", 1)
    assert first["site"] == "https://tillo.example/"
    named = first["candidate"]
    assert (named["times"], named["places"], named["authors"], named["lists"]) == (1, 1, 0, 1)
    assert named["sightings"][0]["url"] == "https://list.example/best"


def test_among_the_least_certain_only_candidates_with_a_tier(market: Market) -> None:
    connection = database()
    found = {one.standing.competitor: one.found for one in least_certain(connection, 99)}
    connection.close()
    assert found["tillo.example"] and "books.example" not in found and "name:ring" not in found
    assert found["known"] is None


def test_accept_is_no_key_for_a_competitor_of_the_file(market: Market) -> None:
    talk = Talk("s", "a", "q")
    review(market, 99, words=EN, console=talk.console())
    assert talk.text.count(EN.unclear) + talk.text.count(EN.unclear_candidate) <= 1


@pytest.mark.parametrize(
    ("typed", "status", "tier"),
    [("2", "watched", 2), ("none", "ignored", None), ("complement", "watched", None)],
)
def test_a_verdict_on_a_candidate_settles_it(
    market: Market, typed: str, status: str, tier: int | None
) -> None:
    say = Talk().console()
    decide(market, [f"tillo.example={typed}"], "", words=EN, console=say)
    assert (stand()["tillo.example"][0], stand()["tillo.example"][2]) == (status, tier)
    decide(market, ["tillo.example=auto"], "", words=EN, console=say)
    assert stand()["tillo.example"] == ("candidate", "candidate", 1)


def test_a_word_outlives_the_next_pass(market: Market) -> None:
    connection = database()
    store(connection, Word(competitor="tillo.example", value="accept"))
    store(connection, Word(competitor="books.example", value="ignore"))
    with transaction(connection):
        connection.execute("DELETE FROM source_pages")
    discovery.decide_statuses(connection)
    discovery.run(connection, market)
    rows = dict(
        connection.execute("SELECT id, status FROM competitors WHERE origin = 'discovered'")
    )
    connection.close()
    assert rows == {"tillo.example": "watched", "books.example": "ignored"}


def test_what_cannot_be_meant_stores_nothing(market: Market) -> None:
    with pytest.raises(CommandError, match="accept"):
        decide(market, ["tillo.example=yes"], "", words=EN, console=Talk().console())
    assert stand()["tillo.example"][0] == "candidate"
