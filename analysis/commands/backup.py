"""``scrapy backup NAME``: one file that holds a market, while it is crawled and browsed."""

import argparse
from typing import ClassVar

from analysis.commandline import OK, RivalmapCommand


class Command(RivalmapCommand):
    """Writes database, salt and market file into one file."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Write a market into one file, while it is crawled and browsed"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``-o``."""
        super().add_options(parser)
        parser.add_argument(
            "-o", "--output", metavar="FILE.tar.gz",
            help="the file (default: data/NAME/backups/NAME-TIME.tar.gz). It holds the salt: keep "
            "it where secrets are kept",
        )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Back the market up; prints the file's name."""
        from pathlib import Path

        from analysis.backup import backup
        from crawlers.market import check_name

        name = check_name(args[0])
        print(backup(name, Path(opts.output) if opts.output else None))
        return OK
