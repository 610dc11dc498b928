"""The desk over the sample market in a real browser, as a researcher walks it.

Every page at two widths in three languages: nothing complained of, nothing cut, nothing that a
reader with a keyboard or a screen reader stumbles over; every number leads to a quote and from
there to the live page.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from analysis.web.desk import TABS
from tests.analysis.web.test_browser import CHROMIUM, served
from tests.end_to_end.tables import scrapy

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]

WIDTHS = (1280, 390)
LANGUAGES = ("en", "zh", "vi")
MOST_LINKS = 8  # of one page, whose kind was seen before
NUMBER = re.compile(r"^\D{0,40}\d[\d.,\s]*(?:\D{0,60})$")

WATCH_FOCUS = """(() => {
  const all = 'a[href]:not([tabindex="-1"]), button, input:not([type=hidden]), select, textarea,' +
    ' summary, [tabindex="0"]';
  window.wanted = new Set([...document.querySelectorAll(all)].filter(e => e.checkVisibility()));
  window.reached = new Set();
  window.unseen = 0;
  document.addEventListener('focusin', ({target}) => {
    if (wanted.has(target)) reached.add(target);
    const style = getComputedStyle(target);
    window.unseen += style.outlineStyle === 'none' && style.boxShadow === 'none';
  });
})()"""
"""Counts what the keyboard should reach, what it does reach, and where its place cannot be seen."""


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The database of the sample market, researched twice: what changed between is told."""
    home = tmp_path_factory.mktemp("walk")
    (home / "markets").mkdir()
    with SampleServer() as sample:
        text = sample_market_toml(sample.port)
        (home / "markets" / f"{NAME}.toml").write_text(text, encoding="utf-8")
        for sample.state in ("baseline", "real"):
            run = scrapy(home, "research", NAME)
            assert run.returncode == 5, run.stderr  # a site of the sample is broken on purpose
    yield home / "data" / NAME / "market.db"


@pytest.fixture(scope="module")
def address(market: Path) -> Iterator[str]:
    yield from served(market)


@pytest.fixture(scope="module")
def paths(market: Path) -> list[str]:
    """Every page of the desk: the tabs, a rival of each tier, posts, a search, a range."""
    conn = sqlite3.connect(market)
    rivals = [
        row[0] for row in conn.execute("SELECT min(competitor) FROM tiers GROUP BY tier ORDER BY 1")
    ]
    (post,) = conn.execute("SELECT post_id FROM switches LIMIT 1").fetchone()
    conn.close()
    return [
        *(f"/{page.route}" for page in TABS),
        *(f"/competitors/{rival}" for rival in rivals),
        f"/posts/{post}",
        "/posts?q=%E4%BB%B7%E6%A0%BC",
        "/posts?stage=searching&counted=1",
        "/posts?q=nothing+like+this",
        "/customers?period=30d",
        "/nowhere",
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield found
        found.close()


@contextmanager
def page_of(browser: Any, width: int, language: str, faults: list[str], **more: Any) -> Any:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale=language, **more)
    page = context.new_page()
    page.on(
        "console",
        lambda m: faults.append(m.text) if m.type == "error" and "404" not in m.text else None,
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()


# Colours are the same in every language, so one is enough for the dark ones.
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("language", "scheme"), [*((language, "light") for language in LANGUAGES), ("en", "dark")]
)
def test_every_page_is_sound(
    browser: Any, address: str, paths: list[str], language: str, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, faults = Axe(), []
    with page_of(browser, width, language, faults, color_scheme=scheme) as page:
        for path in paths:
            answer = page.goto(address + path)
            assert answer.status == (404 if path == "/nowhere" else 200), path
            assert page.locator("html").get_attribute("lang") == language
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wide > 0:
                faults.append(f"{path} scrolls sideways by {wide} px")
            for found in axe.run(page).response["violations"]:
                if found["impact"] in ("serious", "critical"):
                    where = [node["target"] for node in found["nodes"][:3]]
                    faults.append(f"{path}: {found['id']} ({found['impact']}) {where}")
    assert faults == []


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


def test_keyboard_alone_reaches_everything(browser: Any, address: str, paths: list[str]) -> None:
    faults: list[str] = []
    with page_of(browser, 1280, "en", faults) as page:
        for path in paths:
            page.goto(address + path)
            page.evaluate(WATCH_FOCUS)
            wanted: int = page.evaluate("window.wanted.size")
            for _ in range(wanted + 3):
                page.keyboard.press("Tab")
            reached, unseen = page.evaluate("[window.reached.size, window.unseen]")
            if reached < wanted:
                faults.append(f"{path}: {wanted - reached} of {wanted} not reached by Tab")
            if unseen:
                faults.append(f"{path}: {unseen} places take the focus without showing it")
        page.goto(f"{address}/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.url.endswith("#main")
        page.goto(f"{address}/")
        page.locator(".rm-find input").focus()
        page.keyboard.type("price")
        page.keyboard.press("Enter")
        page.wait_for_url("**/posts?q=price*")
        assert page.locator("article.hit mark").count() > 0
        page.goto(f"{address}/customers")
        page.locator(".range a", has_text="90 days").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/customers?period=90d")
        page.locator(".rm-tabs a", has_text="Why not").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/why-not?period=90d")
        page.goto(f"{address}/when")
        page.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator("details[open]").count() == 1
    assert faults == []


def test_the_language_is_kept(browser: Any, address: str) -> None:
    faults: list[str] = []
    with page_of(browser, 1280, "en", faults) as page:
        page.goto(f"{address}/")
        page.locator(".rm-tongues a", has_text="中文").click()
        page.wait_for_load_state("load")
        assert page.locator("html").get_attribute("lang") == "zh"
        page.goto(f"{address}/why-not")
        assert page.locator("html").get_attribute("lang") == "zh"
        assert "购买" in page.locator("main").inner_text() or "不买" in page.title()
    assert faults == []
