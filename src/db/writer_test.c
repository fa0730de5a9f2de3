/* writer_test.c - group commit, refusal, undoing, hooks, deltas, the queue; on both databases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_db.h"
#include "test_lease.h"

static DbStatistics since(TestDb *test, DbStatistics before)
{
    DbStatistics now = db_statistics(test->db);
    now.commands -= before.commands;
    now.commits -= before.commits;
    now.rows -= before.rows;
    now.rollbacks -= before.rollbacks;
    now.retries -= before.retries;
    return now;
}

/* ---- batches --------------------------------------------------------------------------------- */

static void test_a_batch_is_one_commit(TestDb *test)
{
    LeaseWork works[] = {{.name = "a", .number = 1},
                         {.name = "b", .number = 2},
                         {.name = "c", .number = 3},
                         {.name = "d", .number = 4}};
    DbStatistics before = db_statistics(test->db);
    lease_batch(test, works, 4);
    DbStatistics after = since(test, before);
    assert_int_equal(after.commits, 1);
    assert_int_equal(after.commands, 5); /* and the gate */
    assert_int_equal(after.rows, 4);
    assert_int_equal(after.rollbacks, 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(works[i].runs, 1);
        assert_int_equal(works[i].done, 1);
        assert_null(works[i].code);
        assert_int_equal(lease_now(test, works[i].name), works[i].number);
    }
}

static void test_a_batch_has_a_limit(TestDb *test)
{
    LeaseWork works[7] = {{0}};
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g"};
    for (size_t i = 0; i < 7; i++)
        works[i].name = names[i];
    DbStatistics before = db_statistics(test->db);
    lease_batch(test, works, 7);
    assert_int_equal(since(test, before).commits, 3); /* of 3, 3 and 1 */
    assert_int_equal(lease_now(test, NULL), 7);
}

static void test_a_refusal_leaves_the_others_alone(TestDb *test)
{
    LeaseWork works[] = {{.name = "a"}, {.name = "b", .refuses = true}, {.name = "c"}};
    DbStatistics before = db_statistics(test->db);
    lease_batch(test, works, 3);
    DbStatistics after = since(test, before);
    assert_int_equal(after.commits, 1);
    assert_int_equal(after.rollbacks, 0);
    assert_int_equal(after.commands, 3);
    assert_null(works[0].code);
    assert_string_equal(works[1].code, "test.refused");
    assert_null(works[2].code);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(works[i].runs, 1);
    assert_int_equal(lease_now(test, NULL), 2);
}

static void test_all_refused_commits_nothing(TestDb *test)
{
    LeaseWork works[] = {{.name = "a", .refuses = true}, {.name = "b", .refuses = true}};
    DbStatistics before = db_statistics(test->db);
    lease_batch(test, works, 2);
    assert_int_equal(since(test, before).commits, 0);
    assert_string_equal(works[0].code, "test.refused");
    assert_string_equal(works[1].code, "test.refused");
}

static void test_a_failure_after_a_write_runs_the_batch_singly(TestDb *test)
{
    LeaseWork works[] = {{.name = "a"}, {.name = "b", .fails_late = true}, {.name = "c"}};
    DbStatistics before = db_statistics(test->db);
    lease_batch(test, works, 3);
    DbStatistics after = since(test, before);
    assert_int_equal(after.commits, 2);
    assert_int_equal(after.rollbacks, 2); /* the batch, then b by itself */
    assert_null(works[0].code);
    assert_string_equal(works[1].code, "test.late");
    assert_null(works[2].code);
    assert_int_equal(works[0].runs, 2);
    assert_int_equal(works[2].runs, 1); /* the batch stopped before it */
    assert_int_equal(works[1].done, 1);
    assert_int_equal(lease_now(test, "a"), 0);
    assert_int_equal(lease_now(test, "b"), -1);
    assert_int_equal(lease_now(test, "c"), 0);
}

