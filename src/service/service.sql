-- name: idempotency_find :optional
-- The stored answer of an earlier request with the same key.
-- params: tenant Id, actor text, key text
-- returns: fingerprint text, status int, location text?, body text?
SELECT fingerprint, status, location, body
  FROM idempotency WHERE tenant = :tenant AND actor = :actor AND key = :key;

-- name: idempotency_keep :exec
-- Keeps the first answer.
-- params: tenant Id, actor text, key text, fingerprint text, status int, location text?, body text?, at Instant
INSERT INTO idempotency (tenant, actor, key, fingerprint, status, location, body, at)
VALUES (:tenant, :actor, :key, :fingerprint, :status, :location, :body, :at);

-- name: idempotency_sweep :exec
-- Forgets answers that nobody will ask for again.
-- params: before Instant
DELETE FROM idempotency WHERE at < :before;

-- name: definition_insert :exec
-- A new version of a definition.
-- params: tenant Id, id Id, kind text, code text, division text, version int, effective_from Date, content text, hash text, published_at Instant
INSERT INTO definition (tenant, id, kind, code, division, version, effective_from, content, hash, published_at)
VALUES (:tenant, :id, :kind, :code, :division, :version, :effective_from, :content, :hash, :published_at);

-- name: definition_newest :optional
-- The newest version of one definition for one place.
-- params: tenant Id, kind text, code text, division text
-- returns: id Id, kind text, code text, division text, version int, effective_from Date, content text, hash text, published_at Instant
SELECT id, kind, code, division, version, effective_from, content, hash, published_at
  FROM definition WHERE tenant = :tenant AND kind = :kind AND code = :code AND division = :division
 ORDER BY version DESC LIMIT 1;

-- name: definition_last_version :one
-- The number of the newest version, for whatever place; 0 none.
-- params: tenant Id, kind text, code text
-- returns: version int
SELECT COALESCE(MAX(version), 0) AS version
  FROM definition WHERE tenant = :tenant AND kind = :kind AND code = :code;

-- name: definition_on_day :optional
-- The version in force on a day at a place: that of the place itself before one of what it lies in.
-- Those with the number `before` and later do not count.
-- params: tenant Id, kind text, code text, place text, day Date, before int
-- returns: id Id, kind text, code text, division text, version int, effective_from Date, content text, hash text, published_at Instant
SELECT id, kind, code, division, version, effective_from, content, hash, published_at
  FROM definition
 WHERE tenant = :tenant AND kind = :kind AND code = :code AND effective_from <= :day
   AND version < :before
   AND (division = '' OR SUBSTR(:place || '/', 1, LENGTH(division) + 1) = division || '/')
 ORDER BY LENGTH(division) DESC, effective_from DESC, version DESC LIMIT 1;

-- name: definition_get :optional
-- One version by its id.
-- params: tenant Id, id Id
-- returns: id Id, kind text, code text, division text, version int, effective_from Date, content text, hash text, published_at Instant
SELECT id, kind, code, division, version, effective_from, content, hash, published_at
  FROM definition WHERE tenant = :tenant AND id = :id;

-- name: definition_newest_of_kind :many
-- The newest version of every code of a kind for every place that has its own.
-- params: tenant Id, kind text
-- returns: id Id, kind text, code text, division text, version int, effective_from Date, hash text
SELECT d.id, d.kind, d.code, d.division, d.version, d.effective_from, d.hash
  FROM definition d
 WHERE d.tenant = :tenant AND d.kind = :kind
   AND d.version = (SELECT MAX(n.version) FROM definition n
                     WHERE n.tenant = d.tenant AND n.kind = d.kind AND n.code = d.code
                       AND n.division = d.division)
 ORDER BY d.code, d.division;

-- name: definition_all_of :many
-- The versions of one definition for everywhere, the newest first.
-- params: tenant Id, kind text, code text, most int
-- returns: id Id, version int, effective_from Date, hash text, published_at Instant
SELECT id, version, effective_from, hash, published_at
  FROM definition WHERE tenant = :tenant AND kind = :kind AND code = :code AND division = ''
 ORDER BY version DESC LIMIT :most;

-- name: definition_all_of_places :many
-- The versions of one definition for places that have their own, by place, the newest first.
-- params: tenant Id, kind text, code text, most int
-- returns: id Id, division text, version int, effective_from Date, hash text, published_at Instant
SELECT id, division, version, effective_from, hash, published_at
  FROM definition WHERE tenant = :tenant AND kind = :kind AND code = :code AND division <> ''
 ORDER BY division, version DESC LIMIT :most;

-- name: definition_last :one
-- The definition that was published last, 0 none.
-- params: tenant Id
-- returns: id int
SELECT COALESCE(MAX(id), 0) FROM definition WHERE tenant = :tenant;

-- name: file_insert :exec
-- Tells of a file that lies on the disk.
-- params: tenant Id, id Id, name text, media_type text, size int, hash text, key bytes, created_at Instant
INSERT INTO file (tenant, id, name, media_type, size, hash, key, created_at)
VALUES (:tenant, :id, :name, :media_type, :size, :hash, :key, :created_at);

-- name: file_find :optional
-- One file with its sealed key.
-- params: tenant Id, id Id
-- returns: name text, media_type text, size int, hash text, key bytes
SELECT name, media_type, size, hash, key FROM file WHERE tenant = :tenant AND id = :id;

-- name: file_by_name :optional
-- Whether a row tells of a file on the disk.
-- params: name text
-- returns: id Id
SELECT id FROM file WHERE name = :name;

-- name: file_each :many
-- Files behind a name, by name: all of them, portion by portion.
-- params: after text, most int
-- returns: name text, size int, hash text
SELECT name, size, hash FROM file WHERE name > :after ORDER BY name LIMIT :most;
