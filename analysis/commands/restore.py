"""``scrapy restore NAME FILE``: a market put back from its backup."""

import argparse
import sys
from typing import ClassVar

from analysis.commandline import LOCKED, OK, CommandError, RivalmapCommand


class Command(RivalmapCommand):
    """Checks a backup, keeps the market there is aside, puts the backup in its place."""

    arguments: ClassVar[tuple[str, ...]] = ("market", "file")

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Put a market back from its backup; the one there was is kept aside"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--rename``."""
        super().add_options(parser)
        parser.add_argument(
            "--rename", action="store_true",
            help="the file is a backup of a market of another name, and becomes this one",
        )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Restore the market."""
        from pathlib import Path

        from analysis.backup import restore
        from analysis.lock import LockedError
        from crawlers.market import check_name, market_path

        name = check_name(args[0])
        try:
            done = restore(name, Path(args[1]), rename=opts.rename)
        except LockedError as error:
            raise CommandError(str(error), LOCKED) from None
        lines = [f"{name}: put back as it was on {done.made_at}"]
        lines += [f"the one there was is kept in {path}" for path in done.aside]
        if done.differs:
            lines.append(
                f"{market_path(name)} differs from the backup's and was left alone; this shows the "
                f"backup's: tar xzOf {args[1]} market.toml"
            )
        print("\n".join(lines), file=sys.stderr)
        return OK
