"""What the loop over a forum remembers of one forum during a run."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from crawlers.base.forum_zone import ZoneLearner
from crawlers.base.relevance import MarketWords
from crawlers.folding import fold
from crawlers.forums import Shape, agrees
from crawlers.items import ForumPage, Link, Target, ThreadRef
from crawlers.market import ForumEntry
from crawlers.patience import PUT_OFF
from crawlers.traps import ListEnd
from crawlers.urls import is_web_url

_FITTING = 60
"""Less than lies between the sorts of targets of :mod:`crawlers.base.forum`."""
_PASSING = frozenset({
    "timeout", "dns", "refused", "connection", "cut_off", "too_large", "http_429", "blocked",
    "robots_unreachable", "robots_too_slow", "private_address", "tls", *PUT_OFF,
})  # fmt: skip
"""Faults that say nothing of whether an API is offered."""


@dataclass(slots=True)
class ForumRun:
    """One forum of a run: its entry in the market file and what its pages have told so far.

    ``api``: whether the engine's API answers (``None``: not known yet); ``skipped``: threads left
    out because they are older than the market asks for; ``lists``: lists of threads that could be
    read; ``shape``: where two topic pages of unknown software have shown their posts;
    ``seen_shape``: where one has, and which; ``doubtful``: a page that was read by another shape;
    ``words``: what the market sells, for a forum that was chosen among the public sources;
    ``end``: whether its lists still show something new.
    """

    entry: ForumEntry
    engine: str | None
    timezone: str | None
    zone: ZoneLearner
    api: bool | None = None
    skipped: int = 0
    lists: int = 0
    shape: Shape | None = None
    seen_shape: tuple[Shape, Target] | None = None
    doubtful: Target | None = None
    words: MarketWords | None = None
    end: ListEnd = field(default_factory=ListEnd)

    @property
    def board_addresses(self) -> tuple[str, ...]:
        """The boards the market file gives as addresses."""
        return tuple(board for board in self.entry.boards if is_web_url(board))

    @property
    def board_names(self) -> tuple[str, ...]:
        """The boards it gives by name, or by the end of their address."""
        return tuple(board for board in self.entry.boards if not is_web_url(board))

    def wants_board(self, link: Link) -> bool:
        """Whether the market asks for a board: by name, or by its address or an end of it."""
        if not self.entry.boards:
            return True  # the whole forum
        name, url = fold(link.text).strip(), link.url.rstrip("/")
        return any(
            fold(board).strip() == name or _ends_with(url, board.rstrip("/"))
            for board in self.entry.boards
        )

    def urgency(self, priority: int, title: str) -> int:
        """The priority of a board or thread: of a forum chosen for the market, read in part only,
        what speaks of the market comes before the rest of its sort.
        """
        if self.words is None:
            return priority
        return priority + (_FITTING if self.words.score(title) >= 1 else -_FITTING)

    def too_old(self, thread: ThreadRef) -> bool:
        """Whether a thread's last post is older than the market asks for."""
        since: date | None = self.entry.since
        return (
            since is not None
            and thread.last_posted_at is not None
            and thread.last_posted_at.date() < since
        )

    def has_reached_old(self, threads: Sequence[ThreadRef]) -> bool:
        """Whether what follows this page of a list is older than the market asks for.

        Only where the page shows that the list is sorted by the last post, newest first.
        """
        rows = [thread for thread in threads if not thread.sticky]
        times = [thread.last_posted_at for thread in rows if thread.last_posted_at]
        if not rows or not times or not self.too_old(rows[-1]):
            return False
        return all(a >= b for a, b in pairwise(times))

    def believe(self, shape: Shape, target: Target) -> Target | None:
        """Take a topic page's shape to heart once a second page agrees.

        :returns: a page that was read by another shape before: it is to be read once more.
        """
        before = self.seen_shape
        if before is None:
            self.seen_shape = (shape, target)
        elif agrees(before[0], shape):
            self.shape = shape
            if self.doubtful is not None:
                doubtful, self.doubtful = self.doubtful, None
                return doubtful
        else:
            self.doubtful, self.seen_shape = before[1], (shape, target)
        return None

    def gives_up_api(self, reason: str) -> bool:
        """Whether a refused API address should be read as a page instead.

        An API that answered before is there; one that never did is off.
        """
        if reason in _PASSING or reason.startswith("http_5"):
            return False
        if not self.api:
            self.api = False
        return True


def posts_since(page: ForumPage, since: date | None) -> ForumPage:
    """The page without the posts that are older than the market asks for."""
    if since is None:
        return page
    kept = tuple(p for p in page.posts if not p.posted_at or p.posted_at.date() >= since)
    return replace(page, posts=kept)


def _ends_with(url: str, ending: str) -> bool:
    """Whether an address is, or ends in, these whole parts: ``f=2`` is no end of ``f=12``."""
    before = url[: len(url) - len(ending)]
    if not ending or not url.endswith(ending):
        return False
    return not before or before[-1] in "/?&=." or ending[0] in "/?&=."
