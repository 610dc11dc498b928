"""A whole report: the six questions, then the board, the channels, the openings, the changes."""

from datetime import date
from typing import Any

from analysis.questions.standing import UNREAD, Standing
from analysis.reports.document import Cell, Lines, Part, Report, Section, Table
from analysis.reports.logo import Logo
from analysis.reports.openings import openings_section
from analysis.reports.reading import MOST_RIVALS, Findings
from analysis.reports.six import six_questions
from analysis.reports.wording import Wording, line, percent
from analysis.web.formats import host, safe_url
from analysis.web.pictures.bars import Bar, Bars

Row = dict[str, Any]

COLUMNS = 10
"""Channels beside one another: more do not fit on a page of paper."""


def whole_report(
    found: Findings, words: Wording, *, today: date, logo: Logo | None = None
) -> Report:
    """The report of a time range.

    :param today: the day on the cover.
    """
    sections = [
        *six_questions(found, words),
        _tiers(found, words),
        _matrix(found, words),
        openings_section(found, words),
        _changes(found, words),
        _sources(found, words),
    ]
    return Report(
        language=words.language,
        title=words("report.title"),
        market=line(found.business["name"] or found.name, 80),
        description=line(found.business["description"], 240),
        date=words.day(today.isoformat()),
        period=period_words(found, words),
        sections=tuple(sections),
        words=fixed_words(words),
        notes=(
            *alerts(found, words),
            *pending(found, words),
            words("foot.public"),
            *_computed(found, words),
        ),
        logo=logo,
    )


def fixed_words(words: Wording) -> dict[str, str]:
    """The words of the forms themselves."""
    names = {
        "contents": "report.contents", "quote": "report.quote", "address": "report.address",
        "date": "report.date", "language": "customers.languages", "quotes": "barriers.words",
        "numbers": "word.numbers", "too_few": "report.too_few", "logo": "report.logo",
        "share": "report.detail",
    }  # fmt: skip
    return {name: words(key) for name, key in names.items()}


def period_words(found: Findings, words: Wording) -> str:
    """The range a report tells of, with its days where it has any."""
    said = words(f"range.{found.period.id}")
    if found.period.since and found.period.until:
        days = words(
            "report.from_to",
            since=words.day(found.period.since),
            until=words.day(found.period.until),
        )
        return f"{said} ({days})"
    return said


def pending(found: Findings, words: Wording) -> list[str]:
    """How many corrections wait for the next pass."""
    if not found.corrections:
        return []
    return [f"{words('correct.not_in_sums', n=found.corrections)}: scrapy refresh {found.name}"]


def alerts(found: Findings, words: Wording) -> list[str]:
    """Who became a direct rival by what it did."""
    names = {1: "direct", 2: "substitute", 3: "potential"}
    return [
        f"{words('alert.title')} {line(one.name, 60)}: "
        + words(
            "alert.words",
            day=words.day(one.at),
            before=words.word("tier", names.get(one.tier_before or 0, "unrelated")),
        )
        for one in found.alerts
    ]


def _computed(found: Findings, words: Wording) -> tuple[str, ...]:
    at = str(found.computed_at or "")[:16].replace("T", " ")
    return (words("foot.computed", at=at),) if at else ()


def _tiers(found: Findings, words: Wording) -> Section:
    """Every competitor where it stands, and why."""
    rows = tuple(_tier_row(one, found, words) for one in found.board[:MOST_RIVALS])
    head = (
        words("word.competitor"), words("report.tier"), words("report.why"),
        words("competitor.score"), words("word.people"), words("competitor.complaints"),
        words("competitor.praise"),
    )  # fmt: skip
    table = Table(caption=words("report.tiers"), head=head, rows=rows)
    more = len(found.board) - len(rows)
    parts: tuple[Part, ...] = (table,) if rows else ()
    if more > 0:
        parts += (Lines(rows=(words("channels.more_rows", n=more),)),)
    return Section(
        id="tiers",
        tab=words("report.tier"),
        title=words("report.tiers"),
        says=words("count.competitors", n=len(found.board)) if rows else words("competitors.none"),
        few=not rows,
        parts=parts,
    )


