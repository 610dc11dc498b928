"""Nothing crawled runs, nothing closed opens."""

import base64
import csv
import hashlib
import html
import io
import re
import sqlite3

import pytest
from datasette.app import Datasette

from analysis.web import compat, plugin
from analysis.web import desk as pages_of_desk
from analysis.web.inline import stock_scripts
from analysis.web.security import OURS
from analysis.web.serve import datasette_for, metadata
from tests.analysis import sample_db
from tests.analysis.web import lines

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


HEADED = (
    *PAGES, *STOCK, "/nowhere", "/desks/nothing", "/desks/posts/9999", "/desks.db", "/-/versions",
    "/desks?sql=select+1", "/posts/", "/desks/posts?_sort=bogus", "/desks/posts.json",
    "/desks/posts.csv", "/desks/posts.csv?_stream=1", "/nothing.json", "/robots.txt",
    "/favicon.ico", "/-/static/app.css", "/-/static/none.css", "/-/rivalmap/desk.css",
)  # fmt: skip


def well_headed(headers):
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert re.fullmatch(r"script-src 'self'(?: 'unsafe-hashes')?(?: 'sha256-[\w+/=]+')*", scripts)


@pytest.mark.parametrize("path", HEADED)
async def test_headers_on_every_answer(desk, path):
    well_headed((await desk.client.get(path)).headers)


async def test_headers_on_refusals_too(desk):
    well_headed((await desk.client.post("/posts")).headers)
    refused = await desk.client.get("/", headers={"host": "evil.example"})
    assert refused.status_code == 421
    well_headed(refused.headers)


def test_only_fixed_scripts_of_stock_pages_may_run():
    scripts = stock_scripts(
        ["<script>fixed()</script><script>f('{{ crawled }}')</script>"
         "<script>X = {{ datasette_allow_facet }};</script>"
         "<script>for (x of {{ rows|tojson }}) run(x)</script>"
         "<script>window._given = {{ rows|tojson }};</script>"]
    )  # fmt: skip
    assert scripts.policy().count("'sha256-") == 3
    assert "unsafe-hashes" not in scripts.policy()
    for page, allowed in (
        ('<script>window._given = {"a": ["b"]};</script>', 1),
        ('<script>window._given = {"a": alert(1)};</script>', 0),
        ("<script>window._given = {};alert({});</script>", 0),
        ('<script>window._other = {"a": 1};</script>', 0),
        ("<script>window._given = " + '{"a":' * 100_000 + "};</script>", 0),
        ("<script>window.pwned = 1</script>", 0),
    ):
        assert scripts.policy(page).count("'sha256-") == 3 + allowed, page[:60]


def test_handlers_in_attributes_are_named_by_their_hash():
    scripts = stock_scripts(['<button onclick="choose()">x</button><p onclick="{{ x }}">'])
    assert scripts.policy().count("'sha256-") == 1
    assert "script-src 'self' 'unsafe-hashes' 'sha256-" in scripts.policy()


@pytest.mark.parametrize("path", STOCK)
async def test_every_script_of_a_stock_page_is_named(desk, path):
    answer = await desk.client.get(path)
    policy = answer.headers["content-security-policy"]
    scripts = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", answer.text, re.DOTALL)
    handlers = re.findall(r'<[^>]+\son[a-z]+="([^"]*)"', answer.text)
    assert scripts
    for script in scripts + handlers:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy, script[:200]


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


@pytest.mark.parametrize(
    "path",
    ["/desks?sql=select+1", "/desks.json?sql=select+1", "/desks.csv?sql=select+1",
     "/desks/-/query?sql=select+1", "/desks/-/query.json?sql=select+1", "/_memory?sql=select+1",
     "/_internal?sql=select+1", "/desks/-/execute-write", "/desks/canned"],
)  # fmt: skip
async def test_no_sql(desk, path):
    answer = await desk.client.get(path, follow_redirects=True)
    assert answer.status_code in (403, 404)
    assert '"1": 1' not in answer.text


async def test_no_download_no_trace(desk):
    assert (await desk.client.get("/desks.db")).status_code in (403, 404)
    assert "_trace" not in (await desk.client.get("/desks/forums.json?_trace=1")).json()
    for extra in ("_where=1=1", "_where=id+in+(select+1)"):
        where = await desk.client.get(f"/desks/forums.json?{extra}")
        assert where.status_code in (400, 403)


@pytest.mark.parametrize("path", STOCK)
async def test_no_link_of_a_stock_page_leads_nowhere(desk, path):
    hidden = re.compile(r"/-/schema$")  # bar.css does not show it
    page = (await desk.client.get(path)).text
    links = {html.unescape(link) for link in re.findall(r'(?:href|src)="(/[^"#]*)', page)}
    assert len(links) > 20
    for link in sorted(links)[:120]:
        if not hidden.search(link):
            answer = await desk.client.get(link, follow_redirects=True)
            assert answer.status_code == 200, link


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example/%2f..", "/\\evil.example/", "/%5Cevil.example/",
             "//evil.example//", "/-//evil.example/", "/%2F%2Fevil.example/"],
)  # fmt: skip
async def test_no_redirect_leads_away(desk, path):
    answer = await desk.client.get(path)
    where = answer.headers.get("location", "/")
    assert re.match(r"/(?![/\\])", where), where


