"""XenForo 2, and the templates of XenForo 1."""

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading
from crawlers.forums.fields import chosen, select, text_of
from crawlers.items import ForumPage

_NUMBER = re.compile(r"[./](\d{1,12})(?:/|$)")


class XenForo2(Adapter):
    """Times carry their offset; a quote names its author and the post it comes from."""

    engine = "xenforo"
    marker = "html#XF"
    cookies = ("xf_csrf",)

    board = ".node-title a, a.subNodeLink"
    thread = ".structItem--thread, .message--articlePreview"
    thread_link = (
        ".structItem-title a[data-tp-primary], .structItem-title a:not(.labelLink):last-of-type,"
        " .articlePreview-title a"
    )
    thread_id = "@class"
    thread_replies = ".structItem-cell--meta dd"
    thread_stamp = (
        ".structItem-cell--latest time@data-time | .structItem-cell--latest time@data-timestamp"
        " | .structItem-cell--latest time@datetime | time.structItem-latestDate@datetime"
        " | .articlePreview-footer time@datetime"
    )
    sticky = ".structItem-status--sticky"

    title = "h1.p-title-value | h1"
    post = "article.message--post, article.message--article, .js-messageCard[id^=js-post-]"
    post_id = "@data-content | @id"
    author = (
        "@data-author | .message-name .username | .message-name | .MessageCard__user-info__name"
    )
    date = (
        ".message-attribution-main time@datetime | .MessageCard__date-created time@datetime"
        " | .message-attribution time@datetime"
        " | time.u-dt@datetime | time@datetime"
    )
    body = ".message-body .bbWrapper | .message-content .bbWrapper | .message-body"
    permalink = (
        ".message-attribution a[href*='post-'], .message-attribution a[href*='/posts/'],"
        " header a[href*='post-']"
    )
    quote = "blockquote, .bbCodeBlock--quote"
    drop = (
        ".bbCodeBlock--unfurl, .bbCodeSpoiler-button, .bbCodeBlock--code .bbCodeBlock-title,"
        " .message-lastEdit, .message-signature, .bbMediaWrapper, .bbCodeBlock-shrinkLink"
    )
    next = "a.pageNav-jump--next, link[rel=next]"

    def thread_number_in(self, row: LexborNode, url: str) -> str | None:
        """The number in the address: a row's classes hold its prefix's number too."""
        found = _NUMBER.search(url)
        return found[1] if found else super().thread_number_in(row, url)

    def read(self, document: Document, reading: Reading) -> ForumPage:
        """As declared; the title without the prefix, as lists give it."""
        page = super().read(document, reading)
        heading = chosen(document.tree, self.title) if page.posts else None
        title = page.thread_title or ""
        for label in select(heading, ".label, .prefix") if heading else ():
            title = title.removeprefix(text_of(label)).strip()
        return replace(page, thread_title=title) if title else page


class XenForo1(XenForo2):
    """The older templates; their times are local, without a zone."""

    engine = "xenforo"
    marker = "html#XenForo"
    cookies = ("xf_session",)
    local_times = True

    board = ".nodeTitle a"
    thread = "li.discussionListItem, li[id^=thread-]"
    thread_link = "h3.title a.PreviewTooltip, h3.title a[href]:last-of-type"
    thread_id = "@id"
    thread_replies = "dl.major dd"
    thread_stamp = (
        ".lastPostInfo abbr.DateTime@data-time | .lastPostInfo .DateTime@title"
        " | .lastPostInfo .DateTime"
    )
    sticky = ".iconKey .sticky, .sticky"

    title = ".titleBar h1 | h1"
    post = "li.message[id^=post-]"
    author = "@data-author | .userText .username"
    date = (
        ".messageMeta abbr.DateTime@data-time | .messageMeta .DateTime@title"
        " | .messageMeta .DateTime"
    )
    body = "blockquote.messageText | .messageText"
    permalink = ".messageMeta a.datePermalink, a.postNumber[href]"
    quote = ".bbCodeQuote, blockquote blockquote"
    drop = ".quoteExpand, .editDate, .signature, .bbCodeSpoilerButton"
    next = ".PageNav nav a.text:last-child, link[rel=next]"
