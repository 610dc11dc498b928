"""Writing a researcher's word: one row of ``decisions`` each, at once, beside the market's lock."""

import json
import sqlite3
from contextlib import nullcontext
from dataclasses import dataclass
from difflib import get_close_matches

from analysis.standing_decisions import stored_value
from pipelines.storage.database import transaction
from pipelines.storage.times import now_text

LONGEST_REASON = 500

WORDS: dict[str, object] = {
    "1": 1, "2": 2, "3": 3, "0": "none", "none": "none", "c": "complement",
    "complement": "complement", "partner": "complement", "i": "ignore", "ignore": "ignore",
    "a": "accept", "accept": "accept", "auto": None,
}  # fmt: skip
"""What may be typed, and what it decides; ``auto`` gives the word back to the rules."""

_STATUSES: dict[object, str] = {"accept": "watched", "ignore": "ignored"}


class ReviewError(ValueError):
    """A decision that is none; the message says what to type instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A decision as typed: a competitor's id and a value of :data:`WORDS`."""

    competitor: str
    value: object


def word_of(text: str) -> Word:
    """``ID=2`` as a decision; an id may itself hold ``=``.

    :raises ReviewError: where it is none.
    """
    competitor, mark, typed = text.rpartition("=")
    if not mark or not competitor.strip():
        raise ReviewError(f"{text!r} is no decision: write ID=1, such as --decide acme=2")
    key = typed.strip().lower()
    if key not in WORDS:
        raise ReviewError(
            f"{typed.strip()!r} is no verdict: write 1 (direct), 2 (substitute), 3 (might enter), "
            "none, complement, accept (watch it from now on), ignore, or auto (the rules decide "
            "again)"
        )
    return Word(competitor=competitor.strip(), value=WORDS[key])


def known_id(connection: sqlite3.Connection, text: str) -> str:
    """The id of the competitor that is meant: an id, or a name that only one has.

    :raises ReviewError: for none, or for ourselves, with the nearest ids.
    """
    rows = connection.execute("SELECT id, name, is_self FROM competitors ORDER BY id").fetchall()
    for key, _, is_self in rows:
        if key == text:
            if is_self:
                raise ReviewError(f"{text!r} is your own business: it has no tier")
            return str(key)
    named = [
        str(key) for key, name, is_self in rows
        if not is_self and name.casefold() == text.casefold()
    ]  # fmt: skip
    if len(named) == 1:
        return named[0]
    ids = [str(key) for key, _, is_self in rows if not is_self]
    near = named or get_close_matches(text, ids, n=3) or ids[:5]
    hint = f"; known are {', '.join(near)}" if near else "; this market has none yet"
    raise ReviewError(f"no competitor {text!r}{hint}")


def store(connection: sqlite3.Connection, word: Word, reason: str = "", *, by: str = "") -> int:
    """Append the decision; the newest of a competitor wins from now on, on every page.

    In a transaction of its own, unless the caller has one open.

    ``accept`` and ``ignore`` decide the status; a tier given to an ignored competitor brings it
    back. A tier given to a candidate settles its status, too: a rival or partner is watched from
    then on, what is none is ignored; ``auto`` makes it a candidate again.

    :param by: who decides, for the pages.
    :returns: the id of its row in ``decisions``.
    """
    text, key = tidy(reason)[:LONGEST_REASON], word.competitor
    with nullcontext() if connection.in_transaction else transaction(connection):
        if word.value in _STATUSES:
            return append(connection, key, "status", _STATUSES[word.value], text, by=by)
        found, decided = _is_found(connection, key), _decided_status(connection, key)
        if found and word.value is None and decided is not None:
            append(connection, key, "status", None, text, by=by)
        elif found and word.value is not None and decided is None:
            status = "ignored" if word.value == "none" else "watched"
            append(connection, key, "status", status, text, by=by)
        elif word.value is not None and _is_ignored(connection, key):
            append(connection, key, "status", "watched", text, by=by)
        return append(connection, key, "tier", word.value, text, by=by)


def add_reason(connection: sqlite3.Connection, row: int, reason: str) -> None:
    """Say why, for a decision just stored."""
    with transaction(connection):
        connection.execute(
            "UPDATE decisions SET reason = ? WHERE id = ?", (tidy(reason)[:LONGEST_REASON], row)
        )


def tidy(text: str) -> str:
    """A text as one line that SQLite can keep."""
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _is_found(connection: sqlite3.Connection, competitor: str) -> bool:
    """Whether it was found by itself, named by no market file."""
    (origin,) = connection.execute(
        "SELECT origin FROM competitors WHERE id = ?", (competitor,)
    ).fetchone()
    return bool(origin == "discovered")


def _decided_status(connection: sqlite3.Connection, competitor: str) -> object:
    row = connection.execute(
        "SELECT value FROM current_decisions WHERE subject = ? AND field = 'status'", (competitor,)
    ).fetchone()
    return stored_value(row[0]) if row else None


def _is_ignored(connection: sqlite3.Connection, competitor: str) -> bool:
    decided = _decided_status(connection, competitor)
    if decided is not None:
        return decided == "ignored"
    (status,) = connection.execute(
        "SELECT status FROM competitors WHERE id = ?", (competitor,)
    ).fetchone()
    return bool(status == "ignored")


def append(
    connection: sqlite3.Connection,
    subject: str,
    field: str,
    value: object,
    reason: str,
    *,
    by: str = "",
) -> int:
    """A row of the desk in ``decisions``, as it is given; the newest of subject and field wins.

    :returns: its id.
    """
    row = connection.execute(
        "INSERT INTO decisions (subject, field, value, reason, origin, decided_by, decided_at) "
        "VALUES (?, ?, ?, ?, 'desk', ?, ?)",
        (subject, field, json.dumps(value, ensure_ascii=False), reason, by, now_text()),
    )
    return int(row.lastrowid or 0)
