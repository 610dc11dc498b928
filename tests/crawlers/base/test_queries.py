"""What a search is asked for, and which lists speak of a market."""

import pytest

from crawlers.base.lists import search_url
from crawlers.base.queries import MOST_QUERIES, Query, queries_for
from crawlers.base.relevance import MarketWords
from crawlers.market import Market, parse_market

SEARCH = '[[source]]\nurl = "https://search.example"\nkind = "search"\n'


def market(description: str, more: str = "", name: str = "Hatchcart") -> Market:
    return parse_market(
        f'[business]\nname = "{name}"\ndescription = "{description}"\n{more}\n{SEARCH}'
    )


def asked(market: Market) -> tuple[Query, ...]:
    return queries_for(market, market.lists[0])


def test_the_files_own_queries_are_asked_and_no_other() -> None:
    named = parse_market(
        f'[business]\nname = "H"\ndescription = "Tills"\n{SEARCH}'
        'queries = ["tills", "máy tính tiền"]'
    )
    found = asked(named)
    assert [query.text for query in found] == ["tills", "máy tính tiền"]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        ('["en"]', "Rivalo alternatives"),
        ('["vi"]', "thay thế Rivalo"),
        ('["zh"]', "Rivalo 替代"),
        ('["fr"]', "Rivalo alternatives"),
    ],
)
def test_rivals_are_asked_for_in_the_markets_language(languages: str, expected: str) -> None:
    more = f'languages = {languages}\nkeywords = ["tills"]\n[[competitor]]\nname = "Rivalo"'
    found = [query.text for query in asked(market("Tills for cafes", more))]
    assert expected in found
    assert "tills" in found


def test_queries_are_few_and_of_both_sorts() -> None:
    keywords = ", ".join(f'"word {n}"' for n in range(30))
    rivals = "".join(f'[[competitor]]\nname = "Rival{n}"\n' for n in range(30))
    found = [q.text for q in asked(market("x y", f"keywords = [{keywords}]\n{rivals}"))]
    assert len(found) == len(set(found)) == MOST_QUERIES
    assert sum(text.startswith("word") for text in found) >= 4
    assert sum("Rival" in text or "Hatchcart" in text for text in found) >= 4


def test_a_market_of_one_sentence_has_queries() -> None:
    for description, part in (
        ("Point of sale for small cafes", "Point of sale"),
        ("Phần mềm kế toán cho hộ kinh doanh", "kế toán"),
        ("phan mem ke toan cho ho kinh doanh", "ke toan"),
        ("为小餐馆提供收银系统", "收银"),
        ("為小餐館提供收銀系統", "收銀"),
    ):
        found = [query.text for query in asked(market(description))]
        assert any(part in text for text in found), found


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://s.example", "https://s.example/search?"),
        ("https://s.example/", "https://s.example/search?"),
        ("https://s.example/search", "https://s.example/search?"),
        ("https://s.example/sx/?theme=a", "https://s.example/sx/search?"),
    ],
)
def test_where_a_search_is_asked(url: str, expected: str) -> None:
    found = search_url(url, "tiệm & co", "vi")
    assert found.startswith(expected)
    assert found.endswith("q=ti%E1%BB%87m+%26+co&format=json&language=vi&pageno=1")


@pytest.mark.parametrize(
    ("description", "text", "worth"),
    [
        ("Point of sale for small cafes", "POS: point of sale systems", True),
        ("Point of sale for small cafes", "Cafes and bars", True),
        ("Point of sale for small cafes", "Software for small business", False),
        ("Point of sale for small cafes", "Payroll", False),
        ("Phần mềm kế toán cho hộ kinh doanh", "Phần mềm kế toán", True),
        ("Phần mềm kế toán cho hộ kinh doanh", "phan mem ke toan", True),
        ("Phần mềm kế toán cho hộ kinh doanh", "Phần mềm nhân sự", False),
        ("Phần mềm kế toán cho hộ kinh doanh", "Xây dựng", False),
        ("为小餐馆提供收银系统", "收银软件", True),
        ("为小餐馆提供收银系统", "餐飲收銀系統", True),
        ("为小餐馆提供收银系统", "人事软件", False),
        ("Point of sale for small cafes", "", False),
    ],
)
def test_lists_that_speak_of_the_market(description: str, text: str, worth: bool) -> None:
    assert (MarketWords(market(description)).score(text) >= 1) == worth
