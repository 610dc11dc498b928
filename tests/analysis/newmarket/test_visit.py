"""One polite visit, against a server that behaves as servers do."""

import gzip
import time
from typing import Any

import pytest

from analysis.newmarket import visit as visiting
from analysis.newmarket.visit import HomePageError, visit

PAGE = b"<html><body>Soap</body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
Site = Any  # conftest's


def reason(url: str, *, allow_private: bool = True) -> str:
    with pytest.raises(HomePageError) as caught:
        visit(url, allow_private=allow_private)
    return caught.value.reason


def test_robots_then_one_page_under_its_own_name(site: Site) -> None:
    found = visit(site.url(), allow_private=True)
    assert (found.status, found.body) == (200, PAGE)
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert [(host, path) for host, path, _ in site.asked] == [
        ("soap.localhost", "/robots.txt"),
        ("soap.localhost", "/"),
    ]
    assert all(agent.startswith("Rivalmap/") for _, _, agent in site.asked)


@pytest.mark.parametrize("host", ["soap.localhost", "localhost", "127.0.0.1"])
def test_private_addresses_are_not_asked_unless_meant(site: Site, host: str) -> None:
    assert reason(site.url(host=host), allow_private=False) == "private"
    assert site.asked == []


def test_robots_txt_is_obeyed(site: Site) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /\n")
    assert reason(site.url()) == "robots"
    assert [path for _, path, _ in site.asked] == ["/robots.txt"]


def test_rules_for_others_do_not_bind_us_and_ours_do(site: Site) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: Other\nDisallow: /\n")
    assert visit(site.url(), allow_private=True).body == PAGE
    site.pages["/robots.txt"] = (200, {}, b"User-agent: rivalmap\nDisallow: /\n")
    assert reason(site.url()) == "robots"


def test_robots_txt_that_breaks_closes_and_one_that_is_missing_opens(site: Site) -> None:
    site.pages["/robots.txt"] = (503, {}, b"later")
    assert reason(site.url()) == "robots"
    site.pages["/robots.txt"] = (403, {}, b"User-agent: *\nDisallow: /\n")
    assert visit(site.url(), allow_private=True).body == PAGE


def test_a_site_that_asks_for_an_hour_is_left_alone(site: Site) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 3600\n")
    assert reason(site.url()) == "slow"


def test_redirects_are_followed_at_the_pace_of_a_crawl(site: Site) -> None:
    site.pages["/"] = (301, {"Location": "/vi/"}, b"")
    site.pages["/vi/"] = (200, HTML, PAGE)
    begun = time.monotonic()
    found = visit(site.url(), allow_private=True)
    assert found.url == site.url("/vi/")
    assert time.monotonic() - begun >= 0.9


def test_a_redirect_that_robots_closes_is_not_followed(site: Site) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private\n")
    site.pages["/"] = (302, {"Location": "/private/"}, b"")
    assert reason(site.url()) == "robots"
    assert "/private/" not in [path for _, path, _ in site.asked]


def test_a_redirect_to_another_scheme_is_no_page(site: Site) -> None:
    site.pages["/"] = (302, {"Location": "file:///etc/passwd"}, b"")
    assert reason(site.url()) == "unreachable"


def test_redirects_without_end_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "PAUSE", 0.0)
    site.pages["/"] = (302, {"Location": "/"}, b"")
    assert reason(site.url()) == "redirects"
    assert len(site.asked) <= visiting.REDIRECTS + 3


@pytest.mark.parametrize(
    ("status", "word"),
    [(403, "blocked"), (429, "blocked"), (503, "blocked"), (404, "status"), (500, "status")],
)
def test_what_the_server_says_is_told(site: Site, status: int, word: str) -> None:
    site.pages["/"] = (status, HTML, b"no")
    assert reason(site.url()) == word


def test_packed_pages_are_unpacked_and_bombs_are_not(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = {**HTML, "Content-Encoding": "gzip"}
    site.pages["/"] = (200, packed, gzip.compress(PAGE))
    assert visit(site.url(), allow_private=True).body == PAGE
    monkeypatch.setattr(visiting, "LARGEST_PAGE", 1_000_000)
    site.pages["/"] = (200, packed, gzip.compress(bytes(50_000_000)))
    assert reason(site.url()) == "too_large"
    site.pages["/"] = (200, packed, b"this is not gzip")
    assert reason(site.url()) == "unreachable"
    site.pages["/"] = (200, {**HTML, "Content-Encoding": "br"}, b"....")
    assert reason(site.url()) == "not_html"


def test_a_page_without_end_is_too_large(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "LARGEST_PAGE", 10_000)
    site.pages["/"] = (200, HTML, bytes(20_000))
    assert reason(site.url()) == "too_large"


def test_a_robots_txt_without_end_is_cut(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "LARGEST_ROBOTS", 1_000)
    rules = b"User-agent: *\nDisallow: /closed\n"
    site.pages["/robots.txt"] = (200, {}, rules + b"# padding\n" * 10_000)
    assert visit(site.url(), allow_private=True).body == PAGE


def test_drop_by_drop_is_not_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "LONGEST", 0.6)
    site.drip = 0.1
    begun = time.monotonic()
    assert reason(site.url()) == "timeout"
    assert time.monotonic() - begun < 3


def test_nobody_there() -> None:
    assert reason("http://soap.localhost:9/") == "unreachable"
    assert reason("http://no-such-host.invalid/") == "unreachable"
