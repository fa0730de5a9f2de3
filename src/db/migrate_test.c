/* migrate_test.c - steps of the schema, newer ones, altered ones and failing ones, on both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/migrate.h"
#include "test_db.h"
#include "test_lease.h"

static const char *const CREATE_A[] = {"CREATE TABLE a (n BIGINT NOT NULL PRIMARY KEY)",
                                       "CREATE TABLE a2 (n BIGINT)", NULL};
static const char *const CREATE_B[] = {"INSERT INTO a (n) VALUES (1)", NULL};
static const char *const BROKEN[] = {"CREATE TABLE c (n BIGINT)", "INSERT INTO a (n) VALUES (2)",
                                     "CREATE TABLE c (n BIGINT)", NULL};

enum { OLD = 60 }; /* room for what the program has */

typedef struct Known {
    Migration list[OLD + 4];
    size_t count;
} Known;

/* What the program has, and then these. */
static Known known_with(size_t count, const Migration *more)
{
    Known known = {0};
    for (const Migration *one = migrations; one->number; one++)
        known.list[known.count++] = *one;
    assert_true(known.count <= OLD);
    for (size_t i = 0; i < count; i++)
        known.list[known.count++] = more[i];
    return known;
}

static const Migration STEPS[] = {
    {.number = 9001, .name = "a", .hash = "h1", .sqlite = CREATE_A, .postgres = CREATE_A},
    {.number = 9005, .name = "b", .hash = "h2", .sqlite = CREATE_B, .postgres = CREATE_B},
};

static int64_t count_of(TestDb *test, const Statement *statement)
{
    Error err = ERROR_NONE;
    int64_t count = -1;
    DbConn *conn = db_reader(test->db, &err);
    if (!db_run(conn, statement, NULL, lease_take_int, &count, NULL, &err))
        count = -2; /* no such table */
    db_release(conn);
    return count;
}

#define COUNT_OF(table)                                                                            \
    {                                                                                              \
        .name = "count_" table, .sqlite = "SELECT count(*) FROM " table,                           \
        .postgres = "SELECT count(*) FROM " table, .column_count = 1, .columns = LEASE_COLUMNS     \
    }
static const Statement COUNT_A = COUNT_OF("a");
static const Statement COUNT_C = COUNT_OF("c");
static const Statement COUNT_VERSIONS = COUNT_OF("schema_version");

static void test_steps_are_applied_once_in_order(TestDb *test)
{
    Known known = known_with(2, STEPS);
    Error err = ERROR_NONE;
    int applied = 0;
    bool is_current = true;
    assert_true(migrate_is_current(test->db, known.list, &is_current, &err));
    assert_false(is_current);
    DbStatistics before = db_statistics(test->db);
    assert_true(migrate_to(test->db, known.list, &applied, &err));
    assert_int_equal(applied, 2);
    assert_int_equal(db_statistics(test->db).commits - before.commits, 2); /* one each */
    assert_int_equal(count_of(test, &COUNT_A), 1);
    assert_int_equal(count_of(test, &COUNT_VERSIONS), (int64_t)known.count);
    assert_true(migrate_to(test->db, known.list, &applied, &err));
    assert_int_equal(applied, 0);
    assert_true(migrate_is_current(test->db, known.list, &is_current, &err));
    assert_true(is_current);
}

static void test_a_failing_step_leaves_nothing_of_itself(TestDb *test)
{
    const Migration steps[] = {
        STEPS[0],
        {.number = 9002, .name = "broken", .hash = "h3", .sqlite = BROKEN, .postgres = BROKEN}};
    Known known = known_with(2, steps);
    Error err = ERROR_NONE;
    int applied = 0;
    assert_false(migrate_to(test->db, known.list, &applied, &err));
    assert_int_equal(applied, 1);
    assert_int_equal(err.kind, ERROR_INTERNAL);
    assert_non_null(strstr(err.detail, "broken: "));
    assert_int_equal(count_of(test, &COUNT_A), 0);
    assert_int_equal(count_of(test, &COUNT_C), -2);
    assert_int_equal(count_of(test, &COUNT_VERSIONS), (int64_t)known.count - 1);
}

static void test_each_statement_of_a_step_may_fail(TestDb *test)
{
    Known known = known_with(1, STEPS);
    int failures = 0;
    for (int n = 1;; n++) {
        Error err = ERROR_NONE;
        db_fail_statement(test->db, n);
        if (migrate_to(test->db, known.list, NULL, &err))
            break;
        failures++;
        assert_string_equal(err.code, "db.failed");
        assert_int_equal(count_of(test, &COUNT_A), -2);
        assert_int_equal(count_of(test, &COUNT_VERSIONS), (int64_t)known.count - 1);
    }
    db_fail_statement(test->db, 0);
    assert_true(failures >= 6); /* table, two looks, two creates, the version, the commit */
    assert_int_equal(count_of(test, &COUNT_A), 0);
}

