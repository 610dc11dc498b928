"""The tier board: every competitor where it stands, and those nothing could be said of."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Any

from analysis.questions.alerts import recent_alerts
from analysis.questions.candidates import candidates, is_company, waiting
from analysis.questions.decided import CHANNEL_TAGS
from analysis.questions.standing import GROUPS, RIVALS, Group, Standing, standings
from analysis.web.page import Page, Visit, answers, dicts, has_column, listed
from analysis.web.pages.boardfilter import SORTS, BoardFilter, build, folded, options

FIRST, MOST = 24, 200
"""Candidates shown of all groups together, the nearest first; and of one group asked for."""

COLUMN = 10
"""Cards of a column before "show all"."""
WHOLE = 60
"""Cards of a page that shows one group only."""
TIERS: tuple[Group, ...] = ("direct", "substitute", "potential")


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """The board by group, in the design's order, and the candidates; or what filters leave of it.

    ``tiers`` and ``others`` hold everyone; ``shown`` {group: (first, last)} is what of each a page
    shows.
    """
    everybody = standings(conn, period=visit.period)
    board = [s for s in everybody if s.group != "candidate"]
    through = _through(conn)
    chosen = build(visit.query, channels=_channels(conn), languages=_languages(conn))
    left = [s for s in board if chosen.fits(s, through)]
    if chosen.sort == "people":
        left.sort(key=lambda s: (-(s.counts["authors"] or 0), s.name))
    groups: dict[Group, list[Standing]] = {
        group: [s for s in left if s.group == group] for group in GROUPS
    }
    shown = _shown(groups, chosen, visit.query.get("page", ""))
    seen = [s for name, part in groups.items() for s in part[slice(*shown.get(name, (0, 0)))]]
    tags = _tags(conn, chosen.channel) if chosen.channel else {}
    return {
        "tiers": {name: groups.pop(name) for name in TIERS},
        "others": {name: members for name, members in groups.items() if members},
        "shown": shown,
        "pages": max(-(-len(left) // WHOLE), 1) if chosen.tier else 1,
        "filter": chosen,
        "options": options(board, chosen, through),
        "sorts": SORTS,
        "channel": chosen.channel,
        "tags": tags,
        "total": len(left),
        "competitors": sum(s.group != "ignored" for s in board),
        "most_people": max((s.counts["authors"] or 0 for s in board), default=0),
        "last_read": _last_read(conn, [s.competitor for s in seen]),
        "alerts": recent_alerts(conn),
        "answers": answers(conn, "competitors", "trends", period=visit.period),
        **_candidates(conn, everybody, visit.query.get("provisional", ""), chosen),
    }


def _shown(
    groups: dict[Group, list[Standing]], chosen: BoardFilter, asked: str
) -> dict[str, tuple[int, int]]:
    """What of each group is shown: its beginning, or a page of the only one asked for."""
    if not chosen.tier:
        return {name: (0, min(len(members), COLUMN)) for name, members in groups.items()}
    group = next(name for name in GROUPS if name == chosen.tier)
    page = int(asked[:6]) if asked.isascii() and asked[:6].isdigit() else 1
    many = len(groups[group])
    last = max(-(-many // WHOLE), 1)
    first = WHOLE * (min(max(page, 1), last) - 1)
    return {group: (first, min(first + WHOLE, many))}


def _candidates(
    conn: sqlite3.Connection, everybody: Sequence[Standing], asked: str, chosen: BoardFilter
) -> dict[str, Any]:
    """Those nobody decided on, all or of one provisional group; names without a site apart.

    Beside filters of the board there is no room for them, but a name looked for is found.
    """
    undecided = [s for s in everybody if s.group == "candidate"]
    counts = Counter(s.verdict_group for s in undecided)
    groups = {name: counts[name] for name in GROUPS if counts[name]}
    provisional = asked if asked in groups else ""
    most = MOST if provisional else FIRST
    listing = groups and not chosen.anything
    found = candidates(conn, group=provisional, most=most, board=undecided) if listing else []
    sought = folded(chosen.q)
    return {
        "waiting": groups,
        "found": waiting(everybody),
        "provisional": provisional,
        "candidates": [one for one in found if is_company(one.standing)],
        "names": [one for one in found if not is_company(one.standing)],
        "alike": [s for s in undecided if sought and sought in folded(s.name)][:FIRST],
    }


def _channels(conn: sqlite3.Connection) -> frozenset[str]:
    return frozenset(key for (key,) in conn.execute("SELECT id FROM channels"))


def _through(conn: sqlite3.Connection) -> dict[str, dict[str, frozenset[str]]]:
    """What a filter asks of a competitor beside its standing: ``channel`` and ``language``."""
    channels: dict[str, set[str]] = {}
    for key, channel in conn.execute(
        f"SELECT DISTINCT t.subject, t.channel FROM {CHANNEL_TAGS} t "
        f"WHERE t.role = 'promotes' AND t.subject IN {RIVALS}"
    ):
        channels.setdefault(key, set()).add(channel)
    return {
        "channel": {key: frozenset(found) for key, found in channels.items()},
        "language": {key: frozenset(found) for key, found in _spoken(conn).items()},
    }


def _spoken(conn: sqlite3.Connection) -> dict[str, list[str]]:
    """The languages of each competitor's site; of a shop that offers none to choose, its own."""
    several = "languages_json" if has_column(conn, "companies", "languages_json") else "'[]'"
    return {
        key: [code[:12] for code in listed(text)[:20]] or ([lang[:12]] if lang else [])
        for key, text, lang in conn.execute(f"SELECT competitor, {several}, lang FROM companies")
    }


def _languages(conn: sqlite3.Connection) -> frozenset[str]:
    return frozenset(code for codes in _spoken(conn).values() for code in codes)


def _tags(conn: sqlite3.Connection, channel: str) -> dict[str, list[dict[str, Any]]]:
    """Tags of promotion through a channel by competitor, as question 2 counts them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for tag in dicts(
        conn,
        f"SELECT t.id, t.subject, t.platform, t.strength FROM {CHANNEL_TAGS} t "
        f"WHERE t.subject IN {RIVALS} AND t.channel = ? AND t.role = 'promotes' "
        "ORDER BY t.strength DESC, t.platform",
        (channel,),
    ):
        found.setdefault(tag["subject"], []).append(tag)
    return found


def _last_read(conn: sqlite3.Connection, keys: Sequence[str]) -> dict[str, str]:
    """When a page of each was last seen."""
    marks = ", ".join("?" * len(keys))
    return dict(
        conn.execute(
            "SELECT competitor, max(last_seen) FROM pages "
            f"WHERE competitor IN ({marks}) GROUP BY competitor",
            list(keys),
        ).fetchall()
    )


PAGE = Page(
    name="competitors",
    route=r"competitors",
    tables=(
        "tier_board", "tiers", "tier_history", "competitors", "decisions", "channel_tags",
        "companies", "evidence", "pages", "posts",
    ),
    read=read,
    tab="competitors",
)  # fmt: skip
