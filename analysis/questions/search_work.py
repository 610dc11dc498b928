"""How each rival works to be found: what it publishes, how often, in which languages, how well."""

import sqlite3
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from analysis.questions.columns import dates_in, moment, texts_in
from analysis.questions.phrases import brand_keys, key_of, names_a_brand
from analysis.questions.sample import as_of
from pipelines.storage.times import utc_text

MONTHS = 12
"""Months of publishing that are shown."""
_KEYWORDS = 12
_FEED_FROM = 5  # dated entries of a feed; fewer tell no rhythm
_MONTH_DAYS = 30.4
_QUARTER_DAYS = 91
_LONG_AGO = datetime(1970, 1, 3, tzinfo=UTC)
_AGE_DAYS = 2  # files of a site older than its newest are from before it moved them


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """Search work per competitor, our own site's among them.

    :returns: ``competitors``: id -> {``pages``, ``closed`` (pages that ask not to be listed),
        ``title`` and ``description`` {median, missing}, ``h1`` {one, none, several},
        ``canonical`` {self, other, none}, ``languages`` [{lang, pages}], ``hreflangs``,
        ``structured`` [{type, pages}], ``keywords`` [{phrase, pages, weight}],
        ``sitemap`` (see :func:`_sitemap`) or null, ``publishing`` (see :func:`_publishing`)};
        ``sample`` with the pages it rests on.
    """
    until = as_of(conn)
    pages = _pages(conn)
    keywords = _keywords(conn)
    files = _files(conn)
    found = {
        competitor: {
            **_summary(rows),
            "keywords": keywords.get(competitor, []),
            "sitemap": _sitemap(files.get(competitor, [])),
            "publishing": _publishing(files.get(competitor, []), rows, until),
        }
        for competitor, rows in pages.items()
    }
    total = sum(len(rows) for rows in pages.values())
    return {
        "competitors": found,
        "sample": {"posts": 0, "people": 0, "pages": total, "enough": total > 0, "until": until},
    }


_Row = dict[str, Any]

_PAGES = """
SELECT p.competitor, p.url, p.kind, p.lang, s.title_length, s.description_length, s.h1s_json,
       s.canonical, s.hreflangs_json, s.structured_json, s.indexable, s.published_at
FROM page_search s JOIN pages p ON p.id = s.page_id
WHERE p.status < 400 ORDER BY p.competitor, p.url
"""


def _pages(conn: sqlite3.Connection) -> dict[str, list[_Row]]:
    cursor = conn.execute(_PAGES)
    names = [column[0] for column in cursor.description]
    found: dict[str, list[_Row]] = defaultdict(list)
    for values in cursor:
        row = dict(zip(names, values, strict=True))
        found[row["competitor"]].append(row)
    return found


def _files(conn: sqlite3.Connection) -> dict[str, list[_Row]]:
    """Each site's sitemaps and feeds, without those it had before and no longer names."""
    cursor = conn.execute("SELECT * FROM sitemaps ORDER BY competitor, url")
    names = [column[0] for column in cursor.description]
    found: dict[str, list[_Row]] = defaultdict(list)
    for values in cursor:
        row = dict(zip(names, values, strict=True))
        found[row["competitor"]].append(row)
    for competitor, rows in found.items():
        times = {row["url"]: at for row in rows if (at := moment(row["fetched_at"]))}
        oldest = max(times.values(), default=_LONG_AGO) - timedelta(days=_AGE_DAYS)
        found[competitor] = [row for row in rows if times.get(row["url"], _LONG_AGO) >= oldest]
    return found


def _keywords(conn: sqlite3.Connection) -> dict[str, list[_Row]]:
    """What each site's pages are written for, by weight, without companies' names."""
    brands = brand_keys(conn)
    found: dict[str, list[_Row]] = defaultdict(list)
    for competitor, phrase, folded, pages, weight in conn.execute(
        "SELECT p.competitor, k.phrase, k.folded, count(*) AS pages, sum(k.weight) AS weight "
        "FROM page_keywords k JOIN pages p ON p.id = k.page_id WHERE p.status < 400 "
        "AND p.kind NOT IN ('contact', 'legal', 'careers') "
        "GROUP BY p.competitor, k.folded HAVING max(k.weight) >= 3 "
        "AND (instr(k.folded, ' ') OR count(*) > 1 OR max(k.weight) >= 5) "  # a word alone: oftener
        "ORDER BY p.competitor, weight DESC, pages DESC, k.folded"
    ):
        if len(found[competitor]) < _KEYWORDS and not names_a_brand(key_of(folded), brands):
            found[competitor].append(
                {"phrase": phrase, "pages": pages, "weight": round(weight, 1)}
            )  # fmt: skip
    return found


