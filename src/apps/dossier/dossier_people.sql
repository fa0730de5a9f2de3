-- name: actor_insert :exec
-- Who acts on a dossier for its party.
-- params: tenant Id, dossier Id, party Id, role text, name text, letter_no text?, valid_until Date?
INSERT INTO dossier_agent (tenant, dossier, party, role, name, letter_no, valid_until)
VALUES (:tenant, :dossier, :party, :role, :name, :letter_no, :valid_until);

-- name: actor_list :many
-- Those who act on a dossier for its party.
-- params: tenant Id, dossier Id
-- returns: party Id, role text, name text, letter_no text?, valid_until Date?
-- scope: key
SELECT party, role, name, letter_no, valid_until
  FROM dossier_agent WHERE tenant = :tenant AND dossier = :dossier ORDER BY party;
