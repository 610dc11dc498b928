"""Companies a page only names: numbered headings, tables, "X vs Y". Pure."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from crawlers.extract.listing.names import is_call, is_name, looks_proper, name_in, number_of
from crawlers.extract.listing.page import HEADINGS, ListPage
from crawlers.extract.listing.sites import lead_of
from crawlers.extract.listing.words import plain, words
from crawlers.folding import fold
from crawlers.items import Listed

_LEAST = 3
_MOST = 100
_LONGEST_HEADING = 110
_MOST_TABLES = 20
_MOST_ROWS = 120
_VERSUS = re.compile(
    r"\s+(?:vs\.?|versus|so với|so voi|và|or|hay)\s+|(?<=[\u3400-\u9fffA-Za-z0-9])\s*"
    r"(?:对比|對比|还是|還是|\bvs\.?|VS)\s*(?=[\u3400-\u9fffA-Za-z0-9])",
    re.IGNORECASE,
)
_IS_VERSUS = re.compile(r"(?<![a-z])(?:vs\.?|versus|so voi|so sanh)(?![a-z])|对比|比较|还是")
_INSTEAD = (
    re.compile(
        r"(?:alternatives?\s+(?:to|for)|competitors\s+(?:of|to)|similar\s+to|thay thế(?: cho)?"
        r"|tương tự(?: như)?|giống)\s+(.{2,40}?)"
        r"(?=\s*[:|–—(,?.]|\s+-\s|\s+(?:for|in|of|that|and|you|to|năm|cho|tại)\s|\s+\d{4}|$)",
        re.IGNORECASE,
    ),
    re.compile(r"^(?:\W{0,3}(?:the\b|best\b|top(?:\b|(?=\d))|\d{1,3}\b)){0,4}\s*(.{2,30}?)\s+"
               r"(?:alternatives?|competitors)\b(?!\s+(?:to|for|of)\b)", re.IGNORECASE),
    re.compile(r"^(?:\W{0,3}(?:最好的|最佳|\d{1,3}\s?(?:个|款))){0,4}\s*([^的\s，。：:|]{2,20}?)的?"
               r"(?:替代品|替代|平替|竞品|競品)"),
)  # fmt: skip


def named_companies(page: ListPage) -> Iterator[tuple[int, Listed]]:
    """Every company the page lists by name alone, with the place it stands at."""
    yield from _of_title(page)
    if page.listed:
        yield from _numbered(page)
        yield from _of_tables(page)


def _of_title(page: ListPage) -> Iterator[tuple[int, Listed]]:
    """The sides of "X vs Y", and X of "alternatives to X"."""
    for line in dict.fromkeys((page.heading, page.head.title)):
        found = [(name, "listing/versus") for name in _sides(line)]
        for pattern in _INSTEAD:
            match = pattern.search(line[:200])
            name = _proper(name_in(match[1])) if match is not None else None
            if name is not None and not _is_goods(name):
                found.append((name, "listing/alternatives_to"))
        for name, rule in found:
            yield 0, Listed(name=name, site=None, quote=line, rule=rule)


def _is_goods(name: str) -> bool:
    """Whether a name says what is sold and not who sells it: "POS software 2026", "CRM tools".

    It is made of words of goods and numbers alone; or one of them ends it, and either is written
    small, as no part of a name is, or stands beside a number, as in a list's title.
    """
    every = name.split()
    rest = [word for word in every if not word.isdigit()]
    key = fold(" ".join(rest))
    found = list(words().goods.finditer(key))
    if re.search(r"\w", words().goods.sub("", key)) is None:
        return True
    ends = bool(found) and found[-1].end() == len(key)
    return ends and (len(rest) < len(every) or rest[-1].islower())


def _sides(line: str) -> list[str]:
    first = re.split(r"\s*[|｜:：?？–—(（]\s*|\s-\s", line[:200])
    for part in first:
        if _IS_VERSUS.search(fold(part)) is None:
            continue
        bare = re.sub(r"^(?:so sánh|so sanh|compare|comparing|比较|对比)\s*", "", part, flags=re.I)
        sides = [side for side in _VERSUS.split(bare) if side]
        names = [name for side in sides[:6] if (name := _proper(name_in(side)))]
        if len(sides) > 1 and len(names) == len(sides[:6]):
            return names
    return []


def _proper(name: str | None) -> str | None:
    return name if name is not None and looks_proper(name) else None


def _numbered(page: ListPage) -> Iterator[tuple[int, Listed]]:
    """Headings, or short lines, that count 1, 2, 3 (or down to 1); else, where the title promises
    a list, headings of one level of which most are names.
    """
    lines = [
        (at, found) for at, block in enumerate(page.blocks)
        if len(block.text) <= _LONGEST_HEADING and block.tag not in ("td", "th", "h1")
        and (found := number_of(block.text)) is not None
    ]  # fmt: skip
    heads = [pair for pair in lines if page.blocks[pair[0]].tag in HEADINGS]
    for chosen in (_sequence(heads), _sequence(lines)):
        named = [(at, name_in(text)) for at, text in chosen]
        proper = [(at, name) for at, name in named if name and looks_proper(name)]
        if len(proper) >= _LEAST and 3 * len(proper) >= 2 * len(chosen):
            yield from (_of_heading(page, at, name) for at, name in proper[:_MOST])
            return
    if not page.plainly:
        return
    levels: dict[str, list[int]] = defaultdict(list)
    for at in page.headings:
        levels[page.blocks[at].tag].append(at)
    for numbers in levels.values():
        read = [(at, name_in(page.blocks[at].text)) for at in numbers]
        asked = [at for at, name in read if name is None and not _is_frame(page, at)]
        good = [(at, name) for at, name in read if name and looks_proper(name)]
        sure = _counts(page, len(good)) or any(_leads_on(page, at) for at, _ in good)
        if len(good) >= _LEAST and len(asked) <= len(good) // 2 and _short(good) and sure:
            yield from (_of_heading(page, at, name) for at, name in good[:_MOST])
            return


def _is_frame(page: ListPage, at: int) -> bool:
    """Whether a heading is one that every article has: a conclusion, a question."""
    key = plain(page.blocks[at].text)
    return key in words().no_name or words().asks.match(key) is not None or key.endswith("?")


def _counts(page: ListPage, names: int) -> bool:
    """Whether the title counts about as many: "7 best tools"."""
    told = re.findall(r"(?<!\d)\d{1,2}(?!\d)", f"{page.heading} {page.head.title}")
    return any(abs(int(number) - names) <= 1 for number in told)


def _leads_on(page: ListPage, at: int) -> bool:
    """Whether a heading's section has a link to try or see what it is about."""
    section = page.section_of(at)
    start = page.holders[section.start]
    end = page.holders[section.stop] if section.stop < len(page.holders) else len(page.outline.ends)
    first = bisect_left(page.anchors, start, key=lambda anchor: anchor.holder)
    return any(
        is_call(anchor.text) or lead_of(anchor.url or "", page.url) is not None
        for anchor in page.anchors[first : first + 10]
        if anchor.holder < end
    )


