"""vBulletin 3.8, 4 and 5."""

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading
from crawlers.items import ThreadRef

_LAST_POST = re.compile(r"^\S*#post(\d{1,12})\b")
_THREAD = re.compile(r"[?&]t(?:hreadid)?=(\d{1,12})|\?(\d{1,12})(?:-|$)|/(\d{1,12})-[^/?#]+/?$")


class VBulletin3(Adapter):
    """Tables; times are local, without a zone; the default setting prints the month first."""

    engine = "vbulletin"
    marker = "table[id^=post] [id^=post_message_], td[id^=td_threadtitle_] a[id^=thread_title_]"
    generator = r"^vBulletin 3"
    local_times = True

    board = (
        "td[id^=f] strong a[href*='forumdisplay.php'], td.alt1Active a[href*='forumdisplay.php']"
    )
    thread = "tr:has(a[id^=thread_title_])"
    thread_link = "a[id^=thread_title_]"
    thread_id = "a[id^=thread_title_]@id"
    thread_replies = "a[href*='whoposted'] | td:nth-last-child(2)"
    thread_stamp = (
        "td[title] a[href*='#post']@href | a[href*='goto=lastpost']@href | td.alt2 .smallfont"
    )
    thread_date = "td.alt2[title] .smallfont | td.alt2 .smallfont"
    sticky = "img[src*=sticky]"

    title = ".navbar strong | title"
    post = "table[id^=post]:has([id^=post_message_]), div[id^=post]:has(> [id^=post_message_])"
    author = "a.bigusername | .bigusername | [id^=postmenu_]"
    date = "div:has(> a[name^=post]) | td.thead:has(a[name^=post]) | td.thead | .thead"
    body = "[id^=post_message_]"
    permalink = "a[id^=postcount], a[href*='#post']"
    quote = "div:has(> table):has(td.alt2), .bbcode_quote, blockquote"
    drop = ".smallfont:has(em), .smallfont:has(+ pre), .signature"
    date_order = "mdy"
    next = "a[rel=next], link[rel=next]"

    def thread_number_in(self, row: LexborNode, url: str) -> str | None:
        """The number in the address: the row of a moved thread has another; else the row's."""
        return _number_in(url) or super().thread_number_in(row, url)

    def thread_number(self, document: Document) -> str | None:
        """The number in the thread's own address: ``?8-title``, ``t=8``, ``/8-title``."""
        return _number_in(self.thread_address(self.page_address(document)))

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """As declared; of the last post's address only its number is a stamp, not the session."""
        return _stamped(super().read_threads(document, reading))


class VBulletin4(Adapter):
    """List items; otherwise as 3.8."""

    engine = "vbulletin"
    marker = "li.postbit, li.postbitlegacy, li.threadbit, html#vbulletin_html ol#posts"
    generator = r"^vBulletin 4"
    local_times = True

    board = ".forumtitle a, .subforum a, .foruminfo h2 a"
    thread = "li.threadbit"
    thread_link = "a.title"
    thread_id = "@id"
    thread_replies = ".threadstats a | .threadstats li"
    thread_stamp = (
        ".threadlastpost a[href*='#post']@href | .threadlastpost a.lastpostdate@href"
        " | .threadlastpost dd:last-child | .threadlastpost"
    )
    thread_date = ".threadlastpost dd:last-child | .threadlastpost"
    sticky = ".sticky, .threadstatus[class*=sticky]"

    title = ".threadtitle | h1"
    post = "li.postbit, li.postbitlegacy, li.postcontainer"
    author = "a.username strong | .username | .popupctrl"
    date = ".postdate .date | .postdate"
    body = "blockquote.postcontent | .postcontent"
    permalink = "a.postcounter"
    quote = ".bbcode_quote, .bbcode_container:has(.quote_container)"
    drop = ".after_content, .signature, .bbcode_description, fieldset.postcontent"
    date_order = "mdy"
    next = "a[rel=next], link[rel=next]"

    def thread_number_in(self, row: LexborNode, url: str) -> str | None:
        """The number in the address: the row of a moved thread has another; else the row's."""
        return _number_in(url) or super().thread_number_in(row, url)

    def thread_number(self, document: Document) -> str | None:
        """The number in the thread's own address: ``?8-title``, ``t=8``, ``/8-title``."""
        return _number_in(self.thread_address(self.page_address(document)))

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """As declared; of the last post's address only its number is a stamp, not the session."""
        return _stamped(super().read_threads(document, reading))


class VBulletin5(Adapter):
    """Microdata in place; its times carry no zone, the epoch beside the post's id needs none."""

    engine = "vbulletin"
    marker = ".b-post .js-post__content-text, .js-topic-item"
    generator = r"^vBulletin [56]"
    local_times = True

    board = ".forum-title, a.subforum-title"
    thread = "tr.js-topic-item, .topic-item"
    thread_link = "a.js-topic-title, a.topic-title"
    thread_id = "@data-node-id"
    thread_replies = ".posts-count"
    thread_stamp = ".cell-lastpost .post-date | .cell-lastpost"
    sticky = ".sticky"

    title = ".b-post__title | h1"
    post = ".b-post[data-node-id]"
    post_id = "@data-node-id"
    author = "[itemprop=author] [itemprop=name] | .author a | .b-userinfo__details a"
    date = (
        "@data-node-publishdate | time[itemprop=dateCreated]@datetime | time@datetime"
        " | .b-post__timestamp"
    )
    body = ".js-post__content-text | .b-post__content"
    permalink = "a.b-post__count, a.js-show-post-link"
    quote = ".bbcode_quote, .bbcode_container:has(.bbcode_quote)"
    drop = ".b-post__edit, .b-post__signature, .bbcode_description"
    next = "a.js-pagenav-next-button[href], a[rel=next], link[rel=next]"

    def thread_number(self, document: Document) -> str | None:
        """The number in the thread's own address: ``/8-title``."""
        return _number_in(self.thread_address(self.page_address(document)))


def _number_in(url: str) -> str | None:
    found = _THREAD.search(url)
    return found[found.lastindex] if found and found.lastindex else None


def _stamped(rows: tuple[ThreadRef, ...]) -> tuple[ThreadRef, ...]:
    return tuple(
        replace(row, stamp=_LAST_POST.sub(r"\1", row.stamp)) if row.stamp else row for row in rows
    )
