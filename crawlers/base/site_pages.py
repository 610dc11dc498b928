"""Reading a page of a company's site, as far as it takes the page alone: what readers do. Pure."""

from dataclasses import dataclass

from crawlers.browser.shell import Shell, says_something, shell_of
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.items import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """A page with its facts; ``shell``: the mark that it says nothing without JavaScript, of a page
    as it was sent; ``speaks``: whether it says something, of one that was drawn.
    """

    page: Page
    shell: Shell | None = None
    speaks: bool = True


def read_site_page(document: Document, *, drawn: bool) -> SitePage:
    """Read a page.

    :param drawn: whether the document is the page as a browser drew it.
    """
    page = read_page(document)
    if drawn:
        return SitePage(page=page, speaks=says_something(document, page))
    return SitePage(page=page, shell=shell_of(document, page))
