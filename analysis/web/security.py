"""What every answer of the server carries, whichever page made it.

Everything shown was crawled, so everything is hostile: a browser is told to run nothing that is
not ours, to guess no content type, to be framed by nobody and to tell nobody where the reader
came from. Stock pages of Datasette carry inline scripts: exactly those, by their hash, may run.
"""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from analysis.web.formulas import DefusedCsv

Asgi = Callable[[dict[str, Any], Callable[..., Any], Callable[..., Any]], Awaitable[None]]

OURS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Pages of ours have no inline script and no inline style at all."""

_STOCK = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"x-robots-tag": b"noindex, nofollow",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), browsing-topics=()",
}

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_VARIANTS = {"{{ datasette_allow_facet }}": ("true", "false")}


def stock_policy(sources: Iterable[str]) -> str:
    """The policy for Datasette's own pages.

    :param sources: the templates' text; their fixed inline scripts are allowed by hash, a script
        that a template fills with anything but true or false is not.
    """
    hashes: set[str] = set()
    for source in sources:
        for script in _INLINE.findall(source):
            for filled in _filled(script):
                digest = hashlib.sha256(filled.encode()).digest()
                hashes.add(f"'sha256-{base64.b64encode(digest).decode()}'")
    return _STOCK.format(hashes=" ".join(sorted(hashes)))


def _filled(script: str) -> list[str]:
    for variable, values in _VARIANTS.items():
        if variable in script:
            return [script.replace(variable, value) for value in values]
    return [] if "{{" in script or "{%" in script else [script]


def wrap(
    app: Asgi,
    *,
    policy: str,
    hosts: frozenset[str] | None,
    methods: frozenset[str] | None = None,
) -> Asgi:
    """The application with headers on every answer and formulas defused in every CSV.

    :param policy: the content security policy of pages that bring none of their own.
    :param hosts: the names this server answers to, ``None`` for any: a page elsewhere that
        points its own name at this machine (DNS rebinding) is turned away.
    :param methods: the methods it answers to, ``None`` for any: the desk is for reading.
    """

    async def wrapped(
        scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if hosts is not None and _host(scope) not in hosts:
            await _refuse(send, 421, "This server does not go by that name.")
            return
        csv: DefusedCsv | None = None

        async def guarded(message: dict[str, Any]) -> None:
            nonlocal csv
            if message["type"] == "http.response.start":
                headers = _with_headers(message.get("headers", []), policy)
                if _is_csv(scope, headers):
                    csv = DefusedCsv()
                    headers = [pair for pair in headers if pair[0] != b"content-length"]
                message = {**message, "headers": headers}
            elif message["type"] == "http.response.body" and csv is not None:
                last = not message.get("more_body", False)
                message = {**message, "body": csv.feed(message.get("body", b""), last=last)}
            await send(message)

        if methods is not None and scope["method"] not in methods:
            allowed = (b"allow", ", ".join(sorted(methods)).encode())
            await _refuse(guarded, 405, "This server is for reading only.", allowed)
            return
        await app(scope, receive, guarded)

    return wrapped


def _with_headers(pairs: Iterable[Iterable[bytes]], policy: str) -> list[tuple[bytes, bytes]]:
    kept = [(bytes(name).lower(), bytes(value)) for name, value in pairs]
    present = {name for name, _ in kept}
    kept += [pair for pair in _HEADERS.items() if pair[0] not in present]
    if b"content-security-policy" not in present:
        kept.append((b"content-security-policy", policy.encode()))
    return kept


def _is_csv(scope: dict[str, Any], headers: list[tuple[bytes, bytes]]) -> bool:
    """Datasette sends CSV as text/plain unless it is asked to download."""
    kind = dict(headers).get(b"content-type", b"").split(b";")[0].strip()
    if kind == b"text/csv":
        return True
    return kind == b"text/plain" and str(scope.get("path", "")).endswith(".csv")


def _host(scope: dict[str, Any]) -> str:
    for name, value in scope.get("headers", []):
        if name == b"host":
            text = str(value.decode("latin-1")).lower()
            return text if text.endswith("]") else re.sub(r":\d+$", "", text)
    return ""


async def _refuse(
    send: Callable[..., Any], status: int, words: str, *headers: tuple[bytes, bytes]
) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, *headers]})
    await send({"type": "http.response.body", "body": f"{words}\n".encode()})
