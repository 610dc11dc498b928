"""Reviews of a product's page: each once, with its own words; and no page without them has any."""

import json
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from analysis.inspecting import inspect_document
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.extract.reviews.reading import read_reviews
from crawlers.items import Post

PAGES = Path(__file__).parents[3] / "pages" / "companies"
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
URL = "https://shop.example/p/printer"
LD = '<script type="application/ld+json">%s</script>'
BUY = '<button class="add-to-cart">Add to cart</button>'


def document(body: str | bytes, url: str = URL) -> Document:
    body = body.encode() if isinstance(body, str) else body
    return Document(url, body, headers={"content-type": "text/html"}, fetched_at=NOW)


def saved(name: str) -> Document:
    return document((PAGES / name).read_bytes())


def read(body: str, lang: str = "en") -> tuple[Post, ...]:
    return read_reviews(document(body), lang=lang)


def test_json_ld_and_blocks_are_one_list_each_review_once() -> None:
    odette, piet, harriet = read_reviews(saved("en_reviews.html"), lang="en-US")
    assert odette.author == "Odette K." and odette.rating == 2
    assert odette.text == (
        "Jams every Friday\nWe swapped two rolls a day and it still jams when the queue is long. "
        "The cutter went blunt after a month and nobody at the shop answered our mails."
    )
    assert odette.posted_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert (odette.id, odette.url) == ("7701", f"{URL}#comment-7701")
    assert odette.thread_title == "Fernhill Till Roll Printer" and odette.thread_url is None
    # The data says 9 of 10 and no date; the block has the date.
    assert piet.rating == Decimal("4.5")
    assert piet.text == "Small, quiet, does what a printer must do.\n+ quiet\n- short cable"
    assert piet.posted_at == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert piet.posted_precision in ("minute", "second")
    assert harriet.author == "Harriet Bloom" and harriet.rating == 5
    assert harriet.text.splitlines()[0] == "Set it up in ten minutes."
    assert harriet.posted_at == datetime(2026, 1, 20, 18, 30, tzinfo=UTC)


def test_vietnamese_blocks() -> None:
    hang, bao = read_reviews(saved("vi_reviews.html"), lang="vi", timezone="Asia/Ho_Chi_Minh")
    assert (hang.author, hang.rating, hang.id) == ("Thu Hằng", 4, "88121")
    assert hang.text == "Nồi chín đều, ít khói nhưng quạt hơi ồn khi bật mức cao."
    assert hang.posted_at is not None and hang.posted_at.date().isoformat() in (
        "2026-06-04", "2026-06-05",
    )  # fmt: skip
    assert hang.posted_precision == "day" and hang.posted_text == "05/06/2026"
    assert (bao.author, bao.rating) == ("Quốc Bảo", 2)
    assert bao.text.count("\n") == 1
    assert hang.thread_title == "Nồi chiên Mây Trắng 6 lít"


def test_chinese_blocks_keep_the_sellers_words_out() -> None:
    first, second = read_reviews(saved("zh_reviews.html"), lang="zh")
    assert (first.author, first.rating) == ("木***鱼", 5)
    assert first.text == "打印很快，摆摊用正好，续航比说的还久一点。"
    assert second.rating == 3
    assert second.text == "屏幕反光，太阳底下看不清。\n追评：贴了膜还是不行，想退。"
    assert [p.posted_at and p.posted_at.date().isoformat() for p in (first, second)] == [
        "2026-05-02", "2026-04-28",
    ]  # fmt: skip


REVIEW = '{"@type":"Review","author":{"name":"Ann"},"reviewBody":"Holds ink well.",%s}'


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        ('"reviewRating":{"ratingValue":"4,5"}', "4.5"),
        ('"reviewRating":{"ratingValue":8,"bestRating":"10"}', "4"),
        ('"reviewRating":{"ratingValue":"7"}', "3.5"),
        ('"reviewRating":{"ratingValue":90,"bestRating":100}', "4.5"),
        ('"reviewRating":{"ratingValue":"80%"}', "4"),
        ('"reviewRating":{"ratingValue":"4/5"}', "4"),
        ('"reviewRating":[{"ratingValue":3}]', "3"),
        ('"reviewRating":{"ratingValue":12,"bestRating":5},"datePublished":"2026-01-02"', None),
        ('"reviewRating":{"ratingValue":true},"datePublished":"2026-01-02"', None),
        ('"reviewRating":"many","datePublished":"2026-01-02"', None),
    ],
)
def test_ratings_are_of_five(rating: str, expected: str | None) -> None:
    (post,) = read(LD % ('{"@type":"Product","name":"Pen","review":%s}' % (REVIEW % rating)))
    assert post.rating == (Decimal(expected) if expected else None)
    assert (post.author, post.text) == ("Ann", "Holds ink well.")


