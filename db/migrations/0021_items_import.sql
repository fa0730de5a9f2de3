-- Catalogues of items that come in as a workbook: the file until its drafts are published.

CREATE TABLE definition_import (
    tenant      INTEGER NOT NULL,
    id          INTEGER NOT NULL,
    officer     INTEGER NOT NULL,          -- who uploaded it
    file_name   TEXT NOT NULL,
    workbook    BLOB NOT NULL,             -- the file as it came, at most 4 MiB
    uploaded_at INTEGER NOT NULL,
    is_saved    INTEGER NOT NULL,          -- 1: its rows are drafts; 0: somebody is looking at it
    PRIMARY KEY (tenant, id)
) STRICT;

-- Which import a draft came with: those of one are published together. 0: none.
ALTER TABLE definition_draft ADD COLUMN import INTEGER NOT NULL DEFAULT 0;
