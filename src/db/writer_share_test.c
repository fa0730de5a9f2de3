/* writer_share_test.c - what commands of one batch share: announced reads, numbers, statements. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_db.h"
#include "test_lease.h"

typedef bool (*Submit)(TestDb *test, LeaseWork *work, Error *err);

/* All of them as one batch. */
static void run_batch(TestDb *test, Submit submit, LeaseWork *works, size_t count)
{
    Gate gate;
    sem_t ended;
    Error err = ERROR_NONE;
    sem_init(&ended, 0, 0);
    gate_close(test, &gate);
    for (size_t i = 0; i < count; i++) {
        works[i].when_done = &ended;
        assert_true(submit(test, &works[i], &err));
    }
    gate_open(&gate);
    for (size_t i = 0; i < count; i++)
        sem_wait(&ended);
}

static void put(TestDb *test, const char *name, int64_t number)
{
    LeaseWork work = {.name = name, .number = number};
    Error err = ERROR_NONE;
    assert_true(db_write(test->db, test->arena, lease_work, &work, &err));
}

/* ---- announced reads ------------------------------------------------------------------------- */

static void expect_name(Tx *tx, void *data)
{
    int64_t number;
    (void)!lease_get(tx_conn(tx), ((LeaseWork *)data)->name, &number, NULL);
}

/* A row whose name is what was read, and one more: a second command that read the same collides. */
static bool put_successor(Tx *tx, void *data, Error *err)
{
    LeaseWork *work = data;
    int64_t number = 0;
    work->runs++;
    if (!lease_get(tx_conn(tx), work->name, &number, err))
        return false;
    work->number = number;
    const char *next = arena_printf(tx_arena(tx), "%s after %d", work->name, (int)number);
    return lease_put(tx_conn(tx), next, number + 1, err);
}

static bool submit_successor(TestDb *test, LeaseWork *work, Error *err)
{
    return db_submit_expecting(test->db, expect_name, put_successor, work, lease_done, err);
}

static void test_each_command_gets_its_own_answer(TestDb *test)
{
    LeaseWork works[] = {{.name = "b"}, {.name = "none"}, {.name = "a"}};
    put(test, "a", 11);
    put(test, "b", 22);
    run_batch(test, submit_successor, works, 3);
    for (size_t i = 0; i < 3; i++)
        assert_null(works[i].code);
    assert_int_equal(works[0].number, 22);
    assert_int_equal(works[2].number, 11);
    assert_int_equal(lease_now(test, "a after 11"), 12);
    assert_int_equal(lease_now(test, "b after 22"), 23);
}

static void test_two_that_read_the_same_collide(TestDb *test)
{
    LeaseWork works[] = {{.name = "a"}, {.name = "b"}, {.name = "a"}};
    put(test, "a", 1);
    put(test, "b", 5);
    run_batch(test, submit_successor, works, 3);
    assert_null(works[0].code);
    assert_null(works[1].code);
    assert_string_equal(works[2].code, "db.conflict");
    assert_int_equal(lease_now(test, "a after 1"), 2);
    assert_int_equal(lease_now(test, NULL), 4);
}

/* The answer is for the first such read alone: the second sees what the command itself wrote. */
static bool read_twice(Tx *tx, void *data, Error *err)
{
    LeaseWork *work = data;
    int64_t first = 0;
    return lease_get(tx_conn(tx), work->name, &first, err) &&
           lease_put(tx_conn(tx), work->name, 7, err) &&
           lease_get(tx_conn(tx), work->name, &work->number, err);
}

static void test_an_answer_is_given_once(TestDb *test)
{
    LeaseWork work = {.name = "new"};
    sem_t ended;
    Error err = ERROR_NONE;
    sem_init(&ended, 0, 0);
    work.when_done = &ended;
    assert_true(db_submit_expecting(test->db, expect_name, read_twice, &work, lease_done, &err));
    sem_wait(&ended);
    assert_null(work.code);
    assert_int_equal(work.number, 7);
}

/* ---- numbers --------------------------------------------------------------------------------- */

