"""How long a site is left alone: headers and clocks as servers send them."""

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.patience import (
    LONGEST_REST,
    LONGEST_WAIT,
    MOST_FAULTS,
    MOST_REFUSALS,
    Patience,
    Rest,
    rest_for,
    seconds_asked,
)

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", None, 120),
        (" 0 ", None, 0),
        ("99999999999999999999", None, 1e9),
        ("Mon, 23 Nov 2026 20:02:00 GMT", None, 120),
        # The server's clock is an hour behind ours: its own word on the time counts.
        ("Mon, 23 Nov 2026 19:02:00 GMT", "Mon, 23 Nov 2026 19:00:00 GMT", 120),
        ("Monday, 23-Nov-26 20:02:00 GMT", None, 120),
        ("Mon Nov 23 20:02:00 2026", None, 120),
        ("Mon, 23 Nov 2026 19:00:00 GMT", None, 0),
        ("Mon, 23 Nov 2026 20:02:00 GMT", "yesterday", 120),
        ("soon", None, None),
        ("-5", None, None),
        ("1.5", None, None),
        ("", None, None),
        (None, None, None),
        ("\u0661\u0662", None, None),
        ("Mon, 99 Nov 2026 99:99:99 GMT", None, None),
        ("x" * 10_000, None, None),
    ],
)
def test_what_a_header_asks_for(value: str | None, date: str | None, seconds: float | None) -> None:
    assert seconds_asked(value, date=date, now=NOW) == seconds


def test_a_rest_ends_and_has_a_bound() -> None:
    rest = rest_for(3600, NOW, "the site answered 429")
    assert rest.until == NOW + timedelta(hours=1)
    assert rest.holds(NOW) and rest.holds(NOW + timedelta(minutes=59))
    assert not rest.holds(rest.until)
    assert "2026-11-23 21:00 UTC" in rest.detail
    assert rest_for(1e300, NOW, "x").until == NOW + LONGEST_REST


def test_a_rest_from_the_future_is_a_clock_gone_wrong() -> None:
    rest = Rest(asked_at=NOW + timedelta(days=9000), until=NOW + timedelta(days=9001), detail="")
    assert not rest.holds(NOW)


def test_failures_are_waited_for_longer_each_time_and_end() -> None:
    patience, waits = Patience(1.0), []
    while patience.failed("a.example", 0.0):
        waits.append(patience.wait("a.example", 0.0))
    assert len(waits) == MOST_FAULTS - 1
    for wait, least in zip(waits, (1, 2, 4, 8, 16, 32, 60, 60, 60), strict=True):
        assert least <= wait <= least * 1.1  # upwards only
    assert patience.wait("b.example", 0.0) == 0.0


def test_an_answer_forgives_all() -> None:
    patience = Patience(1.0)
    for _ in range(3 * MOST_FAULTS):
        assert patience.failed("a.example", 0.0)
        patience.answered("a.example")
        assert patience.wait("a.example", 0.0) == 0.0


def test_a_site_that_says_not_now() -> None:
    patience = Patience(1.0)
    assert patience.refused("a.example", 0.0, 5.0)
    assert 5.0 <= patience.wait("a.example", 0.0) <= 5.5
    assert 1.0 <= patience.wait("a.example", 4.0) <= 1.5
    for _ in range(MOST_REFUSALS - 2):
        assert patience.refused("a.example", 0.0, None)
    assert not patience.refused("a.example", 0.0, None)
    assert not patience.refused("b.example", 0.0, LONGEST_WAIT + 1)
    assert patience.refused("c.example", 0.0, LONGEST_WAIT)


def test_a_server_of_ones_own_is_not_waited_for() -> None:
    patience = Patience(0.0)
    assert patience.failed("a.localhost", 0.0)
    assert patience.wait("a.localhost", 0.0) == 0.0
    assert patience.refused("a.localhost", 0.0, 3.0)
    assert patience.wait("a.localhost", 0.0) >= 3.0
