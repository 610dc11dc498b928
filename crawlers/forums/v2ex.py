"""V2EX: its pages and its first API."""

import re
from dataclasses import replace
from typing import Any

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.api_addresses import is_below, path_of, query_of, root_of
from crawlers.forums.base import Adapter, Reading, stamp_of
from crawlers.forums.dates.reading import read_date
from crawlers.forums.fields import attribute_of, value
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.texts.line_quotes import plain_words
from crawlers.forums.texts.post_text import own_words, plain_text
from crawlers.items import ForumPage, Post, ThreadRef

_TOPIC = re.compile(r"^/t/(\d{1,12})$")


class V2ex(Adapter):
    """Lists come from the API (hot, latest), nodes and threads from their pages.

    The API's replies have no paging that is written down; a page of a hundred replies links to the
    next. Topics and replies are numbered apart: a topic's own post has the id ``t`` and its number.
    A reply names whom it answers (``@name``), never which reply.
    """

    engine = "v2ex"
    hosts = ("v2ex.com",)
    marker = (
        "meta[property='og:site_name'][content=V2EX], link[rel=search][title=V2EX],"
        " .cell[id^=r_] .reply_content, .item_title a.topic-link"
    )

    board = "a[href^='/go/'].node, .item_node"
    thread = ".cell:has(a.topic-link), .cell:has(.item_title)"
    thread_link = "a.topic-link, .item_title a"
    thread_replies = "a.count_livid | a.count_orange"
    thread_stamp = ".topic_info span[title]@title"
    thread_id = "a.topic-link@href | .item_title a@href"
    sticky = ".corner_star"

    title = "h1"
    post = ".box:has(> .header h1), .cell[id^=r_]"
    post_id = "@id"
    author = "small a[href^='/member/'] | strong a[href^='/member/']"
    date = "small span[title]@title | .ago@title | .ago | small"
    body = ".reply_content | .topic_content"
    next = "a.page_current + a.page_normal"

    def thread_address(self, url: str) -> str:
        """The topic's address without the reply it leads to and the page."""
        found = _TOPIC.match(path_of(url))
        return f"{root_of(url)}/t/{found[1]}" if found else super().thread_address(url)

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """As declared; the topic's own post with its number and the words added to it later."""
        post = super().read_post(node, document, reading, thread)
        if attribute_of(node, "id").startswith("r_"):
            return post
        number = self.thread_number(document)
        texts = [own_words(part.inner_html or "").text for part in node.css(".topic_content")]
        if post is None:
            if not value(node, self.author):
                return None
            date = read_date(self.date_text(node), fetched_at=reading.fetched_at)
            post = Post(
                id=None,
                url=thread,
                author=value(node, self.author),
                text="",
                posted_at=date.posted_at,
                posted_text=self.date_text(node) or None,
                posted_precision=date.precision,
            )
        text = "\n".join(part for part in texts if part)
        return replace(post, id=f"t{number}" if number else None, url=thread, text=text)

    # --- API -------------------------------------------------------------------------------

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """The nodes asked for (``/go/NODE``), else the newest topics and those of the day."""
        if boards or path_of(base_url):
            return list(boards) or [base_url]
        root = f"{root_of(base_url)}/api/topics"
        return [f"{root}/latest.json", f"{root}/hot.json"]

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """Topics as a list, one topic asked for by its number, the replies of one."""
        data, path = document.json, path_of(document.url)
        rows = as_dicts(data)
        root = root_of(document.url)
        known = "/api/topics/" in path or "/api/replies/" in path
        if not rows and isinstance(data, list) and known and is_below(document.url, *self.hosts):
            kind = "topic" if "/replies/" in path else "board"
            return ForumPage(engine=self.engine, kind=kind)
        if not rows or not all(_is_row(row) for row in rows):
            return None
        if all("title" in row and "node" in row for row in rows):
            if query_of(document.url, "id"):
                post = _post(rows[0], f"t{as_text(rows[0]['id'])}", root, reading)
                return self._topic((post,), as_text(rows[0]["id"]))
            threads = tuple(_thread(row, root, reading) for row in rows)
            return ForumPage(engine=self.engine, kind="board", threads=threads)
        topic = query_of(document.url, "topic_id") or as_text(rows[0].get("topic_id"))
        if any("title" in row for row in rows) or not topic.isdigit():
            return None
        posts = [_post(row, as_text(row["id"]), root, reading, topic) for row in rows]
        return self._topic(tuple({post.id: post for post in posts}.values()), topic)

    def _topic(self, posts: tuple[Post, ...], topic: str) -> ForumPage:
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=posts,
            thread_id=topic,
            thread_title=posts[0].thread_title,
        )


def _is_row(row: dict[str, Any]) -> bool:
    number, member = as_text(row.get("id")), as_dict(row.get("member"))
    return number.isdigit() and "username" in member and "content" in row and "created" in row


def _thread(row: dict[str, Any], root: str, reading: Reading) -> ThreadRef:
    number, replies = as_text(row["id"]), as_int(row.get("replies"))
    touched = as_text(row.get("last_touched")) or as_text(row.get("last_modified"))
    return ThreadRef(
        url=f"{root}/t/{number}",
        title=plain_text(as_text(row["title"])),
        id=number,
        replies=replies,
        stamp=stamp_of("", replies) or touched or None,
        last_posted_at=read_date(touched, fetched_at=reading.fetched_at).posted_at,
    )


def _post(
    row: dict[str, Any], identifier: str, root: str, reading: Reading, topic: str = ""
) -> Post:
    markup = as_text(row.get("content_rendered"))
    words = own_words(markup)
    written = as_text(row.get("created"))
    date = read_date(written, fetched_at=reading.fetched_at)
    thread = f"{root}/t/{topic or as_text(row['id'])}"
    return Post(
        id=identifier,
        url=f"{thread}#r_{identifier}" if topic else thread,
        author=as_text(row["member"]["username"]) or None,
        text=words.text if markup else plain_words(as_text(row["content"])),
        posted_at=date.posted_at,
        posted_text=written or None,
        posted_precision=date.precision,
        quoted=words.quoted,
        thread_url=thread,
        thread_title=plain_text(as_text(row.get("title"))) or None,
    )
