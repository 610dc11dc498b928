"""``scrapy doctor NAME``: is all well, and what to do where it is not."""

import argparse
from typing import ClassVar

from analysis.commandline import OK, PARTLY, RivalmapCommand


class Command(RivalmapCommand):
    """Looks at configuration, database, search index, last runs, sources, versions."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Check a market: file, database, last runs, empty forums, blocked sites"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print a line a check; exit 5 where something needs mending."""
        from analysis.checkup import examine
        from crawlers.market import find_market, load_market

        market = load_market(find_market(args[0]))
        ill = False
        for finding in examine(market):
            mark = {"good": "ok  ", "note": "note", "bad": "BAD "}[finding.state]
            print(f"{mark} {finding.what}: {finding.words}")
            if finding.mend:
                print(f"     -> {finding.mend}")
            ill |= finding.state == "bad"
        return PARTLY if ill else OK
