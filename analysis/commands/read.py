"""``scrapy read FILE.jsonl|-``: what posts say, a JSON line each."""

import argparse
from typing import ClassVar

from analysis.commandline import RivalmapCommand, end_at_once


class Command(RivalmapCommand):
    """Reads posts offline. docs/contract.md."""

    arguments: ClassVar[tuple[str, ...]] = ("FILE.jsonl|-",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Read posts from JSON lines: stage, switch, comparison, pain, ... (offline)"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Read every line."""
        from analysis.json_lines import work_through
        from analysis.reading_lines import LineReader

        end_at_once()
        return work_through(args[0], LineReader().read)
