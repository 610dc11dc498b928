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
from typing import Any, cast, get_args

from crawlers.urls import registrable_domain
from crawlers.words import CHANNELS, ROLES, Channel, ChannelRole, SignalKind, Strength
from pipelines.channels.addresses import Address, Url, compile_address

_READER = 1  # raise it when the reading of the rows changes: it is part of the rule version
_REMEMBERED = 20_000  # hosts and page names looked up; strangers write them, so it is bounded
_COUNTRY = re.compile(r"(com?\.)?[a-z]{2}|com")  # amazon.com.au and amazon.de, not amazon.jobs
_HAN = re.compile(r"[\u3400-\u9fff]")
_LOOKUPS = ("at", "path", "anchor", "inline", "text", "meta", "markup", "form", "alt")
_IN_LOWER_CASE = ("text", "anchor", "path", "form", "alt")
_KEYS = frozenset({
    "id", "platform", "channel", "role", "strength", "body", "in", "account", "noise", "pattern",
    "example", "not", "why", *_LOOKUPS,
})  # fmt: skip
_GROUP_KEYS = frozenset({
    "about", "rows", "channel", "role", "strength", "body", "in", "account", "noise", "platform",
})  # fmt: skip
_URL_KINDS: tuple[SignalKind, ...] = ("link", "script", "iframe", "form", "image")
_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_SLUG = re.compile(r"[a-z0-9_]+")


class TableError(ValueError):
    """A row of the signal table is wrong. Says file, row and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: a mark, and what it proves.

    ``looks`` is the way it is looked up (``at``, ``path``, ``anchor``, ``inline``, ``text``,
    ``meta``, ``markup``, ``form``, ``alt``), ``values`` what is looked for; ``pattern`` must then
    hold there; ``body`` is the strength of an account linked from the page's body; ``noise`` rows
    prove nothing and only keep a wider row from matching.
    """

    id: str
    channel: Channel
    role: ChannelRole
    platform: str | None
    strength: Strength
    body: Strength
    kinds: frozenset[SignalKind]
    account: bool
    noise: bool
    looks: str
    values: tuple[str, ...]
    pattern: re.Pattern[str] | None
    example: str
    refused: tuple[str, ...] = ()


@dataclass(slots=True)
class Table:
    """All rows, indexed by what they are looked up with."""

    rules: tuple[Rule, ...]
    platforms: Mapping[str, str]
    reserved: frozenset[str]
    version: str
    hosts: dict[str, list[tuple[Address, Rule]]] = field(default_factory=dict)
    brands: dict[str, list[tuple[Address, Rule]]] = field(default_factory=dict)
    schemes: dict[str, list[Rule]] = field(default_factory=dict)
    path_words: dict[str, Rule] = field(default_factory=dict)
    path_starts: dict[str, Rule] = field(default_factory=dict)
    anchors: dict[str, Rule] = field(default_factory=dict)
    anchor_words: set[str] = field(default_factory=set)
    anchors_within: list[tuple[str, Rule]] = field(default_factory=list)
    anchors_within_han: list[tuple[str, Rule]] = field(default_factory=list)
    inline: list[tuple[str, Rule]] = field(default_factory=list)
    text: dict[str, list[tuple[str, Rule]]] = field(
        default_factory=lambda: {"ascii": [], "latin": [], "han": []}
    )
    meta: dict[str, list[Rule]] = field(default_factory=dict)
    markup: dict[str, Rule] = field(default_factory=dict)
    forms: list[tuple[str, Rule]] = field(default_factory=list)
    alts: list[tuple[str, Rule]] = field(default_factory=list)
    _known: dict[str, tuple[tuple[str, Address, Rule], ...]] = field(default_factory=dict)
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
        for host, address, rule in self._candidates(url.host):
            if kind in rule.kinds:
                name = address.account_in(url, host=host, reserved=self.reserved)
                if name is not None and (rule.pattern is None or rule.pattern.search(url.raw)):
                    return rule, name
        return None

    def _candidates(self, host: str) -> tuple[tuple[str, Address, Rule], ...]:
        known = self._known.get(host)
        if known is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            known = self._known[host] = tuple(self._under(host))
        return known

    def _under(self, host: str) -> Iterator[tuple[str, Address, Rule]]:
        labels = host.split(".")[-8:]
        for start in range(len(labels) - 1):
            suffix = ".".join(labels[start:])
            for address, rule in self.hosts.get(suffix, ()):
                if not address.named_host or suffix != host:
                    yield suffix, address, rule
        domain = registrable_domain(host)
        brand, _, suffix = domain.partition(".")
        for address, rule in self.brands.get(brand, ()) if _COUNTRY.fullmatch(suffix) else ():
            if not address.named_host or domain != host:
                yield domain, address, rule


