-- ---- the dossier itself -------------------------------------------------------------------------

-- name: dossier_insert :exec
-- A new dossier.
-- params: tenant Id, id Id, number text, version int, item_code text, item_definition Id, form_definition Id, item_name text, item_name_en text, kind text, channel text, party Id, account Id?, applicant_name text, unit Id, state text, stage text, answers bytes, filed_at Instant, accepted_at Instant?, decided_at Instant?, completed_at Instant?, decision_reason text?, statutory_limit int, promised_limit int, limit_unit text, span_count int, archive_number text?
INSERT INTO dossier (tenant, id, number, version, item_code, item_definition, form_definition,
                     item_name, item_name_en, kind, channel, party, account, applicant_name, unit,
                     state, stage, answers, filed_at, accepted_at, decided_at, completed_at, decision_reason,
                     statutory_limit, promised_limit, limit_unit, span_count, archive_number)
VALUES (:tenant, :id, :number, :version, :item_code, :item_definition, :form_definition,
        :item_name, :item_name_en, :kind, :channel, :party, :account, :applicant_name, :unit,
        :state, :stage, :answers, :filed_at, :accepted_at, :decided_at, :completed_at, :decision_reason,
        :statutory_limit, :promised_limit, :limit_unit, :span_count, :archive_number);

-- name: dossier_save :exec
-- What a command may change of a dossier; the version guards against a lost update.
-- params: tenant Id, id Id, version int, state text, stage text, accepted_at Instant?, decided_at Instant?, completed_at Instant?, decision_reason text?, statutory_limit int, promised_limit int, limit_unit text, waits_for text?, withdrawn_at Instant?, span_count int, notice_count int, archive_number text?, before int
UPDATE dossier
   SET version = :version, state = :state, stage = :stage, accepted_at = :accepted_at,
       decided_at = :decided_at, completed_at = :completed_at, decision_reason = :decision_reason,
       statutory_limit = :statutory_limit, promised_limit = :promised_limit, limit_unit = :limit_unit,
       waits_for = :waits_for, withdrawn_at = :withdrawn_at, span_count = :span_count,
       notice_count = :notice_count, archive_number = :archive_number
 WHERE tenant = :tenant AND id = :id AND version = :before;

-- name: dossier_get :optional
-- One dossier by its id.
-- params: tenant Id, id Id
-- returns: id Id, number text, version int, item_code text, item_definition Id, form_definition Id, item_name text, item_name_en text, kind text, channel text, party Id, account Id?, applicant_name text, unit Id, state text, stage text, answers bytes, filed_at Instant, accepted_at Instant?, decided_at Instant?, completed_at Instant?, decision_reason text?, statutory_limit int, promised_limit int, limit_unit text, waits_for text?, withdrawn_at Instant?, span_count int, notice_count int, archive_number text?
-- row: DossierGetRow
-- scope: key
SELECT id, number, version, item_code, item_definition, form_definition, item_name, item_name_en,
       kind, channel, party, account, applicant_name, unit, state, stage, answers, filed_at,
       accepted_at, decided_at, completed_at, decision_reason, statutory_limit, promised_limit,
       limit_unit, waits_for, withdrawn_at, span_count, notice_count, archive_number
  FROM dossier WHERE tenant = :tenant AND id = :id;

-- name: dossier_id_of_number :optional
-- The id behind a printed number.
-- params: tenant Id, number text
-- returns: id Id
-- scope: key
SELECT id FROM dossier WHERE tenant = :tenant AND number = :number;

-- name: dossier_lock :optional
-- Takes the dossier row first, so that two commands on one dossier do not interleave.
-- engine: postgres
-- params: tenant Id, id Id
-- returns: id Id, number text, version int, item_code text, item_definition Id, form_definition Id, item_name text, item_name_en text, kind text, channel text, party Id, account Id?, applicant_name text, unit Id, state text, stage text, answers bytes, filed_at Instant, accepted_at Instant?, decided_at Instant?, completed_at Instant?, decision_reason text?, statutory_limit int, promised_limit int, limit_unit text, waits_for text?, withdrawn_at Instant?, span_count int, notice_count int, archive_number text?
-- row: DossierGetRow
-- scope: key
SELECT id, number, version, item_code, item_definition, form_definition, item_name, item_name_en,
       kind, channel, party, account, applicant_name, unit, state, stage, answers, filed_at,
       accepted_at, decided_at, completed_at, decision_reason, statutory_limit, promised_limit,
       limit_unit, waits_for, withdrawn_at, span_count, notice_count, archive_number
  FROM dossier WHERE tenant = :tenant AND id = :id FOR UPDATE;

