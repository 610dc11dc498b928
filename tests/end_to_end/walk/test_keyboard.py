"""The keyboard alone reaches everything, and its place can be seen; the language is kept."""

from typing import Any

import pytest

from tests.analysis.web.test_browser import CHROMIUM
from tests.end_to_end.walk.touring import page_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]

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
        page.wait_for_url("**/#main", timeout=10_000)
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
