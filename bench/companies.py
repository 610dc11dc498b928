r"""Company pages measured: page kinds, main text, offers, and the cost of reading.

    RIVALMAP_MEASURE_DATA=... python bench/companies.py [--compare] [--errors]

``--compare`` also measures resiliparse and trafilatura (where installed) on the main text.
``--errors`` names every page whose kind, price, availability or number is wrong.

How figures are taken. Kinds: macro-F1 over the seven types of the labelled pages; home, pricing,
about, contact and careers count as service, legal as documentation, both forum kinds as forum.
Text: F1 of two bags of lower-cased ``\\w+``, mean over the pages of a type. Offers: of the page's
main offer; a wrong value counts as found wrongly and as missed; availability is compared only
where the truth has one. Prices are compared as numbers; "by thousands" also counts 24990 equal to
24.99, because the truth keeps ``24.990`` (Chile, no small change) as a decimal fraction. The
weights were learnt from the same 461 pages: ``bench/learn.py --check`` gives the figures of a
cross-validation beside these.
"""

import argparse
import gzip
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from statistics import mean

import lxml.html

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from learn import KINDS, f1

from crawlers.document import Document
from crawlers.extract import read_page

_AS_TYPE = {
    "home": "service", "pricing": "service", "about": "service", "contact": "service",
    "careers": "service", "legal": "documentation", "forum_board": "forum",
    "forum_topic": "forum",
}  # fmt: skip


def labelled(root: Path) -> Iterator[tuple[str, str, bytes, str | None]]:
    """(address, type, body, main text) of the 461 pages."""
    for truth in sorted((root / "pages" / "truth").glob("*.json")):
        data = json.loads(truth.read_text("utf-8"))
        body = gzip.decompress((root / "pages" / "html" / f"{truth.stem}.html.gz").read_bytes())
        kind = data["_internal"]["page_type"]["primary"]
        yield data["url"], kind, body, data["ground_truth"].get("main_content")


def products(root: Path) -> Iterator[tuple[dict[str, list[str]], bytes]]:
    """(truth, body) of the product pages."""
    truth = json.loads((root / "products" / "truth.json").read_text("utf-8"))
    for name, values in truth.items():
        yield values, gzip.decompress((root / "products" / "html" / f"{name}.html.gz").read_bytes())


def measure_pages(root: Path, *, errors: bool) -> None:
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    true: Counter[str] = Counter()
    texts: dict[str, list[float]] = defaultdict(list)
    reading = parsing = 0.0
    for url, kind, body, text in labelled(root):
        start = time.process_time()
        lxml.html.document_fromstring(body)
        parsing += time.process_time() - start
        start = time.process_time()
        page = read_page(Document(url, body))
        reading += time.process_time() - start
        guess = _AS_TYPE.get(page.kind, page.kind)
        true[kind] += 1
        said[guess] += 1
        right[kind] += guess == kind
        if guess != kind and errors:
            print(f"  kind {kind} read as {page.kind}: {url[:100]}")
        if text is not None:
            texts[kind].append(f1(page.text, text))
    scores = {kind: 2 * right[kind] / max(1, true[kind] + said[kind]) for kind in KINDS}
    print(f"page kind macro-F1 {mean(scores.values()):.3f}")
    for kind in KINDS:
        print(f"  {kind:14} kind F1 {scores[kind]:.3f}   text F1 {mean(texts[kind]):.3f}")
    pages = sum(true.values())
    print(
        f"cost: {1000 * reading / pages:.1f} ms a page, lxml parse {1000 * parsing / pages:.1f} ms,"
        f" ratio {reading / parsing:.1f}"
    )


def measure_others(root: Path) -> None:
    readers: dict[str, Callable[[str], str]] = {}
    from resiliparse.extract.html2text import extract_plain_text

    readers["resiliparse"] = lambda text: extract_plain_text(text, main_content=True)
    try:
        import trafilatura

        readers["trafilatura"] = lambda text: trafilatura.extract(text) or ""
    except ImportError:
        pass
    sets = list(labelled(root))
    for name, reader in readers.items():
        found: dict[str, list[float]] = defaultdict(list)
        start = time.process_time()
        for url, kind, body, text in sets:
            if text is not None:
                found[kind].append(f1(reader(Document(url, body).text), text))
        spent = 1000 * (time.process_time() - start) / len(sets)
        row = "  ".join(f"{kind} {mean(found[kind]):.3f}" for kind in KINDS)
        print(f"{name}: {row}  ({spent:.1f} ms a page)")


def number(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def measure_products(root: Path, *, errors: bool) -> None:
    counts: Counter[str] = Counter()
    for truth, body in products(root):
        url = truth["url"] if isinstance(truth["url"], str) else truth["url"][0]
        page = read_page(Document(url, body))
        main = page.offers[0] if page.offers else None
        prices = [number(value) for value in truth.get("price", [])]
        price = main.price if main else None
        checks: dict[str, tuple[object, bool, bool]] = {
            "price": (price, bool(prices), price in prices),
            "price by thousands": (
                price,
                bool(prices),
                price in prices or (price is not None and price / 1000 in prices),
            ),
        }
        for name in ("availability", "sku"):
            value = getattr(main, name) if main else None
            wanted = [str(part).lower() for part in truth.get(name, [])]
            if name == "availability" and not wanted:
                continue
            checks[name] = (value, bool(wanted), str(value).lower() in wanted)
        for name, (value, wanted_any, ok) in checks.items():
            counts[f"{name} right"] += bool(value is not None and ok)
            counts[f"{name} said"] += value is not None
            counts[f"{name} true"] += wanted_any
            if errors and not ok and (value is not None or wanted_any):
                print(f"  {name}: {value} for {truth.get(name.split()[0])}: {url[:90]}")
    for name in ("price", "price by thousands", "availability", "sku"):
        right, said, true = (counts[f"{name} {part}"] for part in ("right", "said", "true"))
        score = 2 * right / max(1, said + true)
        print(f"{name:20} F1 {score:.3f} ({right} right, {said} said, {true} true)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--compare", action="store_true", help="measure other extractors too")
    parser.add_argument("--errors", action="store_true", help="name the pages that are wrong")
    args = parser.parse_args()
    folder = os.environ.get("RIVALMAP_MEASURE_DATA")
    if not folder:
        sys.exit("RIVALMAP_MEASURE_DATA names no folder: set it to the measuring data")
    root = Path(folder)
    measure_products(root, errors=args.errors)
    measure_pages(root, errors=args.errors)
    if args.compare:
        measure_others(root)


if __name__ == "__main__":
    main()
