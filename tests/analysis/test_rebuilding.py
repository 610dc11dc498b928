"""A database built again from a small archive: what is carried over, lost, put in place."""

import random
import sqlite3
import time
from argparse import Namespace
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from analysis import rebuilding
from analysis.commands.refresh import Command
from analysis.rebuilding import REBUILT_NAME, rebuild_market
from analysis.reviewing.deciding import Word, store
from crawlers.archive import Journal
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.items import DoneItem, Fetch, PageItem, Target, UnchangedItem
from pipelines.storage.database import DatabaseError, open_database
from tests.analysis.market_home import NAME, counted, make_home, market
from tests.crawlers.test_archive import World

HISTORY = ("page_versions", "price_history", "runs")
HOME = "https://liftline.example/"
PAGE = """<html><title>LiftLine</title><h1>Standing desks for small flats</h1>
<p>LiftLine makes height-adjustable desks for people who work at home in small rooms, with two
motors and a frame that carries eighty kilograms. Delivered in five days. Price: {}.</p></html>"""


def fetched(world: World, url: str, *, price: str) -> Fetch:
    """A page that was sent, as the spider archives it."""
    target = Target(source="liftline", url=url, role="page", meta={"kind": "home"})
    pipe = Journal(world.crawler)
    body = PAGE.format(price).encode()
    request = Request(url, meta={"target": target})
    headers = {"Content-Type": "text/html; charset=utf-8"}
    world.archive.process_response(request, HtmlResponse(url, body=body, headers=headers))
    name, offset = request.meta["archived"]
    fetch = Fetch(
        url=url, final_url=url, status=200, fetched_at=request.meta["received_at"],
        content_type="text/html", body_hash=price, archive_file=name, archive_offset=offset,
    )  # fmt: skip
    page = read_page(Document(url, body, headers={"content-type": "text/html"}))
    pipe.process_item(PageItem(target=target, fetch=fetch, page=page))
    pipe.process_item(DoneItem(target=replace(target, url=url + "sitemap.xml", role="sitemap")))
    return fetch


def night(folder: Path, *, price: str | None, known: tuple[Fetch, ...] = ()) -> Fetch:
    """One crawl of one page; ``price`` None: it had not changed."""
    world = World(folder)
    world.spider.by_id["till"].report.source = "liftline"
    if price is None:
        now = datetime.now(UTC).replace(microsecond=0)
        fetch = replace(
            known[0], status=304, fetched_at=now, archive_file=None, archive_offset=None
        )
        target = Target(source="liftline", url=HOME, role="page", meta={"kind": "home"})
        Journal(world.crawler).process_item(UnchangedItem(target=target, fetch=fetch))
    else:
        fetch = fetched(world, HOME, price=price)
    world.end()
    return fetch


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_home(tmp_path, monkeypatch)


def test_a_lost_database_comes_back_with_its_history(folder: Path, tmp_path: Path) -> None:
    first = night(folder, price="$499")
    night(folder, price=None, known=(first,))
    night(folder, price="$449")
    (folder / "market.db").unlink()
    found = rebuild_market(market(tmp_path))
    assert (found.in_place, found.aside, found.pages, found.runs == 3) == (True, None, 1, True)
    with closing(open_database(folder / "market.db", read_only=True)) as connection:
        versions = [row[0] for row in connection.execute("SELECT text FROM page_versions")]
        seen, changed = connection.execute("SELECT first_seen, changed_at FROM pages").fetchone()
    assert ["$499" in versions[0], "$449" in versions[1], len(versions)] == [True, True, 2]
    assert seen == first.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ") <= changed
    assert not list(folder.glob("rebuilt.db*"))


def test_what_left_the_archive_is_not_thrown_away(folder: Path, tmp_path: Path) -> None:
    night(folder, price="$499")
    pages, posts = (counted(folder / "market.db", table) for table in ("pages", "posts"))
    found = rebuild_market(market(tmp_path))
    assert not found.in_place
    assert (found.losses.rows["posts"], found.losses.rows["pages"]) == (posts, pages)
    assert counted(folder / "market.db", "posts") == posts
    assert counted(folder / REBUILT_NAME, "pages") == 1
    found = rebuild_market(market(tmp_path), replace=True)
    assert found.in_place and counted(folder / "market.db", "posts") == 0
    assert found.aside is not None and counted(found.aside, "posts") == posts


