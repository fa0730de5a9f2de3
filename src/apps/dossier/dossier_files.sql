-- What was handed in for the materials of a dossier.

-- name: material_file_insert :exec
-- A file for a material.
-- params: tenant Id, id Id, dossier Id, material text, file Id, title bytes, uploaded_by_kind text, uploaded_by Id, uploaded_at Instant
INSERT INTO material_file (tenant, id, dossier, material, file, title, uploaded_by_kind, uploaded_by, uploaded_at)
VALUES (:tenant, :id, :dossier, :material, :file, :title, :uploaded_by_kind, :uploaded_by, :uploaded_at);

-- name: material_file_list :many
-- All files of a dossier, in the order in which they came; those that were replaced too.
-- params: tenant Id, dossier Id
-- returns: id Id, material text, title bytes, media_type text, size int, uploaded_by_kind text, uploaded_by Id, uploaded_at Instant, replaced_at Instant?
SELECT m.id, m.material, m.title, f.media_type, f.size, m.uploaded_by_kind, m.uploaded_by, m.uploaded_at, m.replaced_at
  FROM material_file m JOIN file f ON f.tenant = m.tenant AND f.id = m.file
 WHERE m.tenant = :tenant AND m.dossier = :dossier ORDER BY m.id;

-- name: material_file_find :optional
-- One file of a dossier.
-- params: tenant Id, dossier Id, id Id
-- returns: file Id, title bytes
SELECT file, title FROM material_file WHERE tenant = :tenant AND id = :id AND dossier = :dossier;

-- name: material_file_replace :exec
-- What was handed in so far for a material no longer counts.
-- params: tenant Id, dossier Id, material text, replaced_at Instant
UPDATE material_file SET replaced_at = :replaced_at
 WHERE tenant = :tenant AND dossier = :dossier AND material = :material AND replaced_at IS NULL;
