"""docs/market-file.md tells every key of the model, truly; the examples load."""

import re
import tomllib
from pathlib import Path

import pytest

from crawlers.market import load_market, parse_market
from crawlers.marketfile.faults import REPEATED, SINGLE, TABLES, heading, keys_of
from crawlers.marketfile.model import SOURCE_KINDS
from crawlers.words import ENGINES

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "market-file.md").read_text(encoding="utf-8")
MODELS = {**SINGLE, **REPEATED}
EXAMPLES = sorted((ROOT / "markets").glob("*.toml"))


def section(table: str) -> str:
    found = re.search(rf"(?ms)^## `{re.escape(heading(table))}`\n(.*?)(?=^## |\Z)", TEXT)
    assert found, f"docs/market-file.md has no section {heading(table)}"
    return found[1]


def rows(table: str) -> dict[str, list[str]]:
    found = {}
    for line in section(table).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        key = re.fullmatch(r"`(\w+)`", cells[0])
        if key:
            found[key[1]] = cells
    return found


@pytest.mark.parametrize("table", TABLES)
def test_every_section_is_documented(table: str) -> None:
    assert len(section(table)) > 80


@pytest.mark.parametrize("table", MODELS)
def test_every_key_is_documented_and_no_other(table: str) -> None:
    assert set(rows(table)) == set(keys_of(MODELS[table]))


@pytest.mark.parametrize("table", MODELS)
def test_documented_defaults_are_the_models(table: str) -> None:
    for key, cells in rows(table).items():
        field = MODELS[table].model_fields[key]
        told = cells[2]
        assert (told == "required") == field.is_required(), key
        if told.startswith("`"):
            value = tomllib.loads(f"a = {told.strip('`')}")["a"]
            assert value == field.default, key
            assert type(value) is type(field.default), key
        elif not field.is_required():
            assert field.default in (None, (), ""), key


@pytest.mark.parametrize("table", MODELS)
def test_documented_examples_are_accepted(table: str) -> None:
    lines = [f"{key} = {cells[4].strip('`')}" for key, cells in rows(table).items()]
    least = "" if table == "business" else '[business]\nname = "A"\ndescription = "B"\n'
    parse_market(f"{least}{heading(table)}\n" + "\n".join(lines))


def test_closed_lists_are_told_in_full() -> None:
    for engine in ENGINES:
        assert f"`{engine}`" in section("forum")
    for kind in SOURCE_KINDS:
        assert f"`{kind}`" in section("source")


def test_toml_of_the_page_loads() -> None:
    blocks = re.findall(r"(?s)```toml\n(.*?)```", TEXT)
    assert len(blocks) >= 2
    for block in blocks:
        whole = (
            block if "[business]" in block else '[business]\nname="A"\ndescription="B"\n' + block
        )
        parse_market(whole)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_load_and_lead_nowhere(path: Path) -> None:
    market = load_market(path)
    assert market.competitors
    assert market.forums
    sites = [market.business.site, *(c.site for c in market.competitors)]
    for url in [*sites, *(f.url for f in market.forums), *(s.url for s in market.sources)]:
        assert url
        assert re.match(r"https://[\w.-]+\.example/", url), url


def test_there_is_an_example_in_each_language() -> None:
    languages = {load_market(path).business.languages[0] for path in EXAMPLES}
    assert languages >= {"en", "zh", "vi"}
