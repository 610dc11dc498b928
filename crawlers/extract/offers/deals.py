"""What a card of many offers takes off its price, and the offer made of all that was found."""

from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import NamedTuple

from crawlers.extract.offers.counts import sold_in
from crawlers.extract.offers.mentions import Mention
from crawlers.extract.offers.promotions import promotion_in, proves_discount
from crawlers.extract.outline import Block
from crawlers.extract.prices.reading import Hints, Price, find_prices
from crawlers.items import Offer

_MOST_OFF = 20  # an old price more than so many times the new one is another product's


class Deal(NamedTuple):
    """The price before, the words of the promotion, how many were sold."""

    before: Decimal | None = None
    promotion: str | None = None
    sold: int | None = None


NO_DEAL = Deal()


def deal_of(
    mention: Mention,
    inside: list[Mention],
    span: range,
    blocks: list[Block],
    promotions: AbstractSet[int],
    sales: AbstractSet[int],
    hints: Hints,
) -> Deal:
    """The struck, older or higher price in a card, and its promotion.

    :param inside: the mentions of the card, of which ``mention`` is the price now asked.
    :param promotions: the blocks that hold a cue of one; ``sales`` those that tell of sales.
    """
    now = mention.price.amount
    sold = next(filter(None, (sold_in(blocks[at].text) for at in span if at in sales)), None)
    if not now:
        return Deal(sold=sold)
    here = (mention.at, mention.price.start)
    olds = [m.price.amount for m in inside if m.old or (m.at, m.price.start) < here]
    others = [m.price.amount for m in inside if m.at > mention.at]
    for at in {*span, mention.at}:
        if blocks[at].struck:
            olds.extend(price.amount for price in find_prices(blocks[at].text, hints))
    own = blocks[mention.at]
    if "%" in own.text:
        others.extend(price.amount for price in find_prices(own.text, hints))
    part = [blocks[at] for at in span]
    olds.extend(other for other in others if other and proves_discount(part, other, now))
    before = max((old for old in olds if old and now < old < now * _MOST_OFF), default=None)
    texts = (blocks[at].text for at in span if at in promotions)
    return Deal(before, next(filter(None, map(promotion_in, texts)), None), sold)


def offer_of(name: str, price: Price, deal: Deal = NO_DEAL) -> Offer:
    """The offer of a name and a price."""
    return Offer(
        name=" ".join(name.split())[:300],
        price=price.amount,
        price_max=price.highest,
        currency=price.currency,
        period=price.period,
        unit=price.unit,
        price_text=price.text[:200],
        promotion=deal.promotion,
        price_before=deal.before,
        sold_count=deal.sold,
    )
