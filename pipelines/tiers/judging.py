"""The verdict on every company of a market, in one pass. Pure."""

import math
from collections.abc import Iterator, Mapping, Sequence
from heapq import nlargest

from crawlers.words import Flag, Tier
from pipelines.tiers import meaning
from pipelines.tiers.config import TierConfig, default_config
from pipelines.tiers.decision import YES, decide
from pipelines.tiers.flags import Flags, raise_flags
from pipelines.tiers.leanings import load_leanings
from pipelines.tiers.lexicon import Lexicon, load_lexicon
from pipelines.tiers.likeness import Likeness, Market, compare
from pipelines.tiers.pairing import US, Pair
from pipelines.tiers.prices import with_bands
from pipelines.tiers.profile import Profile
from pipelines.tiers.reading import Reading, read_profile
from pipelines.tiers.reasons import change_of, reasons_of
from pipelines.tiers.terms import PhraseTable, is_han, tokens
from pipelines.tiers.verdict import FlagEvidence, TierVerdict

_KIND_WORTH = 4.0  # words that a recognised kind of product is worth as evidence
_POST_WORTH = 3.0
_LEAST_ROWS = 2  # of evidence under every decided tier
_SHORTEST_NAME = 3  # letters: shorter names are found everywhere


def judge(
    focal: Profile, others: Sequence[Profile], config: TierConfig | None = None
) -> tuple[TierVerdict, ...]:
    """The tiers of ``others`` as seen from ``focal``, in their order.

    The whole market is read together: how rare a word is, and which trade it goes with, is counted
    over all of it. Nothing is random; equal input gives equal verdicts.
    """
    config = config or default_config()
    lexicon = load_lexicon()
    focal, *others = with_bands([focal, *others])
    their_names = PhraseTable(
        (name, str(at)) for at, other in enumerate(others) for name in _names(other, lexicon)
    )
    our_names = PhraseTable((name, US) for name in _names(focal, lexicon))
    ours = read_profile(focal, lexicon, their_names)
    theirs = [read_profile(other, lexicon, our_names) for other in others]
    market = Market([ours, *theirs], config)
    our_vectors = market.vectors(ours)
    pairs = []
    for at, reading in enumerate(theirs):
        vectors = market.vectors(reading)
        pair = Pair(
            focal=ours,
            other=reading,
            focal_vectors=our_vectors,
            other_vectors=vectors,
            likeness=compare(our_vectors, vectors),
            key=str(at),
        )
        pairs.append(pair)
    _read_sentences(pairs, config)
    return tuple(_verdict(pair, config, lexicon) for pair in pairs)


def _read_sentences(pairs: Sequence[Pair], config: TierConfig) -> None:
    """Tell the pairs that words bring nearest how near their sentences are, where both can be
    read; nothing without the extra ``semantic``.
    """
    most = int(config.semantic_most)
    if not pairs or most <= 0 or not meaning.is_installed():
        return
    if not meaning.readable_words(pairs[0].focal.profile):
        return
    ranked = nlargest(
        most,
        enumerate(pairs),
        key=lambda row: (_by_words(row[1].likeness, config), -row[0]),
    )
    asked = [pair for _, pair in ranked]
    ours, *theirs = meaning.steps_of(
        [
            meaning.readable_words(reading.profile)
            for reading in (pairs[0].focal, *(pair.other for pair in asked))
        ]
    )
    leanings = load_leanings()
    place = leanings.place((*pairs[0].focal_vectors.steps, ours))
    for pair, step in zip(asked, theirs, strict=True):
        if step:
            other = leanings.place((*pair.other_vectors.steps, step))
            pair.near = leanings.by_sentences.of(place, other)


def _names(profile: Profile, lexicon: Lexicon) -> Iterator[str]:
    """The names to look for in others' texts: none that is a filler word or too short."""
    for name in (profile.name, *profile.aliases):
        words = [token.word for token in tokens(name)]
        letters = sum(2 if is_han(word) else len(word) for word in words)
        if letters >= _SHORTEST_NAME and not set(words) <= lexicon.stop:
            yield name


