-- Two derived tables, cheaper to write.

-- Scores: a completion cost six trees (row, key and four indexes), now three. The key is the order in which pages
-- ask: whose, which days, newest first.
ALTER TABLE score_event RENAME TO score_event_before;
CREATE TABLE score_event (
    tenant  INTEGER NOT NULL,
    unit    INTEGER NOT NULL,              -- whose score it is
    day     TEXT NOT NULL,
    id      INTEGER NOT NULL,              -- of the journal entry
    kind    TEXT NOT NULL,                 -- completed.late, rated.satisfied, correction.sent ...
    days    INTEGER NOT NULL,              -- days late; 0 otherwise
    officer INTEGER NOT NULL,              -- 0: the entry names nobody
    dossier INTEGER NOT NULL,              -- 0: none
    matter  INTEGER NOT NULL,              -- correction notice or complaint, 0 none
    number  TEXT NOT NULL,                 -- of the complaint, '' none
    PRIMARY KEY (tenant, unit, day, id)
) STRICT, WITHOUT ROWID;
INSERT INTO score_event (tenant, unit, day, id, kind, days, officer, dossier, matter, number)
SELECT tenant, unit, day, id, kind, days, officer, dossier, matter, number FROM score_event_before;
DROP TABLE score_event_before;
CREATE INDEX score_event_officer ON score_event (tenant, officer, day, id) WHERE officer <> 0;
CREATE INDEX score_event_dossier ON score_event (tenant, dossier, id) WHERE dossier <> 0;

-- Row scope is asked by dossier and unit alone: one tree does instead of three.
ALTER TABLE dossier_access RENAME TO dossier_access_before;
CREATE TABLE dossier_access (
    tenant  INTEGER NOT NULL,
    dossier INTEGER NOT NULL,
    unit    INTEGER NOT NULL,
    due_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant, dossier, unit)
) STRICT, WITHOUT ROWID;
INSERT INTO dossier_access (tenant, dossier, unit, due_at)
SELECT tenant, dossier, unit, MIN(due_at) FROM dossier_access_before GROUP BY tenant, dossier, unit;
DROP TABLE dossier_access_before;
