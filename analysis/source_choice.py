"""From a market file to what the catalogue of public sources is asked for.

A market says its regions and its trade in its own words; the catalogue knows country codes and
broad trades. The words that lead from one to the other: source_choice.toml.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from crawlers.folding import search_text
from crawlers.language import language_of
from crawlers.market import Market
from pipelines.tiers.taxonomy import load_taxonomy
from pipelines.tiers.terms import PhraseTable, listed, tokens

_KIND_WEIGHT, _TRADE_WEIGHT = 3, 1
_SHORT_NAME = 4  # letters; "my" (Mỹ) stands in other names, too: it counts alone
_SHARE = 0.5  # of the strongest trade's weight; what stands below is mentioned, not sold


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a market asks of the catalogue: ISO country codes, language codes, broad trades."""

    countries: tuple[str, ...]
    languages: tuple[str, ...]
    trades: tuple[str, ...]


def wish_of(market: Market) -> Wish:
    """What a market file tells of countries, languages and trades; empty where it does not.

    A market that names no region is asked where its description says it sells ("for shops in
    Ireland"). One that names no language is asked in that of its own description, and in those of
    its countries; one whose trade is not told is asked of places that talk about everything.
    """
    business = market.business
    countries = countries_of(business.regions or (business.description,))
    spoken = tuple(dict.fromkeys(_tables()["spoken"].get(code, "") for code in countries))
    own = language_of(business.description)
    languages = business.languages or tuple(
        dict.fromkeys(code for code in (own, *spoken) if code and code != "und")
    )
    sold = [business.category or "", business.description, *business.offers, *business.keywords]
    return Wish(countries=countries, languages=languages, trades=trades_of(sold) or ("general",))


def countries_of(regions: Iterable[str]) -> tuple[str, ...]:
    """ISO 3166-1 alpha-2 codes of countries and large cities named in words of three languages."""
    names, found = _country_names(), []
    for region in regions:
        if re.fullmatch(r"[A-Z]{2}", region.strip()):
            found.append(region.strip())
            continue
        text = _plain(region)
        found += [
            code for name, code in names
            if name == text or (_is_sure(name) and f" {name} " in f" {text} ")
        ]  # fmt: skip
    return tuple(dict.fromkeys({"UK": "GB"}.get(code, code) for code in found))


def trades_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The broad trades that texts about what is sold speak of, the strongest first."""
    taxonomy, table = load_taxonomy(), _tables()["trades"]
    weights: Counter[str] = Counter()
    for text in texts:
        words = [token.word for token in tokens(text)]
        for hit in taxonomy.phrases.find(words):
            for label in hit.labels:
                for trade in table.get(label.id) or table.get(label.trade) or ():
                    weights[trade] += _KIND_WEIGHT if label.is_kind else _TRADE_WEIGHT
        for named in _trade_words().find(words):
            weights.update(dict.fromkeys(named.labels, _KIND_WEIGHT))
    most = max(weights.values(), default=0)
    return tuple(trade for trade, weight in weights.most_common() if weight >= _SHARE * most)


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    file = resources.files(__package__).joinpath("source_choice.toml")
    return tomllib.loads(file.read_text("utf-8"))


@lru_cache(maxsize=1)
def _trade_words() -> PhraseTable[str]:
    rows = _tables()["words"].items()
    return PhraseTable((phrase, trade) for trade, text in rows for phrase in listed(text))


@lru_cache(maxsize=1)
def _country_names() -> tuple[tuple[str, str], ...]:
    return tuple(
        (_plain(name), code)
        for code, names in _tables()["countries"].items()
        for name in names.split(",")
    )


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", search_text(name)).strip()


def _is_sure(name: str) -> bool:
    return len(name) > _SHORT_NAME or not name.isascii()
