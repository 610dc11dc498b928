"""What every answer of the server carries, whichever page made it.

Everything shown was crawled, so everything is hostile: a browser is told to run nothing that is
not ours, to guess no content type, to be framed by nobody and to tell nobody where the reader
came from. Stock pages of Datasette carry inline scripts: see ``inline``.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from analysis.web.formulas import DefusedCsv
from analysis.web.inline import StockScripts
from analysis.web.posted import READING, body_of, replayed, routed_path, same_origin

Asgi = Callable[[dict[str, Any], Callable[..., Any], Callable[..., Any]], Awaitable[None]]

Gate = Callable[[dict[str, Any], str], str | None]
"""Whether a request (its scope, its path below the base address) may pass: ``None``; else where
the reader can sign in, ``""`` where it is a program that asks.
"""

OURS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Pages of ours have no inline script and no inline style at all."""

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"x-robots-tag": b"noindex, nofollow",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), browsing-topics=()",
}

_ELSEWHERE = re.compile(rb"\A[/\\]{2,}")


def wrap(
    app: Asgi,
    *,
    scripts: StockScripts,
    hosts: frozenset[str] | None,
    methods: frozenset[str] | None = None,
    writes: Mapping[str, frozenset[str]] | None = None,
    base: str = "/",
    gate: Gate | None = None,
) -> Asgi:
    """The application with headers on every answer and formulas defused in every CSV.

    :param scripts: what may run on pages that bring no content security policy of their own.
    :param hosts: the names this server answers to, ``None`` for any: a page elsewhere that
        points its own name at this machine (DNS rebinding) is turned away.
    :param methods: the methods it answers to, ``None`` for any: the desk is for reading.
    :param writes: paths of ours that take a form, each with its methods; a form from another
        site's page is turned away before anything reads it.
    :param base: Datasette's ``base_url``.
    :param gate: who may pass at all; ``None`` for everybody.
    """

    async def wrapped(
        scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        csv: DefusedCsv | None = None
        held: dict[str, Any] | None = None

        async def guarded(message: dict[str, Any]) -> None:
            nonlocal csv, held
            if message["type"] == "http.response.start":
                headers = _with_headers(message.get("headers", []))
                if message["status"] == 200 and _is_csv(scope, headers):
                    csv = DefusedCsv(bom=_wants_bom(scope))
                    headers = [pair for pair in headers if pair[0] != b"content-length"]
                message = {**message, "headers": headers}
                if not any(name == b"content-security-policy" for name, _ in headers):
                    held = message  # the policy of a stock page depends on its body
                    return
            elif message["type"] == "http.response.body":
                last = not message.get("more_body", False)
                if held is not None:
                    page = message.get("body", b"").decode("utf-8", "replace")
                    policy = (b"content-security-policy", scripts.policy(page).encode())
                    await send({**held, "headers": [*held["headers"], policy]})
                    held = None
                if csv is not None:
                    message = {**message, "body": csv.feed(message.get("body", b""), last=last)}
            await send(message)

        if hosts is not None and _host(scope) not in hosts:
            await _refuse(guarded, 421, "This server does not go by that name.")
            return
        path, method = routed_path(scope, base), scope["method"]
        of_path = (writes or {}).get(path, methods)
        if of_path is not None and method not in of_path:
            allowed = (b"allow", ", ".join(sorted(of_path)).encode())
            await _refuse(guarded, 405, "This address does not take that method.", allowed)
            return
        if gate is not None and (where := gate(scope, path)) is not None:
            await _turn_away(guarded, where)
            return
        if method not in READING and path in (writes or {}):
            if not same_origin(scope):
                words = (
                    "This form was not sent from a page of this server, or your browser does not "
                    "say so: use https, or 127.0.0.1 on this machine."
                )
                await _refuse(guarded, 403, words)
                return
            body = await body_of(scope, receive)
            if isinstance(body, int):
                await _refuse(guarded, body, "This form is too long or never ended.")
                return
            receive = replayed(body, receive)
        await app(scope, receive, guarded)

    return wrapped


async def _turn_away(send: Callable[..., Any], where: str) -> None:
    private = (b"cache-control", b"private, no-store")
    if where:
        await _refuse(send, 303, "Sign in first.", (b"location", where.encode()), private)
    else:
        await _refuse(send, 401, "Sign in first.", private)


def _with_headers(pairs: Iterable[Iterable[bytes]]) -> list[tuple[bytes, bytes]]:
    kept = [(bytes(name).lower(), bytes(value)) for name, value in pairs]
    # A browser reads "/\\evil.example" as "//evil.example": another site.
    kept = [
        (name, _ELSEWHERE.sub(b"/", value) if name == b"location" else value)
        for name, value in kept
    ]
    present = {name for name, _ in kept}
    return kept + [pair for pair in _HEADERS.items() if pair[0] not in present]


def _is_csv(scope: dict[str, Any], headers: list[tuple[bytes, bytes]]) -> bool:
    """Datasette sends CSV as text/plain unless it is asked to download."""
    kind = dict(headers).get(b"content-type", b"").split(b";")[0].strip()
    if kind == b"text/csv":
        return True
    return kind == b"text/plain" and str(scope.get("path", "")).endswith(".csv")


def _wants_bom(scope: dict[str, Any]) -> bool:
    """Excel reads UTF-8 only behind a byte order mark; a program may ask for none."""
    return b"_bom=off" not in bytes(scope.get("query_string", b"")).split(b"&")


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
