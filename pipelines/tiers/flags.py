"""The five flags of one company as seen from the focal one, each with its evidence. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crawlers.words import Flag
from pipelines.tiers.config import TierConfig
from pipelines.tiers.lexicon import Lexicon
from pipelines.tiers.pairing import (
    SURE,
    Pair,
    is_told,
    known_and_unlike,
    made_to_order,
    main_kinds,
    one_narrow_trade,
    other_customers,
    related_kinds,
)
from pipelines.tiers.reading import Mention
from pipelines.tiers.terms import quote, stem_of, tokens
from pipelines.tiers.verdict import FlagEvidence

_UNSURE = 0.45  # just below a yes
_STEEPNESS = 3  # of a flag around its line: half the line is a clear no, twice a clear yes
_RELATED = 0.3  # trades this alike: "alternative to us" is said of the same product
_ENOUGH_KEYWORDS = 5  # shared: more say no more
_ENOUGH_SITES = 3  # linked to in common, likewise
_ROWS = 3  # of one rule on one flag: more tell a reader nothing new
_QUOTES_OF_POSTS = 5
_MAIN_KIND = 0.8  # sharing the main kind, whatever stands beside it, is this like
_ENOUGH_WORDS = 3  # shared words: one rare word in two short texts proves little


@dataclass(slots=True, kw_only=True)
class Flags:
    """Five numbers, 0..1, what they rest on, and whether the other's product completes ours."""

    values: dict[Flag, float] = field(default_factory=dict)
    evidence: list[FlagEvidence] = field(default_factory=list)
    complement: bool = False
    named: float = 0.0


def raise_flags(pair: Pair, config: TierConfig, lexicon: Lexicon) -> Flags:
    """The five flags of a pair."""
    flags = Flags()
    product = _product(pair, config, lexicon, flags)
    category = max(_category(pair, config, lexicon, flags), product)
    searched, linked = _searched(pair, config, flags), _linked(pair, config, flags)
    if not known_and_unlike(pair):  # alone they are never enough: both together are below a yes
        category = 1 - (1 - category) * (1 - searched) * (1 - linked)
    _audience(pair, config, flags)
    instead = made_to_order(pair) and product
    if instead:
        product, category = min(product, _UNSURE), min(category, _UNSURE)
    if other_customers(pair, lexicon):
        product = min(product, _UNSURE)
        flags.values["same_audience"] = min(flags.values["same_audience"], _UNSURE)
    _stands_in(pair, config, lexicon, flags)
    if instead:
        _made_instead(pair, instead, flags)
    _named(pair, config, flags)
    _widening(pair, config, lexicon, flags)
    product = max(product, flags.values.get("same_product", 0.0))
    flags.values["same_product"] = product
    flags.values["same_category"] = max(category, product)
    if product < 0.5 and _completes(pair, config, lexicon):
        flags.complement = True
        for name in ("same_audience", "same_category", "substitute"):
            flags.values[name] = min(flags.values[name], config.partner_cap)
    return flags


def _made_instead(pair: Pair, level: float, flags: Flags) -> None:
    """Work in place of a product, or a product in place of work: another way to the same end."""
    shared = [kind for kind in pair.other.kinds if kind in pair.focal.kinds]
    for kind in sorted(shared, key=lambda name: -pair.other.kinds[name])[:1]:
        _cite(
            flags, "substitute", pair.other.mentions["kind", kind], level, f"made_to_order:{kind}"
        )
    flags.values["substitute"] = max(flags.values["substitute"], level)


def _level(likeness: float, line: float) -> float:
    """A flag's value for a likeness: 0.5 on the line, 0 at none, towards 1 above."""
    if likeness <= 0:
        return 0.0
    return 1.0 / (1.0 + (line / likeness) ** _STEEPNESS)


