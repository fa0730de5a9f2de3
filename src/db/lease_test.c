/* lease_test.c - one holder at a time, and a stale one writes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_db.h"
#include "db/lease.h"

enum { TEN_SECONDS = 10000 };

typedef enum Verb { TAKE, KEEP, RELEASE } Verb;

typedef struct Ask {
    Verb verb;
    const char *owner;
    Lease *lease;
} Ask;

static bool ask_in_tx(Tx *tx, void *data, Error *err)
{
    const Ask *ask = data;
    switch (ask->verb) {
    case TAKE: return lease_take(tx, "work", ask->owner, TEN_SECONDS, ask->lease, err);
    case KEEP: return lease_keep(tx, ask->lease, TEN_SECONDS, err);
    case RELEASE: return lease_release(tx, ask->lease, err);
    }
    return false;
}

/* The code of the error, or NULL. */
static const char *ask(TestDb *test, Verb verb, const char *owner, Lease *lease)
{
    Error err = ERROR_NONE;
    Ask one = {.verb = verb, .owner = owner, .lease = lease};
    if (db_write(test->db, test->arena, ask_in_tx, &one, &err))
        return NULL;
    assert_int_equal(err.kind, ERROR_CONFLICT);
    return err.code;
}

static void test_one_holds_the_other_waits_for_its_end(TestDb *test)
{
    Lease a = {0}, b = {0};
    assert_null(ask(test, TAKE, "a", &a));
    assert_int_equal(a.fence, 1);
    assert_int_equal(a.expires_at, TEST_NOW + TEN_SECONDS);
    assert_string_equal(ask(test, TAKE, "b", &b), "lease.held");

    clock_set(&test->clock, TEST_NOW + TEN_SECONDS - 1);
    assert_string_equal(ask(test, TAKE, "b", &b), "lease.held");
    clock_set(&test->clock, TEST_NOW + TEN_SECONDS);
    assert_null(ask(test, TAKE, "b", &b));
    assert_int_equal(b.fence, 2);
    assert_string_equal(ask(test, TAKE, "a", &a), "lease.held");
}

static void test_a_stale_fence_keeps_nothing(TestDb *test)
{
    Lease a = {0}, b = {0};
    assert_null(ask(test, TAKE, "a", &a));
    clock_set(&test->clock, TEST_NOW + 20000); /* a sleeps, b takes over */
    assert_null(ask(test, TAKE, "b", &b));
    assert_string_equal(ask(test, KEEP, NULL, &a), "lease.lost");
    assert_null(ask(test, RELEASE, NULL, &a)); /* and ends nothing of b's */
    assert_null(ask(test, KEEP, NULL, &b));
}

static void test_a_restarted_owner_fences_its_former_self(TestDb *test)
{
    Lease former = {0}, now = {0};
    assert_null(ask(test, TAKE, "a", &former));
    assert_null(ask(test, TAKE, "a", &now));
    assert_int_equal(now.fence, 2);
    assert_string_equal(ask(test, KEEP, NULL, &former), "lease.lost");
    assert_null(ask(test, KEEP, NULL, &now));
}

static void test_keeping_moves_the_end(TestDb *test)
{
    Lease a = {0}, b = {0};
    assert_null(ask(test, TAKE, "a", &a));
    for (int i = 1; i <= 5; i++) {
        clock_set(&test->clock, TEST_NOW + 8000 * i);
        assert_null(ask(test, KEEP, NULL, &a));
        assert_int_equal(a.expires_at, TEST_NOW + 8000 * i + TEN_SECONDS);
        assert_string_equal(ask(test, TAKE, "b", &b), "lease.held");
    }
    clock_set(&test->clock, TEST_NOW + 900000); /* its end has passed, but nobody took it */
    assert_null(ask(test, KEEP, NULL, &a));
    assert_int_equal(a.fence, 1);
}

static void test_a_released_lease_is_free_at_once(TestDb *test)
{
    Lease a = {0}, b = {0};
    assert_null(ask(test, TAKE, "a", &a));
    assert_null(ask(test, RELEASE, NULL, &a));
    assert_null(ask(test, TAKE, "b", &b));
    assert_int_equal(b.fence, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_one_holds_the_other_waits_for_its_end),
        test_each_engine(test_a_stale_fence_keeps_nothing),
        test_each_engine(test_a_restarted_owner_fences_its_former_self),
        test_each_engine(test_keeping_moves_the_end),
        test_each_engine(test_a_released_lease_is_free_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
