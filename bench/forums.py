"""Measures the forum readers on real pages: ``python -m bench.forums [--pages]``.

The data lie where ``RIVALMAP_MEASURE_DATA`` points. Four tables:

1. saved pages of installations: posts, authors, times, ids, next page, threads, boards; where the
   installation's own API reply lies beside the page, equality with it;
2. the generic reader alone against the adapters, on the same pages;
3. real forum pages with a truth: word F1 of the posts' texts, snippets found and leaked;
4. pages that are no forum's: how many are taken for one.
"""

import gzip
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawlers.document import Document
from crawlers.forums import read_forum
from crawlers.forums.post_text import own_words
from crawlers.forums.reading import read_without_adapters
from crawlers.items import ForumPage

# The address a saved page came from, where links of the page do not tell it.
ADDRESSES = {
    "phpbb": (
        "http://phpbb.localhost/viewtopic.php?t=3",
        "http://phpbb.localhost/viewforum.php?f=2",
    ),
    "spirit": (
        "http://spirit.localhost/topic/2/x/",
        "http://spirit.localhost/category/3/marketing/",
    ),
    "mybb": (
        "http://127.0.0.1:8201/showthread.php?tid=3",
        "http://127.0.0.1:8201/forumdisplay.php?fid=2",
    ),
    "discuz": (
        "http://127.0.0.1:8203/forum.php?mod=viewthread&tid=3",
        "http://127.0.0.1:8203/forum.php?mod=forumdisplay&fid=2",
    ),
    "flaskbb": ("http://flaskbb.localhost/topic/2-x", "http://flaskbb.localhost/forum/1-welcome"),
    "nodebb": ("http://127.0.0.1:8206/topic/5/x", "http://127.0.0.1:8206/category/2/x"),
    "machina": ("http://machina.localhost/forum/f/topic/x-1/", "http://machina.localhost/forum/f/"),
    "voz": ("https://voz.localhost/f/x.33/", "https://voz.localhost/f/x.33/"),
}
FETCHED = datetime(2026, 11, 22, 15, 16, tzinfo=UTC)
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Saved:
    """A saved page and what it is called in the tables."""

    name: str
    document: Document
    is_board: bool


def installations(data: Path) -> Iterator[Saved]:
    for path in sorted((data / "forums").glob("*/*.html")):
        engine = path.parent.name
        is_board = not path.name.startswith("topic")
        if engine not in ADDRESSES or "mobile" in path.name or path.name.startswith("arch"):
            continue
        url = ADDRESSES[engine][is_board]
        document = Document(
            url, path.read_bytes(), headers={"content-type": "text/html"}, fetched_at=FETCHED
        )
        yield Saved(f"{engine}/{path.stem}", document, is_board)


