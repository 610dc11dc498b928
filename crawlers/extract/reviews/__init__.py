"""Reviews on company pages, read as posts."""
