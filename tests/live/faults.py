"""A server of faulty sites beside healthy ones, by host name, on one loopback port."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

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
NO_POSTS = '<!doctype html><html><body id="phpbb"><p>Please enable JavaScript.</p></body></html>'


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        site = self.headers.get("Host", "").split(":")[0].removesuffix(".localhost")
        if self.path == "/robots.txt":
            rules = {"closed": "User-agent: *\nDisallow: /\n",
                     "slow": "User-agent: *\nCrawl-delay: 300\n"}.get(site)  # fmt: skip
            missing = 503 if site == "down" else 404
            self.say(200 if rules else missing, (rules or "").encode(), "text/plain")
            return
        getattr(self, f"site_{site}")()

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

    def site_empty(self) -> None:
        self.say(200, (NO_POSTS if "viewtopic" in self.path else BOARD).encode())


class FaultServer:
    """Runs the sites in a thread; ``port`` is the system's choice."""

    sites: ClassVar[list[str]] = [
        name.removeprefix("site_") for name in dir(Handler) if name.startswith("site_")
    ]

    def __enter__(self) -> "FaultServer":
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
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
