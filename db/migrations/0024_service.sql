-- How the certificate reaches the applicant: at the window or by post, within the days of the item's
-- table (Administrative Licensing Law, article 44). One row a dossier: the choice, then the task.

CREATE TABLE delivery (
    tenant    INTEGER NOT NULL,
    dossier   INTEGER NOT NULL,
    unit      INTEGER,                      -- whose task it is, from the decision on
    way       TEXT NOT NULL,                -- window post
    address   BLOB,                         -- sealed: recipient, phone, address
    state     TEXT NOT NULL,                -- chosen due posted served
    begun_at  INTEGER,                      -- the decision with a certificate
    due_at    INTEGER,
    due_on    TEXT,
    days      INTEGER NOT NULL,             -- working days, as the table said
    basis     TEXT NOT NULL,                -- annotation of the rule that gives them
    basis_en  TEXT NOT NULL,
    carrier   TEXT,                         -- as the list of the pack names it on that day
    carrier_en TEXT,
    tracking  TEXT,
    posted_on TEXT,
    served_on TEXT,
    served_how TEXT,                        -- signed applicant letter
    returns   INTEGER NOT NULL,             -- how often it came back
    PRIMARY KEY (tenant, dossier)
) STRICT;
CREATE INDEX delivery_unit ON delivery (tenant, unit, state, due_at, dossier);
CREATE INDEX delivery_due ON delivery (tenant, state, due_at, dossier);
CREATE INDEX delivery_state ON delivery (tenant, state, dossier);
