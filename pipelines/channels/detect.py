"""Which channels a page gives proof of: every signal looked up in the table. Pure, no network."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from crawlers.items import ChannelTag, Evidence, Page
from crawlers.urls import registrable_domain
from crawlers.words import Channel, ChannelRole, Place, SignalKind, Strength
from pipelines.channels.accounts import MANY, Site, account_strength
from pipelines.channels.addresses import Url, take_apart
from pipelines.channels.ga4 import campaign_of, channel_of, platform_of
from pipelines.channels.own_pages import OwnPages
from pipelines.channels.table import Rule, Table, load_table

_QUOTE = 200  # characters of a quote
_EVIDENCE = 5  # rows kept for a tag
_MAX_MARKS = 5_000  # signals and links read of a page
_MAX_INLINE = 400_000  # characters of inline script read of a page
_MAX_SCRIPT = 20_000  # ... and of one script
_MAX_TEXT = 200_000  # characters of visible text read
_TRIES = 4  # places where a word's pattern is tried
_BEFORE, _AFTER = 80, 320  # characters around a word within which its pattern must hold

_Tag = tuple[Channel, ChannelRole, str | None]
_IN_SCRIPT = re.compile(r"//[A-Za-z0-9.-]{3,100}/?[^\s\"'<>`)\\]{0,200}")
# Words are looked for only where their letters stand: Vietnamese ones, Chinese characters.
_LETTERS = {
    "latin": re.compile(r"[ăđơưạ-ỹ]"),
    "han": re.compile(r"[\u3400-\u9fff]"),
}
_SPACES = re.compile(r"\s+")
# What every tagged link out says of itself is no channel of the site.
_UNSAID = frozenset({"direct", "unassigned", "referral"})


def detect(page: Page) -> tuple[ChannelTag, ...]:
    """The channels a page proves, one tag per channel, role and platform.

    Reads the page's signals, links, text and its company's accounts; never raises on what a page
    may hold. ``strength`` is that of the strongest evidence; evidence is sorted strongest first,
    five rows at most, each with the words or address seen (200 characters at most) and the id of
    the table's row as ``rule``. Tags come strongest first, then by name.
    """
    table = load_table()
    found = _Found(page.url)
    site = Site.of(page)
    own_pages = OwnPages(table, page.url, site.domain)
    accounts: dict[_Tag, dict[str, tuple[Strength, str, Rule]]] = {}
    for kind, raw, place, text in _addresses(page):
        if kind == "link" and own_pages.take(raw, text, place):
            continue
        url = take_apart(raw)
        if url.host and registrable_domain(url.host) == site.domain:
            continue
        hit = table.at(url, kind)
        if hit is None:
            if kind == "link" and "utm_" in url.query:
                _read_campaign(url, site, found)
            continue
        rule, name = hit
        if rule.noise:
            continue
        if not rule.account:
            found.add(rule, rule.strength, raw)
            continue
        strength = account_strength(rule, name, text, place=place, site=site)
        if strength is not None:
            listed = accounts.setdefault((rule.channel, rule.role, rule.platform), {})
            known = listed.get(name.lower())
            if known is None or known[0] < strength:
                listed[name.lower()] = (strength, raw, rule)
        if "utm_" in url.query:
            _read_campaign(url, site, found)
    _add_accounts(accounts, found)
    for rule, strength, quote in own_pages.sightings():
        found.add(rule, strength, quote)
    _read_scripts(page, found)
    _read_words(page, table, found, about_others=site.about_others)
    _read_marks(page, table, found)
    return found.tags()


class _Found:
    """Evidence gathered so far."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._rows: dict[_Tag, dict[tuple[str, str], tuple[int, int, Evidence]]] = {}
        self._count = 0

    def add(self, rule: Rule, strength: Strength, quote: str) -> None:
        self.add_claim((rule.channel, rule.role, rule.platform), rule.id, strength, quote)

    def add_claim(self, tag: _Tag, rule: str, strength: Strength, quote: str) -> None:
        quote = _SPACES.sub(" ", quote[: 2 * _QUOTE]).strip()[:_QUOTE]
        rows = self._rows.setdefault(tag, {})
        known = rows.get((rule, quote))
        if known is None or -known[0] < strength:
            self._count += 1
            evidence = Evidence(quote=quote, rule=rule, url=self._url)
            rows[rule, quote] = (-strength, self._count, evidence)

    def tags(self) -> tuple[ChannelTag, ...]:
        tags = []
        for (channel, role, platform), rows in self._rows.items():
            ordered = sorted(rows.values(), key=lambda row: row[:2])
            strength: Strength = 3 if ordered[0][0] == -3 else 2 if ordered[0][0] == -2 else 1
            tags.append(
                ChannelTag(
                    channel=channel,
                    role=role,
                    platform=platform,
                    strength=strength,
                    evidence=tuple(row[2] for row in ordered[:_EVIDENCE]),
                )
            )
        if any(tag.channel == "email" and tag.platform for tag in tags):
            # A newsletter of an unknown provider is said only where none is known.
            tags = [tag for tag in tags if tag.channel != "email" or tag.platform]
        tags.sort(key=lambda tag: (-tag.strength, tag.channel, tag.role, tag.platform or ""))
        return tuple(tags)


def _addresses(page: Page) -> Iterator[tuple[SignalKind, str, Place, str]]:
    """Every address of the page once a kind, with its place and words; links first."""
    seen: set[tuple[str, str, bool]] = set()
    for kind, value, place, text in _all_addresses(page):
        key = (kind, value, place == "body")
        if key not in seen:
            seen.add(key)
            yield kind, value, place, text
            if len(seen) >= _MAX_MARKS:
                return


