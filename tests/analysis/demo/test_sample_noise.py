"""The sample's noise, page by page, in every order of visits: no fact of it is a change."""

from itertools import permutations

import pytest

from analysis.demo.content import Site, SitePage, load_sites
from analysis.demo.noise import noisy
from analysis.demo.sites import site_answer
from crawlers.document import Document
from crawlers.extract import read_page
from pipelines.changes import PageFacts, compare, stand_in_of

PORT = 8600
PAGES = [(site, page) for site in load_sites() if not site.closed for page in site.pages]


def visit(site: Site, page: SitePage, draw: int) -> PageFacts:
    found = site_answer(site, page.path, PORT)
    html = noisy(found.body.decode(site.encoding), site, page.path, draw=draw)
    document = Document(
        f"http://{site.host}:{PORT}{page.path}", html.encode(site.encoding, "xmlcharrefreplace"),
        headers=dict(found.headers),
    )  # fmt: skip
    read = read_page(document)
    return PageFacts(
        url=read.url, kind=read.kind, title=read.title, description=read.description,
        company=read.company, offers=read.offers, text=read.text, headings=read.headings,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("site", "page"), PAGES, ids=[f"{site.id}{page.path}" for site, page in PAGES]
)
def test_no_visit_differs_from_another(site: Site, page: SitePage) -> None:
    visits = [visit(site, page, draw) for draw in range(3)]
    for old, new in permutations(visits, 2):
        assert [change.words for change in compare(old, new)] == []
        assert stand_in_of(old, new, inner_links=5) is None
