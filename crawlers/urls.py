"""Addresses: the canonical form of a URL and the key of a site. A leaf, pure, no network."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Campaign and session parameters: they change the address, never the page.
_DROPPED = frozenset({
    "sid", "s", "phpsessid", "jsessionid", "aspsessionid", "sessionid", "session_id",
    "gclid", "fbclid", "msclkid", "yclid", "ttclid", "zanpid", "dclid", "gbraid", "wbraid",
    "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi", "igshid", "spm", "scm", "share_token",
})  # fmt: skip

# Of these names only what looks like a key of a session: they have other uses, too.
_TOKENS = frozenset({"sess", "session", "sessid", "cftoken", "cfid", "token"})
_TOKEN = re.compile(r"(?=.*\d)[0-9a-zA-Z_-]{7,}")
_PATH_SESSION = re.compile(
    r";(?:jsessionid|phpsessid|sid|s)=[^/?#;]*|/\([A-Z]\([0-9a-z]{8,}\)\)(?=/)", re.IGNORECASE
)

# Shops on a platform: the shop is the first path segment, or this many of them.
_PLATFORM_SHOPS = {
    "shopee.vn": 1, "shopee.sg": 1, "shopee.tw": 1, "lazada.vn": 2, "tiki.vn": 2,
    "etsy.com": 2, "facebook.com": 1, "instagram.com": 1, "tiktok.com": 1,
}  # fmt: skip


_READABLE = "/?:@!$&'()*+,;=%-._~"

# Most addresses hold nothing that is read, escaped or mended in any way: they need no parser.
_PLAIN_PLACE = r"https?://(?:[a-z0-9-]{1,63}\.)*+[a-z0-9-]{1,63}(?::[1-9]\d{0,3})?"
_PLAIN_START = re.compile(rf"{_PLAIN_PLACE}(?:[/?#]|\Z)")
_PLAIN_PAIR = r"[a-zA-Z0-9_.-]+=[a-zA-Z0-9_.-]*"
_ESCAPE = r"%[89A-F][0-9A-F]"  # of what is no ASCII: it stays as it is
_PLAIN_STEP = rf"(?:[a-zA-Z0-9_-]|{_ESCAPE})(?:[a-zA-Z0-9_.-]++|{_ESCAPE})*+"
_PLAIN = re.compile(
    rf"({_PLAIN_PLACE}(?:/(?:{_PLAIN_STEP})?)++)(?:\?({_PLAIN_PAIR}(?:&{_PLAIN_PAIR})*))?(?:#[!-~]+)?"
)
_PLAIN_NAMES = r"(?:[\w%~-][\w.%~-]*+/)*+"
_PLAIN_NAME = r"(?:[\w%~-][\w.%~-]*+)?"
_PLAIN_REST = r"(?:\?[\w.=&%/,+:-]+)?(?:#[\w.=&%/-]+)?"
_PLAIN_BASE = re.compile(rf"({_PLAIN_PLACE})(/{_PLAIN_NAMES}){_PLAIN_NAME}(?:[?#]|\Z)", re.ASCII)
_PLAIN_LINK = re.compile(
    rf"(?:(?P<whole>{_PLAIN_PLACE})?(?P<root>/{_PLAIN_NAMES}{_PLAIN_NAME}{_PLAIN_REST})"
    rf"|(?:\./)?(?P<below>(?=[\w%~-]){_PLAIN_NAMES}{_PLAIN_NAME}{_PLAIN_REST}))",
    re.ASCII,
)


def plainly_joined(base: str, href: str) -> str | None:
    """What ``urljoin`` makes of a link in which nothing is to be resolved; ``None`` for any other.

    It takes a thirtieth of the time; most links of a page are such.
    """
    link = _PLAIN_LINK.fullmatch(href)
    if link is None:
        return None
    if link["whole"]:
        return href
    place = _plain_base(base)
    if place is None:
        return None
    return f"{place[0]}{href}" if link["root"] else f"{place[1]}{link['below']}"


@lru_cache(maxsize=256)
def _plain_base(base: str) -> tuple[str, str] | None:
    """An address's origin, and the folder its links are relative to."""
    found = _PLAIN_BASE.match(base)
    return (found[1], found[1] + found[2]) if found else None


