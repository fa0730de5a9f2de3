/* decimal_test.c - tables for reading, writing, arithmetic and rounding of Decimal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/decimal.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static Decimal read(const char *text)
{
    Decimal value;
    if (!decimal_from_text(text, strlen(text), &value))
        fail_msg("%s is not read", text);
    return value;
}

static void assert_text(Decimal value, const char *expected)
{
    char text[DECIMAL_TEXT_SIZE];
    size_t length = decimal_to_text(value, text);
    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
}

static void test_text(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"0", "0"},
        {"-0", "0"},
        {"0.000", "0"},
        {"1", "1"},
        {"+1", "1"},
        {"-1", "-1"},
        {"1.50", "1.5"},
        {".5", "0.5"},
        {"5.", "5"},
        {"-.05", "-0.05"},
        {"100", "100"},
        {"1e2", "100"},
        {"1.23e+4", "12300"},
        {"1.23E-4", "0.000123"},
        {"00012.3400", "12.34"},
        {"9223372036854775807", "9223372036854775807"},
        {"18446744073709551615", "18446744073709551615"},
        {"18446744073709551616", "18446744073709551616"},
        {"1234567890123456789012345678901234", "1234567890123456789012345678901234"},
        {"-0.1234567890123456789012345678901234", "-0.1234567890123456789012345678901234"},
        /* the 35th digit is rounded half to even, with everything behind it in sight */
        {"12345678901234567890123456789012345", "12345678901234567890123456789012340"},
        {"12345678901234567890123456789012335", "12345678901234567890123456789012340"},
        {"12345678901234567890123456789012325", "12345678901234567890123456789012320"},
        {"123456789012345678901234567890123250000000000000000000000000000001",
         "1.234567890123456789012345678901233E+65"},
        {"1e39", "1000000000000000000000000000000000000000"},
        {"1e40", "1E+40"},
        {"1.5e-39", "1.5E-39"},
        {"1e-38", "0.00000000000000000000000000000000000001"},
        {"9.999999999999999999999999999999999e6144", "9.999999999999999999999999999999999E+6144"},
        {"1e-6176", "1E-6176"},
        {"1e-99999", "0"},
        {"0e999999999999999999999", "0"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_text(read(cases[i][0]), cases[i][1]);
}

static void test_text_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"",
                                        "-",
                                        ".",
                                        "1.2.3",
                                        "1e",
                                        "1e+",
                                        "e5",
                                        " 1",
                                        "1 ",
                                        "--1",
                                        "0x10",
                                        "inf",
                                        "NaN",
                                        "1,5",
                                        "1e5x",
                                        "１",
                                        "1e6145",
                                        "-1e7000",
                                        "1e99999999999999999"};
    for (size_t i = 0; i < COUNT(cases); i++) {
        Decimal value = decimal_from_int64(7);
        assert_false(decimal_from_text(cases[i], strlen(cases[i]), &value));
        assert_text(value, "7");
    }
}

static void test_int64(void **state)
{
    (void)state;
    static const int64_t values[] = {0, 1, -1, 42, INT64_MAX, INT64_MIN, 1000000000000};
    for (size_t i = 0; i < COUNT(values); i++) {
        int64_t back = 5;
        assert_true(decimal_to_int64(decimal_from_int64(values[i]), &back));
        assert_true(back == values[i]);
    }
    int64_t kept = 5;
    assert_false(decimal_to_int64(read("1.5"), &kept));
    assert_false(decimal_to_int64(read("9223372036854775808"), &kept));
    assert_false(decimal_to_int64(read("-9223372036854775809"), &kept));
    assert_false(decimal_to_int64(read("1e30"), &kept));
    assert_int_equal(kept, 5);
    assert_true(decimal_to_int64(read("2.00"), &kept));
    assert_int_equal(kept, 2);
}

typedef bool Operation(Decimal a, Decimal b, Decimal *out);

typedef struct ArithmeticCase {
    Operation *operation;
    const char *a, *b, *expected; /* NULL: refused */
} ArithmeticCase;

