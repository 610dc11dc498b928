"""The market file as rows: competitors, forums, and its decisions."""

import json
import sqlite3
from collections.abc import Iterable

from crawlers.market import CompetitorEntry, Market
from crawlers.urls import site_key
from pipelines.discovery.matching import key_of
from pipelines.storage.times import now_text

_STATUS = "coalesce(iif(json_valid(d.value), json_extract(d.value, '$'), d.value), c.status)"
# What was found about a company is kept with it: a site that the file does not know, too.
_WAS_FOUND = "EXISTS (SELECT 1 FROM candidates k WHERE k.competitor = competitors.id)"


def load_market_rows(connection: sqlite3.Connection, market: Market) -> None:
    """Bring the rows of a market file up to date; runs inside the caller's transaction.

    A competitor or forum taken out of the file keeps its rows and its history; it is watched no
    longer (status ``ignored``). A company that was found before the file named it is the file's
    from then on, with all that is kept of it; where the file gives no site, it keeps the one found.
    """
    now = now_text()
    business = market.business
    connection.execute(
        "INSERT INTO market (name, file_digest, business_json, loaded_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET file_digest = excluded.file_digest, "
        "business_json = excluded.business_json, loaded_at = excluded.loaded_at",
        (market.name, market.digest, business.model_dump_json(), now),
    )
    ours = (business.key, business.name, business.site, business.aliases, 1, None)
    rivals = (
        (entry.key, entry.title, entry.site, entry.aliases, 0, entry.note)
        for entry in market.competitors
    )
    for entry in market.competitors:
        if entry.site:
            _follow_name(connection, "competitors", "site_key", site_key(entry.site), entry.key)
    _follow_found(connection, market)
    connection.executemany(  # the file's word on the site: what was found is asked no longer
        "DELETE FROM candidates WHERE competitor = ?",
        [(entry.key,) for entry in market.competitors if entry.site],
    )
    for forum in market.talk:
        _follow_name(connection, "forums", "url", forum.url, forum.key)
    connection.execute(
        "UPDATE competitors SET status = 'ignored' WHERE origin = 'file' AND status = 'watched'"
    )
    connection.executemany(
        "INSERT INTO competitors (id, name, site, site_key, aliases_json, is_self, note, "
        "first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
        f"site = coalesce(excluded.site, CASE WHEN {_WAS_FOUND} THEN site END), "
        f"site_key = coalesce(excluded.site_key, CASE WHEN {_WAS_FOUND} THEN site_key END), "
        "aliases_json = excluded.aliases_json, "
        "is_self = excluded.is_self, note = excluded.note, status = 'watched', origin = 'file', "
        "last_seen = excluded.last_seen",
        [
            (id_, name, site, site_key(site) if site else None,
             json.dumps(list(aliases), ensure_ascii=False), is_self, note, now, now)
            for id_, name, site, aliases, is_self, note in (ours, *rivals)
        ],
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO forums (id, url, name, engine, language, timezone, first_seen, last_seen, "
        "origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "url = excluded.url, name = excluded.name, engine = coalesce(excluded.engine, engine), "
        "language = coalesce(excluded.language, language), "
        "timezone = coalesce(excluded.timezone, timezone), last_seen = excluded.last_seen, "
        "origin = excluded.origin",
        [
            (f.key, f.url, f.title, f.engine, f.language, f.timezone, now, now,
             "catalogue" if f.key in market.joined else "file")
            for f in market.talk
        ],
    )  # fmt: skip
    for entry in market.competitors:
        _decide(connection, entry.key, "tier", entry.tier, now, entry.note or "")


def _follow_name(
    connection: sqlite3.Connection, table: str, column: str, place: str, key: str
) -> None:
    """A site or forum given another id or name in the file stays the one it was, with its rows."""
    known = connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (key,)).fetchone()
    former = connection.execute(f"SELECT id FROM {table} WHERE {column} = ?", (place,)).fetchall()
    if known or len(former) != 1:
        return
    rename(connection, table, former[0][0], key)


