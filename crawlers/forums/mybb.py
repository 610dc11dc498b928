"""MyBB 1.8."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter
from crawlers.forums.fields import attribute_of, first, select, text_of, value

_THREAD = re.compile(r"[?&]tid=(\d{1,12})|/thread-(\d{1,12})[-.]")


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
    author = (
        ".author_information .largetext | .post_author .largetext | .author_information strong"
        " | .post_author strong a | .post_author strong"
    )
    date = ".post_date"
    body = ".post_body"
    permalink = ".post_head strong a[href]"
    quote = "blockquote"
    drop = ".post_edit, .codeblock > .title, .spoiler_header, .signature, .post_meta"
    date_order = "mdy"
    next = "a.pagination_next"

    def date_text(self, node: LexborNode) -> str:
        """The date in full: "Today" and "5 minutes ago" have it in a title, the first without the
        clock, which stands beside it. The note "(last modified: ...)" is left out.
        """
        held = first(node, self.date)
        parts = [] if held is None else [_written(part) for part in held.iter(include_text=True)]
        return " ".join("".join(parts).split()).partition("(")[0].strip()

    def thread_number_in(self, row: LexborNode, url: str) -> str | None:
        """The number in the address: the row of a moved thread has another; else the row's."""
        found = _THREAD.search(url)
        return found[1] or found[2] if found else super().thread_number_in(row, url)

    def thread_number(self, document: Document) -> str | None:
        """The number in the address; addresses made of titles have none, the page's links do."""
        found = _THREAD.search(self.page_address(document))
        if not found:
            links = "a[href*='printthread.php?tid=']@href | a[href*='newreply.php?tid=']@href"
            found = _THREAD.search(value(document.tree, links))
        return found[1] or found[2] if found else None

    def next_nodes(self, document: Document) -> Iterator[LexborNode]:
        """The last link: a topic shows its board's pages first, in a hidden menu."""
        yield from reversed(select(document.tree, self.next))


def _written(part: LexborNode) -> str:
    if not part.is_element_node:
        return part.text(deep=True) or ""
    if {"post_edit", "edited_post"} & set(attribute_of(part, "class").split()):
        return ""
    return attribute_of(part, "title") or text_of(part)
