"""A small market written by hand: standing desks, three languages, every kind of row.

Builds a database by executing the schema and inserting rows; what the tests assert is what is
written here. ``hostile()`` fills the same tables with the worst a page could hold.
"""

import json
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from crawlers.folding import search_text
from crawlers.words import CHANNELS

MIGRATIONS = Path(__file__).parents[2] / "pipelines" / "storage" / "migrations"
NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)

RIVALS = [
    # id, name, tier, verdict, score, flags, outcome, language
    ("liftline", "LiftLine", 1, "decided", 0.94, (0.96, 0.9, 1.0, 0.1, 0.0), "read", "en"),
    ("chaoban", "潮办升降桌", 1, "decided", 0.9, (0.93, 0.8, 1.0, 0.0, 0.2), "read", "zh"),
    ("bandung", "Bàn Đứng Việt", 1, "decided", 0.84, (0.88, 0.75, 0.9, 0.1, 0.0), "read", "vi"),
    ("oakframe", "Oak & Frame", 1, "override", 0.58, (0.44, 0.7, 0.4, 0.2, 0.3), "read", "en"),
    ("posturely", "Posturely", 2, "decided", 0.63, (0.2, 0.8, 0.3, 0.9, 0.1), "read", "en"),
    ("zuoan", "坐安人体工学椅", 2, "decided", 0.6, (0.1, 0.6, 0.7, 0.5, 0.1), "unchanged", "zh"),
    ("riserkit", "RiserKit", 2, "decided", 0.55, (0.3, 0.4, 0.8, 0.6, 0.0), "partial", "en"),
    ("lampora", "Lampora", 3, "decided", 0.41, (0.1, 0.7, 0.2, 0.1, 0.6), "read", "en"),
    ("nhamoi", "Nhà Mới Decor", 3, "decided", 0.38, (0.1, 0.6, 0.3, 0.1, 0.2), "read", "vi"),
    ("thinco", "Thin & Co", None, "insufficient", 0.2, (0.1, 0.1, 0.1, 0.0, 0.0), "read", "en"),
    ("brewhut", "Brew Hut", None, "unrelated", 0.04, (0.0, 0.1, 0.0, 0.0, 0.0), "read", "en"),
    ("shutdoor", "Shutdoor Desks", None, None, None, None, "blocked", "en"),
    ("closed", "Closed Gate", None, None, None, None, "robots", "en"),
]

FORUMS = [
    ("deskforum", "Desk Talk", "xenforo", "en", "America/Chicago"),
    ("gongwei", "工位论坛", "discuz", "zh", "Asia/Shanghai"),
    ("gocviec", "Góc Làm Việc", "mybb", "vi", "Asia/Ho_Chi_Minh"),
]

