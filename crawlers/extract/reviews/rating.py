"""How many stars? A rating as data, words, characters, a width or icons -> 0 to 5.

Every shop draws its stars in another way, but the ways are few: a number in an attribute, "4 out
of 5" in words nobody sees, ★ and ☆, a bar of a certain width, a number in a class, five icons some
of which are filled. Pure.
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from selectolax.lexbor import LexborNode

from crawlers.extract.structured import text_of as plain
from crawlers.forums.fields import attribute_of, select, text_of

FULL = Decimal(5)
"""The scale of a post's ``rating``: 0 to 5, whatever the page's own."""

_LABEL = 90  # characters a rating's label may have
_MARKS = "★⭐✭✮🌟"
_EMPTY_MARKS = "☆✩"
_NUMBER = r"(\d{1,3}(?:[.,]\d{1,2})?)"
_OUT_OF = re.compile(
    _NUMBER + r"\s?(?:stars?|sao|星|分|points?)?\s?"
    r"(?:/|\bout of\b|\bof\b|\bvon\b|\bsur\b|\bde\b|\bsu\b|\bav\b|\bvan\b|\btrên\b|\btren\b"
    r"|\bz\b|\bіз\b|\bиз\b|，?满分|，?滿分)\s?(5|10|100)(?![\d.,/:-])",
    re.IGNORECASE,
)
_STARS = re.compile(
    r"(?<![\d.,/-])([0-5](?:[.,]\d{1,2})?)[\s-]?(?:stars?\b|sao\b|颗星|顆星|星|estrellas?\b|sterne?\b"
    r"|étoiles?\b|stelle\b|estrelas?\b|gwiazd)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:rating|rated|score|điểm|đánh giá|评分|評分|打分|note|bewertung)\s?[:：]?\s?"
    r"([0-5](?:[.,]\d{1,2})?)(?![\d/%.,])(?!\s?\w)",
    re.IGNORECASE,
)
_HAN_STARS = {
    "五星": "5",
    "四星": "4",
    "三星": "3",
    "二星": "2",
    "两星": "2",
    "兩星": "2",
    "一星": "1",
}
_WIDTH = re.compile(r"(?:^|[;\s])width\s*:\s*(\d{1,3}(?:\.\d+)?)\s*%")
_STARRY = re.compile(r"star|rating|rate|score|smile|(?<![a-z])sao(?![a-z])", re.IGNORECASE)
_IN_CLASS = re.compile(
    r"(?:^|[-_])(?:all)?(?:stars?|rating|rated|rate|score|note|smile)[-_]{0,2}(\d{1,3})(?:[-_](5))?"
    r"(?:[-_]?(?:stars?|sao))?$",
    re.IGNORECASE,
)
_ATTRIBUTES = (
    "data-rating", "data-score", "data-rated", "data-rate", "data-stars", "data-star",
    "data-rating-value", "data-review-rating", "data-star-rating", "data-rateit-value",
    "data-service-review-rating",
)  # fmt: skip
_LABELS = ("aria-label", "title", "alt", "data-title")
_EMPTY_ICON = re.compile(
    r"empty|outline|inactive|unchecked|disabled|border|gr[ae]y|unfilled|off\b|blank|muted|no-?star"
    r"|star-o\b|\bfar\b|bi-star\b(?!-)",
    re.IGNORECASE,
)
_ICONS = frozenset({"i", "svg", "img", "span", "li", "button", "div", "em"})
_HALF_ICON = re.compile(r"half", re.IGNORECASE)
_FULL_ICON = re.compile(
    r"full|fill|active|\bon\b|checked|solid|\bfas\b|fa-star\b|selected|yellow|gold|orange|rated"
    r"|highlight|is-on|color",
    re.IGNORECASE,
)


def scaled(value: object, best: object = None, worst: object = None) -> Decimal | None:
    """A rating on the scale of 0 to 5; ``None`` where it is none.

    A best rating other than 5 scales the value in proportion (9 of 10 is 4.5). Without one, a value
    up to 5 stands as it is, up to 10 it is one of ten, above one of a hundred (schema.org: the best
    rating is 5 unless said, and sites forget to say).

    :param value: a number, or a text with one ("4,5", "80%", "4/5").
    :param best: the best rating as the page gives it.
    :param worst: the worst, only to refuse values below it.
    """
    written = plain(value, 40).replace(",", ".").strip()
    if found := _OUT_OF.fullmatch(written):
        written, best = found[1], found[2]
    elif written.endswith("%"):
        written, best = written[:-1], 100
    number, top, low = _decimal(written), _decimal(plain(best, 20)), _decimal(plain(worst, 20))
    if number is None or number < 0 or number > 100 or (low is not None and number < low <= 1):
        return None
    if top is None or top <= 0:
        top = FULL if number <= 5 else Decimal(10) if number <= 10 else Decimal(100)
    if number > top:
        return None
    return _short(number * FULL / top)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _short(number: Decimal) -> Decimal:
    rounded = number.quantize(Decimal("0.01"))
    whole = rounded.to_integral_value()
    return whole if rounded == whole else Decimal(str(rounded).rstrip("0"))


def rating_in_words(text: str) -> Decimal | None:
    """The rating a short label tells: "Rated 4 out of 5", "4/5", "5 sao", "4星", "★★★★☆"."""
    if not text or len(text) > _LABEL:
        return None
    if found := _OUT_OF.search(text):
        return scaled(found[1], found[2])
    if found := _STARS.search(text) or _NAMED.search(text):
        return scaled(found[1])
    for word, number in _HAN_STARS.items():
        if word in text:
            return Decimal(number)
    full = sum(text.count(mark) for mark in _MARKS)
    empty = sum(text.count(mark) for mark in _EMPTY_MARKS)
    return Decimal(full) if 1 <= full <= 5 and full + empty <= 5 else None


def is_rating_line(line: str) -> bool:
    """Whether a line of text is a rating and no more."""
    line = line.strip()
    for rule in (_OUT_OF, _STARS, _NAMED):
        if (found := rule.search(line)) and len(line) - len(found.group()) <= 12:
            return True
    return (
        bool(line)
        and not line.strip(f"{_MARKS}{_EMPTY_MARKS}*✓✔ \ufe0f()/.,0123456789")
        and (len(line) <= 12)
    )


def rating_of(block: LexborNode) -> tuple[Decimal, LexborNode] | None:
    """The rating a block shows, and the node that shows it; ``None`` where it shows none.

    Data first, then words, then drawings: five stars are drawn under many a bar of four.
    """
    value = _by_microdata(block) or _by_attribute(block)
    if value is not None:
        return value
    nodes = [block, *select(block, "*")[:600]]
    marked = [node for node in nodes if _is_starry(node)]
    return _by_width(marked) or _by_words(nodes) or _by_class(marked) or _by_icons(nodes)


def _is_starry(node: LexborNode) -> bool:
    return bool(_STARRY.search(names_of(node)))


def names_of(node: LexborNode) -> str:
    """What class, id and test marks call a node."""
    given = node.attributes
    return " ".join(
        value
        for name in ("class", "id", "data-hook", "data-testid", "data-ui", "data-qa", "itemprop")
        if (value := given.get(name))
    )


def _by_microdata(block: LexborNode) -> tuple[Decimal, LexborNode] | None:
    for node in select(block, "[itemprop=ratingValue]")[:3]:
        if "aggregateRating" in (
            node.parent.attributes.get("itemprop") or "" if node.parent else ""
        ):
            continue
        best = select(node.parent, "[itemprop=bestRating]") if node.parent else []
        value = scaled(
            attribute_of(node, "content") or text_of(node),
            (attribute_of(best[0], "content") or text_of(best[0])) if best else None,
        )
        if value is not None:
            return value, node
    return None


def _by_attribute(block: LexborNode) -> tuple[Decimal, LexborNode] | None:
    css = ", ".join(f"[{name}]" for name in _ATTRIBUTES)
    for node in (block, *select(block, css)[:5]):
        for name in _ATTRIBUTES:
            given = attribute_of(node, name)
            best = attribute_of(node, "data-max") or attribute_of(node, "data-rating-max")
            if given and (value := scaled(given, best or None)) is not None:
                return value, node
    return None


def _by_words(nodes: Iterable[LexborNode]) -> tuple[Decimal, LexborNode] | None:
    """The first label that is a rating; a sentence with "5 stars" in it is no label."""
    for node in nodes:
        for name in _LABELS:
            label = attribute_of(node, name)
            if label and (value := rating_in_words(label)) is not None:
                return value, node
        text = text_of(node) if node.child is not None else ""
        if text and len(text) <= 40 and is_rating_line(text):
            value = rating_in_words(text)
            if value is None and _is_starry(node):
                value = scaled(text)
            if value is not None:
                return value, node
    return None


def _by_width(marked: Iterable[LexborNode]) -> tuple[Decimal, LexborNode] | None:
    for node in marked:
        for inner in (node, *select(node, "[style]")[:6]):
            found = _WIDTH.search(inner.attributes.get("style") or "")
            if found and (value := scaled(found[1], 100)) is not None and len(text_of(node)) < 60:
                return value, node
    return None


def _by_class(marked: Iterable[LexborNode]) -> tuple[Decimal, LexborNode] | None:
    """A number in a class; where several differ (star-1 ... star-5) they number the icons."""
    found: dict[Decimal, LexborNode] = {}
    for node in marked:
        for name in (node.attributes.get("class") or "").split():
            hit = _IN_CLASS.search(name)
            if hit is None:
                continue
            number = int(hit[1]) + (Decimal("0.5") if hit[2] and int(hit[1]) < 5 else 0)
            top = 5 if number <= 5 else 50 if number <= 50 and number % 5 == 0 else 100
            if (value := scaled(str(number), top)) is not None:
                found.setdefault(value, node)
    return next(iter(found.items())) if len(found) == 1 else None


def _by_icons(nodes: Iterable[LexborNode]) -> tuple[Decimal, LexborNode] | None:
    """Icons in a row, the filled ones told by their class, picture or drawing.

    One alone tells nothing; fewer than five count only where each says that it is filled.
    """
    for node in nodes:
        icons = [child for child in node.iter() if child.tag in _ICONS and not text_of(child)]
        if not 2 <= len(icons) <= 10:
            continue
        marks = [_drawing(icon) for icon in icons]
        if not _STARRY.search(names_of(node)):
            marks = [mark for mark in marks if _STARRY.search(mark)]
        if not 2 <= len(marks) <= 5:
            continue
        empty = [bool(_EMPTY_ICON.search(mark)) for mark in marks]
        half = [bool(_HALF_ICON.search(mark)) for mark in marks]
        full = [
            not e and not h and bool(_FULL_ICON.search(mark))
            for mark, e, h in zip(marks, empty, half, strict=True)
        ]
        told = sum(empty) + sum(half) + sum(full)
        if told == len(marks) and (any(full) or any(half)):
            return _short(sum(full) + Decimal(sum(half)) / 2), node
        if len(marks) == 5 and len(set(marks)) == 2 and (any(empty) or any(full)):
            filled = sum(full) if any(full) else 5 - sum(empty)
            return Decimal(filled), node
    return None


def _drawing(icon: LexborNode) -> str:
    inner = select(icon, "use, i, svg, img, path")[:1]
    parts = [
        value
        for node in (icon, *inner)
        for name in ("class", "src", "href", "xlink:href", "fill", "data-icon", "data-prefix")
        if (value := node.attributes.get(name))
    ]
    return " ".join(parts)[:300]