async def test_robots_are_closed(desk):
    assert (await desk.client.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"


async def test_only_our_files_are_served(desk):
    for name in ("plugin.py", "desk.cssx", "%2e%2e%2fplugin.py"):
        answer = await desk.client.get(f"/-/rivalmap/{name}", follow_redirects=True)
        assert answer.status_code == 404


VALUES = {
    "competitor": "oakframe", "post": "3", "database": "desks", "table": "posts", "pks": "3",
    "format": "json", "name": "desk.css", "path": "app.css", "rest": "", "query": "posts",
}  # fmt: skip
"""What stands in the place of a route's part when a test asks it; a new part wants a line."""
OPEN = re.compile(
    r"/robots\.txt|/favicon\.ico|/-/(?:static|static-plugins|rivalmap)/.*|/:memory:.*"
)
"""Files of the pages, and redirects: nothing of a market."""


def address(pattern):
    """An address a route answers to."""
    asked = re.sub(r"\(\?![^()]*(?:\([^()]*\)[^()]*)*\)", "", pattern.strip("^$"))
    while found := re.search(r"\(\?P<(\w+)>", asked):
        depth, end = 0, found.start()
        while True:
            depth += {"(": 1, ")": -1}.get(asked[end], 0)
            end += 1
            if not depth:
                break
        asked = asked[: found.start()] + VALUES[found.group(1)] + asked[end:]
    asked = re.sub(r"\(\?:[^()]*\)\?", "", asked)
    asked = re.sub(r"\(([^()|]*)(?:\|[^()]*)?\)\??", r"\1", asked)
    asked = re.sub(r"\[\^/\][+*]", "x", asked).replace("\\.", ".")
    assert re.search(pattern if pattern[:1] == "^" else f"^{pattern}", asked), (pattern, asked)
    return asked


def every_address(datasette):
    """One of every route the server knows, and the other forms of raw tables."""
    asked = [address(route.pattern) for route, _ in datasette._routes()]
    for name in ("", "/posts", "/evidence", "/tier_board", "/posts/3"):
        asked += [f"/desks{name}{kind}" for kind in ("", ".json", ".csv")]
    asked += ["/desks/posts.csv?_stream=1", "/desks/posts.json?_shape=array", "/.json", *PAGES]
    return list(dict.fromkeys(asked))


def closed_desk(path, level):
    """The market open to ``root`` alone, by the rule of one level."""
    config = metadata("desks", hosts=None)
    only = {"allow": {"id": "root"}}
    if level == "instance":
        config |= only
    elif level == "database":
        config["databases"]["desks"] |= only
    else:
        with sqlite3.connect(path) as conn:
            names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master "
                     "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")]  # fmt: skip
        conn.close()
        for name in names:
            config["databases"]["desks"]["tables"].setdefault(name, {}).update(only)
    return lines.configured(path, "desks", config)


@pytest.mark.parametrize("level", ["instance", "database", "table"])
async def test_permission_is_asked_on_every_route(market_db, level):
    datasette = closed_desk(market_db, level)
    asked = [path for path in every_address(datasette) if not OPEN.fullmatch(path)]
    pages = {address(f"^/{page.route}$") for page in pages_of_desk.PAGES}
    assert pages <= set(asked) and len(asked) > 40
    root = {"ds_actor": datasette.sign({"a": {"id": "root"}}, "actor")}
    lists = ("/desks", "/desks.json")
    if level == "table":  # the list of tables is the database's: it names none of them
        for path in lists:
            answer = await datasette.client.get(path)
            assert answer.status_code == 200 and "/desks/posts" not in answer.text
    for path in asked:
        if level == "table" and path in (*lists, "/.json"):
            continue
        if level == "database" and path == "/.json":  # the list of databases is the server's
            answer = await datasette.client.get(path)
            assert answer.status_code == 200 and "desks" not in answer.text
            continue
        # A closed address with a slash at its end is first sent to the one without.
        answer = await datasette.client.get(path, follow_redirects=True)
        assert answer.status_code == 403 or (
            path not in pages and answer.status_code in (404, 405)
        ), (path, answer.status_code)
        for secret in ("LiftLine", "升降桌"):
            assert secret not in answer.text, path
    for path in PAGES:
        answer = await datasette.client.get(path, cookies=root)
        assert answer.status_code == 200, path


async def test_every_other_route_answers_or_is_closed(desk):
    """With the market open: the pages answer, the machinery of either line is not there."""
    for path in every_address(desk):
        answer = await desk.client.get(path)
        machinery = any(re.search(route, path) for route in compat.MACHINERY)
        if machinery:
            answer = await desk.client.get(path, follow_redirects=True)
            assert answer.status_code == 404, path
        assert answer.status_code < 500, path


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
