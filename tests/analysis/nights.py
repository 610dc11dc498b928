"""A market for simulated nights: pages and posts go through the real writer and the real passes.

Each night is a run of both spiders at this moment; then the database grows a day older.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from analysis.passes import run_passes
from bench.ageing import age
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.items import FailureItem, Fetch, ForumItem, ForumPage, PageItem, Post, Target
from crawlers.market import Market, load_market
from crawlers.state import SourceReport
from pipelines.storage.crawl_state import SqliteCrawlState
from pipelines.storage.database import open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.times import utc_text
from pipelines.storage.writer import Writer

BUSINESS = """
[business]
name = "Tally"
description = "{description}"
audience = ["small restaurants", "cafes"]
"""
DESCRIPTION = "Point of sale software for small cafes and restaurants"
CHAIRS = "Wooden chairs and tables for small restaurants and cafes."
TILLS = "Point of sale software: a till for small restaurants and cafes. Our POS prints receipts."
NOVELS = "Used novels, bought and sold by post all over the country."

LEFT = "I switched from Tally to {} after {} months and never looked back."
LEAVING = "Thinking of moving from Tally to {} because support never answers, after {} months."
LATE = "Delivery is so slow, the till arrived {} days late and I am fed up."
HARMLESS = "Any tips for till number {} in a small cafe?"

_numbers = count(1)


@dataclass
class Site:
    """What a rival's site says today; ``prices`` of its plans in dollars a month."""

    text: str
    prices: dict[str, int] = field(default_factory=dict)
    down: bool = False

    def pages(self, key: str) -> dict[str, str]:
        """Path -> HTML."""
        found = {"/": _html(key.title(), f"<h1>{key.title()}</h1><p>{self.text}</p>" * 2)}
        if self.prices:
            plans = "".join(
                f'<div class="plan"><h3>{plan}</h3><p class="price">${price}/month</p></div>'
                for plan, price in self.prices.items()
            )
            found["/pricing"] = _html(f"{key.title()} pricing", f"<h1>Pricing</h1>{plans}")
        return found


@dataclass
class World:
    """A home with one market, ``tills``; its sites, its forums, and who said what until now."""

    home: Path
    description: str = DESCRIPTION
    alerts: str = ""
    sites: dict[str, Site] = field(default_factory=dict)
    forums: dict[str, list[Post]] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    """Forums that cannot be read."""

    def __post_init__(self) -> None:
        (self.home / "markets").mkdir(parents=True, exist_ok=True)
        self.connection = open_database(self.home / "data" / "tills" / "market.db")

    @property
    def market(self) -> Market:
        """The market file as it is now, written and loaded."""
        path = self.home / "markets" / "tills.toml"
        body = BUSINESS.format(description=self.description)
        for key in self.sites:
            body += f'[[competitor]]\nid = "{key}"\nsite = "https://{key}.example/"\n'
        for key in self.forums:
            body += f'[[forum]]\nname = "{key}"\nurl = "https://{key}.example/"\n'
        path.write_text(body + self.alerts)
        return load_market(path)

    def say(self, forum: str, text: str, *, who: str, days: float = 0) -> None:
        """A post of somebody, written so many days ago."""
        number = next(_numbers)
        self.forums[forum].append(
            Post(
                id=str(number), key=f"{forum}:{number}", url=f"https://{forum}.example/t1#{number}",
                author=who, text=text, lang="en", posted_precision="second",
                posted_at=datetime.now(UTC) - timedelta(days=days),
            )
        )  # fmt: skip

    def night(self) -> list[str]:
        """Crawl, run the passes; the alerts raised, each ``kind subject``, by the alphabet."""
        market = self.market
        with transaction(self.connection):
            load_market_rows(self.connection, market)
        self._run("competitors", list(self.sites), self._site)
        self._run("forums", list(self.forums), self._forum)
        return self.passes(market)

    def passes(self, market: Market, *, everything: bool = False) -> list[str]:
        """The passes alone: what a refresh does, too."""
        (before,) = self.connection.execute("SELECT coalesce(max(id), 0) FROM alerts").fetchone()
        run_passes(self.connection, market, everything=everything)
        return sorted(
            f"{kind} {subject}".strip()
            for kind, subject in self.connection.execute(
                "SELECT kind, subject FROM alerts WHERE id > ?", (before,)
            )
        )

    def day(self) -> None:
        """A day passes: for what is stored, and for who wrote when."""
        age(self.connection)
        for forum, posts in self.forums.items():
            self.forums[forum] = [_older(post) for post in posts]

    def facts(self, kind: str) -> dict[str, object]:
        """The facts of the newest alert of a kind."""
        (text,) = self.connection.execute(
            "SELECT facts_json FROM alerts WHERE kind = ? ORDER BY id DESC LIMIT 1", (kind,)
        ).fetchone()
        found: dict[str, object] = json.loads(text)
        return found

    def _run(self, spider: str, sources: Iterable[str], write: object) -> None:
        now = datetime.now(UTC)
        run = self.connection.execute(
            "INSERT INTO runs (spider, status, started_at) VALUES (?, 'running', ?)",
            (spider, utc_text(now - timedelta(minutes=1))),
        ).lastrowid
        assert run is not None
        state = SqliteCrawlState(self.connection, run, resumed=False)
        writer = Writer(self.connection, run, batch_items=100, batch_seconds=100)
        reports = []
        for source in sources:
            outcome = write(writer, source, now)  # type: ignore[operator]
            reports.append(
                SourceReport(source=source, name=source, outcome=outcome, whole=True, detail="")
            )
        writer.flush()
        state.finish(reports, reason="finished", stats={}, complete=True)

    def _site(self, writer: Writer, key: str, now: datetime) -> str:
        site = self.sites[key]
        for path, html in site.pages(key).items():
            url = f"https://{key}.example{path}"
            target = Target(source=key, url=url, role="page", depth=int(path != "/"))
            if site.down:
                writer.add(FailureItem(target=target, reason="http_500", detail="d", at=now))
                continue
            document = Document(url, html.encode(), headers={"content-type": "text/html"})
            fetch = Fetch(url=url, final_url=url, status=200, fetched_at=now, body_hash=html)
            writer.add(PageItem(target=target, fetch=fetch, page=read_page(document)))
        return "failed" if site.down else "read"

    def _forum(self, writer: Writer, key: str, now: datetime) -> str:
        if key in self.down:
            return "failed"
        url = f"https://{key}.example/t1"
        target = Target(source=key, url=url, role="topic", meta={"thread": url, "stamp": "s"})
        page = ForumPage(
            engine="phpbb", kind="topic", posts=tuple(self.forums[key]), thread_title="Tills"
        )
        fetch = Fetch(url=url, status=200, fetched_at=now, body_hash=str(len(page.posts)))
        writer.add(ForumItem(target=target, fetch=fetch, page=page))
        return "read"


def _older(post: Post) -> Post:
    assert post.posted_at is not None
    return replace(post, posted_at=post.posted_at - timedelta(days=1))


def _html(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head>'
        f'<body><a href="/">Home</a> <a href="/pricing">Pricing</a>{body}</body></html>'
    )


def talkative(world: World, forum: str, *, weeks: int = 18) -> None:
    """A forum with a past: ten people a week who ask, one complaint of deliveries in three."""
    world.forums[forum] = []
    for week in range(weeks):
        for person in range(10):
            world.say(forum, HARMLESS.format(week * 10 + person), who=f"asks-{person}",
                      days=week * 7 + person * 0.6 + 0.1)  # fmt: skip
        if week % 3 == 2:
            world.say(forum, LATE.format(week), who=f"late-{week}", days=week * 7 + 1)
