"""Simple Machines Forum 2."""

import re
from dataclasses import replace

from bs4 import BeautifulSoup, Tag
from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading
from crawlers.forums.fields import chosen
from crawlers.forums.texts.post_text import own_words
from crawlers.items import Post, ThreadRef

_LAST_POST = re.compile(r"^\S*(?:msg=?|#msg)(\d{1,12})\b\S*")
_FROM = re.compile(
    r"^[^:：]{1,40}[:：]\s*(?P<who>.{1,80}?)"
    r"(?:\s+(?:on|at|trong|lúc|vào|ngày|am|le|el|op|em|w|den|dnia|于|於|在)\s+\S*\d.*|,?\s+\d.{6,60})?$",
    re.IGNORECASE,
)
_MESSAGE = re.compile(r"msg=?(\d{1,12})")


class SMF(Adapter):
    """Local times without a zone; parameters are parted by semicolons, the first post's number
    stands behind the topic's with a dot (``topic=12.15``).
    """

    engine = "smf"
    marker = (
        ".post_wrapper .poster + .postarea, .postarea .inner[id^=msg_], #boardindex_table,"
        " #messageindex, [id^=board_][class*=up_contain], a[href*='simplemachines.org'][title*=SMF]"
    )
    cookies = ("SMFCookie",)
    local_times = True

    board = (
        "a.subject[href*='board='], .info a.subject, .info a[href*='board='],"
        " .children a[href*='board=']"
    )
    thread = "#messageindex tbody tr, #topic_container > div, #messageindex .windowbg"
    thread_link = "span[id^=msg_] a[href*='topic='], .message_index_title a[href*='topic=']"
    thread_replies = ".stats | .board_stats"
    thread_stamp = ".lastpost a[href*='topic=']@href | .lastpost"
    thread_date = ".lastpost"
    sticky = ".sticky, .stickybg, .sticky_posts"

    title = "#top_subject | .display_head h2 | meta[property='og:title']@content | title"
    post = ".post_wrapper"
    post_id = ".inner[id^=msg_]@id | [id^=msg_]@id"
    author = ".poster h4 a | .poster h4"
    date = ".postinfo a.smalltext | .keyinfo .smalltext | .keyinfo div:last-child"
    body = ".post .inner | .inner[id^=msg_]"
    permalink = ".postinfo a[href*='msg'], .keyinfo a[href*='msg']"
    quote = "blockquote, .quoteheader"
    drop = ".quotefooter, .signature, .codeheader, .moderatorbar, .attachments"
    next = "link[rel=next], .pagelinks a.nav_page:has(.next_page), .pagelinks .current_page + a"

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """As declared; of the last post's address only its number is a stamp, not the session."""
        return tuple(
            replace(row, stamp=_LAST_POST.sub(r"\1", row.stamp)) if row.stamp else row
            for row in super().read_threads(document, reading)
        )

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """As declared; version 2.0 names whom it quotes before the quote, in any language."""
        post = super().read_post(node, document, reading, thread)
        body = chosen(node, self.body)
        if post is None or body is None or not post.quoted:
            return post
        words = own_words(_marked(body.inner_html or ""), quote="blockquote", drop=self.drop)
        answered = words.reply_to if words.reply_to != post.id else None
        return replace(post, text=words.text, quoted=words.quoted, in_reply_to=answered)

    def date_text(self, node: LexborNode) -> str:
        """Without "Reply #4 on:" and guillemets around the time."""
        text = super().date_text(node).strip("« »")
        return text.rpartition(" on:")[2].strip() or text


def _marked(html: str) -> str:
    """The body with each quote's author and message written on the quote itself."""
    soup = BeautifulSoup(html[:400_000], "lxml")
    for quote in soup.select("blockquote")[:200]:
        head = quote.find("cite", recursive=False)
        if not isinstance(head, Tag):
            head = quote.find_previous_sibling()
            if not isinstance(head, Tag) or "quoteheader" not in (head.get("class") or []):
                continue
        found = _FROM.match(" ".join(head.get_text(" ").split())[:300])
        link = head.select_one("a[href]")
        message = _MESSAGE.search(str(link["href"])) if link else None
        if found:
            quote["data-author"] = found["who"]
        if message:
            quote["data-source"] = message[1]
        head.extract()
    return str(soup.body or soup)
