-- Drafts of definitions, and who published what.

-- name: draft_find :optional
-- The draft of a definition.
-- params: tenant Id, kind text, code text
-- returns: kind text, code text, source text, english text, revision Id, officer Id, saved_at Instant
SELECT kind, code, source, english, revision, officer, saved_at
  FROM definition_draft WHERE tenant = :tenant AND kind = :kind AND code = :code;

-- name: draft_put :exec
-- A draft as it is now.
-- params: tenant Id, kind text, code text, source text, english text, revision Id, officer Id, saved_at Instant
INSERT INTO definition_draft (tenant, kind, code, source, english, revision, officer, saved_at)
VALUES (:tenant, :kind, :code, :source, :english, :revision, :officer, :saved_at)
ON CONFLICT (tenant, kind, code) DO UPDATE
   SET source = excluded.source, english = excluded.english, revision = excluded.revision,
       officer = excluded.officer, saved_at = excluded.saved_at;

-- name: draft_drop :exec
-- A draft that has become a version.
-- params: tenant Id, kind text, code text
DELETE FROM definition_draft WHERE tenant = :tenant AND kind = :kind AND code = :code;

-- name: draft_list :many
-- The drafts of a kind, by code.
-- params: tenant Id, kind text
-- returns: code text, officer Id, saved_at Instant
SELECT code, officer, saved_at FROM definition_draft
 WHERE tenant = :tenant AND kind = :kind ORDER BY code;

-- name: draft_all :many
-- All drafts but those of imports, which are published together.
-- params: tenant Id, most int
-- returns: kind text, code text, revision Id
SELECT kind, code, revision FROM definition_draft
 WHERE tenant = :tenant AND import = 0 ORDER BY kind, code LIMIT :most;

-- name: publication_insert :exec
-- Who published a version, and why.
-- params: tenant Id, definition Id, officer Id, reason text, back_to int
INSERT INTO definition_publication (tenant, definition, officer, reason, back_to)
VALUES (:tenant, :definition, :officer, :reason, :back_to);

-- name: publication_find :optional
-- Who published a version.
-- params: tenant Id, definition Id
-- returns: officer Id, reason text, back_to int
SELECT officer, reason, back_to FROM definition_publication
 WHERE tenant = :tenant AND definition = :definition;

-- name: draft_import :exec
-- A draft that came with an import; there is none yet.
-- params: tenant Id, kind text, code text, source text, english text, revision Id, officer Id, saved_at Instant, import Id
INSERT INTO definition_draft (tenant, kind, code, source, english, revision, officer, saved_at, import)
VALUES (:tenant, :kind, :code, :source, :english, :revision, :officer, :saved_at, :import);

-- name: draft_of_import :many
-- The drafts of an import, by code.
-- params: tenant Id, import Id
-- returns: kind text, code text, source text, english text, revision Id
SELECT kind, code, source, english, revision FROM definition_draft
 WHERE tenant = :tenant AND import = :import ORDER BY kind, code;

-- name: draft_drop_import :exec
-- The drafts of an import that is thrown away.
-- params: tenant Id, import Id
DELETE FROM definition_draft WHERE tenant = :tenant AND import = :import;

-- name: import_insert :exec
-- A workbook that was uploaded.
-- params: tenant Id, id Id, officer Id, file_name text, workbook bytes, uploaded_at Instant
INSERT INTO definition_import (tenant, id, officer, file_name, workbook, uploaded_at, is_saved)
VALUES (:tenant, :id, :officer, :file_name, :workbook, :uploaded_at, 0);

-- name: import_find :optional
-- One import.
-- params: tenant Id, id Id
-- returns: id Id, officer Id, file_name text, workbook bytes, uploaded_at Instant, is_saved bool
SELECT id, officer, file_name, workbook, uploaded_at, is_saved FROM definition_import
 WHERE tenant = :tenant AND id = :id;

-- name: import_list :many
-- Imports that are not published, the newest first.
-- params: tenant Id, most int
-- returns: id Id, officer Id, file_name text, uploaded_at Instant, is_saved bool
SELECT id, officer, file_name, uploaded_at, is_saved FROM definition_import
 WHERE tenant = :tenant ORDER BY id DESC LIMIT :most;

-- name: import_saved :exec
-- The rows of an import are drafts now.
-- params: tenant Id, id Id
UPDATE definition_import SET is_saved = 1 WHERE tenant = :tenant AND id = :id;

-- name: import_drop :exec
-- An import that is published or thrown away.
-- params: tenant Id, id Id
DELETE FROM definition_import WHERE tenant = :tenant AND id = :id;

-- name: import_drop_looked_at :exec
-- What an officer uploaded and only looked at.
-- params: tenant Id, officer Id
DELETE FROM definition_import WHERE tenant = :tenant AND officer = :officer AND is_saved = 0;
