"""``scrapy newmarket NAME``: a commented market file, from five questions or a home page."""

import argparse
import io
import sys
from typing import Any, ClassVar

from analysis.commandline import RivalmapCommand


class Command(RivalmapCommand):
    """Writes ``markets/NAME.toml``; see docs/market-file.md."""

    arguments = ("NAME",)
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Make a market file: five questions, or --site URL"

    def long_desc(self) -> str:
        """What ``-h`` says first."""
        return (
            "Write markets/NAME.toml, commented, ready to be researched. On a terminal it asks at "
            "most five questions in your language; an option answers its question beforehand. "
            "With --site, your own home page is read (once, as its robots.txt allows) and fills in "
            "what it says. An existing file is never touched."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """One option for each question."""
        super().add_options(parser)
        group = parser.add_argument_group("Your business")
        group.add_argument("--sells", metavar="TEXT", help="what you sell, in one sentence")
        group.add_argument("--to", metavar="TEXT", help="to whom; several with commas")
        group.add_argument("--where", metavar="TEXT", help="countries or cities, with commas")
        group.add_argument(
            "--rival", metavar="TEXT", help="a rival's name or site; several: commas"
        )
        group.add_argument("--site", metavar="URL", help="your own site: its home page is read")
        group.add_argument("--business", metavar="TEXT", help="your business's name")
        group.add_argument(
            "--lang",
            choices=("en", "zh", "vi"),
            help="language of questions and remarks (default: that of your terminal)",
        )
        group.add_argument(
            "--allow-private",
            action="store_true",
            help="read sites of this machine or network, now and in the market's crawls",
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Ask, read, write."""
        from analysis.newmarket.phrases import phrases, user_language
        from analysis.newmarket.run import Console, Given, run_newmarket

        for stream in (sys.stdout, sys.stderr):  # a terminal of another script shows "?"
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        language = user_language(opts.lang)
        seated = sys.stdin.isatty() and sys.stdout.isatty()
        console = Console(
            say=lambda text: print(text, flush=True),
            warn=lambda text: print(text, file=sys.stderr, flush=True),
            ask=input if seated else None,
        )
        given = Given(
            business=opts.business,
            sells=opts.sells,
            to=opts.to,
            where=opts.where,
            rival=opts.rival,
            site=opts.site,
            allow_private=opts.allow_private,
        )
        return run_newmarket(
            args[0],
            given,
            words=phrases(language),
            language=language,
            console=console,
            read=lambda site: _read(site, allow_private=opts.allow_private),
        )


def _read(site: str, *, allow_private: bool) -> Any:
    from analysis.newmarket.homepage import answers_of, home_page

    return answers_of(home_page(site, allow_private=allow_private), site=site)
