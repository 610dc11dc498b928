"""Question 6: why do they buy from a rival, and who switches to whom?"""

import sqlite3
from typing import Any

import pandas as pd

from analysis.frames import frame, rows
from analysis.questions.sample import COUNTED, quotes, sample

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

    :returns: ``brands`` [{id, name, is_self, people, praise, pain, won, lost, net}],
        ``flows`` [{from, to, posts, people, considering, done, forces, quote}],
        ``leaving`` (quotes of our customers who leave or think of it), ``gainer`` and ``loser``
        (``None`` where nobody gains or loses), ``forces``, praise and pain quotes, ``sample``.
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
    ranked = sorted((b for b in brands if b["net"]), key=lambda b: (-b["net"], b["name"]))
    return {
        "brands": brands,
        "flows": _flows(flows),
        "leaving": _leaving(flows),
        "leavers": int(flows[flows["from_self"]]["person"].nunique()),
        "gainer": ranked[0] if ranked and ranked[0]["net"] > 0 else None,
        "loser": ranked[-1] if ranked and ranked[-1]["net"] < 0 else None,
        "forces": {
            str(force): int(people)
            for force, people in flows.groupby("force")["person"].nunique().items()
        },
        "praise_quotes": quotes(conn, "praise", "c.praise = 1"),
        "pain_quotes": quotes(conn, "pain", "c.pain = 1"),
        "switchers": sample(conn, "id IN (SELECT post_id FROM switches)"),
        "sample": sample(
            conn,
            "(praise = 1 OR pain = 1 OR id IN (SELECT post_id FROM switches)) "
            "AND (id IN (SELECT post_id FROM mentions) OR id IN (SELECT post_id FROM switches))",
        ),
    }


def _brands(conn: sqlite3.Connection, flows: pd.DataFrame) -> list[dict[str, Any]]:
    voices = rows(
        frame(
            conn,
            f"WITH {COUNTED} "
            "SELECT k.id, k.name, k.is_self, count(DISTINCT c.person) AS people, "
            "count(DISTINCT CASE WHEN c.praise = 1 THEN c.person END) AS praise, "
            "count(DISTINCT CASE WHEN c.pain = 1 THEN c.person END) AS pain "
            "FROM competitors k LEFT JOIN mentions m ON m.competitor = k.id "
            "LEFT JOIN counted c ON c.id = m.post_id "
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
    heard = [b for b in voices if b["people"] or b["won"] or b["lost"]]
    return sorted(heard, key=lambda b: (-b["people"], -b["won"] - b["lost"], b["name"]))


def _flows(flows: pd.DataFrame) -> list[dict[str, Any]]:
    known = flows.dropna(subset=["from_name", "to_name"])
    if known.empty:
        return []
    grouped: list[dict[str, Any]] = []
    for (from_name, to_name), group in known.groupby(["from_name", "to_name"]):
        newest = group.iloc[0]
        grouped.append(
            {
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
        )
    return sorted(grouped, key=lambda f: (-f["people"], -f["posts"], f["from"], f["to"]))[:40]


def _leaving(flows: pd.DataFrame) -> list[dict[str, Any]]:
    ours = flows[flows["from_self"]].drop_duplicates("person").head(5)
    return [
        _quote(row) | {"to": _text(row["to_name"]), "status": str(row["status"])}
        for _, row in ours.iterrows()
    ]


def _quote(row: Any) -> dict[str, Any]:
    return {
        "post": int(row["id"]),
        "quote": str(row["quote"])[:400],
        "url": str(row["url"]),
        "lang": str(row["lang"]),
        "posted_at": _text(row["posted_at"]),
    }


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
