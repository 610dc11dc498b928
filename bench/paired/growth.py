"""What a page costs to store when few and when many are stored already."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.paired import Figure
from bench.paired.pages import companies
from bench.scale_market import SITES, market_toml
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.items import Fetch, PageItem, Target
from crawlers.market import load_market
from pipelines.channels import detect
from pipelines.redact import Redact
from pipelines.storage.database import DATABASE_NAME, open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.times import now_text
from pipelines.storage.writer import Writer

SIZES = (1_000, 10_000, 100_000)
_BATCH = 50
_ROUND = 1_000
"""Pages of a round: enough for what SQLite does now and then to fall into each."""
_START = datetime(2026, 11, 1, tzinfo=UTC)
_LONGEST_TEXT = 2_000
"""Characters: so that a hundred thousand pages fill a file of some hundred megabytes."""


def _items() -> list[PageItem]:
    """Pages as the pipelines hand them on, their texts cut."""
    redact = Redact(b"a salt of the measurement")
    made = []
    for url, body in companies():
        page = read_page(Document(url, body))
        page = replace(page, text=page.text[:_LONGEST_TEXT], links=page.links[:20])
        target = Target(source="r0", url=url, role="page")
        fetch = Fetch(url=url, status=200, fetched_at=_START)
        item = PageItem(target=target, fetch=fetch, page=page, channels=tuple(detect(page)))
        made.append(redact.process_item(item))
    return made


def _numbered(item: PageItem, number: int) -> PageItem:
    """The item as another page, of another site."""
    source = f"r{number % SITES}"
    url = f"https://{source}.example/{number}"
    return replace(
        item,
        target=replace(item.target, source=source, url=url),
        fetch=replace(
            item.fetch, url=url, fetched_at=_START + timedelta(seconds=number),
            body_hash=f"{number:032x}", archive_file="a.warc.gz", archive_offset=number,
        ),
        page=replace(item.page, url=url, title=f"{item.page.title} {number}"),
    )  # fmt: skip


def pages_stored(rounds: int) -> Iterator[Figure]:
    """The dearest of :data:`SIZES` beside the cheapest, by rounds of a thousand pages, CPU."""
    items = _items()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "market.toml").write_text(market_toml(), encoding="utf-8")
        connection = open_database(home / DATABASE_NAME)
        with transaction(connection):
            load_market_rows(connection, load_market(home / "market.toml"))
            run = connection.execute(
                "INSERT INTO runs (spider, status, started_at) VALUES ('x', 'running', ?)",
                (now_text(),),
            ).lastrowid
        writer = Writer(connection, run or 0, batch_items=_BATCH, batch_seconds=3600, folder=home)
        number, costs = 0, dict[int, list[float]]()
        for size in SIZES:
            while number < size:
                writer.add(_numbered(items[number % len(items)], number))
                number += 1
            writer.flush()
            for _ in range(rounds):
                batch = [
                    _numbered(items[one % len(items)], one)
                    for one in range(number, number + _ROUND)
                ]
                number += _ROUND
                began = time.process_time()
                for one in batch:
                    writer.add(one)
                writer.flush()
                costs.setdefault(size, []).append((time.process_time() - began) / _ROUND)
        connection.close()
    for spent in zip(*costs.values(), strict=True):
        words = ", ".join(
            f"{1000 * one:.2f} ms at {size:,}" for one, size in zip(spent, SIZES, strict=True)
        )
        yield Figure(value=max(spent) / min(spent), parts=words)