def _index(table: Table) -> None:
    hosts: dict[str, list[tuple[Address, Rule]]] = defaultdict(list)
    brands: dict[str, list[tuple[Address, Rule]]] = defaultdict(list)
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
                case "inline":
                    table.inline.append((value, rule))
                case "text":
                    table.text[_script_of(value)].append((value, rule))
                case "form":
                    table.forms.append((value, rule))
                case "meta":
                    table.meta.setdefault(value, []).append(rule)
                case "markup":
                    table.markup[value.lower()] = rule
                case "alt":
                    table.alts.append((value, rule))
    for found in (hosts, brands):
        for patterns in found.values():
            patterns.sort(key=lambda row: row[0].weight, reverse=True)
    table.hosts, table.brands = dict(hosts), dict(brands)


def _index_anchor(table: Table, phrase: str, rule: Rule) -> None:
    """Short names of pages must be the whole text of a link; longer ones may stand within it."""
    table.anchors.setdefault(phrase, rule)
    table.anchor_words.update(phrase.split())
    if _HAN.search(phrase):
        if len(phrase) > 2:
            table.anchors_within_han.append((phrase, rule))
    elif not phrase.isascii() and " " in phrase:
        table.anchors_within.append((f" {phrase} ", rule))


def _script_of(word: str) -> str:
    if word.isascii():
        return "ascii"
    return "han" if _HAN.search(word) else "latin"


def _rule(row: Mapping[str, Any], group: Mapping[str, Any], where: str) -> Rule:
    ident = row.get("id")
    if not isinstance(ident, str) or not _ID.fullmatch(ident):
        raise TableError(f"{where}: id must look like 'platform.mark', not {ident!r}")
    where = f"{where}, row {ident}"
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise TableError(f"{where}: unknown key {unknown[0]!r}; known are {sorted(_KEYS)}")
    looks = [key for key in _LOOKUPS if key in row]
    if len(looks) != 1:
        raise TableError(f"{where}: give exactly one of {', '.join(_LOOKUPS)}")
    values = row[looks[0]]
    values = [values] if isinstance(values, str) else values
    if not values or not all(isinstance(value, str) and value for value in values):
        raise TableError(f"{where}: {looks[0]} must be a text or a list of texts")
    merged = {**group, **row}
    noise = bool(merged.get("noise"))
    channel = _one_of(merged.get("channel", "unassigned" if noise else None), CHANNELS, where)
    role = _one_of(merged.get("role", "promotes"), ROLES, where)
    strength = merged.get("strength", 1 if noise else None)
    body = merged.get("body", max(1, (strength or 1) - 1))
    if strength not in get_args(Strength) or body not in get_args(Strength):
        raise TableError(f"{where}: strength and body are 1 (weak), 2 (medium) or 3 (strong)")
    platform = merged.get("platform", ident.partition(".")[0])
    if platform and not _SLUG.fullmatch(platform):
        raise TableError(f"{where}: platform must be lower case letters, digits and _")
    kinds = merged.get("in", ["link"]) if looks[0] == "at" else [_KIND_OF[looks[0]]]
    if not set(kinds) <= {*_URL_KINDS, "inline", "text", "meta", "markup"}:
        raise TableError(f"{where}: 'in' may hold {', '.join(_URL_KINDS)}")
    example = row.get("example")
    if not isinstance(example, str) or not example:
        raise TableError(f"{where}: give an example that proves the row")
    try:
        pattern = re.compile(row["pattern"], re.IGNORECASE) if "pattern" in row else None
        if looks[0] == "at":
            for value in values:
                compile_address(value)
    except (re.error, ValueError) as problem:
        raise TableError(f"{where}: {problem}") from problem
    if looks[0] in _IN_LOWER_CASE and any(value != value.lower() for value in values):
        raise TableError(f"{where}: {looks[0]} is compared in lower case; write it so")
    return Rule(
        id=ident,
        channel=cast(Channel, channel),
        role=cast(ChannelRole, role),
        platform=platform or None,
        strength=cast(Strength, strength),
        body=cast(Strength, body),
        kinds=frozenset(kinds),
        account=bool(merged.get("account")),
        noise=noise,
        looks=looks[0],
        values=tuple(values),
        pattern=pattern,
        example=example,
        refused=tuple(row.get("not", ())),
    )


_KIND_OF: dict[str, SignalKind] = {
    "path": "link",
    "anchor": "link",
    "inline": "inline",
    "text": "text",
    "meta": "meta",
    "markup": "markup",
    "form": "form",
    "alt": "image",
}


def _one_of(value: object, allowed: tuple[str, ...], where: str) -> str:
    if value not in allowed:
        raise TableError(f"{where}: {value!r} is none of {', '.join(allowed)}")
    return str(value)


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
                rule = _rule(row, shared, name)
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


def platform_names() -> dict[str, str]:
    """Every platform id of the table and the name people know it by (``zalo`` -> ``Zalo``)."""
    table = load_table()
    named = {rule.platform: rule.platform for rule in table.rules if rule.platform}
    return {
        slug: table.platforms.get(slug, slug.replace("_", " ").title()) for slug in sorted(named)
    }
