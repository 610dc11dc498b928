"""Whether a page states a fact that a change is about."""

from pipelines.changes.hiring import job_titles
from pipelines.changes.model import Change, PageFacts
from pipelines.changes.noise import steady
from pipelines.changes.promotions import PROMISING, page_promotions


def states(page: PageFacts, change: Change) -> bool:
    """Whether a page states what a change says is new (``change.new``), or was there before.

    For a fact that belongs to the site: a promotion of three pages has not ended while one of them
    still shows it. False for changes that a page alone decides.
    """
    key = change.site_wide
    if key is None:
        return False
    if change.kind == "promotion":
        return page.kind in PROMISING and any(key == found.key for found in page_promotions(page))
    if change.kind == "audience":
        phrases = (*page.company.audience, page.title, page.description, page.text)
        return any(key in steady(text) for text in phrases)
    return change.kind == "hiring" and key in job_titles(page)


def stood_before(page: PageFacts, change: Change) -> bool:
    """Whether an earlier version of the page already said what a change says is new: it turns
    between values, as a rotating slogan does.
    """
    if change.new is None or change.site_wide is None:
        return False
    if change.kind == "positioning":
        value = steady(change.new)
        spoken = (page.title, page.description, page.company.tagline or "",
                  page.company.positioning or "", *page.headings[:1])  # fmt: skip
        return any(value in steady(text) for text in spoken)
    if change.kind in ("promotion", "audience") and change.old is None:
        return states(page, change)
    return False
