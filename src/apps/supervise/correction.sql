-- Warnings, and the correction notices of supervisors.

-- name: warning_put :exec
-- A warning that was raised; a second one of the same kind and date changes nothing.
-- params: tenant Id, id Id, dossier Id, kind text, unit int, officer int, due_at Instant, raised_at Instant
INSERT INTO warning (tenant, id, dossier, kind, unit, officer, due_at, raised_at)
VALUES (:tenant, :id, :dossier, :kind, :unit, :officer, :due_at, :raised_at)
ON CONFLICT (tenant, dossier, kind, due_at) DO NOTHING;

-- name: warning_clear :exec
-- Before the journal is replayed.
DELETE FROM warning;

-- name: warning_missing :many
-- Open dossiers due in [due_from, due_before) whose clock runs, half of whose time has passed, and for which nobody was
-- warned yet.
-- Counted one by one: as a join, planned while there are few, PostgreSQL compares each with every warning.
-- params: tenant Id, kind text, now Instant, due_from Instant, due_before Instant, most int
-- returns: dossier Id, number text, unit Id, step_unit int, officer int, due_at Instant
SELECT s.dossier, s.number, s.unit, s.step_unit, s.officer, s.due_at
  FROM supervised s
 WHERE s.tenant = :tenant AND s.is_open = 1 AND s.stop_ground = ''
   AND COALESCE(s.due_at, 9000000000000000) >= :due_from
   AND COALESCE(s.due_at, 9000000000000000) < :due_before
   AND COALESCE(s.accepted_at, s.filed_at) + s.due_at <= 2 * :now
   AND (SELECT COUNT(*) FROM warning w
         WHERE w.tenant = s.tenant AND w.dossier = s.dossier AND w.kind = :kind AND w.due_at = s.due_at) = 0
 ORDER BY COALESCE(s.due_at, 9000000000000000), s.dossier LIMIT :most;

-- name: warning_unserved :many
-- Certificates to be served in [due_from, due_before) of which nobody was warned yet.
-- params: tenant Id, kind text, due_from Instant, due_before Instant, most int
-- returns: dossier Id, number text, unit Id, due_at Instant
SELECT s.dossier, d.number, s.unit, s.due_at
  FROM delivery s JOIN supervised d ON d.tenant = s.tenant AND d.dossier = s.dossier
 WHERE s.tenant = :tenant AND s.state = 'due' AND s.due_at >= :due_from AND s.due_at < :due_before
   AND (SELECT COUNT(*) FROM warning w
         WHERE w.tenant = s.tenant AND w.dossier = s.dossier AND w.kind = :kind AND w.due_at = s.due_at) = 0
 ORDER BY s.due_at, s.dossier LIMIT :most;

-- name: warning_service :many
-- What is still to be served before a moment and was warned of: of a unit, or (unit 0) of all, by date.
-- params: tenant Id, unit Id, before Instant, most int
-- returns: number text, item_name text, item_name_en text, kind text, unit Id, officer Id?, due_at Instant, raised_at Instant
-- row: WarningRow
SELECT d.number, d.item_name, d.item_name_en, w.kind, w.unit, w.officer, w.due_at, w.raised_at
  FROM delivery s
  JOIN warning w ON w.tenant = s.tenant AND w.dossier = s.dossier AND w.due_at = s.due_at
                AND w.kind IN ('service_early', 'service_overdue')
  JOIN supervised d ON d.tenant = s.tenant AND d.dossier = s.dossier
 WHERE s.tenant = :tenant AND s.state = 'due' AND s.due_at < :before AND (:unit = 0 OR s.unit = :unit)
 ORDER BY s.due_at, s.dossier LIMIT :most;

-- name: warning_of_unit :many
-- A unit's warnings about dossiers that are still open, the newest first.
-- params: tenant Id, unit Id, most int
-- returns: number text, item_name text, item_name_en text, kind text, unit Id, officer Id?, due_at Instant, raised_at Instant
-- row: WarningRow
SELECT s.number, s.item_name, s.item_name_en, w.kind, w.unit, w.officer, w.due_at, w.raised_at
  FROM warning w JOIN supervised s ON s.tenant = w.tenant AND s.dossier = w.dossier
 WHERE w.tenant = :tenant AND w.unit = :unit AND s.is_open = 1
   AND (s.due_at = w.due_at OR w.kind = 'silence')
 ORDER BY w.id DESC LIMIT :most;

-- name: warning_silent :many
-- Dossiers of all units that were accepted since a moment because nobody answered, the newest first.
-- params: tenant Id, since Instant, most int
-- returns: number text, item_name text, item_name_en text, kind text, unit Id, officer Id?, due_at Instant, raised_at Instant
-- row: WarningRow
SELECT s.number, s.item_name, s.item_name_en, w.kind, w.unit, w.officer, w.due_at, w.raised_at
  FROM warning w JOIN supervised s ON s.tenant = w.tenant AND s.dossier = w.dossier
 WHERE w.tenant = :tenant AND w.kind = 'silence' AND w.raised_at >= :since
 ORDER BY w.raised_at DESC, w.id DESC LIMIT :most;

