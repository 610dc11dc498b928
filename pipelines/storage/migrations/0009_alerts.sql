-- What matters and is told to people: each thing once, and how each channel took it.

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,           -- of what happened, not of the row: told again it is the same
    kind TEXT NOT NULL CHECK (kind IN ('price', 'tier', 'direct', 'pain', 'leaving', 'source')),
    subject TEXT NOT NULL,              -- competitor, topic of a pain, source; '' for all at once
    competitor TEXT REFERENCES competitors (id) ON DELETE CASCADE ON UPDATE CASCADE,
    fact TEXT NOT NULL,                 -- what is the same thing: not told again for a month
    at TEXT NOT NULL,                   -- when it was seen
    raised_at TEXT NOT NULL,            -- when the pass found it
    facts_json TEXT NOT NULL,           -- what its words are made of, in any language; docs/alerts.md
    url TEXT                            -- the page or post it rests on
) STRICT;
CREATE INDEX alerts_at ON alerts (at);
CREATE INDEX alerts_subject ON alerts (kind, subject, at);

CREATE TABLE alert_marks (              -- what was known when the pass last ran: none of it is news
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_channels (           -- where alerts go; addresses are secrets and stand nowhere
    id TEXT PRIMARY KEY,                -- kind and a salted digest of the address
    after_alert INTEGER NOT NULL,       -- alerts up to this one were raised before it was there
    sent_at TEXT,                       -- the last time it took something
    failed_at TEXT,                     -- since it last took something; NULL: it works
    failures INTEGER NOT NULL DEFAULT 0,    -- in a row
    detail TEXT NOT NULL DEFAULT ''     -- of the last failure
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_deliveries (         -- which channel was told of which alert
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    channel TEXT NOT NULL REFERENCES alert_channels (id) ON DELETE CASCADE,
    sent_at TEXT NOT NULL,
    PRIMARY KEY (alert_id, channel)
) STRICT, WITHOUT ROWID;