def _tier_row(one: Standing, found: Findings, words: Wording) -> tuple[Cell, ...]:
    reasons = found.reasons.get(one.competitor, [])
    why, url = _why(one, reasons, words)
    strong = one.verdict not in (None, "insufficient") and one.score is not None
    counts = [one.counts[name] for name in ("authors", "pain", "praise")]
    style = {"direct": "t1", "substitute": "t2", "potential": "t3"}.get(one.group, "t0")
    return (
        Cell(text=line(one.name, 50), small=host(one.site) if one.site else ""),
        Cell(text=words.word("tier", one.group), style=style,
             small=words("word.decision") if one.decision else ""),
        Cell(text=why[0], small=why[1], url=url),
        Cell(text=percent(one.score), value=one.score) if strong else Cell(text="–"),
        *(Cell(text="–" if n is None else words.show(n), value=n) for n in counts),
    )  # fmt: skip


def _why(one: Standing, reasons: list[Row], words: Wording) -> tuple[tuple[str, str], str | None]:
    """The strongest reasons as (words, quote), and where the quote stands."""
    if one.decision is not None:
        decided = words(
            "competitor.decided", by=line(one.decision.decided_by, 40),
            day=words.day(one.decision.decided_at),
        )  # fmt: skip
        said = line(one.decision.reason, 160)
        return (f"{decided} {said}".strip(), ""), None
    if one.group == "failed":
        return (
            words("channels.unread", outcome=words.word("outcome", one.outcome)),
            line(one.outcome_detail, 120),
        ), None
    if not reasons:
        return (words(f"tier_note.{one.group}"), ""), None
    told = "; ".join(_reasons(reasons, words))
    first = reasons[0]
    quote = line(first["quote"], 140)
    return (told, f"“{quote}”" if quote else ""), safe_url(first["url"])


def _reasons(reasons: list[Row], words: Wording) -> list[str]:
    """Each kind of reason once, with all that it speaks of."""
    about: dict[str, list[str]] = {}
    flags: dict[str, str] = {}
    for reason in reasons:
        what = reason["what"].get(words.language) or reason["what"].get("en") or reason["words"]
        flags.setdefault(reason["family"], reason["flag"])
        seen = about.setdefault(reason["family"], [])
        if what and line(what, 60) not in seen:
            seen.append(line(what, 60))
    told = []
    for family, seen in about.items():
        said = words.t.phrase("rule", family, what=", ".join(seen))
        told.append(line(said.unescape(), 200) or words.word("flag", flags[family]))
    return told[:2]


def _matrix(found: Findings, words: Wording) -> Section:
    """Rival by channel; a table for each ten channels."""
    tables: list[Part] = []
    for start in range(0, len(found.channels), COLUMNS):
        shown = found.channels[start : start + COLUMNS]
        tables.append(
            Table(
                caption=words("channels.matrix"),
                head=(words("word.competitor"), *(words.word("channel", c) for c in shown)),
                rows=tuple(
                    (Cell(text=line(one.name, 40)), *_strengths(one, shown, found, words))
                    for one in found.board[:MOST_RIVALS]
                ),
                kind="matrix",
                note="" if start else _legend(words),
            )
        )
    more = len(found.board) - MOST_RIVALS
    if tables and more > 0:
        tables.append(Lines(rows=(words("channels.more_rows", n=more),)))
    answer = found.answers["channels"]
    promotes = (answer or {}).get("promotes") or []
    says = words("channels.none_seen")
    if answer and promotes:
        says = words(
            "channels.says_promote", channel=words.word("channel", promotes[0]["channel"]),
            n=promotes[0]["competitors"], read=answer["read"],
        )  # fmt: skip
    return Section(
        id="matrix",
        tab=words("report.matrix"),
        title=words("channels.matrix"),
        says=says,
        few=not tables,
        basis=(words("channels.read", n=answer["read"]),) if answer else (),
        parts=tuple(tables),
    )


def _strengths(
    one: Standing, channels: tuple[str, ...], found: Findings, words: Wording
) -> tuple[Cell, ...]:
    seen = [found.cells.get((one.competitor, channel)) for channel in channels]
    anywhere = any((one.competitor, channel) in found.cells for channel in found.channels)
    if one.outcome in UNREAD and not anywhere:  # then even "not seen" would say too much
        return tuple(Cell(text="?", style="none") for _ in channels)
    return tuple(Cell(text=str(n), value=n, style=f"s{n}") if n else Cell(text="·") for n in seen)