-- name: correction_insert :exec
-- A notice is sent.
-- params: tenant Id, id Id, dossier Id, number text, unit Id, ground text, sent_at Instant, reply_due_at Instant
INSERT INTO correction (tenant, id, dossier, number, unit, ground, state, sent_at, reply_due_at)
VALUES (:tenant, :id, :dossier, :number, :unit, :ground, 'sent', :sent_at, :reply_due_at);

-- name: correction_move :exec
-- Its next state, when it still is in the one that was read.
-- params: tenant Id, id Id, before text, state text, reply_due_at Instant, closed_at Instant?
UPDATE correction SET state = :state, reply_due_at = :reply_due_at, closed_at = :closed_at
 WHERE tenant = :tenant AND id = :id AND state = :before;

-- name: correction_act_insert :exec
-- What was said.
-- params: tenant Id, id Id, correction Id, kind text, officer Id, at Instant, words text
INSERT INTO correction_act (tenant, id, correction, kind, officer, at, words)
VALUES (:tenant, :id, :correction, :kind, :officer, :at, :words);

-- name: correction_acts :many
-- All that was said about a notice.
-- params: tenant Id, correction Id
-- returns: kind text, officer Id, at Instant, words text
SELECT kind, officer, at, words FROM correction_act
 WHERE tenant = :tenant AND correction = :correction ORDER BY id;

-- name: correction_find :optional
-- One notice, for a supervisor (unit 0) or an officer of the unit it was sent to.
-- params: tenant Id, id Id, unit int
-- returns: id Id, dossier Id, number text, unit Id, ground text, state text, sent_at Instant, reply_due_at Instant, closed_at Instant?
SELECT id, dossier, number, unit, ground, state, sent_at, reply_due_at, closed_at
  FROM correction WHERE tenant = :tenant AND id = :id AND (:unit = 0 OR unit = :unit);

-- name: correction_page :many
-- Notices in a state, the newest first, behind an id.
-- row: CorrectionFindRow
-- params: tenant Id, state text, after Id, most int
-- returns: id Id, dossier Id, number text, unit Id, ground text, state text, sent_at Instant, reply_due_at Instant, closed_at Instant?
SELECT id, dossier, number, unit, ground, state, sent_at, reply_due_at, closed_at
  FROM correction WHERE tenant = :tenant AND state = :state AND id < :after ORDER BY id DESC LIMIT :most;

-- name: correction_page_of_unit :many
-- A unit's notices in a state, the newest first, behind an id.
-- row: CorrectionFindRow
-- params: tenant Id, unit Id, state text, after Id, most int
-- returns: id Id, dossier Id, number text, unit Id, ground text, state text, sent_at Instant, reply_due_at Instant, closed_at Instant?
SELECT id, dossier, number, unit, ground, state, sent_at, reply_due_at, closed_at
  FROM correction WHERE tenant = :tenant AND unit = :unit AND state = :state AND id < :after ORDER BY id DESC LIMIT :most;

-- name: correction_of_dossier :many
-- All notices about a dossier.
-- row: CorrectionFindRow
-- params: tenant Id, dossier Id
-- returns: id Id, dossier Id, number text, unit Id, ground text, state text, sent_at Instant, reply_due_at Instant, closed_at Instant?
SELECT id, dossier, number, unit, ground, state, sent_at, reply_due_at, closed_at
  FROM correction WHERE tenant = :tenant AND dossier = :dossier ORDER BY id;

-- name: correction_counts :one
-- How many notices wait in each state.
-- params: tenant Id
-- returns: sent int, replied int
SELECT (SELECT COUNT(*) FROM correction a WHERE a.tenant = :tenant AND a.state = 'sent'),
       (SELECT COUNT(*) FROM correction b WHERE b.tenant = :tenant AND b.state = 'replied');

-- name: correction_count_of_unit :one
-- How many a unit has to reply to.
-- params: tenant Id, unit Id
-- returns: count int
SELECT COUNT(*) FROM correction WHERE tenant = :tenant AND unit = :unit AND state = 'sent';

-- name: warning_count :one
-- Open dossiers near or over their limit that were warned of: of a unit's step that this officer or nobody has, or (unit 0) of all.
-- params: tenant Id, unit int, officer int, due_before Instant
-- returns: count int
SELECT COUNT(*)
  FROM supervised s
 WHERE s.tenant = :tenant AND s.is_open = 1 AND s.stop_ground = ''
   AND COALESCE(s.due_at, 9000000000000000) < :due_before
   AND (:unit = 0 OR (s.step_unit = :unit AND s.officer IN (0, :officer)))
   AND (SELECT COUNT(*) FROM warning w
         WHERE w.tenant = s.tenant AND w.dossier = s.dossier AND w.due_at = s.due_at) > 0;
