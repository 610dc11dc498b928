"""Which sources fit a market. A leaf."""

from collections.abc import Collection, Mapping

from crawlers.sources.checks import Check, apply_checks
from crawlers.sources.loading import load_catalogue
from crawlers.sources.model import ACCESSES, KINDS, TRADES, PublicSource, SourceKind

# What a fit is worth. The trade leads: a coffee forum of the right country before its general
# forum, and that before a coffee forum of the whole world's.
_OWN_TRADE, _FURTHER_TRADE, _EVERY_TRADE = 4, 1, 2
_OWN_COUNTRY, _WORLDWIDE = 3, 0
_MAIN_LANGUAGE, _OTHER_LANGUAGE = 2, 1


def sources_for(
    *,
    countries: Collection[str],
    languages: Collection[str],
    trades: Collection[str],
    kinds: Collection[SourceKind] | None = None,
    checks: Mapping[str, Check] | None = None,
    catalogue: Collection[PublicSource] | None = None,
) -> tuple[PublicSource, ...]:
    """The sources of the catalogue that fit, those that may be read at once first, then by fit.

    A source fits where each of the three agrees: one of its countries (or none: the world), one
    of its languages (or none: any), one of its trades (or ``general``). An empty wish asks for
    nothing.

    :param countries: ISO 3166-1 alpha-2 codes, upper case: where the market's customers are.
    :param languages: primary codes of what they write.
    :param trades: of :data:`crawlers.sources.model.TRADES`.
    :param kinds: only these.
    :param checks: what was found from the user's place, in place of the shipped notes.
    :param catalogue: other rows than those that ship.
    :raises ValueError: for a trade or kind that is none.
    """
    for given, known, what in ((trades, TRADES, "trade"), (kinds or (), KINDS, "kind")):
        for word in given:
            if word not in known:
                raise ValueError(f"{word!r} is no {what} of the catalogue: {' '.join(known)}")
    rows = load_catalogue() if catalogue is None else catalogue
    if checks:
        rows = apply_checks(rows, checks)
    fits = [
        (ACCESSES.index(row.access), -fit, place, row)
        for place, row in enumerate(rows)
        if (kinds is None or row.kind in kinds)
        and (fit := _fit(row, frozenset(countries), frozenset(languages), frozenset(trades)))
    ]
    return tuple(row for *_, row in sorted(fits, key=lambda found: found[:3]))


def _fit(
    row: PublicSource, countries: frozenset[str], languages: frozenset[str], trades: frozenset[str]
) -> int:
    """How well a source fits, 1 or more; 0 where it does not."""
    fit = 1
    if countries and row.countries:
        if countries.isdisjoint(row.countries):
            return 0
        fit += _OWN_COUNTRY
    else:
        fit += _WORLDWIDE
    if languages and row.languages:
        if languages.isdisjoint(row.languages):
            return 0
        fit += _MAIN_LANGUAGE if row.languages[0] in languages else _OTHER_LANGUAGE
    own = len(trades.intersection(row.trades) - {"general"})
    if own:
        fit += _OWN_TRADE + _FURTHER_TRADE * (own - 1)
    elif "general" in row.trades:
        fit += _EVERY_TRADE
    elif trades:
        return 0
    return fit
