"""Writes a large market database for `bench.desk`: through the real schema, the same by seed.

    python -m bench.desk_market FILE [--posts 1000000] [--competitors 500] [--years 3] [--seed 7]

Rows go in by the thousand, with the indexes of the large tables and the search index built
afterwards; the summaries pass then runs over it, as `scrapy refresh` would end.
"""

import argparse
import hashlib
import json
import random
import resource
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

from analysis.passes import summaries
from bench import desk_sites, desk_texts
from bench.desk_sites import NOW, Rival, Row, insert, stamp
from bench.desk_texts import CLAIMS, COMMON, KNOWN, Speech
from crawlers.folding import search_text
from pipelines.demand.topics.catalogue import listed_topics
from pipelines.storage.database import open_database
from pipelines.storage.write_posts import COPY_LENGTH

BATCH = 10_000
FORUMS = (
    ("f00", "en"), ("f01", "vi"), ("f02", "zh"), ("f03", "en"), ("f04", "zh-Hant"), ("f05", "vi"),
    ("f06", "en"), ("f07", "zh"), ("f08", "vi"), ("f09", "en"), ("f10", "en"), ("f11", "vi"),
    ("own:notes", "en"),
)  # fmt: skip
"""Twelve forums and a source of the researcher's own; the first are the largest."""

_SIZES = [1.0 / (place + 1.5) for place in range(12)] + [0.005]
_SEASON = (0.7, 0.8, 0.9, 0.9, 1.0, 1.2, 0.9, 1.0, 1.3, 1.1, 1.9, 1.4)  # of the year's months
_HOURS = [1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 8, 7, 8, 9, 9, 8, 8, 9, 10, 9, 6, 3]
_STAGES = ("none", "using", "comparing", "searching", "problem_aware")
_BARRIERS = ("price", "trust", "switching_cost", "missing_feature", "availability", "quality",
             "understanding", "timing", "authority", "too_cheap", "not_compared",
             "other")  # fmt: skip
_CLAIMED = {"pain": 0.14, "praise": 0.15, "objection": 0.04, "poor_fit": 0.01, "suggestion": 0.03}
_FACTS = (
    ("segment", "shop_owner", None, None), ("segment", "office_worker", None, None),
    ("segment", "team", 6.0, None), ("segment", "manager", None, None),
    ("role", "decider", None, None), ("role", "user", None, None), ("role", "buyer", None, None),
    ("occasion", "opening", None, None), ("occasion", "double_11", None, None),
    ("occasion", "tet", None, None), ("tenure", "12 months", 12.0, None),
    ("tenure", "36 months", 36.0, None), ("budget", "40 per month", 40.0, "USD"),
    ("budget", "300000 per month", 300_000.0, "VND"), ("spent", "200", 200.0, "CNY"),
    ("times_bought", "3", 3.0, None), ("frequency", "2 per week", 8.7, None),
)  # fmt: skip

