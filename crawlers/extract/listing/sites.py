"""Where a link of a list leads: a company's home, deeper into its site, or no company. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from crawlers.extract.listing.words import words
from crawlers.folding import fold
from crawlers.urls import host_of, is_web_url, registrable_domain, site_key

_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2,4})?", re.IGNORECASE)
_HOMES = frozenset({"index", "index.html", "index.htm", "index.php", "home", "default.aspx",
                    "trang-chu", "welcome"})  # fmt: skip
_NOT_HOME = frozenset({"blog", "docs", "help", "support", "news", "status", "developer",
                       "developers", "community", "forum", "careers", "jobs"})  # fmt: skip
_IN_PATH = re.compile(r"/(https?:/{1,2}[^/].*)$")
_BARE_DOMAIN = re.compile(
    r"(?:https?://)?(?:www\.)?([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})/?", re.IGNORECASE
)
_NO_ALNUM = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a link leads: ``home`` is the site's first page (the shop's, on a platform), ``key``
    its :func:`~crawlers.urls.site_key`; ``deep``: the link itself leads further in.
    """

    home: str
    key: str
    deep: bool

    @property
    def label(self) -> str:
        """The name in the domain, letters and digits only: ``my-shop.com.vn`` -> ``myshop``."""
        name = self.key.rpartition("/")[2] if "/" in self.key else self.key.partition(".")[0]
        return alnum(name)


def alnum(text: str) -> str:
    """A folded text's letters and digits."""
    return _NO_ALNUM.sub("", fold(text))


def lead_of(url: str, page: str) -> Lead | None:
    """The company's site that a link of a page leads to; ``None`` for the page's own site, for
    networks, stores and the like, and for what is no web address.

    Links that count clicks (``/out?url=https%3A%2F%2Frival.example``) are unwrapped.
    """
    target = unwrapped(url)
    host = host_of(target)
    domain = registrable_domain(host)
    if "." not in host or domain == registrable_domain(host_of(page)):
        return None
    key = site_key(target)
    parts = urlsplit(target)
    path = [part for part in parts.path.split("/") if part]
    barred = words().no_company
    if domain in barred or host.removeprefix("www.") in barred:
        return None
    if "/" in key:  # a shop on a platform
        depth = key.count("/")
        home = f"{parts.scheme}://{parts.netloc}/{'/'.join(path[:depth])}"
        return Lead(home, key, deep=len(path) > depth)
    home = f"{parts.scheme}://{parts.netloc}/"
    at_home = not path or (
        len(path) == 1 and (path[0].lower() in _HOMES or _LANGUAGE.fullmatch(path[0]) is not None)
    )
    return Lead(home, key, deep=not at_home or host.partition(".")[0] in _NOT_HOME)


def unwrapped(url: str) -> str:
    """The address a click-counting link leads to, without asking; the link itself where it does
    not show.
    """
    for _ in range(2):
        inner = _inside(url)
        if inner is None:
            break
        url = inner
    return url


def _inside(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query)[:40]
    except ValueError:
        return None
    for name, given in query:
        if name.lower() in words().redirect_keys:
            twice = given[:10].lower().startswith(("http%3a", "https%3a"))
            value = unquote(given) if twice else given
            value = f"https:{value}" if value.startswith("//") else value
            if is_web_url(value):
                return value
            if name.lower() not in ("q", "r", "site") and "." in value and bare_domain(value):
                return f"https://{value}"
    found = _IN_PATH.search(unquote(parts.path))
    if found is not None:
        inner = re.sub(r"^(https?):/+", r"\1://", found[1])
        if is_web_url(inner):
            return inner
    return None


def bare_domain(text: str) -> str | None:
    """The domain that a text is and nothing else (``www.rival.example``), else ``None``."""
    match = _BARE_DOMAIN.fullmatch(text.strip()[:120])
    if match is None:
        return None
    host = match[1].lower()
    ending = host.rpartition(".")[2]
    return host if ending.isalpha() and len(ending) >= 2 else None
