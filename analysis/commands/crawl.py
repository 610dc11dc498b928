"""``scrapy crawl SPIDER -a market=NAME``: Scrapy's command, with a lock and an exit code."""

import argparse
from typing import ClassVar

from analysis.commandline import LOCKED, CommandError, RivalmapCommand


class Command(RivalmapCommand):
    """Runs one spider. ``research`` runs all of them and the passes."""

    arguments: ClassVar[tuple[str, ...]] = ("spider",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Run one spider of a market: competitors, forums, discover"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``-a`` as in Scrapy."""
        super().add_options(parser)
        parser.add_argument(
            "-a", dest="spargs", action="append", default=[], metavar="NAME=VALUE",
            help="set spider argument (may be repeated): market=NAME is needed; sources=ID,ID adds "
            "rows of the catalogue (docs/sources.md)",
        )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Crawl with one spider."""
        from scrapy.spiderloader import get_spider_loader
        from scrapy.utils.conf import arglist_to_dict

        from analysis.crawling import Job, crawl
        from analysis.lock import LockedError, market_lock
        from analysis.report_lines import print_result
        from crawlers.market import data_dir, find_market, load_market
        from crawlers.sources import rows_named

        assert self.settings is not None
        names = get_spider_loader(self.settings).list()
        if args[0] not in names:
            known = ", ".join(names)
            raise CommandError(f"there is no spider {args[0]!r}; there are: {known}", 2)
        try:
            arguments = arglist_to_dict(opts.spargs)
        except ValueError:
            raise CommandError("-a takes NAME=VALUE", 2) from None
        name = arguments.pop("market", None)
        if not name:
            raise CommandError(f"which market? scrapy crawl {args[0]} -a market=NAME", 2)
        unknown = ", ".join(sorted(arguments.keys() - {"sources"}))
        if unknown:
            raise CommandError(
                f"unknown spider argument: {unknown}; a crawl takes market=NAME and sources=ID,ID",
                2,
            )
        market = load_market(find_market(name))
        rows_named(market, arguments.get("sources", "").split(","))  # a wrong id is said at once
        try:
            with market_lock(data_dir(name), f"crawl {args[0]} -a market={name}"):
                self.settings.set("RIVALMAP_PROGRESS", True, priority="command")
                job = Job(spider=args[0], arguments=arguments)
                result = crawl(market, [lambda: [job]], self.settings)
        except LockedError as error:
            raise CommandError(str(error), LOCKED) from None
        return print_result(market, result)
