"""``scrapy refresh NAME``: today's rules over what is stored, without the network."""

import argparse
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, ClassVar

from analysis.commandline import INTERNAL, LOCKED, OK, PARTLY, USAGE, CommandError, RivalmapCommand

if TYPE_CHECKING:
    from analysis.rebuilding import Rebuilt
    from analysis.workers import Crew
    from crawlers.market import Market


class Command(RivalmapCommand):
    """Reads the archived pages and every stored post again, then runs the passes."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Apply today's rules to everything stored, without a new crawl"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--workers``, ``--dask``, ``--quiet``, ``--from-archive``, ``--replace``."""
        super().add_options(parser)
        parser.add_argument(
            "--workers", type=int, default=1, metavar="N",
            help="read with so many processes (default 1: this one)",
        )  # fmt: skip
        parser.add_argument(
            "--dask", metavar="ADDRESS", help="read on the Dask cluster of this scheduler"
        )
        parser.add_argument("--quiet", action="store_true", help="no progress, only the end")
        parser.add_argument(
            "--from-archive", action="store_true",
            help="build every fact again from the archive, also where the database is lost or "
            "damaged; the one there is is kept aside",
        )  # fmt: skip
        parser.add_argument(
            "--replace", action="store_true",
            help="with --from-archive: put the built database in place also where the one there is "
            "holds more than the archive still tells, or is too damaged to say",
        )  # fmt: skip

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
        if opts.from_archive and (opts.dask or opts.workers > 1):
            raise CommandError("--from-archive reads in one process", USAGE)
        if opts.replace and not opts.from_archive:
            raise CommandError("--replace goes with --from-archive", USAGE)
        market = load_market(find_market(args[0]))
        if opts.from_archive:
            return self._rebuild(market, opts)
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

    def _rebuild(self, market: "Market", opts: argparse.Namespace) -> int:
        """Exit 5 where the built database was not put in place: it would have lost something."""
        from analysis.lock import LockedError
        from analysis.rebuilding import rebuild_market

        def tick(what: str, done: int, total: int) -> None:
            if sys.stderr.isatty() and not opts.quiet:
                print(f"\r{done} entries of the {what} ", end="", file=sys.stderr, flush=True)

        try:
            found = rebuild_market(market, replace=opts.replace, tick=tick)
        except LockedError as error:
            raise CommandError(str(error), LOCKED) from None
        lines = [
            f"{market.name}: {found.pages} pages and {found.posts} posts of {found.runs} runs "
            f"built from the archive, {found.carried.rows} decisions and own texts carried over"
        ]
        if found.expired:
            lines.append(
                f"{found.expired} answers are in the archive no longer, or say nothing now"
            )
        if found.headless:
            lines.append(
                f"{found.headless} entries of the journal were passed over: the beginning of their "
                "run has left the archive"
            )
        lines += _lacking(found)
        if found.aside is not None:
            lines.append(f"the database there was is kept in {found.aside}")
        if not found.in_place:
            lines += _ways_on(market.name, found)
        print("\n".join(lines), file=sys.stderr)
        return OK if found.in_place else PARTLY


def _lacking(found: "Rebuilt") -> list[str]:
    """What the built database lacks of the one there was, a line a kind of it."""
    gone, carried = found.losses, found.carried
    lines = []
    if gone.rows:
        since = f"(since {found.since})" if found.since else "(of no run whole)"
        told = ", ".join(f"{number} {what}" for what, number in gone.rows.items())
        lines.append(
            f"it lacks what the database there was holds, and the archive {since} does not tell: "
            f"{told}"
        )
    if gone.damage:
        lines.append(f"the database there was is damaged ({gone.damage})")
    if gone.unread:
        lines.append(f"too damaged to be compared: {', '.join(gone.unread)}")
    if carried.missing:
        lines.append(f"could not be carried over whole: {'; '.join(carried.missing)}")
    return lines


def _ways_on(name: str, found: "Rebuilt") -> list[str]:
    """What to do where the built database was not put in place."""
    from analysis.backup_files import newest_backup
    from crawlers.market import data_dir

    lines = [
        f"NOT put in place: {data_dir(name) / 'market.db'} is as it was, what was built stands in "
        f"{found.path}"
    ]
    if found.losses.damage or found.carried.missing:
        file = newest_backup(data_dir(name), name) or "FILE"
        lines.append(
            f"where a backup is younger than the damage: scrapy restore {name} {file}, then this "
            "again, which takes decisions and own texts from what was put back"
        )
    lines.append(
        f"scrapy refresh {name} --from-archive --replace puts it in place all the same, and keeps "
        "the one there is beside it"
    )
    return lines


def _crew(opts: argparse.Namespace) -> "AbstractContextManager[Crew]":
    """Who reads, as the options say."""
    from analysis.workers import ALONE, Workers

    if opts.dask:
        from analysis.dask_workers import DaskWorkers

        return DaskWorkers(opts.dask)
    return Workers(opts.workers) if opts.workers > 1 else nullcontext(ALONE)
