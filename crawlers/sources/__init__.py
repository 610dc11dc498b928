"""The catalogue of public sources: where customers talk and where companies are listed.

The TOML files in ``catalogue/`` are the rows; :func:`sources_for` chooses among them, and
:func:`joined` makes entries of a market of those chosen. What a row means and how one gets in:
docs/sources.md. A leaf: knows no crawler and no storage.
"""

from crawlers.sources.checks import Check, apply_checks, checks_of
from crawlers.sources.choosing import sources_for
from crawlers.sources.joining import joined, queries_of, readable
from crawlers.sources.loading import CatalogueError, load_catalogue, parse_catalogue
from crawlers.sources.model import (
    ACCESSES,
    KINDS,
    TRADES,
    UNCHECKED,
    Access,
    PublicSource,
    SourceKind,
    Trade,
)
from crawlers.sources.own import catalogue_for, checks_for, own_rows, rows_named

__all__ = [
    "ACCESSES", "KINDS", "TRADES", "UNCHECKED", "Access", "CatalogueError", "Check",
    "PublicSource", "SourceKind", "Trade", "apply_checks", "catalogue_for", "checks_for",
    "checks_of", "joined", "load_catalogue", "own_rows", "parse_catalogue", "queries_of",
    "readable", "rows_named", "sources_for",
]  # fmt: skip
