"""Putting a stage up on Redis: the frontier as the database has it, and what is known."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from crawlers.base.source import Source
from crawlers.base.spider import ResearchSpider
from crawlers.cluster.frontier import target_text
from crawlers.cluster.keys import MarketKeys, StageKeys
from crawlers.cluster.stage import Stage
from crawlers.items import Target
from crawlers.market import Market
from crawlers.state import SoFar
from crawlers.urls import host_of, registrable_domain
from pipelines.storage.crawl_state import SqliteCrawlState

BATCH = 1_000
"""Commands sent to Redis at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A spider of a stage on the writer's side: its run in the database, and what it reads.

    ``goes_on`` as :attr:`crawlers.base.spider.ResearchSpider.goes_on`.
    """

    spider: str
    state: SqliteCrawlState
    sources: tuple[Source, ...]
    goes_on: bool


def running(kind: type[ResearchSpider], market: Market, state: SqliteCrawlState) -> Running:
    """A spider with its sources, as every worker will build them."""
    spider = kind(market=market, state=state)
    return Running(
        spider=kind.name, state=state, sources=tuple(spider.sources(market)), goes_on=kind.goes_on
    )


def put_up(server: Any, keys: MarketKeys, stage: Stage, jobs: Sequence[Running]) -> None:
    """Write all of a stage, its name last: workers see it whole or not at all.

    What the market had on Redis before is removed; what mattered of it is in the database.
    """
    clear(server, keys)
    names = keys.of_stage(stage.id)
    for job in jobs:
        _send(server, _frontier(names, job))
        _send(server, _known_of_sources(names, job))
    _send(server, _known(names, jobs))
    server.set(keys.stage, stage.dumps())


def clear(server: Any, keys: MarketKeys) -> None:
    """Remove what a market has on Redis but the writer's mark and the turns of its sites."""
    server.delete(keys.stage)
    kept = (keys.writer.encode(), keys.turn("").encode())
    names = server.scan_iter(match=f"{keys.prefix}*", count=BATCH)
    gone = (name for name in names if not name.startswith(kept))
    while some := list(islice(gone, BATCH)):
        server.unlink(*some)


_Command = tuple[Any, ...]


def _send(server: Any, commands: Iterable[_Command]) -> None:
    rest = iter(commands)
    while some := list(islice(rest, BATCH)):
        pipe = server.pipeline(transaction=False)
        for command in some:
            pipe.execute_command(*command)
        pipe.execute()


def _frontier(names: StageKeys, job: Running) -> Iterator[_Command]:
    """The sites, their sources, and what an unfinished run left of each."""
    asked: dict[str, dict[str, str]] = {}
    for url, id_, role in job.state.visited():
        asked.setdefault(id_, {})[url] = role
    waiting: dict[str, list[Target]] = {}
    for target in job.state.pending():
        waiting.setdefault(target.source, []).append(target)
    before = job.state.so_far()
    number = 0  # below every number that a worker will give: they begin at 1
    for source in job.sources:
        site = registrable_domain(host_of(source.url)) or source.id
        yield "SADD", names.sources(job.spider, site), source.id
        yield "ZADD", names.sites(job.spider), 0, site
        done, pending = asked.get(source.id, {}), waiting.get(source.id, [])
        for url, role in done.items():
            yield "HSET", names.done(job.spider, source.id), url, role
        number -= len(pending)
        for place, target in enumerate(pending):
            row = f"{number + place} {target_text(target)}"
            yield "HSET", names.pending(job.spider, source.id), target.url, row
        if done or pending:
            book = json.dumps(_book(job, source, done, pending, before.get(source.id, SoFar())))
            yield "SET", names.book(job.spider, source.id), book


def _book(
    job: Running, source: Source, done: dict[str, str], pending: list[Target], before: SoFar
) -> dict[str, Any]:
    """What a run that was cut off has spent and had, counted as the loop counts when it resumes
    alone.
    """
    spent = 0 if job.goes_on else sum(role != "sitemap" for role in done.values())
    domains = source.domains | {registrable_domain(host_of(target.url)) for target in pending}
    return {
        "taken": spent, "kinds": {}, "domains": sorted(domains), "asked_again": False,
        "left": {}, "report": {}, "before": asdict(before), "half_read": [], "reads_on": False,
    }  # fmt: skip


def _known_of_sources(names: StageKeys, job: Running) -> Iterator[_Command]:
    for source in job.sources:
        known = {
            "posts": job.state.has_posts(source.id),
            "whole": job.state.read_through(source.id),
            "pages": [list(page) for page in job.state.known_pages(source.id)],
        }
        if any(known.values()):
            place = f"{job.spider} {source.id}"
            yield "HSET", names.known("sources"), place, json.dumps(known)
        if job.goes_on:
            yield from _known_of_forum(names, job.state, source.id)


def _known_of_forum(names: StageKeys, state: SqliteCrawlState, forum: str) -> Iterator[_Command]:
    zone = state.zone_of(forum)
    if zone is not None:
        yield "HSET", names.zones, forum, zone
    threads = state.connection.execute(
        "SELECT t.url, t.stamp, t.last_page, t.replies, max(p.posted_at) FROM threads t "
        "LEFT JOIN posts p ON p.thread_id = t.id WHERE t.forum = ? GROUP BY t.id",
        (forum,),
    )
    for url, *told in threads:
        yield "HSET", names.known("threads"), url, json.dumps(told)
    posts = state.connection.execute(
        "SELECT p.key, t.url FROM posts p JOIN threads t ON t.id = p.thread_id WHERE p.forum = ?",
        (forum,),
    )
    for key, thread in posts:
        yield "HSET", names.known("posts"), key, thread


def _known(names: StageKeys, jobs: Sequence[Running]) -> Iterator[_Command]:
    """Pages of earlier runs; where an address is a company's page and a forum's, the former."""
    if not jobs:
        return
    state = jobs[0].state
    for site, *rest in state.connection.execute("SELECT site, asked_at, until, detail FROM rests"):
        yield "HSET", names.rests, site, json.dumps(rest)
    tables = [("source_pages", "lists"), ("pages", "pages")]
    if any(job.goes_on for job in jobs):
        tables.insert(0, ("forum_pages", "pages"))
    for table, kind in tables:
        rows = state.connection.execute(
            f"SELECT url, etag, last_modified, body_hash, archive_file, links_json FROM {table}"
        )
        for url, etag, modified, body_hash, archive, links in rows:
            told = json.dumps([etag, modified, body_hash, state.has_archived(archive)])
            yield "HSET", names.known(kind), url, f"{told[:-1]}, {links}]"
