-- Officers who are away. Whoever shares a post with one of them acts for him on those days.

CREATE TABLE absence (
    tenant   INTEGER NOT NULL,
    id       INTEGER NOT NULL,
    officer  INTEGER NOT NULL,
    unit     INTEGER NOT NULL,
    from_on  TEXT NOT NULL,                -- first and last day away
    to_on    TEXT NOT NULL,                -- the day before he came back; before from_on: he never left
    reason   TEXT NOT NULL,                -- leave trip training meeting other
    noted_by INTEGER NOT NULL,             -- himself, or the head of the unit
    noted_at INTEGER NOT NULL,
    ended_by INTEGER,                      -- who noted that he is back before the last day
    ended_at INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX absence_day ON absence (tenant, to_on, id);
CREATE INDEX absence_unit ON absence (tenant, unit, to_on, id);
CREATE INDEX absence_officer ON absence (tenant, officer, to_on, id);
