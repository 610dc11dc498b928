"""``scrapy checkengine FOLDER``: is a forum engine read as its fixtures say."""

import argparse
from typing import ClassVar

from analysis.commandline import OK, PARTLY, CommandError, RivalmapCommand


class Command(RivalmapCommand):
    """Compares every page of a folder with what stands beside it."""

    arguments: ClassVar[tuple[str, ...]] = ("FOLDER",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Check the reading of a forum engine against a folder of saved pages"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--write``."""
        super().add_options(parser)
        parser.add_argument(
            "--write", action="store_true",
            help="for pages with nothing beside them, write what was read as a draft",
        )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print a line a page and what differs; exit 5 where something does."""
        from pathlib import Path

        from analysis.engine_check import FixtureError, check_folder

        ill = False
        try:
            for checked in check_folder(Path(args[0]), write=opts.write):
                mark = {"good": "ok  ", "note": "note", "bad": "BAD "}[checked.state]
                print(f"{mark} {checked.name}: {checked.words}")
                for line in checked.lines:
                    print(f"     -> {line}")
                ill |= checked.state == "bad"
        except FixtureError as error:
            raise CommandError(str(error), 2) from None
        return PARTLY if ill else OK
