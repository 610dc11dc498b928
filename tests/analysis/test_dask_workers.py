"""Reading on a Dask cluster: what is lost, and what is refused."""

import signal
from collections.abc import Iterator

import pytest

from analysis.dask_workers import DaskWorkers
from analysis.rereading import PostsPart, StoredPost, read_posts, rules_mark
from analysis.workers import ALONE, WorkersError
from pipelines.demand import Brand, MarketTerms
from tests.end_to_end.dask_cluster import Cluster, dask_cluster

pytestmark = pytest.mark.slow

TERMS = MarketTerms(brands=(Brand(name="LiftLine", key="liftline"),), offers=("standing desk",))


def part(number: int, rules: str | None = None) -> PostsPart:
    said = "I sold my LiftLine desk, it wobbles. Which standing desk should I buy under $500?"
    posts = tuple(
        StoredPost(id=100 * number + place, forum="f", text=f"{said} {number}.{place}", lang="en",
                   url=f"https://f.example/{number}#{place}", last_seen="2026-11-20T06:30:00Z")
        for place in range(100)
    )  # fmt: skip
    return PostsPart(rules=rules or rules_mark(), terms=TERMS, version="v", posts=posts)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with dask_cluster(workers=2) as running:
        yield running


def test_the_parts_of_a_worker_that_is_killed_are_read_by_another(cluster: Cluster) -> None:
    parts = [part(number) for number in range(12)]
    expected = [rows for _, rows in ALONE.each(read_posts, parts)]
    assert all(len(rows["demand"]) == 100 and rows["mentions"] for rows in expected)
    found = []
    with DaskWorkers(cluster.address) as crew:
        for _, rows in crew.each(read_posts, parts):
            found.append(rows)
            if len(found) == 2:
                cluster.workers[0].send_signal(signal.SIGKILL)
    assert found == expected


def test_a_worker_with_other_rules_refuses(cluster: Cluster) -> None:
    with (
        DaskWorkers(cluster.address) as crew,
        pytest.raises(WorkersError, match="install the same Rivalmap"),
    ):
        list(crew.each(read_posts, [part(0, rules="others")]))


def test_a_scheduler_that_dies_and_one_that_is_not_there(cluster: Cluster) -> None:
    with DaskWorkers(cluster.address, patience=1) as crew:
        cluster.workers[1].send_signal(signal.SIGKILL)
        with pytest.raises(WorkersError, match="has no workers"):
            list(crew.each(read_posts, [part(0)]))
    with DaskWorkers(cluster.address, patience=1) as crew:
        cluster.scheduler.send_signal(signal.SIGKILL)
        with pytest.raises(WorkersError, match="What was stored stays"):
            list(crew.each(read_posts, [part(0)]))
    with pytest.raises(WorkersError, match="no Dask scheduler answers"):
        DaskWorkers(cluster.address, patience=1)
