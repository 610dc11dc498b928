-- Whom a feeling is about, what it is about, what authors say of themselves, the researcher's own texts.

ALTER TABLE forums ADD COLUMN own INTEGER NOT NULL DEFAULT 0   -- 1: texts of the researcher's own,
    CHECK (own IN (0, 1));                                      -- counted apart from public ones

CREATE TABLE feelings (                 -- who is praised, who is complained about
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    brand TEXT NOT NULL,
    competitor TEXT REFERENCES competitors (id) ON DELETE SET NULL ON UPDATE CASCADE,
    feeling TEXT NOT NULL CHECK (feeling IN ('pain', 'praise')),
    quote TEXT NOT NULL,
    PRIMARY KEY (post_id, brand, feeling)
) STRICT, WITHOUT ROWID;
CREATE INDEX feelings_competitor ON feelings (competitor);

CREATE TABLE topics (                   -- what a pain, a praise, a barrier or a wish is about
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('pain', 'praise', 'barrier', 'suggestion')),
    topic TEXT NOT NULL,                -- id in pipelines/demand/topics
    quote TEXT NOT NULL,
    PRIMARY KEY (post_id, kind, topic)
) STRICT, WITHOUT ROWID;
CREATE INDEX topics_topic ON topics (kind, topic);

CREATE TABLE author_facts (             -- what an author says of himself or herself
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    fact TEXT NOT NULL                  -- see pipelines/demand/author.py
        CHECK (fact IN ('times_bought', 'frequency', 'tenure', 'budget', 'spent', 'owns', 'segment',
                        'role', 'occasion')),
    value TEXT NOT NULL,
    number REAL,                        -- times; per month; months; money in whole units
    currency TEXT,                      -- ISO 4217, of budget and spent; NULL: cannot be told
    quote TEXT NOT NULL,
    rule TEXT NOT NULL,
    PRIMARY KEY (post_id, fact, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX author_facts_fact ON author_facts (fact, value);
