"""bbPress, the forum plugin of WordPress."""

from selectolax.lexbor import LexborNode

from crawlers.forums.base import Adapter
from crawlers.forums.fields import attribute_of, first, text_of


class BBPress(Adapter):
    """A post's time and link stand in a block of their own before the post."""

    engine = "bbpress"
    marker = "#bbpress-forums, .bbp-reply-content, .bbp-topic-content, ul.bbp-forums, ul.bbp-topics"

    local_times = True

    board = "a.bbp-forum-title, .bbp-forums-list a"
    thread = "ul.bbp-topics ul.topic, ul[id^=bbp-topic-]"
    thread_link = "a.bbp-topic-permalink"
    thread_id = "@id"
    thread_replies = ".bbp-topic-reply-count"
    counts_first = True
    thread_stamp = ".bbp-topic-freshness a@href"
    thread_date = ".bbp-topic-freshness a"
    sticky = ".sticky, .super-sticky"

    title = "h1.entry-title | h1"
    post = "div.reply:has(.bbp-reply-content), div.topic:has(.bbp-topic-content)"
    post_id = "@data-post-id | .bbp-reply-permalink@href"
    author = ".bbp-author-name | .bbp-reply-author a | .bbp-topic-author a"
    date = ".bbp-reply-post-date | .bbp-topic-post-date"
    body = ".bbp-reply-content | .bbp-topic-content"
    drop = ".bbp-reply-revision-log, .bbp-topic-revision-log, .bbp-signature, .bbp-attachments"
    next = "a.next.page-numbers, link[rel=next]"

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
