/*
 * postgres.c - the PostgreSQL engine over libpq: SERIALIZABLE writers, read-only readers.
 *
 *     run -> [prepare] + execute into the pipeline -> (wait when the answer is needed) -> rows
 *
 * Every connection stays in libpq's pipeline mode. A write of a transaction whose row count nobody
 * asks for is only sent; its answer is read with the next statement that waits, at the latest when
 * the command ends (settle). That halves the time of a command: a round trip costs more than an
 * insert. What was sent but not answered stands in `sent`, in order.
 */
#include "db/db_internal.h"

#include <assert.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "db/postgres_expected.h"
#include "db/postgres_group.h"
#include "db/postgres_value.h"

enum {
    MOST_SENT = 512,
    LONGEST_NAME = 24,
    FIRST_PLANS = 256,
    NODE_LOCK = 0x79696d6e,
    NODE_TRIES = 20
};

typedef enum SentKind { SENT_PREPARE, SENT_RUN, SENT_EXPECTED, SENT_PLAIN } SentKind;

typedef struct Sent {
    SentKind kind;
    const Statement *statement; /* NULL for BEGIN, COMMIT, ROLLBACK */
    const char *name;
    PgAnswer *answer; /* of SENT_EXPECTED: where it goes */
} Sent;

typedef struct PgConn {
    DbConn base;
    PGconn *handle;
    bool holds_node;
    unsigned prepared; /* statements get names s1, s2 ... */
    int sent_count;
    Sent sent[MOST_SENT + 2];
    PgRowsCache *rows;        /* statements with several rows */
    PgExpectations *expected; /* announced reads of this transaction */
    PgGroups *groups;         /* its writes that wait for others of their kind */
    int64_t changed;          /* by statements that nobody waited for */
    int64_t runs, next_plans;
} PgConn;

static bool take_node(PgConn *conn, Error *err);

/* ---- errors ---------------------------------------------------------------------------------- */

typedef struct StateMeaning {
    const char *prefix; /* of the SQLSTATE */
    ErrorKind kind;
    const char *code;
    bool is_lost;
} StateMeaning;

static const StateMeaning MEANINGS[] = {
    {"40001", ERROR_CONFLICT, "db.retry", false},          /* serialization_failure */
    {"40P01", ERROR_CONFLICT, "db.retry", false},          /* deadlock_detected */
    {"23505", ERROR_CONFLICT, "db.conflict", false},       /* unique */
    {"23503", ERROR_CONFLICT, "db.conflict", false},       /* foreign key */
    {"23P01", ERROR_CONFLICT, "db.conflict", false},       /* exclusion */
    {"08", ERROR_UNAVAILABLE, "db.unavailable", true},     /* connection */
    {"57P", ERROR_UNAVAILABLE, "db.unavailable", true},    /* shutting down, crashed, starting */
    {"25P03", ERROR_UNAVAILABLE, "db.unavailable", true},  /* idle too long: disconnected */
    {"25006", ERROR_UNAVAILABLE, "db.unavailable", false}, /* a standby */
    {"57014", ERROR_UNAVAILABLE, "db.unavailable", false}, /* statement_timeout */
    {"55P03", ERROR_UNAVAILABLE, "db.unavailable", false}, /* lock_timeout */
    {"53", ERROR_UNAVAILABLE, "db.unavailable", false},    /* disk full, memory, connections */
    {"58", ERROR_UNAVAILABLE, "db.unavailable", false},    /* I/O */
    {"", ERROR_INTERNAL, "db.failed", false},
};

static bool fault_lost(PgConn *conn, const char *what, Error *err)
{
    char text[200];
    snprintf(text, sizeof text, "%s", PQerrorMessage(conn->handle));
    text[strcspn(text, "\n")] = '\0';
    conn->base.is_lost = true;
    return db_fault(conn->base.db, err, ERROR_UNAVAILABLE, "db.unavailable", "%s: %s", what, text);
}

