"""What a crawl of a whole site tells: pages that are new, gone, away for a while, or only down."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analysis.passes import promotion
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.items import ChannelTag, Evidence, FailureItem, Fetch, Link, Page, PageItem, Target
from crawlers.state import SourceReport
from pipelines.storage import readers, write_pages
from pipelines.storage.crawl_state import SqliteCrawlState
from pipelines.storage.database import open_database
from pipelines.storage.writer import Writer

SITE = "http://rival.localhost"
WORDS = (
    "We sell tills to shops, one at a time, and answer the telephone ourselves. " * 6
    + "This page is about {}."
)


@dataclass
class World:
    """A site and a clock: each crawl is a run of its own, a day after the one before."""

    connection: sqlite3.Connection
    day: int = 0
    kinds: dict[str, str] = field(default_factory=dict)

    def crawl(
        self,
        pages: dict[str, str | int | Page],
        *,
        outcome: str = "read",
        waiting: tuple[str, ...] = (),
        unlinked: tuple[str, ...] = (),
        leads: dict[str, str] | None = None,
        tags: dict[str, tuple[str, ...]] | None = None,
    ) -> list[str]:
        """Crawl the site; returns what was told, in words.

        :param pages: path -> text, or a page, or the status that was sent in its place.
        :param waiting: paths that were found and left unread.
        :param unlinked: paths that are asked for only because they were known.
        :param leads: path -> path its answer came from.
        :param tags: path -> platforms it gives proof of.
        """
        self.day += 1
        now = datetime(2026, 5, self.day, 12, tzinfo=UTC)
        started = (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        cursor = self.connection.execute(
            "INSERT INTO runs (spider, status, started_at) VALUES ('competitors', 'running', ?)",
            (started,),
        )
        run = cursor.lastrowid
        assert run is not None
        state = SqliteCrawlState(self.connection, run, resumed=False)
        told = self.connection.execute("SELECT count(*) FROM changes").fetchone()[0]
        state.add([self.target(path) for path in waiting])
        writer = Writer(self.connection, run, batch_items=1, batch_seconds=0)
        for path, said in pages.items():
            target = self.target(path, known=path in unlinked)
            state.add([target])
            if isinstance(said, int):
                writer.add(FailureItem(target=target, reason=f"http_{said}", detail="d", at=now))
                continue
            final = SITE + (leads or {}).get(path, path)
            fetch = Fetch(url=target.url, final_url=final, status=200, fetched_at=now,
                          body_hash=str(said))  # fmt: skip
            page = said if isinstance(said, Page) else self.page(path, said)
            proofs = tuple(
                ChannelTag(channel="messaging", role="promotes", platform=platform, strength=3,
                           evidence=(Evidence(quote="q", rule="r"),))
                for platform in (tags or {}).get(path, ())
            )  # fmt: skip
            writer.add(PageItem(target=target, fetch=fetch, page=page, channels=proofs))
        report = SourceReport(source="rival", name="R", outcome=outcome, whole=not waiting)
        state.finish([report], reason="finished", stats={}, complete=True)
        rows = self.connection.execute("SELECT words FROM changes ORDER BY id LIMIT -1 OFFSET ?",
                                       (told,))  # fmt: skip
        return [row[0] for row in rows]

    def target(self, path: str, *, known: bool = False) -> Target:
        kind = "home" if path == "/" else self.kinds.get(path, "other")
        meta = {"kind": kind} | ({"known": "1"} if known else {})
        return Target(source="rival", url=SITE + path, role="page", depth=int(path != "/"),
                      meta=meta)  # fmt: skip

    def page(self, path: str, text: str) -> Page:
        return Page(
            url=SITE + path, kind="home" if path == "/" else "service", lang="en",
            title=f"Page {text}", text=WORDS.format(text), links=(Link(url=f"{SITE}/"),),
        )  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    connection = open_database(tmp_path / "market.db")
    connection.execute(
        "INSERT INTO competitors (id, name, first_seen, last_seen) VALUES ('rival', 'R', 'x', 'x')"
    )
    yield World(connection)
    connection.close()


def site(*more: str) -> dict[str, str | int | Page]:
    return {path: path.strip("/") or "home" for path in ("/", "/a", "/b", "/c", *more)}


def test_the_first_crawl_is_the_baseline(world: World) -> None:
    assert world.crawl(site()) == []
    assert world.crawl(site()) == []


def test_a_page_that_was_not_there_is_new(world: World) -> None:
    world.crawl(site())
    assert world.crawl(site("/new")) == ["New service page: Page new"]
    assert world.crawl(site("/new")) == []


def test_a_page_the_last_crawl_left_waiting_is_not_new(world: World) -> None:
    world.crawl(site(), waiting=("/late",))
    assert world.crawl(site("/late")) == []


def test_a_shop_with_more_goods_than_are_read_shows_others_each_time(world: World) -> None:
    world.kinds = dict.fromkeys(("/p1", "/p2", "/p3"), "product")
    world.crawl(site("/p1"), waiting=("/p2",))
    assert world.crawl(site("/p3", "/offices")) == ["New service page: Page offices"]


def test_a_page_that_failed_the_last_time_is_not_new_and_one_that_was_missing_is(
    world: World,
) -> None:
    world.crawl({**site(), "/slow": 503, "/soon": 404})
    assert world.crawl(site("/slow", "/soon")) == ["New service page: Page soon"]


def test_pages_behind_a_page_that_failed_are_not_new(world: World) -> None:
    world.crawl({**site(), "/blog": 500})
    assert world.crawl(site("/blog", "/behind-the-blog")) == []


def test_a_page_taken_down_is_told_once(world: World) -> None:
    world.crawl(site("/old"))
    gone = {**site(), "/old": 404}
    assert world.crawl(gone, unlinked=("/old",)) == ["Removed service page: Page old"]
    assert world.crawl(gone, unlinked=("/old",)) == []
    assert world.crawl(site("/old")) == ["New service page: Page old"]


def test_gone_for_good_is_believed_at_once(world: World) -> None:
    world.crawl(site("/old"))
    assert world.crawl({**site(), "/old": 410}) == ["Removed service page: Page old"]


@pytest.mark.parametrize("status", [404, 500, 503, 403, 429])
def test_a_page_that_fails_once_and_comes_back_never_changed(world: World, status: int) -> None:
    world.crawl(site("/old"))
    assert world.crawl({**site(), "/old": status}) == []
    assert world.crawl(site("/old")) == []


def test_a_page_the_site_still_leads_to_is_believed_gone_the_second_time(world: World) -> None:
    world.crawl(site("/old"))
    assert world.crawl({**site(), "/old": 404}) == []
    assert world.crawl({**site(), "/old": 404}) == ["Removed service page: Page old"]
    assert world.crawl({**site(), "/old": 404}) == []


def test_a_page_that_was_not_asked_for_is_not_gone(world: World) -> None:
    world.crawl(site("/far"))
    assert world.crawl(site(), outcome="partial") == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_site_that_answers_404_to_everything_is_down(world: World, status: int) -> None:
    world.crawl(site())
    assert world.crawl(dict.fromkeys(site(), status), outcome="failed") == []
    assert world.crawl(site()) == []


def test_a_site_of_which_only_the_home_page_stands_is_not_believed_at_once(world: World) -> None:
    world.crawl(site("/d"))
    broken = {"/": "home", **dict.fromkeys(("/a", "/b", "/c", "/d"), 404)}
    unlinked = ("/a", "/b", "/c", "/d")
    assert world.crawl(broken, unlinked=unlinked) == []
    assert len(world.crawl(broken, unlinked=unlinked)) == 4


PARKED = Page(url=SITE, kind="other", lang="en", title="This domain is for sale",
              text="Make an offer today.")  # fmt: skip
NOTICES = [
    PARKED,
    Page(url=SITE, kind="other", lang="en", title="Rival", text="We'll be back soon."),
    Page(url=SITE, kind="other", lang="vi", title="Rival", text="Hệ thống đang bảo trì"),
    Page(url=SITE, kind="other", lang="zh", title="Rival", text="网站维护中，敬请谅解"),
    Page(url=SITE, kind="other", lang="en", title="Welcome to nginx!", text="If you see this"),
    Page(url=SITE, kind="home", lang="en", title="Rival", text="Hello"),
]


@pytest.mark.parametrize("notice", NOTICES, ids=lambda page: page.title + page.text[:9])
def test_a_notice_in_place_of_every_page_is_no_change(world: World, notice: Page) -> None:
    world.crawl(site())
    assert world.crawl(dict.fromkeys(site(), notice)) == []
    outcome = world.connection.execute("SELECT outcome FROM run_sources ORDER BY run_id DESC")
    assert outcome.fetchone() == ("failed",)
    assert world.crawl(site()) == []
    titles = world.connection.execute("SELECT title FROM pages ORDER BY url").fetchall()
    assert titles == [("Page home",), ("Page a",), ("Page b",), ("Page c",)]


def test_not_found_sent_with_status_200_is_a_page_gone(world: World) -> None:
    world.crawl(site("/old"))
    lost = Page(url=SITE, kind="other", lang="en", title="Page not found", text="Sorry.")
    assert world.crawl({**site(), "/old": lost}, unlinked=("/old",)) == [
        "Removed service page: Page old"
    ]
    assert world.crawl({**site(), "/never-was": lost}) == []


def test_a_page_that_leads_to_the_home_page_now_is_gone(world: World) -> None:
    world.crawl(site("/old"))
    leads = {"/old": "/"}
    found = world.crawl({**site(), "/old": "home"}, leads=leads, unlinked=("/old",))
    assert found == ["Removed service page: Page old"]


def test_an_address_that_always_led_elsewhere_says_nothing_of_its_own(world: World) -> None:
    pages = {**site(), "/short": "a"}
    leads = {"/short": "/a"}
    world.crawl(pages, leads=leads)
    assert world.crawl({**pages, "/a": "a anew", "/short": "a anew"}, leads=leads) == [
        "Title: Page a -> Page a anew"
    ]


def test_a_page_that_only_got_another_address_is_neither_new_nor_gone(world: World) -> None:
    world.crawl(site("/old"))
    moved = {**site(), "/renamed": "old", "/old": 404}
    assert world.crawl(moved, unlinked=("/old",)) == []
    assert world.crawl({**site(), "/renamed": "old"}) == []


def test_a_channel_is_told_where_the_site_had_given_no_proof_of_it(world: World) -> None:
    world.crawl(site(), tags={"/a": ("zalo",)})
    everywhere = dict.fromkeys(site(), ("zalo", "whatsapp"))
    assert world.crawl(site(), tags=everywhere) == ["New channel: WhatsApp (messaging)"]
    assert world.crawl(site(), tags=everywhere) == []
    new_page = site("/new"), {**everywhere, "/new": ("zalo", "line")}
    assert world.crawl(new_page[0], tags=new_page[1]) == [
        "New service page: Page new", "New channel: LINE (messaging)",
    ]  # fmt: skip


def test_a_channel_is_given_up_when_two_whole_crawls_have_not_seen_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promotion, "now_text", lambda: f"2026-05-{world.day:02}T13:00:00Z")

    def crawl(*, seen: bool, **more: object) -> list[str]:
        tags = {"/a": ("zalo",)} if seen else {}
        before = world.connection.execute("SELECT count(*) FROM changes").fetchone()[0]
        world.crawl(site(), tags=tags, **more)  # type: ignore[arg-type]
        promotion.run(world.connection)
        rows = world.connection.execute(
            "SELECT words FROM changes ORDER BY id LIMIT -1 OFFSET ?", (before,)
        )
        return [row[0] for row in rows]

    assert crawl(seen=True) == []
    assert crawl(seen=False) == []
    assert crawl(seen=True) == []  # it was only not loaded that time
    assert crawl(seen=False) == crawl(seen=False, waiting=("/much",)) == []
    assert crawl(seen=False) == ["Channel not seen any more: Zalo (messaging)"]
    assert crawl(seen=False) == []


def test_what_other_rules_do_not_see_was_not_given_up(world: World) -> None:
    world.crawl(site(), tags={"/a": ("zalo",)})
    promotion.run(world.connection)
    world.connection.execute("DELETE FROM page_channels")
    promotion.run(world.connection, everything=True)
    count = "SELECT (SELECT count(*) FROM channel_tags), (SELECT count(*) FROM changes)"
    assert world.connection.execute(count).fetchone() == (0, 0)


def test_other_readers_read_more_and_that_is_no_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def home(title: str) -> Page:
        return Page(url=SITE, kind="home", lang="en", title=title, text=WORDS.format("x"),
                    links=(Link(url=f"{SITE}/"),))  # fmt: skip

    world.crawl({"/": home("Rival | Tills for small shops")})
    monkeypatch.setattr(write_pages, "readers_mark", lambda: "tomorrow")
    assert world.crawl({"/": home("Rival | Tills for chains")}) == []
    assert world.crawl({"/": home("Rival | Tills for bakers")}) == [
        "Title: Tills for chains -> Tills for bakers"
    ]
    assert len(readers.readers_mark()) == 12


def test_a_slogan_that_turns_is_told_once_at_most(world: World) -> None:
    def home(title: str) -> Page:
        return Page(url=SITE, kind="home", lang="en", title=title, text=WORDS.format(title),
                    links=(Link(url=f"{SITE}/"),))  # fmt: skip

    told = [world.crawl({"/": home(f"Rival | {title}")})
            for title in ("Sell more", "Sleep better", "Sell more", "Sleep better")]  # fmt: skip
    assert [len(words) for words in told] == [0, 1, 0, 0]


def test_a_promotion_of_every_page_begins_and_ends_once(world: World) -> None:
    def page(path: str, banner: str) -> Page:
        return Page(
            url=SITE + path, kind="service", lang="en", title=path,
            text=f"{banner}\n{WORDS.format(path)}", links=(Link(url=f"{SITE}/"),),
        )  # fmt: skip

    paths = ("/", "/a", "/b")
    world.crawl({path: page(path, "Welcome.") for path in paths})
    sale = {path: page(path, "Save 20% on all plans.") for path in paths}
    assert world.crawl(sale) == ["New promotion: Save 20% on all plans."]
    assert world.crawl({**sale, "/a": page("/a", "Welcome.")}) == []
    over = {path: page(path, "Welcome back.") for path in paths}
    assert world.crawl(over) == ["Promotion ended: Save 20% on all plans."]


def test_an_older_answer_is_read_again_by_the_readers_of_today(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A page whose old answer is in the archive is compared in spite of other readers."""

    def html(price: int) -> bytes:
        rows = "".join(
            f"<tr><th>{name}</th><td>${amount}/mo</td></tr>"
            for name, amount in (("Solo", 9), ("Shop", price))
        )
        text = WORDS.format("prices")
        return (
            f"<html lang=en><title>Pricing | Rival</title><main><h1>Pricing</h1><p>{text}</p>"
            f"<table class=pricing>{rows}</table></main></html>"
        ).encode()

    url = f"{SITE}/pricing"
    headers = {"Content-Type": "text/html; charset=utf-8"}
    old, new = (Document(url, html(price), headers=headers) for price in (49, 59))
    target = Target(source="rival", url=url, role="page", depth=1, meta={"kind": "pricing"})
    for run, document in enumerate((old, new), start=1):
        world.connection.execute(
            "INSERT INTO runs (spider, status, started_at) VALUES ('competitors', 'running', ?)",
            (f"2026-05-0{run}T11:00:00Z",),
        )
        fetch = Fetch(
            url=url, status=200, fetched_at=datetime(2026, 5, run, 12, tzinfo=UTC),
            body_hash=str(run), archive_file="a.warc.gz", archive_offset=run,
        )  # fmt: skip
        writer = Writer(world.connection, run, batch_items=1, batch_seconds=0, folder=tmp_path)
        writer.add(PageItem(target=target, fetch=fetch, page=read_page(document)))
        world.connection.execute("UPDATE pages SET text_hash = 'yesterday:' || text_hash")
        monkeypatch.setattr(readers, "read_archived", lambda *_, url: old)
    words = [row[0] for row in world.connection.execute("SELECT words FROM changes")]
    assert words == ["Shop: $49 -> $59 a month"]
