"""The rows a market may use: those that ship, those of the user's own, with what checks found.

A user's own rows lie in ``RIVALMAP_HOME/sources/*.toml``, in the same form as those that ship; a
row with the id of another takes its place. A leaf.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from crawlers.market import Market, data_dir, home
from crawlers.marketfile.errors import nearest
from crawlers.sources.checks import Check, apply_checks, checks_of
from crawlers.sources.loading import CatalogueError, load_catalogue, parse_catalogue
from crawlers.sources.model import PublicSource

FOLDER = "sources"
CHECKS_NAME = "sources.json"
_LARGEST_FILE = 5_000_000  # bytes
_MOST_FILES = 500


def own_rows(folder: Path | None = None) -> tuple[PublicSource, ...]:
    """The user's own rows, files in the order of their names; none where there is no such folder.

    :param folder: instead of ``RIVALMAP_HOME``.
    :raises CatalogueError: with the first fault, its file named.
    """
    place = (folder or home()) / FOLDER
    rows: dict[str, PublicSource] = {}
    for path in sorted(place.glob("*.toml"))[:_MOST_FILES]:
        try:
            if path.stat().st_size > _LARGEST_FILE:
                raise CatalogueError(f"{path}: larger than {_LARGEST_FILE // 1_000_000} MB")
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise CatalogueError(f"{path}: not saved as UTF-8; save it anew as UTF-8") from None
        except OSError as error:
            raise CatalogueError(f"{path}: cannot be read: {error.strerror}") from None
        for row in parse_catalogue(text, name=str(path)):
            if row.id in rows:
                raise CatalogueError(f"{path}: the id {row.id!r} is used twice under {place}")
            rows[row.id] = row
    return tuple(rows.values())


def catalogue_for(market: Market, folder: Path | None = None) -> tuple[PublicSource, ...]:
    """The rows a market lets itself be helped by: ``[crawl] catalogue`` of its file.

    :param folder: instead of ``RIVALMAP_HOME``.
    :raises CatalogueError: for a file of the user's own with a fault.
    """
    wanted = market.crawl.catalogue
    if wanted is False:
        return ()
    rows = {row.id: row for row in load_catalogue()} if wanted is True else {}
    return tuple((rows | {row.id: row for row in own_rows(folder)}).values())


def checks_for(market: Market) -> Mapping[str, Check]:
    """What was found when sources were asked from here for this market; none where none were."""
    try:
        return checks_of(json.loads((data_dir(market.name) / CHECKS_NAME).read_text("utf-8")))
    except (OSError, ValueError, RecursionError):
        return {}


def rows_named(market: Market, ids: Iterable[str]) -> tuple[PublicSource, ...]:
    """The rows of these ids, as checks from here found them, in the order asked for.

    :raises CatalogueError: for an id no row has.
    """
    rows = {row.id: row for row in catalogue_for(market)}
    wanted = list(dict.fromkeys(word for id_ in ids if (word := id_.strip())))
    for id_ in wanted:
        if id_ not in rows:
            near = nearest(id_, list(rows))
            hint = f"; did you mean {near!r}?" if near else ""
            none = (
                "" if rows else ' (its file says [crawl] catalogue = false, or "own" without any)'
            )
            raise CatalogueError(f"no public source {id_!r} for {market.name}{none}{hint}")
    return apply_checks([rows[id_] for id_ in wanted], checks_for(market))
