"""Which channels a page gives proof of: every signal looked up in the table. Pure, no network."""

import re
from collections.abc import Sequence

from crawlers.items import ChannelTag, Link, Page, Signal
from crawlers.words import SignalKind, Strength
from pipelines.channels.accounts import MANY, Site, account_strength
from pipelines.channels.addresses import Url, host_at, take_apart
from pipelines.channels.claims import Claim, Claims
from pipelines.channels.ga4 import campaign_of, channel_of, platform_of
from pipelines.channels.own_pages import OwnPages
from pipelines.channels.rows import Rule
from pipelines.channels.scripts import in_scripts
from pipelines.channels.table import Table, load_table

_MAX_MARKS = 5_000  # signals and links read of a page
_MAX_TEXT = 200_000  # characters of visible text read
_LEAST = 10  # characters of a link's text that may hold a word and a telephone number
_NUMBER = re.compile(r"\d[\d ().-]{6,}")
# What every tagged link out says of itself is no channel of the site.
_UNSAID = frozenset({"direct", "unassigned", "referral"})
_ADDRESSES: tuple[SignalKind, ...] = ("script", "iframe", "form", "image")

_Accounts = dict[Claim, dict[str, tuple[Strength, str, Rule]]]


def detect(page: Page) -> tuple[ChannelTag, ...]:
    """The channels a page proves, one tag per channel, role and platform.

    Reads the page's signals, links, text and its company's accounts; never raises on what a page
    may hold. ``strength`` is that of the strongest evidence; evidence is sorted strongest first,
    five rows at most, each with the words or address seen (200 characters at most) and the id of
    the table's row as ``rule``. Tags come strongest first, then by name.
    """
    table = load_table()
    claims = Claims(page.url)
    site = Site.of(page)
    signals: dict[SignalKind, list[Signal]] = {}
    for signal in page.signals[:_MAX_MARKS]:
        signals.setdefault(signal.kind, []).append(signal)
    _read_links(page, signals.get("link", ()), table, site, claims)
    for kind in _ADDRESSES:
        for value in dict.fromkeys(signal.value for signal in signals.get(kind, ())):
            _read_address(value, kind, table, site, claims)
    if "inline" in signals:
        for rule, strength, quote in in_scripts(
            [signal.value for signal in signals["inline"]], table, site
        ):
            claims.add(rule, strength, quote)
    _read_words(page, signals.get("text", ()), table, site, claims)
    _read_marks(signals, table, claims)
    return claims.tags()


def _read_links(
    page: Page, more: Sequence[Signal], table: Table, site: Site, claims: Claims
) -> None:
    own_pages = OwnPages(table, page.url)
    own_pages.is_of_kind(page.kind, page.url)
    start = own_pages.start
    own: list[Link] = []
    sisters: list[tuple[str, Link]] = []
    others: list[tuple[str, Link]] = []
    accounts: _Accounts = {}
    seen: set[tuple[str, bool]] = set()
    links = [
        *(Link(url=account, place="header") for account in page.company.accounts),
        *page.links,
        *(Link(url=mark.value, text=mark.text, place=mark.place) for mark in more),
    ]
    for link in links[:_MAX_MARKS]:
        raw = link.url
        if raw.startswith(start):
            own.append(link)
            continue
        key = raw, link.place == "body"
        if key in seen:
            continue
        seen.add(key)
        host = host_at(raw)
        if host and site.owns(host):
            sisters.append((host, link))
        elif host and not table.under(host):
            others.append((host, link))
            if "utm_" in raw:
                _read_campaign(take_apart(raw), site, claims)
        elif host or ":" in raw:
            _read_link(link, table, site, claims, accounts)
        elif raw.startswith("/"):
            own.append(Link(url=start[:-1] + raw, text=link.text, place=link.place))
    _add_accounts(accounts, claims)
    own_pages.read(own)
    own_pages.read_sisters(sisters)
    own_pages.read_others(others, about_others=site.about_others)
    for rule, strength, quote in own_pages.sightings():
        claims.add(rule, strength, quote)


def _read_link(link: Link, table: Table, site: Site, claims: Claims, accounts: _Accounts) -> None:
    """A link to a host the table knows, or of another scheme."""
    url = take_apart(link.url)
    if "utm_" in url.query:
        _read_campaign(url, site, claims)
    hit = table.at(url, "link")
    if hit is None or hit[0].noise:
        return
    rule, name = hit
    if not rule.account:
        doubtful = site.about_others and link.place == "body"
        claims.add(rule, rule.body if doubtful else rule.strength, url.raw)
        return
    strength = account_strength(rule, name, link.text, place=link.place, site=site)
    if strength is not None:
        listed = accounts.setdefault((rule.channel, rule.role, rule.platform), {})
        known = listed.get(name.lower())
        if known is None or known[0] < strength:
            listed[name.lower()] = (strength, url.raw, rule)


