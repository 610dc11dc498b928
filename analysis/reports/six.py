"""The six questions as sections: answer, picture, trend, sample and interval, quotes."""

from collections.abc import Callable
from math import ceil
from operator import itemgetter
from typing import Any

from analysis.questions.sample import share
from analysis.reports.document import Cell, Part, Quote, Section, Table
from analysis.reports.reading import Findings
from analysis.reports.wording import Wording, line, percent
from analysis.web.formats import platform
from analysis.web.pictures.bars import Bar, Bars
from analysis.web.pictures.columns import Columns
from analysis.web.pictures.net import Moves, Net
from analysis.web.pictures.stack import Slice, Stack

Row = dict[str, Any]

MOST_BARS = 8

_TABS = {
    "competitors": "competitors", "channels": "channels", "customers": "customers",
    "timing": "when", "barriers": "why_not", "switching": "why_them",
}  # fmt: skip


def six_questions(found: Findings, words: Wording) -> list[Section]:
    """A section a question, in their order; one not computed yet says so."""
    return [
        _section(question, place, found, words, build)
        for place, (question, build) in enumerate(_BUILDERS.items(), start=1)
    ]


Built = tuple[tuple[Part, ...], tuple[Quote, ...], str]
"""Pictures, quotes, and the main number with its interval."""


def _section(
    question: str,
    number: int,
    found: Findings,
    words: Wording,
    build: Callable[[Findings, Row, Wording], Built],
) -> Section:
    answer = found.answers[question]
    title, tab = words(f"question.{question}"), words(f"tab.{_TABS[question]}")
    if answer is None:
        says = words("state.not_computed")
        return Section(id=question, tab=tab, title=title, says=says, number=number, few=True)
    parts, quotes, surely = build(found, answer, words)
    sample = answer["sample"]
    basis = [surely] if surely else []
    basis.append(f"{words('count.posts', n=sample['posts'])} · {words.people(sample['people'])}")
    if sample.get("until"):
        basis.append(words("state.until", day=words.day(sample["until"])))
    return Section(
        id=question,
        tab=tab,
        title=title,
        number=number,
        says=words.says(question, answer),
        few=not sample["enough"],
        trend=trend(found.trend(question), words),
        basis=tuple(basis),
        parts=parts,
        quotes=quotes,
        quotes_title=words("word.proof") if question in ("competitors", "channels") else "",
    )


def trend(row: Row | None, words: Wording) -> str:
    """People lately against the time before, as long; empty where nothing is known of it."""
    if row is None or "now" not in row:
        return ""
    now, before, days = row["now"], row.get("before"), row["days"]
    if before is None:
        return words("report.trend_unread", people=words.people(now), days=days)
    direction = row.get("direction") or "few"
    key = direction if direction in ("rising", "falling", "even") else "few"
    return words(f"report.trend_{key}", people=words.people(now), before=before, days=days)


def _bars(
    caption: str, unit: str, rows: list[Bar], style: Any = "", top: float | None = None
) -> tuple[Part, ...]:
    if not rows:
        return ()
    return (Bars(caption=caption, unit=unit, rows=tuple(rows), style=style, top=top),)


def _surely(label: str, row: Row, words: Wording) -> str:
    """The main number of an answer with its limits."""
    return f"{label}: {words.share(row)}"


def _competitors(found: Findings, c: Row, words: Wording) -> Built:
    groups = c["groups"]
    rest = sum(groups.get(name, 0) for name in ("insufficient", "unrelated", "failed"))
    named = [("direct", "t1"), ("substitute", "t2"), ("potential", "t3")]
    slices = [
        Slice(label=words.word("tier", name), n=groups.get(name, 0),
              shown=words.show(groups.get(name, 0)), style=style)
        for name, style in named
    ]  # fmt: skip
    if rest:
        slices.append(Slice(label=words("tier.others"), n=rest, shown=words.show(rest), style="t0"))
    parts: tuple[Part, ...] = (
        Stack(caption=words("report.by_tier"), unit=words("word.rivals"), rows=tuple(slices)),
    )
    parts += _bars(
        words("competitors.nearest"),
        words("competitor.score"),
        [
            Bar(label=line(r["name"], 40), n=r["score"] or 0, shown=percent(r["score"]),
                small=words.word("tier", r["group"]))
            for r in c["nearest"][:MOST_BARS]
        ],
        top=1,
    )  # fmt: skip
    parts += _bars(
        words("report.talked"),
        words("word.people"),
        [
            Bar(label=line(r["name"], 40), n=r["people"], shown=words.show(r["people"]))
            for r in c["talked"][:MOST_BARS]
        ],
        "customer",
    )
    proof = [
        reason
        for one in found.board
        if one.group == "direct"
        for reason in found.reasons.get(one.competitor, [])[:1]
    ]
    loudest = c["talked"][0] if c["talked"] else None
    surely = (
        _surely(line(loudest["name"], 40), share(loudest["people"], c["sample"]["people"]), words)
        if loudest and c["sample"]["people"]
        else ""
    )
    return parts, words.quotes(proof), surely


