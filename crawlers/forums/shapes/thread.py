"""The generic reader's threads: which of a page's repeated blocks make up the thread. Pure.

The family of blocks with most text is the thread. Two more kinds of post belong to it: those of
another markup between them (comments below answers), and the one above them that opened it.
"""

import re
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Reading
from crawlers.forums.dates.reading import read_date
from crawlers.forums.shapes.blocks import (
    Block,
    Dated,
    blocks,
    dated_nodes,
    families,
    holding_of,
    place_of,
    start_of,
)
from crawlers.forums.shapes.bodies import length_of, names_body
from crawlers.forums.shapes.posts import RawPost, proof_of, read_blocks, read_opening
from crawlers.forums.shapes.shape import Shape, blocks_at

_JOINED = re.compile(
    r"\bjoin|regist|member since|tham gia|đăng ký|注册|加入|last (?:edited|active|seen|visit)"
    r"|edited|sửa lần cuối|chỉnh sửa|编辑|編輯",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:^|[-_])(?:sidebars?|related|similar|recommend(?:ed|ations?)?|trending|popular|latest|recent"
    r"|widgets?|footer|promos?|notices?|announcements?|banner|cookies?|modal)(?:[-_]|$)"
    r"|lien-quan|xiangguan",
    re.IGNORECASE,
)
_NOT_ASIDE = re.compile(r"with|has|no[-_]|main|body|content|page|layout", re.IGNORECASE)
_SHORTEST_OPENING = 40  # characters
_NEAR = 5  # levels between an opening post's body and what holds its time
_NO_HOLDERS = ("html", "-undef")
_MOST_OTHERS = 3
_WITH_A_TIME = 0.3  # what a body counts for each time in it
_BESIDE = 0.1  # what a text counts that stands beside what the page is about


@dataclass(frozen=True, slots=True)
class Thread:
    """The posts of a page in its order, the places of the main kind, and how far it proves itself.

    ``proof`` counts marks of a forum in the blocks: acting, membership, ids.
    """

    posts: tuple[RawPost, ...]
    shape: Shape
    proof: int


def find_thread(
    document: Document, reading: Reading, *, smallest: int = 2, shape: Shape | None = None
) -> Thread | None:
    """The page's thread; ``None`` where no blocks read as posts.

    :param smallest: how many posts there must be; with 1, a post may stand alone.
    :param shape: where posts stand on this forum; a page it does not fit is read as if new.
    """
    dates = [date for date in dated_nodes(document, reading) if not _in_quote(date.node)]
    order = {date.node.mem_id: number for number, date in enumerate(dates)}
    read = _known(dates, shape, reading) if shape else None
    known = read is not None
    read = read or _largest(dates, reading, smallest)
    if read is None:
        return None
    main, places = read
    posts = list(main)
    others: list[Shape] = []
    for extra, its in _others(dates, posts, shape.others if known and shape else None, reading):
        posts += extra
        others.append(its)
    posts.sort(key=lambda post: order[post.block.date.node.mem_id])
    opening = _opening(dates, order, posts, reading)
    if opening is not None:
        posts.insert(0, opening)
    return Thread(tuple(posts), replace(places, others=tuple(others)), proof_of(main))


def _known(
    dates: list[Dated], shape: Shape, reading: Reading
) -> tuple[list[RawPost], Shape] | None:
    found = blocks_at(shape, dates)
    read = read_blocks(found, reading, known=shape)
    if read is None or len(read[0]) * 2 < len(found):
        return None
    posts = read[0]
    if shape.author is not None and all(post.author is None for post in posts):
        return None
    return posts, shape


def _largest(
    dates: list[Dated], reading: Reading, smallest: int
) -> tuple[list[RawPost], Shape] | None:
    """The family of blocks that holds most text, read as posts."""
    best: tuple[list[RawPost], Shape] | None = None
    most = 0.0
    holders = holding_of([date for date in dates if not _JOINED.search(_near(date))])
    for family in families(dates, smallest=smallest):
        if best and len(family) == 1:
            break  # a single post only where nothing repeats
        read = read_blocks(blocks(family), reading, shortest=2 if smallest == 1 else 12)
        if read is None:
            continue
        size = sum(min(length_of(post.body), 3_000) + 40.0 for post in read[0])
        size *= _trust(family, reading) * (_BESIDE if _is_beside(family) else 1.0)
        # A body with times in it may hold the heading of the post it should be.
        times = sum(holders[node.mem_id] for post in read[0] for node in post.body)
        size *= _WITH_A_TIME ** min(times / len(read[0]), 3.0)
        if size > most:
            best, most = read, size
    return best


def _near(date: Dated) -> str:
    around = date.node.parent if date.node.is_text_node else date.node
    parent = around.parent if around is not None else None
    return " ".join(start_of(node, 60) for node in (around, parent) if node is not None)


def _is_beside(family: list[Dated]) -> bool:
    beside = sum(any(is_aside(node) for node in _ancestors(date.node)) for date in family[:20])
    return beside * 2 > min(len(family), 20)


def _trust(family: list[Dated], reading: Reading) -> float:
    """A post's time has hours and minutes; the day its author joined has none."""
    marks = " ".join(
        f"{node.attributes.get('class') or ''} {start_of(node, 60)}"
        for date in family[:3]
        for node in (date.node, date.node.parent)
        if node is not None
    )
    if _JOINED.search(marks):
        return 0.4
    precise = sum(
        read_date(date.written, fetched_at=reading.fetched_at, lang="en", order="mdy").precision
        in ("second", "minute")
        for date in family
    )
    return 1.3 if precise * 2 > len(family) else 1.0


