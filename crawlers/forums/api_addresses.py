"""Addresses of read APIs: the root to ask, a query changed, the page after. Pure."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from crawlers.urls import host_of

_LONGEST_NUMBER = 7  # digits of a page's number; more is no page


def root_of(url: str) -> str:
    """Scheme and host of an address, port kept; ``""`` where it has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


def path_of(url: str) -> str:
    """The path of an address without its last slash; ``""`` at the root."""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""


def is_below(url: str, *hosts: str) -> bool:
    """Whether an address lies on one of the hosts or below it."""
    host = host_of(url)
    return any(host == name or host.endswith(f".{name}") for name in hosts)


def moved_root(url: str, hosts: tuple[str, ...], root: str) -> str:
    """``root`` for an address on one of the hosts, else the address's own root.

    A service whose API has a host of its own (``api.``) is asked there; a copy of it on another
    host answers itself.
    """
    return root if is_below(url, *hosts) else root_of(url)


def query_of(url: str, name: str) -> str:
    """A query parameter's first value; ``""`` where it is not given."""
    try:
        return next((given for key, given in parse_qsl(urlsplit(url).query) if key == name), "")
    except ValueError:
        return ""


def with_query(url: str, **values: str | int | None) -> str:
    """The address with parameters set, or taken out where ``None``; the others stay in order."""
    try:
        parts = urlsplit(url)
        kept = [pair for pair in parse_qsl(parts.query) if pair[0] not in values]
    except ValueError:
        return url
    added = [(name, str(given)) for name, given in values.items() if given is not None]
    return parts._replace(query=urlencode([*kept, *added]), fragment="").geturl()


def page_of(url: str, name: str = "page", *, first: int = 1) -> int:
    """The number of the page an address asks for; ``first`` where it names none."""
    given = query_of(url, name)
    known = given.isascii() and given.isdigit() and len(given) <= _LONGEST_NUMBER
    return int(given) if known else first