def _channels(found: Findings, c: Row, words: Wording) -> Built:
    gathers = [
        Bar(label=line(f["name"], 40), n=f["need_people"], shown=words.show(f["need_people"]))
        for f in c["gathers"][:MOST_BARS]
    ]
    promotes = [
        Bar(label=words.word("channel", p["channel"]), n=p["competitors"],
            shown=words.show(p["competitors"]),
            small=line(", ".join(platform(name) for name in p["platforms"][:4]), 60))
        for p in c["promotes"][:MOST_BARS]
    ]  # fmt: skip
    parts = _bars(words("role.gathers"), words("word.people"), gathers, "customer")
    parts += _bars(words("role.promotes"), words("word.rivals"), promotes)
    surely = ""
    if c["gathers"] and c["sample"]["people"]:
        most = c["gathers"][0]
        surely = _surely(
            line(most["name"], 40), share(most["need_people"], c["sample"]["people"]), words
        )
    quotes = words.quotes(found.place_quotes, "customer", most=2)
    return parts, quotes + words.quotes(found.channel_proof, most=3 - len(quotes)), surely


def _customers(found: Findings, c: Row, words: Wording) -> Built:
    stages = [
        Bar(label=words.word("stage", s["stage"]), n=s["people"], shown=words.show(s["people"]),
            small=words.share(s, short=True))
        for s in c["stages"]
    ]  # fmt: skip
    tongues = [
        Bar(label=words.word("lang", s["lang"]), n=s["people"], shown=words.show(s["people"]),
            small=words.share(s, short=True))
        for s in c["languages"][:5]
    ]  # fmt: skip
    segments = [
        Bar(label=words.named(s["names"], s["value"]), n=s["people"], shown=words.show(s["people"]),
            small=words.share(s, short=True))
        for s in c["segments"][:6]
    ]  # fmt: skip
    unit = words("word.people")
    parts = _bars(words("stage.heading"), unit, stages, "customer")
    parts += _bars(words("customers.languages"), unit, tongues, "customer")
    parts += _bars(words("demand.segments"), unit, segments, "customer")
    top = max(c["stages"], key=lambda s: s["people"], default=None)
    surely = _surely(words.word("stage", top["stage"]), top, words) if top else ""
    quotes = words.quotes(c["need_quotes"], "customer", most=2)
    return parts, quotes + words.quotes(c["pain_quotes"], "pain", most=1), surely


def _timing(found: Findings, c: Row, words: Wording) -> Built:
    unit = words("word.people")
    months = [
        Bar(label=words.t.month(m["month"]), n=m["people"], shown=words.show(m["people"]))
        for m in c["months"]
    ]
    days = [
        Bar(label=words.word("weekday_short", d["weekday"]), n=d["people"],
            shown=words.show(d["people"]))
        for d in c["weekdays"]
    ]  # fmt: skip
    parts: tuple[Part, ...] = ()
    if months:
        parts += (Columns(caption=words("timing.by_month"), unit=unit, rows=tuple(months)),)
    parts += (
        Columns(caption=words("timing.by_weekday"), unit=unit, rows=tuple(days), labelled=True),
    )
    parts += _heat(c.get("heat") or [], words)
    said = [
        Bar(label=words.named(o["names"], o["value"]), n=o["people"], shown=words.show(o["people"]),
            small=words.share(o, short=True))
        for o in c["said"][:6]
    ]  # fmt: skip
    parts += _bars(words("demand.occasions_said"), unit, said, "customer")
    peak = next((m for m in c["months"] if m["month"] == c["peak_month"]), None)
    surely = ""
    if peak and peak["ratio"] is not None:
        high = "∞" if peak["high"] is None else peak["high"]
        surely = words(
            "report.against_others",
            what=words.t.month(peak["month"]), ratio=peak["ratio"], low=peak["low"], high=high,
        )  # fmt: skip
    spoken = [q for o in c["said"] for q in o["quotes"][:1]]
    needs = (found.answers["customers"] or {}).get("need_quotes") or []
    return parts, words.quotes([*spoken, *needs], "customer"), surely