def _all_addresses(page: Page) -> Iterator[tuple[SignalKind, str, Place, str]]:
    for account in page.company.accounts:
        yield "link", account, "header", ""  # the site says itself that it is its own
    for link in page.links:
        yield "link", link.url, link.place, link.text
    for signal in page.signals:
        if signal.kind in ("link", "script", "iframe", "form", "image"):
            yield signal.kind, signal.value, signal.place, signal.text


def _add_accounts(
    accounts: dict[_Tag, dict[str, tuple[Strength, str, Rule]]], found: _Found
) -> None:
    """Add accounts; many of one platform, none surely the site's, are a list of others."""
    for listed in accounts.values():
        sure = any(strength == 3 for strength, _, _ in listed.values())
        for strength, raw, rule in listed.values():
            if strength == 3 or (len(listed) <= MANY and (not sure or strength == 2)):
                found.add(rule, strength, raw)


def _read_campaign(url: Url, site: Site, found: _Found) -> None:
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
    found.add_claim((channel, "promotes", platform_of(source)), "ga4.utm", strength, url.raw)


def _read_scripts(page: Page, found: _Found) -> None:
    left = _MAX_INLINE
    for signal in page.signals:
        if signal.kind == "inline" and left > 0:
            left -= len(signal.value)
            for rule, quote in _in_script(signal.value[:_MAX_SCRIPT]):
                found.add(rule, rule.strength, quote)


@lru_cache(maxsize=1_024)  # the pages of one site carry the same scripts; 20 MB at most
def _in_script(source: str) -> tuple[tuple[Rule, str], ...]:
    """The rows an inline script proves: by its words, and by the addresses it loads from."""
    table = load_table()
    if "\\/" in source:
        source = source.replace("\\/", "/")
    claims = list(_matches(source, source, table.inline))
    for raw in dict.fromkeys(_IN_SCRIPT.findall(source)):
        hit = table.at(take_apart(raw), "script")
        if hit is not None and not hit[0].noise and not hit[0].account:
            claims.append((hit[0], raw))
    return tuple(claims)


def _read_words(page: Page, table: Table, found: _Found, *, about_others: bool) -> None:
    texts = [
        signal.value
        for signal in page.signals
        if signal.kind == "text" and not (about_others and signal.place == "body")
    ]
    if not about_others:  # an article's words are about others
        texts.append(page.text)
    text = "\n".join(texts)[:_MAX_TEXT]
    searched = text.lower()
    scripts = ["ascii"]
    if not text.isascii():
        scripts += [name for name, letters in _LETTERS.items() if letters.search(searched)]
    for script in scripts:
        for rule, quote in _matches(text, searched, table.text[script]):
            found.add(rule, rule.strength, quote)


def _matches(
    text: str, searched: str, rows: Iterable[tuple[str, Rule]]
) -> Iterator[tuple[Rule, str]]:
    """Rows whose word stands in the text and whose pattern holds around it, with the quote."""
    if len(searched) != len(text):  # a letter that grows in lower case shifts every offset
        text = searched
    done: set[str] = set()
    for word, rule in rows:
        if rule.id in done or word not in searched:
            continue
        at = searched.find(word)
        for _ in range(_TRIES):
            if at < 0:
                break
            quote = _quote_at(text, at, word, rule)
            if quote is not None:
                done.add(rule.id)
                yield rule, quote
                break
            at = searched.find(word, at + len(word))


def _quote_at(text: str, at: int, word: str, rule: Rule) -> str | None:
    start = max(0, at - _BEFORE)
    if rule.pattern is None:
        before, after = text[at - 1 : at] if at else "", text[at + len(word) : at + len(word) + 1]
        if word.isascii() and (
            (word[0].isalnum() and before.isalnum()) or (word[-1].isalnum() and after.isalnum())
        ):
            return None
        begins, ends = at, at + len(word)
    else:
        match = rule.pattern.search(text[start : at + _AFTER])
        if match is None:
            return None
        begins, ends = start + match.start(), start + match.end()
    begins = max(text.rfind("\n", 0, begins) + 1, begins - 20)
    end_of_line = text.find("\n", ends)
    ends = max(ends, min(end_of_line if end_of_line >= 0 else len(text), begins + 120))
    return text[begins:ends]


def _read_marks(page: Page, table: Table, found: _Found) -> None:
    for signal in page.signals[:_MAX_MARKS]:
        if signal.kind == "meta":
            name, _, content = signal.value.partition("=")
            for rule in table.meta.get(name.strip().lower(), ()):
                if content.strip() and (rule.pattern is None or rule.pattern.search(content)):
                    found.add(rule, rule.strength, signal.value)
        elif signal.kind == "markup":
            schema_type = signal.value.rstrip("/").rpartition("/")[2].lower()
            marked = table.markup.get(schema_type)
            if marked is not None:
                found.add(marked, marked.strength, signal.value)
        elif signal.kind == "form":
            words = (signal.text or signal.value)[:400].lower()
            for word, rule in table.forms:
                if word in words:
                    found.add(rule, rule.strength, signal.text or signal.value)
                    break
        elif signal.kind == "image":
            # The words beside an image and its file's name: QR codes name their platform there.
            words = f"{signal.text[:100]} {signal.value.partition('?')[0][-60:]}".lower()
            for word, rule in table.alts:
                if word in words and (rule.pattern is None or rule.pattern.search(words)):
                    found.add(rule, rule.strength, signal.text or signal.value)
                    break
