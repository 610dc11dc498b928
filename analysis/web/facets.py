"""Which posts an address asks for, and how many of them say what: counted anew for each page.

The columns of a market are read once and kept; posts gathered since the pass are put behind them.
"""

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Final

import numpy as np

from analysis.questions.decided import STAGE_DECISIONS
from analysis.web.facet_columns import NAMED, Array, Columns, corrected, gather, joined, unpacked
from analysis.web.postfilter import CLAIMS, FELT, PostFilter, felt

SHOWN = 12
"""Values of a filter shown with their counts: those with most posts."""

NEWEST = 50_000
"""Posts read from the tables where no pass has run yet: half a second."""

SINCE_PASS = 10_000
"""Posts read from the tables on top of the stored columns."""

PATIENCE = 20.0
"""Seconds for which posts that come in are not looked for again: a crawl writes all the time, and
reading ten thousand new ones takes a tenth of a second."""

FACETS: Final = ("language", "stage", "barrier", "claim", "competitor", "switch", "forum")

_SAMPLE: Final = 2_000

_kept: dict[str, Columns] = {}
_extensions: dict[str, tuple[float, tuple[int, ...], "Known | None"]] = {}
_loading = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The columns of a market as of now; ``whole`` unless posts are missing in them."""

    columns: Columns
    whole: bool


def known(conn: sqlite3.Connection) -> Known:
    """The columns of all posts: the stored ones, the posts gathered since, stages decided on.

    Too many posts since are left to the next pass, the oldest first.
    """
    found = _gathered(conn)
    stages = dict(conn.execute(f"SELECT post_id, stage FROM {STAGE_DECISIONS}").fetchall())
    if not stages:
        return found
    return Known(columns=corrected(found.columns, stages), whole=found.whole)


def _gathered(conn: sqlite3.Connection) -> Known:
    version, base = _stored(conn)
    if base is None:
        return _extended(conn, None, NEWEST)
    at, mark, found = _extensions.get(version, (-PATIENCE, (), None))
    if found is not None and monotonic() - at < PATIENCE:
        return found
    now = _mark(conn, base.newest)
    if found is None or mark != now:
        found = _extended(conn, base, SINCE_PASS)
    _extensions[version] = monotonic(), now, found
    return found


def _extended(conn: sqlite3.Connection, base: Columns | None, most: int) -> Known:
    """The columns with the posts gathered since, the newest so many of them."""
    after = base.newest if base else 0
    first, newer = conn.execute(
        "SELECT min(id), count(*) FROM (SELECT id FROM posts WHERE id > ? "
        "ORDER BY id DESC LIMIT ?)",
        (after, most + 1),
    ).fetchone()
    if not newer:
        return Known(columns=base or gather(conn, most=0), whole=True)
    whole = newer <= most
    tail = gather(conn, base, after=after if whole else first, most=most)
    return Known(columns=joined(base, tail) if base else tail, whole=whole)


def _mark(conn: sqlite3.Connection, after: int) -> tuple[int, ...]:
    """What differs once there are more posts above an id, or more of them are read."""
    found = conn.execute(
        "SELECT coalesce((SELECT max(id) FROM posts), 0), "
        "(SELECT count(*) FROM (SELECT 1 FROM demand WHERE post_id > ? LIMIT ?))",
        (after, SINCE_PASS + 1),
    ).fetchone()
    return tuple(found)


def _stored(conn: sqlite3.Connection) -> tuple[str, Columns | None]:
    """What the pass stored, and its version; no columns before it first ran, or where another
    release did.
    """
    try:
        row = conn.execute("SELECT data FROM post_columns WHERE name = 'version'").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return "", None  # an older schema is read, not migrated
        raise
    if row is None:
        return "", None
    version = row[0].hex()
    with _loading:
        if version not in _kept:
            stored = dict(conn.execute("SELECT name, data FROM post_columns").fetchall())
            try:
                found = unpacked(stored)
                version = stored["version"].hex()  # a pass may have come in between
            except KeyError:
                return "", None
            while len(_kept) >= 2:  # today's, and one whose readers are not done
                gone = next(iter(_kept))
                del _kept[gone]
                _extensions.pop(gone, None)
            _kept[version] = found
        return version, _kept[version]


class Selection:
    """The posts a filter and a search leave, and their counts.

    :param searched: ids of the posts the search finds, in any order; ``None`` without a search.
    """

    def __init__(
        self,
        conn: sqlite3.Connection,
        columns: Columns,
        chosen: PostFilter,
        searched: Array | None = None,
    ) -> None:
        self.columns = columns
        self.chosen = chosen
        self._masks: dict[str, Array] = chosen.masks(conn, columns)
        if searched is not None:
            self._masks["q"] = columns.with_ids(searched)

    def rows(self, without: Collection[str] = ()) -> Array:
        """Places of the posts left; ``without`` names filters to leave out."""
        left_out = set(without)
        if left_out & {"claim", "competitor"}:
            left_out.add("about")
        if left_out & {"claim", "named"}:
            left_out.add("about_rivals")
        if {"about", "about_rivals"} & self._masks.keys() - left_out:
            left_out.add("claim")  # a comparison praises a brand without being praise itself
        return self._left(left_out)

    def _left(self, left_out: Collection[str]) -> Array:
        masks = [mask for name, mask in self._masks.items() if name not in left_out]
        if not masks:
            return np.arange(len(self.columns))
        return np.flatnonzero(np.logical_and.reduce(masks))

    def newest(self, rows: Array, many: int, before: tuple[int, int] | None) -> list[int]:
        """Ids of so many of these posts, the newest first, undated ones last.

        :param before: time and id of a post after which to go on (``Columns.at``).
        """
        at, ids = self.columns.arrays["at"][rows], self.columns.arrays["id"][rows]
        if before is not None:
            later = (at < before[0]) | ((at == before[0]) & (ids < before[1]))
            at, ids = at[later], ids[later]
        if len(at) > _SAMPLE:
            # All above what is nearly the newest of a sample are enough, or nothing is gained.
            limit = np.sort(at[:: len(at) // _SAMPLE])[-10]
            late = at >= limit
            if np.count_nonzero(late) >= many:
                at, ids = at[late], ids[late]
        order = np.lexsort((ids, at))[::-1][:many]
        return [int(one) for one in ids[order]]

    def people(self, rows: Array) -> int:
        """How many distinct people wrote these posts."""
        heard = np.zeros(len(self.columns.arrays["people"]), dtype=bool)
        heard[self.columns.arrays["person"][rows]] = True
        return int(np.count_nonzero(heard))

    def own(self, rows: Array, forums: Collection[str]) -> int:
        """How many of these posts stand in the researcher's own sources."""
        codes = [self.columns.code("forum", forum) for forum in forums]
        return int(np.count_nonzero(np.isin(self.columns.arrays["forum"][rows], codes)))

    def facets(self) -> Mapping[str, tuple[list[tuple[str, int]], int]]:
        """For every filter its values with most posts, and how many more values there are.

        A number counts what a click on it finds: the other filters hold, its own is replaced.
        """
        whole = self.rows()
        found: dict[str, tuple[list[tuple[str, int]], int]] = {}
        for name in FACETS:
            own = {value for key, value in self.chosen.chosen if key == name}
            rows = self.rows({name}) if own else whole
            if name == "competitor" and self.chosen.value("claim") in FELT:
                rows = self._left({"competitor", "claim", "about"})
            counts = self._counts(name, rows)
            ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            shown = ranked[:SHOWN] + [item for item in ranked[SHOWN:] if item[0] in own]
            if shown:
                found[name] = shown, len(ranked) - len(shown)
        return found

    def _counts(self, name: str, rows: Array) -> dict[str, int]:
        if name == "claim":
            return self._claims(rows)
        if name == "competitor":
            return self._competitors(rows)
        numbers = np.bincount(self.columns.arrays[name][rows])
        values = self.columns.values[name]
        return {
            values[code - 1]: int(numbers[code]) for code in range(1, len(numbers)) if numbers[code]
        }

    def _claims(self, rows: Array) -> dict[str, int]:
        competitor = self.chosen.value("competitor")
        counts = {}
        for claim in CLAIMS:
            about: list[Collection[str]] = [[competitor]] if competitor else []
            about += [self.chosen.rivals] if self.chosen.value("named") else []
            mask = self.columns.flag(claim)
            if about and claim in FELT:
                mask = np.logical_and.reduce([felt(self.columns, who, claim) for who in about])
            if number := int(np.count_nonzero(mask[rows])):
                counts[claim] = number
        return counts

    def _competitors(self, rows: Array) -> dict[str, int]:
        among = np.zeros(len(self.columns), dtype=bool)
        among[rows] = True
        arrays = self.columns.arrays
        said = arrays["pair_said"]
        pairs = among[arrays["pair_row"]] & ((said & NAMED) != 0)
        claim = self.chosen.value("claim")
        if claim in FELT:
            pairs &= (said & FELT[claim]) != 0
        numbers = np.bincount(arrays["pair_competitor"][pairs])
        values = self.columns.values["competitor"]
        return {
            values[code - 1]: int(numbers[code]) for code in range(1, len(numbers)) if numbers[code]
        }


def searched(conn: sqlite3.Connection, match: str) -> Array:
    """Ids of all posts a query of the index finds.

    As one text: half a million rows cost 0.1 s this way, and more than twice as much one by one.
    """
    (text,) = conn.execute(
        "SELECT group_concat(rowid) FROM posts_fts WHERE posts_fts MATCH ?", (match,)
    ).fetchone()
    return np.fromstring(text or "", dtype=np.int64, sep=",")


def ranked(conn: sqlite3.Connection, selection: Selection, rows: Array, match: str) -> list[int]:
    """Ids of the posts left, those that fit the search best first."""
    left = selection.columns.arrays["id"][rows]
    found = conn.execute("SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? ORDER BY rank",
                         (match,))  # fmt: skip
    ids = np.fromiter((row[0] for row in found), dtype=np.int64)
    return [int(one) for one in ids[np.isin(ids, left)]]
