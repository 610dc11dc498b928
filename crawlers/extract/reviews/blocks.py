"""Where reviews stand in a page's HTML: microdata, well-known apps, and any repeated block.

A block counts as a review when words stand in it and at least two of rating, author and date; where
nothing on the page is sold or rated as a whole, all three. Pure.
"""

from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.extract.reviews.fields import Found, above, read_block
from crawlers.extract.reviews.rating import rating_in_words, rating_of
from crawlers.extract.reviews.text import DATED
from crawlers.extract.reviews.words import HEADING
from crawlers.forums.base import Reading
from crawlers.forums.fields import attribute_of, select, text_of
from crawlers.forums.shapes.blocks import Dated, blocks, families, signature

_MOST = 500  # reviews of a page
_LARGEST = 1_500_000  # characters of a section's HTML
_SECTIONS = "[id*=review i], [class*=reviews i], [id*=rating i], [class*=danh-gia i]"
_DRAWN = (
    "[aria-label], [class*=star i], [class*=rating i], [class*=rate i], [data-rating],"
    " [data-score], [title*=star i], [title*=sao i], [style*='width:']"
)


def block_reviews(
    document: Document, known: list[str], units: list[str], reading: Reading, *, sells: bool
) -> list[Found]:
    """The reviews of the page's HTML in page order.

    :param known: CSS of blocks no name tells. :param units: the classes that name one review's
        block (:func:`unit_classes`).
    :param sells: whether the page sells or rates something as a whole: two marks are enough then.
    """
    named = [f'[class~="{name}"]' for name in units if '"' not in name and "\\" not in name]
    return _named(document, ", ".join((*known, *named)), reading, sells=sells)[:_MOST]


def drawn_reviews(document: Document, reading: Reading) -> list[Found]:
    """Reviews in blocks nobody named: what repeats around ratings of the same place, near words
    that speak of reviews.
    """
    found = [
        one
        for node in _drawn_blocks(document)
        if (one := read_block(node, reading, sells=True, strict=True)) is not None
    ]
    return found[:_MOST]


# --- which blocks ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Candidate:
    """A node named as one review, and the candidates right below it."""

    node: LexborNode
    inner: list["_Candidate"]


def _named(document: Document, css: str, reading: Reading, *, sells: bool) -> list[Found]:
    """The reviews of blocks named so: of several in one another, the one that says most.

    A list of reviews is often named like a review, and so are parts of one: what holds two
    readable reviews is a list, what cannot be read alone is a part.
    """
    chosen: dict[int, _Candidate] = {}
    roots: list[_Candidate] = []
    for node in select(document.tree, css)[:20_000]:
        if node.tag in _NO_BLOCK or node.mem_id in chosen:
            continue
        one = chosen[node.mem_id] = _Candidate(node, [])
        outer = next((chosen[up.mem_id] for up in above(node) if up.mem_id in chosen), None)
        (roots if outer is None else outer.inner).append(one)
        if len(chosen) > 8 * _MOST:
            break
    found: list[Found] = []
    for root in roots:
        found.extend(_resolved(root, reading, sells=sells, depth=0))
        if len(found) >= _MOST:
            break
    return found


_NO_BLOCK = frozenset({
    "body", "html", "head", "script", "style", "form", "input", "a", "meta", "i", "svg", "button",
    "label", "ul", "ol", "table", "tbody", "img",
})  # fmt: skip


def _resolved(at: _Candidate, reading: Reading, *, sells: bool, depth: int) -> list[Found]:
    inner: list[Found] = []
    if depth < 12:
        for one in at.inner:
            inner.extend(_resolved(one, reading, sells=sells, depth=depth + 1))
    if len(inner) > 1:
        return inner
    whole = read_block(at.node, reading, sells=sells, strict=False)
    if whole is None or (inner and inner[0].marks >= whole.marks):
        return inner
    return [whole]


def _drawn_blocks(document: Document) -> list[LexborNode]:
    """Blocks nobody named: what surrounds each of several ratings of the same place."""
    marks: list[Dated] = []
    seen: set[int] = set()
    for section in _sections(document):
        if section.mem_id not in seen:
            marks.extend(_drawn_marks(section, seen))
    for family in families(marks):
        tops = [block.nodes[0] for block in blocks(family)]
        common = _most_common(tops)
        kept = [top for top in tops if signature(top) == common]
        if len(kept) >= 2:
            return kept
    return []


def _sections(document: Document) -> list[LexborNode]:
    """The parts of the page that are said to hold reviews, by name or by heading, and show times:
    without names for anything, those tell reviews from rows of stars.
    """
    found = [
        node
        for node in select(document.tree, _SECTIONS)[:200]
        if node.tag in ("div", "section", "ul", "ol", "article", "main") and node.child is not None
    ]
    for heading in select(document.tree, "h2, h3, h4")[:80]:
        if HEADING.search((heading.text(deep=True) or "")[:80]):
            found.extend(islice(above(heading), 2))
    sized = [(len(node.html or ""), node) for node in found[:40]]
    likely = [node for size, node in sized if 400 < size < _LARGEST][:6]
    return [node for node in likely if len(DATED.findall(text_of(node)[:50_000])) > 1]


def _drawn_marks(section: LexborNode, seen: set[int]) -> list[Dated]:
    marks: list[Dated] = []
    for node in select(section, _DRAWN)[:2_000]:
        if node.mem_id in seen:
            continue
        seen.add(node.mem_id)
        text = text_of(node) if node.tag not in ("body", "main", "section", "form") else "x" * 99
        if len(text) > 60:
            continue
        label = attribute_of(node, "aria-label") or attribute_of(node, "title") or text
        value = rating_in_words(label)
        if value is None and not any(True for _ in node.iter()) and not text:
            continue
        if value is not None or (found := rating_of(node)) is not None:
            written = str(value if value is not None else found[0] if found else "")
            marks.append(Dated(node, written))
    return marks


def _most_common(nodes: list[LexborNode]) -> str:
    names = [signature(node) for node in nodes]
    return max(names, key=names.count)
