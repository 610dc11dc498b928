"""Address patterns of the signal table: how a row says which addresses are its own.

======================  =====================================================================
``host.tld``            that host and every host under it, any path
``host.tld/a/b``        a path that begins with these segments, whole segments, any case
``host.tld/a*``         the last segment may go on (``/sharer.php`` for ``/sharer*``)
``host.tld/u/{name}``   the whole path has this shape; ``{name}`` is the account
``host.tld/{any}/x``    ``{any}`` is one segment of any kind
``{name}.host.tld``     the account is the label before the host
``brand.*``             the brand under any public suffix (``shopee.vn``, ``shopee.sg``)
``host.tld/a?key``      and the query has that key
``tel:``                an address of that scheme
======================  =====================================================================

Pure. Matching is by segments, without regular expressions.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import unquote

MAX_URL = 2_000  # characters read of an address; what follows is a payload
_PARTS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#\\]*))?([^?#]*)(?:\?([^#]*))?")
_NO_HOST = re.compile(r"[?#\\]")
_SLOTS = ("{name}", "{any}")

# Sub-pages of an account that are still the account.
_TAILS = frozenset({
    "about", "about_us", "home", "videos", "featured", "photos", "reviews", "posts", "streams",
    "playlists", "jobs", "life", "people", "products", "shorts", "live", "timeline", "info",
    "community", "mycompany", "boards", "_saved", "_created", "feed", "services", "likes",
})  # fmt: skip


class Url(NamedTuple):
    """An address taken apart, lower-case host, without port and credentials."""

    scheme: str
    host: str
    path: str
    query: str
    raw: str

    @property
    def segments(self) -> list[str]:
        """The path's segments, as written, empty ones left out."""
        return [part for part in self.path.split("/") if part]


def host_at(raw: str) -> str:
    """The host of an address that begins with ``http://``, ``https://`` or ``//``, else ``""``.

    Most links of a page lead to hosts nobody knows: nothing more is asked of them.
    """
    at = 8 if raw.startswith("https://") else 7 if raw.startswith("http://") else 0
    if not at:
        at = raw.find("//", 0, 8) + 2
        if at < 2 or raw[: at - 2].lower() not in ("https:", "http:", ""):
            return ""
    end = raw.find("/", at)
    return _clean_host(raw[at:end] if end >= 0 else raw[at:MAX_URL])


@lru_cache(maxsize=4_096)
def _clean_host(text: str) -> str:
    host = _NO_HOST.split(text[:MAX_URL], maxsplit=1)[0]
    return host.rpartition("@")[2].partition(":")[0].lower().rstrip(".")


def take_apart(url: str) -> Url:
    """Split an address; never raises. An address without a host has ``host`` ``""``."""
    raw = url[:MAX_URL].strip()
    match = _PARTS.match(raw)
    if match is None:  # the pattern matches the empty text, so this is for the type checker
        return Url("", "", "", "", raw)
    scheme, host, path, query = match.groups()
    host = (host or "").rpartition("@")[2].split(":")[0].lower().rstrip(".")
    return Url((scheme or "").lower(), host, path, query or "", raw)


@dataclass(frozen=True, slots=True)
class Address:
    """One compiled pattern.

    ``first`` is the first segment of the path where the pattern says which it is; ``weight`` orders
    patterns of one host: the most specific first.
    """

    text: str
    scheme: str
    host: str
    named_host: bool
    segments: tuple[str, ...]
    open_end: bool
    whole: bool
    key: str
    first: str | None
    weight: tuple[int, int]

    def account_in(
        self, url: Url, parts: list[str], *, host: str, reserved: frozenset[str]
    ) -> str | None:
        """The account the address names, ``""`` where the pattern names none, ``None`` where the
        address is not of this shape.

        :param parts: the segments of the path.
        :param host: the part of ``url.host`` this pattern was found under.
        :param reserved: names that are pages of the platform, never accounts.
        """
        if self.scheme:
            return "" if url.scheme == self.scheme else None
        name = ""
        if self.named_host:
            name = url.host[: -len(host) - 1].rpartition(".")[2]
            if not _is_account(name, reserved):
                return None
        if self.key and f"&{self.key}=" not in f"&{url.query.lower()}":
            return None
        if not self.segments:
            return name
        found = self._account_in_path(parts, reserved)
        return None if found is None else name or found

    def _account_in_path(self, parts: list[str], reserved: frozenset[str]) -> str | None:
        wanted = self.segments
        if self.whole and len(parts) == len(wanted) + 1 and parts[-1].lower() in _TAILS:
            parts = parts[:-1]
        if len(parts) < len(wanted) or (self.whole and len(parts) > len(wanted)):
            return None
        name = ""
        last = len(wanted) - 1
        for place, (want, part) in enumerate(zip(wanted, parts, strict=False)):
            if want == "{any}":
                continue
            if want.endswith("{name}"):
                prefix = want.removesuffix("{name}")
                if not part.lower().startswith(prefix):
                    return None
                name = unquote(part[len(prefix) :])
                if not _is_account(name, reserved):
                    return None
            elif self.open_end and place == last:
                if not part.lower().startswith(want):
                    return None
            elif part.lower() != want:
                return None
        return name


def _is_account(name: str, reserved: frozenset[str]) -> bool:
    lowered = name.lower()
    return bool(lowered) and lowered not in reserved and not lowered.endswith(_FILES)


_FILES = (".php", ".html", ".htm", ".aspx", ".asp", ".jsp", ".js", ".css", ".png", ".jpg", ".svg")


@cache
def compile_address(text: str) -> Address:
    """Read a pattern.

    :raises ValueError: where it is none; the message says why.
    """
    if re.fullmatch(r"[a-z][a-z0-9+.-]*:", text):
        return Address(text, text[:-1], "", False, (), False, False, "", None, (0, 0))
    body, _, key = text.partition("?")
    host, _, path = body.partition("/")
    named_host = host.startswith("{name}.")
    host = host.removeprefix("{name}.")
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*(\.\*)?", host) or "." not in host:
        raise ValueError(f"{text!r}: {host!r} is no host (lower case, no scheme, no port)")
    if path != path.lower() and "{" not in path:
        raise ValueError(f"{text!r}: write the path in lower case")
    segments = tuple(part for part in path.split("/") if part)
    open_end = bool(segments) and segments[-1].endswith("*")
    if open_end:
        segments = (*segments[:-1], segments[-1][:-1])
    if any("*" in part for part in segments):
        raise ValueError(f"{text!r}: * stands at the end of the last segment only")
    if any("{" in part and not part.endswith(_SLOTS) for part in segments):
        raise ValueError(f"{text!r}: a slot is {{name}} or {{any}}")
    told = segments and "{" not in segments[0] and not (open_end and len(segments) == 1)
    literal = sum(2 * len(part) for part in segments if "{" not in part)
    slots = sum(1 for part in segments if "{" in part)
    return Address(
        text=text,
        scheme="",
        host=host,
        named_host=named_host,
        segments=segments,
        open_end=open_end,
        whole=any(part.endswith("{name}") for part in segments),
        key=key.lower(),
        first=segments[0] if told else None,
        weight=(literal + slots + 2 * len(key) + int(open_end), int(named_host)),
    )
