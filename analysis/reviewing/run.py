"""The steps of ``scrapy review``: list, decide, or ask one verdict after another."""

import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from analysis.commandline import OK, USAGE, CommandError
from analysis.lock import LockedError, market_lock
from analysis.newmarket.answers import tidy
from analysis.newmarket.run import Console
from analysis.passes import summaries, tiers
from analysis.questions.candidates import Candidate
from analysis.reviewing.cases import Case, least_certain, open_candidates
from analysis.reviewing.deciding import (
    WORDS,
    ReviewError,
    Word,
    add_reason,
    known_id,
    store,
    word_of,
)
from analysis.reviewing.phrases import Phrases, counted
from analysis.standing_decisions import tier_of
from crawlers.market import Market, data_dir
from pipelines.storage.database import DATABASE_NAME, DatabaseError, open_database
from pipelines.tiers.adapting import LEAST_DECISIONS, Adaptation
from pipelines.tiers.decision import YES

_LONGEST_QUOTE = 240
_SKIP, _QUIT = "s", "q"


def list_cases(
    market: Market, number: int, *, console: Console, only_candidates: bool = False
) -> int:
    """A JSON line a verdict, least certain first; nothing is written.

    :param only_candidates: those found by themselves that nobody decided on, rivals first.
    """
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    with _database(market, read_only=True) as connection:
        for one in _cases(connection, number, only_candidates):
            console.say(json.dumps(_as_json(one), ensure_ascii=plain))
    return OK


def decide(
    market: Market, typed: Sequence[str], reason: str, *, words: Phrases, console: Console
) -> int:
    """Store decisions without asking: all of them, or none where one cannot be meant.

    :raises CommandError: 2, for a decision or a competitor that is none.
    """
    with _database(market) as connection:
        try:
            meant = [
                Word(competitor=known_id(connection, word.competitor), value=word.value)
                for word in map(word_of, typed)
            ]
        except ReviewError as error:
            raise CommandError(str(error), USAGE) from None
        for word in meant:
            store(connection, word, reason)
            console.say(_stored(word, word.competitor, words, site=_site(connection, word)))
        _finish(connection, market, words, console)
    return OK


def review(
    market: Market,
    number: int,
    *,
    words: Phrases,
    console: Console,
    only_candidates: bool = False,
) -> int:
    """Show the least certain verdicts one by one and store each answer as it comes.

    :param only_candidates: those found by themselves that nobody decided on, rivals first.
    """
    with _database(market) as connection:
        cases = _cases(connection, number, only_candidates)
        if not cases:
            console.say(words.no_candidates if only_candidates else words.nothing)
            return OK
        intro = words.intro_candidates if only_candidates else words.intro
        console.say(counted(intro, len(cases)))
        stored = _ask_all(connection, cases, words, console)
        if stored:
            console.say(counted(words.end, stored, market=market.name))
            _finish(connection, market, words, console)
    return OK


def _cases(connection: sqlite3.Connection, number: int, only_candidates: bool) -> list[Case]:
    return (open_candidates if only_candidates else least_certain)(connection, number)


def _ask_all(
    connection: sqlite3.Connection, cases: Sequence[Case], words: Phrases, console: Console
) -> int:
    """How many decisions were stored; end of input and Ctrl-C end it, with what is stored kept."""
    stored = 0
    try:
        for at, one in enumerate(cases, 1):
            for line in in_words(one, words, at=at, number=len(cases)):
                console.say(line)
            key, reason = _answer(one, words, console)
            if key == _QUIT:
                break
            if key == _SKIP:
                continue
            word = Word(competitor=one.standing.competitor, value=WORDS[key])
            row = store(connection, word, reason)
            stored += 1
            name = tidy(one.standing.name, longest=80)
            console.say(_stored(word, name, words, site=one.standing.site))
            assert console.ask is not None
            if not reason and (reason := console.ask(words.why).strip()):
                add_reason(connection, row, reason)
    except (EOFError, KeyboardInterrupt):
        console.say("")
    return stored


def _answer(one: Case, words: Phrases, console: Console) -> tuple[str, str]:
    """One of the keys, and a reason where one is typed behind it; asks until it is clear."""
    assert console.ask is not None
    while True:
        key, _, reason = console.ask(words.prompt).strip().partition(" ")
        key = key.rstrip(".:,，。").lower()
        meant = key in WORDS and key != "auto" and (one.found or WORDS[key] != "accept")
        if meant or key in (_SKIP, _QUIT):
            return key, reason.strip()
        console.say(words.unclear_candidate if one.found else words.unclear)


