/* db_test.c - opening, reading, the checks of db_run and closing, on both databases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "base/text.h"
#include "test_db.h"
#include "test_lease.h"

static void put(TestDb *test, const char *name, int64_t number)
{
    LeaseWork work = {.name = name, .number = number};
    Error err = ERROR_NONE;
    if (!db_write(test->db, test->arena, lease_work, &work, &err))
        test_db_fail(&err, name);
}

/* ---- opening --------------------------------------------------------------------------------- */

static void test_a_new_database_is_current(TestDb *test)
{
    bool is_current = false;
    Error err = ERROR_NONE;
    int applied = -1;
    assert_true(db_is_current(test->db, &is_current, &err));
    assert_true(is_current);
    assert_true(db_migrate(test->db, &applied, &err));
    assert_int_equal(applied, 0);
    assert_null(db_readers(test->db));
}

static Db *open_bad(TestDb *test, const char *url, Error *err)
{
    *err = ERROR_NONE;
    DbOptions options = {.clock = &test->clock, .arena = test->arena};
    return db_open(url, &options, err);
}

static void test_what_cannot_be_opened_says_so(void **state)
{
    (void)state;
    TestDb test = {.arena = arena_create(0)};
    static const char *const urls[] = {"/nowhere/at/all.db", "/", "postgresql://x@127.0.0.1:1/none",
                                       "postgres://%zz"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        Error err;
        assert_null(open_bad(&test, urls[i], &err));
        assert_int_equal(err.kind, ERROR_UNAVAILABLE);
        assert_string_equal(err.code, "db.unavailable");
        assert_true(strlen(err.detail) > 0);
    }
    arena_destroy(test.arena);
}

static void test_what_is_no_database_is_refused(void **state)
{
    (void)state;
    TestDb test = {.arena = arena_create(0)};
    char path[] = "/tmp/yimen-test-XXXXXX";
    int file = mkstemp(path);
    assert_int_equal(write(file, "this is certainly not a database, but long enough", 49), 49);
    for (int i = 0; i < 200; i++)
        assert_int_equal(write(file, "and so it goes on and on", 24), 24);
    close(file);
    Error err;
    assert_null(open_bad(&test, path, &err));
    assert_true(error_is_set(&err));
    unlink(path);
    unlink(arena_printf(test.arena, "%s.lock", path));
    arena_destroy(test.arena);
}

/* ---- the lock -------------------------------------------------------------------------------- */

typedef struct OnDisk {
    TestDb test;
    char folder[64];
} OnDisk;

static void open_on_disk(OnDisk *disk, const char *owner)
{
    *disk = (OnDisk){.test = {.arena = arena_create(0)}, .folder = "/tmp/yimen-test-XXXXXX"};
    assert_non_null(mkdtemp(disk->folder));
    clock_set(&disk->test.clock, TEST_NOW);
    disk->test.options =
        (DbOptions){.clock = &disk->test.clock, .arena = disk->test.arena, .owner = owner};
    snprintf(disk->test.url, sizeof disk->test.url, "%s/city.db", disk->folder);
    disk->test.db = test_db_open(&disk->test);
    Error err = ERROR_NONE;
    assert_true(db_migrate(disk->test.db, NULL, &err));
}

static void close_on_disk(OnDisk *disk)
{
    db_close(disk->test.db);
    static const char *const endings[] = {"", ".lock", "-wal", "-shm"};
    for (size_t i = 0; i < 4; i++)
        unlink(arena_printf(disk->test.arena, "%s%s", disk->test.url, endings[i]));
    assert_int_equal(rmdir(disk->folder), 0); /* nothing else was left behind */
    arena_destroy(disk->test.arena);
}

