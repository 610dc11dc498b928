"""Where a market begins that names nothing to read: public places chosen from the catalogue.

The choice is kept beside the market's data, so that the next run reads the same places; one that
was found shut since (``scrapy doctor NAME --sources``) makes room for another.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from analysis.source_choice import Wish, wish_of
from crawlers.market import Market, data_dir
from crawlers.sources import (
    UNCHECKED,
    PublicSource,
    catalogue_for,
    checks_for,
    joined,
    readable,
    sources_for,
)
from crawlers.urls import site_key
from pipelines.storage.times import now_text

FILE_NAME = "start.json"
MOST_TALK = 8
MOST_LISTS = 4
"""Places read at most: enough to name the first rivals, few enough to be read in minutes."""
MOST_OF_ONE_SITE = 3
"""Boards of one large site: eight of them would say what three do."""
MOST_WALLED = 6
_OF_ONE_ADDRESS = frozenset({"telegram", "feed", "app_store", "youtube"})
_WALLED = frozenset({"login", "blocked", "permission"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The places a market starts from: talk, lists of companies, and what is shut, with a guide."""

    wish: Wish
    talk: tuple[PublicSource, ...] = ()
    lists: tuple[PublicSource, ...] = ()
    walled: tuple[PublicSource, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the places to read."""
        return tuple(row.id for row in (*self.talk, *self.lists))


def names_nothing(market: Market) -> bool:
    """Whether a market file names no rival's site, no talk and no list, and lets us choose."""
    return _names_no_place(market) and not any(entry.site for entry in market.competitors)


def _names_no_place(market: Market) -> bool:
    return not (market.talk or market.lists) and market.crawl.catalogue is not False


def start_of(market: Market, *, keep: bool = True) -> Start | None:
    """The places chosen for a market that names nothing to read; ``None`` where it names some.

    A rival's site says nothing of where people talk: where places were chosen before, they go on
    being read until the file names a forum or a list itself, or the choice is deleted.

    :param keep: write the choice down for the next run.
    :raises crawlers.sources.CatalogueError: for a broken file of the user's own rows.
    """
    path = data_dir(market.name) / FILE_NAME
    if not (names_nothing(market) or (_names_no_place(market) and path.is_file())):
        return None
    wish = wish_of(market)
    fitting = sources_for(
        countries=wish.countries, languages=wish.languages, trades=wish.trades,
        catalogue=catalogue_for(market), checks=checks_for(market),
    )  # fmt: skip
    former = _stored(path, wish)
    # Those of the last time first; then those whose engine is known: nothing need be guessed.
    ordered = sorted(fitting, key=lambda row: (row.id not in former, row.engine is None))
    open_now = [row for row in ordered if row.access == "open" and readable(row) and _is_place(row)]
    talk = [row for row in open_now if joined(market, [row]).forums]
    lists = [row for row in open_now if row not in talk]
    found = Start(
        wish=wish,
        talk=_chosen(talk, former, wish.languages, MOST_TALK),
        lists=_chosen(lists, former, wish.languages, MOST_LISTS),
        walled=tuple(row for row in fitting if row.access in _WALLED and row.guide)[:MOST_WALLED],
    )
    if keep and found.ids and set(found.ids) != former:
        _store(path, found)
    return found


def _is_place(row: PublicSource) -> bool:
    """Whether its address is read as it stands. A service for all the world and every language is
    asked by its own interface, which takes an engine of ours; a channel or a feed, its address.
    """
    if not row.languages and not row.engine:
        return False
    bare = not urlsplit(row.address).path.strip("/")
    return not (bare and (row.engine in _OF_ONE_ADDRESS or row.kind == "feed"))


def _chosen(
    rows: Sequence[PublicSource], former: frozenset[str], languages: Sequence[str], most: int
) -> tuple[PublicSource, ...]:
    """The best in each language in turn, so that no language of the market goes unheard; those of
    no language where there are no others.
    """
    chosen = [row for row in rows if row.id in former][:most]
    waiting: dict[str, list[PublicSource]] = {language: [] for language in languages}
    others: list[PublicSource] = []
    for row in rows:
        spoken = next((one for one in languages if one in row.languages), None)
        (others if spoken is None else waiting[spoken]).append(row)
    for queues in (list(waiting.values()), [others]):
        while len(chosen) < most and any(queues):
            for queue in queues:
                while queue and not _adds(queue[0], chosen):
                    queue.pop(0)
                if queue and len(chosen) < most:
                    chosen.append(queue.pop(0))
    return tuple(chosen)


def _adds(row: PublicSource, chosen: Iterable[PublicSource]) -> bool:
    same = [one for one in chosen if site_key(one.address) == site_key(row.address)]
    return row not in same and len(same) < MOST_OF_ONE_SITE


def in_words(market: Market, start: Start, say: Callable[[str], None]) -> None:
    """Say which places are read, what is known of them, and what stands behind a wall."""
    asked = ", ".join((*start.wish.countries, *start.wish.languages, *start.wish.trades))
    if names_nothing(market):
        say(
            f"{market.name} names no rival's site, no forum and no list of companies, so it starts "
            f"from public places that fit ({asked}):"
        )
    else:
        say(
            f"{market.name} names no forum and no list of companies, so the public places chosen "
            f"before are read beside the sites ({asked}; delete data/{market.name}/{FILE_NAME} to "
            "end that):"
        )
    for what, rows in (("talk", start.talk), ("list", start.lists)):
        for row in rows:
            known = "unchecked" if row.checked == UNCHECKED else f"checked {row.checked}"
            say(f"  {what}  {row.name} <{row.address}> ({known})")
    if not start.ids:
        say("  none of the catalogue fits and can be read; name a [[forum]] or [[source]]")
    elif any(row.checked == UNCHECKED for row in (*start.talk, *start.lists)):
        say(
            "  Nobody asked the unchecked ones from where you are; one that does not answer is "
            f"passed over. scrapy doctor {market.name} --sources asks all that fit."
        )
    for row in start.walled:
        say(f'  shut  {row.name}: export your own data instead, docs/sources.md, "{row.guide}"')


def _stored(path: Path, wish: Wish) -> frozenset[str]:
    """The ids chosen before for the same wish; none where there is no such file or it is broken."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return frozenset()
    if not isinstance(content, dict) or content.get("wish") != _as_json(wish):
        return frozenset()
    ids = content.get("sources")
    return (
        frozenset(id_ for id_ in ids if isinstance(id_, str))
        if isinstance(ids, list)
        else frozenset()
    )


def _store(path: Path, start: Start) -> None:
    content = {
        "version": 1, "chosen_at": now_text(), "wish": _as_json(start.wish),
        "sources": list(start.ids),
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)


def _as_json(wish: Wish) -> dict[str, list[str]]:
    return {
        "countries": list(wish.countries), "languages": list(wish.languages),
        "trades": list(wish.trades),
    }  # fmt: skip
