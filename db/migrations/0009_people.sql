-- People: what parties are known by, who acts for whom by letter, and who saw a hidden value.

-- A number that a person merely typed opens nothing (assurance typed). An officer who saw the
-- original verifies it. recorded_by: the officer who wrote the party down; among those, one number
-- is one party.
ALTER TABLE party ADD COLUMN identity_kind TEXT;      -- resident_id credit_code passport ...
ALTER TABLE party ADD COLUMN identity_number BLOB;    -- sealed
ALTER TABLE party ADD COLUMN identity_blind TEXT;     -- HMAC of kind and number
ALTER TABLE party ADD COLUMN phone BLOB;              -- sealed; written down at a window
ALTER TABLE party ADD COLUMN phone_blind TEXT;
ALTER TABLE party ADD COLUMN recorded_by INTEGER;     -- officer
ALTER TABLE party ADD COLUMN verified_by INTEGER;     -- officer
ALTER TABLE party ADD COLUMN verified_at INTEGER;
CREATE UNIQUE INDEX party_identity ON party (tenant, identity_blind) WHERE recorded_by IS NOT NULL;
CREATE INDEX account_party ON account (tenant, party);

-- Letters by which a person acts for a firm; a window saw each.
CREATE TABLE party_agent (
    tenant      INTEGER NOT NULL,
    id          INTEGER NOT NULL,
    firm        INTEGER NOT NULL,
    person      INTEGER NOT NULL,
    letter_no   TEXT NOT NULL,
    items       TEXT NOT NULL,         -- codes joined by commas, * for every item
    valid_until TEXT NOT NULL,         -- last day
    verified_by INTEGER NOT NULL,
    verified_at INTEGER NOT NULL,
    revoked_by  INTEGER,
    revoked_at  INTEGER,
    reason      TEXT,                  -- of the revocation
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX party_agent_firm ON party_agent (tenant, firm, id);
CREATE INDEX party_agent_person ON party_agent (tenant, person, id);

-- Who acts on a dossier for its party.
-- scoped: dossier
CREATE TABLE dossier_agent (
    tenant      INTEGER NOT NULL,
    dossier     INTEGER NOT NULL,
    party       INTEGER NOT NULL,
    role        TEXT NOT NULL,         -- by_letter guardian
    name        TEXT NOT NULL,         -- as it was then
    letter_no   TEXT,
    valid_until TEXT,
    PRIMARY KEY (tenant, dossier, party)
) STRICT;
CREATE INDEX dossier_agent_party ON dossier_agent (tenant, party, dossier);

-- Dossiers that no account filed, by their party.
CREATE INDEX dossier_party ON dossier (tenant, party, id) WHERE account IS NULL;

-- Each time that somebody saw a hidden value whole.
CREATE TABLE unmasking (
    tenant  INTEGER NOT NULL,
    id      INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    officer INTEGER NOT NULL,
    unit    INTEGER NOT NULL,
    party   INTEGER NOT NULL,
    dossier TEXT,                      -- number, when it was seen there
    field   TEXT NOT NULL,             -- identity_number phone, or the key of an answer
    reason  TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
