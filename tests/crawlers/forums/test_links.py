"""Which links are never fetched, and the one address of a thread."""

import pytest

from crawlers.forums import is_utility_link, thread_url
from crawlers.forums.links import followable

H = "https://f.example"


@pytest.mark.parametrize(
    "path",
    [
        "/ucp.php?mode=login",
        "/ucp.php?mode=register",
        "/search.php?keywords=x",
        "/memberlist.php?mode=viewprofile&u=2",
        "/posting.php?mode=reply&t=3",
        "/viewtopic.php?t=3&view=print",
        "/login/",
        "/user/login/?next=/",
        "/members/joe.3/",
        "/threads/x.12/reply?quote=5",
        "/posts/9/report",
        "/misc.php?action=whoposted&tid=1",
        "/newreply.php?tid=3",
        "/member.php?action=profile&uid=1",
        "/printthread.php?tid=3",
        "/forum.php?mod=post&action=reply&tid=3",
        "/home.php?mod=space&uid=1",
        "/index.php?action=profile;u=2",
        "/index.php?action=printpage;topic=5.0",
        "/u/joe",
        "/forums/x.3/index.rss",
        "/feed.rss",
        "/forum/search/",
        "/forum/member/profile/1/",
        "/attachments/pic.5/",
        "/img/a.jpg",
        "/file.pdf",
        "/whats-new/posts/",
        "/showthread.php?tid=3&replyto=101",
        "/t/topic/12.rss",
        "/ask/over18?from=%2Fbbs%2Ftea%2Findex.html",
        "/index.php?members/joe.3/",
        "/index.php?/search/&q=x",
    ],
)
def test_utility_links(path: str) -> None:
    assert is_utility_link(H + path)


@pytest.mark.parametrize(
    "path",
    [
        "/viewtopic.php?t=3",
        "/viewforum.php?f=2&start=25",
        "/threads/login-problems.12/",
        "/forums/search.12/",
        "/c/help/7",
        "/t/search/123",
        "/topic/5/register",
        "/category/3/members/",
        "/showthread.php?tid=3&page=2",
        "/forum.php?mod=viewthread&tid=3",
        "/index.php?topic=58.15",
        "/thread-6-1-1.html",
        "/d/12-print",
        "/questions/12/login",
        "/forums/report/",
        "/boards/watch",
        "/topic/12/pu-er/?page=3",
    ],
)
def test_places_where_posts_are_read(path: str) -> None:
    assert not is_utility_link(H + path)


def test_an_address_that_cannot_be_parsed_is_not_fetched() -> None:
    assert is_utility_link("http://[")


@pytest.mark.parametrize(
    ("given", "one"),
    [
        (
            "/viewtopic.php?f=2&t=3&sid=0123456789abcdef0123456789abcdef&start=10#p7",
            "/viewtopic.php?t=3",
        ),
        ("/viewtopic.php?t=3&hilit=x&view=unread", "/viewtopic.php?t=3"),
        ("/threads/x.12/page-4#post-9", "/threads/x.12/"),
        ("/threads/x.12/unread", "/threads/x.12/"),
        ("/threads/x.12/post-99", "/threads/x.12/"),
        ("/t/slug/12/34", "/t/slug/12"),
        ("/t/slug/12.json?page=2", "/t/slug/12"),
        ("/topic/31/slug/45", "/topic/31/slug"),
        ("/topic/31/slug?lang=en-GB&page=2", "/topic/31/slug"),
        ("/showthread.php?tid=3&page=2", "/showthread.php?tid=3"),
        ("/showthread.php?s=0123456789abcdef0123456789abcdef&t=3&pp=20", "/showthread.php?t=3"),
        (
            "/forum.php?mod=viewthread&tid=3&extra=page%3D1&page=2",
            "/forum.php?mod=viewthread&tid=3",
        ),
        ("/thread-6-3-2.html", "/thread-6-1-1.html"),
        ("/index.php?topic=58.15;topicseen", "/index.php?topic=58.0"),
        ("/index.php?topic=58.msg417#msg417", "/index.php?topic=58.0"),
        ("/topic/9-pans/page/2/?do=getNewComment", "/topic/9-pans/"),
        ("/topic/12/pu-er/?page=3", "/topic/12/pu-er/"),
        ("/index.php?threads/x.12/page-3", "/index.php?threads/x.12/"),
        ("/index.php?threads/x.12/&page=3", "/index.php?threads/x.12/"),
        ("/index.php?/topic/12-x/&do=getNewComment", "/index.php?/topic/12-x/"),
        ("/index.php?/topic/12-x/page/2/#comment-5", "/index.php?/topic/12-x/"),
        ("/showthread.php?8-Title/page2", "/showthread.php?8-Title"),
        ("/showthread.php?8-Title&p=55&viewfull=1#post55", "/showthread.php?8-Title"),
        ("/showthread.php?8-T&s=0123456789abcdef0123456789abcdef", "/showthread.php?8-T"),
        ("/forum/board/123-title/page4", "/forum/board/123-title"),
        ("/forum/board/123-title?p=55#post55", "/forum/board/123-title"),
        ("/archiver/?tid-3.html&page=2", "/archiver/?tid-3.html"),
        ("/thread-12-page-3.html", "/thread-12.html"),
        ("/thread-12-post-99.html#pid99", "/thread-12.html"),
        ("/showthread.php?tid=3&pid=70#pid70", "/showthread.php?tid=3"),
        ("/index.php/topic,58.15.html", "/index.php/topic,58.0.html"),
        ("/index.php/topic,58.msg417.html#msg417", "/index.php/topic,58.0.html"),
        ("/tea-t12-15.html", "/tea-t12.html"),
        ("/discussion/12/title/p3", "/discussion/12/title"),
        ("/d/12-title/34", "/d/12-title"),
        ("/t/6?p=2", "/t/6"),
        ("/topic/3/slug/?page=2#c21", "/topic/3/slug/"),
    ],
)
def test_one_address_for_a_thread(given: str, one: str) -> None:
    assert thread_url(H + given) == H + one
    assert thread_url(H + one) == H + one


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/showthread.php?8-Title/page2", "/showthread.php?8-Title/page2"),
        (
            "/showthread.php?8-T/page2&s=0123456789abcdef0123456789abcdef",
            "/showthread.php?8-T/page2",
        ),
        ("/index.php?/forum/4-pans/&page=2", "/index.php?/forum/4-pans/&page=2"),
        ("/archiver/?tid-3.html&page=2", "/archiver/?tid-3.html&page=2"),
        ("/viewforum.php?f=2&start=25&sid=0123456789abcdef", "/viewforum.php?f=2&start=25"),
        ("/index.php?topic=58.15;topicseen#new", "/index.php?topic=58.15;topicseen"),
    ],
)
def test_links_to_follow_lose_their_session_and_nothing_else(given: str, kept: str) -> None:
    assert followable(H + given) == H + kept


def test_a_bad_address_comes_back() -> None:
    assert thread_url("http://[") == "http://["
