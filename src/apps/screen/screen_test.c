/* screen_test.c - what strangers see of a number, and how lines become slides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apps/screen/screen.h"

static void hides_the_middle_of_a_number(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    assert_string_equal(screen_masked(arena, "202611233840000808"), "20261123****0808");
    assert_string_equal(screen_masked(arena, "20261123"), "****");
    assert_string_equal(screen_masked(arena, ""), "****");
    arena_destroy(arena);
}

static void puts_nine_lines_on_a_slide(void **state)
{
    (void)state;
    assert_int_equal(screen_slides(0), 0);
    assert_int_equal(screen_slides(1), 1);
    assert_int_equal(screen_slides(9), 1);
    assert_int_equal(screen_slides(10), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hides_the_middle_of_a_number),
        cmocka_unit_test(puts_nine_lines_on_a_slide),
    };
    return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
