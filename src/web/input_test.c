/* input_test.c - every type of field with good and bad values; bodies of every kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/input.h"

static Arena *arena;

static int start(void **state)
{
    (void)state;
    arena = arena_create(0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

#define FORM_TYPE "application/x-www-form-urlencoded"

static bool check_body(Input *input, const char *type, const char *body, const InputField *fields,
                       Error *err)
{
    *input = (Input){0};
    *err = ERROR_NONE;
    return input_collect_body(arena, input, type, body, strlen(body), err) &&
           input_check(arena, input, fields, err);
}

/* ---- one field, one value -------------------------------------------------------------------- */

static const char *const sizes[] = {"small", "large", NULL};

#define LONG_TEXT                                                                                  \
    "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901"  \
    "234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901"   \
    "23456789012345678901234567890"

typedef struct Case {
    InputField field;
    const char *sent; /* urlencoded */
    const char *kept; /* NULL: absent */
    const char *code; /* of the error */
} Case;

#define TEXT(...)                                                                                  \
    {                                                                                              \
        .name = "f", .type = INPUT_TEXT, __VA_ARGS__                                               \
    }
#define OF(...)                                                                                    \
    {                                                                                              \
        .name = "f", .type = __VA_ARGS__                                                           \
    }

static const Case cases[] = {
    {TEXT(0), "abc", "abc", NULL},
    {TEXT(0), "+abc+", "abc", NULL},
    {TEXT(0), "%E3%80%80abc%C2%A0", "abc", NULL},
    {TEXT(0), "", NULL, NULL},
    {TEXT(0), "+++", NULL, NULL},
    {TEXT(.flags = INPUT_REQUIRED), "", NULL, "input.required"},
    {TEXT(.flags = INPUT_REQUIRED), "+%0A+", NULL, "input.required"},
    {TEXT(0), "a%0Ab", NULL, "input.one_line"},
    {TEXT(0), "a%07b", NULL, "input.encoding"},
    {TEXT(0), "a%00b", NULL, "input.encoding"},
    {TEXT(0), "a%FFb", NULL, "input.encoding"},
    {TEXT(0), "%ED%A0%80", NULL, "input.encoding"},
    {TEXT(.most = 3), "%E4%B8%80%E4%BA%8C%E4%B8%89", "\xE4\xB8\x80\xE4\xBA\x8C\xE4\xB8\x89", NULL},
    {TEXT(.most = 3), "abcd", NULL, "input.too_long"},
    {TEXT(.least = 3), "ab", NULL, "input.too_short"},
    {TEXT(0), LONG_TEXT, NULL, "input.too_long"},
    {OF(INPUT_LINES), "a%0D%0Ab%0Dc%0A", "a\nb\nc\n", NULL},
    {OF(INPUT_LINES), "%0A%0A", NULL, NULL},
    {OF(INPUT_LINES), LONG_TEXT, LONG_TEXT, NULL},
    {OF(INPUT_LINES), "a%0Bb", NULL, "input.encoding"},
    {OF(INPUT_SECRET), "+a+", " a ", NULL},
    {OF(INPUT_SECRET, .least = 8), "short", NULL, "input.too_short"},
    {OF(INPUT_SECRET, .flags = INPUT_REQUIRED), "", NULL, "input.required"},
    {OF(INPUT_INT), "42", "42", NULL},
    {OF(INPUT_INT), "+-7+", "-7", NULL},
    {OF(INPUT_INT), "%EF%BC%94%EF%BC%92", "42", NULL},
    {OF(INPUT_INT), "", NULL, NULL},
    {OF(INPUT_INT), "4.2", NULL, "input.not_a_number"},
    {OF(INPUT_INT), "4x", NULL, "input.not_a_number"},
    {OF(INPUT_INT), "9223372036854775807", "9223372036854775807", NULL},
    {OF(INPUT_INT), "9223372036854775808", NULL, "input.not_a_number"},
    {OF(INPUT_INT, .least = 1, .most = 9), "0", NULL, "input.too_small"},
    {OF(INPUT_INT, .least = 1, .most = 9), "10", NULL, "input.too_large"},
    {OF(INPUT_INT, .most = 9), "-1", NULL, "input.too_small"},
    {OF(INPUT_ID), "123", "123", NULL},
    {OF(INPUT_ID), "0", NULL, "input.not_an_id"},
    {OF(INPUT_ID), "-5", NULL, "input.not_an_id"},
    {OF(INPUT_ID), "abc", NULL, "input.not_an_id"},
    {OF(INPUT_PLACE), "1795457855000.77", "1795457855000.77", NULL},
    {OF(INPUT_PLACE), "-9.0", "-9.0", NULL},
    {OF(INPUT_PLACE), "77", NULL, "input.not_an_id"},
    {OF(INPUT_PLACE), "1.2.3", NULL, "input.not_an_id"},
    {OF(INPUT_PLACE), "1.-2", NULL, "input.not_an_id"},
    {OF(INPUT_PLACE), "x.2", NULL, "input.not_an_id"},
    {OF(INPUT_DATE), "2026-11-22", "2026-11-22", NULL},
    {OF(INPUT_DATE), "2026/1/5", "2026-01-05", NULL},
    {OF(INPUT_DATE), "2026.12.31", "2026-12-31", NULL},
    {OF(INPUT_DATE), "2024-02-29", "2024-02-29", NULL},
    {OF(INPUT_DATE), "2026-02-29", NULL, "input.not_a_date"},
    {OF(INPUT_DATE), "2026-11", NULL, "input.not_a_date"},
    {OF(INPUT_DATE), "26-11-22", NULL, "input.not_a_date"},
    {OF(INPUT_DATE), "2026--1-22", NULL, "input.not_a_date"},
    {OF(INPUT_DATE), "2026-11-99999999999", NULL, "input.not_a_date"},
    {OF(INPUT_DATE), "tomorrow", NULL, "input.not_a_date"},
    {OF(INPUT_FEN), "12.50", "12.50", NULL},
    {OF(INPUT_FEN), "12.5", "12.50", NULL},
    {OF(INPUT_FEN), "12", "12.00", NULL},
    {OF(INPUT_FEN), "0.05", "0.05", NULL},
    {OF(INPUT_FEN), "-0.05", "-0.05", NULL},
    {OF(INPUT_FEN), "%C2%A51,234,567.89", "1234567.89", NULL},
    {OF(INPUT_FEN), "%EF%BF%A512", "12.00", NULL},
    {OF(INPUT_FEN), "12,34", NULL, "input.not_money"},
    {OF(INPUT_FEN), ",123", NULL, "input.not_money"},
    {OF(INPUT_FEN), "1.23,4", NULL, "input.not_money"},
    {OF(INPUT_FEN), "12.345", NULL, "input.not_money"},
    {OF(INPUT_FEN), "12.", NULL, "input.not_money"},
    {OF(INPUT_FEN), ".5", NULL, "input.not_money"},
    {OF(INPUT_FEN), "1.2.3", NULL, "input.not_money"},
    {OF(INPUT_FEN), "-", NULL, "input.not_money"},
    {OF(INPUT_FEN), "1e5", NULL, "input.not_money"},
    {OF(INPUT_FEN), "99999999999999999999", NULL, "input.not_money"},
    {OF(INPUT_FEN, .least = 100, .most = 10000), "0.99", NULL, "input.too_small"},
    {OF(INPUT_FEN, .least = 100, .most = 10000), "100.01", NULL, "input.too_large"},
    {OF(INPUT_BOOL), "on", "true", NULL},
    {OF(INPUT_BOOL), "1", "true", NULL},
    {OF(INPUT_BOOL), "false", NULL, NULL},
    {OF(INPUT_BOOL), "maybe", NULL, "input.not_yes_or_no"},
    {OF(INPUT_BOOL, .flags = INPUT_REQUIRED), "off", NULL, "input.required"},
    {OF(INPUT_CHOICE, .choices = sizes), "large", "large", NULL},
    {OF(INPUT_CHOICE, .choices = sizes), "huge", NULL, "input.not_a_choice"},
    {OF(INPUT_CHOICE, .choices = sizes), "", NULL, NULL},
    {OF(INPUT_CHOICE, .choices = sizes, .flags = INPUT_REQUIRED), "", NULL,
     "input.required_choice"},
    {OF(INPUT_CHOICE), "free", "free", NULL},
    {OF(INPUT_PHONE), "13800138000", "13800138000", NULL},
    {OF(INPUT_PHONE), "%2B86+138-0013-8000", "13800138000", NULL},
    {OF(INPUT_PHONE), "0086(138)00138000", "13800138000", NULL},
    {OF(INPUT_PHONE), "8613800138000", "13800138000", NULL},
    {OF(INPUT_PHONE), "%EF%BC%91%EF%BC%93800138000", "13800138000", NULL},
    {OF(INPUT_PHONE), "12800138000", NULL, "input.not_a_phone"},
    {OF(INPUT_PHONE), "1380013800", NULL, "input.not_a_phone"},
    {OF(INPUT_PHONE), "010-88888888", NULL, "input.not_a_phone"},
    {OF(INPUT_FILE), "text", NULL, "input.not_a_file"},
    {OF(INPUT_FILE, .flags = INPUT_REQUIRED), "", NULL, "input.no_file"},
};

