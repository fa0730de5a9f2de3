-- ---- time that is not counted --------------------------------------------------------------------

-- name: span_insert :exec
-- Time stops being counted.
-- params: tenant Id, id Id, dossier Id, task Id, cause text, ground text, name text, name_en text, from_at Instant, to_at Instant?, own_amount int?, own_unit text?, note text?, opened_by Id?, closed_by Id?
INSERT INTO clock_span (tenant, id, dossier, task, cause, ground, name, name_en, from_at, to_at, own_amount,
                        own_unit, note, opened_by, closed_by)
VALUES (:tenant, :id, :dossier, :task, :cause, :ground, :name, :name_en, :from_at, :to_at, :own_amount,
        :own_unit, :note, :opened_by, :closed_by);

-- name: span_close :exec
-- It is counted again.
-- params: tenant Id, id Id, to_at Instant, closed_by Id?
UPDATE clock_span SET to_at = :to_at, closed_by = :closed_by
 WHERE tenant = :tenant AND id = :id AND to_at IS NULL;

-- name: span_list :many
-- All spans of a dossier, in order.
-- params: tenant Id, dossier Id
-- returns: id Id, task Id, cause text, ground text, name text, name_en text, from_at Instant, to_at Instant?, own_amount int?, own_unit text?, note text?, opened_by Id?, closed_by Id?
SELECT id, task, cause, ground, name, name_en, from_at, to_at, own_amount, own_unit, note, opened_by, closed_by
  FROM clock_span WHERE tenant = :tenant AND dossier = :dossier ORDER BY id;

-- name: clock_again :optional
-- The stopped clock that passes its own limit first, behind (after, dossier_after).
-- params: tenant Id, now Instant, after Instant, dossier_after Id
-- returns: dossier Id, runs_again_at Instant
SELECT dossier, runs_again_at FROM legal_clock
 WHERE tenant = :tenant AND runs_again_at IS NOT NULL AND runs_again_at < :now
   AND runs_again_at >= :after AND (runs_again_at > :after OR dossier > :dossier_after)
 ORDER BY runs_again_at, dossier LIMIT 1;

-- ---- notices and supplements ---------------------------------------------------------------------

-- name: notice_insert :exec
-- A notice is sent, or asked for.
-- params: tenant Id, id Id, dossier Id, task Id, unit Id, officer Id, ordinal int, state text, reason text?, asked_at Instant, sent_at Instant?
INSERT INTO notice (tenant, id, dossier, task, unit, officer, ordinal, state, reason, asked_at, sent_at)
VALUES (:tenant, :id, :dossier, :task, :unit, :officer, :ordinal, :state, :reason, :asked_at, :sent_at);

-- name: notice_decide :exec
-- The leader lets it go out, or does not.
-- params: tenant Id, id Id, state text, decided_by Id, decided_at Instant, decision text?, sent_at Instant?
UPDATE notice SET state = :state, decided_by = :decided_by, decided_at = :decided_at, decision = :decision,
       sent_at = :sent_at
 WHERE tenant = :tenant AND id = :id;

-- name: notice_take_back :exec
-- The unit takes it back before it was answered.
-- params: tenant Id, id Id, officer Id, at Instant, why text
UPDATE notice SET state = 'taken_back', taken_back_by = :officer, taken_back_at = :at, taken_back_why = :why
 WHERE tenant = :tenant AND id = :id;

-- name: notice_close :exec
-- Answered by a supplement, or ended by what happened otherwise.
-- params: tenant Id, dossier Id, task Id, state text, at Instant
UPDATE notice SET state = :state, answered_at = :at
 WHERE tenant = :tenant AND dossier = :dossier AND state = 'sent' AND (:task = 0 OR task = :task);

-- name: notice_end_asked :exec
-- What waits for approval is no longer needed.
-- params: tenant Id, dossier Id, task Id
UPDATE notice SET state = 'ended'
 WHERE tenant = :tenant AND dossier = :dossier AND state = 'asked' AND (:task = 0 OR task = :task);

-- name: notice_open :one
-- How many notices of a dossier wait for the applicant.
-- params: tenant Id, dossier Id
-- returns: count int
-- scope: key
SELECT COUNT(*) FROM notice WHERE tenant = :tenant AND dossier = :dossier AND state = 'sent';

-- name: notice_list :many
-- The notices of a dossier, in order.
-- params: tenant Id, dossier Id
-- returns: id Id, dossier Id, task Id, unit Id, officer Id, ordinal int, state text, reason text?, asked_at Instant, sent_at Instant?, decided_by Id?, decided_at Instant?, decision text?, answered_at Instant?, taken_back_by Id?, taken_back_at Instant?, taken_back_why text?
-- row: NoticeRow
-- scope: key
SELECT id, dossier, task, unit, officer, ordinal, state, reason, asked_at, sent_at, decided_by, decided_at,
       decision, answered_at, taken_back_by, taken_back_at, taken_back_why
  FROM notice WHERE tenant = :tenant AND dossier = :dossier ORDER BY id;

