-- What sites asked for: a time to be left alone, longer than a crawl waits.

CREATE TABLE rests (
    site TEXT PRIMARY KEY,              -- registrable domain
    asked_at TEXT NOT NULL,             -- when it answered so
    until TEXT NOT NULL,                -- not asked before this
    detail TEXT NOT NULL                -- what it answered, in words
) STRICT, WITHOUT ROWID;