static void test_every_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Case *each = &cases[i];
        const InputField fields[] = {each->field, {.name = NULL}};
        Input input;
        Error err;
        bool is_fine =
            check_body(&input, FORM_TYPE, arena_printf(arena, "f=%s", each->sent), fields, &err);
        const InputValue *value = input_value(&input, "f");
        const char *kept = value->texts.count ? value->texts.items[0] : NULL;
        if (is_fine != !each->code || !text_equal(err.code, each->code) ||
            !text_equal(kept, each->kept))
            fail_msg("case %zu, %s: %s, kept %s", i, each->sent, err.code, kept);
        if (!is_fine)
            assert_string_equal(err.field, "f");
    }
}

static void test_numbers_and_dates_as_values(void **state)
{
    (void)state;
    static const InputField fields[] = {OF(INPUT_FEN),
                                        {.name = "d", .type = INPUT_DATE},
                                        {.name = "b", .type = INPUT_BOOL},
                                        {.name = NULL}};
    Input input;
    Error err;
    assert_true(check_body(&input, FORM_TYPE, "f=-1234.5&d=2026-11-22&b=on", fields, &err));
    assert_int_equal(input_value(&input, "f")->number, -123450);
    assert_int_equal(input_value(&input, "d")->date.day, date_of(2026, 11, 22).day);
    assert_int_equal(input_value(&input, "b")->number, 1);
    assert_null(input_value(&input, "unknown"));
}

