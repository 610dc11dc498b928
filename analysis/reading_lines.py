"""A line of ``scrapy read``: the post of a JSON object, read. docs/contract.md."""

from typing import Any

from analysis.json_lines import text_of
from pipelines.demand import Brand, DemandReader, MarketTerms, reading_as_json

MOST_READERS = 64
"""Lists of brands whose readers are kept: lines of one file mostly name the same."""


class LineReader:
    """Reads lines; one for a whole file, since a reader is built once for each list of brands."""

    def __init__(self) -> None:
        self._readers: dict[str, DemandReader] = {}

    def read(self, line: dict[str, Any]) -> dict[str, Any]:
        """The line with what its text says.

        :raises ValueError: where the line is not as the contract has it.
        """
        text = text_of(line, "text")
        brands = _brands_of(line)
        lang = line.get("lang")
        if lang is not None and not isinstance(lang, str):
            raise ValueError('"lang" must be a language code')
        key = repr(brands)
        if key not in self._readers:
            if len(self._readers) > MOST_READERS:
                self._readers.clear()
            self._readers[key] = DemandReader(MarketTerms(brands=brands))
        reading = self._readers[key].read(text, lang=lang or None)
        return {**line, "version": 1, **reading_as_json(reading)}


def _brands_of(line: dict[str, Any]) -> tuple[Brand, ...]:
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
