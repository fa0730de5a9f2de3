/* journal_seal_test.c - positions, leases, sealing beside writers, late commits, proofs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>

#include "test_db.h"
#include "test_journal.h"
#include "db/lease.h"

static JournalEntries read_all(TestDb *test)
{
    Error err = ERROR_NONE;
    JournalEntries entries;
    DbConn *conn = db_reader(test->db, &err);
    assert_true(journal_read(conn, test->arena, 0, 100000, &entries, &err));
    db_release(conn);
    return entries;
}

static void assert_sound(TestDb *test, const JournalKey *key, int64_t sealed)
{
    Error err = ERROR_NONE;
    JournalReport report;
    assert_true(journal_verify(test->db, key, test->arena, NULL, &report, &err));
    if (report.findings.count > 0)
        fail_msg("%s %lld: %s", report.findings.items[0].code,
                 (long long)report.findings.items[0].position, report.findings.items[0].detail);
    assert_int_equal(report.sealed, sealed);
}

static const char *seal_as(TestDb *test, const JournalKey *key, const char *owner)
{
    Error err = ERROR_NONE;
    if (journal_seal(test->db, key, owner, 100, NULL, &err))
        return NULL;
    return err.code;
}

/* ---- positions ------------------------------------------------------------------------------- */

static void test_batches_are_numbered_without_gaps(TestDb *test)
{
    JournalKey *key = test_key(test);
    test_story(test, 1, 25);
    assert_int_equal(test_seal(test, key, 10), 10);
    assert_int_equal(test_seal(test, key, 10), 10);
    assert_int_equal(test_seal(test, key, 10), 5);
    assert_int_equal(test_seal(test, key, 10), 0);
    JournalEntries entries = read_all(test);
    assert_int_equal(entries.count, 25);
    for (size_t i = 0; i < entries.count; i++) {
        assert_int_equal(entries.items[i].position, i + 1);
        assert_true(i == 0 || entries.items[i].id > entries.items[i - 1].id);
    }
    assert_sound(test, key, 25);
}

static bool append_with_id(Tx *tx, void *data, Error *err)
{
    return journal_append(tx, data, err);
}