def test_decisions_and_own_texts_are_carried_over(folder: Path, tmp_path: Path) -> None:
    night(folder, price="$499")
    with closing(open_database(folder / "market.db")) as connection:
        connection.execute("UPDATE forums SET own = 1 WHERE id = 'gocviec'")
        first, second = (
            row[0]
            for row in connection.execute(
                "SELECT id FROM posts WHERE forum = 'gocviec' ORDER BY 1 LIMIT 2"
            )
        )
        connection.execute("UPDATE posts SET copy_of = ? WHERE id = ?", (first, second))
        alerts = connection.execute("SELECT key FROM alerts ORDER BY id").fetchall()
        connection.execute("INSERT INTO alert_channels (id, after_alert) VALUES ('atom:1', 0)")
        connection.execute("INSERT INTO alert_deliveries VALUES (1, 'atom:1', '2026-01-01')")
        connection.execute("INSERT INTO rests VALUES ('a.example', '2026', '2999', 'busy')")
    own = counted(folder / "market.db", "posts", "forum = 'gocviec'")
    decisions = counted(folder / "market.db", "decisions", "origin = 'desk'")
    assert own > 5 and decisions == 1
    found = rebuild_market(market(tmp_path), replace=True)
    assert found.carried.rows == own + decisions and not found.carried.missing
    path = folder / "market.db"
    assert counted(path, "posts", "forum = 'gocviec'") == own == counted(path, "posts_fts_docsize")
    assert counted(path, "posts", "copy_of IS NOT NULL") == 1
    assert counted(path, "demand") == own, "they were read again"
    assert counted(path, "decisions", "origin = 'desk' AND subject = 'oakframe'") == 1
    with closing(open_database(path)) as connection:
        told = connection.execute("SELECT key FROM alerts ORDER BY id").fetchall()
    assert told == alerts != [] and counted(path, "alert_deliveries") == 1, "told once, for ever"
    assert counted(path, "rests") == 1, "a site that asked for a rest has it"


def test_answers_that_have_expired_are_counted(folder: Path, tmp_path: Path) -> None:
    fetch = night(folder, price="$499")
    night(folder, price=None, known=(fetch,))
    assert fetch.archive_file is not None
    (folder / "archive" / fetch.archive_file).unlink()
    found = rebuild_market(market(tmp_path))
    assert (found.pages, found.in_place) == (0, False)


def test_an_archive_without_a_journal(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="holds no journal"):
        rebuild_market(market(tmp_path))
    (folder / "salt").unlink()
    night(folder, price="$499")
    with pytest.raises(DatabaseError, match="salt is missing"):
        rebuild_market(market(tmp_path))


def command(capsys: pytest.CaptureFixture[str], **options: bool) -> tuple[int, str]:
    """``scrapy refresh desks --from-archive``: its exit code and what it says."""
    chosen = {"workers": 1, "dask": None, "from_archive": True, "replace": False, "quiet": True}
    code = Command().execute([NAME], Namespace(**{**chosen, **options}))
    return code, capsys.readouterr().err