# forum, text, stage, flags, barrier, brand, switch (from, to, status, force), claims
VOICES = [
    ("deskforum", "Looking for a standing desk under 500, any tips for a small flat?",
     "searching", "", None, None, None, {"stage": "Looking for a standing desk"}),
    ("deskforum", "LiftLine or Oak & Frame for a 160 cm top? I cannot decide.",
     "comparing", "", None, "LiftLine", None, {"stage": "LiftLine or Oak & Frame"}),
    ("deskforum", "My LiftLine wobbles at full height and support never answers.",
     "using", "pain", "quality", "LiftLine", None, {"pain": "wobbles at full height"}),
    ("deskforum", "Sold my LiftLine and moved to Oak & Frame, so much quieter.",
     "using", "praise", None, "Oak & Frame", ("LiftLine", "Oak & Frame", "done", "pull"),
     {"praise": "so much quieter"}),
    ("deskforum", "The price is too high for me, I will wait for a sale.",
     "searching", "objection", "price", None, None, {"barrier": "The price is too high for me"}),
    ("deskforum", "I wish one of them had a quiet motor for night work.",
     "problem_aware", "suggestion", "missing_feature", None, None,
     {"suggestion": "I wish one of them had a quiet motor", "barrier": "had a quiet motor"}),
    ("deskforum", "My Maple Desk is fine but I am thinking of going to LiftLine for the warranty.",
     "using", "", None, "Maple Desk", ("Maple Desk", "LiftLine", "considering", "pull"), {}),
    ("gongwei", "求推荐升降桌，预算两千左右，价格别太高。",
     "searching", "", "price", None, None, {"stage": "求推荐升降桌", "barrier": "价格别太高"}),
    ("gongwei", "潮办升降桌的電機噪音太大，後悔買了。",
     "using", "pain", "quality", "潮办升降桌", None, {"pain": "電機噪音太大"}),
    ("gongwei", "从LiftLine换到潮办升降桌，性价比高很多。",
     "using", "praise", None, "潮办升降桌", ("LiftLine", "潮办升降桌", "done", "pull"),
     {"praise": "性价比高很多"}),
    ("gongwei", "潮办和坐安哪个好？怕买了后悔。",
     "comparing", "", "trust", "潮办升降桌", None, {"barrier": "怕买了后悔", "stage": "哪个好"}),
    ("gocviec", "Mình đang phân vân giữa bàn đứng và ghế công thái học, ai dùng rồi cho mình hỏi.",
     "comparing", "", "understanding", "Bàn Đứng Việt", None,
     {"stage": "đang phân vân", "barrier": "phân vân giữa bàn đứng và ghế"}),
    ("gocviec", "gia hoi cao, de minh hoi vo da roi mua sau",
     "searching", "objection", "authority", None, None, {"barrier": "de minh hoi vo da"}),
    ("gocviec", "Bàn Đứng Việt giao hàng nhanh, bảo hành tốt, rất đáng tiền.",
     "using", "praise", None, "Bàn Đứng Việt", None, {"praise": "bảo hành tốt"}),
    ("gocviec", "Chuyển từ Bàn Đứng Việt sang LiftLine vì chân bàn bị rung.",
     "using", "pain", "quality", "LiftLine", ("Bàn Đứng Việt", "LiftLine", "done", "push"),
     {"pain": "chân bàn bị rung"}),
    ("gocviec", "Shop mình có bán bàn nâng hạ giá sỉ, ib nhé.",
     "none", "seller", None, None, None, {"seller": "Shop mình có bán"}),
    ("deskforum", "Nice photos, thanks for sharing!", "none", "", None, None, None, {}),
]  # fmt: skip