static bool fault(PgConn *conn, const char *what, const PGresult *result, Error *err)
{
    if (!result || PQstatus(conn->handle) == CONNECTION_BAD)
        return fault_lost(conn, what, err);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const StateMeaning *meaning = MEANINGS;
    while (!text_starts_with(state ? state : "", meaning->prefix))
        meaning++;
    conn->base.is_lost |= meaning->is_lost;
    return db_fault(conn->base.db, err, meaning->kind, meaning->code, "%s: %s (%s)", what,
                    text ? text : "no message", state ? state : "no state");
}

/* ---- the pipeline ---------------------------------------------------------------------------- */

static void note_sent(PgConn *conn, SentKind kind, const Statement *statement, const char *name)
{
    assert(conn->sent_count < MOST_SENT + 2);
    conn->sent[conn->sent_count++] = (Sent){.kind = kind, .statement = statement, .name = name};
}

static int64_t rows_changed(PGresult *result)
{
    int64_t changed = 0;
    const char *text = PQcmdTuples(result);
    return text_to_int64(text, &changed) ? changed : 0;
}

/* Takes one answer. The result goes to *out_last when it is the last one; else it is cleared. */
static bool take_result(PgConn *conn, const Sent *sent, bool is_last, PGresult **out_last,
                        Error *err)
{
    PGresult *result = PQgetResult(conn->handle);
    ExecStatusType status = PQresultStatus(result);
    bool is_fine = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!is_fine && status != PGRES_PIPELINE_ABORTED)
        fault(conn, sent->name, result, err);
    if (!is_fine && sent->kind == SENT_PREPARE)
        statement_cache_put(&conn->base.cache, sent->statement, NULL);
    bool is_asked = is_last && out_last;
    if (is_fine && sent->kind == SENT_RUN && sent->statement->is_write && !is_asked)
        conn->changed += rows_changed(result);
    if (is_fine && sent->kind == SENT_EXPECTED)
        sent->answer->result = result;
    else if (is_fine && is_asked)
        *out_last = result;
    else
        PQclear(result);
    /* Each answer is ended by a NULL; a lost connection gives no end to wait for. */
    if (!conn->base.is_lost)
        PQclear(PQgetResult(conn->handle));
    return is_fine;
}

/* Reads the answers to all that was sent; the first failure is the one that is told. */
static bool drain(PgConn *conn, PGresult **out_last, Error *err)
{
    bool is_fine = true;
    int count = conn->sent_count;
    conn->sent_count = 0;
    if (count == 0)
        return true;
    if (PQpipelineSync(conn->handle) != 1)
        return fault_lost(conn, conn->sent[count - 1].name, err);
    for (int i = 0; i < count && !conn->base.is_lost; i++)
        is_fine &= take_result(conn, &conn->sent[i], i == count - 1, out_last, err);
    if (conn->base.is_lost)
        return false;
    PGresult *sync = PQgetResult(conn->handle);
    if (PQresultStatus(sync) != PGRES_PIPELINE_SYNC)
        is_fine = fault_lost(conn, "sync", err);
    PQclear(sync);
    return is_fine;
}

static bool send_plain(PgConn *conn, const char *sql, Error *err)
{
    if (PQsendQueryParams(conn->handle, sql, 0, NULL, NULL, NULL, NULL, 1) != 1)
        return fault_lost(conn, sql, err);
    note_sent(conn, SENT_PLAIN, NULL, sql);
    return true;
}

static bool send_prepare(PgConn *conn, const Statement *statement, unsigned number, Error *err)
{
    char name[LONGEST_NAME];
    Oid types[MOST_PARAMS];
    snprintf(name, sizeof name, "s%u", number);
    for (int i = 0; i < statement->param_count; i++)
        types[i] = pg_type_of(statement->params[i]);
    if (PQsendPrepare(conn->handle, name, statement->postgres, statement->param_count, types) != 1)
        return fault_lost(conn, statement->name, err);
    statement_cache_put(&conn->base.cache, statement, (void *)(uintptr_t)number);
    note_sent(conn, SENT_PREPARE, statement, statement->name);
    return true;
}

