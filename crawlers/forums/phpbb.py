"""phpBB 3: prosilver and the styles made from it."""

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading
from crawlers.items import ThreadRef

_LAST_POST = re.compile(r"^\S*#p(\d{1,12})\b")


class PhpBB(Adapter):
    """Every address carries ``sid=``; newer versions give each time in UTC, older ones in words."""

    engine = "phpbb"
    marker = "body#phpbb, a.topictitle[href*='viewtopic.php'], a.forumtitle[href*='viewforum.php']"
    cookies = ("phpbb3_",)

    board = "a.forumtitle, a.subforum"
    thread = "ul.topics > li.row"
    thread_link = "a.topictitle"
    thread_replies = "dd.posts"
    thread_stamp = (
        "dd.lastpost time@datetime | .responsive-show time@datetime"
        " | dd.lastpost a[href*='#p']@href | dd.lastpost span"
    )
    thread_date = "dd.lastpost time@datetime | .responsive-show time@datetime | dd.lastpost span"
    sticky = "dl[class*=sticky], dl[class*=announce], dl[class*=global]"

    title = "h2.topic-title a | h2.topic-title | h2 a[href*='viewtopic'] | h3.first a"
    post = "div.post[id^=p]"
    author = (
        "p.author .username | .thread-user-name .username | p.author .username-coloured"
        " | .postprofile .username"
        " | .postprofile .username-coloured | p.author strong | .postprofile dt strong"
    )
    date = "p.author time@datetime | p.author"
    body = "div.content | .postbody .content"
    permalink = "h3 a[href*='#p'], p.author a[href*='#p']"
    quote = "blockquote"
    drop = (
        ".notice, .attachbox, .inline-attachment, .signature, .codebox > p, .codebox > dt,"
        " .codebox dt"
    )
    next = ".pagination a[rel=next], .pagination li.next a, link[rel=next]"

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """As declared; of the last post's address only its number is a stamp, not the session."""
        return tuple(
            replace(row, stamp=_LAST_POST.sub(r"\1", row.stamp)) if row.stamp else row
            for row in super().read_threads(document, reading)
        )

    def date_text(self, node: LexborNode) -> str:
        """Old styles write "by someone » Sat Oct 31, 2026 2:25 am" in one line."""
        return super().date_text(node).rpartition("»")[2].strip()
