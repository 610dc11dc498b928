"""``scrapy research NAME``: crawl, read, sort, sum up. What cron calls."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from analysis.commandline import (
    CONFIGURATION,
    INTERNAL,
    LOCKED,
    MEANINGS,
    PARTLY,
    USAGE,
    CommandError,
    RivalmapCommand,
)

if TYPE_CHECKING:
    from analysis.run_summary import RunSummary


class Command(RivalmapCommand):
    """The main job on one market."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Crawl a market's sites and forums, then read, sort and sum up (for cron)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--quiet``, ``--json``, budgets, ``--redis``."""
        super().add_options(parser)
        parser.add_argument(
            "--redis", metavar="URL",
            help="let workers crawl (scrapy work NAME --redis URL, on any machine) and write what "
            "they send; default: RIVALMAP_REDIS of the environment, else crawl here",
        )  # fmt: skip
        parser.add_argument("--quiet", action="store_true", help="no progress, only the end")
        parser.add_argument(
            "--json", action="store_true",
            help="end with one line of JSON on standard output (docs/schemas/research.schema.json)",
        )  # fmt: skip
        parser.add_argument(
            "--time-budget", type=float, metavar="SECONDS",
            help="crawl for so long at most, in place of the market file's time_budget; reading "
            "and sorting come on top, and the next start goes on",
        )  # fmt: skip
        parser.add_argument(
            "--request-budget", type=int, metavar="N",
            help="ask for so many addresses at most (robots.txt, redirects and second tries come "
            "on top), in place of the market file's request_budget",
        )  # fmt: skip

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Research the market; what a run says at its end stands, whoever stops it then."""
        from analysis.stopping import hear_no_more

        try:
            super().run(args, opts)
        finally:
            hear_no_more()

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Research the market; with ``--json`` an error or a stop, too, ends with a line."""
        from analysis.stopping import Stopped, stoppable, unheard

        started = datetime.now(UTC)
        try:
            with stoppable():
                return self._checked(args[0], opts, started)
        except Stopped:
            with unheard():
                return _tell_stopped(args[0], opts, started)

    def _checked(self, name: str, opts: argparse.Namespace, started: datetime) -> int:
        from analysis.stopping import unheard

        for budget in ("time_budget", "request_budget"):
            given = getattr(opts, budget)
            if given is not None and not 0 < given < float("inf"):
                option = "--" + budget.replace("_", "-")
                raise CommandError(f"{option} takes a number above 0", USAGE)
        try:
            return self._research(name, opts, started)
        except Exception as error:
            if opts.json:
                with unheard():
                    _tell_error(name, started, error)
            raise

    def _research(self, name: str, opts: argparse.Namespace, started: datetime) -> int:
        from analysis.crawling import Crawl, crawl
        from analysis.lock import LockedError
        from analysis.redis_option import require_extra, wanted_redis
        from analysis.report_lines import print_result
        from analysis.research import alert_lines, research, waiting_candidates
        from analysis.run_summary import summary_of
        from analysis.stopping import unheard
        from crawlers.market import find_market, load_market

        assert self.settings is not None
        market = load_market(find_market(name)).within(
            time_budget=opts.time_budget, request_budget=opts.request_budget
        )
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
        with unheard():
            alerts = alert_lines(market, since=started)
            summary = summary_of(market, started, result, alerts)
            waiting = waiting_candidates(market)
            code = print_result(market, result, alerts, waiting, summary.digest())
            if opts.json:
                _print_line(summary)
        return code


def _tell_stopped(name: str, opts: argparse.Namespace, started: datetime) -> int:
    """The last words of a run that was stopped before it could tell how its sources fared."""
    from analysis.run_summary import failed_summary

    said = "stopped; what was stored stays, and the next start goes on with what is left"
    print(f"scrapy research: {said}\nexit code {PARTLY}: {MEANINGS[PARTLY]}", file=sys.stderr)
    if opts.json:
        _print_line(failed_summary(name, started, PARTLY, said))
    return PARTLY


def _tell_error(name: str, started: datetime, error: Exception) -> None:
    """The line of a run that did not come to its end."""
    from analysis.commandline import mendable
    from analysis.run_summary import failed_summary

    if isinstance(error, CommandError):
        code, said = error.exit_code, str(error)
    elif (mend := mendable(error)) is not None:
        code, said = CONFIGURATION, mend
    else:
        code, said = INTERNAL, f"{type(error).__name__}: {error}"
    _print_line(failed_summary(name, started, code, said))


def _print_line(summary: "RunSummary") -> None:
    import json

    sys.stderr.flush()
    print(json.dumps(summary.as_json(), ensure_ascii=False), flush=True)