static void test_a_locked_database_names_its_owner(void **state)
{
    (void)state;
    OnDisk disk;
    open_on_disk(&disk, "yimen serve");
    Error err;
    assert_null(open_bad(&disk.test, disk.test.url, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_string_equal(err.code, "db.locked");
    assert_string_equal(err.with[0].name, "owner");
    const char *expected = arena_printf(disk.test.arena, "yimen serve (pid %ld)", (long)getpid());
    assert_string_equal(err.with[0].value, expected);
    db_close(disk.test.db);
    disk.test.db = open_bad(&disk.test, disk.test.url, &err); /* free again */
    assert_non_null(disk.test.db);
    close_on_disk(&disk);
}

static void test_a_reader_beside_a_running_server(void **state)
{
    (void)state;
    OnDisk disk;
    open_on_disk(&disk, NULL);
    put(&disk.test, "a", 5);
    TestDb beside = disk.test;
    beside.options.is_read_only = true;
    beside.db = test_db_open(&beside);
    assert_int_equal(lease_now(&beside, "a"), 5);
    LeaseWork work = {.name = "b"};
    Error err = ERROR_NONE;
    assert_false(db_write(beside.db, beside.arena, lease_work, &work, &err));
    assert_string_equal(err.code, "db.read_only");
    put(&disk.test, "b", 6);
    assert_int_equal(lease_now(&beside, "b"), 6);
    db_close(beside.db);
    close_on_disk(&disk);
}

static void test_what_was_written_is_there_after_opening_again(void **state)
{
    (void)state;
    OnDisk disk;
    open_on_disk(&disk, NULL);
    put(&disk.test, "a", 5);
    test_db_reopen(&disk.test);
    assert_int_equal(lease_now(&disk.test, "a"), 5);
    disk.test.options.is_read_only = true; /* and nobody else has it open */
    test_db_reopen(&disk.test);
    assert_int_equal(lease_now(&disk.test, "a"), 5);
    close_on_disk(&disk);
}

static void test_memory_leaves_no_files(void **state)
{
    (void)state;
    char folder[] = "/tmp/yimen-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *before = getenv("TMPDIR");
    Arena *arena = arena_create(0);
    const char *kept = before ? arena_text(arena, before) : NULL;
    setenv("TMPDIR", folder, 1);
    TestDb test = {.arena = arena, .url = ":memory:"};
    test.options = (DbOptions){.clock = &test.clock, .arena = arena};
    test.db = test_db_open(&test);
    assert_int_not_equal(rmdir(folder), 0); /* it is in use */
    db_close(test.db);
    assert_int_equal(rmdir(folder), 0);
    if (kept)
        setenv("TMPDIR", kept, 1);
    else
        unsetenv("TMPDIR");
    arena_destroy(arena);
}

/* ---- ids ------------------------------------------------------------------------------------- */

static bool draw_id(Tx *tx, void *data, Error *err)
{
    static const DbType types[] = {DB_INT, DB_INT};
    static const char text[] = "INSERT INTO journal (tenant, id, dossier, version, at, kind, "
                               "actor_kind, actor, unit, data)"
                               " VALUES (%s1, %s2, 0, 0, 0, 'test', 'system', 0, 0, '{}')";
    static char sqlite[300], postgres[300];
    snprintf(sqlite, sizeof sqlite, text, "?", "?");
    snprintf(postgres, sizeof postgres, text, "$", "$");
    static const Statement insert = {.name = "journal_insert",
                                     .sqlite = sqlite,
                                     .postgres = postgres,
                                     .is_write = true,
                                     .param_count = 2,
                                     .params = types};
    *(Id *)data = tx_new_id(tx);
    const DbValue values[] = {db_int(*(Id *)data % 3), db_int(*(Id *)data)};
    return db_run(tx_conn(tx), &insert, values, NULL, NULL, NULL, err);
}

static void test_ids_grow_over_reopening_with_a_standing_clock(void **state)
{
    (void)state;
    OnDisk disk;
    open_on_disk(&disk, NULL);
    Id last = 0;
    for (int i = 0; i < 6; i++) {
        Error err = ERROR_NONE;
        Id id = 0;
        if (i == 4)
            clock_set(&disk.test.clock, TEST_NOW - DAY_MS); /* and with one that went back */
        assert_true(db_write(disk.test.db, disk.test.arena, draw_id, &id, &err));
        assert_true(id > last);
        last = id;
        test_db_reopen(&disk.test);
    }
    close_on_disk(&disk);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void test_a_read_sees_one_state(TestDb *test)
{
    put(test, "a", 1);
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    int64_t number = 0;
    assert_non_null(conn);
    assert_int_equal(db_conn_engine(conn), db_engine(test->db));
    assert_true(db_read_begin(conn, &err));
    assert_true(lease_get(conn, "a", &number, &err));
    assert_int_equal(number, 1);
    put(test, "b", 2);
    assert_true(lease_get(conn, "b", &number, &err));
    assert_int_equal(number, -1); /* not yet, for this reader */
    db_read_end(conn);
    assert_true(lease_get(conn, "b", &number, &err));
    assert_int_equal(number, 2);
    db_release(conn);
}

static void test_readers_are_given_back_and_used_again(TestDb *test)
{
    Error err = ERROR_NONE;
    DbConn *first = db_reader(test->db, &err);
    assert_true(db_read_begin(first, &err));
    db_release(first); /* ends the read too */
    DbConn *second = db_reader(test->db, &err);
    assert_ptr_equal(first, second);
    put(test, "a", 1);
    int64_t number = 0;
    assert_true(lease_get(second, "a", &number, &err));
    assert_int_equal(number, 1);
    db_release(second);
    db_release(NULL);
}

static void *release_later(void *data)
{
    usleep(20 * 1000);
    db_release(data);
    return NULL;
}

static void test_a_reader_is_waited_for(TestDb *test)
{
    Error err = ERROR_NONE;
    DbConn *only = db_reader(test->db, &err);
    pthread_t thread;
    pthread_create(&thread, NULL, release_later, only);
    DbConn *again = db_reader(test->db, &err);
    assert_ptr_equal(again, only);
    pthread_join(thread, NULL);
    db_release(again);
}

static bool count_rows(void *data, const DbValue *columns)
{
    (void)columns;
    return ++*(int *)data < 3;
}

static void test_on_row_may_stop_early(TestDb *test)
{
    static const Statement all = {.name = "lease_all",
                                  .sqlite = "SELECT fence FROM lease",
                                  .postgres = "SELECT fence FROM lease",
                                  .column_count = 1,
                                  .columns = LEASE_COLUMNS};
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    for (size_t i = 0; i < 5; i++)
        put(test, names[i], 1);
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    for (int i = 0; i < 2; i++) { /* and the statement can be run again */
        int count = 0;
        assert_true(db_run(conn, &all, NULL, count_rows, &count, NULL, &err));
        assert_int_equal(count, 3);
    }
    db_release(conn);
}

/* ---- the last door --------------------------------------------------------------------------- */

static bool run_bad(Tx *tx, void *data, Error *err)
{
    return db_run(tx_conn(tx), &LEASE_PUT, data, NULL, NULL, NULL, err);
}

static void test_what_is_no_text_is_refused(TestDb *test)
{
    const struct {
        const char *bytes;
        size_t size;
    } cases[] = {{"a\0b", 3}, {"\xff", 1}, {"\xc0\xaf", 2}, {"\xed\xa0\x80", 3}, {"\xe4\xb8", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DbValue values[] = {
            {.type = DB_TEXT, .bytes = {.data = cases[i].bytes, .size = cases[i].size}}, db_int(1)};
        Error err = ERROR_NONE;
        assert_false(db_write(test->db, test->arena, run_bad, values, &err));
        assert_string_equal(err.code, "db.failed");
        assert_non_null(strstr(err.detail, "parameter 1 is not text"));
    }
    assert_int_equal(lease_now(test, NULL), 0);
}

static void test_what_has_another_type_is_refused(TestDb *test)
{
    DbValue values[] = {db_text("a"), db_text("1")};
    Error err = ERROR_NONE;
    assert_false(db_write(test->db, test->arena, run_bad, values, &err));
    assert_non_null(strstr(err.detail, "parameter 2 has another type"));
}

static void test_a_date_without_stored_form_is_refused(TestDb *test)
{
    char buffer[16];
    DbValue values[] = {db_date(date_of(10000, 1, 1), buffer), db_int(1)};
    Error err = ERROR_NONE;
    assert_false(db_write(test->db, test->arena, run_bad, values, &err));
    assert_non_null(strstr(err.detail, "is not text"));
}

static void test_a_null_where_none_may_be_is_a_fault(TestDb *test)
{
    DbValue values[] = {db_text(NULL), db_int(1)};
    Error err = ERROR_NONE;
    assert_false(db_write(test->db, test->arena, run_bad, values, &err));
    assert_string_equal(err.code, "db.failed"); /* NOT NULL is our bug, not a conflict */
    static const Statement nothing = {.name = "sum_of_none",
                                      .sqlite = "SELECT sum(fence) FROM lease",
                                      .postgres = "SELECT sum(fence) FROM lease",
                                      .column_count = 1,
                                      .columns = LEASE_COLUMNS,
                                      .not_null = 1};
    DbConn *conn = db_reader(test->db, &(Error){0});
    err = ERROR_NONE;
    int64_t sum = 0;
    assert_false(db_run(conn, &nothing, NULL, lease_take_int, &sum, NULL, &err));
    assert_string_equal(err.detail, "sum_of_none: column 1 is NULL");
    db_release(conn);
}

static void test_a_statement_that_is_wrong_is_a_fault(TestDb *test)
{
    static const Statement wrong[] = {
        {.name = "typo", .sqlite = "SELEC 1", .postgres = "SELEC 1"},
        {.name = "no_table", .sqlite = "SELECT 1 FROM no", .postgres = "SELECT 1 FROM no"},
        {.name = "more_columns", .sqlite = "SELECT 1, 2", .postgres = "SELECT 1, 2"},
    };
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    for (size_t i = 0; i < 3; i++) {
        err = ERROR_NONE;
        assert_false(db_run(conn, &wrong[i], NULL, NULL, NULL, NULL, &err));
        assert_string_equal(err.code, "db.failed");
        assert_true(text_starts_with(err.detail, wrong[i].name));
    }
    int64_t count = 0;
    err = ERROR_NONE;
    assert_true(db_run(conn, &LEASE_COUNT, NULL, lease_take_int, &count, NULL, &err));
    db_release(conn);
}

/* A reader has no way to write, even where a statement lies about itself. */
static void test_a_reader_cannot_write(TestDb *test)
{
    static const Statement sly = {
        .name = "sly", .sqlite = "DELETE FROM lease", .postgres = "DELETE FROM lease"};
    put(test, "a", 1);
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    assert_false(db_run(conn, &sly, NULL, NULL, NULL, NULL, &err));
    db_release(conn);
    assert_int_equal(lease_now(test, "a"), 1);
}

static void test_details_outlive_the_connection(TestDb *test)
{
    static const Statement wrong = {.name = "wrong", .sqlite = "SELEC", .postgres = "SELEC"};
    Error errs[3] = {{0}};
    for (size_t i = 0; i < 3; i++) {
        Error err = ERROR_NONE;
        DbConn *conn = db_reader(test->db, &err);
        assert_false(db_run(conn, &wrong, NULL, NULL, NULL, NULL, &errs[i]));
        db_release(conn);
    }
    assert_ptr_equal(errs[0].detail, errs[1].detail); /* each different text is kept once */
    assert_ptr_equal(errs[0].detail, errs[2].detail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_a_new_database_is_current),
        cmocka_unit_test(test_what_cannot_be_opened_says_so),
        cmocka_unit_test(test_what_is_no_database_is_refused),
        cmocka_unit_test(test_a_locked_database_names_its_owner),
        cmocka_unit_test(test_a_reader_beside_a_running_server),
        cmocka_unit_test(test_what_was_written_is_there_after_opening_again),
        cmocka_unit_test(test_memory_leaves_no_files),
        cmocka_unit_test(test_ids_grow_over_reopening_with_a_standing_clock),
        test_each_engine(test_a_read_sees_one_state),
        test_each_engine(test_readers_are_given_back_and_used_again),
        test_each_engine_with(test_a_reader_is_waited_for, .reader_connections = 1),
        test_each_engine(test_on_row_may_stop_early),
        test_each_engine(test_what_is_no_text_is_refused),
        test_each_engine(test_what_has_another_type_is_refused),
        test_each_engine(test_a_date_without_stored_form_is_refused),
        test_each_engine(test_a_null_where_none_may_be_is_a_fault),
        test_each_engine(test_a_statement_that_is_wrong_is_a_fault),
        test_each_engine(test_a_reader_cannot_write),
        test_each_engine(test_details_outlive_the_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
