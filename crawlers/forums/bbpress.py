"""bbPress, the forum plugin of WordPress."""

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading
from crawlers.forums.fields import attribute_of, first, text_of, value
from crawlers.items import Post, ThreadRef

_REPLIES = re.compile(
    r"repl|trả lời|phản hồi|回[复覆應应]|antwort|répon|respuest|risposte", re.IGNORECASE
)


class BBPress(Adapter):
    """A post's time and link stand in a block of their own before the post.

    WordPress names the next topic of the site in ``link[rel=next]``: no page of this one.
    """

    engine = "bbpress"
    marker = "#bbpress-forums, .bbp-reply-content, .bbp-topic-content, ul.bbp-forums, ul.bbp-topics"

    local_times = True

    board = "a.bbp-forum-title, .bbp-forums-list a"
    thread = "ul.bbp-topics ul.topic, ul[id^=bbp-topic-]"
    thread_link = "a.bbp-topic-permalink"
    thread_id = "@id"
    thread_replies = ".bbp-topic-reply-count"
    thread_stamp = ".bbp-topic-freshness a@href"
    thread_date = ".bbp-topic-freshness a"
    sticky = "ul.sticky li, ul.super-sticky li"

    title = "h1.entry-title | h1"
    post = "div.reply:has(.bbp-reply-content), div.topic:has(.bbp-topic-content)"
    post_id = "@data-post-id | .bbp-reply-permalink@href"
    author = ".bbp-author-name | .bbp-reply-author a | .bbp-topic-author a"
    date = ".bbp-reply-post-date | .bbp-topic-post-date"
    body = ".bbp-reply-content | .bbp-topic-content"
    drop = ".bbp-reply-revision-log, .bbp-topic-revision-log, .bbp-signature, .bbp-attachments"
    next = "a.next.page-numbers, link[rel=next][href*='page/'], link[rel=next][href*='paged=']"

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """As declared; the column counts posts, or replies where the opening post leads its page:
        its heading says which.
        """
        rows = super().read_threads(document, reading)
        if _REPLIES.search(value(document.tree, ".bbp-header .bbp-topic-reply-count")):
            return rows
        return tuple(
            replace(row, replies=max(row.replies - 1, 0)) if row.replies else row for row in rows
        )

    def thread_number(self, document: Document) -> str | None:
        """The number in the ids of the page's lists: addresses are made of titles."""
        lists = "ul[id^=topic-][id$=-replies]@id | ul.bbp-lead-topic@id"
        replies = "[class*=bbp-parent-topic]@class"
        found = re.search(r"topic-(\d{1,12})", value(document.tree, f"{lists} | {replies}"))
        return found[1] if found else super().thread_number(document)

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """As declared, with the link in the heading."""
        post = super().read_post(node, document, reading, thread)
        heading = _heading_of(node)
        link = first(heading, "a.bbp-reply-permalink") if heading else None
        url = document.join(attribute_of(link, "href")) if link else None
        return replace(post, url=self.post_address(url)) if post and url else post

    def post_identifier(self, node: LexborNode) -> str | None:
        """The number in the class ``post-12``, or of the heading before."""
        for name in attribute_of(node, "class").split():
            if name.startswith("post-") and name[5:].isdigit():
                return name[5:]
        heading = _heading_of(node)
        given = attribute_of(heading, "id").removeprefix("post-") if heading else ""
        return given if given.isdigit() else super().post_identifier(node)

    def date_text(self, node: LexborNode) -> str:
        """From the post, else from the heading before it."""
        found = super().date_text(node)
        heading = None if found else _heading_of(node)
        date = first(heading, ".bbp-reply-post-date, .bbp-topic-post-date") if heading else None
        return found or (text_of(date) if date else "")


def _heading_of(node: LexborNode) -> LexborNode | None:
    before = node.prev
    while before is not None and not before.is_element_node:
        before = before.prev
    if before is not None and "header" in attribute_of(before, "class"):
        return before
    return None
