"""Candidates in conversations: names read in all threads of a market, weighed, put together."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipelines.discovery.contexts import ThreadTopic
from pipelines.discovery.matching import KnownNames, key_of
from pipelines.discovery.model import Candidate, Seeker, Sighting, Thread
from pipelines.discovery.reading import Mention, Reading, own_of, read_market, trade_of
from pipelines.discovery.tagger import load_models
from pipelines.discovery.weighing import features, load_weights
from pipelines.discovery.wordlists import chinese_band, english_band, platform_kind
from pipelines.tiers.taxonomy import load_taxonomy
from pipelines.tiers.terms import sentence_around, tokens

RULES_VERSION = "discovery-2"
ENOUGH = 0.74
"""The chance from which a name counts as a rival's in a thread."""
PLAIN = 0.75
"""The chance of a name that the plainest words set among alternatives."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_LEAST_OWN = 5  # letters of our name that make a longer or shorter form ours, too
_COMMON = 4
_SURE_NAME = 0.9
_LONGEST_QUOTE = 300


def find_candidates(threads: Sequence[Thread], seeker: Seeker) -> tuple[Candidate, ...]:
    """Names that the threads set among alternatives to what the business sells.

    Own and known names are left out. The more threads it has, the more it finds: a name that is
    plain in one is known in all, also in lower case, without accents, spaced otherwise. A
    sighting's weight is the chance (0..1) that the name is a rival's in that thread.

    :returns: those named in most threads first.
    """
    if not threads:
        return ()
    reading = read_market(threads, seeker, load_models())
    weights, known, ours = load_weights(), KnownNames(seeker.known), own_of(seeker)
    ours |= {key_of(word) for name in (seeker.name, *seeker.aliases) for word in name.split()}
    chances: dict[str, dict[str, float]] = defaultdict(dict)
    trade = trade_of(seeker)
    plain = {
        (m.key, m.thread) for m in reading.mentions
        if m.plain and m.name >= _SURE_NAME and m.none < _SURE_NAME / 2
    }  # fmt: skip
    for key, thread, said in features(reading):
        chance = weights.chance(said)
        if (key, thread) in plain:
            chance = max(chance, PLAIN)
        if chance < ENOUGH or known.holds_key(key) or _is_ours(key, ours):
            continue
        if not _is_no_name(key, reading.topics[thread], trade):
            chances[key][thread] = chance
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for mention in reading.mentions:
        if mention.thread in chances.get(mention.key, ()):
            mentions[mention.key].append(mention)
    found = [
        _candidate([(key, chances[key]) for key in keys], mentions)
        for keys in _together(chances, reading, mentions)
    ]
    return tuple(sorted(found, key=lambda one: (-one.places, -_best(one), one.name)))


def _best(one: Candidate) -> float:
    return max(sighting.weight for sighting in one.sightings)


def _is_ours(key: str, own: frozenset[str]) -> bool:
    return key in own or any(
        len(ours) >= _LEAST_OWN and (ours in key or (key in ours and len(key) >= _LEAST_OWN))
        for ours in own
    )


def _is_no_name(key: str, topic: ThreadTopic, trade: frozenset[str]) -> bool:
    """Whether a key is a place, a platform of another kind, the name of a kind of product, or a
    part of a longer Chinese name that is known.
    """
    kind = platform_kind(key)
    if kind is not None and kind not in topic.fit.kinds:
        return True
    if _HAN.search(key) and any(key in other and key != other for other in trade):
        return True
    words = [token.word for token in tokens(key)]
    return any(
        hit.first == 0 and hit.end == len(words) for hit in load_taxonomy().phrases.find(words)
    )


def _together(
    chances: Mapping[str, Mapping[str, float]],
    reading: Reading,
    mentions: Mapping[str, Sequence[Mention]],
) -> Iterable[list[str]]:
    """Keys of one name: a longer form whose further words say little goes with the shorter."""
    times = Counter(mention.key for mention in reading.mentions)
    head: dict[str, str] = {}
    for key in sorted(chances, key=lambda k: (len(k), k)):
        shorter = [
            other for other in head
            if head[other] == other and other != key and _adds_little(other, key, mentions[key])
            and times[other] >= times[key]
        ]  # fmt: skip
        head[key] = max(shorter, key=len, default=key)
    groups: dict[str, list[str]] = defaultdict(list)
    for key, first in head.items():
        groups[first].append(key)
    return groups.values()


def _adds_little(short: str, long: str, mentions: Sequence[Mention]) -> bool:
    """Whether a longer key is the shorter with a common word or a number behind it."""
    if not long.startswith(short) or len(short) < (2 if _HAN.search(short) else 4):
        return False
    rest = long[len(short) :]
    if _HAN.search(rest):
        return chinese_band(rest) >= _COMMON
    whole = any(key_of(" ".join(mention.written.split()[:-1])) == short for mention in mentions)
    return rest.isdigit() or (whole and (english_band(rest) >= _COMMON or len(rest) <= 2))


def _candidate(
    keys: Sequence[tuple[str, Mapping[str, float]]], mentions: Mapping[str, Sequence[Mention]]
) -> Candidate:
    spellings: Counter[str] = Counter()
    sightings: dict[tuple[str, str | None, str], Sighting] = {}
    for key, chances in keys:
        for mention in mentions[key]:
            spellings[mention.written.strip()] += 1 + (mention.name > 0)
            sighting = Sighting(
                place=mention.thread,
                post=mention.post,
                quote=_quote(mention),
                rule="discovery/talk",
                weight=round(chances[mention.thread], 3),
            )
            sightings.setdefault((sighting.place, sighting.post, sighting.quote), sighting)
    name = max(spellings, key=lambda s: (spellings[s], sum(c.isupper() for c in s), s))
    ordered = sorted(sightings.values(), key=lambda s: -s.weight)
    site = next((_site(spelling) for spelling in sorted(spellings) if _site(spelling)), None)
    return Candidate(
        name=name, aliases=tuple(sorted(set(spellings) - {name})), sightings=tuple(ordered),
        site=site,
    )  # fmt: skip


def _site(spelling: str) -> str | None:
    """The home page of a name that is typed as its domain."""
    if re.fullmatch(r"[a-z0-9-]{2,63}(?:\.[a-z0-9-]{2,63}){1,3}", spelling.lower()):
        ending = spelling.lower().rpartition(".")[2]
        if ending.isalpha() and platform_kind(key_of(spelling)) is None:
            return f"https://{spelling.lower()}/"
    return None


def _quote(mention: Mention) -> str:
    start, end = sentence_around(
        mention.line, mention.start, mention.end, longest=_LONGEST_QUOTE // 2
    )
    return mention.line[start:end].strip()
