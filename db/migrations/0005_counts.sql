-- What a person has on the desk, and what the live list counts.

CREATE INDEX task_mine ON task (tenant, unit, assignee, (COALESCE(due_at, 9000000000000000)), id)
 WHERE state = 'open' AND assignee IS NOT NULL;

CREATE INDEX supervised_incident ON supervised (tenant, is_open, has_incident)
 WHERE has_incident = 1;