def _summary(rows: list[_Row]) -> dict[str, Any]:
    h1s = [len(texts_in(row["h1s_json"])) for row in rows]
    structured = Counter(kind for row in rows for kind in set(texts_in(row["structured_json"])))
    languages = Counter(row["lang"] for row in rows if row["lang"] != "und")
    codes = {code.lower() for row in rows for code in texts_in(row["hreflangs_json"])}
    return {
        "pages": len(rows),
        "closed": sum(not row["indexable"] for row in rows),
        "title": _lengths([row["title_length"] for row in rows]),
        "description": _lengths([row["description_length"] for row in rows]),
        "h1": {
            "one": sum(n == 1 for n in h1s),
            "none": sum(n == 0 for n in h1s),
            "several": sum(n > 1 for n in h1s),
        },
        "canonical": {
            word: sum(row["canonical"] == word for row in rows)
            for word in ("self", "other", "none")
        },
        "languages": [{"lang": lang, "pages": n} for lang, n in languages.most_common(8)],
        "hreflangs": sorted(codes - {"x-default"})[:40],
        "structured": [
            {"type": kind, "pages": n}
            for kind, n in sorted(structured.items(), key=lambda pair: (-pair[1], pair[0]))[:8]
        ],
    }


def _lengths(lengths: list[int]) -> dict[str, int]:
    written = [length for length in lengths if length]
    return {
        "median": int(median(written)) if written else 0,
        "missing": len(lengths) - len(written),
    }


def _sitemap(files: list[_Row]) -> dict[str, Any] | None:
    """What a site's sitemaps list; ``None`` where none was had.

    :returns: ``addresses`` in the files read, ``more`` where the site lists further files or a file
        was longer than what is read; ``dated``, ``newest``, and the shares ``recent_30`` and
        ``recent_90`` of the dated ones, 0..1 (``None`` where the dates are made by the machine).
    """
    maps = [row for row in files if row["kind"] == "sitemap"]
    listed = sum(row["addresses"] for row in files if row["kind"] == "index")
    if not maps:
        return None
    true = [row for row in maps if not row["generated"]]
    dated = sum(row["dated"] for row in true)
    return {
        "addresses": sum(row["addresses"] for row in maps),
        "more": listed > len(maps) or any(not row["whole"] for row in maps),
        "dated": dated,
        "generated": len(true) < len(maps),
        "newest": max((row["newest"] for row in true if moment(row["newest"])), default=None),
        "recent_30": round(sum(row["recent_30"] for row in true) / dated, 6) if dated else None,
        "recent_90": round(sum(row["recent_90"] for row in true) / dated, 6) if dated else None,
    }


def _publishing(files: list[_Row], pages: list[_Row], until: str | None) -> dict[str, Any]:
    """How often a site publishes.

    :returns: ``basis``: ``feed`` (times of publishing), ``sitemap`` (times of the last change),
        ``pages`` (times on the articles that were read: a lower bound) or ``None`` (nothing is
        dated); ``articles`` that are dated, ``per_month``, ``newest``, ``months`` [{month,
        articles}], the last twelve, oldest first.
    """
    feeds = _articles(row for row in files if row["kind"] == "feed")
    maps = _articles(row for row in files if row["kind"] == "sitemap" and not row["generated"])
    read = {
        row["url"]: row["published_at"]
        for row in pages
        if moment(row["published_at"]) and row["kind"] in ("article", "listing", "documentation")
    }
    dates = {**maps, **read, **feeds}
    now = moment(until)
    if not dates or now is None:
        return {"basis": None, "articles": 0, "per_month": None, "newest": None, "months": []}
    since = utc_text(now - timedelta(days=_QUARTER_DAYS))
    recent = sum(at >= since for at in dates.values()) / 3
    if len(feeds) >= _FEED_FROM:
        basis, rate = "feed", _rate_of_feed(feeds, now, since)
    else:
        basis, rate = ("sitemap" if len(maps) > len(read) else "pages"), recent
    months = Counter(at[:7] for at in dates.values())
    return {
        "basis": basis,
        "articles": len(dates),
        "per_month": round(rate, 1),
        "newest": max(dates.values()),
        "months": [{"month": month, "articles": months[month]} for month in _last_months(now)],
    }


def _rate_of_feed(feed: dict[str, str], now: datetime, since: str) -> float:
    """Articles a month: those of the last quarter, or where the feed does not reach back as far,
    those it holds over the time it spans.
    """
    oldest = min(feed.values())
    spanned = now - (moment(oldest) or now)
    if oldest < since:
        return sum(at >= since for at in feed.values()) / 3
    return len(feed) * _MONTH_DAYS / max(1.0, spanned / timedelta(days=1))


def _articles(files: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in files:
        found.update(dates_in(row["articles_json"]))
    return found


def _last_months(now: datetime) -> list[str]:
    last = now.year * 12 + now.month - 1
    return [f"{m // 12:04}-{m % 12 + 1:02}" for m in range(last - MONTHS + 1, last + 1)]
