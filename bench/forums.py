"""Measures the forum readers on real pages: ``python -m bench forums [--pages]``.

The data lie where ``RIVALMAP_MEASURE_DATA`` points. Seven tables:

1. saved pages of installations: posts, authors, times, ids, next page, threads, boards; where the
   installation's own API reply lies beside the page, recall and precision against it (a post is
   right when id, author, UTC time and text are);
2. the generic reader alone, adapters and structured data off, against the adapters;
3. real forum pages with a truth: word F1 of the posts' texts, snippets found and leaked, counted
   over all pages, unread ones too;
4. the engine, where the page names it;
5. pages that are no forum's: how many are taken for one;
6. what APIs and feeds of the installations give;
7. plain texts of people: how many come out of the cutting of quotes and notes with every word.
"""

import html
import os
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.forum_truth import (
    WORD,
    api_posts,
    f1,
    flat,
    installations,
    labelled,
    named_engine,
    other_forms,
    texts,
)
from crawlers.forums import read_forum
from crawlers.forums.base import Expect
from crawlers.forums.reading import read_without_adapters
from crawlers.forums.texts.post_text import own_words
from crawlers.items import ForumPage


def print_installations(data: Path) -> None:
    print(
        "| page | engine | kind | posts | authors | times | ids | threads | boards | next |"
        " API recall | precision |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for saved in installations(data):
        zone = "Asia/Shanghai" if saved.name.startswith("discuz") else None
        page = read_forum(saved.document, timezone=zone)
        if page is None:
            print(f"| {saved.name} | none | | | | | | | | | | |")
            continue
        posts = page.posts
        told = api_posts(data, saved.name)
        mine = [(p.id, p.author, p.posted_at, p.text) for p in posts]
        recall = precision = ""
        if told is not None:
            recall = f"{sum(row in mine for row in told)}/{len(told)}"
            precision = f"{sum(row in told for row in mine)}/{len(mine)}"
        print(
            f"| {saved.name} | {page.engine} | {page.kind} | {len(posts)}"
            f" | {sum(p.author is not None for p in posts)}"
            f" | {sum(p.posted_at is not None for p in posts)}"
            f" | {len({p.id for p in posts if p.id})}"
            f" | {len(page.threads)} | {len(page.boards)}"
            f" | {_tail(page.next)} | {recall} | {precision} |"
        )


def print_other_forms(data: Path) -> None:
    print("\n| reply or feed | engine | kind | posts | authors | times | ids | threads | boards |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, document in other_forms(data):
        page = read_forum(document)
        if page is None:
            print(f"| {name} | none | | | | | | | |")
            continue
        posts = page.posts
        print(
            f"| {name} | {page.engine} | {page.kind} | {len(posts)}"
            f" | {sum(p.author is not None for p in posts)}"
            f" | {sum(p.posted_at is not None for p in posts)}"
            f" | {len({p.id for p in posts if p.id})} | {len(page.threads)} | {len(page.boards)} |"
        )


def print_kept(data: Path) -> None:
    """Whether cutting out quotes, notes and signatures ever takes an author's own words."""
    kept = total = 0
    for text in texts(data):
        written = unicodedata.normalize("NFC", text).replace("\xad", "")
        markup = "<p>" + html.escape(written).replace("\n", "</p><p>") + "</p>"
        total += 1
        kept += WORD.findall(own_words(markup).text) == WORD.findall(written)
    print(f"plain texts of people, every word kept: {kept} of {total}")


def _tail(url: str | None) -> str:
    return "" if url is None else url.rstrip("/").rpartition("/")[2][-40:]


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
            expect: Expect = "board" if page.threads else "topic"
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
        start = time.process_time()
        page = read_forum(document)
        spent += time.process_time() - start
        posts = page.posts if page else ()
        text = "\n".join(post.text for post in posts)
        wanted = truth["ground_truth"]
        score = f1(text, wanted.get("main_content") or "")
        scores.append(score)
        if posts:
            readable.append(score)
        for key in ("with", "without"):
            parts = wanted.get(key) or []
            counts[key] += len(parts)
            found = sum(flat(part) in flat(text) for part in parts)
            counts[f"{key} found"] += found
            if posts:
                counts[f"{key} on read"] += len(parts)
        if each:
            name = page.engine if page else "-"
            print(f"| {truth['file_id']} | {name} | {len(posts)} | {score:.2f} |")
    print(
        f"\nreal forum pages: {len(scores)}, with posts read {len(readable)};"
        f" word F1 all {_share(sum(scores), len(scores))},"
        f" where read {_share(sum(readable), len(readable))};"
        f" must-have snippets all {_share(counts['with found'], counts['with'])},"
        f" where read {_share(counts['with found'], counts['with on read'])};"
        f" must-not all {_share(counts['without found'], counts['without'])}"
        f" (typographic quotes levelled); {1000 * spent / max(len(scores), 1):.0f} ms a page"
    )


def _share(part: float, whole: int) -> str:
    return f"{part / max(whole, 1):.3f}"


def print_engines(data: Path) -> None:
    right: Counter[bool] = Counter()
    wrong: list[str] = []
    pages = [(saved.name, saved.document) for saved in installations(data)]
    pages += [(truth["file_id"], document) for truth, document in labelled(data, forums=True)]
    for name, document in pages:
        named = named_engine(document)
        if named is None:
            continue
        page = read_forum(document)
        right[page is not None and page.engine == named] += 1
        if page is None or page.engine != named:
            wrong.append(f"{name}: {named}, read as {page.engine if page else 'none'}")
    print(
        f"engine right where the page names it: {right[True]} of {right.total()}"
        f" = {_share(right[True], right.total())} {wrong}"
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
    print_engines(data)
    print_others(data)
    print_other_forms(data)
    print_kept(data)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
