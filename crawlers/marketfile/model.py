"""The sections of a market file: every key, its kind, its bounds, its default.

What each key is for is told in docs/market-file.md; a test holds the two together. A leaf.
"""

import re
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from crawlers.folding import fold
from crawlers.marketfile.errors import shown_value
from crawlers.marketfile.values import (
    Contact,
    Day,
    Fault,
    Language,
    Languages,
    Line,
    Number,
    Prose,
    Switch,
    Texts,
    TimeZone,
    Url,
    Whole,
    one_of,
    texts_of,
)
from crawlers.urls import host_of, site_key
from crawlers.words import ALERT_KINDS, ENGINES, AlertKind, Tier

SourceKind = Literal["page", "directory", "reviews", "feed", "api", "search"]
"""What a ``[[source]]`` is: a page to read; a list or comparison of companies; reviews; RSS or
Atom; a community's public API; a search that answers as SearXNG does."""

SOURCE_KINDS: tuple[str, ...] = get_args(SourceKind)

_ENGINE_MEANT = {
    "".join(c for c in name if c.isalnum()): name for name in ENGINES
} | {
    "invisioncommunity": "invision", "ipb": "invision", "ipboard": "invision",
    "simplemachines": "smf", "discuzx": "discuz", "stackoverflow": "stackexchange",
    "hn": "hackernews", "publicinbox": "public_inbox", "rss": "feed", "atom": "feed",
}  # fmt: skip

TOLD_LANGUAGES = ("en", "zh", "vi")
"""Languages there are words of alerts in: those of the pages."""

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NOT_WORD = re.compile(r"[\W_]+")


def _engine(value: Any) -> Any:
    """``XenForo 2.3`` and ``Discuz! X3.4`` are read as the engine's id."""
    if isinstance(value, str):
        plain = "".join(c for c in value.lower() if c.isalnum() or c == ".")
        bare = re.sub(r"x?[\d.]+$", "", plain)
        value = _ENGINE_MEANT.get(bare) or _ENGINE_MEANT.get(plain.replace(".", "")) or value
    return one_of(value, ENGINES, "forum engine")


def _source_kind(value: Any) -> Any:
    return one_of(value, SOURCE_KINDS, "kind of source")


def _catalogue(value: Any) -> Any:
    if isinstance(value, bool) or value == "own":
        return value
    raise Fault.of(
        f'{shown_value(value)} is neither true, false nor "own"',
        'write true (all public sources), "own" (only those of your own files) or false (none)',
    )


def _alert_kinds(value: Any) -> Any:
    return tuple(
        dict.fromkeys(one_of(word, ALERT_KINDS, "kind of alert") for word in texts_of(value))
    )


def _told_language(value: Any) -> Any:
    return one_of(value, TOLD_LANGUAGES, "language that alerts are told in")


def _tier(value: Any) -> Any:
    if isinstance(value, bool) or value not in (1, 2, 3):
        raise Fault.of(
            f"{shown_value(value)} is no tier",
            "write 1 (direct), 2 (substitute) or 3 (might enter), or leave it out and let "
            "Rivalmap decide",
        )
    return int(value)


def _id(value: Any) -> Any:
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise Fault.of(
        f"{shown_value(value)} is no id",
        "an id has small letters a-z, digits, dots, - and _, at most 64, the first a letter or a "
        "digit",
    )


def slug(text: str) -> str:
    """A name as a key: folded, words joined by ``-``; letters of every script stay."""
    return _NOT_WORD.sub("-", fold(text)).strip("-")


class Section(BaseModel):
    """What every section has: it cannot change, and unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Business(Section):
    """``[business]``: who asks. Name and description are required, all else sharpens the tiers."""

    name: Line
    description: Prose
    aliases: Texts = ()
    site: Url | None = None
    offers: Texts = ()
    keywords: Texts = ()
    category: Line | None = None
    audience: Texts = ()
    price_band: Line | None = None
    regions: Texts = ()
    languages: Languages = ()

    @property
    def key(self) -> str:
        """The key of our own company among the companies: its site's, else its name's."""
        return site_key(self.site) if self.site else slug(self.name)


class CompetitorEntry(Section):
    """``[[competitor]]``: a rival the researcher knows. A name or a site is required."""

    name: Line = ""
    site: Url | None = None
    id: Annotated[str, BeforeValidator(_id)] | None = None
    aliases: Texts = ()
    tier: Annotated[Tier, BeforeValidator(_tier)] | None = None
    note: Prose | None = None

    @model_validator(mode="after")
    def _is_named(self) -> "CompetitorEntry":
        if not self.name and not self.site:
            raise Fault.of(
                "[[competitor]] has neither name nor site",
                'add name = "..." or site = "https://..."',
            )
        if not self.key:
            raise Fault.of(
                f"nothing of the name {shown_value(self.name)} can serve as a key",
                'add id = "..." or site = "https://..."',
            )
        return self

    @property
    def key(self) -> str:
        """The competitor's key (docs/contract.md): its id, its site's key, its name's slug."""
        return self.id or (site_key(self.site) if self.site else slug(self.name))

    @property
    def title(self) -> str:
        """What it is called on pages: its name, else its key."""
        return self.name or self.key


