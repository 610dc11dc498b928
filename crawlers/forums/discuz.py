"""Discuz! X."""

import re

from crawlers.document import Document
from crawlers.forums.base import Adapter
from crawlers.forums.fields import attribute_of, first


class Discuz(Adapter):
    """Times are local without a zone; recent ones stand as prose with the exact time beside."""

    engine = "discuz"
    marker = "body#nv_forum, body#nv_group, div[id^=post_] td[id^=postmessage_]"
    generator = r"^Discuz!"

    board = (
        ".fl_tb h2 > a, .fl_tb dt > a, h2 > a[href*='mod=forumdisplay&fid='],"
        " h2 > a[href*='forum-'], dt > a[href*='mod=forumdisplay&fid='], dt > a[href*='forum-']"
    )
    thread = "tbody[id^=normalthread_], tbody[id^=stickthread_]"
    thread_link = "a.s.xst, a.xst"
    thread_id = "@id"
    thread_replies = "td.num a"
    thread_stamp = "td.by:last-child em span@title | td.by:last-child em"
    sticky = "img[src*=pin_], .icn i[class*=top], th.lock + .pin"

    title = "#thread_subject"
    post = "div[id^=post_]:has([id^=postmessage_])"
    author = ".authi a.xw1 | .authi a | .authi"
    date = "em[id^=authorposton] span@title | em[id^=authorposton]"
    body = "[id^=postmessage_]"
    permalink = "a[id^=postnum]"
    quote = "div.quote, blockquote"
    drop = ".pstatus, .jammer, .attach_popup, .tip, .aimg_tip, .sign, font.jammer, .blockcode em"
    next = "a.nxt"

    def thread_number(self, document: Document) -> str | None:
        """The number in the page's own links: rewritten addresses are of many kinds."""
        link = first(document.tree, "#thread_subject[href], a[id^=postnum]")
        found = (
            re.search(r"(?:p?tid=|thread-)(\d{1,12})", attribute_of(link, "href")) if link else None
        )
        return found[1] if found else super().thread_number(document)
