/* queue_test.c - order, limits, lanes that close after a conflict and open again, closing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "db/queue.h"

static Job job(intptr_t number)
{
    return (Job){.data = (void *)number};
}

static void add(Queue *queue, intptr_t first, intptr_t last)
{
    for (intptr_t i = first; i <= last; i++)
        assert_true(queue_add(queue, job(i), NULL));
}

static void take_and_leave(Queue *queue, size_t limit, intptr_t first, intptr_t last)
{
    Job jobs[16];
    size_t count = queue_take(queue, jobs, limit);
    assert_int_equal(count, last - first + 1);
    for (size_t i = 0; i < count; i++)
        assert_int_equal((intptr_t)jobs[i].data, first + (intptr_t)i);
    queue_leave(queue, false);
}

static void test_first_come_first_served_around_the_ring(void **state)
{
    (void)state;
    Queue *queue = queue_create(5, 1);
    for (intptr_t round = 0; round < 7; round++) {
        add(queue, 10 * round + 1, 10 * round + 4);
        assert_int_equal(queue_length(queue), 4);
        take_and_leave(queue, 3, 10 * round + 1, 10 * round + 3);
        take_and_leave(queue, 3, 10 * round + 4, 10 * round + 4);
    }
    queue_destroy(queue);
}

static void test_a_full_queue_and_a_closed_one_refuse(void **state)
{
    (void)state;
    Queue *queue = queue_create(2, 1);
    add(queue, 1, 2);
    Error err = ERROR_NONE;
    assert_false(queue_add(queue, job(3), &err));
    assert_string_equal(err.code, "db.queue_full");
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    queue_close(queue);
    err = ERROR_NONE;
    assert_false(queue_add(queue, job(3), &err));
    assert_string_equal(err.code, "db.closing");
    take_and_leave(queue, 9, 1, 2);
    Job none[1];
    assert_int_equal(queue_take(queue, none, 1), 0);
    assert_int_equal(queue_take(queue, none, 1), 0);
    queue_destroy(queue);
}

static void test_who_wants_to_be_alone_is(void **state)
{
    (void)state;
    Queue *queue = queue_create(9, 1);
    add(queue, 1, 2);
    Job alone = job(3);
    alone.sharing.is_alone = true;
    assert_true(queue_add(queue, alone, NULL));
    add(queue, 4, 5);
    take_and_leave(queue, 9, 1, 2);
    take_and_leave(queue, 9, 3, 3);
    take_and_leave(queue, 9, 4, 5);
    queue_destroy(queue);
}

/* Taking would wait for ever where no lane is free; so it is done beside, and given time. */
typedef struct Taker {
    Queue *queue;
    pthread_t thread;
    _Atomic size_t taken;
    Job jobs[4];
} Taker;

static void *take(void *data)
{
    Taker *taker = data;
    taker->taken = queue_take(taker->queue, taker->jobs, 1);
    return NULL;
}

static bool has_taken(Taker *taker, bool is_expected)
{
    for (int i = 0; i < (is_expected ? 2000 : 20) && taker->taken == 0; i++)
        usleep(1000);
    return taker->taken > 0;
}

static void start_taker(Taker *taker, Queue *queue)
{
    *taker = (Taker){.queue = queue};
    pthread_create(&taker->thread, NULL, take, taker);
}

static void test_a_conflict_closes_lanes_and_calm_opens_them(void **state)
{
    (void)state;
    enum { PATIENCE = 128 }; /* doubled by the first conflict */
    Queue *queue = queue_create(1000, 2);
    Taker one, two;
    add(queue, 1, 2);
    start_taker(&one, queue);
    start_taker(&two, queue);
    assert_true(has_taken(&one, true) && has_taken(&two, true)); /* both lanes are open */
    pthread_join(one.thread, NULL);
    pthread_join(two.thread, NULL);
    queue_leave(queue, true);
    queue_leave(queue, false);

    add(queue, 3, 4);
    start_taker(&one, queue);
    assert_true(has_taken(&one, true));
    start_taker(&two, queue);
    assert_false(has_taken(&two, false)); /* waits for the only lane */
    queue_leave(queue, false);
    assert_true(has_taken(&two, true));
    pthread_join(one.thread, NULL);
    pthread_join(two.thread, NULL);
    queue_leave(queue, false);

    add(queue, 5, 4 + PATIENCE);
    for (intptr_t i = 5; i <= 4 + PATIENCE; i++)
        take_and_leave(queue, 1, i, i);
    add(queue, 900, 901);
    start_taker(&one, queue);
    start_taker(&two, queue);
    assert_true(has_taken(&one, true) && has_taken(&two, true));
    pthread_join(one.thread, NULL);
    pthread_join(two.thread, NULL);
    queue_leave(queue, false);
    queue_leave(queue, false);
    queue_destroy(queue);
}

/* With the only lane taken, the sealer's work does not wait; what stands behind it does. */
static void test_who_is_in_nobodys_way_needs_no_lane(void **state)
{
    (void)state;
    Queue *queue = queue_create(9, 1);
    Job sealing = job(2), jobs[9];
    sealing.sharing = (Sharing){.is_alone = true, .isolation = DB_READ_COMMITTED};
    add(queue, 1, 1);
    assert_true(queue_add(queue, sealing, NULL));
    add(queue, 3, 3);
    assert_int_equal(queue_take(queue, jobs, 9), 1);
    assert_true(job_needs_lane(jobs));
    Taker sealer, behind;
    start_taker(&sealer, queue);
    assert_true(has_taken(&sealer, true));
    pthread_join(sealer.thread, NULL);
    assert_int_equal((intptr_t)sealer.jobs[0].data, 2);
    assert_false(job_needs_lane(sealer.jobs));
    start_taker(&behind, queue);
    assert_false(has_taken(&behind, false));
    queue_leave(queue, false);
    assert_true(has_taken(&behind, true));
    pthread_join(behind.thread, NULL);
    assert_int_equal((intptr_t)behind.jobs[0].data, 3);
    queue_leave(queue, false);
    queue_destroy(queue);
}

static void test_closing_wakes_who_waits(void **state)
{
    (void)state;
    Queue *queue = queue_create(4, 2);
    Taker takers[3];
    for (size_t i = 0; i < 3; i++)
        start_taker(&takers[i], queue);
    usleep(5000);
    queue_close(queue);
    for (size_t i = 0; i < 3; i++) {
        pthread_join(takers[i].thread, NULL);
        assert_int_equal(takers[i].taken, 0);
    }
    queue_destroy(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_come_first_served_around_the_ring),
        cmocka_unit_test(test_a_full_queue_and_a_closed_one_refuse),
        cmocka_unit_test(test_who_wants_to_be_alone_is),
        cmocka_unit_test(test_a_conflict_closes_lanes_and_calm_opens_them),
        cmocka_unit_test(test_who_is_in_nobodys_way_needs_no_lane),
        cmocka_unit_test(test_closing_wakes_who_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
