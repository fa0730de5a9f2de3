-- name: journal_table_columns :many
-- The columns of a table by name, with their place in its primary key (0: not in it).
-- params: table_name text
-- returns: name text, type text, place int
-- engine: sqlite
SELECT name, type, pk FROM pragma_table_info(:table_name) ORDER BY name;

-- name: journal_table_columns :many
-- The columns of a table by name.
-- params: table_name text
-- returns: name text, type text, place int
-- engine: postgres
SELECT CAST(a.attname AS TEXT), format_type(a.atttypid, NULL),
       CAST(COALESCE(array_position(CAST(i.indkey AS SMALLINT[]), a.attnum) + 1, 0) AS INTEGER)
  FROM pg_attribute AS a LEFT JOIN pg_index AS i ON i.indrelid = a.attrelid AND i.indisprimary
 WHERE a.attrelid = to_regclass(:table_name) AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY CAST(a.attname AS TEXT) COLLATE "C";
