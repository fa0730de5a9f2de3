-- What points are given for, as the journal tells it.

-- name: score_event_insert :exec
-- One event.
-- params: tenant Id, unit Id, day Date, id Id, kind text, days int, officer int, dossier int, matter int, number text
INSERT INTO score_event (tenant, unit, day, id, kind, days, officer, dossier, matter, number)
VALUES (:tenant, :unit, :day, :id, :kind, :days, :officer, :dossier, :matter, :number);

-- name: score_event_clear :exec
-- Before the journal is replayed.
DELETE FROM score_event;

-- name: score_event_handler :optional
-- Who completed a dossier.
-- params: tenant Id, dossier Id
-- returns: officer int
SELECT officer FROM score_event
 WHERE tenant = :tenant AND dossier = :dossier AND dossier <> 0
   AND kind IN ('completed.early', 'completed.on_time', 'completed.late')
 ORDER BY id DESC LIMIT 1;

-- name: score_event_counts :many
-- Events of some days, counted; of one unit or officer where they are not 0.
-- params: tenant Id, from_day Date, to_day Date, unit int, officer int
-- returns: unit Id, officer int, kind text, days int, count int
SELECT e.unit, e.officer, e.kind, e.days, COUNT(*)
  FROM unit u CROSS JOIN score_event e
 WHERE u.tenant = :tenant AND (:unit = 0 OR u.id = :unit)
   AND e.tenant = u.tenant AND e.unit = u.id AND e.day >= :from_day AND e.day <= :to_day
   AND (:officer = 0 OR e.officer = :officer)
 GROUP BY e.unit, e.officer, e.kind, e.days ORDER BY e.unit, e.officer, e.kind, e.days;

-- name: score_event_of_unit :many
-- Events of a unit in a period, the newest first.
-- params: tenant Id, unit Id, from_day Date, to_day Date, kind text, after Id, most int
-- returns: id Id, day Date, kind text, days int, unit Id, officer int, dossier int, matter int, own_number text, number text?
-- row: ScoreEventRow
SELECT e.id, e.day, e.kind, e.days, e.unit, e.officer, e.dossier, e.matter, e.number, s.number
  FROM score_event e LEFT JOIN supervised s ON s.tenant = e.tenant AND s.dossier = e.dossier
 WHERE e.tenant = :tenant AND e.unit = :unit AND e.day >= :from_day AND e.day <= :to_day
   AND (e.day < :to_day OR e.id < :after) AND (:kind = '' OR e.kind = :kind)
 ORDER BY e.day DESC, e.id DESC LIMIT :most;

-- name: score_event_of_officer :many
-- Events of an officer in a period, the newest first.
-- params: tenant Id, officer Id, from_day Date, to_day Date, kind text, after Id, most int
-- returns: id Id, day Date, kind text, days int, unit Id, officer int, dossier int, matter int, own_number text, number text?
-- row: ScoreEventRow
SELECT e.id, e.day, e.kind, e.days, e.unit, e.officer, e.dossier, e.matter, e.number, s.number
  FROM score_event e LEFT JOIN supervised s ON s.tenant = e.tenant AND s.dossier = e.dossier
 WHERE e.tenant = :tenant AND e.officer = :officer AND e.officer <> 0 AND e.day >= :from_day AND e.day <= :to_day
   AND (e.day < :to_day OR e.id < :after) AND (:kind = '' OR e.kind = :kind)
 ORDER BY e.day DESC, e.id DESC LIMIT :most;

-- name: score_windows :many
-- The windows of the hall.
-- params: tenant Id
-- returns: id Id, unit Id, name text, name_en text
SELECT id, unit, name, name_en FROM hall_window WHERE tenant = :tenant ORDER BY code;

-- name: score_persons :many
-- The officers, and at which window they sit.
-- params: tenant Id
-- returns: id Id, unit Id, hall_window Id?, name text, name_en text
SELECT id, unit, hall_window, name, name_en FROM officer WHERE tenant = :tenant ORDER BY login;

-- name: score_entry :optional
-- A journal entry.
-- params: tenant Id, id Id
-- returns: id Id, kind text, at Instant, actor_kind text, actor int, unit int, subject text?, position int?
SELECT id, kind, at, actor_kind, actor, unit, subject, position FROM journal WHERE tenant = :tenant AND id = :id;

-- name: score_entry_number :optional
-- Whether an entry of that day gave a point, to one unit or officer where they are not 0; its dossier's number.
-- params: tenant Id, id Id, day Date, unit int, officer int
-- returns: number text?
SELECT s.number
  FROM unit u CROSS JOIN score_event e
  LEFT JOIN supervised s ON s.tenant = e.tenant AND s.dossier = e.dossier
 WHERE u.tenant = :tenant AND (:unit = 0 OR u.id = :unit)
   AND e.tenant = u.tenant AND e.unit = u.id AND e.day = :day AND e.id = :id AND (:officer = 0 OR e.officer = :officer);
