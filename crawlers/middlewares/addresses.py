"""Refuses requests to IP addresses of private networks; names are checked by the resolver."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawlers.resolver import PrivateAddressError, is_private
from crawlers.urls import host_of


class PrivateAddressMiddleware:
    """Sees every request, those after a redirect too. A literal address never meets a resolver."""

    def __init__(self, *, allow_private: bool) -> None:
        self.allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from ``RIVALMAP_ALLOW_PRIVATE``."""
        return cls(allow_private=crawler.settings.getbool("RIVALMAP_ALLOW_PRIVATE"))

    def process_request(self, request: Request) -> None:
        """Let a public address pass.

        :raises PrivateAddressError: for one that is not.
        """
        if self.allow_private:
            return
        host = host_of(request.url)
        if is_private(host):
            raise PrivateAddressError(
                f"{host} is a private address; set allow_private = true under [crawl] in the "
                "market file if that is meant"
            )
