-- Complaints, and what was done about them.

-- name: complaint_sequence :one
-- The next number of a year.
-- params: tenant Id, year int
-- returns: sequence int
INSERT INTO complaint_series (tenant, year, last) VALUES (:tenant, :year, 1)
ON CONFLICT (tenant, year) DO UPDATE SET last = complaint_series.last + 1
RETURNING last;

-- name: complaint_insert :exec
-- A complaint is registered.
-- params: tenant Id, id Id, year int, sequence int, number text, channel text, subject text, unit Id, dossier Id?, dossier_number text?, person bytes, words bytes, registered_at Instant, due_at Instant, reply_days int
INSERT INTO complaint (tenant, id, year, sequence, number, channel, subject, unit, dossier, dossier_number,
                       person, words, state, is_open, registered_at, due_at, reply_days)
VALUES (:tenant, :id, :year, :sequence, :number, :channel, :subject, :unit, :dossier, :dossier_number,
        :person, :words, 'registered', 1, :registered_at, :due_at, :reply_days);

-- name: complaint_find :optional
-- One complaint, for a supervisor (unit 0) or the office complained of, which sees it once it is accepted.
-- params: tenant Id, id Id, unit int
-- returns: id Id, number text, channel text, subject text, unit Id, dossier Id?, dossier_number text?, state text, is_open bool, registered_at Instant, due_at Instant, reply_days int, finding text?, correction Id?, grade text?
SELECT id, number, channel, subject, unit, dossier, dossier_number, state, is_open, registered_at, due_at,
       reply_days, finding, correction, grade
  FROM complaint
 WHERE tenant = :tenant AND id = :id
   AND (:unit = 0 OR (unit = :unit AND state <> 'registered' AND state <> 'refused'));

-- name: complaint_numbered :optional
-- The complaint with a number.
-- row: ComplaintFindRow
-- params: tenant Id, year int, sequence int
-- returns: id Id, number text, channel text, subject text, unit Id, dossier Id?, dossier_number text?, state text, is_open bool, registered_at Instant, due_at Instant, reply_days int, finding text?, correction Id?, grade text?
-- scope: key
SELECT id, number, channel, subject, unit, dossier, dossier_number, state, is_open, registered_at, due_at,
       reply_days, finding, correction, grade
  FROM complaint WHERE tenant = :tenant AND year = :year AND sequence = :sequence;

-- name: complaint_sealed :optional
-- Who complains, and of what.
-- params: tenant Id, id Id
-- returns: person bytes, words bytes
-- scope: key
SELECT person, words FROM complaint WHERE tenant = :tenant AND id = :id;

-- name: complaint_move :exec
-- Its next state, when it still is in the one that was read.
-- params: tenant Id, id Id, before text, state text, is_open bool, due_at Instant, finding text?, correction Id?, grade text?
UPDATE complaint SET state = :state, is_open = :is_open, due_at = :due_at, finding = :finding,
       correction = :correction, grade = :grade
 WHERE tenant = :tenant AND id = :id AND state = :before;

-- name: complaint_open_page :many
-- Those that an office still has to act on, the most urgent first, behind (due_after, after); a unit's own: accepted ones.
-- row: ComplaintFindRow
-- params: tenant Id, unit int, due_after Instant, after Id, most int
-- returns: id Id, number text, channel text, subject text, unit Id, dossier Id?, dossier_number text?, state text, is_open bool, registered_at Instant, due_at Instant, reply_days int, finding text?, correction Id?, grade text?
SELECT id, number, channel, subject, unit, dossier, dossier_number, state, is_open, registered_at, due_at,
       reply_days, finding, correction, grade
  FROM complaint
 WHERE tenant = :tenant AND is_open = 1 AND due_at >= :due_after AND (due_at > :due_after OR id > :after)
   AND (:unit = 0 OR (unit = :unit AND state <> 'registered'))
 ORDER BY due_at, id LIMIT :most;

-- name: complaint_ended_page :many
-- The others, the newest first, behind an id; a unit's own: those that were accepted.
-- row: ComplaintFindRow
-- params: tenant Id, unit int, after Id, most int
-- returns: id Id, number text, channel text, subject text, unit Id, dossier Id?, dossier_number text?, state text, is_open bool, registered_at Instant, due_at Instant, reply_days int, finding text?, correction Id?, grade text?
SELECT id, number, channel, subject, unit, dossier, dossier_number, state, is_open, registered_at, due_at,
       reply_days, finding, correction, grade
  FROM complaint
 WHERE tenant = :tenant AND is_open = 0 AND id < :after
   AND (:unit = 0 OR (unit = :unit AND state <> 'refused'))
 ORDER BY id DESC LIMIT :most;

-- name: complaint_act_insert :exec
-- What was done.
-- params: tenant Id, id Id, complaint Id, kind text, actor_kind text, officer Id?, at Instant, words bytes
INSERT INTO complaint_act (tenant, id, complaint, kind, actor_kind, officer, at, words)
VALUES (:tenant, :id, :complaint, :kind, :actor_kind, :officer, :at, :words);

-- name: complaint_acts :many
-- All that was done about a complaint, in order.
-- params: tenant Id, complaint Id
-- returns: id Id, kind text, officer Id?, at Instant, words bytes
SELECT id, kind, officer, at, words FROM complaint_act
 WHERE tenant = :tenant AND complaint = :complaint ORDER BY id;
