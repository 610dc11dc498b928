"""A shop that is drawn by its script, on loopback; everything asked of it is written down."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import ClassVar, Self
from urllib.parse import urlsplit

SHELL = """<!doctype html><html lang="en"><head><title>{title}</title>
<link rel="preconnect" href="http://{inside}/"><link rel="prefetch" href="/prefetched.js">
<link rel="stylesheet" href="/style.css"></head>
<body><noscript>You need to enable JavaScript to run this app.</noscript>
<div id="root"></div><script src="/app.js"></script></body></html>"""

SCRIPT = """
const quietly = promise => promise.then(r => r.text()).catch(() => "refused");
const root = document.getElementById("root");
function draw(data) {{
  document.title = data.title;
  const links = data.links.map(l => `<a href="${{l[0]}}">${{l[1]}}</a>`).join(" ");
  root.innerHTML = `<nav>${{links}}</nav><main><h1>${{data.heading}}</h1><p>${{data.text}}</p>
    ${{data.plans.map(p => `<div class="plan"><h3>${{p[0]}}</h3><p>${{p[1]}}</p></div>`).join("")}}
    <x-note></x-note></main>`;
}}
const note = "<p>Shipped from the harbour of Da Nang.</p>";
customElements.define("x-note", class extends HTMLElement {{
  connectedCallback() {{ this.attachShadow({{mode: "open"}}).innerHTML = note; }} }});
document.cookie = "visitor=1"; localStorage.setItem("seen", location.href);
new Image().src = "/pixel.gif";
const frame = document.createElement("iframe"); frame.src = "/frame.html";
document.body.append(frame);
for (const attempt of [
  () => new WebSocket("ws://" + location.host + "/socket"),
  () => new EventSource("/events"),
  () => navigator.sendBeacon("/beacon", "x"),
  () => window.open("/popup.html"),
  () => navigator.serviceWorker.register("/worker.js"),
  () => new Worker("/thread.js"),
  () => new SharedWorker("/shared.js"),
  () => fetch("/changed", {{method: "DELETE"}}),
]) {{ try {{ const p = attempt(); if (p && p.catch) p.catch(() => 0); }} catch (e) {{}} }}
(async () => {{
  await quietly(fetch("http://{inside}/secrets"));
  await quietly(fetch("http://inside.test:" + location.port + "/secrets"));
  await quietly(fetch("/forbidden/data.json"));
  await quietly(fetch("/leads-inside"));
  const answer = await fetch("/api" + location.pathname + ".json", {{credentials: "include"}});
  draw(await answer.json());
}})();
"""

PLAIN = """<!doctype html><title>Plain words</title><h1>Plain words</h1>
<p>This page is written in plain words and needs nothing else to be read by anybody.</p>"""

ENDLESS = """<!doctype html><title>Endless</title><div id="root"></div><script src="/thread.js">
</script><script>for (;;) document.title += "."</script>"""

PAGES = {
    "/": {
        "title": "Lantern Till", "heading": "Lantern Till: point of sale for small cafes",
        "text": "Founded in 2016, Lantern Till helps small cafes take orders, keep stock and "
        "know their guests. Trusted by 1,200 cafes.",
        "links": [["/pricing", "Pricing"], ["/about", "About us"]], "plans": [],
    },
    "/pricing": {
        "title": "Pricing", "heading": "Plans and pricing",
        "text": "Pick a plan for your cafe; change it whenever you like, cancel at any time.",
        "links": [["/", "Home"]],
        "plans": [["Starter", "$19 / month"], ["Team", "$49 / month"]],
    },
    "/about": {
        "title": "About us", "heading": "About Lantern Till",
        "text": "We are a team of twelve in Da Nang who build a till for small cafes and bakeries.",
        "links": [["/", "Home"]], "plans": [],
    },
}  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "ScriptSite"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def do_DELETE(self) -> None:
        self.answer()

    def answer(self) -> None:
        host, path = self.headers.get("Host", ""), urlsplit(self.path).path
        self.server.asked.append((host.split(":")[0], self.command, path))
        self.server.addresses.add(self.connection.getsockname()[0])
        self.server.times.append(time.monotonic())
        self.server.agents.add(self.headers.get("User-Agent", ""))
        if self.headers.get("Cookie"):
            self.server.cookies.append(self.headers["Cookie"])
        inside = f"127.0.0.2:{self.server.port}"
        if path == "/robots.txt":
            self.say(b"User-agent: *\nDisallow: /forbidden/\n", "text/plain")
        elif path in PAGES:
            body = SHELL.format(title="Lantern", inside=inside)
            self.say(body.encode(), "text/html; charset=utf-8", ETag='"shell"')
        elif path == "/plain":
            self.say(PLAIN.encode(), "text/html")
        elif path == "/endless":
            self.say(ENDLESS.encode(), "text/html")
        elif path == "/app.js":
            self.say(SCRIPT.format(inside=inside).encode(), "text/javascript")
        elif path.startswith("/api/"):
            page = PAGES.get(path.removeprefix("/api").removesuffix(".json"))
            self.say(json.dumps(page).encode(), "application/json", 200 if page else 404)
        elif path == "/leads-inside":
            self.say(b"", "text/plain", 302, Location=f"http://{inside}/led")
        elif path.endswith(".js"):
            self.say(b"fetch('/from-worker')", "text/javascript")
        else:
            self.say(b"not here", "text/plain", 404)

    def say(self, body: bytes, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Set-Cookie": "server=1", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class ScriptSite(ThreadingHTTPServer):
    """Serves the shop on every loopback address.

    ``asked``: (host, method, path) of each request, in order, ``times`` when; ``addresses``: where.
    """

    daemon_threads = True
    allow_reuse_address: ClassVar[bool] = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.times: list[float] = []
        self.addresses: set[str] = set()
        self.agents: set[str] = set()
        self.cookies: list[str] = []
        super().__init__(("0.0.0.0", 0), _Handler)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.shutdown()
        self.server_close()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def paths(self, host: str = "till.localhost") -> list[str]:
        """What one host was asked for, in order."""
        return [path for name, _, path in self.asked if name == host]
