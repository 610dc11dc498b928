"""Two versions of a page -> what changed, in words. Pure."""

from pipelines.changes.compare import (
    channel_gone,
    channel_key,
    channel_seen,
    compare,
    new_page,
    removed_page,
)
from pipelines.changes.model import Change, PageFacts
from pipelines.changes.stand_in import stand_in_of

__all__ = [
    "Change", "PageFacts", "channel_gone", "channel_key", "channel_seen", "compare", "new_page",
    "removed_page", "stand_in_of",
]  # fmt: skip