def in_words(one: Case, words: Phrases, *, at: int, number: int) -> Iterator[str]:
    """A verdict as a researcher reads it: what it is, why, and what would change it."""
    standing = one.standing
    yield ""
    yield words.head.format(
        at=at, n=number, name=tidy(standing.name, longest=80),
        site=tidy(standing.site or "-", longest=200), tier=_verdict(one, words),
        score=f"{standing.score or 0:.2f}", pages=counted(words.pages, one.pages),
        doubt=round(100 * one.doubt),
    )  # fmt: skip
    if one.found:
        yield from _named_in_words(one.found, words)
    if not one.reasons:
        yield words.no_reasons
    for reason in one.reasons:
        flag, value = words.flags[reason.flag], standing.flags[reason.flag] or 0.0
        yield f"  - {flag} {value:.2f}: “{tidy(reason.quote, longest=_LONGEST_QUOTE)}”"
        if reason.url:
            yield f"    {tidy(reason.url, longest=300)}"
    if one.change:
        parts = []
        for name in one.change.flags:
            value = standing.flags[name] or 0.0
            form = words.if_no if value >= YES else words.if_yes
            parts.append(form.format(flag=words.flags[name], value=f"{value:.2f}"))
        yield words.change.format(flags=words.both.join(parts), tier=words.tiers[one.change.tier])
    yield words.keys_candidate if one.found else words.keys


def _named_in_words(found: Candidate, words: Phrases) -> Iterator[str]:
    """How often, where, and in whose words a candidate was named."""
    named = found.named
    yield words.named.format(
        times=counted(words.times, named.times),
        places=counted(words.places, named.places),
        authors=counted(words.authors, named.authors) if named.authors else "",
        lists=counted(words.lists, named.lists) if named.lists else "",
    )
    for row in found.quotes:
        yield f"  - “{tidy(row['quote'], longest=_LONGEST_QUOTE)}”"
        yield f"    {tidy(row['url'], longest=300)}"


def _verdict(one: Case, words: Phrases) -> str:
    tier = _tier_word(one, words)
    return words.provisional.format(tier=tier) if one.found else tier


def _tier_word(one: Case, words: Phrases) -> str:
    if one.standing.verdict in (None, "insufficient"):
        return words.insufficient
    if one.standing.complement and one.standing.tier is None:
        return words.complement
    return words.tiers[one.standing.tier]


def _site(connection: sqlite3.Connection, word: Word) -> str | None:
    row = connection.execute(
        "SELECT site FROM competitors WHERE id = ?", (word.competitor,)
    ).fetchone()
    return row[0] if row else None


def _stored(word: Word, name: str, words: Phrases, *, site: str | None) -> str:
    if word.value == "ignore":
        return words.ignored.format(name=name)
    if word.value == "accept":
        return (words.accepted if site else words.accepted_no_site).format(name=name)
    if word.value is None:
        return words.taken_back.format(name=name)
    if word.value == "complement":
        return words.stored.format(name=name, tier=words.complement)
    return words.stored.format(name=name, tier=words.tiers[tier_of(word.value)])


def _finish(
    connection: sqlite3.Connection, market: Market, words: Phrases, console: Console
) -> None:
    """Bring tiers and answers up to date where no run holds the market; say what was learnt."""
    try:
        with market_lock(data_dir(market.name), f"review {market.name}"):
            adaptation = tiers.run(connection, market)
            summaries.run(connection)
        console.say(words.applied)
    except LockedError:
        adaptation = tiers.judged(connection, market).adaptation
        console.say(words.later)
    console.say(learnt_in_words(adaptation, words))


def learnt_in_words(adaptation: Adaptation, words: Phrases) -> str:
    """What the decisions changed: accuracy before and after, and the lines."""
    if adaptation.right_after is None:
        return counted(words.few, adaptation.decisions, least=LEAST_DECISIONS)
    lines = ", ".join(
        f"{words.flags[flag]} {YES:.2f} -> {line:.2f}" for flag, line in adaptation.moved.items()
    )
    return (words.adapted if adaptation.adapted else words.kept).format(
        n=adaptation.decisions, before=adaptation.right_before, after=adaptation.right_after,
        lines=lines,
    )  # fmt: skip


def _as_json(one: Case) -> dict[str, object]:
    standing = one.standing
    return {
        "id": standing.competitor, "name": standing.name, "site": standing.site,
        "tier": standing.tier, "verdict": standing.verdict, "complement": standing.complement,
        "score": standing.score, "doubt": one.doubt, "pages": one.pages, "flags": standing.flags,
        "reasons": [
            {"flag": row.flag, "quote": row.quote, "url": row.url, "rule": row.rule,
             "weight": row.weight}
            for row in one.reasons
        ],
        "change": (
            {"flags": list(one.change.flags), "tier": one.change.tier} if one.change else None
        ),
        "candidate": _candidate_json(one.found) if one.found else None,
    }  # fmt: skip


def _candidate_json(found: Candidate) -> dict[str, object]:
    named = found.named
    return {
        "times": named.times, "places": named.places, "authors": named.authors,
        "lists": named.lists,
        "sightings": [
            {key: row[key] for key in ("quote", "url", "fetched_at")} for row in found.quotes
        ],
    }  # fmt: skip


@contextmanager
def _database(market: Market, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    """The market's database, without its lock: decisions are written beside a running crawl.

    :raises DatabaseError: where there is none yet.
    """
    path: Path = data_dir(market.name) / DATABASE_NAME
    if not path.exists():
        raise DatabaseError(
            f"market {market.name!r} has no data yet; run scrapy research {market.name} first"
        )
    connection = open_database(path, read_only=read_only)
    try:
        yield connection
    finally:
        connection.close()
