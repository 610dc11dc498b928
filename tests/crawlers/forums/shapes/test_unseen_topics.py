"""Topic pages of software that never was, in three languages, with short, few and many posts."""

from itertools import product

import pytest

from crawlers.forums.base import Reading
from crawlers.forums.shapes.generic import learn, read_generic
from crawlers.forums.shapes.shape import agrees
from crawlers.items import ForumPage
from tests.crawlers.forums.shapes.made_up import (
    ACTS,
    FETCHED,
    LONG,
    SHORT,
    TALKS,
    TEMPLATES,
    Said,
    page,
)

TOPIC = Reading(fetched_at=FETCHED, expect="topic")
SETS: dict[str, tuple[Said, ...]] = {
    **TALKS,
    "short": SHORT,
    "two": TALKS["en"][:2],
    "fifty": LONG,
}
# Nothing on these pages tells a list of threads, or a row of buttons, from a post alone.
NOT_ALONE = {"table_of_two_rows", "hashed_classes", "lists_beside_the_thread", "flat_preformatted"}


def facts(found: ForumPage | None) -> list[tuple[object, ...]]:
    posts = found.posts if found else ()
    return [(post.author, post.text.replace("\n\n", "\n"), post.posted_at) for post in posts]


def wanted(posts: tuple[Said, ...]) -> list[tuple[object, ...]]:
    return [(post.author, post.text, post.at) for post in posts]


def drawn(name: str, posts: tuple[Said, ...], kind: str = "en") -> str:
    return TEMPLATES[name](posts, kind if kind in ACTS else "en")


@pytest.mark.parametrize(("name", "kind"), [*product(TEMPLATES, SETS)])
def test_every_post_of_a_page_never_seen(name: str, kind: str) -> None:
    found = read_generic(page(drawn(name, SETS[kind], kind)), TOPIC)
    assert facts(found) == wanted(SETS[kind])


@pytest.mark.parametrize("name", sorted(TEMPLATES.keys() - NOT_ALONE))
def test_a_post_alone_on_its_page(name: str) -> None:
    only = TALKS["vi"][:1]
    assert facts(read_generic(page(drawn(name, only, "vi")), TOPIC)) == wanted(only)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_the_shape_of_one_page_reads_the_next(name: str) -> None:
    first, second = TALKS["en"], LONG[:20]
    taught = learn(page(drawn(name, first)), TOPIC)
    confirmed = learn(page(drawn(name, second)), TOPIC)
    assert taught is not None and confirmed is not None
    assert agrees(taught[1], confirmed[1])
    found = read_generic(page(drawn(name, second)), TOPIC, shape=taught[1])
    assert facts(found) == wanted(second)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_the_last_page_with_one_post_is_read_by_the_shape(name: str) -> None:
    taught = learn(page(drawn(name, TALKS["zh"], "zh")), TOPIC)
    assert taught is not None
    only = TALKS["zh"][3:4]
    found = read_generic(page(drawn(name, only, "zh")), TOPIC, shape=taught[1])
    assert [(author, at) for author, _, at in facts(found)] == [(only[0].author, only[0].at)]
    assert only[0].text in str(facts(found)[0][1])