/* Two processes whose clocks differ: the later version of a dossier has the smaller id. */
static void test_versions_of_a_dossier_stay_in_order(TestDb *test)
{
    JournalKey *key = test_key(test);
    for (int version = 1; version <= 4; version++) {
        Error err = ERROR_NONE;
        JournalEntry entry = {.id = 1000 - version,
                              .tenant = TENANT,
                              .dossier = 1,
                              .version = version,
                              .kind = "dossier.moved",
                              .actor_kind = "system",
                              .data = "{}"};
        assert_true(db_write(test->db, test->arena, append_with_id, &entry, &err));
    }
    while (test_seal(test, key, 100) > 0)
        ;
    JournalEntries entries = read_all(test);
    assert_int_equal(entries.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(entries.items[i].version, i + 1);
    assert_sound(test, key, 4);
}

static void test_all_tenants_share_one_sequence(TestDb *test)
{
    JournalKey *key = test_key(test);
    for (int i = 0; i < 6; i++) {
        Error err = ERROR_NONE;
        JournalEntry entry = {
            .tenant = 1 + i % 3, .kind = "calendar.changed", .actor_kind = "system", .data = "{}"};
        assert_true(db_write(test->db, test->arena, test_append, &entry, &err));
    }
    assert_int_equal(test_seal(test, key, 100), 6);
    JournalEntries entries = read_all(test);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(entries.items[i].tenant, 1 + i % 3);
    assert_sound(test, key, 6);
}

/* ---- the lease ------------------------------------------------------------------------------- */

static void test_one_sealer_at_a_time(TestDb *test)
{
    JournalKey *key = test_key(test);
    test_story(test, 1, 3);
    assert_null(seal_as(test, key, "a"));
    test_story(test, 4, 6);
    assert_string_equal(seal_as(test, key, "b"), "journal.lease_held");
    assert_null(seal_as(test, key, "a"));

    test_story(test, 7, 9);
    clock_set(&test->clock, TEST_NOW + 20000); /* a is silent: its lease ends */
    assert_null(seal_as(test, key, "b"));
    test_story(test, 10, 12);
    assert_string_equal(seal_as(test, key, "a"), "journal.lease_held");
    assert_sound(test, key, 9);
}

static void test_a_released_lease_passes_at_once(TestDb *test)
{
    Error err = ERROR_NONE;
    JournalKey *key = test_key(test);
    assert_true(journal_release(test->db, "a", &err)); /* nothing to release yet */
    test_story(test, 1, 3);
    assert_null(seal_as(test, key, "a"));
    test_story(test, 4, 6);
    assert_true(journal_release(test->db, "b", &err)); /* not b's */
    assert_string_equal(seal_as(test, key, "b"), "journal.lease_held");
    assert_true(journal_release(test->db, "a", &err));
    assert_null(seal_as(test, key, "b"));
    assert_sound(test, key, 6);
}

typedef struct Sealer {
    TestDb *test;
    const JournalKey *key;
    const char *answer; /* of seal_as */
} Sealer;

static void *seal_in_thread(void *data)
{
    Sealer *sealer = data;
    sealer->answer = seal_as(sealer->test, sealer->key, "a");
    return NULL;
}

/* When the sealer's write stands behind it in the queue, takes the sealer's lease: as a process of
 * the same name would that was started meanwhile. */
static bool take_over(Tx *tx, void *data, Error *err)
{
    TestDb *test = data;
    Lease lease;
    test_wait_for_queue(test->db, 1);
    return lease_take(tx, "journal.seal", "a", 10000, &lease, err);
}

static void test_a_sealer_whose_fence_is_stale_writes_nothing(TestDb *test)
{
    pthread_t thread;
    Error err = ERROR_NONE;
    Sealer sealer = {.test = test, .key = test_key(test)};
    test_story(test, 1, 3);
    assert_null(seal_as(test, sealer.key, "a"));
    test_story(test, 4, 6);
    assert_true(db_submit(test->db, take_over, test, test_hold_done, &err));
    test_wait_for_queue(test->db, 0);
    pthread_create(&thread, NULL, seal_in_thread, &sealer);
    pthread_join(thread, NULL);
    assert_string_equal(sealer.answer, "journal.lease_held");
    assert_sound(test, sealer.key, 3);
    assert_null(seal_as(test, sealer.key, "a"));
    assert_sound(test, sealer.key, 6);
}

/* Two threads of one process: both have read the same entries, one of them writes. */
static void test_one_batch_is_not_sealed_twice(TestDb *test)
{
    pthread_t threads[2];
    JournalKey *key = test_key(test);
    Sealer sealers[2] = {{.test = test, .key = key}, {.test = test, .key = key}};
    test_story(test, 1, 3);
    assert_null(seal_as(test, key, "a"));
    test_story(test, 4, 6);
    test_hold_writer(test, 2);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, seal_in_thread, &sealers[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_true(!sealers[0].answer != !sealers[1].answer);
    assert_string_equal(sealers[0].answer ? sealers[0].answer : sealers[1].answer,
                        "journal.lease_held");
    assert_sound(test, key, 6);
}

static void test_each_statement_of_a_seal_may_fail(TestDb *test)
{
    JournalKey *key = test_key(test);
    test_story(test, 1, 10);
    int n = 1;
    for (;; n++) {
        Error err = ERROR_NONE;
        db_fail_statement(test->db, n);
        bool is_sealed = journal_seal(test->db, key, "test:1", 4, NULL, &err);
        db_fail_statement(test->db, 0);
        if (is_sealed)
            break;
        assert_non_null(err.detail);
        assert_sound(test, key, 0);
    }
    assert_true(n > 5); /* lease, last seal, entries, seal, commit */
    assert_sound(test, key, 4);
    while (test_seal(test, key, 100) > 0)
        ;
}

static void test_no_seal_goes_on_from_a_damaged_one(TestDb *test)
{
    test_journal_in_file(test);
    JournalKey *key = test_key(test);
    test_story(test, 1, 7);
    test_seal(test, key, 3);
    test_sql(test, "UPDATE journal_seal SET frontier = root");
    assert_string_equal(seal_as(test, key, "test:1"), "journal.damaged");
    test_sql(test, "DELETE FROM journal_seal"); /* positions 1 to 3 are taken already */
    assert_string_equal(seal_as(test, key, "test:1"), "db.conflict");
}

/* ---- beside writers -------------------------------------------------------------------------- */

enum { WRITERS = 3, EACH = 60 };

typedef struct Crowd {
    TestDb *test;
    const JournalKey *key;
    const char *owner;
    int number;
    _Atomic int *running; /* writers that are not done */
    _Atomic int *failures;
    int sealed;
} Crowd;

static void *write_stories(void *data)
{
    Crowd *one = data;
    Arena *arena = arena_create(0);
    for (int i = 0; i < EACH; i++) {
        Error err = ERROR_NONE;
        TestMany many = {.first_dossier = one->number * 1000 + i * 2 + 1, .count = 2};
        if (!db_write(one->test->db, arena, test_append_many, &many, &err))
            atomic_fetch_add(one->failures, 1);
    }
    arena_destroy(arena);
    atomic_fetch_sub(one->running, 1);
    return NULL;
}

static void *seal_all(void *data)
{
    Crowd *one = data;
    for (bool is_last = false; !is_last;) {
        is_last = atomic_load(one->running) == 0;
        int sealed = 0;
        Error err = ERROR_NONE;
        if (!journal_seal(one->test->db, one->key, one->owner, 20, &sealed, &err) &&
            strcmp(err.code, "journal.lease_held") != 0)
            atomic_fetch_add(one->failures, 1);
        one->sealed += sealed;
        is_last = is_last && sealed == 0;
    }
    return NULL;
}

static void test_writers_and_two_sealers_at_once(TestDb *test)
{
    JournalKey *key = test_key(test);
    _Atomic int running = WRITERS, failures = 0;
    pthread_t threads[WRITERS + 2];
    Crowd crowd[WRITERS + 2];
    for (int i = 0; i < WRITERS + 2; i++) {
        crowd[i] = (Crowd){.test = test,
                           .key = key,
                           .owner = i % 2 ? "a" : "b",
                           .number = i,
                           .running = &running,
                           .failures = &failures};
        pthread_create(&threads[i], NULL, i < WRITERS ? write_stories : seal_all, &crowd[i]);
    }
    for (int i = 0; i < WRITERS + 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(failures, 0);
    int a = crowd[WRITERS].sealed, b = crowd[WRITERS + 1].sealed;
    assert_true(a == 0 || b == 0); /* the clock stands: one of them kept the lease */
    assert_int_equal(a + b, WRITERS * EACH * 2);
    assert_sound(test, key, WRITERS * EACH * 2);
}

/* A transaction that began first and commits last: its entry has the smallest id, and still gets a
 * position behind those that readers have passed. */
static void test_a_late_commit_is_not_stepped_over(TestDb *test)
{
    JournalKey *key = test_key(test);
    PGconn *late = PQconnectdb(test->url);
    PQclear(PQexec(late, "BEGIN"));
    PGresult *result =
        PQexec(late, "INSERT INTO journal (tenant, id, dossier, version, at, kind, actor_kind,"
                     " actor, unit, data) VALUES (7, 1, 500, 1, 1, 'dossier.filed', 'officer', 1,"
                     " 1, '{}')");
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    test_story(test, 1, 8);
    assert_int_equal(test_seal(test, key, 100), 8);
    PQclear(PQexec(late, "COMMIT"));
    PQfinish(late);
    test_story(test, 9, 10);
    assert_int_equal(test_seal(test, key, 100), 3);
    JournalEntries entries = read_all(test);
    assert_int_equal(entries.items[8].id, 1);
    assert_int_equal(entries.items[8].position, 9);
    assert_sound(test, key, 11);
}

/* ---- proofs ---------------------------------------------------------------------------------- */

/* Proves every entry and checks each proof as a holder of the receipt would. */
static void prove_all(TestDb *test, int64_t expected)
{
    Error err = ERROR_NONE;
    JournalEntries entries = read_all(test);
    assert_int_equal(entries.count, expected);
    DbConn *conn = db_reader(test->db, &err);
    list_each (JournalEntry, entry, &entries) {
        ArenaMark mark = arena_mark(test->arena);
        JournalProof proof;
        if (!journal_prove(conn, test->arena, entry->tenant, entry->id, &proof, &err))
            test_db_fail(&err, "journal_prove");
        assert_int_equal(proof.position, entry->position);
        uint64_t index = (uint64_t)proof.position - 1;
        assert_true(merkle_verify(&proof.leaf, index, proof.size, &proof.path, &proof.root));
        assert_non_null(strstr(proof.checkpoint, arena_printf(test->arena, "\n%llu\n",
                                                              (unsigned long long)proof.size)));
        arena_reset(test->arena, mark);
    }
    db_release(conn);
}

/* Seals of every size from 1 on: 1, 2, 3 ... so that the tree has been every size up to 130. */
static void test_every_entry_is_proven(TestDb *test)
{
    JournalKey *key = test_key(test);
    test_many(test, 1, 136);
    int64_t sealed = 0;
    for (int limit = 1; sealed < 136; limit++)
        sealed += test_seal(test, key, limit);
    prove_all(test, 136);
    test_many(test, 1000, 130);
    for (int i = 0; i < 130; i++)
        assert_int_equal(test_seal(test, key, 1), 1);
    prove_all(test, 266);
}

/* Long enough that most of a path comes from frontiers of seals. */
static void test_entries_of_a_long_journal_are_proven(TestDb *test)
{
    static const int limits[] = {700, 1, 300, 1000, 24, 1, 500, 2000};
    JournalKey *key = test_key(test);
    test_many(test, 1, 3000);
    int64_t sealed = 0;
    for (size_t i = 0; sealed < 3000; i++)
        sealed += test_seal(test, key, limits[i]);
    prove_all(test, 3000);
}

static void test_what_cannot_be_proven_is_said(TestDb *test)
{
    test_journal_in_file(test);
    JournalKey *key = test_key(test);
    Id first = test_entry(test, "dossier.filed", 1, 1);
    test_entry(test, "dossier.accepted", 1, 2);
    test_seal(test, key, 100);
    Id waiting = test_entry(test, "dossier.completed", 1, 3);
    JournalProof proof;
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    assert_true(journal_prove(conn, test->arena, TENANT, first, &proof, &err));
    assert_false(journal_prove(conn, test->arena, TENANT, waiting, &proof, &err));
    assert_string_equal(err.code, "journal.not_sealed");
    err = ERROR_NONE;
    assert_false(journal_prove(conn, test->arena, TENANT + 1, first, &proof, &err));
    assert_string_equal(err.code, "journal.no_such_entry");
    test_sql(test, "UPDATE journal SET leaf = (SELECT batch_root FROM journal_seal)"
                   " WHERE position = 2");
    err = ERROR_NONE;
    assert_false(journal_prove(conn, test->arena, TENANT, first, &proof, &err));
    assert_string_equal(err.code, "journal.damaged");
    db_release(conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_batches_are_numbered_without_gaps),
        test_each_engine(test_versions_of_a_dossier_stay_in_order),
        test_each_engine(test_all_tenants_share_one_sequence),
        test_each_engine(test_one_sealer_at_a_time),
        test_each_engine(test_a_released_lease_passes_at_once),
        test_each_engine_with(test_a_sealer_whose_fence_is_stale_writes_nothing, .writers = 1),
        test_each_engine_with(test_one_batch_is_not_sealed_twice, .writers = 1),
        test_each_engine(test_each_statement_of_a_seal_may_fail),
        test_each_engine(test_no_seal_goes_on_from_a_damaged_one),
        test_each_engine(test_writers_and_two_sealers_at_once),
        /* SQLite has one writer: nothing commits late. */
        test_on_engine(test_a_late_commit_is_not_stepped_over, " on postgres", DB_POSTGRES,
                       .writers = 0),
        test_each_engine(test_every_entry_is_proven),
        test_each_engine(test_entries_of_a_long_journal_are_proven),
        test_each_engine(test_what_cannot_be_proven_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
