"""One company is one candidate, whatever it is called and wherever it was named."""

import random

import pytest

from analysis.passes.candidate_merging import Merged, Named, Voice, best_quotes, label_key, merge


def voice(
    place: str = "https://f.example/t/1",
    *,
    kind: str = "talk",
    quote: str = "We moved to it last year.",
    weight: float = 0.9,
    author: str | None = "p-1",
    url: str | None = None,
) -> Voice:
    return Voice(
        kind=kind, place=place, source="f", url=url or place, fetched_at="2026-11-01T00:00:00Z",  # type: ignore[arg-type]
        quote=quote, rule="r", rule_version="1", weight=weight, author=author,
    )  # fmt: skip


def talked(*names: str, voices: tuple[Voice, ...] = ()) -> Named:
    return Named(names=names, voices=voices or (voice(),))


def listed(name: str, site: str | None, page: str = "https://list.example/best") -> Named:
    said = voice(page, kind="list", quote=f"1. {name}", weight=0.8, author=None)
    return Named(names=(name,), site=site, voices=(said,))


def only(*found: Named) -> Merged:
    (one,) = merge(found)
    return one


@pytest.mark.parametrize(
    ("name", "entry", "site"),
    [
        ("Pennyfern", "Pennyfern", "https://pennyfern.com/"),
        ("Quầy Nhỏ", "Quay Nho", "https://quaynho.vn/"),
        ("quay nho", "Quầy Nhỏ POS", "https://quaynho.vn/"),
        ("舖小開", "铺小开", "https://puxk.cn/"),
        ("Pennyfern", "Try it free", "https://www.pennyfern.com/"),
        ("Ringpad", "Ringpad - the till that rings", "https://ringpad.co.uk/"),
    ],
)
def test_a_list_gives_the_site_of_what_posts_name(name: str, entry: str, site: str) -> None:
    one = only(talked(name), listed(entry, site))
    assert one.site == site and one.name == name
    assert (one.places, one.lists, one.authors) == (2, 1, 1)


def test_a_site_under_two_names_is_one_candidate() -> None:
    one = only(
        listed("Pennyfern", "https://pennyfern.com/"),
        listed("Pennyfern Shop Builder", "https://www.pennyfern.com/vn/", "https://b.example/"),
    )
    assert one.places == 2 and {one.name, *one.aliases} == {"Pennyfern", "Pennyfern Shop Builder"}


def test_two_domains_of_one_name_are_one_and_two_names_stay_two() -> None:
    one = only(
        listed("Pennyfern", "https://pennyfern.com/"),
        listed("Pennyfern", "https://pennyfern.vn/", "https://b.example/"),
    )
    assert one.places == 2
    two = [
        listed("Pennyfern", "https://pennyfern.com/"),
        listed("Dove", "https://pennyfern.vn/", "https://b.example/"),
    ]
    assert len(merge(two)) == 2


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("Look at https://www.ringpad.co.uk/pricing before you sign", "https://ringpad.co.uk/"),
        ("we use ringpad.vn, it is fine", "https://ringpad.vn/"),
        ("write to me@ringpad.vn", None),
        ("somebody said other.vn is like Ringpad", None),
    ],
)
def test_a_domain_in_a_post_is_the_site_of_its_name(text: str, site: str | None) -> None:
    assert only(talked("Ringpad", voices=(voice(quote=text),))).site == site


def test_what_only_looks_like_a_domain_is_none() -> None:
    assert only(talked("Ringpad.js", voices=(voice(quote="I like ringpad.js a lot"),))).site is None


def test_the_name_of_a_list_loses_its_slogan_where_the_domain_says_so() -> None:
    assert only(listed("Pennyfern | Shops made easy", "https://pennyfern.com/")).name == "Pennyfern"
    whole = only(listed("Atlas | Maps", "https://cartography.example/"))
    assert whole.name == "Atlas | Maps"


def test_what_a_company_says_on_its_own_site_does_not_count() -> None:
    own = voice("https://pennyfern.com/vs", kind="page", author=None)
    one = only(
        Named(names=("Pennyfern",), voices=(own,)), listed("Pennyfern", "https://pennyfern.com/")
    )
    assert one.places == one.lists == 1


@pytest.mark.parametrize(
    ("name", "longer", "number"),
    [
        ("Pennyfern", "moved to Pennyfern", 1),
        ("铺好开", "换到铺好开", 1),
        ("Quầy Nhỏ", "bỏ Quay Nho", 1),
        ("Pennyfern", "Pennyfernia", 2),
        ("Sho", "Sho Tiger", 2),
        ("Stallbox", "换到Stallbox", 1),
        ("铺好开", "铺好", 1),
        ("铺好", "铺好开", 2),
    ],
)
def test_a_name_with_words_beside_it_is_the_name(name: str, longer: str, number: int) -> None:
    often = talked(name, voices=tuple(voice(f"https://f.example/{n}") for n in range(3)))
    found = merge([often, talked(longer, voices=(voice("https://f.example/9"),))])
    assert len(found) == number
    assert found[0].name == name and found[0].places == (4 if number == 1 else 3)


def test_the_order_of_what_came_in_does_not_matter() -> None:
    rows = [
        talked("Pennyfern", "Penny Fern"), talked("pennyfern", voices=(voice("https://f.example/2"),)),
        listed("Penny Fern", "https://pennyfern.com/"), listed("Dovetill", "https://dovetill.com/"),
        talked("Dovetill", voices=(voice(quote="dovetill.vn"),)), talked("Quầy Nhỏ"),
    ]  # fmt: skip
    expected = merge(rows)
    for seed in range(10):
        random.Random(seed).shuffle(rows)
        assert [(one.id, one.weight, one.voices) for one in merge(rows)] == [
            (one.id, one.weight, one.voices) for one in expected
        ]


def test_every_place_is_quoted_before_any_twice() -> None:
    voices = [voice("a", quote=str(n), weight=1) for n in range(5)] + [voice("b", weight=0.5)]
    assert [one.place for one in best_quotes(voices, 3)] == ["a", "b", "a"]


@pytest.mark.parametrize(
    "site", ["", "https://", "http://127.0.0.1/", "not a site", "https://a.vn"]
)
def test_a_label_too_short_or_none_stands_for_nothing(site: str) -> None:
    assert label_key(site) == ""
