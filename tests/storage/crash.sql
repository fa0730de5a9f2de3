-- What the crash test writes, one command at a time: an answer under its idempotency key, three
-- entries, and a share of a counter; and what it asks when everything has come back.

-- name: crash_key_find :optional
-- params: tenant Id, key text
-- returns: number int
SELECT status FROM idempotency WHERE tenant = :tenant AND actor = 'crash' AND key = :key;

-- name: crash_key_add :exec
-- params: tenant Id, key text, number int, at Instant
INSERT INTO idempotency (tenant, actor, key, fingerprint, status, at)
VALUES (:tenant, 'crash', :key, 'POST /', :number, :at);

-- name: crash_entry_add :exec
-- params: tenant Id, id Id, dossier Id, version int, at Instant, data text
INSERT INTO journal (tenant, id, dossier, version, at, kind, actor_kind, actor, unit, data)
VALUES (:tenant, :id, :dossier, :version, :at, 'dossier.filed', 'system', 0, 0, :data);

-- name: crash_total_add :exec
-- params: name text, count int
INSERT INTO lease (name, owner, fence, expires_at) VALUES (:name, 'crash', :count, 0)
ON CONFLICT (name) DO UPDATE SET fence = lease.fence + excluded.fence;

-- name: crash_counts :one
-- Applied keys, their entries, the counter, and keys without exactly three entries.
-- returns: keys int, entries int, total int, halves int
SELECT (SELECT count(*) FROM idempotency),
       (SELECT count(*) FROM journal),
       (SELECT coalesce(sum(fence), 0) FROM lease),
       (SELECT count(*) FROM idempotency AS i
        WHERE (SELECT count(*) FROM journal AS j
               WHERE j.tenant = i.tenant AND j.dossier = i.status AND j.dossier <> 0) <> 3);
