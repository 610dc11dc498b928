"""Nothing crawled runs, nothing closed opens."""

import csv
import html
import io
import re
import sqlite3

import pytest
from datasette.app import Datasette

from analysis.web import plugin
from analysis.web.security import OURS, stock_policy
from analysis.web.serve import datasette_for, metadata, settings
from tests.analysis import sample_db

PAGES = (
    "/", "/competitors", "/competitors?channel=email", "/competitors/oakframe",
    "/competitors/shutdoor", "/channels",
    "/customers", "/when", "/why-not", "/why-them", "/openings", "/posts", "/posts/3", "/changes",
    "/collection", "/posts?q=pwned",
)  # fmt: skip
STOCK = ("/desks", "/desks/posts", "/desks/evidence", "/desks/posts/3", "/desks/tier_board")


@pytest.mark.parametrize("path", PAGES)
async def test_our_pages_allow_nothing_inline(desk, path):
    answer = await desk.client.get(path)
    assert answer.headers["content-security-policy"] == OURS
    assert "'unsafe" not in OURS
    assert "<script" not in answer.text
    assert not re.search(r"<[^>]+\sstyle=", answer.text)


@pytest.mark.parametrize(
    "path", [*PAGES, *STOCK, "/nowhere", "/robots.txt", "/desks/posts.json", "/desks/posts.csv",
             "/-/rivalmap/desk.css"],
)  # fmt: skip
async def test_headers_on_every_answer(desk, path):
    headers = (await desk.client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script-src 'self' 'unsafe" not in headers["content-security-policy"]


def test_only_fixed_scripts_of_stock_pages_may_run():
    policy = stock_policy(
        ["<script>fixed()</script><script>f('{{ crawled }}')</script>"
         "<script>X = {{ datasette_allow_facet }};</script>"]
    )  # fmt: skip
    assert policy.count("'sha256-") == 3


@pytest.mark.parametrize("path", PAGES)
async def test_hostile_content_stays_text(hostile, path):
    answer = await hostile.client.get(path)
    assert answer.status_code == 200
    page = answer.text
    assert "<script" not in page and "<svg onload" not in page and "<img src=x" not in page
    assert len(page) < 400_000
    for tag in re.findall(r"<[a-zA-Z][^>]*>", page):
        assert not re.search(r"\son[a-z]+\s*=", re.sub(r'"[^"]*"', '""', tag)), tag
    for href in re.findall(r'(?:href|src|action)="([^"]*)"', page):
        assert re.match(r"(/|https?://|#)", html.unescape(href)), href
    assert "49" not in re.findall(r"\{\{ 7 \* 7 \}\}|\b49\b(?= \{% raw)", page)
    shown = html.unescape(page)
    assert not any(mark in shown for mark in "\u202e\u2066\u2067\x07\x1b")


@pytest.mark.parametrize("path", STOCK)
async def test_hostile_content_stays_text_on_stock_pages(hostile, path):
    page = (await hostile.client.get(path)).text
    assert "<script>window.pwned" not in page and "<svg onload" not in page
    assert not re.search(r'href="\s*javascript:', page, re.IGNORECASE)


async def test_outside_links_tell_nothing(desk):
    page = (await desk.client.get("/competitors/oakframe")).text
    outside = re.findall(r'<a [^>]*href="https?://[^>]*>', page)
    assert outside
    assert all('rel="noopener noreferrer nofollow"' in link for link in outside)
    table = (await desk.client.get("/desks/pages")).text
    assert 'rel="noopener noreferrer nofollow"' in table


@pytest.mark.parametrize("extra", ["", "?_stream=1", "?_dl=1", "?_labels=on"])
async def test_csv_of_datasette_is_defused(hostile, extra):
    answer = await hostile.client.get(f"/desks/posts.csv{extra}")
    csv.field_size_limit(10_000_000)
    cells = [c for row in csv.reader(io.StringIO(answer.text, newline="")) for c in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [c[:30] for c in cells if c[:1] in ("=", "+", "@") and not c[1:].isdigit()]


async def test_no_sql_no_download_no_trace(desk):
    assert (await desk.client.get("/desks?sql=select+1")).status_code == 403
    assert (await desk.client.get("/desks.json?sql=select+1")).status_code == 403
    assert (await desk.client.get("/desks.db")).status_code in (403, 404)
    assert "_trace" not in (await desk.client.get("/desks/forums.json?_trace=1")).json()
    where = await desk.client.get("/desks/forums.json?_where=1=1")
    assert where.status_code in (400, 403)


async def test_robots_are_closed(desk):
    assert (await desk.client.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"


async def test_only_our_files_are_served(desk):
    for name in ("plugin.py", "desk.cssx", "%2e%2e%2fplugin.py"):
        answer = await desk.client.get(f"/-/rivalmap/{name}", follow_redirects=True)
        assert answer.status_code == 404


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("closed", ["instance", "database", "table"])
async def test_permission_is_asked_on_every_route(market_db, path, closed):
    config = metadata("desks", hosts=None)
    if closed == "instance":
        config["allow"] = {"id": "root"}
    elif closed == "database":
        config["databases"]["desks"]["allow"] = {"id": "root"}
    else:
        for table in ("summaries", "tiers", "posts", "runs", "changes", "channel_tags"):
            config["databases"]["desks"].setdefault("tables", {}).setdefault(table, {})["allow"] = {
                "id": "root"
            }
    datasette = Datasette([str(market_db)], settings=settings(), metadata=config)
    database = datasette.get_database("market")
    datasette.remove_database("market")
    datasette.add_database(database, name="desks")
    assert (await datasette.client.get(path)).status_code == 403
    root = {"ds_actor": datasette.sign({"a": {"id": "root"}}, "actor")}
    assert (await datasette.client.get(path, cookies=root)).status_code == 200


async def test_strange_host_names_are_refused(desk):
    assert (await desk.client.get("/", headers={"host": "evil.example"})).status_code == 421
    assert (await desk.client.get("/", headers={"host": "127.0.0.1:8001"})).status_code == 200
    assert (await desk.client.get("/", headers={"host": "[::1]:8001"})).status_code == 200


async def test_stock_search_understands_folded_words(desk):
    for query in ("phan van", "價格", "PHÂN"):
        found = await desk.client.get(
            "/desks/posts.json", params={"_search": query, "_shape": "array"}
        )
        assert len(found.json()) == 20, query


async def test_stock_pages_carry_the_bar(desk):
    for path in STOCK:
        page = (await desk.client.get(path)).text
        assert 'class="rm-tabs"' in page
        assert 'href="/why-not"' in page


async def test_other_databases_keep_datasettes_own_pages(tmp_path):
    path = tmp_path / "else.db"
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE t (x)")
    conn.close()
    datasette_for_other = Datasette([str(path)])
    answer = await datasette_for_other.client.get("/")
    assert "Powered by" in answer.text and "rm-tabs" not in answer.text
    assert "content-security-policy" not in answer.headers
    assert (await datasette_for_other.client.get("/competitors")).status_code == 404


async def test_overrides_and_missing_file(market_db, tmp_path):
    datasette = datasette_for(market_db, "desks", overrides={"base_url": "/research/"})
    page = (await datasette.client.get("/channels")).text
    links = re.findall(r'href="(/[^"]*)"', page)
    assert links and all(link.startswith("/research/") for link in links)
    with pytest.raises(FileNotFoundError):
        datasette_for(tmp_path / "none.db", "desks")


def test_plugin_has_hooks_only():
    hooks = {"register_routes", "asgi_wrapper", "prepare_connection", "menu_links", "render_cell"}
    assert hooks <= set(dir(plugin))
    assert sample_db.ATTACKS