def _product(pair: Pair, config: TierConfig, lexicon: Lexicon, flags: Flags) -> float:
    shared = {
        kind: weight * pair.focal_vectors.kinds[kind]
        for kind, weight in pair.other_vectors.kinds.items()
        if kind in pair.focal_vectors.kinds
    }
    sure = max((_sureness(pair, kind) for kind in shared), default=0.0)
    main = max((_main_on_both_sides(pair, kind) for kind in shared), default=0.0)
    unlike = known_and_unlike(pair)
    by_kind = _level(max(pair.likeness.kinds, _MAIN_KIND * main) * sure, config.product_line)
    words = _shared_words(pair, lexicon)
    by_words = _level(sum(words.values()) * min(1.0, len(words) / _ENOUGH_WORDS), config.words_line)
    if unlike:
        by_kind, by_words = min(by_kind, _UNSURE), min(by_words, _UNSURE)
    for kind in sorted(shared, key=lambda name: -shared[name])[:2]:
        rows = pair.other.mentions["kind", kind]
        _cite(flags, "same_product", rows, by_kind, f"kind:{kind}")
        _cite(flags, "same_category", rows[:1], by_kind, f"kind:{kind}")
    if by_words >= 0.2:
        _cite_words(pair, flags, words, by_words)
    return max(by_kind, by_words) if unlike else 1 - (1 - by_kind) * (1 - by_words)


def _main_on_both_sides(pair: Pair, kind: str) -> float:
    """1 where a kind is the main one of both companies, less where it stands beside others."""
    ours, theirs = pair.focal_vectors.kinds, pair.other_vectors.kinds
    return ours[kind] / max(ours.values()) * (theirs[kind] / max(theirs.values()))


def _sureness(pair: Pair, kind: str) -> float:
    """How well a shared kind is attested on both sides, 0..1."""
    return min(1.0, pair.focal.kinds[kind] / SURE, pair.other.kinds[kind] / SURE)


def _category(pair: Pair, config: TierConfig, lexicon: Lexicon, flags: Flags) -> float:
    level = _level(pair.likeness.trades, config.category_line)
    if known_and_unlike(pair) and not one_narrow_trade(pair, lexicon.taxonomy):
        level = min(level, _UNSURE)
    if pair.near is not None and not (is_told(pair.focal) and is_told(pair.other)):
        meant = _level(pair.near, config.meaning_line)
        if meant > level:
            _cite(flags, "same_category", pair.other.lead[:1], meant, "meaning")
            level = meant
    shared = {
        trade: weight * pair.focal_vectors.trades[trade]
        for trade, weight in pair.other_vectors.trades.items()
        if trade in pair.focal_vectors.trades
    }
    kinds = lexicon.taxonomy.kinds
    for trade in sorted(shared, key=lambda name: -shared[name])[:2]:
        rows = [
            row
            for (family, name), mentions in pair.other.mentions.items()
            if family in ("kind", "trade")
            and trade in (name, kinds[name].trade if name in kinds else None)
            for row in mentions
        ]
        share = shared[trade] / (sum(shared.values()) or 1.0)
        rows.sort(key=lambda row: -row.weight)
        _cite(flags, "same_category", rows, level * share, f"trade:{trade}")
        if not rows:
            _cite(flags, "same_category", pair.other.lead[:1], level * share, f"words:{trade}")
    return level


def _audience(pair: Pair, config: TierConfig, flags: Flags) -> None:
    shared = {
        name: min(1.0, weight, pair.focal.segments[name])
        for name, weight in pair.other.segments.items()
        if name in pair.focal.segments
    }
    sure = min(1.0, sum(shared.values()))
    level = _level(pair.likeness.segments * sure, config.audience_line)
    ours, theirs = pair.focal.profile, pair.other.profile
    if _apart(ours.regions, theirs.regions):
        level *= config.other_region
    if _apart(ours.languages, theirs.languages):
        level *= config.other_language
    if {ours.price_band, theirs.price_band} == {"low", "high"}:
        level *= config.other_price
    flags.values["same_audience"] = level
    for name in sorted(shared, key=lambda segment: -shared[segment])[:3]:
        rows = pair.other.mentions.get(("segment", name), ())
        _cite(flags, "same_audience", rows, level, f"segment:{name}")


