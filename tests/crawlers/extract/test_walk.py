"""A page in, its outline out: what belongs together and where it stands."""

import pytest

from crawlers.document import Document
from crawlers.extract.marks import GROUP_BITS, group_bits
from crawlers.extract.walk import outline_of


def outline(body, url="https://a.example/dir/page"):
    return outline_of(Document(url, f"<!doctype html><html><body>{body}".encode()))


def texts(body):
    return [block.text for block in outline(body).blocks]


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("<p>one <b>two</b> three</p><p>four", ["one two three", "four"]),
        ("<div>a<div>b</div>c</div>", ["a", "b", "c"]),
        ("<div><span>$200</span><span>2 bids</span></div>", ["$200 2 bids"]),
        ("<p>inter<b>nation</b>al</p>", ["international"]),
        ("<p><span>Price</span><span>List</span></p>", ["Price List"]),
        ("<p>x<!-- said -->y</p>", ["xy"]),
        ("<p>a<br>b</p>", ["a b"]),
        ("<ul><li><a href=/1>One</a><a href=/2>Two</a></ul>", ["One Two"]),
        ("<p>kept<style>p{}</style><script>var x</script><svg><text>no</text></svg></p>", ["kept"]),
        ("<select><option>no</option></select><textarea>no</textarea>yes", ["yes"]),
        ("<div>  \n </div><p>\n a \t b </p>", ["a b"]),
        ("<a href=/x>around <div>inner</div> after</a>", ["around", "inner", "after"]),
    ],
)
def test_blocks(body, blocks):
    assert texts(body) == blocks


def test_struck_and_hidden_and_lines():
    found = outline(
        "<p><del>$9</del> $7</p><p hidden>h</p><p style='display: none'>n</p>"
        "<div aria-hidden=true><p>deep</p></div><p>a<br>b</p>"
    ).blocks
    assert [block.struck for block in found] == [True, False, False, False, False]
    assert [block.hidden for block in found] == [False, True, True, True, False]
    assert found[-1].lines == ("a", "b")


def test_places_and_what_a_card_calls_its_header():
    found = outline(
        "<header><p>top</p></header><main><header><p>own</p></header></main>"
        "<div class=card><div class=card-header>card</div></div><div id=footer><p>end</p></div>"
        "<p>much more text of the body so that nothing named is the larger part of the page"
    ).blocks
    assert {block.text.split()[0]: block.place for block in found} == {
        "top": "header", "own": "body", "card": "body", "end": "footer", "much": "body",
    }  # fmt: skip


def test_a_name_around_everything_is_no_header():
    found = outline("<div class=header><p>" + "text of the page " * 30 + "</p></div>")
    assert [block.place for block in found.blocks] == ["body"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<a href=/x>plain</a>", "plain"),
        ("<a href=/x> <div><p>in a block</p></div></a>", "in a block"),
        ("<a href=/x><div>one</div><div>two</div></a>", "one two"),
        ("<a href=/x><img src=i alt='of the image'></a>", "of the image"),
        ("<a href=/x title='of the title'></a>", "of the title"),
        ("<p>before <a href=/x>mid</a> after", "mid"),
    ],
)
def test_what_a_link_says(body, text):
    assert [anchor.text for anchor in outline(body).anchors] == [text]


def test_links_have_their_address():
    body = (
        "<a href='../up'>a</a><a href='//b.example/x'>b</a><a href='tel:+1'>c</a>"
        "<a href='http://['>d</a><a href=' /s p '>e</a><a href='#top'>f</a>"
    )
    assert [anchor.url for anchor in outline(body).anchors] == [
        "https://a.example/up", "https://b.example/x", None, None, "https://a.example/s p", None,
    ]  # fmt: skip


def test_links_are_relative_to_the_base():
    page = b"<base href='https://c.example/z/'><body><a href='q'>q</a>"
    found = outline_of(Document("https://a.example/", page))
    assert found.base == "https://c.example/z/"
    assert found.anchors[0].url == "https://c.example/z/q"


def test_holders_nest():
    found = outline("<table><tr><td colspan=2>a</td></tr></table><p>b")
    for number, above in enumerate(found.above[1:], 1):
        assert above < number <= found.ends[above]
    cell = found.blocks[0].holder
    assert found.kinds[cell] == "td"
    assert found.spans[cell] == (2, 1)


def test_the_walk_is_bounded():
    found = outline("<i>x</i>" * 150_000)
    assert sum(found.tags.values()) <= 200_000


@pytest.mark.parametrize("depth", [5_000, 60_000])
def test_depth_does_not_matter(depth):
    assert texts("<div>" * depth + "end" + "</div>" * depth) == ["end"]


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        ("pdp-priceBox", {"product", "price"}),
        ("site-Footer", {"footer"}),
        ("NAV main", {"nav", "main"}),
        ("col-md-6 x1", set()),
        ("", set()),
    ],
)
def test_names_speak_of_groups(names, groups):
    bits = group_bits(names)
    assert groups <= {name for name, bit in GROUP_BITS.items() if bits & bit}
    assert bool(bits) is bool(groups)
