"""What travels between the rooms: frozen dataclasses, no behaviour.

Units, for every item here: times are aware ``datetime`` in UTC; money is a ``decimal.Decimal``
with an ISO 4217 code or ``None`` where ``$`` or ``¥`` cannot be told; texts are Unicode NFC.
A leaf: imports only the vocabulary.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from crawlers.words import (
    Availability,
    Channel,
    ChannelRole,
    PageKind,
    Period,
    Place,
    Precision,
    Script,
    SignalKind,
    Strength,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a claim was made: the words (or mark) seen, where, and the rule that fired.

    ``subject`` names the part of the claim it speaks for (a company's field, a tier's flag).
    """

    quote: str
    rule: str
    url: str | None = None
    subject: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An outlink: absolute http(s) URL, its anchor text, the part of the page it stands in."""

    url: str
    text: str = ""
    place: Place = "body"
    rel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One raw mark of a page from which channels are told.

    ``value`` is a URL (link, script, iframe, image), a form's action, the source of an inline
    script (cut to 4,000 characters), ``name=content`` of a meta tag, a schema.org type (markup)
    or a stretch of visible text; ``text`` is the anchor or label beside it.
    """

    kind: SignalKind
    value: str
    place: Place = "body"
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something sold: a product or a plan. ``price_text`` keeps the words as they stand."""

    name: str | None = None
    price: Decimal | None = None
    price_max: Decimal | None = None
    currency: str | None = None
    period: Period | None = None
    unit: str | None = None
    price_text: str | None = None
    availability: Availability | None = None
    sku: str | None = None
    brand: str | None = None
    rating: Decimal | None = None
    review_count: int | None = None
    sold_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What a site says of its owner. Lists hold phrases as they stand on the page.

    ``contact`` maps ``email``, ``phone``, ``address`` to public business values; ``accounts``
    are URLs of the company's own profiles and shops elsewhere; ``evidence`` has one row or more
    for each filled field, with ``subject`` the field's name.
    """

    name: str | None = None
    tagline: str | None = None
    description: str | None = None
    founded: int | None = None
    size: str | None = None
    places: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    trust: tuple[str, ...] = ()
    after_sales: tuple[str, ...] = ()
    contact: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accounts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Another author's words inside a post."""

    author: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post, its author's own words only.

    ``id`` is the engine's; ``None`` where the engine shows none. ``posted_at`` is UTC, ``None``
    where it cannot be told; ``posted_text`` is the time as it stood, ``posted_precision`` how
    exact. ``timezone`` names the zone a local time was read in. ``author`` stands as on the page.
    ``thread_url`` and ``thread_title`` name the thread of a post on a page that holds posts of
    several (a feed, a tag's timeline, reviews of a product); ``None``: the page's own thread.
    Readers leave ``key``, ``lang`` and ``script`` alone: the pipelines fill them.
    """

    id: str | None
    url: str
    author: str | None
    text: str
    posted_at: datetime | None = None
    posted_text: str | None = None
    posted_precision: Precision = "unknown"
    timezone: str | None = None
    quoted: tuple[Quoted, ...] = ()
    in_reply_to: str | None = None
    rating: Decimal | None = None
    thread_url: str | None = None
    thread_title: str | None = None
    key: str | None = None
    lang: str = "und"
    script: Script | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A company page, read: facts, outlinks, and the raw signals every pipeline may use."""

    url: str
    kind: PageKind
    lang: str
    script: Script | None = None
    title: str = ""
    description: str = ""
    text: str = ""
    headings: tuple[str, ...] = ()
    canonical: str | None = None
    offers: tuple[Offer, ...] = ()
    company: Company = field(default_factory=Company)
    signals: tuple[Signal, ...] = ()
    links: tuple[Link, ...] = ()
    reviews: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRef:
    """A row of a board's list. ``stamp`` is whatever in the row changes when a post is added
    (the last post's time, id or the reply count), as text; ``None`` where the list shows none.
    ``last_posted_at`` is the last post's time in UTC where the list tells it; ``post`` the id of a
    post in it, where the list names a thread by one of its posts (not always the same).
    """

    url: str
    title: str
    id: str | None = None
    replies: int | None = None
    stamp: str | None = None
    sticky: bool = False
    last_posted_at: datetime | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumPage:
    """A forum's page, read: index, board (lists threads) or topic (holds posts).

    ``next`` is the list's or thread's next page; ``more`` are addresses an API wants to be asked
    for the rest of a thread (folded replies).
    """

    engine: str
    kind: str
    boards: tuple[Link, ...] = ()
    threads: tuple[ThreadRef, ...] = ()
    posts: tuple[Post, ...] = ()
    thread_title: str | None = None
    thread_id: str | None = None
    next: str | None = None
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTag:
    """A channel a page gives proof of."""

    channel: Channel
    role: ChannelRole
    platform: str | None
    strength: Strength
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One answer of a server: what was asked, what came, when, and where the archive keeps it."""

    url: str
    status: int
    fetched_at: datetime
    final_url: str | None = None
    content_type: str = ""
    body_hash: str = ""
    size: int = 0
    etag: str | None = None
    last_modified: str | None = None
    archive_file: str | None = None
    archive_offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address a crawl may still fetch: a row of the frontier.

    ``role`` says what is expected there (page, sitemap, index, board, topic, api); ``priority``:
    higher first; ``meta`` holds small JSON values the loop needs again (the thread's address, its
    stamp).
    """

    source: str
    url: str
    role: str
    depth: int = 0
    priority: int = 0
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """A fetched page of a competitor's site. ``target`` is done with this item, ``outlinks`` join
    the frontier in the same transaction.
    """

    target: Target
    fetch: Fetch
    page: Page
    outlinks: tuple[Target, ...] = ()
    channels: tuple[ChannelTag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumItem:
    """A fetched page of a forum: its threads, its posts.

    ``ends``: nothing more of the list or thread waits behind this page, though it names a next one.
    """

    target: Target
    fetch: Fetch
    page: ForumPage
    outlinks: tuple[Target, ...] = ()
    ends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnchangedItem:
    """A page the server or its hash says is as it was: only ``last_seen`` moves."""

    target: Target
    fetch: Fetch
    outlinks: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneItem:
    """A target that holds nothing to store (a sitemap, a redirect to a known page)."""

    target: Target
    outlinks: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureItem:
    """A page that could not be had or read. ``reason`` is a short stable word (``http_403``,
    ``blocked``, ``timeout``, ``robots``, ``too_large``, ``not_html``, ``empty_topic``, ...);
    ``detail`` says what, and how to mend it; ``fetch`` is the answer, where one came: it names the
    place in the archive where the page can be looked at.
    """

    target: Target
    reason: str
    detail: str
    at: datetime
    fetch: Fetch | None = None
