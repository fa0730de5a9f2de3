-- Officers' second factor: a secret shared with a telephone (RFC 6238), and codes for the day it is lost.

CREATE TABLE second_factor (
    tenant       INTEGER NOT NULL,
    officer      INTEGER NOT NULL,
    secret       BLOB NOT NULL,            -- sealed; base32 inside
    state        TEXT NOT NULL,            -- pending active
    last_step    INTEGER NOT NULL,         -- of the newest code that was used: none at or before it is right again
    begun_at     INTEGER NOT NULL,
    confirmed_at INTEGER,
    PRIMARY KEY (tenant, officer)
) STRICT;

CREATE TABLE recovery_code (
    tenant  INTEGER NOT NULL,
    officer INTEGER NOT NULL,
    hash    TEXT NOT NULL,                 -- HMAC-SHA-256 under the key of blind indexes
    used_at INTEGER,
    PRIMARY KEY (tenant, officer, hash)
) STRICT;
