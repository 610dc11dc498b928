"""Every number that is a link opens exactly what it counts, in the sample and in changed data."""

import html
import re
import sqlite3
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from analysis.passes import summaries
from analysis.web.serve import datasette_for
from tests.analysis import sample_db
from tests.analysis.web import lines

PAGES = (
    "/", "/competitors", "/competitors?channel=organic_social", "/competitors/oakframe",
    "/competitors/shutdoor", "/competitors/lampora", "/channels", "/customers", "/when",
    "/why-not", "/why-them", "/openings", "/changes", "/collection",
    "/?period=90d", "/customers?period=90d",
    "/competitors?period=30d", "/competitors?tier=direct&sort=people", "/competitors/liftline",
    "/competitors/liftline?period=90d", "/when?period=30d",
)  # fmt: skip
LINK = re.compile(r'<a (?P<attributes>[^>]*)>(?P<inside>(?:(?!</a>).)*)</a>(?P<after>[^<]*<span>)?',
                  re.DOTALL)  # fmt: skip
NAV = re.compile(r"<nav .*?</nav>", re.DOTALL)  # "12 months" leads there and counts nothing
NUMBER = re.compile(r"(?<![\w.:/-])\d[\d,]*(?![\w.:%/-])")


class Reader:
    """Follows links and counts what stands there, each address once."""

    def __init__(self, datasette):
        self.client = datasette.client
        self.pages: dict[str, str] = {}

    async def page(self, path):
        if path not in self.pages:
            answer = await self.client.get(path)
            assert answer.status_code == 200, path
            self.pages[path] = answer.text
        return self.pages[path]

    async def count(self, href, *, posts):
        """How many stand at an address: posts or people, rows, cards, sources, changes."""
        parts = urlsplit(href)
        if parts.path == "/posts":
            page = await self.page(href)
            pattern = r"<strong>([\d,]+) post" if posts else r'class="soft">([\d,]+) pe'
            return number(re.search(pattern, page).group(1))
        if parts.path.startswith("/desks/"):
            return await lines.total(self.client, href)
        if parts.path == "/competitors":
            page = await self.page(href.split("#")[0])
            if parts.fragment == "candidates":
                return len(re.findall('<li id="(?:candidate|name)-', page))
            if parts.fragment in ("companies", "names"):
                kind = "candidate" if parts.fragment == "companies" else "name"
                return page.count(f'<li id="{kind}-')
            if parts.fragment == "others":
                page = page.split('id="others"')[1]
            elif parts.fragment:
                page = page.split(f'id="{parts.fragment}"')[1].split("</section>")[0]
            return page.count('<article class="card">')
        if parts.path.startswith("/competitors/") and parts.fragment == "channels":
            page = (await self.page(href.split("#")[0])).split('id="channels"')[1]
            tags = re.findall(r'id="channel-([a-z_]+)(?:-\d+)?"', page.split("</section>")[0])
            return len(set(tags))
        if parts.path == "/collection":
            page = await self.page("/collection")
            kind = "empty-source" if parts.fragment == "empty" else parts.fragment
            sources = page.split('class="rows sources"')[1].split("</table>")[0]
            return len(re.findall(rf'<td><span class="chip {kind}">', sources))
        if parts.path == "/changes":
            return await self.changes(href)
        raise AssertionError(f"a number links to {href}: nobody knows how to count there")

    async def changes(self, href):
        page = await self.page(href)
        following = re.search(r'<a class="next" href="([^"]+)"', page)
        here = page.count('<div class="line">')
        return here + (await self.changes(html.unescape(following.group(1))) if following else 0)


def number(text):
    return int(text.replace(",", ""))