-- name: dossier_lock :optional
-- One writer: nothing to lock.
-- engine: sqlite
-- params: tenant Id, id Id
-- returns: id Id, number text, version int, item_code text, item_definition Id, form_definition Id, item_name text, item_name_en text, kind text, channel text, party Id, account Id?, applicant_name text, unit Id, state text, stage text, answers bytes, filed_at Instant, accepted_at Instant?, decided_at Instant?, completed_at Instant?, decision_reason text?, statutory_limit int, promised_limit int, limit_unit text, waits_for text?, withdrawn_at Instant?, span_count int, notice_count int, archive_number text?
-- row: DossierGetRow
-- scope: key
SELECT id, number, version, item_code, item_definition, form_definition, item_name, item_name_en,
       kind, channel, party, account, applicant_name, unit, state, stage, answers, filed_at,
       accepted_at, decided_at, completed_at, decision_reason, statutory_limit, promised_limit,
       limit_unit, waits_for, withdrawn_at, span_count, notice_count, archive_number
  FROM dossier WHERE tenant = :tenant AND id = :id;

-- name: dossier_last_number :one
-- The largest number that begins with a day, "" when there is none: numbers go on behind it after a restart.
-- params: tenant Id, low text, high text
-- returns: number text
-- scope: system
SELECT COALESCE(MAX(number), '') FROM dossier WHERE tenant = :tenant AND number >= :low AND number < :high;

-- name: dossier_of_account :many
-- An applicant's own dossiers, and those that a window took in for his party (0: not verified), newest first; behind the last one shown.
-- params: tenant Id, account Id, party Id, before Id, most int
-- returns: id Id, party Id, item_definition Id, answers bytes, number text, item_name text, item_name_en text, state text, stage text, filed_at Instant, completed_at Instant?, due_at Instant?, due_on Date?, provisional_from Date?, waits_for text?, ground text?, step text?, step_en text?, rated int
-- scope: own
SELECT d.id, d.party, d.item_definition, d.answers, d.number, d.item_name, d.item_name_en, d.state, d.stage,
       d.filed_at, d.completed_at, c.due_at, c.due_on, c.provisional_from, d.waits_for, c.ground,
       (SELECT MIN(t.name) FROM task t WHERE t.tenant = d.tenant AND t.dossier = d.id AND t.state = 'open'),
       (SELECT MIN(t.name_en) FROM task t WHERE t.tenant = d.tenant AND t.dossier = d.id AND t.state = 'open'),
       (SELECT COUNT(*) FROM rating r WHERE r.tenant = d.tenant AND r.dossier = d.id)
  FROM dossier d LEFT JOIN legal_clock c ON c.tenant = d.tenant AND c.dossier = d.id
 WHERE d.tenant = :tenant
   AND d.id IN (SELECT a.id FROM dossier a
                 WHERE a.tenant = :tenant AND a.account = :account AND a.id < :before
                UNION ALL
                SELECT p.id FROM dossier p
                 WHERE p.tenant = :tenant AND p.account IS NULL AND p.party = :party AND p.id < :before)
 ORDER BY d.id DESC LIMIT :most;

-- name: dossier_known :many
-- What a party told before: the newest applications that an account filed for it (0: none) or a window took in for it, without those
-- that were refused or taken back.
-- params: tenant Id, party Id, account Id, most int
-- returns: id Id, form_definition Id, answers bytes, item_name text, item_name_en text, filed_at Instant
-- scope: own
SELECT d.id, d.form_definition, d.answers, d.item_name, d.item_name_en, d.filed_at
  FROM dossier d
 WHERE d.tenant = :tenant AND d.state IN ('filed', 'accepted', 'approved')
   AND d.id IN (SELECT a.id FROM dossier a
                 WHERE a.tenant = :tenant AND a.account = :account AND a.party = :party
                UNION ALL
                SELECT p.id FROM dossier p
                 WHERE p.tenant = :tenant AND p.account IS NULL AND p.party = :party)
 ORDER BY d.id DESC LIMIT :most;

