"""Today's rules over a part of what is stored: pages and posts in, facts out.

Pure but for the archive, which is only read: no database, no writing. So a part can be read by
this process, by others beside it (:mod:`analysis.workers`) or on other machines
(:mod:`analysis.dask_workers`), and what is read is the same. Whole parts travel, since a message
between processes costs as much as reading a post.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import crawlers
import pipelines
from analysis.workers import WorkersError
from crawlers.archive import read_archived
from crawlers.base.forum_state import posts_since
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.extract.listing import read_listing, read_results
from crawlers.folding import fold
from crawlers.forums import read_forum
from crawlers.items import Fetch, ForumItem, ListingItem, PageItem, Target
from pipelines.channel_tags import TagChannels
from pipelines.demand import Brand, DemandReader, MarketTerms, Reading, rules_version
from pipelines.demand.sentence import LONGEST_QUOTE, in_its_sentence
from pipelines.demand.topics import topics_of
from pipelines.normalise import Normalise
from pipelines.validate import Validate

Item = PageItem | ForumItem | ListingItem

_SOURCES = frozenset({".py", ".toml", ".json", ".txt", ".crfsuite"})
_STEPS = (Validate(), Normalise(), TagChannels())


class OtherRulesError(WorkersError):
    """The reader of a part has other rules than the one who asks; the message says so."""


@cache
def rules_mark() -> str:
    """This installation's readers, rules and models, as a short hash of all their files."""
    digest = hashlib.sha256()
    for package in (crawlers, pipelines):
        root = Path(package.__path__[0])
        for file in sorted(root.rglob("*")):
            if file.suffix in _SOURCES and file.is_file():
                digest.update(file.relative_to(root).as_posix().encode() + b"\0")
                digest.update(file.read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()[:12]


def _require(rules: str) -> None:
    if rules != rules_mark():
        raise OtherRulesError(
            f"a worker reads with other rules ({rules_mark()}) than this command ({rules}): "
            "install the same Rivalmap on every machine, then restart the workers"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An archived answer, by what the database says of it.

    ``role``: page, list, or the kind of a forum's page; ``since``: the day from which on posts
    are wanted; ``document``: the answer itself, where who reads it has no archive.
    """

    role: str
    url: str
    source: str
    engine: str | None
    timezone: str | None
    meta: Mapping[str, str]
    status: int
    body_hash: str
    etag: str | None
    last_modified: str | None
    archive_file: str | None
    archive_offset: int | None
    since: date | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesPart:
    """Archived answers to read. ``folder``: the market's, or ``None`` where the answers came
    with the part; ``rules``: whose (:func:`rules_mark`).
    """

    rules: str
    folder: Path | None
    pages: tuple[Stored, ...]


def read_pages(part: PagesPart) -> list[Item | None]:
    """What each answer says, cleaned and tagged; ``None`` for one that is not there any more.

    People are still in it: names are taken out by who holds the salt. So are the links to other
    pages missing, which were stored when it was fetched.

    :raises OtherRulesError: where this installation is not the asker's.
    """
    _require(part.rules)
    return [_read(part.folder, one) for one in part.pages]


def _read(folder: Path | None, one: Stored) -> Item | None:
    document = one.document
    if document is None and folder is not None:
        document = archived(folder, one)
    item = None if document is None else _item(document, one)
    for step in _STEPS if item is not None else ():
        item = step.process_item(item)
    return item


def archived(folder: Path, one: Stored) -> Document | None:
    """The answer as it lies in the archive; ``None`` where it has expired."""
    if one.archive_file is None or one.archive_offset is None:
        return None
    return read_archived(folder, one.archive_file, one.archive_offset, url=one.url)


def _item(document: Document, one: Stored) -> Item | None:
    target = Target(source=one.source, url=one.url, role=one.role, meta=one.meta)
    fetch = Fetch(
        url=one.url, status=one.status, fetched_at=document.fetched_at, body_hash=one.body_hash,
        etag=one.etag, last_modified=one.last_modified, archive_file=one.archive_file,
        archive_offset=one.archive_offset,
    )  # fmt: skip
    if one.role == "page":
        if not document.is_html:
            return None
        return PageItem(target=target, fetch=fetch, page=read_page(document))
    if one.role == "list":
        listing = read_listing(document) if document.is_html else read_results(document)
        if listing is None:
            return None
        return ListingItem(target=target, fetch=fetch, listing=listing)
    expect: Literal["board", "topic"] | None = None
    if one.role in ("board", "topic"):
        expect = cast("Literal['board', 'topic']", one.role)
    forum = read_forum(document, engine=one.engine, timezone=one.timezone, expect=expect)
    if forum is None:
        return None
    return ForumItem(target=target, fetch=fetch, page=posts_since(forum, one.since))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPost:
    """A post, as far as its demand is read."""

    id: int
    forum: str
    text: str
    lang: str
    url: str
    last_seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsPart:
    """Posts to read against a market. ``version``: how the readings are marked."""

    rules: str
    terms: MarketTerms
    version: str
    posts: tuple[StoredPost, ...]


PostRows = dict[str, list[tuple[Any, ...]]]
"""Rows by table, in the order of :data:`COLUMNS`."""

COLUMNS = {
    "demand": "post_id, stage, need, budget, authority, pain, praise, objection, poor_fit, "
    "suggestion, seller, barrier, rule_version",
    "mentions": "post_id, brand, competitor, text",
    "feelings": "post_id, brand, competitor, feeling, quote",
    "author_facts": "post_id, fact, value, number, currency, quote, rule",
    "comparisons": "post_id, preferred, other, preferred_competitor, other_competitor, aspect, "
    "quote",
    "topics": "post_id, kind, topic, quote",
    "switches": "post_id, from_brand, to_brand, from_competitor, to_competitor, status, force, "
    "quote",
    "evidence": "claim_table, claim_key, subject, source, url, fetched_at, quote, rule, "
    "rule_version",
}
"""What a post's reading is stored in, and how."""


def read_posts(part: PostsPart) -> PostRows:
    """The rows of every post's reading.

    :raises OtherRulesError: where this installation is not the asker's.
    """
    _require(part.rules)
    reader, keys = _reader(part.terms)
    rows: PostRows = {table: [] for table in COLUMNS}
    for post in part.posts:
        reading = reader.read(post.text, lang=post.lang if post.lang != "und" else None)
        _add(rows, post, reading, part.version, keys)
    return rows


@lru_cache(maxsize=1)
def _reader(terms: MarketTerms) -> tuple[DemandReader, dict[str, str | None]]:
    """The reader of a market, kept from part to part, and each brand's key by its folded name."""
    brands: Iterable[Brand] = (terms.own, *terms.brands) if terms.own else terms.brands
    return DemandReader(terms), {fold(brand.name): brand.key for brand in brands}


def _add(
    rows: PostRows, post: StoredPost, reading: Reading, version: str, keys: dict[str, str | None]
) -> None:
    id_, text = post.id, post.text

    def key_of(name: str | None) -> str | None:
        return keys.get(fold(name)) if name else None

    def sentence(words: str) -> str:
        """What a stranger can judge by. The words themselves are found again by the rule (of a
        fact), the topic's list, or the post's evidence (of a feeling).
        """
        return in_its_sentence(text, words)

    rows["demand"].append((
        id_, reading.stage, reading.need, reading.budget, reading.authority, reading.pain,
        reading.praise, reading.objection, reading.poor_fit, reading.suggestion, reading.seller,
        reading.barrier, version,
    ))  # fmt: skip
    rows["mentions"] += ((id_, m.brand, m.key or key_of(m.brand), m.text) for m in reading.mentions)
    rows["feelings"] += (
        (id_, f.brand, f.key or key_of(f.brand), f.feeling, sentence(f.quote))
        for f in reading.feelings
    )
    rows["author_facts"] += (
        (id_, a.fact, a.value, a.number, a.currency, sentence(a.quote), a.rule)
        for a in reading.author
        # A feast or a birthday in a post without demand is nobody's occasion of buying.
        if a.fact != "occasion" or reading.stage != "none"
    )
    rows["comparisons"] += (
        (id_, c.preferred, c.other, key_of(c.preferred), key_of(c.other), c.aspect, c.quote)
        for c in reading.comparison or ()
    )
    rows["topics"] += ((id_, t.kind, t.topic, sentence(t.quote)) for t in topics_of(reading, text))
    switch = reading.switch
    if switch is not None:
        rows["switches"].append((
            id_, switch.from_brand, switch.to_brand, key_of(switch.from_brand),
            key_of(switch.to_brand), switch.status, switch.force, switch.quote,
        ))  # fmt: skip
    rows["evidence"] += (
        ("demand", str(id_), claim.claim, post.forum, post.url, post.last_seen,
         sentence(claim.quote)[:LONGEST_QUOTE], claim.rule, rules_version())
        for claim in reading.evidence
    )  # fmt: skip
