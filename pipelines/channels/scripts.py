"""What inline scripts prove: by their words, and by the addresses that stand in them. Pure."""

import re
from collections.abc import Iterator

from crawlers.words import Strength
from pipelines.channels.accounts import Site
from pipelines.channels.addresses import take_apart
from pipelines.channels.rows import Rule
from pipelines.channels.table import Table
from pipelines.channels.wordbook import PART

_MAX_SCRIPT = 20_000  # characters of one inline script read
_MAX_ALL = 400_000  # ... and of all of a page
_HOST = re.compile(r"//([A-Za-z0-9.-]{3,100})")
_REST = re.compile(r"[/?][^\s\"'<>`)\\]{0,200}")
# A setting that holds the site's own account: social_youtube: "https://...", "sameAs": ["https:
_SETTING = re.compile(
    r"(?:social|facebook|instagram|twitter|youtube|tiktok|linkedin|pinterest|zalo|fanpage|whatsapp"
    r"|telegram|weibo|sameas)\w{0,24}\\*[\"']?\s*[:=,]\s*\[?\\*[\"'](?:https?:)?$",
    re.IGNORECASE,
)
_SETTING_LENGTH = 60


def in_scripts(
    scripts: list[str], table: Table, site: Site
) -> Iterator[tuple[Rule, Strength, str]]:
    """The rows that inline scripts prove: row, strength, quote.

    An account in a script is the site's own where it is called like the site or where a setting
    for accounts holds it; then it proves medium.
    """
    source = PART.join([script[:_MAX_SCRIPT] for script in scripts])[:_MAX_ALL]
    source = source.replace("\\/", "/")
    for rule, quote in table.inline.matches(source, source):
        yield rule, rule.strength, quote
    seen: set[str] = set()
    for match in _HOST.finditer(source):
        host = match[1].lower().rstrip(".")
        if not table.under(host):
            continue
        rest = _REST.match(source, match.end())
        raw = match[0] + (rest[0] if rest else "")
        if raw in seen:
            continue
        seen.add(raw)
        url = take_apart(raw)
        hit = table.at(url, "script")
        if hit is not None and not hit[0].noise and not hit[0].account:
            yield hit[0], 1 if hit[0].loader else hit[0].strength, raw
        elif hit is None:
            hit = table.at(url, "link")
            if hit is not None and hit[0].account and hit[1]:
                before = source[max(0, match.start() - _SETTING_LENGTH) : match.start()]
                if site.names_itself(hit[1]) or _SETTING.search(before):
                    yield hit[0], min(2, hit[0].strength), raw
