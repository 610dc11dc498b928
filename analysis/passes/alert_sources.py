"""Sources that fail night after night: sites and forums that the market rests on."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.passes.alert_news import Moment, News, marks, set_mark
from analysis.questions.standing import RIVALS
from crawlers.market import Market

FAILING = frozenset({"failed", "blocked", "empty"})
"""Outcomes of a source that was not read. Closed by its robots.txt, switched off, or read in part
is none: the run says those, and no night changes them."""

NIGHT = timedelta(hours=12)
"""Two runs so far apart are two nights: three starts by hand in an hour are one."""

MOST_RUNS = 60
"""Newest runs of a source that are looked through for the beginning of its failing."""

LEAST_ALL = 3
"""From so many sources that all fail at once on, it is one alert: the network here, mostly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Night:
    outcome: str
    detail: str
    at: datetime
    text: str


def failing(connection: sqlite3.Connection, market: Market, moment: Moment) -> Iterator[News]:
    """Sources that could not be read two nights running, told once until they were read for two.

    What nobody named (quick looks at candidates, places of the catalogue) is left out.
    """
    known = marks(connection, "source")
    named = _named(connection, market)
    newly: dict[str, list[_Night]] = {}
    down = 0
    for source in named:
        nights = _nights(connection, source)
        streak = _streak(nights)
        down += bool(streak)
        if _is_long(streak):
            if source not in known:
                set_mark(connection, "source", source, streak[-1].text)
                newly[source] = streak
        elif source in known and _is_long(_well(nights)):
            connection.execute(
                "DELETE FROM alert_marks WHERE kind = 'source' AND subject = ?", (source,)
            )
    for gone in known.keys() - named.keys():
        connection.execute("DELETE FROM alert_marks WHERE kind = 'source' AND subject = ?", (gone,))
    if moment.known is None:
        return
    if len(newly) >= LEAST_ALL and down == len(named):
        yield _all(newly, named)
        return
    for source, streak in newly.items():
        newest, first = streak[0], streak[-1]
        name, competitor, url = named[source]
        yield News(
            kind="source", subject=source, competitor=competitor, fact=f"since {first.text}",
            at=newest.text, url=url,
            facts={
                "name": name, "outcome": newest.outcome, "detail": newest.detail[:300],
                "since": first.text, "all": False, "sources": [name],
            },
        )  # fmt: skip


def _all(
    newly: Mapping[str, list[_Night]], named: Mapping[str, tuple[str, str | None, str]]
) -> News:
    newest = max((streak[0] for streak in newly.values()), key=lambda night: night.at)
    first = min((streak[-1] for streak in newly.values()), key=lambda night: night.at)
    return News(
        kind="source", subject="", fact=f"all since {first.text}", at=newest.text,
        facts={
            "name": "", "outcome": newest.outcome, "detail": newest.detail[:300],
            "since": first.text, "all": True, "sources": sorted(named[one][0] for one in newly),
        },
    )  # fmt: skip


def _named(
    connection: sqlite3.Connection, market: Market
) -> dict[str, tuple[str, str | None, str]]:
    """What the market file names, and rivals that were accepted: name, competitor, address."""
    found: dict[str, tuple[str, str | None, str]] = {}
    for key, name, site in connection.execute(
        f"SELECT id, name, site FROM competitors WHERE site IS NOT NULL "
        f"AND (is_self = 1 OR id IN {RIVALS}) ORDER BY id"
    ):
        found[key] = (name, key, site)
    for key, name, url in (
        *((forum.key, forum.name, forum.url) for forum in market.talk),
        *((source.key, source.name, source.url) for source in market.lists),
    ):
        if key not in market.joined:
            found[key] = (name or url, None, url)
    return found


def _nights(connection: sqlite3.Connection, source: str) -> list[_Night]:
    """How a source came out in its newest runs that ended, newest first."""
    return [
        _Night(
            outcome=outcome, detail=detail, text=at,
            at=datetime.fromisoformat(at.replace("Z", "+00:00")),
        )
        for outcome, detail, at in connection.execute(
            "SELECT s.outcome, s.detail, r.finished_at FROM run_sources s "
            "JOIN runs r ON r.id = s.run_id WHERE s.source = ? AND r.finished_at IS NOT NULL "
            "ORDER BY s.run_id DESC LIMIT ?",
            (source, MOST_RUNS),
        )
    ]  # fmt: skip


def _streak(nights: Iterable[_Night]) -> list[_Night]:
    """The newest runs, as long as all fail."""
    found = []
    for night in nights:
        if night.outcome not in FAILING:
            break
        found.append(night)
    return found


def _well(nights: Iterable[_Night]) -> list[_Night]:
    """The newest runs, as long as none fails."""
    found = []
    for night in nights:
        if night.outcome in FAILING:
            break
        found.append(night)
    return found


def _is_long(nights: list[_Night]) -> bool:
    return len(nights) > 1 and nights[0].at - nights[-1].at >= NIGHT
