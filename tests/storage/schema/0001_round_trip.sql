-- A table of every type, both dialects' words, and a block for each engine.
CREATE TABLE round_trip (
    id         INTEGER NOT NULL PRIMARY KEY,
    number     INTEGER NOT NULL,
    amount     INTEGER,
    is_set     INTEGER NOT NULL,
    at         INTEGER,
    day        TEXT,
    title      TEXT NOT NULL,              -- sorted by code point; "COLLATE" it is not
    note       TEXT DEFAULT 'a TEXT; not an INTEGER',
    content    BLOB NOT NULL,
    attachment BLOB,
    share      REAL
) STRICT;
CREATE INDEX round_trip_title ON round_trip (title, CAST(number AS TEXT));

-- engine: sqlite
CREATE TABLE engine (name TEXT NOT NULL) STRICT;
CREATE TRIGGER engine_once BEFORE INSERT ON engine BEGIN
    SELECT RAISE(ABORT, 'once; only') WHERE EXISTS (SELECT 1 FROM engine);
END;
-- engine: postgres
CREATE TABLE engine (name text NOT NULL);
CREATE FUNCTION engine_once() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (SELECT 1 FROM engine) THEN RAISE EXCEPTION 'once; only'; END IF;
    RETURN NEW;
END; $body$;
CREATE TRIGGER engine_once BEFORE INSERT ON engine FOR EACH ROW EXECUTE FUNCTION engine_once();
-- engine: both
INSERT INTO engine (name) VALUES ('both');
