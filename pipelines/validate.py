"""First: what cannot be true is taken out, before anything leans on it."""

import dataclasses
from datetime import timedelta
from typing import Any

from crawlers.items import ForumItem, Listing, ListingItem, PageItem, Post

LONGEST_TEXT = 200_000
"""Characters of a page or post kept; a thousandth of all pages are longer, and none worth more."""
LONGEST_FIELD = 2_000
MOST_OFFERS = 500
MOST_REVIEWS = 1_000
LONGEST_NAME = 200
MOST_COMPANIES = 300
_TOLERANCE = timedelta(days=1)  # clocks and zones; a post from the day after tomorrow is misread


class Validate:
    """Bounds sizes, drops posts without words, refuses times that have not come yet."""

    def process_item(self, item: Any) -> Any:
        """The item, made possible."""
        if isinstance(item, PageItem):
            page = item.page
            if page.reviews:
                latest = item.fetch.fetched_at + _TOLERANCE
                reviews = [self._post(post, latest) for post in page.reviews if _speaks(post)]
                page = dataclasses.replace(page, reviews=tuple(reviews[:MOST_REVIEWS]))
            if (
                len(page.text) > LONGEST_TEXT
                or len(page.offers) > MOST_OFFERS
                or (len(page.title) > LONGEST_FIELD or len(page.description) > LONGEST_FIELD)
            ):
                page = dataclasses.replace(
                    page,
                    title=page.title[:LONGEST_FIELD],
                    description=page.description[:LONGEST_FIELD],
                    text=page.text[:LONGEST_TEXT],
                    offers=page.offers[:MOST_OFFERS],
                )
            return item if page is item.page else dataclasses.replace(item, page=page)
        if isinstance(item, ForumItem):
            latest = item.fetch.fetched_at + _TOLERANCE
            posts = tuple(self._post(post, latest) for post in item.page.posts if _speaks(post))
            return dataclasses.replace(item, page=dataclasses.replace(item.page, posts=posts))
        if isinstance(item, ListingItem):
            return dataclasses.replace(item, listing=_bounded(item.listing))
        return item

    @staticmethod
    def _post(post: Post, latest: Any) -> Post:
        if post.posted_at is not None and post.posted_at > latest:
            post = dataclasses.replace(post, posted_at=None, posted_precision="unknown")
        if len(post.text) > LONGEST_TEXT:
            post = dataclasses.replace(post, text=post.text[:LONGEST_TEXT])
        return post


def _bounded(listing: Listing) -> Listing:
    companies = tuple(
        dataclasses.replace(one, name=one.name[:LONGEST_NAME], quote=one.quote[:LONGEST_FIELD])
        for one in listing.companies[:MOST_COMPANIES]
    )
    return dataclasses.replace(listing, title=listing.title[:LONGEST_FIELD], companies=companies)


def _speaks(post: Post) -> bool:
    """Whether a post has words of its own; a bare quote or picture says nothing to read."""
    return bool(post.text.strip())
