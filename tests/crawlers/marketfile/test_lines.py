"""Key paths of TOML texts, and the lines they stand in."""

import tomllib

import pytest

from crawlers.marketfile.lines import Lines

TEXT = '''\
# a remark with [brackets] and = signs
top = 1

[business]          # line 4
name = "a # b"
'quoted key' = 'x = y'
"esc\\u0041ped" = 1
description = """
first [line]
"quoted" and \\""" not the end
"""
after = 1
list = [
  "one",   # not ] here
  ["two", "]"],
  { a = 1, b.c = 2 },
]
crawl.delay = 1
crawl . depth = 2
inline = { x = "}", y = [1,
  2] }
lit = \'\'\'
a\'\'\'
end = 2025-01-01T00:00:00Z

[[competitor]]
name = "A"
[competitor.more]
deep = 1

[[competitor]]
[[competitor.shop]]
x = 1
[[competitor.shop]]
x = """four quotes""""
[last]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("business",), 4),
        (("business", "name"), 5),
        (("business", "quoted key"), 6),
        (("business", "escAped"), 7),
        (("business", "description"), 8),
        (("business", "after"), 12),
        (("business", "list"), 13),
        (("business", "list", 0), 14),
        (("business", "list", 1), 15),
        (("business", "list", 2, "b", "c"), 16),
        (("business", "crawl", "delay"), 18),
        (("business", "crawl", "depth"), 19),
        (("business", "inline", "y"), 20),
        (("business", "inline", "y", 1), 21),
        (("business", "lit"), 22),
        (("business", "end"), 24),
        (("competitor",), 26),
        (("competitor", 0), 26),
        (("competitor", 0, "name"), 27),
        (("competitor", 0, "more", "deep"), 29),
        (("competitor", 1), 31),
        (("competitor", 1, "shop", 0, "x"), 33),
        (("competitor", 1, "shop", 1), 34),
        (("competitor", 1, "shop", 1, "x"), 35),
        (("last",), 36),
        # not in the text: the nearest ancestor that is
        (("business", "missing"), 4),
        (("competitor", 0, "tier"), 26),
        (("nowhere",), 1),
        ((), 1),
    ],
)
def test_line_of(path: tuple[str | int, ...], line: int) -> None:
    tomllib.loads(TEXT)  # the text is what it claims to be
    assert Lines(TEXT).of(path) == line
    assert Lines(TEXT.replace("\n", "\r\n")).of(path) == line


def test_where_a_long_text_opens_that_nothing_closes() -> None:
    assert Lines('a = 1\nb = """x\ny\n').unclosed == 2
    assert Lines("a = '''x\n").unclosed == 1
    assert Lines('a = """x"""\n').unclosed is None


@pytest.mark.parametrize(
    "text",
    [
        "=",
        "[",
        "[[",
        "a",
        "a =",
        "a = [",
        "a = [}",
        "a = {",
        'a = "',
        "]",
        "a.]",
        '"\\u00"=1',
        "[a",
    ],
)
def test_what_is_no_toml_ends(text: str) -> None:
    assert Lines(text).of(("a", "b")) == 1


def test_keys_of_many_parts_are_told_at_once() -> None:
    assert Lines("x = 1\n" + "a" + ".a" * 40_000 + " = 1").too_deep == 2
    assert Lines("a.b.c.d = 1").too_deep is None
