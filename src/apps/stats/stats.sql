-- name: stats_delta_insert :exec
-- What the commands of a batch add to one counter.
-- params: tenant Id, id Id, day text, unit int, hall_window int, officer int, item text, kind text, name text, total int, count int, h0 int, h1 int, h2 int, h3 int, h4 int, h5 int, h6 int, h7 int
INSERT INTO counter_delta (tenant, id, day, unit, hall_window, officer, item, kind, name, total, count,
                           h0, h1, h2, h3, h4, h5, h6, h7)
VALUES (:tenant, :id, :day, :unit, :hall_window, :officer, :item, :kind, :name, :total, :count,
        :h0, :h1, :h2, :h3, :h4, :h5, :h6, :h7);

-- name: stats_delta_bound :one
-- The last id of the oldest portion of deltas, 0 when there are none; and how many that are.
-- params: tenant Id, most int
-- returns: last int, count int
SELECT COALESCE(MAX(p.id), 0), COUNT(*)
  FROM (SELECT d.id FROM counter_delta d WHERE d.tenant = :tenant ORDER BY d.id LIMIT :most) p;

-- name: stats_delta_tenant :one
-- A tenant that has deltas, 0 when none has.
-- returns: tenant int
SELECT COALESCE(MIN(tenant), 0) FROM counter_delta;

-- name: stats_fold_portion :exec
-- Adds the portion to its counters.
-- params: tenant Id, last Id
INSERT INTO counter (tenant, day, unit, hall_window, officer, item, kind, name, total, count,
                     h0, h1, h2, h3, h4, h5, h6, h7)
SELECT tenant, day, unit, hall_window, officer, item, kind, name,
       CAST(SUM(total) AS INTEGER), CAST(SUM(count) AS INTEGER),
       CAST(SUM(h0) AS INTEGER), CAST(SUM(h1) AS INTEGER), CAST(SUM(h2) AS INTEGER), CAST(SUM(h3) AS INTEGER),
       CAST(SUM(h4) AS INTEGER), CAST(SUM(h5) AS INTEGER), CAST(SUM(h6) AS INTEGER), CAST(SUM(h7) AS INTEGER)
  FROM counter_delta WHERE tenant = :tenant AND id <= :last
 GROUP BY tenant, day, unit, hall_window, officer, item, kind, name
ON CONFLICT (tenant, day, name, unit, hall_window, officer, item, kind) DO UPDATE
   SET total = counter.total + excluded.total, count = counter.count + excluded.count,
       h0 = counter.h0 + excluded.h0, h1 = counter.h1 + excluded.h1, h2 = counter.h2 + excluded.h2,
       h3 = counter.h3 + excluded.h3, h4 = counter.h4 + excluded.h4, h5 = counter.h5 + excluded.h5,
       h6 = counter.h6 + excluded.h6, h7 = counter.h7 + excluded.h7;

-- name: stats_delta_delete :exec
-- The portion is folded.
-- params: tenant Id, last Id
DELETE FROM counter_delta WHERE tenant = :tenant AND id <= :last;

-- name: stats_clear_counters :exec
-- Before the journal is replayed.
DELETE FROM counter;

-- name: stats_clear_deltas :exec
-- Before the journal is replayed.
DELETE FROM counter_delta;

-- name: stats_sums :many
-- Sums of a period by unit, item, kind and name, folded or not.
-- params: tenant Id, from_day Date, to_day Date
-- returns: unit int, item text, kind text, name text, total int, count int, h0 int, h1 int, h2 int, h3 int, h4 int, h5 int, h6 int, h7 int
SELECT c.unit, c.item, c.kind, c.name, CAST(SUM(c.total) AS INTEGER), CAST(SUM(c.count) AS INTEGER),
       CAST(SUM(c.h0) AS INTEGER), CAST(SUM(c.h1) AS INTEGER), CAST(SUM(c.h2) AS INTEGER),
       CAST(SUM(c.h3) AS INTEGER), CAST(SUM(c.h4) AS INTEGER), CAST(SUM(c.h5) AS INTEGER),
       CAST(SUM(c.h6) AS INTEGER), CAST(SUM(c.h7) AS INTEGER)
  FROM (SELECT unit, item, kind, name, total, count, h0, h1, h2, h3, h4, h5, h6, h7
          FROM counter WHERE tenant = :tenant AND day >= :from_day AND day <= :to_day
        UNION ALL
        SELECT unit, item, kind, name, total, count, h0, h1, h2, h3, h4, h5, h6, h7
          FROM counter_delta WHERE tenant = :tenant AND day >= :from_day AND day <= :to_day) c
 GROUP BY c.unit, c.item, c.kind, c.name
 ORDER BY c.unit, c.item, c.kind, c.name;

-- name: stats_months :many
-- Sums of a period by month and name, folded or not.
-- params: tenant Id, from_day Date, to_day Date
-- returns: month text, name text, count int
SELECT c.month, c.name, CAST(SUM(c.count) AS INTEGER)
  FROM (SELECT SUBSTR(day, 1, 7) AS month, name, count
          FROM counter WHERE tenant = :tenant AND day >= :from_day AND day <= :to_day
        UNION ALL
        SELECT SUBSTR(day, 1, 7) AS month, name, count
          FROM counter_delta WHERE tenant = :tenant AND day >= :from_day AND day <= :to_day) c
 GROUP BY c.month, c.name
 ORDER BY c.month, c.name;
