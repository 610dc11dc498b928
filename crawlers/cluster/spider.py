"""A worker's spider: the manners and the name of one of ours; its readers do the rest."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, ClassVar

from crawlers.base.budget import Requests
from crawlers.base.spider import ResearchSpider
from crawlers.cluster.reader import Reader, new_browsing, reader_of

if TYPE_CHECKING:
    from crawlers.cluster.queue import LeasedQueue


class WorkerSpider(ResearchSpider):
    """Stands in the engine for as many readers as there are sources held."""

    reader: ClassVar[type[Reader]]
    queue: "LeasedQueue"

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the queue hands out what is taken of the frontier."""
        return
        yield

    def reader_for(self, source_id: str) -> Reader | None:
        """A new reader of a source; ``None`` where our market file names no such source."""
        # The budget of a run is counted on Redis.
        reader = self.reader(market=self.market, state=self.state, requests=Requests(None))
        browsing = getattr(self, "browsing", None)
        if browsing is not None:
            reader.browsing = new_browsing(browsing)  # type: ignore[attr-defined]
        for source in reader.sources(self.market):
            if source.id == source_id:
                reader.source = reader.by_id[source_id] = source
                return reader
        return None

    def set_delay(self, source_id: str, delay: float) -> None:
        """Note the seconds between requests in force for a source."""
        reader = self.queue.readers.get(source_id)
        if reader is not None:
            reader.source.report.delay = delay


def worker_spider(spider: type[ResearchSpider]) -> type[WorkerSpider]:
    """The worker's form of a spider."""
    return type(
        f"{spider.__name__}Worker", (WorkerSpider, spider), {"reader": reader_of(spider)}
    )  # fmt: skip
