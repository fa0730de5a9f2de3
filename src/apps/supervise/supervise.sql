-- name: supervised_insert :exec
-- A dossier was filed.
-- params: tenant Id, dossier Id, number text, item_code text, item_name text, item_name_en text, kind text, unit int, state text, stage text, step text, step_en text, step_unit int, officer int, since Instant, due_at Instant?, is_provisional bool, has_incident bool, is_open bool, filed_at Instant, accepted_at Instant?, completed_at Instant?, used_millidays int?, statutory_limit int?, promised_limit int?, limit_unit text, stop_ground text, waits_for text, open_parts text, last_entry Id
INSERT INTO supervised (tenant, dossier, number, item_code, item_name, item_name_en, kind, unit, state, stage,
                        step, step_en, step_unit, officer, since, due_at, is_provisional, has_incident, is_open,
                        filed_at, accepted_at, completed_at, used_millidays, statutory_limit, promised_limit,
                        limit_unit, stop_ground, waits_for, open_parts, last_entry)
VALUES (:tenant, :dossier, :number, :item_code, :item_name, :item_name_en, :kind, :unit, :state, :stage,
        :step, :step_en, :step_unit, :officer, :since, :due_at, :is_provisional, :has_incident, :is_open,
        :filed_at, :accepted_at, :completed_at, :used_millidays, :statutory_limit, :promised_limit,
        :limit_unit, :stop_ground, :waits_for, :open_parts, :last_entry);

-- name: supervised_update :exec
-- What a later entry changed.
-- params: tenant Id, dossier Id, unit int, state text, stage text, step text, step_en text, step_unit int, officer int, since Instant, due_at Instant?, is_provisional bool, has_incident bool, is_open bool, accepted_at Instant?, completed_at Instant?, used_millidays int?, statutory_limit int?, promised_limit int?, limit_unit text, stop_ground text, waits_for text, open_parts text, last_entry Id
UPDATE supervised
   SET unit = :unit, state = :state, stage = :stage, step = :step, step_en = :step_en, step_unit = :step_unit,
       officer = :officer, since = :since, due_at = :due_at, is_provisional = :is_provisional,
       has_incident = :has_incident, is_open = :is_open, accepted_at = :accepted_at,
       completed_at = :completed_at, used_millidays = :used_millidays, statutory_limit = :statutory_limit,
       promised_limit = :promised_limit, limit_unit = :limit_unit, stop_ground = :stop_ground, waits_for = :waits_for,
       open_parts = :open_parts, last_entry = :last_entry
 WHERE tenant = :tenant AND dossier = :dossier;

-- name: supervised_touch :exec
-- An entry that changes nothing that is shown.
-- params: tenant Id, dossier Id, last_entry Id
UPDATE supervised SET last_entry = :last_entry WHERE tenant = :tenant AND dossier = :dossier;

-- name: supervised_rate :exec
-- The dossier was rated, once.
-- params: tenant Id, dossier Id, rated_at Instant, grade int, scale int, last_entry Id
UPDATE supervised SET rated_at = :rated_at, grade = :grade, scale = :scale, last_entry = :last_entry
 WHERE tenant = :tenant AND dossier = :dossier;

-- name: supervised_clear :exec
-- Before the journal is replayed.
DELETE FROM supervised;

-- name: supervised_get :optional
-- One dossier as supervision knows it.
-- row: SupervisedRow
-- params: tenant Id, dossier Id
-- returns: dossier Id, number text, item_code text, item_name text, item_name_en text, kind text, unit Id, state text, stage text, step text, step_en text, step_unit int, officer int, since Instant, due_at Instant?, is_provisional bool, has_incident bool, is_open bool, filed_at Instant, accepted_at Instant?, completed_at Instant?, used_millidays int?, statutory_limit int?, promised_limit int?, limit_unit text, stop_ground text, waits_for text, rated_at Instant?, grade int, scale int, open_parts text, last_entry Id
SELECT dossier, number, item_code, item_name, item_name_en, kind, unit, state, stage, step, step_en, step_unit,
       officer, since, due_at, is_provisional, has_incident, is_open, filed_at, accepted_at, completed_at,
       used_millidays, statutory_limit, promised_limit, limit_unit, stop_ground, waits_for, rated_at, grade,
       scale, open_parts, last_entry
  FROM supervised WHERE tenant = :tenant AND dossier = :dossier;

