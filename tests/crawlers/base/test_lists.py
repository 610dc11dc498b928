"""What a source that fails is told to be, and how that is mended."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.base.lists import ListSpider
from crawlers.base.source import Source
from crawlers.document import Document
from crawlers.items import FailureItem, Fetch, Target
from crawlers.market import Market, parse_market

MARKET = """
[business]
name = "Hatchcart"
description = "Tills for bakeries"
[[source]]
url = "https://search.example"
kind = "search"
[[source]]
url = "https://shelf.example/bakery"
kind = "directory"
"""
ASKED = "https://search.example/search?q=tills&format=json"


class Spider(ListSpider):
    """With no candidates to look at."""

    name = "lists"

    def companies(self, market: Market) -> Iterable[tuple[str, str, str]]:
        return ()


def begun() -> tuple[Spider, Source, Source]:
    market = parse_market(MARKET)
    state: Any = None
    spider = Spider(market=market, state=state)
    spider.by_id = {one.id: one for one in spider.sources(market)}
    search, directory = spider.by_id.values()
    return spider, search, directory


def answered(body: str, kind: str) -> tuple[FailureItem, Source]:
    spider, search, _ = begun()
    target = Target(source=search.id, url=ASKED, role="search")
    document = Document(ASKED, body.encode(), headers={"Content-Type": kind})
    fetch = Fetch(url=ASKED, status=200, fetched_at=datetime.now(UTC), content_type=kind)
    (item,) = spider.read(search, target, document, fetch)
    assert isinstance(item, FailureItem)
    return item, search


def test_a_search_that_answers_in_html_has_json_switched_off() -> None:
    item, search = answered("<html><body>results</body></html>", "text/html")
    assert "text/html in place of JSON" in item.detail and "settings.yml" in item.detail
    assert search.closed  # every other query would come to the same


@pytest.mark.parametrize(
    ("body", "said"),
    [('{"results": [{"url": "https://a.ex', "broken"), ('{"answers": []}', "no list")],
)
def test_json_that_cannot_be_read_is_not_told_to_be_switched_on(body: str, said: str) -> None:
    item, search = answered(body, "application/json")
    assert said in item.detail
    assert "in place of" not in item.detail and "settings.yml" not in item.detail
    assert not search.closed  # the next answer may be whole


def test_a_refused_query_is_told_its_own_cause() -> None:
    spider, search, _ = begun()
    target = Target(source=search.id, url=ASKED, role="search")
    item = spider.refused(search, target, "http_403", "the site answered")
    assert "JSON switched off" in item.detail and "settings.yml" in item.detail
    assert not search.closed
    item = spider.failure(search, target, "resting", "the site answered 429 three times")
    assert "limits how often" in item.detail and "settings.yml" not in item.detail
    spider.refused(search, target, "http_403", "the site answered")
    assert search.closed  # after a few it is left alone


@pytest.mark.parametrize("reason", ["http_404", "http_410", "not_html", "http_500"])
def test_a_list_that_is_not_there_is_a_failure_and_a_dead_link_of_it_is_none(reason: str) -> None:
    spider, _, directory = begun()
    (seed,) = spider.seeds(directory)
    spider.refused(directory, seed, reason, "the page is not there")
    assert directory.report.failures == 1
    link = Target(source=directory.id, url="https://shelf.example/x", role="list", depth=1)
    spider.refused(directory, link, reason, "the page is not there")
    assert directory.report.failures == (2 if reason == "http_500" else 1)