def _verdict(pair: Pair, config: TierConfig, lexicon: Lexicon) -> TierVerdict:
    flags = raise_flags(pair, config, lexicon)
    values = {flag: round(value, 3) for flag, value in flags.values.items()}
    seen = flags.named > 0 or _seen(pair.other)
    yes = {str(flag): value >= YES for flag, value in values.items()}
    enough = (
        _amount(pair.focal) >= config.minimum_words_of_ours
        and _amount(pair.other) >= config.minimum_words
    ) or flags.named > 0
    tier = decide(**yes) if enough else None
    evidence = _in_order(flags, values)
    if tier is not None:
        evidence = _at_least_two(evidence, values, pair)
    return TierVerdict(
        name=pair.other.profile.name,
        tier=tier,
        verdict="decided" if tier else "unrelated" if enough else "insufficient",
        score=round(_score(pair, flags, config), 4) if seen else 0.0,
        **values,
        complement=flags.complement,
        method="words" if pair.near is None else "semantic",
        evidence=evidence,
        reasons=reasons_of(
            evidence, values, complement=flags.complement, enough=enough, names=lexicon.names
        ),
        would_change=change_of(values, tier) if enough and not flags.complement else None,
        seen_from_them=_seen_from_them(pair, config, lexicon) if enough else None,
    )


def _seen_from_them(pair: Pair, config: TierConfig, lexicon: Lexicon) -> Tier | None:
    """Our tier as seen from the other: they may announce our product and we not theirs."""
    values = raise_flags(pair.reversed(), config, lexicon).values
    return decide(**{str(flag): round(value, 3) >= YES for flag, value in values.items()})


def _amount(reading: Reading) -> float:
    """How much was seen of a company, in words."""
    return (
        reading.size + _KIND_WORTH * len(reading.kinds) + _POST_WORTH * len(reading.profile.posts)
    )


def _seen(reading: Reading) -> bool:
    """Whether anything but a name was seen: a name alone brings a company no nearer."""
    told = reading.profile
    return bool(reading.size or reading.coming or told.posts or told.audience)


def _score(pair: Pair, flags: Flags, config: TierConfig) -> float:
    if pair.near is None:
        sum_ = config.score_bias + _by_words(pair.likeness, config)
    else:
        sum_ = config.semantic_bias + config.semantic_share * _shared(pair.likeness, config)
        sum_ += config.semantic_meaning * pair.near
    sum_ += (
        config.score_named * flags.named
        + config.score_substitute * flags.values["substitute"]
        + config.score_extension * flags.values["extension"]
    )
    return 1.0 / (1.0 + math.exp(-sum_))


def _by_words(likeness: Likeness, config: TierConfig) -> float:
    """What is known without sentences: all that is shared, and where concepts and words lead."""
    return _shared(likeness, config) + config.score_leaning * likeness.leaning


def _shared(likeness: Likeness, config: TierConfig) -> float:
    """What the words and concepts that both hold add up to."""
    return (
        config.score_words * likeness.words
        + config.score_kinds * likeness.kinds
        + config.score_trades * likeness.trades
        + config.score_fields * likeness.fields
        + config.score_forms * likeness.forms
        + config.score_segments * likeness.segments
    )


def _in_order(flags: Flags, values: Mapping[Flag, float]) -> tuple[FlagEvidence, ...]:
    """Rows of flags that are a yes first, the heaviest first."""
    return tuple(
        sorted(flags.evidence, key=lambda row: (values[row.flag] < YES, -row.weight, row.flag))
    )


def _at_least_two(
    evidence: tuple[FlagEvidence, ...], values: Mapping[Flag, float], pair: Pair
) -> tuple[FlagEvidence, ...]:
    """Where one quote carries the verdict, what both say of themselves stands beside it."""
    rows = list(evidence)
    flag = max(values, key=lambda name: values[name])
    for mention, rule in (
        *((lead, "they_say") for lead in pair.other.lead),
        *((lead, "we_say") for lead in pair.focal.lead),
    ):
        if len(rows) >= _LEAST_ROWS:
            break
        if mention.quote and all(mention.quote != row.quote for row in rows):
            rows.append(
                FlagEvidence(flag=flag, quote=mention.quote, weight=0.1, rule=rule, url=mention.url)
            )
    return tuple(rows)
