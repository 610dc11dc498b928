"""Sites linked to in common: several must, most must not, and we must."""

import pytest

from pipelines.tiers.shared_links import telling_sites

MARKET = {
    "a": {"till-maker.example", "everybody.example", "only-a.example"},
    "b": {"till-maker.example", "everybody.example"},
    "c": {"everybody.example", "rivals-only.example"},
    "d": {"everybody.example", "rivals-only.example"},
    "e": set(),
}
OURS = {"till-maker.example", "everybody.example", "only-a.example", "only-ours.example"}


def test_several_rivals_and_we_but_not_everybody():
    assert telling_sites(OURS, MARKET) == {"till-maker.example"}


@pytest.mark.parametrize(
    ("ours", "linked", "left_out"),
    [
        (set(), MARKET, ()),
        (OURS, {}, ()),
        (OURS, MARKET, {"till-maker.example"}),
        ({"rivals-only.example.org"}, MARKET, ()),
        (OURS, {key: MARKET[key] for key in "abc"}, ()),  # two of three are most of them
    ],
)
def test_nothing_is_told(ours, linked, left_out):
    assert telling_sites(ours, linked, left_out=left_out) == frozenset()


def test_companies_without_links_are_no_market():
    empty = {f"x{n}": set() for n in range(50)}
    assert telling_sites(OURS, {**MARKET, **empty}) == {"till-maker.example"}