def is_web_url(url: str) -> bool:
    """Whether the text is an http or https address with a host."""
    if _PLAIN_START.match(url):
        return True
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def canonical_url(url: str) -> str:
    """One spelling per page: sorted query, no fragment, no session or campaign parameters.

    :raises ValueError: for an address that cannot be parsed.
    """
    plain = plain_parts(url)
    if plain is not None:
        return canonical_of(*plain)
    parts = urlsplit(url)
    if ";" in parts.path or "/(" in parts.path:
        parts = parts._replace(path=_PATH_SESSION.sub("", parts.path))
        url = urlunsplit(parts)
    if _is_path(parts.query):
        place = canonicalize_url(urlunsplit(parts._replace(query="", fragment="")))
        return f"{place}?{quote(_without_sessions(parts.query), safe=_READABLE)}"
    if parts.query:
        kept = [
            (key, value)
            for key, value in parse_qsl(parts.query, keep_blank_values=True)
            if not _is_dropped(key, value)
        ]
        url = urlunsplit(parts._replace(query=urlencode(kept)))
    return canonicalize_url(url)


def plain_parts(url: str) -> tuple[str, list[tuple[str, str]]] | None:
    """An address without its fragment, as what stands before the query and the query's pairs;
    ``None`` for one that holds anything but letters, digits and the plainest marks.
    """
    found = _PLAIN.fullmatch(url)
    if found is None:
        return None
    place, query = found.groups()
    pairs = [pair.split("=") for pair in query.split("&")] if query else ()
    return place, [(key, value) for key, value in pairs]


def canonical_of(place: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The canonical form of what :func:`plain_parts` gave."""
    kept = sorted((key, value) for key, value in pairs if not _is_dropped(key, value))
    query = "&".join(f"{key}={value}" for key, value in kept)
    return f"{place}?{query}" if query else place


def _is_path(query: str) -> bool:
    """Whether a query is read by place, not by name (``index.php?threads/x.1/``,
    ``showthread.php?8-title&p=3``): then its order and its bare parts mean something.
    """
    return any(part and "=" not in part and "/" in part for part in query.split("&")) or (
        bool(query) and "=" not in query.split("&", maxsplit=1)[0]
    )


def _without_sessions(query: str) -> str:
    return "&".join(
        part
        for part in query.split("&")
        if "=" not in part or not _is_dropped(*part.split("=", maxsplit=1))
    )


def _is_dropped(key: str, value: str) -> bool:
    name = key.lower()
    if name in _TOKENS:
        return _TOKEN.fullmatch(value) is not None
    if name == "s":  # WordPress searches with ?s=word; vBulletin's session is 32 hex digits
        return len(value) == 32
    return name in _DROPPED or name.startswith("utm_")


@lru_cache(maxsize=4_096)  # a page's links are asked for theirs by crawl, tags and storage
def host_of(url: str) -> str:
    """The host, lower case, without port; ``""`` where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


@cache
def _suffixes() -> "TLDExtract":
    """The list of public suffixes: a tenth of a second of a start, so loaded at its first use."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)


@lru_cache(maxsize=20_000)
def registrable_domain(host: str) -> str:
    """The registrable domain with private suffixes on; ``x.localhost`` and addresses stand whole.

    ``www.shop.example.co.uk`` -> ``example.co.uk``; ``a.myshopify.com`` -> ``a.myshopify.com``.
    """
    host = host.lower().rstrip(".")
    if "." not in host and host.isascii():
        return host
    if host.endswith(".localhost"):
        return ".".join(host.split(".")[-2:])
    parts = _suffixes()(host)
    return f"{parts.domain}.{parts.suffix}" if parts.domain and parts.suffix else host


@lru_cache(maxsize=2_000)
def site_of_url(url: str) -> str:
    """The registrable domain of an address: a request's is asked for at each step it takes."""
    return registrable_domain(host_of(url))


def site_key(url: str) -> str:
    """The key of a competitor without an id: its registrable domain, or platform and shop path."""
    host = host_of(url)
    domain = registrable_domain(host)
    depth = _PLATFORM_SHOPS.get(domain)
    if depth:
        path = [part for part in urlsplit(url).path.split("/") if part]
        if path:
            return "/".join([domain, *path[:depth]]).lower()
    return domain


def same_site(url: str, other: str) -> bool:
    """Whether two addresses belong to one registrable domain."""
    return registrable_domain(host_of(url)) == registrable_domain(host_of(other))
