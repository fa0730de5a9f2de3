-- Definitions for a place: what a township decides otherwise than its county. Every version that was
-- there is the county's.

ALTER TABLE definition ADD COLUMN division TEXT NOT NULL DEFAULT ''; -- code path "99/9901/990101", '' everywhere
