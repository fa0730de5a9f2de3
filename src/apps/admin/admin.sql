-- name: applied_get :optional
-- Under which calendar all running clocks were derived last.
-- params: tenant Id
-- returns: definition Id, applied_at Instant, changed int
SELECT definition, applied_at, changed FROM calendar_applied WHERE tenant = :tenant;

-- name: applied_put :exec
-- All running clocks are derived under this one.
-- params: tenant Id, definition Id, applied_at Instant, changed int
INSERT INTO calendar_applied (tenant, definition, applied_at, changed)
VALUES (:tenant, :definition, :applied_at, :changed)
ON CONFLICT (tenant) DO UPDATE SET definition = excluded.definition, applied_at = excluded.applied_at,
                                   changed = excluded.changed;
