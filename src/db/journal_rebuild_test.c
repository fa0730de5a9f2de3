/*
 * journal_rebuild_test.c - derived tables are a function of the journal: dropped and replayed,
 * however often interrupted and whatever is written meanwhile, they hold the same rows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>

#include "test_db.h"
#include "test_journal.h"

static int rebuild(TestDb *test, const char *reader, bool is_forced)
{
    Error err = ERROR_NONE;
    int rebuilt = -1;
    if (!journal_rebuild(test->db, reader, is_forced, &rebuilt, &err))
        test_db_fail(&err, "journal_rebuild");
    return rebuilt;
}

/* Goes on with other readers, as a later program would. */
static void restart_with(TestDb *test, const JournalReader *const *readers)
{
    test->options.readers = readers;
    test_db_reopen(test);
}

/* ---- when ------------------------------------------------------------------------------------ */

static void test_a_rebuild_gives_the_same_rows(TestDb *test)
{
    JournalKey *key = test_key(test);
    test_story(test, 1, 30);
    test_seal(test, key, 17); /* part of the journal has positions, part has none */
    const char *before = test_dump(test);
    assert_int_equal(rebuild(test, NULL, true), 2);
    assert_string_equal(test_dump(test), before);
    test_story(test, 31, 50);
    const char *later = test_dump(test);
    assert_int_equal(rebuild(test, NULL, true), 2);
    assert_string_equal(test_dump(test), later);
}

static void test_only_what_is_due_is_rebuilt(TestDb *test)
{
    test_story(test, 1, 10);
    assert_int_equal(rebuild(test, NULL, false), 2); /* no version is known yet */
    assert_int_equal(rebuild(test, NULL, false), 0);
    assert_int_equal(rebuild(test, "test.counter", false), 0);
    assert_int_equal(rebuild(test, "test.counter", true), 1);
    assert_int_equal(rebuild(test, NULL, true), 2);
}

