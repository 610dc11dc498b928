"""Who is at the desk: a signed cookie, a password or a one-time link, and a limit on guessing.

The cookie is Datasette's own signature (itsdangerous) over a name, an end and a mark of the
password, so that a new password ends every session. Nothing here knows of pages.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from itsdangerous import BadData

from analysis.web.formats import plain

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette

LASTS = 7 * 24 * 3600
"""Seconds until one signs in again."""

LONGEST_NAME = 60
LONGEST_PASSWORD = 1_000
SHORTEST_PASSWORD = 10

_SESSION, _FORM, _FEED = "rivalmap-session", "rivalmap-form", "rivalmap-feed"

# OWASP's password storage advice: scrypt with N=2^16, r=8, p=2 or the like; 64 MB an attempt.
_SCRYPT = {"n": 2**16, "r": 8, "p": 1, "maxmem": 128 * 1024 * 1024}


class Password:
    """A password that is kept as its scrypt key only."""

    def __init__(self, text: str) -> None:
        self._salt = secrets.token_bytes(16)
        self._key = self._derived(text)

    def matches(self, text: str) -> bool:
        """Whether this is it; takes a tenth of a second and 64 MB, so call it in a thread."""
        if len(text) > LONGEST_PASSWORD:
            return False
        return hmac.compare_digest(self._key, self._derived(text))

    def _derived(self, text: str) -> bytes:
        normal = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
        return hashlib.scrypt(normal, salt=self._salt, **_SCRYPT)


class Throttle:
    """How often a wrong password may be tried: ``each`` times an address and ``all_together``
    times within ``window`` seconds. Attempts are counted before they are checked, so that many at
    once count alike. Of addresses the newest ``most`` are remembered.
    """

    def __init__(
        self, *, each: int = 10, all_together: int = 300, window: float = 900, most: int = 5_000
    ) -> None:
        self._each, self._all, self._window, self._most = each, all_together, window, most
        self._seen: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._total: tuple[int, float] = (0, 0.0)

    def attempt(self, address: str, now: float) -> int:
        """Count an attempt; 0 where it may be made, else the seconds to wait."""
        network = _network(address)
        count, since = self._current(self._seen.get(network), now)
        total, total_since = self._current(self._total, now)
        for used, most, began in ((count, self._each, since), (total, self._all, total_since)):
            if used >= most:
                return max(1, int(began + self._window - now) + 1)
        self._seen[network] = (count + 1, since)
        self._seen.move_to_end(network)
        self._total = (total + 1, total_since)
        while len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return 0

    def succeeded(self, address: str) -> None:
        """That attempt was right: it does not count."""
        self._seen.pop(_network(address), None)
        count, since = self._total
        self._total = (max(0, count - 1), since)

    def _current(self, seen: tuple[int, float] | None, now: float) -> tuple[int, float]:
        if seen is None or now - seen[1] >= self._window:
            return 0, now
        return seen

    def __len__(self) -> int:
        return len(self._seen)


def _network(address: str) -> str:
    """An IPv6 caller has a whole /64 to call from: it counts as one."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:60]
    if known.version == 4:
        return str(known)
    return str(ip_network((known, 64), strict=False))


@dataclass(slots=True, kw_only=True, weakref_slot=True)
class Door:
    """How one gets in at one server.

    ``password``: without it nothing is shown. ``link``: the token of the one-time link, ``None``
    once used. ``name``: whom the link signs in. ``mark`` changes with the password. ``clock``:
    seconds since 1970.
    """

    password: Password | None = None
    link: str | None = None
    name: str = ""
    mark: str = ""
    throttle: Throttle = field(default_factory=Throttle)
    clock: Callable[[], float] = time.time
    ended: OrderedDict[str, None] = field(default_factory=OrderedDict)
    """Sessions signed out of, the newest; a restart forgets them."""

    def take_link(self, token: str) -> bool:
        """Whether this is the token of the link; it works once."""
        if self.link is None or not hmac.compare_digest(self.link.encode(), token.encode()):
            return False
        self.link = None
        return True


_doors: WeakKeyDictionary[Datasette, Door] = WeakKeyDictionary()


def set_door(datasette: Datasette, door: Door) -> None:
    """Let people in at this server by this door."""
    _doors[datasette] = door


