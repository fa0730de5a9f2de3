-- name: lease_find :optional
-- The lease of this name as it stands.
-- params: name text
-- returns: owner text, fence int, expires_at Instant
SELECT owner, fence, expires_at FROM lease WHERE name = :name;

-- name: lease_create :exec
-- The first lease of this name; nothing when somebody was faster.
-- params: name text, owner text, fence int, expires_at Instant
INSERT INTO lease (name, owner, fence, expires_at)
VALUES (:name, :owner, :fence, :expires_at)
ON CONFLICT (name) DO NOTHING;

-- name: lease_pass :exec
-- Gives the lease to an owner with the next fence, unless it has moved since it was read.
-- params: name text, owner text, fence int, expires_at Instant
UPDATE lease SET owner = :owner, fence = :fence, expires_at = :expires_at
 WHERE name = :name AND fence = :fence - 1;

-- name: lease_extend :exec
-- Moves the end of a lease that is still held.
-- params: name text, owner text, fence int, expires_at Instant
UPDATE lease SET expires_at = :expires_at
 WHERE name = :name AND owner = :owner AND fence = :fence;
