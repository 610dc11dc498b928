"""Question 4: when do they buy? Months, weekdays and hours of demand."""

import sqlite3
from typing import Any

import pandas as pd

from analysis.frames import frame
from analysis.questions import local_time
from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE, sample

BUYING = "stage IN ('searching', 'comparing')"
"""Near to buying: looks for something to buy, or weighs one against another."""

_PRECISE = {
    "month": ("second", "minute", "hour", "day", "month"),
    "weekday": ("second", "minute", "hour", "day"),
    "hour": ("second", "minute", "hour"),
}


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """Posts and people near to buying by month, weekday and hour, each in the post's own zone.

    A time counts only where it is known exactly enough: "March 2026" has no weekday.

    :returns: ``months`` [{month, posts, people}] without gaps, ``weekdays`` (7), ``hours`` (24),
        ``heat`` (7 rows of 24 posts), ``peak_month``, ``peak_weekday``, ``peak_hour`` (``None``
        below the minimum of people), ``undated`` posts, ``sample``.
    """
    local_time.register(conn)
    posts = frame(
        conn,
        f"WITH {COUNTED} SELECT person, substr(posted_at, 1, 7) AS month, "
        "local_weekday(posted_at, timezone) AS weekday, local_hour(posted_at, timezone) AS hour, "
        f"posted_precision AS precise FROM counted WHERE {BUYING}",
        types={
            "person": "text", "month": "text", "weekday": "integer", "hour": "integer",
            "precise": "text",
        },
    )  # fmt: skip
    months = _counts(posts, "month")
    weekdays = _counts(posts, "weekday")
    hours = _counts(posts, "hour")
    fine = posts[posts["precise"].isin(_PRECISE["hour"]) & posts["hour"].notna()]
    heat = pd.crosstab(fine["weekday"], fine["hour"]).reindex(
        index=range(7), columns=range(24), fill_value=0
    )
    return {
        "months": _without_gaps(months),
        "weekdays": [{"weekday": day, **weekdays.get(day, _NOBODY)} for day in range(7)],
        "hours": [{"hour": hour, **hours.get(hour, _NOBODY)} for hour in range(24)],
        "heat": [[int(value) for value in row] for row in heat.to_numpy()],
        "peak_month": _peak(months),
        "peak_weekday": _peak(weekdays),
        "peak_hour": _peak(hours),
        "undated": int(posts["month"].isna().sum()),
        "sample": sample(conn, BUYING),
    }


_NOBODY = {"posts": 0, "people": 0}


def _counts(posts: pd.DataFrame, column: str) -> dict[Any, dict[str, int]]:
    exact = posts[posts["precise"].isin(_PRECISE[column]) & posts[column].notna()]
    found = exact.groupby(column)["person"].agg(["size", "nunique"])
    keys: list[Any] = found.index.tolist()
    return {
        key if isinstance(key, str) else int(key): {"posts": int(posts), "people": int(people)}
        for key, posts, people in zip(keys, found["size"], found["nunique"], strict=True)
    }


def _peak(counts: dict[Any, dict[str, int]]) -> Any:
    """The value with most people; ``None`` where no value has enough of them."""
    best = max(counts.items(), key=lambda item: item[1]["people"], default=None)
    return best[0] if best and best[1]["people"] >= MINIMUM_PEOPLE else None


def _without_gaps(months: dict[Any, dict[str, int]]) -> list[dict[str, Any]]:
    """The last 36 months in a row, quiet ones too."""
    if not months:
        return []
    last = pd.Period(max(months), freq="M")
    first = max(pd.Period(min(months), freq="M"), last - 35)
    every = pd.period_range(first, last, freq="M")
    return [{"month": str(month), **months.get(str(month), _NOBODY)} for month in every]
