"""Addresses without end are noticed; long forums, large shops and old archives are not."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from crawlers.traps import (
    CALENDAR,
    CALENDAR_PAGES,
    FACETS,
    GROWING,
    KEY_SETS,
    PAGING,
    SESSION,
    ListEnd,
    TrapWatch,
    is_growing,
)
from crawlers.urls import canonical_url

TODAY = date(2026, 11, 23)
SITE = "https://shop.example"


def followed(urls: Iterator[str]) -> tuple[int, int, TrapWatch]:
    """(asked, followed) of addresses that come one by one."""
    watch, asked, good = TrapWatch(TODAY), 0, 0
    for url in urls:
        asked += 1
        good += watch.trap(canonical_url(url)) is None
    return asked, good, watch


@pytest.mark.parametrize(
    ("url", "grows"),
    [
        (f"{SITE}/a/b/a/b/a/b", True),
        (f"{SITE}/about/about/about", True),
        (f"{SITE}/x" + "/en/shop/help" * 3, True),
        (f"{SITE}/" + "/".join(f"p{n}" for n in range(40)), True),
        (f"{SITE}/?q=" + "a" * 5_000, True),
        (f"{SITE}/a/b/a/b", False),
        (f"{SITE}/news/2020/10/10/10", False),
        (f"{SITE}/docs/v2/guide/install/linux/debian/packages/signing/keys", False),
        (f"{SITE}/" + "chữ-dài-" * 60, False),
        ("https://[", False),
    ],
)
def test_growing(url: str, grows: bool) -> None:
    if url != "https://[":
        assert is_growing(url) is grows
        assert (TrapWatch(TODAY).trap(url) == GROWING) is grows


def calendar(form: str) -> Iterator[str]:
    for n in range(3_000):
        yield SITE + form.format(day=TODAY - timedelta(days=30 * n // 10))


@pytest.mark.parametrize(
    "form",
    [
        "/events/{day:%Y}/{day:%m}/{day:%d}",
        "/calendar?month={day:%Y-%m-%d}&view=day",
        "/su-kien/{day:%Y-%m-%d}",
        "/日历/{day:%Y%m%d}",
        "/events/list/?tribe-bar-date={day:%Y-%m-%d}",
    ],
)
def test_a_calendar_is_followed_to_a_bound(form: str) -> None:
    asked, good, watch = followed(calendar(form))
    assert good < asked and watch.refused[CALENDAR] == asked - good
    assert len({canonical_url(url) for url in calendar(form)}) > CALENDAR_PAGES
    assert "a calendar" in watch.words()


def test_the_far_future_is_a_calendar_at_once() -> None:
    watch = TrapWatch(TODAY)
    assert watch.trap(f"{SITE}/calendar/2031/05") == CALENDAR
    assert watch.trap(f"{SITE}/calendar?year=2040") == CALENDAR
    assert watch.trap(f"{SITE}/calendar/2027/05") is None
    assert watch.trap(f"{SITE}/roadmap/2031/05") is None


def test_filters_combined() -> None:
    names = ["color", "size", "brand", "sort", "price", "rating", "stock", "style"]

    def combined() -> Iterator[str]:
        for number in range(256):
            chosen = [name for place, name in enumerate(names) if number >> place & 1]
            yield f"{SITE}/shoes?" + "&".join(f"{name}={number % 7}" for name in chosen)

    asked, good, watch = followed(combined())
    assert asked == 256 and good < 37 + KEY_SETS + 1  # 37 of them hold two filters or fewer
    assert watch.refused[FACETS] == asked - good
    assert watch.trap(f"{SITE}/shoes?page=2") is None
    assert watch.trap(f"{SITE}/hats?color=1&size=2&brand=3") is None


def test_one_filter_many_times() -> None:
    urls = (f"{SITE}/s?" + "&".join(f"f={k}" for k in range(n % 60)) for n in range(600))
    _, good, watch = followed(urls)
    assert watch.refused[FACETS] > 300 and good > 0


def test_a_page_number_nobody_has() -> None:
    watch = TrapWatch(TODAY)
    assert watch.trap(f"{SITE}/list?page=99999999") == PAGING
    assert watch.trap(f"{SITE}/list/page/2000000/") == PAGING
    assert watch.trap(f"{SITE}/list?page=48211") is None
    assert watch.trap(f"{SITE}/showthread.php?p=154501478") is None  # a post


@pytest.mark.parametrize("form", ["{path}?visit={key}", "/{key}{path}", "{path}?a=1&visit={key}"])
def test_a_session_in_every_link(form: str) -> None:
    """Every page gives its links a new key: the same ten pages, for ever."""
    chance, watch, asked, good = random.Random(7), TrapWatch(TODAY), 0, 0
    paths = ["/", "/pricing", "/about", "/jobs/now", "/help", "/terms", "/a/b", "/c", "/d", "/e"]
    for _ in range(50):
        key = "".join(chance.choices("0123456789abcdef", k=32))
        links = [canonical_url(SITE + form.format(path=path, key=key)) for path in paths]
        watch.see(links)
        asked += len(links)
        good += sum(watch.trap(link) is None for link in links)
    assert good <= 3 * len(paths) and watch.refused[SESSION] == asked - good


def test_ids_that_look_like_keys_are_no_sessions() -> None:
    """Goods and threads under keys of their own; the pages of one thread share its key."""
    chance, watch = random.Random(7), TrapWatch(TODAY)
    for _ in range(40):
        keys = ["".join(chance.choices("0123456789abcdef", k=24)) for _ in range(12)]
        goods = [f"{SITE}/item?id={key}" for key in keys] + [f"{SITE}/{key}" for key in keys]
        pages = [f"{SITE}/{keys[0]}/page/{n}" for n in range(2, 14)]
        for page in (goods, pages):
            watch.see(page)
            assert [watch.trap(url) for url in page] == [None] * len(page)


def real_sites() -> Iterator[str]:
    """What large honest sites have, in numbers no crawl of ours reaches."""
    for n in range(2_500):
        yield f"{SITE}/viewtopic.php?f={n % 90}&t={n}&start={n % 40 * 25}"
        yield f"{SITE}/viewforum.php?f=2&start={n * 25}&sk=t&sd=d"
        yield f"{SITE}/forums/cars.5/page-{n}"
        yield f"{SITE}/t/some-title/{n}?page={n % 900}"
        yield f"{SITE}/p/{n}?variant={n * 7}"
    for n in range(1_500):
        day = TODAY - timedelta(days=n)
        yield f"{SITE}/archive/{day:%Y/%m/%d}/"
        yield f"{SITE}/{day:%Y/%m/%d}/a-story-of-{n}"
        words = str(n).translate(str.maketrans("0123456789", "abcdefghij"))
        yield f"{SITE}/events/{day:%Y-%m-%d}-meeting-of-{words}"


def test_real_sites_are_read_whole() -> None:
    asked, good, watch = followed(real_sites())
    assert asked == good > 16_000 and not watch.refused and watch.words() == ""


def test_a_list_that_goes_round() -> None:
    end = ListEnd()
    pages = [f"{SITE}/f1?page={n}" for n in range(1, 400)]
    rounds = [
        end.goes_round(url, [f"{SITE}/t{n % 10 * 20 + k}" for k in range(20)])
        for n, url in enumerate(pages)
    ]
    assert rounds.index(True) == 10 + ListEnd.PATIENCE - 1


def test_a_long_list_does_not_go_round() -> None:
    end = ListEnd()
    for n in range(3_000):  # sticky threads stand on every page
        shown = [f"{SITE}/sticky", *(f"{SITE}/t{n * 20 + k}" for k in range(20))]
        assert not end.goes_round(f"{SITE}/f1?page={n}", shown)
    assert not end.goes_round(f"{SITE}/f2?page=1", [])
