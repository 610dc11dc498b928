"""What the rules against crawler traps refuse of real links, which they should not at all.

Needs ``RIVALMAP_MEASURE_DATA``. Every link of every page in its ``pages/``, ``products/`` and
``forums/`` is put to one watch a folder of an installation, or a site. Prints how many links were
looked at, and each that was refused.

    python -m bench traps
"""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.data import measure_data
from crawlers.document import Document
from crawlers.traps import TrapWatch
from crawlers.urls import canonical_url, host_of, registrable_domain


def main() -> None:
    """Measure and print."""
    watches: dict[str, TrapWatch] = {}
    pages = links = 0
    for place, url, body in _pages(measure_data()):
        document = Document(url, body, headers={"content-type": "text/html"})
        watch = watches.setdefault(
            place or registrable_domain(host_of(url)), TrapWatch(datetime.now(UTC).date())
        )
        found = dict.fromkeys(_links(document))
        pages, links = pages + 1, links + len(found)
        watch.see(list(found))
        for link in found:
            trap = watch.trap(link)
            if trap is not None:
                print(f"refused, {trap}: {link[:160]}")
    refused = sum(watch.refused.total() for watch in watches.values())
    print(f"{pages} pages of {len(watches)} sites, {links} links, {refused} refused")


def _links(document: Document) -> Iterator[str]:
    own = registrable_domain(host_of(document.url))
    for node in document.tree.css("a[href]"):
        url = document.join(node.attributes.get("href") or "")
        try:
            if url and registrable_domain(host_of(url)) == own:
                yield canonical_url(url)
        except ValueError:
            continue


def _pages(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    """(installation or "", address, body) of each saved page."""
    for path in sorted(folder.glob("pages/html/*.html.gz")):
        truth = folder / "pages" / "truth" / f"{path.name.removesuffix('.html.gz')}.json"
        url = json.loads(truth.read_text("utf-8")).get("url") or "https://unknown.example/"
        yield "", url, gzip.decompress(path.read_bytes())
    for kind in ("products", "forums"):
        for path in sorted((folder / kind).rglob("*.htm*")):
            body = path.read_bytes()
            body = gzip.decompress(body) if path.suffix == ".gz" else body
            place = path.relative_to(folder).parts[1] if kind == "forums" else path.name
            yield place, f"https://{place.split('.')[0].lower()}.example/", body


if __name__ == "__main__":
    main()
