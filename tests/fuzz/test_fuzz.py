"""Spoilt inputs through every reader; 100,000 of them by hand: bench/faults/fuzz.py."""

import time
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.faults.fuzz import run
from tests.fuzz.mutations import LARGEST, MUTATIONS, spoilt
from tests.fuzz.readers import Reader, readers
from tests.fuzz.trying import attempt

pytestmark = pytest.mark.slow

# A machine of the tests may be three times as slow as the one the bound of a second was set on.
SLOWEST = 3.0


def test_drawn_inputs_in_a_process_of_their_own() -> None:
    found = run(0, 500, 7, jobs=2, until=time.monotonic() + 300, slowest=SLOWEST)
    assert [tried for tried in found if tried.fault] == []
    assert len(found) == 500
    assert {tried.reader for tried in found} == set(known())


@cache
def known() -> dict[str, Reader]:
    return readers(Path(mkdtemp(prefix="rivalmap-fuzz-")))


_PART = st.floats(0, 1)


@pytest.mark.parametrize(
    "name", ["inspect", "forum", "read", "tier", "market", "archive", "sitemap", "feed"]
)
def test_inputs_hypothesis_makes(name: str) -> None:
    reader = known()[name]
    seeds = st.sampled_from(reader.seeds)
    mutation = st.tuples(st.sampled_from(sorted(MUTATIONS)), _PART, _PART, seeds)

    @settings(
        max_examples=25, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(seeds, st.lists(mutation, max_size=3), st.integers(0, 1_000))
    def never_fails(seed: bytes, mutations: list[tuple[str, float, float, bytes]], n: int) -> None:
        tried = attempt(name, reader, spoilt(seed, mutations), n, slowest=SLOWEST)
        assert tried.fault is None, tried

    reader.read(reader.seeds[0], 0)  # loads its models
    never_fails()


def test_mutations_stay_in_bounds_and_are_repeatable() -> None:
    body = b"".join(b"<p>%d words</p>" % number for number in range(100))
    other = b"<b>other</b>" * 50
    for name in MUTATIONS:
        for place in (0.0, 0.3, 1.0):
            for size in (0.0, 0.5, 1.0):
                made = spoilt(body, [(name, place, size, other)])
                assert made == spoilt(body, [(name, place, size, other)])
                assert len(made) <= LARGEST
        assert any(spoilt(body, [(name, 0.3, size, other)]) != body for size in (0.4, 0.9, 1.0))