static void test_two_of_one_name_conflict_and_the_first_wins(TestDb *test)
{
    LeaseWork works[] = {{.name = "a", .number = 1}, {.name = "a", .number = 2}};
    lease_batch(test, works, 2);
    assert_null(works[0].code);
    assert_string_equal(works[1].code, "db.conflict");
    assert_int_equal(lease_now(test, "a"), 1);
}

static void test_a_swallowed_failure_is_a_failure(TestDb *test)
{
    LeaseWork works[] = {{.name = "a", .number = 1}, {.name = "a", .ignores = true}};
    Error err = ERROR_NONE;
    assert_true(db_write(test->db, test->arena, lease_work, &works[0], &err));
    assert_false(db_write(test->db, test->arena, lease_work, &works[1], &err));
    assert_string_equal(err.code, "db.conflict");
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.detail, "lease_put"));
}

static bool fail_without_error(Tx *tx, void *data, Error *err)
{
    (void)tx, (void)data, (void)err;
    return false;
}

static void test_a_failure_without_an_error_gets_one(TestDb *test)
{
    Error err = ERROR_NONE;
    assert_false(db_write(test->db, test->arena, fail_without_error, NULL, &err));
    assert_string_equal(err.code, "db.failed");
}

/* ---- the transaction ------------------------------------------------------------------------- */

typedef struct Look {
    Id ids[3];
    Instant now;
    Db *db;
    DbEngine engine;
    size_t arena_used;
} Look;

static bool look_around(Tx *tx, void *data, Error *err)
{
    (void)err;
    Look *look = data;
    for (size_t i = 0; i < 3; i++)
        look->ids[i] = tx_new_id(tx);
    look->now = tx_now(tx);
    look->db = tx_db(tx);
    look->engine = db_conn_engine(tx_conn(tx));
    look->arena_used = arena_used(tx_arena(tx));
    arena_alloc(tx_arena(tx), 5000);
    return true;
}

static void test_a_tx_has_time_ids_and_memory(TestDb *test)
{
    Look look = {0};
    Error err = ERROR_NONE;
    for (int i = 0; i < 2; i++) {
        Id last = look.ids[2];
        assert_true(db_write(test->db, test->arena, look_around, &look, &err));
        assert_true(look.ids[0] > last && look.ids[1] > look.ids[0] && look.ids[2] > look.ids[1]);
        assert_int_equal(look.now, TEST_NOW);
        assert_ptr_equal(look.db, test->db);
        assert_int_equal(look.engine, db_engine(test->db));
        assert_int_equal(look.arena_used, 0); /* each run starts with an empty one */
    }
}

typedef struct Hooked {
    TestDb *test;
    LeaseWork work;
    int hooks;
    int hooks_at_done;
} Hooked;

static void count_hook(void *data)
{
    ((Hooked *)data)->hooks++;
}

static bool write_with_hook(Tx *tx, void *data, Error *err)
{
    Hooked *hooked = data;
    tx_after_commit(tx, count_hook, hooked);
    return lease_work(tx, &hooked->work, err);
}

static void note_hooks(void *data, const Error *err)
{
    Hooked *hooked = data;
    hooked->hooks_at_done = hooked->hooks;
    lease_done(&hooked->work, err);
}

static void test_hooks_run_once_after_the_commit(TestDb *test)
{
    Hooked all[] = {{.work = {.name = "a"}},
                    {.work = {.name = "b", .refuses = true}},
                    {.work = {.name = "c", .fails_late = true}},
                    {.work = {.name = "d"}}};
    Gate gate;
    sem_t ended;
    Error err = ERROR_NONE;
    sem_init(&ended, 0, 0);
    gate_close(test, &gate);
    for (size_t i = 0; i < 4; i++) {
        all[i].work.when_done = &ended;
        assert_true(db_submit(test->db, write_with_hook, &all[i], note_hooks, &err));
    }
    gate_open(&gate);
    for (size_t i = 0; i < 4; i++)
        sem_wait(&ended);
    static const int expected[] = {1, 0, 0, 1};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(all[i].hooks, expected[i]);
        assert_int_equal(all[i].hooks_at_done, expected[i]); /* before it was answered */
    }
}

