/*
 * sqlite.c - the SQLite engine: one writing connection, and reading ones beside it in WAL mode.
 *
 *     db_run -> prepared statement (cached by Statement) -> bind -> step -> rows to on_row
 *
 * The writer commits with synchronous=FULL: when COMMIT returns, the log is on the disk.
 */
#include "db/db_internal.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 64 };

typedef struct SqliteConn {
    DbConn base;
    sqlite3 *handle;
    sqlite3_stmt *begin, *commit, *rollback;
} SqliteConn;

/* ---- errors ---------------------------------------------------------------------------------- */

static bool is_conflict(int extended)
{
    return extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
           extended == SQLITE_CONSTRAINT_ROWID || extended == SQLITE_CONSTRAINT_FOREIGNKEY;
}

static bool is_unavailable(int primary)
{
    return primary == SQLITE_FULL || primary == SQLITE_IOERR || primary == SQLITE_READONLY ||
           primary == SQLITE_CANTOPEN || primary == SQLITE_BUSY || primary == SQLITE_LOCKED ||
           primary == SQLITE_PROTOCOL || primary == SQLITE_NOMEM || primary == SQLITE_PERM ||
           primary == SQLITE_INTERRUPT;
}

static bool fault(SqliteConn *conn, const char *what, Error *err)
{
    int extended = sqlite3_extended_errcode(conn->handle);
    const char *text = sqlite3_errmsg(conn->handle);
    if (is_conflict(extended))
        return db_fault(conn->base.db, err, ERROR_CONFLICT, "db.conflict", "%s: %s", what, text);
    if (is_unavailable(extended & 0xff))
        return db_fault(conn->base.db, err, ERROR_UNAVAILABLE, "db.unavailable", "%s: %s (%d)",
                        what, text, extended);
    return db_fault(conn->base.db, err, ERROR_INTERNAL, "db.failed", "%s: %s (%d)", what, text,
                    extended);
}

/* ---- statements ------------------------------------------------------------------------------ */

static sqlite3_stmt *prepare(SqliteConn *conn, const char *name, const char *sql, Error *err)
{
    sqlite3_stmt *prepared = NULL;
    if (sqlite3_prepare_v3(conn->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, NULL) !=
        SQLITE_OK)
        fault(conn, name, err);
    return prepared;
}

static sqlite3_stmt *prepared_for(SqliteConn *conn, const Statement *statement, Error *err)
{
    sqlite3_stmt *prepared = statement_cache_get(&conn->base.cache, statement);
    if (prepared && !sqlite3_stmt_busy(prepared))
        return prepared;
    if (prepared) {
        db_fault(conn->base.db, err, ERROR_INTERNAL, "db.failed", "%s: runs inside itself",
                 statement->name);
        return NULL;
    }
    prepared = prepare(conn, statement->name, statement->sqlite, err);
    if (!prepared)
        return NULL;
    if (sqlite3_column_count(prepared) != statement->column_count ||
        sqlite3_bind_parameter_count(prepared) != statement->param_count) {
        sqlite3_finalize(prepared);
        db_fault(conn->base.db, err, ERROR_INTERNAL, "db.failed",
                 "%s: columns or parameters differ from its declaration", statement->name);
        return NULL;
    }
    statement_cache_put(&conn->base.cache, statement, prepared);
    return prepared;
}

