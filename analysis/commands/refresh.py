"""``scrapy refresh NAME``: today's rules over what is stored, without the network."""

import argparse
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, ClassVar

from analysis.commandline import INTERNAL, LOCKED, OK, USAGE, CommandError, RivalmapCommand

if TYPE_CHECKING:
    from analysis.workers import Crew


class Command(RivalmapCommand):
    """Reads the archived pages and every stored post again, then runs the passes."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Apply today's rules to everything stored, without a new crawl"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--workers``, ``--dask``, ``--quiet``."""
        super().add_options(parser)
        parser.add_argument(
            "--workers", type=int, default=1, metavar="N",
            help="read with so many processes (default 1: this one)",
        )  # fmt: skip
        parser.add_argument(
            "--dask", metavar="ADDRESS", help="read on the Dask cluster of this scheduler"
        )
        parser.add_argument("--quiet", action="store_true", help="no progress, only the end")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Refresh the market."""
        from analysis.lock import LockedError
        from analysis.refreshing import refresh
        from analysis.workers import WorkersError
        from crawlers.market import find_market, load_market

        if opts.workers < 1:
            raise CommandError("--workers: a number from 1 on", USAGE)
        if opts.dask and opts.workers > 1:
            raise CommandError("--workers and --dask exclude each other", USAGE)
        market = load_market(find_market(args[0]))
        try:
            with _crew(opts) as crew:
                counts = refresh(market, show=sys.stderr.isatty() and not opts.quiet, crew=crew)
        except LockedError as error:
            raise CommandError(str(error), LOCKED) from None
        except WorkersError as error:
            raise CommandError(str(error), INTERNAL) from None
        print(
            f"{market.name}: {counts.pages} pages read again from the archive, "
            f"{counts.expired} no longer in it, {counts.posts} posts read again",
            file=sys.stderr,
        )
        return OK


def _crew(opts: argparse.Namespace) -> "AbstractContextManager[Crew]":
    """Who reads, as the options say."""
    from analysis.workers import ALONE, Workers

    if opts.dask:
        from analysis.dask_workers import DaskWorkers

        return DaskWorkers(opts.dask)
    return Workers(opts.workers) if opts.workers > 1 else nullcontext(ALONE)
