-- Competitors found by themselves, why a verdict is what it is, links that leave a site.

CREATE TABLE source_pages (             -- lists, comparisons, search answers: read for candidates
    url TEXT PRIMARY KEY,
    source TEXT NOT NULL,               -- key of the source
    title TEXT NOT NULL DEFAULT '',
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

CREATE TABLE sightings (                -- companies that a source's page lists or links to
    page TEXT NOT NULL REFERENCES source_pages (url) ON DELETE CASCADE,
    position INTEGER NOT NULL,          -- 0: first on the page
    name TEXT NOT NULL,
    site TEXT,                          -- its home page, where the page leads to it
    quote TEXT NOT NULL,                -- the words it stands in
    rule TEXT NOT NULL,
    PRIMARY KEY (page, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE page_links (               -- links of a competitor's page that leave its site
    page_id INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
    site_key TEXT NOT NULL,             -- of the site it leads to
    url TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (page_id, site_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_links_site ON page_links (site_key);

ALTER TABLE forums ADD COLUMN origin TEXT NOT NULL DEFAULT 'file'
    CHECK (origin IN ('file', 'catalogue'));

ALTER TABLE tiers ADD COLUMN reasons_json TEXT NOT NULL DEFAULT '[]';  -- three, in words
ALTER TABLE tiers ADD COLUMN would_change TEXT;                        -- in words; NULL: nothing
ALTER TABLE tiers ADD COLUMN seen_from_them INTEGER                    -- the tier we have for them
    CHECK (seen_from_them IN (1, 2, 3));

CREATE TABLE candidates (               -- how often a competitor found by itself was named
    competitor TEXT PRIMARY KEY REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    times INTEGER NOT NULL,             -- sentences, titles and entries of lists
    places INTEGER NOT NULL,            -- threads and pages they stand in
    authors INTEGER NOT NULL,           -- distinct authors of the posts among them
    lists INTEGER NOT NULL,             -- source pages among the places
    weight REAL NOT NULL                -- of all of it together; the best evidenced has most
) STRICT;

CREATE TABLE pass_marks (               -- what a pass that can skip its work last ran on
    pass TEXT PRIMARY KEY,
    mark TEXT NOT NULL
) STRICT, WITHOUT ROWID;