static void test_no_hook_when_the_commit_fails(TestDb *test)
{
    Hooked hooked = {.work = {.name = "a"}};
    Error err = ERROR_NONE;
    db_fail_statement(test->db, 2); /* the insert, then the commit */
    assert_false(db_write(test->db, test->arena, write_with_hook, &hooked, &err));
    assert_int_equal(hooked.hooks, 0);
    assert_int_equal(lease_now(test, NULL), 0);
}

/* ---- deltas ---------------------------------------------------------------------------------- */

/* Each flush writes one row, "key#n", so that the number of flushes shows. */
static bool flush_sum(Tx *tx, const char *key, const int64_t *sums, size_t count, Error *err)
{
    const char *name = arena_printf(tx_arena(tx), "%s/%zu", key, count);
    return lease_put(tx_conn(tx), name, sums[0] + (count > 1 ? 1000 * sums[1] : 0), err);
}

static bool flush_other(Tx *tx, const char *key, const int64_t *sums, size_t count, Error *err)
{
    (void)count;
    return lease_put(tx_conn(tx), arena_printf(tx_arena(tx), "other %s", key), sums[0], err);
}

static bool write_with_delta(Tx *tx, void *data, Error *err)
{
    LeaseWork *work = data;
    const int64_t sums[] = {work->number, 1};
    char key[] = "day";
    tx_add_delta(tx, flush_sum, key, sums, 2);
    tx_add_delta(tx, flush_other, key, sums, 1);
    memset(key, 'x', sizeof key - 1); /* the key was copied */
    return lease_work(tx, work, err);
}

static void submit_deltas(TestDb *test, LeaseWork *works, size_t count)
{
    Gate gate;
    sem_t ended;
    Error err = ERROR_NONE;
    sem_init(&ended, 0, 0);
    gate_close(test, &gate);
    for (size_t i = 0; i < count; i++) {
        works[i].when_done = &ended;
        assert_true(db_submit(test->db, write_with_delta, &works[i], lease_done, &err));
    }
    gate_open(&gate);
    for (size_t i = 0; i < count; i++)
        sem_wait(&ended);
}

static void test_deltas_are_summed_over_the_batch(TestDb *test)
{
    LeaseWork works[] = {{.name = "a", .number = 5},
                         {.name = "b", .number = 7},
                         {.name = "c", .number = 100, .refuses = true},
                         {.name = "d", .number = -2}};
    submit_deltas(test, works, 4);
    assert_int_equal(lease_now(test, "day/2"), 10 + 3 * 1000);
    assert_int_equal(lease_now(test, "other day"), 10);
    assert_int_equal(lease_now(test, NULL), 5); /* three commands, two sums */
}

static void test_a_failed_command_takes_its_deltas_along(TestDb *test)
{
    /* Run singly, each flushes for itself: the second row of a name conflicts and undoes only d. */
    LeaseWork works[] = {{.name = "a", .number = 5},
                         {.name = "c", .number = 100, .fails_late = true},
                         {.name = "d", .number = 2}};
    submit_deltas(test, works, 3);
    assert_null(works[0].code);
    assert_string_equal(works[1].code, "test.late");
    assert_string_equal(works[2].code, "db.conflict");
    assert_int_equal(lease_now(test, "day/2"), 1005);
    assert_int_equal(lease_now(test, "d"), -1);
}

static bool flush_failing(Tx *tx, const char *key, const int64_t *sums, size_t count, Error *err)
{
    (void)tx, (void)key, (void)sums, (void)count;
    return error_set(err, ERROR_INTERNAL, .code = "test.flush");
}

static bool write_with_bad_delta(Tx *tx, void *data, Error *err)
{
    const int64_t one = 1;
    tx_add_delta(tx, flush_failing, "key", &one, 1);
    return lease_work(tx, data, err);
}

static void test_a_failing_flush_undoes_the_command(TestDb *test)
{
    LeaseWork work = {.name = "a"};
    Error err = ERROR_NONE;
    assert_false(db_write(test->db, test->arena, write_with_bad_delta, &work, &err));
    assert_string_equal(err.code, "test.flush");
    assert_int_equal(lease_now(test, NULL), 0);
}

