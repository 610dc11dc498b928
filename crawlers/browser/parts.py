"""What a page being drawn may ask for: its scripts and its data, nothing else. Pure."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from crawlers.urls import host_of, is_web_url

Answer = Literal["page", "fetch", "empty", "refuse"]
"""What a part gets: the page in hand, an answer of its server, an empty one, or none."""

LONGEST_BODY = 64 * 1024
"""Bytes a question to an API may have; a search or a GraphQL query is far below."""

_FETCHED = frozenset({"script", "xhr", "fetch"})
_ASKING = frozenset({"GET", "HEAD"})
_DROPPED = frozenset(
    "cookie user-agent referer host connection content-length accept-encoding te range dnt"
    " if-none-match if-modified-since upgrade-insecure-requests purpose priority"
    " x-client-data".split()
)
_KEPT_BACK = frozenset(
    "content-encoding content-length transfer-encoding set-cookie set-cookie2 etag last-modified"
    " link alt-svc nel report-to reporting-endpoints clear-site-data refresh connection"
    " strict-transport-security".split()
)


def answer_for(
    kind: str,
    method: str,
    url: str,
    *,
    main: bool,
    navigation: bool,
    own: bool = True,
    body: int = 0,
) -> Answer:
    """What to do about a request of the browser.

    Pictures, films, fonts and frames say nothing that we read; styles are answered with nothing,
    because some pages wait for them.

    :param kind: the browser's word for what is asked for (``document``, ``script``, ``xhr``, ...).
    :param main: whether the page itself asks, not a frame in it.
    :param navigation: whether the answer would take the page's place.
    :param own: whether the address is of the page's own site: only there is anything posted, so
        that no page makes us send words of its choosing to strangers.
    :param body: bytes sent along.
    """
    if not is_web_url(url):
        return "refuse"
    if navigation or kind == "document":
        return "page" if main and method == "GET" else "refuse"
    if is_watcher(host_of(url)):
        return "refuse"
    if kind == "stylesheet":
        return "empty"
    if kind not in _FETCHED:
        return "refuse"
    if method in _ASKING:
        return "fetch"
    if method == "POST" and own and kind != "script" and body <= LONGEST_BODY:
        return "fetch"  # many APIs are asked by POST; what changes something has other methods
    return "refuse"


def is_watcher(host: str) -> bool:
    """Whether a host measures visitors or shows advertisements."""
    labels = host.lower().rstrip(".").split(".")
    return any(".".join(labels[start:]) in _watchers() for start in range(len(labels)))


def asked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers of the browser's request that go out: none that tell of a browser or a visitor."""
    return {
        name: value
        for name, value in headers.items()
        if name.lower() not in _DROPPED and not name.lower().startswith(("sec-", ":"))
    }


def given_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers of an answer that the browser gets: no cookies, no stamps, nothing to fetch more."""
    return {name: value for name, value in headers.items() if name.lower() not in _KEPT_BACK}


@lru_cache(maxsize=1)
def _watchers() -> frozenset[str]:
    table = tomllib.loads((files(__package__) / "watchers.toml").read_text(encoding="utf-8"))
    return frozenset(host for hosts in table.values() for host in hosts)
