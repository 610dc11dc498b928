"""The main offer of a product page, read from what a visitor sees."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from crawlers.extract.marks import AREA_BITS, GROUP_BITS
from crawlers.extract.outline import Block, Outline
from crawlers.extract.prices import Hints, Price, find_prices
from crawlers.folding import fold
from crawlers.items import Offer
from crawlers.words import Availability

_PRICE, _PRODUCT = GROUP_BITS["price"], GROUP_BITS["product"]
_OTHERS = GROUP_BITS["related"] | GROUP_BITS["card"] | GROUP_BITS["products"]
_ELSEWHERE = GROUP_BITS["popup"] | GROUP_BITS["ship"] | GROUP_BITS["filter"]
_CART = GROUP_BITS["cart"]
_BUTTON, _STOCK = GROUP_BITS["button"], GROUP_BITS["stock"]
_OLD_NAMES = re.compile(
    r"\b(?:was|rrp|msrp|list price|reg(?:ular)?\.? price|before|old|save|saving|you save|shipping"
    r"|delivery|installment|deposit|versand|statt|uvp)\b|giá gốc|giá cũ|giá niêm yết|tiết kiệm"
    r"|phí ship|原价|市场价|划线价|运费|立省|节省|定价|total|gesamt|totale|combined|together"
    r"|unverb\.|preisempf|prezzo consigliato|precio recomendado|prix conseill|per month|/mo\b"
    r"|a month|monthly|rate\b|starting price|\d ?%",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{2,39}")
_LABELLED = re.compile(r"^(.{2,30}?)\s*[:：#.]\s*(\S.{1,60})$")


@lru_cache(maxsize=1)
def offer_words() -> Mapping[str, frozenset[str]]:
    """The word lists of ``offer_words.toml``, folded, all languages together."""
    source = files("crawlers.extract").joinpath("offer_words.toml").read_text("utf-8")
    return {
        name: frozenset(fold(word) for words in languages.values() for word in words)
        for name, languages in tomllib.loads(source).items()
    }


@dataclass(slots=True, kw_only=True)
class Around:
    """The blocks of a product page that may speak of its offer, and the prices in them."""

    blocks: list[Block]
    hints: Hints
    start: int
    prices: list[tuple[int, Block, Price]] = field(default_factory=list)

    @classmethod
    def of(cls, outline: Outline, hints: Hints, title: str) -> "Around":
        """Gather the prices of a page's short blocks, from the product's heading on."""
        start = heading_of(outline, title)
        found = cls(blocks=outline.blocks, hints=hints, start=start)
        for at, block in enumerate(outline.blocks[:3_000]):
            if len(block.text) <= 160 and block.place == "body":
                for price in find_prices(block.text, hints)[:4]:
                    found.prices.append((at, block, price))
            if len(found.prices) > 400:
                break
        return found

    def text_for(self, amount: Decimal) -> str | None:
        """The words in which an amount stands on the page."""
        return next((price.text for _, _, price in self.prices if price.amount == amount), None)


def heading_of(outline: Outline, title: str) -> int:
    """The block that names the page's subject: of the ``h1`` the one that shares most words with
    the title, else the first other block that repeats the title's start; -1 where there is none.
    """
    wanted = set(re.findall(r"\w+", title.lower()))
    best = (0.0, -1)
    for at, block in enumerate(outline.blocks[:2_000]):
        text = block.text
        if block.tag != "h1" and not (8 <= len(text) <= 250 and title.startswith(text[:60])):
            continue
        words = set(re.findall(r"\w+", text.lower()[:300]))
        share = len(words & wanted) / (len(words) + 3) if words else 0.0
        score = share + (0.3 if block.tag == "h1" else 0.0)
        if score > best[0]:
            best = (score, at)
    return best[1]


def page_offer(around: Around) -> Offer | None:
    """The price, availability and number of the page's product, as shown near its title."""
    state = _availability(around)
    price = best_price(around, floor=2.0 if state in ("OutOfStock", "Discontinued") else -1.0)
    sku, brand = _labelled(around)
    sold = sold_count(around.blocks)
    if price is None and state is None and sku is None:
        return None
    name = around.blocks[around.start].text[:300] if around.start >= 0 else None
    return Offer(
        name=name,
        price=price.amount if price else None,
        price_max=price.highest if price else None,
        currency=price.currency if price else None,
        period=price.period if price else None,
        unit=price.unit if price else None,
        price_text=price.text if price else None,
        availability=state,
        sku=sku,
        brand=brand,
        sold_count=sold,
    )


def current_price(around: Around, declared: Decimal) -> Price | None:
    """The price now asked where the page shows the declared one as the old price beside it."""
    for at, block, price in around.prices:
        if price.amount != declared or (at < around.start):
            continue
        if at - around.start > 60:
            break
        if block.struck or _OLD_NAMES.search(block.text):
            beside = [
                other
                for where, near, other in around.prices
                if abs(where - at) <= 4
                and other.amount is not None
                and declared * Decimal("0.1") < other.amount < declared
                and not near.struck
                and not (where != at and _OLD_NAMES.search(near.text))
            ]
            return beside[0] if beside else None
    return None


