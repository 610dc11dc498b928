import pytest

from crawlers.base.answers import failure_of
from crawlers.resolver import PrivateAddressError, Resolver, is_localhost, is_private, refused


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "[::1]", "fe80::1",
     "0.0.0.0", "::ffff:10.0.0.1", "100.64.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
     "2002:7f00:1::", "2002:c0a8:1::1", "2001:0:7f00:1::", "fc00::1", "224.0.0.1", "ff02::1"],
)  # fmt: skip
def test_private(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "example.com", "", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public_or_no_address(address: str) -> None:
    assert not is_private(address)


def test_localhost_names() -> None:
    assert is_localhost("localhost") and is_localhost("shop.LOCALHOST.")
    assert not is_localhost("localhost.example.com")


def test_a_name_that_leads_inside_is_refused_and_remembered() -> None:
    resolver = Resolver.__new__(Resolver)
    with pytest.raises(PrivateAddressError, match=r"192\.168\.1\.1.*allow_private"):
        resolver._check("192.168.1.1", "Inside.example")
    assert failure_of(OSError("no results"), "http://inside.example/x")[0] == "private_address"
    refused.clear()
    resolver.allow_private = True
    assert resolver._check("192.168.1.1", "inside.example") == "192.168.1.1"
    assert not refused
