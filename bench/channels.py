"""How well channels are told of labelled pages, and what that costs a page.

    RIVALMAP_MEASURE_DATA=DIR python -m bench channels [--errors] [--half seen|unseen]
                                                       [--show N] [--pages N]

Labelled pages: ``DIR/pages/html/ID.html.gz`` for the ids of ``tests/gold/channels/real.json``, and
the project's own ``tests/gold/channels/pages/ID.html`` for those of ``written.json``. Counted are
(page, channel, role) pairs; what a true pair is and what the detector asserts is said in
``bench/channel_labels.py``. ``--half``: rules are mended on the errors of every second id only
(``seen``, the even places of the sorted ids); the others are held out (``unseen``). ``--errors``
prints each wrong or missed pair, of the seen half unless ``--half`` says otherwise.

Cost: CPU time of detection alone beside that of parsing the same page with lxml, pages read before
the clock starts. ``--show N`` prints what N random pages prove.
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
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import lxml.html

from bench.channel_labels import GOLD, Judged, Reading, intervals, judged, kappa, labels_of, score
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.items import Page
from pipelines.channels import SIGNALS_VERSION, detect


def cost_of(work: Any) -> float:
    """CPU time of one run, in milliseconds: a page is read once, so nothing may be remembered."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def real_page(place: Path, ident: str) -> Document:
    truth = json.loads((place / "pages" / "truth" / f"{ident}.json").read_text("utf-8"))
    body = (place / "pages" / "html" / f"{ident}.html.gz").read_bytes()
    return Document(truth["url"], gzip.decompress(body))


def written_page(ident: str) -> Document:
    """A page of the project's own, at the address its canonical link names."""
    body = (GOLD / "pages" / f"{ident}.html").read_bytes()
    url = f"https://{ident}.example/"
    return Document(read_page(Document(url, body)).canonical or url, body)


def measure(
    name: str, labels: Mapping[str, Mapping[str, Reading]], read: Any, *, half: str, errors: bool
) -> None:
    """Print precision and recall of one labelled set."""
    pages: list[Judged] = []
    for ident in sorted(labels):
        page = read_page(read(ident))
        pages.append(judged(ident, labels[ident], detect(page)))
    halves = {"seen": pages[::2], "unseen": pages[1::2], "all": pages}
    print(f"\n{name}: {len(pages)} pages; the readers' kappa {kappa(labels):.3f} over must, may "
          f"and none, {kappa(labels, sure_only=True):.3f} where neither says may")  # fmt: skip
    for which, part in halves.items():
        total = score(part)
        precision, recall = intervals(part)
        listed = sum(len(page.open & page.told.keys()) for page in part)
        print(f"  {which:7} precision {total.precision:.3f} {precision}  "
              f"recall {total.recall:.3f} {recall}  right {total.right} wrong {total.wrong} "
              f"missed {total.missed}; {listed} told where the labels leave it open")  # fmt: skip
    chosen = halves[half]
    print(f"  per channel ({half}):")
    for pair in sorted({pair for page in chosen for pair in (*page.true, *page.wrong)}):
        one = score(chosen, pair)
        print(f"    {pair:28} precision {one.precision:.2f}  recall {one.recall:.2f}  "
              f"right {one.right:3} wrong {one.wrong:2} missed {one.missed:2}")  # fmt: skip
    if errors:
        for page in halves["seen" if half == "all" else half]:
            print_errors(page)


def print_errors(page: Judged) -> None:
    for pair in sorted(page.wrong):
        tag = page.told[pair]
        print(f"  {page.id} WRONG  {pair} {tag.platform} {tag.strength}")
        for row in tag.evidence:
            print(f"         {row.rule}: {row.quote[:150]!r}")
    for pair in sorted(page.missed):
        print(f"  {page.id} MISSED {pair}")


def chosen_pages(place: Path, kinds: set[str], seed: int) -> Iterator[tuple[str, str]]:
    """(id, kind) of the measuring pages of some kinds, shuffled."""
    chosen = []
    for truth in sorted((place / "pages" / "truth").glob("*.json")):
        kind = json.loads(truth.read_text("utf-8"))["_internal"]["page_type"]["primary"]
        if kind in kinds:
            chosen.append((truth.stem, kind))
    random.Random(seed).shuffle(chosen)
    yield from chosen


def measure_cost(place: Path, options: argparse.Namespace) -> None:
    """Print what detection costs beside lxml's parse, and which tags came out."""
    detect(Page(url="https://warm.example/", kind="home", lang="en"))  # reads the table
    found: Counter[str] = Counter()
    costs, parses, sizes = [], [], []
    chosen = list(chosen_pages(place, set(options.kinds.split(",")), options.seed))
    for number, (ident, kind) in enumerate(chosen[: options.pages]):
        document = real_page(place, ident)
        text = document.text
        page = read_page(document)
        tags: list[Any] = []
        costs.append(cost_of(lambda page=page, tags=tags: tags.extend(detect(page))))
        parses.append(cost_of(lambda text=text: lxml.html.document_fromstring(text)))
        sizes.append(len(document.body) / 1024)
        found.update(tag.channel for tag in tags)
        if number < options.show:
            print(f"\n{ident} {kind} {document.url}")
            for tag in tags:
                proof = tag.evidence[0]
                print(f"  {tag.strength} {tag.channel}/{tag.role}/{tag.platform}"
                      f"  {proof.rule}  {proof.quote[:110]}")  # fmt: skip
    print(f"\nsignals {SIGNALS_VERSION}, {len(costs)} pages, mean {statistics.mean(sizes):.0f} KB")
    print(f"detect  mean {statistics.mean(costs):.2f} ms, median {statistics.median(costs):.2f}, "
          f"worst {max(costs):.2f}")  # fmt: skip
    print(f"lxml    mean {statistics.mean(parses):.2f} ms; "
          f"ratio {sum(costs) / sum(parses):.3f}")  # fmt: skip
    print("tags   ", ", ".join(f"{name} {count}" for name, count in found.most_common()))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--show", type=int, default=0, help="print what N random pages prove")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="product,service,collection,listing")
    parser.add_argument("--errors", action="store_true", help="print every wrong pair")
    parser.add_argument("--half", choices=("seen", "unseen", "all"), default="all")
    parser.add_argument("--sets", default="real,written", help="labelled sets to measure")
    options = parser.parse_args()
    named = os.environ.get("RIVALMAP_MEASURE_DATA")
    if not named:
        print("Set RIVALMAP_MEASURE_DATA to the folder of the measuring data.", file=sys.stderr)
        return 3
    place = Path(named)
    readers = {"real": lambda ident: real_page(place, ident), "written": written_page}
    for name in options.sets.split(","):
        labels = labels_of(name)
        if labels:
            measure(name, labels, readers[name], half=options.half, errors=options.errors)
    if options.pages:
        measure_cost(place, options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
