"""MyBB 1.8."""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter
from crawlers.forums.fields import select


class MyBB(Adapter):
    """Times are local and do not say so; the default setting prints the month first."""

    engine = "mybb"
    marker = (
        "div.post[id^=post_] .post_body, tr.inline_row span[id^=tid_],"
        " #powered_by a[href*='mybb.com'], .author_information .largetext,"
        " link[href*='cache/themes/theme'], script[src*='jscripts/general.js']"
    )
    cookies = ("mybb[", "mybb%5B")
    local_times = True

    board = (
        "td strong a[href*='forumdisplay.php?fid=']:not([href*='sortby']),"
        " td strong a[href*='forum-']:not([href*='sortby']), .sub_control a"
    )
    thread = "tr.inline_row"
    thread_link = "span[id^=tid_] a, .subject_new a, .subject_old a"
    thread_id = "span[id^=tid_]@id"
    thread_replies = "a[href*='whoposted'] | td:nth-child(4)"
    thread_stamp = ".lastpost > span[title]@title | .lastpost"
    thread_date = ".lastpost"
    sticky = ".trow_sticky, [class*=forumdisplay_sticky]"

    title = "table.tborder .thead > div > strong | .thead .float_left strong | title"
    post = "div.post[id^=post_]"
    author = ".author_information .largetext | .author_information strong"
    date = ".post_date > span[title]@title | .post_date"
    body = ".post_body"
    permalink = ".post_head strong a[href]"
    quote = "blockquote"
    drop = ".post_edit, .codeblock > .title, .signature, .post_meta"
    date_order = "mdy"
    next = "a.pagination_next"

    def date_text(self, node: LexborNode) -> str:
        """Without the note "(This post was last modified: ...)" that stands in the same element."""
        return super().date_text(node).partition("(")[0].strip()

    def next_nodes(self, document: Document) -> Iterator[LexborNode]:
        """The last link: a topic shows its board's pages first, in a hidden menu."""
        yield from reversed(select(document.tree, self.next))
