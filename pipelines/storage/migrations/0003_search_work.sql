-- What a site does to be found: each page's search work, its keywords, the sitemaps and feeds;
-- and more of what a company and an offer say of themselves.

ALTER TABLE companies ADD COLUMN positioning TEXT;      -- what it is and for whom, in one sentence
ALTER TABLE companies ADD COLUMN languages_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE companies ADD COLUMN markets_json TEXT NOT NULL DEFAULT '[]';   -- countries, regions
ALTER TABLE companies ADD COLUMN sales_json TEXT NOT NULL DEFAULT '[]';     -- traces of sales

ALTER TABLE offers ADD COLUMN promotion TEXT;           -- in the page's words
ALTER TABLE offers ADD COLUMN price_before_minor INTEGER;   -- struck out beside today's price

ALTER TABLE page_versions ADD COLUMN notices_json TEXT NOT NULL DEFAULT '[]';   -- above its own text

CREATE TABLE page_search (
    page_id INTEGER PRIMARY KEY REFERENCES pages (id) ON DELETE CASCADE,
    title_length INTEGER NOT NULL,      -- characters
    description_length INTEGER NOT NULL,
    h1s_json TEXT NOT NULL,
    headings_json TEXT NOT NULL,        -- [{level, text}], in the page's order
    canonical TEXT NOT NULL CHECK (canonical IN ('self', 'other', 'none')),
    hreflangs_json TEXT NOT NULL,       -- codes as written
    structured_json TEXT NOT NULL,      -- schema.org types
    indexable INTEGER NOT NULL CHECK (indexable IN (0, 1)),
    published_at TEXT,
    modified_at TEXT
) STRICT;

CREATE TABLE page_keywords (            -- words a page is written to be found by
    page_id INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
    folded TEXT NOT NULL,               -- one spelling, see crawlers/folding.py
    phrase TEXT NOT NULL,               -- as the page writes it
    weight REAL NOT NULL,
    places TEXT NOT NULL,               -- title, h1, slug, description, heading; a space between
    PRIMARY KEY (page_id, folded)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_keywords_folded ON page_keywords (folded);

CREATE TABLE sitemaps (                 -- a sitemap or feed of a site, counted
    url TEXT PRIMARY KEY,
    competitor TEXT NOT NULL REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('index', 'sitemap', 'feed')),
    addresses INTEGER NOT NULL,         -- pages of the site it lists; of an index: files
    whole INTEGER NOT NULL CHECK (whole IN (0, 1)),     -- 0: longer than what is read
    dated INTEGER NOT NULL,             -- addresses that say when they were changed
    newest TEXT,                        -- the last of these times
    recent_30 INTEGER NOT NULL,         -- changed no longer than so many days before the fetch
    recent_90 INTEGER NOT NULL,
    generated INTEGER NOT NULL CHECK (generated IN (0, 1)), -- the dates are the file's own
    articles_json TEXT NOT NULL,        -- {address: time}: what reads like an article
    fetched_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sitemaps_competitor ON sitemaps (competitor, kind);

CREATE VIEW search_work AS
SELECT p.competitor, p.url, p.kind, p.lang, p.title, s.title_length, p.description,
       s.description_length, s.h1s_json, s.headings_json, s.canonical, s.hreflangs_json,
       s.structured_json, s.indexable, s.published_at, s.modified_at
FROM page_search s JOIN pages p ON p.id = s.page_id;

CREATE VIEW keywords AS
SELECT p.competitor, k.phrase, k.weight, k.places, p.url, p.kind, p.lang, k.folded
FROM page_keywords k JOIN pages p ON p.id = k.page_id;
