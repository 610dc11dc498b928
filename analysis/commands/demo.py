"""``scrapy demo [--once]``: the sample market, crawled, sorted and opened."""

import argparse

from analysis.commandline import RivalmapCommand


class Command(RivalmapCommand):
    """Serves the sample market on loopback and does the main job on it."""

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Crawl the sample market on this machine and browse it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--once``, ``--port``."""
        super().add_options(parser)
        parser.add_argument("--once", action="store_true", help="end by itself, without the pages")
        parser.add_argument("--port", type=int, default=8001, help="port of the pages (0: any)")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Run the demo; exit 0 when all came out as it must."""
        from analysis.demo.running import run_demo

        assert self.settings is not None
        return run_demo(self.settings, once=opts.once, port=opts.port)