def door_of(datasette: Datasette) -> Door | None:
    """The door of our own server; ``None`` in somebody else's Datasette, which has its own."""
    return _doors.get(datasette)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in: the name given, and what tells this session from another."""

    name: str
    number: str

    def actor(self) -> dict[str, str]:
        """As Datasette knows the person; never an id that Datasette gives rights to (root)."""
        return {"id": f"desk:{self.name}", "name": self.name, "session": self.number}


def tidy_name(text: str) -> str:
    """A name as it is kept: one line, no control or direction characters; may be empty."""
    return " ".join(plain(text, LONGEST_NAME * 4).split())[:LONGEST_NAME].strip()


def cookie_name(datasette: Datasette) -> str:
    """Ports of one machine share their cookies: each market has a name of its own."""
    markets = "/".join(sorted(str(one.path or "") for one in datasette.databases.values()))
    return f"rivalmap_{hashlib.sha256(markets.encode()).hexdigest()[:10]}"


def begin(datasette: Datasette, door: Door, name: str) -> str:
    """The value of the cookie of a new session."""
    value = {
        "n": name, "s": secrets.token_urlsafe(12), "e": int(door.clock()) + LASTS, "k": door.mark,
    }  # fmt: skip
    return str(datasette.sign(value, _SESSION))


def current(datasette: Datasette, cookies: Mapping[str, str]) -> Session | None:
    """The session of a request; ``None`` for none, a forged, an ended or an old one."""
    door = door_of(datasette)
    text = cookies.get(cookie_name(datasette)) if door else None
    if door is None or not text or len(text) > 2_000:
        return None
    try:
        value = datasette.unsign(text, _SESSION)
    except (BadData, UnicodeError, ValueError):
        return None
    if not isinstance(value, dict) or value.get("k") != door.mark:
        return None
    end, number = value.get("e"), str(value.get("s") or "")
    if not isinstance(end, int) or door.clock() >= end or number in door.ended:
        return None
    return Session(name=str(value.get("n") or ""), number=number)


def end(door: Door, session: Session) -> None:
    """Sign out: a copy of the cookie is of no use either, until a restart."""
    door.ended[session.number] = None
    while len(door.ended) > 10_000:
        door.ended.popitem(last=False)


def cookies_of(scope: Mapping[str, Any]) -> dict[str, str]:
    """The cookies of an ASGI request; none where they cannot be read."""
    jar: SimpleCookie = SimpleCookie()
    for name, value in scope.get("headers", []):
        if name == b"cookie":
            try:
                jar.load(value.decode("latin-1"))
            except CookieError:
                return {}
    return {key: morsel.value for key, morsel in jar.items()}


def form_token(datasette: Datasette, actor: Mapping[str, Any]) -> str:
    """What a form of ours carries to show that a page of ours made it, for this person."""
    return str(datasette.sign(_bound(actor), _FORM))


def is_form_token(datasette: Datasette, actor: Mapping[str, Any], text: str) -> bool:
    """Whether the token was made for this person in this session."""
    try:
        return bool(datasette.unsign(text, _FORM) == _bound(actor))
    except (BadData, UnicodeError, ValueError):
        return False


def feed_key(datasette: Datasette) -> str:
    """What opens the feed of changes without a cookie, for a feed reader; ``""`` where everybody
    may read it anyway, or nobody signs in by a password.

    The same whenever asked, until the password changes: a subscription outlasts sessions.
    """
    door = door_of(datasette)
    if door is None or door.password is None:
        return ""
    return str(datasette.sign([cookie_name(datasette), door.mark], _FEED))


def is_feed_key(datasette: Datasette, text: str) -> bool:
    """Whether this is the key of this market's feed under today's password."""
    known = feed_key(datasette)
    # As bytes: what an address holds need not be ASCII.
    return bool(known) and hmac.compare_digest(known.encode(), text.encode("utf-8", "replace"))


def feed_actor() -> dict[str, str]:
    """Whoever reads the feed by its key: nobody who signed in, at no other address."""
    return {"id": "feed", "name": ""}


def _bound(actor: Mapping[str, Any]) -> list[str]:
    return [str(actor.get("id") or ""), str(actor.get("session") or "")]


def local_path(text: str | None, default: str) -> str:
    """Where to go afterwards: a path of this server, else ``default``.

    Browsers read two slashes, slash and backslash, and these with a tab or line break in between
    as another server.
    """
    path = text or ""
    if len(path) > 2_000 or not path.startswith("/") or path[1:2] in ("/", "\\"):
        return default
    if "\\" in path or any(ord(character) < 33 or ord(character) == 127 for character in path):
        return default
    try:
        parts = urlsplit(path)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else path


def visitor(datasette: Datasette, request: Any) -> dict[str, Any]:
    """Who reads, for the templates.

    :returns: ``name`` (``None`` for nobody), ``token`` of forms, ``here`` (the address read),
        ``door``: ``password``, ``link`` or ``""`` where nobody can sign in here, ``feed``: the key
        of the feed's address for whoever is signed in by a password, else ``""``.
    """
    actor = request.scope.get("actor")
    door = door_of(datasette)
    query = request.scope.get("query_string", b"").decode("latin-1")
    base = str(datasette.setting("base_url"))
    return {
        "name": name_of(actor),
        "token": form_token(datasette, actor) if actor else "",
        "here": local_path(request.path.split("?")[0] + (f"?{query}" if query else ""), base),
        "door": "" if door is None else "password" if door.password else "link",
        "feed": feed_key(datasette) if actor else "",
    }


def name_of(actor: Mapping[str, Any] | None) -> str | None:
    """What an actor is called on the pages; ``None`` for nobody."""
    if not actor:
        return None
    return tidy_name(str(actor.get("name") or actor.get("id") or "")) or "?"
