-- The journal and what belongs to storage itself. Everything else derives from, or is written with, entries.

-- One row per committed change. position and leaf are empty until the sealer numbers the entry.
CREATE TABLE journal (
    tenant     INTEGER NOT NULL,
    id         INTEGER NOT NULL,
    dossier    INTEGER NOT NULL,           -- 0: not about a dossier
    version    INTEGER NOT NULL,           -- of the dossier; with it unique
    at         INTEGER NOT NULL,           -- ms UTC
    kind       TEXT NOT NULL,              -- dossier.filed, task.completed ...
    actor_kind TEXT NOT NULL,              -- applicant officer system public
    actor      INTEGER NOT NULL,
    unit       INTEGER NOT NULL,
    subject    TEXT,
    data       TEXT NOT NULL,              -- JSON object; personal values only encrypted
    position   INTEGER,                    -- commit order, given by the sealer
    leaf       BLOB,                       -- RFC 6962 leaf hash, given by the sealer
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX journal_dossier_version ON journal (tenant, dossier, version) WHERE dossier <> 0;
CREATE UNIQUE INDEX journal_position ON journal (position) WHERE position IS NOT NULL;
CREATE INDEX journal_unsealed ON journal (id) WHERE position IS NULL;

-- One row per sealed batch: the Merkle tree over all leaves up to last_position.
CREATE TABLE journal_seal (
    last_position  INTEGER NOT NULL PRIMARY KEY,
    first_position INTEGER NOT NULL,
    sealed_at      INTEGER NOT NULL,
    batch_root     BLOB NOT NULL,          -- over this batch's leaves
    root           BLOB NOT NULL,          -- over all leaves: the checkpoint's root
    frontier       BLOB NOT NULL,          -- right edge of the tree, to continue from
    signature      BLOB NOT NULL           -- public key (32 bytes), Ed25519 signature of the checkpoint (64)
) STRICT;

-- Leases with a fencing number: the sealer, timers, outside readers.
CREATE TABLE lease (
    name       TEXT NOT NULL PRIMARY KEY,
    owner      TEXT NOT NULL,
    fence      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- Inside readers: the version that their rows were derived with; outside readers: their cursor.
CREATE TABLE journal_reader (
    name     TEXT NOT NULL PRIMARY KEY,
    version  INTEGER NOT NULL,             -- inside; 0 outside
    position INTEGER NOT NULL              -- outside: last position read; 0 inside
) STRICT;

-- Inside readers that are being rebuilt, and how far. Every append asks whether there are any: a
-- table of its own, nearly always empty, so that moving cursors and appends do not meet.
CREATE TABLE journal_rebuild (
    name     TEXT NOT NULL PRIMARY KEY,
    version  INTEGER NOT NULL,             -- that the rows are being derived with
    position INTEGER NOT NULL              -- last position replayed
) STRICT;

-- Answers to commands that carried an Idempotency-Key: a repeated request gives the first answer.
CREATE TABLE idempotency (
    tenant      INTEGER NOT NULL,
    actor       TEXT NOT NULL,             -- who sent it: "officer:12", "session:ab12..."
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,             -- hash of route and body: a key used for something else is refused
    status      INTEGER NOT NULL,
    location    TEXT,
    body        TEXT,
    at          INTEGER NOT NULL,
    PRIMARY KEY (tenant, actor, key)
) STRICT;
CREATE INDEX idempotency_at ON idempotency (at);
