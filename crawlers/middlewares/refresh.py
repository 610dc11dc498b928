"""Pages that send a visitor on by ``<meta http-equiv="refresh">``: Scrapy's middleware, but only
where a page's first bytes name such a thing.

Scrapy decodes every page whole to look at its first 4,096 characters, half a millisecond of a page
of 200 KB.
"""

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Response

_HEAD = 4 * 4_096
"""Bytes: where Scrapy looks, with four of them a character."""


class RefreshMiddleware(MetaRefreshMiddleware):
    """Stands in the place of Scrapy's own."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """Let a page pass that names no refresh; bytes of zero are of an encoding that hides it."""
        head = response.body[:_HEAD]
        if b"refresh" not in head.lower() and b"\0" not in head:
            return response
        return super().process_response(request, response)
