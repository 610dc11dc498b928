"""``scrapy review NAME``: your word on the least certain verdicts."""

import argparse
import io
import sys
from typing import Any, ClassVar

from analysis.commandline import USAGE, CommandError, RivalmapCommand


class Command(RivalmapCommand):
    """Asks, stores decisions, and says what they change. docs/operations.md."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Give your word on the least certain verdicts; it wins at once"

    def long_desc(self) -> str:
        """What ``-h`` says first."""
        return (
            "On a terminal: shows the least certain verdicts with their reasons and stores your "
            "answers, one by one. From ten decisions on, the lines of this market's flags are "
            "learnt from them, where leave-one-out shows a gain."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--list``, ``--candidates``, ``--decide``, ``--reason``, ``--number``, ``--lang``."""
        super().add_options(parser)
        group = parser.add_argument_group("Review")
        group.add_argument(
            "--number", type=int, default=10, metavar="N", help="verdicts at most (default: 10)"
        )
        group.add_argument(
            "--list", action="store_true", help="print them as JSON lines and ask nothing"
        )
        group.add_argument(
            "--candidates", action="store_true",
            help="only companies found by themselves that nobody has decided on, rivals first",
        )  # fmt: skip
        group.add_argument(
            "--decide", action="append", default=[], metavar="ID=WORD",
            help="store a decision without asking; WORD: accept ignore 1 2 3 none complement, "
            "or auto (the rules decide again); may be given several times",
        )  # fmt: skip
        group.add_argument("--reason", default="", metavar="TEXT", help="why, with --decide")
        group.add_argument(
            "--lang",
            choices=("en", "zh", "vi"),
            help="language of the questions (default: that of your terminal)",
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """List, decide or ask."""
        _check(opts)
        from analysis.newmarket.run import Console
        from analysis.reviewing.phrases import phrases, user_language
        from analysis.reviewing.run import decide, list_cases, review
        from crawlers.market import find_market, load_market

        for stream in (sys.stdout, sys.stderr):  # a terminal of another script shows "?"
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        market = load_market(find_market(args[0]))
        seated = sys.stdin.isatty() and sys.stdout.isatty()
        console = Console(
            say=lambda text: print(text, flush=True),
            warn=lambda text: print(text, file=sys.stderr, flush=True),
            ask=input if seated else None,
        )
        words = phrases(user_language(opts.lang))
        if opts.list:
            return list_cases(market, opts.number, console=console, only_candidates=opts.candidates)
        if opts.decide:
            return decide(market, opts.decide, opts.reason, words=words, console=console)
        if not seated:
            raise CommandError(
                "nobody sits at this terminal: use --list to see the least certain verdicts, "
                "--decide ID=WORD to decide",
                USAGE,
            )
        return review(
            market, opts.number, words=words, console=console, only_candidates=opts.candidates
        )


def _check(opts: argparse.Namespace) -> None:
    if opts.number < 1:
        raise CommandError("--number must be 1 or more", USAGE)
    if opts.list and opts.decide:
        raise CommandError("--list and --decide do not go together", USAGE)
    if opts.candidates and opts.decide:
        raise CommandError("--candidates and --decide do not go together", USAGE)
    if opts.reason and not opts.decide:
        raise CommandError("--reason goes with --decide", USAGE)