def _follow_found(connection: sqlite3.Connection, market: Market) -> None:
    """A company found by itself that the file names now, without the site it was found by, is the
    file's: by its name or an alias in any spelling, unless each has a site of its own. Those that
    a researcher ignored stay what they are.
    """
    sites = (market.business.site, *(entry.site for entry in market.competitors))
    places = {site_key(site) for site in sites if site}
    taken = {market.business.key, *(entry.key for entry in market.competitors)}
    found = [
        (id_, _keys((name,)), _keys(json.loads(aliases)), site)
        for id_, name, aliases, site in connection.execute(
            "SELECT c.id, c.name, c.aliases_json, c.site_key FROM competitors c "
            "LEFT JOIN current_decisions d ON d.subject = c.id AND d.field = 'status' "
            "LEFT JOIN candidates k ON k.competitor = c.id "
            "WHERE c.origin = 'discovered' AND c.is_self = 0 "
            f"AND {_STATUS} <> 'ignored' ORDER BY {_STATUS} <> 'watched', c.site IS NULL, "
            "coalesce(k.weight, 0) DESC, c.id"
        )
        if id_ not in taken and site not in places
    ]
    for entry in market.competitors:
        own = _keys((entry.name, *entry.aliases))
        fitting = [
            (not own & names, id_)
            for id_, names, aliases, site in found
            if own & (names | aliases) and not (entry.site and site)
        ]
        if not fitting or _is_known(connection, entry):
            continue
        _, former = min(fitting, key=lambda one: one[0])  # of equals the accepted, best evidenced
        rename(connection, "competitors", former, entry.key)
        found = [one for one in found if one[0] != former]


def _keys(names: Iterable[object]) -> set[str]:
    return {key for name in names if (key := key_of(str(name)))}


def _is_known(connection: sqlite3.Connection, entry: CompetitorEntry) -> bool:
    query = "SELECT 1 FROM competitors WHERE id = ?"
    return connection.execute(query, (entry.key,)).fetchone() is not None


def rename(connection: sqlite3.Connection, table: str, old: str, key: str) -> None:
    """Give a competitor or forum another id, and all that is kept of it; in the caller's
    transaction.

    :param table: ``competitors`` or ``forums``.
    :param key: an id that no row of the table has.
    """
    connection.execute(f"UPDATE {table} SET id = ? WHERE id = ?", (key, old))
    if table == "forums":
        connection.execute(
            "UPDATE posts SET key = ? || substr(key, ?) WHERE forum = ?", (key, len(old) + 1, key)
        )
    for other, name in (
        ("channel_tags", "subject"), ("evidence", "source"), ("run_sources", "source"),
        ("failures", "source"), ("frontier", "source"), ("decisions", "subject"),
        ("alerts", "subject"), ("alert_marks", "subject"),
    ):  # fmt: skip
        connection.execute(f"UPDATE {other} SET {name} = ? WHERE {name} = ?", (key, old))
    for claim in ("companies", "competitors", "tiers"):
        connection.execute(
            "UPDATE evidence SET claim_key = ? WHERE claim_table = ? AND claim_key = ?",
            (key, claim, old),
        )
    connection.execute(
        "UPDATE OR REPLACE dirty SET key = ? WHERE kind = 'competitor' AND key = ?", (key, old)
    )


def _decide(
    connection: sqlite3.Connection, subject: str, field: str, value: object, now: str, reason: str
) -> None:
    """Append the file's decision where it differs from the file's last one.

    A decision of the desk made after the file's stands until the file says something new.
    """
    row = connection.execute(
        "SELECT value FROM decisions WHERE subject = ? AND field = ? AND origin = 'file' "
        "ORDER BY id DESC LIMIT 1",
        (subject, field),
    ).fetchone()
    before = json.loads(row[0]) if row and row[0] is not None else None
    if before != value:
        connection.execute(
            "INSERT INTO decisions (subject, field, value, reason, origin, decided_at) "
            "VALUES (?, ?, ?, ?, 'file', ?)",
            (subject, field, json.dumps(value), reason, now),
        )
