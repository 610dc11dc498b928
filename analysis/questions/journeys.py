"""One author's stages over time: who searches now, and uses something later."""

import sqlite3
from collections import Counter
from itertools import groupby, permutations
from statistics import median
from typing import Any

from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE, sample, share
from crawlers.words import STAGES

WITHIN_DAYS = 180
"""How long after the first post in a stage a later stage still counts as coming from it."""

_DEMAND = tuple(stage for stage in STAGES if stage != "none")
_LONGEST = 6  # stages of a path; what comes after is left out
_MOST = 12  # paths told

_RUNS = f"""
WITH {COUNTED},
dated AS (
    SELECT person, stage, posted_at, id FROM counted
    WHERE stage <> 'none' AND posted_at IS NOT NULL
      AND posted_precision IN ('second', 'minute', 'hour', 'day')
),
moved AS (
    SELECT *, lag(stage) OVER (PARTITION BY person ORDER BY posted_at, id) AS before FROM dated
)
SELECT person, stage, julianday(posted_at), id FROM moved
WHERE before IS NULL OR before <> stage ORDER BY person, posted_at, id
"""
"""Each person's stages in order, one row a change."""


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """Transitions between stages and the commonest paths, by distinct person.

    A transition counts from a person's first post in a stage to the next one in another stage,
    within :data:`WITHIN_DAYS`. Its share is of the people seen in the first stage at least so long
    before the newest post: of the others it is too early to tell. Who went on without another
    post is not seen, so the shares are lower bounds of what happens.

    :returns: ``transitions`` [{from, to, within_days, people, of, share, low, high, enough,
        median_days (``None`` below the minimum of people), posts}], ``paths`` [{stages, people,
        enough}], ``moving``: people seen in more than one stage, of all with a stage and a date;
        ``sample``.
    """
    started: Counter[str] = Counter()
    days: dict[tuple[str, str], list[float]] = {pair: [] for pair in permutations(_DEMAND, 2)}
    proof: dict[tuple[str, str], list[int]] = {pair: [] for pair in days}
    paths: Counter[tuple[str, ...]] = Counter()
    newest = _newest(conn)
    people = moving = 0
    for _, rows in groupby(conn.execute(_RUNS), key=lambda row: row[0]):
        stages = [(stage, day, post) for _, stage, day, post in rows if day is not None]
        people += 1
        if len(stages) > 1:
            moving += 1
            paths[tuple(stage for stage, _, _ in stages[:_LONGEST])] += 1
        first: dict[str, float] = {}
        later: dict[tuple[str, str], tuple[float, int]] = {}
        for stage, day, post in stages:
            for earlier, since in first.items():
                if earlier != stage:
                    later.setdefault((earlier, stage), (day - since, post))
            first.setdefault(stage, day)
        followed = {stage for stage, day in first.items() if newest - day >= WITHIN_DAYS}
        started.update(followed)
        for pair, (gap, post) in later.items():
            if pair[0] in followed and pair in days and gap <= WITHIN_DAYS:
                days[pair].append(gap)
                if len(proof[pair]) < 20:
                    proof[pair].append(post)
    return {
        "transitions": [
            {
                "from": pair[0], "to": pair[1], "within_days": WITHIN_DAYS,
                **share(len(gaps), started[pair[0]]),
                "median_days": round(median(gaps), 1) if len(gaps) >= MINIMUM_PEOPLE else None,
                "posts": proof[pair],
            }
            for pair, gaps in sorted(days.items(), key=lambda item: (-len(item[1]), item[0]))
            if started[pair[0]]
        ],
        "paths": [
            {"stages": list(path), "people": count, "enough": count >= MINIMUM_PEOPLE}
            for path, count in sorted(paths.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
        ],
        "moving": share(moving, people),
        "sample": sample(conn, "stage <> 'none'"),
    }  # fmt: skip


def moving(conn: sqlite3.Connection) -> dict[str, Any]:
    """People seen in more than one stage, of all with a stage."""
    several, people = conn.execute(
        f"WITH {COUNTED} SELECT count(CASE WHEN stages > 1 THEN 1 END), count(*) FROM ("
        "SELECT count(DISTINCT stage) AS stages FROM counted WHERE stage <> 'none' "
        "GROUP BY person)"
    ).fetchone()
    return share(several, people)


def _newest(conn: sqlite3.Connection) -> float:
    """The newest counted post as a day number; 0 where there is none."""
    (day,) = conn.execute(
        f"WITH {COUNTED} SELECT julianday(max(posted_at)) FROM counted"
    ).fetchone()
    return float(day or 0)