static const DbType NAME_AND_MOST[] = {DB_TEXT, DB_INT};
static const DbType LAST[] = {DB_INT};

#define DRAW_TEXT(name, most) "UPDATE lease SET fence = fence + " most " WHERE name = " name
static const Statement draw_statement = {.name = "test_draw",
                                         .sqlite = DRAW_TEXT("?1", "?2") " RETURNING fence",
                                         .postgres = DRAW_TEXT("$1", "$2") " RETURNING fence",
                                         .is_write = true,
                                         .param_count = 2,
                                         .params = NAME_AND_MOST,
                                         .column_count = 1,
                                         .columns = LAST};
static const Statement back_statement = {.name = "test_give_back",
                                         .sqlite = DRAW_TEXT("?1", "?2"),
                                         .postgres = DRAW_TEXT("$1", "$2"),
                                         .is_write = true,
                                         .param_count = 2,
                                         .params = NAME_AND_MOST};

static bool take_last(void *data, const DbValue *columns)
{
    *(int64_t *)data = db_get_int(&columns[0], -1);
    return false;
}

static bool draw_most(Tx *tx, const char *key, int64_t most, int64_t *out_last, Error *err)
{
    const DbValue values[] = {db_text(key), db_int(most)};
    return db_run(tx_conn(tx), &draw_statement, values, take_last, out_last, NULL, err);
}

static bool give_back(Tx *tx, const char *key, int64_t unused, Error *err)
{
    const DbValue values[] = {db_text(key), db_int(-unused)};
    return db_run(tx_conn(tx), &back_statement, values, NULL, NULL, NULL, err);
}

static const NumberSource series = {.draw = draw_most, .give_back = give_back};

/* Puts its own row under the number that it drew; one that refuses draws none. */
static bool put_drawn(Tx *tx, void *data, Error *err)
{
    LeaseWork *work = data;
    int64_t number;
    char key[] = "series";
    if (work->refuses)
        return error_set(err, ERROR_INVALID, .code = "test.refused");
    if (!tx_draw(tx, &series, key, &number, err))
        return false;
    memset(key, 'x', sizeof key - 1); /* the key was copied */
    work->number = number;
    return lease_work(tx, work, err);
}

static bool submit_drawing(TestDb *test, LeaseWork *work, Error *err)
{
    return db_submit(test->db, put_drawn, work, lease_done, err);
}

static void test_numbers_have_no_gaps(TestDb *test)
{
    LeaseWork works[] = {{.name = "a"},
                         {.name = "b", .refuses = true},
                         {.name = "c"},
                         {.name = "d", .refuses = true}};
    put(test, "series", 100);
    run_batch(test, submit_drawing, works, 4);
    assert_int_equal(lease_now(test, "a"), 101);
    assert_int_equal(lease_now(test, "c"), 102);
    assert_int_equal(lease_now(test, "series"), 102);
    assert_int_equal(lease_now(test, NULL), 3);
}

static void test_what_is_undone_has_drawn_nothing(TestDb *test)
{
    LeaseWork works[] = {{.name = "a"}, {.name = "b", .fails_late = true}, {.name = "c"}};
    put(test, "series", 0);
    run_batch(test, submit_drawing, works, 3);
    assert_string_equal(works[1].code, "test.late");
    assert_int_equal(lease_now(test, "a"), 1);
    assert_int_equal(lease_now(test, "c"), 2);
    assert_int_equal(lease_now(test, "series"), 2);
}

/* ---- inserts of one kind --------------------------------------------------------------------- */

enum { MANY = 47 };

static bool submit_plain(TestDb *test, LeaseWork *work, Error *err)
{
    return db_submit(test->db, lease_work, work, lease_done, err);
}

