"""The archive and its journal as the writer of a run over several machines keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from scrapy.settings import BaseSettings

from crawlers import journal
from crawlers.archive import ArchiveMiddleware
from crawlers.base.source import Source
from crawlers.items import FailureItem
from crawlers.market import Market
from pipelines.storage.database import DatabaseError


@dataclass(slots=True, kw_only=True)
class _Standing:
    """What the archive asks of a spider, where none runs in this process."""

    name: str
    market: Market
    by_id: dict[str, Source]
    complete: bool = True
    whole: bool = True
    fault: str = ""

    def stop_for(self, error: str) -> None:
        """Keep what is wrong with the archive."""
        self.fault = self.fault or error


class Keeping:
    """One spider's archive file and journal, written by :class:`crawlers.archive`'s own code."""

    def __init__(
        self,
        settings: BaseSettings,
        spider: str,
        market: Market,
        sources: Sequence[Source],
        *,
        chosen: str,
    ) -> None:
        self._spider = _Standing(
            name=spider, market=market, by_id={source.id: source for source in sources}
        )
        own = settings.copy()
        own.set("RIVALMAP_SOURCES", chosen, priority="cmdline")
        crawler: Any = SimpleNamespace(settings=own, spider=self._spider)
        self._archive = ArchiveMiddleware(crawler)

    def open(self) -> None:
        """Mend and bound the archive; the journal begins, or goes on."""
        self._archive.opened(self._spider)
        self._check()

    def keep(self, item: Any, record: bytes) -> Any:
        """Archive an item's answer; the item, with the place where it stands.

        :raises DatabaseError: where the archive cannot be written.
        """
        fetch = getattr(item, "fetch", None)
        if fetch is None:
            return item
        try:
            place = self._archive.keep(record) if record else (None, None)
        except OSError as error:
            self._spider.stop_for(f"the archive could not be written: {error.strerror or error}")
            self._check()
        kept = replace(fetch, archive_file=place[0], archive_offset=place[1])
        if isinstance(item, FailureItem) and fetch.archive_file and place[0]:
            named = f"archive/{fetch.archive_file} {fetch.archive_offset}"
            detail = item.detail.replace(named, f"archive/{place[0]} {place[1]}")
            return replace(item, fetch=kept, detail=detail)
        return replace(item, fetch=kept)

    def note(self, item: Any) -> None:
        """Write the journal's entry of an item, before the item is stored.

        :raises DatabaseError: where the archive cannot be written.
        """
        self._archive.note(journal.item_entry(self._spider.name, item))
        self._check()

    def close(self, *, reason: str, complete: bool) -> None:
        """The journal's last word on the run; the sources' reports stand in the sources."""
        self._spider.complete = self._spider.whole = complete
        self._archive.closed(self._spider, reason)

    def abandon(self) -> None:
        """Close the file without a last word: the run is not over."""
        self._archive.close()

    def _check(self) -> None:
        if self._spider.fault:
            raise DatabaseError(
                f"{self._spider.fault}. What was stored stays, and the next start goes on. Check "
                "the disk"
            )
