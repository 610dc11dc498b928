"""Redirects that a page holds (``<meta http-equiv=refresh>``), looked for where one can be."""

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Response

_HEAD = 4 * 4096
"""Bytes; Scrapy looks at 4,096 characters, which are no more than that in any encoding."""


class RefreshMiddleware(MetaRefreshMiddleware):
    """Scrapy's, which decodes every page whole and keeps the text as long as the answer."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """Follow a page that leads on at once."""
        head = response.body[:_HEAD]
        if b"\0" not in head and b"refresh" not in head.lower():  # NULs: two bytes a character
            return response
        return super().process_response(request, response)
