"""One pace for each site, whoever asks."""

import asyncio
import time
from itertools import pairwise

from crawlers.pace import Pace


def test_two_crawls_share_a_site_and_not_its_neighbour() -> None:
    pace, began, open_now = Pace(), [], 0

    async def ask(site: str, delay: float) -> None:
        nonlocal open_now
        async with pace.turn(site, delay):
            open_now += site == "a.example"
            assert open_now <= 1
            began.append((site, time.monotonic()))
            await asyncio.sleep(0.02)
            open_now -= site == "a.example"

    async def both() -> None:
        await asyncio.gather(*(ask("a.example", 0.1) for _ in range(4)), ask("b.example", 0.1))

    asyncio.run(both())
    times = [at for site, at in began if site == "a.example"]
    assert all(b - a >= 0.12 for a, b in pairwise(times))
    neighbour = next(at for site, at in began if site == "b.example")
    assert neighbour - times[0] < 0.1


def test_what_a_site_asks_for_counts_where_it_is_more() -> None:
    pace = Pace()
    pace.slow_down("a.example", 0.15)
    pace.slow_down("a.example", 0.05)  # another crawl's floor takes nothing back
    pace.asked("a.example")

    async def ask() -> float:
        began = time.monotonic()
        async with pace.turn("a.example", 0.0):
            return time.monotonic() - began

    assert asyncio.run(ask()) >= 0.14


def test_a_request_that_fails_gives_its_turn_back() -> None:
    pace = Pace()

    async def fails() -> None:
        async with pace.turn("a.example", 0.0):
            raise ConnectionError

    async def then() -> bool:
        try:
            await fails()
        except ConnectionError:
            async with pace.turn("a.example", 0.0):
                return True
        return False

    assert asyncio.run(asyncio.wait_for(then(), 2))
