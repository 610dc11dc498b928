"""Connecting to Redis; what is shown of its address."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from redis.exceptions import RedisError
from scrapy_redis.connection import get_redis

from crawlers.marketfile.errors import MarketError

SOCKET_SECONDS = 5.0
"""How long one command may take. Ours take under a millisecond; a host that is gone takes this."""
SCHEMES = ("redis", "rediss", "unix")


class RedisAddressError(MarketError):
    """An address of Redis that cannot be used, or a Redis that cannot be had."""


def shown(url: str) -> str:
    """An address without its password, for messages and logs."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "redis"
    if parts.scheme == "unix":
        return f"unix://{parts.path}"
    return urlunsplit((parts.scheme, f"{parts.hostname or ''}{port}", parts.path, "", ""))


def connect(url: str) -> Any:
    """A client; it connects at its first command, and anew after each loss.

    :param url: ``redis://[:password@]host[:port][/number]``, ``rediss://`` (TLS) or ``unix://``.
    :raises RedisAddressError: where it is no such address.
    """
    if not url.startswith(tuple(f"{scheme}://" for scheme in SCHEMES)):
        raise RedisAddressError(
            "the address of Redis must begin with redis://, rediss:// or unix://, as in "
            "redis://127.0.0.1:6379/0"
        )
    try:
        return get_redis(
            url=url, socket_timeout=SOCKET_SECONDS, socket_connect_timeout=SOCKET_SECONDS,
            health_check_interval=30, retry=None,
        )  # fmt: skip
    except ValueError as error:
        raise RedisAddressError(f"the address of Redis cannot be read: {error}") from None


def require_redis(url: str) -> Any:
    """A client of a Redis that answers and is young enough.

    :raises RedisAddressError: where it does not, with what to do.
    """
    server = connect(url)
    try:
        version = str(server.info("server")["redis_version"])
    except RedisError as error:
        raise RedisAddressError(
            f"Redis at {shown(url)} does not answer: {error}. Start it, or check the address and "
            "the password"
        ) from None
    if int(version.split(".", maxsplit=1)[0]) < 7:
        raise RedisAddressError(f"Redis at {shown(url)} is {version}; version 7 or newer is needed")
    return server