-- name: dossier_unit_may_see :one
-- Whether a unit has access to a dossier.
-- params: tenant Id, unit Id, dossier Id
-- returns: count int
SELECT COUNT(*) FROM dossier_access WHERE tenant = :tenant AND unit = :unit AND dossier = :dossier;

-- ---- materials -----------------------------------------------------------------------------------

-- name: material_insert :exec
-- One material of a dossier.
-- params: tenant Id, dossier Id, code text, name text, name_en text, is_required bool, is_brought bool, place int
INSERT INTO dossier_material (tenant, dossier, code, name, name_en, is_required, is_brought, place)
VALUES (:tenant, :dossier, :code, :name, :name_en, :is_required, :is_brought, :place);

-- name: material_list :many
-- The materials of a dossier, in the item's order.
-- params: tenant Id, dossier Id
-- returns: code text, name text, name_en text, is_required bool, is_brought bool, seen_by Id?, seen_at Instant?
SELECT code, name, name_en, is_required, is_brought, seen_by, seen_at
  FROM dossier_material WHERE tenant = :tenant AND dossier = :dossier ORDER BY place, code;

-- name: material_seen :exec
-- An officer has seen a material.
-- params: tenant Id, dossier Id, code text, officer Id, at Instant
UPDATE dossier_material SET seen_by = :officer, seen_at = :at
 WHERE tenant = :tenant AND dossier = :dossier AND code = :code AND seen_at IS NULL;

-- ---- clock ---------------------------------------------------------------------------------------

-- name: clock_insert :exec
-- The legal clock starts.
-- params: tenant Id, dossier Id, limit_amount int, limit_unit text, started_at Instant, due_at Instant, due_on Date, provisional_from Date?, stopped_at Instant?, ground text?, runs_again_at Instant?
INSERT INTO legal_clock (tenant, dossier, limit_amount, limit_unit, started_at, due_at, due_on, provisional_from, stopped_at, ground, runs_again_at)
VALUES (:tenant, :dossier, :limit_amount, :limit_unit, :started_at, :due_at, :due_on, :provisional_from, :stopped_at, :ground, :runs_again_at);

-- name: clock_get :optional
-- The legal clock of a dossier.
-- params: tenant Id, dossier Id
-- returns: limit_amount int, limit_unit text, extension int, started_at Instant, due_at Instant, due_on Date, provisional_from Date?, stopped_at Instant?, ground text?, runs_again_at Instant?
SELECT limit_amount, limit_unit, extension, started_at, due_at, due_on, provisional_from, stopped_at, ground, runs_again_at
  FROM legal_clock WHERE tenant = :tenant AND dossier = :dossier;

-- name: clock_stop :exec
-- The dossier is completed: the clock no longer runs. The condition of a partial index is not repeated
-- where the key alone finds the row: PostgreSQL might walk that index instead.
-- params: tenant Id, dossier Id, at Instant
UPDATE legal_clock SET stopped_at = COALESCE(stopped_at, :at)
 WHERE tenant = :tenant AND dossier = :dossier;

-- name: clock_move :exec
-- A new due date, from another calendar, from time not counted or from an extension; what stops the
-- clock, and until when.
-- params: tenant Id, dossier Id, extension int, due_at Instant, due_on Date, provisional_from Date?, ground text?, runs_again_at Instant?
UPDATE legal_clock SET extension = :extension, due_at = :due_at, due_on = :due_on, provisional_from = :provisional_from,
       ground = :ground, runs_again_at = :runs_again_at
 WHERE tenant = :tenant AND dossier = :dossier AND stopped_at IS NULL;

