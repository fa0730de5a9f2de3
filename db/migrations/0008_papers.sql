-- Papers: what an office hands out about a dossier (receipt, acceptance, one-time notice, denial ...),
-- each with a number of its kind and year and a code by which anybody may ask whether it is genuine.

CREATE TABLE document (
    tenant    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    dossier   INTEGER NOT NULL,
    kind      TEXT NOT NULL,               -- code of a definition of kind paper: receipt acceptance ...
    number    TEXT NOT NULL,               -- as printed: 青溪受〔2026〕第000123号
    code      TEXT NOT NULL,               -- 100 random bits, unguessable
    unit      INTEGER NOT NULL,            -- who issues it
    title     TEXT NOT NULL,
    title_en  TEXT NOT NULL,
    template  INTEGER NOT NULL,            -- definition
    content   BLOB NOT NULL,               -- the values printed, encrypted JSON
    issued_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX document_number ON document (tenant, number);
CREATE UNIQUE INDEX document_code ON document (tenant, code);
CREATE INDEX document_dossier ON document (tenant, dossier, id);

-- Numbers are drawn last in a command, one row per kind and year.
CREATE TABLE document_series (
    tenant    INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    year      INTEGER NOT NULL,
    last      INTEGER NOT NULL,
    PRIMARY KEY (tenant, kind, year)
) STRICT;

-- The county's name in numbers and seals: 青溪. Empty: its name.
ALTER TABLE tenant ADD COLUMN short_name TEXT NOT NULL DEFAULT '';

-- Certificates get a code, too. Those that were issued before get theirs here: 122 bits and more, in the
-- digits that are letters of every code (0-9 A-F).
ALTER TABLE certificate ADD COLUMN code TEXT NOT NULL DEFAULT '';
-- engine: sqlite
UPDATE certificate SET code = hex(randomblob(16));
-- engine: postgres
UPDATE certificate SET code = upper(replace(gen_random_uuid()::text, '-', ''));
-- engine: both
CREATE UNIQUE INDEX certificate_code ON certificate (tenant, code) WHERE code <> '';