def best_price(around: Around, floor: float) -> Price | None:
    """The likeliest of the page's prices to be the product's; ``None`` below the floor."""
    best: tuple[float, Price] | None = None
    words = offer_words()["price"]
    for at, block, price in around.prices:
        if price.amount is None:
            continue
        distance = at - around.start if around.start >= 0 else at
        score = -min(abs(distance), 200) / 25 - (1 if distance < -15 else 0)
        names = block.near | block.far
        if block.near & _PRICE:
            score += 2
        if names & _PRODUCT:
            score += 0.5
        if block.near & _OTHERS:
            score -= 1.5
        elif block.near & GROUP_BITS["list"]:
            score -= 0.4
        if names & _ELSEWHERE:
            score -= 0.7
        before = around.blocks[at - 1].text if at else ""
        label = before if len(before) < 30 else ""
        if block.struck or _OLD_NAMES.search(block.text) or _OLD_NAMES.search(label):
            score -= 2.5
        if block.hidden:
            score -= 0.5
        if block.linked * 2 > len(block.text):
            score -= 1
        if len(block.text) <= len(price.text) + 12:
            score += 1
        elif price.start > 30:
            score -= 0.5
        if block.areas & (AREA_BITS["aside"] | AREA_BITS["nav"]):
            score -= 1
        if price.amount == 0:
            score -= 2
        label = f"{label} {block.text[: price.start]}" if price.start < 30 else label
        if any(word in words for word in re.findall(r"\w+", fold(label))):
            score += 1.5
        if best is None or score > best[0]:
            best = (score, price)
    return best[1] if best and best[0] > floor else None


def _availability(around: Around) -> Availability | None:
    """The nearest words after the title that say so; words of lack before words of plenty."""
    words = offer_words()
    first: dict[str, float] = {}
    for at, block in enumerate(around.blocks[:2_000]):
        if len(block.text) > 120 or block.place != "body":
            continue
        folded = fold(block.text).strip(" .!*:›»✓")
        cart = block.near & _CART and block.near & (_BUTTON | _PRODUCT)
        distance = at - around.start if around.start >= 0 else at
        if distance < -20 or block.near & GROUP_BITS["related"]:
            continue
        for state in ("OutOfStock", "PreOrder", "Discontinued", "InStock"):
            if (
                folded in words[state]
                or re.split(r"[.,!;(:–-]", folded, maxsplit=1)[0].strip() in words[state]
                or (block.near & _STOCK and any(word in folded for word in words[state]))
            ):
                weight = abs(distance) + (60 if block.hidden else 0)
                if weight < first.get(state, 10_000):
                    first[state] = weight
                break
        else:
            if cart and (block.tag == "button" or block.near & _BUTTON) and distance < 80:
                first.setdefault("InStock", abs(distance) + 200)
    if not first:
        return None
    stock = first.get("InStock", 10_000)
    for state in ("OutOfStock", "Discontinued", "PreOrder"):
        if first.get(state, 10_000) < min(stock + 25, 9_000):
            return state  # type: ignore[return-value]
    return "InStock"


def _labelled(around: Around) -> tuple[str | None, str | None]:
    """Number and brand that stand beside their label: ``SKU: A-12``, ``ASIN`` | ``B0...``."""
    words = offer_words()
    sku = brand = None
    blocks = around.blocks[:3_000]
    for at, block in enumerate(blocks):
        text = block.text
        if len(text) > 90 or block.place != "body":
            continue
        match = _LABELLED.match(text)
        label, value = (match[1], match[2]) if match else (text, "")
        folded = fold(label).strip(" :#.\u200e\u200f：-")
        if not value and folded in words["sku"] | words["brand"] and at + 1 < len(blocks):
            value = blocks[at + 1].text if len(blocks[at + 1].text) <= 60 else ""
        if not value:
            value, folded = _after_label(text, words["sku"])
        if not value:
            continue
        if sku is None and folded in words["sku"]:
            code = _CODE.match(value.strip(" \u200e\u200f#:："))
            if code and any(char.isdigit() for char in code[0]):
                sku = code[0]
        elif brand is None and folded in words["brand"] and len(value) <= 60:
            brand = value.strip(" \u200e\u200f:：")
        if sku and brand:
            break
    return sku, brand


def _after_label(text: str, labels: frozenset[str]) -> tuple[str, str]:
    """``SKU 123-45`` without a colon."""
    parts = text.split()
    for size in (1, 2, 3):
        label = fold(" ".join(parts[:size])).strip(" :#.")
        if len(parts) == size + 1 and label in labels:
            return parts[-1], label
    return "", ""


@lru_cache(maxsize=1)
def _sold_pattern() -> re.Pattern[str]:
    pieces = [
        re.escape(word)
        .replace(r"\*", r"(\d[\d.,]{0,11})\s?(k|tr|万|w|nghin|ngan)?\+?")
        .replace(r"\ ", r"\s*")
        for word in sorted(offer_words()["sold"], key=len, reverse=True)
    ]
    return re.compile("|".join(f"(?:{piece})" for piece in pieces))


def sold_count(blocks: list[Block]) -> int | None:
    """How many were sold, as the page says ("Đã bán 1,2k", 月销 300+); the first such words."""
    for block in blocks[:2_000]:
        if len(block.text) > 60 or not any(char.isdigit() for char in block.text):
            continue
        match = _sold_pattern().search(fold(block.text))
        if match:
            groups = [group for group in match.groups() if group]
            count = counted(groups[0], groups[1] if len(groups) > 1 else "")
            if count is not None:
                return count
    return None


def counted(number: str, times: str) -> int | None:
    """``1,2`` and ``k`` -> 1200; ``1.234`` -> 1234; ``3`` and ``万`` -> 30000."""
    factor = {"k": 1000, "nghin": 1000, "ngan": 1000, "tr": 10**6, "万": 10**4, "w": 10**4}.get(
        times, 1
    )
    number = number.strip(".,")
    if factor > 1 and re.fullmatch(r"\d+[.,]\d{1,2}", number):
        value = Decimal(number.replace(",", "."))
    else:
        digits = re.sub(r"[.,]", "", number)
        if not digits:
            return None
        value = Decimal(digits)
    return int(value * factor)
