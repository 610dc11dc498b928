"""``scrapy research`` in a world where 127.0.0.1 is a public address and the rest of 127/8 is not.

So that a page on loopback can be read as a public one while it reaches for private addresses, and
for ``inside.test``, a public name that leads to one.
"""

import sys
from typing import Any

from twisted.internet.defer import succeed

from crawlers import resolver
from crawlers.middlewares import addresses

_really = resolver.is_private
_look_up = resolver.CachingThreadedResolver.getHostByName


def is_private(address: str) -> bool:
    return address != "127.0.0.1" and _really(address)


def look_up(self: Any, name: str, timeout: Any = ()) -> Any:
    return succeed("127.0.0.2") if name == "inside.test" else _look_up(self, name, timeout)


resolver.is_private = is_private
resolver.CachingThreadedResolver.getHostByName = look_up
addresses.is_private = is_private

if __name__ == "__main__":
    from scrapy.cmdline import execute

    execute(["scrapy", *sys.argv[1:]])
