-- name: item_put :exec
-- What lists show of the version in force (derived).
-- params: tenant Id, code text, definition Id, kind text, name text, name_en text, summary text, summary_en text, unit_code text, topic text, sort_key text
INSERT INTO item (tenant, code, definition, kind, name, name_en, summary, summary_en, unit_code, topic, sort_key)
VALUES (:tenant, :code, :definition, :kind, :name, :name_en, :summary, :summary_en, :unit_code, :topic, :sort_key)
ON CONFLICT (tenant, code) DO UPDATE SET definition = excluded.definition, kind = excluded.kind,
       name = excluded.name, name_en = excluded.name_en, summary = excluded.summary, summary_en = excluded.summary_en,
       unit_code = excluded.unit_code, topic = excluded.topic, sort_key = excluded.sort_key;

-- name: item_term_put :exec
-- A word under which an item is found (derived).
-- params: tenant Id, term text, item text, weight int
INSERT INTO item_term (tenant, term, item, weight) VALUES (:tenant, :term, :item, :weight)
ON CONFLICT (tenant, term, item) DO UPDATE SET weight = excluded.weight;

-- name: item_terms_clear :exec
-- Before an item's words are written anew (derived).
-- params: tenant Id, item text
DELETE FROM item_term WHERE tenant = :tenant AND item = :item;

-- name: item_all_clear :exec
-- Before the journal is replayed.
DELETE FROM item;

-- name: item_term_all_clear :exec
-- Before the journal is replayed.
DELETE FROM item_term;

-- name: item_list :many
-- All items, by name; behind a sort key and code (both "" for the first page).
-- params: tenant Id, topic text, unit_code text, sort_after text, code_after text, most int
-- returns: code text, kind text, name text, name_en text, summary text, summary_en text, unit_code text, topic text, sort_key text
SELECT code, kind, name, name_en, summary, summary_en, unit_code, topic, sort_key
  FROM item
 WHERE tenant = :tenant AND (:topic = '' OR topic = :topic) AND (:unit_code = '' OR unit_code = :unit_code)
   AND (sort_key > :sort_after OR (sort_key = :sort_after AND code > :code_after))
 ORDER BY sort_key, code LIMIT :most;

-- name: item_units :many
-- The departments that have items.
-- params: tenant Id
-- returns: unit_code text
SELECT DISTINCT unit_code FROM item WHERE tenant = :tenant ORDER BY unit_code;

-- name: item_search :many
-- Items that have one of the terms, or a term that begins with the typed letters; nearest first: more terms, then heavier ones.
-- params: tenant Id, t1 text, t2 text, t3 text, t4 text, t5 text, t6 text, low text, high text, least int, most int
-- returns: code text, kind text, name text, name_en text, summary text, summary_en text, unit_code text, topic text, sort_key text
SELECT i.code, i.kind, i.name, i.name_en, i.summary, i.summary_en, i.unit_code, i.topic, i.sort_key
  FROM (SELECT x.item AS code, COUNT(*) AS terms, SUM(x.weight) AS weight
          FROM (SELECT t.item, t.term, t.weight FROM item_term t
                 WHERE t.tenant = :tenant AND t.term IN (:t1, :t2, :t3, :t4, :t5, :t6)
                UNION
                SELECT p.item, p.term, p.weight FROM item_term p
                 WHERE p.tenant = :tenant AND p.term >= :low AND p.term < :high) x
         GROUP BY x.item) f
  JOIN item i ON i.tenant = :tenant AND i.code = f.code
 WHERE f.terms >= :least
 ORDER BY f.terms DESC, f.weight DESC, i.sort_key LIMIT :most;
