"""The pages show own texts apart: a badge, a filter, no link that leads nowhere."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette

from analysis.passes import summaries
from analysis.web.serve import datasette_for
from pipelines.storage.write_posts import write_own_source
from tests.analysis import sample_db

AT = "2026-11-01T00:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Datasette]:
    path = tmp_path / "market.db"
    with closing(sample_db.sample(path)) as conn:
        write_own_source(conn, "own:survey", "Survey spring", None, AT)
        conn.execute("UPDATE posts SET forum = 'own:survey', url = 'own:survey#1' WHERE id <= 3")
        conn.commit()
        summaries.run(conn, now=sample_db.NOW)
    datasette = datasette_for(path, "desks")
    yield datasette
    for database in datasette.databases.values():
        database.close()
    datasette.executor.shutdown(wait=True)


@pytest.mark.parametrize(
    ("address", "badges", "hits"),
    [("kept=own", 3, 3), ("kept=public&forum=own:survey", 0, 0), ("forum=own:survey", 3, 3)],
)
async def test_the_posts_page_filters_them(
    desk: Datasette, address: str, badges: int, hits: int
) -> None:
    page = (await desk.client.get(f"/posts?{address}&lang=en")).text
    assert page.count('<span class="chip note">Own texts</span>') == badges
    assert page.count('<article class="hit">') == hits
    assert 'href="own:' not in page and "own:survey#1" not in page


@pytest.mark.parametrize("page", ["channels", "collection"])
@pytest.mark.parametrize(("lang", "badge"), [("en", "Own texts"), ("zh", "自有文本")])
async def test_they_stand_in_a_panel_of_their_own(
    desk: Datasette, page: str, lang: str, badge: str
) -> None:
    found = (await desk.client.get(f"/{page}?lang={lang}")).text
    assert found.count("Survey spring") == 1 and found.count(badge) >= 1
    assert 'href="own:' not in found


async def test_a_post_of_their_own_has_no_live_page(desk: Datasette) -> None:
    page = (await desk.client.get("/posts/1?lang=en")).text
    assert "Own texts" in page and "Live post" not in page and 'href="own:' not in page


async def test_counted_voices_are_public_unless_own_ones_are_asked_for(desk: Datasette) -> None:
    badge = '<span class="chip note">Own texts</span>'
    assert badge not in (await desk.client.get("/posts?counted=1&lang=en")).text
    assert badge in (await desk.client.get("/posts?counted=1&kept=own&lang=en")).text


async def test_posts_are_public_ones_unless_own_ones_are_asked_for(desk: Datasette) -> None:
    badge = '<span class="chip note">Own texts</span>'
    public = (await desk.client.get("/posts?lang=en")).text
    assert badge not in public and "337 posts" in public
    assert "Texts of your own: 3, counted apart" in public
    own = (await desk.client.get("/posts?kept=own&lang=en")).text
    assert own.count(badge) == 3 and "<strong>3 posts</strong>" in own


async def test_a_competitors_own_texts_have_a_panel_of_their_own(
    desk: Datasette, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "market.db")) as conn:
        named = "SELECT competitor FROM mentions WHERE post_id IN (1, 2, 3) AND competitor NOTNULL"
        with_own = [key for (key,) in conn.execute(named)]
        without = conn.execute(
            "SELECT competitor FROM mentions WHERE competitor NOTNULL AND competitor NOT IN "
            f"({','.join('?' * len(with_own))}) LIMIT 1", with_own
        ).fetchone()  # fmt: skip
    assert with_own
    page = (await desk.client.get(f"/competitors/{with_own[0]}?lang=en")).text
    public, _, own = page.partition("<h2>Texts of your own</h2>")
    assert "Own texts" in own and "kept=own" in own and 'href="own:' not in page
    assert '<span class="chip note">Own texts</span>' not in public
    if without:
        page = (await desk.client.get(f"/competitors/{without[0]}?lang=en")).text
        assert "Texts of your own" not in page
