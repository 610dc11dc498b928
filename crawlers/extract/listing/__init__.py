"""Pages that list companies: directories, "best X", "alternatives to X", search results. Pure."""

from crawlers.extract.listing.reading import read_listing
from crawlers.extract.listing.search import read_results, refusals_of

__all__ = ["read_listing", "read_results", "refusals_of"]
