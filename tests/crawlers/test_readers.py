"""Readers beside a crawl: what they read, in which order, and what is left when they die."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers import readers as module
from crawlers.base.site_pages import read_site_page
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.forums import read_forum, read_with_feed
from crawlers.readers import AHEAD, ReaderDiedError, Readers, Work, join, leave, readers_for

PAGES = Path(__file__).parents[1] / "pages"
ROOT = Path(__file__).parents[2]


def page(text: str) -> Document:
    return Document("https://a.example/", text.encode())


def who(document: Document) -> tuple[str, int]:
    return document.text, os.getpid()


def slow_when_early(document: Document) -> str:
    time.sleep(0.4 if document.text == "0" else 0)
    return document.text


def kill_who_reads(document: Document, *, mark: str = "") -> str:
    """Kill the process; with a mark that is there already, only the first time."""
    if not mark or not Path(mark).exists():
        if mark:
            Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return document.text


def fail(document: Document) -> str:
    raise ValueError(document.text)


def cannot_travel(document: Document) -> object:
    return lambda: document.text


@pytest.mark.parametrize(
    ("wanted", "sites", "delay", "cores", "number"),
    [
        ("0", 500, 1.0, 8, 0),
        ("3", 1, 1.0, 2, 3),
        ("auto", 50, 1.0, 8, 0),
        ("auto", 50, 0.0, 8, 0),
        ("auto", 51, 1.0, 8, 2),
        ("auto", 200, 1.0, 8, 4),
        ("auto", 200, 1.0, 2, 1),
        ("auto", 200, 1.0, 1, 0),
        ("auto", 200, 5.0, 8, 0),
    ],
)
def test_how_many(wanted: str, sites: int, delay: float, cores: int, number: int) -> None:
    assert readers_for(wanted, sites=sites, delay=delay, cores=cores) == number


@pytest.mark.parametrize("wanted", ["", "many", "-1", "1.5"])
def test_a_setting_that_is_no_number(wanted: str) -> None:
    with pytest.raises(ValueError, match="RIVALMAP_READERS"):
        readers_for(wanted, sites=1, delay=1.0, cores=2)


def test_nobody_need_read_beside() -> None:
    assert Work(who, page("a")).result() == ("a", os.getpid())
    with pytest.raises(ValueError, match="b"):
        Work(fail, page("b")).result()


async def all_of(readers: Readers, works: list[Work]) -> list[Work]:
    """The works in the order they came back."""
    came: list[Work] = []

    async def one(work: Work) -> None:
        await readers.do(work)
        came.append(work)

    await asyncio.gather(*(one(work) for work in works))
    return came


def run(number: int, works: list[Work]) -> list[Work]:
    async def whole() -> list[Work]:
        readers = Readers(number)
        try:
            return await asyncio.wait_for(all_of(readers, works), 60)
        finally:
            readers.close()

    return asyncio.run(whole())


def test_pages_come_back_in_order_and_as_read_here() -> None:
    """Company pages, a forum's, errors and what cannot travel, from two processes."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    company, topic = (
        Document(f"https://a.example/{path.stem}", path.read_bytes(), fetched_at=at)
        for path in (sorted(PAGES.rglob("*.html"))[0], sorted(PAGES.rglob("*phpbb*/*.html"))[0])
    )
    works: list[Work] = [
        Work(slow_when_early, page("0")), Work(slow_when_early, page("1")), Work(who, page("2")),
        Work(read_site_page, company, drawn=False), Work(read_site_page, company, drawn=True),
        Work(read_with_feed, topic, feed=True, engine=None, timezone="Asia/Ho_Chi_Minh"),
        Work(fail, page("3")), Work(cannot_travel, page("4")),
        *(Work(who, page(str(number))) for number in range(30)),
    ]  # fmt: skip
    assert run(2, works) == works
    assert [work.result() for work in works[:2]] == ["0", "1"]
    others = {work.result()[1] for work in [works[2], *works[8:]]}
    assert len(others) == 2 and os.getpid() not in others
    assert works[3].result().page == works[4].result().page == read_page(company)
    assert works[5].result()[0] == read_forum(topic, timezone="Asia/Ho_Chi_Minh")
    with pytest.raises(ValueError, match="3"):
        works[6].result()
    assert works[7].result()() == "4"


def test_few_pages_are_on_their_way_at_a_time() -> None:
    async def whole() -> int:
        readers, most = Readers(1), 0

        async def watch() -> None:
            nonlocal most
            while True:
                most = max(most, readers._under_way)
                await asyncio.sleep(0)

        watching = asyncio.create_task(watch())
        await all_of(readers, [Work(who, page("x" * 1_000_000)) for _ in range(20)])
        watching.cancel()
        readers.close()
        return most

    assert asyncio.run(whole()) == AHEAD


def test_who_is_killed_loses_no_page_and_who_kills_is_left_out(tmp_path: Path) -> None:
    works: list[Work] = [
        Work(kill_who_reads, page("killed once"), mark=str(tmp_path / "killed")),
        *(Work(who, page(str(number))) for number in range(4)),
        Work(kill_who_reads, page("kills")),
        *(Work(who, page(str(number))) for number in range(4)),
    ]
    assert run(2, works) == works
    assert works[0].result() == "killed once"
    with pytest.raises(ReaderDiedError, match="left out"):
        works[5].result()
    assert [work.result()[0] for work in [*works[1:5], *works[6:]]] == list("01230123")
    assert all(work.result()[1] != os.getpid() for work in works[6:])


def test_when_too_many_have_died_this_process_reads(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "MOST_DEATHS", 2)
    works: list[Work] = [Work(kill_who_reads, page("kills")), Work(who, page("a"))]
    assert run(1, works) == works
    with pytest.raises(ReaderDiedError):
        works[0].result()
    assert works[1].result() == ("a", os.getpid())
    assert "reads on alone" in caplog.text


def test_where_no_process_can_be_begun_this_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*given: object) -> None:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(module._SPAWN.Process, "start", none)
    works = [Work(who, page("a")), Work(who, page("b"))]
    run(2, works)
    assert [work.result() for work in works] == [("a", os.getpid()), ("b", os.getpid())]


def test_spiders_of_one_process_share_them() -> None:
    first, second = join(2), join(3)
    assert first is second and first.most == 2
    leave(first)
    third = join(1)
    assert third is first
    leave(second)
    leave(third)
    last = join(1)
    assert last is not first
    leave(last)


PARENT = textwrap.dedent("""
    import asyncio, signal, sys
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    from crawlers.readers import Readers, Work
    from tests.crawlers.test_readers import all_of, page, say_who

    if __name__ == "__main__":
        async def whole():
            works = [Work(say_who, page(str(n)), folder=sys.argv[1]) for n in range(9)]
            await all_of(Readers(2), works)
        asyncio.run(whole())
""")


def say_who(document: Document, *, folder: str) -> None:
    """Leave this process's id, then be busy for longer than the test."""
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(120)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_no_reader_outlives_its_parent(tmp_path: Path, ending: signal.Signals) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    ids = tmp_path / "ids"
    ids.mkdir()
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py"), str(ids)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    wait_for(lambda: len(list(ids.iterdir())) == 2)
    if ending == signal.SIGINT:
        os.killpg(parent.pid, ending)  # as a terminal does: to all of them
    else:
        parent.send_signal(ending)
    _, said = parent.communicate(timeout=20)
    readers = [int(path.name) for path in ids.iterdir()]
    wait_for(lambda: not any(map(is_alive, readers)))
    assert "SpawnProcess" not in said  # the parent's own words, no reader's


def is_alive(process: int) -> bool:
    """Whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
