"""Checking the reading of a forum engine against a folder of fixtures.

A fixture is two files: ``name.html`` (or ``.json``, ``.xml``, ``.rss``, ``.atom``) and
``name.expected.json`` with the page's address, the time of the fetch and the fields that must come
out. Fields left out are not compared; lists keep their full length.
docs/adding-a-forum-engine.md.
"""

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from crawlers.document import Document
from crawlers.forums import read_forum, recognise
from crawlers.items import ForumPage
from pipelines.storage.facts import plain

ENDING = ".expected.json"
INPUTS = ("url", "fetched_at", "timezone", "content_type", "expect", "headers")
"""Keys of an expectation that tell the reader something; the others must come out."""

_TYPES = {
    ".html": "text/html; charset=utf-8", ".json": "application/json",
    ".xml": "application/xml", ".rss": "application/rss+xml", ".atom": "application/atom+xml",
}  # fmt: skip
_POST_FIELDS = (
    "id", "url", "author", "posted_at", "posted_text", "posted_precision", "text", "quoted",
    "in_reply_to",
)  # fmt: skip
_MOST_SHOWN = 12


class FixtureError(Exception):
    """A folder or file that cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How one page of the folder came out: its name, the verdict, and the lines that explain it."""

    name: str
    state: Literal["good", "note", "bad"]
    words: str
    lines: tuple[str, ...] = ()


def check_folder(folder: Path, *, write: bool = False) -> Iterator[Checked]:
    """Read every page of a folder and compare it with what stands beside it.

    :param write: for a page without an expectation, write what was read: a draft to be corrected
        by eye.
    :raises FixtureError: where the folder holds no pages.
    """
    if not folder.is_dir():
        raise FixtureError(f"{folder} is no folder")
    pages = sorted(
        path for path in folder.iterdir()
        if path.suffix in _TYPES and not path.name.endswith(ENDING)
    )  # fmt: skip
    if not pages:
        raise FixtureError(
            f"{folder} holds no pages: save a list of threads and a thread there, as the server "
            "sends them (.html, .json, .xml)"
        )
    kinds = set()
    for page in pages:
        expected = page.with_name(f"{page.stem}{ENDING}")
        if expected.exists():
            document, told = load_fixture(expected)
            read = read_fixture(document, told)
            yield _compared(page.name, read, told, document)
        elif write:
            read = read_fixture(document_of(page, {}), {})
            expected.write_text(draft(page, read), encoding="utf-8")
            yield Checked(
                name=page.name, state="note",
                words=f"{summary(read)}; written to {expected.name}: set its url and fetched_at, "
                "correct it by eye, and run this again",
            )  # fmt: skip
        else:
            read = read_fixture(document_of(page, {}), {})
            yield Checked(
                name=page.name, state="note",
                words=f"{summary(read)}; nothing stands beside it: --write makes a draft",
            )  # fmt: skip
        kinds.add(read.kind if read else None)
    for kind, what in (("board", "list of threads"), ("topic", "thread with its posts")):
        if kind not in kinds:
            yield Checked(name=folder.name, state="note", words=f"no page is read as a {what}")


def load_fixture(expected: Path) -> tuple[Document, dict[str, Any]]:
    """The page beside an expectation, as the reader is given it, and the expectation.

    :raises FixtureError: for broken JSON, or where there is no page.
    """
    try:
        told = json.loads(expected.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FixtureError(f"{expected} is no JSON: {error}") from None
    name = expected.name.removesuffix(ENDING)
    pages = [path for path in expected.parent.glob(f"{name}.*") if path.stem == name]
    pages = [path for path in pages if path.suffix in _TYPES and path != expected]
    if len(pages) != 1:
        raise FixtureError(f"{expected}: one page must stand beside it, named {name}.html")
    if not isinstance(told, dict) or "url" not in told or "fetched_at" not in told:
        raise FixtureError(f'{expected}: "url" and "fetched_at" are missing')
    return document_of(pages[0], told), told


def document_of(page: Path, told: dict[str, Any]) -> Document:
    """A saved page as a document."""
    fetched_at = told.get("fetched_at")
    headers = {"content-type": told.get("content_type", _TYPES[page.suffix])}
    return Document(
        told.get("url", f"https://forum.example/{page.name}"),
        page.read_bytes(),
        headers={**headers, **told.get("headers", {})},
        fetched_at=datetime.fromisoformat(fetched_at) if fetched_at else datetime.now(UTC),
    )


def read_fixture(document: Document, told: dict[str, Any]) -> ForumPage | None:
    """The page, read with what the expectation tells the reader."""
    return read_forum(document, timezone=told.get("timezone"), expect=told.get("expect"))


def differences(found: Any, wanted: Any, where: str = "") -> Iterator[str]:
    """Where what was read is not what was expected, a line each."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            yield from differences(found.get(key), value, f"{where}.{key}".lstrip("."))
    elif isinstance(wanted, list) and isinstance(found, list):
        if len(wanted) != len(found):
            yield f"{where}: {len(found)} were read, {len(wanted)} stand there"
        for place, (one, other) in enumerate(zip(found, wanted)):
            yield from differences(one, other, f"{where}[{place}]")
    elif found != wanted:
        yield f"{where}: {_shown(found)}, not {_shown(wanted)}"


def expectation(told: dict[str, Any]) -> dict[str, Any]:
    """The part of an expectation that must come out."""
    return {key: value for key, value in told.items() if key not in INPUTS}


def draft(page: Path, read: ForumPage | None) -> str:
    """An expectation made of what was read, to be corrected by eye."""
    told: dict[str, Any] = {
        "url": f"https://forum.example/{page.name}",
        "fetched_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if read is not None:
        found = plain(read)
        told |= {"engine": read.engine, "kind": read.kind}
        told["boards"] = found["boards"]
        told["threads"] = found["threads"]
        told["posts"] = [{key: post[key] for key in _POST_FIELDS} for post in found["posts"]]
        told["next"] = read.next
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def summary(page: ForumPage | None) -> str:
    """What was read, in a line."""
    if page is None:
        return "not read as a forum's page"
    posts = page.posts
    parts = [f"{page.engine} {page.kind}"]
    if posts:
        authors = sum(post.author is not None for post in posts)
        times = sum(post.posted_at is not None for post in posts)
        numbers = sum(post.id is not None for post in posts)
        parts.append(f"{len(posts)} posts ({authors} authors, {times} times, {numbers} ids)")
    if page.threads:
        stamps = sum(thread.stamp is not None for thread in page.threads)
        parts.append(f"{len(page.threads)} threads ({stamps} with a stamp)")
    if page.boards:
        parts.append(f"{len(page.boards)} boards")
    parts.append("next page" if page.next else "no next page")
    return ", ".join(parts)


def _compared(
    name: str, read: ForumPage | None, told: dict[str, Any], document: Document
) -> Checked:
    found = plain(read) if dataclasses.is_dataclass(read) else None
    lines = list(differences(found, expectation(told)))
    engine = told.get("engine")
    if document.is_html and engine and engine != "generic" and recognise(document) != engine:
        lines.append(f"marker: the page is recognised as {recognise(document)}, not {engine}")
    if len(lines) > _MOST_SHOWN:
        lines = [*lines[:_MOST_SHOWN], f"and {len(lines) - _MOST_SHOWN} more"]
    return Checked(
        name=name, state="bad" if lines else "good", words=summary(read), lines=tuple(lines)
    )


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."