STARS = {
    "characters": "<span>★★★★☆</span>",
    "characters apart": "<span class=s>★</span>".replace("★", "★★★★"),
    "words": '<span aria-label="Rated 4 out of 5 stars"></span>',
    "german": "<span>4,0 von 5 Sternen</span>",
    "vietnamese": "<span>4 sao</span>",
    "chinese": "<span>4星</span>",
    "fraction": "<b>4/5</b>",
    "width": '<div class="stars"><i style="width: 80%"></i></div>',
    "attribute": '<div class="stars" data-rating="4"></div>',
    "class": '<i class="icon star-4"></i>',
    "icons": '<p class="rating">'
    + '<i class="fa fa-star"></i>' * 4
    + '<i class="fa fa-star-o"></i></p>',
    "pictures": "<p>" + '<img src="/star-full.png">' * 4 + '<img src="/star-empty.png"></p>',
}  # fmt: skip


@pytest.mark.parametrize("how", sorted(STARS))
def test_stars_however_they_are_drawn(how: str) -> None:
    (post,) = read(
        f'{BUY}<h1>Pen</h1><div class="review-card">{STARS[how]}<span class="author">Ann</span>'
        '<p class="review-text">Writes on wet paper.</p></div>'
    )
    assert (post.rating, post.author, post.text) == (4, "Ann", "Writes on wet paper.")


@pytest.mark.parametrize(
    "block",
    [
        # review apps by their own names
        '<div class="jdgm-rev" data-review-id="a81"><span class="jdgm-rev__rating" data-score="5">'
        '</span><span class="jdgm-rev__timestamp">05/13/2026</span><span class="jdgm-rev__author">'
        'Bo</span><b class="jdgm-rev__title">Sturdy</b><div class="jdgm-rev__body"><p>Dry feet all '
        "week.</p></div></div>",
        '<div class="yotpo-review"><span class="yotpo-user-name">Bo</span><span class="sr-only">'
        '5.0 star rating</span><span class="yotpo-review-date">05/13/26</span><div class='
        '"content-title">Sturdy</div><div class="content-review">Dry feet all week.</div></div>',
        '<div class="stamped-review"><strong class="author">Bo</strong><div class="created">'
        '05/13/2026</div><span class="stamped-starratings" data-rating="5"></span><h3 class='
        '"stamped-review-header-title">Sturdy</h3><p'
        ' class="stamped-review-content-body">Dry feet all '
        "week.</p></div>",
        # Magento, hashed class names, microdata
        '<li class="item review-item"><div class="review-title">Sturdy</div><div'
        ' class="rating-result"'
        ' title="100%"><span style="width:100%"></span></div><div class="review-content">Dry feet '
        'all week.</div><p>Review by <strong class="review-author">Bo</strong></p><time '
        'datetime="2026-05-13">5/13/26</time></li>',
        '<li class="reviewItem_3kQ9z"><i class="stars_9Xa1b"'
        ' data-rating="5"></i><h4>Sturdy</h4><span '
        'class="author_1ZbQ2">Bo</span><span data-date="2026-05-13" class="date_7hYt2">May 13, '
        '2026</span><p class="text_0Lm4P">Dry feet all week.</p></li>',
        '<div itemprop="review" itemscope itemtype="http://schema.org/Review"><span'
        ' itemprop="name">'
        'Sturdy</span><span itemprop="author" itemscope itemtype="http://schema.org/Person"><b '
        'itemprop="name">Bo</b></span><meta itemprop="datePublished"'
        ' content="2026-05-13"><div itemprop='
        '"reviewRating" itemscope><meta itemprop="ratingValue" content="10"><meta itemprop='
        '"bestRating" content="10"></div><div itemprop="reviewBody">Dry feet all week.</div></div>',
    ],
)  # fmt: skip
def test_apps_themes_and_microdata(block: str) -> None:
    (post,) = read(f"{BUY}<h1>Boots</h1>{block}", lang="en-US")
    assert (post.author, post.rating, post.text) == ("Bo", 5, "Sturdy\nDry feet all week.")
    assert post.posted_at is not None and post.posted_at.date().isoformat() == "2026-05-13"


