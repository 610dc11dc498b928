"""Forums of unknown software: repeated blocks with a time, an author and a body. Pure.

Careful by default: a blog's list of articles and a shop's reviews repeat in the same way. So a page
must show that it is a forum (its address, its marks, words such as "quote" in its blocks) before
its blocks are read as posts; a crawler that knows what it opened says so (``expect``), and the
proof is waived.
"""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Reading, id_in_address
from crawlers.forums.dates.reading import order_of, read_date
from crawlers.forums.fields import attribute_of, select, text_of
from crawlers.forums.links import thread_url
from crawlers.forums.shapes.blocks import walk
from crawlers.forums.shapes.bodies import length_of
from crawlers.forums.shapes.lists import next_page, read_boards, read_threads
from crawlers.forums.shapes.posts import RawPost
from crawlers.forums.shapes.shape import Shape
from crawlers.forums.shapes.thread import Thread, find_thread
from crawlers.forums.texts.mail_text import mail_words
from crawlers.forums.texts.post_text import OwnWords, own_words
from crawlers.items import ForumPage, Post

_ADDRESS = re.compile(
    r"(?:^|[/.?&=_-])(?:boards?|threads?|topics?|community|communities|questions?|comments|"
    r"hoi-dap|answers|messageboard|t)(?:[/.?&=_-]|\d|$)",
    re.IGNORECASE,
)
_STRONG_ADDRESS = re.compile(
    r"(?:^|[/.-])forums?(?:[/.-]|$)|viewtopic|showthread|viewforum|forumdisplay|/threads?/|/topics?/"
    r"|bbs\.|/bbs/|dien-?dan|tieba|luntan|/discussions?/|/questions/\d|/comments/\w|/t/[^/]+/\d"
    r"|mod=viewthread|[?;&]topic=\d|/boards/\d|chu-de|thao-luan",
    re.IGNORECASE,
)
_LISTS = re.compile(
    r"(?:^|[/.-])forums?(?:[/.?-]|$)|viewforum|forumdisplay|bbs\.|/bbs/|dien-?dan|luntan|/boards?/"
    r"|discussions?(?:[/.]|$)|^https?://(?:community|discuss|answers|ask)\.",
    re.IGNORECASE,
)
# Software unheard of at an address that says nothing: many elements marked as comments.
_COMMENTS = (
    "[id^=comment], [id^=post], [id^=msg], [id^=reply], [data-comment-id], [data-post-id],"
    " [id^=answer]"
)
_NUMBERED = re.compile(r"\d{2,}$")
_LEFT_OVER = re.compile(r"^\s*[)\]:：,，·|–—-]\s+")
_MAIL_HEADER = re.compile(
    r"^\s*(?:\+?(?:to|cc|bcc|from|subject|date):.*\n(?:[ \t]+\S.*\n)*\s*)+", re.I
)
_MANY_COMMENTS = 10
_OVER = 2  # times the page its posts may be read: on no honest page do they hold each other
_MOSTLY = 0.4  # of what a page shows is said in posts
_TYPES = "[itemtype$='/DiscussionForumPosting'], [itemtype$='/QAPage']"


def looks_like_forum(document: Document) -> int:
    """How strongly address and markup say "forum": 0 not at all, 1 perhaps, 2 and more likely."""
    parts = urlsplit(document.url)
    address = f"{parts.hostname or ''}{parts.path}?{parts.query}"
    points = 2 if _STRONG_ADDRESS.search(address) else 1 if _ADDRESS.search(address) else 0
    if select(document.tree, _TYPES):
        points += 2
    return points


def learn(
    document: Document, reading: Reading, *, engine: str = "generic"
) -> tuple[ForumPage, Shape] | None:
    """A topic page read by its own shape, and the shape; ``None`` where no posts were found.

    :param engine: see :func:`read_generic`.
    """
    found = _find(document, reading, engine, None)
    return (_topic(found, document, reading, engine), found.shape) if found else None


