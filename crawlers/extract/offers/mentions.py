"""Where a page speaks of money: each mention of a price, and what kind of mention it is.

A number with a currency is not yet an offer: pages also tell of savings, funds, salaries and the
order from which delivery is free. Here the words around an amount are weighed; what belongs to
what is the business of :mod:`crawlers.extract.offers.cards`. The words: ``words.toml``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from crawlers.extract.marks import GROUP_BITS
from crawlers.extract.offers.counts import sold_in
from crawlers.extract.offers.promotions import proves_discount
from crawlers.extract.offers.spots import Spots, may_hold_money
from crawlers.extract.offers.words import offer_words, words_of
from crawlers.extract.outline import Block
from crawlers.extract.prices.reading import Hints, Price, find_prices, read_word, squeezed, terms_of
from crawlers.extract.prices.sense import gives
from crawlers.folding import fold

Form = Literal["bare", "named", "prose", "word"]

_PRICE = GROUP_BITS["price"]
_ELSEWHERE = GROUP_BITS["cart"] | GROUP_BITS["filter"]
_LONGEST = 600  # characters of a block read for money
_LONGEST_NAME = 140
_A_LITTLE_LESS = Decimal("0.99")  # "1,893.54" is often followed by its own whole part
_NEAR = 32  # characters before an amount in which words speak of it
_EDGES = " \t-–—:：|｜·•・,，.。…=＝→>»*✓✔()（）[]【】/、;；~～_"
_PARTS = re.compile(r"[:：|｜=＝→…]|\.{3,}|\s[-–—]\s*$|[-–—]\s*$|[(（]\s*$|[·・]{2,}")
_SENTENCE = re.compile(r"[。！？!?]|[.;]\s+\S|；")
_CLAUSES = re.compile(r"[.;。；！!?？]\s")
_STOPS = re.compile(r"[.;!?]\s|[。；！？]")
_LARGE = re.compile(r"^[$€£]\s?\d[\d.,]*\s?(?:[mb]|bn|mm|mio|million|billion)\b", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Mention:
    """A price at a block.

    ``form``: ``bare`` (the name stands elsewhere), ``named`` (name and price in one text),
    ``prose`` (inside a sentence), ``word`` ("free", "ask us"). ``name`` is the text before the
    amount (named), or the one after it (bare). ``told`` says that words or a period show it to be
    what something costs; ``old`` that it is no longer asked.
    """

    at: int
    price: Price
    form: Form
    name: str = ""
    told: bool = False
    old: bool = False


@lru_cache(maxsize=4_096)
def is_label(text: str) -> bool:
    """Whether a text says no more than that a price stands here: "Price from", 每月仅需."""
    if len(text) > 80:
        return False
    return not any(map(str.isalpha, words_of("label").without(fold(text))))


@lru_cache(maxsize=4_096)
def is_badge(text: str) -> bool:
    """Whether a text is a mark or call set on a card: "Most popular", 推荐, "Learn more"."""
    folded = fold(text).strip(" .!★☆⭐🔥*>›→»")
    return folded in offer_words()["badge"] or folded in offer_words()["call"]


def _is_old(before: str) -> bool:
    """Whether the words before an amount say it is no longer asked; the last ones count: "Regular
    price Sale price 19.99" tells the price of the sale.
    """
    old = words_of("old").spans(before)
    now = words_of("current").spans(before)
    return bool(old) and (not now or old[-1][1] > now[-1][1])


def is_name(text: str) -> bool:
    """Whether a text can be what an offer is called: letters, no price, label or badge."""
    if not 1 <= len(text) <= _LONGEST_NAME:
        return False
    letters = sum(map(str.isalpha, text))
    if (
        not letters
        or (letters == 1 and text.isascii() and len(text) > 1)
        or letters * 4 < len(text)
    ):
        return False
    if is_label(text) or is_badge(text) or (text[0].islower() and len(text.split()) > 3):
        return False
    if not any(map(str.isdigit, text)) or not may_hold_money(text):
        return True
    return not find_prices(text, Hints(lang="vi"))


def mentions_of(
    blocks: list[Block], numbers: list[int], spots: Spots, hints: Hints, *, most: int = 400
) -> list[Mention]:
    """Every mention of a price in a page's blocks, in their order.

    :param numbers: the number of each block in the page's outline, ascending.
    """
    place = {number: at for at, number in enumerate(numbers)}
    money = set(spots.money)
    found: list[Mention] = []
    for number in sorted(money.union(spots.words)):
        at = place.get(number)
        if at is None:
            continue
        block = blocks[at]
        if len(block.text) > _LONGEST or block.near & _ELSEWHERE or block.tag == "option":
            continue
        if number in money:
            here = list(_in_block(block, at, hints))
            if block.struck:
                here = _current(here)
            else:
                _mark_old(here)
            found.extend(here[:12])
        elif block.tag not in ("h1", "h2"):
            price = read_word(block.text)
            if price is not None:
                found.append(Mention(at=at, price=price, form="word"))
        if len(found) >= most:
            break
    return found


def _in_block(block: Block, at: int, hints: Hints) -> Iterator[Mention]:
    """The mentions of a block, line by line: a line without a price names the next one's."""
    above = ""
    for line in block.lines or (block.text,):
        mentions = list(_in_line(line, at, block, hints))
        for mention in mentions[:1]:
            name = above or (mention.name if block.tag == "li" else "")
            if mention.form == "bare" and is_name(name):
                mention.form, mention.name = "named", name
        yield from mentions
        above = "" if mentions else line


