"""Question 4: when do they buy? Months, weekdays, hours and occasions of demand."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analysis.frames import frame
from analysis.questions import local_time, occasions
from analysis.questions.intervals import rate_ratio
from analysis.questions.occasions import BUYING
from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE, as_of, one_row, sample

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BUYING", "answer"]

_PRECISE = {
    "month": ("second", "minute", "hour", "day", "month"),
    "weekday": ("second", "minute", "hour", "day"),
    "hour": ("second", "minute", "hour"),
}

MOST_DAYS = 371
"""Days told one by one: the last 53 weeks."""

_EXACT = f"posted_precision IN {_PRECISE['weekday']}"


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """Posts and people near to buying by month, weekday and hour, each in the post's own zone.

    A time counts only where it is known exactly enough: "March 2026" has no weekday.

    Every value of the three carries its rate against the others: ``ratio``, ``low``, ``high``
    (exact, the level shared among the values), and ``stands_out`` where even ``low`` is above 1.
    A person counts once a value.

    :returns: ``months`` [{month, posts, people, ...}] without gaps, ``weekdays`` (7), ``hours``
        (24), ``heat`` (7 rows of 24 posts); ``days`` [{day, people}] with anybody (UTC), of
        ``days_since`` to ``days_until``: the last :data:`MOST_DAYS` on which posts are known
        (``None`` for none); ``peak_month``, ``peak_weekday``, ``peak_hour``: the
        value that stands out most, ``None`` below the minimum or where none does;
        ``occasions``, ``tried``, ``said`` (:mod:`analysis.questions.occasions`); ``undated``
        posts, ``sample``.
    """
    import pandas as pd

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
    known = _known(conn)
    told = {
        "month": _rated(months, _month_days(months, known)),
        "weekday": _rated(_counts(posts, "weekday"), dict.fromkeys(range(7), 1.0)),
        "hour": _rated(_counts(posts, "hour"), dict.fromkeys(range(24), 1.0)),
    }
    fine = posts[posts["precise"].isin(_PRECISE["hour"]) & posts["hour"].notna()]
    heat = pd.crosstab(fine["weekday"], fine["hour"]).reindex(
        index=range(7), columns=range(24), fill_value=0
    )
    return {
        "months": [{"month": month, **told["month"][month]} for month in _months(months)],
        "weekdays": [{"weekday": day, **told["weekday"][day]} for day in range(7)],
        "hours": [{"hour": hour, **told["hour"][hour]} for hour in range(24)],
        "heat": [[int(value) for value in row] for row in heat.to_numpy()],
        **_days(conn, known),
        "peak_month": _peak(told["month"]),
        "peak_weekday": _peak(told["weekday"]),
        "peak_hour": _peak(told["hour"]),
        **occasions.answer(conn),
        "undated": int(posts["month"].isna().sum()),
        "sample": sample(conn, BUYING),
    }


_NOBODY = {"posts": 0, "people": 0}


def _known(conn: sqlite3.Connection) -> tuple[date, date] | None:
    """The first and the last day posts are known of, whatever they are about."""
    today = str(as_of(conn) or "")[:10]  # a post dated later is a mistake of its page
    oldest, newest = (
        _day(text)
        for text in one_row(
            conn,
            f"WITH {COUNTED} SELECT min(substr(posted_at, 1, 10)), max(substr(posted_at, 1, 10)) "
            f"FROM counted WHERE {_EXACT} AND substr(posted_at, 1, 10) <= ?",
            (today,),
        )
    )
    return None if oldest is None or newest is None else (oldest, newest)


def _days(conn: sqlite3.Connection, known: tuple[date, date] | None) -> dict[str, Any]:
    """People near to buying on each of the last days; quiet days before the newest post too."""
    if known is None:
        return {"days": [], "days_since": None, "days_until": None}
    oldest, newest = known
    since = max(oldest, newest - timedelta(days=MOST_DAYS - 1))
    return {
        "days": [
            {"day": day, "people": people}
            for day, people in conn.execute(
                f"WITH {COUNTED} SELECT substr(posted_at, 1, 10) AS day, count(DISTINCT person) "
                f"FROM counted WHERE {BUYING} AND {_EXACT} AND posted_at >= ? "
                "AND substr(posted_at, 1, 10) <= ? GROUP BY day ORDER BY day",
                (str(since), str(newest)),
            )
        ],
        "days_since": str(since),
        "days_until": str(newest),
    }


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _counts(posts: pd.DataFrame, column: str) -> dict[Any, dict[str, int]]:
    exact = posts[posts["precise"].isin(_PRECISE[column]) & posts[column].notna()]
    found = exact.groupby(column)["person"].agg(["size", "nunique"])
    keys: list[Any] = found.index.tolist()
    return {
        key if isinstance(key, str) else int(key): {"posts": int(posts), "people": int(people)}
        for key, posts, people in zip(keys, found["size"], found["nunique"], strict=True)
    }


def _rated(counts: dict[Any, dict[str, int]], days: dict[Any, float]) -> dict[Any, dict[str, Any]]:
    """Every value with its rate of people against all other values.

    :param days: how long each value was, in any unit; quiet ones too.
    """
    everyone = sum(counts.get(value, _NOBODY)["people"] for value in days)
    whole = sum(days.values())
    rated: dict[Any, dict[str, Any]] = {}
    for value, long in days.items():
        count = counts.get(value, _NOBODY)
        rated[value] = {**count, "ratio": None, "low": None, "high": None, "stands_out": False}
        if everyone >= MINIMUM_PEOPLE and whole > long:
            found = rate_ratio(
                count["people"], long, everyone - count["people"], whole - long,
                comparisons=len(days),
            )  # fmt: skip
            rated[value] |= {
                "ratio": None if found.ratio is None else round(found.ratio, 2),
                "low": round(found.low, 2),
                "high": None if found.high is None else round(found.high, 2),
                "stands_out": found.stands_out and count["people"] >= MINIMUM_PEOPLE,
            }
    return rated


def _peak(rated: dict[Any, dict[str, Any]]) -> Any:
    """The value with most people for its length, where it stands out from the others."""
    best = max(
        (item for item in rated.items() if item[1]["stands_out"]),
        key=lambda item: (item[1]["low"], item[1]["people"]),
        default=None,
    )
    return best[0] if best else None


def _month_days(
    months: dict[Any, dict[str, int]], known: tuple[date, date] | None
) -> dict[Any, float]:
    """How many days of each month are known: the first and the last month seldom are whole."""
    import pandas as pd

    found: dict[Any, float] = {}
    for month in _months(months):
        whole = pd.Period(month, freq="M")
        first, last = whole.start_time.date(), whole.end_time.date()
        if known is not None:
            first, last = max(first, known[0]), min(last, known[1])
        # A month before the first exact day has posts whose month alone is known.
        found[month] = float((last - first).days + 1 if first <= last else whole.days_in_month)
    return found


def _months(months: dict[Any, dict[str, int]]) -> list[str]:
    """The last 36 months in a row, quiet ones too."""
    if not months:
        return []
    import pandas as pd

    last = pd.Period(max(months), freq="M")
    first = max(pd.Period(min(months), freq="M"), last - 35)
    return [str(month) for month in pd.period_range(first, last, freq="M")]
