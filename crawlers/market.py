"""The market file: what a researcher writes, loaded, checked, frozen.

``load_market(find_market("shop"))`` gives a :class:`Market`; all faults of a file come together as
one :class:`MarketFileError`, each with its line and its mend. The keys: docs/market-file.md.
A leaf.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from crawlers.marketfile.entries import double_entries
from crawlers.marketfile.errors import (
    MarketError,
    MarketFileError,
    MarketNameError,
    MarketNotFoundError,
    Problem,
    shown_path,
)
from crawlers.marketfile.faults import (
    REPEATED,
    SINGLE,
    TABLES,
    fault_of,
    heading,
    unknown_table,
    wrong_kind,
)
from crawlers.marketfile.home import (
    check_name,
    data_dir,
    find_market,
    home,
    market_names,
    market_path,
    mended_name,
)
from crawlers.marketfile.lines import KeyPath, Lines
from crawlers.marketfile.model import (
    AlertSettings,
    Business,
    CompetitorEntry,
    CrawlSettings,
    ForumEntry,
    Section,
    SourceEntry,
    UpkeepSettings,
)
from crawlers.marketfile.syntax import LARGEST_FILE, Unreadable, decoded, tables_of
from crawlers.marketfile.values import tier_setting

__all__ = [
    "AlertSettings", "Business", "CompetitorEntry", "CrawlSettings", "ForumEntry",
    "Market", "MarketError", "MarketFileError", "MarketNameError", "MarketNotFoundError", "Problem",
    "SourceEntry", "UpkeepSettings", "check_name", "data_dir", "fault_at", "find_market", "home",
    "load_market", "market_names", "market_path", "mended_name", "parse_market",
]  # fmt: skip

MOST_PROBLEMS = 30
"""Faults told at once. More only bury the first."""

_S = TypeVar("_S", bound=Section)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A market file, checked.

    ``name`` is the file's name without ending, ``digest`` the SHA-256 of its bytes in hex (a run
    records what it was asked with), ``tiers`` what ``[tiers]`` passes on to the tiers' rooms.
    ``joined`` are the keys of forums and sources that the file does not name: chosen among the
    public sources for this run (:func:`crawlers.sources.joined`).
    """

    name: str
    path: Path
    digest: str
    business: Business
    competitors: tuple[CompetitorEntry, ...] = ()
    forums: tuple[ForumEntry, ...] = ()
    sources: tuple[SourceEntry, ...] = ()
    crawl: CrawlSettings = field(default_factory=CrawlSettings)
    upkeep: UpkeepSettings = field(default_factory=UpkeepSettings)
    tiers: Mapping[str, float] = field(default_factory=dict)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    joined: frozenset[str] = frozenset()

    def within(
        self, *, time_budget: float | None = None, request_budget: int | None = None
    ) -> "Market":
        """The market with other budgets for one run: seconds, requests; ``None``: the file's."""
        given = {"time_budget": time_budget, "request_budget": request_budget}
        known = {key: value for key, value in given.items() if value is not None}
        return replace(self, crawl=self.crawl.model_copy(update=known)) if known else self

    @property
    def lists(self) -> tuple[SourceEntry, ...]:
        """Every source that is read for companies: pages, directories, searches."""
        return tuple(entry for entry in self.sources if entry.kind not in _TALK)

    @property
    def talk(self) -> tuple[ForumEntry, ...]:
        """Every place whose posts are read: the forums, and the sources that hold posts."""
        return (*self.forums, *(_as_forum(entry) for entry in self.sources if entry.kind in _TALK))


_TALK = frozenset({"feed", "api", "reviews"})


def _as_forum(entry: SourceEntry) -> ForumEntry:
    return ForumEntry(
        url=entry.url,
        name=entry.name,
        language=entry.language,
        timezone=entry.timezone,
        queries=entry.queries,
        since=entry.since,
        engine="feed" if entry.kind == "feed" else None,
    )