-- name: clock_running :many
-- Running clocks that a changed calendar may touch, in order of dossier.
-- params: tenant Id, after Id, since Instant, most int
-- returns: dossier Id, limit_amount int, limit_unit text, extension int, started_at Instant, due_at Instant, due_on Date, provisional_from Date?, ground text?, runs_again_at Instant?, spans int
SELECT c.dossier, c.limit_amount, c.limit_unit, c.extension, c.started_at, c.due_at, c.due_on, c.provisional_from, c.ground,
       c.runs_again_at,
       (SELECT COUNT(*) FROM clock_span s WHERE s.tenant = c.tenant AND s.dossier = c.dossier)
  FROM legal_clock c
 WHERE c.tenant = :tenant AND c.dossier > :after AND c.stopped_at IS NULL AND c.due_at >= :since
 ORDER BY c.dossier LIMIT :most;

-- ---- process, tasks, timers, incidents -----------------------------------------------------------

-- name: process_insert :exec
-- The state of a new process instance.
-- params: tenant Id, dossier Id, definition Id, state bytes
INSERT INTO process_instance (tenant, dossier, definition, state)
VALUES (:tenant, :dossier, :definition, :state);

-- name: process_save :exec
-- The state after a step.
-- params: tenant Id, dossier Id, state bytes
UPDATE process_instance SET state = :state WHERE tenant = :tenant AND dossier = :dossier;

-- name: process_get :optional
-- The process instance of a dossier.
-- params: tenant Id, dossier Id
-- returns: definition Id, state bytes
SELECT definition, state FROM process_instance WHERE tenant = :tenant AND dossier = :dossier;

-- name: task_insert :exec
-- An open task.
-- params: tenant Id, id Id, dossier Id, node int, element text, name text, name_en text, stage text, form text, unit Id, created_at Instant, due_at Instant?
INSERT INTO task (tenant, id, dossier, node, element, name, name_en, stage, form, unit, state, created_at, due_at)
VALUES (:tenant, :id, :dossier, :node, :element, :name, :name_en, :stage, :form, :unit, 'open', :created_at, :due_at);

-- name: task_get :optional
-- One task by its id.
-- params: tenant Id, id Id
-- row: TaskGetRow
-- returns: id Id, dossier Id, node int, element text, name text, name_en text, stage text, form text, unit Id, assignee Id?, state text, created_at Instant, due_at Instant?
-- scope: key
SELECT id, dossier, node, element, name, name_en, stage, form, unit, assignee, state, created_at, due_at
  FROM task WHERE tenant = :tenant AND id = :id;

-- name: task_of_number :optional
-- A task of the dossier with a number.
-- params: tenant Id, number text, id Id
-- row: TaskGetRow
-- returns: id Id, dossier Id, node int, element text, name text, name_en text, stage text, form text, unit Id, assignee Id?, state text, created_at Instant, due_at Instant?
-- scope: key
SELECT t.id, t.dossier, t.node, t.element, t.name, t.name_en, t.stage, t.form, t.unit, t.assignee, t.state,
       t.created_at, t.due_at
  FROM dossier d JOIN task t ON t.tenant = d.tenant AND t.dossier = d.id
 WHERE d.tenant = :tenant AND d.number = :number AND t.id = :id;

-- name: task_of_node :optional
-- The open task of an engine node.
-- params: tenant Id, dossier Id, node int
-- returns: id Id
-- scope: key
SELECT id FROM task WHERE tenant = :tenant AND dossier = :dossier AND node = :node AND state = 'open';

-- name: task_complete :exec
-- A task is done.
-- params: tenant Id, id Id, completed_at Instant, completed_by Id, outcome text?, opinion text?
UPDATE task SET state = 'done', completed_at = :completed_at, completed_by = :completed_by,
       assignee = COALESCE(assignee, :completed_by), outcome = :outcome, opinion = :opinion
 WHERE tenant = :tenant AND id = :id;

-- name: task_cancel :exec
-- The process went on without the task.
-- params: tenant Id, id Id, completed_at Instant
UPDATE task SET state = 'cancelled', completed_at = :completed_at
 WHERE tenant = :tenant AND id = :id AND state = 'open';

-- name: task_assign :exec
-- Who has the task; NULL gives it back.
-- params: tenant Id, id Id, assignee Id?, claimed_at Instant?
UPDATE task SET assignee = :assignee, claimed_at = :claimed_at
 WHERE tenant = :tenant AND id = :id AND state = 'open';

