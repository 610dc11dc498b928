"""Posts from the data a page's own scripts start from: Next.js, Nuxt, Apollo, Redux and their like.

A page drawn in the browser often carries what it draws as JSON. Nothing is known of its shape but
this: posts are objects of one kind that each name an author, a text and a time. Pure.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from crawlers.document import Document
from crawlers.forums.base import Reading
from crawlers.forums.dates.reading import read_date
from crawlers.forums.fields import attribute_of, select
from crawlers.forums.json_shapes import as_dict, as_text
from crawlers.forums.shapes.structured import StructuredThread
from crawlers.forums.texts.post_text import own_words
from crawlers.items import Post
from crawlers.json_text import loads

_STATE = re.compile(
    rb"__NEXT_DATA__|__NUXT|_STATE__|_STATE\b|_DATA__|application/json|preloaded|initialState|ajaxify",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    r"(?:window|self|globalThis)(?:\.[\w$]{1,60}|\[[\"'][\w$-]{1,60}[\"']\])\s{0,4}=\s{0,4}(?=[{\[])"
)
_BODIES = frozenset({
    "body", "bodyhtml", "bodytext", "content", "contenthtml", "contents", "cooked", "raw", "text",
    "texthtml", "message", "messagehtml", "html", "comment", "selftext", "markdown", "rendered",
    "postbody", "posttext",
})  # fmt: skip
_AUTHORS = frozenset({
    "author", "authorname", "user", "username", "creator", "createdby", "owner", "poster", "member",
    "postedby", "displayname", "nickname", "postername", "usernickname",
})  # fmt: skip
_DATES = frozenset({
    "createdat", "created", "createdon", "createdutc", "createdtime", "createtime", "creationdate",
    "date", "datecreated", "dateline", "dateposted", "postdate", "postedat", "postedon", "posttime",
    "publishedat", "publisheddate", "datepublished", "publishtime", "time", "timestamp",
})  # fmt: skip
_NAMES = frozenset({"name", "username", "displayname", "nickname", "login", "nick", "fullname"})
_IDS = frozenset({"id", "pid", "postid", "commentid", "messageid", "cid", "uuid", "legacyid"})
_INNER = frozenset({"html", "rendered", "raw", "text", "value", "plain", "body"})
_LARGEST = 5_000_000  # characters of one script
_MOST_OBJECTS = 60_000
_MOST = 2_000
_SHORTEST = 2


def read_page_state(document: Document, reading: Reading) -> StructuredThread | None:
    """The thread in a page's embedded state; ``None`` where no objects in it look like posts.

    The caller knows that the page is a thread's: a list of threads with excerpts looks the same
    but for its titles, and those are left out.
    """
    if not _STATE.search(document.body):
        return None
    best: list[dict[str, Any]] = []
    best_state: Any = None
    most = 0
    for state in _states(document):
        for group in _groups(state).values():
            titled = {as_text(_one(part, frozenset({"title", "subject"}))) for part in group} - {""}
            if len(group) > 1 and len(titled) * 2 > len(group):
                continue
            size = sum(len(_body(part)) for part in group)
            if size > most:
                best, best_state, most = group, state, size
    posts: dict[str, Post] = {}
    for number, part in enumerate(best[:_MOST]):
        post = _post(part, best_state, document, reading)
        if post is not None:
            posts.setdefault(post.id or f"#{number}", post)
    named = sum(post.author is not None for post in posts.values())
    if not posts or named * 2 < len(posts):
        return None
    return StructuredThread(None, tuple(posts.values()), whole=True)


def _states(document: Document) -> Iterator[Any]:
    for script in select(document.tree, "script:not([src])"):
        kind = attribute_of(script, "type").lower()
        text = script.text(deep=True) or ""
        if len(text) > _LARGEST or kind == "application/ld+json":
            continue
        if kind.endswith("json"):
            found = _parsed(text.strip().removeprefix("<!--").removesuffix("-->"))
            if found is not None:
                yield found
        elif not kind or "javascript" in kind:
            for assigned in list(_ASSIGNED.finditer(text))[:20]:
                found = _parsed(_balanced(text, assigned.end()))
                if found is not None:
                    yield found


def _parsed(text: str) -> Any:
    if not text.startswith(("{", "[")):
        return None
    try:
        return loads(text)
    except (ValueError, RecursionError):
        return None


def _balanced(text: str, start: int) -> str:
    """The JSON value that begins at a place of a script: up to the bracket that closes it."""
    depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', text[start:]):
        mark = found[0]
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth == 0:
                return text[start : start + found.end()]
    return ""


def _groups(state: Any) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    """Objects with an author, a text and a time, by the keys that hold them, in page order."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    stack = [state]
    seen = 0
    while stack and seen < _MOST_OBJECTS:
        node = stack.pop()
        seen += 1
        if isinstance(node, dict):
            keys = (_key(node, _BODIES), _key(node, _AUTHORS), _key(node, _DATES))
            if all(keys) and len(_body(node)) >= _SHORTEST:
                groups[keys].append(node)
            stack.extend(
                reversed([part for part in node.values() if isinstance(part, dict | list)])
            )
        elif isinstance(node, list):
            stack.extend(reversed([part for part in node if isinstance(part, dict | list)]))
    return groups


def _key(node: dict[str, Any], names: frozenset[str]) -> str:
    for key, given in node.items():
        if isinstance(key, str) and _plain(key) in names and given not in (None, "", [], {}):
            return key
    return ""


def _plain(key: str) -> str:
    return key.partition("(")[0].replace("_", "").replace("-", "").lower()


def _one(node: dict[str, Any], names: frozenset[str]) -> Any:
    key = _key(node, names)
    return node[key] if key else None


def _body(node: dict[str, Any]) -> str:
    for key, given in node.items():
        if not isinstance(key, str) or _plain(key) not in _BODIES:
            continue
        text = as_text(given) or as_text(_one(as_dict(given), _INNER))
        if text:
            return text
    return ""


def _author(node: dict[str, Any], state: Any) -> str | None:
    """The name an object gives, in it or in the object it refers to (Apollo's ``__ref``)."""
    given = _one(node, _AUTHORS)
    reference = as_text(as_dict(given).get("__ref")) or as_text(as_dict(given).get("id"))
    if isinstance(given, dict):
        own = as_text(_one(given, _NAMES))
        referred = as_dict(as_dict(state).get(reference)) if reference and not own else {}
        return own or as_text(_one(referred, _NAMES)) or None
    return given.strip() or None if isinstance(given, str) else None


def _post(node: dict[str, Any], state: Any, document: Document, reading: Reading) -> Post | None:
    text = _body(node)
    markup = text if "<" in text and ">" in text else text.replace("\n", "<br>")
    words = own_words(markup)
    if not words.text and not words.quoted:
        return None
    written = as_text(_one(node, _DATES))
    date = read_date(
        written, fetched_at=reading.fetched_at, timezone=reading.timezone, lang=reading.lang
    )
    identifier = as_text(_one(node, _IDS)) or None
    link = as_text(_one(node, frozenset({"url", "permalink", "link", "href", "shareurl"})))
    return Post(
        id=identifier,
        url=(document.join(link) if link else None) or document.url,
        author=_author(node, state),
        text=words.text,
        posted_at=date.posted_at,
        posted_text=written or None,
        posted_precision=date.precision,
        timezone=date.timezone,
        quoted=words.quoted,
    )
