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
from crawlers.forums.blocks import Dated, blocks, dated_nodes, families
from crawlers.forums.dates import order_of, read_date
from crawlers.forums.fields import select, text_of
from crawlers.forums.generic_lists import next_page, read_boards, read_threads
from crawlers.forums.generic_posts import RawPost, proof_of, read_blocks
from crawlers.forums.links import thread_url
from crawlers.forums.post_text import own_words
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
_JOINED = re.compile(
    r"\bjoin|regist|member since|tham gia|đăng ký|注册|加入|last (?:edited|active|seen|visit)"
    r"|edited",
    re.IGNORECASE,
)
_TYPES = "[itemtype$='/DiscussionForumPosting'], [itemtype$='/QAPage']"


def looks_like_forum(document: Document) -> int:
    """How strongly address and markup say "forum": 0 not at all, 1 perhaps, 2 and more likely."""
    parts = urlsplit(document.url)
    address = f"{parts.hostname or ''}{parts.path}?{parts.query}"
    points = 2 if _STRONG_ADDRESS.search(address) else 1 if _ADDRESS.search(address) else 0
    if select(document.tree, _TYPES):
        points += 2
    return points


def read_generic(
    document: Document, reading: Reading, *, engine: str = "generic"
) -> ForumPage | None:
    """The page read by its own shape; ``None`` where it does not look like a forum's.

    :param engine: the name to give it: that of an engine recognised whose theme the adapter does
        not know, which is proof enough of a forum.
    """
    points = 3 if reading.expect or engine != "generic" else looks_like_forum(document)
    if not points:
        return None
    found = best_posts(document, reading, smallest=1 if points >= 3 else 2)
    if found and reading.expect != "board" and _enough(points, found):
        return ForumPage(
            engine=engine,
            kind="topic",
            posts=_posts(found, document, reading),
            thread_title=_title(document),
            thread_id=id_in_address(document.url),
            next=next_page(document),
        )
    if points < 3 and not _LISTS.search(document.url):
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


def best_posts(document: Document, reading: Reading, *, smallest: int = 2) -> list[RawPost]:
    """The family of blocks that holds most text, read as posts."""
    dates = [date for date in dated_nodes(document, reading) if not _in_quote(date.node)]
    best: list[RawPost] = []
    most = 0.0
    for family in families(dates, smallest=smallest):
        if best and len(family) == 1:
            break  # a single post only where nothing repeats
        found = read_blocks(blocks(family), shortest=2 if smallest == 1 else 12)
        size = sum(
            min(sum(len(text_of(node)) for node in post.body), 3_000) + 40.0 for post in found
        ) * _trust(family, reading)
        if size > most:
            best, most = found, size
    return best


def _trust(family: list[Dated], reading: Reading) -> float:
    """A post's time has hours and minutes; the day its author joined has none."""
    marks = " ".join(
        f"{node.attributes.get('class') or ''} {text_of(node)[:60]}"
        for date in family[:3]
        for node in (date.node, date.node.parent)
        if node is not None
    )
    if _JOINED.search(marks):
        return 0.4
    precise = sum(
        read_date(date.written, fetched_at=reading.fetched_at, lang="en", order="mdy").precision
        in ("second", "minute")
        for date in family
    )
    return 1.3 if precise * 2 > len(family) else 1.0


def _enough(points: int, found: list[RawPost]) -> bool:
    proof = proof_of(found)
    if len(found) == 1:
        return points >= 3 or points + proof >= 5
    return points + proof >= 3


def _in_quote(node: LexborNode) -> bool:
    at = node.parent
    while at is not None:
        if at.tag == "blockquote":
            return True
        at = at.parent
    return False


def _posts(found: list[RawPost], document: Document, reading: Reading) -> tuple[Post, ...]:
    thread = thread_url(document.url)
    order = order_of(raw.block.date.written for raw in found) or reading.order
    posts: dict[str, Post] = {}
    for place, raw in enumerate(found):
        inner = len(raw.body) == 1  # the body itself may be a blockquote
        words = own_words(
            "".join((node.inner_html if inner else node.html) or "" for node in raw.body)
        )
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


def _title(document: Document) -> str | None:
    for css in ("h1", "meta[property='og:title']", "title", "h2"):
        for node in select(document.tree, css):
            title = " ".join((node.attributes.get("content") or "").split()) or text_of(node)
            if title:
                return title
    return None
