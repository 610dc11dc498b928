"""The signal table: loading, checking and indexing of ``tables/*.toml``.

A file is a list of ``[[group]]``; a group gives its rows the values they share. How a row is
written stands in docs/adding-a-channel-signal.md. Pure but for reading the package's own files.
"""

import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from crawlers.spotting import Phrasebook
from crawlers.words import SignalKind
from pipelines.channels.addresses import Address, Url, compile_address
from pipelines.channels.rows import Rule, TableError, read_row
from pipelines.channels.wordbook import Wordbook

_READER = 2  # raise it when the reading of the rows changes: it is part of the rule version
_REMEMBERED = 20_000  # hosts and page names looked up; strangers write them, so it is bounded
_COUNTRY = re.compile(r"(com?\.)?[a-z]{2}|com")  # amazon.com.au and amazon.de, not amazon.jobs
_HAN = re.compile(r"[\u3400-\u9fff]")
_GROUP_KEYS = frozenset({
    "about", "rows", "channel", "role", "strength", "body", "in", "account", "noise", "platform",
    "always",
})  # fmt: skip

Candidates = tuple[tuple[str, Address, Rule], ...]
"""Patterns that may hold of a host: the part of the host each was found under, pattern, row."""


@dataclass(slots=True)
class Table:
    """All rows, indexed by what they are looked up with."""

    rules: tuple[Rule, ...]
    platforms: Mapping[str, str]
    reserved: frozenset[str]
    version: str
    hosts: dict[str, list[tuple[Address, Rule]]] = field(default_factory=dict)
    brands: dict[str, list[tuple[Address, Rule]]] = field(default_factory=dict)
    tails: frozenset[str] = frozenset()  # the last two labels of every host
    schemes: dict[str, list[Rule]] = field(default_factory=dict)
    path_words: dict[str, Rule] = field(default_factory=dict)
    path_starts: dict[str, Rule] = field(default_factory=dict)
    anchors: dict[str, Rule] = field(default_factory=dict)
    anchor_words: set[str] = field(default_factory=set)
    anchors_within: list[tuple[str, Rule]] = field(default_factory=list)
    anchors_within_han: list[tuple[str, Rule]] = field(default_factory=list)
    paths: Phrasebook = field(default_factory=lambda: Phrasebook(()))
    anchor_book: Phrasebook = field(default_factory=lambda: Phrasebook(()))
    inline: Wordbook = field(default_factory=lambda: Wordbook(()))
    text: Wordbook = field(default_factory=lambda: Wordbook(()))
    always: Wordbook = field(default_factory=lambda: Wordbook(()))
    meta: dict[str, list[Rule]] = field(default_factory=dict)
    markup: dict[str, Rule] = field(default_factory=dict)
    forms: list[tuple[str, Rule]] = field(default_factory=list)
    alts: list[tuple[str, Rule]] = field(default_factory=list)
    sources: list[tuple[str, Rule]] = field(default_factory=list)
    kinds: dict[str, Rule] = field(default_factory=dict)
    _known: dict[str, Candidates] = field(default_factory=dict)
    _pages: dict[str, Rule | None] = field(default_factory=dict)

    def own_page(self, word: str) -> Rule | None:
        """The row a page's name in a path (``dai-ly-cap-1``) belongs to."""
        if word in self._pages:
            return self._pages[word]
        rule = self.path_words.get(word)
        at = len(word)
        while rule is None and at > 0:
            rule = self.path_starts.get(word[:at])
            at = word.rfind("-", 0, at)
        if len(self._pages) > _REMEMBERED:
            self._pages.clear()
        self._pages[word] = rule
        return rule

    def at(self, url: Url, kind: SignalKind) -> tuple[Rule, str] | None:
        """The row an address belongs to and the account it names (``""``: none).

        The most specific pattern wins: the longest host, then the longest path.
        """
        if url.scheme not in ("http", "https", ""):
            for rule in self.schemes.get(url.scheme, ()):
                if kind in rule.kinds and (rule.pattern is None or rule.pattern.search(url.raw)):
                    return rule, ""
            return None
        if not self.under(url.host):
            return None
        parts = url.segments
        for host, address, rule in self._below(url.host, parts[0].lower() if parts else ""):
            if kind in rule.kinds:
                name = address.account_in(url, parts, host=host, reserved=self.reserved)
                if name is not None and (rule.pattern is None or rule.pattern.search(url.raw)):
                    return rule, name
        return None

    def _below(self, host: str, first: str) -> Candidates:
        """Of a host's patterns those that may hold of a path that begins so."""
        key = f"{host}/{first}"
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = tuple(
                row for row in self.under(host) if row[1].first in (None, first)
            )
        return known

    def under(self, host: str) -> Candidates:
        """The patterns a host falls under, the most specific first; most hosts have none."""
        known = self._known.get(host)
        if known is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            known = self._known[host] = tuple(self._patterns(host))
        return known

    def _patterns(self, host: str) -> Iterator[tuple[str, Address, Rule]]:
        labels = host.split(".")[-8:]
        if ".".join(labels[-2:]) not in self.tails and self.brands.keys().isdisjoint(labels):
            return  # most hosts of the web
        for start in range(len(labels) - 1):
            suffix = ".".join(labels[start:])
            for address, rule in self.hosts.get(suffix, ()):
                if not address.named_host or suffix != host:
                    yield suffix, address, rule
        for start, brand in enumerate(labels[:-1]):
            if brand in self.brands and _COUNTRY.fullmatch(".".join(labels[start + 1 :])):
                domain = ".".join(labels[start:])
                for address, rule in self.brands[brand]:
                    if not address.named_host or domain != host:
                        yield domain, address, rule


