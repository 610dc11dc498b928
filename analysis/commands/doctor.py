"""``scrapy doctor NAME``: is all well, and what to do where it is not."""

import argparse
from typing import TYPE_CHECKING, ClassVar

from analysis.commandline import NOTHING, OK, PARTLY, USAGE, CommandError, RivalmapCommand

if TYPE_CHECKING:
    from crawlers.market import Market
    from crawlers.sources import PublicSource

_WISHES = ("country", "language", "trade")


class Command(RivalmapCommand):
    """Looks at configuration, database, search index, last runs, sources, versions."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Check a market: file, database, last runs, empty forums, blocked sites"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--sources``, and what to ask it for in place of what the market file tells."""
        super().add_options(parser)
        parser.add_argument(
            "--sources", action="store_true",
            help="ask the public sources of the catalogue that fit this market, one page each, "
            "and remember what they answer here (docs/sources.md)",
        )  # fmt: skip
        parser.add_argument("--country", metavar="CC,...", help="with --sources: SG,MY")
        parser.add_argument("--language", metavar="LL,...", help="with --sources: en,zh")
        parser.add_argument("--trade", metavar="T,...", help="with --sources: food,general")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print a line a check; exit 5 where something needs mending."""
        from analysis.checkup import examine
        from crawlers.market import find_market, load_market

        if not opts.sources and any(getattr(opts, name) for name in _WISHES):
            raise CommandError("--country, --language and --trade go with --sources", USAGE)
        market = load_market(find_market(args[0]))
        if opts.sources:
            return self._ask_sources(market, opts)
        ill = False
        for finding in examine(market):
            mark = {"good": "ok  ", "note": "note", "bad": "BAD "}[finding.state]
            print(f"{mark} {finding.what}: {finding.words}")
            if finding.mend:
                print(f"     -> {finding.mend}")
            ill |= finding.state == "bad"
        return PARTLY if ill else OK

    def _ask_sources(self, market: "Market", opts: argparse.Namespace) -> int:
        """A line a source. A source that is shut is an answer, not a fault: exit 0."""
        from analysis.source_check import FILE_NAME, OfflineError, check_sources, store_checks
        from crawlers.market import data_dir

        sources = _wanted(market, opts)
        if not sources:
            print("no source of the catalogue fits; ask wider: --country, --language, --trade")
            return NOTHING
        print(f"asking {len(sources)} public sources, a page each; this takes a minute or two")
        assert self.settings is not None
        if market.crawl.contact:
            agent = f"{self.settings['USER_AGENT']} (+{market.crawl.contact})"
            self.settings.set("USER_AGENT", agent, priority="cmdline")
        try:
            checks = check_sources(sources, self.settings, allow_private=market.crawl.allow_private)
        except OfflineError as error:
            raise CommandError(str(error), NOTHING) from None
        path = data_dir(market.name) / FILE_NAME
        store_checks(path, checks)
        for source, check in zip(sources, checks, strict=True):
            engine = f", {check.engine}" if check.engine else ""
            print(f"{check.state:8}{source.name} <{source.address}>{engine}: {check.detail}")
            if source.guide and check.state != "open":
                print(f'        -> your own data instead: docs/sources.md, "{source.guide}"')
        print(f"written to {path}")
        return OK


def _wanted(market: "Market", opts: argparse.Namespace) -> "tuple[PublicSource, ...]":
    """The sources that fit what the market file tells, or the options in its place.

    :raises CommandError: for a trade that is none.
    """
    from analysis.source_choice import wish_of
    from crawlers.sources import catalogue_for, sources_for

    wish = wish_of(market)
    country, language, trade = (
        tuple(word.strip() for word in (getattr(opts, name) or "").split(",") if word.strip())
        for name in _WISHES
    )
    try:
        return sources_for(
            countries=tuple(code.upper() for code in country) or wish.countries,
            languages=tuple(code.lower() for code in language) or wish.languages,
            trades=trade or wish.trades,
            catalogue=catalogue_for(market),
        )
    except ValueError as error:
        raise CommandError(str(error), USAGE) from None