static bool send_run(PgConn *conn, const StatementCall *call, Error *err)
{
    const Statement *statement = call->statement;
    unsigned number = (unsigned)(uintptr_t)statement_cache_get(&conn->base.cache, statement);
    if (number == 0) {
        number = ++conn->prepared;
        if (!send_prepare(conn, statement, number, err))
            return false;
    }
    char name[LONGEST_NAME];
    PgParams params;
    snprintf(name, sizeof name, "s%u", number);
    pg_params_fill(&params, call->params, statement->param_count);
    if (PQsendQueryPrepared(conn->handle, name, params.count, params.values, params.lengths,
                            params.formats, 1) != 1)
        return fault_lost(conn, statement->name, err);
    note_sent(conn, SENT_RUN, statement, statement->name);
    conn->runs++;
    return true;
}

/* Makes room for one more in the pipeline. */
static bool send_one(PgConn *conn, const StatementCall *call, Error *err)
{
    return (conn->sent_count < MOST_SENT || drain(conn, NULL, err)) && send_run(conn, call, err);
}

/* The reads that were announced. */
static bool send_expected(PgConn *conn, Error *err)
{
    StatementCall call = {0};
    PgAnswer *answer;
    while (pg_expected_next(conn->expected, &call.statement, &call.params, &answer)) {
        if (!send_one(conn, &call, err))
            return false;
        Sent *sent = &conn->sent[conn->sent_count - 1];
        sent->kind = SENT_EXPECTED;
        sent->answer = answer;
    }
    return true;
}

/* Begins the server's work on what was sent; a lost connection is told of by the next answer. */
static void push(DbConn *base)
{
    PQflush(((PgConn *)base)->handle);
}

/* ---- running --------------------------------------------------------------------------------- */

static bool give_row(PgConn *conn, const StatementCall *call, const PGresult *result, int row,
                     bool *out_more, Error *err)
{
    const Statement *statement = call->statement;
    int first = PQnfields(result) - statement->column_count;
    DbValue columns[MOST_COLUMNS];
    for (int i = 0; i < statement->column_count; i++)
        if (!pg_column(result, row, first + i, statement->columns[i], &columns[i]))
            return db_fault(conn->base.db, err, ERROR_INTERNAL, "db.failed",
                            "%s: column %d has another type", statement->name, i + 1);
    if (!column_check(conn->base.db, statement, columns, err))
        return false;
    *out_more = !call->on_row || call->on_row(call->data, columns);
    return true;
}

/* Of an answer to several reads those that have `number` in front; -1: all. */
static bool give_rows(PgConn *conn, StatementCall *call, PGresult *result, int number, Error *err)
{
    if (PQnfields(result) != call->statement->column_count + (number >= 0))
        return db_fault(conn->base.db, err, ERROR_INTERNAL, "db.failed",
                        "%s: columns differ from its declaration", call->statement->name);
    bool is_more = true;
    for (int row = 0; row < PQntuples(result) && is_more; row++) {
        DbValue asked = {0};
        if (number >= 0 && (!pg_column(result, row, 0, DB_INT, &asked) || asked.integer != number))
            continue;
        if (!give_row(conn, call, result, row, &is_more, err))
            return false;
    }
    if (call->statement->is_write)
        call->changed = rows_changed(result);
    return true;
}

/* A plan made while a table was empty may pick any index that begins with the tenant, and would be
 * kept until autovacuum has looked at the table. Meanwhile it reads, and for SERIALIZABLE locks,
 * more with every row. So plans are made anew as a connection's work grows. */
static bool refresh_plans(PgConn *conn, Error *err)
{
    if (conn->runs < conn->next_plans)
        return true;
    conn->next_plans = conn->runs * 4;
    /* By itself: BEGIN in the same pipeline would find that a query has run, and be refused. */
    PGresult *result = NULL;
    bool is_done = send_plain(conn, "DISCARD PLANS", err) && drain(conn, &result, err);
    PQclear(result);
    return is_done;
}

