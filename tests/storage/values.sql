-- Statements of every form that sqlgen knows, run on both databases by values_test.c.

-- name: value_put :exec
-- Every type, as parameter.
-- params: id Id, number int, amount Fen?, is_set bool, at Instant?, day Date?, title text,
--   note text?, content bytes, attachment bytes?, share real?
INSERT INTO round_trip (id, number, amount, is_set, at, day, title, note, content, attachment, share)
VALUES (:id, :number, :amount, :is_set, :at, :day, :title, :note, :content, :attachment, :share);

-- name: value_find :optional
-- Every type, as column.
-- row: ValueRow
-- params: id Id
-- returns: id Id, number int, amount Fen?, is_set bool, at Instant?, day Date?, title text,
--   note text?, content bytes, attachment bytes?, share real?
SELECT id, number, amount, is_set, at, day, title, note, content, attachment, share
FROM round_trip WHERE id = :id;

-- name: value_list :many
-- The same rows, all of them.
-- row: ValueRow
-- returns: id Id, number int, amount Fen?, is_set bool, at Instant?, day Date?, title text,
--   note text?, content bytes, attachment bytes?, share real?
SELECT id, number, amount, is_set, at, day, title, note, content, attachment, share
FROM round_trip ORDER BY title;

-- name: value_double :one
-- A write that returns.
-- params: id Id
-- returns: number int
UPDATE round_trip SET number = number * 2 WHERE id = :id RETURNING number;

-- name: value_sums :one
-- What the server makes of sums, tests and casts.
-- params: least int
-- returns: sum int?, count int, mean real?, is_any bool, wide int, text text
SELECT sum(number), count(*), avg(number), EXISTS (SELECT 1 FROM round_trip WHERE number > :least),
       CAST(5000000000 AS INTEGER), ':least''s -- text'
FROM round_trip WHERE number >= :least;

-- name: value_engine :one
-- engine: sqlite
-- params: suffix text
-- returns: name text
SELECT 'sqlite' || :suffix;

-- name: value_engine :one
-- engine: postgres
-- params: suffix text
-- returns: name text
SELECT 'postgres'::text || :suffix;

-- name: value_delete_below :exec
-- params: least int
DELETE FROM round_trip WHERE number < :least;

-- name: engine_add :exec
-- params: name text
INSERT INTO engine (name) VALUES (:name);
