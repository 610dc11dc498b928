"""Telegram: the previews of public channels everyone may open (``t.me/s/CHANNEL``)."""

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.api_addresses import path_of, root_of
from crawlers.forums.base import Adapter, Reading
from crawlers.forums.fields import attribute_of, first, value
from crawlers.items import Post, Quoted

_CHANNEL = re.compile(r"^/(?:s/)?([A-Za-z][A-Za-z0-9_]{3,63})(?:/\d{1,12})?$")
_MESSAGE = re.compile(r"^/(?:s/)?([A-Za-z]\w{3,63}/\d{1,12})$")
_DOORS = frozenset({"joinchat", "addstickers", "share", "proxy", "socks", "login", "iv"})


class Telegram(Adapter):
    """A channel is one thread that grows at its end: the first page is the newest, ``next`` older.

    A message's id is its channel and number, so that channels read together do not mix. What was
    passed on from elsewhere is another's text and stands as quoted. Groups and private channels
    have no preview.
    """

    engine = "telegram"
    hosts = ("t.me", "telegram.me")
    marker = ".tgme_widget_message, .tgme_channel_info, .tgme_page_context_link"

    title = ".tgme_channel_info_header_title | .tgme_header_title"
    post = ".tgme_widget_message[data-post]:not(.service_message)"
    post_id = "@data-post"
    author = (
        ".tgme_widget_message_from_author | .tgme_widget_message_owner_name"
        " | .tgme_widget_message_author > .tgme_widget_message_author_name"
    )
    date = "a.tgme_widget_message_date time@datetime | time[datetime]@datetime"
    body = ".js-message_text | .tgme_widget_message_text:not(.js-message_reply_text)"
    permalink = "a.tgme_widget_message_date"
    next = "a.tme_messages_more[data-before], link[rel=prev]"

    def post_identifier(self, node: LexborNode) -> str | None:
        """``channel/number``."""
        return value(node, self.post_id) or None

    def thread_number(self, document: Document) -> str | None:
        """The channel's name."""
        found = _CHANNEL.match(path_of(document.url))
        return found[1] if found else None

    def thread_address(self, url: str) -> str:
        """The channel's preview, no message and no page in it."""
        return self.fetch_address(url)

    def fetch_address(self, url: str) -> str:
        """The preview of a channel or of a message's channel."""
        found = _CHANNEL.match(path_of(url))
        return f"{root_of(url)}/s/{found[1]}" if found and found[1] not in _DOORS else url

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """The previews of the channels named."""
        return [self.fetch_address(board) for board in boards or (base_url,)]

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """As declared, with the message it answers and what was passed on kept apart."""
        post = super().read_post(node, document, reading, thread)
        if post is None:
            return None
        answered = first(node, "a.tgme_widget_message_reply")
        url = document.join(attribute_of(answered, "href")) if answered else None
        found = _MESSAGE.match(path_of(url or ""))
        post = replace(post, in_reply_to=found[1] if found else None, thread_url=thread)
        origin = first(node, ".tgme_widget_message_forwarded_from")
        if origin is None or not post.text:
            return post
        name = value(origin, ".tgme_widget_message_forwarded_from_name") or None
        return replace(post, text="", quoted=(Quoted(author=name, text=post.text), *post.quoted))
