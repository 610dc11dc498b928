"""A forum's zone from true times beside local ones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.forums.dates.reading import read_date
from crawlers.forums.dates.zone_learning import learn_zone, pairs_of, shows_local_times
from crawlers.forums.dates.zones import zone_named
from crawlers.items import Post

WINTER = [datetime(2026, 1, 5 + n, 3 * n, 7 * n, 11 * n, tzinfo=UTC) for n in range(5)]
SUMMER = [datetime(2026, 7, 5 + n, 3 * n, 7 * n, 11 * n, tzinfo=UTC) for n in range(5)]
Pair = tuple[datetime, datetime]


def shown(true: datetime, zone: str, *, seconds: bool = False) -> Pair:
    known = zone_named(zone)
    assert known is not None
    wall = true.astimezone(known).replace(tzinfo=None)
    return (wall if seconds else wall.replace(second=0)), true


@pytest.mark.parametrize("seconds", [False, True])
@pytest.mark.parametrize("zone", ["UTC", "UTC+8", "UTC+7", "UTC-5", "UTC+5:30", "UTC-3:30"])
def test_a_fixed_offset(zone: str, seconds: bool) -> None:
    assert learn_zone(shown(at, zone, seconds=seconds) for at in WINTER + SUMMER) == zone
    assert learn_zone([shown(WINTER[3], zone, seconds=seconds)]) == zone


@pytest.mark.parametrize(
    "zone",
    ["Europe/London", "Europe/Berlin", "America/New_York", "America/Chicago", "America/Denver",
     "America/Los_Angeles", "Australia/Sydney", "Pacific/Auckland"],
)  # fmt: skip
def test_a_zone_with_summer_time(zone: str) -> None:
    assert learn_zone(shown(at, zone) for at in WINTER + SUMMER) == zone


def test_the_language_names_the_zone_among_equals() -> None:
    pairs = [shown(at, "Europe/Paris") for at in WINTER + SUMMER]
    assert learn_zone(pairs, language="fr-FR") == "Europe/Paris"
    assert learn_zone(pairs, language="vi") == "Europe/Berlin"
    pairs = [shown(at, "America/New_York") for at in WINTER + SUMMER]
    assert learn_zone(pairs, language="fr") == "America/New_York"


def test_one_season_tells_an_offset_only() -> None:
    assert learn_zone(shown(at, "Europe/Berlin") for at in SUMMER) == "UTC+2"


def test_a_few_wrong_pairs_do_no_harm() -> None:
    right = [shown(at, "UTC+8") for at in WINTER]
    wrong = [
        (at.replace(tzinfo=None) + timedelta(days=3, minutes=34), at) for at in SUMMER[:2]
    ]  # edited
    assert learn_zone(right + wrong) == "UTC+8"
    assert learn_zone(right[:2] + wrong) is None


def test_pairs_that_contradict_each_other_tell_nothing() -> None:
    assert learn_zone([]) is None
    assert learn_zone([shown(WINTER[1], "UTC+8"), shown(WINTER[2], "UTC+3")]) is None
    assert learn_zone([shown(at, f"UTC+{n}") for n, at in enumerate(WINTER)]) is None


def test_one_pair_must_be_exact() -> None:
    true = datetime(2026, 11, 1, 2, 3, 40, tzinfo=UTC)
    for wall, zone in (
        (datetime(2026, 11, 1, 10, 3, 40), "UTC+8"),  # noqa: DTZ001
        (datetime(2026, 11, 1, 10, 3), "UTC+8"),  # noqa: DTZ001
        (datetime(2026, 11, 1, 10, 4), None),  # noqa: DTZ001
        (datetime(2026, 11, 1, 10, 3, 39), None),  # noqa: DTZ001
        (datetime(2026, 11, 1, 10, 18), None),  # noqa: DTZ001
        (datetime(2026, 11, 2, 10, 3), None),  # noqa: DTZ001
    ):
        assert learn_zone([(wall, true)]) == zone
        assert learn_zone([(wall, true)] * 3) == zone  # the same pair again is no proof


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.datetimes(), st.datetimes(timezones=st.just(ZoneInfo("UTC")))), max_size=8
    )
)
def test_no_pairs_raise(pairs: list[Pair]) -> None:
    zone = learn_zone(pairs)
    assert zone is None or zone_named(zone) is not None


def post(identifier: str, label: str) -> Post:
    fetched = datetime(2026, 11, 22, 15, tzinfo=UTC)
    read = read_date(label, fetched_at=fetched, order="mdy")
    return Post(
        id=identifier,
        url=f"https://forum.example/showthread.php?tid=3&pid={identifier}#pid{identifier}",
        author="An",
        text="words",
        posted_at=read.posted_at,
        posted_text=label,
        posted_precision=read.precision,
        timezone=read.timezone,
    )


def test_posts_are_paired_by_id_and_by_address() -> None:
    true = datetime(2026, 11, 1, 2, 3, 40, tzinfo=UTC)
    posts = [post("7", "11-01-2026, 10:03 AM"), post("8", "11-01-2026, 11:03 AM")]
    told = {
        "7": true,
        "https://forum.example/showthread.php?pid=8&tid=3#pid8": true + timedelta(hours=1),
        "https://forum.example/showthread.php?tid=3": true - timedelta(days=9),
    }
    pairs = pairs_of(posts, told)
    assert pairs == [
        (datetime(2026, 11, 1, 10, 3), true),  # noqa: DTZ001
        (datetime(2026, 11, 1, 11, 3), true + timedelta(hours=1)),  # noqa: DTZ001
    ]
    assert learn_zone(pairs) == "UTC+8"
    assert pairs_of(posts, {}) == []


@pytest.mark.parametrize(
    ("label", "local", "paired"),
    [
        ("发表于 2026-11-01 10:03:40", True, True),
        ("Sun Nov 01, 2026 10:03 am", True, True),
        ("11-02-2026, 10:03 AM", True, True),
        ("Yesterday, 10:03 AM", True, False),
        ("Tuesday at 10:03 AM", True, False),
        ("11-01 10:03", True, False),
        ("10:03 AM", True, False),
        ("Nov 1, 2026", True, False),
        ("2026-11-01 10:03:40 +08:00", False, False),
        ("2026-11-01T02:03:40Z", False, False),
        ("1 Nov 2026 02:03 UTC", False, False),
        ("3 hours ago", False, False),
        ("1793498620", False, False),
        ("no time", False, False),
    ],
)
def test_only_whole_dates_without_a_zone_are_paired(label: str, local: bool, paired: bool) -> None:
    posts = [post("7", label)]
    assert shows_local_times(posts) is local
    assert bool(pairs_of(posts, {"7": datetime(2026, 11, 1, 2, 3, 40, tzinfo=UTC)})) is paired