def labelled(data: Path, *, forums: bool) -> Iterator[tuple[dict[str, Any], Document]]:
    for path in sorted((data / "pages" / "truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if (truth["_internal"]["page_type"]["primary"] == "forum") is not forums:
            continue
        body = gzip.decompress((data / "pages/html" / f"{truth['file_id']}.html.gz").read_bytes())
        url = truth["url"] or "https://unknown.invalid/"
        yield truth, Document(url, body, fetched_at=datetime(2026, 3, 6, tzinfo=UTC))


def api_posts(data: Path, name: str) -> list[tuple[str, str, datetime, str]] | None:
    """(id, author, UTC time, text) as the installation's own API tells them."""
    if name in ("nodebb/topic", "nodebb/topic_p2"):
        told = json.loads((data / "forums" / f"{name}.json").read_text(encoding="utf-8"))
        rows = [
            (p["pid"], p["user"]["username"], p["timestamp"] / 1000, p["content"])
            for p in told["posts"]
        ]
    elif name == "discuz/topic":
        told = json.loads((data / "forums/discuz/api_viewthread.json").read_text(encoding="utf-8"))
        rows = [
            (p["pid"], p["author"], int(p["dbdateline"]), p["message"])
            for p in told["Variables"]["postlist"]
        ]
    else:
        return None
    return [
        (str(pid), author, datetime.fromtimestamp(int(at), UTC), own_words(text).text)
        for pid, author, at, text in rows
    ]


def f1(found: str, wanted: str) -> float:
    mine, theirs = (Counter(WORD.findall(text.lower())) for text in (found, wanted))
    both = sum((mine & theirs).values())
    total = sum(mine.values()) + sum(theirs.values())
    return 2 * both / total if total else 1.0


def flat(text: str) -> str:
    return " ".join(text.translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"'}).split())


def print_installations(data: Path) -> None:
    print(
        "| page | engine | kind | posts | authors | times | ids | threads | boards | next | = API |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for saved in installations(data):
        zone = "Asia/Shanghai" if saved.name.startswith("discuz") else None
        page = read_forum(saved.document, timezone=zone)
        if page is None:
            print(f"| {saved.name} | none | | | | | | | | | |")
            continue
        posts = page.posts
        told = api_posts(data, saved.name)
        mine = [(p.id, p.author, p.posted_at, p.text) for p in posts]
        equal = "" if told is None else f"{sum(row in mine for row in told)}/{len(told)}"
        print(
            f"| {saved.name} | {page.engine} | {page.kind} | {len(posts)}"
            f" | {sum(p.author is not None for p in posts)}"
            f" | {sum(p.posted_at is not None for p in posts)}"
            f" | {len({p.id for p in posts if p.id})}"
            f" | {len(page.threads)} | {len(page.boards)}"
            f" | {'yes' if page.next else 'no'} | {equal} |"
        )


def print_generic(pairs: list[tuple[str, ForumPage, ForumPage | None]], title: str) -> None:
    right = mine = theirs = threads = found_threads = all_threads = 0
    for _, page, alone in pairs:
        seen = {(p.author, flat(p.text)) for p in alone.posts} if alone else set()
        right += sum((p.author, flat(p.text)) in seen for p in page.posts)
        theirs += len(page.posts)
        mine += len(alone.posts) if alone and page.posts else 0
        refs = {t.url for t in alone.threads} if alone else set()
        threads += len({t.url for t in page.threads} & refs)
        all_threads += len(page.threads)
        found_threads += len(refs) if page.threads else 0
    print(
        f"| {title} | {right}/{theirs} = {right / max(theirs, 1):.3f} | {right / max(mine, 1):.3f}"
        f" | {threads}/{all_threads} | {threads / max(found_threads, 1):.3f} |"
    )


def generic_pairs(data: Path) -> Iterator[tuple[str, str, ForumPage, ForumPage | None]]:
    for saved in installations(data):
        page = read_forum(saved.document)
        if page and (page.posts or page.threads):
            expect = "board" if page.threads else "topic"
            yield (
                "installations",
                saved.name,
                page,
                read_without_adapters(saved.document, expect=expect),
            )
    for truth, document in labelled(data, forums=True):
        page = read_forum(document)
        if page and page.engine != "generic" and page.posts:
            yield (
                "real pages",
                truth["file_id"],
                page,
                read_without_adapters(document, expect="topic"),
            )


def print_truth(data: Path, *, each: bool) -> None:
    scores: list[float] = []
    readable: list[float] = []
    counts: Counter[str] = Counter()
    spent = 0.0
    for truth, document in labelled(data, forums=True):
        start = time.perf_counter()
        page = read_forum(document)
        spent += time.perf_counter() - start
        text = "\n".join(post.text for post in page.posts) if page else ""
        wanted = truth["ground_truth"]
        score = f1(text, wanted.get("main_content") or "")
        scores.append(score)
        if page and page.posts:
            readable.append(score)
            for key in ("with", "without"):
                parts = wanted.get(key) or []
                counts[key] += len(parts)
                counts[f"{key} found"] += sum(flat(part) in flat(text) for part in parts)
        if each:
            posts = len(page.posts) if page else 0
            print(
                f"| {truth['file_id']} | {page.engine if page else '-'} | {posts} | {score:.2f} |"
            )
    print(
        f"\nreal forum pages: {len(scores)}, with posts read {len(readable)};"
        f" word F1 all {sum(scores) / len(scores):.3f},"
        f" where read {sum(readable) / max(len(readable), 1):.3f};"
        f" must-have snippets {counts['with found'] / max(counts['with'], 1):.3f},"
        f" must-not {counts['without found'] / max(counts['without'], 1):.3f}"
        f" (typographic quotes levelled); {1000 * spent / len(scores):.0f} ms a page"
    )


def print_others(data: Path) -> None:
    taken: list[str] = []
    total = 0
    for truth, document in labelled(data, forums=False):
        total += 1
        if read_forum(document) is not None:
            taken.append(truth["file_id"])
    print(f"pages of other kinds: {total}, taken for a forum: {len(taken)} {taken}")


def main() -> int:
    place = os.environ.get("RIVALMAP_MEASURE_DATA")
    if not place or not Path(place).is_dir():
        print("RIVALMAP_MEASURE_DATA must name the folder of the measuring data", file=sys.stderr)
        return 2
    data = Path(place)
    print_installations(data)
    print("\n| generic against adapters | posts recall | precision | threads | precision |")
    print("|---|---|---|---|---|")
    pairs: dict[str, list[tuple[str, ForumPage, ForumPage | None]]] = {}
    for group, name, page, alone in generic_pairs(data):
        pairs.setdefault(group, []).append((name, page, alone))
    for group, rows in pairs.items():
        print_generic(rows, group)
    print_truth(data, each="--pages" in sys.argv[1:])
    print_others(data)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
