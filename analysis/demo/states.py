"""The sample market at other times: as it was first seen, unchanged, with nothing but noise, with
real changes, and down. Pure: a state, an address in, an answer out.

The sample that ``scrapy demo`` shows has no state. In every state the sites wear the furniture of
the live web, which is drawn anew at each visit (``noise.py``); what really changes stands in
``states.toml``, with the truth beside it, both written by hand.
"""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from analysis.demo.answers import Answer, page, redirect
from analysis.demo.content import Site, load_site, load_sites, site_sources
from analysis.demo.noise import noisy
from analysis.demo.sites import site_answer

State = Literal["baseline", "nothing", "noise", "real", "down"]
STATES: tuple[State, ...] = ("baseline", "nothing", "noise", "real", "down")

PARKED_HOST = "parked-names.localhost"
"""Where lapsed names are sold."""
_DRAWN = {"baseline": 0, "nothing": 0, "noise": 1, "real": 2}
"""Which draw of the furniture a state shows: a site where nothing happened sends the same bytes."""


@lru_cache(maxsize=1)
def changes() -> tuple[dict[str, Any], ...]:
    """What a researcher must be told after ``real``, and nothing else: ``competitor, kind, page,
    field, old, new, words``.
    """
    return tuple(_file()["change"])


def state_answer(site: str, target: str, port: int, state: State) -> Answer:
    """What a company's site answers in a state.

    :param site: the site's id.
    :param target: path and query as asked for.
    """
    if state == "down":
        return _down(_sites("baseline")[site], target, port)
    found = site_answer(_sites(state)[site], target, port)
    if found.status != 200 or not (found.header("Content-Type") or "").startswith("text/html"):
        return found
    content = _sites(state)[site]
    path = target.partition("?")[0]
    encoding = content.encoding
    html = noisy(found.body.decode(encoding), content, path, draw=_DRAWN[state])
    modified = found.header("Last-Modified")
    return page(
        html,
        content_type=found.header("Content-Type") or "text/html",
        encoding=encoding,
        # A page that is put together at each visit does not say when it last changed.
        extra=(("Last-Modified", modified),) if modified and state == "nothing" else (),
    )


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    source = files("analysis.demo").joinpath("states.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


@lru_cache(maxsize=4)
def _sites(state: State) -> dict[str, Site]:
    if state != "real":
        return {site.id: site for site in load_sites()}
    sources = site_sources()
    for edit in _file()["edit"]:
        source = sources[edit["site"]]
        if source.count(edit["old"]) != 1:
            raise ValueError(f"{edit['site']}: {edit['old']!r} must stand there once")
        sources[edit["site"]] = source.replace(edit["old"], edit["new"])
    sites = [load_site(source) for source in sources.values()]
    return {site.id: site for site in sites}


def _down(site: Site, target: str, port: int) -> Answer:
    """A site that is down, each in its own way."""
    ways = {
        "stallbox": "maintenance", "quayxanh": "not found", "hepuyun": "parked",
        "nhipban": "502", "chophien": "challenge", "puhaokai": "reset", "luapay": "half",
        "zhangxin": "maintenance",
    }  # fmt: skip
    match ways.get(site.id, "503"):
        case "maintenance":
            return page(_NOTICES[site.lang[:2]].format(name=site.name))
        case "not found":
            return page("<!doctype html><title>404 Not Found</title><h1>404</h1>", status=404)
        case "parked":
            if target == "/robots.txt":
                return page("", content_type="text/plain")
            return redirect(f"http://{PARKED_HOST}:{port}/?name={site.host}", status=302)
        case "502":
            return page("<h1>502 Bad Gateway</h1>", status=502)
        case "challenge":
            return page(
                '<title>Just a moment...</title><form id="challenge-form"></form>', status=403
            )
        case "reset":
            return Answer(status=200, fault="reset")
        case "half":  # the home stands, its inner addresses do not: the rules of rewriting are lost
            if target in ("/", "/robots.txt", "/sitemap.xml"):
                return state_answer(site.id, target, port, "real")
            return page("<title>404</title><h1>Not Found</h1>", status=404)
    return page("<h1>503 Service Unavailable</h1>", status=503)


def parked(target: str) -> Answer:
    """The seller of lapsed names."""
    if target == "/robots.txt":
        return page("", content_type="text/plain")
    return page(
        "<!doctype html><html><head><title>This domain is for sale</title></head><body>"
        "<h1>This domain is for sale</h1><p>Make an offer today.</p></body></html>"
    )


_NOTICES = {
    "en": "<!doctype html><html lang=en><title>{name}</title><h1>We'll be back soon</h1>"
    "<p>{name} is down for maintenance. Thank you for your patience.</p>",
    "vi": "<!doctype html><html lang=vi><title>{name}</title><h1>Hệ thống đang bảo trì</h1>"
    "<p>{name} sẽ trở lại trong ít phút.</p>",
    "zh": "<!doctype html><html lang=zh><meta charset=utf-8><title>{name}</title>"
    "<h1>网站维护中</h1><p>给您带来不便，敬请谅解。</p>",
}
