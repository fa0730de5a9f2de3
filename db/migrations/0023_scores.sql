-- Scores of departments, windows and persons (B04). What points are given for, as the journal tells it; the points
-- themselves are a table's, applied when somebody looks. Derived by the inside reader score.events.

CREATE TABLE score_event (
    tenant  INTEGER NOT NULL,
    id      INTEGER NOT NULL,              -- of the journal entry
    month   TEXT NOT NULL,                 -- 2026-11, of the day
    day     TEXT NOT NULL,
    kind    TEXT NOT NULL,                 -- completed.late, rated.satisfied, correction.sent ...
    days    INTEGER NOT NULL,              -- days late; 0 otherwise
    unit    INTEGER NOT NULL,              -- whose score it is
    officer INTEGER NOT NULL,              -- 0: the entry names nobody
    dossier INTEGER NOT NULL,              -- 0: none
    matter  INTEGER NOT NULL,              -- correction notice or complaint, 0 none
    number  TEXT NOT NULL,                 -- of the complaint, '' none
    PRIMARY KEY (tenant, id)
) STRICT;
-- Sums of a month, in the order in which they are asked for.
CREATE INDEX score_event_month ON score_event (tenant, month, unit, officer, kind, days);
CREATE INDEX score_event_unit ON score_event (tenant, unit, day, id);
CREATE INDEX score_event_officer ON score_event (tenant, officer, day, id) WHERE officer <> 0;
CREATE INDEX score_event_dossier ON score_event (tenant, dossier, id) WHERE dossier <> 0;
