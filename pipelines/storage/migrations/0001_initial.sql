-- The first schema. Append-only from the first merge: a later change is a new file.
-- Times are UTC RFC 3339 text ("2026-11-22T06:30:00Z"); money is an integer in minor units of its
-- ISO 4217 currency (hundredths where the currency is unknown); flags and truth values are 0 or 1;
-- columns ending in _json hold JSON.

CREATE TABLE market (
    name TEXT PRIMARY KEY,
    file_digest TEXT NOT NULL,          -- SHA-256 of the market file as last loaded
    business_json TEXT NOT NULL,        -- [business] as loaded
    loaded_at TEXT NOT NULL
) STRICT;

CREATE TABLE competitors (
    id TEXT PRIMARY KEY,                -- id in the market file, else the site's key
    name TEXT NOT NULL,
    site TEXT,
    site_key TEXT,
    aliases_json TEXT NOT NULL DEFAULT '[]',
    origin TEXT NOT NULL DEFAULT 'file' CHECK (origin IN ('file', 'discovered')),
    status TEXT NOT NULL DEFAULT 'watched' CHECK (status IN ('watched', 'candidate', 'ignored')),
    is_self INTEGER NOT NULL DEFAULT 0 CHECK (is_self IN (0, 1)),   -- our own business
    note TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL
) STRICT;

CREATE TABLE companies (                -- what a competitor's site says of it, newest pages first
    competitor TEXT PRIMARY KEY REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    name TEXT,
    tagline TEXT,
    description TEXT,
    lang TEXT,
    founded INTEGER,
    size TEXT,
    places_json TEXT NOT NULL DEFAULT '[]',
    audience_json TEXT NOT NULL DEFAULT '[]',
    customers_json TEXT NOT NULL DEFAULT '[]',
    trust_json TEXT NOT NULL DEFAULT '[]',
    after_sales_json TEXT NOT NULL DEFAULT '[]',
    contact_json TEXT NOT NULL DEFAULT '{}',
    accounts_json TEXT NOT NULL DEFAULT '[]',
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    spider TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'failed')),
    started_at TEXT NOT NULL,
    finished_at TEXT,
    resumed INTEGER NOT NULL DEFAULT 0, -- how often a later start went on with it
    requests INTEGER NOT NULL DEFAULT 0,
    pages INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    posts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    reason TEXT,                        -- why it ended
    stats_json TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX runs_spider ON runs (spider, started_at);

