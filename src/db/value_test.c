/* value_test.c - C values to parameters and columns to C values, with each kind of nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "db/statement.h"

static void test_numbers(void **state)
{
    (void)state;
    static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN + 1, 42};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        DbValue plain = db_int(numbers[i]), other = db_int_or_none(numbers[i]);
        assert_false(plain.is_null || other.is_null);
        assert_int_equal(plain.type, DB_INT);
        assert_int_equal(db_get_int(&plain, 7), numbers[i]);
        assert_int_equal(db_get_int(&other, 7), numbers[i]);
    }
    assert_false(db_int(INT_NONE).is_null); /* only where NULL is allowed */
    DbValue none = db_int_or_none(INT_NONE);
    assert_true(none.is_null);
    assert_int_equal(db_get_int(&none, 7), 7);
}

static void test_ids_and_instants(void **state)
{
    (void)state;
    assert_true(db_id(0).is_null);
    assert_false(db_id(5).is_null);
    assert_int_equal(db_id(5).integer, 5);
    assert_true(db_instant(INSTANT_NONE).is_null);
    assert_false(db_instant(0).is_null); /* 1970 is a moment like others */
    assert_int_equal(db_instant(-5).integer, -5);
}

static void test_reals(void **state)
{
    (void)state;
    assert_true(db_real((double)NAN).is_null);
    DbValue half = db_real(0.5), none = db_real((double)NAN);
    assert_true(db_get_real(&half) == 0.5);
    assert_true(isnan(db_get_real(&none)));
}

static void test_texts_and_bytes_are_copied(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    char text[] = "许可";
    DbValue value = db_text(text);
    assert_int_equal(value.type, DB_TEXT);
    assert_int_equal(value.bytes.size, 6);
    const char *copy = db_get_text(arena, &value);
    memset(text, 'x', 6);
    assert_string_equal(copy, "许可");
    assert_true(db_text(NULL).is_null);
    assert_null(db_get_text(arena, &(DbValue){.type = DB_TEXT, .is_null = true}));
    assert_false(db_text("").is_null);

    char data[] = {0, 1, 2};
    DbValue bytes = db_bytes((DbBytes){.data = data, .size = 3});
    DbBytes kept = db_get_bytes(arena, &bytes);
    data[1] = 9;
    assert_int_equal(kept.size, 3);
    assert_memory_equal(kept.data, "\0\1\2", 3);
    assert_true(db_bytes((DbBytes){0}).is_null);
    DbValue empty = db_bytes((DbBytes){.data = "", .size = 0});
    assert_false(empty.is_null);
    assert_non_null(db_get_bytes(arena, &empty).data);
    arena_destroy(arena);
}

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        int year, month, day;
        const char *text;
    } cases[] = {
        {2026, 11, 22, "2026-11-22"}, {1, 1, 1, "0001-01-01"},   {9999, 12, 31, "9999-12-31"},
        {2024, 2, 29, "2024-02-29"},  {987, 6, 5, "0987-06-05"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buffer[16];
        Date date = date_of(cases[i].year, cases[i].month, cases[i].day);
        DbValue value = db_date(date, buffer);
        assert_int_equal(value.bytes.size, 10);
        assert_memory_equal(value.bytes.data, cases[i].text, 10);
        assert_int_equal(db_get_date(&value).day, date.day);
    }
    char buffer[16];
    assert_true(db_date(DATE_NONE, buffer).is_null);
    assert_true(date_is_none(db_get_date(&(DbValue){.type = DB_TEXT, .is_null = true})));
    static const char *const bad[] = {"", "2026-13-01", "2026-11-2", "2026-11-22x", "x026-11-22"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        DbValue value = db_text(bad[i]);
        assert_true(date_is_none(db_get_date(&value)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_ids_and_instants),
        cmocka_unit_test(test_reals),   cmocka_unit_test(test_texts_and_bytes_are_copied),
        cmocka_unit_test(test_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
