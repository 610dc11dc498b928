"""Sites that say nothing without JavaScript: noticed, told of, drawn under the crawl's rules."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawlers.browser.program import find_browser
from tests.live.script_site import ScriptSite
from tests.live.servers import ROOT, SCRIPTS

pytestmark = [pytest.mark.slow, pytest.mark.browser]
needs_browser = pytest.mark.skipif(
    not find_browser().usable, reason="Chromium or scrapy-playwright is not installed"
)

MARKET = """
[business]
name = "Hatchcart"
description = "Online shop builder and point of sale for small shops"

[[competitor]]
id = "till"
name = "Lantern Till"
site = "http://{host}:{port}{path}"

[crawl]
delay = {delay}
browser = {browser}
allow_private = {private}
contact = "research@example.com"
"""


class Home:
    """A home folder with one market that names the shop."""

    def __init__(self, path: Path, site: ScriptSite, **environment: str) -> None:
        self.path, self.site = path, site
        self.environment = {**os.environ, "RIVALMAP_HOME": str(path), **environment}
        (path / "markets").mkdir(parents=True)
        self.market()

    def market(
        self, *, browser: bool = False, private: bool = True, path: str = "/", delay: float = 0
    ) -> None:
        text = MARKET.format(
            host="till.localhost", port=self.site.port, path=path, delay=delay,
            browser=str(browser).lower(), private=str(private).lower(),
        )  # fmt: skip
        (self.path / "markets" / "till.toml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return self._run([str(SCRIPTS / "scrapy"), *arguments], self.path)

    def run_inside(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """The same where 127.0.0.1 counts as public."""
        return self._run([sys.executable, "-m", "tests.live.inside_crawl", *arguments], ROOT)

    def _run(self, command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, cwd=folder, env=self.environment, capture_output=True, text=True, timeout=240
        )

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.path / "data" / "till" / "market.db")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_without_a_browser_the_site_is_told_of(tmp_path: Path) -> None:
    with ScriptSite() as site:
        home = Home(tmp_path, site)
        run = home.run("research", "till", "--quiet")
    words = "this site says nothing without JavaScript (1 of 1 pages): set browser = true"
    assert run.returncode == 6 and words in one_line(run.stderr)
    assert home.rows("SELECT count(*) FROM pages") == [(0,)]
    assert home.rows("SELECT reason FROM failures") == [("needs_browser",)]
    assert home.rows("SELECT outcome FROM run_sources") == [("empty",)]
    doctor = home.run("doctor", "till")
    assert doctor.returncode == 5 and words in doctor.stdout
    assert "-> set browser = true under [crawl]" in doctor.stdout


def test_a_browser_that_is_missing_is_told_of_and_the_crawl_goes_on(tmp_path: Path) -> None:
    with ScriptSite() as site:
        home = Home(tmp_path, site, RIVALMAP_CHROMIUM=str(tmp_path / "none"))
        home.market(browser=True, path="/plain")
        run = home.run("research", "till", "--quiet")
    assert "browser = true, but no Chromium was found" in run.stderr
    assert "RIVALMAP_CHROMIUM" in run.stderr
    assert home.rows("SELECT title FROM pages") == [("Plain words",)]
    doctor = home.run("doctor", "till")
    assert doctor.returncode == 5 and "BAD  browser: browser = true, but no" in doctor.stdout


@needs_browser
def test_a_browser_that_does_not_start_is_told_of(tmp_path: Path) -> None:
    with ScriptSite() as site:
        home = Home(tmp_path, site, RIVALMAP_CHROMIUM="/bin/false")
        home.market(browser=True)
        run = home.run("research", "till", "--quiet")
    assert run.returncode == 6 and "/bin/false does not start" in run.stderr
    assert home.rows("SELECT outcome FROM run_sources") == [("failed",)]
    assert home.rows("SELECT reason FROM failures") == [("browser_failed",)]


@needs_browser
def test_drawn_pages_are_read_like_others(tmp_path: Path) -> None:
    with ScriptSite() as site:
        home = Home(tmp_path, site)
        home.market(browser=True)
        run = home.run("research", "till", "--quiet")
        assert run.returncode == 0, run.stderr
        pages = "SELECT title, kind, text_hash FROM pages ORDER BY url"
        before = home.rows(pages)
        assert [row[:2] for row in before] == [
            ("Lantern Till", "home"), ("About us", "about"), ("Pricing", "pricing"),
        ]  # fmt: skip
        offers = "SELECT name, price_minor, period FROM offers ORDER BY name"
        assert home.rows(offers) == [("Starter", 1900, "month"), ("Team", 4900, "month")]
        (text,) = home.rows("SELECT text FROM page_versions WHERE title = 'Lantern Till'")[0]
        assert "Trusted by 1,200 cafes" in str(text)
        assert "Shipped from the harbour of Da Nang" in str(text)  # from a shadow tree

        asked = site.paths()
        assert asked.count("/app.js") == 1  # the pages of a site share it
        assert not {path for path in asked if path.startswith("/forbidden")}
        unseen = {"/socket", "/events", "/beacon", "/popup.html", "/worker.js", "/frame.html",
                  "/pixel.gif", "/style.css", "/prefetched.js"}  # fmt: skip
        assert not unseen & set(asked)
        assert {method for _, method, _ in site.asked} == {"GET"}
        assert site.agents == {"Rivalmap/0.1 (+research@example.com)"}
        assert site.cookies == []

        kinds = Counter(
            record.rec_type
            for path in (tmp_path / "data" / "till" / "archive").glob("*.warc.gz")
            for record in ArchiveIterator(BytesIO(path.read_bytes()))
        )
        assert kinds["conversion"] == 3 and kinds["response"] == 3  # drawn, and as they were sent

        again = home.run("research", "till", "--quiet")
        assert again.returncode == 0 and home.rows(pages) == before
        assert home.run("refresh", "till").returncode == 0 and home.rows(pages) == before
        assert home.rows("SELECT count(*) FROM changes") == [(0,)]

        home.market(browser=False)  # what was read stays
        without = home.run("research", "till", "--quiet")
        assert without.returncode == 6, without.stderr
        assert home.rows(pages) == before and len(home.rows(offers)) == 2
        assert home.rows("SELECT count(*) FROM changes") == [(0,)]


@needs_browser
def test_private_addresses_are_refused_to_a_page_that_is_drawn(tmp_path: Path) -> None:
    with ScriptSite() as site:
        home = Home(tmp_path, site)
        home.market(browser=True, private=False, delay=0.7)
        run = home.run_inside("research", "till", "--quiet")
        assert run.returncode == 0, run.stderr
    assert len(home.rows("SELECT url FROM pages")) == 3
    assert "/leads-inside" in site.paths()  # its redirect was seen, and not followed
    assert {host for host, _, _ in site.asked} == {"till.localhost"}
    assert site.addresses == {"127.0.0.1"}
    for page in ("/pricing", "/about"):  # the pause begins when the last part of a page has come
        place = site.paths().index(page)
        assert site.times[place] - site.times[place - 1] >= 0.7


@needs_browser
async def test_the_browser_itself_reaches_nothing() -> None:
    from playwright.async_api import Error

    from crawlers.browser.chromium import SystemChromium

    program = find_browser().program
    assert program is not None
    chromium = SystemChromium(program)
    with ScriptSite() as site:
        browser = await chromium.launch_browser()
        try:
            page = await browser.new_page()
            for host in ("127.0.0.1", "localhost", "till.localhost", "[::1]"):
                with pytest.raises(Error, match="net::ERR_"):
                    await page.goto(f"http://{host}:{site.port}/")
        finally:
            await browser.close()
            await chromium.close()
        assert site.asked == []


@needs_browser
def test_pages_that_never_end_are_left(tmp_path: Path) -> None:
    with ScriptSite() as site:
        home = Home(tmp_path, site)
        home.market(browser=True, path="/endless")
        start = time.monotonic()
        run = home.run("research", "till", "--quiet")
        assert time.monotonic() - start < 90
    assert run.returncode == 6, run.stderr
    assert home.rows("SELECT reason FROM failures") == [("browser_failed",)]


@needs_browser
def test_a_killed_run_leaves_no_browser_and_is_gone_on_with(tmp_path: Path) -> None:
    with ScriptSite() as site:
        home = Home(tmp_path, site)
        home.market(browser=True)
        process = subprocess.Popen(
            [str(SCRIPTS / "scrapy"), "research", "till", "--quiet"],
            cwd=tmp_path, env=home.environment, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while "/api/pricing.json" not in site.paths() and time.monotonic() < deadline:
            time.sleep(0.01)
        started = descendants(process.pid)
        assert len(started) > 2
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        while (left := [pid for pid in started if alive(pid)]) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert left == []
        run = home.run("research", "till", "--quiet")
        assert run.returncode == 0, run.stderr
    assert len(home.rows("SELECT url FROM pages")) == 3
    assert home.rows("SELECT status FROM runs") == [("finished",)]


def descendants(pid: int) -> list[int]:
    """Every process below one, by the kernel's lists of children."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *descendants(child)]
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
