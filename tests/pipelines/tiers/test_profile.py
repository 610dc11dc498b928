"""A JSON line becomes a profile, or says what is wrong with it."""

from decimal import Decimal

import pytest

from pipelines.tiers import OfferFact, profile_from_json


@pytest.mark.parametrize(
    ("offers", "expected"),
    [
        ("gói cơ bản", (OfferFact(name="gói cơ bản"),)),
        (["a", " ", "b"], (OfferFact(name="a"), OfferFact(name="b"))),
        (
            [{"name": "Pro", "price": "1,290.50", "currency": "USD"}],
            (OfferFact(name="Pro", price=Decimal("1290.50"), currency="USD"),),
        ),
        ({"name": "Solo", "price": 9}, (OfferFact(name="Solo", price=Decimal(9)),)),
        ([{"name": "Team", "price": "liên hệ"}], (OfferFact(name="Team"),)),
        ([{"name": "Odd", "price": "NaN"}], (OfferFact(name="Odd"),)),
        ([{"price": 5}], ()),
        (None, ()),
    ],
)
def test_offers_in_every_shape(offers, expected):
    assert profile_from_json({"name": "A", "offers": offers}).offers == expected


def test_texts_and_lists_of_texts():
    profile = profile_from_json({
        "name": " Tiệm ", "audience": "chủ shop", "category": ["Store", "Bakery"],
        "keywords": ["a", "b"], "regions": "VN", "languages": [], "surprise": {"kept": "elsewhere"},
    })  # fmt: skip
    assert profile.name == "Tiệm"
    assert profile.audience == ("chủ shop",)
    assert profile.category == "Store; Bakery"
    assert profile.regions == ("VN",)
    assert profile.languages == ()


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": 7}, "name"),
        ({"name": "A", "description": ["x"]}, "description"),
        ({"name": "A", "audience": {"who": "x"}}, "audience"),
        ({"name": "A", "audience": ["x", 3]}, "audience"),
        ({"name": "A", "offers": 12}, "offers"),
        ({"name": "A", "offers": [["x"]]}, "offers"),
        ({"name": "A", "offers": [{"name": ["x"]}]}, "name"),
        ({"name": "A", "offers": [{"name": "x", "price": True}]}, "price"),
        ({"name": "A", "offers": [{"name": "x", "price": {}}]}, "price"),
        ({"name": "A", "offers": [{"name": "x", "currency": 1}]}, "currency"),
        ({"name": "A", "keywords": 1}, "keywords"),
    ],
)
def test_a_wrong_type_is_named(line, key):
    with pytest.raises(ValueError, match=f"'{key}'"):
        profile_from_json(line)


@pytest.mark.parametrize("line", [None, [], "Acme", 3])
def test_a_line_that_is_no_object(line):
    with pytest.raises(ValueError, match="JSON object"):
        profile_from_json(line)
