-- ---- entries -----------------------------------------------------------------------------------

-- name: journal_entry_insert :exec
-- Writes one entry; the sealer numbers it later.
-- params: tenant int, id int, dossier int, version int, at Instant, kind text, actor_kind text,
--         actor int, unit int, subject text?, data text
INSERT INTO journal (tenant, id, dossier, version, at, kind, actor_kind, actor, unit, subject, data)
VALUES (:tenant, :id, :dossier, :version, :at, :kind, :actor_kind, :actor, :unit, :subject, :data);

-- name: journal_entry_between :many
-- Sealed entries behind one position up to another, in order.
-- params: after int, last int, most int
-- returns: tenant int, id int, dossier int, version int, at Instant, kind text, actor_kind text,
--          actor int, unit int, subject text?, data text, position int?, leaf bytes?
-- row: JournalEntryRow
SELECT tenant, id, dossier, version, at, kind, actor_kind, actor, unit, subject, data, position, leaf
  FROM journal
 WHERE position > :after AND position <= :last
 ORDER BY position LIMIT :most;

-- name: journal_entry_of_dossier :many
-- One dossier's entries, sealed or not.
-- params: tenant Id, dossier Id
-- returns: tenant int, id int, dossier int, version int, at Instant, kind text, actor_kind text,
--          actor int, unit int, subject text?, data text, position int?, leaf bytes?
-- row: JournalEntryRow
SELECT tenant, id, dossier, version, at, kind, actor_kind, actor, unit, subject, data, position, leaf
  FROM journal
 WHERE tenant = :tenant AND dossier = :dossier AND dossier <> 0
 ORDER BY version;

-- name: journal_entry_find :optional
-- One entry by its key.
-- params: tenant Id, id Id
-- returns: tenant int, id int, dossier int, version int, at Instant, kind text, actor_kind text,
--          actor int, unit int, subject text?, data text, position int?, leaf bytes?
-- row: JournalEntryRow
SELECT tenant, id, dossier, version, at, kind, actor_kind, actor, unit, subject, data, position, leaf
  FROM journal
 WHERE tenant = :tenant AND id = :id;

-- name: journal_entry_unsealed :many
-- Committed entries without a position behind an id, in order of id.
-- params: after int, most int
-- returns: tenant int, id int, dossier int, version int, at Instant, kind text, actor_kind text,
--          actor int, unit int, subject text?, data text, position int?, leaf bytes?
-- row: JournalEntryRow
SELECT tenant, id, dossier, version, at, kind, actor_kind, actor, unit, subject, data, position, leaf
  FROM journal
 WHERE position IS NULL AND id > :after
 ORDER BY id LIMIT :most;

-- name: journal_entry_to_seal :many
-- What the sealer takes next. The clocks of two processes may differ, so that a dossier's later
-- version has the smaller id: it then waits until the earlier one is sealed.
-- params: most int
-- returns: tenant int, id int, dossier int, version int, at Instant, kind text, actor_kind text,
--          actor int, unit int, subject text?, data text, position int?, leaf bytes?
-- row: JournalEntryRow
SELECT j.tenant, j.id, j.dossier, j.version, j.at, j.kind, j.actor_kind, j.actor, j.unit, j.subject,
       j.data, j.position, j.leaf
  FROM journal AS j
 WHERE j.position IS NULL
   AND NOT EXISTS (SELECT 1 FROM journal AS earlier
                    WHERE earlier.tenant = j.tenant AND earlier.dossier = j.dossier
                      AND earlier.dossier <> 0 AND earlier.version = j.version - 1
                      AND earlier.position IS NULL AND earlier.id > j.id)
 ORDER BY j.id LIMIT :most;

-- name: journal_plan_afresh :one
-- Plans the statements of this transaction by what the tables hold now. A plan that PostgreSQL has
-- kept from when the journal was small would compare every waiting entry with every other.
-- params:
-- returns: mode text
-- engine: postgres
SELECT set_config('plan_cache_mode', 'force_custom_plan', TRUE);

-- name: journal_plan_afresh :one
-- SQLite plans by the indexes alone.
-- params:
-- returns: mode text
-- engine: sqlite
SELECT 'force_custom_plan';

