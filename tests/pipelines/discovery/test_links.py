"""Pages in, candidates out."""

import pytest

from pipelines.discovery import PageLink, PageText, Seeker, candidates_in_pages

TILLS = Seeker(name="Dovetill", description="Point of sale software for small shops.")


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Quillmart vs Pennyfern: which POS?", {"Quillmart", "Pennyfern"}),
        ("Dovetill vs Pennyfern", {"Pennyfern"}),
        ("The best alternative to Quillmart for cafés", {"Quillmart"}),
        ("Quillmart so với TiệmGọn", {"Quillmart", "TiệmGọn"}),
        ("cash vs card", set()),
        ("Our story", set()),
    ],
)
def test_comparison_pages(title: str, names: set[str]) -> None:
    page = PageText(url="https://a.example/x", title=title)
    assert {one.name for one in candidates_in_pages([page], TILLS)} == names


def test_a_directory_of_the_trade_gives_the_sites_it_links_to() -> None:
    links = tuple(PageLink(url=f"https://brand{n}.com/", text=f"Brand{n}") for n in range(6))
    deep = PageLink(url="https://other.com/blog/post", text="Read")
    page = PageText(
        url="https://list.org/pos", title="Best point of sale software", links=(*links, deep)
    )
    got = candidates_in_pages([page], TILLS)
    assert [one.site for one in got] == [link.url for link in links]
    other = PageText(url="https://list.org/x", title="Best hiking trails", links=links)
    assert candidates_in_pages([other], TILLS) == ()
