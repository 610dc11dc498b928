-- Forums of every kind: zones learnt, posts and threads that are gone, sources that are off, reviews
-- of a rival's products as posts, the saved page of a failure.

ALTER TABLE forums ADD COLUMN learnt_timezone TEXT;     -- from the forum's feed; the file's word wins
ALTER TABLE forums ADD COLUMN kind TEXT NOT NULL DEFAULT 'forum'
    CHECK (kind IN ('forum', 'reviews'));
ALTER TABLE forums ADD COLUMN competitor TEXT           -- whose products are reviewed
    REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE threads ADD COLUMN replies INTEGER;         -- as the list counted them then
ALTER TABLE threads ADD COLUMN gone_at TEXT;            -- when it first answered 404 or 410
ALTER TABLE posts ADD COLUMN gone_at TEXT;              -- when its page was first seen without it

ALTER TABLE failures ADD COLUMN archive_file TEXT;      -- where the answer lies, if one came
ALTER TABLE failures ADD COLUMN archive_offset INTEGER;

CREATE TABLE run_sources_new (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    source TEXT NOT NULL,               -- competitor or forum id
    outcome TEXT NOT NULL CHECK (outcome IN
        ('read', 'unchanged', 'robots', 'off', 'blocked', 'empty', 'failed', 'partial')),
    pages INTEGER NOT NULL DEFAULT 0,
    posts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    whole INTEGER NOT NULL DEFAULT 0 CHECK (whole IN (0, 1)),   -- nothing was left waiting
    delay REAL,                         -- seconds between requests in force
    detail TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, source)
) STRICT, WITHOUT ROWID;
INSERT INTO run_sources_new SELECT * FROM run_sources;
DROP TABLE run_sources;
ALTER TABLE run_sources_new RENAME TO run_sources;