def test_history_that_left_the_archive_is_not_thrown_away(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every page was fetched again, so no address is missing: only what was before is."""
    path = folder / "market.db"
    first = night(folder, price="$499")
    time.sleep(1.1)  # times are kept in whole seconds
    night(folder, price="$449")
    path.unlink()
    assert rebuild_market(market(tmp_path)).in_place
    with closing(open_database(path)) as connection:
        connection.execute(
            "INSERT INTO tier_history (competitor, at, tier, verdict, score, reason) "
            "VALUES ('liftline', '2025-01-01T00:00:00Z', 1, 'decided', 0.9, 'x')"
        )
        connection.execute(
            "INSERT INTO changes (competitor, kind, field, words, importance, at) "
            "VALUES ('liftline', 'removed_page', 'page', 'gone', 2, '2025-01-01T00:00:00Z')"
        )
    found = rebuild_market(market(tmp_path))
    assert found.losses.rows == {"changes": 1, "moves of the tier history": 1}
    with closing(open_database(path)) as connection:
        connection.execute("DELETE FROM tier_history WHERE at < '2026'")
        connection.execute("DELETE FROM changes WHERE at < '2026'")
    found = rebuild_market(market(tmp_path))
    assert found.in_place and not found.losses, "the archive tells all of it"
    assert found.aside is not None
    found.aside.unlink()
    held = {table: counted(path, table) for table in HISTORY}
    assert held["page_versions"] == 2 and all(held.values()), held
    assert first.archive_file is not None
    (folder / "archive" / first.archive_file).unlink()

    code, said = command(capsys)
    assert code == 5 and "NOT put in place" in said and "--replace" in said
    assert "1 page versions, 1 prices of the price history" in said and "1 records of runs" in said
    assert held == {table: counted(path, table) for table in HISTORY}
    code, said = command(capsys, replace=True)
    assert code == 0 and "1 page versions" in said and "is kept in" in said
    assert counted(path, "page_versions") == 1
    (aside,) = sorted(folder.glob("before-rebuild-*.db"))[-1:]
    assert held == {table: counted(aside, table) for table in HISTORY}


def page_of(path: Path, table: str) -> int:
    """The number of a table's first page in the file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found: int = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()[0]
    return found


def spoil(path: Path, table: str) -> None:
    number = page_of(path, table)
    with path.open("r+b") as stream:
        stream.seek((number - 1) * 4096)
        stream.write(random.Random(8).randbytes(4096))


@pytest.mark.parametrize("table", ["posts", "pages", "alerts", "_sqlite_migrations"])
def test_decisions_outlive_damage_beside_them(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str
) -> None:
    path = folder / "market.db"
    night(folder, price="$499")
    spoil(path, table)
    code, said = command(capsys)
    assert code == 5 and "is damaged" in said and "scrapy restore desks" in said
    assert f"{path} is as it was" in said and "--replace" in said
    assert (table in said) == (table != "_sqlite_migrations")
    assert counted(folder / REBUILT_NAME, "decisions", "origin = 'desk'") == 1
    assert counted(path, "decisions", "origin = 'desk'") == 1, "it is still the one there was"
    code, said = command(capsys, replace=True)
    assert code == 0 and "is kept in" in said
    assert counted(path, "decisions", "subject = 'oakframe'") == 1


def test_decisions_that_cannot_be_read_are_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "market.db"
    night(folder, price="$499")
    with closing(open_database(path)) as connection:
        connection.executemany(
            "INSERT INTO decisions (subject, field, value, reason, origin, decided_at) "
            "VALUES (?, 'note', '1', ?, 'desk', '2026-01-01T00:00:00Z')",
            [(f"c{number}", "why " * 100) for number in range(60)],
        )
        made = connection.execute("SELECT count(*) FROM decisions").fetchone()[0]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = bytearray(path.read_bytes())
    place = body.index(b"c30note1why") // 4096 * 4096  # a page in the middle of the table
    body[place : place + 4096] = bytes(4096)
    path.write_bytes(body)
    code, said = command(capsys)
    kept = counted(folder / REBUILT_NAME, "decisions")
    assert made - 12 < kept < made, "those before and behind the damage"
    assert code == 5 and f"decisions ({kept} of them could be)" in said
    path.write_bytes(b"no database at all")
    code, said = command(capsys)
    assert code == 5 and "decisions (0 of them could be)" in said and "posts" in said
    assert path.read_bytes() == b"no database at all"


def test_a_decision_made_meanwhile_is_kept(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk writes decisions beside the market's lock."""
    night(folder, price="$499")
    check = rebuilding.check_database

    def decide(path: Path) -> None:
        check(path)
        with closing(open_database(folder / "market.db")) as connection:
            store(connection, Word(competitor="liftline", value=3), "meanwhile")

    monkeypatch.setattr(rebuilding, "check_database", decide)
    found = rebuild_market(market(tmp_path), replace=True)
    assert found.in_place
    assert counted(folder / "market.db", "decisions", "reason = 'meanwhile'") == 1
    assert counted(folder / "market.db", "tiers", "competitor = 'liftline' AND tier = 3") == 1


def test_a_database_of_a_newer_rivalmap_is_left_alone(folder: Path, tmp_path: Path) -> None:
    night(folder, price="$499")
    with closing(open_database(folder / "market.db")) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('rivalmap', '9999_later', 'x')"
        )
    with pytest.raises(DatabaseError, match="newer Rivalmap"):
        rebuild_market(market(tmp_path), replace=True)


def test_a_run_whose_first_file_has_gone_is_built_from_the_rest(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(folder, file_bytes=2_000)
    world.spider.by_id["till"].report.source = "liftline"
    for number in range(3):
        world.fetch(random.Random(number).randbytes(3_000))  # each begins a file anew
        fetched(world, f"{HOME}{number}", price=f"${number}99")
    world.end()
    files = sorted((folder / "archive").iterdir(), key=lambda path: path.name)
    files[0].unlink()
    (folder / "market.db").unlink()
    found = rebuild_market(market(tmp_path))
    assert (found.in_place, found.runs, found.headless) == (True, 1, 0)
    assert counted(folder / "market.db", "pages") == 3
    assert counted(folder / "market.db", "runs", "status = 'finished'") == 1


def test_entries_of_a_run_without_its_beginning_are_counted(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As archives are that were written before each file said which run it is of."""
    world = World(folder)
    world.archive._begun = None
    world.archive.close()
    fetched(world, HOME, price="$499")
    world.end()
    sorted((folder / "archive").iterdir())[0].unlink()
    code, said = command(capsys)
    assert code == 5 and "3 entries of the journal were passed over" in said
