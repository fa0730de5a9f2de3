-- Supervision that warns and corrects. Warnings derive from the journal; what supervisors write lies in
-- tables of their own, which those who approve cannot write.

-- Why a dossier stands still: a lawful stop of its clock, or the applicant is asked for something.
ALTER TABLE supervised ADD COLUMN stop_ground TEXT NOT NULL DEFAULT '';
ALTER TABLE supervised ADD COLUMN waits_for TEXT NOT NULL DEFAULT '';

-- Derived from warning.raised. One a dossier, kind and due date.
CREATE TABLE warning (
    tenant    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    dossier   INTEGER NOT NULL,
    kind      TEXT NOT NULL,               -- early overdue
    unit      INTEGER NOT NULL,            -- that has the step
    officer   INTEGER NOT NULL,            -- who has it, 0 nobody
    due_at    INTEGER NOT NULL,
    raised_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX warning_once ON warning (tenant, dossier, kind, due_at);
CREATE INDEX warning_unit ON warning (tenant, unit, id);

-- A supervisor's notice to a unit about a dossier, until its reply is found sufficient.
CREATE TABLE correction (
    tenant       INTEGER NOT NULL,
    id           INTEGER NOT NULL,
    dossier      INTEGER NOT NULL,
    number       TEXT NOT NULL,            -- of the dossier
    unit         INTEGER NOT NULL,         -- that has to reply
    ground       TEXT NOT NULL,            -- overdue step reason fee authority other
    state        TEXT NOT NULL,            -- sent replied closed
    sent_at      INTEGER NOT NULL,
    reply_due_at INTEGER NOT NULL,
    closed_at    INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX correction_state ON correction (tenant, state, id);
CREATE INDEX correction_unit ON correction (tenant, unit, state, id);
CREATE INDEX correction_dossier ON correction (tenant, dossier, id);

-- What was said about it, in order: never changed, never deleted.
CREATE TABLE correction_act (
    tenant     INTEGER NOT NULL,
    id         INTEGER NOT NULL,
    correction INTEGER NOT NULL,
    kind       TEXT NOT NULL,              -- sent replied returned closed
    officer    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    words      TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX correction_act_of ON correction_act (tenant, correction, id);