def _read_address(raw: str, kind: SignalKind, table: Table, site: Site, claims: Claims) -> None:
    """The address of a script, frame, form or image."""
    host = host_at(raw)
    if not table.under(host) or site.owns(host):
        return
    hit = table.at(take_apart(raw), kind)
    if hit is not None and not hit[0].noise:
        claims.add(hit[0], hit[0].strength, raw)


def _add_accounts(accounts: _Accounts, claims: Claims) -> None:
    """Add accounts; many of one platform, none surely the site's, are a list of others."""
    for listed in accounts.values():
        sure = any(strength == 3 for strength, _, _ in listed.values())
        for strength, raw, rule in listed.values():
            if strength == 3 or (len(listed) <= MANY and (not sure or strength == 2)):
                claims.add(rule, strength, raw)


def _read_campaign(url: Url, site: Site, claims: Claims) -> None:
    campaign = campaign_of(url.query)
    if campaign is None:
        return
    source, medium, name = campaign
    if site.names_itself(source.split(".")[0]):
        source = ""  # the site names itself as the source: only the medium says something
    channel = channel_of(source, medium, name)
    if channel in _UNSAID:
        return
    # An assistant's mark on a link says that its words were copied from there, hardly more.
    strength: Strength = 1 if channel == "ai_assistant" else 2
    claims.add_claim((channel, "promotes", platform_of(source)), "ga4.utm", strength, url.raw)


def _read_words(
    page: Page, signals: Sequence[Signal], table: Table, site: Site, claims: Claims
) -> None:
    """Visible text. The words of articles and lists are about others: few rows are read there."""
    about_site = [
        signal.value for signal in signals if not (site.about_others and signal.place == "body")
    ]
    about_site += [
        link.text
        for link in page.links
        if len(link.text) > _LEAST
        and _NUMBER.search(link.text)
        and not (site.about_others and link.place == "body")
    ]
    about_others: list[str] = []
    if site.about_others:
        about_others = [signal.value for signal in signals if signal.place == "body"]
        about_others.append(page.text)
    else:
        about_site += [*page.headings, page.text]
    for book, texts in ((table.text, about_site), (table.always, about_others)):
        text = "\n".join(texts)[:_MAX_TEXT]
        if text:
            for rule, quote in book.matches(text, text.lower()):
                claims.add(rule, rule.strength, quote)


def _read_marks(signals: dict[SignalKind, list[Signal]], table: Table, claims: Claims) -> None:
    for signal in signals.get("meta", ()):
        name, _, content = signal.value.partition("=")
        for rule in table.meta.get(name.strip().lower(), ()):
            if content.strip() and (rule.pattern is None or rule.pattern.search(content)):
                claims.add(rule, rule.strength, signal.value)
    for signal in signals.get("markup", ()):
        schema_type = signal.value.rstrip("/").rpartition("/")[2].lower()
        marked = table.markup.get(schema_type)
        if marked is not None:
            claims.add(marked, marked.strength, signal.value)
    for signal in signals.get("form", ()):
        words = f"{signal.text[:300]} {take_apart(signal.value).path[:100]}".lower()
        _add_first(table.forms, words, signal.text or signal.value, claims)
    for signal in signals.get("image", ()):
        # The words beside an image and its file's name: QR codes name their platform there.
        words = f"{signal.text[:100]} {signal.value.partition('?')[0][-60:]}".lower()
        _add_first(table.alts, words, signal.text or signal.value, claims)
    scripts = [signal.value.partition("?")[0][:300] for signal in signals.get("script", ())]
    words = "\n".join(scripts).lower()
    for word, rule in table.sources:
        if word in words:
            _add_source(word, rule, scripts, claims)


def _add_first(rows: Sequence[tuple[str, Rule]], words: str, quote: str, claims: Claims) -> None:
    for word, rule in rows:
        if word in words and (rule.pattern is None or rule.pattern.search(words)):
            claims.add(rule, rule.strength, quote)
            return


def _add_source(word: str, rule: Rule, scripts: Sequence[str], claims: Claims) -> None:
    for script in scripts:
        if word in script.lower() and (rule.pattern is None or rule.pattern.search(script)):
            claims.add(rule, rule.strength, script)
            return
