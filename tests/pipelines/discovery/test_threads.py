"""Threads in, candidates out. What is learnt errs: floors in test_gold, figures in the docs."""

import time

import pytest

from pipelines.discovery import Candidate, Post, Seeker, Thread, find_candidates

TILLS = Seeker(
    name="Dovetill",
    description="Point of sale software for small shops.",
    aliases=("Dove Till",),
    known=("Orrery",),
)
TALK = (
    ("Brindle or TillOwl for a small shop?", "Brindle is cheaper. TillOwl prints faster."),
    ("Which POS for a café?", "We moved from Brindle to TillOwl last year and like it."),
    ("Alternative to Brindle?", "The till software got too expensive. Someone said tillowl."),
    ("Which till software?", "We left Orrery for Dovetill. Dove Till is fine."),
    ("Parcels", "We send them by DHL and pay with PayPal."),
    ("Walk on Sunday", "Round the lake, then home for tea."),
)


def threads(*talk: tuple[str, str]) -> list[Thread]:
    return [
        Thread(key=str(at), title=title, posts=(Post(key=f"{at}/1", text=text, author="a"),))
        for at, (title, text) in enumerate(talk)
    ]


def found(*talk: tuple[str, str], seeker: Seeker = TILLS) -> dict[str, Candidate]:
    return {one.name: one for one in find_candidates(threads(*talk), seeker)}


def test_rivals_come_out_and_nobody_else() -> None:
    assert set(found(*TALK)) == {"Brindle", "TillOwl"}


def test_each_sighting_is_a_quote_of_its_thread() -> None:
    one = found(*TALK)["Brindle"]
    texts = {str(at): f"{title}\n{text}" for at, (title, text) in enumerate(TALK)}
    assert one.places >= 2
    for sighting in one.sightings:
        assert sighting.quote in texts[sighting.place]
        assert "brindle" in sighting.quote.lower()
        assert 0.5 < sighting.weight <= 1


def test_a_name_plain_elsewhere_is_found_in_lower_case() -> None:
    one = found(*TALK)["TillOwl"]
    assert "2" in {sighting.place for sighting in one.sightings}
    assert "tillowl" in one.aliases


def test_our_own_and_known_names_are_no_news() -> None:
    names = " ".join(" ".join((one.name, *one.aliases)) for one in found(*TALK).values())
    assert "Dove" not in names
    assert "Orrery" not in names


@pytest.mark.parametrize(
    ("title", "text", "names"),
    [
        ("POS for a kiosk", "We moved from Brindle to Pennyfern.", {"Brindle", "Pennyfern"}),
        ("Phần mềm bán hàng", "Shop em chuyển từ Mộc Sổ sang TiệmGọn rồi.", {"Mộc Sổ", "TiệmGọn"}),
        ("Moving house", "We moved from Kelmsford to Tarnhill.", set()),
        ("Which courier?", "DHL or UPS for parcels?", set()),
        ("", "", set()),
    ],
)
def test_a_single_thread(title: str, text: str, names: set[str]) -> None:
    assert set(found((title, text))) == names


def test_a_domain_is_a_site() -> None:
    talk = ("quillmart.co.uk or TillOwl?", "Which till software, quillmart.co.uk or TillOwl?")
    one = next(one for one in found(talk, talk).values() if "quill" in one.name.lower())
    assert one.site == "https://quillmart.co.uk/"


def test_no_threads_no_candidates() -> None:
    assert find_candidates([], TILLS) == ()


@pytest.mark.parametrize(
    "text",
    [
        "ร้านค้าออนไลน์ ใช้โปรแกรมอะไรดี", "कौन सा सॉफ्टवेयर अच्छा है", "أي برنامج أفضل", "ខ្មែរ ល្អ",
        "a \u0301x \u00b4 \u0300 ok", "\ud800 lone", "\u0301" * 5_000, "שָׁלוֹם", "བོད་སྐད",
    ],
)  # fmt: skip
def test_no_script_is_a_fault(text: str) -> None:
    find_candidates(threads(("Which POS?", text), (text, "Which POS?")), TILLS)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 300_000, "从" * 100_000, "\x00\x01 \u202e\ufeff" * 2_000, "😀" * 20_000,
        "A or B or " * 10_000, "https://a.example/?q=" + "%20" * 20_000, "& . ' - " * 20_000,
    ],
    ids=["long", "han", "signs", "emoji", "chain", "address", "marks"],
)  # fmt: skip
def test_hostile_texts_take_bounded_time(text: str) -> None:
    begun = time.perf_counter()
    find_candidates(threads(("Which POS?", text)), TILLS)
    assert time.perf_counter() - begun < 5
