"""What a server's answer, or the lack of one, means. Stable words for failures live here."""

import re

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response

from crawlers.browser.errors import DrawingError
from crawlers.downloading import HEAD_TOO_LARGE, LARGEST_HEAD
from crawlers.middlewares.patience import SiteLeft
from crawlers.middlewares.robots import (
    RobotsClosed,
    RobotsNotHad,
    RobotsTooSlow,
    RobotsUnreachable,
)
from crawlers.middlewares.walls import MembersOnly
from crawlers.patience import RESTING
from crawlers.resolver import PrivateAddressError, refused
from crawlers.urls import host_of

BLOCKS = frozenset({"blocked", "login", "http_401", "http_403", "http_429", "http_451", RESTING})
"""Reasons that mean the site turned us away. A block is never read as "no posts"."""

WORDLESS = frozenset({"needs_browser", "says_nothing"})
"""Reasons of pages that came and held no words: a script must fill them, or not even that helps."""

QUIET = WORDLESS | {"http_404", "http_410", "not_html", "left_site", "robots", "login"}
"""Reasons that are no fault of the source: dead links, PDFs, what it does not offer us. Of pages
without words a few are usual (a basket, a search); where they are most, the verdict says so."""

# Marks of a page that stands in for the one asked for until a browser or a person proves itself.
# They stand in small pages only; an article that mentions one is long.
_CHALLENGE = re.compile(
    rb"cf-chl-|cf_chl_opt|/cdn-cgi/challenge-platform|__cf_chl|_Incapsula_Resource|"
    rb"captcha-delivery\.com|px-captcha|ddos-guard|aws-waf-token|awsWafCookieDomainList|"
    rb"g-recaptcha|h-captcha|hcaptcha\.com/1/api|geetest|sgcaptcha|"
    rb"<title>\s*(?:Just a moment|Attention Required|Access denied|Robot Check)",
    re.IGNORECASE,
)
_CHALLENGE_SIZE = 60_000  # bytes
_UNPACKED = "during decompression"  # Scrapy's word for a body that outgrew DOWNLOAD_MAXSIZE so
_TLS = re.compile(r"\bSSL\b|OpenSSL|certificate", re.IGNORECASE)


def challenge_of(response: Response) -> str | None:
    """The mark of a challenge page in an answer, or ``None``.

    With an error status any mark counts; with status 200 only where the page holds nothing else.
    """
    if len(response.body) > _CHALLENGE_SIZE:
        return None
    found = _CHALLENGE.search(response.body)
    if found is None:
        return None
    if response.status < 400 and response.body.count(b"<a ") + response.body.count(b"<p") > 5:
        return None  # a contact form with a captcha is a page
    return found.group().decode("ascii", "replace")


def refusal(response: Response) -> tuple[str, str] | None:
    """Why an answer holds no page: (reason, detail), or ``None`` where it holds one."""
    mark = challenge_of(response)
    if mark is not None:
        return "blocked", (
            f"the site answered {response.status} with a challenge page ({mark}); it lets "
            "browsers in, not us. Leave it out, or ask its owner"
        )
    status = response.status
    if status in (401, 403, 429, 451):
        return f"http_{status}", f"the site answered {status}: it turned us away"
    if status in (404, 410):
        return f"http_{status}", f"the site answered {status}: the page is not there"
    if status >= 400:
        return f"http_{status}", f"the site answered {status}; a later run tries again"
    if status >= 300:
        return "redirect", f"the site answered {status} and leads nowhere"
    if not response.body.strip():
        return "empty_body", "the site answered with nothing"
    return None


def failure_of(error: BaseException, url: str = "") -> tuple[str, str]:
    """Why a request had no answer: (reason, detail)."""
    text = str(error) or type(error).__name__
    if isinstance(error, SiteLeft):
        return error.reason, text
    if isinstance(error, RobotsNotHad):
        reason, detail = failure_of(error.cause, url)
        if reason == "private_address":
            return reason, detail
        return reason, f"{detail} (asked for robots.txt, which closes the site until it answers)"
    if isinstance(error, PrivateAddressError):
        return "private_address", text
    if host_of(url) in refused:
        return "private_address", refused[host_of(url)]
    reasons: tuple[tuple[type[BaseException], str, str], ...] = (
        (MembersOnly, "login", text),
        (RobotsClosed, "robots", text),
        (RobotsUnreachable, "robots_unreachable", text),
        (RobotsTooSlow, "robots_too_slow", text),
        (DownloadTimeoutError, "timeout", "no whole answer in time"),
        (CannotResolveHostError, "dns", f"the name does not resolve: {text}"),
        (DownloadConnectionRefusedError, "refused", "nothing listens at this address"),
        (DownloadCancelledError, "too_large", text),
        (ResponseDataLossError, "cut_off", "the answer broke off before its end"),
    )
    for kind, reason, detail in reasons:
        if isinstance(error, kind):
            return reason, detail
    if isinstance(error, DrawingError):
        return "browser_failed", text
    if _UNPACKED in text:
        return "too_large", "the answer unpacks to more than a page may hold"
    if HEAD_TOO_LARGE in text:
        return "too_large", f"{HEAD_TOO_LARGE} {LARGEST_HEAD // 1024} KiB"
    if isinstance(error, DownloadFailedError) and _TLS.search(text):
        return "tls", "no secure connection could be made: the site's TLS is broken"
    if isinstance(error, IgnoreRequest):
        return ("redirect_loop", text) if "redirect" in text.lower() else ("ignored", text)
    if isinstance(error, DownloadFailedError | ConnectionError):
        return "connection", "the server closed the connection without a whole answer"
    return "connection", f"no answer ({type(error).__name__})"