async def compare(datasette):
    """Every number of every page against its rows: the faults, and how many of each kind."""
    reader = Reader(datasette)
    faults, seen = [], Counter()
    for path in PAGES:
        for link in LINK.finditer(NAV.sub("", await reader.page(path))):
            attributes = link["attributes"]
            href = html.unescape(re.search(r'href="([^"]*)"', attributes).group(1))
            if not href.startswith("/") or 'class="crawled"' in attributes:
                continue
            if re.match(r"/posts/\d", href):
                continue  # the words of one post
            if '<td class="s' in link.string[link.start() - 40 : link.start()]:
                continue  # a cell of the matrix: a strength, not a count
            words = html.unescape(re.sub(r"<[^>]+>", " ", link["inside"]))
            shown = NUMBER.findall(words)
            if len(shown) != 1 or re.search(r"\d{4}-\d{2}-\d{2}", words):
                continue
            before = link.string[link.start() - 20 : link.start()]
            posts = (
                "post" in words or 'class="big"' in attributes or path == "/collection"
                or bool(re.search(r'<td class="h\d">$', before))  # hours are said in posts
            )  # fmt: skip
            found = await reader.count(href, posts=posts)
            seen[urlsplit(href).path] += 1
            if found != number(shown[0]):
                faults.append((path, words.strip(), href, found))
    return faults, seen


@pytest.fixture
def twice(tmp_path: Path, market_db: Path):
    """A market with several tags a rival on a channel, copies, sellers, an ignored rival, and
    failures that the runs' own counters leave out."""
    conn = sqlite3.connect(market_db)
    path = tmp_path / "market.db"
    with sqlite3.connect(path) as copy:
        conn.backup(copy)
    conn.close()
    copy.execute(
        "INSERT INTO channel_tags (subject, channel, role, platform, strength, first_seen, "
        "last_seen) SELECT subject, channel, role, 'Another', 1, first_seen, last_seen "
        "FROM channel_tags WHERE role = 'promotes'"
    )
    copy.execute(
        "INSERT INTO failures (run_id, source, url, reason, detail, at) "
        "SELECT run_id, source, 'https://x.example/' || source, 'robots', 'closed', '2026-11-20' "
        "FROM run_sources"
    )
    copy.execute("UPDATE competitors SET status = 'ignored' WHERE id = 'liftline'")
    copy.execute("UPDATE posts SET copy_of = (SELECT min(id) FROM posts) WHERE id % 17 = 0")
    copy.execute(
        "INSERT INTO comparisons (post_id, preferred, other, aspect, quote) "
        "SELECT id, 'a', 'b', CASE id % 3 WHEN 0 THEN 'Price' WHEN 1 THEN 'price' ELSE 'noise' "
        "END, text FROM posts UNION ALL SELECT id, 'a', 'c', 'price', text FROM posts"
    )
    summaries.run(copy, now=sample_db.NOW)
    copy.close()
    yield from _served(path)


def _served(path):
    datasette = datasette_for(path, "desks")
    yield datasette
    for database in datasette.databases.values():
        database.close()
    datasette.executor.shutdown(wait=True)


async def test_every_number_opens_what_it_counts(desk):
    faults, seen = await compare(desk)
    assert faults == []
    assert seen["/posts"] > 50
    for path in ("/competitors", "/changes", "/collection", "/desks/failures", "/desks/offers"):
        assert seen[path] > 1, path


async def test_every_number_opens_what_it_counts_where_rows_are_many(twice):
    faults, seen = await compare(twice)
    assert faults == []
    assert seen["/desks/failures"] > 10


async def test_a_channel_opens_its_competitors_with_their_tags(twice):
    page = (await twice.client.get("/channels")).text
    links = re.findall(r'<a href="(/competitors\?channel=[^"]*)">(\d+)</a>', page)
    assert len(links) >= 5
    for href, n in links:
        found = (await twice.client.get(html.unescape(href))).text
        assert f"<strong>{n} competitor" in found
        assert found.count('<article class="card">') == int(n)
        assert "Another" in found and "/competitors/liftline" not in found


@pytest.mark.parametrize("channel", ["nonsense", "' OR 1", "%00", "<b>"])
async def test_a_channel_nobody_knows_is_no_filter(desk, channel):
    whole = (await desk.client.get("/competitors")).text
    found = await desk.client.get("/competitors", params={"channel": channel})
    assert found.status_code == 200
    assert found.text.count('<article class="card">') == whole.count('<article class="card">')
