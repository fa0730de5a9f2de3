-- The register of what windows and village points took in on behalf (收件登记簿), derived from the journal.

-- scoped: dossier
CREATE TABLE intake_register (
    tenant  INTEGER NOT NULL,
    unit    INTEGER NOT NULL,              -- that took it in
    dossier INTEGER NOT NULL,              -- ids grow with time, so this is the order of the register
    officer INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (tenant, unit, dossier)
) STRICT;
