-- What filing a dossier writes, about ten rows: for the benchmark of the writer.

-- name: bench_journal :exec
-- params: tenant Id, id Id, dossier Id, at Instant, unit Id, data text
INSERT INTO journal (tenant, id, dossier, version, at, kind, actor_kind, actor, unit, subject, data)
VALUES (:tenant, :id, :dossier, 1, :at, 'dossier.filed', 'applicant', 77, :unit, 'task:1', :data);

-- name: bench_dossier :exec
-- params: tenant Id, id Id, number text, unit Id, answers bytes, at Instant
INSERT INTO dossier (tenant, id, number, version, item_code, item_definition, form_definition,
                     item_name, item_name_en, kind, channel, party, account, applicant_name, unit,
                     state, stage, answers, filed_at, statutory_limit, promised_limit, limit_unit)
VALUES (:tenant, :id, :number, 1, 'HYG-01', 5, 6, '公共场所卫生许可', 'Public place hygiene licence',
        'promised', 'online', 12, 13, '某某宾馆', :unit, 'filed', 'intake', :answers, :at, 20, 7,
        'working_days');

-- name: bench_material :exec
-- params: tenant Id, dossier Id, code text
INSERT INTO dossier_material (tenant, dossier, code, name, name_en, is_required, is_brought)
VALUES (:tenant, :dossier, :code, '平面图', 'Floor plan', 1, 0);

-- name: bench_clock :exec
-- params: tenant Id, dossier Id, at Instant, due_at Instant, due_on Date
INSERT INTO legal_clock (tenant, dossier, limit_amount, limit_unit, started_at, due_at, due_on)
VALUES (:tenant, :dossier, 7, 'working_days', :at, :due_at, :due_on);

-- name: bench_instance :exec
-- params: tenant Id, dossier Id, state bytes
INSERT INTO process_instance (tenant, dossier, definition, state)
VALUES (:tenant, :dossier, 9, :state);

-- name: bench_task :exec
-- params: tenant Id, id Id, dossier Id, unit Id, at Instant, due_at Instant
INSERT INTO task (tenant, id, dossier, node, element, name, name_en, stage, form, unit, state,
                  created_at, due_at)
VALUES (:tenant, :id, :dossier, 3, 'review', '审核', 'Review', 'review', 'HYG-01-review', :unit,
        'open', :at, :due_at);

-- name: bench_access :exec
-- params: tenant Id, unit Id, due_at Instant, dossier Id
INSERT INTO dossier_access (tenant, unit, due_at, dossier) VALUES (:tenant, :unit, :due_at, :dossier);

-- name: bench_idempotency :exec
-- params: tenant Id, key text, at Instant
INSERT INTO idempotency (tenant, actor, key, fingerprint, status, location, at)
VALUES (:tenant, 'session:0123456789abcdef', :key, 'POST /apply/HYG-01 0123456789abcdef', 303, '/my',
        :at);

-- name: bench_counter :exec
-- params: tenant Id, id Id, day Date, unit Id, count int
INSERT INTO counter_delta (tenant, id, day, unit, hall_window, officer, item, kind, name, total,
                           count, h0, h1, h2, h3, h4, h5, h6, h7)
VALUES (:tenant, :id, :day, :unit, 0, 0, 'HYG-01', 'promised', 'filed', 0, :count,
        0, 0, 0, 0, 0, 0, 0, 0);

-- name: bench_dossier_version :optional
-- What a command looks at before it writes.
-- params: tenant Id, id Id
-- returns: version int
-- scope: key
SELECT version FROM dossier WHERE tenant = :tenant AND id = :id;
