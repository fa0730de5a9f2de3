/*
 * db.c - opening and closing, the pool of readers, and db_run, through which every statement goes.
 *
 *     db_open -> engine -> files and lock (SQLite), node (PostgreSQL) -> writers -> schema, last id
 *     db_run  -> checks of the call -> engine run -> notes for the transaction
 */
#include "db/db_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

enum { READER_WAIT_S = 10, DEFAULT_READERS = 4, DEFAULT_QUEUE = 4096 };

/* ---- running a statement --------------------------------------------------------------------- */

bool db_may_run(Db *db, const char *name, Error *err)
{
    int left = atomic_load_explicit(&db->fail_after, memory_order_relaxed);
    while (left > 0 && !atomic_compare_exchange_weak(&db->fail_after, &left, left - 1))
        continue;
    if (left != 1)
        return true;
    return db_fault(db, err, ERROR_INTERNAL, "db.failed", "%s: made to fail", name);
}

int db_fail_statement(Db *db, int n)
{
    return atomic_exchange(&db->fail_after, n);
}

/* Texts are checked at the edge already; here stands the last door before the disk. */
static bool check_params(DbConn *conn, const Statement *statement, const DbValue *params,
                         Error *err)
{
    for (int i = 0; i < statement->param_count; i++) {
        const DbValue *param = &params[i];
        if (param->type != statement->params[i])
            return db_fault(conn->db, err, ERROR_INTERNAL, "db.failed",
                            "%s: parameter %d has another type", statement->name, i + 1);
        if (param->type == DB_TEXT && !param->is_null &&
            !text_is_utf8(param->bytes.data, param->bytes.size))
            return db_fault(conn->db, err, ERROR_INTERNAL, "db.failed",
                            "%s: parameter %d is not text", statement->name, i + 1);
    }
    return true;
}

static bool run_in_tx(DbConn *conn, StatementCall *call, Error *err)
{
    Tx *tx = conn->tx;
    Error failure = ERROR_NONE;
    if (error_is_set(&tx->failure))
        return error_fill(err, tx->failure);
    tx->has_written |= call->statement->is_write;
    bool is_run = db_may_run(conn->db, call->statement->name, &failure) &&
                  check_params(conn, call->statement, call->params, &failure) &&
                  conn->engine->run(conn, call, &failure);
    tx->rows += call->changed;
    if (is_run)
        return true;
    error_fill(&tx->failure, failure);
    return error_fill(err, failure);
}

/* A server that was restarted while the connection lay idle costs one more try, not an error. */
static bool run_on_reader(DbConn *conn, StatementCall *call, Error *err)
{
    if (!check_params(conn, call->statement, call->params, err))
        return false;
    Error failure = ERROR_NONE;
    if (conn->engine->run(conn, call, &failure))
        return true;
    if (!conn->is_lost || conn->is_reading)
        return error_fill(err, failure);
    return conn->engine->reopen(conn, err) && conn->engine->run(conn, call, err);
}

bool db_run(DbConn *conn, const Statement *statement, const DbValue *params, DbRowFn on_row,
            void *data, int64_t *out_changed, Error *err)
{
    assert(conn->tx || !statement->is_write);
    StatementCall call = {.statement = statement,
                          .params = params,
                          .on_row = on_row,
                          .data = data,
                          .out_changed = out_changed};
    if (conn->is_expecting)
        return !statement->is_write && conn->engine->run(conn, &call, err);
    bool is_run = conn->tx ? run_in_tx(conn, &call, err) : run_on_reader(conn, &call, err);
    if (is_run && out_changed)
        *out_changed = call.changed;
    return is_run;
}

bool db_check_statement(DbConn *conn, const Statement *statement, Error *err)
{
    return conn->engine->check(conn, statement, err);
}

/* ---- readers --------------------------------------------------------------------------------- */

static DbConn *take_free(ReaderPool *pool, bool *out_may_open)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += READER_WAIT_S;
    pthread_mutex_lock(&pool->lock);
    int waited = 0;
    while (!pool->free && pool->open >= pool->limit && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&pool->freed, &pool->lock, &until);
    DbConn *conn = pool->free;
    if (conn)
        pool->free = conn->next;
    *out_may_open = !conn && pool->open < pool->limit;
    if (*out_may_open)
        pool->open++;
    pthread_mutex_unlock(&pool->lock);
    return conn;
}

static void forget_reader(ReaderPool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->open--;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

DbConn *db_reader(Db *db, Error *err)
{
    bool may_open = false;
    DbConn *conn = take_free(&db->readers, &may_open);
    if (!conn && !may_open) {
        error_set(err, ERROR_UNAVAILABLE, .code = "db.unavailable",
                  .detail = "no reading connection became free");
        return NULL;
    }
    if (may_open)
        conn = db->engine->open(db, CONN_READER, err);
    if (!conn) {
        forget_reader(&db->readers);
        return NULL;
    }
    if (conn->is_lost && !db->engine->reopen(conn, err)) {
        db_release(conn);
        return NULL;
    }
    return conn;
}

void db_release(DbConn *conn)
{
    if (!conn)
        return;
    assert(!conn->tx);
    db_read_end(conn);
    ReaderPool *pool = &conn->db->readers;
    pthread_mutex_lock(&pool->lock);
    conn->next = pool->free;
    pool->free = conn;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

bool db_read_begin(DbConn *conn, Error *err)
{
    assert(!conn->tx && !conn->is_reading);
    conn->is_reading = conn->engine->begin(conn, err);
    return conn->is_reading;
}

void db_read_end(DbConn *conn)
{
    if (conn->is_reading)
        conn->engine->rollback(conn);
    conn->is_reading = false;
}

DbEngine db_conn_engine(const DbConn *conn)
{
    return conn->engine->kind;
}

static void init_readers(Db *db)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&db->readers.freed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&db->readers.lock, NULL);
    int limit = db->options.reader_connections;
    db->readers.limit = limit > 0 ? limit : DEFAULT_READERS;
}

