"""The sites and the forum of ``python -m bench.nights``, on one loopback port, night by night.

Pages are small HTML; the forum looks as a stock phpBB board does (the sample market's templates).
Its clock is the simulated one: a post is as many days old as nights have passed.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from analysis.demo.boards import Board, Forum, Post, Thread
from analysis.demo.phpbb import phpbb_answer
from analysis.demo.talk import Said

CHAIRS = "Wooden chairs and tables for small restaurants and cafes."
TILLS = "Point of sale software: a till for small restaurants and cafes. Our POS prints receipts."
NOVELS = "Used novels, bought and sold by post all over the country."
A_THREAD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Post):
    """A post of anybody."""

    @property
    def member(self) -> int:
        """The author's number."""
        return int(sha256(self.said.author.encode()).hexdigest()[:6], 16)


@dataclass
class Shop:
    """What a rival's site says today; prices in dollars a month; ``down``: how it fails."""

    text: str
    prices: dict[str, int] = field(default_factory=dict)
    down: str = ""


@dataclass
class Talk:
    """A board: who said what, so many days before the first night (or after it)."""

    said: list[tuple[float, str, str]] = field(default_factory=list)
    down: str = ""


@dataclass
class Street:
    """The whole world: a night is a number, from 0."""

    shops: dict[str, Shop]
    talks: dict[str, Talk]
    night: int = 0
    began: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    hooked: list[dict[str, Any]] = field(default_factory=list)

    def say(self, forum: str, who: str, text: str, *, days: float = 0.1) -> None:
        """Somebody wrote, so many days before tonight."""
        self.talks[forum].said.append((self.night - days, who, text))

    def forum(self, key: str, port: int) -> Forum:
        """The board as it stands tonight."""
        board = Board(id=2, name="Tills", about="Everything about tills.")
        entries = []
        for number, (night, who, text) in enumerate(self.talks[key].said, 1):
            at = self.began + timedelta(days=night - self.night)
            said = Said(
                text=text, lang="en", author=who, at=at, stage=None, barrier=None, seller=False,
                switch=None, pain=None, **_REST,
            )  # fmt: skip
            entries.append(Entry(id=number, said=said, quoted=None))
        threads = tuple(
            Thread(
                id=10 + n, board=board, title=f"Tills, part {n + 1}", sticky=False,
                posts=tuple(part),
            )
            for n, part in enumerate(
                entries[start : start + A_THREAD] for start in range(0, len(entries), A_THREAD)
            )
        )  # fmt: skip
        return Forum(
            name=key.title(), key=key, host=f"{key}.localhost", engine="phpbb", languages=("en",),
            timezone="UTC", zone=UTC, posts_per_page=A_THREAD, threads_per_page=60,
            boards=(board,), threads=threads,
        )  # fmt: skip


def _defaults() -> dict[str, Any]:
    """What a :class:`Said` asks for beside what matters here."""
    from dataclasses import MISSING, fields

    named = {"text", "lang", "author", "at", "stage", "barrier", "seller", "switch", "pain"}
    return {
        one.name: None
        for one in fields(Said)
        if one.name not in named and one.default is MISSING and one.default_factory is MISSING
    }


_REST = _defaults()


def _shop_page(key: str, shop: Shop, path: str) -> str | None:
    if path == "/":
        body = f"<h1>{key.title()}</h1><p>{shop.text}</p><p>{shop.text}</p>"
    elif path == "/pricing" and shop.prices:
        body = "<h1>Pricing</h1>" + "".join(
            f'<div class="plan"><h3>{plan}</h3><p class="price">${price}/month</p></div>'
            for plan, price in shop.prices.items()
        )
    else:
        return None
    title = key.title() if path == "/" else f"{key.title()} pricing"
    priced = '<a href="/pricing">Pricing</a>' if shop.prices else ""
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head>'
        f'<body><a href="/">Home</a> {priced}{body}</body></html>'
    )


class Server:
    """``with Server(street) as server: server.port``; POSTs to any path are kept in ``hooked``."""

    def __init__(self, street: Street) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def do_GET(self) -> None:
                host = self.headers.get("Host", "").partition(".")[0]
                place = street.shops.get(host) or street.talks.get(host)
                if place is None or place.down == "reset":
                    self.close_connection = True
                    return
                if place.down:
                    self._send(int(place.down), b"down")
                    return
                if isinstance(place, Talk):
                    port = self.server.server_address[1]
                    found = phpbb_answer(street.forum(host, port), self.path, port)
                    self._send(found.status, found.body, found.header("Content-Type") or "")
                    return
                html = _shop_page(host, place, self.path.partition("?")[0])
                self._send(200 if html else 404, (html or "none").encode())

            def do_POST(self) -> None:
                import json

                body = self.rfile.read(int(self.headers["Content-Length"]))
                street.hooked.append(json.loads(body))
                self._send(204, b"")

            def _send(self, status: int, body: bytes, kind: str = "text/html") -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("ETag", f'"{sha256(body).hexdigest()[:16]}"')
                self.send_header("Last-Modified", format_datetime(street.began, usegmt=True))
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


Event = Callable[[Street], object]
