"""What a run says at its end: a table of sources, and what its exit code means."""

import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from analysis.commandline import MEANINGS, NOTHING
from analysis.crawling import CLEAN, CrawlResult
from analysis.questions.candidates import Waiting
from crawlers.extensions.progress import stop_board
from crawlers.market import Market
from crawlers.state import SourceReport

_COLOURS = {
    "read": "green",
    "unchanged": "green",
    "robots": "yellow",
    "off": "yellow",
    "partial": "yellow",
}

_LOOK = "candidate"
"""Origin of the report of a quick look. There may be thirty, and nobody asked for them: one line
of the table stands for all."""


def print_result(
    market: Market,
    result: CrawlResult,
    alerts: Sequence[str] = (),
    waiting: Waiting | None = None,
    digest: Sequence[str] = (),
) -> int:
    """Print a run's table and the meaning of its exit code to standard error; returns the code.

    :param alerts: what a researcher should know at once, a line each.
    :param waiting: candidates nobody has decided on, counted.
    :param digest: what is new, a line each.
    """
    stop_board()
    console = Console(stderr=True, width=None if sys.stderr.isatty() else 240)
    if result.reports:
        console.print(_table(result))
    for _, report in result.reports:
        told = report.outcome not in CLEAN or report.outcome in ("robots", "off") or report.detail
        if told and report.origin != _LOOK:
            console.print(f"{escape(report.source)}: {escape(_words(report))}")
    for line in digest:
        console.print(escape(line))
    for alert in alerts:
        console.print(f"[red]ALERT[/red] {escape(alert)}")
    if waiting and (words := waiting.words()):
        console.print(f"{words}: scrapy review {market.name} --candidates")
    code = result.exit_code
    if not result.complete:
        console.print("The run was cut short; the next start goes on where it stopped.")
    colour = "green" if code == 0 else "red" if code in (1, NOTHING) else "yellow"
    console.print(f"[{colour}]exit code {code}: {MEANINGS[code]}[/{colour}]")
    return code


def _table(result: CrawlResult) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("source", "outcome"):
        table.add_column(column)
    for column in ("pages", "unchanged", "posts", "failures"):
        table.add_column(column, justify="right")
    for _, report in result.reports:
        if report.origin == _LOOK:
            continue
        colour = _COLOURS.get(report.outcome, "red")
        table.add_row(
            escape(report.source), f"[{colour}]{report.outcome}[/{colour}]",
            str(report.pages), str(report.unchanged), str(report.posts), str(report.failures),
        )  # fmt: skip
    looks = [report for _, report in result.reports if report.origin == _LOOK]
    if looks:
        outcomes = Counter(report.outcome for report in looks)
        table.add_row(
            f"{len(looks)} candidates",
            ", ".join(f"{outcome} {count}" for outcome, count in sorted(outcomes.items())),
            *(
                str(sum(getattr(report, column) for report in looks))
                for column in ("pages", "unchanged", "posts", "failures")
            ),
        )
    return table


def _words(report: SourceReport) -> str:
    reasons = ", ".join(f"{reason} {n}" for reason, n in sorted(report.reasons.items()))
    return " · ".join(part for part in (reasons, report.detail) if part)
