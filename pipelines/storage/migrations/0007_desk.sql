-- The research desk: answers by time range, the posts that count as one view.

DROP VIEW tier_board;
ALTER TABLE summary_competitors RENAME TO summary_competitors_before;
ALTER TABLE summaries RENAME TO summaries_before;

CREATE TABLE periods (                  -- the time ranges of the pages, as of the last summaries pass
    id TEXT PRIMARY KEY,                -- all, 365d, 90d, 30d
    days INTEGER,                       -- NULL: all time
    since TEXT,                         -- first day of the range, UTC; NULL: all time
    before TEXT,                        -- first day of the range before it, as long; NULL: none
    until TEXT                          -- the newest moment the database knew of, UTC
) STRICT;

CREATE TABLE summaries (                -- one answer a row, computed in the summaries pass
    question TEXT NOT NULL,             -- competitors, channels, customers, timing, barriers, ...
    period TEXT NOT NULL DEFAULT 'all',
    answer_json TEXT NOT NULL,
    sample INTEGER NOT NULL,            -- posts or pages it rests on
    computed_at TEXT NOT NULL,
    PRIMARY KEY (question, period)
) STRICT;
INSERT INTO summaries (question, answer_json, sample, computed_at)
SELECT question, answer_json, sample, computed_at FROM summaries_before;
DROP TABLE summaries_before;

CREATE TABLE summary_competitors (      -- a line of the tier board, for each time range
    competitor TEXT NOT NULL REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    period TEXT NOT NULL DEFAULT 'all',
    pages INTEGER NOT NULL,
    offers INTEGER NOT NULL,
    channels INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    authors INTEGER NOT NULL,           -- distinct authors who mention it
    pain INTEGER NOT NULL,              -- distinct authors who complain about it
    praise INTEGER NOT NULL,
    switched_to INTEGER NOT NULL,
    switched_from INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    evidence INTEGER NOT NULL,          -- rows behind its tier
    PRIMARY KEY (competitor, period)
) STRICT, WITHOUT ROWID;
INSERT INTO summary_competitors
SELECT competitor, 'all', pages, offers, channels, mentions, authors, pain, praise, switched_to,
       switched_from, changes, evidence
FROM summary_competitors_before;
DROP TABLE summary_competitors_before;

CREATE VIEW tier_board AS
SELECT c.id AS competitor, c.name, c.site, c.status, c.origin, t.tier, t.verdict, t.score,
       t.same_product, t.same_audience, t.same_category, t.substitute, t.extension, t.complement,
       s.pages, s.offers, s.channels, s.mentions, s.authors, s.pain, s.praise,
       s.switched_to, s.switched_from, s.changes, s.evidence
FROM competitors c
LEFT JOIN tiers t ON t.competitor = c.id
LEFT JOIN summary_competitors s ON s.competitor = c.id AND s.period = 'all'
WHERE c.is_self = 0;

-- Posts that count as demand's voice: public, no copies, no sellers. The same name on two forums may
-- be two people and counts as two; posts without an author's name count as one person a thread.
CREATE VIEW voices AS
SELECT p.id, p.forum, p.thread_id, p.url, p.lang, p.posted_at, p.posted_precision, p.timezone,
       p.forum || '/' || coalesce(p.author, 'thread ' || p.thread_id) AS person,
       d.stage, d.need, d.budget, d.authority, d.pain, d.praise, d.objection, d.poor_fit,
       d.suggestion, d.barrier
FROM posts p JOIN demand d ON d.post_id = p.id
WHERE p.copy_of IS NULL AND d.seller = 0 AND p.forum NOT IN (SELECT id FROM forums WHERE own = 1);

CREATE TABLE post_columns (             -- posts as arrays, counted by the posts page; see docs/schema.md
    name TEXT PRIMARY KEY,              -- id, at, person, flags, ...; values: the words behind codes;
    data BLOB NOT NULL                  -- version: changes with every pass
) STRICT;

CREATE TABLE summary_voices (           -- what people say of a competitor, for each time range
    competitor TEXT NOT NULL REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    period TEXT NOT NULL,
    answer_json TEXT NOT NULL,          -- analysis/questions/competitor_voices.py
    PRIMARY KEY (competitor, period)
) STRICT;

-- How each source came out last, without a pass over the outcomes of years.
CREATE INDEX run_sources_source ON run_sources (source, run_id);

-- Quotes of claims name the address of their post.
CREATE INDEX posts_url ON posts (url);
