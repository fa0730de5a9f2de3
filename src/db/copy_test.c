/*
 * copy_test.c - a copy holds the same rows on either engine, as of one moment, or none at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include "db/copy.h"
#include "test_db.h"
#include "test_journal.h"

/* A fresh database beside the test's, and what lives as long. */
typedef struct Beside {
    Db *db;
    Arena *arena;
    DbOptions options;
} Beside;

static void open_beside(TestDb *test, Beside *out)
{
    Error err = ERROR_NONE;
    out->arena = arena_create(0);
    out->options = test->options;
    out->db = db_open(":memory:", &out->options, &err);
    if (!out->db || !db_migrate(out->db, NULL, &err))
        test_db_fail(&err, "a database beside");
}

static void close_beside(Beside *beside)
{
    db_close(beside->db);
    arena_destroy(beside->arena);
}

static const char *dump_of(TestDb *test, Db *db)
{
    Error err = ERROR_NONE;
    Buffer out = buffer_init(test->arena, 0);
    if (!journal_dump_derived(db, &out, &err))
        test_db_fail(&err, "journal_dump_derived");
    return buffer_text(&out);
}

static int64_t verified(TestDb *test, Db *db, const JournalKey *key)
{
    Error err = ERROR_NONE;
    JournalReport report = {0};
    if (!journal_verify(db, key, test->arena, NULL, &report, &err))
        test_db_fail(&err, "journal_verify");
    assert_int_equal(report.findings.count, 0);
    return report.sealed + report.unsealed_tail;
}

static void copy(TestDb *test, Beside *beside, Copied *out)
{
    Error err = ERROR_NONE;
    if (!db_copy(test->db, beside->db, beside->arena, out, &err))
        test_db_fail(&err, "db_copy");
}

static void test_a_copy_holds_the_same(TestDb *test)
{
    Beside beside;
    Copied copied;
    JournalKey *key = test_key(test);
    test_story(test, 1, 40);
    test_seal(test, key, 17);
    open_beside(test, &beside);
    copy(test, &beside, &copied);
    assert_true(copied.tables > 30);
    assert_true(copied.rows > 40);
    assert_string_equal(dump_of(test, beside.db), dump_of(test, test->db));
    assert_int_equal(verified(test, beside.db, key), verified(test, test->db, key));
    close_beside(&beside);
}

static void test_a_copy_comes_back(TestDb *test)
{
    Beside beside;
    Copied there, back;
    Error err = ERROR_NONE;
    Arena *arena = arena_create(0);
    JournalKey *key = test_key(test);
    test_story(test, 1, 40);
    test_seal(test, key, 40);
    const char *before = dump_of(test, test->db);
    open_beside(test, &beside);
    copy(test, &beside, &there);
    test_db_renew(test);
    if (!db_copy(beside.db, test->db, arena, &back, &err))
        test_db_fail(&err, "db_copy");
    assert_int_equal(back.rows, there.rows);
    assert_string_equal(dump_of(test, test->db), before);
    assert_int_equal(verified(test, test->db, key), verified(test, beside.db, key));
    test_db_renew(test); /* closes what keeps statements of the arena */
    arena_destroy(arena);
    close_beside(&beside);
}

static void test_nothing_is_copied_over_rows(TestDb *test)
{
    Beside beside;
    Copied copied;
    Error err = ERROR_NONE;
    test_story(test, 1, 5);
    open_beside(test, &beside);
    copy(test, &beside, &copied);
    const char *before = dump_of(test, beside.db);
    assert_false(db_copy(test->db, beside.db, beside.arena, &copied, &err));
    assert_string_equal(err.code, "copy.not_empty");
    assert_string_equal(dump_of(test, beside.db), before);
    close_beside(&beside);
}

/* ---- while others write ---------------------------------------------------------------------- */

static void *write_on(void *data)
{
    test_story(data, 100, 160);
    return NULL;
}

static void test_a_copy_is_of_one_moment(TestDb *test)
{
    Beside beside;
    Copied copied;
    pthread_t writer;
    JournalKey *key = test_key(test);
    test_story(test, 1, 60);
    test_seal(test, key, 60);
    open_beside(test, &beside);
    assert_int_equal(pthread_create(&writer, NULL, write_on, test), 0);
    copy(test, &beside, &copied);
    pthread_join(writer, NULL);
    assert_true(verified(test, beside.db, key) <= verified(test, test->db, key));
    const char *copied_rows = dump_of(test, beside.db);
    Error err = ERROR_NONE;
    if (!journal_rebuild(beside.db, NULL, true, NULL, &err)) /* derived rows fit the entries */
        test_db_fail(&err, "journal_rebuild");
    assert_string_equal(dump_of(test, beside.db), copied_rows);
    close_beside(&beside);
}

static void test_a_failed_copy_leaves_nothing(TestDb *test)
{
    Beside beside;
    Copied copied;
    Error err = ERROR_NONE;
    test_story(test, 1, 10);
    open_beside(test, &beside);
    const char *before = dump_of(test, beside.db);
    db_fail_statement(beside.db, 60);
    assert_false(db_copy(test->db, beside.db, beside.arena, &copied, &err));
    assert_string_equal(dump_of(test, beside.db), before);
    err = ERROR_NONE;
    copy(test, &beside, &copied);
    close_beside(&beside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_a_copy_holds_the_same),
        test_each_engine(test_a_copy_comes_back),
        test_each_engine(test_nothing_is_copied_over_rows),
        test_each_engine(test_a_copy_is_of_one_moment),
        test_each_engine(test_a_failed_copy_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
