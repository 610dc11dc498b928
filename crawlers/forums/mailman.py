"""Mailman: the archives of version 2 (pipermail) and of version 3 (HyperKitty)."""

import re
from dataclasses import replace
from urllib.parse import quote, urlsplit

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading
from crawlers.forums.fields import attribute_of, first, select, text_of
from crawlers.forums.json_shapes import as_dict, as_int
from crawlers.forums.links import followable
from crawlers.forums.texts.mail_text import mail_date, mail_words, person
from crawlers.items import ForumPage, Link, Post, ThreadRef

_MAIL = re.compile(r"^(?P<root>.*/(?P<list>[^/]+)/)[^/]+/(?P<number>\d{4,9})\.html$")
_SUBJECT = re.compile(
    r"^(?:\[[^\]]{1,60}\]\s*|(?:re|fwd?|aw|sv|回复|答复|回覆|转发|trả lời)\s*[:：]\s*)+",
    re.IGNORECASE,
)
_HYPERKITTY = re.compile(r"^(.*/list/[^/]+/)thread/([A-Z2-7]{16,40})/")
_LEVEL = re.compile(r"\breply-level-(\d{1,2})\b")
_SENDER = re.compile(r"^[^:]{1,40}:\s+")  # "Sender's time: ", in the reader's language
_MOST = 2_000


class Pipermail(Adapter):
    """One page a mail; a month's ``thread.html`` lists them all.

    A mail's page does not say which mails are its thread, and a thread that runs into the next
    month is broken there. So each mail is a page of its own to fetch, once, and its thread is told
    by what all its mails share: the subject, without ``Re:`` and the list's name; the address of
    such a thread is the archive's with the subject behind ``#``. A mail's id is the archive's name
    and number (``bakers/000123``): the Message-ID is on the page in some versions and in others
    that of the mail answered. Times name their zone.
    """

    engine = "mailman"
    marker = (
        "link[rel=made i][href*='In-Reply-To'], a[href='subject.html#start'],"
        " td > a[href$='/thread.html'], a[href$='/thread.html'] ~ a[href$='/subject.html']"
    )

    board = "a[href$='/thread.html']"
    thread = "li:has(> a[href$='.html'])"
    thread_link = "a[href$='.html']"

    title = "h1"
    post = "body:has(pre)"
    author = "b"
    date = "i"
    body = "pre"

    def read_boards(self, document: Document) -> tuple[Link, ...]:
        """The months, newest first as they stand, called as their folders are."""
        found: dict[str, Link] = {}
        for node in select(document.tree, self.board)[:_MOST]:
            url = document.join(attribute_of(node, "href"))
            if url and not _MAIL.match(urlsplit(document.url).path):
                found.setdefault(url, Link(url=url, text=urlsplit(url).path.split("/")[-2]))
        return tuple(found.values())

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """Every mail of a month: what has been read once never changes, so its stamp is fixed."""
        found: dict[str, ThreadRef] = {}
        for row in select(document.tree, self.thread)[:_MOST]:
            link = first(row, self.thread_link)
            url = document.join(attribute_of(link, "href")) if link else None
            named = _MAIL.match(urlsplit(url).path) if url else None
            if link is None or not url or not named:
                continue
            found.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=_SUBJECT.sub("", text_of(link)) or text_of(link) or "-",
                    id=named["number"],
                    replies=0,
                    stamp=named["number"],
                ),
            )
        return tuple(found.values())

    def read_posts(self, document: Document, reading: Reading) -> tuple[Post, ...]:
        """The one mail of the page."""
        parts = urlsplit(document.url)
        named = _MAIL.match(parts.path)
        body, who, when = (
            first(document.tree, css) for css in ("body > pre, pre", "body > b, b", "body > i, i")
        )
        if named is None or body is None or when is None:
            return ()
        words = mail_words(body.text(deep=True) or "")
        date = mail_date(text_of(when), reading)
        subject = first(document.tree, "h1")
        title = _SUBJECT.sub("", text_of(subject)) if subject else ""
        root = f"{parts.scheme}://{parts.netloc}{named['root']}"
        return (
            Post(
                id=f"{named['list']}/{named['number']}",
                url=document.url,
                author=person(text_of(who)) if who else None,
                text=words.text,
                posted_at=date.posted_at,
                posted_text=text_of(when) or None,
                posted_precision=date.precision,
                timezone=date.timezone,
                quoted=words.quoted,
                thread_url=f"{root}#{quote(title)}",
                thread_title=title or None,
            ),
        )

    def next_page(self, document: Document) -> str | None:
        """None: a month is one page, and its mails are listed there."""
        return None


