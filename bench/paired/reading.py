"""Reading a page beside parsing it with lxml: CPU time of one core."""

import gc
import time
from collections.abc import Callable, Iterator

import lxml.html

from bench.paired import Figure
from bench.paired.pages import companies, source, topics
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.forums import read_forum
from pipelines.channels import detect

Pages = tuple[tuple[str, bytes], ...]


def _beside_lxml(
    pages: Pages, work: Callable[[str, bytes], Callable[[], object]], rounds: int
) -> Iterator[Figure]:
    """Page by page in turns, so that both sides see the same machine.

    :param work: what is done before the clock starts; it returns what is timed.
    """
    for number in range(rounds + 1):
        reading = parsing = 0.0
        gc.collect()
        for url, body in pages:
            began = time.process_time()
            lxml.html.document_fromstring(body)
            parsing += time.process_time() - began
            timed = work(url, body)
            began = time.process_time()
            timed()
            reading += time.process_time() - began
        if number:  # the first round loads tables and compiles
            count = len(pages)
            yield Figure(
                value=reading / parsing,
                parts=f"{1000 * reading / count:.2f} ms / {1000 * parsing / count:.2f} ms, "
                f"{count} {source()}",
            )


def company_page(rounds: int) -> Iterator[Figure]:
    """Everything :func:`crawlers.extract.read_page` reads."""
    return _beside_lxml(
        companies(), lambda url, body: lambda: read_page(Document(url, body)), rounds
    )


def forum_page(rounds: int) -> Iterator[Figure]:
    """All fields of a topic of twenty posts."""
    return _beside_lxml(
        topics(), lambda url, body: lambda: read_forum(Document(url, body), timezone="UTC"), rounds
    )


def channels(rounds: int) -> Iterator[Figure]:
    """Channel detection on a page that was read."""

    def work(url: str, body: bytes) -> Callable[[], object]:
        page = read_page(Document(url, body))
        return lambda: detect(page)

    return _beside_lxml(companies(), work, rounds)
