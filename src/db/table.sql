-- name: table_columns :many
-- The columns of a table by name, with their place in its primary key (0: not in it).
-- params: table_name text
-- returns: name text, type text, place int
-- engine: sqlite
SELECT name, type, pk FROM pragma_table_info(:table_name) ORDER BY name;

-- name: table_columns :many
-- The columns of a table by name.
-- params: table_name text
-- returns: name text, type text, place int
-- engine: postgres
SELECT CAST(a.attname AS TEXT), format_type(a.atttypid, NULL),
       CAST(COALESCE(array_position(CAST(i.indkey AS SMALLINT[]), a.attnum) + 1, 0) AS INTEGER)
  FROM pg_attribute AS a LEFT JOIN pg_index AS i ON i.indrelid = a.attrelid AND i.indisprimary
 WHERE a.attrelid = to_regclass(:table_name) AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY CAST(a.attname AS TEXT) COLLATE "C";

-- name: table_names :many
-- Every table with rows of its own, by name: not the history of the schema, which migrating writes, nor leases, which
-- belong to running processes.
-- params:
-- returns: name text
-- engine: sqlite
SELECT name FROM sqlite_schema
 WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT IN ('schema_version', 'lease')
 ORDER BY name;

-- name: table_names :many
-- Every table with rows of its own, by name.
-- params:
-- returns: name text
-- engine: postgres
SELECT CAST(c.relname AS TEXT)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname NOT IN ('schema_version', 'lease')
 ORDER BY CAST(c.relname AS TEXT) COLLATE "C";
