"""``scrapy work NAME --redis URL``: one more worker for a run over several machines."""

import argparse
import sys
from typing import ClassVar

from analysis.commandline import OK, PARTLY, RivalmapCommand


class Command(RivalmapCommand):
    """A worker of a run that ``scrapy research NAME --redis URL`` began, here or elsewhere."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Work at a run of several machines: take sites from Redis, read, send"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--redis`` and ``--quiet``."""
        super().add_options(parser)
        parser.add_argument(
            "--redis", metavar="URL",
            help="redis://[:password@]host:port/number; default: RIVALMAP_REDIS of the environment,"
            " where other users of the machine do not see the password",
        )  # fmt: skip
        parser.add_argument("--quiet", action="store_true", help="say nothing but errors")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Work until the run ends."""
        from analysis.redis_option import require_extra, wanted_redis
        from crawlers.market import find_market, load_market

        assert self.settings is not None
        market = load_market(find_market(args[0]))
        url = require_extra(wanted_redis(opts.redis))
        from analysis.working import work

        through = work(
            market,
            url,
            self.settings,
            say=(lambda text: None) if opts.quiet else (lambda text: print(text, file=sys.stderr)),
        )
        return OK if through else PARTLY
