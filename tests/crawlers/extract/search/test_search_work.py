"""What a page does for search, read from pages written here."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.document import Document
from crawlers.extract.head import head_of
from crawlers.extract.search.keywords import in_articles, spaced
from crawlers.extract.search.reading import moment_of, search_work_of
from crawlers.extract.walk import outline_of
from crawlers.items import SearchWork

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def read(
    html: str, *, url: str = "https://shop.example/p", lang: str = "en", **headers: str
) -> SearchWork:
    document = Document(url, html.encode(), headers=headers, fetched_at=NOW)
    outline = outline_of(document)
    return search_work_of(document, outline, head_of(document, outline), lang=lang)


def page(title: str, h1: str = "", description: str = "", *below: str, site: str = "") -> str:
    parts = [f"<title>{title}</title>"]
    if description:
        parts.append(f'<meta name="description" content="{description}">')
    if site:
        parts.append(f'<meta property="og:site_name" content="{site}">')
    parts.append(f"<body><h1>{h1}</h1>" + "".join(f"<h2>{text}</h2><p>x" for text in below))
    return "".join(parts)


def phrases(search: SearchWork) -> list[str]:
    return [keyword.phrase for keyword in search.keywords]


@pytest.mark.parametrize(
    ("lang", "url", "html", "first", "others"),
    [
        ("en", "https://tills.example/point-of-sale-software",
         page("Point of sale software for small cafés | Tillworks", "Point of sale software",
              "Tillworks is point of sale software with stock and staff built in.",
              "Stock control", "Why cafés choose Tillworks", "FAQ", site="Tillworks"),
         "Point of sale software", {"small cafés", "Stock control"}),
        ("en", "https://a.example/trail-running-shoes",
         page("Trail Running Shoes for Women - Shop Now", "Women's Trail Running Shoes"),
         "Trail Running Shoes", {"Women's Trail Running Shoes"}),
        ("vi", "https://quan.example/phan-mem-quan-ly-kho",
         page("Phần mềm quản lý kho cho cửa hàng nhỏ | Quản Gia", "Phần mềm quản lý kho",
              "Quản Gia giúp bạn kiểm kê nhanh với phần mềm quản lý kho dễ dùng.",
              "Kiểm kê tồn kho", "Câu hỏi thường gặp", site="Quản Gia"),
         "Phần mềm quản lý kho", {"cửa hàng nhỏ", "Kiểm kê tồn kho"}),
        ("zh", "https://caidan.example/",
         page("餐厅点餐系统_扫码点餐小程序-好味云", "餐厅点餐系统", "好味云提供餐厅点餐系统",
              "会员管理", "联系我们", site="好味云"),
         "餐厅点餐系统", {"扫码点餐小程序", "会员管理"}),
        ("zh", "https://pos.example/",
         page("門市 POS 系統｜雲端收銀", "門市 POS 系統", "", "庫存管理"),
         "門市 POS 系統", {"雲端收銀", "庫存管理"}),
    ],
)  # fmt: skip
def test_keywords_of_a_page(lang: str, url: str, html: str, first: str, others: set[str]) -> None:
    found = phrases(read(html, url=url, lang=lang))
    assert found[0] == first
    assert others <= set(found)


@pytest.mark.parametrize(
    ("lang", "html", "never"),
    [
        ("en", page("Pricing | Tillworks", "Contact us", "", "Frequently asked questions",
                    site="Tillworks"), {"pricing", "contact us", "tillworks", "contact"}),
        ("vi", page("Bảng giá - Quản Gia", "Liên hệ", "", "Câu hỏi thường gặp", site="Quản Gia"),
         {"bảng giá", "liên hệ", "quản gia", "câu hỏi thường gặp"}),
        ("zh", page("产品功能-好味云", "功能介绍", "", "联系我们", site="好味云"),
         {"产品功能", "功能", "功能介绍", "产品", "联系我们", "好味云", "功能介"}),
    ],
)  # fmt: skip
def test_what_is_nobodys_keyword(lang: str, html: str, never: set[str]) -> None:
    assert not {phrase.lower() for phrase in phrases(read(html, lang=lang))} & never


def test_the_places_of_a_keyword_weigh() -> None:
    html = page("Garden sheds", "Garden sheds", "Garden sheds built to last", "Cedar garden sheds")
    (best, *_) = read(html, url="https://a.example/garden-sheds").keywords
    assert (best.folded, best.places) == (
        "garden sheds", ("title", "h1", "slug", "description", "heading"),
    )  # fmt: skip
    assert best.weight == 10


def test_traditional_and_simplified_characters_are_one_keyword() -> None:
    simplified = read(page("门店收银系统", "门店收银系统"), lang="zh").keywords[0]
    traditional = read(page("門店收銀系統", "門店收銀系統"), lang="zh").keywords[0]
    assert simplified.folded == traditional.folded
    assert traditional.phrase == "門店收銀系統"


@pytest.mark.parametrize(
    ("url", "canonical", "word"),
    [
        ("https://a.example/p", "https://a.example/p", "self"),
        ("https://a.example/p/", "https://a.example/p", "self"),
        ("http://a.example/p", "https://a.example/p", "self"),
        ("https://a.example/p?utm_source=mail", "/p", "self"),
        ("https://a.example/p?b=2&a=1", "/p?a=1&b=2", "self"),
        ("https://a.example/p?page=2", "/p", "other"),
        ("https://a.example/p", "https://b.example/p", "other"),
        ("https://a.example/p", "", "none"),
        ("https://a.example/p", "http://[", "none"),
    ],
)
def test_canonical(url: str, canonical: str, word: str) -> None:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    assert read(f"<title>x</title>{link}", url=url).canonical == word


@pytest.mark.parametrize(
    ("html", "headers", "indexable"),
    [
        ('<meta name="robots" content="index, follow">', {}, True),
        ('<meta name="robots" content="NOINDEX,follow">', {}, False),
        ('<meta name="googlebot" content="none">', {}, False),
        ("", {"x-robots-tag": "googlebot: noindex"}, False),
        ('<meta name="robots" content="noimageindex">', {}, True),
    ],
)
def test_pages_that_ask_not_to_be_listed(
    html: str, headers: dict[str, str], indexable: bool
) -> None:
    assert read(html, **headers).indexable is indexable


def test_headings_in_their_order_with_blocks_inside_them() -> None:
    search = read(
        "<h1><div>Desks</div><div>for two</div></h1><h2>Oak</h2><h3>Small</h3><h2>Pine</h2>"
        "<footer><h2>Follow us</h2></footer>"
    )
    assert search.h1s == ("Desks for two",)
    assert [(h.level, h.text) for h in search.headings[:4]] == [
        (1, "Desks for two"), (2, "Oak"), (3, "Small"), (2, "Pine"),
    ]  # fmt: skip


def test_structured_data_languages_feeds_and_dates() -> None:
    search = read(
        '<link rel="alternate" hreflang="en-GB" href="/en"><link rel="alternate" hreflang="vi" '
        'href="/vi"><link rel="alternate" type="application/rss+xml" href="/blog/feed/">'
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        '<div itemscope itemtype="https://schema.org/Product"></div>'
        '<script type="application/ld+json">{"@graph": [{"@type": ["BlogPosting", "Thing"], '
        '"datePublished": "2026-05-01T07:00:00+07:00", "dateModified": "2027-01-01"}]}</script>'
    )
    assert search.hreflangs == ("en-GB", "vi")
    assert search.structured == ("BlogPosting", "Thing", "Product")
    assert search.feeds == ("https://shop.example/blog/feed/",)
    assert search.published_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert search.modified_at is None  # it has not come yet


@pytest.mark.parametrize(
    ("html", "day"),
    [
        ('<meta property="article:published_time" content="2026-03-04T05:06:07Z">', 4),
        ('<article><time datetime="2026-03-05">last week</time></article>', 5),
        ("<article><time>5 March</time></article>", None),
        ('<script type="application/ld+json">{"@type": "Product", "datePublished": '
         '"2026-03-04"}</script>', None),
    ],
)  # fmt: skip
def test_where_a_page_says_its_date(html: str, day: int | None) -> None:
    published = read(html).published_at
    assert (published.day if published else None) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05", "2026-05-01T00:00:00+00:00"),
        ("2026-05-09", "2026-05-09T00:00:00+00:00"),
        ("2026-05-09T23:30+08:00", "2026-05-09T15:30:00+00:00"),
        (" 20260509 ", "2026-05-09T00:00:00+00:00"),
        ("2026-13-40", None), ("9 May 2026", None), ("", None), (None, None), ("0001-01-01", None),
    ],
)  # fmt: skip
def test_times_of_the_w3c_form(text: str | None, moment: str | None) -> None:
    found = moment_of(text)
    if text == "0001-01-01":
        assert found is None or found.year == 1
    else:
        assert (found.isoformat() if found else None) == moment


@pytest.mark.parametrize(
    ("parts", "within", "found"),
    [
        (["blog", "hello-world"], False, True),
        (["tin-tuc", "khai-truong"], False, True),
        (["2026", "05", "hello"], False, True),
        (["新闻", "1"], False, True),
        (["products", "blog-holder"], False, False),
        (["post-sitemap"], True, True),
        (["2026", "pricing"], False, False),
        ([], True, False),
    ],
)
def test_where_articles_stand(parts: list[str], within: bool, found: bool) -> None:
    assert in_articles(parts, within=within) is found


def test_phrases_are_spelt_one_way() -> None:
    assert spaced("E-commerce: 收銀系統 & POS.") == " e commerce | 收 银 系 统 & pos "


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(["en", "vi", "zh", "und"]))
def test_no_text_makes_it_fail(title: str, heading: str, lang: str) -> None:
    html = page(title.replace("<", ""), heading.replace("<", ""), heading.replace('"', ""), title)
    for keyword in read(html, lang=lang).keywords:
        assert keyword.phrase and keyword.folded and keyword.places


def test_a_page_of_one_endless_word_is_read_fast() -> None:
    search = read(page("收银" * 50_000, "a-" * 50_000, "x " * 50_000, *["y z"] * 2_000), lang="zh")
    assert len(search.keywords) <= 24