def _short(named: Sequence[tuple[int, str]]) -> bool:
    """Whether names are as short as names are, most of them: three words or less."""
    return 3 * sum(len(name.split()) <= 3 for _, name in named) >= 2 * len(named)


def _of_heading(page: ListPage, at: int, name: str) -> tuple[int, Listed]:
    block = page.blocks[at]
    numbers = range(at, min(at + 4, len(page.blocks)))
    if block.tag in HEADINGS:
        section = page.section_of(at)
        numbers = range(section.start, min(section.stop, section.start + 4))
    quote = page.text_of(numbers)
    return block.holder, Listed(name=name, site=None, quote=quote, rule="listing/heading")


def _sequence(lines: Sequence[tuple[int, tuple[int, str]]]) -> list[tuple[int, str]]:
    """The longest run of lines that counts up by one from 1, or down by one to 1."""
    best: list[tuple[int, str]] = []
    for ordered in (lines, list(reversed(lines))):
        run: list[tuple[int, str]] = []
        for at, (number, text) in ordered:
            if number == len(run) + 1:
                run.append((at, text))
            elif number == 1 and len(run) < _LEAST:
                run = [(at, text)]
        if len(run) > len(best):
            best = sorted(run)
    return best if len(best) >= _LEAST else []


def _of_tables(page: ListPage) -> Iterator[tuple[int, Listed]]:
    """Names in a table's first column, where its head says that names stand there; names in its
    head, where the first column holds features.
    """
    tables = [n for n, kind in enumerate(page.outline.kinds) if kind == "table"][:_MOST_TABLES]
    for table in tables:
        rows = list(_rows(page, table))
        if len(rows) < _LEAST:
            continue
        head = rows[0]
        corner = plain(head[0][1]) if head else ""
        first = [row[0] for row in rows[1:] if row]
        names = [(at, name) for at, text in first if (name := _proper(name_in(text)))]
        if corner in words().no_name and 4 * len(names) >= 3 * len(first) and len(names) >= 2:
            chosen = names
        else:
            chosen = [(at, name) for at, text in head[1:] if (name := _proper(name_in(text)))]
            frame = not corner or corner in words().no_name or not is_name(head[0][1])
            if len(chosen) < 2 or len(chosen) < len(head) - 1 or not frame:
                continue
            if len(names) * 2 > len(first):
                continue
        quotes = {row[0][0]: " · ".join(text for _, text in row if text) for row in rows if row}
        for at, name in chosen:
            quote = (quotes.get(at) or name)[:240]
            yield at, Listed(name=name, site=None, quote=quote, rule="listing/table")


def _rows(page: ListPage, table: int) -> Iterator[list[tuple[int, str]]]:
    """A table's rows: (holder, text) of each cell."""
    kinds, above, end = page.outline.kinds, page.outline.above, page.outline.ends[table]
    rows: dict[int, list[tuple[int, str]]] = {}
    for number in range(table + 1, end + 1):
        if kinds[number] == "tr" and len(rows) < _MOST_ROWS:
            rows[number] = []
        elif kinds[number] in ("td", "th") and above[number] in rows:
            text = page.text_of(page.within(number), 120)
            rows[above[number]].append((number, text))
    yield from (row for row in rows.values() if row)
