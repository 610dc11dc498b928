"""Time labels as forums print them."""

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.forums.dates.reading import is_relative, order_of, read_date

NOW = datetime(2026, 11, 22, 15, 0, 0, tzinfo=UTC)  # a Sunday
HANOI, SHANGHAI = "Asia/Ho_Chi_Minh", "Asia/Shanghai"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "when", "precision"),
    [
        ("2026-11-22T15:15:57.535Z", "2026-11-22T15:15:57", "second"),
        ("2020-03-09T12:01:20+0700", "2020-03-09T05:01:20", "second"),
        ("2026-11-01T00:00:00+07:00", "2026-10-31T17:00:00", "second"),
        ("2018-05-21 20:37:55Z, License: CC BY-SA 4.0", "2018-05-21T20:37:55", "second"),
        ("2026-11-1 11:16", "2026-11-01T11:16:00", "minute"),
        ("2019-02-23, 09:14 PM", "2019-02-23T21:14:00", "minute"),
        ("1795360557", "2026-11-22T15:15:57", "second"),
        ("1795360557535", "2026-11-22T15:15:57", "second"),
        ("Sun, 22 Nov 2026 15:16:08 GMT", "2026-11-22T15:16:08", "second"),
        ("Sat Oct 31, 2026 2:25 am", "2026-10-31T02:25:00", "minute"),
        ("Nov. 21, 2026, 2:57 p.m.", "2026-11-21T14:57:00", "minute"),
        ("Nov. 21, 2026, 3 p.m.", "2026-11-21T15:00:00", "minute"),
        ("Nov. 22, 2026, noon", "2026-11-22T12:00:00", "minute"),
        ("Nov. 22, 2026, midnight", "2026-11-22T00:00:00", "minute"),
        ("By: someone on Nov. 22, 2026, 3:14 p.m.", "2026-11-22T15:14:00", "minute"),
        ("10-30-2026, 02:24 AM", "2026-10-30T02:24:00", "minute"),
        ("12:00 AM, 1 Feb 2026", "2026-02-01T00:00:00", "minute"),
        ("26/05/2024 10:00 PM GMT+7", "2024-05-26T15:00:00", "minute"),
        ("21 Nov", "2026-11-21T00:00:00", "day"),
        ("25 Dec", "2025-12-25T00:00:00", "day"),
        ("Mar 9, 2020", "2020-03-09T00:00:00", "day"),
        ("January 2024", "2024-01-01T00:00:00", "month"),
        ("发表于 2026-10-30 10:24:40", "2026-10-30T10:24:40", "second"),
        ("2024年5月12日 10:00", "2024-05-12T10:00:00", "minute"),
        ("2024年5月12日 下午3:05", "2024-05-12T15:05:00", "minute"),
        ("2024年5月12日 10時30分", "2024-05-12T10:30:00", "minute"),
        ("5月12日", "2026-05-12T00:00:00", "day"),
        ("12/05/2024 lúc 10:00", "2024-05-12T10:00:00", "minute"),
        ("14:57 Ngày 21 tháng 11 năm 2026", "2026-11-21T14:57:00", "minute"),
        ("12 tháng 5, 2024", "2024-05-12T00:00:00", "day"),
        ("21 Tháng mười một 2025", "2025-11-21T00:00:00", "day"),
    ],
)
def test_absolute_times(text: str, when: str, precision: str) -> None:
    read = read_date(text, fetched_at=NOW)
    assert (read.posted_at, read.precision, read.timezone) == (at(when), precision, None)


@pytest.mark.parametrize(
    ("text", "back", "precision"),
    [
        ("a minute ago", timedelta(minutes=1), "minute"),
        ("an hour ago", timedelta(hours=1), "hour"),
        ("3 hours ago", timedelta(hours=3), "hour"),
        ("2 weeks ago", timedelta(weeks=2), "day"),
        ("23h", timedelta(hours=23), "hour"),
        ("just now", timedelta(0), "minute"),
        ("3 小时前", timedelta(hours=3), "hour"),
        ("3 小時前", timedelta(hours=3), "hour"),
        ("半小时前", timedelta(minutes=30), "hour"),
        ("刚刚", timedelta(0), "minute"),
        ("3 天前", timedelta(days=3), "day"),
        ("2 tuần trước", timedelta(weeks=2), "day"),
        ("5 phut truoc", timedelta(minutes=5), "minute"),
        ("một giờ trước", timedelta(hours=1), "hour"),
        ("vừa xong", timedelta(0), "minute"),
    ],
)
def test_times_counted_back_need_no_zone(text: str, back: timedelta, precision: str) -> None:
    read = read_date(text, fetched_at=NOW, timezone=HANOI)
    assert (read.posted_at, read.precision, read.timezone) == (NOW - back, precision, None)
    assert is_relative(text)