static int bind(sqlite3_stmt *prepared, int place, const DbValue *value)
{
    if (value->is_null)
        return sqlite3_bind_null(prepared, place);
    switch (value->type) {
    case DB_INT: return sqlite3_bind_int64(prepared, place, value->integer);
    case DB_REAL: return sqlite3_bind_double(prepared, place, value->real);
    case DB_TEXT:
        return sqlite3_bind_text64(prepared, place, value->bytes.data, value->bytes.size,
                                   SQLITE_STATIC, SQLITE_UTF8);
    case DB_BYTES:
        return sqlite3_bind_blob64(prepared, place, value->bytes.data, value->bytes.size,
                                   SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static DbValue column(sqlite3_stmt *prepared, int i, DbType type)
{
    DbValue value = {.type = type, .is_null = sqlite3_column_type(prepared, i) == SQLITE_NULL};
    if (value.is_null)
        return value;
    if (type == DB_INT)
        value.integer = sqlite3_column_int64(prepared, i);
    else if (type == DB_REAL)
        value.real = sqlite3_column_double(prepared, i);
    else if (type == DB_TEXT)
        value.bytes.data = sqlite3_column_text(prepared, i);
    else
        value.bytes.data = sqlite3_column_blob(prepared, i);
    if (type == DB_TEXT || type == DB_BYTES)
        value.bytes.size = (size_t)sqlite3_column_bytes(prepared, i);
    if (!value.bytes.data)
        value.bytes.data = ""; /* a blob of no bytes has no address; it is not NULL */
    return value;
}

/* Gives the rows out. False: err is filled. Stops early, successfully, when on_row says so. */
static bool step_rows(SqliteConn *conn, sqlite3_stmt *prepared, StatementCall *call, Error *err)
{
    const Statement *statement = call->statement;
    DbValue columns[MOST_COLUMNS];
    int code;
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
        for (int i = 0; i < statement->column_count; i++)
            columns[i] = column(prepared, i, statement->columns[i]);
        if (!column_check(conn->base.db, statement, columns, err))
            return false;
        if (call->on_row && !call->on_row(call->data, columns))
            return true;
    }
    return code == SQLITE_DONE || fault(conn, statement->name, err);
}

static bool run(DbConn *base, StatementCall *call, Error *err)
{
    SqliteConn *conn = (SqliteConn *)base;
    const Statement *statement = call->statement;
    sqlite3_stmt *prepared = prepared_for(conn, statement, err);
    if (!prepared)
        return false;
    for (int i = 0; i < statement->param_count; i++)
        if (bind(prepared, i + 1, &call->params[i]) != SQLITE_OK)
            return fault(conn, statement->name, err);
    bool is_done = step_rows(conn, prepared, call, err);
    sqlite3_reset(prepared);
    if (statement->is_write && is_done)
        call->changed = sqlite3_changes64(conn->handle);
    return is_done;
}

static bool check(DbConn *base, const Statement *statement, Error *err)
{
    return prepared_for((SqliteConn *)base, statement, err) != NULL;
}

static bool step_once(SqliteConn *conn, sqlite3_stmt *prepared, const char *name, Error *err)
{
    bool is_done = sqlite3_step(prepared) == SQLITE_DONE || fault(conn, name, err);
    sqlite3_reset(prepared);
    return is_done;
}

static bool begin(DbConn *base, Error *err)
{
    SqliteConn *conn = (SqliteConn *)base;
    return step_once(conn, conn->begin, "begin", err);
}

static bool commit(DbConn *base, Error *err)
{
    SqliteConn *conn = (SqliteConn *)base;
    return step_once(conn, conn->commit, "commit", err);
}

/* A full disk or a failed write has already rolled back: then there is nothing to do. */
static void rollback(DbConn *base)
{
    SqliteConn *conn = (SqliteConn *)base;
    if (!sqlite3_get_autocommit(conn->handle))
        step_once(conn, conn->rollback, "rollback", NULL);
}

static bool settle(DbConn *base, int64_t *changed, Error *err)
{
    (void)base, (void)changed, (void)err;
    return true;
}

static bool script(DbConn *base, const char *name, const char *sql, Error *err)
{
    SqliteConn *conn = (SqliteConn *)base;
    return sqlite3_exec(conn->handle, sql, NULL, NULL, NULL) == SQLITE_OK || fault(conn, name, err);
}

/* ---- opening --------------------------------------------------------------------------------- */

static const char WRITER_SETTINGS[] = "PRAGMA journal_mode = WAL;"
                                      "PRAGMA synchronous = FULL;"
                                      "PRAGMA wal_autocheckpoint = 1000;"
                                      "PRAGMA journal_size_limit = 67108864;"
                                      "PRAGMA cache_size = -65536;";
static const char READER_SETTINGS[] = "PRAGMA query_only = ON; PRAGMA cache_size = -16384;";
static const char COMMON_SETTINGS[] = "PRAGMA foreign_keys = ON;"
                                      "PRAGMA temp_store = MEMORY;"
                                      "PRAGMA trusted_schema = OFF;";

static bool configure(SqliteConn *conn, Error *err)
{
    bool is_writer = conn->base.role == CONN_WRITER;
    sqlite3_extended_result_codes(conn->handle, 1);
    sqlite3_busy_timeout(conn->handle, 10000);
    sqlite3_db_config(conn->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!script(&conn->base, "settings", COMMON_SETTINGS, err) ||
        !script(&conn->base, "settings", is_writer ? WRITER_SETTINGS : READER_SETTINGS, err))
        return false;
    if (conn->base.db->is_unsynced && is_writer &&
        !script(&conn->base, "settings", "PRAGMA synchronous = OFF", err))
        return false;
    conn->begin = prepare(conn, "begin", is_writer ? "BEGIN IMMEDIATE" : "BEGIN", err);
    conn->commit = prepare(conn, "commit", "COMMIT", err);
    conn->rollback = prepare(conn, "rollback", "ROLLBACK", err);
    return conn->begin && conn->commit && conn->rollback;
}

static void close_conn(DbConn *base)
{
    SqliteConn *conn = (SqliteConn *)base;
    for (size_t i = 0; i < base->cache.capacity; i++)
        sqlite3_finalize(base->cache.values[i]);
    statement_cache_finish(&base->cache);
    sqlite3_finalize(conn->begin);
    sqlite3_finalize(conn->commit);
    sqlite3_finalize(conn->rollback);
    sqlite3_close(conn->handle);
    free(conn);
}

/* SQLite counts its memory under a lock of the whole process, several times in each statement:
 * nobody reads the count, and the writer and the readers would meet there. */
static void leave_memory_uncounted(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static DbConn *open_conn(Db *db, ConnRole role, Error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, leave_memory_uncounted);
    SqliteConn *conn = calloc(1, sizeof *conn);
    if (!conn) {
        error_set(err, ERROR_UNAVAILABLE, .code = "db.unavailable", .detail = "out of memory");
        return NULL;
    }
    conn->base = (DbConn){.db = db, .engine = &sqlite_engine, .role = role};
    int flags =
        SQLITE_OPEN_NOMUTEX |
        (role == CONN_WRITER ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    int code = sqlite3_open_v2(db->url, &conn->handle, flags, db->options.sqlite_vfs);
    if (code == SQLITE_OK && configure(conn, err))
        return &conn->base;
    if (code != SQLITE_OK)
        fault(conn, db->url, err);
    close_conn(&conn->base);
    return NULL;
}

static bool reopen(DbConn *conn, Error *err)
{
    (void)err;
    conn->is_lost = false;
    return true;
}

const Engine sqlite_engine = {
    .kind = DB_SQLITE,
    .writers = 1,
    .batch_limit = 64,
    .open = open_conn,
    .reopen = reopen,
    .close = close_conn,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .run = run,
    .check = check,
    .settle = settle,
    .script = script,
};
