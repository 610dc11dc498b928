"""Stack Exchange sites: a question, its answers, the comments under each; pages and API 2.3."""

import re
from dataclasses import replace
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.api_addresses import is_below, path_of, root_of
from crawlers.forums.base import Adapter, Reading
from crawlers.forums.fields import attribute_of, select
from crawlers.forums.stackexchange_api import API, NETWORK, NEWEST, ask, read_reply
from crawlers.items import ForumPage, Post
from crawlers.urls import host_of

_QUESTION = re.compile(r"^/(?:questions|q)/(\d{1,12})(?:/|$)")
_TAGGED = re.compile(r"^/questions/tagged/([^/]+)$")


class StackExchange(Adapter):
    """A thread takes three replies of the API: question, answers, and all comments in one.

    Without a key an address of the internet has 300 replies a day. A key travels in the address
    only, where it would be stored, so none is sent. Comments are numbered apart from posts: their
    ids begin with ``c``. Times are UTC; an edited post names its editor first.
    """

    engine = "stackexchange"
    hosts = NETWORK
    marker = (
        "#question .js-post-body, .answer .js-post-body,"
        " .s-post-summary[data-post-id] .s-post-summary--content"
    )

    thread = ".s-post-summary, .question-summary"
    thread_link = ".s-post-summary--content-title a, a.question-hyperlink"
    thread_id = "@data-post-id | @id"
    thread_replies = ".s-post-summary--stats-item[title*=answer] span | .status strong"
    thread_stamp = ".s-user-card--time span@title | .relativetime@title"

    title = "#question-header h1 | h1"
    post = (
        "#question:has(.js-post-body), .answer:has(.js-post-body), li.comment:has(.comment-copy),"
        " [itemprop=comment][id^=follow-up-]"
    )
    post_id = "@data-questionid | @data-answerid | @data-comment-id | @id"
    author = (
        ".post-signature [itemprop=author] [itemprop=name]@content"
        " | .post-signature [itemprop=author] a | .post-signature.owner .user-details a"
        " | .post-signature .user-details a | .comment-user"
    )
    date = (
        "time[itemprop=dateCreated]@datetime | .post-signature.owner .relativetime@title"
        " | .post-signature [itemprop=author] .relativetime@title | .comment-date span[title]@title"
        " | .post-signature .relativetime@title | .comment-link time@title"
    )
    body = ".js-post-body | .comment-copy | [itemprop=text]"
    permalink = ".js-share-link, .comment-date a, a.comment-link"
    drop = ".post-notice, .s-notice"
    next = "a[rel=next], link[rel=next]"

    # --- HTML ------------------------------------------------------------------------------

    def thread_address(self, url: str) -> str:
        """A question's address without its words, which its editors change."""
        found = _QUESTION.match(path_of(url))
        return f"{root_of(url)}/questions/{found[1]}" if found else super().thread_address(url)

    def post_identifier(self, node: LexborNode) -> str | None:
        """The post's number, of a comment with its ``c``."""
        number = super().post_identifier(node)
        return f"c{number}" if number and _is_comment(node) else number

    def read_posts(self, document: Document, reading: Reading) -> tuple[Post, ...]:
        """As declared; an answer answers the question, a comment the post it hangs on."""
        question = self.thread_number(document)
        parents: dict[str | None, str | None] = {}
        for node in select(document.tree, self.post):
            above = _post_above(node) if _is_comment(node) else question
            parents.setdefault(self.post_identifier(node), above)
        return tuple(
            replace(post, in_reply_to=parents[post.id] if parents.get(post.id) != post.id else None)
            for post in super().read_posts(document, replace(reading, timezone=None))
        )

    # --- API -------------------------------------------------------------------------------

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """A search for each query, else the tags named as boards, else every question."""
        asked = [ask(base_url, "search/advanced", q=query, **NEWEST) for query in queries]
        return asked or [self.fetch_address(board) for board in boards or (base_url,)]

    def fetch_address(self, url: str) -> str:
        """The API's reply for a question, for a tag or for the site's list."""
        path = path_of(url)
        if is_below(url, API) or path.startswith("/2.") or host_of(url) == "stackexchange.com":
            return url
        if found := _QUESTION.match(path):
            return ask(url, f"questions/{found[1]}", filter="withbody")
        if found := _TAGGED.match(path):
            return ask(url, "questions", tagged=unquote(found[1]).replace("+", ";"), **NEWEST)
        return ask(url, "questions", **NEWEST) if path in ("", "/questions") else url

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """Questions as a list or one with its body, answers, comments, told by their ids."""
        return read_reply(document, reading)


def _is_comment(node: LexborNode) -> bool:
    if attribute_of(node, "id").startswith("follow-up-"):
        return True
    return "comment" in attribute_of(node, "class").split() and node.tag == "li"


def _post_above(node: LexborNode) -> str | None:
    above = node.parent
    while above is not None:
        for name in ("data-answerid", "data-questionid"):
            if number := attribute_of(above, name):
                return number
        above = above.parent
    return None
