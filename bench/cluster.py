"""What the shared frontier and its one writer do in a second, on a Redis of this bench's own.

``python -m bench cluster``: starts redis-server on loopback in a folder of its own (append-only,
synced each second), moves the sample market's company pages over the wire, and writes them.
"""

import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from redis.exceptions import ConnectionError as RedisConnectionError
from scrapy.settings import Settings
from wordfreq import top_n_list

from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from crawlers.archive import ArchiveMiddleware
from crawlers.cluster.capture import Capture
from crawlers.cluster.connection import connect
from crawlers.cluster.frontier import Frontier
from crawlers.cluster.keys import MarketKeys
from crawlers.cluster.stage import Stage, StageJob
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.items import Fetch, PageItem, Target
from crawlers.market import parse_market
from crawlers.settings import RIVALMAP_ARCHIVE_BYTES
from pipelines.cluster.intake import Intake
from pipelines.cluster.keeping import Keeping
from pipelines.cluster.putting_up import Running
from pipelines.cluster.wire import decode, encode
from pipelines.storage.crawl_state import SqliteCrawlState

MOVES = 5_000
ITEMS = 2_000


def main() -> None:
    if shutil.which("redis-server") is None:
        sys.stderr.write("bench cluster needs redis-server (Debian's package of that name)\n")
        return
    with tempfile.TemporaryDirectory() as place, SampleServer() as sample:
        folder = Path(place)
        port = _free_port()
        redis = subprocess.Popen(
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", place,
             "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            server = connect(f"redis://127.0.0.1:{port}/0")
            _wait(server)
            _frontier(server)
            _writer(server, folder, sample)
            server.close()
        finally:
            redis.terminate()
            redis.wait(timeout=20)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(server: Any) -> None:
    for _ in range(100):
        try:
            server.ping()
            return
        except RedisConnectionError:
            time.sleep(0.1)
    raise TimeoutError("redis-server does not listen")


def _board(server: Any, spider: str) -> Frontier:
    keys = MarketKeys("bench")
    stage = Stage(id="s", digest="", version="", jobs=(StageJob(spider=spider, run=1),))
    names = keys.of_stage("s")
    server.zadd(names.sites(spider), {"a.test": 0})
    server.sadd(names.sources(spider, "a.test"), "a")
    return Frontier(server, keys, stage, spider, worker="bench", seconds=600)


def _frontier(server: Any) -> None:
    """A target's way: begun with, committed with an item of 30 KB and ten outlinks."""
    frontier = _board(server, "competitors")
    lease = frontier.claim()
    assert lease is not None
    targets = [Target(source="a", url=f"http://a.test/{n}", role="page") for n in range(MOVES + 10)]
    frontier.add(lease, "a", targets[:1])
    item, book = b"x" * 30_000, {"taken": 1}
    wall, cpu = time.perf_counter(), time.process_time()
    for number in range(MOVES):
        frontier.turn("a.test", 0.0, hold=30)
        frontier.begin(lease, targets[number])
        frontier.commit(lease, targets[number], item, targets[number : number + 10], book)
        frontier.answered("a.test")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"frontier: {MOVES / wall:,.0f} targets/s, {1000 * cpu / MOVES:.2f} ms of CPU each")
    server.flushdb()


def _writer(server: Any, folder: Path, sample: Any) -> None:
    """Pages from the stream into the database and the archive, 2,000 of them."""
    market = parse_market(sample_market_toml(sample.port), path=folder / f"{NAME}.toml")
    state = SqliteCrawlState.open(market, folder, "competitors")
    settings = Settings(
        {"RIVALMAP_DATA_DIR": str(folder), "RIVALMAP_ARCHIVE_BYTES": RIVALMAP_ARCHIVE_BYTES,
         "USER_AGENT": "Rivalmap"}
    )  # fmt: skip
    archive = Keeping(settings, "competitors", market, (), chosen="")
    archive.open()
    frontier = _board(server, "competitors")
    job = Running(spider="competitors", state=state, sources=(), goes_on=False)
    intake = Intake(server, frontier.keys, {"competitors": job}, folder, {"competitors": archive})
    intake.open()
    entries = [_entry(market.competitors[n % 10].key, 10_000 + n) for n in range(ITEMS)]
    for fields in entries:
        server.xadd(frontier.keys.items, fields)
    size = sum(len(fields["item"]) + len(fields["record"]) for fields in entries) / ITEMS
    wall, cpu, written = time.perf_counter(), time.process_time(), 0
    while taken := intake.take(seconds=0.05):
        written += taken
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    stored = state.connection.execute("SELECT count(*) FROM pages").fetchone()[0]
    print(
        f"writer: {written / wall:,.0f} pages/s ({stored} stored), {1000 * cpu / written:.2f} ms "
        f"of CPU each; {size / 1000:.1f} KB each on the wire"
    )
    item = entries[0]["item"]
    begun = time.process_time()
    for _ in range(500):
        encode(decode(item))
    print(f"wire: {1000 * (time.process_time() - begun) / 500:.2f} ms of CPU to read and write one")
    archive.abandon()
    state.close()


def _entry(source: str, number: int) -> dict[str, Any]:
    """A page of a shop, with its record."""
    from scrapy import Request
    from scrapy.http import HtmlResponse

    url = f"http://{source}.test/{number}"
    body = _page(number)
    request = Request(url, meta={"target": 1})
    crawler: Any = type("C", (), {"settings": Settings({"RIVALMAP_DATA_DIR": "."}), "spider": None})
    capture = Capture(crawler)
    ArchiveMiddleware.process_response(
        capture, request, HtmlResponse(url, body=body, headers={"Content-Type": "text/html"})
    )
    name, offset = request.meta["archived"]
    now = datetime.now(UTC)
    document = Document(url, body, headers={"Content-Type": "text/html"}, fetched_at=now)
    item = PageItem(
        target=Target(source=source, url=url, role="page"),
        fetch=Fetch(
            url=url, final_url=url, status=200, fetched_at=now, body_hash=f"{number:064}",
            content_type="text/html", archive_file=name, archive_offset=offset,
        ),
        page=read_page(document),
    )  # fmt: skip
    record = capture.taken(name) or b""
    return {"spider": "competitors", "source": source, "item": encode(item), "record": record}


def _page(number: int) -> bytes:
    """A page of 40 KB whose words are as varied as prose is, so that it packs as pages do."""
    draw = random.Random(number)
    words = top_n_list("en", 5_000)
    links = "".join(f"<a href='/p{n}'>{draw.choice(words)} {n}</a>" for n in range(80))
    parts = "".join(
        f"<section><h2>{' '.join(draw.choices(words, k=4))}</h2>"
        f"<p>{' '.join(draw.choices(words, k=130))}.</p></section>"
        for _ in range(40)
    )
    return (
        f"<!doctype html><html lang='en'><head><title>Plan {number}</title></head><body>"
        f"<nav>{links}</nav><h1>Plan {number}</h1>{parts}<p>$29 a month</p></body></html>"
    ).encode()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit("bench cluster takes no arguments")
    main()
