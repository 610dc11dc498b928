"""Stops where a forum sends a visitor to its sign-in page: that page is never fetched."""

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from crawlers.forums.links import is_utility_link

_ROLES = frozenset({"index", "board", "topic"})


class MembersOnly(IgnoreRequest):
    """The site shows this page to members only."""


class WallMiddleware:
    """Sees every request, those after a redirect too."""

    def process_request(self, request: Request) -> None:
        """Let a page of posts pass.

        :raises MembersOnly: for a redirect from one to a page that holds none.
        """
        target = request.meta.get("target")
        if target is None or not request.meta.get("redirect_times"):
            return
        if target.role in _ROLES and is_utility_link(request.url):
            raise MembersOnly(f"the site sends us to {request.url}: members only")
