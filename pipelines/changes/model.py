"""What is compared, and what comes out."""

from dataclasses import dataclass
from typing import Literal

from crawlers.items import ChannelTag, Company, Offer
from crawlers.words import PageKind

ChangeKind = Literal[
    "price", "plan", "positioning", "new_page", "removed_page", "channel", "hiring", "promotion",
    "audience", "availability",
]  # fmt: skip

SPEAKING = frozenset({"home", "pricing", "product", "service", "about"})
"""Kinds of page on which a company says what it is and for whom; elsewhere it talks about things
(articles), lists them, or states law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What one version of a page states. ``notices`` are short promises above its own text."""

    url: str
    kind: PageKind | str
    title: str
    description: str
    company: Company
    offers: tuple[Offer, ...] = ()
    text: str = ""
    headings: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    channels: tuple[ChannelTag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. ``importance``: 1 low, 2 medium, 3 high; ``words`` tells it in a line.

    ``field`` is the fact's name. ``site_wide`` is the fact itself, in one spelling, where it
    belongs to the site rather than the page: it is new only if no other page stated it, gone only
    if no other page still does; ``None`` where the page alone decides.
    """

    kind: ChangeKind
    field: str
    old: str | None
    new: str | None
    words: str
    importance: int
    site_wide: str | None = None


def short(text: str) -> str:
    """A text for a line: 90 characters at most."""
    text = " ".join(text.split())
    return text if len(text) <= 90 else text[:89].rstrip() + "…"
