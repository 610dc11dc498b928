"""What people newly say: a pain that surges, customers of ours who leave.

Only a post written since its forum was first read is news (:data:`NEW_POST`).
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from analysis.passes.alert_news import FIRST_READ, NEW_POST, Moment, News, marks, set_mark
from analysis.questions.intervals import dispersion, rate_ratio
from analysis.questions.sample import MINIMUM_PEOPLE
from analysis.questions.topics import at_least
from pipelines.demand.topics import names_of

SURGE_DAYS = 7
"""A surge is looked for in so many days, up to now."""
PAST_WEEKS = 16
"""Weeks before them that say what is usual: fifteen degrees of freedom, enough to tell how unlike
the weeks are (:func:`analysis.questions.intervals.dispersion`)."""
LEAST_WEEKS = 4
"""With less of a past nothing is known to be unusual."""
LEAST_RATIO = 2.0
"""A surge is at least twice what is usual: less may be sure, and still not matter."""
NIGHTS = 30
"""Nights among which the level is shared: with nothing new, one false surge in twenty months."""
LEVEL = 0.05
QUIET_DAYS = 14
"""A pain that surged is told again once it has not surged for so long."""
LEAVING_DAYS = 30
"""What was written longer ago is no news, whenever it is read."""
MOST_QUOTES = 5
_LONGEST = 300

_POSTS = f"JOIN posts p ON p.id = v.id LEFT JOIN ({FIRST_READ}) b ON b.forum = p.forum"


def surges(connection: sqlite3.Connection, moment: Moment) -> Iterator[News]:
    """Pains that more people name in the last week than the market's own past explains.

    Counted by distinct author. Three things must hold, so that few people, a lively week or a
    newly read forum make none: at least five authors; the rate per week against that of up to
    sixteen weeks before, exact interval, thinned by how unlike the weeks are, above 1 and twice
    as high (:func:`~analysis.questions.intervals.rate_ratio`); a larger part of all who speak, too
    (Fisher's exact test). The level is shared among the pains tried and thirty nights.
    """
    since = moment.now - timedelta(days=SURGE_DAYS)
    heard = _Heard(connection, since, moment.now)
    known = marks(connection, "pain")
    today = moment.now.date().isoformat()
    quiet = (moment.now - timedelta(days=QUIET_DAYS)).date().isoformat()
    for topic, found in heard.surging():
        last = known.get(topic)
        set_mark(connection, "pain", topic, today)
        resting = last is not None and last >= quiet
        if moment.known is None or not moment.same_rules or resting:
            continue
        quotes = _pain_quotes(connection, topic, moment.ago(SURGE_DAYS))
        yield News(
            kind="pain", subject=topic, fact=topic, at=_text(moment.now),
            url=quotes[0]["url"] if quotes else None,
            facts={
                "name": topic, "names": names_of([topic]).get(topic, {}), **found,
                "days": SURGE_DAYS, "quotes": quotes,
            },
        )  # fmt: skip


class _Heard:
    """Who named which pain: in the last week, and in each week before it."""

    def __init__(self, connection: sqlite3.Connection, since: datetime, now: datetime) -> None:
        self.lately: dict[str, set[str]] = defaultdict(set)
        self.weeks: dict[str, list[set[str]]] = defaultdict(self._no_weeks)
        first = since - timedelta(weeks=PAST_WEEKS)
        bounds = {"since": _text(since), "first": _text(first), "now": _text(now)}
        between = "v.posted_at >= :first AND v.posted_at <= :now"
        everyone: set[str] = set()
        past: list[set[str]] = self._no_weeks()
        oldest: str | None = None
        for person, at in connection.execute(
            f"SELECT v.person, v.posted_at FROM voices v WHERE {between}", bounds
        ):
            if at >= bounds["since"]:
                everyone.add(person)
            else:
                past[_week(at, since)].add(person)
                oldest = at if oldest is None else min(oldest, at)
        for topic, person, at, new in connection.execute(
            f"SELECT t.topic, v.person, v.posted_at, {NEW_POST} FROM topics t "
            f"JOIN voices v ON v.id = t.post_id {_POSTS} WHERE t.kind = 'pain' AND {between}",
            bounds,
        ):
            if at < bounds["since"]:
                self.weeks[topic][_week(at, since)].add(person)
            elif new:
                self.lately[topic].add(person)
        # The past is as long as people were heard in it: a forum may show its last weeks only.
        self.many = 0 if oldest is None else _week(oldest, since) + 1
        self.people = len(everyone)
        self.people_past = sum(len(week) for week in past[: self.many])

    def surging(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each pain that surges, with ``people`` lately, ``usual`` people a week, ``ratio``."""
        return surging(
            {topic: len(people) for topic, people in self.lately.items()},
            {
                topic: [len(week) for week in self.weeks[topic][: self.many]]
                for topic in self.lately.keys() | self.weeks.keys()
            },
            self.people,
            self.people_past,
        )

    @staticmethod
    def _no_weeks() -> list[set[str]]:
        return [set() for _ in range(PAST_WEEKS)]


def surging(
    lately: Mapping[str, int],
    weeks: Mapping[str, Sequence[int]],
    people: int,
    people_past: int,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The topics that surge, by the three tests of :func:`surges`.

    :param lately: distinct people who named each topic in the last seven days.
    :param weeks: the same of each week before, as many as there is a past of; also of topics that
        nobody names lately: how unlike weeks are is seen better on all topics than on one.
    :param people: distinct people who spoke at all in the last seven days.
    :param people_past: the same of each week before, added up.
    :returns: topic and ``people``, ``usual`` (people a week), ``ratio`` (``None``: never before).
    """
    tried = {topic: many for topic, many in lately.items() if many >= MINIMUM_PEOPLE}
    unlike = dispersion([list(of_topic) for of_topic in weeks.values()])
    for topic, now in sorted(tried.items()):
        before = list(weeks[topic])
        if len(before) < LEAST_WEEKS:
            continue
        past = sum(before)
        ratio = rate_ratio(
            now, SURGE_DAYS, past, SURGE_DAYS * len(before),
            comparisons=len(tried) * NIGHTS, dispersion=max(unlike, dispersion([before])),
        )  # fmt: skip
        enough = ratio.ratio is None or ratio.ratio >= LEAST_RATIO
        chance = at_least(now, people, past, people_past)
        if ratio.stands_out and enough and chance * len(tried) < LEVEL:
            yield (
                topic,
                {
                    "people": now,
                    "usual": round(past / len(before), 1),
                    "ratio": None if ratio.ratio is None else round(ratio.ratio, 1),
                },
            )


def leavers(connection: sqlite3.Connection, moment: Moment) -> Iterator[News]:
    """Customers of ours who newly think of leaving, or have left, all in one alert.

    Each person is told once for thinking of it and once for having done it.
    """
    rank = {"considering": 1, "done": 2}
    known = marks(connection, "leaving")
    since = moment.ago(LEAVING_DAYS)
    news: dict[str, dict[str, Any]] = {}
    at = ""
    rows = connection.execute(
        f"SELECT v.person, w.status, w.quote, v.url, v.posted_at, p.id, p.first_seen, {NEW_POST}, "
        "coalesce(k.name, w.to_brand) FROM switches w JOIN voices v ON v.id = w.post_id "
        f"{_POSTS} LEFT JOIN competitors k ON k.id = w.to_competitor "
        "WHERE w.from_competitor IN (SELECT id FROM competitors WHERE is_self = 1) "
        "ORDER BY v.posted_at, v.id"
    ).fetchall()
    for person, status, quote, url, posted_at, post, seen, new, to in rows:
        if rank[status] <= rank.get(known.get(person, ""), 0):
            continue
        known[person] = status
        set_mark(connection, "leaving", person, status)
        if moment.known is None or post <= moment.known.posts or not new or posted_at < since:
            continue
        at = max(at, seen)
        news[person] = {"quote": quote[:_LONGEST], "status": status, "to": to, "url": url}
    if news:
        quotes = list(news.values())[::-1]  # the newest first
        yield News(
            kind="leaving", subject="", at=at,
            fact="\n".join(f"{person} {quote['status']}" for person, quote in news.items()),
            url=quotes[0]["url"],
            facts={
                "name": moment.market, "people": len(quotes),
                "done": sum(quote["status"] == "done" for quote in quotes),
                "quotes": quotes[:MOST_QUOTES],
            },
        )  # fmt: skip


def _pain_quotes(connection: sqlite3.Connection, topic: str, since: str) -> list[dict[str, Any]]:
    """The newest words on a pain, one a person."""
    found: dict[str, dict[str, Any]] = {}
    for person, quote, url in connection.execute(
        f"SELECT v.person, t.quote, v.url FROM topics t JOIN voices v ON v.id = t.post_id {_POSTS} "
        f"WHERE t.kind = 'pain' AND t.topic = ? AND v.posted_at >= ? AND {NEW_POST} "
        "ORDER BY v.posted_at DESC, v.id DESC",
        (topic, since),
    ):
        found.setdefault(person, {"quote": quote[:_LONGEST], "url": url})
        if len(found) == MOST_QUOTES:
            break
    return list(found.values())


def _week(at: str, since: datetime) -> int:
    """How many weeks before the last one a moment lies; the week next to it is 0."""
    moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
    return min(int((since - moment) / timedelta(weeks=1)), PAST_WEEKS - 1)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
