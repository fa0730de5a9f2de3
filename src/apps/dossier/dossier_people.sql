-- name: actor_insert :exec
-- Who acts on a dossier for its party.
-- params: tenant Id, dossier Id, party Id, role text, name text, letter_no text?, valid_until Date?
INSERT INTO dossier_agent (tenant, dossier, party, role, name, letter_no, valid_until)
VALUES (:tenant, :dossier, :party, :role, :name, :letter_no, :valid_until);

-- name: withdrawal_insert :exec
-- Who asked at a window to take an application back, and how the officer knew who it was.
-- params: tenant Id, dossier Id, party Id, role text, how text, officer Id, unit Id, at Instant
INSERT INTO withdrawal (tenant, dossier, party, role, how, officer, unit, at)
VALUES (:tenant, :dossier, :party, :role, :how, :officer, :unit, :at);

-- name: withdrawal_get :optional
-- The same of one dossier.
-- params: tenant Id, dossier Id
-- returns: dossier Id, party Id, role text, how text, officer Id, unit Id, at Instant
-- scope: key
SELECT dossier, party, role, how, officer, unit, at
  FROM withdrawal WHERE tenant = :tenant AND dossier = :dossier;

-- name: actor_list :many
-- Those who act on a dossier for its party.
-- params: tenant Id, dossier Id
-- returns: party Id, role text, name text, letter_no text?, valid_until Date?
-- scope: key
SELECT party, role, name, letter_no, valid_until
  FROM dossier_agent WHERE tenant = :tenant AND dossier = :dossier ORDER BY party;