static void test_a_newer_schema_is_refused(TestDb *test)
{
    Known newer = known_with(2, STEPS), older = known_with(1, STEPS);
    Error err = ERROR_NONE;
    assert_true(migrate_to(test->db, newer.list, NULL, &err));
    assert_false(migrate_to(test->db, older.list, NULL, &err));
    assert_string_equal(err.code, "db.schema_newer");
    assert_string_equal(err.with[0].name, "number");
    assert_string_equal(err.with[0].value, "9005");
    err = ERROR_NONE;
    assert_false(migrate_check_history(test->db, older.list, &err));
    assert_string_equal(err.code, "db.schema_newer");
    err = ERROR_NONE;
    assert_true(migrate_check_history(test->db, newer.list, &err));
}

/* The program itself, that knows neither step, does not even open it. */
static void test_a_newer_schema_is_not_opened(TestDb *test)
{
    char folder[] = "/tmp/yimen-test-XXXXXX";
    if (db_engine(test->db) == DB_SQLITE) {
        assert_non_null(mkdtemp(folder));
        snprintf(test->url, sizeof test->url, "%s/x.db", folder);
        test_db_reopen(test);
    }
    Known newer = known_with(2, STEPS);
    Error err = ERROR_NONE;
    assert_true(migrate_to(test->db, newer.list, NULL, &err));
    db_close(test->db);
    test->db = NULL;
    assert_null(db_open(test->url, &test->options, &err));
    assert_string_equal(err.code, "db.schema_newer");
    assert_string_equal(err.with[0].value, "9005");
    assert_int_equal(err.kind, ERROR_CONFLICT);
    if (strchr(test->url, ':'))
        return;
    unlink(test->url);
    unlink(arena_printf(test->arena, "%s.lock", test->url));
    assert_int_equal(rmdir(folder), 0);
}

static void test_an_altered_step_is_refused(TestDb *test)
{
    Migration altered[] = {STEPS[0], STEPS[1]};
    altered[0].hash = "another";
    Known before = known_with(1, STEPS), after = known_with(2, altered);
    Error err = ERROR_NONE;
    assert_true(migrate_to(test->db, before.list, NULL, &err));
    assert_false(migrate_to(test->db, after.list, NULL, &err));
    assert_string_equal(err.code, "db.migration_changed");
    assert_string_equal(err.with[0].value, "9001");
    assert_int_equal(count_of(test, &COUNT_A), 0); /* the second was not applied either */
    err = ERROR_NONE;
    assert_false(migrate_check_history(test->db, after.list, &err)); /* nor is it only read */
    assert_string_equal(err.code, "db.migration_changed");
    err = ERROR_NONE;
    Known more = known_with(2, STEPS); /* a missing one is no other history */
    assert_true(migrate_check_history(test->db, more.list, &err));
}

static void test_a_step_that_came_late_is_applied(TestDb *test)
{
    Known first = known_with(1, (const Migration[]){STEPS[0]});
    Known both = known_with(2, STEPS);
    Error err = ERROR_NONE;
    int applied = 0;
    assert_true(migrate_to(test->db, first.list, NULL, &err));
    assert_true(migrate_to(test->db, both.list, &applied, &err));
    assert_int_equal(applied, 1);
}

static void *migrate_beside(void *data)
{
    TestDb *test = data;
    Known known = known_with(2, STEPS);
    Error err = ERROR_NONE;
    bool is_done = migrate_to(test->db, known.list, NULL, &err);
    if (!is_done)
        print_message("%s: %s\n", err.code, err.detail);
    return is_done ? test : NULL;
}

static void test_several_processes_may_migrate_at_once(TestDb *test)
{
    enum { OTHERS = 3 };
    if (db_engine(test->db) == DB_SQLITE)
        return; /* has one owner */
    pthread_t threads[OTHERS];
    TestDb others[OTHERS];
    for (int i = 0; i < OTHERS; i++) {
        others[i] = *test;
        others[i].db = test_db_open(&others[i]);
    }
    for (int i = 0; i < OTHERS; i++)
        pthread_create(&threads[i], NULL, migrate_beside, &others[i]);
    for (int i = 0; i < OTHERS; i++) {
        void *done = NULL;
        pthread_join(threads[i], &done);
        assert_non_null(done);
    }
    for (int i = 0; i < OTHERS; i++)
        db_close(others[i].db);
    assert_int_equal(count_of(test, &COUNT_A), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_steps_are_applied_once_in_order),
        test_each_engine(test_a_failing_step_leaves_nothing_of_itself),
        test_each_engine(test_each_statement_of_a_step_may_fail),
        test_each_engine(test_a_newer_schema_is_refused),
        test_each_engine(test_a_newer_schema_is_not_opened),
        test_each_engine(test_an_altered_step_is_refused),
        test_each_engine(test_a_step_that_came_late_is_applied),
        test_each_engine(test_several_processes_may_migrate_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