def stamp(moment: datetime) -> str:
    """UTC RFC 3339."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def empty(path: Path) -> sqlite3.Connection:
    """A database with the schema, the channels and the market, and nothing gathered."""
    return _copied(_empty(), path)


def sample(path: Path, *, posts: int = 340, running: bool = False) -> sqlite3.Connection:
    """The whole sample market; ``posts`` voices spread over fourteen months."""
    return _copied(_sample(posts=posts, running=running), path)


def _copied(made: bytes, path: Path) -> sqlite3.Connection:
    """A file like one that was made before: hundreds of tests ask for the same."""
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.deserialize(made)
        conn = sqlite3.connect(path)
        memory.backup(conn)
    conn.execute("PRAGMA journal_mode = WAL")
    return conn


@cache
def _empty() -> bytes:
    with closing(sqlite3.connect(":memory:")) as conn:
        for migration in sorted(MIGRATIONS.glob("*.sql")):
            conn.executescript(migration.read_text(encoding="utf-8"))
        conn.executemany(
            "INSERT INTO channels (id, position, standard) VALUES (?, ?, ?)",
            [(name, place, int(place < 19)) for place, name in enumerate(CHANNELS)],
        )
        business = {"name": "Maple Desk", "description": "Standing desks for small flats"}
        conn.execute(
            "INSERT INTO market VALUES ('desks', 'x', ?, ?)", (json.dumps(business), stamp(NOW))
        )
        conn.commit()
        return conn.serialize()


@cache
def _sample(*, posts: int, running: bool) -> bytes:
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.deserialize(_empty())
        _competitors(conn)
        _runs(conn, running=running)
        _sites(conn)
        _forums(conn)
        _posts(conn, posts)
        _alerts(conn)
        conn.execute("INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')")
        conn.commit()
        return conn.serialize()


def _insert(conn: sqlite3.Connection, table: str, **values: object) -> int:
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    cursor = conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
    return int(cursor.lastrowid or 0)


def evidence(conn: sqlite3.Connection, table: str, key: object, subject: str, quote: str,
             url: str, source: str, weight: float | None = None) -> None:  # fmt: skip
    """One row of proof."""
    _insert(
        conn, "evidence", claim_table=table, claim_key=str(key), subject=subject, source=source,
        url=url, fetched_at=stamp(NOW - timedelta(hours=4)), quote=quote, rule=f"{table}.sample",
        rule_version="1", weight=weight,
    )  # fmt: skip


def _competitors(conn: sqlite3.Connection) -> None:
    seen = {"first_seen": stamp(NOW - timedelta(days=200)), "last_seen": stamp(NOW)}
    _insert(conn, "competitors", id="maple", name="Maple Desk", site="https://maple.example/",
            site_key="maple.example", is_self=1, **seen)  # fmt: skip
    for key, name, tier, verdict, score, flags, _, lang in RIVALS:
        site = f"https://{key}.example/"
        _insert(
            conn, "competitors", id=key, name=name, site=site, site_key=f"{key}.example",
            origin="discovered" if key == "lampora" else "file",
            status="candidate" if key == "lampora" else "watched", **seen,
        )  # fmt: skip
        if verdict is None:
            continue
        _insert(
            conn, "tiers", competitor=key, tier=tier, verdict=verdict, score=score,
            same_product=flags[0], same_audience=flags[1], same_category=flags[2],
            substitute=flags[3], extension=flags[4], complement=0, method="words",
            rule_version="1", decided_at=stamp(NOW),
        )  # fmt: skip
        names = ("same_product", "same_audience", "same_category", "substitute", "extension")
        for flag, value in zip(names, flags, strict=True):
            if value >= 0.4:
                evidence(conn, "tiers", key, flag, f"{name}: electric desks for home and studio",
                         f"{site}products", key, weight=value)  # fmt: skip
        _insert(
            conn, "companies", competitor=key, name=name, tagline=f"{name}, made for long days",
            description="Desks that rise with a button, delivered to your door.", lang=lang,
            founded=2014, size="11-50", places_json='["Austin", "Đà Nẵng"]',
            audience_json='["home offices", "studios"]', trust_json='["10-year warranty"]',
            after_sales_json='["30 days to return"]',
            contact_json=json.dumps({"email": [f"hello@{key}.example"]}),
            accounts_json=json.dumps([f"https://social.example/{key}"]), updated_at=stamp(NOW),
        )  # fmt: skip
        _insert(conn, "tier_history", competitor=key, at=stamp(NOW - timedelta(days=40)),
                tier=tier, verdict=verdict, score=score, reason="first verdict")  # fmt: skip
    _candidates(conn, seen)
    _insert(
        conn, "decisions", subject="oakframe", field="tier", value="1", origin="desk",
        reason="They opened a desk line in spring", decided_by="lan",
        decided_at=stamp(NOW - timedelta(days=2)),
    )  # fmt: skip


def _candidates(conn: sqlite3.Connection, seen: dict[str, str]) -> None:
    """Found, undecided: one whose home page was looked at, one known by its name only."""
    _insert(
        conn, "competitors", id="name:standwell", name="Standwell", origin="discovered",
        status="candidate", **seen,
    )  # fmt: skip
    _insert(
        conn, "tiers", competitor="name:standwell", tier=None, verdict="insufficient", score=0.0,
        same_product=0.0, same_audience=0.0, same_category=0.0, substitute=0.0, extension=0.0,
        method="words", rule_version="1", decided_at=stamp(NOW),
    )  # fmt: skip
    _insert(conn, "candidates", competitor="lampora", times=7, places=4, authors=5, lists=1,
            weight=5.1)  # fmt: skip
    _insert(conn, "candidates", competitor="name:standwell", times=1, places=1, authors=1, lists=0,
            weight=1.0)  # fmt: skip
    for key, forum, quote, weight in (
        ("lampora", "deskforum", "Lampora or LiftLine for a studio?", 1.0),
        ("lampora", "gongwei", "有人用过 Lampora 吗？", 0.8),
        ("lampora", "gocviec", "Lampora nghe nói cũng ổn", 0.5),
        ("name:standwell", "deskforum", "I left LiftLine for Standwell", 1.0),
    ):
        evidence(conn, "competitors", key, "candidate", quote,
                 f"https://{forum}.example/t/1#p1", forum, weight=weight)  # fmt: skip


def _runs(conn: sqlite3.Connection, *, running: bool) -> None:
    for days in range(9, -1, -1):
        at = NOW - timedelta(days=days, hours=3)
        for spider in ("competitors", "forums"):
            run = _insert(
                conn, "runs", spider=spider, status="finished", started_at=stamp(at),
                finished_at=stamp(at + timedelta(minutes=18)), requests=240, pages=190,
                unchanged=40, posts=36 if spider == "forums" else 0, failures=3,
                reason="finished",
            )  # fmt: skip
            if spider == "competitors":
                for key, *_, outcome, _lang in RIVALS:
                    _insert(
                        conn, "run_sources", run_id=run, source=key, outcome=outcome, pages=14,
                        failures=int(outcome != "read"), delay=1.0 if outcome != "blocked" else 5.0,
                        detail="" if outcome == "read" else f"{outcome}: see failures",
                    )  # fmt: skip
                _insert(conn, "failures", run_id=run, source="shutdoor", reason="blocked",
                        url="https://shutdoor.example/", detail="challenge page, status 403",
                        at=stamp(at))  # fmt: skip
                _insert(conn, "failures", run_id=run, source="riserkit", reason="timeout",
                        url="https://riserkit.example/x", detail="no answer in 30 s",
                        at=stamp(at))  # fmt: skip
            else:
                for key, *_ in FORUMS:
                    _insert(conn, "run_sources", run_id=run, source=key, outcome="read",
                            pages=40, posts=12, delay=2.0)  # fmt: skip
    if running:
        _insert(conn, "runs", spider="forums", status="running", started_at=stamp(NOW),
                requests=12, pages=10)  # fmt: skip


ALERTS = {
    "price": ("liftline", "liftline", {
        "name": "LiftLine", "count": 7, "changes": [
            {"kind": "price", "field": "Pro", "old": "$499", "new": "$549",
             "words": "Pro: $499 -> $549", "url": "https://liftline.example/p"},
            {"kind": "promotion", "field": "price_before", "old": "$300", "new": "$250",
             "words": "Mini: on sale, $300 -> $250", "url": "https://liftline.example/m"},
        ],
    }),
    "tier": ("riserkit", "riserkit", {
        "name": "RiserKit", "before": 3, "after": 2, "found": False, "reason": "why",
        "quote": "a riser for any desk",
    }),
    "direct": ("lampora", "lampora", {
        "name": "Lampora", "before": None, "after": 1, "found": True, "reason": "",
        "quote": "desks that rise",
    }),
    "pain": ("sound", None, {
        "name": "sound", "names": {"en": "noise", "zh": "噪音", "vi": "tiếng ồn"}, "people": 12,
        "usual": 1.5, "ratio": 8.0, "days": 7,
        "quotes": [{"quote": "電機噪音太大", "url": "https://gongwei.example/t/1#p1"}],
    }),
    "leaving": ("", None, {
        "name": "Maple Desk", "people": 2, "done": 1, "quotes": [
            {"quote": "thinking of going to LiftLine", "status": "considering", "to": "LiftLine",
             "url": "https://deskforum.example/t/1#p9"},
        ],
    }),
    "source": ("shutdoor", "shutdoor", {
        "name": "Shutdoor Desks", "outcome": "blocked", "detail": "status 403", "all": False,
        "since": "2026-11-18T03:48:00Z", "sources": ["Shutdoor Desks"],
    }),
}  # fmt: skip
"""Kind -> subject, competitor, facts: one alert of each kind, found last night."""


def _alerts(conn: sqlite3.Connection) -> None:
    for kind, (subject, competitor, facts) in ALERTS.items():
        _insert(
            conn, "alerts", key=f"{kind}:{subject}", kind=kind, subject=subject,
            competitor=competitor, fact="f", at=stamp(NOW - timedelta(hours=4)),
            raised_at=stamp(NOW - timedelta(hours=3)), facts_json=json.dumps(facts),
            url=f"https://{kind}.example/",
        )  # fmt: skip


def _sites(conn: sqlite3.Connection) -> None:
    channels = [
        ("organic_social", "Instagram", 3), ("organic_video", "YouTube", 2), ("email", "", 2),
        ("paid_search", "Google Ads", 1), ("marketplace", "Shopee", 3), ("messaging", "Zalo", 2),
        ("direct", "", 1), ("organic_search", "", 2), ("affiliates", "", 1), ("reviews", "", 1),
    ]  # fmt: skip
    for place, (key, name, *_, outcome, lang) in enumerate(RIVALS):
        if outcome not in ("read", "unchanged", "partial"):
            continue
        site = f"https://{key}.example/"
        for kind in ("home", "pricing", "product"):
            page = _insert(
                conn, "pages", competitor=key, url=f"{site}{kind}", kind=kind, lang=lang,
                title=f"{name} {kind}", description="", status=200, body_hash="h",
                text_hash="t", first_seen=stamp(NOW - timedelta(days=100)),
                changed_at=stamp(NOW), last_seen=stamp(NOW),
            )  # fmt: skip
            _search_work(conn, page, name, kind, lang)
        articles = {f"{site}blog/{n}": stamp(NOW - timedelta(days=12 * n)) for n in range(1, 8)}
        _insert(
            conn, "sitemaps", url=f"{site}sitemap.xml", competitor=key, kind="sitemap",
            addresses=48, whole=1, dated=40, newest=stamp(NOW - timedelta(days=12)), recent_30=10,
            recent_90=30, generated=0, articles_json=json.dumps(articles), fetched_at=stamp(NOW),
        )  # fmt: skip
        currency, price = {"zh": ("CNY", 199900), "vi": ("VND", 7_990_000)}.get(
            lang, ("USD", 49900)
        )
        for number in range(3):
            offer = _insert(
                conn, "offers", competitor=key, page_id=page, key=f"d{number}", position=number,
                name=f"{name} {120 + 20 * number} cm", price_minor=price + number * price // 8,
                currency=currency, price_text=None, availability="InStock", rating=4.6,
                review_count=128 - number, first_seen=stamp(NOW - timedelta(days=90)),
                last_seen=stamp(NOW),
            )  # fmt: skip
            for step in range(4):
                _insert(conn, "price_history", offer_id=offer,
                        seen_at=stamp(NOW - timedelta(days=90 - 28 * step)),
                        price_minor=price + (step % 3) * price // 20,
                        currency=currency)  # fmt: skip
        for number, (channel, platform, strength) in enumerate(channels):
            if (place * 3 + number * 2) % 5 < 3:
                tag = _insert(
                    conn, "channel_tags", subject=key, channel=channel, role="promotes",
                    platform=platform, strength=strength, first_seen=stamp(NOW),
                    last_seen=stamp(NOW),
                )  # fmt: skip
                evidence(conn, "channel_tags", tag, "", f"Follow us on {platform or channel}",
                         f"{site}home", key)  # fmt: skip
        moves = [
            ("price", f"{name} 120 cm: $499 -> $449", "$499", "$449", 3),
            ("new_page", "New page: /trade-in", None, "/trade-in", 1),
            ("positioning", "Headline changed", "Stand up for work", "A desk for small flats", 2),
        ]
        for number, (kind, words, old, new, importance) in enumerate(moves):
            if (place + number) % 2 == 0:
                _insert(
                    conn, "changes", competitor=key, page_id=page, kind=kind, field=kind, old=old,
                    new=new, words=words, importance=importance,
                    at=stamp(NOW - timedelta(days=place * 3 + number)),
                )  # fmt: skip


SOUGHT = {
    "en": ("standing desk converter", "standing desk"), "zh": ("升降桌支架", "升降桌"),
    "vi": ("bàn nâng hạ điện", "bàn nâng hạ"),
}  # fmt: skip
"""What the rivals' pages are written for, by language."""


