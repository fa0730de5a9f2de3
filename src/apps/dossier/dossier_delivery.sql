-- Service of certificates: the choice of the applicant, then the task of a unit.

-- name: delivery_put :exec
-- The row of a dossier, as it is now.
-- params: tenant Id, dossier Id, unit Id?, way text, address bytes?, state text, begun_at Instant?, due_at Instant?, due_on Date?, days int, basis text, basis_en text, carrier text?, carrier_en text?, tracking text?, posted_on Date?, served_on Date?, served_how text?, returns int
INSERT INTO delivery (tenant, dossier, unit, way, address, state, begun_at, due_at, due_on, days, basis, basis_en, carrier,
                      carrier_en, tracking, posted_on, served_on, served_how, returns)
VALUES (:tenant, :dossier, :unit, :way, :address, :state, :begun_at, :due_at, :due_on, :days, :basis, :basis_en, :carrier,
        :carrier_en, :tracking, :posted_on, :served_on, :served_how, :returns)
ON CONFLICT (tenant, dossier) DO UPDATE SET unit = excluded.unit, way = excluded.way, address = excluded.address,
       state = excluded.state, begun_at = excluded.begun_at, due_at = excluded.due_at, due_on = excluded.due_on,
       days = excluded.days, basis = excluded.basis, basis_en = excluded.basis_en, carrier = excluded.carrier,
       carrier_en = excluded.carrier_en, tracking = excluded.tracking, posted_on = excluded.posted_on,
       served_on = excluded.served_on, served_how = excluded.served_how, returns = excluded.returns;

-- name: delivery_get :optional
-- Of one dossier.
-- params: tenant Id, dossier Id
-- returns: unit Id?, way text, address bytes?, state text, begun_at Instant?, due_at Instant?, due_on Date?, days int, basis text, basis_en text, carrier text?, carrier_en text?, tracking text?, posted_on Date?, served_on Date?, served_how text?, returns int
-- scope: key
SELECT unit, way, address, state, begun_at, due_at, due_on, days, basis, basis_en, carrier, carrier_en, tracking, posted_on,
       served_on, served_how, returns
  FROM delivery WHERE tenant = :tenant AND dossier = :dossier;

-- name: delivery_of_unit :many
-- What a unit has to serve, by date; behind the last one shown.
-- params: tenant Id, unit Id, state text, after_due Instant, after Id, most int
-- returns: dossier Id, number text, item_name text, item_name_en text, applicant_name text, party Id, way text, address bytes?, state text, due_at Instant?, due_on Date?, carrier text?, carrier_en text?, tracking text?, posted_on Date?, returns int
-- scope: unit
SELECT s.dossier, d.number, d.item_name, d.item_name_en, d.applicant_name, d.party, s.way, s.address, s.state, s.due_at,
       s.due_on, s.carrier, s.carrier_en, s.tracking, s.posted_on, s.returns
  FROM delivery s
  JOIN dossier d ON d.tenant = s.tenant AND d.id = s.dossier
 WHERE s.tenant = :tenant AND s.unit = :unit AND s.state = :state
   AND (s.due_at > :after_due OR (s.due_at = :after_due AND s.dossier > :after))
   AND EXISTS (SELECT 1 FROM dossier_access a
                WHERE a.tenant = s.tenant AND a.unit = :unit AND a.dossier = s.dossier)
 ORDER BY s.due_at, s.dossier LIMIT :most;

-- name: delivery_waiting :many
-- Dossiers whose certificate waits to be handed over or posted, in order.
-- params: tenant Id, after Id, most int
-- returns: dossier Id
SELECT dossier FROM delivery WHERE tenant = :tenant AND state = 'due' AND dossier > :after
 ORDER BY dossier LIMIT :most;
