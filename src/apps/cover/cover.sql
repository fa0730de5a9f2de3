-- Posts with their holders A and B, and who is away.

-- name: cover_posts :many
-- The posts of a unit (0: of all).
-- params: tenant Id, unit Id
-- returns: id Id, unit Id, code text, name text, name_en text, holder_a Id?, holder_b Id?
SELECT id, unit, code, name, name_en, holder_a, holder_b
  FROM post WHERE tenant = :tenant AND (:unit = 0 OR unit = :unit) ORDER BY unit, code;

-- name: cover_post_get :optional
-- One post.
-- params: tenant Id, id Id
-- returns: id Id, unit Id, code text, name text, name_en text, holder_a Id?, holder_b Id?
-- scope: key
SELECT id, unit, code, name, name_en, holder_a, holder_b FROM post WHERE tenant = :tenant AND id = :id;

-- name: cover_post_hold :exec
-- Who holds a post.
-- params: tenant Id, id Id, holder_a Id?, holder_b Id?
UPDATE post SET holder_a = :holder_a, holder_b = :holder_b WHERE tenant = :tenant AND id = :id;

-- name: cover_staff :many
-- The officers of a unit who may log in.
-- params: tenant Id, unit Id
-- returns: id Id, login text, name text, name_en text
SELECT id, login, name, name_en FROM officer
 WHERE tenant = :tenant AND unit = :unit AND state <> 'left' ORDER BY login;

-- name: absence_insert :exec
-- An officer will be away.
-- params: tenant Id, id Id, officer Id, unit Id, from_on Date, to_on Date, reason text, noted_by Id, noted_at Instant
INSERT INTO absence (tenant, id, officer, unit, from_on, to_on, reason, noted_by, noted_at)
VALUES (:tenant, :id, :officer, :unit, :from_on, :to_on, :reason, :noted_by, :noted_at);

-- name: absence_end :exec
-- He is back before the last day.
-- params: tenant Id, id Id, to_on Date, ended_by Id, ended_at Instant
UPDATE absence SET to_on = :to_on, ended_by = :ended_by, ended_at = :ended_at WHERE tenant = :tenant AND id = :id;

-- name: absence_get :optional
-- One absence.
-- params: tenant Id, id Id
-- returns: id Id, officer Id, unit Id, from_on Date, to_on Date, reason text, noted_by Id, ended_at Instant?
-- row: AbsenceRow
-- scope: key
SELECT id, officer, unit, from_on, to_on, reason, noted_by, ended_at FROM absence WHERE tenant = :tenant AND id = :id;

-- name: absence_of_unit :many
-- Who of a unit is away on a day or later.
-- params: tenant Id, unit Id, day Date, most int
-- returns: id Id, officer Id, unit Id, from_on Date, to_on Date, reason text, noted_by Id, ended_at Instant?
-- row: AbsenceRow
SELECT id, officer, unit, from_on, to_on, reason, noted_by, ended_at
  FROM absence
 WHERE tenant = :tenant AND unit = :unit AND to_on >= :day AND from_on <= to_on
 ORDER BY to_on, id LIMIT :most;

-- name: absence_of_all :many
-- Who is away on a day or later.
-- params: tenant Id, day Date, most int
-- returns: id Id, officer Id, unit Id, from_on Date, to_on Date, reason text, noted_by Id, ended_at Instant?
-- row: AbsenceRow
SELECT id, officer, unit, from_on, to_on, reason, noted_by, ended_at
  FROM absence
 WHERE tenant = :tenant AND to_on >= :day AND from_on <= to_on
 ORDER BY to_on, id LIMIT :most;

-- name: absence_of_officer :many
-- When one officer is away on a day or later.
-- params: tenant Id, officer Id, day Date
-- returns: id Id, officer Id, unit Id, from_on Date, to_on Date, reason text, noted_by Id, ended_at Instant?
-- row: AbsenceRow
SELECT id, officer, unit, from_on, to_on, reason, noted_by, ended_at
  FROM absence
 WHERE tenant = :tenant AND officer = :officer AND to_on >= :day AND from_on <= to_on
 ORDER BY to_on, id;

-- name: cover_absent :many
-- Who is away on a day and shares a post with an officer, who acts for them; once for each post.
-- params: tenant Id, officer Id, day Date
-- returns: officer Id, to_on Date
SELECT a.officer, a.to_on
  FROM post p
  JOIN absence a ON a.tenant = p.tenant AND a.officer = p.holder_b AND a.to_on >= :day AND a.from_on <= :day
 WHERE p.tenant = :tenant AND p.holder_a = :officer
UNION ALL
SELECT a.officer, a.to_on
  FROM post p
  JOIN absence a ON a.tenant = p.tenant AND a.officer = p.holder_a AND a.to_on >= :day AND a.from_on <= :day
 WHERE p.tenant = :tenant AND p.holder_b = :officer;