def _current(here: list[Mention]) -> list[Mention]:
    """Of the prices of a block with struck words: the lower one; a single one is the old one."""
    amounts = [m for m in here if m.price.amount is not None]
    if len({m.price.amount for m in amounts}) < 2:
        return []
    current = min(amounts, key=lambda m: m.price.amount or 0)
    first = amounts[0]
    if current.form == "bare" and first.form == "named":  # "Basic: $70 $50", the 70 struck
        current.form, current.name = "named", first.name
    current.told = any(m.told for m in amounts)  # "Fee: $70 now $50"
    current.old = False
    return [current]


def _mark_old(here: list[Mention]) -> None:
    """An amount that a block calls old is old wherever it stands in it: shop themes say it once
    struck out and once in words, for those who do not see it.
    """
    old = {mention.price.amount for mention in here if mention.old}
    if any(mention.price.amount not in old for mention in here):
        for mention in here:
            mention.old = mention.price.amount in old


def _in_line(line: str, at: int, block: Block, hints: Hints) -> Iterator[Mention]:
    prices = find_prices(line, hints)
    if len(prices) > 1 and "%" in block.text and not block.struck:
        prices = _without_old(prices, block)
    floor = 0
    for number, price in enumerate(prices):
        limit = prices[number + 1].start if number + 1 < len(prices) else len(line)
        mention = _mention(line[floor : price.start], price, line[price.end : limit], at, block)
        floor = price.end
        if mention is None:
            continue
        last = limit == len(line) and not block.struck
        if number and mention.form == "bare" and not mention.old and last:
            previous = prices[number - 1]
            same_terms = previous.period == price.period or price.period is None
            if same_terms and not _lower(price, previous):
                continue  # "€80 / $90": the same in another currency, or a part of it
        yield mention


def _lower(price: Price, previous: Price) -> bool:
    """Whether a price follows a higher one of its currency: the old one stood first."""
    low, high = price.amount, previous.amount
    if not low or not high or price.currency != previous.currency:
        return False
    return low < high * _A_LITTLE_LESS


def _without_old(prices: list[Price], block: Block) -> list[Price]:
    """The prices but those of which a percentage beside them makes another: "$20 $15 -25%"."""
    amounts = [price.amount for price in prices if price.amount]
    old = {high for high in amounts for low in amounts if proves_discount([block], high, low)}
    return [price for price in prices if price.amount not in old]


