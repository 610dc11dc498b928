"""Fourth: the same page under two addresses, the same post twice on a page."""

import dataclasses
from collections import OrderedDict
from typing import Any

from crawlers.items import DoneItem, ForumItem, PageItem, Post

_REMEMBERED = 50_000  # bodies, by hashes of eight bytes; 200 bytes of memory each


class Duplicates:
    """Stores a site's page once however many addresses lead to it; a post once per page.

    The first address wins: the crawl is best first, so it is the shortest way to the page. Posts
    are unique by key in the table; here only a page that shows one twice (a pinned first post) is
    mended.
    """

    def __init__(self) -> None:
        self._bodies: OrderedDict[int, int] = OrderedDict()

    def process_item(self, item: Any) -> Any:
        """The item, or a plain done mark where its page is already stored."""
        if isinstance(item, PageItem):
            key, address = hash((item.target.source, item.fetch.body_hash)), hash(item.target.url)
            first = self._bodies.setdefault(key, address)
            if len(self._bodies) > _REMEMBERED:
                self._bodies.popitem(last=False)
            if first != address:
                return DoneItem(target=item.target, outlinks=item.outlinks)
        elif isinstance(item, ForumItem) and item.page.posts:
            first_of: dict[str | None, Post] = {}
            for post in item.page.posts:
                first_of.setdefault(post.key, post)
            posts = tuple(first_of.values())
            return dataclasses.replace(item, page=dataclasses.replace(item.page, posts=posts))
        return item
