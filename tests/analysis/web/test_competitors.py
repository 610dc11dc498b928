"""The tier board: filters with their counts, columns that stay short, candidates in a line."""

import html
import re
import sqlite3

import pytest

from analysis.passes import summaries
from analysis.web.serve import datasette_for
from tests.analysis import sample_db


def cards(page):
    return re.findall(r'<article class="card">.*?href="/competitors/([^"?]+)', page, re.DOTALL)


def offered(page, name):
    """The values of a filter in the form, each with how many it says it would leave."""
    part = page.split(f'<select name="{name}">')[1].split("</select>")[0]
    return {
        html.unescape(value): int(n)
        for value, n in re.findall(r'<option value="([^"]+)"[^>]*>[^<]*\((\d+)\)</option>', part)
    }


@pytest.mark.parametrize("name", ["tier", "channel", "language", "decided"])
@pytest.mark.parametrize("beside", ["", "&changed=1", "&q=a", "&period=30d"])
async def test_a_filter_leaves_as_many_as_it_says(desk, name, beside):
    whole = (await desk.client.get(f"/competitors?{beside}")).text
    found = offered(whole, name)
    assert found
    for value, n in found.items():
        page = (await desk.client.get(f"/competitors?{name}={value}{beside}")).text
        assert len(cards(page)) == n, value


async def test_changed_lately_leaves_those_that_changed_in_the_range(desk, market_db):
    conn = sqlite3.connect(market_db)
    changed = {key for (key,) in conn.execute(
        "SELECT DISTINCT competitor FROM changes WHERE at >= '2026-10-21'")}  # fmt: skip
    conn.close()
    page = (await desk.client.get("/competitors?changed=1&period=30d")).text
    assert set(cards(page)) == changed - {"lampora"}  # a candidate is not on the board
    assert f"({len(changed - {'lampora'})})" in page


@pytest.mark.parametrize(("q", "found"), [
    ("lift", ["liftline"]), ("BAN DUNG", ["bandung"]), ("升降", ["chaoban"]), ("昇降", None),
    ("&frame", None), ("oak & f", ["oakframe"]), ("zzz", []), ("%", []), ("<b>", []),
])  # fmt: skip
async def test_a_name_is_found_as_it_may_be_typed(desk, q, found):
    page = (await desk.client.get("/competitors", params={"q": q})).text
    if found is not None:
        assert cards(page) == found
    assert "<b>" not in page.split('class="narrow"')[1].split("</form>")[0]


async def test_a_candidate_is_found_by_its_name(desk):
    page = (await desk.client.get("/competitors?q=standw")).text
    assert cards(page) == [] and "/competitors/name%3Astandwell" in page
    assert 'id="candidates"' not in page


async def test_sorted_by_people(desk, market_db):
    conn = sqlite3.connect(market_db)
    people = dict(conn.execute(
        "SELECT competitor, authors FROM summary_competitors WHERE period = 'all'"))  # fmt: skip
    conn.close()
    page = (await desk.client.get("/competitors?sort=people")).text
    column = cards(page.split('id="direct"')[1].split("</section>")[0])
    assert [people[key] for key in column] == sorted((people[k] for k in column), reverse=True)
    assert column != cards((await desk.client.get("/competitors")).text.split('id="direct"')[1]
                           .split("</section>")[0])  # fmt: skip


@pytest.mark.parametrize("query", ["tier=candidate", "tier=<b>", "language=xx", "decided=me",
                                   "changed=2", "sort=name", "page=0", "page=²"])  # fmt: skip
async def test_an_unknown_value_is_no_filter(desk, query):
    whole = (await desk.client.get("/competitors")).text
    assert cards((await desk.client.get(f"/competitors?{query}")).text) == cards(whole)


async def test_filters_are_kept_by_range_and_removed_one_by_one(desk):
    page = (await desk.client.get("/competitors?tier=direct&changed=1&period=90d")).text
    assert '<input type="hidden" name="period" value="90d">' in page
    chips = page.split('class="chips inforce"')[1].split("</p>")[0]
    links = [html.unescape(h) for h in re.findall(r'href="([^"]+)"', chips)]
    assert "/competitors?changed=1&period=90d" in links
    assert "/competitors?tier=direct&period=90d" in links and "/competitors?period=90d" in links


@pytest.fixture
def many(tmp_path):
    """Two hundred competitors of one tier."""
    conn = sample_db.sample(tmp_path / "market.db", posts=0)
    for number in range(200):
        conn.execute(
            "INSERT INTO competitors (id, name, first_seen, last_seen) VALUES (?, ?, '', '')",
            (f"c{number:03d}", f"Rival {number:03d}"),
        )
        conn.execute(
            "INSERT INTO tiers (competitor, tier, verdict, score, same_product, same_audience, "
            "same_category, substitute, extension, method, rule_version, decided_at) "
            "VALUES (?, 1, 'decided', ?, 1, 1, 1, 0, 0, 'words', '1', '')",
            (f"c{number:03d}", 0.5 - number / 1000),
        )
    summaries.run(conn, now=sample_db.NOW)
    conn.close()
    return datasette_for(tmp_path / "market.db", "desks")


async def test_a_column_is_short_and_leads_to_all(many):
    page = (await many.client.get("/competitors")).text
    column = page.split('id="direct"')[1].split("</section>")[0]
    assert len(cards(column)) == 10 and "Show all 204" in column
    href = html.unescape(re.search(r'class="more"><a href="([^"]+)"', column).group(1))
    seen = []
    for _ in range(6):
        page = (await many.client.get(href)).text
        seen += cards(page)
        following = re.search(r'</span> <a href="([^"]+)">Next', page)
        if not following:
            break
        href = html.unescape(following.group(1))
    assert len(seen) == len(set(seen)) == 204
    beyond = (await many.client.get("/competitors?tier=direct&page=999")).text
    assert cards(beyond) == seen[180:]
    data = (await many.client.get("/competitors.json")).json()["data"]
    assert len(data["tiers"]["direct"]) == 204  # programs get everyone


async def test_a_card_says_when_it_was_read(desk):
    page = re.sub(r"<[^>]+>", " ", (await desk.client.get("/competitors")).text)
    assert "read Nov 20, 2026" in page and "nobody was heard speaking of it" in page


async def test_candidates_stand_folded_in_a_line_each(desk):
    page = (await desk.client.get("/competitors")).text
    part = page.split('id="candidates"')[1].split("</section>")[0]
    line = part.split('<li id="candidate-1">')[1].split("</li>")[0]
    shown, folded = line.split("<details", 1)
    assert "Lampora" in shown and "named 7 times" in shown and "blockquote" not in shown
    assert "blockquote" in folded and "--decide lampora=accept" in folded
    assert '<details class="names">' in part
