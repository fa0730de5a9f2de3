-- What the leader's board needs beyond the floor's four figures: the promise beside the statutory limit,
-- the rating, and ways to count the open dossiers of a stage and to find those behind each figure.

ALTER TABLE supervised ADD COLUMN promised_limit INTEGER;
ALTER TABLE supervised ADD COLUMN rated_at INTEGER;
ALTER TABLE supervised ADD COLUMN grade INTEGER NOT NULL DEFAULT 0;     -- 1 is the best, 0 not rated
ALTER TABLE supervised ADD COLUMN scale INTEGER NOT NULL DEFAULT 0;     -- how many grades there were

-- Counts the open dossiers of a stage, and walks them by urgency.
CREATE INDEX supervised_stage
    ON supervised (tenant, stage, (COALESCE(due_at, 9000000000000000)), dossier)
 WHERE is_open = 1;
CREATE INDEX supervised_accepted ON supervised (tenant, accepted_at, dossier)
 WHERE accepted_at IS NOT NULL;
CREATE INDEX supervised_rated ON supervised (tenant, rated_at, dossier)
 WHERE rated_at IS NOT NULL;