class ForumEntry(Section):
    """``[[forum]]``: where customers talk. Only the address is required."""

    url: Url
    name: Line | None = None
    engine: Annotated[str, BeforeValidator(_engine)] | None = None
    language: Language | None = None
    timezone: TimeZone | None = None
    boards: Texts = ()
    queries: Texts = ()
    since: Day | None = None
    permitted: Switch = False

    @property
    def key(self) -> str:
        """The forum's key (docs/contract.md): its name as a slug, else its host and path.

        A port that is not the scheme's own stays, so that two forums of one machine differ.
        """
        return (slug(self.name) if self.name else "") or place_of(self.url)

    @property
    def title(self) -> str:
        """What it is called on pages: its name, else its host and path."""
        return self.name or place_of(self.url)


class SourceEntry(Section):
    """``[[source]]``: another public source, read for candidates, posts or both."""

    url: Url
    kind: Annotated[SourceKind, BeforeValidator(_source_kind)] = "page"
    name: Line | None = None
    language: Language | None = None
    timezone: TimeZone | None = None
    queries: Texts = ()
    since: Day | None = None

    @property
    def key(self) -> str:
        """The source's key: its name as a slug, else its host and path."""
        return (slug(self.name) if self.name else "") or place_of(self.url)


class CrawlSettings(Section):
    """``[crawl]``: how far, how fast and as whom."""

    pages_per_site: Annotated[Whole, Field(ge=1, le=100_000)] = 40
    depth: Annotated[Whole, Field(ge=0, le=50)] = 3
    pages_per_forum: Annotated[Whole, Field(ge=1, le=10_000_000)] = 2_000
    delay: Annotated[Number, Field(ge=0, le=60)] = 1.0
    time_budget: Annotated[Number, Field(gt=0, le=30 * 86_400)] | None = None
    request_budget: Annotated[Whole, Field(ge=1, le=100_000_000)] | None = None
    contact: Contact | None = None
    browser: Switch = False
    allow_private: Switch = False
    archive_days: Annotated[Whole, Field(ge=0, le=3_650)] = 30
    archive_megabytes: Annotated[Whole, Field(ge=1, le=100_000_000)] = 10_000
    catalogue: Annotated[bool | Literal["own"], BeforeValidator(_catalogue)] = True


class UpkeepSettings(Section):
    """``[upkeep]``: what ``scrapy upkeep`` takes away. Facts stay unless the file says so."""

    posts_days: Annotated[Whole, Field(ge=1, le=36_500)] | None = None
    gone_pages_days: Annotated[Whole, Field(ge=1, le=36_500)] | None = None
    failures_days: Annotated[Whole, Field(ge=1, le=36_500)] = 180
    runs_days: Annotated[Whole, Field(ge=1, le=36_500)] = 730
    backups: Annotated[Whole, Field(ge=1, le=10_000)] | None = None


class AlertSettings(Section):
    """``[alerts]``: what is told, in which language, and where. Secrets stand elsewhere."""

    kinds: Annotated[tuple[AlertKind, ...], BeforeValidator(_alert_kinds)] = ()
    language: Annotated[Literal["en", "zh", "vi"], BeforeValidator(_told_language)] = "en"
    webhook: Url | None = None
    quiet: Switch = False

    @property
    def told(self) -> tuple[AlertKind, ...]:
        """The kinds that are told: those named, else all."""
        return self.kinds or ALERT_KINDS


def place_of(url: str) -> str:
    """Host (with a port of its own) and path of an address, without the slash at the end."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port and parts.port != usual else ""
    return f"{host_of(url)}{port}{parts.path.rstrip('/')}"
