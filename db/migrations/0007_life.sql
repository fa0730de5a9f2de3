-- The life of a dossier beyond filing and deciding: one-time notices and supplements, time that is not
-- counted, withdrawal, fees, letters of authorisation, several certificates, the archive.

-- waits_for: supplement, or NULL when the office is to act. span_count: how many spans of time not
-- counted it ever had, so that a dossier without any costs no question.
ALTER TABLE dossier ADD COLUMN waits_for TEXT;
ALTER TABLE dossier ADD COLUMN withdrawn_at INTEGER;
ALTER TABLE dossier ADD COLUMN span_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dossier ADD COLUMN notice_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dossier ADD COLUMN archive_number TEXT;

-- The archive of a unit, newest first.
CREATE INDEX dossier_archive ON dossier (tenant, unit, completed_at, id)
 WHERE completed_at IS NOT NULL;

-- ground: of the span that stops the clock now, NULL while it runs. runs_again_at: when the stop passes
-- its own limit, so that the clock runs again by itself.
ALTER TABLE legal_clock ADD COLUMN ground TEXT;
ALTER TABLE legal_clock ADD COLUMN runs_again_at INTEGER;
CREATE INDEX legal_clock_again ON legal_clock (tenant, runs_again_at, dossier)
 WHERE runs_again_at IS NOT NULL;

-- Time that is not counted. The name and own limit are those of the ground when the span began.
CREATE TABLE clock_span (
    tenant     INTEGER NOT NULL,
    id         INTEGER NOT NULL,
    dossier    INTEGER NOT NULL,
    task       INTEGER NOT NULL,
    cause      TEXT NOT NULL,              -- officer (suspended), element (drawn in the process), notice
    ground     TEXT NOT NULL,              -- code of a definition of kind grounds
    name       TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    from_at    INTEGER NOT NULL,
    to_at      INTEGER,                    -- NULL: still open
    own_amount INTEGER,                    -- NULL: no limit of its own
    own_unit   TEXT,
    note       TEXT,
    opened_by  INTEGER,                    -- officer; NULL: the process
    closed_by  INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX clock_span_dossier ON clock_span (tenant, dossier, id);

-- One-time notices (一次性告知). The first is sent at once; a later one that asks for what could be seen
-- the first time needs a reason and the approval of the unit's leader.
-- scoped: dossier
CREATE TABLE notice (
    tenant      INTEGER NOT NULL,
    id          INTEGER NOT NULL,
    dossier     INTEGER NOT NULL,
    task        INTEGER NOT NULL,
    unit        INTEGER NOT NULL,
    officer     INTEGER NOT NULL,
    ordinal     INTEGER NOT NULL,          -- 1 the first of the dossier
    state       TEXT NOT NULL,             -- asked (for approval) sent refused answered ended
    reason      TEXT,                      -- of a second one
    asked_at    INTEGER NOT NULL,
    sent_at     INTEGER,
    decided_by  INTEGER,                   -- leader
    decided_at  INTEGER,
    decision    TEXT,                      -- the leader's words
    answered_at INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX notice_dossier ON notice (tenant, dossier, id);
CREATE INDEX notice_asked ON notice (tenant, unit, id) WHERE state = 'asked';

CREATE TABLE notice_line (
    tenant      INTEGER NOT NULL,
    notice      INTEGER NOT NULL,
    line        INTEGER NOT NULL,
    kind        TEXT NOT NULL,             -- material field
    code        TEXT NOT NULL,             -- of the material, or key of the field
    name        TEXT NOT NULL,
    name_en     TEXT NOT NULL,
    missing     TEXT NOT NULL,
    mend        TEXT NOT NULL,
    was_visible INTEGER,                   -- could be seen the first time; NULL on a first notice
    PRIMARY KEY (tenant, notice, line)
) STRICT;

-- What an applicant mended: answers before and after, and materials brought.
CREATE TABLE supplement (
    tenant    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    dossier   INTEGER NOT NULL,
    by_kind   TEXT NOT NULL,               -- applicant officer (at a window, on behalf)
    by_id     INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    changes   BLOB NOT NULL,               -- encrypted JSON {note, changes: [{key, old, new}]}
    materials TEXT NOT NULL,               -- JSON list of codes
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX supplement_dossier ON supplement (tenant, dossier, id);

-- Never typed in: a table of decisions sets it. Staff handle no cash; the collecting bank confirms.
CREATE TABLE fee (
    tenant     INTEGER NOT NULL,
    dossier    INTEGER NOT NULL,
    id         INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    state      TEXT NOT NULL,              -- due paid waived (nothing to pay)
    basis      TEXT NOT NULL,              -- annotation of the rule that set it, "" for none
    charged_at INTEGER NOT NULL,
    paid_at    INTEGER,
    reference  TEXT,                       -- of the bank
    paid_by    INTEGER,                    -- officer of the bank
    PRIMARY KEY (tenant, dossier, id)
) STRICT;

-- Letters of authorisation (授权委托书): what a department's representative may decide alone.
CREATE TABLE authorisation (
    tenant      INTEGER NOT NULL,
    id          INTEGER NOT NULL,
    officer     INTEGER NOT NULL,
    unit        INTEGER NOT NULL,
    item        TEXT NOT NULL,             -- code, * for every item
    element     TEXT NOT NULL,             -- of the process, * for every step
    valid_from  TEXT NOT NULL,
    valid_until TEXT NOT NULL,             -- last day
    letter_no   TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  INTEGER NOT NULL,
    ended_at    INTEGER,
    ended_by    INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX authorisation_officer ON authorisation (tenant, officer, id);

-- part: which certificate of the item's list; unit: who issues it, 0: the dossier's own.
ALTER TABLE certificate ADD COLUMN part TEXT NOT NULL DEFAULT 'certificate';
ALTER TABLE certificate ADD COLUMN unit INTEGER NOT NULL DEFAULT 0;
