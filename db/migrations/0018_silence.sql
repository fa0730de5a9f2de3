-- Applications that nobody answered in time, accepted by the law itself (Administrative Licensing
-- Law, article 32): supervisors list them over all units.

CREATE INDEX warning_silence ON warning (tenant, raised_at, id) WHERE kind = 'silence';
