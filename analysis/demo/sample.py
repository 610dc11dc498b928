"""Everything the sample market serves, by host. Pure: an address in, an answer out."""

from functools import lru_cache

from analysis.demo import broken
from analysis.demo.answers import Answer, page
from analysis.demo.boards import load_forums
from analysis.demo.content import load_sites
from analysis.demo.lists import directory_answer, directory_host, search_answer, search_host
from analysis.demo.phpbb import phpbb_answer
from analysis.demo.sites import site_answer
from analysis.demo.states import PARKED_HOST, State, parked, state_answer
from analysis.demo.xenforo import xenforo_answer

_FORUMS = {"phpbb": phpbb_answer, "xenforo": xenforo_answer}


@lru_cache(maxsize=1)
def hosts() -> tuple[str, ...]:
    """Every host name of the sample: the own site, the other companies, the forums, the list of
    companies and the search.
    """
    sites = [site.host for site in load_sites()]
    forums = [forum.host for forum in load_forums()]
    return (*sites, broken.HOST, *forums, directory_host(), search_host())


@lru_cache(maxsize=512)
def answer(host: str, target: str, port: int, state: State | None = None) -> Answer:
    """What a host of the sample answers.

    :param host: host name without port, in any case.
    :param target: path and query as in the request line.
    :param port: the port all absolute links of the page are to carry.
    :param state: the sample at another time; none is the sample as ``scrapy demo`` shows it.
    """
    host = host.lower().rstrip(".")
    if host == broken.HOST:
        return broken.broken_answer(target, port)
    for site in load_sites():
        if site.host == host:
            if state is not None:
                return state_answer(site.id, target, port, state)
            return site_answer(site, target, port)
    if state == "down" and host == PARKED_HOST:
        return parked(target)
    for forum in load_forums():
        if forum.host == host:
            return _FORUMS[forum.engine](forum, target, port)
    if host == directory_host():
        return directory_answer(target, port)
    if host == search_host():
        return search_answer(target, port)
    return _directory(port)


def _directory(port: int) -> Answer:
    rows = "".join(f'<li><a href="http://{host}:{port}/">{host}</a></li>' for host in hosts())
    return page(
        f"<!doctype html><title>The sample market</title><h1>Hosts</h1><ul>{rows}</ul>", status=404
    )
