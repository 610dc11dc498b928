"""What every adapter must keep, and the hooks the spider leans on."""

from pathlib import Path

import pytest
import soupsieve
from selectolax.lexbor import LexborHTMLParser

import crawlers.forums.registry as registry
from crawlers.document import Document
from crawlers.forums import board_list, entry_urls, fetch_address
from crawlers.forums.base import Adapter, count_of, stamp_of
from crawlers.forums.fields import _alternatives

CSS = ("marker", "board", "thread", "thread_link", "sticky", "post", "next")
FIELDS = (
    "thread_id",
    "thread_title",
    "thread_replies",
    "thread_stamp",
    "title",
    "post_id",
    "author",
    "date",
    "body",
    "permalink",
)


def every_adapter() -> list[object]:
    return [pytest.param(a, id=type(a).__name__) for a in registry.adapters()]


@pytest.mark.parametrize("adapter", every_adapter())
def test_declarations_are_css_both_parsers_read(adapter: Adapter) -> None:
    tree = LexborHTMLParser("<p>x</p>")
    for name in CSS:
        if css := getattr(adapter, name):
            tree.css(css)  # raises for what it cannot read
    for name in FIELDS:
        for css, _ in _alternatives(getattr(adapter, name)):
            if css:
                tree.css(css)
    for name in ("quote", "drop"):
        if css := getattr(adapter, name):
            soupsieve.compile(css)


@pytest.mark.parametrize("adapter", every_adapter())
def test_each_adapter_has_what_the_recipe_asks(adapter: Adapter) -> None:
    assert adapter.marker or adapter.generator
    assert adapter.post and adapter.body and adapter.author and adapter.date
    assert type(adapter).__doc__
    assert type(adapter).__module__.rsplit(".", 1)[-1] == adapter.engine


def test_every_engine_has_a_fixture_folder_and_a_row_in_the_docs() -> None:
    root = Path(__file__).parents[3]
    told = (root / "docs" / "adding-a-forum-engine.md").read_text(encoding="utf-8")
    for adapter in registry.adapters():
        assert list((root / "tests/pages/forums" / adapter.engine).glob("*.expected.json"))
        assert f"`{adapter.engine}`" in told


def test_modules_on_disk_and_in_the_registry_agree() -> None:
    folder = Path(registry.__file__).parent
    with_adapter = {
        path.stem for path in folder.glob("*.py") if "(Adapter)" in path.read_text(encoding="utf-8")
    }
    assert with_adapter == set(registry.MODULES)


def test_engine_named_by_the_market_file_wins_over_marks() -> None:
    page = b"<html><body><ul class='topics'><li class=row></li></ul></body></html>"
    document = Document("https://f.example/x", page, headers={"content-type": "text/html"})
    found = registry.adapter_for(document, "phpbb")
    assert found is not None and found.engine == "phpbb"
    assert registry.adapter_for(document, "no such engine") is None


def test_cookies_tell_the_engine() -> None:
    headers = {"content-type": "text/html", "set-cookie": "a=1; path=/, phpbb3_x1_sid=2; path=/"}
    assert registry.recognise(Document("https://f.example/", b"<html>", headers=headers)) == "phpbb"


def test_discourse_is_read_through_its_json() -> None:
    base = "https://d.example/forum"
    assert entry_urls("discourse", base) == [f"{base}/latest.json"]
    boards = (f"{base}/c/scales/3",)
    assert entry_urls("discourse", base, boards) == [f"{base}/c/scales/3.json"]
    assert fetch_address(f"{base}/t/slug/12", "discourse") == f"{base}/t/12.json"
    assert fetch_address(f"{base}/t/slug/12/7", "discourse") == f"{base}/t/12.json"
    assert fetch_address(f"{base}/latest?page=2", "discourse") == f"{base}/latest.json?page=2"
    assert board_list("discourse", base) == f"{base}/categories.json"


def test_engines_without_an_api_start_where_they_are_told() -> None:
    assert entry_urls("phpbb", "https://f.example/") == ["https://f.example/"]
    assert entry_urls("phpbb", "https://f.example/", ("https://f.example/b",)) == [
        "https://f.example/b"
    ]
    assert fetch_address("https://f.example/t", "phpbb") == "https://f.example/t"
    assert board_list("phpbb", "https://f.example/") == "https://f.example/"
    assert board_list("unheard of", "https://f.example/") == "https://f.example/"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("49 Replies", 49),
        ("1,204", 1204),
        ("1.204", 1204),
        ("12K", 12_000),
        ("1.2k", 1_200),
        ("3.4M", 3_400_000),
        ("1.2万", 12_000),
        ("49 messages", 49),
        ("", None),
        ("none", None),
        ("9" * 40, None),
    ],
)
def test_counts(text: str, count: int | None) -> None:
    assert count_of(text) == count


def test_a_stamp_does_not_change_by_itself() -> None:
    assert stamp_of("5 minutes ago", 3) == stamp_of("6 minutes ago", 3) == "3"
    assert stamp_of("Yesterday 10:00", None) is None
    assert stamp_of("2026-11-20T10:00:00Z", 3) != stamp_of("2026-11-20T10:00:00Z", 4)
    assert stamp_of("", None) is None
