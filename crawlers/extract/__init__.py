"""A company page in, facts out: kind, text, offers, company, links, signals, search work.

One parse and one walk serve every reader. Pure: no network, no clock, no storage; odd pages give
fewer facts, never an error.
"""

from crawlers.document import Document
from crawlers.extract.company.reading import company_of
from crawlers.extract.head import head_of
from crawlers.extract.kinds.reading import kind_of, kind_of_link, page_priority
from crawlers.extract.links import links_of
from crawlers.extract.notices import notices_of
from crawlers.extract.offers.reading import offers_of
from crawlers.extract.prices.currency import hints_of
from crawlers.extract.reviews.reading import read_reviews
from crawlers.extract.search.reading import search_work_of
from crawlers.extract.signals import signals_of
from crawlers.extract.structured import told
from crawlers.extract.texts.reading import join_blocks, main_blocks
from crawlers.extract.walk import outline_of
from crawlers.items import Page
from crawlers.language import language_of, script_of

__all__ = ["kind_of_link", "page_priority", "read_page"]

_HEADINGS = frozenset({"h1", "h2", "h3"})
_MOST_HEADINGS = 60


def read_page(document: Document, *, timezone: str | None = None) -> Page:
    """Read a company page.

    :param document: an HTML page; anything else gives a page of kind ``other`` without facts.
    :param timezone: zone of the local times its reviews show, an IANA name.
    :returns: the facts, with every raw signal and outlink. Addresses are absolute http(s),
        texts NFC on one line, but ``text``, whose blocks are parted by line breaks.
    """
    if not document.is_html:
        return Page(url=document.url, kind="other", lang="und")
    outline = outline_of(document)
    head = head_of(document, outline)
    kind = kind_of(document, outline, head)
    subject = told(document)
    blocks = main_blocks(outline, kind, subject)
    text = join_blocks(blocks)
    if len(text) < len(subject) // 4:
        text = f"{text}\n{subject}".strip()  # built by scripts: only its data says what it says
    sample = text if len(text) > 200 else " ".join((head.title, head.description, text))
    lang = language_of(sample, hint=head.lang or None)
    hints = hints_of(document, outline, head, lang)
    return Page(
        url=document.url,
        kind=kind,
        lang=lang,
        script=script_of(sample) if lang == "zh" else None,
        title=head.title,
        description=head.description,
        text=text,
        notices=notices_of(outline, {block.text for block in blocks}),
        headings=tuple(
            dict.fromkeys(
                block.text[:300]
                for block in outline.blocks
                if block.tag in _HEADINGS and block.place == "body"
            )
        )[:_MOST_HEADINGS],
        canonical=head.canonical,
        offers=offers_of(document, outline, head, kind, hints),
        company=company_of(document, outline, head, kind, text),
        signals=signals_of(document, outline, head),
        links=links_of(outline),
        reviews=read_reviews(document, outline, lang=head.lang or lang, timezone=timezone),
        search=search_work_of(document, outline, head, lang=lang),
    )
