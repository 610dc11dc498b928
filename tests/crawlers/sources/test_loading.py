"""What is wrong in a catalogue file is said with its row."""

import pytest

from crawlers.sources import CatalogueError, parse_catalogue

GOOD = """
[[source]]
id = "bean-talk"
name = "Bean Talk"
address = "https://talk.example/"
kind = "forum"
trades = ["food"]
"""


def test_a_row_and_its_defaults() -> None:
    text = '[defaults]\ncountries = ["VN"]\nlanguages = ["vi"]\naccess = "login"\n' + GOOD
    (row,) = parse_catalogue(text, name="x.toml")
    assert (row.id, row.countries, row.languages, row.access) == (
        "bean-talk", ("VN",), ("vi",), "login",
    )  # fmt: skip
    assert (row.engine, row.checked, row.how, row.guide) == (None, "unchecked", "unchecked", "")
    (row,) = parse_catalogue(text + "countries = []\n", name="x.toml")
    assert row.countries == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((GOOD, "x ="), "x.toml: "),
        (("[[source]]", "[[sauce]]"), "unknown table 'sauce'"),
        (("[[source]]", "[source]"), "write [defaults] once and [[source]]"),
        (('kind = "forum"', ""), "source 1 (bean-talk): 'kind' is missing"),
        (('trades = ["food"]', "trades = []"), "'trades' is missing"),
        (('"forum"', '"fourm"'), "kind = 'fourm' is none of: forum "),
        (('["food"]', '["coffee"]'), "'coffee' is none of the trades: general "),
        (('["food"]', '"food"'), "'trades' must be a list of texts"),
        (('["food"]', '["food", "food"]'), "'trades' names something twice"),
        (('"Bean Talk"', '" Bean Talk"'), "'name' must be one line"),
        (('"Bean Talk"', "7"), "'name' must be a text"),
        (('"bean-talk"', '"Bean_Talk"'), "an id has small letters"),
        (("https://", "ftp://"), "is no http or https address"),
        (("https://talk", "https://me:pass@talk"), "is no http or https address"),
        (("https://talk.example/", "https://[oops/"), "is no http or https address"),
        (('"forum"', '"forum"\nengine = "My Board"'), "'My Board' is no engine's id"),
        (('"forum"', '"forum"\naccess = "maybe"'), "access = 'maybe' is none of: open "),
        (('"forum"', '"forum"\ncountries = ["vn"]'), "countries: 'vn' is no code"),
        (('"forum"', '"forum"\nlanguages = ["zh-TW"]'), "languages: 'zh-TW' is no code"),
        (('"forum"', '"forum"\nchecked = "last week"'), "neither a day nor 'unchecked'"),
        (('"forum"', '"forum"\nchecked = "2026-11-23"'), "'how' does not say what was read"),
        (('"forum"', '"forum"\nurl = "x"'), "unknown key 'url'"),
        (("\n[[source]]", "[defaults]\nname = 'x'\n[[source]]"), "[defaults] cannot set 'name'"),
        (('trades = ["food"]\n', f'trades = ["food"]\n{GOOD}'), "'bean-talk' is used twice"),
    ],
)  # fmt: skip
def test_faults(change: tuple[str, str], words: str) -> None:
    text = GOOD.replace(*change, 1)
    assert text != GOOD
    with pytest.raises(CatalogueError) as error:
        parse_catalogue(text, name="x.toml")
    assert words in str(error.value)
