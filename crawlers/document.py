"""One fetched body, parsed at most once: what every reader is given.

Pure: bytes and headers in, text, tree and structured data out, each built on first use.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

from resiliparse.parse.encoding import detect_encoding
from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

from crawlers.json_text import loads
from crawlers.urls import is_web_url, plainly_joined

_HTML_TAG = re.compile(
    rb"<(?:!doctype html|html|head|body|title|meta|div|p|a|h[1-6]|table|ul|ol|span|script|br)\b",
    re.IGNORECASE,
)
_MANY_TAGS = 4_000  # all of them open at once take parser and readers a tenth of a second
_DEEPEST = 250  # levels; real pages stay below a hundred, and browsers cut at 512
# Elements that stay open until they are closed; void ones and those closed by their next do not.
_NESTING_TAG = re.compile(
    r"<(/?)(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|p|li|dt|dd|tr|td"
    r"|th|option|path|rect|use|circle|g|line|polygon)\b)(?=[a-z])(table\b)?[^<>]{0,2000}>",
    re.IGNORECASE,
)
_TABLE_LEVELS = 4  # table, tbody, tr, td
# The parser's time grows with the square of a list's choices too: fifty thousand take it fifteen
# seconds. They are menus, no words of the page.
_OPTION = re.compile(r"<option\b[^<>]{0,2000}>[^<]{0,2000}(?:</option\s*>)?", re.IGNORECASE)
# And with the square of the attributes of one tag: a hundred thousand take it half a minute. The
# grammar is HTML's own (13.2.5.32 to .41), so that a stray quote opens nothing here either.
_LONG_TEXT = 60_000  # characters; as many attributes as fit into less take it half a second
_LONG_TAG = 3_000  # characters; shorter tags are not counted
_MOST_ATTRIBUTES = 1_000
_ATTRIBUTE = r"=?[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>\"'][^\s>]*+)?+)?+"
_ANY_TAG = re.compile(rf"<([a-zA-Z][^\s/>]{{0,40}})[^\s/>]*+(?:[\s/]++|{_ATTRIBUTE})*+")
_ANY_ATTRIBUTE = re.compile(_ATTRIBUTE)
_WRAPPING = re.compile(
    r"^(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)"
    r"|(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)$"
)
"""What templates of another age put around a script's content."""
_MOST_THINGS = 5_000  # objects of JSON-LD looked at
_DEEPEST_THING = 12  # levels of it
_CONTROL_IN_JSON = re.compile(r"[\x00-\x1f]+")


class Document:
    """A body with its address, headers and the time it was fetched.

    :param url: the address the body came from, after redirects.
    :param body: bytes as sent, content encoding (gzip, br) removed.
    :param headers: response headers; names in any case.
    :param fetched_at: aware UTC time; relative dates ("3 hours ago") are read against it.
    """

    def __init__(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        fetched_at: datetime | None = None,
    ) -> None:
        self.url = url
        self.body = body
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        self.fetched_at = fetched_at or datetime.now(UTC)

    @cached_property
    def content_type(self) -> str:
        """The media type, lower case, without parameters; ``""`` where none was sent."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @cached_property
    def encoding(self) -> str:
        """The character encoding: byte order mark, then what is declared and fits, then guessed.

        A declaration that cannot decode the body is not believed: pages say ``utf-8`` and send
        GBK.
        """
        bom, _ = read_bom(self.body)
        if bom:
            return bom
        if self.is_utf8:
            return "utf-8"
        declared = http_content_type_encoding(
            self.headers.get("content-type")
        ) or html_body_declared_encoding(self.body[:4096])
        if declared and declared != "utf-8":
            return declared
        return resolve_encoding(detect_encoding(self.body[:100_000])) or "cp1252"

    @cached_property
    def is_utf8(self) -> bool:
        """Whether the body is valid UTF-8 (plain ASCII in a multi-byte escape encoding is not)."""
        return self._as_utf8 is not None and b"\x1b$" not in self.body[:2048]

    @cached_property
    def _as_utf8(self) -> str | None:
        try:
            return self.body.decode("utf-8")
        except UnicodeDecodeError:
            return None

    @cached_property
    def text(self) -> str:
        """The body as text; bytes that fit no character become U+FFFD; NULs dropped."""
        bom, mark = read_bom(self.body)
        if not bom and self.is_utf8:
            assert self._as_utf8 is not None
            return self._as_utf8.replace("\0", "")
        body = self.body[len(mark) :] if mark else self.body
        return body.decode(bom or self.encoding, "replace").replace("\0", "")

    @cached_property
    def is_json(self) -> bool:
        """Whether the body is JSON, by media type or first character."""
        if "json" in self.content_type:
            return True
        return self.body.lstrip()[:1] in (b"{", b"[") and "html" not in self.content_type

    @cached_property
    def is_feed(self) -> bool:
        """Whether the body is RSS or Atom."""
        start = self.body[:600].lstrip().lower()
        return b"<rss" in start or b"<feed" in start or b"<rdf:rdf" in start

    @cached_property
    def is_html(self) -> bool:
        """Whether the body can be read as HTML: declared so, or with tags and not declared else."""
        if self.is_json or self.is_feed or self.body[:5] == b"%PDF-":
            return False
        if self.content_type in ("text/html", "application/xhtml+xml"):
            return True
        unsure = self.content_type in ("", "text/plain", "application/octet-stream")
        return unsure and _HTML_TAG.search(self.body[:4096]) is not None

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed HTML. Readers share it and must not change it."""
        text = self.text
        if len(text) > _LONG_TEXT:
            text = _plain_tags(text)
        if text.count("<") > _MANY_TAGS:
            text = shallow(_OPTION.sub("", text))
        return LexborHTMLParser(text)

    @cached_property
    def json(self) -> Any:
        """The body as JSON.

        :raises ValueError: where it is none.
        """
        return loads(self.text)

    @cached_property
    def base_url(self) -> str:
        """What relative links are relative to: ``<base href>`` or the page's address."""
        node = self.tree.css_first("base[href]")
        href = (node.attributes.get("href") or "") if node else ""
        return _joined(self.url, href) or self.url

    def join(self, href: str, *, base: str | None = None) -> str | None:
        """An absolute http(s) URL for a link as written; ``None`` for anything else.

        Malformed links (``http://[``) are ``None``, not an error: ``urljoin`` raises for them and
        would lose the page.
        """
        return _joined(self.base_url if base is None else base, href)

    @cached_property
    def json_ld(self) -> tuple[dict[str, Any], ...]:
        """Every JSON-LD object of the page, ``@graph`` and lists opened, order of the page.

        Broken blocks (raw line breaks inside strings, a trailing comma) are mended where a plain
        rule does it, else left out.
        """
        found: list[dict[str, Any]] = []
        for node in self.tree.css('script[type="application/ld+json" i]'):
            source = node.text(deep=True).strip()
            source = _WRAPPING.sub("", source)
            found.extend(_objects(_loads(source)))
        return tuple(found)

    @cached_property
    def things(self) -> tuple[tuple[dict[str, Any], int], ...]:
        """Every typed object of the JSON-LD, nested ones too, each with its depth, in order;
        bounded. Walked once, for all who read structured data.
        """
        return tuple(_nested(self.json_ld[:500]))


