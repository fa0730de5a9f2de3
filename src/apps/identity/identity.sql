-- name: session_find :optional
-- Who is behind a session token: officer with roles, or applicant.
-- engine: sqlite
-- params: token text
-- returns: tenant Id, id Id, user_kind text, user_id Id, expires_at Instant, ended_at Instant?, unit Id?, officer_name text?, officer_name_en text?, officer_state text?, roles text?, party Id?, party_name text?, assurance text?, account_state text?
SELECT s.tenant, s.id, s.user_kind, s.user_id, s.expires_at, s.ended_at, o.unit, o.name, o.name_en, o.state,
       (SELECT group_concat(r.role, ',') FROM officer_role r WHERE r.tenant = o.tenant AND r.officer = o.id),
       a.party, p.name, p.assurance, a.state
  FROM session s
  LEFT JOIN officer o ON s.user_kind = 'officer' AND o.tenant = s.tenant AND o.id = s.user_id
  LEFT JOIN account a ON s.user_kind = 'applicant' AND a.tenant = s.tenant AND a.id = s.user_id
  LEFT JOIN party p ON p.tenant = a.tenant AND p.id = a.party
 WHERE s.token = :token;

-- name: session_find :optional
-- Who is behind a session token: officer with roles, or applicant.
-- engine: postgres
-- params: token text
-- returns: tenant Id, id Id, user_kind text, user_id Id, expires_at Instant, ended_at Instant?, unit Id?, officer_name text?, officer_name_en text?, officer_state text?, roles text?, party Id?, party_name text?, assurance text?, account_state text?
SELECT s.tenant, s.id, s.user_kind, s.user_id, s.expires_at, s.ended_at, o.unit, o.name, o.name_en, o.state,
       (SELECT string_agg(r.role, ',') FROM officer_role r WHERE r.tenant = o.tenant AND r.officer = o.id),
       a.party, p.name, p.assurance, a.state
  FROM session s
  LEFT JOIN officer o ON s.user_kind = 'officer' AND o.tenant = s.tenant AND o.id = s.user_id
  LEFT JOIN account a ON s.user_kind = 'applicant' AND a.tenant = s.tenant AND a.id = s.user_id
  LEFT JOIN party p ON p.tenant = a.tenant AND p.id = a.party
 WHERE s.token = :token;

-- name: session_insert :exec
-- A new session.
-- params: tenant Id, token text, id Id, user_kind text, user_id Id, created_at Instant, expires_at Instant
INSERT INTO session (tenant, token, id, user_kind, user_id, created_at, expires_at)
VALUES (:tenant, :token, :id, :user_kind, :user_id, :created_at, :expires_at);

-- name: session_half :optional
-- The officer whose password was right and whose code is still asked for.
-- params: tenant Id, token text, now Instant
-- returns: id Id, state text, failed_logins int, locked_until Instant?
SELECT o.id, o.state, o.failed_logins, o.locked_until
  FROM session s JOIN officer o ON o.tenant = s.tenant AND o.id = s.user_id
 WHERE s.token = :token AND s.tenant = :tenant AND s.user_kind = 'half' AND s.ended_at IS NULL AND s.expires_at > :now;

-- name: session_end :exec
-- Logged out.
-- params: token text, at Instant
UPDATE session SET ended_at = :at WHERE token = :token AND ended_at IS NULL;

-- name: session_sweep :exec
-- Forgets sessions that are over.
-- params: before Instant
DELETE FROM session WHERE expires_at < :before;

-- name: officer_login_find :optional
-- An officer by staff number, for logging in.
-- params: tenant Id, login text
-- returns: id Id, password text, state text, failed_logins int, locked_until Instant?, second_state text?
SELECT o.id, o.password, o.state, o.failed_logins, o.locked_until, f.state
  FROM officer o LEFT JOIN second_factor f ON f.tenant = o.tenant AND f.officer = o.id
 WHERE o.tenant = :tenant AND o.login = :login;

-- name: account_login_find :optional
-- An account by the blind index of its phone, for logging in.
-- params: tenant Id, phone_blind text
-- returns: id Id, password text, state text, failed_logins int, locked_until Instant?
SELECT id, password, state, failed_logins, locked_until FROM account WHERE tenant = :tenant AND phone_blind = :phone_blind;

