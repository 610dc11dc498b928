"""The words by which lists of companies are told, from ``words.toml``. Pure."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from crawlers.folding import fold

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The table, read. Patterns are for folded text, sets hold folded words."""

    list: re.Pattern[str]
    goods: re.Pattern[str]
    advice: re.Pattern[str]
    lead: re.Pattern[str]
    asks: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    visit: frozenset[str]
    call: frozenset[str]
    no_name: frozenset[str]
    next: frozenset[str]
    entry_paths: frozenset[str]
    list_paths: frozenset[str]
    other_paths: frozenset[str]
    redirect_keys: frozenset[str]
    no_company: frozenset[str]


@cache
def words() -> Words:
    """The words that ship."""
    table = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    rows = {name: [row for row in text.split("\n") if row] for name, text in table.items()}
    return Words(
        list=_anywhere(rows["list"]),
        goods=_anywhere(rows["goods"]),
        advice=_anywhere(rows["advice"]),
        lead=_anywhere(rows["lead"]),
        asks=re.compile(rf"(?:{_choice(rows['asks'])})"),
        before=re.compile(rf"(?:{_choice(rows['before'])})\s+(?=\S)"),
        after=re.compile(
            rf"(?:\s+|(?<=[\u3400-\u9fff]))(?:{_choice(rows['after'])})(?:\s+\d{{4}})?$"
        ),
        visit=frozenset(rows["visit"]),
        call=frozenset(rows["call"]) | frozenset(rows["visit"]),
        no_name=frozenset(rows["no_name"]),
        next=frozenset(plain(row) for row in rows["next"]),
        entry_paths=frozenset(rows["entry_paths"]),
        list_paths=frozenset(rows["list_paths"]),
        other_paths=frozenset(rows["other_paths"]),
        redirect_keys=frozenset(rows["redirect_keys"]),
        no_company=frozenset(" ".join(rows["no_company"]).split()),
    )


def plain(text: str) -> str:
    """A short text folded, without marks and blanks around it: how the sets spell it."""
    return _EDGES.sub("", _BLANKS.sub(" ", fold(text[:200])))


def _anywhere(rows: list[str]) -> re.Pattern[str]:
    return re.compile(_choice(rows))


def _choice(rows: list[str]) -> str:
    """Any of the rows; Latin ones as whole words."""
    ordered = sorted(rows, key=len, reverse=True)
    latin = "|".join(re.escape(row) for row in ordered if row[0].isascii())
    other = "|".join(re.escape(row) for row in ordered if not row[0].isascii())
    parts = [rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])"] if latin else []
    return "|".join([*parts, *([other] if other else [])])