-- name: task_due :exec
-- The due date of the whole came or moved: so did that of its open tasks, but for those with a date of their own.
-- params: tenant Id, dossier Id, before Instant?, due_at Instant?
UPDATE task SET due_at = :due_at
 WHERE tenant = :tenant AND dossier = :dossier AND state = 'open' AND due_at IS NOT DISTINCT FROM :before;

-- name: task_list :many
-- The tasks of a dossier, in order.
-- params: tenant Id, dossier Id
-- returns: id Id, element text, name text, name_en text, stage text, form text, unit Id, assignee Id?, state text, created_at Instant, due_at Instant?, completed_at Instant?, completed_by Id?, outcome text?, opinion text?
-- scope: key
SELECT id, element, name, name_en, stage, form, unit, assignee, state, created_at, due_at, completed_at,
       completed_by, outcome, opinion
  FROM task WHERE tenant = :tenant AND dossier = :dossier ORDER BY id;

-- name: task_desk :many
-- A unit's open tasks by urgency; the last shown (due, id) is where the next page begins. Tasks without a due date come last.
-- params: tenant Id, unit Id, due_after Instant, id_after Id, stage text, most int
-- returns: id Id, dossier Id, number text, item_name text, item_name_en text, applicant_name text, name text, name_en text, stage text, kind text, assignee Id?, created_at Instant, due_at Instant?, provisional_from Date?, waits_for text?, ground text?
-- row: TaskDeskRow
-- scope: unit
SELECT t.id, t.dossier, d.number, d.item_name, d.item_name_en, d.applicant_name, t.name, t.name_en, t.stage,
       d.kind, t.assignee, t.created_at, t.due_at, c.provisional_from, d.waits_for, c.ground
  FROM task t
  JOIN dossier_access a ON a.tenant = t.tenant AND a.unit = t.unit AND a.dossier = t.dossier
  JOIN dossier d ON d.tenant = t.tenant AND d.id = t.dossier
  LEFT JOIN legal_clock c ON c.tenant = t.tenant AND c.dossier = t.dossier
 WHERE t.tenant = :tenant AND a.unit = :unit AND t.unit = :unit AND t.state = 'open'
   AND (:stage = '' OR t.stage = :stage)
   AND COALESCE(t.due_at, 9000000000000000) >= :due_after
   AND (COALESCE(t.due_at, 9000000000000000) > :due_after OR t.id > :id_after)
 ORDER BY COALESCE(t.due_at, 9000000000000000), t.id LIMIT :most;

-- name: task_desk_mine :many
-- Those of them that one officer has.
-- params: tenant Id, unit Id, due_after Instant, id_after Id, assignee Id, stage text, most int
-- returns: id Id, dossier Id, number text, item_name text, item_name_en text, applicant_name text, name text, name_en text, stage text, kind text, assignee Id?, created_at Instant, due_at Instant?, provisional_from Date?, waits_for text?, ground text?
-- row: TaskDeskRow
-- scope: unit
SELECT t.id, t.dossier, d.number, d.item_name, d.item_name_en, d.applicant_name, t.name, t.name_en, t.stage,
       d.kind, t.assignee, t.created_at, t.due_at, c.provisional_from, d.waits_for, c.ground
  FROM task t
  JOIN dossier_access a ON a.tenant = t.tenant AND a.unit = t.unit AND a.dossier = t.dossier
  JOIN dossier d ON d.tenant = t.tenant AND d.id = t.dossier
  LEFT JOIN legal_clock c ON c.tenant = t.tenant AND c.dossier = t.dossier
 WHERE t.tenant = :tenant AND a.unit = :unit AND t.unit = :unit AND t.state = 'open'
   AND (:stage = '' OR t.stage = :stage)
   AND t.assignee = :assignee
   AND COALESCE(t.due_at, 9000000000000000) >= :due_after
   AND (COALESCE(t.due_at, 9000000000000000) > :due_after OR t.id > :id_after)
 ORDER BY COALESCE(t.due_at, 9000000000000000), t.id LIMIT :most;

-- name: timer_insert :exec
-- A timer is set.
-- params: tenant Id, id Id, dossier Id, node int, element text, due_at Instant
INSERT INTO timer (tenant, id, dossier, node, element, due_at, state)
VALUES (:tenant, :id, :dossier, :node, :element, :due_at, 'set');

