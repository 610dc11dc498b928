"""What is an alert and what is none, kind by kind; the whole month is in test_thirty_nights.py."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.passes import alerts as alerts_pass
from analysis.passes.alert_news import marks
from analysis.passes.alert_talk import NIGHTS, surging
from analysis.upkeep import upkeep
from pipelines.storage.database import transaction
from pipelines.storage.market_rows import rename
from tests.analysis.nights import LATE, LEAVING, LEFT, NOVELS, TILLS, Site, World

MONTHS = 150


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A market with one rival and a forum of a few posts, after its first night."""
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    world = World(tmp_path)
    world.sites = {"pine": Site(TILLS, {"Pro": 49, "Basic": 9})}
    world.forums = {"talk": []}
    world.say("talk", LEFT.format("Pine", 2), who="early", days=3)
    assert world.night() == []
    world.day()
    return world


def test_an_alert_says_what_happened(world: World) -> None:
    world.sites["pine"].prices = {"Pro": 59, "Basic": 12}
    assert world.night() == ["price pine"]
    facts = world.facts("price")
    assert (facts["name"], facts["count"]) == ("pine", 2)
    changes = facts["changes"]
    assert isinstance(changes, list)
    assert {(change["old"], change["new"]) for change in changes} == {
        ("$49 a month", "$59 a month"), ("$9 a month", "$12 a month"),
    }  # fmt: skip
    assert {change["url"] for change in changes} == {"https://pine.example/pricing"}