class HyperKitty(Adapter):
    """A thread's page holds its first mail; the answers come as JSON with HTML inside, some at a
    time, from ``replies``. Ids are the hashes in the mails' addresses; a thread has its first
    mail's. The sender's own time stands in a title, with its zone in some versions; else the time
    shown is read, which is the server's.
    """

    engine = "mailman"
    marker = ".email-header .email-author, .thread-email a[href*='/thread/'], .hyperkitty"
    local_times = True

    board = "a.list-name[href*='/list/'], .list-name a[href*='/list/'], tr td > a[href*='/list/']"
    thread = ".thread-email:has(a[href*='/thread/']), .thread:has(> a[href*='/thread/'])"
    thread_link = ".thread-title a, a[href*='/thread/']"
    thread_replies = ".list-stats [class*=comment] + span | [aria-label*=repl]@aria-label"
    thread_stamp = ".thread-date@title | .thread-date"

    title = ".thread-header h3 | h3 | h1"
    post = ".email:has(.email-header)"
    post_id = ".email-header@id"
    author = ".email-author .name | .email-author a | .email-author"
    date = ".email-date .time | .email-date | .time"
    body = ".email-body"
    permalink = ".messagelink a[href*='/message/'], a[href*='/message/']"
    quote = "blockquote, .quoted-text"
    drop = ".quoted-switch, .email-signature, .attachments-list, .email-info"
    next = ".pagination a[rel=next], .pagination a[aria-label=Next], li.page-item:last-child a"

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """A mail's words with its lines as they were, whatever markup they came in."""
        post = super().read_post(node, document, reading, thread)
        if post is None:
            return None
        words = mail_words(post.text)
        exact = first(node, "span[title], [title*=':']")
        told = _SENDER.sub("", attribute_of(exact, "title")) if exact else ""
        date = mail_date(told, reading) if re.search(r"[+-]\d{4}\b|\bGMT\b|\bUTC\b", told) else None
        if date is not None and date.posted_at is not None:
            post = replace(
                post, posted_at=date.posted_at, posted_text=told, timezone=date.timezone,
                posted_precision=date.precision,
            )  # fmt: skip
        return replace(
            post,
            author=person(post.author or ""),
            text=words.text,
            quoted=(*post.quoted, *words.quoted),
        )

    def post_identifier(self, node: LexborNode) -> str | None:
        """The hash of the mail."""
        header = first(node, ".email-header")
        link = first(node, "a[href*='/message/']")
        found = (
            re.search(r"/message/([A-Z2-7]{16,40})", attribute_of(link, "href")) if link else None
        )
        return (attribute_of(header, "id") if header else "") or (found[1] if found else None)

    def thread_number(self, document: Document) -> str | None:
        """The hash of the thread's first mail."""
        found = _HYPERKITTY.match(document.url)
        return found[2] if found else None

    def thread_number_in(self, row: LexborNode, url: str) -> str | None:
        """The hash in the row's address."""
        found = _HYPERKITTY.match(url)
        return found[2] if found else None

    def next_page(self, document: Document) -> str | None:
        """A list's next page; a thread's answers."""
        found = _HYPERKITTY.match(document.url)
        if found and "/replies" not in document.url:
            return f"{found[0]}replies?sort=thread"
        return super().next_page(document)

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """Some of a thread's answers, and from which on to ask for more."""
        data = as_dict(document.json)
        markup, named = data.get("replies_html"), _HYPERKITTY.match(document.url)
        if not isinstance(markup, str) or named is None:
            return None
        inside = Document(
            named[0],
            f"<html><body>{markup}</body></html>".encode("utf-8", "replace"),
            headers={"content-type": "text/html; charset=utf-8"},
            fetched_at=document.fetched_at,
        )
        answered = _answered(inside, named[2])
        posts = tuple(
            replace(post, in_reply_to=post.in_reply_to or answered.get(post.id or ""))
            for post in self.read_posts(inside, reading)
        )
        offset = as_int(data.get("next_offset")) if data.get("more_pending") else None
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=posts,
            thread_id=named[2],
            next=followable(f"{named[0]}replies?offset={offset}&sort=thread") if offset else None,
        )


def _answered(document: Document, root: str) -> dict[str, str]:
    """Which mail answers which: each the nearest above that is less indented, else the first."""
    found: dict[str, str] = {}
    above: list[tuple[int, str]] = [(0, root)]
    for node in select(document.tree, "[class*=reply-level-]")[:_MOST]:
        level = _LEVEL.search(attribute_of(node, "class"))
        header = first(node, ".email-header")
        identifier = attribute_of(header, "id") if header else ""
        if not level or not identifier:
            continue
        depth = int(level[1]) + 1
        while above[-1][0] >= depth and len(above) > 1:
            above.pop()
        found[identifier] = above[-1][1]
        above.append((depth, identifier))
    return found
