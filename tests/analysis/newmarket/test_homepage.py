"""A home page's facts as the answers they give."""

from decimal import Decimal
from typing import Any

import pytest

from analysis.newmarket.answers import Answers
from analysis.newmarket.homepage import answers_of, home_page
from analysis.newmarket.visit import HomePageError
from crawlers.items import Company, Offer, Page, Signal


def page(**changes: object) -> Page:
    return Page(**{"url": "https://nen.example/", "kind": "home", "lang": "vi", **changes})  # type: ignore[arg-type]


def test_what_the_page_says_is_taken_over() -> None:
    found = answers_of(
        page(
            description="meta",
            company=Company(
                name="Tiệm Nến",
                description="Nến thơm làm tay tại Đà Lạt.",
                audience=("cho khách sạn", "cho khách sạn"),
                places=("Đà Lạt", "Huế"),
            ),
            offers=(Offer(name="Nến quế", price=Decimal(90_000)), Offer(name=None), Offer(name="")),
            signals=(Signal(kind="meta", value="keywords=nến thơm, nến quế，nến sáp"),),
        ),
        site="https://nen.example",
    )
    assert found == Answers(
        name="Tiệm Nến",
        sells="Nến thơm làm tay tại Đà Lạt.",
        audience=("cho khách sạn",),
        regions=("Đà Lạt", "Huế"),
        site="https://nen.example",
        offers=("Nến quế",),
        keywords=("nến thơm", "nến quế", "nến sáp"),
        languages=("vi",),
    )


def test_the_meta_description_stands_in() -> None:
    assert answers_of(page(description=" Nến \n thơm "), site="s").sells == "Nến thơm"


def test_a_page_that_says_nothing_answers_nothing() -> None:
    assert answers_of(page(lang="und", title="Home"), site="s") == Answers(site="s")


def test_hostile_texts_are_cut_and_harmless() -> None:
    found = answers_of(
        page(
            description="x" * 100_000,
            company=Company(name="A\x1b]0;evil\x07\n" * 50),
            offers=tuple(Offer(name=f"offer {n} " + "y" * 5_000) for n in range(500)),
        ),
        site="s",
    )
    assert found.name is not None
    assert found.name.isprintable()
    assert len(found.name) <= 80
    assert len(found.sells or "") <= 400
    assert len(found.offers) == 12
    assert all(len(offer) <= 100 for offer in found.offers)


HOME = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Tiệm Nến Đà Lạt</title>
<meta name="description" content="Nến thơm làm tay từ sáp đậu nành, giao khắp Việt Nam.">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Organization",
"name": "Tiệm Nến Đà Lạt", "url": "https://nen.example/"}</script></head><body><header>
<a href="/">Trang chủ</a> <a href="/san-pham">Sản phẩm</a></header><main><h1>Nến thơm làm tay</h1>
<p>Chúng tôi làm nến thơm từ sáp đậu nành cho gia đình, khách sạn và quán cà phê.</p></main>
</body></html>"""


def test_a_home_page_from_the_server_to_the_answers(site: Any) -> None:
    site.pages["/"] = (200, {"Content-Type": "text/html"}, HOME.encode())
    url = site.url(host="nen.localhost")
    found = answers_of(home_page(url, allow_private=True), site=url)
    assert found.name == "Tiệm Nến Đà Lạt"
    assert found.sells == "Nến thơm làm tay từ sáp đậu nành, giao khắp Việt Nam."
    assert found.languages == ("vi",)
    assert found.site == url


def test_what_is_no_page_is_told(site: Any) -> None:
    site.pages["/"] = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.7 ...")
    with pytest.raises(HomePageError) as caught:
        home_page(site.url(), allow_private=True)
    assert (caught.value.reason, caught.value.detail) == ("not_html", "application/pdf")