static bool only_delta(Tx *tx, void *data, Error *err)
{
    (void)err;
    tx_add_delta(tx, flush_other, "sum", data, 1);
    return true;
}

static void test_a_delta_alone_is_committed(TestDb *test)
{
    int64_t seven = 7;
    Error err = ERROR_NONE;
    DbStatistics before = db_statistics(test->db);
    assert_true(db_write(test->db, test->arena, only_delta, &seven, &err));
    assert_int_equal(since(test, before).commits, 1);
    assert_int_equal(lease_now(test, "other sum"), 7);
}

/* ---- failing at every point ------------------------------------------------------------------ */

static bool write_five(Tx *tx, void *data, Error *err)
{
    const int64_t sums[] = {1, 2};
    static const char *const names[] = {"a", "b", "c"};
    int64_t found = 0;
    (void)data;
    tx_add_delta(tx, flush_sum, "k", sums, 2);
    for (size_t i = 0; i < 3; i++)
        if (!lease_put(tx_conn(tx), names[i], 1, err) ||
            !lease_get(tx_conn(tx), names[i], &found, err))
            return false;
    return lease_add(tx_conn(tx), "a", 1, err);
}

static void test_nothing_is_left_whichever_statement_fails(TestDb *test)
{
    enum { STATEMENTS = 3 * 2 + 1 + 1 + 1 }; /* with the delta and the commit */
    for (int n = 1; n <= STATEMENTS; n++) {
        Error err = ERROR_NONE;
        assert_int_equal(db_fail_statement(test->db, n), 0);
        assert_false(db_write(test->db, test->arena, write_five, NULL, &err));
        assert_string_equal(err.code, "db.failed");
        assert_non_null(strstr(err.detail, "made to fail"));
        assert_int_equal(lease_now(test, NULL), 0);
    }
    Error err = ERROR_NONE;
    assert_int_equal(db_fail_statement(test->db, STATEMENTS + 1), 0);
    assert_true(db_write(test->db, test->arena, write_five, NULL, &err));
    assert_int_equal(db_fail_statement(test->db, 0), 1);
    assert_int_equal(lease_now(test, NULL), 4);
}

/* ---- the queue ------------------------------------------------------------------------------- */

static void test_a_full_queue_refuses(TestDb *test)
{
    LeaseWork works[4] = {{.name = "a"}, {.name = "b"}, {.name = "c"}, {.name = "d"}};
    Gate gate;
    sem_t ended;
    sem_init(&ended, 0, 0);
    gate_close(test, &gate);
    for (size_t i = 0; i < 4; i++) {
        Error err = ERROR_NONE;
        works[i].when_done = &ended;
        bool is_taken = db_submit(test->db, lease_work, &works[i], lease_done, &err);
        assert_int_equal(is_taken, i < 3);
        if (!is_taken) {
            assert_int_equal(err.kind, ERROR_UNAVAILABLE);
            assert_string_equal(err.code, "db.queue_full");
        }
    }
    assert_int_equal(db_statistics(test->db).queue_length, 3);
    gate_open(&gate);
    for (size_t i = 0; i < 3; i++)
        sem_wait(&ended);
    assert_int_equal(works[3].done, 0);
    assert_int_equal(lease_now(test, NULL), 3);
}

static void *open_later(void *data)
{
    usleep(20 * 1000);
    sem_post(&((Gate *)data)->opened);
    return NULL;
}

static void test_closing_finishes_the_queue(TestDb *test)
{
    LeaseWork works[3] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
    Gate gate;
    pthread_t opener;
    Error err = ERROR_NONE;
    gate_close(test, &gate);
    for (size_t i = 0; i < 3; i++)
        assert_true(db_submit(test->db, lease_work, &works[i], lease_done, &err));
    pthread_create(&opener, NULL, open_later, &gate);
    db_close(test->db);
    test->db = NULL;
    pthread_join(opener, NULL);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(works[i].done, 1);
        assert_null(works[i].code);
    }
}

