"""``scrapy upkeep NAME``: what is old goes, what is worn is mended. Once a month is enough."""

import argparse
import sys
from typing import ClassVar

from analysis.commandline import LOCKED, OK, CommandError, RivalmapCommand


class Command(RivalmapCommand):
    """Retention as the market file says, then search index, statistics and space."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Remove what is old, as [upkeep] says; mend the search index; give space back"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--dry-run``."""
        super().add_options(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would go, and change nothing"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Keep the market up."""
        from analysis.lock import LockedError
        from analysis.upkeep import upkeep
        from crawlers.market import find_market, load_market

        market = load_market(find_market(args[0]))
        try:
            lines = upkeep(market, dry=opts.dry_run)
        except LockedError as error:
            raise CommandError(str(error), LOCKED) from None
        for line in lines:
            print(f"{market.name}: {line}", file=sys.stderr)
        return OK
