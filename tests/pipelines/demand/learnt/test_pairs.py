"""What stands around two names in a sentence."""

import pytest

from pipelines.demand import Brand, DemandReader, MarketTerms
from pipelines.demand.learnt.pairs import pair_features

READER = DemandReader(MarketTerms(brands=(Brand("Kassa"), Brand("Tillora"), Brand("Brewtill"))))


def features(text: str) -> set[str]:
    first, second = text.index("kassa"), text.index("tillora")
    return pair_features(text, (first, first + 5), (second, second + 7))


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("kassa is faster than tillora", {"j1:er + A B", "k4:A BE + THAN"}),
        ("kassa is not faster than tillora", {"j2:+ A B not"}),
        ("kassa is slower than tillora", {"j1:er - A B"}),
        ("kassa beats tillora", {"j1:beat + A B", "c3:A BEAT B"}),
        ("kassa is fine but tillora is way cheaper", {"j7:+ B none but"}),
        ("kassa and tillora are both better than paper", {"together", "j1:er + AB other"}),
        ("is kassa better than tillora?", {"asks", "j5:+ A B asks"}),
        ("kassa has fewer bugs than tillora", {"j1:more - A B"}),
        ("we sell kassa and tillora", {"unjudged", "together"}),
        ("kassa is gadgetier than tillora", {"j1:er ~ A B"}),
    ],
)
def test_who_is_judged_and_by_whom(text: str, there: set[str]) -> None:
    assert there <= features(text)


@pytest.mark.parametrize(
    ("text", "preferred"),
    [
        ("Kassa is much faster than Tillora.", "Kassa"),
        ("Kassa is fine but Tillora is way faster.", "Tillora"),
        ("I'd take Kassa over Tillora any day.", "Kassa"),
        ("Kassa is a lot slower than Tillora.", "Tillora"),
        ("Compared to Kassa, Tillora is so much easier to use.", "Tillora"),
    ],
)
def test_the_better_one_is_told(text: str, preferred: str) -> None:
    (pair,) = READER.read(text, lang="en").comparison or ()
    assert pair.preferred == preferred
    assert pair.quote in text


@pytest.mark.parametrize(
    "text",
    [
        "We sell Kassa and Tillora, with free delivery.",
        "Kassa and Tillora are both better than paper.",
        "Which is better, Kassa or Tillora?",
        "There is now a faster way to move your data from Kassa to Tillora.",
    ],
)
def test_two_names_alone_compare_nothing(text: str) -> None:
    pairs = READER.read(text, lang="en").comparison or ()
    assert not [p for p in pairs if {p.preferred, p.other} == {"Kassa", "Tillora"}]


def test_each_two_of_a_short_list_are_looked_at() -> None:
    pairs = READER.read(
        "Kassa is better than Tillora, and Tillora is better than Brewtill."
    ).comparison
    assert {(p.preferred, p.other) for p in pairs or ()} >= {
        ("Kassa", "Tillora"), ("Tillora", "Brewtill"),
    }  # fmt: skip
