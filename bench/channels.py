"""What channel detection costs a page, against parsing that page with lxml; and what it finds.

    RIVALMAP_MEASURE_DATA=DIR python -m bench.channels [--show N] [--pages N]

Reads ``DIR/pages/html/*.html.gz`` and ``DIR/pages/truth/*.json`` (for the address). The pages
are read before the clock starts: the figure is that of detection alone.
"""

import argparse
import gzip
import json
import os
import random
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import lxml.html

from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.items import Page
from pipelines.channels import SIGNALS_VERSION, detect


def cost_of(work: Any) -> float:
    """CPU time of one run, in milliseconds: a page is read once, so nothing may be remembered."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--show", type=int, default=0, help="print what N random pages prove")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="product,service,collection,listing")
    options = parser.parse_args()
    place = os.environ.get("RIVALMAP_MEASURE_DATA")
    if not place:
        print("Set RIVALMAP_MEASURE_DATA to the folder of the measuring data.", file=sys.stderr)
        return 3
    chosen = []
    for truth in sorted((Path(place) / "pages" / "truth").glob("*.json")):
        data = json.loads(truth.read_text(encoding="utf-8"))
        kind = data["_internal"]["page_type"]["primary"]
        if kind in options.kinds.split(","):
            chosen.append((truth.stem, data["url"], kind))
    random.Random(options.seed).shuffle(chosen)
    detect(Page(url="https://warm.example/", kind="home", lang="en"))  # reads the table
    found: Counter[tuple[str, str, str, int]] = Counter()
    costs, parses, sizes = [], [], []
    for number, (stem, url, kind) in enumerate(chosen[: options.pages]):
        body = gzip.decompress((Path(place) / "pages/html" / f"{stem}.html.gz").read_bytes())
        document = Document(url, body)
        text = document.text
        page = read_page(document)
        tags: list[Any] = []
        costs.append(cost_of(lambda page=page, tags=tags: tags.extend(detect(page))))
        parses.append(cost_of(lambda text=text: lxml.html.document_fromstring(text)))
        sizes.append(len(body) / 1024)
        for tag in tags:
            found[tag.channel, tag.role, tag.platform or "-", tag.strength] += 1
        if number < options.show:
            print(f"\n{stem} {kind} {url}")
            for tag in tags:
                proof = tag.evidence[0]
                print(f"  {tag.strength} {tag.channel}/{tag.role}/{tag.platform}"
                      f"  {proof.rule}  {proof.quote[:110]}")  # fmt: skip
    print(f"\nsignals {SIGNALS_VERSION}, {len(costs)} pages, mean {statistics.mean(sizes):.0f} KB")
    print(f"detect  mean {statistics.mean(costs):.2f} ms, median {statistics.median(costs):.2f}, "
          f"worst {max(costs):.2f}")  # fmt: skip
    print(f"lxml    mean {statistics.mean(parses):.2f} ms; "
          f"ratio {sum(costs) / sum(parses):.3f}")  # fmt: skip
    by_channel: Counter[str] = Counter()
    for (channel, _, _, _), count in found.items():
        by_channel[channel] += count
    print("tags   ", ", ".join(f"{name} {count}" for name, count in by_channel.most_common()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
