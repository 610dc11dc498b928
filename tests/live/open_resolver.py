"""A resolver for tests: ``open.example`` stands for a public site, though it is served here."""

from typing import Any

from twisted.internet.defer import Deferred, succeed

from crawlers.resolver import Resolver

INSIDE = {"inside.example": "10.1.2.3", "meta.example": "169.254.169.254"}


class OpenResolver(Resolver):
    """``open.example`` is let through to loopback; all else is judged as ever. Names of
    :data:`INSIDE` are public names whose answer is a private address.
    """

    def getHostByName(self, name: str, timeout: Any = ()) -> "Deferred[str]":  # noqa: N802
        """The address of a name."""
        if name == "open.example":
            return succeed("127.0.0.1")
        if name in INSIDE:
            return self._checked(INSIDE[name], name)
        return super().getHostByName(name, timeout)
