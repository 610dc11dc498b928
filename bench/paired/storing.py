"""Storing posts with their search text, beside a raw ``executemany`` of the same rows."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.paired import Figure
from bench.scale_market import forum_pages, market_toml
from crawlers.document import Document
from crawlers.forums import read_forum
from crawlers.items import Fetch, ForumItem
from crawlers.market import load_market
from pipelines.redact import Redact
from pipelines.storage.database import DATABASE_NAME, open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.times import now_text
from pipelines.storage.writer import Writer

POSTS = 10_000
_WARMING = 100


def _items(posts: int) -> list[ForumItem]:
    """Topic pages as the spider hands them to the pipelines, redacted."""
    redact = Redact(b"a salt of the measurement")
    made = []
    for number, one in enumerate(forum_pages(posts)):
        document = Document(one.target.url, one.body)
        page = read_forum(document, engine="phpbb", timezone="UTC")
        fetch = Fetch(
            url=one.target.url, status=200, fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
            body_hash=f"{number:032x}", archive_file="a.warc.gz", archive_offset=number,
        )  # fmt: skip
        made.append(redact.process_item(ForumItem(target=one.target, fetch=fetch, page=page)))
    return made


def posts_beside_raw(rounds: int) -> Iterator[Figure]:
    """Pages of twenty posts through the writer, in its batches; then their rows, raw."""
    items = _items(POSTS + _WARMING)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "market.toml").write_text(market_toml(), encoding="utf-8")
        market = load_market(home / "market.toml")
        for number in range(rounds):
            connection = open_database(home / f"{number}" / DATABASE_NAME)
            with transaction(connection):
                load_market_rows(connection, market)
                run = connection.execute(
                    "INSERT INTO runs (spider, status, started_at) VALUES ('x', 'running', ?)",
                    (now_text(),),
                ).lastrowid
            writer = Writer(connection, run or 0, batch_items=50, batch_seconds=3600)
            warming = _WARMING // 20
            for item in items[:warming]:
                writer.add(item)
            writer.flush()
            before = connection.execute("SELECT max(id) FROM posts").fetchone()[0]
            began = time.process_time()
            for item in items[warming:]:
                writer.add(item)
            writer.flush()
            stored = time.process_time() - began
            rows = connection.execute("SELECT * FROM posts WHERE id > ?", (before,)).fetchall()
            connection.execute("CREATE TABLE raw AS SELECT * FROM posts LIMIT 0")
            places = ", ".join("?" * len(rows[0]))
            began = time.process_time()
            with transaction(connection):
                connection.executemany(f"INSERT INTO raw VALUES ({places})", rows)
            raw = time.process_time() - began
            connection.close()
            yield Figure(
                value=stored / raw,
                parts=f"{1e6 * stored / len(rows):.0f} us / {1e6 * raw / len(rows):.1f} us a post, "
                f"{len(rows)} posts",
            )
