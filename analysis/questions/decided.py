"""What researchers decided, as SQL: the values that hold now instead of what the rules read.

Fragments and no views, so that a database of an older schema is read alike. Each is written by us
and takes no parameters. The decision in force is the newest row of its subject and field
(``null`` gives the word back to the rules); forms in ``decisions``:

- stage of a post: subject ``post:<posts.key>``, field ``stage``, a JSON string of the stages;
- a channel tag: subject a competitor's id, field ``channel:<id>`` or ``channel:<id>:<platform>``,
  ``1``, ``2``, ``3`` (its strength) or ``"absent"``; it speaks of exactly this tag of promotion.

No pandas: pages import this.
"""

import sqlite3

from crawlers.words import STAGES

POST_SUBJECT = "post:"
STAGE_FIELD = "stage"
CHANNEL_FIELD = "channel:"
ABSENT = "absent"

_NEWEST = "SELECT max(n.id) FROM decisions n WHERE n.subject = {subject} AND n.field = {field}"
_STAGE_VALUES = ", ".join(f"'\"{stage}\"'" for stage in STAGES)

# 'post;' is the first text after every 'post:...': a range that decisions_subject serves.
STAGE_DECISIONS = f"""
(SELECT p.id AS post_id, trim(s.value, '"') AS stage, s.id AS decision
 FROM decisions s CROSS JOIN posts p ON p.key = substr(s.subject, {len(POST_SUBJECT) + 1})
 WHERE s.subject >= 'post:' AND s.subject < 'post;' AND s.field = '{STAGE_FIELD}'
   AND s.value IN ({_STAGE_VALUES})
   AND s.id = ({_NEWEST.format(subject="s.subject", field=f"'{STAGE_FIELD}'")}))
"""
"""A relation (post_id, stage, decision): the posts whose stage a researcher decided."""

STAGED = f"(SELECT post_id FROM {STAGE_DECISIONS})"
"""Ids of these posts; few, and read once a query."""

STAGE_NOW = f"""
(CASE WHEN d.post_id IN {STAGED}
 THEN (SELECT trim(s.value, '"') FROM decisions s
       WHERE s.subject = 'post:' || (SELECT key FROM posts WHERE id = d.post_id)
         AND s.field = '{STAGE_FIELD}' ORDER BY s.id DESC LIMIT 1)
 ELSE d.stage END)
"""
"""The stage that holds now, of a row ``d`` of ``demand``: for lists, facets and groups."""


def stage_is(*stages: str) -> str:
    """A condition: the stage that holds now of ``demand d`` is one of these.

    The index on ``demand.stage`` serves it, unlike a comparison with :data:`STAGE_NOW`.

    :raises ValueError: for a word that is no stage.
    """
    unknown = set(stages) - set(STAGES)
    if unknown or not stages:
        raise ValueError(f"no stage: {sorted(unknown)}")
    listed = ", ".join(f"'{stage}'" for stage in stages)
    return (
        f"((d.stage IN ({listed}) AND d.post_id NOT IN {STAGED}) OR d.post_id IN "
        f"(SELECT post_id FROM {STAGE_DECISIONS} WHERE stage IN ({listed})))"
    )


def _field(channel: str, platform: str) -> str:
    return (
        f"'{CHANNEL_FIELD}' || {channel} || "
        f"CASE {platform} WHEN '' THEN '' ELSE ':' || {platform} END"
    )


_REST = f"substr(s.field, {len(CHANNEL_FIELD) + 1})"
_CHANNEL = f"substr({_REST}, 1, instr({_REST} || ':', ':') - 1)"
_PLATFORM = f"substr({_REST}, instr({_REST} || ':', ':') + 1)"

CHANNEL_DECISIONS = f"""
(SELECT s.id AS decision, s.subject, {_CHANNEL} AS channel, {_PLATFORM} AS platform,
        CASE s.value WHEN '"{ABSENT}"' THEN 0 ELSE CAST(s.value AS INTEGER) END AS strength,
        s.decided_at
 FROM decisions s JOIN channels known ON known.id = {_CHANNEL}
 WHERE substr(s.field, 1, {len(CHANNEL_FIELD)}) = '{CHANNEL_FIELD}'
   AND s.value IN ('1', '2', '3', '"{ABSENT}"')
   AND s.id = ({_NEWEST.format(subject="s.subject", field="s.field")}))
"""
"""A relation (decision, subject, channel, platform, strength, decided_at); 0 is absent."""

CHANNEL_TAGS = f"""
(SELECT t.id, t.subject, t.channel, t.role, t.platform,
        CASE WHEN s.id IS NULL THEN t.strength ELSE CAST(s.value AS INTEGER) END AS strength,
        t.first_seen, t.last_seen, s.id AS decision
 FROM channel_tags t
 LEFT JOIN decisions s ON t.role = 'promotes' AND s.value <> 'null' AND s.id =
   ({_NEWEST.format(subject="t.subject", field=_field("t.channel", "t.platform"))})
 WHERE s.id IS NULL OR s.value IN ('1', '2', '3')
 UNION ALL
 SELECT NULL, a.subject, a.channel, 'promotes', a.platform, a.strength,
        a.decided_at, a.decided_at, a.decision
 FROM {CHANNEL_DECISIONS} a
 WHERE a.strength > 0 AND NOT EXISTS (
   SELECT 1 FROM channel_tags t WHERE t.subject = a.subject AND t.channel = a.channel
   AND t.role = 'promotes' AND t.platform = a.platform))
"""
"""``channel_tags`` as they hold now: denied ones left out, confirmed ones with the researcher's
strength, added ones with ``id`` NULL; and the decision's id (``decision``, NULL for the rules')."""


def channel_field(channel: str, platform: str = "") -> str:
    """The field of a decision on one tag of promotion."""
    return CHANNEL_FIELD + channel + (f":{platform}" if platform else "")


def not_in_sums(conn: sqlite3.Connection) -> int:
    """How many corrections of the desk the stored answers do not know yet.

    Those in force whose value differs from what was in force when the answers were computed; a
    second's doubt counts as not known. 0 before the first answers: there are no sums.
    """
    (count,) = conn.execute(
        "SELECT count(*) FROM current_decisions c, "
        "(SELECT max(computed_at) AS at FROM summaries) computed "
        "WHERE c.origin = 'desk' AND c.decided_at >= computed.at "
        "AND coalesce(c.value, 'null') <> coalesce((SELECT o.value FROM decisions o "
        "WHERE o.subject = c.subject AND o.field = c.field AND o.decided_at < computed.at "
        "ORDER BY o.id DESC LIMIT 1), 'null')"
    ).fetchone()
    return int(count)
