"""Passes over the whole market after a crawl: read posts, sum up facts, sort, answer.

What changed is marked dirty in the transaction that changed it; a pass takes the mark away in the
transaction that dealt with it. So a pass that is killed is finished by the next start. Tiers and
answers, which rest on everything, are left as they stand where nothing they rest on has changed
(:mod:`analysis.passes.unchanged`).
"""

import sqlite3

from analysis.passes import (
    alerts,
    companies,
    demand,
    discovery,
    promotion,
    summaries,
    tiers,
    unchanged,
)
from analysis.passes.ticking import Tick, no_tick
from analysis.workers import ALONE, Crew
from crawlers.market import Market

__all__ = ["run_passes"]


def run_passes(
    connection: sqlite3.Connection,
    market: Market,
    *,
    everything: bool = False,
    partial: bool = False,
    last: bool = True,
    tick: Tick = no_tick,
    crew: Crew = ALONE,
) -> None:
    """Bring all that is derived up to date.

    :param everything: read every post and company again, not only what changed (``refresh``).
    :param partial: while a crawl goes on: what is told from all posts at once (candidates) waits.
    :param last: nothing more is read before the next night: what people are told is looked for.
    :param tick: is told (what, done, of how many).
    :param crew: who reads the posts.
    """
    unchanged.forget_where_dirty(connection)
    discovery.decide_statuses(connection)
    companies.run(connection, everything=everything, tick=tick)
    demand.run(connection, market, everything=everything, tick=tick, crew=crew)
    promotion.run(connection, everything=everything)
    if not partial:
        discovery.run(connection, market, everything=everything)
    former = unchanged.known(connection)
    # While a crawl goes on, rows change: only a mark that may still hold is worth the taking.
    mark = unchanged.mark_of(connection, market) if former or not partial else None
    if former is not None and former == mark and not everything:
        summaries.renew(connection)
    else:
        tiers.run(connection, market)
        summaries.run(connection)
        if mark is not None:
            unchanged.keep(connection, mark)
    if last and not partial:
        alerts.run(connection, market, everything=everything)
