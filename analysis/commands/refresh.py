"""``scrapy refresh NAME``: today's rules over what is stored, without the network."""

import argparse
import sys
from typing import ClassVar

from analysis.commandline import LOCKED, OK, CommandError, RivalmapCommand


class Command(RivalmapCommand):
    """Reads the archived pages and every stored post again, then runs the passes."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Apply today's rules to everything stored, without a new crawl"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--quiet``."""
        super().add_options(parser)
        parser.add_argument("--quiet", action="store_true", help="no progress, only the end")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Refresh the market."""
        from analysis.lock import LockedError
        from analysis.refreshing import refresh
        from crawlers.market import find_market, load_market

        market = load_market(find_market(args[0]))
        try:
            counts = refresh(market, show=sys.stderr.isatty() and not opts.quiet)
        except LockedError as error:
            raise CommandError(str(error), LOCKED) from None
        print(
            f"{market.name}: {counts.pages} pages read again from the archive, "
            f"{counts.expired} no longer in it, {counts.posts} posts read again",
            file=sys.stderr,
        )
        return OK
