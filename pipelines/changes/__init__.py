"""Two versions of a page -> what changed, in words. Pure."""

from pipelines.changes.compare import Change, PageFacts, compare, new_page, removed_page

__all__ = ["Change", "PageFacts", "compare", "new_page", "removed_page"]