static void test_an_unknown_reader_is_refused(TestDb *test)
{
    Error err = ERROR_NONE;
    assert_false(journal_rebuild(test->db, "test.nobody", true, NULL, &err));
    assert_string_equal(err.code, "journal.no_such_reader");
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

static void test_rows_that_were_tampered_with_are_mended(TestDb *test)
{
    test_journal_in_file(test);
    test_story(test, 1, 30);
    const char *before = test_dump(test);
    test_sql(test, "UPDATE counter SET total = total + 5 WHERE name = 'dossier.filed'");
    test_sql(test, "DELETE FROM dossier_access WHERE dossier = 2");
    test_sql(test, "INSERT INTO dossier_access (tenant, unit, due_at, dossier)"
                   " VALUES (7, 1, 1, 999)");
    assert_string_not_equal(test_dump(test), before);
    rebuild(test, NULL, true);
    assert_string_equal(test_dump(test), before);
}

static void test_a_new_version_rebuilds_its_reader_alone(TestDb *test)
{
    static const char *const fewer[] = {"dossier.filed", NULL};
    JournalReader changed = test_access_reader;
    const JournalReader *const readers[] = {&changed, &test_counter_reader, NULL};
    changed.version = 2;
    changed.kinds = fewer;
    test_journal_in_file(test);
    test_story(test, 1, 30);
    rebuild(test, NULL, false);
    const char *before = test_dump(test);
    assert_null(strstr(before, "dossier=1 ")); /* completed */

    restart_with(test, readers);
    assert_int_equal(rebuild(test, NULL, false), 1);
    assert_non_null(strstr(test_dump(test), "dossier=1 "));
    assert_int_equal(rebuild(test, NULL, false), 0);
    restart_with(test, test_readers);
    assert_int_equal(rebuild(test, NULL, false), 1);
    assert_string_equal(test_dump(test), before);
}

/* ---- interrupted ----------------------------------------------------------------------------- */

/* A statement fails at a random place; what follows may be the same program or a restarted one. */
static int rebuild_with_interruptions(TestDb *test, unsigned *seed)
{
    for (int interruptions = 0; interruptions < 1000; interruptions++) {
        Error err = ERROR_NONE;
        db_fail_statement(test->db, 1 + rand_r(seed) % 900);
        bool is_done = journal_rebuild(test->db, NULL, false, NULL, &err);
        db_fail_statement(test->db, 0);
        if (is_done)
            return interruptions;
    }
    fail_msg("the rebuild never ends");
    return 0;
}

static void test_an_interrupted_rebuild_goes_on(TestDb *test)
{
    test_journal_in_file(test);
    JournalKey *key = test_key(test);
    test_many(test, 1, 1600);
    while (test_seal(test, key, 700) > 0)
        ;
    test_story(test, 8001, 8100);
    const char *before = test_dump(test);
    int interruptions = 0;
    unsigned seed = 4711;
    for (int round = 0; round < 4; round++) {
        test_sql(test, "DELETE FROM journal_reader");
        interruptions += rebuild_with_interruptions(test, &seed);
        assert_string_equal(test_dump(test), before);
        assert_int_equal(rebuild(test, NULL, false), 0);
    }
    assert_true(interruptions > 8);
}

/* Entries written between the interruption and the end are applied once, by whoever's turn it is.
 */
static void test_entries_beside_an_interrupted_rebuild_are_applied_once(TestDb *test)
{
    test_journal_in_file(test);
    JournalKey *key = test_key(test);
    test_many(test, 100000, 1200);
    while (test_seal(test, key, 1000) > 0)
        ;
    unsigned seed = 17;
    int story = 0;
    for (int round = 0; round < 3; round++) {
        bool is_done = false;
        test_sql(test, "DELETE FROM journal_reader");
        while (!is_done) {
            Error err = ERROR_NONE;
            db_fail_statement(test->db, 1 + rand_r(&seed) % 1500);
            is_done = journal_rebuild(test->db, NULL, false, NULL, &err);
            db_fail_statement(test->db, 0);
            test_story(test, story + 1, story + 6);
            story += 6;
            if (rand_r(&seed) % 2)
                test_seal(test, key, 4);
        }
        const char *rows = test_dump(test);
        rebuild(test, NULL, true);
        assert_string_equal(test_dump(test), rows);
    }
}

/* Version 2 wants less: rows of what the interrupted version 1 had replayed must not stay. */
static void test_a_rebuild_for_an_older_version_starts_again(TestDb *test)
{
    static const char *const none[] = {"dossier.completed", NULL};
    test_journal_in_file(test);
    JournalKey *key = test_key(test);
    test_many(test, 1, 1200);
    while (test_seal(test, key, 1000) > 0)
        ;
    test_sql(test, "DELETE FROM journal_reader");
    Error err = ERROR_NONE;
    db_fail_statement(test->db, 700); /* in the second batch of the first reader */
    assert_false(journal_rebuild(test->db, NULL, false, NULL, &err));
    JournalReader next = test_access_reader;
    const JournalReader *const readers[] = {&next, &test_counter_reader, NULL};
    next.version = 2;
    next.kinds = none;
    assert_non_null(strstr(test_dump(test), "dossier_access "));
    restart_with(test, readers);
    assert_int_equal(rebuild(test, NULL, false), 2);
    assert_null(strstr(test_dump(test), "dossier_access "));
}

/* ---- beside writers -------------------------------------------------------------------------- */

enum { WRITERS = 3, EACH = 80 };

typedef struct Crowd {
    TestDb *test;
    const JournalKey *key;
    int number;
    _Atomic int *running;
    _Atomic int *failures;
} Crowd;

typedef struct Story {
    Id dossier;
    int64_t version;
} Story;

static bool write_step(Tx *tx, void *data, Error *err)
{
    static const char *const kinds[] = {"dossier.filed", "dossier.accepted", "dossier.completed"};
    const Story *story = data;
    JournalEntry entry = {.tenant = TENANT,
                          .dossier = story->dossier,
                          .version = story->version,
                          .kind = kinds[story->version - 1],
                          .actor_kind = "officer",
                          .unit = 2,
                          .data = "{}"};
    return journal_append(tx, &entry, err);
}

static void *write_stories(void *data)
{
    Crowd *one = data;
    Arena *arena = arena_create(0);
    for (int i = 0; i < EACH; i++) {
        Error err = ERROR_NONE;
        Story story = {.dossier = one->number * 1000 + i / 3 + 1, .version = i % 3 + 1};
        if (!db_write(one->test->db, arena, write_step, &story, &err))
            atomic_fetch_add(one->failures, 1);
    }
    arena_destroy(arena);
    atomic_fetch_sub(one->running, 1);
    return NULL;
}

static void *seal_all(void *data)
{
    Crowd *one = data;
    while (atomic_load(one->running) > 0) {
        Error err = ERROR_NONE;
        if (!journal_seal(one->test->db, one->key, "test:1", 15, NULL, &err))
            atomic_fetch_add(one->failures, 1);
    }
    return NULL;
}

static void test_a_rebuild_beside_writers_neither_misses_nor_repeats(TestDb *test)
{
    JournalKey *key = test_key(test);
    test_many(test, 100000, 700);
    while (test_seal(test, key, 1000) > 0)
        ;
    _Atomic int running = WRITERS, failures = 0;
    pthread_t threads[WRITERS + 1];
    Crowd crowd[WRITERS + 1];
    for (int i = 0; i <= WRITERS; i++) {
        crowd[i] = (Crowd){test, key, i, &running, &failures};
        pthread_create(&threads[i], NULL, i < WRITERS ? write_stories : seal_all, &crowd[i]);
    }
    int rebuilt = 0;
    do
        rebuilt += rebuild(test, NULL, true);
    while (atomic_load(&running) > 0);
    for (int i = 0; i <= WRITERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(failures, 0);
    assert_true(rebuilt >= 2);
    const char *rows = test_dump(test);
    rebuild(test, NULL, true); /* with nobody beside it */
    assert_string_equal(test_dump(test), rows);
    assert_non_null(strstr(rows, arena_printf(test->arena,
                                              "name=\"dossier.filed\" officer=0 tenant=7 total=%d ",
                                              700 + WRITERS * ((EACH + 2) / 3))));
}

/* ---- one writer, held up --------------------------------------------------------------------- */

static void *append_in_thread(void *data)
{
    test_entry(data, "dossier.filed", 1, 1);
    return NULL;
}

static void *rebuild_in_thread(void *data)
{
    rebuild(data, "test.counter", true);
    return NULL;
}

/* The counter's delta of an entry is written when its batch ends; a rebuild that began in the same
 * batch would clear before that, and count the entry again. */
static void test_a_rebuild_behind_an_append_counts_it_once(TestDb *test)
{
    pthread_t append, rebuilding;
    test_hold_writer(test, 2);
    pthread_create(&append, NULL, append_in_thread, test);
    test_wait_for_queue(test->db, 1);
    pthread_create(&rebuilding, NULL, rebuild_in_thread, test);
    pthread_join(append, NULL);
    pthread_join(rebuilding, NULL);
    assert_non_null(strstr(test_dump(test), "name=\"dossier.filed\" officer=0 tenant=7 total=1 "));
}

/* ---- a writer that is overtaken (PostgreSQL) ------------------------------------------------- */

typedef struct Slow {
    TestDb *test;
    _Atomic bool has_appended, is_rebuilt;
    _Atomic int runs;
} Slow;

/* Appends while the reader is being rebuilt, and commits when that has ended. */
static bool append_slowly(Tx *tx, void *data, Error *err)
{
    Slow *slow = data;
    JournalEntry entry = {.tenant = TENANT,
                          .dossier = 1,
                          .version = 1,
                          .kind = "dossier.filed",
                          .actor_kind = "officer",
                          .unit = 2,
                          .data = "{}"};
    if (!journal_append(tx, &entry, err))
        return false;
    atomic_fetch_add(&slow->runs, 1);
    atomic_store(&slow->has_appended, true);
    while (!atomic_load(&slow->is_rebuilt))
        test_sleep_ms(1);
    return true;
}

static void *append_slowly_in_thread(void *data)
{
    Slow *slow = data;
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    if (!db_write(slow->test->db, arena, append_slowly, slow, &err))
        test_db_fail(&err, "append_slowly");
    arena_destroy(arena);
    return NULL;
}

static const JournalReader *const access_alone[] = {&test_access_reader, NULL};

static void test_a_writer_that_is_overtaken_by_the_last_batch_runs_again(TestDb *test)
{
    test_many(test, 100000, 700);
    Error err = ERROR_NONE;
    db_fail_statement(test->db, 100); /* interrupted: the reader is not whole */
    assert_false(journal_rebuild(test->db, NULL, true, NULL, &err));
    pthread_t thread;
    Slow slow = {.test = test};
    pthread_create(&thread, NULL, append_slowly_in_thread, &slow);
    while (!atomic_load(&slow.has_appended))
        test_sleep_ms(1);
    rebuild(test, NULL, false);
    atomic_store(&slow.is_rebuilt, true);
    pthread_join(thread, NULL);
    assert_true(slow.runs > 1);
    const char *rows = test_dump(test);
    assert_non_null(strstr(rows, "dossier=1 "));
    rebuild(test, NULL, true);
    assert_string_equal(test_dump(test), rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine_with(test_a_rebuild_gives_the_same_rows, .readers = test_readers),
        test_each_engine_with(test_only_what_is_due_is_rebuilt, .readers = test_readers),
        test_each_engine_with(test_an_unknown_reader_is_refused, .readers = test_readers),
        test_each_engine_with(test_rows_that_were_tampered_with_are_mended,
                              .readers = test_readers),
        test_each_engine_with(test_a_new_version_rebuilds_its_reader_alone,
                              .readers = test_readers),
        test_each_engine_with(test_an_interrupted_rebuild_goes_on, .readers = test_readers),
        test_each_engine_with(test_entries_beside_an_interrupted_rebuild_are_applied_once,
                              .readers = test_readers),
        test_each_engine_with(test_a_rebuild_for_an_older_version_starts_again,
                              .readers = test_readers),
        test_each_engine_with(test_a_rebuild_beside_writers_neither_misses_nor_repeats,
                              .readers = test_readers),
        test_each_engine_with(test_a_rebuild_behind_an_append_counts_it_once,
                              .readers = test_readers, .writers = 1),
        test_on_engine(test_a_writer_that_is_overtaken_by_the_last_batch_runs_again, " on postgres",
                       DB_POSTGRES, .readers = access_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
