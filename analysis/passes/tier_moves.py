"""Why a tier moved, in words, and whether the competitor did it."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.questions.sample import OWN
from crawlers.words import FLAGS
from pipelines.tiers.decision import YES

Cause = Literal["first", "seen", "ours", "decision"]
"""``first`` verdict of one that is still being read for the first time; ``seen``: its pages or
posts changed; ``ours``: our rules, market file or reading changed; ``decision``: a researcher's.
"""

_SAYS = {
    "same_product": "same product",
    "same_audience": "same audience",
    "same_category": "same trade",
    "substitute": "another product for the same need",
    "extension": "signs of widening towards us",
}
_MOST = 3
_LONGEST_QUOTE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A quote behind a flag, and the page it stands on."""

    flag: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A verdict as stored: flags run 0..1, ``proofs`` the heaviest first."""

    tier: int | None
    verdict: str
    flags: Mapping[str, float]
    complement: bool
    rule_version: str
    method: str
    proofs: Sequence[Proof] = ()


def stored_state(connection: sqlite3.Connection, rival: str) -> State | None:
    """The verdict that stands in the tables, before it is replaced."""
    row = connection.execute(
        f"SELECT tier, verdict, complement, rule_version, method, {', '.join(FLAGS)} "
        "FROM tiers WHERE competitor = ?",
        (rival,),
    ).fetchone()
    if row is None:
        return None
    proofs = connection.execute(
        "SELECT subject, quote, url FROM evidence WHERE claim_table = 'tiers' AND claim_key = ? "
        "ORDER BY weight DESC, id",
        (rival,),
    )
    return State(
        tier=row[0], verdict=row[1], complement=bool(row[2]), rule_version=row[3], method=row[4],
        flags=dict(zip(FLAGS, row[5:], strict=True)),
        proofs=[Proof(flag=flag, quote=quote, url=url) for flag, quote, url in proofs],
    )  # fmt: skip


def cause_of(connection: sqlite3.Connection, rival: str, before: State | None, now: State) -> Cause:
    """Who is behind a move. Only what was fetched since the last pass can be the competitor's."""
    if before is None:
        return "first"
    if "override" in (before.verdict, now.verdict):
        return "decision"
    if not _read_before(connection, rival):
        return "first"
    if (before.rule_version, before.method) != (now.rule_version, now.method):
        return "ours"
    return "seen" if _something_new(connection, rival) else "ours"


def _read_before(connection: sqlite3.Connection, rival: str) -> bool:
    """Whether a run that knew it came to its end, and a later one has begun: until then a verdict
    moves with every page that is read for the first time.
    """
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM competitors c JOIN runs a ON a.status = 'finished' "
        "AND a.finished_at >= c.first_seen AND a.spider IN (SELECT spider FROM runs b "
        "WHERE b.id > a.id AND b.started_at >= a.finished_at) WHERE c.id = ?)",
        (rival,),
    ).fetchone()
    return bool(row[0])


def _something_new(connection: sqlite3.Connection, rival: str) -> bool:
    """Whether a page of it was found, changed or taken away, or a post names it, since the last
    pass.
    """
    row = connection.execute(
        "WITH last AS (SELECT coalesce(max(computed_at), '') AS at FROM summaries) "
        "SELECT EXISTS (SELECT 1 FROM pages, last WHERE competitor = ?1 AND changed_at >= last.at) "
        "OR EXISTS (SELECT 1 FROM changes, last WHERE competitor = ?1 AND changes.at >= last.at) "
        "OR EXISTS (SELECT 1 FROM mentions m JOIN posts p ON p.id = m.post_id, last "
        f"WHERE m.competitor = ?1 AND p.first_seen >= last.at AND p.forum NOT IN {OWN})",
        (rival,),
    ).fetchone()
    return bool(row[0])


def move_in_words(before: State | None, now: State, cause: Cause, reasons: Sequence[str]) -> str:
    """Which flags crossed the line and by which quote; after a first verdict, its reasons."""
    if before is None:
        return "; ".join(reasons)
    told = list(_crossings(before, now))
    if before.verdict == "insufficient":
        told.insert(0, "enough was seen at last")
    elif now.verdict == "insufficient":
        told.insert(0, "too little is seen of it now")
    if before.complement != now.complement:
        told.insert(
            0,
            "its product now completes ours: a partner, not a rival"
            if now.complement
            else "its product no longer only completes ours",
        )
    why = "; ".join(told) or "; ".join(reasons)
    if cause == "ours":
        return f"not the competitor's doing: {_our_change(before, now)}. {why}"
    if cause == "first":
        return f"while it was read for the first time: {why}"
    return why


def _our_change(before: State, now: State) -> str:
    if before.method != now.method:
        return f"compared by {now.method} now, by {before.method} before"
    old, new = before.rule_version.partition("+")[0], now.rule_version.partition("+")[0]
    if old != new:
        return f"our rules changed ({old} to {new})"
    if before.rule_version != now.rule_version:
        return "the market file or the lines learnt from decisions changed"
    return "nothing of it is new, but what we read or compare it with changed"


def _crossings(before: State, now: State) -> list[str]:
    told = []
    gained = [flag for flag in FLAGS if before.flags[flag] < YES <= now.flags[flag]]
    lost = [flag for flag in FLAGS if now.flags[flag] < YES <= before.flags[flag]]
    for flag in gained[:_MOST]:
        old = {proof.quote for proof in before.proofs}
        proofs = [proof for proof in now.proofs if proof.flag == flag]
        proofs.sort(key=lambda proof: proof.quote in old)  # what is new is why
        told.append(f"{_SAYS[flag]} is now a yes {_numbers(before, now, flag)}{_quoted(proofs)}")
    for flag in lost[:_MOST]:
        kept = {proof.quote for proof in now.proofs}
        proofs = [proof for proof in before.proofs if proof.flag == flag]
        proofs.sort(key=lambda proof: proof.quote in kept)
        told.append(
            f"{_SAYS[flag]} is no longer a yes {_numbers(before, now, flag)}"
            f"{_quoted(proofs, ', which rested on')}"
        )
    return told


def _numbers(before: State, now: State, flag: str) -> str:
    return f"({before.flags[flag]:.2f} to {now.flags[flag]:.2f})"


def _quoted(proofs: Sequence[Proof], link: str = "") -> str:
    if not proofs:
        return ""
    quote = " ".join(proofs[0].quote.split())
    if len(quote) > _LONGEST_QUOTE:
        quote = quote[: _LONGEST_QUOTE - 1].rstrip() + "…"
    url = f" <{proofs[0].url}>" if proofs[0].url else ""
    return f"{link or ':'} “{quote}”{url}"
