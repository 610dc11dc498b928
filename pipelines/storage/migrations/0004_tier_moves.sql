-- Why a tier moved: only what the competitor did is told as its move.

ALTER TABLE tier_history ADD COLUMN cause TEXT NOT NULL DEFAULT 'seen'
    CHECK (cause IN (
        'first',                        -- its first verdict, or one while it is first being read
        'seen',                         -- its pages changed, or posts told something new
        'ours',                         -- our rules, our market file or our reading changed
        'decision'                      -- a researcher decided, or took a decision back
    ));

CREATE VIEW tier_moves AS
SELECT id, competitor, at, tier_before, verdict_before, tier, verdict, score, cause, reason,
       CAST(cause = 'seen' AND tier = 1 AND verdict = 'decided'
            AND (tier_before = 3 OR tier_before IS NULL) AS INTEGER) AS alert
FROM (
    SELECT h.*, lag(tier) OVER one AS tier_before, lag(verdict) OVER one AS verdict_before
    FROM tier_history h
    WINDOW one AS (PARTITION BY competitor ORDER BY id)
)
WHERE verdict_before IS NOT NULL;
