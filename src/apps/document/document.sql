-- name: document_series_draw :one
-- The next number of a kind of paper in a year.
-- params: tenant Id, kind text, year int
-- returns: last int
INSERT INTO document_series (tenant, kind, year, last) VALUES (:tenant, :kind, :year, 1)
ON CONFLICT (tenant, kind, year) DO UPDATE SET last = document_series.last + 1
RETURNING last;

-- name: document_insert :exec
-- A paper is issued.
-- params: tenant Id, id Id, dossier Id, kind text, number text, code text, unit Id, title text, title_en text, template Id, content bytes, issued_at Instant
INSERT INTO document (tenant, id, dossier, kind, number, code, unit, title, title_en, template, content, issued_at)
VALUES (:tenant, :id, :dossier, :kind, :number, :code, :unit, :title, :title_en, :template, :content, :issued_at);

-- name: document_of_dossier :many
-- The papers of a dossier, as they were issued.
-- row: DocumentRow
-- params: tenant Id, dossier Id
-- returns: id Id, dossier Id, kind text, number text, code text, unit Id, title text, title_en text, template Id, content bytes, issued_at Instant
SELECT id, dossier, kind, number, code, unit, title, title_en, template, content, issued_at
  FROM document WHERE tenant = :tenant AND dossier = :dossier ORDER BY id;

-- name: document_by_key :optional
-- One paper.
-- row: DocumentRow
-- params: tenant Id, id Id
-- returns: id Id, dossier Id, kind text, number text, code text, unit Id, title text, title_en text, template Id, content bytes, issued_at Instant
SELECT id, dossier, kind, number, code, unit, title, title_en, template, content, issued_at
  FROM document WHERE tenant = :tenant AND id = :id;

-- name: document_of_code :optional
-- The paper that carries a code.
-- row: DocumentRow
-- params: tenant Id, code text
-- returns: id Id, dossier Id, kind text, number text, code text, unit Id, title text, title_en text, template Id, content bytes, issued_at Instant
SELECT id, dossier, kind, number, code, unit, title, title_en, template, content, issued_at
  FROM document WHERE tenant = :tenant AND code = :code;
