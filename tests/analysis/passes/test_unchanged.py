"""Tiers and answers are computed anew where anything they rest on changed, and only there."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.passes import run_passes, summaries, tiers, unchanged
from analysis.questions.period import DAYS
from tests.analysis.nights import CHAIRS, LEAVING, TILLS, Site, World

TIMES = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A market that was crawled and sorted, and crawled and sorted again without news."""
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    made = World(tmp_path)
    made.sites = {"rings": Site(TILLS, {"Solo": 20}), "wood": Site(CHAIRS)}
    made.forums = {"cafes": []}
    for number in range(4):
        made.say("cafes", LEAVING.format("Rings", number), who=f"Ann{number}", days=number)
    made.night()
    made.night()
    return made


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was computed since: ``tiers``, ``answers``."""
    done: list[str] = []

    def telling(name: str, run: Callable[..., object]) -> Callable[..., object]:
        def told(*arguments: object, **more: object) -> object:
            done.append(name)
            return run(*arguments, **more)

        return told

    monkeypatch.setattr(tiers, "run", telling("tiers", tiers.run))
    monkeypatch.setattr(summaries, "run", telling("answers", summaries.run))
    return done


def answers(world: World) -> dict[tuple[str, str], object]:
    """Every answer stored, without the moments of visits."""
    return {
        (question, period): json.loads(TIMES.sub("then", answer))
        for question, period, answer in world.connection.execute(
            "SELECT question, period, answer_json FROM summaries"
        )
    }


def test_a_night_without_news_leaves_tiers_and_answers(world: World, computed: list[str]) -> None:
    before = answers(world)
    world.connection.execute("UPDATE summaries SET computed_at = '2001-01-01T00:00:00Z'")
    world.night()
    assert computed == []
    stored = "SELECT min(computed_at) > '2001-02', count(*) FROM summaries"
    assert world.connection.execute(stored).fetchone() == (1, len(before))
    assert answers(world) == before
    assert {id_ for (id_,) in world.connection.execute("SELECT id FROM periods")} == {*DAYS}
    run_passes(world.connection, world.market, everything=True)
    assert computed == ["tiers", "answers"]
    assert answers(world) == before


def test_how_the_sources_came_out_is_told_of_every_run(world: World, computed: list[str]) -> None:
    run, source = world.connection.execute(
        "SELECT run_id, source FROM run_sources ORDER BY run_id DESC LIMIT 1"
    ).fetchone()
    world.connection.execute(
        "UPDATE run_sources SET outcome = 'partial', detail = 'slow' "
        "WHERE run_id = ? AND source = ?",
        (run, source),
    )
    world.passes(world.market)
    assert computed == []
    told = answers(world)["sources", "all"]
    assert isinstance(told, dict)
    assert [one["detail"] for one in told["unread"]] == ["slow"]


def new_post(world: World) -> None:
    world.say("cafes", LEAVING.format("Rings", 9), who="Zoe")


def new_price(world: World) -> None:
    world.sites["rings"].prices["Solo"] = 25


def unreadable(world: World) -> None:
    world.sites["wood"].down = True


def other_business(world: World) -> None:
    world.description = "Wooden chairs for cafes"


def decision(world: World) -> None:
    world.connection.execute(
        "INSERT INTO decisions (subject, field, value, reason, origin, decided_by, decided_at) "
        "VALUES ('wood', 'tier', '2', 'seen at the fair', 'desk', 'Ann', '2026-11-20T00:00:00Z')"
    )


def lost_answers(world: World) -> None:
    world.connection.execute("DELETE FROM summaries")


def waiting_post(world: World) -> None:
    world.connection.execute("INSERT INTO dirty SELECT 'post', min(id) FROM posts")


@pytest.mark.parametrize(
    "change",
    [new_post, new_price, unreadable, other_business, decision, lost_answers, waiting_post],
)
def test_what_they_rest_on_has_changed(
    world: World, computed: list[str], change: Callable[[World], None]
) -> None:
    change(world)
    world.night()
    assert computed == ["tiers", "answers"]


def test_a_new_day_moves_the_time_ranges(world: World, computed: list[str]) -> None:
    later = "UPDATE pages SET last_seen = '2999-01-01T00:00:00Z'"
    world.connection.execute(later)
    world.passes(world.market)
    assert computed == ["tiers", "answers"]


def test_another_program_computes_anew(
    world: World, computed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unchanged, "_programs", lambda: "of tomorrow")
    world.passes(world.market)
    assert computed == ["tiers", "answers"]


def test_a_pass_that_is_cut_off_leaves_no_mark(
    world: World, computed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    new_post(world)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(tiers, "run", killed)
        world.night()
    world.passes(world.market)
    assert computed == ["tiers", "answers"]
