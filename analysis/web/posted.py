"""Forms posted to the desk: from which page they came, how long they may be."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

READING = frozenset({"GET", "HEAD"})

LONGEST_FORM = 32_768
"""Bytes of a posted form; a reason of 500 characters takes 6,000 at most."""

_FORM_SECONDS = 30


def routed_path(scope: Mapping[str, Any], base: str) -> str:
    """The path that Datasette's router will match: as it was sent, without the base address."""
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else str(scope["path"])
    path = path.partition("?")[0]
    return "/" + path[len(base) :] if base != "/" and path.startswith(base) else path


def same_origin(scope: Mapping[str, Any]) -> bool:
    """Whether a browser says that a page of this server sent the form, or no browser did.

    ``Sec-Fetch-Site`` where there is one (every browser, on https and on this machine), else
    ``Origin`` against ``Host``: https://fetch.spec.whatwg.org/#origin-header.
    """
    headers = {bytes(name).lower(): bytes(value) for name, value in scope.get("headers", [])}
    site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
    if site is not None:
        return site in (b"same-origin", b"none")
    if origin is None:
        return True
    scheme, _, host = origin.decode("latin-1").lower().partition("://")
    asked = headers.get(b"host", b"").decode("latin-1").lower()
    return scheme in ("http", "https") and host == asked


async def body_of(scope: Mapping[str, Any], receive: Callable[..., Any]) -> bytes | int:
    """The whole body, or the HTTP status to refuse it with: too long, or it never ends."""
    for name, value in scope.get("headers", []):
        if name == b"content-length" and value.isdigit() and int(value[:20]) > LONGEST_FORM:
            return 413
    body: bytes = b""
    try:
        async with asyncio.timeout(_FORM_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return 400
                body += bytes(message.get("body", b""))
                if len(body) > LONGEST_FORM:
                    return 413
                if not message.get("more_body", False):
                    return body
    except TimeoutError:
        return 408


def replayed(body: bytes, receive: Callable[..., Any]) -> Callable[..., Any]:
    """A ``receive`` that gives the body already read, once."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Any:
        return waiting.pop() if waiting else await receive()

    return replay
