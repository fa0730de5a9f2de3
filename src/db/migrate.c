/*
 * migrate.c - brings the schema up to date, one numbered step in one transaction each.
 *
 *     db_migrate -> what is applied? -> for each missing step a command on the writer
 *
 * A step looks again inside its transaction: on PostgreSQL another process may migrate too.
 */
#include "db/migrate.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "db/db_internal.h"

static const char CREATE_SQLITE[] = "CREATE TABLE IF NOT EXISTS schema_version ("
                                    "number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, "
                                    "hash TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT";
static const char CREATE_POSTGRES[] = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"
                                      "SELECT pg_advisory_xact_lock("
                                      "hashtext('yimen migrate ' || current_schema()));"
                                      "CREATE TABLE IF NOT EXISTS schema_version ("
                                      "number BIGINT NOT NULL PRIMARY KEY, "
                                      "name TEXT COLLATE \"C\" NOT NULL, "
                                      "hash TEXT COLLATE \"C\" NOT NULL, "
                                      "applied_at BIGINT NOT NULL)";

static const DbType ONE_INT[] = {DB_INT};
static const Statement HAS_TABLE = {
    .name = "schema_version_exists",
    .sqlite = "SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'",
    .postgres =
        "SELECT count(*) FROM (SELECT to_regclass('schema_version') AS t) AS x WHERE t IS NOT NULL",
    .column_count = 1,
    .columns = ONE_INT};

static const DbType VERSION_COLUMNS[] = {DB_INT, DB_TEXT};
#define VERSIONS_TEXT "SELECT number, hash FROM schema_version ORDER BY number"
static const Statement VERSIONS = {.name = "schema_versions",
                                   .sqlite = VERSIONS_TEXT,
                                   .postgres = VERSIONS_TEXT,
                                   .column_count = 2,
                                   .columns = VERSION_COLUMNS};

static const DbType ADD_PARAMS[] = {DB_INT, DB_TEXT, DB_TEXT, DB_INT};
static const Statement ADD_VERSION = {
    .name = "schema_version_add",
    .sqlite = "INSERT INTO schema_version (number, name, hash, applied_at) VALUES (?1, ?2, ?3, ?4)",
    .postgres =
        "INSERT INTO schema_version (number, name, hash, applied_at) VALUES ($1, $2, $3, $4)",
    .is_write = true,
    .param_count = 4,
    .params = ADD_PARAMS};

/* ---- what is applied ------------------------------------------------------------------------- */

typedef struct Applied {
    int64_t number;
    const char *hash;
} Applied;
typedef struct AppliedList {
    Arena *arena;
    LIST(Applied) list;
} AppliedList;

static bool take_int(void *data, const DbValue *columns)
{
    *(int64_t *)data = db_get_int(&columns[0], 0);
    return true;
}

static bool take_applied(void *data, const DbValue *columns)
{
    AppliedList *all = data;
    list_add(all->arena, &all->list,
             (Applied){.number = db_get_int(&columns[0], 0),
                       .hash = db_get_text(all->arena, &columns[1])});
    return true;
}

static bool read_applied(DbConn *conn, AppliedList *out, Error *err)
{
    int64_t count = 0;
    if (!db_run(conn, &HAS_TABLE, NULL, take_int, &count, NULL, err))
        return false;
    return count == 0 || db_run(conn, &VERSIONS, NULL, take_applied, out, NULL, err);
}

static const char *applied_hash(const AppliedList *applied, int number)
{
    list_each (const Applied, one, &applied->list)
        if (one->number == number)
            return one->hash;
    return NULL;
}

static bool refuse(Db *db, const char *code, int64_t number, Error *err)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    const char *kept = db_keep_text(db, text);
    return error_set(err, ERROR_CONFLICT, .code = code, .detail = kept, .with = {{"number", kept}});
}

