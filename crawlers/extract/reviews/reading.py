"""Reviews on a product's page are posts too: what customers wrote, with their rating.

Structured data first (it is whole and dated), then the blocks of the page, which fill what the data
leaves out and add the reviews it does not list; each review once. An average without words is no
post, and a company's testimonials are its own choice, not its customers' posts: they stay with the
company. Pure.
"""

import re
from collections import Counter
from collections.abc import Iterable

from crawlers.document import Document
from crawlers.extract.outline import Outline
from crawlers.extract.reviews.blocks import block_reviews, drawn_reviews
from crawlers.extract.reviews.data import data_reviews, is_article, state_reviews
from crawlers.extract.reviews.fields import Found
from crawlers.extract.reviews.words import (
    HEADING,
    KNOWN_BLOCKS,
    KNOWN_ITEMS,
    SECTION_STEMS,
    speaking_classes,
    unit_classes,
)
from crawlers.extract.structured import all_things, types_of
from crawlers.extract.walk import outline_of
from crawlers.forums.base import Reading
from crawlers.forums.dates.reading import DateRead, order_of, read_date
from crawlers.forums.fields import attribute_of, select, text_of
from crawlers.items import Post

_CART = ("cart", "basket", "buy-now", "buynow", "gio-hang", "mua-hang", "mua-ngay")
_BUY = ("add to cart", "加入购物车", "立即购买", "them vao gio", "mua ngay")  # fmt: skip
_ITEM = re.compile(r"review|product", re.IGNORECASE)
_TITLES = frozenset({"h2", "h3", "h4"})
_SOLD = frozenset({"product", "productgroup", "aggregaterating", "individualproduct"})
_CUT = ("...", "…", "[...]", "[…]")
_LETTERS = re.compile(r"[\W_]+")
_WORDS = re.compile(r"\w+")
_ENOUGH = 24  # letters two texts must share to be one review


def read_reviews(
    document: Document,
    outline: Outline | None = None,
    *,
    lang: str | None = None,
    timezone: str | None = None,
) -> tuple[Post, ...]:
    """The customers' reviews of a page, in page order, those of structured data first.

    ``rating`` is 0 to 5 whatever scale the page uses (9 of 10 is 4.5); ``thread_title`` is what is
    reviewed; ``thread_url`` is given only where the page holds reviews of several things. The
    title is the first line of the text. Authors stand as on the page.

    :param document: an HTML page, of any kind.
    :param outline: the page walked, where that has been done.
    :param lang: language tag of the page, region and all: tells the day of ``05/06/2026``.
    :param timezone: zone of local times, an IANA name.
    :returns: no post where the page holds no review; never an error.
    """
    if not document.is_html:
        return ()
    outline = outline or outline_of(document)
    reading = Reading(fetched_at=document.fetched_at, timezone=timezone, lang=lang)
    found = data_reviews(document, reading) if document.json_ld else []
    if found or not _is_editorial(document):
        found = _merged(found, _drawn(document, outline, reading, data=bool(found)))
    if not found and outline.states and not _is_editorial(document):
        found = state_reviews(outline.states, reading)
    return _posts(found, document, reading) if found else ()


def _drawn(document: Document, outline: Outline, reading: Reading, *, data: bool) -> list[Found]:
    """The reviews the page shows.

    Most pages show none, and asking the tree costs more than all else: what no class, no type and
    no heading speaks of is not looked for.

    :param data: whether the page's data holds reviews.
    """
    joined = " ".join(" ".join(outline.names).split())
    small = joined.lower()
    speaking = speaking_classes(joined)
    known = [css for word, css in KNOWN_BLOCKS if word in small]
    if any(_ITEM.search(kind) for kind, _ in outline.items):
        known.append(KNOWN_ITEMS)
    named = unit_classes(speaking, sure=False)
    headed = _has_section(small) or _has_section(" ".join(outline.ids).lower())
    if not headed:
        titles = [block.text[:80] for block in outline.blocks if block.tag in _TITLES]
        headed = any(map(HEADING.search, titles))
    if not (known or named or headed):
        return []
    sells = data or _sells(document, outline, small)
    units = named if sells else unit_classes(speaking, sure=True)
    drawn = []
    if known or units:
        drawn = block_reviews(document, known, units, reading, sells=sells)
    if headed and sells and not data and not drawn:
        drawn = drawn_reviews(document, reading)
    return drawn


def _is_editorial(document: Document) -> bool:
    """Whether the page is an article, not a product's page with one inside."""
    return is_article(document) and not any(
        types_of(thing) & {"product", "productgroup"} for thing in document.json_ld[:200]
    )


def _has_section(names: str) -> bool:
    return any(stem in names for stem in SECTION_STEMS)


def _sells(document: Document, outline: Outline, names: str) -> bool:
    """Whether the page sells or rates something as a whole: by its data, or by a button to buy."""
    for thing in document.json_ld[:200]:
        if types_of(thing) & _SOLD or "aggregateRating" in thing:
            return True
    if any(word in names for word in _CART):
        return True
    if any(kind.rstrip("/").lower().endswith("schema.org/product") for kind, _ in outline.items):
        return True
    if any(name.startswith("product:price") for name, _ in outline.metas):
        return True
    text = outline.folded.joined
    return any(words in text for words in _BUY)


# --- each once -----------------------------------------------------------------------------------


def _letters(text: str) -> str:
    return _LETTERS.sub("", text[:20_000]).casefold()


