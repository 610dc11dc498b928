"""The loop over a forum: what is asked for, in which order, and what is left alone."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.live.small_forum import LIST_PAGE, SmallForum
from tests.live.test_faults import BUSINESS, rows, scrapy, write_market

pytestmark = pytest.mark.slow


def forum_entry(forum: SmallForum, extra: str = "") -> str:
    return f'{BUSINESS}\n[[forum]]\nurl = "{forum.url}"\nname = "f"\n{extra}\n'


def crawl(home: Path, forum: SmallForum, extra: str = "", code: int = 0) -> str:
    """Run it; returns what it said. The forum's log holds this run's requests alone."""
    write_market(home, "m", forum_entry(forum, extra))
    forum.log.clear()
    done = scrapy(home, "crawl", "forums", "-a", "market=m", "-L", "ERROR")
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def stored(home: Path) -> dict[str, tuple[str, str]]:
    found = rows(home, "m", "SELECT engine_id, posted_at, text FROM posts")
    assert len({row[0] for row in found}) == len(found)
    return {str(id_): (str(at)[:16], str(text)) for id_, at, text in found}


def test_each_page_once_and_only_pages_of_posts(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Read me first", 2, sticky=True)
        for number in range(20):
            forum.thread(f"Thread {number}", 1 + number * 2)
        forum.thread("Elsewhere", 3, board=3)
        forum.threads[4].moved_from = 3  # shown on both boards
        crawl(tmp_path, forum)
        assert stored(tmp_path) == forum.truth()
        plain = [re.sub(r"&?sid=\w+", "", path) for path in forum.log]
        assert len(plain) == len(set(plain))
        pages = sum(-(-len(t.posts) // 10) for t in forum.threads.values())
        assert len(plain) == pages + 1 + -(-21 // LIST_PAGE) + 1
        assert not [path for path in plain if "ucp.php" in path or "memberlist" in path]


def test_the_second_run_opens_what_is_new_where_it_stands(tmp_path: Path) -> None:
    with SmallForum() as forum:
        for number in range(30):
            forum.thread(f"Thread {number}", 25)
        crawl(tmp_path, forum)
        forum.post(7, "a new word", datetime(2026, 11, 1, 8, 0, tzinfo=UTC))
        crawl(tmp_path, forum)
        assert stored(tmp_path) == forum.truth()
        assert [path for path in forum.log if "viewtopic" in path] == [
            "/viewtopic.php?start=20&t=7"
        ]
        crawl(tmp_path, forum)
        assert not [path for path in forum.log if "viewtopic" in path]


def test_only_the_boards_asked_for(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Wanted", 3)
        forum.thread("Not wanted", 3, board=3)
        crawl(tmp_path, forum, 'boards = ["shop tools"]')
        assert {text for _, text in stored(tmp_path).values()} == {
            post.text for post in forum.threads[1].posts
        }
        assert not [path for path in forum.log if "f=3" in path or "t=2" in path]


def test_threads_older_than_asked_for_stay_closed(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Rules", 1, sticky=True, start=datetime(2020, 1, 1, tzinfo=UTC))
        forum.thread("New", 2, start=datetime(2026, 10, 1, tzinfo=UTC))
        for number in range(40):
            forum.thread(f"Old {number}", 2, start=datetime(2024, 1, 1, tzinfo=UTC))
        crawl(tmp_path, forum, "since = 2026-01-01")
        assert [text for _, text in stored(tmp_path).values()] == [
            post.text for post in forum.threads[2].posts
        ]
        assert sum("viewtopic" in path for path in forum.log) == 1
        assert sum("viewforum" in path for path in forum.log) == 2  # one page of each board


def test_posts_and_threads_that_are_gone_are_noticed(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Shrinks", 24)
        forum.thread("Vanishes", 2)
        forum.thread("Stays", 2)
        crawl(tmp_path, forum)
        before = forum.truth()
        lost = [forum.threads[1].posts.pop(5), forum.threads[1].posts.pop(20)]
        forum.post(1, "and one more", datetime(2026, 11, 2, tzinfo=UTC))
        crawl(tmp_path, forum)
        gone = rows(tmp_path, "m", "SELECT engine_id FROM posts WHERE gone_at IS NOT NULL")
        assert {str(row[0]) for row in gone} == {str(post.id) for post in lost}
        assert stored(tmp_path).keys() == before.keys() | forum.truth().keys()  # nothing is lost
        forum.walls["viewtopic.php?t=2"] = (404, "")
        forum.post(2, "nobody reads this", datetime(2026, 11, 3, tzinfo=UTC))
        crawl(tmp_path, forum)
        assert rows(tmp_path, "m", "SELECT title FROM threads WHERE gone_at IS NOT NULL") == [
            ("Vanishes",)
        ]


@pytest.mark.parametrize("api", [True, False])
def test_an_api_is_read_and_its_pages_where_it_is_off(tmp_path: Path, api: bool) -> None:
    with SmallForum("discourse", api=api) as forum:
        for number in range(6):
            forum.thread(f"Thread {number}", 3)
        crawl(tmp_path, forum)
        truth = {(at, text) for at, text in forum.truth().values()}
        assert {*stored(tmp_path).values()} == truth
        assert len(stored(tmp_path)) == len(truth)
        asked = [path for path in forum.log if path.endswith(".json")]
        assert len(asked) == (7 if api else 1)
        outcome = rows(tmp_path, "m", "SELECT outcome, failures FROM run_sources")
        assert outcome == [("read", 0)]


@pytest.mark.parametrize("feed", [True, False])
def test_the_zone_is_learnt_from_the_feed(tmp_path: Path, feed: bool) -> None:
    with SmallForum("mybb", offset=7) as forum:
        forum.feed = feed
        for number in range(8):
            forum.thread(
                f"Thread {number}", 3, start=datetime(2026, 5, 1 + number, 20, 5, tzinfo=UTC)
            )
        crawl(tmp_path, forum)
        right = {at for at, _ in stored(tmp_path).values()} == {
            at for at, _ in forum.truth().values()
        }
        assert right is feed
        zones = rows(tmp_path, "m", "SELECT DISTINCT timezone FROM posts")
        assert (zones == [("UTC+7",)]) is feed
        asked = len(forum.log)
        forum.post(3, "later", datetime(2026, 11, 1, 3, 4, tzinfo=UTC))
        crawl(tmp_path, forum)
        assert (stored(tmp_path)["25"][0] == "2026-11-01T03:04") is feed
        assert not feed or not [path for path in forum.log if "syndication" in path]
        assert asked <= 1 + 2 + 8 + 2  # index, boards, threads, the feed and the page that asked


def test_walls_are_walls(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Open", 2)
        forum.thread("Closed", 2)
        forum.walls = {"viewtopic.php?t=2": (302, "/ucp.php?mode=login"), "ucp.php": (200, "")}
        crawl(tmp_path, forum)
        assert not [path for path in forum.log if "ucp.php" in path]
        assert rows(tmp_path, "m", "SELECT reason FROM failures") == [("login",)]
        forum.walls = {"viewforum": (403, "")}
        forum.post(1, "more", datetime(2026, 11, 2, tzinfo=UTC))
        home = tmp_path / "other"
        home.mkdir()
        assert "turned us away" in crawl(home, forum, code=6)
        assert rows(home, "m", "SELECT outcome FROM run_sources") == [("blocked",)]
        forum.walls = {"/": (403, "")}
        third = tmp_path / "third"
        third.mkdir()
        crawl(third, forum, code=6)
        assert rows(third, "m", "SELECT outcome FROM run_sources") == [("blocked",)]


def test_a_timeline_is_read_back_to_what_is_known(tmp_path: Path) -> None:
    with SmallForum("telegram") as forum:
        forum.url += "s/shop"
        forum.thread("Shop", 55)
        crawl(tmp_path, forum, 'engine = "telegram"')
        assert sorted(stored(tmp_path).values()) == sorted(forum.truth().values())
        assert len(forum.log) == 6
        for number in range(12):
            forum.post(1, f"news {number}", datetime(2026, 11, 1, number, tzinfo=UTC))
        crawl(tmp_path, forum, 'engine = "telegram"')
        assert sorted(stored(tmp_path).values()) == sorted(forum.truth().values())
        assert len(forum.log) == 3
        crawl(tmp_path, forum, 'engine = "telegram"')
        assert len(forum.log) == 1


def test_a_feed_named_as_a_source(tmp_path: Path) -> None:
    with SmallForum("mybb") as forum:
        for number in range(3):
            forum.thread(f"Thread {number}", 2)
        entry = f'{BUSINESS}\n[[source]]\nkind = "feed"\nurl = "{forum.url}syndication.php"\n'
        write_market(tmp_path, "m", entry)
        done = scrapy(tmp_path, "crawl", "forums", "-a", "market=m", "-L", "ERROR")
        assert done.returncode == 0, done.stderr
        found = {text for _, text in stored(tmp_path).values()}
        assert found == {thread.posts[0].text for thread in forum.threads.values()}
        titles = rows(tmp_path, "m", "SELECT title FROM threads ORDER BY title")
        assert titles == [("Thread 0",), ("Thread 1",), ("Thread 2",)]


def test_what_needs_a_permission_or_a_key_is_left_alone_and_said(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Open", 2)
        reddit = '\n[[forum]]\nurl = "https://www.reddit.com/r/shops"\nname = "r"\n'
        video = '\n[[forum]]\nurl = "https://www.youtube.com/watch?v=x"\nname = "y"\n'
        said = crawl(tmp_path, forum, reddit + video)
        assert "permitted = true" in said and "RIVALMAP_YOUTUBE_KEY" in said
        found = dict(rows(tmp_path, "m", "SELECT source, outcome FROM run_sources"))
        assert found == {"f": "read", "r": "off", "y": "off"}


def test_a_thread_read_again_whose_first_page_is_as_it_was(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Long", 35)
        crawl(tmp_path, forum)
        lost = [forum.threads[1].posts.pop(12) for _ in range(10)]
        forum.post(1, "after the cut", datetime(2026, 11, 2, tzinfo=UTC))
        crawl(tmp_path, forum)
        assert "after the cut" in {text for _, text in stored(tmp_path).values()}
        gone = rows(tmp_path, "m", "SELECT engine_id FROM posts WHERE gone_at IS NOT NULL")
        assert {str(row[0]) for row in gone} == {str(post.id) for post in lost}


def test_refresh_brings_nothing_back(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Shrinks", 24)
        forum.thread("Vanishes", 2)
        forum.thread("Old", 2, start=datetime(2020, 1, 1, tzinfo=UTC))
        extra = "since = 2026-01-01"
        crawl(tmp_path, forum, extra)
        forum.threads[1].posts.pop(3)
        forum.threads[1].posts.pop(15)
        forum.threads[1].posts[8].text = "put in other words"
        forum.walls["viewtopic.php?t=2"] = (404, "")
        forum.post(1, "new", datetime(2026, 11, 2, tzinfo=UTC))
        forum.post(2, "unread", datetime(2026, 11, 2, tzinfo=UTC))
        crawl(tmp_path, forum, extra)
        what = "SELECT key, text, posted_at, gone_at FROM posts ORDER BY key"
        before = rows(tmp_path, "m", what)
        assert sum(row[3] is not None for row in before) == 4
        for _ in range(2):
            assert scrapy(tmp_path, "refresh", "m").returncode == 0
            assert rows(tmp_path, "m", what) == before


def test_a_zone_set_later_is_followed_by_refresh(tmp_path: Path) -> None:
    with SmallForum("mybb", offset=9) as forum:
        forum.feed = False
        forum.thread("Thread", 3)
        crawl(tmp_path, forum)
        write_market(tmp_path, "m", forum_entry(forum, 'timezone = "Asia/Tokyo"'))
        assert scrapy(tmp_path, "refresh", "m").returncode == 0
        assert stored(tmp_path) == forum.truth()


def test_empty_is_said_every_time(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Open", 2)
        for _ in range(3):
            crawl(tmp_path, forum, 'boards = ["No such board"]', code=6)
            assert rows(
                tmp_path, "m", "SELECT outcome FROM run_sources ORDER BY run_id DESC LIMIT 1"
            ) == [("empty",)]


PENDING = (
    "SELECT url, role, meta_json FROM frontier WHERE state = 'pending' AND source = 'f' "
    "AND run_id = (SELECT max(id) FROM runs) ORDER BY url"
)


def test_a_large_forum_is_read_on_night_by_night_and_a_small_one_read_every_night(
    tmp_path: Path,
) -> None:
    """What a forum holds beyond its budget waits; its news and the other forum's do not."""
    with SmallForum() as large, SmallForum() as small:
        for number in range(20):
            large.thread(f"Thread {number}", 12)
        small.thread("Small talk", 3)
        text = forum_entry(large) + f'\n[[forum]]\nurl = "{small.url}"\nname = "s"\n'
        write_market(tmp_path, "m", text.replace("delay = 0", "delay = 0\npages_per_forum = 15"))
        asked: list[str] = []
        codes: list[int] = []
        while len(codes) < 8 and 0 not in codes:
            large.log.clear()
            small.log.clear()
            done = scrapy(tmp_path, "crawl", "forums", "-a", "market=m", "-L", "ERROR")
            codes.append(done.returncode)
            night = [re.sub(r"&?sid=\w+", "", path) for path in large.log]
            assert len(night) <= 15 and len(night) == len(set(night))
            assert night[0] == "/" and "/viewforum.php?f=2" in night, "the front is read anew"
            assert [path for path in small.log if path == "/"], "and the small one every night"
            assert len(codes) > 1 or "addresses wait for the next start" in done.stderr
            asked += night
            if len(codes) == 1:  # news in a thread that was read, in one that waits, and elsewhere
                read = [int(path.rpartition("=")[2]) for path in night if "t=" in path]
                large.post(read[0], "news of one", datetime(2026, 11, 1, tzinfo=UTC))
                waits = next(thread for thread in large.threads if thread not in read)
                large.post(waits, "news of another", datetime(2026, 11, 2, tzinfo=UTC))
                small.post(1, "small news", datetime(2026, 11, 3, tzinfo=UTC))
            if len(codes) == 2:
                texts = {text for (text,) in rows(tmp_path, "m", "SELECT text FROM posts")}
                assert {"news of one", "news of another", "small news"} <= texts
                waits = rows(tmp_path, "m", PENDING)
                assert scrapy(tmp_path, "refresh", "m", "--from-archive").returncode == 0
                assert rows(tmp_path, "m", PENDING) == waits != [], "a rebuild goes on there, too"
        assert codes == [5, 5, 5, 0]
        first_pages = [path for path in asked if "t=" in path and "start=" not in path]
        assert len(first_pages) == len(set(first_pages)) == 20, "no thread from its beginning twice"
        found = rows(tmp_path, "m", "SELECT forum, text FROM posts")
        assert {text for name, text in found if name == "f"} == {
            text for _, text in large.truth().values()
        }
        assert rows(tmp_path, "m", "SELECT status, resumed FROM runs") == [("finished", 0)] * 4
        last = "WHERE run_id = (SELECT max(run_id) FROM run_sources)"
        wholes = rows(tmp_path, "m", f"SELECT whole FROM run_sources {last}")
        assert wholes == [(1,), (1,)]
        large.log.clear()
        scrapy(tmp_path, "crawl", "forums", "-a", "market=m", "-L", "ERROR")
        assert not [path for path in large.log if "viewtopic" in path], "nothing is left to read"


