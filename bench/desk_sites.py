"""The companies of the generated market, their sites, and the runs that read them."""

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.desk_texts import PLACES, THINGS, names
from crawlers.folding import search_text
from crawlers.words import CHANNELS

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
"""The generated market's newest moment."""

LANGS = ("en", "zh", "vi")
_KINDS = ("home", "pricing", "about", "product", "service", "article", "contact", "careers")
_FLAGS = ("same_product", "same_audience", "same_category", "substitute", "extension")
_CHANGES = (
    ("price", 3), ("plan", 3), ("positioning", 2), ("new_page", 1), ("removed_page", 1),
    ("channel", 2), ("hiring", 1), ("promotion", 2), ("audience", 2), ("availability", 1),
)  # fmt: skip
_REASONS = ("timeout", "http_500", "http_404", "blocked", "robots", "dns", "too_large", "not_html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A company of the market; ``tier`` and ``verdict`` as in the table ``tiers``."""

    key: str
    name: str
    lang: str
    status: str
    tier: int | None
    verdict: str
    outcome: str


def stamp(moment: datetime) -> str:
    """A time as it stands in the tables."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


Row = tuple[str | int | float | None, ...]


def insert(conn: sqlite3.Connection, table: str, columns: str, rows: Iterable[Row]) -> None:
    """Many rows of a table at once."""
    marks = ", ".join("?" * len(columns.split(",")))
    conn.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def rivals(chance: random.Random, count: int) -> list[Rival]:
    """The companies, ours first: six of seven watched, in all tiers; candidates; a few ignored."""
    verdicts: list[tuple[int | None, str]] = [(None, "insufficient"), (None, "unrelated")]
    for tier, times in ((1, 3), (2, 4), (3, 4)):
        verdicts += [(tier, "decided")] * times
    found = []
    for place, name in enumerate(names(chance, count + 1)):
        tier, verdict = chance.choice(verdicts)
        status = "candidate" if place % 8 == 7 else "ignored" if place % 25 == 24 else "watched"
        outcome = chance.choices(
            ("read", "unchanged", "partial", "blocked", "robots", "failed", "empty"),
            (40, 40, 6, 4, 4, 4, 2),
        )[0]
        found.append(
            Rival(
                key=f"c{place:03d}" if place else "ours", name=name, lang=chance.choice(LANGS),
                status=status if place else "watched", tier=tier, verdict=verdict, outcome=outcome,
            )
        )  # fmt: skip
    return found


def companies(conn: sqlite3.Connection, chance: random.Random, found: list[Rival]) -> None:
    """Rows of the companies themselves: facts, tiers with their history and proof, decisions."""
    born, now = stamp(NOW - timedelta(days=1095)), stamp(NOW)
    business = {
        "name": found[0].name, "description": "A till and a web shop for small shops.",
        "offers": ["till", "web shop"], "keywords": ["till", "收银机", "máy tính tiền"],
        "audience": ["small shops"], "aliases": [], "site": "https://ours.example/",
        "category": "shop software", "price_band": "$10 to $40 a month", "regions": [],
        "languages": list(LANGS),
    }  # fmt: skip
    insert(conn, "market", "name, file_digest, business_json, loaded_at",
           [("desk", "0", json.dumps(business, ensure_ascii=False), now)])  # fmt: skip
    insert(
        conn, "competitors",
        "id, name, site, site_key, origin, status, is_self, first_seen, last_seen",
        [
            (r.key, r.name, f"https://{r.key}.example/", f"{r.key}.example",
             "discovered" if r.status == "candidate" else "file", r.status, int(r.key == "ours"),
             born, now)
            for r in found
        ],
    )  # fmt: skip
    insert(
        conn, "companies",
        "competitor, name, tagline, description, lang, founded, places_json, audience_json, "
        "trust_json, accounts_json, updated_at",
        [
            (r.key, r.name, f"{r.name}: the till for {chance.choice(PLACES['en'])}",
             f"{r.name} makes a {chance.choice(THINGS['en'])} for small shops.", r.lang,
             chance.randint(1990, 2024), json.dumps([chance.choice(PLACES["en"])]),
             json.dumps(["small shops"]), '["ISO 27001"]',
             json.dumps([f"https://social.example/{r.key}"]), now)
            for r in found
        ],
    )  # fmt: skip
    judged = [(r, [round(chance.random(), 3) for _ in range(6)]) for r in found[1:]]
    insert(
        conn, "tiers",
        "competitor, tier, verdict, score, same_product, same_audience, same_category, substitute, "
        "extension, method, rule_version, decided_at, reasons_json, would_change",
        [
            (r.key, r.tier, r.verdict, *scores, "words", "1", now,
             '["sells the same", "speaks to the same people", "named beside us"]', "a second shop")
            for r, scores in judged
        ],
    )  # fmt: skip
    insert(
        conn, "tier_history", "competitor, at, tier, verdict, score, reason, cause",
        [
            (r.key, stamp(NOW - timedelta(days=900 - 220 * step)),
             r.tier if step else chance.choice((2, 3)), r.verdict if step else "decided",
             scores[0], "its pages say so", "seen" if step else "first")
            for r, scores in judged for step in range(chance.randint(1, 4))
        ],
    )  # fmt: skip
    proof: list[Row] = []
    for r, scores in judged:
        site, url = r.key, f"https://{r.key}.example/about"
        for flag, weight in zip(_FLAGS, scores, strict=False):
            proof += [("tiers", r.key, flag, site, url, now, "A till for small shops", "kind:till",
                       "1", weight)] * 2  # fmt: skip
        for fact in ("name", "tagline", "description", "founded", "places", "audience", "trust"):
            proof.append(("companies", r.key, fact, site, url, now, f"{r.name} since 2010",
                          "page:h1", "1", None))  # fmt: skip
    _proof(conn, proof)
    candidates = [r for r in found if r.status == "candidate"]
    insert(
        conn, "candidates", "competitor, times, places, authors, lists, weight",
        [(r.key, n := chance.randint(1, 40), n, max(1, n // 2), n // 8, n * 0.6)
         for r in candidates],
    )  # fmt: skip
    _proof(
        conn,
        [
            ("competitors", r.key, "candidate", "f00", f"https://f00.example/t/{n}#p1", now,
             f"I left for {r.name}", "discovery/talk", "1", 1.0)
            for r in candidates for n in range(6)
        ],
    )  # fmt: skip
    insert(
        conn, "decisions", "subject, field, value, reason, origin, decided_by, decided_at",
        [(r.key, "tier", "1", "They opened a shop line", "desk", "lan", now)
         for r in found[1:] if r.status == "watched" and chance.random() < 0.04],
    )  # fmt: skip


def _proof(conn: sqlite3.Connection, rows: Iterable[Row]) -> None:
    insert(conn, "evidence", "claim_table, claim_key, subject, source, url, fetched_at, quote, "
           "rule, rule_version, weight", rows)  # fmt: skip


def sites(conn: sqlite3.Connection, chance: random.Random, found: list[Rival], days: int) -> None:
    """Pages with their versions, search work and channels; offers with prices; changes; tags.

    :param days: the length of the market's history.
    """
    page, tag, offer = 0, 0, 0
    for r in found:
        rows: dict[str, list[Row]] = {name: [] for name in (*_SITE_COLUMNS, "proof")}
        first = page + 1
        for number in range(chance.randint(12, 70)):
            page += 1
            _page(chance, rows, r, page, number, days)
        for number in range(chance.choice((3, 5, 8, 20, 40))):
            offer += 1
            _offer(chance, rows, r, first, offer, number, days)
        for channel in chance.sample(CHANNELS, chance.randint(4, 14)):
            tag += 1
            platform = chance.choice(("", "", "YouTube", "Zalo", "Shopee"))
            rows["channel_tags"].append(
                (tag, r.key, channel, "promotes", platform, chance.randint(1, 3),
                 stamp(NOW - timedelta(days=days)), stamp(NOW))
            )  # fmt: skip
            for _ in range(3):
                rows["proof"].append(
                    ("channel_tags", str(tag), "", r.key, f"https://{r.key}.example/", stamp(NOW),
                     f"Follow us on {platform or channel}", f"{channel}.link", "1", None)
                )  # fmt: skip
        for number in range(days // 20):
            kind, weight = chance.choice(_CHANGES)
            rows["changes"].append(
                (r.key, first + number % 10, kind, kind, "$49", "$59", f"{r.name}: $49 -> $59",
                 weight, stamp(NOW - timedelta(seconds=chance.randint(0, days * 86_400))))
            )  # fmt: skip
        rows["sitemaps"].append(
            (f"https://{r.key}.example/sitemap.xml", r.key, "sitemap", 60, 1, 50, stamp(NOW), 4, 12,
             0, json.dumps({f"https://{r.key}.example/blog/{n}": stamp(NOW - timedelta(days=9 * n))
                            for n in range(30)}), stamp(NOW))
        )  # fmt: skip
        for table, columns in _SITE_COLUMNS.items():
            insert(conn, table, columns, rows[table])
        _proof(conn, rows["proof"])


_SITE_COLUMNS = {
    "pages": "id, competitor, url, kind, lang, title, description, status, body_hash, text_hash, "
    "links_json, version, first_seen, changed_at, last_seen",
    "page_versions": "page_id, version, seen_at, title, description, text, headings_json, "
    "company_json",
    "page_search": "page_id, title_length, description_length, h1s_json, headings_json, canonical, "
    "hreflangs_json, structured_json, indexable, published_at, modified_at",
    "page_keywords": "page_id, folded, phrase, weight, places",
    "page_channels": "page_id, channel, role, platform, strength, evidence_json",
    "page_links": "page_id, site_key, url, text",
    "offers": "id, competitor, page_id, key, position, name, price_minor, currency, period, "
    "availability, rating, review_count, first_seen, last_seen",
    "price_history": "offer_id, seen_at, price_minor, currency, price_text",
    "channel_tags": "id, subject, channel, role, platform, strength, first_seen, last_seen",
    "changes": "competitor, page_id, kind, field, old, new, words, importance, at",
    "sitemaps": "url, competitor, kind, addresses, whole, dated, newest, recent_30, recent_90, "
    "generated, articles_json, fetched_at",
}  # fmt: skip


def _page(chance: random.Random, rows: dict[str, list[Row]], r: Rival, page: int,
          number: int, days: int) -> None:  # fmt: skip
    kind = _KINDS[number] if number < len(_KINDS) else chance.choice(("article", "product"))
    url = f"https://{r.key}.example/{kind}/{number}"
    thing, place = chance.choice(THINGS[r.lang]), chance.choice(PLACES[r.lang])
    title, versions = f"{thing} {place} | {r.name}", chance.randint(1, 4)
    text = " ".join(f"{chance.choice(THINGS[r.lang])} {n}" for n in range(100))
    born = NOW - timedelta(days=chance.randint(30, days))
    rows["pages"].append(
        (page, r.key, url, kind, r.lang, title, text[:150], 200, f"{page:064x}", f"{page:064x}",
         json.dumps([[r.key, f"https://{r.key}.example/product/{n}", "page", 1, 50, {}]
                     for n in range(8)]), versions, stamp(born), stamp(NOW), stamp(NOW))
    )  # fmt: skip
    for version in range(1, versions + 1):
        rows["page_versions"].append(
            (page, version, stamp(born + timedelta(days=version)), title, text[:150],
             f"{version} {text}", json.dumps([thing, place]), "{}")
        )  # fmt: skip
    rows["page_search"].append(
        (page, len(title), 150, json.dumps([thing]), json.dumps([{"level": 1, "text": thing}]),
         "self", json.dumps([r.lang]), '["Product"]', 1, stamp(born), stamp(NOW))
    )  # fmt: skip
    phrases = {f"{chance.choice(THINGS[r.lang])} {chance.choice(PLACES[r.lang])}" for _ in range(6)}
    for phrase in sorted(phrases):
        rows["page_keywords"].append(
            (page, search_text(phrase), phrase, float(chance.randint(1, 9)), "title h1")
        )
    for channel in chance.sample(CHANNELS, 2):
        quote = json.dumps([{"quote": "Follow us", "rule": "link", "url": url}])
        rows["page_channels"].append((page, channel, "promotes", "", 2, quote))
    other = f"c{chance.randint(1, 400):03d}.example"
    rows["page_links"].append((page, other, f"https://{other}/", "partner"))


def _offer(chance: random.Random, rows: dict[str, list[Row]], r: Rival, first: int,
           offer: int, number: int, days: int) -> None:  # fmt: skip
    currency, price = {"en": ("USD", 4_900), "zh": ("CNY", 19_900), "vi": ("VND", 299_000)}[r.lang]
    price += number * price // 9
    rows["offers"].append(
        (offer, r.key, first + number % 10, f"k{offer}", number,
         f"{chance.choice(THINGS[r.lang])} {number}", price, currency, "month", "InStock", 4.5,
         chance.randint(0, 900), stamp(NOW - timedelta(days=days)), stamp(NOW))
    )  # fmt: skip
    at = NOW - timedelta(days=days)
    while at < NOW:
        rows["price_history"].append((offer, stamp(at), price, currency, f"{price} {currency}"))
        price = max(100, price + chance.choice((-1, 1)) * price // 20)
        at += timedelta(days=chance.randint(20, 160))


def runs(
    conn: sqlite3.Connection, chance: random.Random, found: list[Rival], forums: list[str],
    days: int,
) -> None:  # fmt: skip
    """A run of sites and one of forums each day, one of discovery each week; some failures."""
    for run, (spider, started) in enumerate(_starts(days), start=1):
        sources = forums if spider == "forums" else [r.key for r in found if r.status == "watched"]
        if spider == "discover":
            sources = ["lists"]
        status = "failed" if chance.random() < 0.02 else "finished"
        outcomes: list[Row] = []
        failures: list[Row] = []
        at = stamp(started)
        for place, source in enumerate(sources):
            usual = found[place].outcome if spider == "competitors" else "read"
            outcome = usual if chance.random() < 0.9 else chance.choice(("read", "failed"))
            bad = outcome in ("failed", "blocked", "robots", "partial")
            outcomes.append(
                (run, source, outcome, 0 if bad else 30, 12 if spider == "forums" else 0,
                 int(bad), int(not bad), 5.0 if outcome == "blocked" else 1.0,
                 f"{outcome}: see the failures" if bad else "")
            )  # fmt: skip
            if bad:
                reason = outcome if outcome in ("blocked", "robots") else chance.choice(_REASONS)
                url = f"https://{source}.example/page/{chance.randint(1, 60)}"
                failures.append((run, source, url, reason, f"{reason}, status 403", at))
        insert(
            conn, "runs",
            "id, spider, status, started_at, finished_at, requests, pages, unchanged, posts, "
            "failures, reason, stats_json",
            [(run, spider, status, at, stamp(started + timedelta(minutes=40)), 9_000, 8_000, 6_000,
              900 if spider == "forums" else 0, len(failures), "finished",
              json.dumps({"downloader/request_count": 9_000, "elapsed_time_seconds": 2_400}))],
        )  # fmt: skip
        insert(conn, "run_sources",
               "run_id, source, outcome, pages, posts, failures, whole, delay, detail",
               outcomes)  # fmt: skip
        insert(conn, "failures", "run_id, source, url, reason, detail, at", failures)


def _starts(days: int) -> Iterator[tuple[str, datetime]]:
    for ago in range(days - 1, -1, -1):
        morning = NOW - timedelta(days=ago, hours=5)
        yield "competitors", morning
        yield "forums", morning + timedelta(hours=1)
        if ago % 7 == 3:
            yield "discover", morning + timedelta(hours=2)
