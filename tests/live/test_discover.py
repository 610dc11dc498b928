"""``scrapy crawl discover``: lists, searches and quick looks, over real requests to loopback."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.storage.database import open_database
from tests.live.list_site import ListSites, page
from tests.live.servers import SCRIPTS
from tests.live.small_forum import SmallForum

pytestmark = pytest.mark.slow

MARKET = """
[business]
name = "Hatchcart"
description = "Point of sale for small cafes"
keywords = ["cafe point of sale"]

[[competitor]]
name = "Tillmoor"

{more}

[crawl]
delay = 0
allow_private = true
"""
WORDS = "<p>A till for cafes: orders, stock and guests in one place, from nineteen dollars.</p>"


class Home:
    """A home folder with one market."""

    def __init__(self, folder: Path, sites: ListSites) -> None:
        self.folder, self.sites = folder, sites
        (folder / "markets").mkdir(parents=True)

    def market(self, more: str) -> None:
        text = MARKET.format(more=more)
        (self.folder / "markets" / "till.toml").write_text(text, encoding="utf-8")

    def crawl(self, spider: str, *more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(SCRIPTS / "scrapy"), "crawl", spider, "-a", "market=till", *more],
            cwd=self.folder, env={**os.environ, "RIVALMAP_HOME": str(self.folder)},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    @property
    def database(self) -> Path:
        return self.folder / "data" / "till" / "market.db"

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.database)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def add_candidate(self, name: str, site: str, weight: float, decision: str = "") -> None:
        """A company found by an earlier run, with one piece of evidence and perhaps a decision."""
        connection = open_database(self.database)
        connection.execute(
            "INSERT INTO competitors (id, name, site, origin, status, first_seen, last_seen) "
            "VALUES (?1, ?1, ?2, 'discovered', 'candidate', 'x', 'x')",
            (name, site),
        )
        connection.execute(
            "INSERT INTO evidence (claim_table, claim_key, source, url, fetched_at, quote, rule, "
            "rule_version, weight) VALUES ('competitors', ?, 's', 'u', 'x', 'q', 'r', '1', ?)",
            (name, weight),
        )
        if decision:
            connection.execute(
                "INSERT INTO decisions (subject, field, value, origin, decided_at) "
                "VALUES (?, 'status', ?, 'desk', 'x')",
                (name, decision),
            )
        connection.close()


@pytest.fixture
def sites() -> Iterator[ListSites]:
    with ListSites() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, sites: ListSites) -> Home:
    return Home(tmp_path / "home", sites)


def card(name: str, path: str) -> str:
    return f'<li class="card"><h3><a href="{path}">{name}</a></h3>{WORDS}</li>'


def directory(sites: ListSites) -> None:
    """A directory: its home names lists, a list names companies, an entry leads to the site."""
    host = "lists.localhost"
    sites.pages |= {
        (host, "/"): page(
            "Business software",
            '<h1>Find software</h1><a href="/cafe-point-of-sale">Point of sale for cafes</a>'
            '<a href="/payroll">Payroll</a><a href="/dentists">Software for dentists</a>'
            '<a href="/login">Sign in</a>',
        ),
        (host, "/cafe-point-of-sale"): page(
            "Best point of sale for cafes",
            "<h1>Best point of sale for cafes</h1><ul>"
            + card("Beanline", "/software/beanline") + card("Cupcount", "/software/cupcount")
            + card("Tillmoor", "/software/tillmoor")
            + '</ul><a rel="next" href="/cafe-point-of-sale?page=2">Next</a>',
        ),
        (host, "/cafe-point-of-sale?page=2"): page(
            "Best point of sale for cafes, page 2",
            '<h1>Best point of sale for cafes</h1><ul><li><a href="http://grindpay.localhost:'
            '{port}/">Grindpay</a> takes cards</li></ul>',
        ),
        (host, "/software/beanline"): page(
            "Beanline", '<h1>Beanline</h1><a href="http://beanline.localhost:{port}/?ref=1">'
            "Visit website</a>",
        ),
        (host, "/payroll"): page("Best payroll", "<h1>1. Wagely</h1>"),
        (host, "/dentists"): page("Best for dentists", "<h1>1. Toothly</h1>"),
    }  # fmt: skip


def test_a_directory_is_read_where_it_speaks_of_the_market(home: Home, sites: ListSites) -> None:
    directory(sites)
    home.market(f'[[source]]\nurl = "{sites.url("lists.localhost")}"\nkind = "directory"\n')
    done = home.crawl("discover")
    assert done.returncode == 0, done.stderr  # entries that answer 404 are no fault
    found = dict(home.rows("SELECT name, max(site) FROM sightings GROUP BY name"))
    assert found == {
        "Beanline": f"http://beanline.localhost:{sites.port}/", "Cupcount": None, "Tillmoor": None,
        "Grindpay": f"http://grindpay.localhost:{sites.port}/",
    }  # fmt: skip
    asked = set(sites.asked_of("lists.localhost"))
    assert {"/", "/cafe-point-of-sale", "/cafe-point-of-sale?page=2"} <= asked
    assert not {"/payroll", "/dentists", "/login"} & asked
    assert sites.asked_of("beanline.localhost") == []


def test_a_page_as_it_was_keeps_what_was_seen(home: Home, sites: ListSites) -> None:
    directory(sites)
    home.market(f'[[source]]\nurl = "{sites.url("lists.localhost", "/cafe-point-of-sale")}"\n')
    home.crawl("discover")
    first = home.rows("SELECT page, name, site FROM sightings ORDER BY page, position")
    sites.pages["lists.localhost", "/cafe-point-of-sale?page=2"] = page(
        "Best point of sale for cafes, page 2",
        '<h1>Best point of sale for cafes</h1><ul><li><a href="http://roastbill.localhost:'
        '{port}/">Roastbill</a> takes cards</li></ul>',
    )
    home.crawl("discover")
    second = home.rows("SELECT page, name, site FROM sightings ORDER BY page, position")
    assert [row for row in first if "page=2" not in str(row[0])] == [
        row for row in second if "page=2" not in str(row[0])
    ]
    assert "Grindpay" in {row[1] for row in first} - {row[1] for row in second}
    assert "Roastbill" in {row[1] for row in second}
    (unchanged,) = home.rows("SELECT unchanged FROM runs ORDER BY id DESC LIMIT 1")
    assert unchanged[0] == 2  # the list and the entry; the other entries are gone


def test_a_search_is_asked_what_the_market_sells(home: Home, sites: ListSites) -> None:
    sites.pages["search.localhost", "/search"] = (200, "search", "")
    sites.results = {
        "cafe point of sale": [
            {"url": "http://grindpay.localhost:{port}/pricing", "title": "Pricing | Grindpay",
             "content": "Cards and cash."},
            {"url": "http://mag.localhost:{port}/best-tills", "title": "9 best tills for cafes",
             "content": "We tried them."},
            {"url": "https://www.facebook.com/grindpay", "title": "Grindpay", "content": ""},
        ],
        "Tillmoor alternatives": [
            {"url": "http://cupcount.localhost:{port}/", "title": "Cupcount: a till for cafes",
             "content": "Counts cups."},
        ],
    }  # fmt: skip
    sites.pages["mag.localhost", "/best-tills"] = page(
        "9 best tills for cafes",
        "<h1>9 best tills for cafes</h1><h2>1. Beanline</h2><p>Small.</p><h2>2. Pourly</h2>"
        '<p>Large. <a href="http://pourly.localhost:{port}/">Pourly</a></p><h2>3. Latteo</h2>'
        '<a href="/about">About the magazine</a><a href="/best-ovens">Best ovens</a>',
    )
    home.market(f'[[source]]\nurl = "{sites.url("search.localhost")}"\nkind = "search"\n')
    done = home.crawl("discover")
    assert done.returncode == 0, done.stderr
    assert set(home.rows("SELECT name, site, rule FROM sightings")) == {
        ("Grindpay", f"http://grindpay.localhost:{sites.port}/", "search"),
        ("Cupcount", f"http://cupcount.localhost:{sites.port}/", "search"),
        ("Beanline", None, "listing/heading"),
        ("Pourly", f"http://pourly.localhost:{sites.port}/", "listing/heading"),
        ("Latteo", None, "listing/heading"),
    }
    queries = sites.queries("search.localhost")
    assert {"cafe point of sale", "Hatchcart alternatives", "Tillmoor alternatives"} <= set(queries)
    assert len(queries) == len(set(queries)) <= 12
    assert sites.asked_of("mag.localhost") == ["/best-tills"]


@pytest.mark.parametrize(
    ("status", "kind", "outcome"), [(403, "search", "blocked"), (200, "text/html", "failed")]
)
def test_a_search_without_json_says_how_to_mend_it(
    home: Home, sites: ListSites, status: int, kind: str, outcome: str
) -> None:
    sites.pages["search.localhost", "/search"] = (status, kind, "<title>Search</title><p>Hi</p>")
    url = sites.url("search.localhost", "/search")
    home.market(f'[[source]]\nurl = "{url}"\nkind = "search"\nqueries = ["a", "b", "c", "d"]')
    done = home.crawl("discover")
    assert done.returncode == 6
    assert "search.formats" in done.stderr
    assert home.rows("SELECT outcome FROM run_sources") == [(outcome,)]
    assert len(sites.asked_of("search.localhost")) <= 2


def test_a_search_that_its_robots_file_closes_is_not_asked(home: Home, sites: ListSites) -> None:
    sites.pages["search.localhost", "/search"] = (200, "search", "")
    sites.pages["search.localhost", "/robots.txt"] = (
        200, "text/plain", "User-agent: *\nDisallow: /*?*q=*\n",
    )  # fmt: skip
    home.market(f'[[source]]\nurl = "{sites.url("search.localhost")}"\nkind = "search"\n')
    done = home.crawl("discover")
    assert sites.asked_of("search.localhost") == []
    assert "robots.txt" in done.stderr
    assert home.rows("SELECT outcome FROM run_sources") == [("robots",)]


def test_candidates_get_a_quick_look_and_accepted_ones_the_whole(
    home: Home, sites: ListSites
) -> None:
    for host in ("one", "two", "three", "four"):
        links = "".join(f'<a href="/p{n}">Page {n}</a>' for n in range(8))
        sites.pages[f"{host}.localhost", "/"] = page(host, f"<h1>{host}</h1>{WORDS}{links}")
        for n in range(8):
            sites.pages[f"{host}.localhost", f"/p{n}"] = page(f"{host} {n}", f"<p>{n}</p>{WORDS}")
    home.market("")
    home.add_candidate("one", sites.url("one.localhost"), 0.5)
    home.add_candidate("two", sites.url("two.localhost"), 2.0)
    home.add_candidate("three", sites.url("three.localhost"), 3.0, decision='"ignored"')
    home.add_candidate("four", sites.url("four.localhost"), 1.0, decision='"watched"')
    done = home.crawl("discover")
    assert done.returncode == 0, done.stderr
    assert len(sites.asked_of("one.localhost")) == len(sites.asked_of("two.localhost")) == 3
    assert not sites.asked_of("three.localhost")
    assert not sites.asked_of("four.localhost")
    pages = home.rows("SELECT competitor, count(*) FROM pages GROUP BY 1 ORDER BY 1")
    assert pages == [("one", 3), ("two", 3)]
    done = home.crawl("competitors")
    assert done.returncode == 0, done.stderr
    assert len([path for path in sites.asked_of("four.localhost") if "xml" not in path]) == 9
    assert not sites.asked_of("three.localhost")


def test_rows_of_the_users_own_are_read_when_chosen(home: Home, sites: ListSites) -> None:
    directory(sites)
    home.market("")
    (home.folder / "sources").mkdir()
    (home.folder / "sources" / "mine.toml").write_text(
        f'[[source]]\nid = "my-list"\nname = "My list"\nkind = "directory"\ntrades = ["food"]\n'
        f'address = "{sites.url("lists.localhost")}"\n',
        encoding="utf-8",
    )
    done = home.crawl("discover", "-a", "sources=my-list")
    assert "Beanline" in {name for (name,) in home.rows("SELECT name FROM sightings")}, done.stderr
    assert home.rows("SELECT DISTINCT source FROM source_pages") == [("my-list",)]
    done = home.crawl("discover", "-a", "sources=my-lits")
    assert done.returncode not in (0, 5)
    assert "my-list" in done.stderr


def test_a_chosen_forum_is_read_in_part_and_what_fits_first(home: Home) -> None:
    with SmallForum() as forum:
        forum.boards = {2: "Small talk", 3: "Cafes and tills"}
        for number in range(12):
            forum.thread(f"Weather {number}", 2, board=2)
            forum.thread(f"Oven {number}", 2, board=3)
        forum.thread("Which point of sale for a cafe?", 2, board=2)
        home.market("")
        text = (home.folder / "markets" / "till.toml").read_text(encoding="utf-8")
        (home.folder / "markets" / "till.toml").write_text(
            text.replace("delay = 0", "delay = 0\npages_per_forum = 8"), encoding="utf-8"
        )
        (home.folder / "sources").mkdir()
        (home.folder / "sources" / "mine.toml").write_text(
            f'[[source]]\nid = "talk"\nname = "Talk"\nkind = "forum"\ntrades = ["food"]\n'
            f'address = "{forum.url.replace("127.0.0.1", "talk.localhost")}"\n',
            encoding="utf-8",
        )
        done = home.crawl("forums", "-a", "sources=talk")
        assert done.returncode == 0, done.stderr  # read in part, as meant: nothing is left over
        assert len(forum.log) == 8
        assert home.rows("SELECT id, origin FROM forums") == [("talk", "catalogue")]
        assert "f=3" in forum.log[1]  # the board that speaks of cafes
        titles = [title for (title,) in home.rows("SELECT title FROM threads WHERE posts > 0")]
        assert "Which point of sale for a cafe?" in titles
