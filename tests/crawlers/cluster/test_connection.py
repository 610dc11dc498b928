"""The address of Redis: what is refused, and that no password is ever shown."""

import pytest

from crawlers.cluster.connection import RedisAddressError, connect, require_redis, shown
from tests.live.servers import free_port
from tests.redis_server import RedisServer


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("redis://:secret@db.example:6380/2", "redis://db.example:6380/2"),
        ("rediss://user:secret@db.example", "rediss://db.example"),
        ("unix://:secret@/run/redis.sock?db=1", "unix:///run/redis.sock"),
        ("redis://:sec:ret@h:port/", "redis"),
    ],
)
def test_shown_without_password(url: str, text: str) -> None:
    assert shown(url) == text


@pytest.mark.parametrize("url", ["http://:secret@127.0.0.1:1", "127.0.0.1:6379", ""])
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(RedisAddressError, match="must begin with redis://") as error:
        connect(url)
    assert "secret" not in str(error.value)


def test_a_port_that_is_none_is_refused_without_the_password() -> None:
    with pytest.raises(RedisAddressError) as error:
        connect("redis://:secret@127.0.0.1:port/0")
    assert "secret" not in str(error.value)


def test_nobody_answers() -> None:
    url = f"redis://:secret@127.0.0.1:{free_port()}/0"
    with pytest.raises(RedisAddressError, match="does not answer") as error:
        require_redis(url)
    assert "secret" not in str(error.value)


def test_somebody_answers(redis: RedisServer) -> None:
    assert require_redis(redis.url).ping()