def _search_work(conn: sqlite3.Connection, page: int, name: str, kind: str, lang: str) -> None:
    _insert(
        conn, "page_search", page_id=page, title_length=len(name) + len(kind) + 1,
        description_length=0, h1s_json=json.dumps([name]),
        headings_json=json.dumps([{"level": 1, "text": name}]), canonical="self",
        hreflangs_json=json.dumps([lang]), structured_json='["Product"]', indexable=1,
        published_at=None, modified_at=None,
    )  # fmt: skip
    for weight, phrase in zip((7.0, 4.0), SOUGHT[lang], strict=True):
        _insert(conn, "page_keywords", page_id=page, folded=search_text(phrase), phrase=phrase,
                weight=weight, places="title h1")  # fmt: skip


def _forums(conn: sqlite3.Connection) -> None:
    for key, name, engine, lang, zone in FORUMS:
        _insert(
            conn, "forums", id=key, url=f"https://{key}.example/", name=name, engine=engine,
            language=lang, timezone=zone, first_seen=stamp(NOW), last_seen=stamp(NOW),
        )  # fmt: skip
        tag = _insert(
            conn,
            "channel_tags",
            subject=key,
            channel="forum",
            role="gathers",
            platform="",
            strength=3,
            first_seen=stamp(NOW),
            last_seen=stamp(NOW),
        )
        evidence(conn, "channel_tags", tag, "", name, f"https://{key}.example/", key)
        for number in range(6):
            _insert(
                conn,
                "threads",
                forum=key,
                url=f"https://{key}.example/t/{number}",
                title=f"{name} {number}",
                first_seen=stamp(NOW),
                last_seen=stamp(NOW),
            )


