"""What posts, pages and lists named, merged: one company is one candidate. No database.

A site tells companies apart; names lead to a site. So what has a site is grouped by it, and what
is only named joins the site that is known by that name, or stands alone until one is.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from crawlers.folding import fold
from crawlers.urls import registrable_domain, site_key
from pipelines.discovery import key_of

_SHORTEST_LABEL = 4
"""Letters of a domain's first label that may stand for a name; shorter ones are too common."""

_FAR_MORE = 3
"""How many times more often a name is written than the longer form that holds it by chance."""
_MOST_HOLDERS = 500
_SHORTEST_HAN = 3
_HAN = re.compile(r"[\u3400-\u9fff]")
_DOMAIN = re.compile(r"(?<![@\w.-])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}(?![\w@])", re.IGNORECASE)
_SLOGAN = re.compile(r"\s+[-–—|·:]\s+|[|｜：:]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Words that name a candidate, and where they can be opened.

    :param place: what counts as one place: a thread's or a page's address.
    :param author: the pseudonym behind a post; ``None`` for titles and pages.
    :param weight: 0..1, how plainly the words say that it is a rival.
    """

    kind: Literal["talk", "page", "list"]
    place: str
    source: str
    url: str
    fetched_at: str
    quote: str
    rule: str
    rule_version: str
    weight: float
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name as one reader found it: its spellings, the site it leads to, the words."""

    names: tuple[str, ...]
    voices: tuple[Voice, ...]
    site: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A candidate: its commonest name, the others, its site, all words that name it."""

    name: str
    aliases: tuple[str, ...]
    site: str | None
    voices: tuple[Voice, ...]

    @property
    def id(self) -> str:
        """The key of its site, else of its name."""
        return site_key(self.site) if self.site else f"name:{key_of(self.name)}"

    @property
    def keys(self) -> frozenset[str]:
        """The keys of its names, and of its domain's first label."""
        label = {label_key(self.site)} if self.site else set()
        return frozenset({key_of(name) for name in (self.name, *self.aliases)} | label) - {""}

    @property
    def places(self) -> int:
        """Distinct threads, pages and lists that name it."""
        return len({voice.place for voice in self.voices})

    @property
    def lists(self) -> int:
        """Source pages among the places."""
        return len({voice.place for voice in self.voices if voice.kind == "list"})

    @property
    def authors(self) -> int:
        """Distinct authors of posts that name it."""
        return len({voice.author for voice in self.voices if voice.author})

    @property
    def weight(self) -> float:
        """The sum over its places of the plainest word there."""
        best: dict[str, float] = {}
        for voice in self.voices:
            best[voice.place] = max(best.get(voice.place, 0.0), voice.weight)
        return round(sum(best.values()), 3)


@dataclass(slots=True)
class _Group:
    names: Counter[str] = field(default_factory=Counter)
    talked: Counter[str] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    voices: list[Voice] = field(default_factory=list)

    def add(self, one: Named) -> None:
        talk = any(voice.kind != "list" for voice in one.voices)
        for place, name in enumerate(one.names):
            (self.talked if talk else self.names)[name] += 1 + (place == 0) * len(one.voices)
        if one.site:
            self.sites[one.site] += max(1, len(one.voices))
        self.voices += one.voices

    def join(self, other: "_Group") -> None:
        self.names += other.names
        self.talked += other.talked
        self.sites += other.sites
        self.voices += other.voices

    @property
    def keys(self) -> set[str]:
        return {key for name in (*self.names, *self.talked) if (key := key_of(name))}


def merge(found: Iterable[Named]) -> list[Merged]:
    """One candidate a company, the best evidenced first; the same for the same input in any order
    of equals.
    """
    rows = [one for one in found if any(key_of(name) for name in one.names)]
    sited = _by_site(rows)
    homes = _Homes(sited)
    homeless: list[_Group] = []
    for group in _by_name(one for one in rows if not one.site):
        site = next(_domains(group), None)
        if site is not None:
            group.sites[site] += 1
        home = site_key(site) if site is not None else homes.of(group.keys)
        if home is None:
            homeless.append(group)
        elif home in sited:
            sited[home].join(group)
        else:
            sited[home] = group
    whole = _without_fragments([*sited.values()], homeless)
    merged = [_merged(group) for group in (*sited.values(), *whole)]
    return sorted(merged, key=lambda one: (-one.weight, one.id))


def label_key(site: str) -> str:
    """The key of a domain's first label (``https://www.ringpad.co.uk/`` -> ``ringpad``)."""
    label = key_of(site_key(site).partition("/")[0].partition(".")[0])
    return label if len(label) >= _SHORTEST_LABEL else ""


def _by_site(rows: Iterable[Named]) -> dict[str, _Group]:
    """Companies that have a site, by its key; two sites of one label and one name are one."""
    groups: dict[str, _Group] = defaultdict(_Group)
    for one in rows:
        if one.site:
            groups[site_key(one.site)].add(one)
    by_label: dict[str, list[str]] = defaultdict(list)
    for site in sorted(groups, key=lambda site: (-len(groups[site].voices), site)):
        label = label_key(f"https://{site}/")
        twin = next(
            (other for other in by_label[label] if groups[other].keys & groups[site].keys), None
        )
        if label and twin is not None:
            groups[twin].join(groups.pop(site))
        else:
            by_label[label].append(site)
    return dict(groups)


def _by_name(rows: Iterable[Named]) -> list[_Group]:
    """Names that share a spelling's key, directly or through a third."""
    groups: dict[int, _Group] = {}
    place_of: dict[str, int] = {}
    for number, one in enumerate(rows):
        keys = {key for name in one.names if (key := key_of(name))}
        known = sorted({place_of[key] for key in keys if key in place_of})
        group = groups.pop(known[0]) if known else _Group()
        for other in known[1:]:
            group.join(groups.pop(other))
        group.add(one)
        groups[number] = group
        place_of.update(dict.fromkeys(group.keys, number))
    return list(groups.values())


def _without_fragments(sited: list[_Group], homeless: list[_Group]) -> list[_Group]:
    """Those of the homeless that are no other's name with words beside it ("moved to Pennyfern") or
    its beginning (铺好 of 铺好开); what is goes to the name that is written so far more often.
    """
    kept = []
    holders = sorted((*sited, *homeless), key=lambda group: -len(group.voices))
    spelled = [
        (group, {fold(name) for name in (*group.talked, *group.names)})
        for group in holders[:_MOST_HOLDERS]
    ]
    for group in homeless:
        own = fold(_commonest(group.talked or group.names))
        holder = next(
            (
                other
                for other, names in spelled
                if len(other.voices) >= _FAR_MORE * len(group.voices)
                and any(_is_part(own, name) for name in names)
            ),
            None,
        )
        if holder is None:
            kept.append(group)
        else:
            holder.voices += group.voices
    return kept


def _is_part(one: str, name: str) -> bool:
    """Whether a folded name stands whole in another, or begins as a Chinese one does."""
    if one == name:
        return False
    if _HAN.search(name):
        whole = len(name) >= _SHORTEST_HAN and name in one
        return whole or (len(one) >= 2 and name.startswith(one))
    if len(name) < _SHORTEST_LABEL or name not in one:
        return False
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", one) is not None


class _Homes:
    """Which site is known by a name; by its domain's label where by no name."""

    def __init__(self, sited: Mapping[str, _Group]) -> None:
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_label: dict[str, list[str]] = defaultdict(list)
        for site in sorted(sited, key=lambda site: (-len(sited[site].voices), site)):
            for key in sited[site].keys:
                self._by_name[key].append(site)
            self._by_label[label_key(f"https://{site}/")].append(site)

    def of(self, keys: Iterable[str]) -> str | None:
        ordered = sorted(keys)
        for table in (self._by_name, self._by_label):
            for key in ordered:
                if key in table:
                    return table[key][0]
        return None


def _domains(group: _Group) -> Iterator[str]:
    """Addresses among the names and quotes that are the name itself with a domain's ending."""
    keys = group.keys
    texts = (*sorted(group.talked), *sorted({voice.quote for voice in group.voices}))
    for text in texts:
        for match in _DOMAIN.finditer(text):
            domain = registrable_domain(match[0].lower())
            key = label_key(f"https://{domain}/")
            if key in keys and key_of(domain) == key:  # "node.js" has no domain's ending
                yield f"https://{domain}/"


def _merged(group: _Group) -> Merged:
    site = min(group.sites, key=lambda url: (-group.sites[url], len(url), url), default=None)
    own = site_key(site) if site else None
    names = group.talked or Counter(
        {_plain(name, site): count for name, count in group.names.items()}
    )
    name = _commonest(names)
    others = {one for one in (*group.talked, *group.names) if one != name}
    return Merged(
        name=name,
        aliases=tuple(sorted(other for other in others if key_of(other))),
        site=site,
        voices=tuple(sorted(
            {voice for voice in group.voices if own is None or _elsewhere(voice, own)},
            key=lambda voice: (-voice.weight, voice.place, voice.url, voice.quote, voice.rule),
        )),
    )  # fmt: skip


def _commonest(names: Counter[str]) -> str:
    return min(names, key=lambda one: (-names[one], len(one), one))


def _elsewhere(voice: Voice, own: str) -> bool:
    """Whether others say it: what stands on a company's own site proves nothing."""
    return voice.kind == "talk" or site_key(voice.url) != own


def _plain(name: str, site: str | None) -> str:
    """A list's name without the slogan behind it, where the rest is what its domain says."""
    label = label_key(site) if site else ""
    return next((part for part in _SLOGAN.split(name) if label and key_of(part) == label), name)


def best_quotes(voices: Sequence[Voice], number: int) -> list[Voice]:
    """The plainest words, each place's first before any place's second."""
    seen: Counter[str] = Counter()
    ranked: list[tuple[int, int, Voice]] = []
    for voice in voices:
        ranked.append((seen[voice.place], len(ranked), voice))
        seen[voice.place] += 1
    return [voice for _, _, voice in sorted(ranked, key=lambda one: one[:2])[:number]]