-- name: supervised_open_page :many
-- Open dossiers due in [due_from, due_before), by urgency, behind the last one shown (running 1: without those whose clock stands); those without a clock come last.
-- row: SupervisedRow
-- params: tenant Id, due_from Instant, due_before Instant, incident int, running int, accepted_from Instant, accepted_before Instant, due_after Instant, dossier_after Id, most int
-- returns: dossier Id, number text, item_code text, item_name text, item_name_en text, kind text, unit Id, state text, stage text, step text, step_en text, step_unit int, officer int, since Instant, due_at Instant?, is_provisional bool, has_incident bool, is_open bool, filed_at Instant, accepted_at Instant?, completed_at Instant?, used_millidays int?, statutory_limit int?, promised_limit int?, limit_unit text, stop_ground text, waits_for text, rated_at Instant?, grade int, scale int, open_parts text, last_entry Id
SELECT dossier, number, item_code, item_name, item_name_en, kind, unit, state, stage, step, step_en, step_unit,
       officer, since, due_at, is_provisional, has_incident, is_open, filed_at, accepted_at, completed_at,
       used_millidays, statutory_limit, promised_limit, limit_unit, stop_ground, waits_for, rated_at, grade,
       scale, open_parts, last_entry
  FROM supervised
 WHERE tenant = :tenant AND is_open = 1
   AND COALESCE(due_at, 9000000000000000) >= :due_from AND COALESCE(due_at, 9000000000000000) < :due_before
   AND has_incident >= :incident AND (:running = 0 OR stop_ground = '')
   AND COALESCE(accepted_at, 0) >= :accepted_from AND COALESCE(accepted_at, 0) < :accepted_before
   AND COALESCE(due_at, 9000000000000000) >= :due_after
   AND (COALESCE(due_at, 9000000000000000) > :due_after OR dossier > :dossier_after)
 ORDER BY COALESCE(due_at, 9000000000000000), dossier LIMIT :most;

-- name: supervised_stage_page :many
-- Open dossiers of a stage due in [due_from, due_before), by urgency, behind the last one shown (running 1: without those whose clock stands); those without a clock come last.
-- row: SupervisedRow
-- params: tenant Id, stage text, due_from Instant, due_before Instant, incident int, running int, accepted_from Instant, accepted_before Instant, due_after Instant, dossier_after Id, most int
-- returns: dossier Id, number text, item_code text, item_name text, item_name_en text, kind text, unit Id, state text, stage text, step text, step_en text, step_unit int, officer int, since Instant, due_at Instant?, is_provisional bool, has_incident bool, is_open bool, filed_at Instant, accepted_at Instant?, completed_at Instant?, used_millidays int?, statutory_limit int?, promised_limit int?, limit_unit text, stop_ground text, waits_for text, rated_at Instant?, grade int, scale int, open_parts text, last_entry Id
SELECT dossier, number, item_code, item_name, item_name_en, kind, unit, state, stage, step, step_en, step_unit,
       officer, since, due_at, is_provisional, has_incident, is_open, filed_at, accepted_at, completed_at,
       used_millidays, statutory_limit, promised_limit, limit_unit, stop_ground, waits_for, rated_at, grade,
       scale, open_parts, last_entry
  FROM supervised
 WHERE tenant = :tenant AND is_open = 1 AND stage = :stage
   AND COALESCE(due_at, 9000000000000000) >= :due_from AND COALESCE(due_at, 9000000000000000) < :due_before
   AND has_incident >= :incident AND (:running = 0 OR stop_ground = '')
   AND COALESCE(accepted_at, 0) >= :accepted_from AND COALESCE(accepted_at, 0) < :accepted_before
   AND COALESCE(due_at, 9000000000000000) >= :due_after
   AND (COALESCE(due_at, 9000000000000000) > :due_after OR dossier > :dossier_after)
 ORDER BY COALESCE(due_at, 9000000000000000), dossier LIMIT :most;

