"""Names of zones and the offsets there are."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.forums.dates.zones import nearest_offset, offset_named, zone_named

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("UTC", 0), ("gmt", 0), ("Z", 0), ("UTC+7", 7), ("utc+07:00", 7), ("GMT +7", 7),
        ("GMT-3:30", -3.5), ("+0530", 5.5), ("UTC+5:45", 5.75), ("Asia/Ho_Chi_Minh", 7),
        ("Europe/Berlin", 2), (" UTC+8 ", 8),
    ],
)  # fmt: skip
def test_names_of_zones(name: str, hours: float) -> None:
    zone = zone_named(name)
    assert zone is not None
    assert NOON.astimezone(zone).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "name", [None, "", "UTC+99", "Mars/Base", "../etc/passwd", "\0", "7" * 999]
)
def test_names_of_no_zone(name: str | None) -> None:
    assert zone_named(name) is None


@given(st.integers(-12 * 4, 14 * 4))
def test_an_offset_is_found_under_its_name(quarters: int) -> None:
    offset = timedelta(minutes=15 * quarters)
    zone = zone_named(offset_named(offset))
    assert zone is not None and zone.utcoffset(None) == offset


@pytest.mark.parametrize(
    ("minutes", "within", "offset"),
    [
        (420, 1, 420), (419, 1, 420), (424, 10, 420), (424, 3, None), (330, 1, 330),
        (315, 1, None), (15, 10, None), (-150, 1, -150), (840, 1, 840), (841, 1, 840),
        (900, 1, None), (-721, 1, -720), (-780, 5, None),
    ],
)  # fmt: skip
def test_the_offset_next_to_a_difference(minutes: int, within: int, offset: int | None) -> None:
    found = nearest_offset(timedelta(minutes=minutes), within=timedelta(minutes=within))
    assert found == (None if offset is None else timedelta(minutes=offset))
