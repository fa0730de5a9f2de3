-- name: org_tenant_put :exec
-- The controller of the data.
-- params: tenant Id, code text, name text, name_en text, division text
INSERT INTO tenant (tenant, code, name, name_en, division) VALUES (:tenant, :code, :name, :name_en, :division)
ON CONFLICT (tenant) DO UPDATE SET code = excluded.code, name = excluded.name, name_en = excluded.name_en,
                                   division = excluded.division;

-- name: org_tenant_set_short_name :exec
-- The name in numbers of papers.
-- params: tenant Id, short_name text
UPDATE tenant SET short_name = :short_name WHERE tenant = :tenant;

-- name: org_tenant_get :optional
-- The controller of the data.
-- params: tenant Id
-- returns: name text, name_en text, short_name text
SELECT name, name_en, short_name FROM tenant WHERE tenant = :tenant;

-- name: org_unit_put :exec
-- A unit, found by its code.
-- params: tenant Id, id Id, parent Id?, code text, kind text, name text, name_en text, division text
INSERT INTO unit (tenant, id, parent, code, kind, name, name_en, division)
VALUES (:tenant, :id, :parent, :code, :kind, :name, :name_en, :division)
ON CONFLICT (tenant, code) DO UPDATE SET parent = excluded.parent, kind = excluded.kind, name = excluded.name,
                                         name_en = excluded.name_en, division = excluded.division;

-- name: org_unit_of_code :one
-- The id behind a unit's code.
-- params: tenant Id, code text
-- returns: id Id
SELECT id FROM unit WHERE tenant = :tenant AND code = :code;

-- name: org_unit_list :many
-- Every unit of a tenant.
-- params: tenant Id
-- returns: id Id, parent Id?, code text, kind text, name text, name_en text, division text
SELECT id, parent, code, kind, name, name_en, division FROM unit WHERE tenant = :tenant ORDER BY code;

-- name: org_window_put :exec
-- A window of a unit, found by its code.
-- params: tenant Id, id Id, unit Id, code text, name text, name_en text
INSERT INTO hall_window (tenant, id, unit, code, name, name_en) VALUES (:tenant, :id, :unit, :code, :name, :name_en)
ON CONFLICT (tenant, code) DO UPDATE SET unit = excluded.unit, name = excluded.name, name_en = excluded.name_en;

-- name: org_window_of_code :one
-- The id behind a window's code.
-- params: tenant Id, code text
-- returns: id Id
SELECT id FROM hall_window WHERE tenant = :tenant AND code = :code;

-- name: org_post_put :exec
-- A post of a unit with its holders A and B, found by its code.
-- params: tenant Id, id Id, unit Id, code text, name text, name_en text, holder_a Id?, holder_b Id?
INSERT INTO post (tenant, id, unit, code, name, name_en, holder_a, holder_b)
VALUES (:tenant, :id, :unit, :code, :name, :name_en, :holder_a, :holder_b)
ON CONFLICT (tenant, unit, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
                                               holder_a = excluded.holder_a, holder_b = excluded.holder_b;
