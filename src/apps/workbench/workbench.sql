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
-- All drafts.
-- params: tenant Id, most int
-- returns: kind text, code text, revision Id
SELECT kind, code, revision FROM definition_draft
 WHERE tenant = :tenant ORDER BY kind, code LIMIT :most;

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
