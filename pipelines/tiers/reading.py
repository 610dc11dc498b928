"""A profile, read once: its words, kinds, trades, audience and form, each with its place. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.tiers.audience import AudiencePlaces
from pipelines.tiers.context import Context, find_context
from pipelines.tiers.lexicon import Lexicon, load_lexicon
from pipelines.tiers.profile import Profile
from pipelines.tiers.taxonomy import Concept
from pipelines.tiers.terms import Hit, PhraseTable, Token, is_han, quote, stem_of, tokens

# How much a mention weighs by where it stands: what a company says it is, before what its pages
# happen to contain.
_PLACE_WEIGHT = {
    "category": 2.0, "keywords": 1.6, "offers": 1.5, "description": 1.3, "lead": 1.3, "text": 0.7,
    "name": 1.0, "audience": 0.0, "job_advert": 1.2, "news": 0.7,
}  # fmt: skip
_LEAD_PASSAGES = 3
_MOST_PASSAGES = 60
_MOST_TOKENS = 3_000  # of one profile: what follows on a long site repeats itself
_MOST_MENTIONS = 12  # kept of one label, for its evidence
_HINT_WEIGHT = 0.45
_SINGLE_WORD_WEIGHT = 0.8  # a phrase of two words and more is surer than one word
_ASIDE_WEIGHT = 0.7  # "an app for language learning": a kind, said less plainly
_REPEAT_WEIGHT = 0.25
_BROAD_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a term was found: text, page, bounds, the folded term and its weight."""

    text: str
    url: str | None
    start: int
    end: int
    term: str
    weight: float

    @property
    def quote(self) -> str:
        """The sentence it stands in, as written."""
        return quote(self.text, self.start, self.end)

    @property
    def words(self) -> str:
        """The mention itself, as written."""
        return self.text[self.start : self.end]


