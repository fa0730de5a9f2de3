-- name: second_factor_find :optional
-- An officer's second factor, asked for or in use.
-- params: tenant Id, officer Id
-- returns: secret bytes, state text, last_step int, confirmed_at Instant?, login text, codes_left int
SELECT f.secret, f.state, f.last_step, f.confirmed_at, o.login,
       (SELECT COUNT(*) FROM recovery_code c WHERE c.tenant = f.tenant AND c.officer = f.officer AND c.used_at IS NULL)
  FROM second_factor f JOIN officer o ON o.tenant = f.tenant AND o.id = f.officer
 WHERE f.tenant = :tenant AND f.officer = :officer;

-- name: second_factor_begin :exec
-- A fresh secret that is not confirmed yet; one in use is left alone.
-- params: tenant Id, officer Id, secret bytes, at Instant
INSERT INTO second_factor (tenant, officer, secret, state, last_step, begun_at)
VALUES (:tenant, :officer, :secret, 'pending', 0, :at)
ON CONFLICT (tenant, officer) DO UPDATE SET secret = excluded.secret, begun_at = excluded.begun_at
 WHERE second_factor.state = 'pending';

-- name: second_factor_confirm :exec
-- The first code was right: from now on it is asked for.
-- params: tenant Id, officer Id, step int, at Instant
UPDATE second_factor SET state = 'active', last_step = :step, confirmed_at = :at
 WHERE tenant = :tenant AND officer = :officer AND state = 'pending';

-- name: second_factor_spend :exec
-- A code was used: neither it nor an older one is right again.
-- params: tenant Id, officer Id, step int
UPDATE second_factor SET last_step = :step WHERE tenant = :tenant AND officer = :officer AND last_step < :step;

-- name: recovery_code_insert :exec
-- A code for the day on which the telephone is lost.
-- params: tenant Id, officer Id, hash text
INSERT INTO recovery_code (tenant, officer, hash) VALUES (:tenant, :officer, :hash);

-- name: recovery_code_find :optional
-- When a code was used.
-- params: tenant Id, officer Id, hash text
-- returns: used_at Instant?
SELECT used_at FROM recovery_code WHERE tenant = :tenant AND officer = :officer AND hash = :hash;

-- name: recovery_code_use :exec
-- A code was used.
-- params: tenant Id, officer Id, hash text, at Instant
UPDATE recovery_code SET used_at = :at WHERE tenant = :tenant AND officer = :officer AND hash = :hash;

-- name: second_factor_delete :exec
-- Another telephone takes its place.
-- params: tenant Id, officer Id
DELETE FROM second_factor WHERE tenant = :tenant AND officer = :officer;

-- name: recovery_codes_clear :exec
-- Codes of a secret that is no longer used.
-- params: tenant Id, officer Id
DELETE FROM recovery_code WHERE tenant = :tenant AND officer = :officer;
