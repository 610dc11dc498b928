"""A site's home page, read for what a market file asks."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from analysis.newmarket.answers import Answers, tidy
from analysis.newmarket.visit import HomePageError, visit
from crawlers.document import Document
from crawlers.marketfile.values import LANGUAGES

if TYPE_CHECKING:
    from crawlers.items import Page


def home_page(url: str, *, allow_private: bool = False) -> "Page":
    """Fetch and read a home page.

    :param url: absolute http(s) address.
    :param allow_private: whether loopback and private addresses may be asked.
    :raises HomePageError: where it may not be read, cannot be had, or is no page.
    """
    found = visit(url, allow_private=allow_private)
    document = Document(found.url, found.body, headers=found.headers, fetched_at=datetime.now(UTC))
    if not document.is_html:
        raise HomePageError("not_html", found.url, document.content_type or "?")
    from crawlers.extract import read_page  # only a page that came needs its readers

    return read_page(document)


def answers_of(page: "Page", *, site: str) -> Answers:
    """What a home page says that a market file asks. Every text is cut, clean and one line."""
    company = page.company
    sells = next(
        (
            text
            for text in (company.description, page.description, company.tagline)
            if text and tidy(text)
        ),
        None,
    )
    name = tidy(company.name or "", longest=80)
    offers = (tidy(offer.name or "", longest=100) for offer in page.offers)
    return Answers(
        name=name or None,
        sells=tidy(sells) if sells else None,
        audience=_some(company.audience, 6),
        regions=_some(company.places, 6),
        site=site,
        offers=_some(tuple(offers), 12),
        keywords=_some(_meta_keywords(page), 12),
        languages=(page.lang,) if page.lang in LANGUAGES else (),
    )


def _some(texts: tuple[str, ...], most: int) -> tuple[str, ...]:
    clean = (tidy(text, longest=100) for text in texts)
    return tuple(dict.fromkeys(text for text in clean if text))[:most]


def _meta_keywords(page: "Page") -> tuple[str, ...]:
    for signal in page.signals:
        name, _, content = signal.value.partition("=")
        if signal.kind == "meta" and name.strip().lower() == "keywords":
            return tuple(content[:2_000].replace("，", ",").replace("、", ",").split(","))
    return ()
