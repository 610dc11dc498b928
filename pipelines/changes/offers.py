"""What changed in what a page sells: prices, plans, promotions, availability."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from crawlers.folding import fold
from crawlers.items import Offer
from pipelines.changes.amounts import bare_money, money, move
from pipelines.changes.model import Change, PageFacts
from pipelines.changes.noise import steady, words_of
from pipelines.changes.promotions import promotions_of
from pipelines.changes.terms import other_terms

_RECURRING = frozenset({"day", "week", "month", "quarter", "year"})
_PLAN_PAGES = frozenset({"pricing"})
_STOCK = {
    "InStock": "available", "LimitedAvailability": "available", "OnlineOnly": "available",
    "InStoreOnly": "available", "OutOfStock": "sold out", "SoldOut": "sold out",
    "PreOrder": "on order", "PreSale": "on order", "BackOrder": "on order",
    "Discontinued": "discontinued",
}  # fmt: skip
"""schema.org/ItemAvailability by what it means to a buyer: "only 3 left" is a counter."""


@dataclass(frozen=True, slots=True)
class _Pair:
    old: Offer
    new: Offer


def compare_offers(old: PageFacts, new: PageFacts) -> Iterator[Change]:
    """The changes of a page's offers, matched by sku, name and period, never by their place.

    What else a product's page shows (related goods, drawn anew at every visit) is not compared:
    those have pages of their own.
    """
    if not old.offers or not new.offers:
        return  # a page that lost or got every offer at once was more likely misread than changed
    before, after = _compared(old), _compared(new)
    pairs, gone, come = _matched(before, after)
    strong = 2 if new.kind in ("collection", "listing", "article", "other") else 3
    for pair in pairs:
        yield from _pair(pair, strong)
    if old.kind != new.kind and not {old.kind, new.kind} & _PLAN_PAGES:
        return
    lost, won = [one for one in gone if _is_plan(one)], [one for one in come if _is_plan(one)]
    if {old.kind, new.kind} & _PLAN_PAGES:
        # What is sold once may be a fee of the list, or one of the goods shown beside it, which are
        # others at every visit: those come and go at once.
        goods_lost = [one for one in gone if not _is_plan(one)]
        goods_won = [one for one in come if not _is_plan(one)]
        if not (goods_lost and goods_won):
            lost, won = lost + goods_lost, won + goods_won
    else:
        lost = [one for one in lost if one.period in _RECURRING]
        won = [one for one in won if one.period in _RECURRING]
    yield from _plans(lost, won)


def _is_plan(offer: Offer) -> bool:
    """Paid again and again, free, or on request."""
    return offer.period in _RECURRING or not offer.price


def _compared(page: PageFacts) -> tuple[Offer, ...]:
    if page.kind != "product":
        return page.offers
    main, *others = page.offers
    return (main, *(offer for offer in others if offer.period in _RECURRING))


def _matched(
    before: tuple[Offer, ...], after: tuple[Offer, ...]
) -> tuple[list[_Pair], list[Offer], list[Offer]]:
    """Pairs of the same offer, those gone, those come."""
    pairs: list[_Pair] = []
    gone, come = list(before), list(after)
    for key in (_sku, _full_name, _name, _steady_name):
        olds, news = _grouped(gone, key), _grouped(come, key)
        for name in [name for name in olds if name in news]:
            pairs += _within(olds[name], news[name])
            gone = [offer for offer in gone if all(offer is not one for one in olds[name])]
            come = [offer for offer in come if all(offer is not one for one in news[name])]
    for offer in list(come):  # the same price, nearly the same name: a badge came or went
        alike = next((was for was in gone if _nearly(was, offer)), None)
        if alike is not None:
            pairs.append(_Pair(alike, offer))
            gone = [one for one in gone if one is not alike]
            come = [one for one in come if one is not offer]
    return pairs, gone, come


def _within(olds: list[Offer], news: list[Offer]) -> Iterator[_Pair]:
    """Offers of one name (variants of a product): paired by what they cost, in any order."""
    olds, news = list(olds), list(news)
    for new in list(news):
        same = next((old for old in olds if not _moved(old, new)), None)
        if same is not None:
            yield _Pair(same, new)
            olds = [old for old in olds if old is not same]
            news = [one for one in news if one is not new]
    if len(olds) == len(news):
        order = sorted(range(len(olds)), key=lambda at: _rank(olds[at]))
        target = sorted(range(len(news)), key=lambda at: _rank(news[at]))
        for was, now in zip(order, target, strict=True):
            yield _Pair(olds[was], news[now])


def _rank(offer: Offer) -> tuple[str, float]:
    return offer.period or "", float(offer.price or 0)


def _pair(pair: _Pair, strong: int) -> Iterator[Change]:
    old, new = pair.old, pair.new
    name = _label(new)
    began = new.price_before is not None and new.price is not None
    ended = old.price_before is not None and new.price_before is None
    moved = _moved(old, new)
    if began and old.price_before is None and new.price_before == old.price and moved:
        yield Change(
            kind="promotion", field="price_before", old=money(old), new=money(new),
            importance=strong, words=f"{name}: on sale, {money(new)} instead of {bare_money(old)}",
        )  # fmt: skip
    elif ended and old.price_before == new.price and moved:
        yield Change(
            kind="promotion", field="price_before", old=money(old), new=money(new),
            importance=strong, words=f"{name}: sale ended, {move(old, new)}",
        )  # fmt: skip
    else:
        if moved:
            yield Change(
                kind="price", field="price", old=money(old), new=money(new), importance=strong,
                words=f"{name}: {move(old, new)}",
            )  # fmt: skip
        yield from _promotion(name, old, new, strong)
    was, now = _STOCK.get(old.availability or ""), _STOCK.get(new.availability or "")
    if was and now and was != now:
        yield Change(
            kind="availability", field="availability", old=old.availability, new=new.availability,
            importance=2 if now == "discontinued" else 1, words=f"{name}: {was} -> {now}",
        )  # fmt: skip


def _moved(old: Offer, new: Offer) -> bool:
    """Whether an offer costs something else now. What one reading knows and the other does not
    (a currency, a period, the upper end) is no move.
    """
    if old.period and new.period and old.period != new.period:
        return True
    if old.price is None or new.price is None:
        if (old.price is None) == (new.price is None):
            return False  # "contact us" or "call for prices": no number either way
        words = old.price_text if old.price is None else new.price_text
        return bool(words)  # a number gave way to words, or words to a number
    if old.price != new.price:
        return True
    if old.price == 0:
        return False
    if old.currency and new.currency and old.currency != new.currency:
        return True
    if other_terms(old, new):
        return True
    return None not in (old.price_max, new.price_max) and old.price_max != new.price_max


def _promotion(name: str, old: Offer, new: Offer, strong: int) -> Iterator[Change]:
    if _terms(old) == _terms(new):
        return
    words = f"{name}: promotion, {new.promotion}"
    if not new.promotion:
        words = f"{name}: promotion ended, {old.promotion}"
    elif old.promotion:
        words = f"{name}: promotion {old.promotion} -> {new.promotion}"
    yield Change(
        kind="promotion", field="promotion", old=old.promotion or None, new=new.promotion or None,
        importance=min(strong, 2), words=words,
    )  # fmt: skip


def _terms(offer: Offer) -> frozenset[str]:
    """A promotion without its countdown: what it gives, else its words."""
    if not offer.promotion:
        return frozenset()
    given = frozenset(found.key for found in promotions_of(offer.promotion))
    return given or frozenset({steady(offer.promotion) or "promotion"})


def _plans(gone: list[Offer], come: list[Offer]) -> Iterator[Change]:
    for offer in list(come):
        was = next((one for one in gone if _costs_the_same(one, offer)), None)
        if was is not None:
            gone = [one for one in gone if one is not was]
            come = [one for one in come if one is not offer]
            yield Change(
                kind="plan", field="name", old=_label(was), new=_label(offer), importance=2,
                words=f"Plan renamed: {_label(was)} -> {_label(offer)}, {money(offer)}",
            )  # fmt: skip
    for offer in come:
        yield Change(
            kind="plan", field="offer", old=None, new=_label(offer), importance=3,
            words=f"New plan: {_label(offer)}, {money(offer)}",
        )  # fmt: skip
    for offer in gone:
        yield Change(
            kind="plan", field="offer", old=_label(offer), new=None, importance=3,
            words=f"Plan gone: {_label(offer)}, {money(offer)}",
        )  # fmt: skip


def _nearly(old: Offer, new: Offer) -> bool:
    if _moved(old, new) or old.price is None:
        return False
    was, now = words_of(old.name or ""), words_of(new.name or "")
    return bool(was and now) and (was <= now or now <= was)


def _costs_the_same(old: Offer, new: Offer) -> bool:
    return old.price is not None and new.price is not None and not _moved(old, new)


def _label(offer: Offer) -> str:
    return " ".join((offer.name or offer.sku or "Offer").split())


def _sku(offer: Offer) -> str:
    return f"{offer.sku}|{offer.period or ''}" if offer.sku else ""


def _full_name(offer: Offer) -> str:
    name = _name(offer)
    return f"{name}|{offer.period or ''}|{offer.unit or ''}" if name else ""


def _name(offer: Offer) -> str:
    return " ".join(fold(offer.name or "").split())


def _steady_name(offer: Offer) -> str:
    return steady(offer.name or "")


def _grouped(offers: list[Offer], key: object) -> dict[str, list[Offer]]:
    groups: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        name = key(offer)  # type: ignore[operator]
        if name:
            groups[name].append(offer)
    return groups
