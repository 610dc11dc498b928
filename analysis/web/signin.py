"""Signing in and out: a page in the reader's language, before everything else is shown.

Addresses stand below ``/-/rivalmap/``, where no market's name can collide with them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from datasette import Response

from analysis.web import desk, session
from analysis.web.market import market_database
from analysis.web.posted import READING, routed_path

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette

SIGN_IN, SIGN_OUT, DECIDE = "-/rivalmap/sign-in", "-/rivalmap/sign-out", "-/rivalmap/decide"

WRITES: dict[str, frozenset[str]] = {
    f"/{SIGN_IN}": READING | {"POST"},
    f"/{SIGN_OUT}": frozenset({"POST"}),
    f"/{DECIDE}": frozenset({"POST"}),
}
"""The only addresses of the desk that take a form."""

FEEDS = ("/changes.atom", "/alerts.atom")
"""The only addresses that a key in them opens: a feed reader cannot sign in."""

_OPEN = frozenset({f"/{SIGN_IN}", "/robots.txt", *(f"/-/rivalmap/{name}" for name in desk.STATIC)})
"""What is shown to strangers of a server with a password: how to come in, nothing else."""

log = logging.getLogger(__name__)

# A derivation takes 64 MB: two at a time at most, whoever asks.
_keys = ThreadPoolExecutor(max_workers=2, thread_name_prefix="rivalmap-password")


async def sign_in(datasette: Datasette, request: Any) -> Response:
    """The page, the one-time link, and the form with the password."""
    door = session.door_of(datasette)
    home = str(datasette.setting("base_url"))
    if door is None:
        return await desk.nothing()
    if request.method == "POST":
        return await _with_password(datasette, request, door, home)
    goal = session.local_path(request.args.get("next"), home)
    token = str(request.args.get("link") or "")
    if not token:
        return _page(datasette, request, door, goal)
    if request.method != "GET":  # a link that is only looked at is not used up
        return _page(datasette, request, door, goal)
    if not door.take_link(token):
        return _page(datasette, request, door, goal, fault="link", status=403)
    return _entered(datasette, request, door, door.name, goal)


async def _with_password(
    datasette: Datasette, request: Any, door: session.Door, home: str
) -> Response:
    posted = await form_of(request)
    goal = session.local_path(posted.get("next"), home)
    name = session.tidy_name(posted.get("name", ""))
    if door.password is None:
        return _page(datasette, request, door, goal, status=403)
    if not name:
        return _page(datasette, request, door, goal, fault="name", status=400)
    address = _address(request)
    wait = door.throttle.attempt(address, door.clock())
    if wait:
        log.warning("sign-in from %s: too many wrong passwords", address)
        page = _page(datasette, request, door, goal, fault="wait", name=name, status=429, wait=wait)
        page.headers["Retry-After"] = str(wait)
        return page
    typed = posted.get("password", "")
    right = await asyncio.get_running_loop().run_in_executor(_keys, door.password.matches, typed)
    if not right:
        log.warning("sign-in from %s: wrong password", address)
        return _page(datasette, request, door, goal, fault="password", name=name, status=403)
    door.throttle.succeeded(address)
    return _entered(datasette, request, door, name, goal)


async def sign_out(datasette: Datasette, request: Any) -> Response:
    """End the session; a form that another page made is answered with the sign-in page."""
    door = session.door_of(datasette)
    home = str(datasette.setting("base_url"))
    if door is None or request.method != "POST":
        return await desk.nothing()
    found = session.current(datasette, request.cookies)
    if found is None:
        return Response.redirect(f"{home}{SIGN_IN}", status=303)
    posted = await form_of(request)
    if not session.is_form_token(datasette, found.actor(), posted.get("token", "")):
        return _page(datasette, request, door, home, fault="stale", status=403)
    session.end(door, found)
    response = Response.redirect(f"{home}{SIGN_IN}", status=303)
    _set_cookie(datasette, request, response, "", 0)
    return response


async def form_of(request: Any) -> dict[str, str]:
    """The fields of a posted form: the first of each name, bad UTF-8 replaced."""
    body = await request.post_body()
    fields: dict[str, str] = {}
    for name, value in parse_qsl(
        body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"
    ):
        fields.setdefault(name, value)
    return fields


def refusal(datasette: Datasette, scope: Mapping[str, Any], path: str) -> str | None:
    """The gate of a server with a password, see :data:`analysis.web.security.Gate`."""
    if path in _OPEN or session.current(datasette, session.cookies_of(scope)) is not None:
        return None
    if opens_feed(datasette, scope):
        return None
    if scope["method"] not in READING or "." in path.rsplit("/", 1)[-1]:
        return ""  # a file or a program's request: a page would be taken for the answer
    query = scope.get("query_string", b"").decode("latin-1")
    base = str(datasette.setting("base_url"))
    asked = session.local_path(base + path[1:] + (f"?{query}" if query else ""), base)
    return f"{base}{SIGN_IN}?" + urlencode({"next": asked})


def opens_feed(datasette: Datasette, scope: Mapping[str, Any]) -> bool:
    """Whether a request reads a feed, by the key in its address."""
    if scope["method"] not in READING or routed_path(scope, _base(datasette)) not in FEEDS:
        return False
    keys = [
        value
        for name, value in parse_qsl(scope.get("query_string", b"").decode("latin-1"))
        if name == "key"
    ]
    return len(keys) == 1 and session.is_feed_key(datasette, keys[0])


def _base(datasette: Datasette) -> str:
    return str(datasette.setting("base_url"))


def _page(
    datasette: Datasette,
    request: Any,
    door: session.Door,
    goal: str,
    *,
    fault: str = "",
    name: str = "",
    status: int = 200,
    wait: int = 0,
) -> Response:
    database = market_database(datasette)
    if database is None:
        raise LookupError("no market")
    context = desk.bar(datasette, database, request, None)
    found = session.current(datasette, request.cookies)
    asked = {"next": goal}
    context |= {
        "languages": context["links"].languages(request.path.split("?")[0], asked),
        "fault": fault,
        "minutes": -(-wait // 60),
        "typed": name,
        "goal": goal,
        "who": found.name if found else None,
        "token": session.form_token(datasette, found.actor()) if found else "",
        "used": door.link is None,
    }
    response = desk.draw("signin", context, request, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _entered(
    datasette: Datasette, request: Any, door: session.Door, name: str, goal: str
) -> Response:
    response = Response.redirect(goal, status=303)
    response.headers["Cache-Control"] = "private, no-store"
    value = session.begin(datasette, door, name)
    _set_cookie(datasette, request, response, value, session.LASTS)
    return response


def _set_cookie(
    datasette: Datasette, request: Any, response: Response, value: str, seconds: int
) -> None:
    # Lax, not strict: a link to a page in a mail is to open for somebody signed in.
    response.set_cookie(
        session.cookie_name(datasette),
        value,
        max_age=seconds,
        path=str(datasette.setting("base_url")),
        secure=request.scheme == "https" or bool(datasette.setting("force_https_urls")),
        httponly=True,
        samesite="lax",
    )


def _address(request: Any) -> str:
    """The caller's; behind a proxy on this machine uvicorn has put the one it was told."""
    client = request.scope.get("client")
    return str(client[0]) if client else "unknown"
