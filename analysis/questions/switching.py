"""Question 6: why do they buy from a rival, and who switches to whom?"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from analysis.frames import frame, rows
from analysis.questions import said
from analysis.questions.intervals import SURE, exact
from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE, one_row, quotes, sample, share
from analysis.questions.standing import RIVALS
from crawlers.words import FORCES

if TYPE_CHECKING:
    import pandas as pd

_FELT = "SELECT post_id FROM feelings WHERE feeling = ?"

_OF_RIVALS = (
    "c.id IN (SELECT f.post_id FROM feelings f WHERE f.feeling = '{feeling}' "
    f"AND f.competitor IN {RIVALS})"
)

_FLOWS = f"""
WITH {COUNTED}
SELECT w.from_competitor, coalesce(f.name, w.from_brand) AS from_name,
       w.to_competitor, coalesce(t.name, w.to_brand) AS to_name,
       coalesce(f.is_self, 0) AS from_self, coalesce(t.is_self, 0) AS to_self,
       w.status, w.force, c.id, c.person, w.quote, c.url, c.lang, c.posted_at
FROM switches w JOIN counted c ON c.id = w.post_id
LEFT JOIN competitors f ON f.id = w.from_competitor
LEFT JOIN competitors t ON t.id = w.to_competitor
ORDER BY c.posted_at DESC, c.id DESC
"""


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """Praise, complaints and switching per brand, by distinct person; our own leavers first.

    Praise and complaints are those about the brand itself (table ``feelings``), not any in a post
    that names it. A brand gains or loses only where enough people moved and the exact interval of
    won among won and lost leaves out one half, its level shared among the brands compared.

    :returns: ``brands`` [{id, name, is_self, people, praise, pain, praise_share, pain_share, won,
        lost, net, moves (share of won among won and lost), direction (``gains``, ``loses`` or
        ``None``)}], ``flows`` [{from, to, posts, people, considering, done, forces, quote,
        share, low, high, enough}] of all who switch, ``leavers`` (how many of our customers leave
        or think of it; their whole answer: :mod:`analysis.questions.leaving`), ``topics`` {praise,
        pain: what people say so of rivals (:func:`said.topics`)}, ``gainer`` and ``loser``
        (``None`` where nobody clearly gains or loses), ``forces`` (people), ``force_shares``,
        ``reasons`` {force: topics of complaint and
        praise}, praise and pain quotes about brands, ``switchers``, ``sample``.
    """
    flows = frame(
        conn,
        _FLOWS,
        types={
            "from_competitor": "text", "from_name": "text", "to_competitor": "text",
            "to_name": "text", "from_self": "truth", "to_self": "truth", "status": "text",
            "force": "text", "id": "integer", "person": "text", "quote": "text", "url": "text",
            "lang": "text", "posted_at": "text",
        },
    )  # fmt: skip
    brands = _brands(conn, flows)
    ranked = sorted((b for b in brands if b["direction"]), key=lambda b: (-b["net"], b["name"]))
    switchers = sample(conn, "id IN (SELECT post_id FROM switches)")
    forces = {
        str(force): int(people)
        for force, people in flows.groupby("force")["person"].nunique().items()
    }
    return {
        "brands": brands,
        "flows": [f | share(f["people"], switchers["people"]) for f in _flows(flows)],
        "leavers": int(flows[flows["from_self"]]["person"].nunique()),
        "gainer": ranked[0] if ranked and ranked[0]["net"] > 0 else None,
        "loser": ranked[-1] if ranked and ranked[-1]["net"] < 0 else None,
        "forces": forces,
        "force_shares": {
            force: share(people, switchers["people"]) for force, people in forces.items()
        },
        "reasons": {force: _reasons(conn, force) for force in FORCES if force in forces},
        "topics": {
            feeling: said.topics(conn, feeling, _OF_RIVALS.format(feeling=feeling), limit=8)
            for feeling in ("praise", "pain")
        },
        "praise_quotes": quotes(conn, "praise", f"c.id IN ({_FELT})", ("praise",)),
        "pain_quotes": quotes(conn, "pain", f"c.id IN ({_FELT})", ("pain",)),
        "switchers": switchers,
        "sample": sample(
            conn,
            "id IN (SELECT post_id FROM feelings) OR id IN (SELECT post_id FROM switches)",
        ),
    }


def _brands(conn: sqlite3.Connection, flows: pd.DataFrame) -> list[dict[str, Any]]:
    voices = rows(
        frame(
            conn,
            f"WITH {COUNTED}, spoken AS (SELECT competitor, post_id, NULL AS feeling FROM mentions "
            "UNION ALL SELECT competitor, post_id, feeling FROM feelings) "
            "SELECT k.id, k.name, k.is_self, count(DISTINCT c.person) AS people, "
            "count(DISTINCT CASE WHEN s.feeling = 'praise' THEN c.person END) AS praise, "
            "count(DISTINCT CASE WHEN s.feeling = 'pain' THEN c.person END) AS pain "
            "FROM competitors k LEFT JOIN spoken s ON s.competitor = k.id "
            "LEFT JOIN counted c ON c.id = s.post_id "
            "WHERE k.status <> 'ignored' GROUP BY k.id",
            types={
                "id": "text", "name": "text", "is_self": "truth", "people": "integer",
                "praise": "integer", "pain": "integer",
            },
        )
    )  # fmt: skip
    done = flows[flows["status"] == "done"]
    won = done.groupby("to_competitor")["person"].nunique()
    lost = done.groupby("from_competitor")["person"].nunique()
    for brand in voices:
        brand["won"] = int(won.get(brand["id"], 0))
        brand["lost"] = int(lost.get(brand["id"], 0))
        brand["net"] = brand["won"] - brand["lost"]
        brand["moves"] = share(brand["won"], brand["won"] + brand["lost"])
        brand["praise_share"] = share(brand["praise"], brand["people"])
        brand["pain_share"] = share(brand["pain"], brand["people"])
    compared = sum(brand["moves"]["enough"] for brand in voices)
    for brand in voices:
        brand["direction"] = _direction(brand["won"], brand["lost"], compared)
    heard = [b for b in voices if b["people"] or b["won"] or b["lost"]]
    return sorted(heard, key=lambda b: (-b["people"], -b["won"] - b["lost"], b["name"]))


def _direction(won: int, lost: int, compared: int) -> str | None:
    """Whether a brand clearly gains or loses, among so many that are compared."""
    if won + lost < MINIMUM_PEOPLE:
        return None
    low, high = exact(won, won + lost, sure=1 - (1 - SURE) / max(compared, 1))
    return "gains" if low > 0.5 else "loses" if high < 0.5 else None


def _reasons(conn: sqlite3.Connection, force: str) -> dict[str, Any]:
    """What those who switch by a force complain of and praise, in the same posts."""
    moved = f"c.id IN (SELECT post_id FROM switches WHERE force = '{force}')"
    (people,) = one_row(
        conn, f"WITH {COUNTED} SELECT count(DISTINCT person) FROM counted c WHERE {moved}"
    )
    return {
        "pain": said.topics(conn, "pain", moved, limit=5),
        "praise": said.topics(conn, "praise", moved, limit=5),
        "people": people,
        "enough": people >= MINIMUM_PEOPLE,
    }


def _flows(flows: pd.DataFrame) -> list[dict[str, Any]]:
    known = flows.dropna(subset=["from_name", "to_name"])
    if known.empty:
        return []
    pairs = known.groupby(["from_name", "to_name"])
    sizes = pairs.agg(people=("person", "nunique"), posts=("id", "size"))
    largest = sorted(
        zip(sizes.index.tolist(), sizes["people"].tolist(), sizes["posts"].tolist(), strict=True),
        key=lambda size: (-size[1], -size[2], size[0]),
    )[:40]
    return [_flow(pair, pairs.get_group(pair)) for pair, _, _ in largest]


def _flow(pair: Any, group: pd.DataFrame) -> dict[str, Any]:
    from_name, to_name = pair
    newest = group.iloc[0]
    return {
        "from": str(from_name),
        "to": str(to_name),
        "from_id": _text(newest["from_competitor"]),
        "to_id": _text(newest["to_competitor"]),
        "from_self": bool(newest["from_self"]),
        "to_self": bool(newest["to_self"]),
        "posts": len(group),
        "people": int(group["person"].nunique()),
        "considering": int(group[group["status"] == "considering"]["person"].nunique()),
        "done": int(group[group["status"] == "done"]["person"].nunique()),
        "forces": {str(k): int(v) for k, v in group["force"].value_counts().items()},
        "quote": _quote(newest),
    }


def _quote(row: Any) -> dict[str, Any]:
    return {
        "post": int(row["id"]),
        "quote": str(row["quote"])[:400],
        "url": str(row["url"]),
        "lang": str(row["lang"]),
        "posted_at": _text(row["posted_at"]),
    }


def _text(value: Any) -> str | None:
    import pandas as pd

    return None if pd.isna(value) else str(value)