static void finish_readers(Db *db)
{
    while (db->readers.free) {
        DbConn *conn = db->readers.free;
        db->readers.free = conn->next;
        db->engine->close(conn);
    }
    pthread_cond_destroy(&db->readers.freed);
    pthread_mutex_destroy(&db->readers.lock);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* The largest id of each tenant's journal, found by its key and not by reading all of it. */
static const DbType ONE_INT[] = {DB_INT};
#define LAST_ID_TEXT                                                                               \
    "WITH RECURSIVE t(tenant) AS (SELECT min(tenant) FROM journal UNION ALL "                      \
    "SELECT (SELECT min(j.tenant) FROM journal j WHERE j.tenant > t.tenant) FROM t "               \
    "WHERE t.tenant IS NOT NULL) "                                                                 \
    "SELECT max((SELECT max(j.id) FROM journal j WHERE j.tenant = t.tenant)) FROM t"
static const Statement LAST_ID = {.name = "db_last_id",
                                  .sqlite = LAST_ID_TEXT,
                                  .postgres = LAST_ID_TEXT,
                                  .column_count = 1,
                                  .columns = ONE_INT};
static const Statement HAS_JOURNAL = {
    .name = "db_has_journal",
    .sqlite = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'journal'",
    .postgres =
        "SELECT count(*) FROM (SELECT to_regclass('journal') AS t) AS x WHERE t IS NOT NULL",
    .column_count = 1,
    .columns = ONE_INT};

static bool take_int(void *data, const DbValue *columns)
{
    *(int64_t *)data = db_get_int(&columns[0], 0);
    return true;
}

/* Ids go on behind the stored ones even when the clock stands or has stepped back. One second is
 * added, because rows of the last command may have later ids than its entry. */
static bool observe_last_id(Db *db, Error *err)
{
    DbConn *conn = db_reader(db, err);
    if (!conn)
        return false;
    int64_t count = 0, last = 0;
    bool is_read = db_run(conn, &HAS_JOURNAL, NULL, take_int, &count, NULL, err) &&
                   (count == 0 || db_run(conn, &LAST_ID, NULL, take_int, &last, NULL, err));
    db_release(conn);
    if (last > 0)
        id_observe(&db->ids, last + (INT64_C(1000) << 22));
    return is_read;
}

static bool is_postgres_url(const char *url)
{
    return text_starts_with(url, "postgresql://") || text_starts_with(url, "postgres://");
}

static Db *create(const char *url, const DbOptions *options)
{
    Db *db = calloc(1, sizeof *db);
    char *copy = strdup(url);
    if (!db || !copy)
        abort();
    db->engine = is_postgres_url(url) ? &postgres_engine : &sqlite_engine;
    db->options = *options;
    db->url = copy;
    db->lock_file = -1;
    db->ids = (IdSource){.clock = options->clock};
    if (db->options.writers <= 0 || db->engine->kind == DB_SQLITE)
        db->options.writers = db->engine->writers;
    if (db->options.batch_limit <= 0)
        db->options.batch_limit = db->engine->batch_limit;
    if (db->options.queue_limit <= 0)
        db->options.queue_limit = DEFAULT_QUEUE;
    pthread_mutex_init(&db->faults.lock, NULL);
    db->faults.arena = arena_create(0);
    db->faults.texts = map_init(db->faults.arena);
    init_readers(db);
    return db;
}

static bool start(Db *db, Error *err)
{
    if (db->engine->kind == DB_SQLITE && !sqlite_files_open(db, err))
        return false;
    if (!db->options.is_read_only) {
        db->writers = writers_start(db, err);
        if (!db->writers)
            return false;
    }
    return migrate_check_history(db, migrations, err) && observe_last_id(db, err);
}

/* The texts of err outlive the Db that could not be opened. */
static void keep_error(const DbOptions *options, Error *err)
{
    Arena *arena = options->arena ? options->arena : arena_create(0);
    *err = error_copy(arena, err);
}

Db *db_open(const char *url, const DbOptions *options, Error *err)
{
    assert(options->clock);
    Error failure = ERROR_NONE;
    Db *db = create(url, options);
    if (start(db, &failure))
        return db;
    if (err) {
        keep_error(options, &failure);
        error_fill(err, failure);
    }
    db_close(db);
    return NULL;
}

void db_close(Db *db)
{
    if (!db)
        return;
    writers_stop(db->writers);
    finish_readers(db);
    writers_close(db->writers);
    sqlite_files_close(db);
    pthread_mutex_destroy(&db->faults.lock);
    arena_destroy(db->faults.arena);
    free(db->url);
    free(db);
}

DbEngine db_engine(const Db *db)
{
    return db->engine->kind;
}

const struct JournalReader *const *db_readers(const Db *db)
{
    return db->options.readers;
}

bool db_migrate(Db *db, int *out_applied, Error *err)
{
    return migrate_to(db, migrations, out_applied, err);
}

bool db_is_current(Db *db, bool *out, Error *err)
{
    return migrate_is_current(db, migrations, out, err);
}

DbStatistics db_statistics(const Db *db)
{
    return (DbStatistics){.commands = db->commands,
                          .commits = db->commits,
                          .rows = db->rows,
                          .rollbacks = db->rollbacks,
                          .retries = db->retries,
                          .queue_length = db->writers ? writers_queue_length(db->writers) : 0};
}