static void test_every_row_of_a_batch_is_stored(TestDb *test)
{
    for (size_t count = 1; count <= MANY; count += 23) {
        LeaseWork works[MANY] = {{0}};
        DbStatistics before = db_statistics(test->db);
        for (size_t i = 0; i < count; i++)
            works[i] = (LeaseWork){.name = arena_printf(test->arena, "%zu of %zu", i, count),
                                   .number = (int64_t)i};
        run_batch(test, submit_plain, works, count);
        assert_int_equal(db_statistics(test->db).rows - before.rows, count);
        for (size_t i = 0; i < count; i++) {
            assert_null(works[i].code);
            assert_int_equal(lease_now(test, works[i].name), i);
        }
    }
}

/* Three inserts, then a statement on their table, which must find them. */
static bool put_and_add(Tx *tx, void *data, Error *err)
{
    LeaseWork *work = data;
    int64_t last = 0;
    Arena *arena = tx_arena(tx);
    for (int i = 0; i < 3; i++)
        if (!lease_put(tx_conn(tx), arena_printf(arena, "%s%d", work->name, i), i, err))
            return false;
    return draw_most(tx, arena_printf(arena, "%s2", work->name), 40, &last, err) &&
           lease_put(tx_conn(tx), work->name, last, err);
}

static bool submit_adding(TestDb *test, LeaseWork *work, Error *err)
{
    return db_submit(test->db, put_and_add, work, lease_done, err);
}

static void test_a_statement_finds_the_rows_before_it(TestDb *test)
{
    LeaseWork works[] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
    run_batch(test, submit_adding, works, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_null(works[i].code);
        assert_int_equal(lease_now(test, works[i].name), 42);
    }
    assert_int_equal(lease_now(test, NULL), 12);
}

/* ---- writes of one kind ---------------------------------------------------------------------- */

static bool add(Tx *tx, const char *name, int64_t number, Error *err)
{
    const DbValue params[] = {db_text(name), db_int(number)};
    return db_run(tx_conn(tx), &back_statement, params, NULL, NULL, NULL, err);
}

/* Inserts and updates of one table, and updates of one row: each sees those before it. */
static bool add_and_put(Tx *tx, void *data, Error *err)
{
    LeaseWork *work = data;
    const char *name = arena_printf(tx_arena(tx), "new %d", (int)work->number);
    return add(tx, "all", 1, err) && add(tx, work->name, 10, err) && add(tx, "all", 2, err) &&
           lease_put(tx_conn(tx), name, 100, err) && add(tx, name, work->number, err) &&
           add(tx, "nobody", 5, err);
}

static bool submit_add(TestDb *test, LeaseWork *work, Error *err)
{
    return db_submit(test->db, add_and_put, work, lease_done, err);
}

static void test_writes_that_wait_keep_their_order(TestDb *test)
{
    enum { COUNT = 40 };
    LeaseWork works[COUNT] = {0};
    put(test, "all", 0);
    put(test, "odd", 0);
    put(test, "even", 0);
    for (int i = 0; i < COUNT; i++)
        works[i] = (LeaseWork){.name = i % 2 ? "odd" : "even", .number = i};
    run_batch(test, submit_add, works, COUNT);
    for (int i = 0; i < COUNT; i++) {
        assert_null(works[i].code);
        assert_int_equal(lease_now(test, arena_printf(test->arena, "new %d", i)), 100 + i);
    }
    assert_int_equal(lease_now(test, "all"), 3 * COUNT);
    assert_int_equal(lease_now(test, "odd"), 10 * COUNT / 2);
    assert_int_equal(lease_now(test, "even"), 10 * COUNT / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine_with(test_each_command_gets_its_own_answer, .writers = 1),
        test_each_engine_with(test_two_that_read_the_same_collide, .writers = 1),
        test_each_engine_with(test_an_answer_is_given_once, .writers = 1),
        test_each_engine_with(test_numbers_have_no_gaps, .writers = 1),
        test_each_engine_with(test_what_is_undone_has_drawn_nothing, .writers = 1),
        test_each_engine_with(test_every_row_of_a_batch_is_stored, .writers = 1,
                              .batch_limit = MANY),
        test_each_engine_with(test_a_statement_finds_the_rows_before_it, .writers = 1),
        test_each_engine_with(test_writes_that_wait_keep_their_order, .writers = 1,
                              .batch_limit = MANY),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
