"""Every page of tests/pages/forums against what stands beside it.

A fixture is two files: ``name.html`` (or ``.json``) and ``name.expected.json`` with the page's
address, the time of the fetch and the fields that must come out. Fields left out are not compared.
"""

import dataclasses
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.document import Document
from crawlers.forums import read_forum, recognise

PAGES = Path(__file__).parents[2] / "pages" / "forums"
INPUTS = ("url", "fetched_at", "timezone", "content_type", "expect")


def cases() -> list[Any]:
    return [
        pytest.param(path, id=f"{path.parent.name}-{path.name.removesuffix('.expected.json')}")
        for path in sorted(PAGES.glob("*/*.expected.json"))
    ]


def is_html(case: Any) -> bool:
    (expected,) = case.values
    return expected.with_name(expected.name.replace(".expected.json", ".html")).exists()


def load(expected: Path) -> tuple[Document, dict[str, Any]]:
    told = json.loads(expected.read_text(encoding="utf-8"))
    name = expected.name.removesuffix(".expected.json")
    body = next(path for path in expected.parent.glob(f"{name}.*") if path != expected)
    document = Document(
        told["url"],
        body.read_bytes(),
        headers={"content-type": told.get("content_type", "text/html; charset=utf-8")},
        fetched_at=datetime.fromisoformat(told["fetched_at"]),
    )
    return document, told


def plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def only_named(found: Any, wanted: Any) -> Any:
    """The part of what was found that the expectation speaks of; lists keep their full length."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return {key: only_named(found.get(key), wanted[key]) for key in wanted}
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [only_named(*pair) for pair in zip(found, wanted, strict=True)]
    return found


@pytest.mark.parametrize("expected", cases())
def test_page_gives_what_stands_beside_it(expected: Path) -> None:
    document, told = load(expected)
    page = read_forum(document, timezone=told.get("timezone"), expect=told.get("expect"))
    wanted = {key: value for key, value in told.items() if key not in INPUTS}
    assert only_named(plain(page), wanted) == wanted


@pytest.mark.parametrize("expected", [case for case in cases() if is_html(case)])
def test_engine_is_recognised_by_its_own_marks_only(expected: Path) -> None:
    document, told = load(expected)
    assert recognise(document) == (None if told["engine"] == "generic" else told["engine"])


@pytest.mark.parametrize("expected", cases())
def test_reading_twice_gives_the_same(expected: Path) -> None:
    assert read_forum(load(expected)[0]) == read_forum(load(expected)[0])
