"""Lists of threads and boards of software that never was: titles, counts, stamps, the next page."""

import pytest

from crawlers.forums.base import Reading
from crawlers.forums.shapes.generic import read_generic
from crawlers.forums.shapes.pagers import next_page
from tests.crawlers.forums.shapes.made_up import FETCHED, page

BOARD = Reading(fetched_at=FETCHED, expect="board")
HERE = "https://talk.example/forum/tills/"
TITLES = (
    "Rules of this board, read first",
    "Receipts print twice since the update",
    "小票打两遍怎么办？",
    "Máy tính tiền nào rẻ mà bền?",
    "Whose fees went up this year?",
)


def table(address: str) -> str:
    """Rows as of the 2000s: title, who began it, replies, views, the last post."""
    rows = "".join(
        f'<tr bgcolor="#{"eee" if n % 2 else "fff"}"><td>'
        f'<a href="{address.format(n + 10)}">{title}</a></td>'
        f'<td><a href="/user/u{n}">u{n}</a></td><td>{n * 3}</td>'
        f"<td>{n * 100 + 51}</td>"
        f'<td>2026-11-{n + 10} 10:2{n} <a href="/user/x{n}">x{n}</a></td></tr>'
        for n, title in enumerate(TITLES)
    )
    head = "<tr><th>Topic</th><th>Author</th><th>Replies</th><th>Views</th><th>Last post</th></tr>"
    return f"<table>{head}{rows}</table>"


def cards(address: str) -> str:
    """Cards of hashed classes with counts in words."""
    return "".join(
        f'<div class="_a{n}b"><h3 class="_T1">'
        f'<a class="_lk" href="{address.format(n + 10)}">{title}</a></h3>'
        f'<div class="_mt"><a href="/user/u{n}">u{n}</a>'
        f' <time datetime="2026-11-{n + 10}T10:2{n}">{n} days</time>'
        f" <span>{n * 3} replies</span></div></div>"
        for n, title in enumerate(TITLES)
    )


def lines(address: str) -> str:
    """A list of plain lines with a pinned one first."""
    return "<ul>" + "".join(
        f'<li{" class=pinned" if not n else ""}><a href="{address.format(n + 10)}">{title}</a>'
        f" ({n * 3} trả lời) <small>{n + 10}/11/2026 10:2{n}</small></li>"
        for n, title in enumerate(TITLES)
    ) + "</ul>"  # fmt: skip


ADDRESSES = ("/thread/{}", "/showtopic.asp?id={}", "/bai-viet/{}")


@pytest.mark.parametrize("draw", [table, cards, lines])
@pytest.mark.parametrize("address", ADDRESSES)
def test_threads_of_a_list_never_seen(draw, address) -> None:  # type: ignore[no-untyped-def]
    beside = "".join(f'<li><a href="/user/x{n}">member number {n}</a></li>' for n in range(9))
    menu = "".join(f'<li><a href="/help/{n}">A page of help, {n}</a></li>' for n in range(3))
    html = f"<ul>{menu}</ul><h1>Tills</h1>{draw(address)}<ul>{beside}</ul>"
    found = read_generic(page(html, HERE), BOARD)
    assert found is not None and found.kind == "board"
    assert [thread.title for thread in found.threads] == [*TITLES]
    assert [thread.url for thread in found.threads] == [
        "https://talk.example" + address.format(n + 10) for n in range(len(TITLES))
    ]
    assert [thread.replies for thread in found.threads] == [n * 3 for n in range(len(TITLES))]
    stamps = [thread.stamp for thread in found.threads]
    assert len(set(stamps)) == len(TITLES) and None not in stamps


NEXT = "https://talk.example/thread/7?page=3"


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="/thread/7?page=1">1</a> <a href="/thread/7?page=3">Next</a>',
        '<a href="/thread/7?page=3">下一页</a><a href="/thread/7?page=9">尾页</a>',
        '<a href="/thread/7?page=3">Trang sau</a>',
        '<a href="/thread/7?page=3">Sau ›</a>',
        '<a href="/thread/7?page=1">‹</a><a href="/thread/7?page=3">›</a>',
        '<a href="/thread/7?page=1">«</a><a href="/thread/7?page=3">»</a>',
        '<a rel="next" href="/thread/7?page=3">more</a>',
        '<a href="/thread/7?page=3" aria-label="Next page"><svg></svg></a>',
        '<a href="/thread/7?page=3"><img src="r.gif" alt="Next"></a>',
        '<a href="/thread/7">1</a> <strong>2</strong> <a href="/thread/7?page=3">3</a>'
        ' <a href="/thread/7?page=4">4</a>',
        '<ul><li><a href="/thread/7">1</a></li><li class="current"><span>2</span></li>'
        '<li><a href="/thread/7?page=3">3</a></li><li><a href="/thread/7?page=4">4</a></li></ul>',
        'Trang: <a href="/thread/7">1</a> [2] <a href="/thread/7?page=3">3</a>',
    ],
)
def test_the_next_page_in_any_pager(pager: str) -> None:
    at = "https://talk.example/thread/7?page=2"
    assert next_page(page(f"<div>{pager}</div>", at)) == NEXT


@pytest.mark.parametrize(
    "pager",
    [
        "",
        '<a href="/thread/7">1</a> <a href="/thread/7?page=2">2</a> <strong>3</strong>',
        '<a href="/thread/7">1</a> <span>2</span> <a href="/thread/9">A thread of 3 words</a>',
        '<a href="/thread/8">Next thread</a>',
        '<b>2</b> replies <a href="/users/3">3</a>',
        '<a href="https://other.example/thread/7?page=3">Next</a>',
    ],
)
def test_no_next_page_where_there_is_none(pager: str) -> None:
    assert next_page(page(f"<div>{pager}</div>", "https://talk.example/thread/7?page=2")) is None
