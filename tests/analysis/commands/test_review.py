"""``scrapy review``: list, decide, ask; stored at once, won at once, nothing lost by bad input."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.commandline import CommandError
from analysis.lock import market_lock
from analysis.newmarket.run import Console
from analysis.passes import summaries, tiers
from analysis.questions.standing import standings
from analysis.reviewing.cases import least_certain
from analysis.reviewing.deciding import ReviewError, word_of
from analysis.reviewing.phrases import EN, VI, ZH, counted, phrases
from analysis.reviewing.run import decide, list_cases, review
from crawlers.market import Market, data_dir, find_market, load_market
from pipelines.storage.database import DatabaseError, open_database, transaction
from pipelines.storage.market_rows import load_market_rows

SCRAPY = Path(sys.executable).with_name("scrapy")
AT = "2026-11-01T00:00:00Z"
ESCAPE = "\x1b[2J"

MARKET = """
[business]
name = "Tally"
description = "Point of sale software for small cafes and restaurants"
audience = ["small restaurants", "cafes"]
offers = ["point of sale system"]
"""
SITES = {
    "tillo": "Tillo is a point of sale system for restaurants and cafes. POS software with tables.",
    "rota": f"{ESCAPE}Rota makes staff scheduling software. For restaurants, cafes and hotels.",
    "stove": "Stove sells commercial kitchen ovens to restaurants.",
    "quiet": "Hi.",
    "books": "Used novels, bought and sold by post.",
}


@pytest.fixture
def market(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Market:
    return make(tmp_path, monkeypatch, SITES)


def make(home: Path, monkeypatch: pytest.MonkeyPatch, sites: dict[str, str]) -> Market:
    monkeypatch.setenv("RIVALMAP_HOME", str(home))
    (home / "markets").mkdir()
    entries = "".join(
        f'[[competitor]]\nid = "{key}"\nname = "{key.title()}"\nsite = "https://{key}.example/"\n'
        for key in sites
    )
    (home / "markets" / "tills.toml").write_text(MARKET + entries)
    found = load_market(find_market("tills"))
    connection = open_database(data_dir("tills") / "market.db")
    with transaction(connection):
        load_market_rows(connection, found)
        for key, text in sites.items():
            page(connection, key, text)
    tiers.run(connection, found)
    summaries.run(connection)
    connection.close()
    return found


def page(connection: sqlite3.Connection, key: str, text: str, at: str = AT) -> None:
    url = f"https://{key}.example/"
    row = connection.execute(
        "INSERT INTO pages (competitor, url, kind, lang, title, description, status, body_hash, "
        "text_hash, first_seen, changed_at, last_seen) "
        "VALUES (?, ?, 'home', 'en', ?, '', 200, 'b', 't', ?, ?, ?)",
        (key, url, key.title(), at, at, at),
    ).lastrowid
    connection.execute(
        "INSERT INTO page_versions (page_id, version, seen_at, title, description, text, "
        "headings_json, company_json) VALUES (?, 1, ?, ?, '', ?, '[]', '{}')",
        (row, at, key.title(), text),
    )


class Talk:
    """A researcher who types in turn; then the input ends, or Ctrl-C is pressed."""

    def __init__(self, *answers: str, end: type[BaseException] = EOFError) -> None:
        self.left, self.end = list(answers), end
        self.said: list[str] = []

    def ask(self, question: str) -> str:
        if not self.left:
            raise self.end
        return self.left.pop(0)

    def console(self) -> Console:
        return Console(say=self.said.append, warn=self.said.append, ask=self.ask)

    @property
    def text(self) -> str:
        return "\n".join(self.said)


def rows(field: str = "tier") -> list[tuple[str, object, str, str]]:
    with sqlite3.connect(data_dir("tills") / "market.db") as connection:
        found = connection.execute(
            "SELECT subject, value, reason, origin FROM decisions WHERE field = ? ORDER BY id",
            (field,),
        ).fetchall()
    connection.close()
    return [(subject, json.loads(value), reason, by) for subject, value, reason, by in found]


def stands(key: str) -> tuple[object, ...]:
    connection = open_database(data_dir("tills") / "market.db", read_only=True)
    one = standings(connection, key)[0]
    row = connection.execute(
        "SELECT tier, verdict FROM tiers WHERE competitor = ?", (key,)
    ).fetchone()
    connection.close()
    return one.tier, one.verdict, one.group, row


def order() -> list[str]:
    connection = open_database(data_dir("tills") / "market.db", read_only=True)
    found = [one.standing.competitor for one in least_certain(connection, 99)]
    connection.close()
    return found


@pytest.mark.parametrize("words", [EN, ZH, VI], ids=["en", "zh", "vi"])
def test_a_verdict_is_shown_with_its_reasons_and_stored(market: Market, words) -> None:
    first, second, third, *_ = order()
    talk = Talk("2 sells to chains only", "x", "?", "0", "not our trade", "s", "q")
    assert review(market, 10, words=words, console=talk.console()) == 0
    assert rows() == [
        (first, 2, "sells to chains only", "desk"), (second, "none", "not our trade", "desk"),
    ]  # fmt: skip
    assert stands(first) == (2, "override", "substitute", (2, "override"))
    assert stands(second) == (None, "override", "unrelated", (None, "override"))
    assert stands(third)[1] != "override"
    assert talk.text.count(words.unclear) == 2
    assert words.applied in talk.text and words.tiers[2] in talk.text
    assert f"https://{first}.example/" in talk.text and "“" in talk.text
    assert "\x1b" not in talk.text


def test_what_is_decided_is_not_asked_again(market: Market) -> None:
    before = order()
    decide(market, [f"{before[0]}=1"], "", words=EN, console=Talk().console())
    assert order() == before[1:]


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_an_answer_stays_when_the_talk_breaks_off(market: Market, end) -> None:
    first, second, *_ = order()
    review(market, 10, words=EN, console=Talk("1", "sure", "3", end=end).console())
    assert rows() == [(first, 1, "sure", "desk"), (second, 3, "", "desk")]


def test_while_a_run_holds_the_market_the_word_is_stored_and_wins(market: Market) -> None:
    talk = Talk()
    with market_lock(data_dir("tills"), "research tills"):
        assert decide(market, ["books=3"], "", words=EN, console=talk.console()) == 0
    assert EN.later in talk.said and EN.applied not in talk.said
    tier, verdict, group, table = stands("books")
    assert (tier, verdict, group) == (3, "override", "potential")
    assert table[1] != "override"


def test_partner_ignored_and_back(market: Market) -> None:
    say = Talk().console()
    decide(market, ["rota=complement", "books=ignore"], "", words=EN, console=say)
    assert stands("rota")[:3] == (None, "override", "unrelated")
    assert stands("books")[2] == "ignored"
    assert "books" not in order()
    decide(market, ["Books=2", "rota=auto"], "", words=EN, console=say)
    assert stands("books")[:3] == (2, "override", "substitute")
    assert stands("rota")[1] != "override" and stands("rota")[3][1] != "override"


def test_the_market_file_taking_its_word_back_is_no_decision(market: Market) -> None:
    connection = open_database(data_dir("tills") / "market.db")
    connection.execute(
        "INSERT INTO decisions (subject, field, value, origin, decided_at) "
        "VALUES ('tillo', 'tier', 'null', 'file', ?)", (AT,),
    )  # fmt: skip
    tiers.run(connection, market)
    connection.close()
    assert stands("tillo")[1] == stands("tillo")[3][1] == "decided"


@pytest.mark.parametrize("hurt", ["[broken", '"unrelated"', "true", "7"])
def test_a_strange_decision_is_no_rival_and_breaks_nothing(market: Market, hurt: str) -> None:
    connection = open_database(data_dir("tills") / "market.db")
    connection.execute(
        "INSERT INTO decisions (subject, field, value, origin, decided_at) "
        "VALUES ('tillo', 'tier', ?, 'desk', ?)", (hurt, AT),
    )  # fmt: skip
    tiers.run(connection, market)
    connection.close()
    assert stands("tillo") == (None, "override", "unrelated", (None, "override"))


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("tilo=2", "tillo"), ("tillo=9", "none, complement"), ("tillo", "ID=1"), ("=2", "ID=1"),
     ("nobody=1", "known are")],
)  # fmt: skip
def test_what_cannot_be_meant_stores_nothing_at_all(market: Market, typed: str, hint: str) -> None:
    with pytest.raises(CommandError, match=hint) as caught:
        decide(market, ["stove=2", typed], "", words=EN, console=Talk().console())
    assert caught.value.exit_code == 2
    assert rows() == []


def test_words_of_decisions() -> None:
    assert word_of("shop.example/a=b=NONE").competitor == "shop.example/a=b"
    assert word_of("a=Partner").value == "complement"
    with pytest.raises(ReviewError):
        word_of("a=")


def test_our_own_business_has_no_tier(market: Market) -> None:
    with pytest.raises(CommandError, match="your own business"):
        decide(market, [f"{market.business.key}=1"], "", words=EN, console=Talk().console())


def test_the_list_is_json_and_writes_nothing(market: Market) -> None:
    talk = Talk()
    list_cases(market, 3, console=talk.console())
    found = [json.loads(line) for line in talk.said]
    assert [one["id"] for one in found] == order()[:3]
    assert [one["doubt"] for one in found] == sorted((o["doubt"] for o in found), reverse=True)
    assert all(0 <= one["doubt"] <= 1 for one in found)
    assert any(one["reasons"] and one["reasons"][0]["url"] for one in found)
    assert rows() == []


def test_the_flag_a_verdict_hangs_on_is_quoted_first(market: Market) -> None:
    connection = open_database(data_dir("tills") / "market.db", read_only=True)
    found = {one.standing.competitor: one for one in least_certain(connection, 99)}
    connection.close()
    till = found["tillo"]
    assert "same_product" in till.change.flags
    assert till.reasons[0].flag in till.change.flags
    assert len({row.quote for row in till.reasons}) == len(till.reasons)


def test_no_data_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    (tmp_path / "markets").mkdir()
    (tmp_path / "markets" / "tills.toml").write_text(MARKET)
    empty = load_market(find_market("tills"))
    with pytest.raises(DatabaseError, match="scrapy research tills"):
        list_cases(empty, 3, console=Talk().console())
    assert not (tmp_path / "data").exists()


CHAIRS = {f"oak{at}": "Wooden chairs for small restaurants and cafes." for at in range(12)}


def test_from_ten_decisions_on_the_market_has_its_own_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A researcher to whom those who share only the audience are no rivals at all."""
    market = make(tmp_path, monkeypatch, CHAIRS)
    audience_only = [key for key in CHAIRS if stands(key)[0] == 3]
    assert len(audience_only) == len(CHAIRS)
    talk = Talk()
    nine = [f"oak{at}=none" for at in range(9)]
    decide(market, nine, "", words=EN, console=talk.console())
    assert counted(EN.few, 9, least=10) in talk.said
    assert stands("oak11")[0] == 3
    decide(market, ["oak9=none"], "", words=EN, console=talk.console())
    said = talk.said[-1]
    assert said.startswith("10 decisions: the shipped lines gave your tier on 0")
    assert "(leave-one-out) on 10" in said and "same audience 0.50 ->" in said
    assert stands("oak11") == (None, "unrelated", "unrelated", (None, "unrelated"))
    decide(market, [f"oak{at}=auto" for at in range(10)], "", words=EN, console=talk.console())
    assert stands("oak11")[0] == 3 and stands("oak0")[0] == 3


def test_every_language_says_everything() -> None:
    for one in (ZH, VI):
        assert one.flags.keys() == EN.flags.keys() and one.tiers.keys() == EN.tiers.keys()
        for field in EN.__slots__:
            if isinstance(text := getattr(EN, field), str):
                assert text != getattr(one, field) and getattr(one, field)
    assert phrases("fr") is EN


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["tills"], 2, "--list"),
        (["tills", "--list", "--decide", "a=1"], 2, "do not go together"),
        (["tills", "--reason", "x"], 2, "--decide"),
        (["tills", "--list", "--number", "0"], 2, "--number"),
        (["nosuch", "--list"], 3, "nosuch"),
        (["tills", "--decide", "nobody=1"], 2, "nobody"),
        (["tills", "--list", "--number", "2"], 0, '"doubt"'),
        (["tills", "--decide", "books=1", "--reason", "因为", "--lang", "zh"], 0, "直接对手"),
    ],
)
def test_the_command(market: Market, arguments: list[str], code: int, says: str) -> None:
    done = subprocess.run(
        [str(SCRAPY), "review", *arguments], capture_output=True, text=True, timeout=60,
        stdin=subprocess.DEVNULL, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
