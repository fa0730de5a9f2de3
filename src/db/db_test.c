/* db_test.c - opening, reading, writing and closing, on both databases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_db.h"

static void test_a_new_database_is_current(TestDb *test)
{
    bool is_current = false;
    Error err = ERROR_NONE;
    assert_true(db_is_current(test->db, &is_current, &err));
    assert_true(is_current);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_a_new_database_is_current),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
