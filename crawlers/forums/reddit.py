"""Reddit: the old pages, the new ones with their own elements, and the ``.json`` beside them."""

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.api_addresses import path_of, root_of
from crawlers.forums.base import Adapter, Reading, count_of, stamp_of
from crawlers.forums.fields import attribute_of, first, select, value
from crawlers.forums.reddit_json import GONE, THREAD, read_reply
from crawlers.items import ForumPage, Post, ThreadRef

_NUMBER = re.compile(r"/comments/([a-z0-9]{1,12})(?:/|$)")


class Reddit(Adapter):
    """``old.reddit.com``, and the JSON that lies beside every page.

    Ids are full names: ``t3_`` and the thread's, ``t1_`` and the comment's own. A thread that is
    but a link or a picture says what it says in its title.
    """

    engine = "reddit"
    hosts = ("reddit.com", "redd.it")
    off = (
        "Reddit asks everyone who reads it by program for an agreement on its API: sign one with "
        "Reddit first, or read pages you have saved"
    )

    marker = "#siteTable .thing[data-fullname], .commentarea .thing.comment, #header-bottom-left"

    thread = "#siteTable > .thing.link:not(.promoted)"
    thread_link = "a.title"
    thread_replies = "a.comments"
    sticky = ".stickied-tagline"

    title = "#siteTable .thing.link a.title"
    post = ".commentarea .thing.comment, body.comments-page #siteTable > .thing.link"
    post_id = "@data-fullname | @id"
    author = "@data-author"
    date = ".tagline time@datetime"
    body = ".usertext-body .md | a.title"
    permalink = "a.bylink, a.comments"
    next = ".next-button a[rel*=next]"

    def thread_address(self, url: str) -> str:
        """A thread's address without its words and without a comment."""
        found = THREAD.match(path_of(url))
        return f"{root_of(url)}{found[1]}" if found else super().thread_address(url)

    def thread_number(self, document: Document) -> str | None:
        """The thread's number, in base 36."""
        found = _NUMBER.search(path_of(self.page_address(document)))
        return found[1] if found else None

    def thread_number_in(self, row: LexborNode, url: str) -> str | None:
        """The same of a row."""
        found = _NUMBER.search(path_of(url))
        return found[1] if found else None

    def post_identifier(self, node: LexborNode) -> str | None:
        """A full name."""
        found = re.search(r"t[13]_[a-z0-9]{1,12}", value(node, self.post_id))
        return found[0] if found else None

    def read_posts(self, document: Document, reading: Reading) -> tuple[Post, ...]:
        """As declared, without what its author or a moderator took away."""
        posts = super().read_posts(document, reading)
        return tuple(post for post in posts if post.text not in GONE)

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """A title may lead away; the thread is where its comments are."""
        found: dict[str, ThreadRef] = {}
        for row in select(document.tree, self.thread):
            link = first(row, "a.comments")
            url = document.join(
                attribute_of(row, "data-permalink") or (attribute_of(link, "href") if link else "")
            )
            title = value(row, self.thread_link)
            if not url or not title or attribute_of(row, "data-promoted") == "true":
                continue
            given = attribute_of(row, "data-comments-count") or value(row, self.thread_replies)
            count = re.search(r"\d{1,9}", given)
            replies = int(count[0]) if count else 0 if given else None
            url = self.thread_address(url)
            found.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=title,
                    id=self.thread_number_in(row, url),
                    replies=replies,
                    stamp=stamp_of("", replies),
                    sticky="stickied" in attribute_of(row, "class").split(),
                ),
            )
        return tuple(found.values())

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """As declared, with the comment above it."""
        post = super().read_post(node, document, reading, thread)
        if post is None or post.id is None or post.id.startswith("t3_"):
            return post
        above = node.parent
        while above is not None and "thing" not in attribute_of(above, "class").split():
            above = above.parent
        number = self.thread_number(document)
        parent = self.post_identifier(above) if above is not None else None
        return replace(post, in_reply_to=parent or (f"t3_{number}" if number else None))

    # --- JSON ------------------------------------------------------------------------------

    def fetch_address(self, url: str) -> str:
        """The JSON beside a thread or a community's list."""
        path = path_of(url)
        if path.endswith(".json") or not path.startswith("/r/"):
            return url
        found = THREAD.match(path)
        return f"{root_of(url)}{found[1] if found else path}.json?limit=500&raw_json=1"

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """A listing of threads; or two listings, a thread and its comments."""
        return read_reply(document, reading)


class NewReddit(Reddit):
    """The pages of today: ``shreddit-post`` and ``shreddit-comment``, most in their attributes."""

    marker = "shreddit-post, shreddit-comment, shreddit-app"

    thread = "shreddit-post:not([view-context=CommentsPage])"
    title = "shreddit-post@post-title | h1"
    post = "shreddit-post[view-context=CommentsPage], shreddit-comment"
    post_id = "@thingid | @id"
    author = "@author"
    date = "@created-timestamp | @created | faceplate-timeago@ts | time@datetime"
    body = "[slot=text-body] .md | [slot=text-body] | [slot=comment] | [slot=title]"
    permalink = ""
    next = "faceplate-partial[slot=load-after] a[href], a[rel=next]"

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """Everything lies in the attributes."""
        found: dict[str, ThreadRef] = {}
        for row in select(document.tree, self.thread):
            url, title = document.join(attribute_of(row, "permalink")), value(row, "@post-title")
            if not url or not title or not attribute_of(row, "permalink"):
                continue
            replies = count_of(attribute_of(row, "comment-count"))
            url = self.thread_address(url)
            found.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=title,
                    id=self.thread_number_in(row, url),
                    replies=replies,
                    stamp=stamp_of("", replies),
                ),
            )
        return tuple(found.values())

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """As declared; a comment taken away has no words, and those below it are not its own."""
        words = first(node, "[slot=comment]") if node.tag == "shreddit-comment" else None
        if node.tag == "shreddit-comment" and not (words and _holder(words) == _holder(node)):
            return None
        post = Adapter.read_post(self, node, document, reading, thread)
        if post is None:
            return None
        link, number = attribute_of(node, "permalink"), self.thread_number(document)
        parent = attribute_of(node, "parentid") or (f"t3_{number}" if number else None)
        return replace(
            post,
            url=(document.join(link) if link else None) or post.url,
            in_reply_to=parent if post.id != parent and words else None,
        )


def _holder(node: LexborNode | None) -> str:
    """The comment an element belongs to."""
    while node is not None and node.tag != "shreddit-comment":
        node = node.parent
    return attribute_of(node, "thingid") if node is not None else ""
