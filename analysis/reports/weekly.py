"""One page for Monday: three changes, three unmet needs, words, what to look at."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from analysis.questions.candidates import waiting
from analysis.questions.channels import NEED
from analysis.questions.occasions import BUYING
from analysis.questions.sample import MINIMUM_PEOPLE, as_of, quotes
from analysis.questions.standing import RIVALS, standings
from analysis.questions.trends import compare
from analysis.reports.document import Cell, Lines, Part, Report, Section, Table
from analysis.reports.logo import Logo
from analysis.reports.openings import opening_name
from analysis.reports.reading import Findings
from analysis.reports.whole import alerts, change_table, fixed_words, pending
from analysis.reports.wording import Wording, line
from analysis.web.page import dicts

DAYS = 7
THREE = 3

Row = dict[str, Any]

_VOICES = {
    "stage.any": NEED,
    "stage.buying": BUYING,
    "claim.pain": "pain = 1",
    "barrier.hesitates": "(barrier IS NOT NULL OR objection = 1)",
    "switch.any": "id IN (SELECT post_id FROM switches)",
}
"""The lines of the week's numbers: a text's key and whose voices it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The seven days up to the newest moment known, and the seven before.

    ``first`` and ``last`` are days of the week (UTC), ``before`` the first day of the one before;
    ``changes`` the three that matter most, of ``changed`` in all, ``changed_before`` the week
    before; ``voices`` {text key: (people, people of the week before)}; ``wishes`` {topic: the
    same}; ``quotes`` of complaints and wishes of the week; ``found`` companies and names waiting.
    """

    first: date
    last: date
    before: date
    changes: tuple[Row, ...]
    changed: int
    changed_before: int
    voices: dict[str, tuple[int, int]]
    wishes: dict[tuple[str, str], tuple[int, int]]
    quotes: tuple[Row, ...]
    candidates: int
    names: int


def read_week(connection: sqlite3.Connection) -> Week | None:
    """The newest week of a market; ``None`` where no moment is known."""
    until = as_of(connection)
    if until is None:
        return None
    last = date.fromisoformat(until[:10])
    first = last - timedelta(days=DAYS - 1)
    before = first - timedelta(days=DAYS)
    found = waiting(standings(connection))
    pair = _pairs(connection, first, before)
    return Week(
        first=first,
        last=last,
        before=before,
        changes=tuple(_changes(connection, first)),
        changed=_changed(connection, first, None),
        changed_before=_changed(connection, before, first),
        voices={key: pair(where) for key, where in _VOICES.items()},
        wishes=_wishes(connection, first, before),
        quotes=tuple(_quotes(connection, first)),
        candidates=found.companies,
        names=found.names,
    )


def _pairs(
    connection: sqlite3.Connection, first: date, before: date
) -> Callable[[str], tuple[int, int]]:
    def pair(where: str) -> tuple[int, int]:
        now, then = connection.execute(
            "SELECT count(DISTINCT CASE WHEN posted_at >= ? THEN person END), "
            "count(DISTINCT CASE WHEN posted_at < ? THEN person END) "
            f"FROM voices WHERE posted_at >= ? AND ({where})",
            (str(first), str(first), str(before)),
        ).fetchone()
        return now, then

    return pair


def _changes(connection: sqlite3.Connection, first: date) -> list[Row]:
    return dicts(
        connection,
        "SELECT k.name, c.kind, c.old, c.new, c.words, c.at, p.url FROM changes c "
        f"JOIN competitors k ON k.id = c.competitor AND k.id IN {RIVALS} "
        "LEFT JOIN pages p ON p.id = c.page_id WHERE c.at >= ? "
        "ORDER BY c.importance DESC, c.at DESC, c.id DESC LIMIT ?",
        (str(first), THREE),
    )


def _changed(connection: sqlite3.Connection, since: date, until: date | None) -> int:
    (n,) = connection.execute(
        f"SELECT count(*) FROM changes c WHERE c.competitor IN {RIVALS} AND c.at >= ? AND c.at < ?",
        (str(since), str(until) if until else "9999"),
    ).fetchone()
    return int(n)


def _wishes(
    connection: sqlite3.Connection, first: date, before: date
) -> dict[tuple[str, str], tuple[int, int]]:
    """People by (kind, topic) of wishes and complaints, this week and the week before."""
    return {
        (kind, topic): (now, then)
        for kind, topic, now, then in connection.execute(
            "SELECT t.kind, t.topic, count(DISTINCT CASE WHEN v.posted_at >= ? THEN v.person END), "
            "count(DISTINCT CASE WHEN v.posted_at < ? THEN v.person END) "
            "FROM topics t JOIN voices v ON v.id = t.post_id WHERE v.posted_at >= ? "
            "AND t.kind IN ('suggestion', 'pain') GROUP BY 1, 2",
            (str(first), str(first), str(before)),
        )
    }


def _quotes(connection: sqlite3.Connection, first: date) -> list[Row]:
    since = f"c.posted_at >= '{first.isoformat()}'"  # a day of ours, not of a request
    wishes = quotes(connection, "suggestion", f"c.suggestion = 1 AND {since}", limit=2)
    pains = quotes(connection, "pain", f"c.pain = 1 AND {since}", limit=2)
    return [{**row, "style": "customer"} for row in wishes] + [
        {**row, "style": "pain"} for row in pains
    ]


def weekly_report(
    found: Findings, week: Week, words: Wording, *, today: date, logo: Logo | None = None
) -> Report:
    """The one page of a week, against the week before.

    :param today: the day of the report.
    """
    needs, need_quotes = _needs(found, week, words)
    said = [words.quote(row, row["style"]) for row in week.quotes]
    spoken = (need_quotes + [quote for quote in said if quote.text])[:4]
    sections = (
        _numbers(week, words),
        _change_section(week, words),
        Section(
            id="needs",
            tab=words("openings.title"),
            title=words("report.week_needs"),
            says=_how_many(len(needs), words),
            few=len(needs) < THREE,
            parts=(_need_table(needs, words),) if needs else (),
            quotes=tuple({quote.text: quote for quote in spoken}.values()),
        ),
        _look(found, week, words),
    )
    return Report(
        language=words.language,
        title=words("report.week_title"),
        market=line(found.business["name"] or found.name, 80),
        description=line(found.business["description"], 240),
        date=words.day(today.isoformat()),
        period=words("report.from_to", since=words.day(str(week.first)),
                     until=words.day(str(week.last))),
        sections=sections,
        words=fixed_words(words),
        notes=(*pending(found, words), words("foot.public"), words("sources.walled")),
        logo=logo,
        weekly=True,
    )  # fmt: skip


def _how_many(n: int, words: Wording) -> str:
    """Says so where there are fewer than three."""
    return "" if n >= THREE else words("report.only" if n else "report.none_this_week", n=n)


def _numbers(week: Week, words: Wording) -> Section:
    lines = []
    for key, (now, then) in week.voices.items():
        direction = compare(now, then, DAYS)["direction"]
        lines.append((words(key), now, then, words(f"report.moved_{direction or 'few'}")))
    rows = tuple(
        (
            Cell(text=label),
            Cell(text=words.show(now), value=now),
            Cell(text=words.show(then), value=then),
            Cell(text=moved),
        )
        for label, now, then, moved in lines
    )
    head = (
        words("word.people"), words("report.this_week"), words("report.week_before"),
        words("report.moved"),
    )  # fmt: skip
    return Section(
        id="week",
        tab=words("report.this_week"),
        title=words("report.week_numbers"),
        says="",
        parts=(Table(caption=words("report.week_numbers"), head=head, rows=rows),),
    )


def _change_section(week: Week, words: Wording) -> Section:
    says = words("report.week_changes_says", n=week.changed, before=words.show(week.changed_before))
    few = _how_many(len(week.changes), words) if week.changed else ""
    return Section(
        id="changes",
        tab=words("tab.changes"),
        title=words("report.week_changes"),
        says=f"{says} {few}".strip(),
        few=not week.changed,
        parts=(change_table(list(week.changes), words),) if week.changes else (),
    )


def _needs(found: Findings, week: Week, words: Wording) -> tuple[list[Row], list[Any]]:
    """Three needs: openings that rivals leave open first, then what most people wish for."""
    answer = found.answers["openings"] or {"ranked": [], "needs": {"quotes": []}}
    rows: dict[tuple[str, str], Row] = {}
    for one in answer["ranked"]:
        if one["kind"] in ("need", "pain"):
            kind = "suggestion" if one["kind"] == "need" else "pain"
            rows[kind, one["id"]] = {
                "name": opening_name(one, words), "people": one["people"], "quotes": one["quotes"],
                "open": words("demand.silent", n=one["uncovered"]["of"],
                              silent=one["uncovered"]["rivals"]),
            }  # fmt: skip
    for kind in (found.answers["topics"] or {"kinds": []})["kinds"]:
        if kind["kind"] != "suggestion":
            continue
        for one in kind["topics"]:
            rows.setdefault(
                ("suggestion", one["topic"]),
                {"name": words.named(one["names"], one["topic"]), "people": one["people"],
                 "quotes": one["quotes"], "open": ""},
            )  # fmt: skip
    chosen = [
        {**row, "week": week.wishes.get(key, (0, 0))} for key, row in list(rows.items())[:THREE]
    ]
    spoken = [words.quote(q, "customer") for row in chosen for q in row["quotes"][:1]]
    return chosen, spoken


def _need_table(rows: list[Row], words: Wording) -> Table:
    return Table(
        caption=words("report.week_needs"),
        head=(words("openings.title"), words("report.this_week"), words("report.week_before"),
              words("range.all"), words("report.unanswered")),
        rows=tuple(
            (
                Cell(text=row["name"]),
                Cell(text=words.show(row["week"][0]), value=row["week"][0]),
                Cell(text=words.show(row["week"][1]), value=row["week"][1]),
                Cell(text=words.show(row["people"]), value=row["people"],
                     small=words("report.too_few") if row["people"] < MINIMUM_PEOPLE else ""),
                Cell(text=row["open"] or "–"),
            )
            for row in rows
        ),
    )  # fmt: skip


def _look(found: Findings, week: Week, words: Wording) -> Section:
    """What a researcher should look at: new rivals, what waits for a word, what was not read."""
    lines = alerts(found, words)[:THREE]
    if week.candidates:
        lines.append(
            words("report.look_candidates", candidates=words("count.candidates", n=week.candidates))
            + f" scrapy review {found.name} --candidates"
        )
    for kind in (found.answers["topics"] or {"kinds": []})["kinds"]:
        for one in kind["topics"]:
            if one.get("rising") and len(lines) < 6:
                name = words.named(one["names"], one["topic"])
                lines.append(
                    f"{words('demand.rising')}: {name} ({words.word('claim', kind['kind'])}, "
                    f"{words.people(one['rising']['lately']['people'])})"
                )
    if week.changes:
        first = week.changes[0]
        lines.append(
            words("report.look_change", name=line(first["name"], 50),
                  kind=words.word("change", first["kind"]))
        )  # fmt: skip
    unread = (found.answers["sources"] or {}).get("unread") or []
    if unread:
        told = ", ".join(
            f"{line(s['name'], 40)} ({words.word('outcome', s['outcome'])})" for s in unread[:4]
        )
        lines.append(f"{words('sources.unread')} {told}")
    parts: tuple[Part, ...] = (Lines(rows=tuple(lines)),) if lines else ()
    return Section(
        id="look",
        tab=words("report.week_look"),
        title=words("report.week_look"),
        says="" if lines else words("report.nothing_to_look_at"),
        few=not lines,
        parts=parts,
    )
