"""Many offers on one page: plans of a pricing table, rows of a price list, cards of a shop."""

from crawlers.extract.marks import GROUP_BITS
from crawlers.extract.outline import Block, Outline
from crawlers.extract.prices import Hints, Price, find_prices, read_price, terms_of
from crawlers.items import Offer
from crawlers.words import PageKind

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLE, _RELATED = GROUP_BITS["title"], GROUP_BITS["related"]
_ELSEWHERE = GROUP_BITS["cart"] | GROUP_BITS["filter"]
_LONGEST_NAME = 140
_LONGEST_PRICE = 90
_BACK = 8  # blocks above a price in which its name stands
_MOST = 80


def cards_of(outline: Outline, hints: Hints, kind: PageKind) -> list[Offer]:
    """Every name with a price under, beside or above it.

    Rows of tables: the name is the row's first cell. Plans: the heading above. Cards: the linked
    or titled block before the price, else the one after.

    :param kind: "free" and "ask us" count as prices on pricing pages only: elsewhere they are
        ordinary words.
    """
    blocks = [block for block in outline.blocks if block.place == "body"][:4_000]
    found: list[Offer] = []
    used: set[int] = set()
    for at, block in enumerate(blocks):
        if len(found) >= _MOST:
            break
        if len(block.text) > _LONGEST_PRICE or block.struck or block.near & _ELSEWHERE:
            continue
        price = _price_in(block, hints, pricing=kind == "pricing")
        if price is None:
            continue
        name_at = _name_for(blocks, at, price, pricing=kind == "pricing")
        if name_at is None or (name_at in used and kind != "pricing"):
            continue
        if name_at in used:
            continue  # a second price of the same plan: the yearly one, the old one
        used.add(name_at)
        found.append(_offer(blocks, at, name_at, price))
    return found


def _price_in(block: Block, hints: Hints, *, pricing: bool) -> Price | None:
    if any(char.isdigit() for char in block.text):
        prices = find_prices(block.text, hints)
        if prices:
            return prices[0]
        return None
    if not pricing or block.tag in ("li", "a") or block.linked:
        return None
    return read_price(block.text, hints)


def _name_for(blocks: list[Block], at: int, price: Price, *, pricing: bool) -> int | None:
    block = blocks[at]
    own = (block.text[: price.start] + block.text[price.end :]).strip(" -–—:：|·,.")
    if block.tag in ("td", "th"):
        row = [i for i in range(max(0, at - 12), at) if blocks[i].outer == block.outer]
        named = [i for i in row if any(c.isalpha() for c in blocks[i].text)]
        if named:
            return named[0]
    if pricing:
        for back in range(at - 1, max(-1, at - _BACK - 1), -1):
            candidate = blocks[back]
            titled = candidate.tag in _HEADINGS or candidate.near & _TITLE
            if titled and _is_name(candidate):
                return back
        for back in range(at - 1, max(-1, at - 3), -1):
            if _is_name(blocks[back]) and len(blocks[back].text) < 40:
                return back
        return at if len(own) > 2 and any(c.isalpha() for c in own) else None
    best: tuple[float, int] | None = None
    for back in range(at - 1, max(-1, at - _BACK - 1), -1):
        candidate = blocks[back]
        if not _is_name(candidate):
            continue
        score = -0.6 * (at - back)
        score += 2 if candidate.tag in _HEADINGS or candidate.near & _TITLE else 0
        score += 1.5 if candidate.linked * 2 > len(candidate.text) else 0
        score += min(len(candidate.text), 60) / 60
        if best is None or score > best[0]:
            best = (score, back)
    if best and best[0] > 0:
        return best[1]
    if at + 1 < len(blocks) and blocks[at + 1].linked and _is_name(blocks[at + 1]):
        return at + 1
    return best[1] if best and best[0] > -1.5 else None


def _is_name(block: Block) -> bool:
    text = block.text
    if not 2 <= len(text) <= _LONGEST_NAME or block.struck or block.tag in ("button", "del"):
        return False
    letters = sum(char.isalpha() for char in text)
    return letters >= 2 and letters * 3 > len(text) and not find_prices(text, Hints(lang="vi"))


def _offer(blocks: list[Block], at: int, name_at: int, price: Price) -> Offer:
    block = blocks[at]
    name = blocks[name_at].text
    if name_at == at:
        name = f"{block.text[: price.start]} {block.text[price.end :]}".strip(" -–—:：|·,.")
    period, unit, text = price.period, price.unit, price.text
    if period is None and price.amount and at + 1 < len(blocks):
        # "$29" and "/month" in blocks of their own
        after = blocks[at + 1].text
        if len(after) <= 40:
            period, more, _ = terms_of(after if after[:1] == "/" else f" {after}")
            unit = unit or more
            if period or more:
                text = f"{text} {after}".strip()
    return Offer(
        name=" ".join(name.split())[:300],
        price=price.amount,
        price_max=price.highest,
        currency=price.currency,
        period=period,
        unit=unit,
        price_text=text[:200],
    )
