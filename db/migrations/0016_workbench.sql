-- The workbench: drafts of definitions, and who published which version, and why.

-- What somebody is writing: one draft a definition, kept until it is published.
CREATE TABLE definition_draft (
    tenant   INTEGER NOT NULL,
    kind     TEXT NOT NULL,                -- item process form table template grounds papers rating
    code     TEXT NOT NULL,
    source   TEXT NOT NULL,                -- the file
    english  TEXT NOT NULL,                -- its overlay, '' none
    revision INTEGER NOT NULL,             -- another one with every save: who saves names the one he saw
    officer  INTEGER NOT NULL,             -- who saved it last
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, kind, code)
) STRICT;

-- A version that an officer published; those without a row came with a pack. Never changed.
CREATE TABLE definition_publication (
    tenant     INTEGER NOT NULL,
    definition INTEGER NOT NULL,
    officer    INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    back_to    INTEGER NOT NULL,           -- version whose content it has again, 0: new content
    PRIMARY KEY (tenant, definition)
) STRICT;
