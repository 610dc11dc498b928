"""Asking sources: what each kind of answer means, and what of it is kept.

A server of our own plays a dozen sites under ``NAME.localhost``; the command itself is started as
a user starts it, with a catalogue of these sites in the shipped one's place.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from analysis.inputs import Input
from analysis.source_check import asked_of, judge, load_checks, store_checks
from crawlers.document import Document
from crawlers.sources import Check, PublicSource

WHEN = "2026-11-23T01:00:00Z"
WORDS = "<p>Where do you buy your beans, and what does the roaster ask for a kilo now?</p>"
PHPBB = (
    '<html><body id="phpbb"><h2 class="topic-title"><a href="./viewtopic.php?t=4">Beans</a></h2>'
    f'<div id="p9" class="post"><div class="content">{WORDS}</div></div></body></html>'
)
PLAIN = f"<html><body><h1>A list of roasters</h1>{WORDS * 5}</body></html>"
SIGN_IN = '<html><body><form><input name="u"><input type="password"></form></body></html>'
SHELL = '<html><body><div id="root"></div><script src="/app.js"></script></body></html>'
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title></channel></rss>'

SEARCHED = "/search?q=company&format=json&language=all&pageno=1"

# site -> path -> (status, what follows: a body, or where it leads)
SITES: dict[str, dict[str, tuple[int, str]]] = {
    "board": {"/": (200, PHPBB)},
    "plain": {"/list/": (200, PLAIN)},
    "robots": {"/robots.txt": (200, "User-agent: *\nDisallow: /"), "/": (200, PLAIN)},
    "slow": {"/robots.txt": (200, "User-agent: *\nCrawl-delay: 600"), "/": (200, PLAIN)},
    "wall": {"/": (403, "<title>Just a moment...</title>")},
    "challenge": {"/": (200, "<html><script>window._cf_chl_opt={}</script></html>")},
    "members": {"/": (302, "/login?next=/"), "/login?next=/": (200, SIGN_IN)},
    "form": {"/": (200, SIGN_IN)},
    "old": {"/": (301, "http://board.localhost:PORT/")},
    "closedboard": {"/beans/": (301, "/"), "/": (200, PLAIN)},
    "tongue": {"/": (302, "/en/"), "/en/": (200, PLAIN)},
    "gone": {},
    "ill": {"/": (500, "oops")},
    "shell": {"/": (200, SHELL)},
    "feed": {"/rss": (200, FEED)},
    "key": {"/": (401, "no")},
    "asked-for": {"/": (200, PLAIN)},
    "deaf": {"/": (200, PLAIN), SEARCHED: (200, PLAIN)},
    "seeks": {"/": (200, PLAIN), SEARCHED: (200, '{"query": "company", "results": []}')},
}
EXPECTED = {
    "board": "open", "plain": "open", "robots": "robots", "slow": "robots", "wall": "blocked",
    "challenge": "blocked", "members": "login", "form": "login", "old": "moved",
    "closedboard": "moved", "tongue": "open", "gone": "dead", "ill": "failed", "shell": "open",
    "feed": "open", "key": "login", "asked-for": "skipped",
    "deaf": "blocked", "seeks": "open",
}  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    """Answers by the host's first label; notes who asked for what."""

    seen: list[tuple[str, str, str]]

    def do_GET(self) -> None:
        site = self.headers["Host"].split(".")[0]
        self.seen.append((site, self.path, self.headers["User-Agent"]))
        status, text = SITES.get(site, {}).get(self.path, (404, "nothing here"))
        self.send_response(status)
        if 300 <= status < 400:
            port = str(self.server.server_address[1])
            self.send_header("Location", text.replace("PORT", port))
            text = ""
        kind = "application/rss+xml" if text.startswith("<?xml") else "text/html; charset=utf-8"
        kind = "application/json" if text.startswith("{") else kind
        self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def seen() -> list[tuple[str, str, str]]:
    return []


