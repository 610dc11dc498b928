import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from crawlers.items import (
    DoneItem,
    Fetch,
    ForumItem,
    ForumPage,
    Listed,
    Listing,
    ListingItem,
    Page,
    PageItem,
    Post,
    Target,
)
from pipelines.duplicates import Duplicates
from pipelines.normalise import Normalise, clean_text
from pipelines.validate import Validate

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def forum(*posts: Post) -> ForumItem:
    return ForumItem(
        target=Target(source="f", url="http://f/t", role="topic"),
        fetch=Fetch(url="http://f/t", status=200, fetched_at=NOW),
        page=ForumPage(engine="phpbb", kind="topic", posts=posts),
    )


def page(url: str, body_hash: str) -> PageItem:
    return PageItem(
        target=Target(source="a", url=url, role="page"),
        fetch=Fetch(url=url, status=200, fetched_at=NOW, body_hash=body_hash),
        page=Page(url=url, kind="home", lang="en", title="T"),
    )


def post(text: str, **facts: object) -> Post:
    return Post(id="1", url="http://f/1", author="a", text=text, **facts)  # type: ignore[arg-type]


def test_posts_without_words_go_and_times_to_come_are_unknown() -> None:
    item = forum(
        post("words", posted_at=NOW + timedelta(days=3), posted_precision="minute"),
        post("  \n "),
        post("zone", posted_at=NOW + timedelta(hours=10), posted_precision="minute"),
    )
    kept = Validate().process_item(item).page.posts
    assert [p.text for p in kept] == ["words", "zone"]
    assert kept[0].posted_at is None and kept[0].posted_precision == "unknown"
    assert kept[1].posted_at is not None


def test_endless_texts_are_cut() -> None:
    kept = Validate().process_item(forum(post("x" * 3_000_000))).page.posts
    assert len(kept[0].text) == 200_000


def test_texts_are_cleaned_and_languages_told() -> None:
    assert clean_text("a\u202eb\u200b\x00c \n d\ud800") == "abc\n d?"
    assert clean_text("e\u0301") == "é"
    kept = Normalise().process_item(forum(post("價格太貴了\u200f"))).page.posts[0]
    assert (kept.text, kept.lang, kept.script) == ("價格太貴了", "zh", "Hant")


def test_a_page_under_two_addresses_is_stored_once() -> None:
    pipeline = Duplicates()
    first, again = page("http://a/", "h1"), page("http://a/index.html", "h1")
    assert pipeline.process_item(first) is first
    assert isinstance(pipeline.process_item(again), DoneItem)
    assert pipeline.process_item(page("http://a/x", "h2")).page.title == "T"


def test_a_post_shown_twice_on_a_page_is_one() -> None:
    from dataclasses import replace

    twice = forum(replace(post("a"), key="f:1"), replace(post("b"), key="f:2"),
                  replace(post("a"), key="f:1"))  # fmt: skip
    assert [p.key for p in Duplicates().process_item(twice).page.posts] == ["f:1", "f:2"]


def test_reviews_of_a_page_are_posts_too() -> None:
    item = page("http://a/p", "h3")
    reviews = (
        post("價格太貴了\u200f", rating=Decimal("4.5"), posted_at=NOW + timedelta(days=9)),
        post(" \n"),
        post("x" * 300_000),
    )
    item = dataclasses.replace(item, page=dataclasses.replace(item.page, reviews=reviews))
    first, second = Normalise().process_item(Validate().process_item(item)).page.reviews
    assert (first.text, first.lang, first.script) == ("價格太貴了", "zh", "Hant")
    assert first.posted_at is None and first.rating == Decimal("4.5")
    assert len(second.text) == 200_000


def test_a_listing_is_bounded_and_cleaned() -> None:
    long = Listed(name="Ri\u200bvalo " + "x" * 500, site=None, quote="q" * 5_000, rule="r")
    item = ListingItem(
        target=Target(source="s", url="http://s/", role="list"),
        fetch=Fetch(url="http://s/", status=200, fetched_at=NOW),
        listing=Listing(url="http://s/", title="Cafe\u0301", companies=(long,) * 400),
    )
    cleaned = Normalise().process_item(Validate().process_item(item)).listing
    assert cleaned.title == "Café"
    assert len(cleaned.companies) == 300
    assert cleaned.companies[0].name.startswith("Rivalo x")
    assert len(cleaned.companies[0].name) <= 200
    assert len(cleaned.companies[0].quote) <= 2_000
