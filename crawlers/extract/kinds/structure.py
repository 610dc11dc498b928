"""What the structure of a page shows of its kind: how much prose, how many prices, cards, dates.

Marks of amounts are cumulative (``prices>=4`` comes with ``prices>=2``), so a weight says what the
next step adds. All are counted from the page's columns, most of them once a style.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from crawlers.extract.kinds.words import kind_words, words_to_kinds
from crawlers.extract.marks import GROUP_BITS
from crawlers.extract.outline import Outline
from crawlers.extract.texts.columns import Columns

_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|\b\d{1,2} (?:jan|feb"
    r"|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\b\d{1,2}[-/.]"
    r"\d{1,2}[-/.]\d{4}|\d (?:hours?|days?|minutes?|weeks?|months?|years?) ago"
    r"|\d+ ?(?:小时|天|分钟)前|\d (?:gio|ngay|phut) truoc"
)
_EDGES = " \t.,:;!?()[]{}<>|/\\*+-–—_·•»«›‹→…'\"#&0123456789：，。！？（）【】"
_LABEL = 40  # characters of a button, a label, a link of a menu
_SHORTEST_DATE = 5
_PARAGRAPH = 100  # characters
_LINE = 60
_TITLE = 25

_NAMED = {
    "products": GROUP_BITS["product"] | GROUP_BITS["products"],
    "forum": GROUP_BITS["forum"],
    "comments": GROUP_BITS["comment"],
    "cards": GROUP_BITS["card"],
}
_STEPS: dict[str, tuple[float, ...]] = {
    "dates": (1, 3, 8, 20), "carts": (1, 2, 4, 10), "paragraphs": (1, 3, 6, 12, 25, 50),
    "prices": (1, 2, 4, 8, 16, 32), "titles": (5, 10, 20, 40, 80), "headings": (2, 5, 10, 20),
    "questions": (1, 3, 6), "repeated": (6, 12, 24, 48),
    "prose": (500, 1500, 3000, 6000, 12000, 25000), "linked": (0.1, 0.2, 0.35, 0.5, 0.7),
    "text": (500, 2000, 6000, 15000), "code": (1, 4, 10, 25), "articles": (1, 2, 5, 12),
    "times": (1, 2, 5, 12), "images": (3, 10, 25, 60), "rows": (3, 10, 30), "sections": (2, 5, 10),
    "buttons": (5, 15, 40), "forms": (1, 3, 6), "products": (0.02, 0.1, 0.25, 0.5),
    "forum": (0.02, 0.1, 0.25, 0.5), "comments": (0.02, 0.1, 0.3), "cards": (0.05, 0.2, 0.4),
    "longest": (100, 200, 400, 800), "run": (500, 1500, 4000, 10000),
    "most": (2, 5, 12, 30), "most-mean": (20, 60, 120, 250),
    "most-share": (0.2, 0.4, 0.6, 0.8), "priced": (2, 5, 10, 20),
}  # fmt: skip
"""The steps of each amount. ``most`` is the style with most of the text, ``priced`` the
prices of one style, ``run`` prose without a break."""
_TAGS = {
    "articles": "article", "times": "time", "images": "img", "rows": "tr", "sections": "section",
    "buttons": "button", "forms": "form",
}  # fmt: skip
_LEVELS = {
    name: tuple(
        tuple(f"{name}>={step:g}" for step in steps[:reached]) for reached in range(len(steps) + 1)
    )
    for name, steps in _STEPS.items()
}
_MOST_PHRASES = 4


def level(name: str, value: float) -> tuple[str, ...]:
    """Cumulative marks: one for every step the value reaches."""
    return _LEVELS[name][bisect_right(_STEPS[name], value)]


def structure_marks(outline: Outline) -> Iterator[str]:
    """Every mark of a page's structure."""
    columns = outline.columns
    lines = outline.folded.joined.split("\n")  # of a page without blocks, one empty line
    yield from _label_marks(columns, lines)
    for name, tag in _TAGS.items():
        yield from level(name, outline.tags.get(tag, 0))
    for name, value in _amounts(outline, columns).items():
        yield from level(name, value)
    for tag in ("textarea", "dl"):
        if outline.tags.get(tag):
            yield tag


