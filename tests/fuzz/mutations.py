"""Ways to spoil an input. Pure: the same body and numbers give the same bytes.

A mutation is (name, place, size, other): where in the body (0..1), how much (0..1), and another
input to take from. So a random generator drives them, and hypothesis, which makes failures small.
"""

import random
from collections.abc import Callable, Sequence

LARGEST = 300_000
"""Bytes of a spoilt input: half as much again as a real page (mean 200 KB)."""

_OPENINGS = (
    b"<div>", b"<blockquote>", b"<table><tr><td>", b"<b>", b"<ul><li>", b"<span class=post>",
    b"<font>", b"<a href=x>", b"<svg>", b"<select>", b"<template>", b"<form>", b"<!--", b"<p>",
    b'{"@graph":[', b"[", b'{"a":', b"((", b"[quote]", b"> ", b"&lt;", b"[[x]]\n",
)  # fmt: skip
_WORDS = (
    b"a", "汉".encode(), "ế".encode(), b"9", b"9.", b" ", b"-", b"@a.", b"$9 ", b"1,", b"\n",
    b"for small ", "适合".encode(), b"x x ", b"'", b"/", b"?a=b&", b"'s ", b" vs ", b"!!",
    b"from to ", "mình ".encode(), "吗？".encode(), b"http://a.b/c ", b"2026-01-02 ", b"...",
)  # fmt: skip
_ENTITIES = (
    b"&#x110000;", b"&#xD800;", b"&#0;", b"&#999999999999999999999;", b"&amp;" * 50, b"&nbsp;",
    b"&lt;script&gt;", b"&#x202E;", b"&", b"&#", b"&notanentity;", b"&NotEqualTilde;",
)  # fmt: skip
_JUNK = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x1b$B", b"\x80",
    "\u202e\u200b\ufeff".encode(), "e\u0301\u0301\u0301".encode() * 20, "\U000e0001".encode(),
    b"\\ud800", b"\\u0000", b"\r", b"\x0c", b"]]>", b"</script>", b"-->", b'"', b"1e999", b"NaN",
    b"'''", b'"""', b"[[competitor]]\n", b"= 9" + b"9" * 4400, b"-0", b"null", b"true", b"{}",
    b"WARC/1.1\r\n", b"\r\n\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999\r\n",
)  # fmt: skip
_ENCODINGS = ("utf-16", "utf-16-be", "utf-32", "gb18030", "big5", "shift_jis", "utf-7", "cp1258")


def _cut(body: bytes, at: int, size: float, other: bytes) -> bytes:
    return body[:at] if size > 0.5 else body[:at] + body[at + int(size * len(body)) :]


def _splice(body: bytes, at: int, size: float, other: bytes) -> bytes:
    start = int(size * len(other))
    return body[:at] + other[start : start + 5_000] + body[at:]


def _flip(body: bytes, at: int, size: float, other: bytes) -> bytes:
    rng = random.Random(at)
    spoilt = bytearray(body)
    for _ in range(1 + int(size * 30)):
        if spoilt:
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def _repeat(body: bytes, at: int, size: float, other: bytes) -> bytes:
    piece = body[at : at + 1 + int(size * 2_000)]
    return body[:at] + piece * int(1 + size**6 * LARGEST / max(1, len(piece))) + body[at:]


def _many(choices: Sequence[bytes]) -> Callable[[bytes, int, float, bytes], bytes]:
    def put(body: bytes, at: int, size: float, other: bytes) -> bytes:
        piece = choices[at % len(choices)]
        times = 1 + int(size**6 * LARGEST / len(piece))  # a seventh of all above a tenth
        return body[:at] + piece * times + body[at:]

    return put


def _one(choices: Sequence[bytes]) -> Callable[[bytes, int, float, bytes], bytes]:
    def put(body: bytes, at: int, size: float, other: bytes) -> bytes:
        return body[:at] + choices[int(size * (len(choices) - 1))] + body[at:]

    return put


def _encode(body: bytes, at: int, size: float, other: bytes) -> bytes:
    encoding = _ENCODINGS[int(size * (len(_ENCODINGS) - 1))]
    return body[:at] + body[at:].decode("utf-8", "replace").encode(encoding, "ignore")


def _swap(body: bytes, at: int, size: float, other: bytes) -> bytes:
    return body[at:] + body[:at]


def _attributes(body: bytes, at: int, size: float, other: bytes) -> bytes:
    many = b"".join(b' data-%d="%s"' % (n, b"post" * (n % 9)) for n in range(int(size**3 * 3_000)))
    return body[:at] + b'<div class="' + b"price " * int(size**3 * 2_000) + b'"' + many + body[at:]


MUTATIONS: dict[str, Callable[[bytes, int, float, bytes], bytes]] = {
    "cut": _cut, "splice": _splice, "flip": _flip, "repeat": _repeat, "nest": _many(_OPENINGS),
    "giant": _many(_WORDS), "entities": _many(_ENTITIES), "junk": _one(_JUNK),
    "junk_many": _many(_JUNK), "encode": _encode, "swap": _swap, "attributes": _attributes,
}  # fmt: skip

Mutation = tuple[str, float, float, bytes]


def spoilt(body: bytes, mutations: Sequence[Mutation]) -> bytes:
    """The body with all of them, one after another; cut to :data:`LARGEST` after each."""
    for name, place, size, other in mutations:
        body = MUTATIONS[name](body, int(place * len(body)), size, other)[:LARGEST]
    return body


def drawn(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """A seed with one to four mutations, all drawn from the generator."""
    names = tuple(MUTATIONS)
    chosen = [
        (rng.choice(names), rng.random(), rng.random(), rng.choice(seeds))
        for _ in range(rng.randint(1, 4))
    ]
    return spoilt(rng.choice(seeds), chosen)