/* Sends the writes that have to come before a call, or before it joins them; NULL: all. */
static bool send_groups(PgConn *conn, const StatementCall *before, bool is_joining, Error *err)
{
    StatementCall call = {0};
    const Statement *statement = before ? before->statement : NULL;
    const DbValue *params = before ? before->params : NULL;
    while (
        pg_groups_next(conn->groups, statement, params, is_joining, &call.statement, &call.params))
        if (!send_one(conn, &call, err))
            return false;
    return true;
}

static bool run_expected(PgConn *conn, StatementCall *call, PgExpected *expected, Error *err)
{
    bool is_run = (expected->answer->result || drain(conn, NULL, err)) &&
                  give_rows(conn, call, expected->answer->result, expected->number, err);
    pg_expected_end(expected);
    return is_run;
}

static bool run_now(PgConn *conn, StatementCall *call, bool may_wait, Error *err)
{
    if (!send_run(conn, call, err))
        return false;
    if (may_wait && conn->sent_count < MOST_SENT)
        return true;
    PGresult *result = NULL;
    bool is_run = drain(conn, &result, err) && give_rows(conn, call, result, -1, err);
    PQclear(result);
    return is_run;
}

static bool run_in_transaction(PgConn *conn, StatementCall *call, Error *err)
{
    if (!send_expected(conn, err))
        return false;
    PgExpected *expected = pg_expected_find(conn->expected, call->statement, call->params);
    if (expected)
        return run_expected(conn, call, expected, err);
    bool may_wait = call->statement->is_write && !call->on_row && !call->out_changed;
    bool is_joining = may_wait && pg_groups_can_take(conn->groups, call->statement);
    if (!send_groups(conn, call, is_joining, err))
        return false;
    if (!is_joining)
        return run_now(conn, call, may_wait, err);
    pg_groups_take(conn->groups, call->statement, call->params);
    return true;
}

static bool run(DbConn *base, StatementCall *call, Error *err)
{
    PgConn *conn = (PgConn *)base;
    if (base->is_expecting)
        return pg_expect(conn->expected, call->statement, call->params);
    if (base->tx)
        return run_in_transaction(conn, call, err);
    return (base->is_reading || refresh_plans(conn, err)) && run_now(conn, call, false, err);
}

/* Prepared, described and forgotten again. */
static bool check(DbConn *base, const Statement *statement, Error *err)
{
    PgConn *conn = (PgConn *)base;
    PGresult *result = NULL;
    Oid types[MOST_PARAMS];
    for (int i = 0; i < statement->param_count; i++)
        types[i] = pg_type_of(statement->params[i]);
    if (PQsendPrepare(conn->handle, "", statement->postgres, statement->param_count, types) != 1 ||
        PQsendDescribePrepared(conn->handle, "") != 1)
        return fault_lost(conn, statement->name, err);
    note_sent(conn, SENT_PLAIN, NULL, statement->name);
    note_sent(conn, SENT_PLAIN, NULL, statement->name);
    bool is_fine = drain(conn, &result, err);
    if (is_fine && PQnfields(result) != statement->column_count)
        is_fine = db_fault(base->db, err, ERROR_INTERNAL, "db.failed",
                           "%s: columns differ from its declaration", statement->name);
    for (int i = 0; is_fine && i < statement->column_count; i++)
        if (!pg_type_fits(PQftype(result, i), statement->columns[i]))
            is_fine = db_fault(base->db, err, ERROR_INTERNAL, "db.failed",
                               "%s: column %d has another type", statement->name, i + 1);
    PQclear(result);
    return is_fine;
}

static bool settle(DbConn *base, int64_t *changed, Error *err)
{
    PgConn *conn = (PgConn *)base;
    bool is_fine = send_groups(conn, NULL, false, err) && drain(conn, NULL, err);
    *changed += conn->changed;
    conn->changed = 0;
    return is_fine;
}

/* BEGIN travels with the first statement. */
static bool begin(DbConn *base, Error *err)
{
    PgConn *conn = (PgConn *)base;
    if (!refresh_plans(conn, err))
        return false;
    const char *text = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    pg_expectations_clear(conn->expected);
    pg_groups_clear(conn->groups);
    if (base->role == CONN_WRITER)
        text = base->isolation == DB_READ_COMMITTED ? "BEGIN ISOLATION LEVEL READ COMMITTED"
                                                    : "BEGIN ISOLATION LEVEL SERIALIZABLE";
    return send_plain(conn, text, err);
}

