"""SIGTERM and Ctrl-C at any moment; the requests of a run, counted by all its spiders. The real
command is stopped in tests/end_to_end/test_stopped.py.
"""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from scrapy.settings import Settings

from analysis import research as researching
from analysis.alerting.delivering import deliver
from analysis.crawling import CrawlResult
from analysis.passes import alerts as alerts_pass
from analysis.research import alert_lines, research
from analysis.stopping import Stopped, hearing, stoppable, unheard
from crawlers.base.budget import Requests
from crawlers.market import Market, load_market, parse_market
from crawlers.state import SourceReport
from pipelines.storage.database import open_database, transaction
from pipelines.storage.times import at_moment, utc_text
from tests.analysis.market_home import NAME, make_home
from tests.analysis.sample_db import ALERTS


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_undoes_what_was_begun_and_keeps_what_was_done(
    tmp_path: Path, number: signal.Signals
) -> None:
    former = signal.getsignal(number)
    connection = open_database(tmp_path / "market.db")
    with pytest.raises(Stopped), stoppable():
        with transaction(connection):
            connection.execute("INSERT INTO dirty VALUES ('post', '1')")
        with transaction(connection):
            connection.execute("INSERT INTO dirty VALUES ('post', '2')")
            os.kill(os.getpid(), number)
    assert signal.getsignal(number) == former
    assert connection.execute("SELECT key FROM dirty").fetchall() == [("1",)]
    assert not connection.in_transaction
    connection.close()


# Datasette, once it is imported, lets SQLite tell of errors in its callbacks.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_stop_that_a_library_made_an_error_of_or_swallowed_is_a_stop_all_the_same() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_function("stop", 0, lambda: os.kill(os.getpid(), signal.SIGTERM))
        with pytest.raises(Stopped), stoppable():  # SQLite says: a function raised an exception
            connection.execute("SELECT stop()")
    with pytest.raises(Stopped), stoppable(), contextlib.suppress(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(ValueError, match="ours"), stoppable():
        raise ValueError("ours")


def test_the_same_word_again_does_not_cut_what_is_being_undone() -> None:
    undone = False
    with pytest.raises(Stopped), stoppable():
        try:
            os.kill(os.getpid(), signal.SIGINT)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            undone = True
    assert undone


def test_an_event_loop_is_told_and_last_words_are_not_interrupted() -> None:
    told: list[int] = []
    former = signal.getsignal(signal.SIGTERM)
    with hearing(lambda: told.append(1), lambda: told.append(2)) as word:
        assert not word.heard
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGTERM)
        assert word.heard
    assert told == [1, 2]
    with stoppable(), unheard():
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == former


@contextmanager
def word_after(seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()
    began = monotonic()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
    assert monotonic() - began < 10, "it waited for the lock to the end"


def test_whoever_waits_for_another_writer_hears_a_stop(tmp_path: Path) -> None:
    path = tmp_path / "market.db"
    with closing(open_database(path)) as ours, closing(open_database(path)) as other:
        with transaction(other):
            with pytest.raises(Stopped), word_after(0.3), stoppable(), transaction(ours):
                pass
            assert not ours.in_transaction
            with pytest.raises(Stopped), word_after(0.3), stoppable():
                open_database(path).close()
        with transaction(ours):
            assert ours.execute("PRAGMA busy_timeout").fetchone() == (30_000,)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_home(tmp_path, monkeypatch)


def night(home: Path, said: list[str], *, stop_at: str = "") -> CrawlResult:
    """A night of the sample market in which all was read, told to stop at a word of its own."""
    report = SourceReport(source="liftline", name="LiftLine", outcome="read")
    read = CrawlResult(reports=(("competitors", report),), broken=False, complete=True)

    def say(text: str) -> None:
        said.append(text)
        if stop_at and text.startswith(stop_at):
            os.kill(os.getpid(), signal.SIGTERM)

    market = load_market(home / "markets" / f"{NAME}.toml")
    return research(market, Settings(), say=say, crawl=lambda *given, **more: read)


def raise_alert(folder: Path, at: datetime) -> None:
    subject, competitor, facts = ALERTS["price"]
    with closing(open_database(folder / "market.db")) as connection:
        connection.execute(
            "INSERT INTO alerts (key, kind, subject, competitor, fact, at, raised_at, facts_json) "
            "VALUES ('price:1', 'price', ?, ?, 'f', ?, ?, ?)",
            (subject, competitor, utc_text(at), utc_text(at), json.dumps(facts)),
        )


def test_stopped_in_the_passes_a_run_is_cut_short_and_repeats_no_alerts(
    folder: Path, tmp_path: Path
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    market = load_market(tmp_path / "markets" / f"{NAME}.toml")
    with at_moment(yesterday), closing(open_database(folder / "market.db")) as connection:
        alerts_pass.run(connection, market)
    raise_alert(folder, yesterday)
    (line,) = alert_lines(market, since=yesterday)
    assert line.startswith("Price change: LiftLine")
    said: list[str] = []
    began = datetime.now(UTC)
    result = night(tmp_path, said, stop_at="reading posts")
    assert (result.exit_code, result.complete, result.stopped) == (5, False, True)
    assert said[-1].startswith("stopped")
    assert alert_lines(market, since=began) == [], "last night's are no news of this one"


def test_stopped_while_alerts_are_sent(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        path = tmp_path / "markets" / f"{NAME}.toml"
        more = f'[crawl]\nallow_private = true\n[alerts]\nwebhook = "{address}"\n'
        path.write_text(path.read_text() + more)
        deliver(load_market(path))  # from here on the channel is known
        raise_alert(folder, datetime.now(UTC))

        def delivers(market: Market) -> None:
            with word_after(0.3):
                deliver(market)

        monkeypatch.setattr(researching, "deliver", delivers)
        result = night(tmp_path, [])
    assert (result.exit_code, result.complete) == (5, False)


def test_requests_are_counted_down() -> None:
    requests = Requests(2)
    assert not requests.spent
    requests.take()
    requests.take()
    assert requests.spent
    free = Requests(None)
    free.take()
    assert not free.spent


def test_budgets_of_one_run_stand_in_for_the_files() -> None:
    market = parse_market(
        '[business]\nname = "A"\ndescription = "B"\n[crawl]\ntime_budget = 60\ndelay = 2\n'
    )
    other = market.within(time_budget=5, request_budget=9)
    assert (other.crawl.time_budget, other.crawl.request_budget, other.crawl.delay) == (5, 9, 2)
    assert market.crawl.time_budget == 60 and market.within() is market
