"""What stands around a name, as the judge sees it."""

import pytest

from pipelines.discovery import Seeker
from pipelines.discovery.contexts import (
    ThreadTopic,
    context_row,
    name_row,
    sold_marks,
    sold_words,
    tokens_of,
    with_signs,
)
from pipelines.discovery.fit import fit_of

TILLS = "Point of sale software for small shops."


def test_names_stand_as_signs() -> None:
    text = "left Quill for Dovetill, pay by PayPal"
    spans = [(5, 10), (15, 23), (32, 38)]
    words, places = with_signs(text, spans, frozenset({"dovetill"}))
    assert words == ["left", "NAME", "for", "OWN", ",", "pay", "by", "PLAT:payment_gateway"]
    assert places[5, 10] == 1


def test_a_platform_of_the_kind_that_is_sold_is_a_name_like_others() -> None:
    words, _ = with_signs("try Stripe", [(4, 10)], frozenset(), frozenset({"payment_gateway"}))
    assert words == ["try", "NAME"]


@pytest.mark.parametrize(
    ("description", "text", "marked"),
    [
        (TILLS, "which software for a shop", ["software"]),
        ("phần mềm quản lý bán hàng", "xin phần mềm bán hàng", ["phan", "mem", "ban", "hang"]),
        ("给小商户用的记账软件", "手机记账哪个好", ["记账"]),
    ],
)
def test_words_of_what_is_sold(description: str, text: str, marked: list[str]) -> None:
    words = tokens_of(text)
    marks = sold_marks(words, sold_words(description))
    assert [word for word, mark in zip(words, marks, strict=True) if mark] == marked


def test_a_row_tells_neighbours_place_and_topic() -> None:
    sold = sold_words(TILLS)
    fit = fit_of(Seeker(name="Dovetill", description=TILLS))
    topic = ThreadTopic(fit, sold, "Which POS?", "Which POS? moved from Quill")
    words, places = with_signs("moved from Quill", [(11, 16)], frozenset())
    row = context_row(
        words, places[11, 16], topic=topic, line="moved from Quill", title=False, lang="en"
    )
    assert {"-1=from", "-21=moved from", "at=e|False", "lang=en"} <= set(row)
    assert "title" not in row


def test_what_a_name_is_made_of() -> None:
    assert "nd=True" in name_row("Quill Software", sold_words(TILLS))
    assert "nd=False" in name_row("Quill", sold_words(TILLS))