def _apart(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    one, two = {name.casefold() for name in ours}, {name.casefold() for name in theirs}
    return bool(one and two) and not one & two


def _stands_in(pair: Pair, config: TierConfig, lexicon: Lexicon, flags: Flags) -> None:
    """Another kind of product for the same need: by the taxonomy, or in their own words."""
    value = 0.0
    likeness = related_kinds(pair, lexicon.taxonomy.substitutes)
    if likeness:
        value = _level(sum(likeness.values()), config.substitute_line)
        best = max(likeness, key=lambda two: likeness[two])
        rows = pair.other.mentions["kind", best[1]]
        _cite(flags, "substitute", rows, value, f"stands_in:{best[1]}~{best[0]}")
    for kind, weight in pair.focal_vectors.kinds.items():
        replaced = pair.other.mentions.get(("replaces", kind))
        if replaced and weight >= 0.4:
            level = config.named_alternative * min(1.0, 2 * weight) * 0.8
            value = max(value, level)
            _cite(flags, "substitute", replaced, level, f"replaces:{kind}")
    flags.values["substitute"] = value


def _searched(pair: Pair, config: TierConfig, flags: Flags) -> float:
    """Keywords both sites are written to be found by: they want the same searchers."""
    ours = {tuple(token.word for token in tokens(phrase)): phrase
            for phrase, _ in pair.focal.profile.searched}  # fmt: skip
    shared = [
        (phrase, url)
        for phrase, url in pair.other.profile.searched
        if len(words := tuple(token.word for token in tokens(phrase))) > 1 and words in ours
    ]
    level = config.searched * min(1.0, len(shared) / _ENOUGH_KEYWORDS)
    for phrase, url in shared[:_ROWS]:
        flags.evidence.append(
            FlagEvidence(
                flag="same_category", quote=phrase, weight=round(level, 3), rule="keyword", url=url
            )
        )
    return level


def _linked(pair: Pair, config: TierConfig, flags: Flags) -> float:
    """Partners, marketplaces, integrations both sites link to, and others of the market too."""
    links = pair.other.profile.linked or pair.focal.profile.linked
    level = config.linked * min(1.0, len(links) / _ENOUGH_SITES)
    for site, words, page in links[:_ROWS]:
        flags.evidence.append(
            FlagEvidence(
                flag="same_category",
                quote=words or site,
                weight=round(level, 3),
                rule=f"linked:{site}",
                url=page,
            )
        )
    return level


def _named(pair: Pair, config: TierConfig, flags: Flags) -> None:
    """Named as an alternative by either side, or together in posts."""
    theirs = pair.other.mentions.get(("name_replaces", pair.our_key), ())
    ours = pair.focal.mentions.get(("name_replaces", pair.key), ())
    posts = pair.posts
    if theirs or ours:
        _cite(flags, "substitute", theirs, config.named_alternative, "named:they_say")
        _cite(flags, "substitute", ours, config.named_alternative, "named:we_say")
        flags.named = config.named_alternative
    for post in posts[:_QUOTES_OF_POSTS]:
        flags.evidence.append(
            FlagEvidence(
                flag="substitute",
                quote=post.quote,
                weight=config.named_in_post,
                rule=f"post:{post.kind}",
                url=post.url,
            )
        )
        flags.named = max(flags.named, config.named_in_post)
    flags.values["substitute"] = max(flags.values["substitute"], flags.named)
    if flags.named and max(pair.likeness.trades, pair.likeness.kinds) >= _RELATED:
        flags.values["same_product"] = flags.named
        for row in [row for row in flags.evidence if row.rule.startswith(("named:", "post:"))][:2]:
            flags.evidence.append(
                FlagEvidence(
                    flag="same_product",
                    quote=row.quote,
                    weight=row.weight,
                    rule=row.rule,
                    url=row.url,
                )
            )


def _widening(pair: Pair, config: TierConfig, lexicon: Lexicon, flags: Flags) -> None:
    """Signs of extension, as far as they point to our kinds or our trade."""
    value = 0.0
    kinds = pair.focal_vectors.kinds
    trades = pair.focal_vectors.stated
    towards: dict[str, float] = {}
    for name, weight in pair.other.coming.items():
        concept = lexicon.taxonomy.kinds.get(name)
        rows = pair.other.mentions["coming", name]
        if name in kinds:
            level = config.extension_kind * min(1.0, 3 * kinds[name])
            value = max(value, level)
            _cite(flags, "extension", rows, level, f"coming:{name}")
        trade = concept.trade if concept else name
        towards[trade] = towards.get(trade, 0.0) + weight
    for trade, weight in towards.items():
        if trades.get(trade, 0.0) >= 0.4:
            level = config.extension_trade * min(1.0, weight / SURE)
            value = max(value, level)
            for name in pair.other.coming:
                concept = lexicon.taxonomy.kinds.get(name)
                if trade == (concept.trade if concept else name):
                    rows = pair.other.mentions["coming", name]
                    _cite(flags, "extension", rows, level, f"coming_trade:{trade}")
    flags.values["extension"] = _level(value, config.extension_line)


def _completes(pair: Pair, config: TierConfig, lexicon: Lexicon) -> bool:
    """Whether the other's product goes with ours: said so, or by the taxonomy."""
    if with_us := pair.other.mentions.get(("name_completes", pair.our_key)):
        return len(with_us) > len(pair.other.mentions.get(("name_replaces", pair.our_key), ()))
    said = any(
        weight >= 0.4 and ("completes", kind) in pair.other.mentions
        for kind, weight in pair.focal_vectors.kinds.items()
    )
    related = related_kinds(pair, lexicon.taxonomy.complements)
    goes_with = sum(related.values())
    theirs = pair.other.kinds
    partners = sum(theirs[kind] for kind in {two for _, two in related})
    if partners <= sum(theirs[kind] for kind in main_kinds(theirs)) / 2:
        goes_with = 0.0  # it sells such a thing too; what it is, is another
    stands_in = sum(related_kinds(pair, lexicon.taxonomy.substitutes).values())
    if goes_with <= stands_in >= config.substitute_line:
        return False
    return said or goes_with >= config.substitute_line


def _cite(flags: Flags, flag: Flag, mentions: Iterable[Mention], weight: float, rule: str) -> None:
    """Rows for the heaviest mentions, each quote once."""
    if weight < 0.05:
        return
    seen = {row.quote for row in flags.evidence if row.flag == flag}
    rows = 0
    for mention in sorted(mentions, key=lambda row: -row.weight):
        words = mention.quote
        if not words or words in seen:
            continue
        seen.add(words)
        flags.evidence.append(
            FlagEvidence(
                flag=flag, quote=words, weight=round(weight, 3), rule=rule, url=mention.url
            )
        )
        rows += 1
        if rows == _ROWS:
            return


def _shared_words(pair: Pair, lexicon: Lexicon) -> dict[str, float]:
    """The words both use and how much each adds to their likeness; words of audiences left out:
    two products for shop owners are not the same product.
    """
    return {
        word: value * pair.focal_vectors.words[word]
        for word, value in pair.other_vectors.words.items()
        if word in pair.focal_vectors.words
        and not lexicon.segment_words.issuperset(word.split(" "))
    }


def _cite_words(pair: Pair, flags: Flags, shared: Mapping[str, float], weight: float) -> None:
    """The sentence of theirs that holds the heaviest shared word."""
    single = [word for word in shared if " " not in word]
    heaviest = sorted(single, key=lambda word: -shared[word])[:4]
    rule = f"words:{', '.join(heaviest)}"
    for lead in pair.other.lead:
        found = tokens(lead.text, limit=600)
        for at, token in enumerate(found):
            two = token.word + (found[at + 1].word if at + 1 < len(found) else "")
            if stem_of(token.word) in heaviest or two in heaviest:
                words = quote(lead.text, token.start, token.end)
                flags.evidence.append(
                    FlagEvidence(
                        flag="same_product",
                        quote=words,
                        weight=round(weight, 3),
                        rule=rule,
                        url=lead.url,
                    )
                )
                return
