"""Names to addresses: ``*.localhost`` is loopback, private addresses are refused.

RFC 6761 section 6.3 gives ``localhost`` and every name below it to loopback; glibc resolves only
the bare name. Refusing private addresses here, after the name is resolved, also covers redirects
and public names that point inside.
"""

import ipaddress
from typing import Any, Self

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, fail, succeed


class PrivateAddressError(OSError):
    """A name or address that leads into a private network, where the market does not allow it."""


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

refused: dict[str, str] = {}
"""Names this process refused, with the reason. Twisted drops a resolver's own words and says only
that a name does not resolve; whoever tells of the failure looks here."""


def is_private(address: str) -> bool:
    """Whether an IP address is loopback, private, link-local or otherwise not of the public net."""
    try:
        ip = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return False
    seen = [getattr(ip, "ipv4_mapped", None) or ip, *_within(ip)]
    return any(not inner.is_global or inner.is_multicast for inner in seen)


def _within(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses an IPv6 address stands for: mapped (RFC 4291), 6to4 (3056), Teredo (4380)
    and NAT64 (6052, its well-known prefix).
    """
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    found = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [inner for inner in found if inner is not None]


def is_localhost(name: str) -> bool:
    """Whether a host name is ``localhost`` or stands below it."""
    return name.rstrip(".").lower().rsplit(".", 1)[-1] == "localhost"


class Resolver(CachingThreadedResolver):
    """Scrapy's caching resolver with the two rules above; allowed: ``RIVALMAP_ALLOW_PRIVATE``."""

    allow_private = False

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: ReactorBase) -> Self:
        """Build from the process's settings."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_private = crawler.settings.getbool("RIVALMAP_ALLOW_PRIVATE")
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> "Deferred[str]":  # noqa: N802
        """The IPv4 address of a name.

        :raises PrivateAddressError: through the deferred, for an address that is not allowed.
        """
        if is_localhost(name):
            return self._checked("127.0.0.1", name)
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(self._check, name)

    def _checked(self, address: str, name: str) -> "Deferred[str]":
        try:
            return succeed(self._check(address, name))
        except PrivateAddressError as error:
            return fail(error)

    def _check(self, address: str, name: str) -> str:
        if is_private(address) and not self.allow_private:
            refused[name.lower()] = (
                f"{name} leads to the private address {address}; set allow_private = true under "
                "[crawl] in the market file if that is meant"
            )
            raise PrivateAddressError(refused[name.lower()])
        return address