_COLUMNS = {
    "threads": "id, forum, url, engine_id, title, posts, first_seen, last_seen",
    "forum_pages": "url, forum, thread_url, kind, status, body_hash, first_seen, last_seen",
    "posts": "id, key, forum, thread_id, engine_id, url, author, posted_at, posted_text, "
    "posted_precision, timezone, lang, script, text, quoted_json, copy_of, search_text, text_hash, "
    "first_seen, last_seen",
    "demand": "post_id, stage, need, budget, authority, pain, praise, objection, poor_fit, "
    "suggestion, seller, barrier, rule_version",
    "mentions": "post_id, brand, competitor, text",
    "feelings": "post_id, brand, competitor, feeling, quote",
    "topics": "post_id, kind, topic, quote",
    "author_facts": "post_id, fact, value, number, currency, quote, rule",
    "switches": "post_id, from_brand, to_brand, from_competitor, to_competitor, status, force, "
    "quote",
    "comparisons": "post_id, preferred, other, preferred_competitor, other_competitor, aspect, "
    "quote",
    "evidence": "claim_table, claim_key, subject, source, url, fetched_at, quote, rule, "
    "rule_version",
}
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Where a post stands. ``lang`` is a key of the sentences: "zh-Hant" for traditional."""

    id: int
    forum: str
    lang: str
    zone: str
    url: str
    title: str


class Posts:
    """Makes posts with their readings, thread by thread."""

    def __init__(self, chance: random.Random, said: Speech, found: list[Rival], days: int) -> None:
        self.chance, self.said = chance, said
        self.brands = [r for r in found if r.status == "watched"]
        chance.shuffle(self.brands)
        self.weights = list(accumulate(1.0 / (place + 4) for place in range(len(self.brands))))
        self.topics = list(listed_topics())
        self.days = [NOW - timedelta(days=ago) for ago in range(days, 0, -1)]
        self.seasons = list(accumulate(_SEASON[day.month - 1] for day in self.days))
        self.hours = list(accumulate(_HOURS))
        self.copied: list[tuple[int, str, str, str]] = []

    def threads(self, count: int) -> Iterator[Rows]:
        """So many posts, in rows of a batch."""
        rows: Rows = {table: [] for table in _COLUMNS}
        chance, thread, post = self.chance, 0, 0
        sizes = list(accumulate(_SIZES))
        while post < count:
            thread += 1
            forum, lang = chance.choices(FORUMS, cum_weights=sizes)[0]
            if chance.random() < 0.04:
                lang = chance.choice(("en", "zh", "vi"))
            posts = min(count - post, 1 + int(chance.expovariate(1 / 11)))
            self._thread(rows, thread, forum, lang, range(post + 1, post + posts + 1))
            post += posts
            if len(rows["posts"]) >= BATCH or post == count:
                yield rows
                rows = {table: [] for table in _COLUMNS}

    def _thread(self, rows: Rows, number: int, forum: str, lang: str, ids: range) -> None:
        chance, now = self.chance, stamp(NOW)
        url = f"https://{forum.replace(':', '-')}.example/t/{number}"
        zone = {"vi": "Asia/Ho_Chi_Minh", "en": "Asia/Singapore"}.get(lang, "Asia/Shanghai")
        brand, other = self._two()
        thread = Thread(
            id=number, forum=forum, lang=lang, zone=zone, url=url,
            title=self.said.say(CLAIMS["comparing"], lang, brand.name, other.name),
        )  # fmt: skip
        rows["threads"].append((number, forum, url, str(number), thread.title, len(ids), now, now))
        rows["forum_pages"].append((url, forum, url, "topic", 200, f"{number:064x}", now, now))
        start = chance.choices(self.days, cum_weights=self.seasons)[0]
        times = sorted(
            min(
                start
                + timedelta(
                    days=int(chance.expovariate(0.25)),
                    hours=chance.choices(range(24), cum_weights=self.hours)[0] - 8,
                    seconds=int(chance.random() * 3_600),
                ),
                NOW,
            )
            for _ in ids
        )
        quoted = "[]"
        for place, (post, at) in enumerate(zip(ids, times, strict=True)):
            author, text = self._post(rows, thread, post, stamp(at), quoted, opens=place == 0)
            quoted = (
                json.dumps([{"author": author, "text": text[:200]}], ensure_ascii=False)
                if chance.random() < 0.15
                else "[]"
            )

    def _two(self) -> tuple[Rival, Rival]:
        brand, other = self.chance.choices(self.brands, cum_weights=self.weights, k=2)
        return brand, other

    def _post(
        self, rows: Rows, thread: Thread, post: int, at: str, quoted: str, *, opens: bool
    ) -> tuple[str, str]:
        """Append a post and what is read in it; its author and text."""
        chance, pick, lang = self.chance, self.chance.random, thread.lang
        brand, other = self._two()
        claims = self._claims()
        said = [
            (claim, self.said.say(CLAIMS[kind], lang, brand.name, other.name))
            for claim, kind in claims.items()
        ]
        sentences = [sentence for _, sentence in said]
        sentences.append(self.said.babble(lang, 3 + int(45 * pick() ** 2)))
        if pick() < 0.6:
            sentences.append(self.said.say(CLAIMS["plain"], lang))
        if pick() < 0.1:
            sentences.append(self.said.say(COMMON, lang))
        if pick() < 0.02:
            sentences.append(self.said.say(KNOWN, lang))
        text = ("" if lang.startswith("zh") else " ").join(sentences)
        copy, digest = None, hashlib.sha256(text.encode()).hexdigest()
        if self.copied and pick() < 0.01 and thread.forum != "own:notes":
            copy, text, lang, digest = chance.choice(self.copied)
        elif len(text) >= COPY_LENGTH and thread.forum != "own:notes":
            self.copied = [*self.copied[-200:], (post, text, lang, digest)]
        author = f"p-{int(150_000 * pick() ** 2.5) * 2_654_435_761 % 2**40:010x}"
        url, now, whole = f"{thread.url}#p{post}", stamp(NOW), pick()
        undated = whole < 0.01
        rows["posts"].append((
            post, f"{thread.forum}:{post}", thread.forum, thread.id, str(post), url,
            None if pick() < 0.01 else author, None if undated else at, at,
            "unknown" if undated else "day" if whole < 0.02 else "minute", thread.zone,
            lang[:2], {"zh": "Hans", "zh-Hant": "Hant"}.get(lang), text, quoted, copy,
            search_text(f"{thread.title}\n{text}" if opens else text), digest, now, now,
        ))  # fmt: skip
        self._reading(rows, thread, post, claims.get("stage", "none"), dict(said), (brand, other))
        return author, text

    def _claims(self) -> dict[str, str]:
        """What a post claims: the claim and the kind of its sentence, no more than four."""
        pick = self.chance.random
        if pick() < 0.03:
            return {"seller": "seller"}
        stage = self.chance.choices(_STAGES, (48, 28, 9, 9, 6))[0]
        claims = {} if stage == "none" else {"stage": stage}
        claims |= {claim: claim for claim, share in _CLAIMED.items() if pick() < share}
        for claim, share in (("barrier", 0.07), ("switch", 0.04), ("comparison", 0.04),
                             ("fact", 0.1)):  # fmt: skip
            if pick() < share:
                claims[claim] = claim
        return dict(list(claims.items())[:4])

    def _reading(
        self, rows: Rows, thread: Thread, post: int, stage: str, said: dict[str, str],
        two: tuple[Rival, Rival],
    ) -> None:  # fmt: skip
        chance, (brand, other), now = self.chance, two, stamp(NOW)
        url = f"{thread.url}#p{post}"
        whole = "".join(said.values())
        barrier = chance.choice(_BARRIERS[: chance.randint(1, 12)]) if "barrier" in said else None
        rows["demand"].append((
            post, stage, "yes" if stage in ("comparing", "searching") else "unknown",
            "yes" if chance.random() < 0.05 else "unknown",
            "no" if barrier == "authority" else "unknown",
            *(int(claim in said) for claim in _CLAIMED), int("seller" in said), barrier, "1",
        ))  # fmt: skip
        for one in {brand.key: brand, other.key: other}.values():
            if one.name in whole:
                rows["mentions"].append((post, one.name, one.key, one.name))
        for kind in ("pain", "praise", "barrier", "suggestion"):
            if kind not in said:
                continue
            if kind in ("pain", "praise") and brand.name in said[kind]:
                rows["feelings"].append((post, brand.name, brand.key, kind, said[kind]))
            if chance.random() < 0.7:
                place = int(len(self.topics) * chance.random() ** 3)
                rows["topics"].append((post, kind, self.topics[place], said[kind]))
        if stage == "using" and brand.name in said["stage"]:
            rows["author_facts"].append(
                (post, "owns", brand.name, None, None, said["stage"], "en/use.brand")
            )
        if "fact" in said:
            fact = chance.choice(_FACTS)
            rows["author_facts"].append((post, *fact, said["fact"], "en/fact"))
        if brand is not other and "switch" in said:
            status = "done" if chance.random() < 0.6 else "considering"
            force = chance.choice(("push", "pull", "anxiety", "habit", None))
            rows["switches"].append(
                (post, brand.name, other.name, brand.key, other.key, status, force, said["switch"])
            )
        if brand is not other and "comparison" in said:
            rows["comparisons"].append(
                (post, brand.name, other.name, brand.key, other.key, "quick", said["comparison"])
            )
        for claim, sentence in said.items():
            rows["evidence"].append(
                ("demand", str(post), claim, thread.forum, url, now, sentence,
                 f"{thread.lang[:2]}/{claim}", "1")
            )  # fmt: skip


def _forums(conn: sqlite3.Connection) -> None:
    now = stamp(NOW)
    insert(
        conn, "forums", "id, url, name, engine, language, timezone, own, first_seen, last_seen",
        [
            (key, f"https://{key.replace(':', '-')}.example/", f"Forum {key}", "xenforo", lang[:2],
             "Asia/Singapore", int(key.startswith("own:")), now, now)
            for key, lang in FORUMS
        ],
    )  # fmt: skip
    insert(
        conn, "channel_tags",
        "subject, channel, role, platform, strength, first_seen, last_seen",
        [(key, "forum", "gathers", "", 3, now, now) for key, _ in FORUMS[:12]],
    )  # fmt: skip


def write(path: Path, *, posts: int, competitors: int, years: float, seed: int) -> None:
    """Write the market; its summaries are still to be made.

    :raises FileExistsError: something stands at the path.
    """
    if path.exists():
        raise FileExistsError(f"{path} exists: name a new file, or remove it first")
    conn, days = open_database(path), max(1, round(365 * years))
    chance = random.Random(seed)
    conn.execute("PRAGMA foreign_keys = OFF")  # every key is ours; checked by the tests
    conn.execute("PRAGMA synchronous = OFF")
    conn.execute("PRAGMA journal_mode = OFF")
    indexes = [
        row[0]
        for row in conn.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql <> ''")
    ]
    for (name,) in conn.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql <> ''"
    ).fetchall():
        conn.execute(f"DROP INDEX {name}")
    found = desk_sites.rivals(chance, competitors)
    conn.execute("BEGIN")
    desk_sites.companies(conn, chance, found)
    desk_sites.sites(conn, chance, found, days)
    _forums(conn)
    desk_sites.runs(conn, chance, found, [key for key, _ in FORUMS[:12]], days)
    conn.execute("COMMIT")
    for rows in Posts(chance, desk_texts.speech(chance), found, days).threads(posts):
        conn.execute("BEGIN")
        for table, columns in _COLUMNS.items():
            insert(conn, table, columns, rows[table])
        conn.execute("COMMIT")
    conn.execute("INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')")
    for sql in indexes:
        conn.execute(sql)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.close()


def main() -> None:
    """Write the file, run the summaries pass, say what both took."""
    parser = argparse.ArgumentParser(prog="bench.desk_market", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--competitors", type=int, default=500)
    parser.add_argument("--years", type=float, default=3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-summaries", action="store_true", help="leave the answers out")
    options = parser.parse_args()
    started = time.perf_counter()
    write(
        options.file, posts=options.posts, competitors=options.competitors, years=options.years,
        seed=options.seed,
    )  # fmt: skip
    print(
        f"{options.posts:,} posts in {time.perf_counter() - started:.0f} s, "
        f"{options.file.stat().st_size / 1e6:,.0f} MB, {_peak():,.0f} MB of memory at most",
        flush=True,
    )
    if options.no_summaries:
        return
    started, conn = time.perf_counter(), open_database(options.file)
    summaries.run(conn, now=NOW)
    print(
        f"summaries in {time.perf_counter() - started:.0f} s, {_peak():,.0f} MB of memory at most"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
