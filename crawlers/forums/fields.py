"""The small language adapters declare fields in: CSS, with an attribute, with alternatives.

``"time@datetime | .date@title | .date"`` reads: the ``datetime`` of a ``time`` below the node, else
the ``title`` of ``.date``, else the text of ``.date``. ``"@data-author"`` is the node's own
attribute. The first alternative that gives something wins. Pure.
"""

from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

Scope = LexborNode | LexborHTMLParser


@lru_cache(maxsize=2_048)
def _alternatives(field: str) -> tuple[tuple[str, str], ...]:
    parts = []
    for part in field.split(" | "):
        css, _, attribute = part.strip().partition("@")
        parts.append((css.strip(), attribute.strip()))
    return tuple(parts)


def value(scope: Scope, field: str) -> str:
    """What the field gives for a node, spaces collapsed; ``""`` where nothing is there."""
    for css, attribute in _alternatives(field):
        for node in select(scope, css) if css else (scope,):
            if not isinstance(node, LexborNode):
                continue
            found = attribute_of(node, attribute) if attribute else text_of(node)
            if found:
                return found
    return ""


def select(scope: Scope, css: str) -> list[LexborNode]:
    """Nodes below the scope; none where the expression is empty or cannot be used."""
    if not css:
        return []
    try:
        return list(scope.css(css))
    except SelectolaxError:
        return []


def first(scope: Scope, css: str) -> LexborNode | None:
    """The first node below the scope that fits."""
    try:
        return scope.css_first(css) if css else None
    except SelectolaxError:
        return None


def chosen(scope: Scope, field: str) -> LexborNode | None:
    """The node of the first alternative that hits: ``".a | .b"`` is ``.a`` wherever it stands."""
    for css, _ in _alternatives(field):
        node = first(scope, css)
        if node is not None:
            return node
    return None


def attribute_of(node: LexborNode, name: str) -> str:
    """An attribute, spaces collapsed; ``""`` where it is missing or empty."""
    return " ".join((node.attributes.get(name) or "").split())


def text_of(node: LexborNode) -> str:
    """The text below a node on one line."""
    return " ".join(node.text(deep=True, separator=" ").split())
