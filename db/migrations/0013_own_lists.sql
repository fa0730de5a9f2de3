-- The accounts of a party in their order: an index that the statement walks alone.

DROP INDEX account_party;
CREATE INDEX account_party ON account (tenant, party, id);
