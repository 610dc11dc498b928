"""``scrapy browse NAME [--port N]``: the answers in Datasette, with safe settings."""

import argparse
import os
import sys
from pathlib import Path
from typing import ClassVar

from analysis.commandline import OK, CommandError, RivalmapCommand

PASSWORD_FILE = "RIVALMAP_PASSWORD_FILE"  # noqa: S105
"""The environment's word for ``--password-file``."""


class Command(RivalmapCommand):
    """Serves one market on this machine; a proxy in front of it may serve others."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Browse a market's answers in Datasette (this machine only)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--port``, and what a shared server needs (docs/shared-server.md)."""
        super().add_options(parser)
        parser.add_argument("--port", type=int, default=8001, help="port (default 8001; 0: any)")
        parser.add_argument(
            "--password-file",
            metavar="FILE",
            help="show nothing without the password in this file's first line "
            f"(or set {PASSWORD_FILE})",
        )
        parser.add_argument(
            "--public-url",
            metavar="URL",
            help="where a proxy serves it, such as https://research.example.com/desks/; "
            "needs a password",
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Serve until Ctrl-C."""
        from analysis.serving import (
            SharingError,
            free_port,
            is_open_to_others,
            public_address,
            read_password,
            serve,
        )
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
        named = opts.password_file or os.environ.get(PASSWORD_FILE)
        try:
            password = read_password(Path(named)) if named else None
            public = public_address(opts.public_url) if opts.public_url else None
        except SharingError as error:
            raise CommandError(str(error)) from None
        if public is not None and password is None:
            raise CommandError(
                "--public-url needs --password-file: what was gathered is not for everybody"
            )
        if named and is_open_to_others(Path(named)):
            sys.stderr.write(f"others on this machine can read {named}: chmod 600 {named}\n")
        serve(market, data_dir(market.name), port, password=password, public=public)
        return OK
