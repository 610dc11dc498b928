"""The very last pass: what of the night people should be told, each thing once.

Runs after the summaries, never while a crawl goes on. What it finds and what it remembers commit
together, so a pass that is killed tells the same at the next start. The first pass of a market only
remembers. Telling itself is :mod:`analysis.alerting`.
"""

import json
import sqlite3
from dataclasses import asdict
from datetime import UTC, datetime

from analysis.passes.alert_moves import found_rivals, prices, tiers
from analysis.passes.alert_news import Known, Moment, News, marks, set_mark
from analysis.passes.alert_sources import failing
from analysis.passes.alert_talk import leavers, surges
from analysis.questions.sample import as_of
from crawlers.market import Market
from pipelines.discovery import RULES_VERSION as DISCOVERY_RULES
from pipelines.storage.database import transaction
from pipelines.storage.times import now_text


def run(connection: sqlite3.Connection, market: Market, *, everything: bool = False) -> list[News]:
    """Find what is to be told since the last pass, and remember it.

    :param everything: all was read again with today's rules (``refresh``): what talk says newly is
        the rules' doing.
    :returns: what was raised now.
    """
    with transaction(connection):
        known = known_before(connection)
        now = _known_now(connection, market)
        moment = Moment(
            now=_now(connection),
            known=known,
            same_rules=not everything and known is not None and known.rules == now.rules,
            market=market.business.name,
        )
        found = [
            *prices(connection, moment),
            *tiers(connection, moment),
            *found_rivals(connection, moment),
            *surges(connection, moment),
            *leavers(connection, moment),
            *failing(connection, market, moment),
        ]
        wanted = [news for news in found if news.kind in market.alerts.told]
        raised_at = now_text()
        connection.executemany(
            "INSERT OR IGNORE INTO alerts (key, kind, subject, competitor, fact, at, raised_at, "
            "facts_json, url) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (news.key, news.kind, news.subject, news.competitor, news.fact, news.at, raised_at,
                 json.dumps(news.facts, ensure_ascii=False), news.url)
                for news in wanted
            ],
        )  # fmt: skip
        set_mark(connection, "pass", "", json.dumps(asdict(now)))
        set_mark(connection, "pass", "at", raised_at)
    return wanted


def known_before(connection: sqlite3.Connection) -> Known | None:
    """What the last pass had seen; ``None`` where there was none."""
    found = marks(connection, "pass")
    return Known(**{**json.loads(found[""]), "at": found["at"]}) if found else None


def _known_now(connection: sqlite3.Connection, market: Market) -> Known:
    newest = connection.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM changes), "
        "(SELECT coalesce(max(id), 0) FROM tier_history), "
        "(SELECT coalesce(max(id), 0) FROM posts), (SELECT coalesce(max(id), 0) FROM alerts), "
        "(SELECT max(rule_version) FROM demand), (SELECT group_concat(rule_version, ' ') FROM "
        "(SELECT DISTINCT rule_version FROM tiers ORDER BY 1))"
    ).fetchone()
    changes, moves, posts, alert, demand_rules, tier_rules = newest
    rules = f"{DISCOVERY_RULES} {demand_rules or ''} {tier_rules or ''}"
    return Known(changes=changes, moves=moves, posts=posts, alert=alert, rules=rules)


def _now(connection: sqlite3.Connection) -> datetime:
    """The newest moment the database knows of, so that the same rows tell the same on any day."""
    moment = as_of(connection)
    if moment is None:
        return datetime.now(UTC)
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(UTC)
