"""Plain addresses go without a parser, to what the parser would make of them."""

from urllib.parse import urljoin

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawlers import urls
from crawlers.forums import links
from crawlers.forums.links import followable
from crawlers.urls import canonical_url, is_web_url, plain_parts, plainly_joined

NAMES = st.sampled_from(
    ["t", "sid", "s", "p", "utm_source", "token", "SID", "lang", "a.b", "", "z-1", "é", "f[]"]
)
VALUES = st.sampled_from(
    ["", "3", "word", "a" * 32, "0123456789abcdef" * 2, "a1b2c3d4e5", "a+b", "%C3%A9", "1=2", "x/y"]
)
PATHS = st.sampled_from(
    ["", "/", "/a", "//a", "/a//b/", "/../a", "/./a.", "/a;sid=1", "/(S(abcdefgh1))/x", "/é",
     "/%E8%90%A5-1/", "/%e8%90", "/%FF", "/%41",
     "/a b", "/viewtopic.php", "/t/slug/12/34", "/a~b", "/A_b-c.D"]
)  # fmt: skip
HOSTS = st.sampled_from(
    ["x.example", "X.example", "x..example", "-x", "xn--bcher-kva.example", "x.example.", "[::1]",
     "127.0.0.1", "x.example:80", "x.example:0", "x.example:99999", "u@x.example", "x_y.example",
     "b" * 64 + ".example", "x.localhost:8001", ""]
)  # fmt: skip
ENDS = st.sampled_from(["", "#", "#p12", "#a b", "#é", "?", "\n", " "])
ADDRESSES = st.builds(
    lambda scheme, host, path, pairs, end: (
        f"{scheme}{host}{path}"
        + ("?" + "&".join("=".join(pair) for pair in pairs) if pairs else "")
        + end
    ),
    st.sampled_from(["http://", "https://", "HTTP://", "ftp://", "//", " http://"]),
    HOSTS, PATHS, st.lists(st.tuples(NAMES, VALUES), max_size=4), ENDS,
)  # fmt: skip


def answer(ask, *arguments, **named):
    try:
        return ask(*arguments, **named)
    except ValueError as error:
        return type(error)


@settings(max_examples=500, deadline=None)
@given(ADDRESSES)
@example("http://x.example/a?b=1&a=2&a=1#p7")
def test_the_same_as_by_the_parser(url: str) -> None:
    asked = (
        (canonical_url, {}), (is_web_url, {}), (followable, {}),
        (followable, {"drop": frozenset({"lang"})}),
    )  # fmt: skip
    found = [answer(ask, url, **named) for ask, named in asked]
    with pytest.MonkeyPatch.context() as patch:
        for module in (urls, links):
            patch.setattr(module, "plain_parts", lambda url: None)
        patch.setattr(urls, "_PLAIN_START", urls.re.compile("(?!)"))
        assert found == [answer(ask, url, **named) for ask, named in asked]


def test_what_is_plain() -> None:
    assert plain_parts("https://x.example/a.php?t=3&p=#p9") == (
        "https://x.example/a.php", [("t", "3"), ("p", "")],
    )  # fmt: skip
    for url in ("https://x.example", "https://x.example/?8-title", "https://x.example/a?b=%20"):
        assert plain_parts(url) is None


LINKS = st.lists(
    st.sampled_from(
        ["a", "b.html", "..", ".", "/", "//", "./", "?f=1&t=2", "?", "#p12", "#", ";s=1", "t:1",
         "%20", "~u", "é", " ", "http://x.example", "https://x.example:81", "HTTP://x.example"]
    ), max_size=6,
).map("".join)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(ADDRESSES, LINKS)
@example("http://x.example/a/b.php?x=/../y", "./viewtopic.php?t=3#p12")
@example("http://x.example/a//b/c", "d.html")
@example("http://x.example", "d.html")
def test_joined_as_the_library_joins(base: str, link: str) -> None:
    joined = plainly_joined(base, link)
    assert joined is None or (joined == urljoin(base, link) and is_web_url(joined))


@pytest.mark.parametrize(
    "link", ["/a/b.html", "c.html?d=1#e", "./viewtopic.php?t=3#p12", "https://y.example/z"]
)
def test_what_is_plainly_joined(link: str) -> None:
    assert plainly_joined("http://x.example/f/g?h", link) == urljoin("http://x.example/f/g", link)
