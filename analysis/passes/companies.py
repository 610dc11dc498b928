"""What a competitor's pages say of it, summed up: the page most likely to know is asked first."""

import json
import sqlite3
from collections import Counter
from typing import Any

from analysis.passes import evidence
from analysis.passes.ticking import Tick, no_tick
from crawlers.extract.kinds.marks import is_root
from crawlers.folding import fold
from crawlers.items import Company
from pipelines.storage.database import transaction
from pipelines.storage.facts import company_from
from pipelines.storage.times import now_text

RULES_VERSION = "companies-1"
MOST_PHRASES = 20

_ASKED_FIRST = ("home", "about", "pricing", "product", "service", "contact", "careers")
_SINGLE = ("name", "tagline", "positioning", "description", "founded", "size")
_LISTS = (
    "places", "languages", "markets", "audience", "customers", "trust", "after_sales", "sales",
    "accounts",
)  # fmt: skip


def run(connection: sqlite3.Connection, *, everything: bool = False, tick: Tick = no_tick) -> None:
    """Sum up every competitor whose pages changed."""
    query = "SELECT key FROM dirty WHERE kind = 'competitor'"
    if everything:
        query = "SELECT DISTINCT competitor FROM pages"
    ids = [row[0] for row in connection.execute(query).fetchall()]
    for done, competitor in enumerate(ids, 1):
        with transaction(connection):  # a page stored between reading and mark would be lost
            if pages := _pages(connection, competitor):
                _write(connection, competitor, pages)
            connection.execute(
                "DELETE FROM dirty WHERE kind = 'competitor' AND key = ?", (competitor,)
            )
        tick("companies", done, len(ids))


_Page = tuple[str, str, str, Company]
"""(url, language, last seen, facts)"""


def _pages(connection: sqlite3.Connection, competitor: str) -> list[_Page]:
    rows = connection.execute(
        "SELECT p.kind, p.url, p.lang, p.last_seen, v.company_json FROM pages p "
        "JOIN page_versions v ON v.page_id = p.id AND v.version = p.version "
        "WHERE p.competitor = ? AND p.status < 400",
        (competitor,),
    ).fetchall()
    rank = {kind: place for place, kind in enumerate(_ASKED_FIRST)}
    rows.sort(
        key=lambda row: (
            0 if is_root(row[1]) else rank.get(row[0], len(rank)), len(row[1]), row[1],
        )
    )  # fmt: skip
    return [(url, lang, seen, company_from(facts)) for _, url, lang, seen, facts in rows]


def _write(connection: sqlite3.Connection, competitor: str, pages: list[_Page]) -> None:
    chosen: dict[str, Any] = {}
    proof: list[evidence.Row] = []
    for field in _SINGLE:
        for url, _, seen, company in pages:
            value = getattr(company, field)
            if value not in (None, ""):
                chosen[field] = value
                proof += _proof(competitor, field, str(value), url, seen, company)[:1]
                break
    for field in _LISTS:
        phrases: dict[str, str] = {}
        for url, _, seen, company in pages:
            for phrase in getattr(company, field):
                if fold(phrase) not in phrases and len(phrases) < MOST_PHRASES:
                    phrases[fold(phrase)] = phrase
                    proof += _proof(competitor, field, phrase, url, seen, company)[:1]
        chosen[field] = list(phrases.values())
    contact: dict[str, list[str]] = {}
    for url, _, seen, company in pages:
        for kind, values in company.contact.items():
            known = contact.setdefault(kind, [])
            new = [value for value in values if value not in known]
            known += new[: MOST_PHRASES - len(known)]
            if new:
                proof += _proof(competitor, "contact", new[0], url, seen, company)[:1]
    languages = Counter(lang for _, lang, _, _ in pages if lang != "und")
    columns = {
        **{field: chosen.get(field) for field in _SINGLE},
        **{f"{field}_json": json.dumps(chosen[field], ensure_ascii=False) for field in _LISTS},
        "lang": languages.most_common(1)[0][0] if languages else None,
        "contact_json": json.dumps(contact, ensure_ascii=False),
        "updated_at": now_text(),
    }
    connection.execute(
        f"INSERT OR REPLACE INTO companies (competitor, {', '.join(columns)}) "
        f"VALUES ({', '.join('?' * (len(columns) + 1))})",
        (competitor, *columns.values()),
    )
    evidence.replace(connection, "companies", competitor, proof)


def _proof(
    competitor: str, field: str, value: str, url: str, seen: str, company: Company
) -> list[evidence.Row]:
    """The page's own evidence for a value, the row that names the value first."""
    rows = [row for row in company.evidence if row.subject == field]
    rows.sort(key=lambda row: not (row.value == value or value in row.quote or row.quote in value))
    return [
        evidence.Row(
            subject=field, source=competitor, url=row.url or url, fetched_at=seen,
            quote=row.quote, rule=row.rule, rule_version=RULES_VERSION,
        )
        for row in rows
    ]  # fmt: skip
