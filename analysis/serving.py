"""Serving a market's pages: on this machine, or behind a proxy to those who know a password."""

from __future__ import annotations

import asyncio
import gc
import getpass
import hashlib
import hmac
import logging
import secrets
import socket
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from crawlers.market import Market
from pipelines.storage.database import DATABASE_NAME, DatabaseError, open_database

if TYPE_CHECKING:  # Datasette is imported when something is served
    from analysis.web.session import Door

HOST = "127.0.0.1"

SECRET_NAME = "secret"  # noqa: S105
_SECRET_BYTES = 32

_GONE = frozenset({"socket.send() raised exception.", "socket.sendall() raised exception."})


def free_port(port: int) -> int:
    """The port itself where it can be listened on; for 0, one the system picks.

    :raises OSError: where something else listens on it.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        return int(probe.getsockname()[1])


class SharingError(ValueError):
    """A password or an address to serve under that cannot be used; the message says how to mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAddress:
    """Where readers find a server that stands behind a proxy."""

    url: str
    host: str
    base: str

    def settings(self) -> dict[str, object]:
        """Datasette's settings for it."""
        return {"base_url": self.base, "force_https_urls": self.url.startswith("https://")}


def public_address(text: str) -> PublicAddress:
    """The address readers type, such as ``https://research.example.com/desks/``.

    :raises SharingError: where it is none, or not https: the password would travel in the open.
    """
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SharingError(f"{text!r} is no address: write https://HOST/ or https://HOST/PATH/")
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise SharingError(f"{text!r}: a password needs https; see docs/shared-server.md")
    base = "/" + parts.path.strip("/")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return PublicAddress(
        url=f"{parts.scheme}://{parts.netloc}{base.rstrip('/')}/", host=host.lower(),
        base=base if base == "/" else f"{base}/",
    )  # fmt: skip


def read_password(path: Path) -> str:
    """The password: the first line of a file.

    :raises SharingError: where it cannot be read or is too short.
    """
    from analysis.web.session import LONGEST_PASSWORD, SHORTEST_PASSWORD

    try:
        with path.open(encoding="utf-8") as file:
            text = file.readline(LONGEST_PASSWORD + 2).rstrip("\r\n")
    except (OSError, UnicodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise SharingError(f"password file {path} cannot be read: {said}") from None
    if not SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD:
        raise SharingError(
            f"password file {path}: its first line must hold {SHORTEST_PASSWORD} to "
            f"{LONGEST_PASSWORD} characters; make one with: openssl rand -base64 24"
        )
    return text


def is_open_to_others(path: Path) -> bool:
    """Whether other users of this machine may read the file."""
    return bool(path.stat().st_mode & 0o007)


def read_secret(folder: Path) -> str:
    """What sessions of this market are signed with, made at first use: a restart keeps them.

    Beside the salt, outside the database; to end every session, delete it and start again.
    """
    path = folder / SECRET_NAME
    if not path.exists() or path.stat().st_size < _SECRET_BYTES:
        fresh = folder / f"{SECRET_NAME}.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(_SECRET_BYTES), encoding="ascii")
        fresh.replace(path)  # whole or not at all
    return path.read_text(encoding="ascii")


def door_for(password: str | None, secret: str) -> Door:
    """How one signs in: by the password, else by a link that works once."""
    from analysis.web.session import Door, Password

    if password is None:
        return Door(link=secrets.token_urlsafe(24), name=_user(), mark="link")
    mark = hmac.new(secret.encode(), password.encode(), hashlib.sha256).hexdigest()[:16]
    return Door(password=Password(password), mark=mark)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        return "desk"


def application(
    market: Market,
    folder: Path,
    *,
    password: str | None = None,
    public: PublicAddress | None = None,
) -> tuple[Any, Door]:
    """The market's Datasette, and how one signs in there.

    :param password: without it nothing is shown; ``None``: reading is open to this machine.
    :param public: where a proxy serves it, ``None`` for this machine only.
    :raises DatabaseError: where there is no database yet.
    """
    from analysis.web.serve import HOSTS, datasette_for

    path = folder / DATABASE_NAME
    if not path.exists():
        raise DatabaseError(
            f"market {market.name!r} has no data yet; run scrapy research {market.name} first"
        )
    open_database(path).close()  # bring an older schema up to date before it is read
    secret = read_secret(folder)
    door = door_for(password, secret)
    datasette = datasette_for(
        path,
        market.name,
        hosts=HOSTS if public is None else (*HOSTS, public.host),
        overrides=None if public is None else public.settings(),
        door=door,
        secret=secret,
    )
    return datasette, door


def quieten() -> None:
    """Leave out of the terminal what a reader's browser causes and nobody can act on."""
    logging.getLogger("asyncio").addFilter(worth_saying)
    # Datasette drops its suggestions of facets where a facet asked for does not exist.
    warnings.filterwarnings(
        "ignore",
        message=r"coroutine '(TableView|\w+Facet)\b.* was never awaited",
        category=RuntimeWarning,
    )


def worth_saying(record: logging.LogRecord) -> bool:
    """All that asyncio logs, except that a browser went away before its answer was complete."""
    return record.getMessage() not in _GONE


def sign_in_link(door: Door, home: str) -> str:
    """The address that signs in whoever opens it first."""
    return f"{home}-/rivalmap/sign-in?" + urlencode({"link": door.link or ""})


def keep_loaded() -> None:
    """Tell the garbage collector that what is loaded now stays.

    A full collection would else walk all of it, again and again: a tenth of a second in which no
    page is answered.
    """
    gc.collect()
    gc.freeze()


def serve(
    market: Market,
    folder: Path,
    port: int,
    *,
    password: str | None = None,
    public: PublicAddress | None = None,
) -> None:
    """Serve until Ctrl-C; prints the address, and how to sign in, first."""
    import uvicorn

    datasette, door = application(market, folder, password=password, public=public)
    quieten()
    base = "/" if public is None else public.base
    home = f"http://{HOST}:{port}{base}"
    sys.stderr.write(f"{market.business.name}: {home}  (Ctrl-C ends it)\n")
    if public is not None:
        sys.stderr.write(f"for readers: {public.url}\n")
    if door.link is not None:
        sys.stderr.write(f"to correct what it shows, sign in once: {sign_in_link(door, home)}\n")

    async def run() -> None:
        await datasette.invoke_startup()
        keep_loaded()
        server = uvicorn.Server(
            uvicorn.Config(
                datasette.app(), host=HOST, port=port, log_level="warning", lifespan="on"
            )
        )
        await server.serve()

    asyncio.run(run())
