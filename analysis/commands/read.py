"""``scrapy read FILE.jsonl|-``: what posts say, a JSON line each."""

import argparse
from typing import Any, ClassVar

from analysis.commandline import RivalmapCommand


class Command(RivalmapCommand):
    """Reads posts offline. docs/contract.md."""

    arguments: ClassVar[tuple[str, ...]] = ("FILE.jsonl|-",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Read posts from JSON lines: stage, switch, comparison, pain, ... (offline)"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Read every line."""
        from analysis.json_lines import text_of, work_through
        from pipelines.demand import Brand, DemandReader, MarketTerms, reading_as_json

        readers: dict[str, DemandReader] = {}

        def brands_of(line: dict[str, Any]) -> tuple[Brand, ...]:
            brands = line.get("brands") or []
            if not isinstance(brands, list):
                raise ValueError('"brands" must be a list of {"name", "aliases"?}')
            made = []
            for given in brands:
                brand = {"name": given} if isinstance(given, str) else given
                if not isinstance(brand, dict) or not isinstance(brand.get("name"), str):
                    raise ValueError('each of "brands" needs a "name" that is a text')
                aliases = brand.get("aliases") or []
                if not isinstance(aliases, list) or not all(isinstance(a, str) for a in aliases):
                    raise ValueError('"aliases" must be a list of texts')
                made.append(Brand(name=brand["name"], aliases=tuple(aliases)))
            return tuple(made)

        def read(line: dict[str, Any]) -> dict[str, Any]:
            text = text_of(line, "text")
            brands = brands_of(line)
            lang = line.get("lang")
            if lang is not None and not isinstance(lang, str):
                raise ValueError('"lang" must be a language code')
            key = repr(brands)
            if key not in readers:
                if len(readers) > 64:
                    readers.clear()
                readers[key] = DemandReader(MarketTerms(brands=brands))
            reading = readers[key].read(text, lang=lang or None)
            return {**line, "version": 1, **reading_as_json(reading)}

        return work_through(args[0], read)
