-- The kernel's tables: organisation, people, definitions, dossiers, and what readers derive.
-- Instants are ms UTC, civil dates text 2026-11-22, amounts fen. Ids are made by the program.

-- ---- organisation ------------------------------------------------------------------------------

-- The controller of the data: a county or a city.
CREATE TABLE tenant (
    tenant    INTEGER NOT NULL PRIMARY KEY,
    code      TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    division  TEXT NOT NULL                -- division code path, "44/4419"
) STRICT;

CREATE TABLE unit (
    tenant    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    parent    INTEGER,                     -- centre -> department -> section; NULL at the top
    code      TEXT NOT NULL,
    kind      TEXT NOT NULL,               -- centre department section township village
    name      TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    division  TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX unit_code ON unit (tenant, code);

CREATE TABLE hall_window (
    tenant    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    unit      INTEGER NOT NULL,
    code      TEXT NOT NULL,
    name      TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX hall_window_code ON hall_window (tenant, code);

CREATE TABLE officer (
    tenant        INTEGER NOT NULL,
    id            INTEGER NOT NULL,
    unit          INTEGER NOT NULL,
    hall_window   INTEGER,
    login         TEXT NOT NULL,           -- staff number, lower case
    name          TEXT NOT NULL,
    name_en       TEXT NOT NULL,
    password      TEXT NOT NULL,           -- Argon2id, encoded
    state         TEXT NOT NULL,           -- active locked left
    failed_logins INTEGER NOT NULL,
    locked_until  INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX officer_login ON officer (tenant, login);

CREATE TABLE officer_role (
    tenant    INTEGER NOT NULL,
    officer   INTEGER NOT NULL,
    role      TEXT NOT NULL,               -- a name in packs/<system>/roles.json
    PRIMARY KEY (tenant, officer, role)
) STRICT;

-- A post in a unit, with its holder A and cover B.
CREATE TABLE post (
    tenant    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    unit      INTEGER NOT NULL,
    code      TEXT NOT NULL,
    name      TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    holder_a  INTEGER,
    holder_b  INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX post_code ON post (tenant, unit, code);

-- ---- people ------------------------------------------------------------------------------------

CREATE TABLE party (
    tenant     INTEGER NOT NULL,
    id         INTEGER NOT NULL,
    kind       TEXT NOT NULL,              -- person firm
    name       TEXT NOT NULL,
    assurance  TEXT NOT NULL,              -- typed verified: a typed identity opens nothing
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;

-- An applicant's login. The phone is encrypted; its blind index (HMAC) finds it.
CREATE TABLE account (
    tenant        INTEGER NOT NULL,
    id            INTEGER NOT NULL,
    party         INTEGER NOT NULL,
    phone         BLOB NOT NULL,
    phone_blind   TEXT NOT NULL,
    password      TEXT NOT NULL,
    state         TEXT NOT NULL,           -- active locked
    failed_logins INTEGER NOT NULL,
    locked_until  INTEGER,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX account_phone ON account (tenant, phone_blind);

-- token is a hash; the token itself is only in the cookie.
CREATE TABLE session (
    tenant     INTEGER NOT NULL,
    token      TEXT NOT NULL,
    id         INTEGER NOT NULL,
    user_kind  TEXT NOT NULL,              -- applicant officer
    user_id    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at   INTEGER,
    PRIMARY KEY (token)
) STRICT;
CREATE INDEX session_expires ON session (expires_at);

-- ---- definitions -------------------------------------------------------------------------------

-- Items, processes, tables, forms, roles, templates, calendars: versions that are never changed.
CREATE TABLE definition (
    tenant         INTEGER NOT NULL,
    id             INTEGER NOT NULL,
    kind           TEXT NOT NULL,          -- item process table form template roles calendar
    code           TEXT NOT NULL,
    version        INTEGER NOT NULL,
    effective_from TEXT NOT NULL,
    content        TEXT NOT NULL,
    hash           TEXT NOT NULL,          -- SHA-256 of content
    published_at   INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX definition_version ON definition (tenant, kind, code, version);

-- Derived from item.published: what lists and search show of the version in force.
CREATE TABLE item (
    tenant      INTEGER NOT NULL,
    code        TEXT NOT NULL,
    definition  INTEGER NOT NULL,
    kind        TEXT NOT NULL,             -- on_the_spot promised
    name        TEXT NOT NULL,
    name_en     TEXT NOT NULL,
    summary     TEXT NOT NULL,
    summary_en  TEXT NOT NULL,
    unit_code   TEXT NOT NULL,
    topic       TEXT NOT NULL,             -- life event
    sort_key    TEXT NOT NULL,             -- ICU key of the name
    PRIMARY KEY (tenant, code)
) STRICT;

-- Derived: unigrams and bigrams of names and everyday words, pinyin and its initials.
CREATE TABLE item_term (
    tenant  INTEGER NOT NULL,
    term    TEXT NOT NULL,
    item    TEXT NOT NULL,
    weight  INTEGER NOT NULL,              -- kind of match: higher is nearer
    PRIMARY KEY (tenant, term, item)
) STRICT;
CREATE INDEX item_term_item ON item_term (tenant, item);

-- ---- dossiers ----------------------------------------------------------------------------------

-- scoped: id
CREATE TABLE dossier (
    tenant          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    number          TEXT NOT NULL,         -- printed; digits with a check digit
    version         INTEGER NOT NULL,      -- of the last journal entry
    item_code       TEXT NOT NULL,
    item_definition INTEGER NOT NULL,      -- the versions it was filed under
    form_definition INTEGER NOT NULL,
    item_name       TEXT NOT NULL,
    item_name_en    TEXT NOT NULL,
    kind            TEXT NOT NULL,         -- on_the_spot promised
    channel         TEXT NOT NULL,         -- online window
    party           INTEGER NOT NULL,
    account         INTEGER,               -- who may follow it
    applicant_name  TEXT NOT NULL,
    unit            INTEGER NOT NULL,      -- responsible
    state           TEXT NOT NULL,         -- filed accepted not_accepted approved denied
    stage           TEXT NOT NULL,         -- intake review fee decision service (受理 审核 交费 办结 发证), closed
    answers         BLOB NOT NULL,         -- the form, encrypted JSON
    filed_at        INTEGER NOT NULL,
    accepted_at     INTEGER,
    decided_at      INTEGER,
    completed_at    INTEGER,
    decision_reason TEXT,
    statutory_limit INTEGER NOT NULL,
    promised_limit  INTEGER NOT NULL,
    limit_unit      TEXT NOT NULL,         -- working_days calendar_days working_hours
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX dossier_number ON dossier (tenant, number);
CREATE INDEX dossier_account ON dossier (tenant, account, id);

CREATE TABLE dossier_material (
    tenant      INTEGER NOT NULL,
    dossier     INTEGER NOT NULL,
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    name_en     TEXT NOT NULL,
    is_required INTEGER NOT NULL,
    is_brought  INTEGER NOT NULL,          -- the applicant says: I have it
    seen_by     INTEGER,                   -- officer who saw it
    seen_at     INTEGER,
    PRIMARY KEY (tenant, dossier, code)
) STRICT;

-- The legal clock of the whole; due_at is always what calendar says for the inputs of this row.
CREATE TABLE legal_clock (
    tenant           INTEGER NOT NULL,
    dossier          INTEGER NOT NULL,
    limit_amount     INTEGER NOT NULL,
    limit_unit       TEXT NOT NULL,
    started_at       INTEGER NOT NULL,     -- the moment of receipt or acceptance it counts from
    due_at           INTEGER NOT NULL,
    due_on           TEXT NOT NULL,
    provisional_from TEXT,                 -- first day beyond the announced years, or NULL
    stopped_at       INTEGER,              -- completed: no longer runs
    PRIMARY KEY (tenant, dossier)
) STRICT;
CREATE INDEX legal_clock_running ON legal_clock (tenant, due_at) WHERE stopped_at IS NULL;

-- The engine's state, encrypted: it holds what the applicant wrote.
CREATE TABLE process_instance (
    tenant     INTEGER NOT NULL,
    dossier    INTEGER NOT NULL,
    definition INTEGER NOT NULL,
    state      BLOB NOT NULL,
    PRIMARY KEY (tenant, dossier)
) STRICT;

-- scoped: dossier
CREATE TABLE task (
    tenant       INTEGER NOT NULL,
    id           INTEGER NOT NULL,
    dossier      INTEGER NOT NULL,
    node         INTEGER NOT NULL,         -- key in the engine's state
    element      TEXT NOT NULL,
    name         TEXT NOT NULL,
    name_en      TEXT NOT NULL,
    stage        TEXT NOT NULL,
    form         TEXT NOT NULL,            -- form definition code, "" for none
    unit         INTEGER NOT NULL,
    assignee     INTEGER,                  -- officer who has it
    state        TEXT NOT NULL,            -- open done cancelled
    created_at   INTEGER NOT NULL,
    claimed_at   INTEGER,
    due_at       INTEGER,                  -- of the dossier or the step
    completed_at INTEGER,
    completed_by INTEGER,
    outcome      TEXT,
    opinion      TEXT,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX task_desk ON task (tenant, unit, due_at, id) WHERE state = 'open';
CREATE INDEX task_dossier ON task (tenant, dossier, id);

CREATE TABLE timer (
    tenant   INTEGER NOT NULL,
    id       INTEGER NOT NULL,
    dossier  INTEGER NOT NULL,
    node     INTEGER NOT NULL,
    element  TEXT NOT NULL,
    due_at   INTEGER NOT NULL,
    fired_at INTEGER,
    state    TEXT NOT NULL,                -- set fired cancelled
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX timer_due ON timer (due_at) WHERE state = 'set';
CREATE INDEX timer_dossier ON timer (tenant, dossier);

-- A failed engine step: visible and mendable, never a dossier that silently stands still.
CREATE TABLE incident (
    tenant      INTEGER NOT NULL,
    id          INTEGER NOT NULL,
    dossier     INTEGER NOT NULL,
    node        INTEGER NOT NULL,
    element     TEXT NOT NULL,
    code        TEXT NOT NULL,
    message     TEXT NOT NULL,
    raised_at   INTEGER NOT NULL,
    resolved_at INTEGER,
    resolved_by INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX incident_open ON incident (tenant, id) WHERE resolved_at IS NULL;
CREATE INDEX incident_dossier ON incident (tenant, dossier);

CREATE TABLE certificate (
    tenant    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    dossier   INTEGER NOT NULL,
    number    TEXT NOT NULL,
    title     TEXT NOT NULL,
    title_en  TEXT NOT NULL,
    template  INTEGER NOT NULL,            -- definition
    content   BLOB NOT NULL,               -- the values printed, encrypted JSON
    issued_at INTEGER NOT NULL,
    served_at INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX certificate_number ON certificate (tenant, number);
CREATE INDEX certificate_dossier ON certificate (tenant, dossier);

-- Certificate numbers are drawn last in a command, one row per series and year.
CREATE TABLE certificate_series (
    tenant  INTEGER NOT NULL,
    series  TEXT NOT NULL,
    year    INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    PRIMARY KEY (tenant, series, year)
) STRICT;

CREATE TABLE rating (
    tenant   INTEGER NOT NULL,
    dossier  INTEGER NOT NULL,
    grade    INTEGER NOT NULL,             -- 1 best .. the scale's number of grades
    scale    INTEGER NOT NULL,
    comment  TEXT,
    rated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, dossier)
) STRICT;

-- ---- derived by inside readers -----------------------------------------------------------------

-- Row scope: which unit may see which dossier, in order of due date (far future when none).
CREATE TABLE dossier_access (
    tenant  INTEGER NOT NULL,
    unit    INTEGER NOT NULL,
    due_at  INTEGER NOT NULL,
    dossier INTEGER NOT NULL,
    PRIMARY KEY (tenant, unit, due_at, dossier)
) STRICT;
CREATE INDEX dossier_access_dossier ON dossier_access (tenant, dossier);

-- The supervisor's live list: facts from the journal only.
CREATE TABLE supervised (
    tenant       INTEGER NOT NULL,
    dossier      INTEGER NOT NULL,
    number       TEXT NOT NULL,
    item_code    TEXT NOT NULL,
    item_name    TEXT NOT NULL,
    item_name_en TEXT NOT NULL,
    kind         TEXT NOT NULL,
    unit         INTEGER NOT NULL,
    state        TEXT NOT NULL,
    stage        TEXT NOT NULL,
    step         TEXT NOT NULL,            -- name of the open step, "" when none
    step_en      TEXT NOT NULL,
    step_unit    INTEGER NOT NULL,
    officer      INTEGER NOT NULL,         -- who has the step, 0 nobody
    since        INTEGER NOT NULL,
    due_at       INTEGER,
    is_provisional INTEGER NOT NULL,
    has_incident INTEGER NOT NULL,
    is_open      INTEGER NOT NULL,
    filed_at     INTEGER NOT NULL,
    completed_at INTEGER,
    last_entry   INTEGER NOT NULL,
    PRIMARY KEY (tenant, dossier)
) STRICT;
CREATE INDEX supervised_open ON supervised (tenant, is_open, due_at, dossier);
CREATE INDEX supervised_recent ON supervised (tenant, last_entry);

-- Counters of a fixed grain. Deltas are appended and folded later, so that no row is hot.
CREATE TABLE counter (
    tenant  INTEGER NOT NULL,
    day     TEXT NOT NULL,
    unit    INTEGER NOT NULL,
    hall_window INTEGER NOT NULL,
    officer INTEGER NOT NULL,
    item    TEXT NOT NULL,
    kind    TEXT NOT NULL,                 -- on_the_spot promised
    name    TEXT NOT NULL,                 -- filed accepted completed on_time ...
    total   INTEGER NOT NULL,              -- sum of the measured value
    count   INTEGER NOT NULL,
    h0 INTEGER NOT NULL, h1 INTEGER NOT NULL, h2 INTEGER NOT NULL, h3 INTEGER NOT NULL,
    h4 INTEGER NOT NULL, h5 INTEGER NOT NULL, h6 INTEGER NOT NULL, h7 INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, name, unit, hall_window, officer, item, kind)
) STRICT;

CREATE TABLE counter_delta (
    tenant  INTEGER NOT NULL,
    id      INTEGER NOT NULL,
    day     TEXT NOT NULL,
    unit    INTEGER NOT NULL,
    hall_window INTEGER NOT NULL,
    officer INTEGER NOT NULL,
    item    TEXT NOT NULL,
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,
    total   INTEGER NOT NULL,
    count   INTEGER NOT NULL,
    h0 INTEGER NOT NULL, h1 INTEGER NOT NULL, h2 INTEGER NOT NULL, h3 INTEGER NOT NULL,
    h4 INTEGER NOT NULL, h5 INTEGER NOT NULL, h6 INTEGER NOT NULL, h7 INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
