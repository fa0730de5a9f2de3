/*
 * postgres_test.c - what only PostgreSQL has: lost connections, several writers and processes,
 * columns of the server's own types. Skipped without a server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "db/postgres_rows.h"
#include "test_db.h"
#include "test_lease.h"

/* Reopens under a name of its own, so that its sessions can be told from those of other tests. */
static const char *name_sessions(TestDb *test)
{
    static int number;
    const char *name = arena_printf(test->arena, "lost_%ld_%d", (long)getpid(), ++number);
    size_t length = strlen(test->url);
    snprintf(test->url + length, sizeof test->url - length, "&application_name=%s", name);
    test_db_reopen(test);
    return name;
}

/* Ends the named sessions and waits until they are gone. */
static void end_sessions(const char *name)
{
    char sql[300];
    PGconn *conn = PQconnectdb(getenv("YIMEN_TEST_PG"));
    snprintf(sql, sizeof sql,
             "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
             "WHERE application_name = '%s'",
             name);
    bool is_left = true;
    while (is_left) {
        PGresult *result = PQexec(conn, sql);
        assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
        is_left = strcmp(PQgetvalue(result, 0, 0), "0") != 0;
        PQclear(result);
        usleep(1000);
    }
    PQfinish(conn);
}

/* A column may be called as a table is: rows that wait must not leave because of it. */
static void test_a_column_is_no_table(TestDb *test)
{
    static const struct {
        const char *sql;
        bool is_named;
    } cases[] = {
        {"INSERT INTO dossier (tenant) VALUES ($1)", true},
        {"UPDATE dossier\n   SET version = $1 WHERE id = $2", true},
        {"DELETE FROM dossier", true},
        {"SELECT a FROM task t JOIN dossier d ON d.id = t.dossier", true},
        {"SELECT a FROM task, dossier", true},
        {"SELECT a FROM task AS t, dossier AS d", true},
        {"SELECT COALESCE(a, 1), dossier FROM task", true}, /* in doubt */
        {"INSERT INTO task (tenant, id, dossier) VALUES ($1, $2, $3)", false},
        {"SELECT id, dossier FROM task WHERE tenant = $1", false},
        {"SELECT t.id, dossier FROM task t ORDER BY t.id, dossier", false},
        {"UPDATE task SET state = $1 WHERE tenant = $2 AND dossier = $3", false},
        {"SELECT id FROM dossier_material WHERE dossier = $1", false},
        {"SELECT COUNT(dossier) FROM task AS t WHERE t.dossier = $1", false},
    };
    (void)test;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (pg_names(cases[i].sql, "dossier") != cases[i].is_named)
            fail_msg("%s", cases[i].sql);
}

static void put(TestDb *test, const char *name, int64_t number)
{
    LeaseWork work = {.name = name, .number = number};
    Error err = ERROR_NONE;
    if (!db_write(test->db, test->arena, lease_work, &work, &err))
        test_db_fail(&err, name);
}

static void test_idle_connections_come_back(TestDb *test)
{
    const char *sessions = name_sessions(test);
    put(test, "a", 1);
    assert_int_equal(lease_now(test, "a"), 1);
    for (int64_t i = 2; i < 5; i++) {
        end_sessions(sessions);
        assert_int_equal(lease_now(test, "a"), 1);
        end_sessions(sessions);
        put(test, arena_printf(test->arena, "again %lld", (long long)i), i);
        assert_int_equal(lease_now(test, NULL), i);
    }
}

static void test_a_read_that_was_begun_is_not_continued_elsewhere(TestDb *test)
{
    const char *sessions = name_sessions(test);
    Error err = ERROR_NONE;
    int64_t number = 0;
    DbConn *conn = db_reader(test->db, &err);
    assert_true(db_read_begin(conn, &err));
    assert_true(lease_get(conn, "a", &number, &err));
    end_sessions(sessions);
    assert_false(lease_get(conn, "a", &number, &err)); /* it would see another state */
    assert_string_equal(err.code, "db.unavailable");
    db_release(conn);
    assert_int_equal(lease_now(test, "a"), -1);
}

typedef struct Cut {
    const char *sessions;
    int runs;
    bool is_at_end; /* after all statements, so that the commit meets it */
} Cut;

