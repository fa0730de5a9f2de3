-- What desks asked for: materials in the item's order, notices that are taken back, withdrawals at a window.

ALTER TABLE dossier_material ADD COLUMN place INTEGER NOT NULL DEFAULT 0;  -- in the item's list, from 1

-- A sent notice that nobody has answered may be taken back (state taken_back), with a reason.
ALTER TABLE notice ADD COLUMN taken_back_by INTEGER;
ALTER TABLE notice ADD COLUMN taken_back_at INTEGER;
ALTER TABLE notice ADD COLUMN taken_back_why TEXT;

-- Taken back at a window by somebody without an account: who asked, and how the officer knew who it was.
CREATE TABLE withdrawal (
    tenant  INTEGER NOT NULL,
    dossier INTEGER NOT NULL,
    party   INTEGER NOT NULL,              -- who asked
    role    TEXT NOT NULL,                 -- applicant by_letter guardian
    how     TEXT NOT NULL,                 -- identity_document letter_and_document guardianship_and_document
    officer INTEGER NOT NULL,
    unit    INTEGER NOT NULL,              -- of the window
    at      INTEGER NOT NULL,
    PRIMARY KEY (tenant, dossier)
) STRICT;

-- What a window took in was written down as withdrawn in 1970.
UPDATE dossier SET withdrawn_at = NULL WHERE withdrawn_at = 0;