/* ---- whole inputs ---------------------------------------------------------------------------- */

static const InputField two[] = {{.name = "a", .type = INPUT_TEXT, .flags = INPUT_REQUIRED},
                                 {.name = "list", .type = INPUT_TEXT, .flags = INPUT_REPEATED},
                                 {.name = "once", .type = INPUT_INT},
                                 {.name = NULL}};

static size_t error_count(const Error *err)
{
    size_t count = 0;
    for (; err && error_is_set(err); err = err->next)
        count++;
    return count;
}

static void test_all_errors_at_once_in_order(void **state)
{
    (void)state;
    Input input;
    Error err;
    assert_false(check_body(&input, FORM_TYPE, "once=x&once=2&list=a%00", two, &err));
    assert_int_equal(error_count(&err), 1);
    assert_string_equal(err.field, "list");
    assert_false(check_body(&input, FORM_TYPE, "once=1&once=2&list=x%07&other=1", two, &err));
    assert_int_equal(error_count(&err), 3);
    assert_string_equal(err.code, "input.required");
    assert_string_equal(err.next->field, "list");
    assert_string_equal(err.next->next->code, "input.repeated");
}

static void test_repeated_fields(void **state)
{
    (void)state;
    Input input;
    Error err;
    assert_true(check_body(&input, FORM_TYPE, "&&a=1&list=x&list=&list=y&=z&list", two, &err));
    const InputValue *list = input_value(&input, "list");
    assert_int_equal(list->texts.count, 2);
    assert_string_equal(list->texts.items[1], "y");
}

static void test_limits_are_told(void **state)
{
    (void)state;
    static const InputField fields[] = {OF(INPUT_FEN, .least = 100, .most = 10050),
                                        {.name = "t", .type = INPUT_TEXT, .most = 5},
                                        {.name = NULL}};
    Input input;
    Error err;
    assert_false(check_body(&input, FORM_TYPE, "f=500&t=abcdef", fields, &err));
    assert_string_equal(err.with[0].name, "most");
    assert_string_equal(err.with[0].value, "100.50");
    assert_string_equal(err.next->with[0].value, "5");
}