-- name: journal_entry_seal :exec
-- Numbers a batch: keys is a JSON array of [tenant, id], leaves their hashes of 32 bytes, in the
-- order of the positions from first on. Entries that have a position already are left alone.
-- params: first int, keys text, leaves bytes
-- engine: sqlite
UPDATE journal
   SET position = :first + batch.key,
       leaf = substr(:leaves, 1 + 32 * batch.key, 32)
  FROM json_each(:keys) AS batch
 WHERE journal.tenant = json_extract(batch.value, '$[0]')
   AND journal.id = json_extract(batch.value, '$[1]')
   AND journal.position IS NULL;

-- name: journal_entry_seal :exec
-- Numbers a batch.
-- params: first int, keys text, leaves bytes
-- engine: postgres
UPDATE journal
   SET position = :first + batch.n - 1,
       leaf = substring(:leaves FROM CAST(32 * batch.n - 31 AS INT) FOR 32)
  FROM jsonb_array_elements(CAST(:keys AS JSONB)) WITH ORDINALITY AS batch(key, n)
 WHERE journal.tenant = CAST(batch.key->>0 AS INTEGER)
   AND journal.id = CAST(batch.key->>1 AS INTEGER)
   AND journal.position IS NULL;

-- name: journal_entry_last :one
-- The largest position, and how many entries wait for one.
-- params:
-- returns: last int, unsealed int
SELECT (SELECT COALESCE(MAX(position), 0) FROM journal WHERE position IS NOT NULL),
       (SELECT COUNT(*) FROM journal WHERE position IS NULL);

-- name: journal_leaf_between :many
-- Leaf hashes of some positions, in order.
-- params: after int, last int
-- returns: position int, leaf bytes
SELECT position, leaf FROM journal
 WHERE position > :after AND position <= :last
 ORDER BY position;

-- ---- seals -------------------------------------------------------------------------------------

-- name: journal_seal_insert :exec
-- params: last_position int, first_position int, sealed_at Instant, batch_root bytes, root bytes,
--         frontier bytes, signature bytes
INSERT INTO journal_seal
       (last_position, first_position, sealed_at, batch_root, root, frontier, signature)
VALUES (:last_position, :first_position, :sealed_at, :batch_root, :root, :frontier, :signature);

-- name: journal_seal_newest :optional
-- The last seal: the tree so far.
-- params:
-- returns: last_position int, first_position int, batch_root bytes, root bytes, frontier bytes,
--          signature bytes
-- row: JournalSealRow
SELECT last_position, first_position, batch_root, root, frontier, signature
  FROM journal_seal ORDER BY last_position DESC LIMIT 1;

-- name: journal_seal_reaching :optional
-- The first seal whose end is at or behind a position.
-- params: position int
-- returns: last_position int, first_position int, batch_root bytes, root bytes, frontier bytes,
--          signature bytes
-- row: JournalSealRow
SELECT last_position, first_position, batch_root, root, frontier, signature
  FROM journal_seal WHERE last_position >= :position ORDER BY last_position LIMIT 1;

-- ---- readers -----------------------------------------------------------------------------------

-- name: journal_reader_find :optional
-- params: name text
-- returns: version int, position int
SELECT version, position FROM journal_reader WHERE name = :name;

-- name: journal_reader_keep :exec
-- An inside reader is whole: its rows are derived with this version.
-- params: name text, version int
INSERT INTO journal_reader (name, version, position) VALUES (:name, :version, 0)
ON CONFLICT (name) DO UPDATE SET version = excluded.version;

-- name: journal_cursor_start :exec
-- An outside reader's first step; nothing when its cursor exists.
-- params: name text, position int
INSERT INTO journal_reader (name, version, position) VALUES (:name, 0, :position)
ON CONFLICT (name) DO NOTHING;

-- name: journal_cursor_move :exec
-- params: name text, was int, position int
UPDATE journal_reader SET position = :position WHERE name = :name AND position = :was;

-- name: journal_rebuild_count :one
-- How many inside readers are being rebuilt.
-- params:
-- returns: count int
SELECT COUNT(*) FROM journal_rebuild;

-- name: journal_rebuild_find :optional
-- params: name text
-- returns: version int, position int
SELECT version, position FROM journal_rebuild WHERE name = :name;

-- name: journal_rebuild_begin :exec
-- params: name text, version int
INSERT INTO journal_rebuild (name, version, position) VALUES (:name, :version, 0)
ON CONFLICT (name) DO UPDATE SET version = excluded.version, position = 0;

-- name: journal_rebuild_move :exec
-- params: name text, position int
UPDATE journal_rebuild SET position = :position WHERE name = :name;

-- name: journal_rebuild_end :exec
-- params: name text
DELETE FROM journal_rebuild WHERE name = :name;
