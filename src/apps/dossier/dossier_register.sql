-- name: register_put :exec
-- A unit took a dossier in.
-- params: tenant Id, unit Id, dossier Id, officer Id, at Instant
INSERT INTO intake_register (tenant, unit, dossier, officer, at)
VALUES (:tenant, :unit, :dossier, :officer, :at)
ON CONFLICT (tenant, unit, dossier) DO NOTHING;

-- name: register_clear :exec
-- Before the journal is replayed.
DELETE FROM intake_register;

-- name: register_list :many
-- What a unit took in, newest first; behind the last one shown.
-- params: tenant Id, unit Id, before Id, most int
-- returns: dossier Id, number text, item_name text, item_name_en text, applicant_name text, state text, waits_for text?, officer Id, at Instant, due_at Instant?, completed_at Instant?
-- scope: unit
SELECT r.dossier, d.number, d.item_name, d.item_name_en, d.applicant_name, d.state, d.waits_for, r.officer, r.at,
       c.due_at, d.completed_at
  FROM intake_register r
  JOIN dossier d ON d.tenant = r.tenant AND d.id = r.dossier
  LEFT JOIN legal_clock c ON c.tenant = d.tenant AND c.dossier = d.id
 WHERE r.tenant = :tenant AND r.unit = :unit AND r.dossier < :before
   AND EXISTS (SELECT 1 FROM dossier_access a
                WHERE a.tenant = d.tenant AND a.unit = :unit AND a.dossier = d.id)
 ORDER BY r.dossier DESC LIMIT :most;
