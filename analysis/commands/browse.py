"""``scrapy browse NAME [--port N]``: the answers in Datasette, with safe settings."""

import argparse
from typing import ClassVar

from analysis.commandline import OK, CommandError, RivalmapCommand


class Command(RivalmapCommand):
    """Serves one market on this machine only."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Browse a market's answers in Datasette (this machine only)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--port``."""
        super().add_options(parser)
        parser.add_argument("--port", type=int, default=8001, help="port (default 8001; 0: any)")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Serve until Ctrl-C."""
        from analysis.serving import free_port, serve
        from crawlers.market import data_dir, find_market, load_market

        market = load_market(find_market(args[0]))
        if not 0 <= opts.port <= 65_535:
            raise CommandError(f"--port {opts.port} is no port", 2)
        try:
            port = free_port(opts.port)
        except OSError as error:
            raise CommandError(
                f"port {opts.port} cannot be used: {error.strerror}; try --port 0"
            ) from None
        serve(market, data_dir(market.name), port)
        return OK