-- name: notice_get :optional
-- One notice.
-- params: tenant Id, id Id
-- returns: id Id, dossier Id, task Id, unit Id, officer Id, ordinal int, state text, reason text?, asked_at Instant, sent_at Instant?, decided_by Id?, decided_at Instant?, decision text?, answered_at Instant?, taken_back_by Id?, taken_back_at Instant?, taken_back_why text?
-- row: NoticeRow
-- scope: key
SELECT id, dossier, task, unit, officer, ordinal, state, reason, asked_at, sent_at, decided_by, decided_at,
       decision, answered_at, taken_back_by, taken_back_at, taken_back_why
  FROM notice WHERE tenant = :tenant AND id = :id;

-- name: notice_queue :many
-- What a unit's leader has to approve, oldest first.
-- params: tenant Id, unit Id, after Id, most int
-- returns: id Id, dossier Id, number text, item_name text, item_name_en text, applicant_name text, officer Id, reason text?, asked_at Instant
-- scope: unit
SELECT n.id, n.dossier, d.number, d.item_name, d.item_name_en, d.applicant_name, n.officer, n.reason, n.asked_at
  FROM notice n
  JOIN dossier d ON d.tenant = n.tenant AND d.id = n.dossier
 WHERE n.tenant = :tenant AND n.unit = :unit AND n.state = 'asked' AND n.id > :after
   AND EXISTS (SELECT 1 FROM dossier_access a
                WHERE a.tenant = n.tenant AND a.unit = :unit AND a.dossier = n.dossier)
 ORDER BY n.id LIMIT :most;

-- name: notice_line_insert :exec
-- One thing that is missing.
-- params: tenant Id, notice Id, line int, kind text, code text, name text, name_en text, missing text, mend text, was_visible int?
INSERT INTO notice_line (tenant, notice, line, kind, code, name, name_en, missing, mend, was_visible)
VALUES (:tenant, :notice, :line, :kind, :code, :name, :name_en, :missing, :mend, :was_visible);

-- name: notice_line_list :many
-- The lines of a notice.
-- params: tenant Id, notice Id
-- returns: line int, kind text, code text, name text, name_en text, missing text, mend text, was_visible int?
SELECT line, kind, code, name, name_en, missing, mend, was_visible
  FROM notice_line WHERE tenant = :tenant AND notice = :notice ORDER BY line;

-- name: supplement_insert :exec
-- What the applicant mended.
-- params: tenant Id, id Id, dossier Id, by_kind text, by_id Id, at Instant, changes bytes, materials text
INSERT INTO supplement (tenant, id, dossier, by_kind, by_id, at, changes, materials)
VALUES (:tenant, :id, :dossier, :by_kind, :by_id, :at, :changes, :materials);

-- name: supplement_list :many
-- The supplements of a dossier, in order.
-- params: tenant Id, dossier Id
-- returns: id Id, by_kind text, by_id Id, at Instant, changes bytes, materials text
SELECT id, by_kind, by_id, at, changes, materials
  FROM supplement WHERE tenant = :tenant AND dossier = :dossier ORDER BY id;

-- name: supplement_last :optional
-- When the applicant mended it last.
-- params: tenant Id, dossier Id
-- returns: at Instant
-- scope: key
SELECT at FROM supplement WHERE tenant = :tenant AND dossier = :dossier ORDER BY id DESC LIMIT 1;

-- name: dossier_answers :exec
-- The answers after a supplement.
-- params: tenant Id, id Id, answers bytes
UPDATE dossier SET answers = :answers WHERE tenant = :tenant AND id = :id;

-- name: material_brought :exec
-- A material that the applicant has now; an officer looks at it again.
-- params: tenant Id, dossier Id, code text
UPDATE dossier_material SET is_brought = 1, seen_by = NULL, seen_at = NULL
 WHERE tenant = :tenant AND dossier = :dossier AND code = :code;

-- ---- fees ----------------------------------------------------------------------------------------

-- name: fee_insert :exec
-- A fee is set.
-- params: tenant Id, dossier Id, id Id, standard_fen Fen, reduction_fen Fen, reduction_ground text?, reduction_basis text?, amount_fen Fen, state text, basis text, charged_at Instant
INSERT INTO fee (tenant, dossier, id, standard_fen, reduction_fen, reduction_ground, reduction_basis,
                 amount_fen, state, basis, charged_at)
