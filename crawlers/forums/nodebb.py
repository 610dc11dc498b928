"""NodeBB: its HTML. (The JSON under ``/api`` has the same facts.)"""

from selectolax.lexbor import LexborNode

from crawlers.forums.base import Adapter
from crawlers.forums.fields import attribute_of, first


class NodeBB(Adapter):
    """Times are epoch milliseconds; every link carries ``lang=``."""

    engine = "nodebb"
    marker = (
        "[component=post][data-pid], [component='category/topic'],"
        " [component='categories/category']"
    )
    cookies = ("express.sid",)
    shown_only = frozenset({"lang"})

    board = (
        "[component='categories/category'] h2 a, [component='categories/category'] .title a,"
        " [component='categories/category'] a[itemprop=url]"
    )
    thread = "[component='category/topic']"
    thread_link = "[component='topic/header'] a[href*='/topic/'], .title a[href*='/topic/']"
    thread_title = "meta[itemprop=name]@content"
    thread_id = "@data-tid"
    thread_replies = "[component='topic/post-count']"
    counts_first = True
    thread_stamp = "a.timeago[href*='/topic/']@title | .timeago@title"
    sticky = "[component='topic/pinned']:not(.hidden)"

    title = "[component='topic/title'] | meta[property='og:title']@content | h1"
    post = "[component=post][data-pid]"
    post_id = "@data-pid"
    author = "@data-username"
    date = "@data-timestamp"
    body = "[component='post/content']"
    permalink = "a.post-index, a.permanent-link"
    drop = ".signature, [component='post/edit-indicator']"
    next = "link[rel=next], [component=pagination] .next:not(.disabled) a"

    def post_identifier(self, node: LexborNode) -> str | None:
        """Posts that came from other servers have an address as their id."""
        return attribute_of(node, "data-pid") or None

    def date_text(self, node: LexborNode) -> str:
        """The time in UTC where a recent version gives it, else the milliseconds."""
        meta = first(node, "meta[itemprop=datePublished]")
        return (attribute_of(meta, "content") if meta else "") or super().date_text(node)