/* COMMIT of a transaction that has failed answers ROLLBACK, without an error. */
static bool commit(DbConn *base, Error *err)
{
    PgConn *conn = (PgConn *)base;
    PGresult *result = NULL;
    bool is_made = send_plain(conn, "COMMIT", err) && drain(conn, &result, err);
    if (is_made && !text_equal(PQcmdStatus(result), "COMMIT"))
        is_made = db_fault(base->db, err, ERROR_INTERNAL, "db.failed",
                           "commit: the transaction had failed");
    PQclear(result);
    return is_made;
}

static void rollback(DbConn *base)
{
    PgConn *conn = (PgConn *)base;
    Error ignored = ERROR_NONE;
    pg_groups_clear(conn->groups);
    if (!base->is_lost)
        drain(conn, NULL, &ignored);
    conn->changed = 0;
    if (!base->is_lost && send_plain(conn, "ROLLBACK", &ignored))
        drain(conn, NULL, &ignored);
}

/* Several statements in one text are not for the pipeline: migrations and settings step out. */
static bool script(DbConn *base, const char *name, const char *sql, Error *err)
{
    PgConn *conn = (PgConn *)base;
    if (!send_groups(conn, NULL, false, err) || !drain(conn, NULL, err))
        return false;
    if (PQexitPipelineMode(conn->handle) != 1)
        return fault_lost(conn, name, err);
    PGresult *result = PQexec(conn->handle, sql);
    ExecStatusType status = PQresultStatus(result);
    bool is_run =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || fault(conn, name, result, err);
    PQclear(result);
    if (PQenterPipelineMode(conn->handle) != 1)
        return fault_lost(conn, name, err);
    return is_run;
}

/* ---- opening --------------------------------------------------------------------------------- */

#define COMMON_SETTINGS                                                                            \
    "SET timezone = 'UTC'; SET client_encoding = 'UTF8'; "                                         \
    "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; SET jit = off;"
static const char READER_SETTINGS[] =
    COMMON_SETTINGS "SET statement_timeout = '30s'; SET default_transaction_read_only = on";
/* A writer finds rows by their keys. While a table is small PostgreSQL would rather read all of it,
 * keep that plan as the table grows, and lock for SERIALIZABLE all that it reads. */
static const char WRITER_SETTINGS[] =
    COMMON_SETTINGS "SET statement_timeout = '300s';"
                    "SET enable_seqscan = off; SET enable_hashjoin = off;"
                    "SET enable_mergejoin = off;"
                    "SET default_transaction_isolation = 'serializable';"
                    /* Stronger settings of a replicated server stay as they are. */
                    "SELECT set_config('synchronous_commit', 'on', false)"
                    " WHERE current_setting('synchronous_commit') IN ('off', 'local')";

static void stay_silent(void *data, const char *message)
{
    (void)data, (void)message;
}

static PGconn *connect_to(const char *url)
{
    static const char *const names[] = {
        "dbname",           "fallback_application_name", "connect_timeout",  "keepalives_idle",
        "keepalives_count", "keepalives_interval",       "tcp_user_timeout", NULL};
    const char *values[] = {url, "yimen", "5", "10", "3", "5", "15000", NULL};
    return PQconnectdbParams(names, values, 1);
}

static bool establish(PgConn *conn, Error *err)
{
    DbConn *base = &conn->base;
    base->is_lost = false;
    conn->sent_count = 0;
    conn->prepared = 0;
    conn->changed = 0;
    conn->runs = 0;
    conn->next_plans = FIRST_PLANS;
    statement_cache_finish(&base->cache);
    conn->handle = connect_to(base->db->url);
    if (PQstatus(conn->handle) != CONNECTION_OK || PQenterPipelineMode(conn->handle) != 1)
        return fault_lost(conn, "connect", err);
    PQsetNoticeProcessor(conn->handle, stay_silent, NULL);
    bool is_writer = base->role == CONN_WRITER;
    if (!script(base, "settings", is_writer ? WRITER_SETTINGS : READER_SETTINGS, err))
        return false;
    return !is_writer || take_node(conn, err);
}