def test_blocks_nobody_named() -> None:
    rows = "".join(
        f'<div class="x1 {i}"><div class="a">{who}</div><div class="b" aria-label="{n} out of 5 '
        f'stars"></div><div class="c">May {i + 3}, 2026</div><div class="d">{text}</div></div>'
        for i, (who, n, text) in enumerate(
            [("Ada", 5, "Boils in two minutes flat."), ("Ben", 1, "Lid broke on the first day."),
             ("Cy", 3, "Fine, but the handle gets hot.")]
        )
    )  # fmt: skip
    posts = read(
        f"{BUY}<h1>Kettle</h1><section><h2>Customer reviews</h2><div>{rows}</div></section>"
    )
    assert [p.rating for p in posts] == [5, 1, 3]
    assert [p.text.splitlines()[-1] for p in posts] == [
        "Boils in two minutes flat.", "Lid broke on the first day.",
        "Fine, but the handle gets hot.",
    ]  # fmt: skip


def test_the_state_of_a_script() -> None:
    state = {"props": {"pageProps": {"reviews": [
        {"id": "66f0aa", "title": "Slow refund", "text": "Three weeks for my money.", "rating": 1,
         "consumer": {"displayName": "Wim"},
         "dates": {"publishedDate": "2026-04-02T07:30:00.000Z"}},
        {"id": "66f0ab", "text": "", "rating": 5, "consumer": {"displayName": "No words"}},
    ]}}}  # fmt: skip
    (post,) = read(
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
    )
    assert (post.id, post.author, post.rating) == ("66f0aa", "Wim", 1)
    assert post.text == "Slow refund\nThree weeks for my money."
    assert post.posted_at == datetime(2026, 4, 2, 7, 30, tzinfo=UTC)


def test_reviews_of_several_products_name_theirs() -> None:
    data = [
        {"@type": "Product", "name": name, "url": f"/p/{name}",
         "review": {"@type": "Review", "author": "Z", "reviewBody": f"{name} is good enough.",
                    "reviewRating": {"ratingValue": 4}}}
        for name in ("mug", "jug")
    ]  # fmt: skip
    posts = read(LD % json.dumps(data))
    assert [(p.thread_title, p.thread_url) for p in posts] == [
        ("mug", "https://shop.example/p/mug"), ("jug", "https://shop.example/p/jug"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Reviews</h1><p>Write the first review.</p>",
        # an average alone
        LD % '{"@type":"Product","name":"P","aggregateRating":{"ratingValue":4,"reviewCount":9}}',
        f'{BUY}<div class="product-review"><i>4.6 out of 5</i><p>Based on 120 reviews</p></div>',
        # rows of the distribution, other products' cards
        f'{BUY}<div id="reviews"><div class="rating-row">5 stars</div><div'
        f' class="rating-row">4 stars'
        "</div></div>",
        f'{BUY}<div class="review-card"><span aria-label="5 out of 5"></span><h3>Mug</h3><b '
        'class="price">$9</b><time datetime="2026-01-01">New</time></div>',
        # a form
        f'{BUY}<div class="review-form"><label>Your name</label><label>Rating</label></div>',
        # testimonials: by name, and as a review without rating or date
        f'{BUY}<div class="testimonials"><div class="review"><span>★★★★★</span><b class="author">Jo'
        "</b><p class=text>They changed our business.</p></div></div>",
        LD % '{"@type":"SoftwareApplication","name":"S","review":{"@type":"Review","author":"Jo",'
        '"reviewBody":"They changed our business."}}',
        # editors: an article's review, a critic's
        LD % '{"@type":"NewsArticle","headline":"The best kettles"}'
        + LD % '{"@type":"Product","name":"K","review":{"@type":"Review","author":"Ed","name":'
        '"Our pick.","reviewRating":{"ratingValue":4}}}',
        LD % '{"@type":"CriticReview","author":"Ed","reviewBody":"Fine.","reviewRating":'
        '{"ratingValue":4},"itemReviewed":{"@type":"Movie","name":"M"}}',
        # a magazine's list of its reviews
        '<div class="review-card"><h3><a href="/kettle">Kettle X</a></h3><span>4/5</span><span '
        'class="author">Ed</span><time datetime="2026-01-01">x</time><p class="text">Our'
        ' verdict.</p>'
        "</div>" * 3,
        # comments below an article, and questions on a product's page
        '<article><li class="comment"><b class="author">Al</b><time'
        ' datetime="2026-01-01">x</time><p '
        'class="comment-text">Nice post.</p></li></article>',
        f'{BUY}<ul><li class="bv-content-item" itemscope'
        f' itemtype="http://schema.org/Answer"><b class='
        '"author">Al</b><time datetime="2026-01-01">x</time><p class=text>Yes it'
        ' does.</p></li></ul>',
    ],
)  # fmt: skip
def test_pages_without_customers_reviews(body: str) -> None:
    assert read(body) == ()


