"""The main offer of a product page, read from what a visitor sees."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from crawlers.extract.marks import AREA_BITS, GROUP_BITS
from crawlers.extract.offers.counts import rating_in, reviews_in, sold_in
from crawlers.extract.offers.heading import heading_of, others_from
from crawlers.extract.offers.mentions import is_label
from crawlers.extract.offers.promotions import promotion_in, proves_discount
from crawlers.extract.offers.spots import STATES, Spots
from crawlers.extract.offers.words import offer_words
from crawlers.extract.outline import Block, Outline
from crawlers.extract.prices.reading import Hints, Price, labels_word, priced_by_sense, read_word
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
_RATED = 25  # blocks after the heading in which its rating stands; later ones are of reviews
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
    limit: int = 0  # the block at which the page goes on to other products
    asked: Price | None = None  # the words in place of a price: "Contact us"

    @classmethod
    def of(cls, outline: Outline, spots: Spots, hints: Hints, title: str) -> "Around":
        """Gather the prices of a page's short blocks, from the product's heading on."""
        start = heading_of(outline, title)
        found = cls(blocks=outline.blocks, hints=hints, spots=spots, start=start, title=title)
        found.limit = others_from(outline.blocks, start)
        for at in spots.money:
            block = outline.blocks[at]
            if len(block.text) <= 160 and found.in_reach(block):
                for price, sense in priced_by_sense(block.text, hints)[:4]:
                    if sense != "other":
                        found.prices.append((at, block, price))
            if len(found.prices) > (400 if at < start + _FAR else 40):
                break
        found.asked = _asked(found)
        return found

    def in_reach(self, block: Block) -> bool:
        """Whether a block is of the body, or of the header where the product stands in it."""
        if block.place == "body":
            return True
        return self.start >= 0 and block.region == self.blocks[self.start].region

    def text_for(self, amount: Decimal) -> str | None:
        """The words in which an amount stands on the page."""
        return next((price.text for _, _, price in self.prices if price.amount == amount), None)


def _asked(around: Around) -> Price | None:
    """The words that stand where the product's price would ("Liên hệ", 面议), where no price of
    its own stands: those of other products do not count, nor amounts in its description.
    """
    for at in around.spots.words:
        block = around.blocks[at]
        if not 0 <= at - around.start <= _FAR or at >= around.limit or block.near & _OTHERS:
            continue
        price = read_word(block.text) if around.in_reach(block) else None
        if price is None or price.amount is not None or block.tag in ("button", "option", "h1"):
            continue
        before = around.blocks[at - 1].text if at else ""
        marked = bool(block.near & _PRICE) or is_label(before) or labels_word(block.text)
        if not marked and (block.linked or at - around.start > _CLOSE):
            continue
        own = (
            near.near & _PRICE or where < at or not marked
            for where, near, other in around.prices
            if other.amount
            and around.start - 15 <= where < around.limit
            and not near.near & _OTHERS
        )
        return None if any(own) else price
    return None


def page_offer(around: Around) -> Offer | None:
    """The price, availability and number of the page's product, as shown near its title."""
    state = _availability(around)
    floor = 2.0 if state in ("OutOfStock", "Discontinued") else -1.0
    price = around.asked or best_price(around, floor=floor)
    labels = labelled(around)
    sku = labels.sku or labels.model
    rating, reviews = rating_near(around)
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
        rating=rating,
        review_count=reviews,
        sold_count=sold_count(around),
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
        if price.amount is None or at > around.limit > around.start >= 0:
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


def can_be_bought(around: Around) -> bool:
    """Whether a button or link of the cart or of buying stands on the page, whatever it says."""
    words = offer_words()["InStock"]
    for at in around.spots.states:
        text = fold(around.blocks[at].text)
        if len(text) <= 120 and any(word in text for word in words):
            return True
    return any(block.near & _CART and len(block.text) <= 60 for block in around.blocks)


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
            named = folded in words[group] or (match and f"{folded}:" in words[group])
            if group not in found and named:
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


def sold_count(around: Around) -> int | None:
    """How many were sold, as the page says; the first such words."""
    found = (sold_in(around.blocks[at].text) for at in around.spots.sold)
    return next((count for count in found if count is not None), None)


def rating_near(around: Around) -> tuple[Decimal | None, int | None]:
    """Rating (of five) and number of reviews in the short blocks right after the heading."""
    rating: Decimal | None = None
    count: int | None = None
    if around.start < 0:
        return rating, count
    for block in around.blocks[around.start + 1 : min(around.limit, around.start + _RATED)]:
        if around.in_reach(block) and not block.near & _OTHERS:
            rating = rating if rating is not None else rating_in(block.text)
            count = count if count is not None else reviews_in(block.text)
    return rating, count
