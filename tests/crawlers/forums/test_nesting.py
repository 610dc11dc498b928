"""Posts that swallowed the posts after them, where a page left an element open."""

import time

from selectolax.lexbor import LexborHTMLParser

from crawlers.forums.nesting import apart


def read(page: str) -> list[tuple[int, str]]:
    """(place, words of the body), in the order in which they are read."""
    tree = LexborHTMLParser(page)
    return [
        (place, " ".join(node.css_first(".body").text(separator=" ").split()))
        for place, node in apart(tree, ".post", ".body", most=2_000)
    ]


def post(words: str, *, closed: bool = True) -> str:
    return f'<div class="post"><b>x</b><div class="body">{words}{"</div></div>" if closed else ""}'


def test_posts_beside_each_other_are_read_in_order() -> None:
    assert read(post("one") + post("two")) == [(0, "one"), (1, "two")]
    assert read(f"<div>{post('one')}</div><div>{post('two')}</div>") == [(0, "one"), (1, "two")]


def test_a_post_in_the_body_of_another_is_not_its_words() -> None:
    page = post("one", closed=False) + post("two") + post("three", closed=False) + post("four")
    assert sorted(read(page)) == [(0, "one"), (1, "two"), (2, "three"), (3, "four")]


def test_a_reply_laid_out_below_a_post_stays_where_it_is() -> None:
    page = f'<div class="post"><div class="body">one</div><ul>{post("two")}</ul></div>'
    assert read(page) == [(0, "one"), (1, "two")]


def test_the_page_itself_is_not_changed() -> None:
    tree = LexborHTMLParser(post("one", closed=False) + post("two"))
    before = tree.html
    assert len(list(apart(tree, ".post", ".body", most=9))) == 2
    assert tree.html == before


def test_many_swallowed_posts_cost_no_more_than_their_words() -> None:
    page = "".join(post("word " * 200, closed=False) for _ in range(80))
    started = time.process_time()
    assert sum(len(words) for _, words in read(page)) == 80 * (200 * 5 - 1)
    assert time.process_time() - started < 1.0
