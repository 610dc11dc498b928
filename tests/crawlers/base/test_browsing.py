import pytest

from crawlers.base.browsing import GIVE_UP, Browsing
from crawlers.base.source import Source, source
from crawlers.browser.program import BrowserFound
from crawlers.items import Target

READY = BrowserFound(extra=True, program="/usr/bin/chromium")
BARE = BrowserFound(extra=False, program="/usr/bin/chromium")


def shop(pages: int, **reasons: int) -> Source:
    site = source("till", "Till", "https://till.example/", budget=40)
    site.report.pages = pages
    site.report.reasons.update(reasons)
    return site


def home(kind: str = "home") -> Target:
    return Target(source="till", url="https://till.example/", role="page", meta={"kind": kind})


@pytest.mark.parametrize(
    ("site", "outcome"),
    [
        (shop(10), None),
        (shop(10, needs_browser=3), None),  # a basket, a search
        (shop(0, needs_browser=1), "empty"),
        (shop(3, needs_browser=30), "empty"),
        (shop(0, says_nothing=2), "empty"),
        (shop(0, http_404=2), None),
    ],
)
def test_most_pages_decide(site: Source, outcome: str | None) -> None:
    verdict = Browsing(wanted=False, found=BARE).verdict(site)
    assert (verdict[0] if verdict else None) == outcome


def test_a_home_without_words_is_told_of() -> None:
    browsing, site = Browsing(wanted=False, found=BARE), shop(10, needs_browser=1)
    browsing.wordless(site, home("pricing"))
    assert browsing.verdict(site) is None
    browsing.wordless(site, home())
    verdict = browsing.verdict(site)
    assert verdict is not None and verdict[0] == "partial"
    assert verdict[1] == (
        "this site says nothing without JavaScript (1 of 11 pages): set browser = true under "
        "[crawl] in the market file and install the extra: pip install 'rivalmap[browser]'"
    )


def test_a_browser_that_fails_again_and_again_is_left_alone() -> None:
    browsing, site = Browsing(wanted=True, found=READY), shop(0)
    assert browsing.on and browsing.lack == ""
    browsing.failed(site)
    browsing.drew(site)
    for _ in range(GIVE_UP):
        assert browsing.draws(site)
        browsing.failed(site)
    assert not browsing.draws(site) and "the browser failed" in browsing.why_not(site)


def test_what_is_missing_is_said() -> None:
    browsing = Browsing(wanted=True, found=BARE)
    assert not browsing.on and "scrapy-playwright is not installed" in browsing.lack
    assert "pip install 'rivalmap[browser]'" in browsing.lack
    assert Browsing(wanted=False, found=BARE).lack == ""