def _mention(before: str, price: Price, after: str, at: int, block: Block) -> Mention | None:
    told = price.period is not None or price.unit is not None or price.lowest
    if not before.strip() and not after.strip():  # by far the most: nothing but the amount
        if _LARGE.match(price.text):
            return None
        return Mention(at=at, price=price, form="bare", told=told or bool(block.near & _PRICE))
    left = fold(before)[-_NEAR:]
    clause = _CLAUSES.split(left)[-1]
    right = fold(after)[:24]
    if gives(clause) or _LARGE.match(price.text) or _begins(right.lstrip(" -–,，")):
        return None
    against = words_of("not_before").spans(clause)
    end = len(clause.rstrip(_EDGES + "$€£¥"))
    if against and against[-1][1] >= end:
        return None  # "over $50", "Delivery: $5"
    old = _is_old(clause)
    told = told or words_of("context").within(clause) or bool(block.near & _PRICE)
    name, parted = _name_before(before)
    rest = after.strip(_EDGES)
    if not name:
        short = len(rest) <= 60 and not _SENTENCE.search(rest)
        form: Form = "bare" if short or is_label(rest) else "prose"
        mention = Mention(at=at, price=price, form=form, told=told, old=old)
        mention.name = rest if short and _opens_a_name(rest) else ""
        if form == "prose" and not _sold(before):
            return None
        return mention
    words = re.findall(r"[a-z0-9&']+|[\u3400-\u9fff]", fold(name))
    bare = fold(name).rstrip()
    ends = any(end == len(bare) for _, end in words_of("verb").spans(bare))
    sentence = bool(_SENTENCE.search(name)) or len(words) > (16 if parted else 9)
    tail = len(rest) <= 40 or (parted and len(rest) <= 240) or after.lstrip()[:1] in ("(", "（")
    named = is_name(name) and not sentence and tail and (parted or not ends)
    if named and not parted and block.tag == "p" and not told and len(block.text) > 70:
        named = False
    if named and not parted and against and against[0][0] == 0 and len(clause) == len(fold(before)):
        named = False  # "Saved our clients $7,500"
    form = "named" if named else "prose"
    if not named and (against or not _sold(before)):
        return None
    return Mention(at=at, price=price, form=form, name=name if named else "", told=told, old=old)


def _begins(right: str) -> bool:
    """Whether the words after an amount begin with one that makes other money of it."""
    return any(start == 0 for start, _ in words_of("not_after").spans(right))


def _opens_a_name(text: str) -> bool:
    """Whether the words after an amount can be a name: "$5 Flat white", not "$5 for members"."""
    return bool(text) and not (text[0].isascii() and text[0].islower()) and not is_label(text)


def _sold(before: str) -> bool:
    """Whether a sentence speaks of what is sold: nothing in it tells of other money."""
    clause = _STOPS.split(fold(before)[-200:])[-1]
    return not words_of("not_before").within(clause)


def _name_before(before: str) -> tuple[str, bool]:
    """The name in the text before an amount, labels at its end cut; whether a mark parts them."""
    text = before.strip(" \t•·*✓✔-–—")
    parted = False
    for _ in range(4):
        cut = text.rstrip(" \t")
        bare = cut.rstrip(_EDGES)
        parted = parted or bool(_PARTS.search(cut[len(bare) - len(cut) - 1 :] if bare else cut))
        pieces = re.split(r"[:：|｜,，(（]|\s[-–—]\s|\s{2,}", bare)
        last = pieces[-1]
        if len(pieces) > 1 and last.strip() and is_label(last.strip()):
            text, parted = bare[: len(bare) - len(last)], True
            continue
        trimmed = _label_end().sub("", bare)
        if trimmed == bare:
            text = bare
            break
        text = trimmed
    text = text.strip(_EDGES)
    return ("", parted) if is_label(text) else (text, parted)


@lru_cache(maxsize=1)
def _label_end() -> re.Pattern[str]:
    ends = (
        "from", "only", "just", "starting at", "starts at", "starting from", "as low as", "price",
        "giá từ", "giá chỉ từ", "chỉ từ", "chỉ còn", "giá", "từ", "仅需", "只需", "低至", "售价",
        "价格", "價格", "售價", "僅需", "每月", "每年", "每位", "每人", "起价", "收费", "收費",
        "now",
    )  # fmt: skip
    words = "|".join(sorted(ends, key=len, reverse=True))
    return re.compile(rf"(?:(?<=\s)|(?<=[\u3400-\u9fff])|^)(?:{words})\s*$", re.IGNORECASE)


def with_terms_of(price: Price, after: str) -> Price:
    """A price with period and unit of the short block after it ("$29" and "/month")."""
    if price.period is not None or not price.amount or len(after) > 40 or sold_in(after):
        return price
    period, unit, _ = terms_of(squeezed(after if after[:1] == "/" else f" {after}"))
    if period is None and unit is None:
        return price
    return replace(
        price, period=period, unit=price.unit or unit, text=f"{price.text} {after}".strip()
    )