def _posts(conn: sqlite3.Connection, count: int) -> None:
    chance = random.Random(20261120)
    threads: dict[str, list[int]] = {}
    for key, thread in conn.execute("SELECT forum, id FROM threads ORDER BY id"):
        threads.setdefault(key, []).append(thread)
    for number in range(count):
        voice = VOICES[number % len(VOICES)]
        forum = voice[0]
        age = timedelta(days=int(chance.triangular(0, 420, 20)), hours=chance.randint(0, 10))
        add_post(conn, number, threads[forum][number % 6], voice, NOW - age)


def add_post(conn: sqlite3.Connection, number: int, thread: int, voice: tuple,
             posted_at: datetime) -> int:  # fmt: skip
    """One post with its reading, mention, switch and proof."""
    forum, text, stage, flags, barrier, brand, switch, claims = voice
    zone = {key: zone for key, *_, zone in FORUMS}[forum]
    lang = {key: lang for key, _, _, lang, _ in FORUMS}[forum]
    url = f"https://{forum}.example/t/{thread}#p{number}"
    post = _insert(
        conn, "posts", key=f"{forum}:{number}", forum=forum, thread_id=thread,
        engine_id=str(number), url=url, author=f"person-{(number * 7) % 97}",
        posted_at=stamp(posted_at), posted_text="", posted_precision="minute", timezone=zone,
        lang=lang, script="Hans" if lang == "zh" else None, text=text,
        search_text=search_text(text), text_hash=str(number), first_seen=stamp(NOW),
        last_seen=stamp(NOW),
    )  # fmt: skip
    _insert(
        conn, "demand", post_id=post, stage=stage, need="yes" if stage != "none" else "unknown",
        budget="yes" if "500" in text or "两千" in text else "unknown",
        authority="no" if barrier == "authority" else "unknown",
        **{
            name: int(name in flags)
            for name in ("pain", "praise", "objection", "poor_fit", "suggestion", "seller")
        },
        barrier=barrier, rule_version="1",
    )  # fmt: skip
    ids = {name: key for key, name, *_ in RIVALS} | {"Maple Desk": "maple"}
    if brand:
        _insert(conn, "mentions", post_id=post, brand=brand, competitor=ids[brand], text=brand)
    if switch:
        source, target, status, force = switch
        _insert(
            conn, "switches", post_id=post, from_brand=source, to_brand=target,
            from_competitor=ids[source], to_competitor=ids[target], status=status, force=force,
            quote=text,
        )  # fmt: skip
    for feeling in {"pain", "praise"} & set(flags.split()):
        about = switch[0] if switch and feeling == "pain" else brand
        if about and about != brand:
            _insert(conn, "mentions", post_id=post, brand=about, competitor=ids[about], text=about)
        if about:
            _insert(conn, "feelings", post_id=post, brand=about, competitor=ids[about],
                    feeling=feeling, quote=claims[feeling])  # fmt: skip
    for subject, quote in claims.items():
        evidence(conn, "demand", post, subject, quote, url, forum)
    return post