-- name: timer_end :exec
-- The timer of a node fired or was cancelled.
-- params: tenant Id, dossier Id, node int, state text, fired_at Instant?
UPDATE timer SET state = :state, fired_at = :fired_at
 WHERE tenant = :tenant AND dossier = :dossier AND node = :node AND state = 'set';

-- name: timer_due :optional
-- The timer that is due first, behind (after, id_after).
-- params: tenant Id, now Instant, after Instant, id_after Id
-- returns: id Id, dossier Id, node int, element text, due_at Instant
SELECT id, dossier, node, element, due_at FROM timer
 WHERE tenant = :tenant AND state = 'set' AND due_at <= :now
   AND due_at >= :after AND (due_at > :after OR id > :id_after)
 ORDER BY due_at, id LIMIT 1;

-- name: timer_get :optional
-- One timer, as it is now.
-- params: tenant Id, id Id
-- returns: dossier Id, node int, element text, due_at Instant, state text
SELECT dossier, node, element, due_at, state FROM timer WHERE tenant = :tenant AND id = :id;

-- name: timer_of_node :optional
-- The timer of a node that is set or has fired.
-- params: tenant Id, dossier Id, node int
-- returns: id Id, due_at Instant, state text
-- scope: key
SELECT id, due_at, state FROM timer
 WHERE tenant = :tenant AND dossier = :dossier AND node = :node AND state IN ('set', 'fired') LIMIT 1;

-- name: timer_of_kind :many
-- The set timers that belong to no node of a process but have a number of their own, behind (after, id_after).
-- params: tenant Id, node int, after Instant, id_after Id, most int
-- returns: id Id, dossier Id, due_at Instant
SELECT id, dossier, due_at FROM timer
 WHERE tenant = :tenant AND state = 'set' AND node = :node
   AND due_at >= :after AND (due_at > :after OR id > :id_after)
 ORDER BY due_at, id LIMIT :most;

-- name: incident_insert :exec
-- A failed step.
-- params: tenant Id, id Id, dossier Id, node int, element text, code text, message text, raised_at Instant
INSERT INTO incident (tenant, id, dossier, node, element, code, message, raised_at)
VALUES (:tenant, :id, :dossier, :node, :element, :code, :message, :raised_at);

-- name: incident_resolve :exec
-- The incident of a node is over.
-- params: tenant Id, dossier Id, node int, resolved_at Instant, resolved_by Id?
UPDATE incident SET resolved_at = :resolved_at, resolved_by = :resolved_by
 WHERE tenant = :tenant AND dossier = :dossier AND node = :node AND resolved_at IS NULL;

-- name: incident_of_node :optional
-- The open incident of a node.
-- params: tenant Id, dossier Id, node int
-- returns: id Id
SELECT id FROM incident WHERE tenant = :tenant AND dossier = :dossier AND node = :node AND resolved_at IS NULL;

-- name: incident_get :optional
-- One incident.
-- params: tenant Id, id Id
-- returns: dossier Id, node int, element text, code text, message text, resolved_at Instant?
SELECT dossier, node, element, code, message, resolved_at FROM incident WHERE tenant = :tenant AND id = :id;

-- name: incident_list :many
-- The incidents of a dossier.
-- params: tenant Id, dossier Id
-- returns: id Id, element text, code text, message text, raised_at Instant, resolved_at Instant?
SELECT id, element, code, message, raised_at, resolved_at
  FROM incident WHERE tenant = :tenant AND dossier = :dossier ORDER BY id;

-- name: incident_open :many
-- What an administrator has to mend, oldest first.
-- params: tenant Id, after Id, most int
-- returns: id Id, dossier Id, number text, item_name text, item_name_en text, element text, code text, message text, raised_at Instant
-- scope: system
SELECT i.id, i.dossier, d.number, d.item_name, d.item_name_en, i.element, i.code, i.message, i.raised_at
  FROM incident i JOIN dossier d ON d.tenant = i.tenant AND d.id = i.dossier
 WHERE i.tenant = :tenant AND i.resolved_at IS NULL AND i.id > :after ORDER BY i.id LIMIT :most;

-- ---- certificate, rating -------------------------------------------------------------------------

