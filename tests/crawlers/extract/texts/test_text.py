"""The main text of a page: which blocks are taken, and that both ways of weighing agree."""

import pytest

from crawlers.document import Document
from crawlers.extract.texts.columns import word_count
from crawlers.extract.texts.marks import Shapes, marks_of
from crawlers.extract.texts.reading import LIKE, Scale, chosen, join_blocks, main_blocks, repeated
from crawlers.extract.walk import outline_of
from crawlers.words import PAGE_KINDS

STORY = {
    "en": "Water first boiled in the old mill by the river, and people still talk of it today.",
    "vi": "Nước sôi lần đầu tiên ở cối xay cũ bên sông và người ta vẫn kể chuyện đó đến nay.",
    "zh": "第一壶水是在河边的老磨坊里烧开的，直到今天人们还常常谈起这件事。",
}
AROUND = {
    "en": ("Related posts", "Subscribe to our newsletter", "© 2024 Kettles. All rights reserved."),
    "vi": ("Bài viết liên quan", "Đăng ký nhận bản tin", "© 2024 Ấm. Bản quyền thuộc về Ấm."),
    "zh": ("相关文章", "订阅我们的邮件", "© 2024 水壶。版权所有。"),
}


def outline(body, lang="en"):
    page = f'<html lang="{lang}"><body>{body}</body></html>'
    return outline_of(Document("https://a.example/x", page.encode()))


def page_of(lang):
    related, news, rights = AROUND[lang]
    links = "".join(f'<li><a href="/{at}">{related} {at}</a></li>' for at in range(8))
    return (
        f"<header><nav><ul>{links}</ul></nav></header><main><article><h1>{STORY[lang][:20]}</h1>"
        + "".join(f"<p>{at}. {STORY[lang] * 3}</p>" for at in range(6))
        + f'</article></main><aside class="related"><h3>{related}</h3><ul>{links}</ul></aside>'
        f'<footer class="newsletter"><p>{news}</p><p>{rights}</p></footer>'
    )


@pytest.mark.parametrize("lang", ["en", "vi", "zh"])
def test_an_article_without_what_stands_around_it(lang):
    text = join_blocks(main_blocks(outline(page_of(lang), lang), "article"))
    assert all(f"{at}. {STORY[lang]}" in text for at in range(6))
    assert not any(part in text for part in AROUND[lang])


@pytest.mark.parametrize("lang", ["en", "vi", "zh"])
def test_a_product_keeps_its_description(lang):
    related, news, rights = AROUND[lang]
    cards = "".join(
        f'<li class="product-card"><a href="/{at}">K-{at}</a><span class="price">$9.00</span></li>'
        for at in range(9)
    )
    body = (
        '<nav class="menu"><ul><li><a href="/a">A</a></li><li><a href="/b">B</a></li></ul></nav>'
        '<main><div class="product-detail"><h1>K-1000</h1><span class="price">$39.00</span>'
        f'<div class="product-description">{"".join(f"<p>{STORY[lang] * 2}</p>" for _ in "ab")}'
        f'<p>{STORY[lang]}</p></div></div></main><div class="related-products"><h2>{related}</h2>'
        f"<ul>{cards}</ul></div><footer><p>{news}</p><p>{rights}</p></footer>"
    )
    text = join_blocks(main_blocks(outline(body, lang), "product"))
    assert STORY[lang] in text
    assert text.count(STORY[lang] * 2) == 1  # what comes twice is told once
    assert rights not in text


def test_every_page_kind_has_weights():
    page = outline(page_of("en"))
    for kind in PAGE_KINDS:
        assert LIKE.get(kind, kind) not in LIKE
        assert main_blocks(page, kind)


def test_scores_are_the_sums_of_the_named_marks():
    page = outline(
        page_of("en") + page_of("zh") + "<p>$39.00 <s>$49</s></p><div hidden>GONE 2024</div>"
    )
    shapes = Shapes(page, STORY["en"])
    names = sorted({mark for at in range(len(page.blocks)) for mark in marks_of(shapes, at)})
    weight = {name: (at % 17 - 8) / 64 for at, name in enumerate(names) if name}
    for at, score in enumerate(Scale(weight).scores(shapes)):
        assert score == pytest.approx(sum(weight.get(m, 0.0) for m in marks_of(shapes, at)))


@pytest.mark.parametrize(
    ("scores", "words", "left_out", "taken"),
    [
        ([], [], set(), []),
        ([4.0, -4.0, 4.0], [10, 10, 10], set(), [0, 2]),
        ([-4.0, -3.0, -4.0], [10, 10, 10], set(), [1]),  # all doubtful: the best of them
        ([4.0, -4.0, 4.0], [10, 10, 10], {2}, [0]),
        ([900.0, -900.0], [1, 1], set(), [0]),
    ],
)
def test_the_set_of_the_best_expected_agreement(scores, words, left_out, taken):
    assert chosen(scores, words, left_out) == taken


def test_repeated_longer_texts():
    texts = ["Home", "a text that is long enough to count", "Home"]
    texts.append(texts[1])
    assert repeated(texts, [len(text) for text in texts]) == {3}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Water first boiled", 3),
        ("Nước sôi\nlần đầu", 4),
        ("水壶水壶水壶水壶", 5),
        ("水壶水壶水壶水壶 K-1", 7),
        ("", 0),
    ],
)
def test_words_of_a_text(text, words):
    assert word_count(text) == words


@pytest.mark.parametrize("body", ["", "<p> </p>", "<div>" * 3000, "<p>\0\ufffd</p>" * 50])
def test_odd_pages_give_no_error(body):
    page = outline(body)
    assert len(main_blocks(page, "article")) <= len(page.blocks)