def _nested(roots: tuple[dict[str, Any], ...]) -> Iterator[tuple[dict[str, Any], int]]:
    stack: list[tuple[Any, int]] = [(thing, 0) for thing in reversed(roots)]
    seen: set[int] = set()
    while stack and len(seen) < _MOST_THINGS:
        value, depth = stack.pop()
        if isinstance(value, list):
            stack.extend((part, depth) for part in reversed(value[:500]))
            continue
        if not isinstance(value, dict) or id(value) in seen:
            continue
        seen.add(id(value))
        if "@type" in value:
            yield value, depth
        if depth < _DEEPEST_THING:
            for part in reversed(value.values()):
                if isinstance(part, dict | list):
                    stack.append((part, depth + 1))


def _joined(base: str, href: str) -> str | None:
    plain = plainly_joined(base, href)
    if plain is not None:
        return plain
    try:
        url = urljoin(base, href.strip())
    except ValueError:
        return None
    return url if is_web_url(url) else None


def _plain_tags(text: str) -> str:
    """The text with tags of more attributes than any honest tag has left bare."""
    start = 0
    kept: list[str] = []
    for tag in _ANY_TAG.finditer(text):
        if tag.end() - tag.start() < _LONG_TAG:
            continue
        if sum(1 for _ in _ANY_ATTRIBUTE.finditer(tag[0])) > _MOST_ATTRIBUTES:
            kept += (text[start : tag.start()], "<", tag[1])
            start = tag.end()
    return "".join((*kept, text[start:])) if kept else text


def shallow(text: str) -> str:
    """HTML without the tags that nest deeper than any honest page does (250 levels).

    The parser's time grows with the square of the depth: a hundred thousand open ``div`` in one
    another take it fifteen seconds.
    """
    depth, start = 0, 0
    kept: list[str] = []
    for tag in _NESTING_TAG.finditer(text):
        levels = _TABLE_LEVELS if tag[2] else 1
        if tag[1]:
            depth = max(0, depth - levels)
            continue
        depth += levels
        if depth > _DEEPEST:
            kept.append(text[start : tag.start()])
            start = tag.end()
    return "".join([*kept, text[start:]]) if kept else text


def _loads(source: str) -> Any:
    for attempt in (
        source,
        _CONTROL_IN_JSON.sub(" ", source),
        re.sub(r",\s*([}\]])", r"\1", _CONTROL_IN_JSON.sub(" ", source)).rstrip("; "),
    ):
        try:
            return loads(attempt)
        except (ValueError, RecursionError):
            continue
    return None


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for part in data:
            yield from _objects(part)
    elif isinstance(data, dict):
        if isinstance(data.get("@graph"), list):
            yield from _objects(data["@graph"])
        if "@type" in data:
            yield data