Found = dict[tuple[str, str], list[Mention]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read in a profile. Weights are sums over terms; a repeated term adds little.

    ``mentions`` maps (family, label) to places; families: ``kind`` and ``trade`` (what it is),
    ``segment`` (for whom), ``form``, ``completes`` and ``replaces`` (kinds it goes with or stands
    in for), ``coming`` (kinds and trades announced or hired for), ``served`` (kinds it is for),
    ``name`` (another company named: label is its key), ``name_completes`` and
    ``name_replaces`` (named in that relation). ``size`` counts words, Han characters by half.
    """

    profile: Profile
    kinds: Mapping[str, float]
    trades: Mapping[str, float]
    fields: Mapping[str, float]
    segments: Mapping[str, float]
    forms: Mapping[str, float]
    words: Mapping[str, float]
    coming: Mapping[str, float]
    mentions: Mapping[tuple[str, str], list[Mention]]
    lead: tuple[Mention, ...]
    size: float


@dataclass(frozen=True, slots=True)
class _Passage:
    text: str
    url: str | None
    place: str
    tokens: tuple[Token, ...]
    words: tuple[str, ...]

    def mention(self, first: int, end: int, weight: float) -> Mention:
        found = self.tokens
        return Mention(
            self.text,
            self.url,
            found[first].start,
            found[end - 1].end,
            " ".join(self.words[first:end]),
            weight,
        )


def read_profile(
    profile: Profile,
    lexicon: Lexicon | None = None,
    named: PhraseTable[str] | None = None,
) -> Reading:
    """Everything the flags are made from, in one pass over the profile's words.

    :param named: names of other companies to look for, each labelled with the company's key.
    """
    lexicon = lexicon or load_lexicon()
    found: Found = {}
    words: dict[str, float] = defaultdict(float)
    own = {token.word for token in tokens(profile.name)}
    own_names = PhraseTable((name, True) for name in (profile.name, *profile.aliases))
    size = 0.0
    lead: list[Mention] = []
    for passage in _passages(profile):
        place = _PLACE_WEIGHT[passage.place]
        context = find_context(passage.text, passage.tokens, passage.words, lexicon)
        if passage.place in ("job_advert", "news"):
            _keep_plans(found, passage, lexicon, context)
            if named is not None and passage.place == "news":
                _keep_names(found, passage, named, context)  # "X or Y?" is an article
            continue
        if passage.place not in ("name", "audience"):
            size += sum(0.5 if is_han(word) else 1.0 for word in passage.words)
            _count(words, passage.words, own, lexicon.stop, place)
            lead.append(passage.mention(0, min(len(passage.words), 12), place))
        if passage.place != "audience":
            named_at = {at for hit in own_names.find(passage.words)
                        for at in range(hit.first, hit.end)}  # fmt: skip
            hits = tuple(lexicon.taxonomy.phrases.find(passage.words))
            for hit, relation in zip(hits, _relations(hits, context), strict=True):
                _keep_concepts(found, passage, hit, context, relation, own=hit.first in named_at)
        _keep_segments(found, passage, lexicon)
        if passage.place != "audience":
            _keep_forms(found, passage, lexicon.forms)
        if named is not None:
            _keep_names(found, passage, named, context)
    _settle_coming(found)
    _settle_served(found, lexicon.segment_terms)
    _settle_audience(found)
    _settle_asides(found)
    kinds = _sums(found, "kind")
    trades = _trades(found, kinds, lexicon)
    return Reading(
        profile=profile,
        kinds=kinds,
        trades=trades,
        fields=_wider(trades, lexicon.taxonomy.fields),
        segments=_segments(found, lexicon),
        forms=_sums(found, "form"),
        words=dict(words),
        coming=_sums(found, "coming"),
        mentions={key: places[:_MOST_MENTIONS] for key, places in found.items()},
        lead=tuple(lead[:_LEAD_PASSAGES]),
        size=size,
    )


def _passages(profile: Profile) -> Iterator[_Passage]:
    left = _MOST_TOKENS
    for number, (text, url, place) in enumerate(_places(profile)):
        found = tokens(text[: 12 * left], limit=left)
        if found:
            left -= len(found)
            yield _Passage(text, url, place, found, tuple(token.word for token in found))
        if left <= 0 or number >= _MOST_PASSAGES:
            return


def _places(profile: Profile) -> Iterator[tuple[str, str | None, str]]:
    if profile.category:
        yield profile.category, profile.site, "category"
    yield profile.name, profile.site, "name"
    if profile.description:
        yield profile.description, profile.site, "description"
    for phrase in profile.audience[:20]:
        yield phrase, profile.site, "audience"
    for phrase in profile.keywords[:20]:
        yield phrase, profile.site, "keywords"
    for offer in profile.offers[:20]:
        yield offer.name, offer.url or profile.site, "offers"
    for at, (text, url) in enumerate(profile.texts):
        yield text, url, "lead" if at < _LEAD_PASSAGES else "text"
    for text, url in profile.job_adverts:
        yield text, url, "job_advert"
    for text, url in profile.news:
        yield text, url, "news"


def _relations(hits: Sequence[Hit[Concept]], context: Context) -> list[str | None]:
    """What each hit stands in relation to; "works with tills and web shops" relates both."""
    relations = [context.relation(hit.first, hit.end) for hit in hits]
    if not any(relations):
        return relations
    for at in range(1, len(hits)):
        if relations[at] is None and context.is_joined(hits[at - 1].end, hits[at].first):
            relations[at] = relations[at - 1]
    for at in range(len(hits) - 2, -1, -1):
        if relations[at] is None and context.is_joined(hits[at].end, hits[at + 1].first):
            relations[at] = relations[at + 1]
    return relations


def _keep_concepts(
    found: Found,
    passage: _Passage,
    hit: Hit[Concept],
    context: Context,
    relation: str | None,
    *,
    own: bool,
) -> None:
    """Put a hit where it belongs: what the company is, goes with, replaces, or will be.

    :param own: whether the words are a part of the company's own name: they say little.
    """
    place = _PLACE_WEIGHT[passage.place]
    single = hit.end - hit.first == 1 and not is_han(passage.words[hit.first])
    coming = context.is_coming(hit.first)
    if context.is_denied(hit.first) or context.is_mimicked(hit.first, hit.end):
        return  # "no website needed" is no website, a toy till is no till
    for concept in hit.labels:
        weight = place * (_SINGLE_WORD_WEIGHT if single else 1.0)
        if not concept.is_kind:
            family, weight = ("coming" if coming else "trade"), place * _HINT_WEIGHT
        elif relation:
            family = relation
        elif coming:
            family = "coming"
        else:
            aside = own or passage.place == "name" or context.is_aim(hit.first)
            family = "aside" if aside else "kind"
        mention = passage.mention(hit.first, hit.end, weight)
        found.setdefault((family, concept.id), []).append(mention)


def _keep_plans(found: Found, passage: _Passage, lexicon: Lexicon, context: Context) -> None:
    """Of a job advert or a piece of news only what is sought or announced."""
    sought = passage.place == "job_advert"
    for hit in lexicon.taxonomy.phrases.find(passage.words):
        if (sought or context.is_coming(hit.first)) and not context.relation(hit.first, hit.end):
            for concept in hit.labels:
                weight = _PLACE_WEIGHT[passage.place] * (1.0 if concept.is_kind else _HINT_WEIGHT)
                mention = passage.mention(hit.first, hit.end, weight)
                found.setdefault(("coming", concept.id), []).append(mention)


def _keep_segments(found: Found, passage: _Passage, lexicon: Lexicon) -> None:
    weight = 2.0 if passage.place == "audience" else 1.0
    places = AudiencePlaces(passage.text, passage.tokens, passage.words, lexicon.audience)
    for hit, segment in places.segments(lexicon.segments.find(passage.words), passage.place):
        mention = passage.mention(hit.first, hit.end, weight)
        found.setdefault(("segment", segment), []).append(mention)


def _keep_forms(found: Found, passage: _Passage, table: PhraseTable[str]) -> None:
    for hit in table.find(passage.words):
        for label in hit.labels:
            mention = passage.mention(hit.first, hit.end, 1.0)
            found.setdefault(("form", label), []).append(mention)


def _keep_names(found: Found, passage: _Passage, named: PhraseTable[str], context: Context) -> None:
    for hit in named.find(passage.words):
        mention = passage.mention(hit.first, hit.end, 1.0)
        if hit.end - hit.first == 1 and mention.words.islower() and mention.words.isascii():
            continue  # "notion" in a sentence is a word, "Notion" may be a name
        relation = context.relation(hit.first, hit.end)
        for label in hit.labels:
            family = f"name_{relation}" if relation else "name"
            found.setdefault((family, label), []).append(mention)


def _settle_coming(found: Found) -> None:
    """A company whose only kinds are still to come *is* that: a start-up in beta."""
    if any(family == "kind" for family, _ in found):
        return
    for family, label in list(found):
        if family == "coming" and label:
            found["kind", label] = found["coming", label]


def _settle_served(found: Found, segment_terms: frozenset[str]) -> None:
    """Kinds named only as an audience is ("restaurants") are served, not sold, by a company that
    is something else: its software manages them.
    """
    kinds = {label for family, label in found if family == "kind"}
    named = {
        label
        for label in kinds
        if all(mention.term in segment_terms for mention in found["kind", label])
    }
    if kinds - named:
        for label in named:
            found["served", label] = found.pop(("kind", label))


def _settle_audience(found: Found) -> None:
    """A dentist is not *for* dentists: words that say what a company is do not say for whom."""
    itself = {
        (id(mention.text), mention.start, mention.end)
        for (family, _), mentions in found.items()
        if family == "kind"
        for mention in mentions
    }
    for key in [key for key in found if key[0] == "segment"]:
        found[key] = [
            mention
            for mention in found[key]
            if (id(mention.text), mention.start, mention.end) not in itself
        ]
        if not found[key]:
            del found[key]


def _settle_asides(found: Found) -> None:
    """Kinds after "for" or in the name alone say what a company is where nothing says it better."""
    kinds = {label for family, label in found if family == "kind"}
    for label in [label for family, label in found if family == "aside"]:
        aside = found.pop(("aside", label))
        if kinds and label not in kinds:
            found.setdefault(("served", label), []).extend(aside)
        else:
            found.setdefault(("kind", label), []).extend(
                replace(mention, weight=_ASIDE_WEIGHT * mention.weight) for mention in aside
            )


def _trades(found: Found, kinds: Mapping[str, float], lexicon: Lexicon) -> dict[str, float]:
    trades = _sums(found, "trade")
    for kind, weight in kinds.items():
        concept = lexicon.taxonomy.kinds.get(kind)
        if concept is None:  # a trade that is still to come, settled as what the company is
            trades[kind] = trades.get(kind, 0.0) + weight
        else:
            trades[concept.trade] = trades.get(concept.trade, 0.0) + weight
    return trades


def _wider(weights: Mapping[str, float], parents: Mapping[str, str]) -> dict[str, float]:
    wider: dict[str, float] = {}
    for name, weight in weights.items():
        wider[parents[name]] = wider.get(parents[name], 0.0) + weight
    return wider


def _segments(found: Found, lexicon: Lexicon) -> dict[str, float]:
    segments = _sums(found, "segment")
    for name, weight in list(segments.items()):
        wider = lexicon.within.get(name)
        if wider:
            segments[wider] = max(segments.get(wider, 0.0), 0.5 * weight)
    return {
        name: weight * (_BROAD_WEIGHT if name in lexicon.broad else 1.0)
        for name, weight in segments.items()
    }


def _sums(found: Mapping[tuple[str, str], list[Mention]], family: str) -> dict[str, float]:
    """A label's weight: each of its terms in full once, each repetition a quarter, at most 1."""
    sums: dict[str, float] = {}
    for (kind, label), mentions in found.items():
        if kind != family:
            continue
        best: dict[str, float] = {}
        again = 0.0
        for mention in mentions:
            known = best.get(mention.term, 0.0)
            again += _REPEAT_WEIGHT * min(known, mention.weight)
            best[mention.term] = max(known, mention.weight)
        sums[label] = sum(best.values()) + min(again, 1.0)
    return sums


def _count(
    counts: dict[str, float],
    words: Sequence[str],
    own: set[str],
    stop: frozenset[str],
    weight: float,
) -> None:
    """Words and pairs of neighbours; Chinese as pairs of characters; own name and filler out."""
    kept = [
        word
        if is_han(word)
        else stem_of(word)
        if len(word) > 1 and word not in stop and word not in own and not word.isdigit()
        else ""
        for word in words
    ]
    for word in kept:
        if word and not is_han(word):
            counts[word] += weight
    for one, two in pairwise(kept):
        if one and two:
            han = is_han(one) + is_han(two)
            if han == 2:
                counts[one + two] += weight
            elif han == 0:
                counts[f"{one} {two}"] += 0.5 * weight
