/* limit_test.c - token buckets: burst, refill, separate keys, bounded memory, floods. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "web/limit.h"

static Arena *arena;
static Clock clock_of_test;

static int start(void **state)
{
    (void)state;
    arena = arena_create(0);
    clock_set(&clock_of_test, 1000000000000);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static RateLimit *limit_of(int keys, int burst, int per_minute)
{
    return limit_create(&(RateLimitOptions){
        .clock = &clock_of_test, .keys = keys, .burst = burst, .per_minute = per_minute});
}

static bool takes(RateLimit *limit, const char *key)
{
    return limit_take(limit, arena, key, NULL);
}

static void pass(int64_t ms)
{
    clock_set(&clock_of_test, clock_now(&clock_of_test) + ms);
}

static void test_burst_then_rate(void **state)
{
    (void)state;
    RateLimit *limit = limit_of(0, 3, 6);
    for (int i = 0; i < 3; i++)
        assert_true(takes(limit, "a"));
    Error err = ERROR_NONE;
    assert_false(limit_take(limit, arena, "a", &err));
    assert_int_equal(err.kind, ERROR_TOO_MANY);
    assert_string_equal(err.code, "request.too_often");
    assert_string_equal(err.with[0].value, "10");
    assert_true(takes(limit, "b"));
    pass(9999);
    assert_false(takes(limit, "a"));
    pass(1);
    assert_true(takes(limit, "a"));
    assert_false(takes(limit, "a"));
    limit_destroy(limit);
}

static void test_never_fuller_than_the_burst(void **state)
{
    (void)state;
    static const int64_t pauses[] = {HOUR_MS, 2 * DAY_MS, 4000 * DAY_MS};
    RateLimit *limit = limit_of(0, 2, 60);
    for (size_t i = 0; i < 3; i++) {
        pass(pauses[i]);
        limit_give(limit, "a");
        assert_true(takes(limit, "a"));
        assert_true(takes(limit, "a"));
        assert_false(takes(limit, "a"));
    }
    limit_destroy(limit);
}

static void test_giving_back(void **state)
{
    (void)state;
    RateLimit *limit = limit_of(0, 1, 1);
    for (int i = 0; i < 10; i++) {
        assert_true(takes(limit, "a"));
        limit_give(limit, "a");
    }
    assert_true(takes(limit, "a"));
    assert_false(takes(limit, "a"));
    limit_destroy(limit);
}

static void test_a_clock_that_steps_back(void **state)
{
    (void)state;
    RateLimit *limit = limit_of(0, 1, 60);
    assert_true(takes(limit, "a"));
    pass(-HOUR_MS);
    assert_false(takes(limit, "a"));
    pass(1000);
    assert_true(takes(limit, "a"));
    limit_destroy(limit);
}

/* A restrained key is not freed by a crowd of keys that ask once each. */
static void test_a_crowd_frees_nobody(void **state)
{
    (void)state;
    RateLimit *limit = limit_of(64, 5, 1);
    for (int i = 0; i < 5; i++)
        assert_true(takes(limit, "culprit"));
    assert_false(takes(limit, "culprit"));
    int freed = 0;
    for (int i = 0; i < 20000; i++) {
        bool is_taken = takes(limit, arena_printf(arena, "crowd %d", i));
        assert_true(is_taken);
        freed += i % 1000 == 0 && takes(limit, "culprit");
    }
    assert_int_equal(freed, 0);
    limit_destroy(limit);
}

static void *take_many(void *data)
{
    RateLimit *limit = data;
    int64_t taken = 0;
    for (int i = 0; i < 1000; i++)
        taken += limit_take(limit, NULL, "a", NULL);
    return (void *)(intptr_t)taken;
}

static void test_threads_share_the_tokens(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    /* More tokens than are asked for: refusals would need an arena of each thread's own. */
    RateLimit *limit = limit_of(0, THREADS * 1000 + 7, 1);
    pthread_t threads[THREADS];
    int64_t total = 0;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_many, limit), 0);
    for (int i = 0; i < THREADS; i++) {
        void *taken;
        pthread_join(threads[i], &taken);
        total += (intptr_t)taken;
    }
    assert_int_equal(total, THREADS * 1000);
    for (int i = 0; i < 7; i++)
        assert_true(takes(limit, "a"));
    assert_false(takes(limit, "a"));
    limit_destroy(limit);
}

static void test_keys_of_peers(void **state)
{
    (void)state;
    assert_string_equal(limit_key_of_peer(arena, "192.0.2.7"), "192.0.2.7");
    assert_string_equal(limit_key_of_peer(arena, "2001:db8:1:2:3::1"),
                        limit_key_of_peer(arena, "2001:db8:1:2:ffff::2"));
    assert_string_not_equal(limit_key_of_peer(arena, "2001:db8:1:2::1"),
                            limit_key_of_peer(arena, "2001:db8:1:3::1"));
    assert_string_equal(limit_key_of_peer(arena, "unknown"), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_burst_then_rate),
        cmocka_unit_test(test_never_fuller_than_the_burst),
        cmocka_unit_test(test_giving_back),
        cmocka_unit_test(test_a_clock_that_steps_back),
        cmocka_unit_test(test_a_crowd_frees_nobody),
        cmocka_unit_test(test_threads_share_the_tokens),
        cmocka_unit_test(test_keys_of_peers),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