def test_numbers_that_begin_anew_on_every_page_are_no_ids() -> None:
    block = (
        '<div class="review" id="review-{0}"><b class="author">P{0}</b><span>{0}/5</span>'
        '<p class="text">Words of number {0}.</p></div>'
    )
    posts = read(BUY + "".join(block.format(n) for n in (1, 2, 3)))
    assert [p.id for p in posts] == [None] * 3
    assert [p.url for p in posts] == [f"{URL}#review-{n}" for n in (1, 2, 3)]


def test_the_authors_name_stays_out_of_the_time() -> None:
    (post,) = read(
        f'{BUY}<article class="review-item"><h5 class="review-item-title">Cold for a day</h5><div '
        'class="review-meta">Written by Greta Holm on Jul 5th 2025</div><p'
        ' class="review-item-body">'
        "Ice was still there after lunch.</p></article>"
    )
    assert post.author == "Greta Holm" and "Greta" not in (post.posted_text or "")
    assert post.posted_at == datetime(2025, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    [
        '{"@type":"Product","review":7}',
        '{"@type":"Product","review":[null,[],{"author":[[]],"reviewRating":[[{}]]}]}',
        '{"@type":"Product","review":{"@type":"Review","reviewBody":{"a":1},"author":{"name":{}}}}',
        '{"@type":"Review","reviewBody":["x"],"reviewRating":{"ratingValue":1e400}}',
        '{"@type":"Review","name":5,"reviewBody":"x","datePublished":[1],"url":"http://["}',
        '{"@type":"Review","reviewBody":"' + "-" * 50_000 + '","reviewRating":'
        '{"ratingValue":"' + "9" * 5_000 + '"}}',
    ],
)
def test_odd_data(data: str) -> None:
    assert all(post.text for post in read(LD % data))


@pytest.mark.parametrize(
    "body",
    [
        '<div class="review">' * 3_000 + "words 4/5",
        f'{BUY}<div class="review"><b class="author">A</b>4/5<p>' + "!" * 60_000 + "a</p></div>",
        f'{BUY}<div class="review"><b class="author">{"by " * 20_000}</b><i>4/5</i><p>x</p></div>',
        BUY + '<div class="review"><b class="author">A</b><i>4/5</i><p>word</p></div>' * 4_000,
        f'{BUY}<div class="reviews">' + '<i class="star" aria-label="4/5"></i>' * 20_000 + "</div>",
        BUY + '<p class="review-\\"]">x</p><p class="a[b=review">y</p>',
    ],
)
def test_hostile_pages_end_in_time(body: str) -> None:
    start = time.monotonic()
    posts = read(body)
    assert time.monotonic() - start < 20 and len(posts) <= 500


def test_a_products_page_prints_its_reviews() -> None:
    line = inspect_document(saved("en_reviews.html"))
    assert line["kind"] == "product" and line["engine"] is None
    assert [post["author"] for post in line["posts"]] == ["Odette K.", "Piet", "Harriet Bloom"]
    assert line["posts"][1]["rating"] == "4.5"
    assert read_page(saved("en_reviews.html")).reviews[0].rating == 2
    plain = inspect_document(saved("vi_product.html"))
    assert plain["posts"] == []