static void test_bad_values_in_a_path_are_unknown_pages(void **state)
{
    (void)state;
    static const InputField fields[] = {
        {.name = "id", .type = INPUT_ID, .flags = INPUT_IN_PATH | INPUT_REQUIRED}, {.name = NULL}};
    Input input = {0};
    Error err = ERROR_NONE;
    input_add(arena, &input, "id", "abc");
    assert_false(input_check(arena, &input, fields, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

static void test_names_that_are_no_text(void **state)
{
    (void)state;
    Input input;
    Error err;
    assert_false(check_body(&input, FORM_TYPE, "a=1&b%00c=2&%FF=3", two, &err));
    assert_int_equal(error_count(&err), 2);
    assert_string_equal(err.field, "b%00c");
    assert_string_equal(err.next->field, "%FF");
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void test_json_types(void **state)
{
    (void)state;
    static const struct {
        InputField field;
        const char *value, *kept, *code;
    } table[] = {
        {TEXT(0), "\"abc\"", "abc", NULL},
        {TEXT(0), "null", NULL, NULL},
        {TEXT(0), "5", NULL, "input.not_text"},
        {TEXT(0), "true", NULL, "input.not_text"},
        {TEXT(0), "{}", NULL, "input.not_text"},
        {TEXT(0), "[\"a\"]", "a", NULL},
        {TEXT(0), "[\"a\",\"b\"]", NULL, "input.repeated"},
        {TEXT(0), "[[\"a\"]]", NULL, "input.not_text"},
        {TEXT(.flags = INPUT_REQUIRED), "[]", NULL, "input.required"},
        {OF(INPUT_INT), "5", "5", NULL},
        {OF(INPUT_INT), "\"5\"", "5", NULL},
        {OF(INPUT_INT), "5.0", NULL, "input.not_a_number"},
        {OF(INPUT_INT), "1e3", NULL, "input.not_a_number"},
        {OF(INPUT_INT), "true", NULL, "input.not_a_number"},
        {OF(INPUT_FEN), "12.5", "12.50", NULL},
        {OF(INPUT_FEN), "{}", NULL, "input.not_money"},
        {OF(INPUT_BOOL), "true", "true", NULL},
        {OF(INPUT_BOOL), "false", NULL, NULL},
        {OF(INPUT_BOOL), "1", NULL, "input.not_yes_or_no"},
        {OF(INPUT_ID), "\"77\"", "77", NULL},
        {OF(INPUT_ID), "77", NULL, "input.not_text"},
        {OF(INPUT_DATE), "\"2026-11-22\"", "2026-11-22", NULL},
        {OF(INPUT_FILE), "\"x\"", NULL, "input.not_a_file"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const InputField fields[] = {table[i].field, {.name = NULL}};
        Input input;
        Error err;
        bool is_fine = check_body(&input, "application/json; charset=utf-8",
                                  arena_printf(arena, "{\"f\":%s}", table[i].value), fields, &err);
        const InputValue *value = input_value(&input, "f");
        const char *kept = value->texts.count ? value->texts.items[0] : NULL;
        if (is_fine != !table[i].code || !text_equal(err.code, table[i].code) ||
            !text_equal(kept, table[i].kept))
            fail_msg("case %zu, %s: %s, kept %s", i, table[i].value, err.code, kept);
    }
}

static void test_json_unknown_and_unreadable(void **state)
{
    (void)state;
    Input input;
    Error err;
    assert_false(
        check_body(&input, "application/json", "{\"a\":\"1\",\"b\":1,\"c\":null}", two, &err));
    assert_int_equal(error_count(&err), 2);
    assert_string_equal(err.code, "input.unknown");
    assert_true(check_body(&input, "application/json",
                           "{\"a\":\"1\",\"_key\":\"k\",\"_csrf\":\"t\"}", two, &err));
    static const char *const bad[] = {
        "", "[]", "\"x\"", "{", "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\xff\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(check_body(&input, "application/json", bad[i], two, &err));
    assert_false(check_body(&input, "text/plain", "a=1", two, &err));
    assert_int_equal(err.kind, ERROR_UNSUPPORTED);
    assert_false(check_body(&input, NULL, "a=1", two, &err));
    assert_true(check_body(&input, NULL, "", NULL, &err));
}

/* ---- forms, files, fingerprints -------------------------------------------------------------- */

static const InputField form_fields[] = {{.name = "form", .type = INPUT_FORM}, {.name = NULL}};

static void test_forms(void **state)
{
    (void)state;
    Input input;
    Error err;
    assert_true(
        check_body(&input, FORM_TYPE,
                   "form.a=1&form.b=x&form.b=y&form.b=z&formula=no&form.=no&form.c=a%0D%0Ab",
                   form_fields, &err));
    const Json *form = input_value(&input, "form")->form;
    assert_int_equal(form->count, 3);
    assert_string_equal(json_text(form, "a"), "1");
    assert_int_equal(json_get(form, "b")->count, 3);
    assert_string_equal(json_get(form, "b")->items[2]->text, "z");
    assert_string_equal(json_text(form, "c"), "a\nb");
    assert_true(check_body(&input, "application/json", "{\"form\":{\"a\":{\"b\":[1,2]}}}",
                           form_fields, &err));
    form = input_value(&input, "form")->form;
    assert_int_equal(json_get(json_get(form, "a"), "b")->count, 2);
    assert_false(check_body(&input, "application/json", "{\"form\":7}", form_fields, &err));
    assert_string_equal(err.code, "input.not_an_object");
    assert_true(check_body(&input, FORM_TYPE, "", form_fields, &err));
    assert_int_equal(input_value(&input, "form")->form->count, 0);
    static const InputField required[] = {
        {.name = "form", .type = INPUT_FORM, .flags = INPUT_REQUIRED}, {.name = NULL}};
    assert_false(check_body(&input, FORM_TYPE, "", required, &err));
    assert_string_equal(err.code, "input.required");
}

#define PART(fields, content)                                                                      \
    "--X\r\nContent-Disposition: form-data; " fields "\r\n\r\n" content "\r\n"

static void test_files(void **state)
{
    (void)state;
    static const InputField fields[] = {
        {.name = "f", .type = INPUT_FILE, .flags = INPUT_REPEATED, .most = 2 << 20},
        {.name = "t", .type = INPUT_TEXT},
        {.name = NULL}};
    const char *type = "multipart/form-data; boundary=X";
    Input input;
    Error err;
    assert_true(check_body(&input, type,
                           PART("name=\"t\"", "hello") PART("name=\"f\"; filename=\"a.pdf\"", "AAA")
                               PART("name=\"f\"; filename=\"../b\"", "") "--X--\r\n",
                           fields, &err));
    const InputValue *value = input_value(&input, "f");
    assert_int_equal(value->files.count, 2);
    assert_string_equal(value->files.items[0].name, "a.pdf");
    assert_int_equal(value->files.items[0].size, 3);
    assert_memory_equal(value->files.items[0].data, "AAA", 3);
    assert_string_equal(value->files.items[1].name, "b");
    assert_string_equal(input_value(&input, "t")->texts.items[0], "hello");
    assert_false(check_body(&input, type, PART("name=\"t\"; filename=\"a\"", "\xff") "--X--\r\n",
                            fields, &err));
    assert_string_equal(err.code, "input.not_text");
    static const InputField small[] = {{.name = "f", .type = INPUT_FILE, .most = 2},
                                       {.name = NULL}};
    assert_false(check_body(&input, type, PART("name=\"f\"; filename=\"a\"", "AAA") "--X--\r\n",
                            small, &err));
    assert_string_equal(err.code, "input.file_too_large");
    assert_false(check_body(&input, type,
                            PART("name=\"f\"; filename=\"a\"", "A")
                                PART("name=\"f\"; filename=\"b\"", "B") "--X--\r\n",
                            small, &err));
    assert_string_equal(err.code, "input.repeated");
}

static void test_named_files(void **state)
{
    (void)state;
    static const InputField fields[] = {{.name = "file", .type = INPUT_FILE, .flags = INPUT_NAMED},
                                        {.name = NULL}};
    const char *type = "multipart/form-data; boundary=X";
    Input input;
    Error err;
    assert_true(check_body(&input, type,
                           PART("name=\"file.lease\"; filename=\"a.pdf\"", "AAA")
                               PART("name=\"file.lease\"; filename=\"b.pdf\"", "B")
                                   PART("name=\"file.plan\"; filename=\"\"", "")
                                       PART("name=\"file\"; filename=\"c\"", "C")
                                           PART("name=\"file.\"; filename=\"d\"", "D") "--X--\r\n",
                           fields, &err));
    const InputValue *value = input_value(&input, "file");
    assert_int_equal(value->files.count, 2);
    assert_string_equal(value->files.items[0].key, "lease");
    assert_string_equal(value->files.items[1].key, "lease");
    assert_string_equal(value->files.items[1].name, "b.pdf");
    assert_false(
        check_body(&input, type, PART("name=\"file.lease\"", "text") "--X--\r\n", fields, &err));
    assert_string_equal(err.code, "input.not_a_file");
}

static const char *fingerprint(const char *type, const char *body, const InputField *fields)
{
    Input input;
    Error err;
    assert_true(check_body(&input, type, body, fields, &err));
    return input_fingerprint(arena, &input, "POST", "/x");
}

static void test_fingerprints(void **state)
{
    (void)state;
    static const InputField fields[] = {
        {.name = "a", .type = INPUT_TEXT},
        {.name = "list", .type = INPUT_TEXT, .flags = INPUT_REPEATED},
        {.name = "secret", .type = INPUT_SECRET},
        {.name = "form", .type = INPUT_FORM},
        {.name = NULL}};
    const char *first =
        fingerprint(FORM_TYPE, "a=1&form.x=1&form.y=2&_csrf=t&_key=k&secret=s", fields);
    assert_int_equal(strlen(first), 64);
    static const struct {
        const char *type, *body;
        bool is_same;
    } others[] = {
        {FORM_TYPE, "form.y=2&form.x=1&a=+1+&secret=other", true},
        {"application/json", "{\"form\":{\"y\":\"2\",\"x\":\"1\"},\"a\":\"1\"}", true},
        {FORM_TYPE, "a=2&form.x=1&form.y=2", false},
        {FORM_TYPE, "a=1&form.x=2&form.y=1", false},
        {FORM_TYPE, "a=1&form.x=1&form.y=2&list=", true},
        {FORM_TYPE, "a=1&form.x=1&form.y=2&list=z", false},
        {"application/json", "{\"a\":\"1\",\"form\":{\"x\":1,\"y\":2}}", false},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const char *other = fingerprint(others[i].type, others[i].body, fields);
        if (text_equal(first, other) != others[i].is_same)
            fail_msg("case %zu", i);
    }
    /* Values do not run into each other. */
    assert_string_not_equal(fingerprint(FORM_TYPE, "list=ab&list=c", fields),
                            fingerprint(FORM_TYPE, "list=a&list=bc", fields));
}

static void test_queries(void **state)
{
    (void)state;
    Input input = {0};
    Error err = ERROR_NONE;
    assert_true(input_collect_query(arena, &input, "a=%E4%B8%80&once=%31&x", &err));
    assert_true(input_check(arena, &input, two, &err));
    assert_string_equal(input_value(&input, "a")->texts.items[0], "\xE4\xB8\x80");
    assert_int_equal(input_value(&input, "once")->number, 1);
    Buffer many = buffer_init(arena, 0);
    for (int i = 0; i < PARTS_MOST + 1; i++)
        buffer_add(&many, "a=1&");
    input = (Input){0};
    assert_false(input_collect_query(arena, &input, buffer_text(&many), &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type),
        cmocka_unit_test(test_numbers_and_dates_as_values),
        cmocka_unit_test(test_all_errors_at_once_in_order),
        cmocka_unit_test(test_repeated_fields),
        cmocka_unit_test(test_limits_are_told),
        cmocka_unit_test(test_bad_values_in_a_path_are_unknown_pages),
        cmocka_unit_test(test_names_that_are_no_text),
        cmocka_unit_test(test_json_types),
        cmocka_unit_test(test_json_unknown_and_unreadable),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_named_files),
        cmocka_unit_test(test_fingerprints),
        cmocka_unit_test(test_queries),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
