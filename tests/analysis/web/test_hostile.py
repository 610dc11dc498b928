"""Whatever is in the database, every page answers, and what was crawled stays text."""

import base64
import hashlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from selectolax.lexbor import LexborHTMLParser

from tests.analysis import hostile_db
from tests.analysis.web import lines
from tests.analysis.web.conftest import served
from tests.analysis.web.test_browser import CHROMIUM
from tests.analysis.web.test_browser import served as listening

BY_NAME = {attack.name: attack for attack in hostile_db.ATTACKS}
IN_KEYS = ("script", "attribute", "link", "markup", "bidi", "control", "word", "surrogate",
           "json-deep")  # fmt: skip
CASES = [(name, False) for name in BY_NAME] + [(name, True) for name in IN_KEYS]
RAW = ("posts", "evidence", "competitors", "companies", "changes", "pages", "threads", "topics",
       "decisions", "summaries", "tier_board")  # fmt: skip
LAID_OUT = [(name, False) for name in
            ("attribute", "markup", "style", "bidi", "word", "zalgo", "json-deep")]  # fmt: skip
LAID_OUT += [("word", True), ("script", True)]

_LINKS = ("href", "src", "action", "formaction", "poster", "background", "xlink:href", "data",
          "cite", "ping", "srcset", "manifest")  # fmt: skip
_SAFE = re.compile(r"/(?![/\\])|[?#]|https?://[^\s\x00-\x20]+\Z|\Z", re.IGNORECASE)
_NEVER = ("script", "style", "iframe", "object", "embed", "base", "frame", "applet", "template",
          "noscript", "math", "portal", "video", "audio")  # fmt: skip
_STRAY = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]"
    r"|[\u0300-\u036f\u0483-\u0489]{4}"
)
"""Control and direction characters, and a pile of combining marks."""

pytestmark = pytest.mark.slow


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name, keys = request.param
    hostile_db.build(tmp_path / "market.db", BY_NAME[name], keys=keys)
    return tmp_path / "market.db"


@pytest.fixture
def poisoned_desk(case: Path) -> Iterator[Datasette]:
    yield from served(case)


def our_pages(path: Path) -> list[str]:
    """Every page, with every competitor and some posts, in more than one range and language."""
    with sqlite3.connect(path) as conn:
        conn.text_factory = lambda raw: raw.decode("utf-8", "replace")
        keys = [
            row[0]
            for row in conn.execute("SELECT id FROM competitors WHERE NOT is_self ORDER BY rowid")
        ]
    conn.close()
    # An address longer than this reaches no server, and no address spells bytes that are no text.
    named = [
        f"/competitors/{quote(key, safe='')}"
        for key in keys
        if len(key) < 2_000 and "\ufffd" not in key
    ]
    return [
        *lines.pages(), *named[:4], "/?period=30d&lang=zh", "/when?period=90d&lang=vi",
        "/posts?q=pwned", "/posts?q=w", "/posts?topic=pain:x&fact=budget:x", "/posts/1", "/posts/2",
        "/competitors?channel=email", "/changes?period=365d",
    ]  # fmt: skip


def check(page: str, headers: dict[str, str], *, ours: bool) -> None:
    """Nothing of the page runs, dresses or leads anywhere but what we wrote ourselves."""
    policy = headers["content-security-policy"]
    tree = LexborHTMLParser(page)
    for node in tree.css("*"):
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        if ours:
            mark = node.tag == "img" and attributes.get("src", "").startswith("/-/rivalmap/")
            assert mark or node.tag not in _NEVER, node.html[:200]
            assert "style" not in attributes, node.html[:200]
        elif node.tag == "script":
            assert attributes.get("src", "/-/static/").startswith("/-/static/"), node.html[:200]
            if "src" not in attributes:
                assert named(node.text(), policy), node.html[:200]
        else:
            assert node.tag not in set(_NEVER) - {"style"}, node.html[:200]
        for name, value in attributes.items():
            assert re.fullmatch(r"[a-z][a-z0-9:-]*", name), (name, node.html[:200])
            if name.startswith("on"):
                assert not ours and named(value, policy), node.html[:200]
            if name in _LINKS:
                assert _SAFE.match(value), (name, value[:200])
            if name in ("src", "srcset", "data", "poster"):
                assert value.startswith("/-/"), (name, value[:200])
        outside = re.match(
            "(?i)https?://(?!localhost/|datasette\\.io/)", attributes.get("href", "")
        )
        if outside and node.tag == "a":
            assert "noopener" in attributes.get("rel", ""), node.html[:200]
    if ours:
        assert "'unsafe" not in policy
        stray = _STRAY.search(tree.body.text())
        assert stray is None, ascii(tree.body.text()[stray.start() - 80 : stray.end() + 20])


def named(script: str, policy: str) -> bool:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'" in policy


@pytest.mark.parametrize("case", CASES, indirect=True, ids=lambda c: f"{c[0]}{'-keys' * c[1]}")
async def test_every_page_survives(case, poisoned_desk, caplog):
    for path in our_pages(case):
        answer = await poisoned_desk.client.get(path)
        assert answer.status_code == 200, (path[:200], caplog.text[-3_000:])
        assert len(answer.content) < 1_500_000, (path[:200], len(answer.content))
        check(answer.text, answer.headers, ours=True)
    for table in RAW:
        for path in (f"/desks/{table}", f"/desks/{table}?_size=3&_sort=rowid", f"/desks/{table}/1"):
            answer = await poisoned_desk.client.get(path)
            assert answer.status_code in (200, 400, 404), (path, caplog.text[-3_000:])
            assert answer.status_code == 200 or path != f"/desks/{table}", path
            if answer.status_code == 200:
                check(answer.text, answer.headers, ours=False)
        for kind in (".json", ".csv"):
            answer = await poisoned_desk.client.get(f"/desks/{table}{kind}?_size=20")
            assert answer.status_code == 200, (table, kind)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")
@pytest.mark.parametrize("case", LAID_OUT, indirect=True, ids=lambda c: f"{c[0]}{'-keys' * c[1]}")
def test_nothing_runs_and_nothing_is_pushed_aside(case: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    faults: list[object] = []
    for address in listening(case):
        elsewhere = re.compile(f"(?!{re.escape(address)}/)")
        with playwright.sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path=str(CHROMIUM),
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            page = browser.new_page(locale="en")
            page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda e: faults.append(str(e)))
            page.on("dialog", lambda d: (faults.append("dialog"), d.dismiss()))
            page.on(
                "request",
                lambda r, e=elsewhere: faults.append(r.url) if e.match(r.url) else None,
            )
            for path in (*our_pages(case), *(f"/desks/{table}?_size=5" for table in RAW)):
                for width in (1280, 390):
                    page.set_viewport_size({"width": width, "height": 844})
                    if width == 1280:
                        answer = page.goto(address + path, wait_until="load")
                        assert answer is not None and answer.status == 200, path
                        assert page.evaluate("window.__pwned") is None, path
                        hidden = "getComputedStyle(document.body).display === 'none'"
                        assert not page.evaluate(hidden), path
                    wide = page.evaluate(
                        "document.documentElement.scrollWidth"
                        " - document.documentElement.clientWidth"
                    )
                    if wide > 0 and not path.startswith("/desks/"):
                        faults.append((path[:80], width, wide))
            browser.close()
    assert faults == []