def load_market(path: Path | str) -> Market:
    """Read and check a market file.

    :raises MarketFileError: with every fault found.
    :raises MarketNotFoundError: where there is no such file.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise MarketNotFoundError(f"{shown_path(path)} does not exist") from None
    except OSError as error:
        why = "it is a folder" if path.is_dir() else (error.strerror or str(error))
        raise MarketError(f"{shown_path(path)} cannot be read: {why}") from None
    return parse_market(body, path=path)


def parse_market(body: bytes | str, *, path: Path | str = "market.toml") -> Market:
    """Check a market file's content.

    :param path: where it comes from; its stem becomes the market's name.
    :raises MarketFileError: with every fault found.
    """
    path = Path(path)
    if isinstance(body, str):
        body = body.encode("utf-8", "surrogatepass")
    try:
        text = decoded(body)
        lines = Lines(text)
        tables = tables_of(text, lines)
    except Unreadable as error:
        raise MarketFileError(path, [error.problem]) from None
    reader = _Reader(tables, lines)
    business = reader.one("business", Business)
    crawl = reader.one("crawl", CrawlSettings)
    upkeep = reader.one("upkeep", UpkeepSettings)
    competitors = reader.many("competitor", CompetitorEntry)
    forums = reader.many("forum", ForumEntry)
    sources = reader.many("source", SourceEntry)
    tiers = dict(reader.free("tiers", tier_setting))
    alerts = reader.one("alerts", AlertSettings)
    reader.unknown_tables()
    open_line = alerts and (alerts.webhook or "").startswith("http://")
    if open_line and not (crawl and crawl.allow_private):
        reader.add(
            ("alerts", "webhook"),
            "[alerts] webhook is no https address: whoever listens reads along",
            "write https://..., or set allow_private = true under [crawl] for a server of your own",
        )
    for where, problem, fix in double_entries(business, competitors, forums, sources):
        reader.add(where, problem, fix)
    if reader.problems or business is None:
        raise MarketFileError(path, reader.told())
    return Market(
        name=path.stem,
        path=path,
        digest=hashlib.sha256(body).hexdigest(),
        business=business,
        competitors=tuple(entry for _, entry in competitors),
        forums=tuple(entry for _, entry in forums),
        sources=tuple(entry for _, entry in sources),
        crawl=crawl or CrawlSettings(),
        upkeep=upkeep or UpkeepSettings(),
        tiers=MappingProxyType(tiers),
        alerts=alerts or AlertSettings(),
    )


def fault_at(
    market: Market, where: Sequence[str | int], problem: str, fix: str = ""
) -> MarketFileError:
    """A fault that only another room can see, told like those found here.

    :param where: keys and indices from the root: ``("tiers", "score_words")``,
        ``("forum", 0, "boards")``.
    """
    try:
        lines = Lines(decoded(market.path.read_bytes()))
    except (OSError, Unreadable):
        return MarketFileError(market.path, [Problem(line=1, problem=problem, fix=fix)])
    return MarketFileError(market.path, [Problem(line=lines.of(where), problem=problem, fix=fix)])


class _Reader:
    """Checks the sections one by one and goes on after a fault, so that all are told together."""

    def __init__(self, tables: Mapping[str, Any], lines: Lines) -> None:
        self.tables = tables
        self.lines = lines
        self.problems: list[Problem] = []

    def add(self, where: Sequence[str | int], problem: str, fix: str) -> None:
        self.problems.append(Problem(line=self.lines.of(where), problem=problem, fix=fix))

    def told(self) -> list[Problem]:
        first = sorted(set(self.problems))
        if len(first) > MOST_PROBLEMS:
            rest = Problem(line=first[MOST_PROBLEMS].line, problem="more faults follow from here")
            first = [*first[:MOST_PROBLEMS], rest]
        return first

    def one(self, table: str, model: type[_S]) -> _S | None:
        value = self.tables.get(table, {})
        if not isinstance(value, dict):
            self.add((table,), *wrong_kind(table, value))
            return None
        if table == "business" and table not in self.tables:
            if not self._meant(table):
                self.add(
                    (),
                    "there is no section [business]",
                    'add [business] with name = "..." and description = "one sentence about what '
                    'you sell"',
                )
            return None
        return self._entry(table, model, value, (table,))

    def _meant(self, table: str) -> bool:
        """Whether an unknown section is this one misspelt, which is then told once."""
        return any(
            heading(table) in unknown_table(name, value)[1]
            for name, value in self.tables.items()
            if name not in TABLES
        )

    def many(self, table: str, model: type[_S]) -> list[tuple[int, _S]]:
        value = self.tables.get(table, [])
        if not isinstance(value, list):
            self.add((table,), *wrong_kind(table, value))
            return []
        found = []
        for index, part in enumerate(value):
            if isinstance(part, dict):
                entry = self._entry(table, model, part, (table, index))
                if entry is not None:
                    found.append((index, entry))
            else:
                self.add((table, index), *wrong_kind(table, part))
        return found

    def free(self, table: str, read: Any) -> Iterator[tuple[str, Any]]:
        value = self.tables.get(table, {})
        if not isinstance(value, dict):
            self.add((table,), *wrong_kind(table, value))
            return
        for key, part in value.items():
            try:
                yield key, read(key, part)
            except ValueError as fault:
                context = getattr(fault, "context", None) or {}
                problem = context.get("problem", str(fault))
                self.add((table, key), f"[{table}] {key[:60]}: {problem}", context.get("fix", ""))

    def unknown_tables(self) -> None:
        for name, value in self.tables.items():
            if name not in TABLES and len(self.problems) <= 2 * MOST_PROBLEMS:
                where: KeyPath = (name,)
                self.add(where, *unknown_table(name, value))

    def _entry(
        self, table: str, model: type[_S], value: dict[str, Any], where: KeyPath
    ) -> _S | None:
        try:
            return model.model_validate(value)
        except ValidationError as error:
            for detail in error.errors(include_url=False)[: 2 * MOST_PROBLEMS]:
                self.add((*where, *detail["loc"][:1]), *fault_of(table, model, detail))
            return None


assert {*SINGLE, *REPEATED} < set(TABLES)