def test_pages_without_an_end_are_left(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Endless", 10)
        forum.thread("After it", 3)
        forum.endless.add(1)
        crawl(tmp_path, forum)
        assert stored(tmp_path) == forum.truth()
        assert sum("viewtopic" in path for path in forum.log) == 3
        crawl(tmp_path, forum)
        assert sum("viewtopic" in path for path in forum.log) == 0


def test_a_thread_an_api_does_not_know_is_looked_at(tmp_path: Path) -> None:
    with SmallForum("discourse") as forum:
        forum.thread("Known", 3)
        forum.thread("Hidden from the API", 3)
        forum.walls["/t/2.json"] = (404, "")
        crawl(tmp_path, forum)
        truth = sorted(forum.truth().values())
        assert sorted(stored(tmp_path).values()) == truth


def test_a_redirect_that_loses_the_page_is_followed_on_or_said(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Long", 25)
        forum.walls["viewtopic.php?start=10&t=1"] = (302, "/viewtopic.php?t=1&slug=long")
        crawl(tmp_path, forum, code=5)
        assert rows(tmp_path, "m", "SELECT reason FROM failures") == [("page_lost",)]
        assert len(stored(tmp_path)) == 10
        other = tmp_path / "other"
        other.mkdir()
        forum.keeps = "slug=long"
        crawl(other, forum)
        assert stored(other) == forum.truth()


def test_a_forum_whose_lists_can_no_longer_be_read_is_said(tmp_path: Path) -> None:
    with SmallForum() as forum:
        forum.thread("Open", 2)
        crawl(tmp_path, forum)
        forum.walls["viewforum"] = (200, "")
        crawl(tmp_path, forum, code=6)
        found = rows(tmp_path, "m", "SELECT outcome FROM run_sources ORDER BY run_id DESC LIMIT 1")
        assert found == [("empty",)]
        assert len(stored(tmp_path)) == 2
