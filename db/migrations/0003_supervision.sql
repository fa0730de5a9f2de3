-- What supervision, counters and the calendar's keeper need beyond the kernel.

-- Facts behind the board's figures, and what is open in a dossier: two tasks may be open at once, and
-- when one is done the row must still know the other. {"steps": [...], "incidents": [...]}
ALTER TABLE supervised ADD COLUMN accepted_at INTEGER;
ALTER TABLE supervised ADD COLUMN used_millidays INTEGER;
ALTER TABLE supervised ADD COLUMN statutory_limit INTEGER;
ALTER TABLE supervised ADD COLUMN limit_unit TEXT NOT NULL DEFAULT '';
ALTER TABLE supervised ADD COLUMN open_parts TEXT NOT NULL DEFAULT '{}';

-- Dossiers without a clock stand last; the live list and its filters walk this index.
DROP INDEX supervised_open;
DROP INDEX supervised_recent;
CREATE INDEX supervised_open
    ON supervised (tenant, is_open, (COALESCE(due_at, 9000000000000000)), dossier);
CREATE INDEX supervised_completed ON supervised (tenant, completed_at, dossier)
 WHERE completed_at IS NOT NULL;

-- The newest calendar definition under which all running clocks were derived. While it is older than
-- the newest one published, re-derivation is due: so a crash between the two loses nothing.
CREATE TABLE calendar_applied (
    tenant     INTEGER NOT NULL,
    definition INTEGER NOT NULL,
    applied_at INTEGER NOT NULL,
    changed    INTEGER NOT NULL,           -- clocks that moved, or lost their provisional mark
    PRIMARY KEY (tenant)
) STRICT;