-- name: supervised_completed_page :many
-- Dossiers that ended in [completed_from, completed_before), newest first, behind the last one shown. ended: 0 in any way, 1 accepted and completed, 2 withdrawn; spot: 0 all, 1 on the spot, 2 promised; timing: 0 all, 1 on time, 2 late, 3 before the promised day, 4 not before it (days of China); limited 1: limits in working days.
-- row: SupervisedRow
-- params: tenant Id, completed_from Instant, completed_before Instant, ended int, spot int, timing int, limited int, completed_after Instant, dossier_after Id, most int
-- returns: dossier Id, number text, item_code text, item_name text, item_name_en text, kind text, unit Id, state text, stage text, step text, step_en text, step_unit int, officer int, since Instant, due_at Instant?, is_provisional bool, has_incident bool, is_open bool, filed_at Instant, accepted_at Instant?, completed_at Instant?, used_millidays int?, statutory_limit int?, promised_limit int?, limit_unit text, stop_ground text, waits_for text, rated_at Instant?, grade int, scale int, open_parts text, last_entry Id
SELECT dossier, number, item_code, item_name, item_name_en, kind, unit, state, stage, step, step_en, step_unit,
       officer, since, due_at, is_provisional, has_incident, is_open, filed_at, accepted_at, completed_at,
       used_millidays, statutory_limit, promised_limit, limit_unit, stop_ground, waits_for, rated_at, grade,
       scale, open_parts, last_entry
  FROM supervised
 WHERE tenant = :tenant AND completed_at >= :completed_from AND completed_at < :completed_before
   AND (:ended = 0 OR (:ended = 1 AND accepted_at IS NOT NULL AND state <> 'withdrawn')
        OR (:ended = 2 AND state = 'withdrawn'))
   AND (:spot = 0 OR (:spot = 1 AND kind = 'on_the_spot') OR (:spot = 2 AND kind <> 'on_the_spot'))
   AND (:timing = 0 OR (:timing = 1 AND completed_at <= due_at) OR (:timing = 2 AND completed_at > due_at)
        OR (:timing = 3 AND completed_at < due_at - (due_at + 28800000) % 86400000)
        OR (:timing = 4 AND completed_at >= due_at - (due_at + 28800000) % 86400000))
   AND (:limited = 0 OR (limit_unit = 'working_days' AND statutory_limit > 0))
   AND completed_at <= :completed_after
   AND (completed_at < :completed_after OR dossier < :dossier_after)
 ORDER BY completed_at DESC, dossier DESC LIMIT :most;

-- name: supervised_accepted_page :many
-- Dossiers accepted in [accepted_from, accepted_before), newest first, behind the last one shown.
-- row: SupervisedRow
-- params: tenant Id, accepted_from Instant, accepted_before Instant, accepted_after Instant, dossier_after Id, most int
-- returns: dossier Id, number text, item_code text, item_name text, item_name_en text, kind text, unit Id, state text, stage text, step text, step_en text, step_unit int, officer int, since Instant, due_at Instant?, is_provisional bool, has_incident bool, is_open bool, filed_at Instant, accepted_at Instant?, completed_at Instant?, used_millidays int?, statutory_limit int?, promised_limit int?, limit_unit text, stop_ground text, waits_for text, rated_at Instant?, grade int, scale int, open_parts text, last_entry Id
SELECT dossier, number, item_code, item_name, item_name_en, kind, unit, state, stage, step, step_en, step_unit,
       officer, since, due_at, is_provisional, has_incident, is_open, filed_at, accepted_at, completed_at,
       used_millidays, statutory_limit, promised_limit, limit_unit, stop_ground, waits_for, rated_at, grade,
       scale, open_parts, last_entry
  FROM supervised
 WHERE tenant = :tenant AND accepted_at >= :accepted_from AND accepted_at < :accepted_before
   AND accepted_at <= :accepted_after
   AND (accepted_at < :accepted_after OR dossier < :dossier_after)
 ORDER BY accepted_at DESC, dossier DESC LIMIT :most;