def read_generic(
    document: Document,
    reading: Reading,
    *,
    engine: str = "generic",
    shape: Shape | None = None,
) -> ForumPage | None:
    """The page read by its own shape; ``None`` where it does not look like a forum's.

    :param engine: the name to give it: that of an engine recognised whose theme the adapter does
        not know, which is proof enough of a forum.
    :param shape: the shape that pages of this forum have shown (:func:`learn`, confirmed by
        :func:`crawlers.forums.shape.agrees`): it is tried first, and a page it fits needs no
        further proof.
    """
    found = _find(document, reading, engine, shape) if reading.expect != "board" else None
    if found is not None:
        return _topic(found, document, reading, engine)
    if _points(document, reading, engine) < 3 and not _LISTS.search(document.url):
        return None
    threads = read_threads(document)
    boards = read_boards(document)
    if not threads and not boards:
        return None
    return ForumPage(
        engine=engine,
        kind="board" if threads else "index",
        boards=boards,
        threads=threads,
        next=next_page(document),
    )


def _points(document: Document, reading: Reading, engine: str) -> int:
    return 3 if reading.expect or engine != "generic" else looks_like_forum(document)


def _find(document: Document, reading: Reading, engine: str, shape: Shape | None) -> Thread | None:
    points = _points(document, reading, engine)
    if not points and shape is None and not _has_comments(document):
        return None
    found = find_thread(document, reading, smallest=1 if points >= 3 else 2, shape=shape)
    if found is None:
        return None
    if shape is not None and found.shape.date == shape.date:
        return found
    if not points:
        return found if _is_talk(found, document) else None
    if len(found.posts) == 1:
        return found if points >= 3 or points + found.proof >= 5 else None
    return found if points + found.proof >= 3 else None


def _has_comments(document: Document) -> bool:
    numbers = {
        attribute_of(node, name)
        for node in select(document.tree, _COMMENTS)
        for name in ("id", "data-comment-id", "data-post-id")
    }
    return sum(_NUMBERED.search(number) is not None for number in numbers) >= _MANY_COMMENTS


def _is_talk(found: Thread, document: Document) -> bool:
    """Whether people talking is most of what an unknown page shows."""
    body = document.tree.body
    if body is None or found.proof < 2 or len(found.posts) < _MANY_COMMENTS:
        return False
    said = sum(length_of(post.body) for post in found.posts)
    shown = sum(len((node.text_content or "").strip()) for node in walk(body) if node.is_text_node)
    return said >= _MOSTLY * shown


def _topic(found: Thread, document: Document, reading: Reading, engine: str) -> ForumPage:
    return ForumPage(
        engine=engine,
        kind="topic",
        posts=_posts(found.posts, document, reading),
        thread_title=_title(document),
        thread_id=id_in_address(document.url),
        next=next_page(document),
    )


def _posts(found: tuple[RawPost, ...], document: Document, reading: Reading) -> tuple[Post, ...]:
    thread = thread_url(document.url)
    order = order_of(raw.block.date.written for raw in found) or reading.order
    posts: dict[str, Post] = {}
    budget = _OVER * len(document.text)
    for place, raw in enumerate(found):
        budget -= sum(len(node.html or "") for node in raw.body)
        if budget < 0:
            break
        words = _words(raw.body)
        date = read_date(
            raw.block.date.written,
            fetched_at=reading.fetched_at,
            timezone=reading.timezone,
            lang=reading.lang,
            order=order,
        )
        post = Post(
            id=raw.identifier,
            url=f"{thread}#{raw.identifier}" if raw.identifier else thread,
            author=raw.author,
            text=words.text,
            posted_at=date.posted_at,
            posted_text=raw.block.date.written,
            posted_precision=date.precision,
            timezone=date.timezone,
            quoted=words.quoted,
            in_reply_to=words.reply_to,
        )
        posts.setdefault(post.id or f"#{place}", post)
    return tuple(posts.values())


def _words(body: tuple[LexborNode, ...]) -> OwnWords:
    """The author's own words of a body; lines of preformatted text are read as a mail's."""
    if len(body) == 1 and body[0].is_element_node:
        return own_words(body[0].inner_html or "")  # the body itself may be a blockquote
    if all(node.parent is not None and node.parent.tag == "pre" for node in body):
        text = "".join(node.text(deep=True) or "" for node in body)
        return mail_words(_MAIL_HEADER.sub("", _LEFT_OVER.sub("", text)))
    markup = "".join(node.html or "" for node in body)
    return own_words(_LEFT_OVER.sub("", markup) if body[0].is_text_node else markup)


def _title(document: Document) -> str | None:
    for css in ("h1", "meta[property='og:title']", "title", "h2"):
        for node in select(document.tree, css):
            title = " ".join((node.attributes.get("content") or "").split()) or text_of(node)
            if title:
                return title
    return None
