"""Every number of the desk leads to a quote and from there to the live page."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.analysis.web.test_browser import CHROMIUM
from tests.end_to_end.walk.touring import page_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]

MOST_LINKS = 8  # of one page, whose kind was seen before
NUMBER = re.compile(r"^\D{0,40}\d[\d.,\s]*(?:\D{0,60})$")


def numbers_of(page: Any) -> list[tuple[str, str]]:
    """Links whose text is a number, as (text, address): inside the desk only."""
    links: list[list[str]] = page.eval_on_selector_all(
        "main a[href]",
        "all => all.filter(a => !a.closest('nav'))"
        ".map(a => [a.textContent.trim(), a.getAttribute('href')])",
    )
    return [
        (text, href)
        for text, href in links
        if href.startswith("/") and NUMBER.match(text) and not re.search(r"\d{4}-\d\d", text)
    ]


def kind_of(href: str) -> tuple[object, ...]:
    """What an address is of: its page and what it filters by, whatever the values."""
    parts = urlsplit(href)
    return (
        re.sub(r"/\d+$", "", parts.path),
        tuple(sorted(dict(parse_qsl(parts.query)))),
        (parts.fragment.rstrip("-0123456789")),
    )


def opened(page: Any, text: str) -> str | None:
    """What is wrong with the page a number has opened."""
    if urlsplit(page.url).path != "/posts":
        empty = "404" in page.title() or page.locator("main .empty").count()
        return "leads to nothing" if empty else None
    zero = re.search(r"\b0\b", text) is not None
    return None if (page.locator("article.hit").count() == 0) == zero else "opens no posts"


def test_every_number_leads_to_a_quote_and_to_the_live_page(
    browser: Any, address: str, paths: list[str]
) -> None:
    """Each is asked for; those of a kind not seen before are clicked, down to the live page."""
    faults: list[str] = []
    asked: set[str] = set()
    kinds: set[tuple[object, ...]] = set()
    quoted = 0
    with page_of(browser, 1280, "en", faults) as page:
        for path in paths:
            page.goto(address + path)
            again = 0
            for text, href in numbers_of(page):
                if href in asked:
                    continue
                asked.add(href)
                if kind_of(href) in kinds:
                    again += 1
                    if again <= MOST_LINKS and not page.request.get(address + href).ok:
                        faults.append(f"{path}: {text!r} leads to nothing at {href}")
                    continue
                kinds.add(kind_of(href))
                page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
                link = page.locator(f'main a[href="{href}"]').locator("visible=true").first
                if not link.count():
                    faults.append(f"{path}: {text!r} cannot be clicked: {href}")
                    continue
                link.click()
                page.wait_for_load_state("load")
                wrong = opened(page, text)
                if wrong:
                    faults.append(f"{path}: {text!r} {wrong}: {page.url}")
                elif page.locator("article.hit").count():
                    quoted += 1
                    page.locator("article.hit .thread a").first.click()
                    page.wait_for_load_state("load")
                    live = page.locator('main a[rel~="nofollow"][href^="http"]')
                    if not (page.locator("main .crawled").count() and live.count()):
                        faults.append(f"{page.url}: no quote with its live page")
                page.goto(address + path)
    assert faults == []
    assert len(asked) > 150 and len(kinds) > 25 and quoted > 15, (len(asked), len(kinds), quoted)