def _legend(words: Wording) -> str:
    steps = [f"{n} {words(f'strength.{n}')}" for n in (3, 2, 1)]
    return ", ".join(
        [*steps, f"· {words('channels.not_seen')}", f"? {words('tier.failed')}"]
    ) + f". {words('channels.not_seen_note')}"  # fmt: skip


def _changes(found: Findings, words: Wording) -> Section:
    answer = found.answers["changes"]
    title, tab = words("changes.title"), words("tab.changes")
    if answer is None:
        return Section(id="changes", tab=tab, title=title, says=words("state.not_computed"),
                       few=True)  # fmt: skip
    kinds = tuple(
        Bar(label=words.word("change", k["kind"]), n=k["changes"], shown=words.show(k["changes"]),
            small=words("count.competitors", n=k["competitors"]))
        for k in answer["kinds"][:8]
    )  # fmt: skip
    parts: tuple[Part, ...] = ()
    if kinds:
        parts += (
            Bars(caption=words("report.change_kinds"), unit=words("report.changes"), rows=kinds),
            change_table(answer["top"], words),
        )
    return Section(
        id="changes",
        tab=tab,
        title=title,
        says=words.says("changes", answer),
        few=not answer["changes"],
        basis=(words("count.pages", n=answer["sample"].get("pages", 0)),),
        parts=parts,
    )


def change_table(rows: list[Row], words: Wording) -> Table:
    """Changes, a row each: when, who, what, before and after where both are known."""
    return Table(
        caption=words("changes.title"),
        head=(words("report.date"), words("word.competitor"), words("report.kind"),
              words("changes.title")),
        rows=tuple(
            (
                Cell(text=words.day(c["at"])),
                Cell(text=line(c["name"], 50)),
                Cell(text=words.word("change", c["kind"])),
                Cell(text=line(c["words"], 240), url=safe_url(c["url"]), small=_moved(c)),
            )
            for c in rows
        ),
    )  # fmt: skip


def _moved(c: Row) -> str:
    if c["kind"] in ("positioning", "audience") and c.get("old") and c.get("new"):
        return f"{line(c['old'], 120)} → {line(c['new'], 120)}"
    return ""


def _sources(found: Findings, words: Wording) -> Section:
    """What was read, what was blocked, what is walled."""
    answer = found.answers["sources"]
    title, tab = words("sources.title"), words("tab.collection")
    if answer is None:
        return Section(id="sources", tab=tab, title=title, says=words("state.not_computed"),
                       few=True)  # fmt: skip
    counts = ("pages", "posts", "people", "forums", "sellers", "copies")
    figures = Table(
        caption=words("sources.title"),
        head=(words("report.detail"), words("word.numbers")),
        rows=tuple(
            (Cell(text=words(f"sources.{name}")),
             Cell(text=words.show(answer[name]), value=answer[name]))
            for name in counts
        ),
    )  # fmt: skip
    outcomes = tuple(
        Bar(label=words.word("outcome", outcome), n=n, shown=words.show(n))
        for outcome, n in sorted(answer["outcomes"].items(), key=lambda pair: (-pair[1], pair[0]))
    )
    parts: tuple[Part, ...] = (figures,)
    if outcomes:
        parts += (
            Bars(caption=words("collection.sources"), unit=words("collection.sources"),
                 rows=outcomes),
        )  # fmt: skip
    if answer["unread"]:
        parts += (
            Table(
                caption=words("report.unread"),
                head=(words("collection.source"), words("collection.outcome"),
                      words("collection.detail")),
                rows=tuple(
                    (Cell(text=line(s["name"], 60)), Cell(text=words.word("outcome", s["outcome"])),
                     Cell(text=line(s["detail"], 160)))
                    for s in answer["unread"]
                ),
            ),
        )  # fmt: skip
    remarks = [words("sources.walled"), words("collection.robots_note")]
    own = [f"{line(s['name'], 50)} ({words('count.posts', n=s['posts'])})" for s in answer["own"]]
    if own:
        remarks.append(f"{words('own.title')}: {', '.join(own)}. {words('own.apart')}")
    return Section(
        id="sources",
        tab=tab,
        title=title,
        says=f"{words('count.pages', n=answer['pages'])}, "
        f"{words('count.posts', n=answer['posts'])}, {words.people(answer['people'])}.",
        basis=(words("sources.aside"),),
        parts=(*parts, Lines(rows=tuple(remarks))),
    )
