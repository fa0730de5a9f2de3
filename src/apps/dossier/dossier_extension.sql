-- More time to decide: asked for, decided by the head of the responsible unit.

-- name: extension_insert :exec
-- An officer asks for more time.
-- params: tenant Id, id Id, dossier Id, task Id, unit Id, officer Id, reason text, amount int, basis text, basis_en text, asked_at Instant
INSERT INTO extension (tenant, id, dossier, task, unit, officer, state, reason, amount, basis, basis_en, asked_at)
VALUES (:tenant, :id, :dossier, :task, :unit, :officer, 'asked', :reason, :amount, :basis, :basis_en, :asked_at);

-- name: extension_decide :exec
-- The head of the unit grants or refuses it.
-- params: tenant Id, id Id, state text, decided_by Id, decided_at Instant, decision text?, due_before Date?, due_after Date?
UPDATE extension SET state = :state, decided_by = :decided_by, decided_at = :decided_at, decision = :decision,
       due_before = :due_before, due_after = :due_after
 WHERE tenant = :tenant AND id = :id;

-- name: extension_list :many
-- The extensions of a dossier, in order.
-- params: tenant Id, dossier Id
-- returns: id Id, dossier Id, task Id, unit Id, officer Id, state text, reason text, amount int, basis text, basis_en text, asked_at Instant, decided_by Id?, decided_at Instant?, decision text?, due_before Date?, due_after Date?
-- row: ExtensionRow
-- scope: key
SELECT id, dossier, task, unit, officer, state, reason, amount, basis, basis_en, asked_at, decided_by, decided_at, decision,
       due_before, due_after
  FROM extension WHERE tenant = :tenant AND dossier = :dossier ORDER BY id;

-- name: extension_get :optional
-- One extension.
-- params: tenant Id, id Id
-- returns: id Id, dossier Id, task Id, unit Id, officer Id, state text, reason text, amount int, basis text, basis_en text, asked_at Instant, decided_by Id?, decided_at Instant?, decision text?, due_before Date?, due_after Date?
-- row: ExtensionRow
-- scope: key
SELECT id, dossier, task, unit, officer, state, reason, amount, basis, basis_en, asked_at, decided_by, decided_at, decision,
       due_before, due_after
  FROM extension WHERE tenant = :tenant AND id = :id;

-- name: extension_queue :many
-- What the head of a unit has to decide, oldest first, with the promise as it stands.
-- params: tenant Id, unit Id, after Id, most int
-- returns: id Id, dossier Id, number text, item_name text, item_name_en text, applicant_name text, officer Id, reason text, amount int, limit_unit text, basis text, basis_en text, asked_at Instant, due_on Date, due_at Instant
-- scope: unit
SELECT e.id, e.dossier, d.number, d.item_name, d.item_name_en, d.applicant_name, e.officer, e.reason, e.amount,
       c.limit_unit, e.basis, e.basis_en, e.asked_at, c.due_on, c.due_at
  FROM extension e
  JOIN dossier d ON d.tenant = e.tenant AND d.id = e.dossier
  JOIN legal_clock c ON c.tenant = e.tenant AND c.dossier = e.dossier
 WHERE e.tenant = :tenant AND e.unit = :unit AND e.state = 'asked' AND e.id > :after
   AND d.decided_at IS NULL AND d.completed_at IS NULL
   AND EXISTS (SELECT 1 FROM dossier_access a
                WHERE a.tenant = e.tenant AND a.unit = :unit AND a.dossier = e.dossier)
 ORDER BY e.id LIMIT :most;

-- name: extension_count :one
-- How many the head of a unit has to decide.
-- params: tenant Id, unit Id
-- returns: count int
-- scope: unit
SELECT COUNT(*)
  FROM extension e
  JOIN dossier d ON d.tenant = e.tenant AND d.id = e.dossier
 WHERE e.tenant = :tenant AND e.unit = :unit AND e.state = 'asked'
   AND d.decided_at IS NULL AND d.completed_at IS NULL
   AND EXISTS (SELECT 1 FROM dossier_access a
                WHERE a.tenant = e.tenant AND a.unit = :unit AND a.dossier = e.dossier);
