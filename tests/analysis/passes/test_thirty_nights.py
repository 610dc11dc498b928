"""Thirty nights on sites that change, fail and recover: exactly the true alerts, night by night."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analysis.nights import (
    CHAIRS,
    HARMLESS,
    LATE,
    LEAVING,
    LEFT,
    NOVELS,
    TILLS,
    Site,
    World,
    talkative,
)

pytestmark = pytest.mark.slow

QUIET: list[str] = []


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    world = World(tmp_path)
    world.sites = {
        "oak": Site(CHAIRS, {"Lease": 20}),
        "pine": Site(TILLS, {"Basic": 19, "Pro": 49}),
        "birch": Site(NOVELS),
    }
    talkative(world, "talk")
    return world


def price(world: World, site: str, **plans: int) -> None:
    world.sites[site].prices |= plans


def down(world: World, *keys: str, back: bool = False) -> None:
    for key in keys:
        if key in world.sites:
            world.sites[key].down = not back
        elif back:
            world.down.discard(key)
        else:
            world.down.add(key)


def crowd(world: World, text: str, names: range, *, days: float = 0.1) -> None:
    for number in names:
        world.say("talk", text.format(number), who=f"crowd-{number}", days=days)


def new_forum(world: World) -> None:
    """With a past of its own, in which a customer left and many complained."""
    talkative(world, "second")
    world.say("second", LEFT.format("Oak", 5), who="long-gone", days=2)
    for number in range(8):
        world.say("second", LATE.format(50 + number), who=f"sour-{number}", days=3)


def new_rival(world: World) -> None:
    world.sites["elm"] = Site(TILLS, {"Solo": 9})


def ignored(world: World) -> None:
    world.connection.execute(
        "INSERT INTO decisions (subject, field, value, origin, decided_at) "
        "VALUES ('oak', 'status', '\"ignored\"', 'desk', '2026-01-01T00:00:00Z')"
    )
    price(world, "oak", Lease=35)


def nothing(world: World) -> None:
    pass


Event = Callable[[World], object]

NIGHTS: list[tuple[Event, list[str]]] = [
    (nothing, QUIET),  # the first run is the beginning
    (nothing, QUIET),
    (lambda w: price(w, "pine", Pro=59), ["price pine"]),
    (nothing, QUIET),
    (lambda w: down(w, "oak"), QUIET),  # one night
    (lambda w: down(w, "oak", back=True), QUIET),
    (lambda w: down(w, "birch"), QUIET),
    (nothing, ["source birch"]),  # two nights
    (nothing, QUIET),  # once
    (lambda w: down(w, "birch", back=True), QUIET),
    (lambda w: down(w, "birch"), QUIET),  # to and fro is the same failing
    (lambda w: (down(w, "birch", back=True), new_forum(w)), QUIET),  # what is read first was there
    (lambda w: crowd(w, HARMLESS, range(100, 130)), QUIET),  # a lively week is no surge
    (lambda w: setattr(w.sites["oak"], "text", TILLS), ["direct oak"]),
    (nothing, QUIET),
    (new_rival, QUIET),  # a new line of the market file
    (lambda w: price(w, "elm", Solo=12), ["price elm"]),
    (lambda w: w.say("talk", LEFT.format("Oak", 3), who="anna"), ["leaving"]),
    (lambda w: (w.say("talk", LEFT.format("Oak", 4), who="anna"),
                w.say("talk", LEAVING.format("Pine", 6), who="ben")), ["leaving"]),
    (lambda w: (price(w, "pine", Basic=22, Pro=69), price(w, "oak", Lease=25)),
     ["price oak", "price pine"]),
    (lambda w: crowd(w, LATE, range(3)), QUIET),  # three are few
    (lambda w: crowd(w, LATE, range(3, 40)), ["pain delivery"]),
    (lambda w: crowd(w, LATE, range(40, 45)), QUIET),  # the same surge
    (lambda w: down(w, *w.sites, *w.forums), QUIET),
    (nothing, ["source"]),  # all of them are one alert
    (lambda w: down(w, *w.sites, *w.forums, back=True), QUIET),
    (lambda w: price(w, "pine", Pro=59), ["price pine"]),
    (lambda w: price(w, "pine", Pro=69), QUIET),  # 59 to 69 again: told this month
    (lambda w: setattr(w, "description", "Tills, sold to bakeries and small cafes"), QUIET),
    (ignored, QUIET),
]  # fmt: skip


def test_exactly_the_true_alerts(world: World) -> None:
    assert len(NIGHTS) == 30
    told = {}
    for number, (event, _) in enumerate(NIGHTS, 1):
        event(world)
        told[number] = world.night()
        if number == 29:  # the rules are asked anew over all that is stored
            assert world.passes(world.market, everything=True) == QUIET
        world.day()
    assert told == {number: alerts for number, (_, alerts) in enumerate(NIGHTS, 1)}
