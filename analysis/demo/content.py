"""The sample's company sites as written down in ``sites/*.toml``: loaded, frozen.

One file a site: what it is called, how it looks (``family``), its pages, and under ``[truth]``
what Rivalmap must find. Prices stand once: the pricing page and the truth are made from the same
``plans``.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from crawlers.words import Channel, ChannelRole, PageKind, Tier, Verdict

_ADDRESS = re.compile(r"\{(origin|site:([a-z]+))\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A row of a price list. ``price`` is ``None`` where the page names none ("contact us")."""

    name: str
    text: str
    price: Decimal | None
    currency: str | None
    period: str | None
    unit: str | None
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """A page of a site: its address, its kind, its text in the small markup."""

    path: str
    kind: PageKind
    lang: str
    title: str
    description: str
    body: str
    plans: tuple[Plan, ...] = ()
    ld: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A channel a site does, or does not, give proof of. ``platform`` is ``None`` for any."""

    channel: Channel
    role: ChannelRole
    platform: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A company of the sample, its pages and the truth about it."""

    id: str
    name: str
    aliases: tuple[str, ...]
    lang: str
    family: str
    tagline: str
    own: bool
    details: Mapping[str, str]
    nav: tuple[tuple[str, str], ...]
    footer_links: tuple[tuple[str, str], ...]
    head: str
    header_html: str
    footer_html: str
    robots: str
    sitemap: bool
    ads_txt: str
    encoding: str
    declared: bool
    redirects: Mapping[str, str]
    big: Mapping[str, Any]
    pages: tuple[SitePage, ...]
    tier: Tier | None
    verdict: Verdict | None
    complement: bool
    closed: bool
    must: tuple[Mark, ...]
    never: tuple[Mark, ...]

    @property
    def host(self) -> str:
        """The host name the site is served under."""
        return host_of_site(self.id)

    @property
    def closed_paths(self) -> tuple[str, ...]:
        """Paths its robots.txt closes, the root apart."""
        lines = (line.partition(":") for line in self.robots.splitlines())
        found = (path.strip() for key, _, path in lines if key.strip().lower() == "disallow")
        return tuple(path for path in found if path not in ("", "/"))


def host_of_site(site: str) -> str:
    """``stallbox`` -> ``stallbox.localhost``."""
    return f"{site}.localhost"


def with_addresses(text: str, site: str, port: int) -> str:
    """``{origin}`` and ``{site:NAME}`` as addresses with the port in use."""

    def address(match: re.Match[str]) -> str:
        return f"http://{host_of_site(match[2] or site)}:{port}"

    return _ADDRESS.sub(address, text)


def read_toml(folder: str, name: str) -> dict[str, Any]:
    """A content file of this package, parsed."""
    source = files("analysis.demo").joinpath(folder, name).read_text(encoding="utf-8")
    return tomllib.loads(source)


@lru_cache(maxsize=1)
def load_sites() -> tuple[Site, ...]:
    """Every company of the sample, the own business first, then by id."""
    sites = [load_site(source) for source in site_sources().values()]
    return tuple(sorted(sites, key=lambda site: (not site.own, site.id)))


def site_sources() -> dict[str, str]:
    """The content file of each site, by the site's id."""
    folder = files("analysis.demo").joinpath("sites")
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }


def load_site(source: str) -> Site:
    """A site from the text of its content file."""
    return _site(tomllib.loads(source))


@dataclass(frozen=True, slots=True)
class _Text:
    """Reads strings of a TOML table; missing ones are empty."""

    table: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, key: str) -> str:
        return str(self.table.get(key, "")).strip()


def _site(data: dict[str, Any]) -> Site:
    text = _Text(data)
    truth = data.get("truth", {})
    return Site(
        id=data["id"],
        name=data["name"],
        aliases=tuple(data.get("aliases", ())),
        lang=data["lang"],
        family=data["family"],
        tagline=text("tagline"),
        own=data.get("own", False),
        details={key: text(key) for key in ("email", "phone", "address", "legal")},
        nav=_pairs(data.get("nav", ())),
        footer_links=_pairs(data.get("footer_links", ())),
        head=text("head"),
        header_html=text("header_html"),
        footer_html=text("footer_html"),
        robots=text("robots") + "\n",
        sitemap=data.get("sitemap", False),
        ads_txt=text("ads_txt"),
        encoding=data.get("encoding", "utf-8"),
        declared=data.get("declared", True),
        redirects=data.get("redirects", {}),
        big=data.get("big", {}),
        pages=tuple(_page(entry, data["lang"]) for entry in data.get("page", ())),
        tier=truth.get("tier"),
        verdict=truth.get("verdict"),
        complement=truth.get("complement", False),
        closed=truth.get("closed", False),
        must=_marks(truth.get("must", ())),
        never=_marks(truth.get("never", ())),
    )


def _pairs(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, href) for label, href in rows)


def _page(data: dict[str, Any], lang: str) -> SitePage:
    date = data.get("date")
    return SitePage(
        path=data["path"],
        kind=data["kind"],
        lang=data.get("lang", lang),
        title=data["title"],
        description=data["description"],
        body=data["body"],
        plans=tuple(_plan(plan) for plan in data.get("plans", ())),
        ld=data.get("ld", ""),
        published=datetime.fromisoformat(date).replace(hour=3, tzinfo=UTC) if date else None,
    )


def _plan(data: dict[str, Any]) -> Plan:
    return Plan(
        name=data["name"],
        text=data["text"],
        price=Decimal(data["amount"]) if data["amount"] else None,
        currency=data["currency"] or None,
        period=data["period"] or None,
        unit=data.get("unit"),
        points=tuple(data["points"]),
    )


def _marks(rows: Iterable[str]) -> tuple[Mark, ...]:
    """``paid_search promotes Google Ads`` -> channel, role, platform."""
    marks = []
    for row in rows:
        channel, role, platform = (*row.split(" ", 2), None)[:3]
        marks.append(Mark(channel=channel, role=role, platform=platform))  # type: ignore[arg-type]
    return tuple(marks)