-- name: officer_note_login :exec
-- How often the password was wrong, and until when the login is locked.
-- params: tenant Id, id Id, failed_logins int, locked_until Instant?
UPDATE officer SET failed_logins = :failed_logins, locked_until = :locked_until WHERE tenant = :tenant AND id = :id;

-- name: account_note_login :exec
-- How often the password was wrong, and until when the login is locked.
-- params: tenant Id, id Id, failed_logins int, locked_until Instant?
UPDATE account SET failed_logins = :failed_logins, locked_until = :locked_until WHERE tenant = :tenant AND id = :id;

-- name: officer_put :exec
-- An officer, found by staff number.
-- params: tenant Id, id Id, unit Id, hall_window Id?, login text, name text, name_en text, password text
INSERT INTO officer (tenant, id, unit, hall_window, login, name, name_en, password, state, failed_logins)
VALUES (:tenant, :id, :unit, :hall_window, :login, :name, :name_en, :password, 'active', 0)
ON CONFLICT (tenant, login) DO UPDATE SET unit = excluded.unit, hall_window = excluded.hall_window,
       name = excluded.name, name_en = excluded.name_en, password = excluded.password;

-- name: officer_of_login :optional
-- An officer's id by staff number.
-- params: tenant Id, login text
-- returns: id Id, state text
SELECT id, state FROM officer WHERE tenant = :tenant AND login = :login;

-- name: officer_name_of :optional
-- An officer's name.
-- params: tenant Id, id Id
-- returns: name text, name_en text
SELECT name, name_en FROM officer WHERE tenant = :tenant AND id = :id;

-- name: officer_list :many
-- Officers with their roles, by staff number, behind the last one shown.
-- engine: sqlite
-- params: tenant Id, after text, most int
-- returns: id Id, unit Id, login text, name text, name_en text, state text, locked_until Instant?, roles text?
SELECT o.id, o.unit, o.login, o.name, o.name_en, o.state, o.locked_until,
       (SELECT group_concat(r.role, ',') FROM officer_role r WHERE r.tenant = o.tenant AND r.officer = o.id)
  FROM officer o WHERE o.tenant = :tenant AND o.login > :after ORDER BY o.login LIMIT :most;

-- name: officer_list :many
-- Officers with their roles, by staff number, behind the last one shown.
-- engine: postgres
-- params: tenant Id, after text, most int
-- returns: id Id, unit Id, login text, name text, name_en text, state text, locked_until Instant?, roles text?
SELECT o.id, o.unit, o.login, o.name, o.name_en, o.state, o.locked_until,
       (SELECT string_agg(r.role, ',') FROM officer_role r WHERE r.tenant = o.tenant AND r.officer = o.id)
  FROM officer o WHERE o.tenant = :tenant AND o.login > :after ORDER BY o.login LIMIT :most;

-- name: officer_roles_clear :exec
-- Before the roles are given anew.
-- params: tenant Id, officer Id
DELETE FROM officer_role WHERE tenant = :tenant AND officer = :officer;

-- name: officer_role_put :exec
-- Gives an officer a role.
-- params: tenant Id, officer Id, role text
INSERT INTO officer_role (tenant, officer, role) VALUES (:tenant, :officer, :role)
ON CONFLICT (tenant, officer, role) DO NOTHING;

-- name: party_insert :exec
-- A person or a firm.
-- params: tenant Id, id Id, kind text, name text, assurance text, created_at Instant
INSERT INTO party (tenant, id, kind, name, assurance, created_at)
VALUES (:tenant, :id, :kind, :name, :assurance, :created_at);

-- name: account_insert :exec
-- An applicant's login.
-- params: tenant Id, id Id, party Id, phone bytes, phone_blind text, password text, created_at Instant
INSERT INTO account (tenant, id, party, phone, phone_blind, password, state, failed_logins, created_at)
VALUES (:tenant, :id, :party, :phone, :phone_blind, :password, 'active', 0, :created_at);

-- name: account_phone :optional
-- The sealed phone of an account.
-- params: tenant Id, id Id
-- returns: phone bytes, phone_blind text
SELECT phone, phone_blind FROM account WHERE tenant = :tenant AND id = :id;
