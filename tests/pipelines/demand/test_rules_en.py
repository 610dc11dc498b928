"""What the English rules alone make of posts: what must be read, and traps that must not."""

import pytest

from pipelines.demand import DemandReader
from pipelines.demand.by_rules import Verdict, decide

READER = DemandReader()


def read(text: str) -> Verdict:
    return decide(READER.weigh(text, "en"))


@pytest.mark.parametrize(
    "text",
    [
        "The kettle leaked after a week and support told me to restart it.",
        "my headphones died after two months, absolute joke",
        "Ordered a medium, got an extra large. Still waiting for a reply.",
        "Our boiler engineer never showed up, waited in for five hours.",
        "never again. The soup was cold and the waiter was rude",
        "I bought it in May and the strap snapped within a month.",
        "They charged my card twice and nobody answers the phone, I paid 60 for this.",
        "dont waste your money, mine broke after two washes",
        "My router drops out every evening, driving me mad.",
    ],
)
def test_bad_experiences(text: str) -> None:
    reading = read(text)
    assert reading.flags["pain"]
    assert reading.stage == "using"


@pytest.mark.parametrize(
    "text",
    [
        "nothing bad to say, does the job",
        "10/10 would order again",
        "Can't fault it. I've had mine since 2015 and it's still going strong.",
        "We stayed for three nights, the staff were lovely and the breakfast was delicious.",
        "great value. 5 stars",
        "I bought the small one and it's worth every penny.",
        "My barber is the best in town, never had to complain.",
        "not bad at all, fits like a glove",
    ],
)
def test_praise_of_what_is_used(text: str) -> None:
    reading = read(text)
    assert reading.flags["praise"]
    assert not reading.flags["pain"]
    assert reading.stage == "using"


@pytest.mark.parametrize(
    "text",
    [
        "Hand-knitted scarves, DM to order, free local delivery in Derby",
        "We're a family business restoring pianos since 1981. Free quotes, no job too small.",
        "Use my code HAPPY for your first box, girls",
        "Still available, collection only, no time wasters",
        "Comment GUIDE and I'll send you the whole thing.",
        "Two slots left in June, taking bookings now.",
    ],
)
def test_sellers(text: str) -> None:
    assert read(text).flags["seller"]


@pytest.mark.parametrize(
    ("text", "barrier"),
    [
        ("I like the desk, then I saw the shipping. Can't justify that.", "price"),
        ("Lovely coat but who pays 700 for a coat", "price"),
        ("Why are they so cheap? I nearly hit order but something is off.", "too_cheap"),
        ("I wanted to order but there's not a single review of this shop.", "trust"),
        ("Read the page twice and still don't get what the plans mean.", "understanding"),
        ("I haven't looked at the other brands yet, so no decision.", "not_compared"),
        ("No offline mode means no deal for us.", "missing_feature"),
        ("The hinge looks flimsy in the video. Will it last a year?", "quality"),
        ("I'd have to redo everything and teach the whole staff again.", "switching_cost"),
        ("I'd buy it today but they don't deliver to the islands.", "availability"),
        ("I'd have to run it past the board first.", "authority"),
        ("I want one but I'm waiting for the january sales.", "timing"),
    ],
)
def test_what_holds_buyers_back(text: str, barrier: str) -> None:
    assert read(text).barrier == barrier


@pytest.mark.parametrize(
    ("text", "status", "old", "new"),
    [
        ("went from android to iphone last year", "done", "android", "iphone"),
        ("Back to Firefox after three years of Chrome.", "done", "Chrome", "Firefox"),
        ("We tried Pipedrive for a year and went back to HubSpot.", "done", "Pipedrive", "HubSpot"),
        ("Contract ends in May and then I'm off.", "considering", None, None),
        ("I'm thinking of changing banks.", "considering", None, None),
    ],
)
def test_switches(text: str, status: str, old: str | None, new: str | None) -> None:
    switch = read(text).switch
    assert switch is not None
    assert (switch.status, switch.from_brand, switch.to_brand) == (status, old, new)


@pytest.mark.parametrize(
    ("text", "condition", "answer"),
    [
        ("Looking for a pram. Budget around 300.", "budget", "yes"),
        ("I want that bike but I'm skint till payday.", "budget", "no"),
        ("I need a till for the shop and it's my company, my signature.", "authority", "yes"),
        ("I'd love one but my boss has to approve it.", "authority", "no"),
    ],
)
def test_what_authors_can_and_may(text: str, condition: str, answer: str) -> None:
    assert read(text).answers[condition] == answer