-- name: series_draw :one
-- The next numbers of a certificate series in a year.
-- params: tenant Id, series text, year int, most int
-- returns: last int
INSERT INTO certificate_series (tenant, series, year, last) VALUES (:tenant, :series, :year, :most)
ON CONFLICT (tenant, series, year) DO UPDATE SET last = certificate_series.last + excluded.last
RETURNING last;

-- name: series_give_back :exec
-- The highest numbers that were drawn in this transaction and not used.
-- params: tenant Id, series text, year int, unused int
UPDATE certificate_series SET last = last - :unused
 WHERE tenant = :tenant AND series = :series AND year = :year;

-- name: certificate_insert :exec
-- A certificate is issued.
-- params: tenant Id, id Id, dossier Id, part text, unit Id, number text, code text, title text, title_en text, template Id, content bytes, issued_at Instant
INSERT INTO certificate (tenant, id, dossier, part, unit, number, code, title, title_en, template, content, issued_at)
VALUES (:tenant, :id, :dossier, :part, :unit, :number, :code, :title, :title_en, :template, :content, :issued_at);

-- name: certificate_of_dossier :many
-- The certificates of a dossier, as they were issued.
-- row: CertificateRow
-- params: tenant Id, dossier Id
-- returns: id Id, dossier Id, part text, unit Id, number text, code text, title text, title_en text, template Id, content bytes, issued_at Instant, served_at Instant?
SELECT id, dossier, part, unit, number, code, title, title_en, template, content, issued_at, served_at
  FROM certificate WHERE tenant = :tenant AND dossier = :dossier ORDER BY id;

-- name: certificate_of_code :optional
-- The certificate that carries a code.
-- row: CertificateRow
-- params: tenant Id, code text
-- returns: id Id, dossier Id, part text, unit Id, number text, code text, title text, title_en text, template Id, content bytes, issued_at Instant, served_at Instant?
SELECT id, dossier, part, unit, number, code, title, title_en, template, content, issued_at, served_at
  FROM certificate WHERE tenant = :tenant AND code = :code AND code <> '';

-- name: certificate_serve :exec
-- The applicant has it: downloaded or handed over.
-- params: tenant Id, id Id, at Instant
UPDATE certificate SET served_at = :at WHERE tenant = :tenant AND id = :id AND served_at IS NULL;

-- name: rating_insert :exec
-- One rating a dossier.
-- params: tenant Id, dossier Id, grade int, scale int, comment text?, rated_at Instant
INSERT INTO rating (tenant, dossier, grade, scale, comment, rated_at)
VALUES (:tenant, :dossier, :grade, :scale, :comment, :rated_at);

-- name: rating_get :optional
-- The rating of a dossier.
-- params: tenant Id, dossier Id
-- returns: grade int, scale int, comment text?, rated_at Instant
SELECT grade, scale, comment, rated_at FROM rating WHERE tenant = :tenant AND dossier = :dossier;

-- ---- row scope (derived) -------------------------------------------------------------------------

-- name: access_put :exec
-- A unit may see a dossier.
-- params: tenant Id, unit Id, due_at Instant, dossier Id
INSERT INTO dossier_access (tenant, unit, due_at, dossier) VALUES (:tenant, :unit, :due_at, :dossier)
ON CONFLICT (tenant, dossier, unit) DO NOTHING;

-- name: access_has :one
-- Whether the unit has it already.
-- params: tenant Id, unit Id, dossier Id
-- returns: count int
SELECT COUNT(*) FROM dossier_access WHERE tenant = :tenant AND unit = :unit AND dossier = :dossier;

-- name: access_due :exec
-- The due date moved.
-- params: tenant Id, dossier Id, due_at Instant
UPDATE dossier_access SET due_at = :due_at WHERE tenant = :tenant AND dossier = :dossier;

-- name: access_current_due :optional
-- The due date under which the dossier's access rows stand.
-- params: tenant Id, dossier Id
-- returns: due_at Instant
SELECT due_at FROM dossier_access WHERE tenant = :tenant AND dossier = :dossier ORDER BY unit LIMIT 1;

-- name: access_clear :exec
-- Before the journal is replayed.
DELETE FROM dossier_access;
