"""The matrix of channels: digits, unread rows, totals and our own row."""

import json
import re
import sqlite3

import pytest

from tests.analysis import sample_db
from tests.analysis.web.conftest import served


async def matrix(datasette):
    page = (await datasette.client.get("/channels")).text
    return page.split('<table class="matrix">')[1].split("</table>")[0]


def row_of(table, name):
    return next(row for row in table.split("<tr") if name in row)


@pytest.fixture
def ours(tmp_path, market_db):
    path = tmp_path / "market.db"
    with sqlite3.connect(market_db) as source, sqlite3.connect(path) as conn:
        source.backup(conn)
        conn.execute(
            "INSERT INTO channel_tags (subject, channel, role, platform, strength, first_seen, "
            "last_seen) VALUES ('maple', 'email', 'promotes', '', 2, 'x', 'x')"
        )
        conn.execute(
            "INSERT INTO decisions (subject, field, value, origin, reason, decided_by, decided_at)"
            " SELECT subject, 'channel:email', ?, 'desk', 'no', 'lan', ? FROM channel_tags "
            "WHERE channel = 'email' AND subject <> 'maple' ORDER BY subject LIMIT 1",
            (json.dumps("absent"), sample_db.stamp(sample_db.NOW)),
        )
    source.close()
    conn.close()
    yield from served(path)


async def test_a_site_that_was_not_read_says_so_over_its_whole_row(desk):
    row = row_of(await matrix(desk), "Shutdoor Desks")
    assert 'class="none hatched"' in row and "nothing can be said" in row
    assert "unseen" not in row


async def test_a_cell_opens_the_evidence_of_its_tag(ours):
    table, opened = await matrix(ours), set()
    for href in re.findall(r'<a href="(/competitors/[^"]+#[^"]+)"', table):
        path, _, anchor = href.partition("#")
        panel = (await ours.client.get(path)).text.split('id="channels"')[1].split("</section>")[0]
        assert panel.count(f'<li id="{anchor}">') == 1, href
        item = panel.split(f'<li id="{anchor}">')[1].split("</li>")[0]
        state = anchor.partition("-")[0]
        assert ('class="digit s' in item) == (state == "channel"), href
        opened.add(state)
    assert opened == {"channel", "denied"}
    assert re.search(r'<td class="s\d"><a href="[^"]*#channel-organic_social"', table)


async def test_of_several_tags_on_a_channel_the_strongest_is_opened(tmp_path, market_db):
    path = tmp_path / "market.db"
    with sqlite3.connect(market_db) as source, sqlite3.connect(path) as conn:
        source.backup(conn)
        conn.execute(
            "INSERT INTO channel_tags (subject, channel, role, platform, strength, first_seen, "
            "last_seen) SELECT subject, channel, role, 'zz', 1, first_seen, last_seen "
            "FROM channel_tags WHERE role = 'promotes'"
        )
    source.close()
    conn.close()
    for datasette in served(path):
        page = (await datasette.client.get("/competitors/liftline")).text
        anchors = re.findall(r'<li id="(channel-[a-z_]+(?:-\d+)?)">', page)
        firsts = [anchor for anchor in anchors if not anchor[-1].isdigit()]
        assert len(anchors) == len(set(anchors)) == 2 * len(firsts) > 4
        for anchor in firsts:
            assert f"{anchor}-2" in anchors
            strengths = [
                int(re.search(r'class="digit s(\d)', page.split(f'<li id="{one}">')[1])[1])
                for one in (anchor, f"{anchor}-2")
            ]
            assert strengths == sorted(strengths, reverse=True)


async def test_our_own_row_stands_first_and_is_in_no_total(desk, ours):
    before, after = await matrix(desk), await matrix(ours)
    first = after.split("<tbody>")[1].split("</tr>")[0]
    assert "Maple Desk" in first and re.search(r'<td class="s2">\s*<span[^>]*>2<', first)
    assert "Maple Desk" not in before

    def totals(table):
        return [int(n) for n in re.findall(r'<td class="total">(?:<a [^>]*>)?(\d+)', table)]

    # One rival's e-mail was denied by a researcher; ours adds nothing.
    assert sum(totals(before)) == sum(totals(after)) + 1
    assert "by-hand" in after
