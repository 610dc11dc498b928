"""The sample's list of companies and its search hold what their truth says."""

import json

import pytest

from analysis.demo.lists import directory_host, listed_companies, load_results, search_host
from analysis.demo.sample import answer
from analysis.demo.truth import load_truth
from crawlers.document import Document
from crawlers.extract.listing import read_listing, read_results
from crawlers.urls import site_key

PORT = 8600
TRUTH = {one["id"]: one for one in load_truth()["competitors"]}


@pytest.mark.parametrize("path", listed_companies())
def test_every_company_of_a_page_is_read_with_its_home(path: str) -> None:
    page = answer(directory_host(), path, PORT)
    url = f"http://{directory_host()}:{PORT}{path}"
    listing = read_listing(Document(url, page.body, headers={"content-type": "text/html"}))
    found = {one.name: site_key(one.site or "") for one in listing.companies}
    wanted = {TRUTH[key]["name"]: TRUTH[key]["host"] for key in listed_companies()[path]}
    assert found == wanted


def test_rivals_and_partners_stand_on_the_list() -> None:
    listed = {key for keys in listed_companies().values() for key in keys}
    assert sum(TRUTH[key]["tier"] in (1, 2) for key in listed) >= 5
    assert any(TRUTH[key]["complement"] for key in listed)
    assert any(TRUTH[key]["reads"] != "whole" for key in listed)


@pytest.mark.parametrize(
    ("target", "status"),
    [("/", 200), ("/search?q=pos&format=html", 404), ("/search?q=pos", 404), ("/robots.txt", 200)],
)
def test_the_search_speaks_json_only(target: str, status: int) -> None:
    assert answer(search_host(), target, PORT).status == status


@pytest.mark.parametrize("question", ["shop builder", "phần mềm bán hàng", "收银", "zzz"])
def test_the_search_answers_as_searxng_does(question: str) -> None:
    page = answer(search_host(), f"/search?q={question}&format=json&pageno=1", PORT)
    content = json.loads(page.body)
    assert content["query"] == question
    assert bool(content["results"]) is (question != "zzz")
    assert len(content["results"]) < len(load_results()) or question == "shop builder"
    headers = {"content-type": "application/json"}
    read = read_results(
        Document(f"http://{search_host()}:{PORT}/search", page.body, headers=headers)
    )
    assert read is not None
    assert len(read.companies) + len(read.pages) == len(content["results"])


def test_there_is_one_page_of_results() -> None:
    page = answer(search_host(), "/search?q=shop&format=json&pageno=2", PORT)
    assert json.loads(page.body)["results"] == []
