"""Fifth: each page's channels, told from its signals."""

import dataclasses
from typing import Any

from crawlers.items import PageItem
from pipelines.channels import detect


class TagChannels:
    """Tags company pages; forum pages are weighed by their posts, in a pass."""

    def process_item(self, item: Any) -> Any:
        """The item with its channels."""
        if isinstance(item, PageItem):
            return dataclasses.replace(item, channels=detect(item.page))
        return item
