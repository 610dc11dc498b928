"""``scrapy inspect FILE|URL ...``: what Rivalmap reads in pages, a JSON line each."""

import argparse
from collections.abc import Callable
from typing import Any, ClassVar

from analysis.commandline import NOTHING, OK, PARTLY, CommandError, RivalmapCommand, end_at_once


class Command(RivalmapCommand):
    """Reads saved pages or addresses and stores nothing. docs/contract.md."""

    def syntax(self) -> str:
        """The usage line."""
        return "<FILE|URL ...> [--url U] [--manifest M.jsonl] [options]"

    arguments: ClassVar[tuple[str, ...]] = ("FILE|URL...",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Show what is read in a page (file, manifest or URL), as JSON lines"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--url``, ``--manifest``, ``--engine``, ``--screen``, ``--allow-private``."""
        super().add_options(parser)
        parser.add_argument("--url", metavar="U", help="the address the one file came from")
        parser.add_argument(
            "--manifest", metavar="M.jsonl",
            help="a line a page: {path, url, headers?, fetched_at?, timezone?}",
        )  # fmt: skip
        parser.add_argument(
            "--engine", metavar="E",
            help="read forum pages as this engine's, whatever their marks say; generic: by their "
            "shape alone",
        )  # fmt: skip
        parser.add_argument(
            "--screen", action="store_true",
            help="show it for reading, each fact beside its proof, in place of JSON lines",
        )  # fmt: skip
        parser.add_argument(
            "--allow-private", action="store_true",
            help="fetch addresses of private networks and of this machine too",
        )  # fmt: skip

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """A manifest takes the place of files."""
        super().process_options([*args, "manifest"] if opts.manifest else args, opts)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Inspect every input."""
        import json
        import sys
        from pathlib import Path

        from analysis.inputs import Input, from_file, from_manifest
        from analysis.inspecting import inspect_document, unreadable
        from crawlers.urls import is_web_url
        from crawlers.words import ENGINES

        if opts.url and (len(args) != 1 or opts.manifest or is_web_url(args[0])):
            raise CommandError("--url goes with exactly one file", 2)
        if opts.url and not is_web_url(opts.url):
            raise CommandError(f"--url {opts.url!r} is no http or https address", 2)

        if opts.engine and opts.engine not in ENGINES:
            raise CommandError(f"--engine {opts.engine!r} is none we know: {' '.join(ENGINES)}", 2)
        assert self.settings is not None
        settings = self.settings

        def inputs() -> Any:
            if opts.manifest:
                yield from from_manifest(Path(opts.manifest))
            web = [name for name in args if is_web_url(name)]
            fetched: dict[str, Input] = {}
            if web:
                from analysis.fetching import fetch_all

                fetched = fetch_all(web, settings, allow_private=opts.allow_private)
            for name in args:
                yield fetched[name] if name in fetched else from_file(Path(name), url=opts.url)

        def show_json(line: dict[str, Any]) -> None:
            text = json.dumps(line, ensure_ascii=False)
            sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")

        end_at_once()
        show = _screen() if opts.screen else show_json
        good = bad = 0
        for item in inputs():
            if item.document is None:
                line = unreadable(item.url, item.error or "nothing there", path=item.path)
            else:
                line = inspect_document(
                    item.document, timezone=item.timezone, path=item.path, engine=opts.engine
                )
            if line["error"]:
                bad += 1
                sys.stderr.write(f"scrapy inspect: {line['error']}\n")
            else:
                good += 1
            show(line)
        return NOTHING if not good else PARTLY if bad else OK


def _screen() -> Callable[[dict[str, Any]], None]:
    """What prints a line as a screen, to the width of the terminal, or of 100 columns."""
    import sys

    from rich.console import Console

    from analysis.inspect_screen import print_screen

    console = Console(width=None if sys.stdout.isatty() else 100, highlight=False)
    return lambda line: print_screen(line, console)