def test_a_pass_that_is_killed_tells_the_same_at_the_next_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.sites["pine"].prices["Pro"] = 59
    with monkeypatch.context() as patch:
        patch.setattr(alerts_pass, "set_mark", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            world.night()
    assert world.connection.execute("SELECT count(*) FROM alerts").fetchone() == (0,)
    assert world.passes(world.market) == ["price pine"]
    assert world.passes(world.market) == []


def test_who_gets_the_id_of_a_removed_post_is_told_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        world.say("talk", LATE.format(number), who=f"old-{number}", days=300)
    assert world.night() == []
    world.alerts = "\n[upkeep]\nposts_days = 90\n"
    with monkeypatch.context() as patch:
        patch.setattr("analysis.upkeep.run_passes", lambda *given: 1 / 0)  # killed before them
        with pytest.raises(ZeroDivisionError):
            upkeep(world.market)
    assert world.connection.execute("SELECT max(id) FROM posts").fetchone() == (1,)
    world.forums["talk"].clear()
    world.day()
    world.say("talk", LEAVING.format("Pine", 3), who="new")
    assert world.night() == ["leaving"]


def test_only_the_kinds_the_market_file_names_are_raised_and_none_later(world: World) -> None:
    world.alerts = '[alerts]\nkinds = ["leaving"]\n'
    world.sites["pine"].prices["Pro"] = 59
    world.say("talk", LEAVING.format("Pine", 3), who="late")
    assert world.night() == ["leaving"]
    world.day()
    world.alerts = ""
    assert world.night() == []


def test_thinking_of_it_and_having_done_it_are_two_things(world: World) -> None:
    world.say("talk", LEAVING.format("Pine", 3), who="late")
    world.say("talk", LEAVING.format("Pine", 9), who="later")
    assert world.night() == ["leaving"]
    facts = world.facts("leaving")
    assert (facts["name"], facts["people"], facts["done"]) == ("Tally", 2, 0)
    world.day()
    world.say("talk", LEFT.format("Pine", 4), who="late")
    world.say("talk", LEFT.format("Pine", 7), who="early")  # known before the first alert
    assert world.night() == ["leaving"]
    facts = world.facts("leaving")
    assert (facts["people"], facts["done"]) == (1, 1)


def test_what_is_old_or_undated_is_no_news_whenever_it_is_read(world: World) -> None:
    world.say("talk", LEFT.format("Pine", 5), who="long ago", days=6)
    number = len(world.forums["talk"])
    world.say("talk", LEFT.format("Pine", 6), who="undated")
    world.forums["talk"][number] = replace(
        world.forums["talk"][number], posted_at=None, posted_precision="unknown"
    )
    assert world.night() == []


def test_a_rival_taken_out_of_the_file_and_a_renamed_one(world: World) -> None:
    with transaction(world.connection):
        rename(world.connection, "competitors", "pine", "fir")
    world.connection.execute("UPDATE competitors SET site = 'https://pine.example/'")
    world.sites = {"other": Site(NOVELS)}  # pine is not in the file any more
    assert world.night() == []
    assert world.connection.execute(
        "SELECT status FROM competitors WHERE id = 'fir'"
    ).fetchone() == ("ignored",)


def test_failing_is_remembered_until_two_good_nights(world: World) -> None:
    told = []
    for bad in "xx.xx..xx":
        world.sites["pine"].down = bad == "x"
        told.append(world.night())
        world.day()
    assert [number for number, alerts in enumerate(told) if alerts] == [1, 8]
    assert told[1] == told[8] == ["source pine"]
    facts = world.facts("source")
    assert (facts["outcome"], facts["all"], facts["sources"]) == ("failed", False, ["pine"])
    assert "pine" in marks(world.connection, "source")


def test_starts_by_hand_within_an_hour_are_one_night(world: World) -> None:
    world.sites["pine"].down = True
    assert world.night() == world.night() == world.night() == []


def test_few_people_or_a_short_past_make_no_surge() -> None:
    quiet = [0] * 16
    assert not [*surging({"a": 4}, {"a": quiet}, 40, 600)]
    assert not [*surging({"a": 40}, {"a": [0, 0, 0]}, 60, 90)]
    assert [topic for topic, _ in surging({"a": 5}, {"a": quiet}, 40, 600)] == ["a"]


def test_a_livelier_forum_makes_no_surge() -> None:
    """Everybody speaks four times as much, of the pain no more than before."""
    usual = [3] * 16
    assert not [*surging({"a": 12}, {"a": usual}, 160, 640)]
    assert [*surging({"a": 12}, {"a": usual}, 45, 640)]


def test_a_surge_must_be_twice_what_is_usual() -> None:
    usual = [100] * 16
    assert not [*surging({"a": 190}, {"a": usual}, 400, 4_800)]
    ((_, facts),) = surging({"a": 260}, {"a": usual}, 400, 4_800)
    assert facts == {"people": 260, "usual": 100.0, "ratio": 2.6}


def test_chance_makes_few_surges_and_a_true_one_is_seen() -> None:
    """Talk that only varies, as weeks do (variance twice the mean): in 150 months of weekly looks
    at eight pains each, at most one month in twenty has a surge; six times as many is one.
    """
    dice = random.Random(7)

    def week(mean: float) -> int:
        rate = dice.gammavariate(mean, 1.0)  # a Poisson of it: variance is twice the mean
        return _poisson(dice, rate)

    means = {f"pain-{n}": mean for n, mean in enumerate((0.2, 0.5, 1, 2, 3, 5, 8, 12))}
    false_months = seen = 0
    for _ in range(MONTHS):
        series = {topic: [week(mean) for _ in range(16 + 4)] for topic, mean in means.items()}
        past = 16 * 80
        false_months += any(
            [*surging({t: weeks[at] for t, weeks in series.items()},
                      {t: weeks[at - 16 : at] for t, weeks in series.items()}, 80, past)]
            for at in range(16, 20)
        )  # fmt: skip
        weeks = {"pain-4": series["pain-4"][:16]}
        seen += bool([*surging({"pain-4": 15 + week(3)}, weeks, 95, past)])
    assert NIGHTS == 30 and false_months <= MONTHS / 20, false_months
    assert seen > MONTHS * 0.6, seen


def _poisson(dice: random.Random, mean: float) -> int:
    found, product = 0, dice.random()
    limit = 2.718281828459045**-mean
    while product > limit:
        found += 1
        product *= dice.random()
    return found


def test_a_pain_is_told_by_the_words_of_those_who_complain(world: World) -> None:
    for week in range(1, 8):
        world.say("talk", f"Any tips for till number {week}?", who="asks", days=week * 7.0)
    assert world.night() == []
    world.day()
    for number in range(9):
        world.say("talk", LATE.format(number), who=f"sour-{number}")
    assert world.night() == ["pain delivery"]
    facts = world.facts("pain")
    assert (facts["people"], facts["usual"], facts["ratio"]) == (9, 0.0, None)
    assert isinstance(facts["names"], dict) and set(facts["names"]) == {"en", "vi", "zh"}
    assert isinstance(facts["quotes"], list) and "slow" in facts["quotes"][0]["quote"]
