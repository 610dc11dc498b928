"""``scrapy research NAME``: crawl, read, sort, sum up. What cron calls."""

import argparse
import sys
from typing import ClassVar

from analysis.commandline import LOCKED, CommandError, RivalmapCommand


class Command(RivalmapCommand):
    """The main job on one market."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Crawl a market's sites and forums, then read, sort and sum up (for cron)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--quiet`` and ``--redis``."""
        super().add_options(parser)
        parser.add_argument(
            "--redis", metavar="URL",
            help="let workers crawl (scrapy work NAME --redis URL, on any machine) and write what "
            "they send; default: RIVALMAP_REDIS of the environment, else crawl here",
        )  # fmt: skip
        parser.add_argument("--quiet", action="store_true", help="no progress, only the end")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Research the market."""
        from analysis.crawling import Crawl, crawl
        from analysis.lock import LockedError
        from analysis.redis_option import require_extra, wanted_redis
        from analysis.report_lines import print_result
        from analysis.research import alert_lines, research, waiting_candidates
        from crawlers.market import find_market, load_market

        assert self.settings is not None
        market = load_market(find_market(args[0]))
        self.settings.set("RIVALMAP_PROGRESS", not opts.quiet, priority="command")

        def say(text: str) -> None:
            if not opts.quiet:
                print(text, file=sys.stderr)

        how: Crawl = crawl
        redis = wanted_redis(opts.redis)
        if redis is not None:
            require_extra(redis)
            from analysis.clustering import ClusterCrawl

            how = ClusterCrawl(redis, say=say)
        try:
            result = research(market, self.settings, say=say, crawl=how)
        except LockedError as error:
            raise CommandError(str(error), LOCKED) from None
        return print_result(market, result, alert_lines(market), waiting_candidates(market))
