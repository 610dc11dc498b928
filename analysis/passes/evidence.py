"""Evidence rows: replaced with the claim they stand for."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_QUOTE = 500
# A full stop ends a sentence only before a space: 1.290.000 and example.com are whole.
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|[。！？]+|\n+")


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


def in_its_sentence(text: str, words: str) -> str:
    """The sentence of a text that holds these words: what a reader needs to judge them by.

    A literal part of the text, at most :data:`LONGEST_QUOTE` characters; the words themselves
    where they are not found or their sentence is longer.
    """
    place = text.find(words)
    if place < 0 or not words:
        return words
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    start = max((end for end in ends if end <= place), default=0)
    end = min((end for end in ends if end >= place + len(words)), default=len(text))
    sentence = text[start:end].strip()
    return sentence if len(sentence) <= LONGEST_QUOTE else words


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