static bool reopen(DbConn *base, Error *err)
{
    PgConn *conn = (PgConn *)base;
    PQfinish(conn->handle);
    bool is_open = establish(conn, err);
    base->is_lost = !is_open;
    return is_open;
}

static void close_conn(DbConn *base)
{
    PgConn *conn = (PgConn *)base;
    PQfinish(conn->handle);
    statement_cache_finish(&base->cache);
    pg_expectations_destroy(conn->expected);
    pg_groups_destroy(conn->groups);
    pg_rows_destroy(conn->rows);
    free(conn);
}

static DbConn *open_conn(Db *db, ConnRole role, Error *err)
{
    PgConn *conn = calloc(1, sizeof *conn);
    if (!conn) {
        error_set(err, ERROR_UNAVAILABLE, .code = "db.unavailable", .detail = "out of memory");
        return NULL;
    }
    conn->base = (DbConn){.db = db, .engine = &postgres_engine, .role = role};
    conn->rows = pg_rows_create();
    conn->expected = pg_expectations_create(conn->rows);
    conn->groups = pg_groups_create(conn->rows);
    if (establish(conn, err))
        return &conn->base;
    close_conn(&conn->base);
    return NULL;
}

/* ---- the node of our ids --------------------------------------------------------------------- */

/* Processes that write to one database need ids of different nodes. The number is an advisory lock
 * of the first writer's session: it is free again when the process ends, however it ends. */
static const DbType TWO_INTS[] = {DB_INT, DB_INT};
static const Statement FREE_NODE = {.name = "db_free_node",
                                    .sqlite = "SELECT ?1",
                                    .postgres = "SELECT n FROM generate_series(0, 255) AS n "
                                                "WHERE pg_try_advisory_lock($1::int, n) LIMIT 1",
                                    .param_count = 1,
                                    .params = TWO_INTS,
                                    .column_count = 1,
                                    .columns = TWO_INTS};
static const Statement SAME_NODE = {.name = "db_same_node",
                                    .sqlite = "SELECT ?1 + ?2",
                                    .postgres = "SELECT n FROM (SELECT $2::int AS n) AS x "
                                                "WHERE pg_try_advisory_lock($1::int, n)",
                                    .param_count = 2,
                                    .params = TWO_INTS,
                                    .column_count = 1,
                                    .columns = TWO_INTS};

static bool take_number(void *data, const DbValue *columns)
{
    *(int64_t *)data = db_get_int(&columns[0], -1);
    return false;
}

static bool take_node(PgConn *conn, Error *err)
{
    Db *db = conn->base.db;
    if (db->has_node && !conn->holds_node)
        return true;
    const DbValue params[] = {db_int(NODE_LOCK), db_int(db->ids.node)};
    const struct timespec pause = {.tv_sec = 0, .tv_nsec = 50000000};
    int64_t node = -1;
    for (int i = 0; i < NODE_TRIES && node < 0; i++) {
        /* The server may need a moment to notice that our last session has ended. */
        if (i > 0)
            nanosleep(&pause, NULL);
        StatementCall call = {.statement = db->has_node ? &SAME_NODE : &FREE_NODE,
                              .params = params,
                              .on_row = take_number,
                              .data = &node};
        if (!run(&conn->base, &call, err))
            return false;
    }
    if (node < 0)
        return db_fault(db, err, ERROR_UNAVAILABLE, "db.unavailable", "no free node for ids");
    db->ids.node = (int)node;
    db->has_node = conn->holds_node = true;
    return true;
}

const Engine postgres_engine = {
    .kind = DB_POSTGRES,
    .writers = 2,
    .batch_limit = 32,
    .can_expect = true,
    .open = open_conn,
    .reopen = reopen,
    .close = close_conn,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .run = run,
    .check = check,
    .settle = settle,
    .push = push,
    .script = script,
};