static void test_a_command_alone_shares_with_nobody(TestDb *test)
{
    LeaseWork works[] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
    Error err = ERROR_NONE;
    DbStatistics before = db_statistics(test->db);
    for (size_t i = 0; i < 3; i++)
        assert_true(
            db_write_alone(test->db, test->arena, DB_READ_COMMITTED, lease_work, &works[i], &err));
    assert_int_equal(since(test, before).commits, 3);
    assert_int_equal(lease_now(test, NULL), 3);
}

/* ---- many at once ---------------------------------------------------------------------------- */

enum { THREADS = 8, ROUNDS = 25 };

static bool read_and_add(Tx *tx, void *data, Error *err)
{
    (void)data;
    DbConn *conn = tx_conn(tx);
    int64_t sum = 0;
    /* Read, think, write: right only if nobody wrote in between. */
    if (!lease_get(conn, "sum", &sum, err))
        return false;
    const DbValue values[] = {db_text("sum"), db_int(sum + 1)};
    static const Statement set = {.name = "lease_set",
                                  .sqlite = "UPDATE lease SET fence = ?2 WHERE name = ?1",
                                  .postgres = "UPDATE lease SET fence = $2 WHERE name = $1",
                                  .is_write = true,
                                  .param_count = 2,
                                  .params = LEASE_PARAMS};
    int64_t changed = 0;
    return db_run(conn, &set, values, NULL, NULL, &changed, err) &&
           (changed == 1 || error_set(err, ERROR_INTERNAL, .code = "test.lost"));
}

static void *add_repeatedly(void *data)
{
    TestDb *test = data;
    Arena *arena = arena_create(0);
    intptr_t failed = 0;
    for (int i = 0; i < ROUNDS; i++) {
        Error err = ERROR_NONE;
        if (!db_write(test->db, arena, read_and_add, NULL, &err)) {
            print_message("%s: %s\n", err.code, err.detail);
            failed++;
        }
    }
    arena_destroy(arena);
    return (void *)failed;
}

static void test_concurrent_increments_are_exact(TestDb *test)
{
    pthread_t threads[THREADS];
    LeaseWork sum = {.name = "sum", .number = 0};
    Error err = ERROR_NONE;
    assert_true(db_write(test->db, test->arena, lease_work, &sum, &err));
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, add_repeatedly, test);
    for (int i = 0; i < THREADS; i++) {
        void *failed = NULL;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(lease_now(test, "sum"), THREADS * ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine_with(test_a_batch_is_one_commit, .writers = 1),
        test_each_engine_with(test_a_batch_has_a_limit, .writers = 1, .batch_limit = 3),
        test_each_engine_with(test_a_refusal_leaves_the_others_alone, .writers = 1),
        test_each_engine_with(test_all_refused_commits_nothing, .writers = 1),
        test_each_engine_with(test_a_failure_after_a_write_runs_the_batch_singly, .writers = 1),
        test_each_engine_with(test_two_of_one_name_conflict_and_the_first_wins, .writers = 1),
        test_each_engine(test_a_swallowed_failure_is_a_failure),
        test_each_engine(test_a_failure_without_an_error_gets_one),
        test_each_engine(test_a_tx_has_time_ids_and_memory),
        test_each_engine_with(test_hooks_run_once_after_the_commit, .writers = 1),
        test_each_engine(test_no_hook_when_the_commit_fails),
        test_each_engine_with(test_deltas_are_summed_over_the_batch, .writers = 1),
        test_each_engine_with(test_a_failed_command_takes_its_deltas_along, .writers = 1),
        test_each_engine(test_a_failing_flush_undoes_the_command),
        test_each_engine(test_a_delta_alone_is_committed),
        test_each_engine(test_nothing_is_left_whichever_statement_fails),
        test_each_engine_with(test_a_full_queue_refuses, .writers = 1, .queue_limit = 3),
        test_each_engine_with(test_closing_finishes_the_queue, .writers = 1),
        test_each_engine(test_a_command_alone_shares_with_nobody),
        test_each_engine(test_concurrent_increments_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
