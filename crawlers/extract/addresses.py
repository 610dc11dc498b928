"""Links as written made absolute http(s) addresses, and their hosts; a page has thousands."""

import re
from urllib.parse import urljoin

from crawlers.urls import is_web_url

_LONGEST = 2_000  # characters of an address; longer ones are data or traps
_NOT_WEB = ("#", "javascript:", "mailto:", "tel:", "data:", "sms:", "zalo:", "skype:", "blob:")

_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?::[1-9]\d{0,4})?(?:[/?#]\S*)?", re.IGNORECASE)
_ORIGIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?::[1-9]\d{0,4})?(?=[/?#]|$)", re.IGNORECASE)
_HOST = re.compile(r"https?://([^/?#:@]+)", re.IGNORECASE)


def host_in(url: str) -> str:
    """The host of an absolute address as :func:`absolute_to` gives it; ``""`` for an odd one."""
    match = _HOST.match(url)
    return match[1].lower().rstrip(".") if match else ""


def absolute_to(base: str, href: str) -> str | None:
    """An absolute http(s) address for a link as written on a page of this base, else ``None``."""
    href = href.strip()
    if not href or len(href) > _LONGEST or href[:12].lower().startswith(_NOT_WEB):
        return None
    if href[0] == "/" and href[1:2] != "/" and "/." not in href and " " not in href:
        origin = _ORIGIN.match(base)
        if origin:
            return origin[0] + href
    if _PLAIN.fullmatch(href):  # most links need no joining, which costs 20 times as much
        return href
    try:
        url = urljoin(base, href)
    except ValueError:
        return None
    return url if is_web_url(url) else None