def _heat(rows: list[list[int]], words: Wording) -> tuple[Part, ...]:
    """Posts by weekday and hour; nothing where there are none."""
    most = max((n for row in rows for n in row), default=0)
    if not most:
        return ()
    return (
        Table(
            caption=f"{words('timing.by_hour')} ({words('timing.heat_aside')})",
            head=(words("timing.by_weekday"), *(str(hour) for hour in range(24))),
            rows=tuple(
                (
                    Cell(text=words.word("weekday_short", day)),
                    *(
                        Cell(text=str(n), value=n, style=f"h{ceil(4 * n / most)}")
                        if n
                        else Cell(text="·")
                        for n in row
                    ),
                )
                for day, row in enumerate(rows)
            ),
            kind="heat",
        ),
    )


def _barriers(found: Findings, c: Row, words: Wording) -> Built:
    rows = [
        Bar(label=words.word("barrier", b["barrier"]), n=b["people"], shown=words.show(b["people"]),
            small=words.share(b, short=True))
        for b in c["barriers"][:MOST_BARS]
    ]  # fmt: skip
    surely = ""
    if c["barriers"]:
        first = c["barriers"][0]
        surely = _surely(words.word("barrier", first["barrier"]), first, words)
    quotes = words.quotes(q for b in c["barriers"][:6] for q in b["quotes"][:1])
    return _bars(words("barrier.heading"), words("word.people"), rows, "note"), quotes, surely


def _switching(found: Findings, c: Row, words: Wording) -> Built:
    moved = [
        Moves(label=line(b["name"], 40), won=b["won"], lost=b["lost"])
        for b in c["brands"]
        if b["won"] or b["lost"]
    ]
    moved.sort(key=lambda m: (-m.net, -m.won, m.label))
    parts: tuple[Part, ...] = ()
    if moved:
        parts += (
            Net(caption=words("switching.net"), name=words("word.brand"),
                won=words("switching.won"), lost=words("switching.lost"),
                rows=tuple(moved[:10])),
        )  # fmt: skip
    flows = [
        Bar(label=f"{line(f['from'], 40)} → {line(f['to'], 40)}", n=f["people"],
            shown=words.show(f["people"]), small=words("switching.of_them_done", n=f["done"]))
        for f in c["flows"][:MOST_BARS]
    ]  # fmt: skip
    unit = words("word.people")
    parts += _bars(words("switching.flows"), unit, flows, "violet")
    for name, key in (("praise", "competitor.praise"), ("pain", "competitor.complaints")):
        loved = sorted((b for b in c["brands"] if b[name]), key=itemgetter(name), reverse=True)
        rows = [
            Bar(label=line(b["name"], 40), n=b[name], shown=words.show(b[name]),
                small=words.share(b[f"{name}_share"], short=True))
            for b in loved[:5]
        ]  # fmt: skip
        parts += _bars(words(key), unit, rows, name)
    surely = ""
    told = c["gainer"] or c["loser"]
    if told and told.get("moves"):
        surely = words(
            "report.won_of_moves", name=line(told["name"], 40), share=words.share(told["moves"])
        )
    elif c["flows"]:
        first = c["flows"][0]
        surely = _surely(f"{line(first['from'], 40)} → {line(first['to'], 40)}", first, words)
    quotes = words.quotes(
        [*(f["quote"] for f in c["flows"][:4]), *c["praise_quotes"], *c["pain_quotes"]]
    )
    return parts, quotes, surely


_BUILDERS: dict[str, Callable[[Findings, Row, Wording], Built]] = {
    "competitors": _competitors,
    "channels": _channels,
    "customers": _customers,
    "timing": _timing,
    "barriers": _barriers,
    "switching": _switching,
}