@pytest.fixture(scope="module")
def port(seen: list[tuple[str, str, str]]) -> Iterator[int]:
    handler = type("Bound", (Handler,), {"seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


# The command, with other rows in the place of those that ship.
STARTER = """
import json, sys
from crawlers.sources import PublicSource, choosing, own
rows = json.loads(sys.argv.pop(1))
choosing.load_catalogue = own.load_catalogue = lambda: tuple(
    PublicSource(**{**row, "trades": tuple(row["trades"])}) for row in rows
)
from scrapy.cmdline import execute
execute(["scrapy", *sys.argv[1:]])
"""
MARKET = """
[business]
name = "Morning Hill"
description = "Roasted coffee beans by subscription."

[crawl]
delay = 0
contact = "me@morninghill.example"
allow_private = true
"""


def doctor(
    home: Path, rows: list[dict[str, object]], *options: str
) -> "subprocess.CompletedProcess[str]":
    (home / "markets").mkdir(parents=True, exist_ok=True)
    (home / "markets" / "beans.toml").write_text(MARKET, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-c", STARTER, json.dumps(rows), "doctor", "beans", *options],
        cwd=Path(__file__).parents[2], env={**os.environ, "RIVALMAP_HOME": str(home)},
        capture_output=True, text=True, timeout=180,
    )  # fmt: skip


def rows_at(port: int) -> list[dict[str, object]]:
    paths = {"plain": "/list/", "closedboard": "/beans/", "feed": "/rss"}
    access = {"key": "api_key", "asked-for": "permission"}
    return [
        {
            "id": site, "name": site, "kind": "forum", "trades": ["general"],
            "address": f"http://{site}.localhost:{port}{paths.get(site, '/')}",
            "access": access.get(site, "open"),
            "guide": "Zalo" if site == "members" else "",
            **({"kind": "search", "engine": "searxng"} if site in ("deaf", "seeks") else {}),
        }
        for site in SITES
    ]  # fmt: skip


@pytest.fixture(scope="module")
def asked(
    port: int, tmp_path_factory: pytest.TempPathFactory
) -> "tuple[Path, subprocess.CompletedProcess[str]]":
    home = tmp_path_factory.mktemp("home")
    return home, doctor(home, rows_at(port), "--sources")


def checks_in(home: Path) -> dict[str, Check]:
    return load_checks(home / "data" / "beans" / "sources.json")


@pytest.mark.slow
def test_every_kind_of_answer_has_its_word(
    asked: "tuple[Path, subprocess.CompletedProcess[str]]",
) -> None:
    home, run = asked
    assert run.returncode == 0, run.stderr
    found = checks_in(home)
    assert {name: check.state for name, check in found.items()} == EXPECTED
    assert found["board"].engine == "phpbb" and found["feed"].engine == "feed"
    assert found["plain"].engine is None
    assert "JavaScript" in found["shell"].detail and "500" in found["ill"].detail
    assert "600" in found["slow"].detail
    assert found["old"].address and "board.localhost" in found["old"].address
    assert all(check.checked_at.endswith("Z") and check.detail for check in found.values())


@pytest.mark.slow
def test_it_asks_with_manners(
    asked: "tuple[Path, subprocess.CompletedProcess[str]]", seen: list[tuple[str, str, str]]
) -> None:
    pages = [(site, path) for site, path, _ in seen if path != "/robots.txt"]
    sites = {site for site, _ in pages}
    assert "robots" not in sites and "slow" not in sites  # robots.txt closes them
    assert "asked-for" not in {site for site, *_ in seen}  # its owner wants an agreement first
    assert {site for site, path, _ in seen if path == "/robots.txt"} >= sites
    assert all("me@morninghill.example" in agent for *_, agent in seen)


@pytest.mark.slow
def test_what_is_printed(asked: "tuple[Path, subprocess.CompletedProcess[str]]") -> None:
    _, run = asked
    assert f"asking {len(SITES)} public sources" in run.stdout
    assert '-> your own data instead: docs/sources.md, "Zalo"' in run.stdout
    assert run.stdout.rstrip().endswith("sources.json") and run.stderr == ""


@pytest.mark.slow
def test_the_doctor_remembers(asked: "tuple[Path, subprocess.CompletedProcess[str]]") -> None:
    home, _ = asked
    run = doctor(home, [])
    count = sum(state in ("open", "moved") for state in EXPECTED.values())
    assert f"{len(SITES)} of the catalogue asked" in run.stdout
    assert f"; {count} are open" in run.stdout


@pytest.mark.slow
def test_without_a_network_nothing_is_recorded(tmp_path: Path) -> None:
    row = {"id": "far", "name": "Far", "address": "http://127.0.0.1:9/", "kind": "forum",
           "trades": ["general"]}  # fmt: skip
    run = doctor(tmp_path, [row], "--sources")
    assert run.returncode == 6 and "is there a network?" in run.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--trade", "food"], 2, "go with --sources"),
        (["--sources", "--trade", "coffee"], 2, "'coffee' is no trade of the catalogue"),
        (["--sources", "--country", "FR"], 6, "no source of the catalogue fits"),
    ],
)
def test_wishes(tmp_path: Path, options: list[str], code: int, words: str) -> None:
    row = {"id": "x", "name": "X", "address": "http://x.localhost/", "kind": "forum",
           "trades": ["general"], "countries": ["VN"]}  # fmt: skip
    run = doctor(tmp_path, [row], *options)
    assert run.returncode == code, run.stderr
    assert words in run.stdout + run.stderr