WORD = "w" * 100_000
ATTACKS = (
    "<script>window.pwned = 1</script>",
    '"><img src=x onerror="window.pwned = 1">',
    "javascript:window.pwned=1",
    "</style></title></textarea><svg onload=window.pwned=1>",
    "{{ 7 * 7 }} {% raw %} %(x)s {0} {n}",
    "\u202e\u2066gnp.exe\u2067 \u200f",
    "Z" + "\u0335" * 500,
    '=HYPERLINK("http://evil.example","x")',
    "body{display:none}*{position:fixed}",
    '{"a": [1, {"b": null}]}',
    "\x00\x01\x07\x1b[31m",
    WORD,
)


def hostile(path: Path) -> sqlite3.Connection:
    """The sample market with the worst in every text column that no constraint closes."""
    conn = sample(path, posts=34)
    closed = {
        "spider", "status", "origin", "verdict", "outcome", "role", "force", "state", "id",
        "competitor", "source", "forum", "subject", "claim_table", "claim_key", "field", "channel",
        "started_at", "at", "seen_at", "fetched_at", "posted_at", "decided_at", "computed_at",
        "first_seen", "last_seen", "changed_at", "updated_at", "finished_at", "posted_precision",
        "from_competitor", "to_competitor", "key", "question", "stage", "need", "budget",
        "authority", "gone_at", "canonical", "folded", "cause",
    }  # fmt: skip
    tables = [
        row[0]
        for row in conn.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'posts_fts%' "
            "AND name NOT LIKE 'sqlite_%' AND name NOT IN ('market', 'channels')"
        )
    ]
    number = 0
    for table in tables:
        columns = conn.execute(f"PRAGMA table_info({table})").fetchall()
        key = [c[1] for c in sorted(columns, key=lambda c: c[5]) if c[5]]
        texts = [
            c[1]
            for c in columns
            if c[2] == "TEXT"
            and not c[5]
            and c[1] not in closed
            and (table, c[1]) not in (("forums", "kind"), ("sitemaps", "kind"), ("alerts", "kind"))
        ]
        for row in conn.execute(f"SELECT {', '.join(key)} FROM {table}").fetchall():
            for column in texts:
                number += 1
                value = f"{ATTACKS[number % len(ATTACKS)]} {number}"
                if column in ("url", "site"):
                    value = f"javascript:window.pwned=1//{number}"
                elif column.endswith("_json") and number % 3:
                    value = json.dumps([value, {"x": value}, None, 5])
                where = " AND ".join(f"{name} = ?" for name in key)
                conn.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value, *row))
    business = {"name": ATTACKS[0], "description": WORD}
    conn.execute("UPDATE market SET business_json = ?", (json.dumps(business),))
    conn.commit()
    return conn
