import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import HtmlResponse, Response

from crawlers.base.answers import QUIET, WORDLESS, failure_of, refusal
from crawlers.browser.errors import BrowserUnusableError, DrawingError
from crawlers.downloading import HEAD_TOO_LARGE
from crawlers.middlewares.patience import SiteLeft
from crawlers.middlewares.robots import RobotsClosed, RobotsNotHad
from crawlers.resolver import PrivateAddressError


def answer(status: int, body: bytes = b"<p>hello</p>") -> Response:
    return HtmlResponse("http://a.localhost/", status=status, body=body)


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "http_403"), (429, "http_429"), (404, "http_404"), (410, "http_410"), (500, "http_500")],
)
def test_statuses(status: int, reason: str) -> None:
    refused = refusal(answer(status))
    assert refused is not None and refused[0] == reason


def test_challenges_are_blocks_whatever_their_status() -> None:
    page = b"<html><title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'>"
    for status in (200, 403, 503):
        refused = refusal(answer(status, page))
        assert refused is not None and refused[0] == "blocked"


def test_a_contact_form_with_a_captcha_is_a_page() -> None:
    page = b"<p>Write to us</p>" * 8 + b"<div class='g-recaptcha'></div>"
    assert refusal(answer(200, page)) is None


def test_a_page_is_a_page_and_nothing_is_nothing() -> None:
    assert refusal(answer(200)) is None
    refused = refusal(answer(200, b"  \n"))
    assert refused is not None and refused[0] == "empty_body"


def test_errors_without_an_answer() -> None:
    assert failure_of(DownloadTimeoutError("slow"))[0] == "timeout"
    assert failure_of(CannotResolveHostError("no"))[0] == "dns"
    assert failure_of(RobotsClosed("closed"))[0] == "robots"
    assert failure_of(IgnoreRequest("max redirections reached"))[0] == "redirect_loop"
    assert failure_of(PrivateAddressError("10.0.0.1 is private"))[0] == "private_address"
    assert failure_of(ConnectionResetError("reset"))[0] == "connection"


def test_a_page_that_was_not_drawn_says_why() -> None:
    for error in (DrawingError("too large"), BrowserUnusableError("too large")):
        assert failure_of(error) == ("browser_failed", "too large")
    assert WORDLESS < QUIET and "browser_failed" not in QUIET


@pytest.mark.parametrize(
    ("error", "reason", "words"),
    [
        (SiteLeft("a.example", "resting", "asks for 300 s"), "resting", "300 s"),
        (SiteLeft("a.example", "failing", "ten in a row"), "failing", "ten"),
        (RobotsNotHad(DownloadTimeoutError("x")), "timeout", "robots.txt"),
        (RobotsNotHad(PrivateAddressError("10.0.0.1 is private")), "private_address", "10.0.0.1"),
        (IgnoreRequest("exceeded DOWNLOAD_MAXSIZE (8 B) during decompression."), "too_large",
         "unpacks"),
        (DownloadFailedError(f"[<HeadTooLargeError: {HEAD_TOO_LARGE} 256 KiB>]"), "too_large",
         "head"),
        (DownloadFailedError("[<twisted.python.failure.Failure OpenSSL.SSL.Error: []>]"), "tls",
         "secure"),
        (DownloadFailedError("[Connection was closed]"), "connection", "closed"),
    ],
)  # fmt: skip
def test_why_a_site_was_left_or_broken_off(error: Exception, reason: str, words: str) -> None:
    found, detail = failure_of(error, "https://a.example/x")
    assert found == reason and words in detail