CREATE TABLE run_sources (              -- how each source of a run came out
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    source TEXT NOT NULL,               -- competitor or forum id
    outcome TEXT NOT NULL CHECK (outcome IN
        ('read', 'unchanged', 'robots', 'blocked', 'empty', 'failed', 'partial')),
    pages INTEGER NOT NULL DEFAULT 0,
    posts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    whole INTEGER NOT NULL DEFAULT 0 CHECK (whole IN (0, 1)),   -- nothing was left waiting
    delay REAL,                         -- seconds between requests in force
    detail TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE failures (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (run_id, url, reason)
) STRICT;

CREATE TABLE frontier (                 -- what a run still has to fetch, and what it has done
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    source TEXT NOT NULL,
    role TEXT NOT NULL,                 -- page, sitemap, index, board, topic
    depth INTEGER NOT NULL,
    priority INTEGER NOT NULL,          -- higher first
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    meta_json TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (run_id, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX frontier_pending ON frontier (run_id, source, priority DESC) WHERE state = 'pending';

CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    competitor TEXT NOT NULL REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    url TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL,
    script TEXT,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    status INTEGER NOT NULL,
    body_hash TEXT NOT NULL,            -- of the body as fetched
    text_hash TEXT NOT NULL,            -- of the facts and text read from it
    etag TEXT,
    last_modified TEXT,
    links_json TEXT NOT NULL DEFAULT '[]',
    archive_file TEXT,
    archive_offset INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    first_seen TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    last_seen TEXT NOT NULL
) STRICT;
CREATE INDEX pages_competitor ON pages (competitor, kind);

CREATE TABLE page_versions (
    page_id INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    seen_at TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    text TEXT NOT NULL,
    headings_json TEXT NOT NULL,
    company_json TEXT NOT NULL,         -- the company facts this page states
    PRIMARY KEY (page_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE offers (
    id INTEGER PRIMARY KEY,
    competitor TEXT NOT NULL REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    page_id INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
    key TEXT NOT NULL,                  -- sku, else folded name, else place on the page
    position INTEGER NOT NULL,          -- 0: the page's main offer
    name TEXT,
    price_minor INTEGER,
    price_max_minor INTEGER,
    currency TEXT,
    period TEXT,
    unit TEXT,
    price_text TEXT,
    availability TEXT,
    sku TEXT,
    brand TEXT,
    rating REAL,
    review_count INTEGER,
    sold_count INTEGER,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    UNIQUE (page_id, key)
) STRICT;
CREATE INDEX offers_competitor ON offers (competitor);

CREATE TABLE price_history (
    offer_id INTEGER NOT NULL REFERENCES offers (id) ON DELETE CASCADE,
    seen_at TEXT NOT NULL,
    price_minor INTEGER,
    currency TEXT,
    price_text TEXT,
    PRIMARY KEY (offer_id, seen_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    competitor TEXT NOT NULL REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    page_id INTEGER REFERENCES pages (id) ON DELETE SET NULL,
    kind TEXT NOT NULL,                 -- price, plan, positioning, new_page, removed_page, ...
    field TEXT NOT NULL,
    old TEXT,
    new TEXT,
    words TEXT NOT NULL,                -- "Pro plan: $49 -> $59 a month"
    importance INTEGER NOT NULL,        -- 1 low, 2 medium, 3 high
    at TEXT NOT NULL
) STRICT;
CREATE INDEX changes_at ON changes (at);
CREATE INDEX changes_competitor ON changes (competitor, at);

CREATE TABLE channels (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    standard INTEGER NOT NULL CHECK (standard IN (0, 1))   -- 1: a Google Analytics 4 default
) STRICT;

CREATE TABLE channel_tags (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,              -- competitor id; forum id where the role is gathers
    channel TEXT NOT NULL REFERENCES channels (id),
    role TEXT NOT NULL CHECK (role IN ('promotes', 'gathers', 'sells_space')),
    platform TEXT NOT NULL DEFAULT '',
    strength INTEGER NOT NULL CHECK (strength IN (1, 2, 3)),
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    UNIQUE (subject, channel, role, platform)
) STRICT;
CREATE INDEX channel_tags_channel ON channel_tags (channel, role);

CREATE TABLE page_channels (            -- the tags each page gives proof of; channel_tags sums up
    page_id INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    role TEXT NOT NULL,
    platform TEXT NOT NULL DEFAULT '',
    strength INTEGER NOT NULL,
    evidence_json TEXT NOT NULL,
    PRIMARY KEY (page_id, channel, role, platform)
) STRICT, WITHOUT ROWID;

CREATE TABLE forums (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    name TEXT NOT NULL,
    engine TEXT,
    language TEXT,
    timezone TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL
) STRICT;

CREATE TABLE threads (
    id INTEGER PRIMARY KEY,
    forum TEXT NOT NULL REFERENCES forums (id) ON DELETE CASCADE ON UPDATE CASCADE,
    url TEXT NOT NULL UNIQUE,
    engine_id TEXT,
    title TEXT NOT NULL,
    stamp TEXT,                         -- what the list showed when the thread was last read
    last_page TEXT,                     -- where new posts will stand
    posts INTEGER NOT NULL DEFAULT 0,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL
) STRICT;
CREATE INDEX threads_forum ON threads (forum);

CREATE TABLE forum_pages (              -- fetched lists and topics: conditional requests, archive
    url TEXT PRIMARY KEY,
    forum TEXT NOT NULL REFERENCES forums (id) ON DELETE CASCADE ON UPDATE CASCADE,
    thread_url TEXT,
    kind TEXT NOT NULL,
    status INTEGER NOT NULL,
    body_hash TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    links_json TEXT NOT NULL DEFAULT '[]',
    archive_file TEXT,
    archive_offset INTEGER,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,           -- forum + engine id, else hash of thread, author, time, text
    forum TEXT NOT NULL REFERENCES forums (id) ON DELETE CASCADE ON UPDATE CASCADE,
    thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    engine_id TEXT,
    url TEXT NOT NULL,
    author TEXT,                        -- salted pseudonym
    posted_at TEXT,
    posted_text TEXT,
    posted_precision TEXT NOT NULL,
    timezone TEXT,
    lang TEXT NOT NULL,
    script TEXT,
    text TEXT NOT NULL,
    quoted_json TEXT NOT NULL DEFAULT '[]',
    in_reply_to TEXT,
    rating REAL,
    copy_of INTEGER REFERENCES posts (id) ON DELETE SET NULL,   -- the same text posted before
    search_text TEXT NOT NULL,          -- folded title and text, see crawlers/folding.py
    text_hash TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL
) STRICT;
CREATE INDEX posts_thread ON posts (thread_id);
CREATE INDEX posts_posted_at ON posts (posted_at);
CREATE INDEX posts_forum ON posts (forum, posted_at);
CREATE INDEX posts_lang ON posts (lang, posted_at);
CREATE INDEX posts_text_hash ON posts (text_hash);

CREATE VIRTUAL TABLE posts_fts USING fts5 (
    search_text, content=[posts], content_rowid=[id], tokenize='unicode61 remove_diacritics 0'
);

CREATE TABLE dirty (                    -- what changed since the passes last ran
    kind TEXT NOT NULL CHECK (kind IN ('post', 'competitor')),
    key TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE demand (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    need TEXT NOT NULL,
    budget TEXT NOT NULL,
    authority TEXT NOT NULL,
    pain INTEGER NOT NULL,
    praise INTEGER NOT NULL,
    objection INTEGER NOT NULL,
    poor_fit INTEGER NOT NULL,
    suggestion INTEGER NOT NULL,
    seller INTEGER NOT NULL,
    barrier TEXT,
    rule_version TEXT NOT NULL
) STRICT;
CREATE INDEX demand_stage ON demand (stage);
CREATE INDEX demand_barrier ON demand (barrier) WHERE barrier IS NOT NULL;

CREATE TABLE mentions (
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    brand TEXT NOT NULL,                -- name as the market file or the reader spells it
    competitor TEXT REFERENCES competitors (id) ON DELETE SET NULL ON UPDATE CASCADE,
    text TEXT NOT NULL,                 -- as written in the post
    PRIMARY KEY (post_id, brand)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_competitor ON mentions (competitor);

CREATE TABLE comparisons (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    preferred TEXT,
    other TEXT,
    preferred_competitor TEXT REFERENCES competitors (id) ON DELETE SET NULL ON UPDATE CASCADE,
    other_competitor TEXT REFERENCES competitors (id) ON DELETE SET NULL ON UPDATE CASCADE,
    aspect TEXT,
    quote TEXT NOT NULL
) STRICT;
CREATE INDEX comparisons_post ON comparisons (post_id);

CREATE TABLE switches (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    from_brand TEXT,
    to_brand TEXT,
    from_competitor TEXT REFERENCES competitors (id) ON DELETE SET NULL ON UPDATE CASCADE,
    to_competitor TEXT REFERENCES competitors (id) ON DELETE SET NULL ON UPDATE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('considering', 'done')),
    force TEXT CHECK (force IN ('push', 'pull', 'anxiety', 'habit')),
    quote TEXT NOT NULL
) STRICT;

CREATE TABLE tiers (
    competitor TEXT PRIMARY KEY REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    tier INTEGER CHECK (tier IN (1, 2, 3)),
    verdict TEXT NOT NULL CHECK (verdict IN ('decided', 'override', 'insufficient', 'unrelated')),
    score REAL NOT NULL,
    same_product REAL NOT NULL,
    same_audience REAL NOT NULL,
    same_category REAL NOT NULL,
    substitute REAL NOT NULL,
    extension REAL NOT NULL,
    complement INTEGER NOT NULL DEFAULT 0,
    method TEXT NOT NULL,               -- which likeness was used
    rule_version TEXT NOT NULL,
    decided_at TEXT NOT NULL
) STRICT;

CREATE TABLE tier_history (
    id INTEGER PRIMARY KEY,
    competitor TEXT NOT NULL REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    at TEXT NOT NULL,
    tier INTEGER,
    verdict TEXT NOT NULL,
    score REAL NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX tier_history_competitor ON tier_history (competitor, at);

CREATE TABLE evidence (                 -- replaced with its claim
    id INTEGER PRIMARY KEY,
    claim_table TEXT NOT NULL,          -- companies, channel_tags, tiers, demand, switches, ...
    claim_key TEXT NOT NULL,            -- the claim's primary key as text
    subject TEXT NOT NULL DEFAULT '',   -- the column or flag it speaks for
    source TEXT NOT NULL,               -- competitor or forum id
    url TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    quote TEXT NOT NULL,
    rule TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    weight REAL
) STRICT;
CREATE INDEX evidence_claim ON evidence (claim_table, claim_key);

CREATE TABLE decisions (                -- the newest row per subject and field wins
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,              -- competitor id, or table:key
    field TEXT NOT NULL,                -- tier, status, ...
    value TEXT,                         -- JSON
    reason TEXT NOT NULL DEFAULT '',
    origin TEXT NOT NULL CHECK (origin IN ('file', 'desk')),
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_subject ON decisions (subject, field, id);

CREATE TABLE summaries (                -- one answer a row, computed in the summaries pass
    question TEXT PRIMARY KEY,          -- competitors, channels, customers, timing, barriers, ...
    answer_json TEXT NOT NULL,
    sample INTEGER NOT NULL,            -- posts or pages it rests on
    computed_at TEXT NOT NULL
) STRICT;

CREATE TABLE summary_competitors (      -- a line of the tier board
    competitor TEXT PRIMARY KEY REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    pages INTEGER NOT NULL,
    offers INTEGER NOT NULL,
    channels INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    authors INTEGER NOT NULL,           -- distinct authors who mention it
    pain INTEGER NOT NULL,              -- distinct authors who complain and mention it
    praise INTEGER NOT NULL,
    switched_to INTEGER NOT NULL,
    switched_from INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    evidence INTEGER NOT NULL           -- rows behind its tier
) STRICT;

CREATE VIEW current_decisions AS
SELECT d.* FROM decisions d
JOIN (SELECT subject, field, max(id) AS id FROM decisions GROUP BY subject, field) newest
  ON newest.id = d.id;

CREATE VIEW tier_board AS
SELECT c.id AS competitor, c.name, c.site, c.status, c.origin, t.tier, t.verdict, t.score,
       t.same_product, t.same_audience, t.same_category, t.substitute, t.extension, t.complement,
       s.pages, s.offers, s.channels, s.mentions, s.authors, s.pain, s.praise,
       s.switched_to, s.switched_from, s.changes, s.evidence
FROM competitors c
LEFT JOIN tiers t ON t.competitor = c.id
LEFT JOIN summary_competitors s ON s.competitor = c.id
WHERE c.is_self = 0;

CREATE VIEW post_readings AS
SELECT p.id, p.url, p.forum, t.title AS thread, p.author, p.posted_at, p.lang, p.text,
       d.stage, d.need, d.budget, d.authority, d.pain, d.praise, d.objection, d.poor_fit,
       d.suggestion, d.seller, d.barrier,
       w.from_brand AS switch_from, w.to_brand AS switch_to, w.status AS switch_status
FROM posts p
JOIN threads t ON t.id = p.thread_id
LEFT JOIN demand d ON d.post_id = p.id
LEFT JOIN switches w ON w.post_id = p.id;
