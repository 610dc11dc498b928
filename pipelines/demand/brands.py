"""Brands a market knows, what it sells, and where a post names them.

Names match whatever the case, the accents and the script (traditional or simplified) they are
typed in. Words of one or two letters, which mean other things too, must stand as written.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.demand.folded import Folded, bare
from pipelines.demand.reading import Mention

# "iPhone" is also typed "i phone", "GitHub" "git hub".
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BEFORE = r"(?<![a-z0-9\u00c0-\u024f\u1e00-\u1eff])"
_MOST = 400  # places of names looked at in a post: more is a list, or hostile
_HAN = re.compile(r"[\u3400-\u9fff]")


BRAND_LETTER = "\ua7f9"
"""Stands for each character of a listed brand's name while rules are matched: a letter, so that a
name stays one word, of no language read here."""


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand: its name, other ways to write it, and the key it is stored under."""

    name: str
    aliases: tuple[str, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class MarketTerms:
    """What a market sells and who sells it, so that demand for other things is told apart.

    :param brands: rivals (and ``own``, if it is to be found too).
    :param own: the researcher's own brand; it counts among the brands.
    :param offers: names of what the market sells.
    :param keywords: words that show a post speaks of this market.
    """

    brands: tuple[Brand, ...] = ()
    own: Brand | None = None
    offers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A brand named at a place of the folded text."""

    brand: Brand
    start: int
    end: int


def bounded(name: str) -> str:
    """A pattern for a folded name: whole words where it begins or ends with a Latin letter."""
    words = r"[\s-]?".join(re.escape(part) for part in re.split(r"[\s-]+", name) if part)
    if not words:
        return ""
    # A Han character beside a Latin name is a boundary: "买iPhone了".
    before = "" if _HAN.match(name[0]) else _BEFORE
    after = "" if _HAN.match(name[-1]) else r"(?![a-z\u00c0-\u024f\u1e00-\u1eff])"
    if after and name[-1].isdigit():
        after = r"(?![a-z0-9])"
    return before + words + after


def _one_of(names: Sequence[str]) -> re.Pattern[str] | None:
    """All names in one pattern; what must not stand before Latin ones is looked at once."""
    latin = [p.removeprefix(_BEFORE) for n in names if (p := bounded(n)).startswith(_BEFORE)]
    han = [p for n in names if (p := bounded(n)) and not p.startswith(_BEFORE)]
    if latin:
        han.append(f"{_BEFORE}(?:{'|'.join(latin)})")
    return re.compile("|".join(han)) if han else None


class BrandFinder:
    """All brands of a market in one pattern, longest names first."""

    def __init__(self, brands: Iterable[Brand]) -> None:
        self._by_name: dict[str, Brand] = {}
        self._exact: dict[str, set[str]] = {}
        for brand in brands:
            for name in (brand.name, *brand.aliases):
                folded = _squeezed(bare(Folded(_INNER_CAPITAL.sub(" ", name.strip())).text))
                if folded:
                    self._by_name.setdefault(folded, brand)
                    self._exact.setdefault(folded, set()).add(name.strip())
        names = sorted(self._by_name, key=len, reverse=True)
        self._pattern = _one_of(names)

    def find(self, folded: Folded) -> tuple[Found, ...]:
        """Where the brands stand, in order, never overlapping."""
        if self._pattern is None:
            return ()
        found = []
        for match in self._pattern.finditer(bare(folded.text)):
            name = _squeezed(match[0])
            brand = self._by_name.get(name)
            if brand is None:  # "i phone" for "iPhone", "tp-link" for "TP Link"
                tight = name.replace(" ", "")
                brand = next(
                    (b for n, b in self._by_name.items() if n.replace(" ", "") == tight), None
                )
            if brand is None:
                continue
            written = folded.quote(*match.span())
            if len(name) <= 2 and name.isascii() and written not in self._exact.get(name, ()):
                continue
            found.append(Found(brand, *match.span()))
            if len(found) >= _MOST:
                break
        return tuple(found)


def masked(text: str, found: Sequence[Found]) -> str:
    """The text with every listed brand's name written as :data:`BRAND_LETTER`; positions stay.

    So rules speak of brands (``<brand>``) whatever they are called, and the words a name is made
    of ("Chợ Phiên", "Target") say nothing by themselves.
    """
    if not found:
        return text
    pieces: list[str] = []
    at = 0
    for place in found:
        pieces += (text[at : place.start], BRAND_LETTER * (place.end - place.start))
        at = place.end
    return "".join((*pieces, text[at:]))


def mentions_of(found: Sequence[Found], folded: Folded) -> tuple[Mention, ...]:
    """One mention per brand and way of writing it, in order of first appearance."""
    seen: dict[tuple[str, str], Mention] = {}
    for place in found:
        written = folded.quote(place.start, place.end)
        seen.setdefault(
            (place.brand.name, written),
            Mention(brand=place.brand.name, text=written, key=place.brand.key),
        )
    return tuple(seen.values())


def _squeezed(name: str) -> str:
    return re.sub(r"[\s-]+", " ", name).strip()
