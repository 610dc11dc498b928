"""A post of plain markup is read without a tree, to the same words as with one."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.forums.registry import adapters
from crawlers.forums.texts import post_text
from crawlers.forums.texts.post_text import QUOTES, own_words

PIECES = st.sampled_from([
    "<br>", "<br/>", "<br />", "<b>", "</b>", "<i>", "</i>", "<strong>", "</em>", "&nbsp;", "&amp;",
    "&lt;", "&amp;lt;", "&quot;", " ", "\n", "\r\n", "\t", "\u3000", "\u200b", "e\u0301", "价格",
    "giá hơi cao", "-- ", "> quoted", "On Monday Ann wrote:", "Sent from my phone", "word", "\x85",
    "Last edited by Ann", "1.", "👩\u200d🔧", "Originally posted by Ann", "\x01", "&copy;", "<",
    "<a href=x>link</a>", "<p class=x>", '<a href="x" class="postlink">',
    '<a href="/b?c=1&d">', "</a>",
    '<a rel="nofollow" href="x">two</a>', "<!-- noted -->", "<!--x-->",
    '<a class="sig">', '<p dir="auto">', "</p>", '<a hidden="">gone</a>',
])  # fmt: skip
PARAGRAPHS = st.lists(
    st.tuples(st.booleans(), st.lists(PIECES | st.text(max_size=6), max_size=6)), max_size=5
)


def written(paragraphs: list[tuple[bool, list[str]]]) -> str:
    return "".join(
        f"<p>{''.join(words)}</p>" if marked else "".join(words) for marked, words in paragraphs
    )


def by_tree(html: str, quote: str) -> post_text.OwnWords:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(post_text, "_plain", lambda html: None)
        return own_words(html, quote=quote)


@settings(max_examples=400, deadline=None)
@given(PARAGRAPHS, st.sampled_from([QUOTES, "", "blockquote"]))
def test_the_words_are_those_of_the_tree(paragraphs, quote: str) -> None:
    html = written(paragraphs)
    assert own_words(html, quote=quote) == by_tree(html, quote)


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<p>One</p>\n<p>two<br>three &amp; <b>four</b></p>", "One\ntwo\nthree & four"),
        ("one &lt;br&gt; two", "one <br> two"),
        ("<p>one", None),
        ("one</p>", None),
        ("<p title=x>one</p>", None),
        (
            '<p dir="auto">One <a href="x">two</a>, <a class="link" href="y">three</a></p>',
            "One two, three",
        ),
        ('one <a href="x">two</a> <a href="y">three</a>', None),
        ('one <a href="x">two <a href="y">three</a></a>', None),
        ('one <a href="x">two<p>three</p></a>', None),
        ('one <a class="sr-only" href="x">two</a>', None),
        ("one <!-- begin --> two <!-- > -->", None),
        ("one <!-- begin --> two", "one two"),
        ("5 < 6", None),
        ("caf&eacute;", None),
        ("one<blockquote>two</blockquote>", None),
        ("Originally Posted by Ann<br>words", None),
    ],
)
def test_what_is_plain(html: str, plain: str | None) -> None:
    assert post_text._plain(html) == plain


@pytest.mark.parametrize("adapter", adapters(), ids=lambda adapter: type(adapter).__name__)
def test_no_engine_names_plain_markup(adapter) -> None:
    """Else a plain post of its would be read without what it means by it."""
    marks = "<b>1</b><i>2</i><em>3</em><strong>4</strong><u>5</u><br>6<!-- 7 -->"
    said = 'href="https://a.example/x?quote=1" rel="nofollow" target="_blank" title="t" dir="ltr"'
    marks += "".join(f'8<a {said} class="{names}">9</a>' for names in post_text.PLAIN_LINKS)
    soup = BeautifulSoup(f'<div>{marks}<p>{marks}</p><br><p dir="auto">{marks}</p></div>', "lxml")
    for selector in (adapter.quote, adapter.drop):
        assert not selector or soup.select(selector) == []