VALUES (:tenant, :dossier, :id, :standard_fen, :reduction_fen, :reduction_ground, :reduction_basis,
        :amount_fen, :state, :basis, :charged_at);

-- name: fee_pay :exec
-- The bank has it.
-- params: tenant Id, dossier Id, id Id, paid_at Instant, reference text, paid_by Id?
UPDATE fee SET state = 'paid', paid_at = :paid_at, reference = :reference, paid_by = :paid_by
 WHERE tenant = :tenant AND dossier = :dossier AND id = :id AND state = 'due';

-- name: fee_list :many
-- The fees of a dossier, in order.
-- params: tenant Id, dossier Id
-- returns: id Id, standard_fen Fen, reduction_fen Fen, reduction_ground text?, reduction_basis text?, amount_fen Fen, state text, basis text, charged_at Instant, paid_at Instant?, reference text?, paid_by Id?
SELECT id, standard_fen, reduction_fen, reduction_ground, reduction_basis, amount_fen, state, basis,
       charged_at, paid_at, reference, paid_by
  FROM fee WHERE tenant = :tenant AND dossier = :dossier ORDER BY id;

-- ---- letters of authorisation --------------------------------------------------------------------

-- name: letter_insert :exec
-- A letter is registered.
-- params: tenant Id, id Id, officer Id, unit Id, item text, element text, valid_from Date, valid_until Date, letter_no text, created_at Instant, created_by Id
INSERT INTO authorisation (tenant, id, officer, unit, item, element, valid_from, valid_until, letter_no,
                           created_at, created_by)
VALUES (:tenant, :id, :officer, :unit, :item, :element, :valid_from, :valid_until, :letter_no, :created_at,
        :created_by);

-- name: letter_holder :optional
-- Who a letter may be made out to: an active officer, by staff number.
-- params: tenant Id, login text
-- returns: id Id, unit Id
SELECT id, unit FROM officer WHERE tenant = :tenant AND login = :login AND state = 'active';

-- name: letter_end :exec
-- A letter is withdrawn.
-- params: tenant Id, id Id, at Instant, by Id
UPDATE authorisation SET ended_at = :at, ended_by = :by
 WHERE tenant = :tenant AND id = :id AND ended_at IS NULL;

-- name: letter_covers :one
-- How many letters of an officer cover an item and a step on a day.
-- params: tenant Id, officer Id, unit Id, item text, element text, day Date
-- returns: count int
SELECT COUNT(*) FROM authorisation
 WHERE tenant = :tenant AND officer = :officer AND unit = :unit AND item IN ('*', :item)
   AND element IN ('*', :element) AND valid_from <= :day AND valid_until >= :day AND ended_at IS NULL;

-- name: letter_list :many
-- All letters, newest first.
-- params: tenant Id, before Id, most int
-- returns: id Id, officer Id, unit Id, item text, element text, valid_from Date, valid_until Date, letter_no text, created_at Instant, ended_at Instant?
-- row: LetterListRow
SELECT id, officer, unit, item, element, valid_from, valid_until, letter_no, created_at, ended_at
  FROM authorisation WHERE tenant = :tenant AND id < :before
 ORDER BY id DESC LIMIT :most;

-- name: letter_get :optional
-- One letter.
-- params: tenant Id, id Id
-- returns: id Id, officer Id, unit Id, item text, element text, valid_from Date, valid_until Date, letter_no text, created_at Instant, ended_at Instant?
-- row: LetterListRow
SELECT id, officer, unit, item, element, valid_from, valid_until, letter_no, created_at, ended_at
  FROM authorisation WHERE tenant = :tenant AND id = :id;

-- ---- archive -------------------------------------------------------------------------------------

-- name: archive_list :many
-- What a unit has closed, newest first; the last shown (completed_at, id) is where the next page begins.
-- params: tenant Id, unit Id, before Instant, id_before Id, most int
-- returns: id Id, number text, archive_number text, item_name text, item_name_en text, applicant_name text, state text, completed_at Instant
-- scope: unit
SELECT d.id, d.number, COALESCE(d.archive_number, ''), d.item_name, d.item_name_en, d.applicant_name, d.state, d.completed_at
  FROM dossier d
 WHERE d.tenant = :tenant AND d.unit = :unit AND d.completed_at IS NOT NULL
   AND EXISTS (SELECT 1 FROM dossier_access a
                WHERE a.tenant = d.tenant AND a.unit = :unit AND a.dossier = d.id)
   AND d.completed_at <= :before AND (d.completed_at < :before OR d.id < :id_before)
 ORDER BY d.completed_at DESC, d.id DESC LIMIT :most;
