-- Indexes that each statement walks alone, however many rows there are. SQLite plans without
-- statistics: an index that has all compared columns, then those of the order, is always taken.

-- A unit's open tasks by urgency; those without a due date stand last.
DROP INDEX task_desk;
CREATE INDEX task_desk ON task (tenant, unit, (COALESCE(due_at, 9000000000000000)), id)
 WHERE state = 'open';

-- May this unit see this dossier?
DROP INDEX dossier_access_dossier;
CREATE INDEX dossier_access_dossier ON dossier_access (tenant, dossier, unit, due_at);

DROP INDEX timer_due;
CREATE INDEX timer_due ON timer (tenant, due_at, id) WHERE state = 'set';

DROP INDEX incident_dossier;
CREATE INDEX incident_dossier ON incident (tenant, dossier, id);

DROP INDEX certificate_dossier;
CREATE INDEX certificate_dossier ON certificate (tenant, dossier, id);
