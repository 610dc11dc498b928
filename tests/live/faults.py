"""A server of faulty sites beside healthy ones, by host name, on one loopback port."""

import re
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from tests.live.arrivals import Arrival, Arrivals

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta name="description" content="{title} sells an online shop builder to small shops."></head>
<body><nav><a href="/pricing">Pricing</a> <a href="/about">About us</a></nav>
<h1>{title}</h1><p>{text}</p></body></html>"""

HEALTHY = {
    "/": PAGE.format(title="Good Shop Builder", text="Build your online store in an afternoon."),
    "/pricing": PAGE.format(title="Pricing", text="The Starter plan costs $12 a month."),
    "/about": PAGE.format(title="About us", text="Founded in 2015, we serve small shops."),
}

BOARD = """<!doctype html><html><body id="phpbb"><ul class="topics">
<li class="row"><dl><dt><div class="list-inner"><a href="./viewtopic.php?t=1" class="topictitle">
A thread</a></div></dt></dl></li></ul></body></html>"""
ROW = """<li class="row"><dl><dt><div class="list-inner">
<a href="./viewtopic.php?t={t}" class="topictitle">Thread {t}</a></div></dt></dl></li>"""
TOPIC = """<!doctype html><html><body id="phpbb"><h2 class="topic-title">A thread</h2>
<div id="p1" class="post has-profile"><div class="postbody"><p class="author">
by <a class="username">lan</a> &raquo; <time datetime="2026-11-02T10:00:00+00:00">2 Nov</time></p>
<div class="content">Which shop builder do you use?</div></div></div></body></html>"""
NO_POSTS = '<!doctype html><html><body id="phpbb"><p>Please enable JavaScript.</p></body></html>'


@cache
def bomb(size: int) -> bytes:
    """A gzip body that unpacks to so many MB."""
    packed, block = zlib.compressobj(6, wbits=31), bytes(1 << 20)
    return b"".join(packed.compress(block) for _ in range(size)) + packed.flush()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    arrivals: Arrivals
    bomb: int  # MB
    places: ClassVar[dict[str, list[str]]] = {}

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        site = self.headers.get("Host", "").split(":")[0].removesuffix(".localhost")
        now = time.monotonic()
        self.arrivals.add(site, Arrival(at=now, done=now, path=self.path))
        if self.path == "/robots.txt":
            rules = {"closed": "User-agent: *\nDisallow: /\n",
                     "slow": "User-agent: *\nCrawl-delay: 300\n"}.get(site)  # fmt: skip
            missing = 503 if site == "down" else 404
            self.say(200 if rules else missing, (rules or "").encode(), "text/plain")
            return
        if site in self.places:
            self.say(302, b"", Location=self.places[site][int(self.path[1:])])
            return
        getattr(self, f"site_{site}", self.site_good)()

    def say(self, status: int, body: bytes, kind: str = "text/html", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def page(self, pages: dict[str, str]) -> None:
        found = pages.get(self.path)
        self.say(200 if found else 404, (found or "not here").encode())

    def site_good(self) -> None:
        self.page(HEALTHY)

    site_closed = site_slow = site_good

    def site_challenge(self) -> None:
        self.say(403, b"<html><title>Just a moment...</title><div id='cf-chl-widget'></div></html>")

    def site_gone(self) -> None:
        self.say(404, b"<p>nothing here</p>")

    def site_broken(self) -> None:
        self.say(500, b"<p>internal error</p>")

    def site_down(self) -> None:
        self.say(503, b"<p>down</p>")

    def site_loop(self) -> None:
        self.say(302, b"", Location="/b" if self.path == "/a" else "/a")

    def site_huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(3 * 2**30))
        self.end_headers()
        self.pour(64)

    def site_endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.pour(640)

    def pour(self, blocks: int) -> None:
        block = b"<p>more and more</p>" * 5_000
        try:
            for _ in range(blocks):
                self.wfile.write(block)
        except OSError:
            self.close_connection = True

    def site_pdf(self) -> None:
        self.say(200, b"%PDF-1.7\n" + bytes(range(256)) * 40, "application/pdf")

    def site_bytes(self) -> None:
        self.say(
            200, b"<html><title>Broken bytes \xff\xfe</title><p>Shop \xc3\x28 builder</p></html>"
        )

    def site_gbk(self) -> None:
        text = "我们为小店主提供网店搭建和收银系统，价格公道，服务周到。"
        page = f"<html><head><title>小店网店搭建</title></head><body><p>{text}</p></body></html>"
        self.say(200, page.encode("gbk"))

    def site_links(self) -> None:
        bad = "".join(
            f'<a href="{link}">x</a>'
            for link in ("http://[", "//[::bad", "http://a:b:c/", "javascript:0", "\x00", "%%%")
        )
        page = (
            f'<html><title>Links</title><p>Shop builder.</p>{bad}<a href="/about">About</a></html>'
        )
        self.page({"/": page, "/about": HEALTHY["/about"]})

    def site_drip(self) -> None:
        """A byte now and then: never silent, never through."""
        self.begin()
        self.slowly(b"<p>and so on</p>")

    def site_heads(self) -> None:
        """Header lines without end."""
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        try:
            for n in range(400_000):
                self.wfile.write(b"X-More-%d: %s\r\n" % (n, b"y" * 1_000))
        except OSError:
            pass

    def site_dripheads(self) -> None:
        """A status line, then a header a byte at a time."""
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.slowly(b"X-Slow: word\r\n")

    def slowly(self, text: bytes) -> None:
        try:
            for n in range(2_000):
                self.wfile.write(text[n % len(text) :][:1])
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def site_reset(self) -> None:
        """The connection is reset in the middle of the page."""
        self.begin(length=10_000)
        self.wfile.write(b"<html><title>Half")
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def site_short(self) -> None:
        """Fewer bytes than promised."""
        self.begin(length=10_000)
        self.wfile.write(b"<html><title>Short</title><p>Shop builder")
        self.close_connection = True

    def site_bomb(self) -> None:
        """Kilobytes that unpack to more than a page may hold."""
        self.say(200, bomb(self.bomb), **{"Content-Encoding": "gzip"})

    def site_busy(self) -> None:
        """Too many requests: come back in an hour."""
        self.say(429, b"<p>slow down</p>", **{"Retry-After": "3600"})

    def site_later(self) -> None:
        """One page, then maintenance until a date."""
        if self.path == "/":
            self.site_good()
            return
        until = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
        self.say(503, b"<p>back soon</p>", **{"Retry-After": until})

    def site_moment(self) -> None:
        """Asks for a moment, twice, then answers."""
        asked = [path for path in self.arrivals.paths("moment") if path != "/robots.txt"]
        if len(asked) in (1, 3):
            self.say(429, b"<p>one moment</p>", **{"Retry-After": "1"})
        else:
            self.site_good()

    def site_refuses(self) -> None:
        """Too many requests, again and again, without a word on when."""
        self.server.asked.setdefault("refuses", []).append(time.monotonic())  # type: ignore[attr-defined]
        self.say(429, b"<p>slow down</p>")

    def site_tired(self) -> None:
        """A home page, and behind it nothing but errors."""
        if self.path == "/":
            links = "".join(f'<a href="/pricing-{n}">Pricing {n}</a> ' for n in range(30))
            self.say(200, PAGE.format(title="Tired Builder", text=links).encode())
        else:
            self.say(500, b"<p>internal error</p>")

    def site_deep(self) -> None:
        """A page of a hundred thousand open elements."""
        body = "<div>" * 100_000 + "Shop builder for small shops" + "<blockquote>" * 100_000
        self.say(200, PAGE.format(title="Deep Builder", text=body).encode())

    def site_longword(self) -> None:
        """Words of a hundred thousand letters."""
        body = f"{'a' * 100_000} {'字' * 100_000} {'1' * 100_000} {'&amp;' * 20_000}"
        self.say(200, PAGE.format(title="Long Builder", text=body).encode())

    def site_round(self) -> None:
        """A forum whose list of threads has no last page, and shows the same ten threads."""
        page = int((re.search(r"start=(\d+)", self.path) or [0, 0])[1]) // 10
        if "viewtopic" in self.path:
            self.say(200, TOPIC.encode())
            return
        rows = "".join(ROW.format(t=page % 3 * 10 + n) for n in range(10))
        on = f'<a rel="next" href="/viewforum.php?f=1&amp;start={page * 10 + 10}">Next</a>'
        self.say(200, f'<!doctype html><html><body id="phpbb"><ul>{rows}</ul>{on}'.encode())

    def begin(self, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if length is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def site_empty(self) -> None:
        self.say(200, (NO_POSTS if "viewtopic" in self.path else BOARD).encode())


class FaultServer:
    """Runs the sites in a thread; ``port`` is the system's choice."""

    sites: ClassVar[list[str]] = [
        name.removeprefix("site_") for name in dir(Handler) if name.startswith("site_")
    ]

    def __init__(self, *, bomb: int = 64) -> None:
        """:param bomb: MB the gzip bomb unpacks to."""
        self.bomb = bomb
        self.arrivals = Arrivals()
        self.places: dict[str, list[str]] = {}  # host -> where its pages /0, /1, ... send one

    def __enter__(self) -> "FaultServer":
        handler = type(
            "Handler",
            (Handler,),
            {"arrivals": self.arrivals, "bomb": self.bomb, "places": self.places},
        )
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        target: Callable[[], None] = self.server.serve_forever
        self.thread = threading.Thread(target=target, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(timeout=5)
