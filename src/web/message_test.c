/*
 * message_test.c - keys, parameters, plural choice, errors in words, and the reader's language.
 */
#include "web/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static int set_up(void **state)
{
    *state = arena_create(0);
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static void text_is_found_by_key_and_language(void **state)
{
    (void)state;
    assert_string_equal(message_raw(LANGUAGE_ZH, "nav.desk"), "工作台");
    assert_string_equal(message_raw(LANGUAGE_EN, "nav.desk"), "Desk");
    assert_true(message_exists("nav.desk"));
}

static void unknown_key_shows_itself(void **state)
{
    (void)state;
    assert_string_equal(message_raw(LANGUAGE_EN, "no.such_key"), "no.such_key");
    assert_string_equal(message_raw(LANGUAGE_EN, ""), "");
    assert_string_equal(message_raw(LANGUAGE_EN, NULL), "");
    assert_false(message_exists("no.such_key"));
    assert_false(message_exists(NULL));
    assert_false(message_exists(""));
}

static void parameters_are_put_in(void **state)
{
    const MessageParam params[] = {{"label", "姓名"}, {"most", "20"}};
    assert_string_equal(message_text(*state, LANGUAGE_ZH, "input.too_long", params, 2),
                        "姓名最多 20 个字，请缩短一些");
    assert_string_equal(message_text(*state, LANGUAGE_EN, "input.too_long", params, 2),
                        "姓名 must be 20 characters or fewer");
}

static void missing_parameter_stays_visible(void **state)
{
    assert_string_equal(message_text(*state, LANGUAGE_EN, "ago.days", NULL, 0),
                        "{n} {n|day|days} ago");
    const MessageParam other[] = {{"m", "1"}, {NULL, "2"}};
    assert_string_equal(message_text(*state, LANGUAGE_EN, "ago.days", other, 2),
                        "{n} {n|day|days} ago");
}

static void null_value_is_empty(void **state)
{
    const MessageParam params[] = {{"label", NULL}};
    assert_string_equal(message_text(*state, LANGUAGE_ZH, "input.required", params, 1), "请填写“”");
}

static void value_with_braces_is_not_resolved_again(void **state)
{
    const MessageParam params[] = {{"label", "{label}"}};
    assert_string_equal(message_text(*state, LANGUAGE_ZH, "input.required", params, 1),
                        "请填写“{label}”");
}

static void number_chooses_the_form(void **state)
{
    static const struct {
        const char *n, *text;
    } cases[] = {{"1", "1 day ago"},    {"0", "0 days ago"},         {"2", "2 days ago"},
                 {"11", "11 days ago"}, {"1,000", "1,000 days ago"}, {"", " days ago"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const MessageParam params[] = {{"n", cases[i].n}};
        assert_string_equal(message_text(*state, LANGUAGE_EN, "ago.days", params, 1),
                            cases[i].text);
    }
    const MessageParam one[] = {{"n", "1"}};
    assert_string_equal(message_text(*state, LANGUAGE_EN, "errors.title", one, 1),
                        "There is 1 thing to change");
}

static void error_is_told_by_its_code(void **state)
{
    Error err = ERROR_NONE;
    error_set(&err, ERROR_INVALID, .code = "input.too_small",
              .with = {{"label", "Age"}, {"least", "18"}});
    assert_string_equal(message_of_error(*state, LANGUAGE_EN, &err), "Age must be 18 or more");
    assert_string_equal(message_of_error(*state, LANGUAGE_ZH, &err), "Age不能小于 18");
}

static void ready_text_overrules_the_code(void **state)
{
    Error err = ERROR_NONE;
    error_set(&err, ERROR_INVALID, .code = "input.required", .message = "line 3: a comma");
    assert_string_equal(message_of_error(*state, LANGUAGE_EN, &err), "line 3: a comma");
}

static void error_without_words_is_told_by_its_kind(void **state)
{
    for (int kind = ERROR_INVALID; kind <= ERROR_INTERNAL; kind++) {
        Error err = {.kind = (ErrorKind)kind, .code = "no.such_code"};
        const char *zh = message_of_error(*state, LANGUAGE_ZH, &err);
        err.code = NULL;
        const char *en = message_of_error(*state, LANGUAGE_EN, &err);
        assert_false(text_starts_with(zh, "error."));
        assert_false(text_starts_with(en, "error."));
        assert_string_not_equal(zh, en);
    }
}

static void language_is_matched(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        Language fallback, expected;
    } cases[] = {
        {"en", LANGUAGE_ZH, LANGUAGE_EN},
        {"zh-CN", LANGUAGE_EN, LANGUAGE_ZH},
        {"zh-Hant-TW,en;q=0.5", LANGUAGE_EN, LANGUAGE_ZH},
        {"zh_CN", LANGUAGE_EN, LANGUAGE_ZH},
        {"EN-gb", LANGUAGE_ZH, LANGUAGE_EN},
        {"fr, en;q=0.8, zh;q=0.9", LANGUAGE_EN, LANGUAGE_ZH},
        {"en;q=0.8 , zh; q=0.9", LANGUAGE_EN, LANGUAGE_ZH},
        {"zh;q=0.1,en;q=0.123", LANGUAGE_ZH, LANGUAGE_EN},
        {"en;q=0, zh;q=0", LANGUAGE_EN, LANGUAGE_EN},
        {"en;q=x, zh;q=0.2", LANGUAGE_EN, LANGUAGE_ZH},
        {"en,zh", LANGUAGE_ZH, LANGUAGE_EN},
        {"zhx,enx,e", LANGUAGE_EN, LANGUAGE_EN},
        {"*", LANGUAGE_ZH, LANGUAGE_ZH},
        {"fr", LANGUAGE_EN, LANGUAGE_EN},
        {",,;;=,", LANGUAGE_ZH, LANGUAGE_ZH},
        {"", LANGUAGE_EN, LANGUAGE_EN},
        {NULL, LANGUAGE_ZH, LANGUAGE_ZH},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        Language found = language_of(cases[i].header, cases[i].fallback);
        if (found != cases[i].expected)
            fail_msg("\"%s\" gave %s", cases[i].header, language_tag(found));
    }
}

static void endless_header_is_read_in_part(void **state)
{
    char *header = arena_alloc(*state, 100001);
    memset(header, ',', 100000);
    memcpy(header + 99000, "en", 2);
    assert_int_equal(language_of(header, LANGUAGE_ZH), LANGUAGE_ZH);
}

static void tags_name_the_languages(void **state)
{
    (void)state;
    assert_string_equal(language_tag(LANGUAGE_ZH), "zh-CN");
    assert_string_equal(language_tag(LANGUAGE_EN), "en");
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        assert_int_equal(language_of(language_tag((Language)i), LANGUAGE_ZH), i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_found_by_key_and_language),
        cmocka_unit_test(unknown_key_shows_itself),
        cmocka_unit_test(parameters_are_put_in),
        cmocka_unit_test(missing_parameter_stays_visible),
        cmocka_unit_test(null_value_is_empty),
        cmocka_unit_test(value_with_braces_is_not_resolved_again),
        cmocka_unit_test(number_chooses_the_form),
        cmocka_unit_test(error_is_told_by_its_code),
        cmocka_unit_test(ready_text_overrules_the_code),
        cmocka_unit_test(error_without_words_is_told_by_its_kind),
        cmocka_unit_test(language_is_matched),
        cmocka_unit_test(endless_header_is_read_in_part),
        cmocka_unit_test(tags_name_the_languages),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