static void test_arithmetic(void **state)
{
    (void)state;
    static const ArithmeticCase cases[] = {
        {decimal_add, "0.1", "0.2", "0.3"},
        {decimal_add, "1e33", "0.1", "1000000000000000000000000000000000"},
        {decimal_add, "9.99", "0.01", "10"},
        {decimal_add, "-5", "5", "0"},
        {decimal_add, "9999999999999999999999999999999999e6111", "1e6144", NULL},
        {decimal_subtract, "1.1234", "0.2345", "0.8889"},
        {decimal_subtract, "0", "0", "0"},
        {decimal_multiply, "1.1", "1.1", "1.21"},
        {decimal_multiply, "-10", "0", "0"},
        {decimal_multiply, "1e4000", "1e4000", NULL},
        {decimal_multiply, "1e-4000", "1e-4000", "0"},
        {decimal_divide, "1", "3", "0.3333333333333333333333333333333333"},
        {decimal_divide, "2", "3", "0.6666666666666666666666666666666667"},
        {decimal_divide, "10", "4", "2.5"},
        {decimal_divide, "1", "0", NULL},
        {decimal_divide, "0", "0", NULL},
        {decimal_power, "2", "10", "1024"},
        {decimal_power, "10", "20", "100000000000000000000"},
        {decimal_power, "1.05", "3", "1.157625"},
        {decimal_power, "2", "-2", "0.25"},
        {decimal_power, "0", "0", "1"},
        {decimal_power, "0", "-1", NULL},
        {decimal_power, "-2", "3", "-8"},
        {decimal_power, "-2", "0.5", NULL},
        {decimal_power, "4", "0.5", "2"},
        {decimal_power, "10", "7000", NULL},
        {decimal_power, "10", "1000000", NULL},
        {decimal_modulo, "12", "5", "2"},
        {decimal_modulo, "-12", "5", "3"},
        {decimal_modulo, "12", "-5", "-3"},
        {decimal_modulo, "-12", "-5", "-2"},
        {decimal_modulo, "10.1", "4.5", "1.1"},
        {decimal_modulo, "-10.1", "4.5", "3.4"},
        {decimal_modulo, "10", "5", "0"},
        {decimal_modulo, "1e40", "3", "1"},
        {decimal_modulo, "5", "0", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const ArithmeticCase *one = &cases[i];
        Decimal result = decimal_from_int64(7);
        bool is_done = one->operation(read(one->a), read(one->b), &result);
        assert_int_equal(is_done, one->expected != NULL);
        assert_text(result, one->expected ? one->expected : "7");
    }
}

static void test_transcendental(void **state)
{
    (void)state;
    Decimal result;
    assert_true(decimal_sqrt(read("2"), &result));
    assert_text(result, "1.414213562373095048801688724209698");
    assert_false(decimal_sqrt(read("-1"), &result));
    assert_true(decimal_log(read("10"), &result));
    assert_text(result, "2.302585092994045684017991454684364");
    assert_false(decimal_log(read("0"), &result));
    assert_false(decimal_log(read("-1"), &result));
    assert_true(decimal_exp(read("1"), &result));
    assert_text(result, "2.718281828459045235360287471352662");
    assert_false(decimal_exp(read("1e6"), &result));
}

typedef struct RoundCase {
    const char *value;
    int scale;
    DecimalRounding mode;
    const char *expected;
} RoundCase;

static void test_round(void **state)
{
    (void)state;
    static const RoundCase cases[] = {
        {"2.5", 0, DECIMAL_HALF_EVEN, "2"},
        {"3.5", 0, DECIMAL_HALF_EVEN, "4"},
        {"-2.5", 0, DECIMAL_HALF_EVEN, "-2"},
        {"2.5", 0, DECIMAL_HALF_UP, "3"},
        {"-2.5", 0, DECIMAL_HALF_UP, "-3"},
        {"2.5", 0, DECIMAL_HALF_DOWN, "2"},
        {"-2.5", 0, DECIMAL_HALF_DOWN, "-2"},
        {"2.51", 0, DECIMAL_HALF_DOWN, "3"},
        {"-2.51", 0, DECIMAL_HALF_DOWN, "-3"},
        {"0.5", 0, DECIMAL_HALF_DOWN, "0"},
        {"2.1", 0, DECIMAL_UP, "3"},
        {"-2.1", 0, DECIMAL_UP, "-3"},
        {"2.9", 0, DECIMAL_DOWN, "2"},
        {"-2.9", 0, DECIMAL_DOWN, "-2"},
        {"-2.1", 0, DECIMAL_FLOOR, "-3"},
        {"2.9", 0, DECIMAL_FLOOR, "2"},
        {"-2.9", 0, DECIMAL_CEILING, "-2"},
        {"2.1", 0, DECIMAL_CEILING, "3"},
        {"1.115", 2, DECIMAL_HALF_EVEN, "1.12"},
        {"1.125", 2, DECIMAL_HALF_EVEN, "1.12"},
        {"1.125", 2, DECIMAL_HALF_UP, "1.13"},
        {"1.125", 2, DECIMAL_HALF_DOWN, "1.12"},
        {"1234", -2, DECIMAL_HALF_UP, "1200"},
        {"1250", -2, DECIMAL_HALF_UP, "1300"},
        {"1250", -2, DECIMAL_HALF_DOWN, "1200"},
        {"1250", -2, DECIMAL_HALF_EVEN, "1200"},
        {"49", -2, DECIMAL_HALF_UP, "0"},
        {"1.5", 6176, DECIMAL_UP, "1.5"},
        {"1e6000", -6111, DECIMAL_DOWN, "0"},
        {"1e30", 10, DECIMAL_HALF_UP, "1000000000000000000000000000000"},
        {"1", 3, DECIMAL_UP, "1"},
        {"0", 0, DECIMAL_UP, "0"},
        {"0.000001", 2, DECIMAL_UP, "0.01"},
        {"-0.4", 0, DECIMAL_CEILING, "0"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Decimal result;
        assert_true(decimal_round(read(cases[i].value), cases[i].scale, cases[i].mode, &result));
        assert_text(result, cases[i].expected);
    }
    Decimal kept = decimal_from_int64(7);
    assert_false(decimal_round(read("1"), DECIMAL_SCALE_MAX + 1, DECIMAL_UP, &kept));
    assert_false(decimal_round(read("1"), DECIMAL_SCALE_MIN - 1, DECIMAL_UP, &kept));
    assert_text(kept, "7");
}

static void test_questions(void **state)
{
    (void)state;
    assert_int_equal(decimal_compare(read("1.0"), read("1")), 0);
    assert_int_equal(decimal_compare(read("-1"), read("1")), -1);
    assert_int_equal(decimal_compare(read("1e10"), read("9")), 1);
    assert_int_equal(decimal_compare(DECIMAL_ZERO, read("0.00")), 0);
    assert_int_equal(decimal_compare(DECIMAL_ZERO, read("1e-6000")), -1);
    assert_int_equal(decimal_compare(read("2"), read("3")), -1);
    assert_int_equal(decimal_compare(read("-2"), read("-3")), 1);
    assert_int_equal(decimal_compare(read("-2"), read("-2")), 0);
    assert_int_equal(decimal_compare(read("1.25"), read("1.24")), 1);
    assert_int_equal(decimal_compare(read("9999999999999999999999999999999999"),
                                     read("9999999999999999999999999999999998")),
                     1);
    assert_int_equal(decimal_compare(read("-36893488147419103232"), read("-36893488147419103231")),
                     -1);
    assert_true(decimal_is_integer(read("2.00")));
    assert_true(decimal_is_integer(read("1e30")));
    assert_true(decimal_is_integer(DECIMAL_ZERO));
    assert_false(decimal_is_integer(read("2.01")));
    assert_false(decimal_is_integer(read("0.3333333333333333333333333333333333")));
    assert_true(decimal_is_negative(read("-0.1")));
    assert_false(decimal_is_negative(read("-0")));
    assert_true(decimal_is_zero(read("0.0")));
    assert_text(decimal_negate(read("1.5")), "-1.5");
    assert_text(decimal_negate(DECIMAL_ZERO), "0");
    assert_text(decimal_abs(read("-1.5")), "1.5");
}

static void test_double(void **state)
{
    (void)state;
    Decimal value;
    assert_true(decimal_to_double(read("0.25")) == 0.25);
    assert_true(decimal_from_double(0.25, &value));
    assert_text(value, "0.25");
    assert_false(decimal_from_double(1.0 / 0.0, &value));
    assert_false(decimal_from_double(0.0 / 0.0, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),           cmocka_unit_test(test_text_refused),
        cmocka_unit_test(test_int64),          cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_transcendental), cmocka_unit_test(test_round),
        cmocka_unit_test(test_questions),      cmocka_unit_test(test_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
