"""A researcher's word from a page: checked, then appended to ``decisions``, once.

The forms of subject, field and value stand in :mod:`analysis.questions.decided`.
"""

import json
import sqlite3
from dataclasses import dataclass
from typing import Literal

from analysis.questions.decided import (
    ABSENT,
    POST_SUBJECT,
    STAGE_FIELD,
    channel_field,
)
from analysis.reviewing.deciding import LONGEST_REASON, WORDS, Word, append, store, tidy
from analysis.standing_decisions import stored_value
from crawlers.words import CHANNELS, STAGES
from pipelines.storage.database import transaction

BACK = "auto"
"""The value that gives the word back to the rules."""

Subject = Literal["tier", "status", "channel", "stage"]

TIERS = ("1", "2", "3", "none", "complement")
STATUSES = ("accept", "ignore")
STRENGTHS = ("1", "2", "3", ABSENT)
_VALUES: dict[str, tuple[str, ...]] = {
    "tier": TIERS, "status": STATUSES, "channel": STRENGTHS, "stage": STAGES,
}  # fmt: skip
_STATUS_OF = {"accept": "watched", "ignore": "ignored"}
LONGEST_PLATFORM = 60


class CorrectionError(ValueError):
    """A correction that cannot be stored; ``fault`` is the key of the reader's text.

    ``form`` (nothing of the kind is corrected), ``value``, ``no_reason``, ``long_reason``,
    ``competitor``, ``own`` (our own business), ``candidate``, ``channel``, ``platform``, ``post``,
    ``unread``.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is asked: ``subject`` is the kind of value, ``key`` a competitor's id or a post's key.

    ``value`` is one of the words of the kind, or :data:`BACK`; ``reason`` as typed.
    """

    subject: str
    key: str
    value: str
    reason: str
    channel: str = ""
    platform: str = ""

    @property
    def back(self) -> bool:
        """Whether it gives the word back to the rules, which needs no reason."""
        return self.value == BACK


def checked(asked: Correction) -> Correction:
    """The correction with its texts made one line.

    :raises CorrectionError: where a word is unknown, or the reason is missing or too long.
    """
    if asked.subject not in _VALUES:
        raise CorrectionError("form")
    if not asked.back and asked.value not in _VALUES[asked.subject]:
        raise CorrectionError("value")
    reason = tidy(asked.reason)
    if not reason and not asked.back:
        raise CorrectionError("no_reason")
    if len(reason) > LONGEST_REASON:
        raise CorrectionError("long_reason")
    platform = tidy(asked.platform)
    if asked.subject == "channel":
        if asked.channel not in CHANNELS:
            raise CorrectionError("channel")
        # A platform is written as the tags write it; a colon would end its field's name.
        if len(platform) > LONGEST_PLATFORM or ":" in platform:
            raise CorrectionError("platform")
    return Correction(
        subject=asked.subject, key=asked.key, value=asked.value, reason=reason,
        channel=asked.channel, platform=platform,
    )  # fmt: skip


def correct(connection: sqlite3.Connection, asked: Correction, by: str) -> bool:
    """Store a correction; what stands already is not stored twice.

    :param connection: in autocommit, with a busy timeout: the market's lock is not asked for.
    :param by: who decides, for the pages.
    :returns: whether anything was stored.
    :raises CorrectionError: see there; nothing is stored.
    """
    asked = checked(asked)
    with transaction(connection):
        if asked.subject == "stage":
            subject, field = _post(connection, asked.key), STAGE_FIELD
        else:
            _require_competitor(connection, asked)
            subject = asked.key
            field = (
                channel_field(asked.channel, asked.platform)
                if asked.subject == "channel"
                else asked.subject
            )
        value = _stored(asked)
        if _stands(connection, subject, field, value, asked.reason, by):
            return False
        if asked.subject in ("tier", "status"):
            word = Word(competitor=subject, value=WORDS[asked.value])
            store(connection, word, asked.reason, by=by)
        else:
            append(connection, subject, field, value, asked.reason, by=by)
    return True


def _stored(asked: Correction) -> object:
    if asked.back:
        return None
    if asked.subject == "tier":
        return WORDS[asked.value]
    if asked.subject == "status":
        return _STATUS_OF[asked.value]
    if asked.subject == "channel" and asked.value != ABSENT:
        return int(asked.value)
    return asked.value


def _stands(
    connection: sqlite3.Connection, subject: str, field: str, value: object, reason: str, by: str
) -> bool:
    """Whether the decision in force is this very one, or there is none to take back."""
    row = connection.execute(
        "SELECT value, reason, decided_by FROM decisions WHERE subject = ? AND field = ? "
        "ORDER BY id DESC LIMIT 1",
        (subject, field),
    ).fetchone()
    if row is None:
        return value is None
    stored = stored_value(row[0])
    if value is None:
        return stored is None
    same = json.dumps(stored) == json.dumps(value)
    return same and (row[1], row[2]) == (reason, by)


def _post(connection: sqlite3.Connection, key: str) -> str:
    row = connection.execute(
        "SELECT d.post_id FROM posts p LEFT JOIN demand d ON d.post_id = p.id WHERE p.key = ?",
        (key,),
    ).fetchone()
    if row is None:
        raise CorrectionError("post")
    if row[0] is None:  # no pass has read it: there is nothing yet to correct
        raise CorrectionError("unread")
    return POST_SUBJECT + key


def _require_competitor(connection: sqlite3.Connection, asked: Correction) -> None:
    row = connection.execute(
        "SELECT origin, is_self FROM competitors WHERE id = ?", (asked.key,)
    ).fetchone()
    if row is None:
        raise CorrectionError("competitor")
    if row[1]:
        raise CorrectionError("own")
    if asked.subject == "status" and row[0] != "discovered":
        raise CorrectionError("candidate")
