"""Finds customers' reviews on real pages: ``python -m bench reviews [--read N]``.

The pages have no truth for reviews: the table counts, ``--read N`` prints N of them to be judged by
eye (every so many, so that all pages have their turn).
"""

import gzip
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.data import measure_data
from crawlers.document import Document
from crawlers.extract.reviews.reading import read_reviews


def pages(data: Path) -> Iterator[tuple[str, Document]]:
    for path in sorted((data / "pages" / "html").glob("*.html.gz")):
        yield path.name, Document("https://pages.example/p", gzip.decompress(path.read_bytes()))
    for path in sorted((data / "products").rglob("*.html*")):
        body = path.read_bytes()
        body = gzip.decompress(body) if path.suffix == ".gz" else body
        yield path.name, Document("https://products.example/p", body)


def main() -> int:
    data = measure_data()
    found, spent, total = [], 0.0, 0
    for name, document in pages(data):
        total += 1
        document.tree  # noqa: B018  parsed once for every reader
        start = time.process_time()
        reviews = read_reviews(document)
        spent += time.process_time() - start
        found.extend((name, review) for review in reviews)
    sites = len({name for name, _ in found})
    print(f"pages {total}, with reviews {sites}, reviews {len(found)}", end="; ")
    print(f"author {sum(r.author is not None for _, r in found)}", end=", ")
    print(f"rating {sum(r.rating is not None for _, r in found)}", end=", ")
    print(f"time {sum(r.posted_at is not None for _, r in found)}", end="; ")
    print(f"{1000 * spent / max(total, 1):.1f} ms a page")
    if "--read" in sys.argv:
        wanted = int(sys.argv[sys.argv.index("--read") + 1])
        for name, review in found[:: max(len(found) // wanted, 1)]:
            print(f"{name} | {review.rating} | {review.author} | {review.posted_at} |")
            print(f"    {review.text[:300]!r}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
