"""Evidence rows: replaced with the claim they stand for."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.demand.sentence import LONGEST_QUOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One piece of evidence for a claim."""

    subject: str
    source: str
    url: str
    fetched_at: str
    quote: str
    rule: str
    rule_version: str
    weight: float | None = None


def replace(
    connection: sqlite3.Connection, table: str, key: str | int, rows: Iterable[Row]
) -> None:
    """Put these rows in place of the claim's former ones; in the caller's transaction."""
    connection.execute(
        "DELETE FROM evidence WHERE claim_table = ? AND claim_key = ?", (table, str(key))
    )
    connection.executemany(
        "INSERT INTO evidence (claim_table, claim_key, subject, source, url, fetched_at, quote, "
        "rule, rule_version, weight) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (table, str(key), r.subject, r.source, r.url, r.fetched_at,
             r.quote[:LONGEST_QUOTE], r.rule, r.rule_version, r.weight)
            for r in rows
        ],
    )  # fmt: skip
