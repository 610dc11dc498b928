"""Measures the desk over a large market: how long every page takes, and whether search is right.

    python -m bench.desk FILE [--requests 60] [--writer] [--posts-per-second 50] [--no-truth]
                         [--only NAME]

``FILE`` is a database of `bench.desk_market`, with its summaries. The desk runs as its own process
on loopback, for one client. With ``--writer`` a third process adds posts to ``FILE`` as a crawl
does, so give it a copy to be written to. Ends with 1 where a goal is missed or a search is wrong.
"""

import argparse
import asyncio
import http.client
import multiprocessing
import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from crawlers.folding import fold

GOAL, COMMON_GOAL = 150.0, 300.0
"""Milliseconds within which 95 of 100 answers come; those of a word in a tenth of the posts."""

COMMON = "app"
SOUGHT = ("价格", "價格", "dien thoai", "switch", COMMON)
_LANGUAGES = ("en", "zh", "vi")
_PERIODS = ("", "365d", "90d", "30d")
_HIT = re.compile(r'<article class="hit">.*?href="/posts/(\d+)', re.DOTALL)
_LETTERS = r"[^\W_\u3400-\u9fff\uf900-\ufaff]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What is asked for; ``goal`` in milliseconds, ``None`` for the stock pages of tables."""

    name: str
    path: str
    goal: float | None = GOAL


@dataclass(slots=True)
class Client:
    """One reader with one connection."""

    connection: http.client.HTTPConnection

    def get(self, path: str, language: str = "en") -> tuple[float, int, bytes]:
        """Milliseconds, status and body of an answer."""
        started = time.perf_counter()
        self.connection.request("GET", path, headers={"Accept-Language": language})
        answer = self.connection.getresponse()
        body = answer.read()
        return 1000 * (time.perf_counter() - started), answer.status, body


