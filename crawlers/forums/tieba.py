"""Baidu Tieba: threads and lists of its pages on a computer."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.api_addresses import path_of, root_of
from crawlers.forums.base import Adapter, Reading
from crawlers.forums.fields import attribute_of, select, text_of
from crawlers.forums.json_shapes import as_dict, as_text
from crawlers.items import ForumPage, Post
from crawlers.json_text import loads

_DATE = re.compile(r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}")


class Tieba(Adapter):
    """A post's author, number and time lie in its ``data-field``; times are China's.

    Answers inside a floor are fetched by the page's script and are out of reach. The first floor
    shows its time in ``data-field`` or at its foot, by the age of the page.
    """

    engine = "tieba"
    hosts = ("tieba.baidu.com",)
    off = (
        "Baidu Tieba asks visitors to pass a check or to sign in and offers no interface for "
        "reading it by program: read pages you have saved, or ask Baidu for permission first"
    )
    marker = ".l_post[data-field] .d_post_content, a.j_th_tit, .l_post.j_l_post"

    thread = "li.j_thread_list, li[class*=thread_list]:has(a.j_th_tit), .t_con:has(a.j_th_tit)"
    thread_link = "a.j_th_tit"
    thread_replies = ".threadlist_rep_num"
    thread_date = ".threadlist_reply_date"
    sticky = ".icon-top, .thread_top"

    title = ".core_title_txt@title | .core_title_txt | h3.core_title_txt | h1"
    post = ".l_post:has(.d_post_content)"
    post_id = "@data-pid"
    author = ".p_author_name | .d_name a"
    date = ".tail-info"
    body = ".d_post_content"
    drop = ".save_face_bg_hidden, .replace_tip, .d_sign_split, .j_user_sign"
    next = "a.next.pagination-item, .pb_list_pager a, .l_pager a"

    def thread_address(self, url: str) -> str:
        """A thread's address without its page."""
        path = path_of(url)
        return f"{root_of(url)}{path}" if path.startswith("/p/") else super().thread_address(url)

    def post_identifier(self, node: LexborNode) -> str | None:
        """The post's number, which ``data-field`` holds too."""
        number = as_text(_field(node, "content").get("post_id"))
        return number if number.isdigit() else super().post_identifier(node)

    def date_text(self, node: LexborNode) -> str:
        """``2016-07-28 16:17`` of ``data-field``, else the note at the foot that is a date."""
        given = as_text(_field(node, "content").get("date"))
        notes = [text_of(note) for note in select(node, ".tail-info")]
        return given or next((note for note in notes if _DATE.fullmatch(note)), "")

    def read(self, document: Document, reading: Reading) -> ForumPage:
        """As declared, in China's time where the market file names no other."""
        zone = reading.timezone or "Asia/Shanghai"
        return super().read(document, replace(reading, timezone=zone))

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """As declared; the author of ``data-field`` where the page shows none."""
        post = super().read_post(node, document, reading, thread)
        if post is None:
            return None
        author = post.author or as_text(_field(node, "author").get("user_name")) or None
        return replace(post, author=author, url=f"{thread}#{post.id}" if post.id else thread)

    def next_nodes(self, document: Document) -> Iterator[LexborNode]:
        """The link that says so: first and last page stand beside it in the same dress."""
        for node in select(document.tree, self.next):
            if "next" in attribute_of(node, "class").split() or "下一页" in text_of(node):
                yield node


def _field(node: LexborNode, part: str) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        return as_dict(as_dict(loads(attribute_of(node, "data-field"))).get(part))
    return {}