# --- what else belongs to the thread -----------------------------------------------------------


def _others(
    dates: list[Dated], main: list[RawPost], known: tuple[Shape, ...] | None, reading: Reading
) -> list[tuple[list[RawPost], Shape]]:
    """Posts of another markup inside the thread: comments below answers.

    Their times and bodies stand outside every body already taken, inside what holds the thread,
    and they prove themselves by acting words or ids of their own.
    """
    taken = _Taken(main)
    candidates: list[tuple[list[Block], Shape | None]]
    if known is not None:
        candidates = [(blocks_at(shape, dates), shape) for shape in known]
    else:
        used = {place_of(post.block.date) for post in main}
        candidates = [
            (blocks(family), None)
            for family in families(dates, smallest=2)
            if place_of(family[0]) not in used and _trust(family, reading) >= 1
        ]
    found: list[tuple[list[RawPost], Shape]] = []
    for its_blocks, shape in candidates[:8]:
        free = [block for block in its_blocks if taken.allows(block.date.node)]
        if len(found) >= _MOST_OTHERS or len(free) * 2 < len(its_blocks):
            continue
        read = read_blocks(free, reading, known=shape)
        if read is None:
            continue
        posts = [post for post in read[0] if all(taken.is_free(node) for node in post.body)]
        if len(posts) * 2 < len(free) or (shape is None and not proof_of(posts)):
            continue
        found.append((posts, read[1]))
        taken.add(posts)
    return found


class _Taken:
    """Which nodes are posts already, and the part of the page that holds them."""

    def __init__(self, posts: list[RawPost]) -> None:
        self._inside: set[int] = set()
        self._above: set[int] = set()
        self._dates: set[int] = set()
        self._region = _common([post.block.nodes[0] for post in posts])
        self.add(posts)

    def add(self, posts: list[RawPost]) -> None:
        for post in posts:
            self._dates.add(post.block.date.node.mem_id)
            for body in post.body:
                if body.mem_id not in self._inside:  # else all that is in it is known, too
                    self._inside.add(body.mem_id)
                    self._inside.update(node.mem_id for node in body.css("*"))
                above = body.parent
                while above is not None and above.tag not in _NO_HOLDERS:
                    if above.mem_id in self._above:
                        break  # and all around it
                    self._above.add(above.mem_id)
                    above = above.parent

    def is_free(self, node: LexborNode) -> bool:
        """Whether a node neither is in a body taken nor holds one."""
        return node.mem_id not in self._inside and node.mem_id not in self._above

    def allows(self, date: LexborNode) -> bool:
        """Whether a time may be another post's: in the thread, in no body, not aside of it."""
        if date.mem_id in self._inside or date.mem_id in self._dates:
            return False
        for node in _ancestors(date):
            if self._region is not None and node.mem_id == self._region:
                return True
            if is_aside(node):
                return False
        return False


def _common(nodes: list[LexborNode]) -> int | None:
    """The nearest node that holds all of them, by its id."""
    chains = [[node.mem_id for node in _ancestors(top)] for top in nodes]
    if not chains:
        return None
    shared = set(chains[0]).intersection(*map(set, chains[1:]))
    return next((mem_id for mem_id in chains[0] if mem_id in shared), None)


def _ancestors(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    at = node.parent
    while at is not None and at.tag not in _NO_HOLDERS:
        found.append(at)
        at = at.parent
    return found


def is_aside(node: LexborNode) -> bool:
    """Whether a node's tag or marks say that it stands beside what the page is about."""
    if node.tag in ("aside", "nav", "footer"):
        return True
    marks = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return any(_ASIDE.search(mark) and not _NOT_ASIDE.search(mark) for mark in marks.split())


def _opening(
    dates: list[Dated], order: dict[int, int], posts: list[RawPost], reading: Reading
) -> RawPost | None:
    """The post above the others in a markup of its own: a question, a story people talk about.

    It has a time and an author before the first post, and a body that is marked as one beside them.
    """
    first = min(order[post.block.date.node.mem_id] for post in posts)
    taken = [post.block.date for post in posts]
    seen = {(post.author, post.block.date.written) for post in posts}
    used = _Taken(posts)
    for date in reversed(dates[max(first - 6, 0) : first]):
        if any(is_aside(node) for node in _ancestors(date.node)) or _trust([date], reading) < 1:
            continue
        block = blocks([*taken, date])[-1]
        post = read_opening(block, reading)
        if post is None or length_of(post.body) < _SHORTEST_OPENING:
            continue
        if post.author is None or (post.author, date.written) in seen:
            continue
        if all(_opens(node, block, used) for node in post.body):
            return post
    return None


def _opens(body: LexborNode, block: Block, used: _Taken) -> bool:
    if not (names_body(body) or body.tag == "article") or not used.is_free(body):
        return False
    above = _ancestors(body)
    if is_aside(body) or any(is_aside(node) for node in above):
        return False
    holders = {node.mem_id for node in _ancestors(block.date.node)}
    return any(node.mem_id in holders for node in above[:_NEAR])


def _in_quote(node: LexborNode) -> bool:
    return any(above.tag == "blockquote" for above in _ancestors(node))
