"""Posts that stand in the body of another, where a page left an element open. Pure."""

from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.forums.fields import chosen, select

_DEEPEST = 500  # levels that are looked up for the post around a post


def apart(
    tree: LexborHTMLParser, post: str, body: str, *, most: int
) -> Iterator[tuple[int, LexborNode]]:
    """(place, node) of each post of a page, the words of posts within its body not among its own.

    Read each before asking for the next one: a post that another's body had swallowed is taken
    out of (a copy of) the page once it was read, which is done from the innermost out. So each
    word is read once, however deep they stand in each other. Replies that a page lays out below
    a post, beside its body, stay where they are.

    :param post: CSS of a post's block.
    :param body: field of the post's body (:mod:`crawlers.forums.fields`).
    """
    nodes = select(tree, post)[:most]
    if not _may_nest(nodes) or not _swallowed(nodes, body):
        yield from enumerate(nodes)
        return
    nodes = select(tree.clone(), post)[:most]
    swallowed = _swallowed(nodes, body)
    for place in reversed(range(len(nodes))):
        yield place, nodes[place]
        if place in swallowed:
            nodes[place].decompose()


def _may_nest(nodes: Sequence[LexborNode]) -> bool:
    """Whether not all are siblings: nearly every page is done with this."""
    parents = {parent.mem_id for node in nodes if (parent := node.parent) is not None}
    return len(parents) > 1


def _swallowed(nodes: Sequence[LexborNode], body: str) -> set[int]:
    """Places of the posts that stand in the body of another."""
    known = {node.mem_id: node for node in nodes}
    bodies: dict[int, int | None] = {}
    found = set()
    for place, node in enumerate(nodes):
        around: set[int] = set()
        above = node.parent
        while above is not None and above.mem_id not in known and len(around) < _DEEPEST:
            around.add(above.mem_id)
            above = above.parent
        if above is None or above.mem_id not in known:
            continue
        if above.mem_id not in bodies:
            its_body = chosen(known[above.mem_id], body)
            bodies[above.mem_id] = None if its_body is None else its_body.mem_id
        if bodies[above.mem_id] in around:
            found.add(place)
    return found
