"""Comparing two versions of a page, fact by fact."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from crawlers.folding import fold
from crawlers.items import Company, Offer
from crawlers.words import PageKind

ChangeKind = Literal[
    "price", "plan", "positioning", "new_page", "removed_page", "audience", "availability"
]

_IMPORTANT_PAGES = frozenset({"pricing", "product", "service", "careers", "home"})
_PERIOD_WORDS = {
    "once": "once", "day": "a day", "week": "a week", "month": "a month",
    "quarter": "a quarter", "year": "a year",
}  # fmt: skip
# What changes by itself: dates, clocks, counters. A text that differs in these alone is the same.
_NOISE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What one version of a page states."""

    url: str
    kind: PageKind | str
    title: str
    description: str
    company: Company
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. ``importance``: 1 low, 2 medium, 3 high; ``words`` tells it in a line."""

    kind: ChangeKind
    field: str
    old: str | None
    new: str | None
    words: str
    importance: int


def compare(old: PageFacts, new: PageFacts) -> tuple[Change, ...]:
    """What changed between two versions of one page; cosmetic noise is no change."""
    return (*_offers(old, new), *_positioning(old, new))


def new_page(page: PageFacts) -> Change:
    """A page that was not there when the site was first read."""
    return Change(
        kind="new_page", field="page", old=None, new=page.url,
        words=f"New {page.kind} page: {page.title or page.url}",
        importance=2 if page.kind in _IMPORTANT_PAGES else 1,
    )  # fmt: skip


def removed_page(*, url: str, title: str, kind: str) -> Change:
    """A page that answers 404 or 410 now."""
    return Change(
        kind="removed_page", field="page", old=url, new=None,
        words=f"Removed {kind} page: {title or url}",
        importance=2 if kind in _IMPORTANT_PAGES else 1,
    )  # fmt: skip


def money(offer: Offer) -> str:
    """A price in words: ``$59 a month``, ``1,290,000 VND``; the page's own words if no number."""
    if offer.price is None:
        return offer.price_text or "no price"
    text = _amount(offer.price, offer.currency)
    if offer.price_max is not None and offer.price_max != offer.price:
        text += f" to {_amount(offer.price_max, offer.currency)}"
    period = _PERIOD_WORDS.get(offer.period or "")
    return f"{text} {period}" if period else text


def _amount(amount: Decimal, currency: str | None) -> str:
    number = f"{amount:,f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".") if Decimal(amount) % 1 == 0 else number
    return f"${number}" if currency == "USD" else f"{number} {currency}" if currency else number


def _offers(old: PageFacts, new: PageFacts) -> Iterator[Change]:
    before, after = _by_key(old.offers), _by_key(new.offers)
    for key, offer in after.items():
        was = before.get(key)
        name = offer.name or offer.sku or "Offer"
        if was is None:
            if before:  # the first offers ever read on a page are not new plans
                yield Change(
                    kind="plan", field="offer", old=None, new=name, importance=3,
                    words=f"New offer: {name}, {money(offer)}",
                )  # fmt: skip
            continue
        if (was.price, was.price_max, was.currency) != (
            offer.price, offer.price_max, offer.currency,
        ):  # fmt: skip
            yield Change(
                kind="price", field="price", old=money(was), new=money(offer), importance=3,
                words=f"{name}: {money(was)} -> {money(offer)}",
            )  # fmt: skip
        if was.availability != offer.availability and was.availability and offer.availability:
            yield Change(
                kind="availability", field="availability", old=was.availability,
                new=offer.availability, importance=1,
                words=f"{name}: {was.availability} -> {offer.availability}",
            )  # fmt: skip
    if after:  # a page that lost every offer at once was more likely misread than emptied
        for key, was in before.items():
            if key not in after:
                name = was.name or was.sku or "Offer"
                yield Change(
                    kind="plan", field="offer", old=name, new=None, importance=3,
                    words=f"Offer gone: {name}, {money(was)}",
                )  # fmt: skip


def _by_key(offers: tuple[Offer, ...]) -> dict[str, Offer]:
    keyed: dict[str, Offer] = {}
    for place, offer in enumerate(offers):
        key = offer.sku or fold(f"{offer.name or place}|{offer.period}|{offer.unit}")
        keyed.setdefault(key, offer)
    return keyed


def _positioning(old: PageFacts, new: PageFacts) -> Iterator[Change]:
    fields: list[tuple[ChangeKind, str, str | None, str | None]] = [
        ("positioning", "tagline", old.company.tagline, new.company.tagline),
        ("positioning", "title", old.title, new.title),
        ("positioning", "description", old.description, new.description),
        ("audience", "audience", _joined(old.company.audience), _joined(new.company.audience)),
    ]
    for kind, field, was, now in fields:
        if was and now and _bare(was) != _bare(now):
            yield Change(
                kind=kind, field=field, old=was, new=now,
                importance=2 if new.kind == "home" else 1,
                words=f"{field.capitalize()}: {_short(was)} -> {_short(now)}",
            )  # fmt: skip


def _joined(phrases: tuple[str, ...]) -> str:
    return "; ".join(sorted(phrases))


def _bare(text: str) -> str:
    return " ".join(_NOISE.sub("#", fold(text)).split())


def _short(text: str) -> str:
    return text if len(text) <= 90 else text[:89].rstrip() + "…"