def _label_marks(columns: Columns, lines: list[str]) -> Iterator[str]:
    """Marks of short lines: what buttons and labels say, dates."""
    table = words_to_kinds("title")
    sizes = columns.sizes
    short = [line for line, size in zip(lines, sizes, strict=False) if size <= _LABEL]
    labels = {line: line.strip(_EDGES) for line in set(short)}
    said: dict[str, set[str]] = {}
    for bare in table.keys() & labels.values():
        for kind in table[bare]:
            said.setdefault(kind, set()).add(bare)
    for kind, phrases in said.items():
        for number in range(1, min(len(phrases), _MOST_PHRASES) + 1):
            yield f"says:{kind}:{number}"
    cart_words = kind_words()["product"]["title"]
    carts = {line for line, bare in labels.items() if bare in cart_words}
    yield from level("carts", sum(map(carts.__contains__, short)) if carts else 0)
    dated = [
        at
        for at in set(columns.numbered).difference(columns.priced)
        if _SHORTEST_DATE <= sizes[at] <= _LABEL and _DATE.search(lines[at])
    ]
    yield from level("dates", len(dated))


def _amounts(outline: Outline, columns: Columns) -> dict[str, float]:
    styles, sizes, of, texts = columns.styles, columns.sizes, columns.style, columns.texts
    total = max(1, len(sizes))
    body = [style.place == "body" for style in styles]
    own = linked = 0
    found = dict.fromkeys(("headings", "code", "repeated", *_NAMED), 0.0)
    most, most_chars = -1, 0
    for at, style in enumerate(styles):
        if not body[at]:
            continue
        count, chars, in_links = columns.counts[at], columns.chars[at], columns.link_chars[at]
        own += chars
        linked += in_links
        tag = style.tag
        if tag in ("h2", "h3"):
            found["headings"] += count
        elif tag == "pre":
            found["code"] += count
        for name, bits in _NAMED.items():
            if style.near & bits:
                found[name] += count / total
        if chars > most_chars:
            most, most_chars = at, chars
        if in_links * 2 > chars:
            found["repeated"] = max(found["repeated"], count)
    if most >= 0:
        found["most"] = columns.counts[most]
        found["most-mean"] = most_chars / columns.counts[most]
        found["most-share"] = most_chars / own
    found["linked"] = linked / max(1, own)
    found["code"] += outline.tags.get("code", 0) / 3
    found["text"] = sum(sizes)
    per_style: dict[int, int] = {}
    for at in columns.priced:
        if body[of[at]] and sizes[at] < _LINE:
            per_style[of[at]] = per_style.get(of[at], 0) + 1
    found["prices"] = sum(per_style.values())
    found["priced"] = max(per_style.values(), default=0)
    found |= _prose(columns, body)
    found["questions"] = sum(
        1
        for at, text in enumerate(texts)
        if text[-1] in "?？" and body[of[at]] and styles[of[at]].tag in ("h2", "h3")
    )
    return found


def _prose(columns: Columns, body: list[bool]) -> dict[str, float]:
    """How much of the body is prose, and titles that are links."""
    of, linked = columns.style, columns.linked
    paragraphs = prose = titles = longest = run = best = 0
    for at in [at for at, size in enumerate(columns.sizes) if size > _TITLE]:
        if not body[of[at]]:
            continue
        size, in_links = columns.sizes[at], linked[at]
        titles += in_links * 10 > size * 8
        if in_links * 3 < size:
            if size > _LINE:
                run += size
            if size > _PARAGRAPH:
                paragraphs += 1
                prose += size
            longest = max(longest, size)
        elif in_links * 2 > size:
            best, run = max(best, run), 0
    return {
        "paragraphs": paragraphs, "prose": prose, "titles": titles, "longest": longest,
        "run": max(best, run),
    }  # fmt: skip