def addresses(conn: sqlite3.Connection) -> list[Address]:
    """Every page, with the filters, searches and ranges a researcher would choose."""
    named = [row[0] for row in conn.execute(
        "SELECT c.id FROM competitors c JOIN summary_competitors s ON s.competitor = c.id "
        "AND s.period = 'all' WHERE c.is_self = 0 ORDER BY s.mentions DESC, c.id"
    )]  # fmt: skip
    candidate = _one(conn, "SELECT competitor FROM candidates ORDER BY weight DESC LIMIT 1")
    offering = _one(conn, "SELECT competitor FROM offers GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    post = int(_one(conn, "SELECT max(post_id) FROM switches"))
    thread = _one(conn, "SELECT id FROM threads ORDER BY posts DESC, id LIMIT 1")
    forum = _one(conn, "SELECT forum FROM posts GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    run = _one(conn, "SELECT max(id) FROM runs WHERE spider = 'competitors'")
    day = str(_one(conn, "SELECT max(posted_at) FROM posts"))[:10]
    pages = ("", "competitors", "channels", "customers", "when", "why-not", "why-them", "openings",
             "posts", "changes", "collection")  # fmt: skip
    found = [Address(name=f"/{page}", path=f"/{page}") for page in pages]
    found += [
        Address(name=f"competitor {what}", path=f"/competitors/{key}")
        for what, key in (
            ("most spoken of", named[0]), ("2nd", named[1]), ("middle", named[len(named) // 2]),
            ("least spoken of", named[-1]), ("candidate", candidate), ("most offers", offering),
        )
    ]  # fmt: skip
    queries = {
        "competitors of tier 1": "competitors?tier=1",
        "competitors on a channel": "competitors?channel=email",
        "competitors by name": "competitors?q=a", "a post": f"posts/{post}",
        "an early post": "posts/1000", "posts by stage": "posts?stage=comparing",
        "posts in Chinese": "posts?language=zh", "posts by month": f"posts?month={day[:7]}",
        "posts of a forum": f"posts?forum={forum}", "posts of a thread": f"posts?thread={thread}",
        "posts counted": "posts?counted=1", "posts of own": "posts?kept=own",
        "posts of a rival": f"posts?competitor={named[0]}&counted=1",
        "pain of a rival": f"posts?competitor={named[0]}&claim=pain&counted=1",
        "switches": "posts?switch=done&counted=1",
        "barrier and pain": "posts?barrier=price&claim=pain",
        "changes of a rival": f"changes?competitor={named[0]}",
        "changes of prices": "changes?kind=price",
    }  # fmt: skip
    found += [Address(name=name, path=f"/{path}") for name, path in queries.items()]
    found += [
        Address(name=f"search {words}", path=f"/posts?q={quote(words)}",
                goal=COMMON_GOAL if words == COMMON else GOAL)
        for words in (*SOUGHT, "zzzznothing", '"no trust"')
    ]  # fmt: skip
    found += [
        Address(name="search switch, ranked", path="/posts?q=switch&sort=relevance"),
        Address(name=f"search {COMMON} in zh", path=f"/posts?q={COMMON}&language=zh",
                goal=COMMON_GOAL),
    ]  # fmt: skip
    stock = {
        "rows of run_sources": f"run_sources?run_id__exact={run}",
        "rows of failures": "failures?reason__exact=timeout", "rows of posts": "posts",
        "rows of changes": f"changes?competitor__exact={named[0]}",
    }  # fmt: skip
    found += [Address(name=n, path=f"/desk/{path}", goal=None) for n, path in stock.items()]
    return found


def _one(conn: sqlite3.Connection, sql: str) -> str:
    return str(conn.execute(sql).fetchone()[0])


def _ranged(path: str, number: int) -> str:
    """The address for one time range or another, by turns."""
    period = _PERIODS[number % len(_PERIODS)]
    if not period or path.startswith("/desk/"):
        return path
    return f"{path}{'&' if '?' in path else '?'}period={period}"


def serve(file: str, port: int) -> None:
    """The desk over a file, until killed."""
    import uvicorn

    from analysis.serving import keep_loaded
    from analysis.web.serve import datasette_for

    datasette = datasette_for(file, "desk")

    async def run() -> None:
        await datasette.invoke_startup()
        keep_loaded()
        config = uvicorn.Config(datasette.app(), host="127.0.0.1", port=port,
                                log_level="warning", lifespan="on")  # fmt: skip
        await uvicorn.Server(config).serve()

    asyncio.run(run())


def write(file: str, posts_a_second: float) -> None:
    """Adds posts, a page of ten at a time, through the writer of the crawl, until killed."""
    import random

    from bench.desk_texts import CLAIMS, speech
    from crawlers.items import Fetch, ForumItem, ForumPage, Post, Target
    from pipelines.storage.database import open_database
    from pipelines.storage.write_posts import post_key
    from pipelines.storage.writer import Writer

    chance = random.Random(time.time_ns())
    said = speech(random.Random(7))
    conn = open_database(Path(file))
    (run,) = conn.execute("SELECT max(id) FROM runs WHERE spider = 'forums'").fetchone()
    writer = Writer(conn, run, batch_items=50, batch_seconds=2.0)
    started, pages = time.perf_counter(), 0
    while True:
        pages += 1
        now = datetime.now(UTC)
        url = f"https://f00.example/t/new-{now.timestamp():.6f}"
        posts = []
        for number in range(10):
            text = f"{said.say(CLAIMS['plain'], 'en')} {said.babble('en', 12)}"
            post = Post(id=f"{now.timestamp():.6f}-{number}", url=f"{url}#{number}", text=text,
                        author=f"p-{chance.randint(0, 9_999):010x}", posted_at=now,
                        posted_precision="second", lang="en")  # fmt: skip
            posts.append(replace(post, key=post_key("f00", url, post)))
        page = ForumPage(engine="xenforo", kind="topic", posts=tuple(posts), thread_title="New")
        target = Target(source="f00", url=url, role="topic", meta={"thread": url})
        fetch = Fetch(url=url, status=200, fetched_at=now, body_hash=url)
        writer.add(ForumItem(target=target, fetch=fetch, page=page))
        time.sleep(max(0.0, started + 10 * pages / posts_a_second - time.perf_counter()))


@contextmanager
def process(target: object, *arguments: object) -> Iterator[multiprocessing.Process]:
    """Another process, ended with the block."""
    context = multiprocessing.get_context("spawn")
    other = context.Process(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
    other.start()
    try:
        yield other  # type: ignore[misc]
    finally:
        other.terminate()
        other.join(timeout=10)


def wait_for(port: int) -> tuple[Client, float]:
    """A client, once the desk answers; seconds until then."""
    started = time.perf_counter()
    while time.perf_counter() - started < 120:
        with suppress(OSError):
            client = Client(http.client.HTTPConnection("127.0.0.1", port, timeout=60))
            client.get("/-/rivalmap/mark.svg")
            return client, time.perf_counter() - started
        time.sleep(0.05)
    sys.exit("the desk did not answer within two minutes")


def measure(client: Client, found: list[Address], requests: int) -> list[str]:
    """Ask for every address so many times, in turns; prints the table.

    :returns: the names of those that missed their goal.
    """
    times: dict[str, list[float]] = {address.name: [] for address in found}
    sizes: dict[str, int] = {}
    first: dict[str, float] = {}
    bad: list[str] = []
    for number in range(requests + 1):
        for place, address in enumerate(found):
            path = _ranged(address.path, number + place)
            spent, status, body = client.get(path, _LANGUAGES[(number + place) % 3])
            if status != 200:
                bad.append(f"{address.name}: status {status} of {path}")
            if number:
                times[address.name].append(spent)
            else:
                first[address.name] = spent
            sizes[address.name] = max(sizes.get(address.name, 0), len(body))
    print(f"{'address':28}{'first':>8}{'p50':>8}{'p95':>8}{'max':>8}{'KB':>7}")
    for address in found:
        spent_all = sorted(times[address.name])
        p50, p95 = (spent_all[int(len(spent_all) * share)] for share in (0.5, 0.95))
        missed = address.goal is not None and p95 > address.goal
        if missed:
            bad.append(f"{address.name}: p95 {p95:.0f} ms, goal {address.goal:.0f}")
        print(
            f"{address.name:28}{first[address.name]:8.0f}{p50:8.0f}{p95:8.0f}{spent_all[-1]:8.0f}"
            f"{sizes[address.name] / 1000:7.0f}{'  MISSED' if missed else ''}"
            f"{'  (stock)' if address.goal is None else ''}"
        )
    return sorted(set(bad))


def truth(conn: sqlite3.Connection, size: int) -> dict[str, list[int]]:
    """The first page of each search, found by looking through every public post, newest first."""
    tests = {words: _tests(words) for words in SOUGHT}
    found: dict[str, list[int]] = {words: [] for words in SOUGHT}
    for id_, title, text in conn.execute(
        "SELECT p.id, iif(p.id = o.id, t.title, ''), p.text FROM posts p "
        "JOIN threads t ON t.id = p.thread_id "
        "JOIN (SELECT thread_id, min(id) AS id FROM posts GROUP BY thread_id) o "
        "ON o.thread_id = p.thread_id "
        "WHERE p.forum NOT IN (SELECT id FROM forums WHERE own = 1) "
        "ORDER BY p.posted_at DESC, p.id DESC"
    ):
        folded = ""
        for words, patterns in tests.items():
            if len(found[words]) < size:
                folded = folded or fold(f"{title}\n{text}")
                if all(pattern.search(folded) for pattern in patterns):
                    found[words].append(id_)
        if not folded:
            break
    return found


def _tests(words: str) -> list[re.Pattern[str]]:
    """Every word must stand in the text: of letters as a whole word, Chinese anywhere."""
    return [
        re.compile(
            re.escape(word)
            if re.match(r"[\u3400-\u9fff]", word)
            else f"(?<!{_LETTERS}){re.escape(word)}(?!{_LETTERS})"
        )
        for word in fold(words).split()
    ]


def wrong_searches(client: Client, conn: sqlite3.Connection) -> list[str]:
    """Searches whose first page is not what looking through all posts finds; prints each."""
    wrong = []
    pages = {
        words: [int(n) for n in _HIT.findall(
            client.get(f"/posts?q={quote(words)}")[2].decode()
        )]
        for words in SOUGHT
    }  # fmt: skip
    most = max(25, *(len(page) for page in pages.values()))
    for words, right in truth(conn, most).items():
        page = pages[words]
        same = len(page) > 1 and page == right[: len(page)]
        print(f"first page of {words}: {len(page)} hits, {'right' if same else 'WRONG'}")
        if not same:
            wrong.append(f"search {words}: got {page[:5]}, right is {right[:5]}")
    return wrong


def main() -> int:
    """Measure; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="bench.desk", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--requests", type=int, default=60, help="of every address (60)")
    parser.add_argument("--writer", action="store_true", help="add posts to FILE meanwhile")
    parser.add_argument("--posts-per-second", type=float, default=50)
    parser.add_argument("--only", default="", help="addresses whose name begins so")
    parser.add_argument("--no-truth", action="store_true", help="do not look through all posts")
    options = parser.parse_args()
    if not options.file.exists():
        parser.error(f"{options.file} is not there: write it with bench.desk_market")
    from analysis.serving import free_port

    port = free_port(0)
    with closing(sqlite3.connect(f"file:{options.file}?mode=ro", uri=True)) as conn:
        before = int(_one(conn, "SELECT count(*) FROM posts"))
        with process(serve, str(options.file), port):
            client, seconds = wait_for(port)
            print(f"{before:,} posts; the desk answers {seconds:.1f} s after it is started; "
                  f"load of the machine before: {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
            found = [a for a in addresses(conn) if a.name.startswith(options.only)]
            if options.writer:
                with process(write, str(options.file), options.posts_per_second):
                    bad = measure(client, found, options.requests)
                added = int(_one(conn, "SELECT count(*) FROM posts")) - before
                print(f"{added:,} posts were written meanwhile")
            else:
                bad = measure(client, found, options.requests)
            if not options.no_truth:
                bad += wrong_searches(client, conn)
    for line in bad:
        print(f"MISSED {line}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