static bool write_and_be_cut(Tx *tx, void *data, Error *err)
{
    Cut *cut = data;
    int64_t number = 0;
    cut->runs++;
    if (!lease_put(tx_conn(tx), "a", 1, err) || !lease_get(tx_conn(tx), "a", &number, err))
        return false;
    if (cut->runs == 1)
        end_sessions(cut->sessions);
    return cut->is_at_end || lease_put(tx_conn(tx), "b", 2, err);
}

static void test_a_command_that_was_cut_runs_again(TestDb *test)
{
    Cut cut = {.sessions = name_sessions(test)};
    Error err = ERROR_NONE;
    if (!db_write(test->db, test->arena, write_and_be_cut, &cut, &err))
        test_db_fail(&err, "cut");
    assert_int_equal(cut.runs, 2);
    assert_int_equal(lease_now(test, NULL), 2);
}

/* Whether the commit has arrived nobody knows: so it is neither repeated nor called durable. */
static void test_a_commit_that_was_cut_is_told(TestDb *test)
{
    Cut cut = {.sessions = name_sessions(test), .is_at_end = true};
    Error err = ERROR_NONE;
    assert_false(db_write(test->db, test->arena, write_and_be_cut, &cut, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_string_equal(err.code, "db.unavailable");
    assert_int_equal(cut.runs, 1);
    put(test, "after", 1);
    assert_int_equal(lease_now(test, "after"), 1);
}

/* ---- serialization --------------------------------------------------------------------------- */

/* Reads a number; another process changes it; then adds what it has read. */
typedef struct Overtaken {
    Db *other;
    int times; /* that the other is faster */
    int runs;
    int64_t seen; /* by the last run */
} Overtaken;

static bool add_ten(Tx *tx, void *data, Error *err)
{
    (void)data;
    return lease_add(tx_conn(tx), "sum", 10, err);
}

static bool double_it(Tx *tx, void *data, Error *err)
{
    Overtaken *overtaken = data;
    if (!lease_get(tx_conn(tx), "sum", &overtaken->seen, err))
        return false;
    if (overtaken->runs++ < overtaken->times) {
        Error ignored = ERROR_NONE;
        assert_true(db_write(overtaken->other, tx_arena(tx), add_ten, NULL, &ignored));
    }
    return lease_add(tx_conn(tx), "sum", overtaken->seen, err);
}

static void test_what_was_overtaken_runs_again(TestDb *test)
{
    put(test, "sum", 1);
    TestDb other = *test;
    other.db = test_db_open(&other);
    Overtaken overtaken = {.other = other.db, .times = 3};
    Error err = ERROR_NONE;
    if (!db_write(test->db, test->arena, double_it, &overtaken, &err))
        test_db_fail(&err, "double_it");
    assert_int_equal(overtaken.runs, 4);
    assert_int_equal(overtaken.seen, 31);
    assert_int_equal(lease_now(test, "sum"), 62);
    assert_int_equal(db_statistics(test->db).retries, 3);
    db_close(other.db);
}

static void test_what_is_overtaken_for_ever_gives_up(TestDb *test)
{
    put(test, "sum", 1);
    TestDb other = *test;
    other.db = test_db_open(&other);
    Overtaken overtaken = {.other = other.db, .times = 1000};
    Error err = ERROR_NONE;
    assert_false(db_write(test->db, test->arena, double_it, &overtaken, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_string_equal(err.code, "db.unavailable");
    assert_int_equal(overtaken.runs, 21); /* once, and twenty times more */
    assert_int_equal(lease_now(test, "sum"), 1 + 10 * 21);
    db_close(other.db);
}

/* ---- several processes ----------------------------------------------------------------------- */

static bool draw_id(Tx *tx, void *data, Error *err)
{
    (void)err;
    *(Id *)data = tx_new_id(tx);
    return true;
}

static int node_of(Db *db, Arena *arena)
{
    Id id = 0;
    Error err = ERROR_NONE;
    assert_true(db_write(db, arena, draw_id, &id, &err));
    return (int)(id >> 14 & 0xff);
}

static void test_each_process_has_ids_of_its_own(TestDb *test)
{
    enum { OTHERS = 4 };
    TestDb others[OTHERS];
    int nodes[OTHERS + 1] = {node_of(test->db, test->arena)};
    for (int i = 0; i < OTHERS; i++) {
        others[i] = *test;
        others[i].db = test_db_open(&others[i]);
        nodes[i + 1] = node_of(others[i].db, test->arena);
        for (int j = 0; j <= i; j++)
            assert_int_not_equal(nodes[i + 1], nodes[j]);
    }
    for (int i = 0; i < OTHERS; i++)
        db_close(others[i].db);
}

static void test_the_node_stays_when_the_connection_is_lost(TestDb *test)
{
    const char *sessions = name_sessions(test);
    int before = node_of(test->db, test->arena);
    end_sessions(sessions);
    put(test, "a", 1);
    assert_int_equal(node_of(test->db, test->arena), before);
}

/* ---- the server's own types ------------------------------------------------------------------ */

static bool take_value(void *data, const DbValue *columns)
{
    *(DbValue *)data = columns[0];
    return true;
}

static bool read_value(TestDb *test, const char *expression, DbType type, DbValue *out, Error *err)
{
    /* A Statement lives as long as the connection that has prepared it. */
    Statement *statement = arena_new(test->arena, Statement);
    DbType *types = arena_new(test->arena, DbType);
    *types = type;
    *statement = (Statement){.name = "value",
                             .sqlite = "",
                             .postgres = arena_printf(test->arena, "SELECT %s", expression),
                             .column_count = 1,
                             .columns = types};
    DbConn *conn = db_reader(test->db, err);
    bool is_read = conn && db_run(conn, statement, NULL, take_value, out, NULL, err);
    db_release(conn);
    return is_read;
}

static void test_integers_of_all_kinds(TestDb *test)
{
    static const struct {
        const char *expression;
        int64_t expected;
    } cases[] = {
        {"7::int2", 7},
        {"-7::int4", -7},
        {"9223372036854775807::int8", INT64_MAX},
        {"true", 1},
        {"EXISTS (SELECT 1 WHERE false)", 0},
        {"(SELECT sum(n) FROM (VALUES (5::int8), (7::int8)) AS v(n))", 12},
        {"0::numeric", 0},
        {"10000::numeric", 10000},
        {"-1234567890123::numeric", -1234567890123},
        {"12345.99::numeric", 12345},
        {"-0.5::numeric", 0},
        {"100000000::numeric", 100000000},
        {"9223372036854775807::numeric", INT64_MAX},
        {"-9223372036854775808::numeric", INT64_MIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DbValue value = {0};
        Error err = ERROR_NONE;
        if (!read_value(test, cases[i].expression, DB_INT, &value, &err))
            test_db_fail(&err, cases[i].expression);
        assert_int_equal(value.integer, cases[i].expected);
    }
}

static void test_reals_of_all_kinds(TestDb *test)
{
    static const struct {
        const char *expression;
        double expected;
    } cases[] = {
        {"0.5::float8", 0.5},
        {"-2.25::float4", -2.25},
        {"3::int4", 3},
        {"1.5::numeric", 1.5},
        {"-12345.25::numeric", -12345.25},
        {"1e20::numeric", 1e20},
        {"(SELECT avg(n) FROM (VALUES (1), (2)) AS v(n))", 1.5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DbValue value = {0};
        Error err = ERROR_NONE;
        if (!read_value(test, cases[i].expression, DB_REAL, &value, &err))
            test_db_fail(&err, cases[i].expression);
        assert_true(fabs(value.real - cases[i].expected) <= 1e-12 * fabs(cases[i].expected));
    }
    DbValue value = {0};
    Error err = ERROR_NONE;
    assert_true(read_value(test, "'NaN'::numeric", DB_REAL, &value, &err));
    assert_true(isnan(value.real));
}

static void test_what_does_not_fit_is_a_fault(TestDb *test)
{
    static const struct {
        const char *expression;
        DbType type;
    } cases[] = {
        {"9223372036854775808::numeric", DB_INT},
        {"-9223372036854775809::numeric", DB_INT},
        {"1e40::numeric", DB_INT},
        {"'NaN'::numeric", DB_INT},
        {"'x'::text", DB_INT},
        {"0.5::float8", DB_INT},
        {"1", DB_TEXT},
        {"'x'::text", DB_BYTES},
        {"now()", DB_INT},
        {"'x'::text", DB_REAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DbValue value = {0};
        Error err = ERROR_NONE;
        assert_false(read_value(test, cases[i].expression, cases[i].type, &value, &err));
        assert_string_equal(err.code, "db.failed");
        assert_string_equal(err.detail, "value: column 1 has another type");
    }
}

static void test_texts_of_all_kinds(TestDb *test)
{
    static const char *const expressions[] = {"'许可'::text", "'许可'::varchar(9)", "'许可'::name"};
    for (size_t i = 0; i < 3; i++) {
        DbValue value = {0};
        Error err = ERROR_NONE;
        assert_true(read_value(test, expressions[i], DB_TEXT, &value, &err));
        assert_int_equal(value.bytes.size, 6);
    }
}

/* ---- the pipeline ---------------------------------------------------------------------------- */

static bool write_many(Tx *tx, void *data, Error *err)
{
    const int *count = data;
    for (int i = 0; i < *count; i++) {
        const char *name = arena_printf(tx_arena(tx), "n%d", i);
        if (!lease_put(tx_conn(tx), name, i, err))
            return false;
    }
    return true;
}

static void test_more_writes_than_the_pipeline_holds(TestDb *test)
{
    static const int counts[] = {63, 64, 65, 66, 130, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        test_db_make_schema(getenv("YIMEN_TEST_PG"), test);
        test_db_reopen(test);
        Error err = ERROR_NONE;
        int count = counts[i];
        assert_true(db_migrate(test->db, NULL, &err));
        int64_t before = db_statistics(test->db).rows;
        assert_true(db_write(test->db, test->arena, write_many, &count, &err));
        assert_int_equal(lease_now(test, NULL), count);
        assert_int_equal(db_statistics(test->db).rows - before, count);
    }
}

static bool write_after_conflict(Tx *tx, void *data, Error *err)
{
    int64_t number = 0;
    (void)data;
    /* The first write fails, but nobody waits for it; the read tells. */
    bool is_sent = lease_put(tx_conn(tx), "a", 1, err) && lease_put(tx_conn(tx), "b", 2, err);
    return is_sent && lease_get(tx_conn(tx), "b", &number, err);
}

static void test_a_late_answer_names_the_statement_that_failed(TestDb *test)
{
    put(test, "a", 1);
    Error err = ERROR_NONE;
    assert_false(db_write(test->db, test->arena, write_after_conflict, NULL, &err));
    assert_string_equal(err.code, "db.conflict");
    assert_non_null(strstr(err.detail, "lease_put"));
    assert_int_equal(lease_now(test, "b"), -1);
    put(test, "b", 2); /* and the statements can still be used */
}

static void test_statements_are_checked_without_running(TestDb *test)
{
    static const Statement wrong[] = {
        {.name = "typo", .postgres = "SELEC 1"},
        {.name = "type", .postgres = "SELECT 'x'", .column_count = 1, .columns = LEASE_COLUMNS},
        {.name = "count", .postgres = "SELECT 1, 2", .column_count = 1, .columns = LEASE_COLUMNS},
        {.name = "param",
         .postgres = "SELECT 1 WHERE $1 = 'x'::bytea",
         .param_count = 1,
         .params = LEASE_PARAMS,
         .column_count = 1,
         .columns = LEASE_COLUMNS},
    };
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        err = ERROR_NONE;
        assert_false(db_check_statement(conn, &wrong[i], &err));
        assert_non_null(strstr(err.detail, wrong[i].name));
    }
    err = ERROR_NONE;
    assert_true(db_check_statement(conn, &LEASE_PUT, &err)); /* a write, on a reader */
    assert_true(db_check_statement(conn, &LEASE_GET, &err));
    db_release(conn);
    assert_int_equal(lease_now(test, NULL), 0);
}

#define on_postgres(function) test_on_engine(function, "", DB_POSTGRES, .reader_connections = 0)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_postgres(test_a_column_is_no_table),
        on_postgres(test_idle_connections_come_back),
        on_postgres(test_a_read_that_was_begun_is_not_continued_elsewhere),
        on_postgres(test_a_command_that_was_cut_runs_again),
        on_postgres(test_a_commit_that_was_cut_is_told),
        on_postgres(test_what_was_overtaken_runs_again),
        on_postgres(test_what_is_overtaken_for_ever_gives_up),
        on_postgres(test_each_process_has_ids_of_its_own),
        on_postgres(test_the_node_stays_when_the_connection_is_lost),
        on_postgres(test_integers_of_all_kinds),
        on_postgres(test_reals_of_all_kinds),
        on_postgres(test_what_does_not_fit_is_a_fault),
        on_postgres(test_texts_of_all_kinds),
        on_postgres(test_more_writes_than_the_pipeline_holds),
        on_postgres(test_a_late_answer_names_the_statement_that_failed),
        on_postgres(test_statements_are_checked_without_running),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
