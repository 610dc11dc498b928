"""``scrapy report NAME -o FILE.(html|md|xlsx)``: the answers as a file to hand on."""

import argparse
import sys
from pathlib import Path
from typing import ClassVar

from analysis.commandline import CONFIGURATION, OK, USAGE, CommandError, RivalmapCommand


class Command(RivalmapCommand):
    """Writes one file; changes nothing that is stored. docs/reports.md."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Write a market's answers to one HTML, Markdown or Excel file"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``-o``, ``--weekly``, ``--lang``, ``--period``, ``--logo``."""
        super().add_options(parser)
        group = parser.add_argument_group("Report")
        group.add_argument(
            "-o", "--output", metavar="FILE", help="the file; its ending says what: .html .md .xlsx"
        )
        group.add_argument(
            "--weekly", action="store_true",
            help="one page: what changed this week against the week before",
        )  # fmt: skip
        group.add_argument(
            "--lang", choices=("en", "zh", "vi"),
            help="language (default: the market's first that we have, else English)",
        )  # fmt: skip
        group.add_argument(
            "--period", choices=("all", "365d", "90d", "30d"),
            help="time range, back from the newest moment known (default: all)",
        )  # fmt: skip
        group.add_argument(
            "--logo", metavar="FILE", help="a PNG, JPEG or SVG picture of up to 1 MB"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Write the report."""
        from crawlers.market import data_dir, find_market, load_market

        path = _checked(opts)
        market = load_market(find_market(args[0]))
        from analysis.reports.build import build, choose_language, rendered
        from analysis.reports.logo import LogoError, read_logo
        from analysis.reports.reading import NothingToReportError
        from analysis.reports.writing import WriteError, write_whole

        try:
            logo = read_logo(Path(opts.logo)) if opts.logo else None
            report = build(
                market,
                data_dir(market.name),
                language=choose_language(opts.lang, market.business.languages),
                period=opts.period or "all",
                weekly=opts.weekly,
                logo=logo,
            )
            body = rendered(report, path.suffix.lower())
            write_whole(path, body)
        except LogoError as error:
            raise CommandError(str(error), USAGE) from None
        except (NothingToReportError, WriteError) as error:
            raise CommandError(str(error), CONFIGURATION) from None
        print(f"{path}: {report.title}, {report.market}, {report.period}", file=sys.stderr)
        return OK


def _checked(opts: argparse.Namespace) -> Path:
    """Where the report goes.

    :raises CommandError: no file named, an ending that is no form of ours, no such folder.
    """
    if not opts.output:
        raise CommandError("name the file: -o FILE.html, FILE.md or FILE.xlsx", USAGE)
    path = Path(opts.output)
    if path.suffix.lower() not in (".html", ".md", ".xlsx"):
        raise CommandError(
            f"{path}: the ending says what to write; take .html, .md or .xlsx", USAGE
        )
    if not path.parent.is_dir():
        raise CommandError(f"{path}: there is no folder {path.parent}; make it first", USAGE)
    if opts.weekly and opts.period:
        raise CommandError("--weekly is of the newest week: --period does not go with it", USAGE)
    return path