def _merged(data: list[Found], drawn: list[Found]) -> list[Found]:
    """The reviews of the data, their gaps filled from the blocks, then the blocks left over."""
    kept = _distinct(data)
    texts = [_letters(one.body or one.title) for one in kept]
    for block in _distinct(drawn):
        letters = _letters(block.body or block.title)
        at = next(
            (i for i, one in enumerate(kept[: len(texts)])
             if _same(texts[i], letters, one, block)),
            None,
        )  # fmt: skip
        if at is None:
            kept.append(block)
        else:
            _fill(kept[at], block)
    return kept


def _same(one: str, other: str, first: Found, second: Found) -> bool:
    if not one or not other:
        return False
    authors = (first.author or "").casefold(), (second.author or "").casefold()
    if one == other:
        return len(one) >= _ENOUGH or authors[0] == authors[1] or not all(authors)
    short, long = sorted((one, other), key=len)
    if len(short) >= _ENOUGH and (long.startswith(short) or short in long):
        return True
    return bool(authors[0]) and authors[0] == authors[1] and long.startswith(short[:_ENOUGH])


def _fill(one: Found, block: Found) -> None:
    one.author = one.author or block.author
    one.title = one.title or block.title
    one.written = one.written or block.written
    one.rating = one.rating if one.rating is not None else block.rating
    one.id = one.id or block.id
    one.anchor = one.anchor or block.anchor
    one.product = one.product or block.product
    if _is_cut(one.body, block.body):
        one.body = block.body


def _is_cut(text: str, whole: str) -> bool:
    """Whether the text is the beginning of the whole one: by its ellipsis, or inside a word."""
    bare = text.rstrip()
    for mark in _CUT:
        bare = bare.removesuffix(mark)
    start = _letters(bare)
    if not _letters(whole).startswith(start) or len(whole) <= len(text):
        return False
    return not text or text.rstrip().endswith(_CUT) or len(start) >= 100


def _distinct(found: Iterable[Found]) -> list[Found]:
    """Reviews without their copies: pages show the best one twice, cut short, and phones a list of
    their own.
    """
    kept: list[Found] = []
    texts: list[str] = []
    for one in found:
        text = _letters(one.body or one.title)
        at = next((i for i, other in enumerate(texts) if _same(other, text, kept[i], one)), None)
        if at is None:
            kept.append(one)
            texts.append(text)
        else:
            better, other = (one, kept[at]) if one.marks > kept[at].marks else (kept[at], one)
            texts[at] = text if better is one else texts[at]
            _fill(better, other)
            kept[at] = better
    return kept


# --- posts ---------------------------------------------------------------------------------------


def _posts(found: list[Found], document: Document, reading: Reading) -> tuple[Post, ...]:
    order = order_of(one.written for one in found)
    products = {one.product for one in found if one.product}
    subject = _subject(document)
    numbered = _trusted_ids(found)
    posts = []
    for one in found:
        if one.author and one.author.casefold() in (one.product.casefold(), subject.casefold()):
            one.author = None  # "Customers rated the X": a summary
            if not one.written:
                continue
        date: DateRead = read_date(
            one.written, fetched_at=reading.fetched_at, timezone=reading.timezone,
            lang=reading.lang, order=order,
        )  # fmt: skip
        anchor = one.anchor if one.anchor and not any(c.isspace() for c in one.anchor) else ""
        posts.append(
            Post(
                id=one.id if one.id in numbered else None,
                url=document.join(f"#{anchor}", base=document.url) or document.url
                if anchor
                else document.url,
                author=one.author,
                text=_text(one),
                posted_at=date.posted_at,
                posted_text=one.written or None,
                posted_precision=date.precision,
                timezone=date.timezone,
                rating=one.rating,
                thread_url=_thread(one, products, document),
                thread_title=one.product or subject or None,
            )
        )
    return tuple(posts)


def _subject(document: Document) -> str:
    """What the page is about: the heading that its title repeats, else the title."""
    title = select(document.tree, "meta[property='og:title']")[:1]
    named = attribute_of(title[0], "content") if title else ""
    if not named:
        head = select(document.tree, "title")[:1]
        named = text_of(head[0]) if head else ""
    headings = [text for node in select(document.tree, "h1")[:5] if (text := text_of(node))]
    words = set(_WORDS.findall(named.casefold()))
    best = max(
        headings, key=lambda text: len(words & set(_WORDS.findall(text.casefold()))), default=""
    )
    if named and not words & set(_WORDS.findall(best.casefold())):
        best = named
    return best[:300]


def _thread(one: Found, products: set[str], document: Document) -> str | None:
    """The address of what is reviewed, where the page holds reviews of several things."""
    if len(products) < 2 or not one.product:
        return None
    for thing, _ in all_things(document):
        name = thing.get("name")
        if isinstance(name, str) and " ".join(name.split()) == one.product:
            address = thing.get("url")
            found = document.join(address) if isinstance(address, str) else None
            if found:
                return found
    return None


def _text(one: Found) -> str:
    """Title and words; the title once, where the words begin with it."""
    title = one.title
    bare = title
    for mark in _CUT:
        bare = bare.removesuffix(mark)
    if not one.body or (title and _letters(one.body).startswith(_letters(bare))):
        return one.body or title
    return f"{title}\n{one.body}" if title else one.body


def _trusted_ids(found: list[Found]) -> set[str]:
    """Ids that are the reviews' own: a count from 0 or 1 begins anew on every product's page, and
    one that stands twice names something else.
    """
    counts = Counter(one.id for one in found if one.id)
    once = {name for name, times in counts.items() if times == 1 and name is not None}
    small = sorted(int(name) for name in once if name.isascii() and name.isdigit())
    if small and small[0] <= 1 and small == list(range(small[0], small[0] + len(small))):
        once -= {str(number) for number in small}
    return once