def test_a_few_seconds_is_seconds() -> None:
    read = read_date("vài giây trước", fetched_at=NOW)
    assert read.posted_at and timedelta(0) <= NOW - read.posted_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "zone", "when"),
    [
        ("hôm qua lúc 10:23", HANOI, "2026-11-21T03:23:00"),
        ("Hôm nay lúc 08:10", HANOI, "2026-11-22T01:10:00"),
        ("hom qua luc 10:23", HANOI, "2026-11-21T03:23:00"),
        ("昨天 22:15", SHANGHAI, "2026-11-21T14:15:00"),
        ("昨日 22:15", SHANGHAI, "2026-11-21T14:15:00"),
        ("前天 08:00", SHANGHAI, "2026-11-20T00:00:00"),
        ("Yesterday at 10:02 PM", "America/New_York", "2026-11-22T03:02:00"),
        ("Tuesday at 5:12 AM", "UTC", "2026-11-17T05:12:00"),
        ("Thứ tư lúc 10:23", HANOI, "2026-11-18T03:23:00"),
        ("Chủ nhật lúc 8:00", "UTC", "2026-11-15T08:00:00"),
        ("星期三 10:23", "UTC", "2026-11-18T10:23:00"),
        ("July 1, 2026 12:00 PM", "Europe/Berlin", "2026-07-01T10:00:00"),
        ("2024-05-12 10:00:00", "UTC+7", "2024-05-12T03:00:00"),
    ],
)
def test_local_times_are_read_in_the_forum_zone(text: str, zone: str, when: str) -> None:
    read = read_date(text, fetched_at=NOW, timezone=zone)
    assert (read.posted_at, read.timezone) == (at(when), zone)


def test_yesterday_is_the_forum_yesterday() -> None:
    late = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)  # already the 23rd in Hanoi
    assert read_date("hôm qua lúc 01:00", fetched_at=late, timezone=HANOI).posted_at == at(
        "2026-11-21T18:00:00"
    )


@pytest.mark.parametrize(
    ("lang", "when"),
    [
        ("vi", "2024-06-05T10:00:00"),
        ("en-US", "2024-05-06T10:00:00"),
        ("en-GB", "2024-06-05T10:00:00"),
    ],
)
def test_ambiguous_date_with_a_language_is_only_a_day(lang: str, when: str) -> None:
    read = read_date("05/06/2024 10:00", fetched_at=NOW, lang=lang)
    assert (read.posted_at, read.precision) == (at(when), "day")


def test_ambiguous_date_without_a_hint_is_no_date() -> None:
    for lang in (None, "en"):
        read = read_date("05/06/2024 10:00", fetched_at=NOW, lang=lang)
        assert (read.posted_at, read.precision) == (None, "unknown")


def test_order_learnt_from_the_page_settles_it() -> None:
    order = order_of(["11-01-2026, 02:24 AM", "10-30-2026, 02:24 AM"])
    assert order == "mdy"
    read = read_date("11-01-2026, 02:24 AM", fetched_at=NOW, order=order)
    assert (read.posted_at, read.precision) == (at("2026-11-01T02:24:00"), "minute")
    assert order_of(["30-10-2026", "10-30-2026"]) is None
    assert order_of(["01-02-2026"]) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        None,
        "hello world",
        "31/02/2024",
        "Feb 30, 2024",
        "0912345678",
        "99:99",
        "Posts: 12",
        "2026-13-45",
        "9" * 400,
        "1 2 3 " * 200,
        "thang" * 100,
    ],
)
def test_no_time_is_no_time(text: str | None) -> None:
    read = read_date(text, fetched_at=NOW)
    assert (read.posted_at, read.precision, read.timezone) == (None, "unknown", None)


def test_unknown_zone_counts_as_none() -> None:
    for zone in ("Mars/Base", "../../etc/passwd", ""):
        read = read_date("2024-05-12 10:00:00", fetched_at=NOW, timezone=zone)
        assert (read.posted_at, read.timezone) == (at("2024-05-12T10:00:00"), None)


@pytest.mark.parametrize(
    ("text", "lang", "when"),
    [
        ("12. März 2024, 10:15", "de", "2024-03-12T10:15:00"),
        ("26 octobre 2025 15:18", "fr-FR", "2025-10-26T15:18:00"),
        ("26. Oktober 2025 15:18", None, "2025-10-26T15:18:00"),
    ],
)
def test_other_languages(text: str, lang: str | None, when: str) -> None:
    assert read_date(text, fetched_at=NOW, lang=lang).posted_at == at(when)
