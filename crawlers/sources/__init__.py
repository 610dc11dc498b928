"""The catalogue of public sources: where customers talk and where companies are listed.

The TOML files in ``catalogue/`` are the rows; :func:`sources_for` chooses among them. What a row
means and how one gets in: docs/sources.md. A leaf: knows no crawler and no storage.
"""

from crawlers.sources.checks import Check, apply_checks, checks_of
from crawlers.sources.choosing import sources_for
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

__all__ = [
    "ACCESSES", "KINDS", "TRADES", "UNCHECKED", "Access", "CatalogueError", "Check",
    "PublicSource", "SourceKind", "Trade", "apply_checks", "checks_of", "load_catalogue",
    "parse_catalogue", "sources_for",
]  # fmt: skip
