"""What the six answers say together: openings, the strongest first."""

from typing import Any

from analysis.reports.document import Cell, Lines, Part, Section, Table
from analysis.reports.reading import Findings
from analysis.reports.six import trend
from analysis.reports.wording import Wording, line, percent
from analysis.web.pictures.bars import Bar, Bars

Row = dict[str, Any]

MOST_OPENINGS = 15


def openings_section(found: Findings, words: Wording) -> Section:
    """The openings ranked, and what else the answers say together."""
    answer = found.answers["openings"]
    title = words("openings.title")
    if answer is None:
        return Section(id="openings", tab=title, title=title, says=words("state.not_computed"),
                       few=True)  # fmt: skip
    ranked = answer["ranked"][:MOST_OPENINGS]
    head = (
        words("openings.title"), words("report.kind"), words("word.people"), words("report.detail"),
        words("report.unanswered"),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(text=opening_name(r, words)),
            Cell(text=words.word("opening_kind", r["kind"])),
            Cell(text=words.show(r["people"]), value=r["people"]),
            Cell(text=words.share(r),
                 small=words("demand.of_rivals") if r["of_whom"] == "rivals" else ""),
            Cell(text=words("demand.silent", n=r["uncovered"]["of"],
                            silent=r["uncovered"]["rivals"])),
        )
        for r in ranked
    )  # fmt: skip
    parts: tuple[Part, ...] = ()
    if ranked:
        bars = tuple(
            Bar(label=opening_name(r, words), n=r["people"], shown=words.show(r["people"]),
                small=words.word("opening_kind", r["kind"]))
            for r in ranked[:8]
        )  # fmt: skip
        parts += (
            Bars(caption=words("demand.ranked"), unit=words("word.people"), rows=bars,
                 style="customer"),
            Table(caption=words("word.numbers"), head=head, rows=rows),
        )  # fmt: skip
    remarks = [
        *(words("openings.unhappy", name=line(u["name"], 40), share=percent(u["share"]))
          + f" ({words.people(u['people'])})" for u in answer["unhappy"][:3]),
    ]  # fmt: skip
    if answer["too_few"]:
        remarks.append(words("demand.too_few_openings", n=answer["too_few"]))
    if remarks:
        parts += (Lines(rows=tuple(remarks)),)
    says = words("openings.none")
    if ranked:
        first = ranked[0]
        says = f"{words.word('opening_kind', first['kind'])}: {opening_name(first, words)} ("
        says += words.people(first["people"]) + ")."
    quotes = [q for r in ranked for q in r["quotes"][:1]] + answer["needs"]["quotes"]
    return Section(
        id="openings",
        tab=title,
        title=title,
        says=says,
        few=not ranked,
        trend=trend(found.trend("openings"), words),
        basis=(
            words("demand.ranked_aside", n=answer["rivals_read"]),
            f"{words('count.posts', n=answer['sample']['posts'])} · "
            + words.people(answer["sample"]["people"]),
        ),
        parts=parts,
        quotes=words.quotes(quotes, "customer"),
    )


def opening_name(row: Row, words: Wording) -> str:
    """An opening as a reader names it."""
    if row["kind"] == "language":
        return words.word("lang", row["id"])
    if row["kind"] == "strength":
        return f"{line(row['name'], 60)}: {words.named(row['names'], row['topic'])}"
    return words.named(row["names"], row["name"])
