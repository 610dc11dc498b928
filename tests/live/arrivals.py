"""A server that records when each request of each site arrives: what a crawl's rate really was.

``Arrivals`` alone is a log any server may keep; ``ArrivalServer`` serves many small sites, by host
name, and keeps one. For more than one worker, start one server and let all of them crawl it.
"""

import asyncio
import re
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta name="description" content="{title} sells an online shop builder to small shops."></head>
<body><nav>{links}</nav><h1>{title}</h1><p>Build your online store in an afternoon.</p></body>
</html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request: when it came (seconds, monotonic), when its answer was out, and for what."""

    at: float
    done: float
    path: str


class Arrivals:
    """Requests by site, in the order they came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: dict[str, list[Arrival]] = defaultdict(list)

    def add(self, site: str, arrival: Arrival) -> None:
        """Keep a request."""
        with self._lock:
            self._of[site].append(arrival)

    def of(self, site: str) -> list[Arrival]:
        """A site's requests by the time they came."""
        with self._lock:
            return sorted(self._of[site], key=lambda arrival: arrival.at)

    def sites(self) -> list[str]:
        """Who was asked for anything."""
        with self._lock:
            return sorted(site for site, asked in self._of.items() if asked)

    def paths(self, site: str) -> list[str]:
        """What a site was asked for."""
        return [arrival.path for arrival in self.of(site)]

    def gaps(self, site: str) -> list[float]:
        """Seconds between the arrivals of a site's requests, robots.txt among them."""
        return [b.at - a.at for a, b in pairwise(self.of(site))]

    def most_at_once(self, site: str) -> int:
        """How many requests of a site were open at one time."""
        events = [(a.at, 1) for a in self.of(site)] + [(a.done, -1) for a in self.of(site)]
        most = now = 0
        for _, step in sorted(events):
            now += step
            most = max(most, now)
        return most

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._of.clear()


class ArrivalServer:
    """Sites ``NAME.localhost`` on one loopback port, each a home page that leads to its pages.

    :param robots: the robots.txt of a site, by name; others have none.
    :param pages: pages beside the home page; :param few: those of single sites, by name.
    :param moved: sites whose every page leads to the same page of another.
    :param seconds: how long an answer takes.
    """

    def __init__(
        self,
        *,
        robots: Mapping[str, str] | None = None,
        pages: int = 4,
        few: Mapping[str, int] | None = None,
        moved: Mapping[str, str] | None = None,
        seconds: float = 0.02,
    ) -> None:
        self.arrivals = Arrivals()
        self._robots = dict(robots or {})
        self._pages = pages
        self._few = dict(few or {})
        self._moved = dict(moved or {})
        self._seconds = seconds

    def __enter__(self) -> "ArrivalServer":
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise TimeoutError("the server does not listen")
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def _run(self, ready: threading.Event) -> None:
        # One loop, no thread a request: a request is noted when it comes, also where fifty do.
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=500)
        )
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                at = time.monotonic()
                path = head.split(" ", 2)[1]
                host = re.search(r"(?im)^host: *([^:\r\n]+)", head)
                site = host[1].removesuffix(".localhost") if host else ""
                status, body = self.answer(site, path)
                where = ""
                if site in self._moved and status == 200:
                    status = 301
                    where = f"Location: {self.url(self._moved[site])[:-1]}{path}\r\n"
                await asyncio.sleep(self._seconds)
                # Before the answer leaves: whoever has it may ask again at once.
                self.arrivals.add(site, Arrival(at=at, done=time.monotonic(), path=path))
                writer.write(
                    f"HTTP/1.1 {status} Any\r\nContent-Type: text/html; charset=utf-8\r\n"
                    f"{where}Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def url(self, site: str) -> str:
        """A site's address."""
        return f"http://{site}.localhost:{self.port}/"

    def answer(self, site: str, path: str) -> tuple[int, bytes]:
        """Status and body of a page."""
        if path == "/robots.txt":
            rules = self._robots.get(site)
            return (200, rules.encode()) if rules else (404, b"none")
        many = self._few.get(site, self._pages)
        pages = {"/": "Home"} | {f"/pricing-{n}": f"Plan {n}" for n in range(many)}
        if path not in pages:
            return 404, b"<p>not here</p>"
        links = " ".join(f'<a href="{page}">{title}</a>' for page, title in pages.items())
        title = f"{pages[path]} of {site}"
        return 200, PAGE.format(title=title, links=links).encode()
