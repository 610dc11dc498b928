import pytest

from crawlers.browser.parts import answer_for, asked_headers, given_headers, is_watcher

SITE = "https://till.example/x"


@pytest.mark.parametrize(
    ("kind", "method", "url", "expected"),
    [
        ("script", "GET", SITE, "fetch"),
        ("script", "GET", "https://cdn.libraries.example/vue.js", "fetch"),
        ("fetch", "GET", SITE, "fetch"),
        ("xhr", "POST", SITE, "fetch"),
        ("xhr", "HEAD", SITE, "fetch"),
        ("stylesheet", "GET", SITE, "empty"),
        ("script", "POST", SITE, "refuse"),
        ("fetch", "DELETE", SITE, "refuse"),
        ("fetch", "PUT", SITE, "refuse"),
        ("image", "GET", SITE, "refuse"),
        ("media", "GET", SITE, "refuse"),
        ("font", "GET", SITE, "refuse"),
        ("eventsource", "GET", SITE, "refuse"),
        ("websocket", "GET", SITE, "refuse"),
        ("ping", "POST", SITE, "refuse"),
        ("manifest", "GET", SITE, "refuse"),
        ("other", "GET", SITE, "refuse"),
        ("fetch", "GET", "file:///etc/passwd", "refuse"),
        ("fetch", "GET", "chrome://version", "refuse"),
        ("script", "GET", "https://www.googletagmanager.com/gtm.js?id=GTM-1", "refuse"),
        ("script", "GET", "https://hm.baidu.com/hm.js?1", "refuse"),
        ("stylesheet", "GET", "https://connect.facebook.net/a.css", "refuse"),
    ],
)
def test_what_a_part_gets(kind: str, method: str, url: str, expected: str) -> None:
    assert answer_for(kind, method, url, main=True, navigation=False) == expected


@pytest.mark.parametrize(
    ("main", "method", "expected"),
    [(True, "GET", "page"), (False, "GET", "refuse"), (True, "POST", "refuse")],
)
def test_only_the_page_itself_may_go_on(main: bool, method: str, expected: str) -> None:
    assert answer_for("document", method, SITE, main=main, navigation=True) == expected


def test_a_long_question_is_refused() -> None:
    assert answer_for("xhr", "POST", SITE, main=True, navigation=False, body=10**6) == "refuse"


def test_watchers_by_whole_labels() -> None:
    assert is_watcher("www.google-analytics.com") and is_watcher("Hotjar.com.")
    assert not is_watcher("myhotjar.com") and not is_watcher("baidu.com") and not is_watcher("")


def test_headers_tell_of_no_visitor_and_no_browser() -> None:
    sent = {"Cookie": "a=1", "Referer": SITE, "Sec-CH-UA": "x", "user-agent": "y", "host": "z",
            "accept": "application/json", "authorization": "Bearer public"}  # fmt: skip
    assert asked_headers(sent) == {"accept": "application/json", "authorization": "Bearer public"}
    came = {"Set-Cookie": "a=1", "ETag": "x", "Content-Encoding": "br", "Content-Type": "text/html",
            "Content-Security-Policy": "default-src 'self'"}  # fmt: skip
    assert given_headers(came).keys() == {"Content-Type", "Content-Security-Policy"}


def test_nothing_is_posted_to_strangers():
    asked = {"main": True, "navigation": False}
    assert answer_for("xhr", "POST", SITE, own=True, **asked) == "fetch"
    assert answer_for("xhr", "POST", SITE, own=False, **asked) == "refuse"
    assert answer_for("xhr", "GET", SITE, own=False, **asked) == "fetch"
