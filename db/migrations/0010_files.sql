-- Uploaded contents: the bytes lie beside the database under the file's name, encrypted with its key.

CREATE TABLE file (
    tenant     INTEGER NOT NULL,
    id         INTEGER NOT NULL,
    name       TEXT NOT NULL,              -- random, 32 hexadecimal digits
    media_type TEXT NOT NULL,
    size       INTEGER NOT NULL,           -- bytes of the content
    hash       TEXT NOT NULL,              -- SHA-256 of the bytes on the disk
    key        BLOB NOT NULL,              -- sealed
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX file_name ON file (name);

-- What was handed in for a material; a supplement replaces, nothing is taken away.
CREATE TABLE material_file (
    tenant           INTEGER NOT NULL,
    id               INTEGER NOT NULL,
    dossier          INTEGER NOT NULL,
    material         TEXT NOT NULL,        -- its code
    file             INTEGER NOT NULL,
    title            BLOB NOT NULL,        -- sealed: as the person called it
    uploaded_by_kind TEXT NOT NULL,        -- applicant officer
    uploaded_by      INTEGER NOT NULL,
    uploaded_at      INTEGER NOT NULL,
    replaced_at      INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX material_file_dossier ON material_file (tenant, dossier, id);
