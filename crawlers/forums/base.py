"""What an engine's adapter is: declarations, read by one driver. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from bs4 import Tag
from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.dates.reading import Order, is_relative, order_of, read_date
from crawlers.forums.fields import attribute_of, chosen, first, select, text_of, value
from crawlers.forums.links import followable, is_utility_link, thread_url
from crawlers.forums.nesting import apart
from crawlers.forums.texts import post_text
from crawlers.items import ForumPage, Link, Post, ThreadRef
from crawlers.urls import canonical_url, host_of

if TYPE_CHECKING:  # the shapes are learnt by what reads with this
    from crawlers.forums.shapes.shape import Shape

Expect = Literal["board", "topic"]

_MOST = 2_000  # posts, threads or boards of one page: more is an attack, not a forum
_LONGEST_DATE = 200  # characters; a field that holds more does not hold a date only
_COUNT = re.compile(r"(\d[\d.,\u00a0 ]*)\s*([kKmM](?![a-zA-Z])|[万萬]|)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader is told beside the page: see :func:`crawlers.forums.read_forum`."""

    fetched_at: datetime
    timezone: str | None = None
    lang: str | None = None
    expect: Expect | None = None
    order: Order | None = field(default=None)
    shape: "Shape | None" = field(default=None)


class Adapter:
    """One forum engine. A new one is a subclass with declarations, in a file of its own:

    1. ``engine``: its name in docs/contract.md; the file has the same name.
    2. ``marker``: CSS that hits on every page of the engine and on no other software's;
       ``generator``: a regular expression for ``<meta name=generator>``; ``cookies``: beginnings
       of the names of cookies it sets. One of them is enough.
    3. Lists: ``thread`` is a row, ``thread_link`` the link with the title in it, then what tells
       that a post was added (``thread_stamp``), ``thread_replies`` and ``sticky``. ``board`` are
       links to boards and sub-boards.
    4. Topics: ``title``, ``post`` (the block), and in it ``post_id``, ``author``, ``date``,
       ``body``, ``permalink``. All are fields as :mod:`crawlers.forums.fields` reads them, with
       alternatives; ``body`` and ``permalink`` name nodes, not their values.
    5. ``quote``: CSS of quoted posts inside a body; ``drop``: CSS of what is nobody's words there.
    6. ``next``: CSS of the link to the next page, of lists and topics alike. Pages are followed,
       never computed: page sizes differ between installations.
    7. ``date_order``: the order of day and month the engine's default setting prints.

    Save a list page and a topic page of a real installation, write pages of the same shape into
    ``tests/pages/forums/<engine>/`` and say what must come out; docs/adding-a-forum-engine.md goes
    through it step by step. Hooks (``post_identifier``, ``replies_to``, ``read_json``,
    ``read_feed``, ``entry_urls``, ``board_list``, ``fetch_address``, ``page_address``) are for what
    declarations cannot say.
    """

    engine: ClassVar[str]

    # who and whether
    hosts: ClassVar[tuple[str, ...]] = ()
    """Hosts (and what stands below them) this engine alone answers on: services of one site."""
    off: ClassVar[str] = ""
    """Why it is not read unless the market file says ``permitted = true``; ``""``: it is read."""
    key_variable: ClassVar[str] = ""
    """The environment variable that holds the reader's own key, where an API asks for one."""
    key_header: ClassVar[str] = ""
    """The request header the key travels in: never in an address, which would be stored."""
    key_required: ClassVar[bool] = False
    local_times: ClassVar[bool] = False
    """Whether the engine prints times of the forum's own zone without naming it."""

    # recognising
    marker: ClassVar[str] = ""
    generator: ClassVar[str] = ""
    cookies: ClassVar[tuple[str, ...]] = ()

    # lists
    board: ClassVar[str] = ""
    thread: ClassVar[str] = ""
    thread_link: ClassVar[str] = "a[href]"
    thread_title: ClassVar[str] = ""
    """Where the title stands if not in the link."""
    thread_id: ClassVar[str] = ""
    thread_replies: ClassVar[str] = ""
    thread_stamp: ClassVar[str] = ""
    thread_date: ClassVar[str] = ""
    """The last post's time, where it is not what ``thread_stamp`` gives."""
    counts_first: ClassVar[bool] = False
    """Whether the count a list shows is of posts, the first among them, not of replies."""
    sticky: ClassVar[str] = ""

    # topics
    title: ClassVar[str] = "h1"
    post: ClassVar[str] = ""
    post_id: ClassVar[str] = "@id"
    author: ClassVar[str] = ""
    date: ClassVar[str] = ""
    body: ClassVar[str] = ""
    permalink: ClassVar[str] = ""
    quote: ClassVar[str] = post_text.QUOTES
    drop: ClassVar[str] = ""
    date_order: ClassVar[Order | None] = None

    # pages
    next: ClassVar[str] = "a[rel=next], link[rel=next]"
    shown_only: ClassVar[frozenset[str]] = frozenset()
    """Query parameters the engine adds for show; dropped from links to follow."""

    # --- recognising -----------------------------------------------------------------------

    def recognises(self, document: Document) -> bool:
        """Whether the page was made by this engine."""
        if self.marker and first(document.tree, self.marker) is not None:
            return True
        if self.generator:
            node = first(document.tree, "meta[name=generator i]")
            if node and re.search(self.generator, attribute_of(node, "content"), re.IGNORECASE):
                return True
        cookies = document.headers.get("set-cookie", "")
        return any(
            re.search(r"(?:^|[\s,;])" + re.escape(name), cookies) is not None
            for name in self.cookies
        )

    # --- reading ---------------------------------------------------------------------------

    def read(self, document: Document, reading: Reading) -> ForumPage:
        """The page's boards, threads, posts and next page; empty where nothing was found."""
        reading = replace(reading, order=self._order(document) or reading.order)
        posts = self.read_posts(document, reading)
        threads = () if posts else self.read_threads(document, reading)
        boards = () if posts else self.read_boards(document)
        kind = "topic" if posts else "board" if threads else "index"
        if kind == "index" and not boards and reading.expect:
            kind = reading.expect
        return ForumPage(
            engine=self.engine,
            kind=kind,
            boards=boards,
            threads=threads,
            posts=posts,
            thread_title=(value(document.tree, self.title) or None) if posts else None,
            thread_id=self.thread_number(document) if posts else None,
            next=self.next_page(document),
        )

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """The engine's JSON, told by its shape; ``None`` where this is none of its replies."""
        return None

    def read_feed(self, document: Document, reading: Reading) -> ForumPage | None:
        """The engine's own reading of its feed; ``None``: read as any RSS or Atom."""
        return None

    def fetch_address(self, url: str) -> str:
        """Where to read a board or thread named by its public address: its API, if it has one."""
        return url

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """Where to start reading this forum: its API where it has one, else the addresses given.

        :param base_url: the forum's address in the market file.
        :param boards: addresses of the boards the market file asks for; empty: the whole forum.
        :param queries: what to search or which tags to read, where a service is too large to be
            read whole; engines without a search of their own leave them alone.
        """
        return list(boards) or [base_url]

    def board_list(self, base_url: str) -> str:
        """Where every board is listed with its name, for market files that name boards."""
        return base_url

    # --- lists -----------------------------------------------------------------------------

    def read_boards(self, document: Document) -> tuple[Link, ...]:
        """Links to boards and sub-boards, each once, none that leads to a page without posts."""
        found: dict[str, Link] = {}
        for node in select(document.tree, self.board)[:_MOST]:
            url = document.join(attribute_of(node, "href"))
            text = text_of(node) or attribute_of(node, "title")
            if not url or not text or is_utility_link(url):
                continue
            if host_of(url) != host_of(document.url):
                continue  # a "link forum" points to another site
            url = followable(url, drop=self.shown_only)
            found.setdefault(url, Link(url=url, text=text))
        return tuple(found.values())

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """The rows of a list, each thread once."""
        found: dict[str, ThreadRef] = {}
        for row in select(document.tree, self.thread)[:_MOST]:
            link = first(row, self.thread_link)
            url = document.join(attribute_of(link, "href")) if link else None
            title = (text_of(link) or attribute_of(link, "title")) if link else ""
            title = title or (value(row, self.thread_title) if self.thread_title else "")
            if not url or not title:
                continue
            url = self.thread_address(url)
            replies = count_of(value(row, self.thread_replies)) if self.thread_replies else None
            if replies and self.counts_first:
                replies -= 1
            found.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=title,
                    id=self.thread_number_in(row, url),
                    replies=replies,
                    stamp=stamp_of(
                        value(row, self.thread_stamp) if self.thread_stamp else "", replies
                    ),
                    sticky=bool(self.sticky) and first(row, self.sticky) is not None,
                    last_posted_at=self._last_posted(row, reading),
                ),
            )
        return tuple(found.values())

    def _last_posted(self, row: LexborNode, reading: Reading) -> datetime | None:
        field_ = self.thread_date or self.thread_stamp
        return read_date(
            value(row, field_) if field_ else "",
            fetched_at=reading.fetched_at,
            timezone=reading.timezone,
            lang=reading.lang,
            order=reading.order or self.date_order,
        ).posted_at

    def thread_address(self, url: str) -> str:
        """The one address of a thread: no page, post, session or view switch in it."""
        return thread_url(followable(url, drop=self.shown_only))

    def thread_number_in(self, row: LexborNode, url: str) -> str | None:
        """The engine's id of a row's thread: the declared field, else the number in its address."""
        declared = value(row, self.thread_id) if self.thread_id else ""
        found = re.search(r"\d{1,15}", declared)
        return found[0] if found else id_in_address(url)

    def thread_number(self, document: Document) -> str | None:
        """The engine's id of the thread a topic page shows."""
        return id_in_address(self.page_address(document))

    def page_address(self, document: Document) -> str:
        """The page's own address: its canonical link where it names this host, else as fetched."""
        node = first(document.tree, "link[rel=canonical]")
        url = document.join(attribute_of(node, "href")) if node else None
        if url and host_of(url) == host_of(document.url):
            return url
        return document.url

    # --- posts -----------------------------------------------------------------------------

    def read_posts(self, document: Document, reading: Reading) -> tuple[Post, ...]:
        """The page's posts in its order, each once."""
        thread = self.thread_address(self.page_address(document))
        read = {
            place: self.read_post(node, document, reading, thread)
            for place, node in apart(document.tree, self.post, self.body, most=_MOST)
        }
        found: dict[str, Post] = {}
        for place, post in sorted(read.items()):
            if post is not None:
                found.setdefault(post.id or f"#{place}", post)
        return tuple(found.values())

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """One post; ``None`` where the block has no body (deleted, an advertisement)."""
        body = chosen(node, self.body)
        if body is None:
            return None
        words = post_text.own_words(
            body.inner_html or "", quote=self.quote, drop=self.drop, quoted_id=self.replies_to
        )
        posted_text = self.date_text(node)
        date = read_date(
            posted_text,
            fetched_at=reading.fetched_at,
            timezone=reading.timezone,
            lang=reading.lang,
            order=reading.order or self.date_order,
        )
        identifier = self.post_identifier(node)
        return Post(
            id=identifier,
            url=self._permalink(node, document, identifier, thread),
            author=value(node, self.author) or None,
            text=words.text,
            posted_at=date.posted_at,
            posted_text=posted_text or None,
            posted_precision=date.precision,
            timezone=date.timezone,
            quoted=words.quoted,
            in_reply_to=words.reply_to if words.reply_to != identifier else None,
        )

    def post_identifier(self, node: LexborNode) -> str | None:
        """The engine's id of a post: the last number in the declared field."""
        found = re.findall(r"\d{1,15}", value(node, self.post_id))
        return found[-1] if found else None

    def date_text(self, node: LexborNode) -> str:
        """The post's time as it stands: the declared field."""
        return value(node, self.date)[:_LONGEST_DATE] if self.date else ""

    def replies_to(self, quote: Tag) -> str | None:
        """The id of the post a quote was taken from, where the engine leaves it."""
        return post_text.quoted_post_id(quote)

    def _permalink(
        self, node: LexborNode, document: Document, identifier: str | None, thread: str
    ) -> str:
        link = chosen(node, self.permalink) if self.permalink else None
        url = (
            document.join(attribute_of(link, "href") or attribute_of(link, "value"))
            if link
            else None
        )
        if url:
            return self.post_address(url)
        anchor = attribute_of(node, "id")
        return f"{thread}#{anchor}" if anchor else thread

    def post_address(self, url: str) -> str:
        """A permalink as it is kept: no session in it, its anchor left."""
        _, _, anchor = url.partition("#")
        url = followable(url, drop=self.shown_only)
        return f"{url}#{anchor}" if anchor else url

    def _order(self, document: Document) -> Order | None:
        if not self.date:
            return None
        posts = [self.date_text(node) for node in select(document.tree, self.post)[:_MOST]]
        field_ = self.thread_date or self.thread_stamp
        rows = select(document.tree, self.thread)[:_MOST] if field_ and not posts else []
        return order_of(posts or [value(row, field_) for row in rows])

    # --- pages -----------------------------------------------------------------------------

    def next_page(self, document: Document) -> str | None:
        """The next page of this list or topic, as the page links it; ``None`` on the last."""
        for node in self.next_nodes(document):
            href = attribute_of(node, "href")
            url = document.join(href) if href and not href.startswith(("#", "javascript")) else None
            if url and host_of(url) == host_of(document.url):
                url = followable(url, drop=self.shown_only)
                if not same_page(url, document.url):
                    return url
        return None

    def next_nodes(self, document: Document) -> Iterator[LexborNode]:
        """The links that may lead on, best first."""
        yield from select(document.tree, self.next)


