"""What changed on the rivals' sites, by day, in words."""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from analysis.alerting.wording import words_of
from analysis.questions.period import stored
from analysis.questions.standing import RIVALS
from analysis.questions.told import recent
from analysis.web.page import Page, Visit, answers, dicts

PAGE_SIZE = 60
MOST_COMPETITORS = 14
"""Competitors offered as a filter, those that changed most first."""
MOST_TOLD = 12
"""Alerts of thirty days above the changes, newest first."""
WEIGHTS = (2, 3)
"""Least importance that can be asked for; 1 is everything."""
_LONGEST = 200

_FROM = "FROM changes c JOIN competitors k ON k.id = c.competitor "


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFilter:
    """What an address asks for; empty or 0 where it does not.

    ``since`` and ``until`` bound the time, each an RFC 3339 time or a day in UTC.
    """

    kind: str = ""
    competitor: str = ""
    weight: int = 0
    since: str | None = None
    until: str | None = None

    @property
    def anything(self) -> bool:
        """Whether more is asked than a range of time."""
        return bool(self.kind or self.competitor or self.weight)

    def within(self) -> tuple[str, list[object]]:
        """The SQL of the range of time, with its values."""
        conditions, values = ["k.is_self = 0"], []
        for condition, bound in (("c.at >= ?", self.since), ("c.at <= ?", self.until)):
            if bound:
                conditions.append(condition)
                values.append(bound)
        return " AND ".join(conditions), list[object](values)

    def where(self) -> tuple[str, list[object]]:
        """The SQL of all of it: of one competitor, whoever it is; else of the rivals."""
        condition, values = self.within()
        conditions = [condition]
        if self.kind:
            conditions.append("c.kind = ?")
            values.append(self.kind)
        if self.competitor:
            conditions.append("c.competitor = ?")
            values.append(self.competitor)
        else:
            conditions.append(f"k.id IN {RIVALS}")
        if self.weight:
            conditions.append("c.importance >= ?")
            values.append(self.weight)
        return " AND ".join(conditions), values


def asked(conn: sqlite3.Connection, visit: Visit) -> ChangeFilter:
    """The filter an address names: ``kind``, ``competitor``, ``importance`` (at least), its range.

    ``recent=1`` is the range of the stored answer, whose count links here.
    """
    query = visit.query
    weight = query.get("importance", "")
    since, until = stored(conn, visit.period).since, None
    if query.get("recent") == "1":
        answer = answers(conn, "changes", period=visit.period)["changes"]
        if answer is not None:
            since, until = answer.get("since"), answer.get("until")
    return ChangeFilter(
        kind=query.get("kind", "")[:_LONGEST],
        competitor=query.get("competitor", "")[:_LONGEST],
        weight=int(weight) if weight in {str(one) for one in WEIGHTS} else 0,
        since=since,
        until=until,
    )


def newest(
    conn: sqlite3.Connection, chosen: ChangeFilter, *, most: int, after: str = ""
) -> list[dict[str, Any]]:
    """The newest changes that fit.

    :param after: ``at~id`` of the last row already shown.
    """
    where, values = chosen.where()
    at, _, row = after.partition("~")
    if at and row.isdigit():
        where += " AND (c.at, c.id) < (?, ?)"
        values += [at, int(row[:18])]
    return dicts(
        conn,
        "SELECT c.id, c.competitor, k.name, c.kind, c.field, c.words, c.old, c.new, "
        f"c.importance, c.at, p.url {_FROM} LEFT JOIN pages p ON p.id = c.page_id "
        f"WHERE {where} ORDER BY c.at DESC, c.id DESC LIMIT ?",
        [*values, most],
    )


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """A page of changes below a row already shown, and how many each filter would find."""
    chosen = asked(conn, visit)
    rows = newest(conn, chosen, most=PAGE_SIZE + 1, after=visit.query.get("after", ""))
    more = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    rows = rows[:PAGE_SIZE]
    return {
        "days": [(day, list(of_day)) for day, of_day in groupby(rows, lambda row: row["at"][:10])],
        "after": f"{more['at']}~{more['id']}" if more else None,
        "filter": {
            "kind": chosen.kind,
            "competitor": chosen.competitor,
            "importance": chosen.weight or None,
            "recent": 1 if visit.query.get("recent") == "1" else None,
        },
        "told": recent(conn, most=MOST_TOLD, competitor=chosen.competitor),
        "alert_words": words_of,
        "filtered": chosen.anything or bool(chosen.since),
        **_counts(conn, chosen),
    }


def _counts(conn: sqlite3.Connection, chosen: ChangeFilter) -> dict[str, Any]:
    """How many changes each kind, competitor and importance has among those the others leave."""
    condition, values = chosen.within()
    kinds: Counter[str] = Counter()
    competitors: Counter[str] = Counter()
    weights: Counter[int] = Counter()
    total = 0
    for kind, competitor, importance, rival, n in conn.execute(
        f"SELECT c.kind, c.competitor, c.importance, k.id IN {RIVALS}, count(*) {_FROM} "
        f"WHERE {condition} GROUP BY 1, 2, 3",
        values,
    ):
        in_kind = not chosen.kind or kind == chosen.kind
        in_whom = competitor == chosen.competitor if chosen.competitor else bool(rival)
        in_weight = importance >= chosen.weight
        if in_kind and in_whom and in_weight:
            total += n
        if in_whom and in_weight:
            kinds[kind] += n
        if in_kind and in_weight and (rival or competitor == chosen.competitor):
            competitors[competitor] += n
        if in_kind and in_whom:
            for weight in WEIGHTS:
                weights[weight] += n * (importance >= weight)
    most = competitors.most_common(MOST_COMPETITORS)
    if chosen.competitor and chosen.competitor not in dict(most):
        most.insert(0, (chosen.competitor, competitors[chosen.competitor]))
    return {
        "total": total,
        "kinds": [{"kind": kind, "changes": n} for kind, n in kinds.most_common(20)],
        "competitors": [
            {"competitor": key, "name": _name(conn, key), "changes": n} for key, n in most
        ],
        "weights": [
            {"importance": weight, "changes": weights[weight]}
            for weight in WEIGHTS
            if weights[weight]
        ],
    }


def _name(conn: sqlite3.Connection, key: str) -> str:
    row = conn.execute("SELECT name FROM competitors WHERE id = ?", (key,)).fetchone()
    return str(row[0]) if row else key


PAGE = Page(
    name="changes",
    route=r"changes",
    tables=("changes", "competitors", "pages", "summaries", "alerts"),
    read=read,
    tab="changes",
)