@pytest.mark.parametrize(
    "text",
    [
        "I'd recommend sleeping on it.",
        "You should never buy a car in the rain.",
        "The company announced that shares rose four percent on Monday.",
        "They say the battery is terrible.",
        "Good luck with the exam, hope it goes well!",
        "We are happy to help if you have more questions.",
        "Please turn off the light switch when you leave.",
        "He grew sick of the debate and left the room.",
        "How to bleed a radiator: open the valve, wait for water, close it.",
    ],
)
def test_traps_that_say_nothing_of_demand(text: str) -> None:
    reading = read(text)
    assert (reading.stage, reading.flags["pain"], reading.flags["praise"]) == ("none", False, False)
    assert reading.switch is None
    assert not reading.flags["seller"]


@pytest.mark.parametrize(
    "text",
    [
        "I'm looking for work clothes that last.",
        "We would not switch from Slack to Teams.",
        "I circle for forty minutes every evening, nowhere to park.",
    ],
)
def test_neither_sellers_nor_switches(text: str) -> None:
    reading = read(text)
    assert not reading.flags["seller"]
    assert reading.switch is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Gave up on Fizzbank after the third outage, and I'm with Monzo now.", "done"),
        ("So glad I switched, should have done it years ago.", "done"),
        ("We took our business elsewhere, they couldn't care less.", "done"),
        ("If it happens once more we'll find another supplier.", "considering"),
        ("We looked at the alternatives twice and both times we renewed.", "considering"),
        ("I'm on EE and seriously tempted by Vodafone.", "considering"),
    ],
)
def test_switches_told_without_a_list_of_brands(text: str, status: str) -> None:
    switch = read(text).switch
    assert switch is not None
    assert switch.status == status


@pytest.mark.parametrize(
    ("text", "barrier"),
    [
        ("Love the coat, but 400 is beyond me.", "price"),
        ("They won't deliver to the islands.", "availability"),
        ("It isn't my call, the committee would have to agree.", "authority"),
        ("We need a till and yours is nice but no split bills?", "missing_feature"),
        ("I've only just started looking, nothing to compare it with.", "not_compared"),
        ("Half the reviews mention the hinge breaking.", "quality"),
        ("Interested, but who would answer for it? The firm was founded last year.", "trust"),
    ],
)
def test_what_holds_back_in_other_words(text: str, barrier: str) -> None:
    assert read(text).barrier == barrier


@pytest.mark.parametrize(
    ("text", "condition", "answer"),
    [
        ("We need a van, we've put aside about 7k.", "budget", "yes"),
        ("Nice bike but I can't run to 900.", "budget", "no"),
        ("Looking for a till, no boss to ask but me.", "authority", "yes"),
        ("I'd love it. It's my boss who signs, though.", "authority", "no"),
    ],
)
def test_money_and_say_in_other_words(text: str, condition: str, answer: str) -> None:
    assert read(text).answers[condition] == answer


@pytest.mark.parametrize(
    "text",
    ["The lamp came with a cracked shade.", "Tasteless, watery, tiny portion.", "faulty. again"],
)
def test_defects_told_as_events(text: str) -> None:
    reading = read(text)
    assert reading.flags["pain"]
    assert not reading.flags["praise"]


@pytest.mark.parametrize(
    "text", ["Perfect fit, lovely soft material.", "Had ours for six years and it's still going."]
)
def test_praise_told_as_results(text: str) -> None:
    reading = read(text)
    assert reading.flags["praise"]
    assert not reading.flags["pain"]


@pytest.mark.parametrize(
    "text",
    [
        "Our kitchen floods every time it rains.",
        "Somebody should invent a quiet hand dryer.",
    ],
)
def test_troubles_without_a_product(text: str) -> None:
    assert read(text).stage == "problem_aware"


@pytest.mark.parametrize(
    "text",
    [
        "Great idea, thanks for posting.",
        "It's in the paper now.",
        "The health board said waiting times had fallen.",
        "Can someone explain the offside rule to me?",
    ],
)
def test_traps_of_the_other_words(text: str) -> None:
    reading = read(text)
    assert reading.switch is None
    assert reading.barrier is None
    assert not reading.flags["pain"]
