"""What discovery reads and what it gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post: its key, and the author's own words without quotations of others."""

    key: str
    text: str
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation; the title counts as words of the first post."""

    key: str
    title: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeker:
    """The business whose rivals are sought, and the names that are no news to it.

    :param description: what it sells, in a sentence; ``offers``, ``keywords``, ``category``
        sharpen it.
    :param known: names and aliases of rivals already listed, ignored ones among them.
    :param hints: names that lists of such companies give: not sure, but of the trade.
    """

    name: str
    description: str
    aliases: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    category: str | None = None
    known: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where a candidate was named: the sentence as written, and the cue that made it one.

    ``place`` is a thread's key or a page's address; ``post`` the post's key, ``None`` for a title
    or a page. ``weight`` 0..1: how plainly the words say that it is an alternative.
    """

    place: str
    post: str | None
    quote: str
    rule: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible rival: its commonest spelling, the other ones, and where it was named."""

    name: str
    aliases: tuple[str, ...]
    sightings: tuple[Sighting, ...]
    site: str | None = None

    @property
    def places(self) -> int:
        """Distinct threads and pages that name it."""
        return len({sighting.place for sighting in self.sightings})
