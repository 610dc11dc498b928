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
    Canonical,
    Channel,
    ChannelRole,
    ListLinkKind,
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
    or a stretch of visible text; ``text`` is the anchor or label beside it. A ``link`` is one that
    is no outlink: it dials (``tel:``, ``zalo:``) or stands in the head; outlinks are the page's.
    """

    kind: SignalKind
    value: str
    place: Place = "body"
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something sold: a product or a plan. ``price_text`` keeps the words as they stand.

    ``promotion`` is what is given on top or taken off, in the page's words ("-20% until Sunday",
    "买一送一"); ``price_before`` the price that is struck out beside today's, same currency.
    """

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
    promotion: str | None = None
    price_before: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What a site says of its owner. Lists hold phrases as they stand on the page.

    ``contact`` maps ``email``, ``phone``, ``address`` to public business values; ``accounts``
    are URLs of the company's own profiles and shops elsewhere; ``evidence`` has one row or more
    for each filled field, with ``subject`` the field's name. ``positioning`` is the sentence that
    says what it is and for whom; ``languages`` are primary codes the site is offered in;
    ``markets`` countries and regions it serves (regions of hreflang, as upper-case ISO 3166 codes;
    shipping countries in the page's words); ``sales`` traces of how much it sells ("Đã bán 1,2k",
    "月销 300+", "2,300 orders").
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
    languages: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    sales: tuple[str, ...] = ()
    positioning: str | None = None
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
class Keyword:
    """A word or phrase a page is written to be found by.

    ``phrase`` as the page writes it; ``folded`` its one spelling (see :mod:`crawlers.folding`,
    words and Han characters parted by a space), by which keywords are compared; ``weight`` grows
    with the places it stands in, the ``places``: title, h1, slug, description, heading.
    """

    phrase: str
    folded: str
    weight: float
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading: its level, 1 to 6, and its text."""

    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchWork:
    """What a page does to be found by search engines.

    Lengths are characters. ``headings`` is the outline, h1 first to last as they stand;
    ``hreflangs`` the codes of its other languages as written; ``structured`` the schema.org types
    it states, in their own spelling; ``indexable`` is false where it asks engines to leave it out;
    ``keywords`` the weightiest first; ``published_at`` and ``modified_at`` are UTC, ``None`` where
    the page does not say; ``feeds`` addresses of the feeds it names.
    """

    title_length: int = 0
    description_length: int = 0
    h1s: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    canonical: Canonical = "none"
    hreflangs: tuple[str, ...] = ()
    structured: tuple[str, ...] = ()
    indexable: bool = True
    keywords: tuple[Keyword, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A company page, read: facts, outlinks, and the raw signals every pipeline may use.

    ``notices`` are short promises that stand above its own text: announcement bars.
    """

    url: str
    kind: PageKind
    lang: str
    script: Script | None = None
    title: str = ""
    description: str = ""
    text: str = ""
    notices: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    canonical: str | None = None
    offers: tuple[Offer, ...] = ()
    company: Company = field(default_factory=Company)
    signals: tuple[Signal, ...] = ()
    links: tuple[Link, ...] = ()
    reviews: tuple[Post, ...] = ()
    search: SearchWork | None = None


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
class Listed:
    """A company that a source's page lists, compares or links to.

    ``name`` as the page writes it; ``site`` the address of its home page (of its shop, on a
    platform), ``None`` where the page does not lead there; ``quote`` the words it stands in;
    ``rule`` what made it one (``listing/card``, ``listing/heading``, ``search``, ...).
    """

    name: str
    site: str | None
    quote: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLink:
    """Where a list goes on: ``next`` its next page, ``detail`` a page about one company, ``list``
    another list.
    """

    url: str
    text: str
    kind: ListLinkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of a source, read for companies: a list, a comparison, a company's entry, a search's
    answer. Companies in the page's order, each once.
    """

    url: str
    title: str = ""
    companies: tuple[Listed, ...] = ()
    pages: tuple[ListLink, ...] = ()


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

    ``role`` says what is expected there (page, sitemap, feed, index, board, topic, api, list,
    search); ``priority``: higher first; ``meta`` holds small JSON values the loop needs again (the
    thread's address, its stamp).
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
    ``read_as``: what the pages before had told of how to read it (engine, zone, shape), so that it
    can be read again by itself.
    """

    target: Target
    fetch: Fetch
    page: ForumPage
    outlinks: tuple[Target, ...] = ()
    ends: bool = False
    read_as: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingItem:
    """A fetched page of a source of companies; what was seen on it before is replaced."""

    target: Target
    fetch: Fetch
    listing: Listing
    outlinks: tuple[Target, ...] = ()


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
class SitemapCount:
    """A sitemap or feed of a site, counted.

    ``kind`` is ``index``, ``sitemap`` or ``feed``; ``addresses`` how many pages of the site (of an
    index: files) it lists; ``whole`` is false where it was longer than what is read. ``dated`` of
    them say when they were last changed, ``newest`` the last of these times (UTC), ``recent_30``
    and ``recent_90`` how many are no older than so many days before the fetch; ``generated``: the
    dates are the file's own (nearly all of one day) and tell nothing of the pages. ``articles`` are
    the addresses that read like articles, with their dates: published in a feed, last changed in a
    sitemap.
    """

    url: str
    kind: str
    addresses: int = 0
    whole: bool = True
    dated: int = 0
    newest: datetime | None = None
    recent_30: int = 0
    recent_90: int = 0
    generated: bool = False
    articles: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapItem:
    """A fetched sitemap or feed of a competitor's site."""

    target: Target
    fetch: Fetch
    count: SitemapCount
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
