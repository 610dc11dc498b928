"""The zone a page tells of its own clock, engine by engine."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.document import Document
from crawlers.forums.dates.page_clock import zone_of_page

FETCHED = datetime(2026, 11, 22, 15, 16, 8, tzinfo=UTC)
DATE = "Sun, 22 Nov 2026 15:16:08 GMT"
POSTS = "".join(
    f'<div class="post" id="post_{n}"><div class="post_body">Words of post {n}.</div></div>'
    for n in range(3)
)


def document(markup: str, *, date: str | None = DATE, head: str = "<html>") -> Document:
    return Document(
        "https://forum.example/t/3",
        f"<!doctype html>{head}<body>{markup}</body></html>".encode(),
        headers={"content-type": "text/html; charset=utf-8", **({"date": date} if date else {})},
        fetched_at=FETCHED,
    )


def footer(words: str) -> str:
    return f'<div id="content">{POSTS}</div><div id="footer"><p>{words}</p></div>'


@pytest.mark.parametrize("date", [DATE, None])
@pytest.mark.parametrize(
    ("words", "zone"),
    [
        # phpBB
        ("All times are UTC+07:00", "UTC+7"),
        ('All times are <span title="UTC">UTC</span>', "UTC"),
        ('All times are <span title="UTC+7">UTC+07:00</span>', "UTC+7"),
        ('All times are <span title="America/New York">UTC-05:00</span>', "America/New_York"),
        ('All times are <span title="Asia/Ho Chi Minh">UTC+07:00</span>', "Asia/Ho_Chi_Minh"),
        ("Thời gian được tính theo giờ UTC+07:00", "UTC+7"),
        ("当前时区：UTC+8", "UTC+8"),
        ("所有显示的时间为 <span>UTC+08:00</span>", "UTC+8"),
        ("所有顯示的時間為 UTC+08:00", "UTC+8"),
        ("All times are UTC - 5 hours [ <abbr>DST</abbr> ]", "UTC-4"),
        ("All times are UTC + 1 hour", "UTC+1"),
        ("All times are UTC+05:30", "UTC+5:30"),
        # Discuz!
        ("GMT+8, 2026-11-22 23:16 <span>, Processed in 0.01 second(s)</span>", "UTC+8"),
        ("GMT+5.5, 2026-11-22 20:46", "UTC+5:30"),
        # vBulletin
        ("All times are GMT +7. The time now is <span class='time'>10:16 PM</span>.", "UTC+7"),
        ("All times are GMT. The time now is 03:16 PM.", "UTC"),
        ("All times are GMT+7. This page was generated at 10:16 PM.", "UTC+7"),
        ("所有时间均为北京时间。现在的时间是 23:16。", "UTC+8"),
        ("所有時間均為 GMT +8。現在的時間是 23:16。", "UTC+8"),
        ("Tất cả thời gian đều theo múi giờ GMT +7. Bây giờ là 10:16 PM.", "UTC+7"),
        ("Múi giờ GMT +7. Hiện tại là 22:16.", "UTC+7"),
        # by name
        ("All times are Eastern Standard Time", "America/New_York"),
        ("Time zone: Europe/Berlin", "Europe/Berlin"),
        # the present time with its date
        ("<strong>Current time:</strong> 11-22-2026, 10:16 PM", "UTC+7"),
        ("<strong>Current time:</strong> 22-11-2026, 15:16", "UTC"),
        ("Time is now: 22nd November 2026 - 10:16 AM", "UTC-5"),
        ("It is currently Sun Nov 22, 2026 10:16 pm", "UTC+7"),
        ("Thời gian hiện tại: 22/11/2026 22:16", "UTC+7"),
        ("当前时间：2026-11-22 23:14:59", "UTC+8"),
        ("Current time: 11-23-2026, 05:16 AM", "UTC+14"),
    ],
)
def test_what_footers_tell(words: str, zone: str, date: str | None) -> None:
    assert zone_of_page(document(footer(words), date=date)) == zone


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("The time now is 10:16 PM.", "UTC+7"),
        ("The time now is 4:46 AM.", "UTC-10:30"),  # no zone is there: see below
        ("The time now is 05:16 AM.", "UTC-10"),
        ("The time now is 04:16 AM.", "UTC+13"),
        ("现在时间是 23:16", "UTC+8"),
    ],
)
def test_a_clock_without_its_day_needs_the_date_of_the_answer(words: str, zone: str) -> None:
    told = zone_of_page(document(footer(words)))
    assert told == (zone if zone != "UTC-10:30" else None)
    assert zone_of_page(document(footer(words), date=None)) is None


def test_the_hour_of_summer_is_added_where_the_clock_shows_it() -> None:
    words = "All times are GMT -5. The time now is 11:16 AM."
    assert zone_of_page(document(footer(words))) == "UTC-4"
    assert zone_of_page(document(footer(words), date=None)) == "UTC-5"
    odd = "All times are GMT -5. The time now is 1:16 PM."
    assert zone_of_page(document(footer(odd))) == "UTC-5"


def test_an_old_page_tells_nothing_by_its_clock() -> None:
    for words in (
        "Current time: 11-20-2026, 03:16 PM",
        "Current time: 11-22-2026, 03:40 PM",
        "Time is now: 22nd November 2025 - 10:16 AM",
        "Current time: soon",
        "Current time: 99-99-2026, 99:99 PM",
    ):
        assert zone_of_page(document(footer(words))) is None


@pytest.mark.parametrize(
    "words",
    [
        "Powered by a forum. Copyright 2026.",
        "The meeting is at 10:16 PM GMT+7 on Sunday",
        "All times are relative, said Einstein",
        "Our office hours: 9:00 - 17:00 (GMT+7)",
        "All times are GMT +99",
        "All times are GMT +123",
        "Hotline: 10:00 - 22:00",
    ],
)
def test_other_footers_tell_nothing(words: str) -> None:
    assert zone_of_page(document(footer(words))) is None


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="post" id="p9"><div class="content">All times are GMT +3.</div></div>',
        '<article class="message"><p>All times are UTC+03:00</p></article>',
        '<table id="post12"><tr><td><p>All times are GMT +3</p></td></tr></table>',
        '<div class="comment-list"><div><p>Current time: 11-22-2026, 06:16 PM</p></div></div>',
        "<blockquote><p>All times are GMT +3.</p></blockquote>",
        '<div id="postmessage_7" class="t_f">GMT+3, 2026-11-22 18:16</div>',
        '<div class="signature">All times are GMT +3</div>',
        "<script>var x = 'All times are GMT +3';</script>",
        "<select><option>All times are GMT +3</option></select>",
        f"<p>All times are GMT +3. {'I wrote a long text about it. ' * 12}</p>",
    ],
)
def test_words_of_posts_do_not_count(markup: str) -> None:
    assert zone_of_page(document(POSTS + markup)) is None
    after = zone_of_page(document(markup + footer("All times are UTC+07:00")))
    assert after == "UTC+7"


def test_xenforo_tells_its_day_in_a_script() -> None:
    # the day of 23 November began in Hanoi at 17:00 UTC; the reader's clock says 00:10
    script = """<script>XF.extendObject(true, XF.config, { time: {
        now: 1795367400, today: 1795366800, todayDow: 1, tomorrow: 1795453200 } });</script>"""
    assert zone_of_page(document(script, head='<html id="XF">')) == "UTC+7"
    assert zone_of_page(document(script)) is None
    old = '<script>XenForo.serverTimeInfo = {now: 1795317000,"today":1795323600,"todayDow":0}'
    assert zone_of_page(document(old + "</script>", head='<html id="XenForo">')) == "UTC-5"


def test_the_present_time_in_the_head_of_smf() -> None:
    markup = '<div id="top_section"><time>November 22, 2026, 10:16:08 PM</time></div>'
    assert zone_of_page(document(markup + POSTS)) == "UTC+7"


def test_times_with_a_zone_of_their_own() -> None:
    told = "".join(
        f'<time datetime="2026-11-2{n}T10:0{n}:00+07:00">Nov 2{n}, 2026 10:0{n} AM</time>'
        for n in range(3)
    )
    assert zone_of_page(document(told)) == "UTC+7"
    beside = "".join(
        f'<time datetime="2026-11-2{n}T10:0{n}:00Z">Nov 2{n}, 2026 6:0{n} PM</time>'
        for n in range(3)
    )
    assert zone_of_page(document(beside)) == "UTC+8"
    seasons = (
        '<time datetime="2026-01-05T10:00:00-0500">Jan</time>'
        '<time datetime="2026-07-05T10:00:00-0400">Jul</time>'
    )
    assert zone_of_page(document(seasons)) == "America/New_York"
    empty = '<time datetime="2026-11-20T10:00:00Z">Nov 20</time><time datetime="x">10:00</time>'
    assert zone_of_page(document(empty)) is None


def test_other_bodies_tell_nothing() -> None:
    for body in (b"", b"{}", b"<rss></rss>", b"All times are GMT +7"):
        assert zone_of_page(Document("https://forum.example/", body, fetched_at=FETCHED)) is None


WORDS = (
    "All times are GMT + UTC -5 7 99 : 30 . The time now is 10:16 PM Current time: [DST] GMT+8, "
    "11-22-2026, 当前时区： 现在的时间是 2026-11-22 25:99 Asia/Nowhere <p> </p> <td>"
).split()


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=14,
    ),
    st.sampled_from([DATE, None, "", "tomorrow", "Sun, 99 Nov 2026 99:99:99 GMT"]),
)
def test_nothing_raises(words: list[str], date: str | None) -> None:
    zone = zone_of_page(document(footer(" ".join(words)), date=date))
    assert zone is None or isinstance(zone, str)
