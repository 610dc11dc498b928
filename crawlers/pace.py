"""One request at a time of each site, and its delay between them, for the whole process.

The delay is counted from the end of an answer: whatever the network does to two requests on their
way, the server never sees them closer together; and a server that takes long has its pause, too.

Scrapy keeps both for one crawl and one slot. A company's site may be read by two crawls of one run
(its pages, its forum), and robots.txt is asked for in a slot of its own: here, where a request
really leaves, they meet.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

JITTER = 0.01
"""By so much of itself, at most, chance makes a pause longer, never shorter: sites that are asked
side by side do not stay in step."""


@dataclass(slots=True)
class _Site:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    delay: float = 0.0
    last: float | None = None


class Pace:
    """When each site was last asked.

    :param clock: seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._sites: dict[str, _Site] = {}

    def slow_down(self, site: str, delay: float) -> None:
        """Keep at least so many seconds between a site's requests from now on."""
        known = self._sites.setdefault(site, _Site())
        known.delay = max(known.delay, delay)

    def asked(self, site: str) -> None:
        """A site was asked just now, by what takes no turn."""
        self._sites.setdefault(site, _Site()).last = self._clock()

    @asynccontextmanager
    async def turn(self, site: str, delay: float) -> AsyncIterator[None]:
        """Hold a site for one request; begins when nobody else does and the delay is over.

        :param delay: seconds; what the site itself asked for counts where it is more.
        """
        known = self._sites.setdefault(site, _Site())
        longer = 1 + random.uniform(0, JITTER)  # noqa: S311
        async with known.turn:
            # Looked at anew: a timer may ring a little early.
            while (wait := self._wait(known, delay) * longer) > 0:
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                known.last = self._clock()

    def _wait(self, known: _Site, delay: float) -> float:
        if known.last is None:
            return 0.0
        return known.last + max(delay, known.delay) - self._clock()


pace = Pace()
"""This process's."""
