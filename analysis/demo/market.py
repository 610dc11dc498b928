"""The market file of the sample, as a researcher at Hatchcart would write it."""

import json
from collections.abc import Sequence

from analysis.demo import broken
from analysis.demo.boards import load_forums
from analysis.demo.content import host_of_site, load_sites
from analysis.demo.lists import directory_host, search_host

NAME = "demo"
"""The market's name."""

START_NAME = "start"
"""The name of the market that says who it is and no more."""

OWN_HOST = host_of_site("hatchcart")

_BUSINESS = """\
# The sample market: an invented shop builder, its rivals and two forums, served on this machine.
# Start it with: python -m analysis.demo.server --port {port}

[business]
name = "Hatchcart"
site = "http://{own}:{port}/"
description = "An online shop builder with a point of sale for small shops in Vietnam and Asia."
offers = ["online shop builder", "point of sale", "inventory for small shops"]
keywords = [
  "online store builder", "shop website", "POS", "website bán hàng", "phần mềm bán hàng",
  "phần mềm thu ngân", "网店搭建", "收银系统", "網路開店",
]
category = "e-commerce software"
audience = ["small shops", "independent retailers", "chủ shop nhỏ", "中小商家", "小店主"]
price_band = "$15 to $39 a month"
regions = ["Vietnam", "Malaysia", "Singapore", "Taiwan"]
languages = ["en", "vi", "zh"]
"""

_CRAWL = """
[crawl]
delay = 0             # our own machine: no need to wait
allow_private = true  # the sample lives on loopback
contact = "research@hatchcart.example"
"""

_NOTES = {
    "puhaokai": "Two customers from Taiwan named it at the spring fair; nobody has looked yet."
}


def sample_market_toml(port: int) -> str:
    """The market file for a sample served on that port. No tier is given away."""
    parts = [_BUSINESS.format(port=port, own=OWN_HOST)]
    rivals = [
        (site.id, site.name, site.host, site.aliases) for site in load_sites() if not site.own
    ]
    rivals.append((broken.HOST.partition(".")[0], broken.NAME, broken.HOST, ()))
    for id_, name, host, aliases in sorted(rivals):
        lines = [
            "[[competitor]]",
            f"id = {_quoted(id_)}",
            f"name = {_quoted(name)}",
            f"site = {_quoted(f'http://{host}:{port}/')}",
        ]
        if aliases:
            lines.append(f"aliases = [{', '.join(map(_quoted, aliases))}]")
        if id_ in _NOTES:
            lines.append(f"note = {_quoted(_NOTES[id_])}")
        parts.append("\n".join(lines) + "\n")
    for forum in load_forums():
        lines = [
            "[[forum]]",
            f"name = {_quoted(forum.name)}",
            f"url = {_quoted(f'http://{forum.host}:{port}/')}",
            f"language = {_quoted(forum.languages[0])}",
            f"timezone = {_quoted(forum.timezone)}",
        ]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts) + _CRAWL


def sample_start_toml(port: int) -> str:
    """The market file of someone who knows no rival, no forum and no list: a name, a sentence.

    Where to begin stands in the user's own rows of public sources: :func:`sample_sources_toml`.
    """
    return (
        "# The same business, before anybody has looked around.\n"
        f"# Start the sample with: python -m analysis.demo.server --port {port}\n\n"
        '[business]\nname = "Hatchcart"\n'
        'description = "An online shop builder with a point of sale for small shops in Vietnam '
        'and Asia."\n' + _CRAWL + 'catalogue = "own"     # only sources/*.toml\n'
    )


def sample_sources_toml(port: int) -> str:
    """The sample's forums, list and search as rows for ``RIVALMAP_HOME/sources/``."""
    rows: list[tuple[str, str, str, str, str | None, Sequence[str]]] = [
        (forum.key, forum.name, f"http://{forum.host}:{port}/", "forum", forum.engine,
         forum.languages)
        for forum in load_forums()
    ]  # fmt: skip
    rows += [
        ("tool-aisle", "Tool Aisle", f"http://{directory_host()}:{port}/best-shop-builders",
         "directory", None, ("en",)),
        ("lantern", "Lantern", f"http://{search_host()}:{port}/", "search", "searxng", ()),
    ]  # fmt: skip
    return "\n".join(_row(*row) for row in rows)


def _row(
    id_: str, name: str, address: str, kind: str, engine: str | None, languages: Sequence[str]
) -> str:
    lines = [
        "[[source]]", f"id = {_quoted(id_)}", f"name = {_quoted(name)}",
        f"address = {_quoted(address)}", f"kind = {_quoted(kind)}", 'trades = ["ecommerce"]',
    ]  # fmt: skip
    if engine:
        lines.append(f"engine = {_quoted(engine)}")
    if languages:
        lines.append(f"languages = [{', '.join(map(_quoted, languages))}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's too."""
    return json.dumps(text, ensure_ascii=False)