def count_of(text: str) -> int | None:
    """A count as forums print it: ``1,234``, ``1.234``, ``12K``, ``1.2万``; ``None``: no number."""
    found = _COUNT.search(text)
    if not found:
        return None
    digits, unit = found[1].strip(" .,\u00a0"), found[2].lower()
    factor = {"k": 1_000, "m": 1_000_000, "万": 10_000, "萬": 10_000}.get(unit, 1)
    if factor > 1 and re.fullmatch(r"\d{1,4}[.,]\d{1,2}", digits):
        return round(float(digits.replace(",", ".")) * factor)
    plain = re.sub(r"\D", "", digits)
    return int(plain) * factor if plain and len(plain) < 13 else None


def stamp_of(text: str, replies: int | None) -> str | None:
    """What changes in a row when a post is added.

    "5 minutes ago" changes by itself and says nothing: then the count of replies alone stands.
    """
    stable = text if text and not is_relative(text) else ""
    parts = [part for part in (stable, "" if replies is None else str(replies)) if part]
    return " · ".join(parts) or None


def id_in_address(url: str) -> str | None:
    """The thread's number in its address: ``t=3``, ``/topic/12/..``, ``slug.12/``, ``12-slug``."""
    for rule in (
        r"[?&](?:t|tid|topic|threadid|topic_id|id)=(\d{1,12})",
        r"/(?:t|topic|topics|thread|threads|discussion|d|questions|showthread)/(?:[^/?#]*[./-])?(\d{1,12})(?:[/?#.-]|$)",
        r"/t/[^/?#]+/(\d{1,12})",
        r"\.(\d{1,12})(?:/|$)",
        r"[/-](\d{1,12})(?:-1-1)?(?:\.html?|/|$)",
        r"/(\d{1,12})-[^/]+/?$",
    ):
        found = re.search(rule, url)
        if found:
            return found[1]
    return None


def same_page(url: str, other: str) -> bool:
    """Whether two addresses are one page, whatever the order of their parameters."""
    try:
        return canonical_url(url) == canonical_url(other)
    except ValueError:
        return url == other
