"""Own words, quotes, marks of the engine."""

import time

import pytest

from crawlers.forums.post_text import own_words


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br>\n Two", "One\nTwo"),
        ("a   b\n c", "a b c"),
        ("a&nbsp;b &amp; c &lt;d&gt;", "a b & c <d>"),
        ("<ul><li>x</li><li>y</li></ul>", "- x\n- y"),
        ("<ol><li>x</li><li>y</li></ol>", "1. x\n2. y"),
        ("<pre><code>a  b\n  c</code></pre>", "a  b\n  c"),
        ("<details><summary>Spoiler</summary>It ends.</details>", "Spoiler\nIt ends."),
        ("Tốt 👍🏽 <img class='emoji' alt='🙂' src='x'>", "Tốt 👍🏽 🙂"),
        ("<img src='/images/smilies/a.gif' alt=':)'>", ":)"),
        ("<img src='/photo.jpg' alt='my cat'>Look", "Look"),
        ("<i class='tw' title=':tea:'></i> good", ":tea: good"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("hi<script>x()</script><style>p{}</style><!-- c -->", "hi"),
        ("hi<div class='signature'>me</div><form>vote</form>", "hi"),
        ("cafe\u0301", "café"),
        ("zero\u200bwidth", "zerowidth"),
        ("", ""),
        ("https://x.example/a", "https://x.example/a"),
        ("<p>unclosed <b>bold", "unclosed bold"),
    ],
)
def test_text(html: str, text: str) -> None:
    assert own_words(html).text == text


@pytest.mark.parametrize(
    ("html", "author", "quoted"),
    [
        ("<blockquote>old</blockquote>new", None, "old"),
        ("<blockquote><cite>Ann wrote:</cite>old</blockquote>new", "Ann", "old"),
        ("<blockquote><p>@Ann said:<br>old</p></blockquote>new", "Ann", "old"),
        ("<blockquote>阿明 发表于 2026-10-30 10:24<br>old</blockquote>new", "阿明", "old"),
        ("<blockquote>Lan đã viết:<br>old</blockquote>new", "Lan", "old"),
        ("<p><a>@Ann</a> said in <a>X</a>:</p><blockquote>old</blockquote>new", "Ann", "old"),
        (
            "<aside class='quote' data-username='ann'><div class=title>ann:</div>old</aside>new",
            "ann",
            "old",
        ),
        ("<blockquote>old<blockquote>older</blockquote></blockquote>new", None, "old\nolder"),
    ],
)
def test_quotes_are_kept_apart(html: str, author: str | None, quoted: str) -> None:
    words = own_words(html)
    assert words.text == "new"
    assert [(q.author, q.text) for q in words.quoted] == [(author, quoted)]


def test_the_quoted_post_is_named_where_the_engine_names_it() -> None:
    assert own_words("<blockquote data-source='post: 12'>x</blockquote>").reply_to == "12"
    assert (
        own_words("<blockquote><cite><a href='?pid=9#pid9'>x</a></cite></blockquote>").reply_to
        == "9"
    )
    assert own_words("<blockquote>see <a href='/page/9'>x</a></blockquote>").reply_to is None


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000,
        "<blockquote>" * 3_000 + "x",
        "<b>" * 5_000 + "x",
        "\0\x01\x02",
        "<" * 10_000,
        "<!--" * 500,
        "&#xD800;&#0;",
        "a" * 600_000,
    ],
)
def test_hostile_fragments_are_read_in_time(html: str) -> None:
    start = time.perf_counter()
    own_words(html)
    assert time.perf_counter() - start < 20
