"""SIGTERM and Ctrl-C during the passes; the requests of a run, counted by all its spiders."""

import os
import signal
from pathlib import Path

import pytest

from analysis.stopping import Stopped, stoppable
from crawlers.base.budget import Requests
from crawlers.market import parse_market
from pipelines.storage.database import open_database, transaction


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
