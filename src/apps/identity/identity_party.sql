-- name: party_find :optional
-- One party, with the account that speaks for it, if any.
-- params: tenant Id, id Id
-- returns: id Id, kind text, name text, assurance text, identity_kind text?, identity_number bytes?, identity_blind text?, phone bytes?, phone_blind text?, recorded_by Id?, verified_by Id?, verified_at Instant?
SELECT id, kind, name, assurance, identity_kind, identity_number, identity_blind, phone, phone_blind, recorded_by,
       verified_by, verified_at
  FROM party WHERE tenant = :tenant AND id = :id;

-- name: party_of_identity :optional
-- The party that an officer wrote down under a number.
-- params: tenant Id, blind text
-- returns: id Id
SELECT id FROM party WHERE tenant = :tenant AND identity_blind = :blind AND recorded_by IS NOT NULL;

-- name: party_of_phone :optional
-- The party of the account with a phone.
-- params: tenant Id, phone_blind text
-- returns: party Id
SELECT party FROM account WHERE tenant = :tenant AND phone_blind = :phone_blind;

-- name: party_record :exec
-- A party that an officer writes down.
-- params: tenant Id, id Id, kind text, name text, assurance text, created_at Instant, identity_kind text, identity_number bytes, identity_blind text, recorded_by Id, verified_by Id?, verified_at Instant?
INSERT INTO party (tenant, id, kind, name, assurance, created_at, identity_kind, identity_number, identity_blind,
                   recorded_by, verified_by, verified_at)
VALUES (:tenant, :id, :kind, :name, :assurance, :created_at, :identity_kind, :identity_number, :identity_blind,
        :recorded_by, :verified_by, :verified_at);

-- name: party_set_number :exec
-- What a person typed about himself.
-- params: tenant Id, id Id, identity_kind text, identity_number bytes, identity_blind text
UPDATE party SET identity_kind = :identity_kind, identity_number = :identity_number, identity_blind = :identity_blind
 WHERE tenant = :tenant AND id = :id AND recorded_by IS NULL;

-- name: party_verify :exec
-- An officer saw the original.
-- params: tenant Id, id Id, name text, identity_kind text, identity_number bytes, identity_blind text, officer Id, at Instant
UPDATE party SET name = :name, assurance = 'verified', identity_kind = :identity_kind,
       identity_number = :identity_number, identity_blind = :identity_blind, recorded_by = :officer,
       verified_by = :officer, verified_at = :at
 WHERE tenant = :tenant AND id = :id;

-- name: party_set_phone :exec
-- The phone that a window wrote down.
-- params: tenant Id, id Id, phone bytes, phone_blind text
UPDATE party SET phone = :phone, phone_blind = :phone_blind WHERE tenant = :tenant AND id = :id;

-- name: account_move :exec
-- The accounts of a party that turned out to be another one.
-- params: tenant Id, party Id, to_party Id
UPDATE account SET party = :to_party WHERE tenant = :tenant AND party = :party;

-- name: account_of_party :many
-- The phones of a party's accounts.
-- params: tenant Id, party Id
-- returns: id Id, phone bytes, phone_blind text
SELECT id, phone, phone_blind FROM account WHERE tenant = :tenant AND party = :party ORDER BY id;

-- ---- letters ------------------------------------------------------------------------------------

-- name: mandate_insert :exec
-- A letter that a window saw.
-- params: tenant Id, id Id, firm Id, person Id, letter_no text, items text, valid_until Date, officer Id, at Instant
INSERT INTO party_agent (tenant, id, firm, person, letter_no, items, valid_until, verified_by, verified_at)
VALUES (:tenant, :id, :firm, :person, :letter_no, :items, :valid_until, :officer, :at);

-- name: mandate_find :optional
-- One letter.
-- params: tenant Id, id Id
-- returns: id Id, firm Id, person Id, firm_name text, person_name text, letter_no text, items text, valid_until Date, verified_by Id, verified_at Instant, revoked_at Instant?, reason text?
SELECT l.id, l.firm, l.person, f.name, p.name, l.letter_no, l.items, l.valid_until, l.verified_by, l.verified_at,
       l.revoked_at, l.reason
  FROM party_agent l
  JOIN party f ON f.tenant = l.tenant AND f.id = l.firm
  JOIN party p ON p.tenant = l.tenant AND p.id = l.person
 WHERE l.tenant = :tenant AND l.id = :id;

-- name: mandate_list_firm :many
-- The letters that a firm gave, newest first.
-- params: tenant Id, firm Id, most int
-- returns: id Id, firm Id, person Id, firm_name text, person_name text, letter_no text, items text, valid_until Date, verified_by Id, verified_at Instant, revoked_at Instant?, reason text?
SELECT l.id, l.firm, l.person, f.name, p.name, l.letter_no, l.items, l.valid_until, l.verified_by, l.verified_at,
       l.revoked_at, l.reason
  FROM party_agent l
  JOIN party f ON f.tenant = l.tenant AND f.id = l.firm
  JOIN party p ON p.tenant = l.tenant AND p.id = l.person
 WHERE l.tenant = :tenant AND l.firm = :firm ORDER BY l.id DESC LIMIT :most;

-- name: mandate_list_person :many
-- The letters that a person has, newest first.
-- params: tenant Id, person Id, most int
-- returns: id Id, firm Id, person Id, firm_name text, person_name text, letter_no text, items text, valid_until Date, verified_by Id, verified_at Instant, revoked_at Instant?, reason text?
SELECT l.id, l.firm, l.person, f.name, p.name, l.letter_no, l.items, l.valid_until, l.verified_by, l.verified_at,
       l.revoked_at, l.reason
  FROM party_agent l
  JOIN party f ON f.tenant = l.tenant AND f.id = l.firm
  JOIN party p ON p.tenant = l.tenant AND p.id = l.person
 WHERE l.tenant = :tenant AND l.person = :person ORDER BY l.id DESC LIMIT :most;

-- name: mandate_revoke :exec
-- The firm took its letter back.
-- params: tenant Id, id Id, officer Id, at Instant, reason text
UPDATE party_agent SET revoked_by = :officer, revoked_at = :at, reason = :reason
 WHERE tenant = :tenant AND id = :id AND revoked_at IS NULL;

-- ---- unmasking ----------------------------------------------------------------------------------

-- name: unmasking_insert :exec
-- Somebody saw a hidden value whole.
-- params: tenant Id, id Id, at Instant, officer Id, unit Id, party Id, dossier text?, field text, reason text
INSERT INTO unmasking (tenant, id, at, officer, unit, party, dossier, field, reason)
VALUES (:tenant, :id, :at, :officer, :unit, :party, :dossier, :field, :reason);

-- name: unmasking_list :many
-- The latest first, behind the one with the id before.
-- params: tenant Id, before Id, most int
-- returns: id Id, at Instant, officer_login text, officer_name text, officer_name_en text, unit Id, party_name text, dossier text?, field text, reason text
SELECT u.id, u.at, o.login, o.name, o.name_en, u.unit, p.name, u.dossier, u.field, u.reason
  FROM unmasking u
  JOIN officer o ON o.tenant = u.tenant AND o.id = u.officer
  JOIN party p ON p.tenant = u.tenant AND p.id = u.party
 WHERE u.tenant = :tenant AND u.id < :before
 ORDER BY u.id DESC LIMIT :most;
