"""The main offer of a product page, read from what a visitor sees."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from crawlers.extract.marks import AREA_BITS, GROUP_BITS
from crawlers.extract.offers.promotions import promotion_in, proves_discount
from crawlers.extract.offers.spots import STATES, Spots
from crawlers.extract.offers.words import offer_words
from crawlers.extract.outline import Block, Outline
from crawlers.extract.prices.reading import Hints, Price, priced_by_sense
from crawlers.folding import fold
from crawlers.items import Offer
from crawlers.words import Availability

_PRICE, _PRODUCT = GROUP_BITS["price"], GROUP_BITS["product"]
_OTHERS = GROUP_BITS["related"] | GROUP_BITS["card"] | GROUP_BITS["products"]
_ELSEWHERE = GROUP_BITS["popup"] | GROUP_BITS["ship"] | GROUP_BITS["filter"]
_CART = GROUP_BITS["cart"]
_CHOICE = GROUP_BITS["filter"]
_BUTTON, _STOCK = GROUP_BITS["button"], GROUP_BITS["stock"]
_OLD_NAMES = re.compile(
    r"\b(?:was|rrp|msrp|list price|reg(?:ular)?\.? price|before|old|save|saving|you save|shipping"
    r"|delivery|installment|deposit|versand|statt|uvp)\b|giá gốc|giá cũ|giá niêm yết|tiết kiệm"
    r"|phí ship|原价|市场价|划线价|运费|立省|节省|定价|total|gesamt|totale|combined|together"
    r"|unverb\.|preisempf|prezzo consigliato|precio recomendado|prix conseill|per month|/mo\b"
    r"|a month|monthly|rate\b|starting price|\d ?%",
    re.IGNORECASE,
)
_CLOSE = 20  # blocks after the heading in which the product's own price stands
_FAR = 300  # blocks after the heading; prices beyond are of other products
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{2,39}")
_FIRST_PART = re.compile(r"[.,!;(:–-]")
_LABELLED = re.compile(r"^(.{2,30}?)\s*[:：#.]\s*(\S.{1,60})$")


@dataclass(slots=True, kw_only=True)
class Around:
    """The blocks of a product page that may speak of its offer, and the prices in them."""

    blocks: list[Block]
    hints: Hints
    spots: Spots
    start: int
    title: str
    prices: list[tuple[int, Block, Price]] = field(default_factory=list)

    @classmethod
    def of(cls, outline: Outline, spots: Spots, hints: Hints, title: str) -> "Around":
        """Gather the prices of a page's short blocks, from the product's heading on."""
        start = heading_of(outline, title)
        found = cls(blocks=outline.blocks, hints=hints, spots=spots, start=start, title=title)
        for at in spots.money:
            block = outline.blocks[at]
            if len(block.text) <= 160 and found.in_reach(block):
                for price, sense in priced_by_sense(block.text, hints)[:4]:
                    if sense != "other":
                        found.prices.append((at, block, price))
            if len(found.prices) > (400 if at < start + _FAR else 40):
                break
        return found

    def in_reach(self, block: Block) -> bool:
        """Whether a block is of the body, or of the header where the product stands in it."""
        if block.place == "body":
            return True
        return self.start >= 0 and block.region == self.blocks[self.start].region

    def text_for(self, amount: Decimal) -> str | None:
        """The words in which an amount stands on the page."""
        return next((price.text for _, _, price in self.prices if price.amount == amount), None)


def heading_of(outline: Outline, title: str) -> int:
    """The block that names the page's subject: of the ``h1`` the one that shares most words with
    the title, else the first other block that repeats the title's start; -1 where there is none.
    """
    wanted = set(re.findall(r"\w+", title.lower()))
    begins = title[:8]
    best = (0.0, -1)
    for at, block in enumerate(outline.blocks[:2_000]):
        text = block.text
        if block.tag != "h1" and not (
            text[:8] == begins and 8 <= len(text) <= 250 and title.startswith(text[:60])
        ):
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
    labels = labelled(around)
    sku = labels.sku or labels.model
    sold = sold_count(around)
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
        brand=labels.brand,
        sold_count=sold,
    )


def current_price(around: Around, declared: Decimal) -> Price | None:
    """The price now asked where the page shows the declared one as the old price beside it: struck
    out, named so, or with the percentage that both differ by.
    """
    for at, block, price in around.prices:
        if price.amount != declared or (at < around.start):
            continue
        if at - around.start > 60:
            break
        beside = [
            other
            for where, near, other in around.prices
            if abs(where - at) <= 4
            and other.amount is not None
            and declared * Decimal("0.1") < other.amount < declared
            and (not near.struck or (where == at and _side_by_side(block, price, other)))
            and not (where != at and _OLD_NAMES.search(near.text))
        ]
        old = block.struck or bool(_OLD_NAMES.search(block.text))
        if beside:
            part = around.blocks[max(0, at - 4) : at + 5]
            if old or proves_discount(part, declared, beside[0].amount or Decimal(0)):
                return beside[0]
        if not old and (block.near & _PRICE or at - around.start <= _CLOSE):
            return None  # it stands as it is where prices stand: it is asked
    return None


def _side_by_side(block: Block, first: Price, second: Price) -> bool:
    """Whether no word stands between two amounts of a block: "$195, or $185 if you subscribe"."""
    return not any(map(str.isalpha, block.text[first.end : second.start]))


def price_before(around: Around, now: Decimal, currency: str | None) -> Decimal | None:
    """The higher price that stands struck out, named as old or proved by a percentage within a few
    blocks of the price now asked.
    """
    floor = around.start - 15
    places = [at for at, _, price in around.prices if price.amount == now and at >= floor]
    for place in places[:3]:
        for at, block, price in around.prices:
            if abs(at - place) > 4 or price.amount is None or not now < price.amount < now * 20:
                continue
            if currency and price.currency and price.currency != currency:
                continue
            label = around.blocks[at - 1].text if at else ""
            old = (
                block.struck
                or _OLD_NAMES.search(block.text)
                or (len(label) < 30 and _OLD_NAMES.search(label))
            )
            part = around.blocks[max(0, place - 4) : place + 5]
            if old or proves_discount(part, price.amount, now):
                return price.amount
    return None


def promotion_near(around: Around, now: Decimal) -> str | None:
    """The promotion told beside the price: six blocks before it to eight after it."""
    for at, block, price in around.prices:
        if price.amount == now and at >= around.start - 15 and not block.near & _OTHERS:
            near = (n for n in around.spots.promotions if at - 6 <= n <= at + 8)
            told = (
                promotion_in(around.blocks[n].text)
                for n in near
                if not around.blocks[n].near & _OTHERS
            )
            return next(filter(None, told), None)
    return None


def best_price(around: Around, floor: float) -> Price | None:
    """The likeliest of the page's prices to be the product's; ``None`` below the floor."""
    best: tuple[float, Price] | None = None
    words = offer_words()["price"]
    asked = _lower_of_two(around)
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
        if block.near & _CHOICE:
            score -= 1  # the price of another size or colour
        before = around.blocks[at - 1].text if at else ""
        label = before if len(before) < 30 else ""
        now = block.struck and price.amount == asked.get(at)
        if not now and (block.struck or _OLD_NAMES.search(block.text) or _OLD_NAMES.search(label)):
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


def _lower_of_two(around: Around) -> dict[int, Decimal]:
    """The lowest amount of each block that holds a struck one beside it."""
    found: dict[int, list[Decimal]] = {}
    for at, block, price in around.prices:
        if block.struck and price.amount:
            found.setdefault(at, []).append(price.amount)
    return {at: min(amounts) for at, amounts in found.items() if len(amounts) > 1}


def _availability(around: Around) -> Availability | None:
    """The nearest words after the title that say so; words of lack before words of plenty."""
    words = offer_words()
    first: dict[str, float] = {}
    for at in around.spots.states:
        block = around.blocks[at]
        if len(block.text) > 120 or not around.in_reach(block):
            continue
        distance = at - around.start if around.start >= 0 else at
        if distance < -20 or block.near & GROUP_BITS["related"]:
            continue
        folded = fold(block.text).strip(" .!*:›»✓")
        for state in STATES:
            if (
                folded in words[state]
                or _FIRST_PART.split(folded, maxsplit=1)[0].strip() in words[state]
                or (block.near & _STOCK and any(word in folded for word in words[state]))
                or (state == "InStock" and _calls_to_buy(block, folded))
            ):
                weight = abs(distance) + (60 if block.hidden else 0)
                if weight < first.get(state, 10_000):
                    first[state] = weight
                break
    if "InStock" not in first:
        _cart_button(around, first)
    if not first:
        return None
    stock = first.get("InStock", 10_000)
    for state in ("OutOfStock", "Discontinued", "PreOrder"):
        if first.get(state, 10_000) < min(stock + 25, 9_000):
            return state  # type: ignore[return-value]
    return "InStock"


def _calls_to_buy(block: Block, folded: str) -> bool:
    """Whether a button begins with words of a purchase: "Buy tickets now", "Add to cart - $25"."""
    if len(folded) > 40 or not (block.tag == "button" or block.linked or block.near & _BUTTON):
        return False
    return any(folded.startswith(f"{word} ") for word in offer_words()["InStock"])


def _cart_button(around: Around, first: dict[str, float]) -> None:
    """A button of the cart, whatever it says, is a weak sign of stock."""
    for at in range(max(0, around.start - 20), min(len(around.blocks), around.start + 80)):
        block = around.blocks[at]
        if not (block.near & _CART and block.near & (_BUTTON | _PRODUCT)):
            continue
        button = block.tag == "button" or block.near & _BUTTON
        if button and len(block.text) <= 120 and around.in_reach(block):
            first["InStock"] = abs(at - around.start) + 200
            return


class Labelled(NamedTuple):
    """What stands beside its label: the shop's number, the maker's number, the brand."""

    sku: str | None
    model: str | None
    brand: str | None


def labelled(around: Around) -> Labelled:
    """Numbers and brand beside their labels, the first of each: ``SKU: A-12``."""
    words = offer_words()
    labels = words["sku"] | words["model"] | words["brand"]
    found: dict[str, str] = {}
    blocks = around.blocks
    for at in around.spots.labels:
        block = blocks[at]
        text = block.text
        if len(text) > 90 or not around.in_reach(block):
            continue
        match = _LABELLED.match(text)
        label, value = (match[1], match[2]) if match else (text, "")
        folded = fold(label).strip(" :#.\u200e\u200f：-")
        if not value and folded in labels and at + 1 < len(blocks):
            value = blocks[at + 1].text if len(blocks[at + 1].text) <= 60 else ""
        if not value:
            value, folded = _after_label(text, words["sku"] | words["model"])
        if not value:
            continue
        value = value.strip(" \u200e\u200f#:：")
        for group in ("sku", "model"):
            if group not in found and folded in words[group]:
                code = _CODE.match(value)
                if code and any(char.isdigit() for char in code[0]):
                    found[group] = code[0]
        if "brand" not in found and folded in words["brand"] and len(value) <= 60:
            found["brand"] = value
    return Labelled(found.get("sku"), found.get("model"), found.get("brand"))


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


def sold_count(around: Around) -> int | None:
    """How many were sold, as the page says ("Đã bán 1,2k", 月销 300+); the first such words."""
    for at in around.spots.sold:
        block = around.blocks[at]
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
