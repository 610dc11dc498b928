"""From a market's own words to countries, languages and broad trades."""

import pytest

from analysis import source_choice
from analysis.source_choice import countries_of, trades_of, wish_of
from crawlers.market import parse_market
from crawlers.sources import TRADES, sources_for
from pipelines.tiers.taxonomy import load_taxonomy


@pytest.mark.parametrize(
    ("regions", "codes"),
    [
        (["Ireland"], ("IE",)),
        (["Việt Nam"], ("VN",)),
        (["TP.HCM", "Hà Nội"], ("VN",)),
        (["Tp. Hồ Chí Minh và Đà Nẵng"], ("VN",)),
        (["臺灣"], ("TW",)),
        (["台北市", "香港"], ("TW", "HK")),
        (["上海、杭州"], ("CN",)),
        (["UK", "VN"], ("GB", "VN")),
        (["the United States and Canada"], ("US", "CA")),
        (["Mỹ", "Úc"], ("US", "AU")),
        (["Mỹ Tho"], ()),
        (["Europe", ""], ()),
    ],
)
def test_countries(regions: list[str], codes: tuple[str, ...]) -> None:
    assert countries_of(regions) == codes


@pytest.mark.parametrize(
    ("texts", "trade"),
    [
        (["Online shop builder for small shops"], "ecommerce"),
        (["Phần mềm bán hàng cho cửa hàng nhỏ"], "ecommerce"),
        (["护肤品和化妆品"], "beauty"),
        (["Accounting software for freelancers"], "finance"),
        (["Gym and personal trainer in the old town"], "health"),
        (["Tã và sữa cho bé, đồ sơ sinh"], "parenting"),
        (["Pet food and dog toys"], "pets"),
        (["Wedding photographer in Leeds"], "photography"),
        (["Đồ len handmade đan tay"], "crafts"),
        (["摩托车配件和轮胎"], "autos"),
    ],
)
def test_trades(texts: list[str], trade: str) -> None:
    found = trades_of(texts)
    assert trade in found and set(found) <= set(TRADES)


def test_words_of_no_trade() -> None:
    assert trades_of(["", "we are the best"]) == ()


def test_a_market_of_no_known_trade_is_asked_of_general_places() -> None:
    market = parse_market('[business]\nname = "X"\ndescription = "We are the very best."\n')
    assert wish_of(market).trades == ("general",)


def test_every_trade_can_be_told_and_every_row_names_one() -> None:
    tables, taxonomy = source_choice._tables(), load_taxonomy()
    told = {trade for row in tables["trades"].values() for trade in row} | tables["words"].keys()
    assert told == set(TRADES) - {"general"}
    assert tables["trades"].keys() <= taxonomy.kinds.keys() | taxonomy.fields.keys()
    assert tables["spoken"].keys() <= tables["countries"].keys()


def test_one_sentence_is_enough_to_start_from() -> None:
    market = parse_market(
        '[business]\nname = "Sớm Mai"\nregions = ["Hà Nội"]\n'
        'description = "Phần mềm bán hàng cho cửa hàng nhỏ."\n'
    )
    wish = wish_of(market)
    assert (wish.countries, wish.languages) == (("VN",), ("vi",))
    found = sources_for(countries=wish.countries, languages=wish.languages, trades=wish.trades)
    assert len([row for row in found if row.access == "open"]) >= 20
    assert all("vi" in row.languages or not row.languages for row in found)


def test_a_market_names_its_languages_itself() -> None:
    market = parse_market(
        '[business]\nname = "X"\ndescription = "Coffee beans by subscription for homes."\n'
        'regions = ["Singapore"]\nlanguages = ["zh"]\n'
    )
    assert wish_of(market).languages == ("zh",)