def _index(table: Table) -> None:
    hosts: dict[str, list[tuple[Address, Rule]]] = defaultdict(list)
    brands: dict[str, list[tuple[Address, Rule]]] = defaultdict(list)
    words: dict[str, list[tuple[str, Rule]]] = {"inline": [], "text": [], "always": []}
    for rule in table.rules:
        for value in rule.values:
            match rule.looks:
                case "at":
                    address = compile_address(value)
                    if address.scheme:
                        table.schemes.setdefault(address.scheme, []).append(rule)
                    elif address.host.endswith(".*"):
                        brands[address.host.removesuffix(".*")].append((address, rule))
                    else:
                        hosts[address.host].append((address, rule))
                case "path" if value.endswith("*"):
                    table.path_starts[value[:-1]] = rule
                case "path":
                    table.path_words[value] = rule
                case "anchor":
                    _index_anchor(table, value, rule)
                case "text" if rule.always:
                    words["always"].append((value, rule))
                    words["text"].append((value, rule))
                case "text" | "inline":
                    words[rule.looks].append((value, rule))
                case "form":
                    table.forms.append((value, rule))
                case "meta":
                    table.meta.setdefault(value, []).append(rule)
                case "markup":
                    table.markup[value.lower()] = rule
                case "alt":
                    table.alts.append((value, rule))
                case "source":
                    table.sources.append((value, rule))
                case "kind":
                    table.kinds[value] = rule
    for found in (hosts, brands):
        for patterns in found.values():
            patterns.sort(key=lambda row: row[0].weight, reverse=True)
    table.hosts, table.brands = dict(hosts), dict(brands)
    table.tails = frozenset(".".join(host.split(".")[-2:]) for host in hosts)
    table.inline, table.text, table.always = map(Wordbook, words.values())
    table.paths = Phrasebook({f"/{word}": 0 for word in (*table.path_words, *table.path_starts)})
    table.anchor_book = Phrasebook(table.anchors)


def _index_anchor(table: Table, phrase: str, rule: Rule) -> None:
    """Short names of pages must be the whole text of a link; longer ones may stand within it."""
    anywhere = len(phrase) > 2 and phrase[0] == phrase[-1] == "*"
    phrase = phrase.strip("*")
    table.anchors.setdefault(phrase, rule)
    table.anchor_words.update(phrase.split())
    if _HAN.search(phrase):
        if len(phrase) > 2:
            table.anchors_within_han.append((phrase, rule))
    elif anywhere or (not phrase.isascii() and " " in phrase):
        table.anchors_within.append((f" {phrase} ", rule))


def read_table(files: Mapping[str, str]) -> Table:
    """Build a table from TOML texts by file name.

    :raises TableError: for a row that is wrong, an id or a path word given twice.
    """
    rules: dict[str, Rule] = {}
    platforms: dict[str, str] = {}
    reserved: set[str] = set()
    for name in sorted(files):
        try:
            data = tomllib.loads(files[name])
        except tomllib.TOMLDecodeError as problem:
            raise TableError(f"{name}: {problem}") from problem
        platforms.update(data.get("platforms", {}))
        reserved.update(data.get("reserved", ()))
        for group in data.get("group", ()):
            unknown = sorted(set(group) - _GROUP_KEYS)
            if unknown:
                raise TableError(f"{name}: unknown key {unknown[0]!r} in a group")
            shared = {key: group[key] for key in group if key not in ("about", "rows")}
            for row in group.get("rows", ()):
                rule = read_row(row, shared, name)
                if rule.id in rules:
                    raise TableError(f"{name}: the id {rule.id} is given twice")
                rules[rule.id] = rule
    digest = hashlib.sha256(f"reader {_READER}\n".encode())
    for name in sorted(files):
        digest.update(f"{name}\n{files[name]}\n".encode())
    table = Table(
        rules=tuple(rules.values()),
        platforms=platforms,
        reserved=frozenset(reserved),
        version=digest.hexdigest()[:12],
    )
    _index(table)
    return table


@lru_cache(maxsize=1)
def load_table() -> Table:
    """The package's own table, read once.

    :raises TableError: where a file is wrong.
    """
    return read_table(table_files())


def table_files() -> dict[str, str]:
    """The texts of the package's own table files, by name, with Unix line breaks."""
    folder = resources.files("pipelines.channels") / "tables"
    return {
        entry.name: entry.read_text(encoding="utf-8").replace("\r\n", "\n")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }


@lru_cache(maxsize=1)
def platform_names() -> Mapping[str, str]:
    """Every platform id of the table and the name people know it by (``zalo`` -> ``Zalo``)."""
    table = load_table()
    named = {rule.platform: rule.platform for rule in table.rules if rule.platform}
    return MappingProxyType(
        {slug: table.platforms.get(slug, slug.replace("_", " ").title()) for slug in sorted(named)}
    )
