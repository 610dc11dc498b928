"""What changed in how a company speaks of itself and for whom."""

import re
from collections.abc import Iterator

from pipelines.changes.model import SPEAKING, Change, PageFacts, short
from pipelines.changes.noise import steady, words_of
from pipelines.changes.promotions import without_new_promotions

_PARTS = re.compile(r"\s[|·•»–—\-]\s|\s?[|｜]\s?|_")
"""What parts a title: the page's own words, the site's name, its slogan."""


_ENDS = re.compile(r"[.!。！][\"'”’)\]]{0,2}\s*$")
_LEADS = frozenset(
    ("built", "made", "designed", "perfect", "created", "crafted", "thiet ke", "danh", "专", "专为")
)


def compare_positioning(old: PageFacts, new: PageFacts) -> Iterator[Change]:
    """Title, description, tagline, positioning and first heading; whom the company says it serves.

    Only on pages where a company speaks of itself. A value that stood elsewhere on the page before,
    or still does, has only changed places: carousels and testimonials turn.
    """
    if not {old.kind, new.kind} <= SPEAKING or _shop_page(new) or _shop_page(old):
        return
    importance = 2 if new.kind == "home" else 1
    told: set[tuple[str, str]] = set()
    audience = tuple(_audience(old, new, importance))
    for field, was, now in _fields(old, new):
        before = steady(without_new_promotions(was, now))
        after = steady(without_new_promotions(now, was))
        if not before or not after or before == after or (before, after) in told:
            continue
        if _stands(after, old) or _stands(before, new) or _told_by(audience, before, after):
            continue
        told.add((before, after))
        yield Change(
            kind="positioning", field=field, old=was, new=now, importance=importance,
            words=f"{field.capitalize()}: {short(was)} -> {short(now)}",
            site_wide=f"{field} {before}>{after}",
        )  # fmt: skip
    yield from audience


def _fields(old: PageFacts, new: PageFacts) -> Iterator[tuple[str, str, str]]:
    yield "tagline", old.company.tagline or "", new.company.tagline or ""
    yield "positioning", old.company.positioning or "", new.company.positioning or ""
    if new.kind == "home" and old.headings and new.headings:
        yield "heading", old.headings[0], new.headings[0]
    yield "title", *_title(old.title, new.title)
    yield "description", old.description, new.description


def _title(old: str, new: str) -> tuple[str, str]:
    """The two titles, or the one part of them that differs: a site that renames itself does so on
    every page, and says it once.
    """
    before, after = _PARTS.split(old), _PARTS.split(new)
    kept = {steady(part) for part in before} & {steady(part) for part in after}
    gone = [part.strip() for part in before if steady(part) not in kept]
    come = [part.strip() for part in after if steady(part) not in kept]
    return (gone[0], come[0]) if len(gone) == len(come) == 1 and kept else (old, new)


def _shop_page(page: PageFacts) -> bool:
    """A page of goods: its title and words are the goods' own."""
    return page.kind == "product" and any(
        offer.period is None and offer.price is not None for offer in page.offers[:1]
    )


def _stands(value: str, page: PageFacts) -> bool:
    return f" {value} " in f" {steady(page.text)} " or any(
        steady(heading) == value for heading in page.headings
    )


def _told_by(audience: tuple[Change, ...], before: str, after: str) -> bool:
    """Whether nothing but those served differs, which the audience's own changes tell."""
    was, now = words_of(before), words_of(after)
    gone = words_of(steady(" ".join(change.old or "" for change in audience)))
    come = words_of(steady(" ".join(change.new or "" for change in audience)))
    return bool(audience) and was - now <= gone and now - was <= come


def _audience(old: PageFacts, new: PageFacts, importance: int) -> Iterator[Change]:
    if not old.company.audience or not new.company.audience:
        return  # read for the first time, or not at all: a reader's gain or loss
    before, after = _phrases(old), _phrases(new)
    gone = [text for key, text in _claimed(before, old) if not _still(key, after, new)]
    come = [text for key, text in _claimed(after, new) if not _still(key, before, old)]
    if len(gone) == len(come) == 1:
        yield Change(
            kind="audience", field="audience", old=gone[0], new=come[0], importance=importance,
            words=f"Audience: {short(gone[0])} -> {short(come[0])}",
            site_wide=f"{steady(gone[0])}>{steady(come[0])}",
        )  # fmt: skip
        return
    for text in come:
        yield Change(
            kind="audience", field="audience", old=None, new=text, importance=importance,
            words=f"New audience: {short(text)}", site_wide=steady(text),
        )  # fmt: skip
    for text in gone:
        yield Change(
            kind="audience", field="audience", old=text, new=None, importance=importance,
            words=f"Audience gone: {short(text)}", site_wide=steady(text),
        )  # fmt: skip


def _phrases(page: PageFacts) -> dict[str, str]:
    """Phrases by their steady spelling; of two that hold each other, the shorter."""
    phrases = {steady(text): text for text in page.company.audience if steady(text)}
    return {
        key: text
        for key, text in phrases.items()
        if not any(key != other and other in key for other in phrases)
    }


def _claimed(phrases: dict[str, str], page: PageFacts) -> Iterator[tuple[str, str]]:
    """The phrases by which the company says whom it serves. A line of its own that only ends in one
    ("Best tools for accountants") is the title of an article it shows, which turns.
    """
    company = page.company
    spoken = steady("\n".join((
        page.title, page.description, company.tagline or "", company.positioning or "",
        *page.headings[:1],
    )))  # fmt: skip
    below = {steady(heading) for heading in page.headings[1:]}
    quotes = [one.quote for one in company.evidence if one.subject == "audience"]
    for key, text in phrases.items():
        said = [quote for quote in quotes if key in steady(quote)]
        if not said or key in spoken or any(_claims(quote, key, below) for quote in said):
            yield key, text


def _claims(quote: str, key: str, below: set[str]) -> bool:
    line = steady(quote)
    if line.startswith(key) or line.removesuffix(key).strip() in _LEADS:
        return True
    return line not in below and _ENDS.search(quote) is not None


def _still(key: str, others: dict[str, str], page: PageFacts) -> bool:
    if any(key in other or other in key for other in others):
        return True
    return key in steady(" ".join((page.title, page.description, page.text)))
