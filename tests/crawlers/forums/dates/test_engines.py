"""Time labels engine by engine, with the words engines put around them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.forums.dates.reading import Order, is_relative, read_date

NOW = datetime(2026, 11, 22, 15, 30, 0, tzinfo=UTC)  # a Sunday
HANOI, SHANGHAI, TAIPEI = "Asia/Ho_Chi_Minh", "Asia/Shanghai", "Asia/Taipei"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "when", "precision"),
    [
        # SMF
        ("« Reply #3 on: January 05, 2024, 10:02:11 pm »", "2024-01-05T22:02:11", "second"),
        ("Reply #12 - May 05, 2024, 09:00:01 AM", "2024-05-05T09:00:01", "second"),
        # phpBB
        ("Sun Nov 22, 2026 3:16 pm", "2026-11-22T15:16:00", "minute"),
        ("by admin » 22 Nov 2026, 15:16", "2026-11-22T15:16:00", "minute"),
        ("Post by carol99 » Sun Nov 22, 2026 12:16 am", "2026-11-22T00:16:00", "minute"),
        # MyBB
        ("11-22-2026, 03:16 PM", "2026-11-22T15:16:00", "minute"),
        ("3 hours ago (11-20-2026)", "2026-11-20T00:00:00", "day"),
        # vBulletin
        ("22-11-2026, 10:02", "2026-11-22T10:02:00", "minute"),
        ("22nd November 2026, 10:02 AM", "2026-11-22T10:02:00", "minute"),
        ("November 22nd, 2026, 12:02 AM", "2026-11-22T00:02:00", "minute"),
        ("22nd of November 2026 10:02", "2026-11-22T10:02:00", "minute"),
        # Discuz!
        ("发表于 2026-11-22 23:16", "2026-11-22T23:16:00", "minute"),
        ("发表于 2026-1-2 03:04:05", "2026-01-02T03:04:05", "second"),
        ("發表於 2026-11-22 下午 03:16", "2026-11-22T15:16:00", "minute"),
        # XenForo
        ("Nov 22, 2026 at 10:02 AM", "2026-11-22T10:02:00", "minute"),
        ("22/11/26", "2026-11-22T00:00:00", "day"),
        ("22/11/26 lúc 10:23", "2026-11-22T10:23:00", "minute"),
        ("22 Tháng mười một 2026", "2026-11-22T00:00:00", "day"),
        ("22 Tháng 11 2026", "2026-11-22T00:00:00", "day"),
        ("Tháng 11 22, 2026", "2026-11-22T00:00:00", "day"),
        ("22 thg 11, 2026 lúc 10:23", "2026-11-22T10:23:00", "minute"),
        ("Th11 22, 2026", "2026-11-22T00:00:00", "day"),
        ("11月 22, 2026", "2026-11-22T00:00:00", "day"),
        ("十一月 22, 2026", "2026-11-22T00:00:00", "day"),
        ("22 十一月 2026", "2026-11-22T00:00:00", "day"),
        # Invision
        ("Posted November 22", "2026-11-22T00:00:00", "day"),
        ("Posted 22 November 2026 - 03:16 PM", "2026-11-22T15:16:00", "minute"),
        ("Posted November 23, 2025", "2025-11-23T00:00:00", "day"),
        # Discourse
        ("Nov '25", "2025-11-01T00:00:00", "month"),
        ("Nov 5, 2025 10:23 am", "2025-11-05T10:23:00", "minute"),
        ("5 Nov 2025", "2025-11-05T00:00:00", "day"),
        # bbPress
        ("22 November 2026 at 3:16 pm", "2026-11-22T15:16:00", "minute"),
        ("November 22, 2026 at 12:05 pm", "2026-11-22T12:05:00", "minute"),
        # PTT, mails and their archives
        ("Sun Nov 22 15:16:08 2026", "2026-11-22T15:16:08", "second"),
        ("Tue Mar  5 01:02:03 2019", "2019-03-05T01:02:03", "second"),
        ("Sun Nov 22 15:16:08 CET 2026", "2026-11-22T14:16:08", "second"),
        ("Sun, 22 Nov 2026 15:16:08 +0000", "2026-11-22T15:16:08", "second"),
        ("Sun, 22 Nov 2026 07:16:08 -0800 (PST)", "2026-11-22T15:16:08", "second"),
        ("22 Nov 26 15:16:08 GMT", "2026-11-22T15:16:08", "second"),
        ("Sunday, 22-Nov-26 15:16:08 GMT", "2026-11-22T15:16:08", "second"),
        ("2026-11-22 15:16 UTC", "2026-11-22T15:16:00", "minute"),
        ("Sun, Nov 22, 2026 at 3:16 PM", "2026-11-22T15:16:00", "minute"),
        # V2EX, Tieba, NGA
        ("2026-11-22 15:16:08 +08:00", "2026-11-22T07:16:08", "second"),
        ("2026-11-22 15:16", "2026-11-22T15:16:00", "minute"),
        ("2026/11/22 15:16", "2026-11-22T15:16:00", "minute"),
        ("2026.11.22 15:16:01", "2026-11-22T15:16:01", "second"),
        # shops and app stores
        ("Reviewed in the United States on November 2, 2026", "2026-11-02T00:00:00", "day"),
        ("2026-11-21T18:02:11-07:00", "2026-11-22T01:02:11", "second"),
        ("Ngày 22 tháng 11, 2026", "2026-11-22T00:00:00", "day"),
        ("2026年11月22日已购", "2026-11-22T00:00:00", "day"),
        # Vietnamese prose
        ("10:23 22/11/2026", "2026-11-22T10:23:00", "minute"),
        ("Chủ nhật, 22/11/2026, 10:23 (GMT+7)", "2026-11-22T03:23:00", "minute"),
        ("Ngày 22 tháng 11 năm 2026", "2026-11-22T00:00:00", "day"),
        ("ngay 22 thang 11 nam 2026 luc 10h23", "2026-11-22T10:23:00", "minute"),
        ("22/11/2026 lúc 10 giờ 23 phút sáng", "2026-11-22T10:23:00", "minute"),
        ("22/11/2026 lúc 8 giờ tối", "2026-11-22T20:00:00", "hour"),
        ("22h30 ngày 21/11/2026", "2026-11-21T22:30:00", "minute"),
        ("9:15 SA, 22/11/2026", "2026-11-22T09:15:00", "minute"),
        ("9:15 CH 21/11/2026", "2026-11-21T21:15:00", "minute"),
        ("Thứ 7, 21/11/2026 - 10:23", "2026-11-21T10:23:00", "minute"),
        ("tháng 11 năm 2025", "2025-11-01T00:00:00", "month"),
        # Chinese prose
        ("2026年11月22日 下午3:16", "2026-11-22T15:16:00", "minute"),
        ("2026 年 11 月 22 日 15:16", "2026-11-22T15:16:00", "minute"),
        ("2026年11月22日星期日 上午10:23", "2026-11-22T10:23:00", "minute"),
        ("2026年11月21日 晚上8点30分", "2026-11-21T20:30:00", "minute"),
        ("2026年11月21日 晚上8点半", "2026-11-21T20:30:00", "minute"),
        ("2026年11月21日 凌晨12:30", "2026-11-21T00:30:00", "minute"),
        ("2026年11月21日 中午12:30", "2026-11-21T12:30:00", "minute"),
        ("民國115年11月22日 下午3:16", "2026-11-22T15:16:00", "minute"),
        ("民國 115/11/22", "2026-11-22T00:00:00", "day"),
        ("115年11月22日", "2026-11-22T00:00:00", "day"),
        ("二〇二六年十一月二十二日", "2026-11-22T00:00:00", "day"),
        ("２０２６年１１月２２日　１０：２３", "2026-11-22T10:23:00", "minute"),
        ("２０２６－１１－２２　１０：２３", "2026-11-22T10:23:00", "minute"),
        ("11月22日 10:16", "2026-11-22T10:16:00", "minute"),
        ("11/2025", "2025-11-01T00:00:00", "month"),
        ("2025年11月", "2025-11-01T00:00:00", "month"),
        # corners of the clock and the calendar
        ("2026-11-21 24:00", "2026-11-22T00:00:00", "minute"),
        ("Nov 21, 2026 24:00", "2026-11-22T00:00:00", "minute"),
        ("Nov 21, 2026 12:00 PM", "2026-11-21T12:00:00", "minute"),
        ("Nov 21, 2026 12:00 AM", "2026-11-21T00:00:00", "minute"),
        ("Feb 29, 2024", "2024-02-29T00:00:00", "day"),
        ("Feb 29", "2024-02-29T00:00:00", "day"),
        ("2016-12-31 23:59:60", "2016-12-31T23:59:59", "second"),
        ("1 Jan 1999 00:00", "1999-01-01T00:00:00", "minute"),
        ("Nov 22, 2026 – 10:02", "2026-11-22T10:02:00", "minute"),
        ("2026-11-22 10:02 (UTC−5)", "2026-11-22T15:02:00", "minute"),
        ("2026-11-22 10:02 北京时间", "2026-11-22T02:02:00", "minute"),
        ("1795360557.25", "2026-11-22T15:15:57", "second"),
    ],
)
def test_labels_of_engines(text: str, when: str, precision: str) -> None:
    read = read_date(text, fetched_at=NOW)
    assert (read.posted_at, read.precision, read.timezone) == (at(when), precision, None)
    assert not is_relative(text)


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "back", "precision"),
    [
        ("A moment ago", timedelta(0), "minute"),
        ("just now", timedelta(0), "minute"),
        ("less than a minute ago", MINUTE, "minute"),
        ("42 seconds ago", 42 * timedelta(seconds=1), "minute"),
        ("5 min. ago", 5 * MINUTE, "minute"),
        ("about an hour ago", HOUR, "hour"),
        ("half an hour ago", HOUR / 2, "hour"),
        ("1 hour, 5 minutes ago", HOUR + 5 * MINUTE, "minute"),
        ("1 hour and 5 minutes ago", HOUR + 5 * MINUTE, "minute"),
        ("2h 5m ago", 2 * HOUR + 5 * MINUTE, "minute"),
        ("22 hours ago", 22 * HOUR, "hour"),
        ("Posted 22 hours ago by someone", 22 * HOUR, "hour"),
        ("5 hr. ago", 5 * HOUR, "hour"),
        ("two days ago", 2 * DAY, "day"),
        ("2 weeks, 3 days ago", 17 * DAY, "day"),
        ("1 day ago (edited)", DAY, "day"),
        ("1w ago", 7 * DAY, "day"),
        ("3d", 3 * DAY, "day"),
        ("1,234 days ago", 1_234 * DAY, "day"),
        ("last week", 7 * DAY, "day"),
        ("半小时前", HOUR / 2, "hour"),
        ("一个半小时前", 1.5 * HOUR, "hour"),
        ("3 小时 21 分钟前", 3 * HOUR + 21 * MINUTE, "minute"),
        ("发表于 2 小时前", 2 * HOUR, "hour"),
        ("發表於 3 天前", 3 * DAY, "day"),
        ("十五分钟前", 15 * MINUTE, "minute"),
        ("2 週前", 14 * DAY, "day"),
        ("3天以前", 3 * DAY, "day"),
        ("剛剛", timedelta(0), "minute"),
        ("片刻前", timedelta(0), "minute"),
        ("上周", 7 * DAY, "day"),
        ("2 tuần trước", 14 * DAY, "day"),
        ("3h trước", 3 * HOUR, "hour"),
        ("1 giờ 30 phút trước", 1.5 * HOUR, "minute"),
        ("khoảng 2 tiếng trước", 2 * HOUR, "hour"),
        ("1 tiếng rưỡi trước", 1.5 * HOUR, "hour"),
        ("nửa giờ trước", HOUR / 2, "hour"),
        ("cách đây 3 ngày", 3 * DAY, "day"),
        ("cách đây 3 ngày trước", 3 * DAY, "day"),
        ("vừa xong", timedelta(0), "minute"),
        ("mới đây", timedelta(0), "minute"),
        ("Đã đăng 5 ngày trước (đã chỉnh sửa)", 5 * DAY, "day"),
    ],
)
def test_labels_counted_back(text: str, back: timedelta, precision: str) -> None:
    read = read_date(text, fetched_at=NOW, timezone=HANOI)
    assert (read.posted_at, read.precision, read.timezone) == (NOW - back, precision, None)


@pytest.mark.parametrize(
    ("text", "when", "precision"),
    [
        ("1y", "2025-11-22", "year"),
        ("2 yrs", "2024-11-22", "year"),
        ("2mo", "2026-09-22", "month"),
        ("2 mo. ago", "2026-09-22", "month"),
        ("1 yr. ago", "2025-11-22", "year"),
        ("over 2 years ago", "2024-11-22", "year"),
        ("1 year, 2 months ago", "2025-09-22", "month"),
        ("Streamed 3 years ago", "2023-11-22", "year"),
        ("1 năm trước", "2025-11-22", "year"),
        ("5 năm trước", "2021-11-22", "year"),
        ("năm năm trước", "2021-11-22", "year"),
        ("hơn 3 tháng trước", "2026-08-22", "month"),
        ("2 tháng 5 ngày trước", "2026-09-17", "day"),
        ("năm ngoái", "2025-11-22", "year"),
        ("3 个月前", "2026-08-22", "month"),
        ("半年前", "2026-05-22", "year"),
        ("2年前（已編輯）", "2024-11-22", "year"),
    ],
)
def test_months_and_years_counted_back(text: str, when: str, precision: str) -> None:
    read = read_date(text, fetched_at=NOW)
    assert read.posted_at and (read.posted_at.date().isoformat(), read.precision) == (
        when,
        precision,
    )


def test_a_month_back_stays_inside_its_month() -> None:
    fetched = datetime(2026, 3, 31, 12, tzinfo=UTC)
    assert read_date("1 month ago", fetched_at=fetched).posted_at == at("2026-02-28T12:00:00")


@pytest.mark.parametrize(
    ("text", "zone", "when", "precision"),
    [
        ("Today at 10:02:11 AM", "UTC", "2026-11-22T10:02:11", "second"),
        ("on: Today at 10:02:11 AM", HANOI, "2026-11-22T03:02:11", "second"),
        ("Yesterday, 10:02 PM", "UTC", "2026-11-21T22:02:00", "minute"),
        ("Yesterday 22:02", "America/New_York", "2026-11-22T03:02:00", "minute"),
        ("Saturday at 9:15 PM", "UTC", "2026-11-21T21:15:00", "minute"),
        ("Sunday at 9:15 PM", "UTC", "2026-11-15T21:15:00", "minute"),
        ("last Friday", "UTC", "2026-11-20T00:00:00", "day"),
        ("last Friday at 10:00", "UTC", "2026-11-20T10:00:00", "minute"),
        ("Friday", "UTC", "2026-11-20T00:00:00", "day"),
        ("last night at 10:00", "UTC", "2026-11-21T22:00:00", "minute"),
        ("This morning at 8:10", "UTC", "2026-11-22T08:10:00", "minute"),
        ("the day before yesterday at 8:10", "UTC", "2026-11-20T08:10:00", "minute"),
        ("Hôm qua lúc 10:23", HANOI, "2026-11-21T03:23:00", "minute"),
        ("hôm kia lúc 8 giờ", HANOI, "2026-11-20T01:00:00", "hour"),
        ("hôm kìa lúc 8 giờ", HANOI, "2026-11-19T01:00:00", "hour"),
        ("8h tối hôm qua", HANOI, "2026-11-21T13:00:00", "hour"),
        ("tối qua lúc 8:30", HANOI, "2026-11-21T13:30:00", "minute"),
        ("sáng nay 8h15", HANOI, "2026-11-22T01:15:00", "minute"),
        ("Thứ hai lúc 09:00", HANOI, "2026-11-16T02:00:00", "minute"),
        ("Thứ 2 lúc 09:00", HANOI, "2026-11-16T02:00:00", "minute"),
        ("thu nam luc 09:00", HANOI, "2026-11-19T02:00:00", "minute"),
        ("thứ năm tuần trước", "UTC", "2026-11-12T00:00:00", "day"),
        ("CN lúc 9:00", "UTC", "2026-11-15T09:00:00", "minute"),
        ("发表于 昨天 22:15", SHANGHAI, "2026-11-21T14:15:00", "minute"),
        ("前天 09:30", SHANGHAI, "2026-11-20T01:30:00", "minute"),
        ("大前天 09:30", SHANGHAI, "2026-11-19T01:30:00", "minute"),
        ("昨晚 10:15", SHANGHAI, "2026-11-21T14:15:00", "minute"),
        ("昨日 上午 10:23", TAIPEI, "2026-11-21T02:23:00", "minute"),
        ("今天 下午3:16", TAIPEI, "2026-11-22T07:16:00", "minute"),
        ("上周五 10:00", SHANGHAI, "2026-11-13T02:00:00", "minute"),
        ("周一 09:15", SHANGHAI, "2026-11-16T01:15:00", "minute"),
        ("週一 09:15", TAIPEI, "2026-11-16T01:15:00", "minute"),
        ("本周五 10:00", SHANGHAI, "2026-11-20T02:00:00", "minute"),
        ("星期三", "UTC", "2026-11-18T00:00:00", "day"),
        ("星期六 21:15", "UTC", "2026-11-21T21:15:00", "minute"),
        ("2 days ago at 10:23", "UTC", "2026-11-20T10:23:00", "minute"),
        ("3 ngày trước lúc 10:23", HANOI, "2026-11-19T03:23:00", "minute"),
        ("15:16", SHANGHAI, "2026-11-22T07:16:00", "minute"),
        ("上午 10:23", TAIPEI, "2026-11-22T02:23:00", "minute"),
        ("10:02 PM", "UTC", "2026-11-21T22:02:00", "minute"),
        ("12:00 AM", "UTC", "2026-11-22T00:00:00", "minute"),
    ],
)
def test_labels_on_the_forum_clock(text: str, zone: str, when: str, precision: str) -> None:
    read = read_date(text, fetched_at=NOW, timezone=zone)
    assert (read.posted_at, read.precision, read.timezone) == (at(when), precision, zone)


@pytest.mark.parametrize(
    ("text", "zone", "fetched", "when"),
    [
        # 23:30 in Hanoi of the 22nd is 16:30 UTC; half an hour later it is the 23rd there
        ("hôm nay lúc 00:10", HANOI, "2026-11-22T17:30:00", "2026-11-22T17:10:00"),
        ("hôm qua lúc 23:10", HANOI, "2026-11-22T17:30:00", "2026-11-22T16:10:00"),
        ("Today at 11:00 PM", "America/Los_Angeles", "2026-11-22T07:30:00", "2026-11-22T07:00:00"),
        ("Saturday at 1:00 AM", "Pacific/Auckland", "2026-11-22T12:30:00", "2026-11-20T12:00:00"),
        # the hour that does not exist, and the hour that comes twice
        ("2026-03-29 02:30", "Europe/Berlin", "2026-11-22T12:30:00", "2026-03-29T01:30:00"),
        ("2026-10-25 02:30", "Europe/Berlin", "2026-11-22T12:30:00", "2026-10-25T00:30:00"),
        # the new year's labels speak of the old year
        ("31 Dec", "UTC", "2026-01-01T00:30:00", "2025-12-31T00:00:00"),
        ("12月31日 23:50", SHANGHAI, "2026-01-01T00:30:00", "2025-12-31T15:50:00"),
        ("Yesterday at 11:50 PM", "UTC", "2026-01-01T00:30:00", "2025-12-31T23:50:00"),
    ],
)
def test_days_turn_with_the_forum_clock(text: str, zone: str, fetched: str, when: str) -> None:
    assert read_date(text, fetched_at=at(fetched), timezone=zone).posted_at == at(when)


@pytest.mark.parametrize(
    ("text", "lang", "order", "when", "precision"),
    [
        ("11/22 15:16", None, None, "2026-11-22T15:16:00", "minute"),
        ("22/11 15:16", None, None, "2026-11-22T15:16:00", "minute"),
        ("203.0.113.9 11/22 15:16", None, None, "2026-11-22T15:16:00", "minute"),
        ("05/06 15:16", None, None, None, "unknown"),
        ("05/06 15:16", None, "mdy", "2026-05-06T15:16:00", "minute"),
        ("05-06 15:16", "zh-TW", None, "2026-05-06T15:16:00", "minute"),
        ("05/06 15:16", "vi", None, "2026-06-05T15:16:00", "day"),
        ("11-21", "zh-CN", None, "2026-11-21T00:00:00", "day"),
        ("5/10", None, None, None, "unknown"),
        ("26-11-21 15:16", "zh", None, "2026-11-21T15:16:00", "minute"),
        ("22/11/26", "vi", None, "2026-11-22T00:00:00", "day"),
        ("05/06/2024", None, None, None, "unknown"),
        ("05/06/24 10:00", None, None, None, "unknown"),
        ("05/06/2024 10:00", "de", None, "2024-06-05T10:00:00", "day"),
        ("05/06/2024 10:00", "zh", None, None, "unknown"),
        ("05/06/2024 10:00", "vi", "mdy", "2024-05-06T10:00:00", "minute"),
        ("06/06/2024 10:00", None, None, "2024-06-06T10:00:00", "minute"),
        # the other reading lies after the fetch
        ("11/12/2026 10:00", None, None, "2026-11-12T10:00:00", "minute"),
        ("12-11-2026, 10:00 AM", None, "mdy", "2026-11-12T10:00:00", "minute"),
        # the count beside it tells
        ("3 hours ago (05-06-2024)", None, None, "2026-11-22T12:30:00", "hour"),
    ],
)
def test_numbers_that_could_be_day_or_month(
    text: str, lang: str | None, order: Order | None, when: str | None, precision: str
) -> None:
    read = read_date(text, fetched_at=NOW, lang=lang, order=order)
    assert (read.posted_at, read.precision) == (at(when) if when else None, precision)


@pytest.mark.parametrize(
    "text",
    [
        "Posts: 1,234 Joined: 2019",
        "Joined: Nov 22, 2019 Posts: 12",
        "Join Date: Nov 2019",
        "Ngày tham gia: 22/11/2019",
        "注册时间 2019-11-22",
        "10.2.3",
        "Version 10.2.3",
        "v10.2.13",
        "Version 10.2.13 released",
        "Discuz! X3.5",
        "192.168.10.25",
        "2001.10.10.2",
        "090-1234-5678",
        "+84 912 345 678",
        "#1234",
        "1,234 replies",
        "12 replies, 345 views",
        "5/5",
        "4.5 / 5",
        "1/2 3/4",
        "page 3 of 12",
        "$12.50",
        "11.22%",
        "May the force be with you",
        "I sat in the sun",
        "thứ hai là ngày tệ nhất",
        "周一至周五",
        "in 3 hours",
        "3 giờ nữa",
        "3天后",
        "25:61",
        "2026-11-22 25:61",
        "Nov 21, 2026 25:00",
        "Feb 29, 2025",
        "31/11/2025",
        "30 February",
        "2026-00-10",
        "99999 years ago",
        "2024年前",
        "0000-00-00 00:00:00",
        "1970-01-01 00:00:00",
        "Jan 1, 1970",
        "2027-01-01 10:00",
        "Nov 22, 2062",
        "9999999999",
        "12:30:45:60",
    ],
)
@pytest.mark.parametrize("lang", [None, "en", "vi", "zh-CN", "de"])
def test_what_is_no_time(text: str, lang: str | None) -> None:
    read = read_date(text, fetched_at=NOW, timezone=HANOI, lang=lang)
    assert (read.posted_at, read.precision, read.timezone) == (None, "unknown", None)


def test_a_bare_clock_is_no_time_in_english() -> None:
    assert read_date("12:30", fetched_at=NOW, lang="en-US").posted_at is None
    assert read_date("12:30", fetched_at=NOW, lang="zh").posted_at == at("2026-11-22T12:30:00")


def test_the_day_an_author_joined_or_edited_is_not_the_post() -> None:
    for text in (
        "Joined: 22 Nov 2019 Posted: 21 Nov 2026 10:00",
        "21 Nov 2026 10:00 (last edited: 22 Nov 2026 11:00)",
        "21 Nov 2026 10:00, edited yesterday",
    ):
        assert read_date(text, fetched_at=NOW).posted_at == at("2026-11-21T10:00:00")
    assert read_date("hôm qua lúc 10:00, sửa lần cuối 22/11/2026", fetched_at=NOW).posted_at == at(
        "2026-11-21T10:00:00"
    )


def test_a_time_after_the_fetch_is_only_believed_for_a_day() -> None:
    assert read_date("2026-11-23 05:00", fetched_at=NOW).posted_at == at("2026-11-23T05:00:00")
    assert read_date("2026-11-24 05:00", fetched_at=NOW).posted_at is None
    assert read_date("2026-11-24T05:00:00Z", fetched_at=NOW).posted_at is None


@pytest.mark.parametrize(
    "text",
    ["Today at 10:02", "by admin Yesterday, 10:02 PM", "3 hours ago", "Saturday at 9:15 PM",
     "昨天 22:15", "半小时前", "Hôm qua lúc 10:23", "2 tuần trước", "vừa xong"],
)  # fmt: skip
def test_labels_that_change_by_themselves(text: str) -> None:
    assert is_relative(text)


@pytest.mark.parametrize(
    "text",
    ["Sun Nov 22, 2026 3:16 pm", "Chủ nhật, 22/11/2026, 10:23", "3 hours ago (11-20-2026)",
     "2026-11-22 星期日", "Sun Wukong", "15 replies", "2032-01-01"],
)  # fmt: skip
def test_labels_that_stay(text: str) -> None:
    assert not is_relative(text)


TOKENS = st.sampled_from(
    "Nov 22 2026 , / - . : 11 31 00 24:00 99:99 pm SA trước ago 小时 前 年 月 日 民國 115 二十 半 "
    "hôm qua lúc giờ thứ hai tuần this last Friday week + +07:00 UTC GMT+14 T Z 0 1e9 ２６ '25 a "
    "3h « » ( ) 99999999999999 昨晚 上周五 joined edited th 1st － 点 h -1 month years".split()
)
LABELS = st.one_of(
    st.text(max_size=200),
    st.lists(TOKENS, max_size=14).map(" ".join),
    st.lists(TOKENS, max_size=14).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(
    text=LABELS,
    lang=st.sampled_from([None, "en", "en-US", "vi", "zh", "xx-", "-"]),
    order=st.sampled_from([None, "dmy", "mdy"]),
    zone=st.sampled_from([None, "UTC+7", "America/New_York", "Pacific/Apia", "nowhere"]),
    fetched=st.datetimes(
        min_value=datetime(1, 1, 1),  # noqa: DTZ001
        max_value=datetime(9999, 12, 31),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
)
def test_nothing_raises_and_what_is_told_can_be(
    text: str, lang: str | None, order: Order | None, zone: str | None, fetched: datetime
) -> None:
    read = read_date(text, fetched_at=fetched, timezone=zone, lang=lang, order=order)
    assert (read.posted_at is None) == (read.precision == "unknown")
    if read.posted_at is not None:
        assert read.posted_at.utcoffset() == timedelta(0)
        assert read.posted_at.year >= 1980
    assert is_relative(text) in (True, False)
