"""What a competitor sells, and its prices over time as a picture."""

import sqlite3
from collections import Counter
from itertools import groupby
from typing import Any

from analysis.web.change_words import tell
from analysis.web.formats import money, plain
from analysis.web.i18n import Translator
from analysis.web.links import Links
from analysis.web.page import dicts
from analysis.web.pictures.steps import STYLES, Line, Mark, Step, Steps

OFFERS = 12
_STEPS = 80  # of one offer, the newest
_MARKS = 12


def offers(conn: sqlite3.Connection, key: str) -> list[dict[str, Any]]:
    """Its main offers, those with a price first, each with its price history, oldest first."""
    found = dicts(
        conn,
        "SELECT o.id, o.name, o.price_minor, o.price_max_minor, o.currency, o.period, o.unit, "
        "o.price_text, o.promotion, o.price_before_minor, o.availability, o.rating, "
        "o.review_count, o.last_seen, p.url "
        "FROM offers o JOIN pages p ON p.id = o.page_id WHERE o.competitor = ? "
        "ORDER BY o.price_minor IS NULL, o.position, o.review_count DESC, o.id LIMIT ?",
        (key, OFFERS),
    )
    marks = ", ".join("?" * len(found))
    steps = dicts(
        conn,
        "SELECT offer_id, seen_at, price_minor, currency FROM price_history "
        f"WHERE offer_id IN ({marks}) AND price_minor IS NOT NULL ORDER BY offer_id, seen_at",
        [offer["id"] for offer in found],
    )
    by_offer = {offer: list(rows) for offer, rows in groupby(steps, lambda row: row["offer_id"])}
    for offer in found:
        history = by_offer.get(offer["id"], [])
        # Two prices in a row that are alike are one that still holds.
        offer["steps"] = [
            row
            for place, row in enumerate(history)
            if place == 0 or row["price_minor"] != history[place - 1]["price_minor"]
        ][-_STEPS:]
        offer["moves"] = max(len(offer["steps"]) - 1, 0)
    return found


def promotions(conn: sqlite3.Connection, key: str, since: str | None) -> list[dict[str, Any]]:
    """The newest promotions that came or changed, as rows of ``changes``."""
    return dicts(
        conn,
        "SELECT kind, field, words, old, new, at FROM changes WHERE competitor = ? "
        "AND kind = 'promotion' AND new IS NOT NULL AND (? IS NULL OR at >= ?) "
        ""
        "ORDER BY at DESC LIMIT ?",
        (key, since, since, _MARKS),
    )


def price_steps(
    t: Translator,
    links: Links,
    found: list[dict[str, Any]],
    promoted: list[dict[str, Any]],
    since: str | None,
) -> Steps | None:
    """The prices of the main offers of one currency, the commonest; ``None`` where nothing was
    seen twice.

    :param found: of :func:`offers`; ``promoted`` of :func:`promotions`.
    :param since: first day shown: the price that held then is where a line begins.
    """
    said = Counter(offer["currency"] for offer in found if offer["steps"])
    if not said:
        return None
    currency = said.most_common(1)[0][0]
    lines: list[Line] = []
    for offer in found:
        steps = [step for step in offer["steps"] if step["currency"] in (currency, None)]
        if not steps or offer["currency"] != currency or len(lines) == STYLES:
            continue
        before = [step for step in steps if since and step["seen_at"] < since]
        if before:
            steps = [{**before[-1], "seen_at": f"{since}T00:00:00Z"}, *steps[len(before) :]]
        if since and offer["last_seen"] < since:
            continue
        period = offer["period"]
        each = f" / {t.word('period', period)}" if period and period != "once" else ""
        lines.append(
            Line(
                label=plain(offer["name"] or "—", 80),
                steps=tuple(
                    Step(
                        at=step["seen_at"],
                        value=step["price_minor"],
                        shown=(money(step["price_minor"], currency) or "—") + each,
                        short=money(step["price_minor"], currency) or "—",
                    )
                    for step in steps
                ),
                until=offer["last_seen"],
                note=plain(offer["promotion"] or "", 60)
                or (str(t("offer.reduced")) if offer["price_before_minor"] else ""),
                href=links.rows("price_history", offer_id=offer["id"]),
            )
        )
    drawn = Steps(
        caption=str(t("offer.history")),
        lines=tuple(lines),
        marks=tuple(Mark(at=one["at"], label=_said(t, one)) for one in promoted),
    )
    return drawn if drawn.drawn() else None


def _said(t: Translator, change: dict[str, Any]) -> str:
    told = tell(t, change)
    return plain(" ".join(part for part in (told.subject, told.what, told.new) if part), 160)