-- name: supervised_rated_page :many
-- Dossiers rated in [rated_from, rated_before), newest first, behind the last one shown. mood: 0 all, 1 better than the middle grade, 2 not, 3 the middle grade or better, 4 not.
-- row: SupervisedRow
-- params: tenant Id, rated_from Instant, rated_before Instant, mood int, rated_after Instant, dossier_after Id, most int
-- returns: dossier Id, number text, item_code text, item_name text, item_name_en text, kind text, unit Id, state text, stage text, step text, step_en text, step_unit int, officer int, since Instant, due_at Instant?, is_provisional bool, has_incident bool, is_open bool, filed_at Instant, accepted_at Instant?, completed_at Instant?, used_millidays int?, statutory_limit int?, promised_limit int?, limit_unit text, stop_ground text, waits_for text, rated_at Instant?, grade int, scale int, open_parts text, last_entry Id
SELECT dossier, number, item_code, item_name, item_name_en, kind, unit, state, stage, step, step_en, step_unit,
       officer, since, due_at, is_provisional, has_incident, is_open, filed_at, accepted_at, completed_at,
       used_millidays, statutory_limit, promised_limit, limit_unit, stop_ground, waits_for, rated_at, grade,
       scale, open_parts, last_entry
  FROM supervised
 WHERE tenant = :tenant AND rated_at >= :rated_from AND rated_at < :rated_before
   AND (:mood = 0 OR (:mood = 1 AND grade * 2 < scale + 1) OR (:mood = 2 AND grade * 2 >= scale + 1)
        OR (:mood = 3 AND grade * 2 <= scale + 1) OR (:mood = 4 AND grade * 2 > scale + 1))
   AND rated_at <= :rated_after
   AND (rated_at < :rated_after OR dossier < :dossier_after)
 ORDER BY rated_at DESC, dossier DESC LIMIT :most;

-- name: supervised_stages :many
-- How many are open in each stage.
-- params: tenant Id
-- returns: stage text, open int
SELECT stage, COUNT(*) FROM supervised WHERE tenant = :tenant AND is_open = 1 AND stage > '' GROUP BY stage ORDER BY stage;

-- name: supervised_counts :one
-- How many are open, near their due date or over it while their clock runs, with an incident; and completed since a moment.
-- params: tenant Id, now Instant, near_before Instant, completed_from Instant
-- returns: open int, near int, over int, incident int, completed int
SELECT (SELECT COUNT(*) FROM supervised o WHERE o.tenant = :tenant AND o.is_open = 1),
       (SELECT COUNT(*) FROM supervised n
         WHERE n.tenant = :tenant AND n.is_open = 1
           AND n.stop_ground = '' AND COALESCE(n.due_at, 9000000000000000) >= :now
           AND COALESCE(n.due_at, 9000000000000000) < :near_before),
       (SELECT COUNT(*) FROM supervised l
         WHERE l.tenant = :tenant AND l.is_open = 1 AND l.stop_ground = ''
           AND COALESCE(l.due_at, 9000000000000000) < :now),
       (SELECT COUNT(*) FROM supervised i
         WHERE i.tenant = :tenant AND i.is_open = 1 AND i.has_incident = 1),
       (SELECT COUNT(*) FROM supervised d WHERE d.tenant = :tenant AND d.completed_at >= :completed_from);