@pytest.mark.parametrize(
    ("asked_for", "found", "state"),
    [
        ("https://a.example/", "https://a.example/", "open"),
        ("https://www.a.example/", "https://a.example/", "open"),
        ("https://a.example/", "https://m.a.example/", "open"),
        ("https://a.example/", "https://a.example/vi/", "open"),
        ("https://a.example/forum", "https://a.example/forum/", "open"),
        ("https://a.example/forum/", "https://a.example/forum/index.php", "open"),
        ("https://a.example/forum/", "https://a.example/vi/forum/", "open"),
        ("https://a.example/Forum/", "https://a.example/forum/", "open"),
        ("https://a.example/forum/", "https://a.example/", "moved"),
        ("https://a.example/forum/", "https://a.example/community/", "moved"),
        ("https://forum.a.example/", "https://community.a.example/", "moved"),
        ("https://a.example/", "https://b.example/", "moved"),
        ("https://a.example/", "https://a.example/login", "login"),
        ("https://a.example/", "https://id.a.example/signin?to=a", "login"),
    ],
)
def test_where_a_page_was_found(asked_for: str, found: str, state: str) -> None:
    source = PublicSource(id="a", name="A", address=asked_for, kind="forum", trades=("general",))
    answer = Input(url=found, document=Document(found, PLAIN.encode()))
    assert judge(source, answer, now=WHEN).state == state


def test_a_board_with_a_sign_in_box_is_open() -> None:
    links = "".join(f'<p><a href="/t/{n}">Question number {n}</a></p>' for n in range(40))
    url = "https://a.example/"
    body = f"<html><body><form><input type=password></form>{links}</body></html>"
    source = PublicSource(id="a", name="A", address=url, kind="forum", trades=("general",))
    answer = Input(url=url, document=Document(url, body.encode()))
    assert judge(source, answer, now=WHEN).state == "open"


def test_newer_checks_join_older_ones_and_a_failure_pushes_none_out(tmp_path: Path) -> None:
    path = tmp_path / "data" / "sources.json"
    store_checks(path, [check("a", "open"), check("b", "failed"), check("c", "dead")])
    store_checks(path, [check("a", "failed"), check("b", "failed"), check("c", "open")])
    assert {name: one.state for name, one in load_checks(path).items()} == {
        "a": "open", "b": "failed", "c": "open",
    }  # fmt: skip
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"checks": 3}'])
def test_a_broken_file_counts_as_none(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "sources.json"
    assert load_checks(path) == {}
    path.write_bytes(body)
    assert load_checks(path) == {}
    store_checks(path, [check("a", "open")])
    assert set(load_checks(path)) == {"a"}


def check(name: str, state: str) -> Check:
    return Check(id=name, checked_at=WHEN, state=state, detail="told")  # type: ignore[arg-type]


RESULTS = '{"query": "q", "results": [{"url": "https://rivalo.example/", "title": "Rivalo"}]}'
ASKED = "https://s.example/search?q=x&format=json"


@pytest.mark.parametrize(
    ("found", "body", "state", "said"),
    [
        (ASKED, RESULTS, "open", "answers"),
        (ASKED, '{"query": "q", "results": []}', "open", "answers"),
        ("https://t.example/search?q=x&format=json", RESULTS, "moved", "t.example/search"),
        (ASKED, PLAIN, "blocked", "settings.yml"),
        (ASKED, SIGN_IN, "login", "sign-in"),
        (ASKED, '{"results": [', "failed", "broken"),
        (ASKED, '{"hits": []}', "failed", "results"),
    ],
)
def test_a_search_is_open_where_its_results_can_be_read(
    found: str, body: str, state: str, said: str
) -> None:
    kind = "application/json" if body.startswith("{") else "text/html"
    check = judge(SEARCH, Input(url=found, document=page(found, body, kind)), now=WHEN)
    assert (check.state, said in check.detail) == (state, True), check
    assert check.engine == ("searxng" if state in ("open", "moved") else None)
    assert "?" not in (check.address or "")


def test_a_search_that_refuses_its_json_is_told_how_to_mend_it() -> None:
    asked = asked_of(SEARCH)
    assert asked.startswith("https://s.example/search?") and "format=json" in asked
    answer = Input(url=asked, error=f"{asked}: the site answered 403", reason="http_403")
    check = judge(SEARCH, answer, now=WHEN)
    assert check.state == "blocked" and check.detail.startswith("the site answered 403. SearXNG")


SEARCH = PublicSource(
    id="s", name="S", address="https://s.example/", kind="search", trades=("general",),
    engine="searxng",
)  # fmt: skip


def page(url: str, body: str, kind: str) -> Document:
    return Document(url, body.encode(), headers={"Content-Type": kind})
