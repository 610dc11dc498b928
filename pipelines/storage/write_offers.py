"""A page's offers and their prices, as rows and back."""

import sqlite3

from crawlers.folding import fold
from crawlers.items import Offer
from pipelines.storage.money import from_minor, to_minor

_COLUMNS = (
    "position", "name", "price_minor", "price_max_minor", "currency", "period", "unit",
    "price_text", "availability", "sku", "brand", "rating", "review_count", "sold_count",
    "promotion", "price_before_minor", "last_seen",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO offers (competitor, page_id, key, first_seen, {', '.join(_COLUMNS)}) "
    f"VALUES ({', '.join('?' * (len(_COLUMNS) + 4))}) ON CONFLICT (page_id, key) DO UPDATE SET "
    f"{', '.join(f'{name} = excluded.{name}' for name in _COLUMNS)} RETURNING id"
)


def write_offers(
    connection: sqlite3.Connection,
    competitor: str,
    page_id: int,
    offers: tuple[Offer, ...],
    seen: str,
) -> None:
    """Make a page's offers those given; a price that is new joins the history."""
    stored = {
        key: (id_, price, currency)
        for id_, key, price, currency in connection.execute(
            "SELECT id, key, price_minor, currency FROM offers WHERE page_id = ?", (page_id,)
        )
    }
    keys = _offer_keys(offers)
    for place, (key, offer) in enumerate(zip(keys, offers, strict=True)):
        currency = offer.currency
        price = to_minor(offer.price, currency)
        row = connection.execute(
            _INSERT,
            (
                competitor, page_id, key, seen, place, offer.name, price,
                to_minor(offer.price_max, currency), currency, offer.period, offer.unit,
                offer.price_text, offer.availability, offer.sku, offer.brand,
                float(offer.rating) if offer.rating is not None else None, offer.review_count,
                offer.sold_count, offer.promotion, to_minor(offer.price_before, currency), seen,
            ),
        ).fetchone()  # fmt: skip
        before = stored.get(key)
        if before is None or before[1:] != (price, currency):
            connection.execute(
                "INSERT OR REPLACE INTO price_history VALUES (?, ?, ?, ?, ?)",
                (row[0], seen, price, currency, offer.price_text),
            )
    gone = [(stored[key][0],) for key in stored.keys() - set(keys)]
    connection.executemany("DELETE FROM offers WHERE id = ?", gone)


def stored_offers(connection: sqlite3.Connection, page_id: int) -> tuple[Offer, ...]:
    """A page's offers as they stand, in the page's order."""
    return tuple(
        Offer(
            name=row[0], price=from_minor(row[1], row[3]), price_max=from_minor(row[2], row[3]),
            currency=row[3], period=row[4], unit=row[5], price_text=row[6], availability=row[7],
            sku=row[8], promotion=row[9], price_before=from_minor(row[10], row[3]),
        )
        for row in connection.execute(
            "SELECT name, price_minor, price_max_minor, currency, period, unit, price_text, "
            "availability, sku, promotion, price_before_minor FROM offers WHERE page_id = ? "
            "ORDER BY position",
            (page_id,),
        )
    )  # fmt: skip


def _offer_keys(offers: tuple[Offer, ...]) -> list[str]:
    """One key an offer: sku, else folded name with its period and unit, else its place."""
    keys: list[str] = []
    for place, offer in enumerate(offers):
        key = offer.sku or fold(f"{offer.name or ''}|{offer.period or ''}|{offer.unit or ''}")
        if not offer.sku and not offer.name:
            key = f"#{place}"
        while key in keys:
            key += f"#{place}"
        keys.append(key)
    return keys
