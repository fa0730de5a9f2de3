-- Complaints about how an office works (B05, B30), until they are answered and the complainant said how content
-- he is. Who complains, and every word, lie sealed: the office complained of reads the matter, never the person.

CREATE TABLE complaint (
    tenant         INTEGER NOT NULL,
    id             INTEGER NOT NULL,
    year           INTEGER NOT NULL,
    sequence       INTEGER NOT NULL,       -- the number is made of both: 2026-00012
    number         TEXT NOT NULL,
    channel        TEXT NOT NULL,          -- web phone letter visit
    subject        TEXT NOT NULL,          -- delay attitude fee refusal procedure other
    unit           INTEGER NOT NULL,       -- complained of
    dossier        INTEGER,
    dossier_number TEXT,
    person         BLOB NOT NULL,          -- sealed: name, phone
    words          BLOB NOT NULL,          -- sealed: what happened
    state          TEXT NOT NULL,          -- registered refused accepted investigated decided replied rated
    is_open        INTEGER NOT NULL,       -- an office still has to act
    registered_at  INTEGER NOT NULL,
    due_at         INTEGER NOT NULL,       -- of the next thing the office owes: acceptance, then the reply
    reply_days     INTEGER NOT NULL,       -- working days from acceptance
    finding        TEXT,                   -- upheld partly not_upheld
    correction     INTEGER,                -- the correction notice that followed
    grade          TEXT,                   -- satisfied fair dissatisfied
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX complaint_number ON complaint (tenant, year, sequence);
CREATE INDEX complaint_open ON complaint (tenant, due_at, id) WHERE is_open = 1;
CREATE INDEX complaint_ended ON complaint (tenant, id) WHERE is_open = 0;

-- The last number of each year.
CREATE TABLE complaint_series (
    tenant INTEGER NOT NULL,
    year   INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    PRIMARY KEY (tenant, year)
) STRICT;

-- What was done and said, in order: never changed, never deleted.
CREATE TABLE complaint_act (
    tenant     INTEGER NOT NULL,
    id         INTEGER NOT NULL,
    complaint  INTEGER NOT NULL,
    kind       TEXT NOT NULL,              -- registered accepted refused heard stated decided replied corrected rated
    actor_kind TEXT NOT NULL,              -- officer public
    officer    INTEGER,
    at         INTEGER NOT NULL,
    words      BLOB NOT NULL,              -- sealed
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX complaint_act_of ON complaint_act (tenant, complaint, id);