static bool check_applied(Db *db, const Migration *known, const AppliedList *applied, Error *err)
{
    int newest = 0;
    for (const Migration *one = known; one->number; one++) {
        const char *hash = applied_hash(applied, one->number);
        if (hash && !text_equal(hash, one->hash))
            return refuse(db, "db.migration_changed", one->number, err);
        newest = one->number;
    }
    if (applied->list.count == 0)
        return true;
    int64_t last = applied->list.items[applied->list.count - 1].number;
    return last <= newest || refuse(db, "db.schema_newer", last, err);
}

/* ---- one step -------------------------------------------------------------------------------- */

typedef struct Step {
    const Migration *migration;
    bool is_applied; /* by this command */
} Step;

static bool run_scripts(Tx *tx, const Migration *migration, Error *err)
{
    bool is_sqlite = tx->conn->engine->kind == DB_SQLITE;
    const char *const *texts = is_sqlite ? migration->sqlite : migration->postgres;
    for (; *texts; texts++)
        if (!tx_script(tx, migration->name, *texts, err))
            return false;
    return true;
}

static bool run_step(Tx *tx, void *data, Error *err)
{
    Step *step = data;
    const Migration *migration = step->migration;
    bool is_sqlite = tx->conn->engine->kind == DB_SQLITE;
    AppliedList applied = {.arena = tx->arena};
    step->is_applied = false;
    if (!tx_script(tx, "schema_version", is_sqlite ? CREATE_SQLITE : CREATE_POSTGRES, err) ||
        !read_applied(tx->conn, &applied, err))
        return false;
    if (applied_hash(&applied, migration->number))
        return true;
    const DbValue values[] = {db_int(migration->number), db_text(migration->name),
                              db_text(migration->hash), db_instant(tx->now)};
    step->is_applied = run_scripts(tx, migration, err) &&
                       db_run(tx->conn, &ADD_VERSION, values, NULL, NULL, NULL, err);
    return step->is_applied;
}

/* ---- verbs ----------------------------------------------------------------------------------- */

static bool load_applied(Db *db, AppliedList *out, Error *err)
{
    DbConn *conn = db_reader(db, err);
    bool is_read = conn && read_applied(conn, out, err);
    db_release(conn);
    return is_read;
}

static bool apply_missing(Db *db, const Migration *known, AppliedList *applied, int *out_applied,
                          Error *err)
{
    if (!load_applied(db, applied, err) || !check_applied(db, known, applied, err))
        return false;
    for (const Migration *one = known; one->number; one++) {
        Step step = {.migration = one};
        if (applied_hash(applied, one->number))
            continue;
        Error failure = ERROR_NONE;
        /* READ COMMITTED: once another process' lock is waited for, its steps must be seen. */
        if (!db_write_alone(db, applied->arena, DB_READ_COMMITTED, run_step, &step, &failure))
            return db_keep_error(db, &failure, err);
        if (out_applied && step.is_applied)
            ++*out_applied;
    }
    return true;
}

bool migrate_to(Db *db, const Migration *known, int *out_applied, Error *err)
{
    AppliedList applied = {.arena = arena_create(0)};
    if (out_applied)
        *out_applied = 0;
    bool is_done = apply_missing(db, known, &applied, out_applied, err);
    arena_destroy(applied.arena);
    return is_done;
}

bool migrate_is_current(Db *db, const Migration *known, bool *out, Error *err)
{
    AppliedList applied = {.arena = arena_create(0)};
    bool is_read = load_applied(db, &applied, err);
    bool is_current = is_read;
    for (const Migration *one = known; one->number && is_current; one++)
        is_current = applied_hash(&applied, one->number) != NULL;
    arena_destroy(applied.arena);
    if (is_read)
        *out = is_current;
    return is_read;
}

bool migrate_check_history(Db *db, const Migration *known, Error *err)
{
    AppliedList applied = {.arena = arena_create(0)};
    bool is_fine = load_applied(db, &applied, err) && check_applied(db, known, &applied, err);
    arena_destroy(applied.arena);
    return is_fine;
}
