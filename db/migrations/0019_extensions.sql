-- More time to decide, asked for by the officer and granted once by the head of the responsible unit
-- (Administrative Licensing Law, article 42). amount is in the unit of the dossier's limit.

CREATE TABLE extension (
    tenant     INTEGER NOT NULL,
    id         INTEGER NOT NULL,
    dossier    INTEGER NOT NULL,
    task       INTEGER NOT NULL,
    unit       INTEGER NOT NULL,           -- whose head decides
    officer    INTEGER NOT NULL,           -- who asked
    state      TEXT NOT NULL,              -- asked granted refused
    reason     TEXT NOT NULL,              -- told to the applicant
    amount     INTEGER NOT NULL,
    basis      TEXT NOT NULL,              -- annotation of the rule that gives the amount
    basis_en   TEXT NOT NULL,
    asked_at   INTEGER NOT NULL,
    decided_by INTEGER,
    decided_at INTEGER,
    decision   TEXT,                       -- the head's words
    due_before TEXT,                       -- promised date before and after it was granted
    due_after  TEXT,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX extension_dossier ON extension (tenant, dossier, id);
CREATE INDEX extension_asked ON extension (tenant, unit, id) WHERE state = 'asked';

ALTER TABLE legal_clock ADD COLUMN extension INTEGER NOT NULL DEFAULT 0; -- in the limit's unit
