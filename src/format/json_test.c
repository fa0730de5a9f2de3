/* json_test.c - values, positions, limits, writing; json_peer_test.c asks what is accepted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "format/json.h"

static int set_up(void **state)
{
    *state = arena_create(16 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static Json *parse(Arena *arena, const char *text)
{
    Error err = ERROR_NONE;
    Json *json = json_parse(arena, text, strlen(text), &JSON_LIMITS, &err);
    if (!json)
        fail_msg("%s: %s at %d:%d", text, err.code, err.line, err.column);
    return json;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Where a peer with doubles and 64-bit integers must give up, we keep the literal. */
static void test_keeps_numbers_a_double_cannot_hold(void **state)
{
    static const char *const literals[] = {
        "1e999",
        "-1e999",
        "9223372036854775808",
        "0.1234567890123456789012345678901234",
        "12345678901234567890123456789012345678901234567890",
        "1e-999",
    };
    for (size_t i = 0; i < sizeof literals / sizeof literals[0]; i++) {
        Json *json = parse(*state, literals[i]);
        assert_int_equal(json->kind, JSON_NUMBER);
        assert_string_equal(json->text, literals[i]);
    }
}

static void test_refuses_nul_bytes(void **state)
{
    Error err = ERROR_NONE;
    assert_null(json_parse(*state, "[1,\0]", 5, &JSON_LIMITS, &err));
    assert_string_equal(err.code, "json.encoding");
    assert_int_equal(err.column, 4);
    assert_null(json_parse(*state, NULL, 0, &JSON_LIMITS, NULL));
}

static void test_decodes_texts(void **state)
{
    static const char *const cases[][2] = {
        {"\"\"", ""},
        {"\"plain\"", "plain"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\u0041\\u00e9\\u4E2D\"", "A\xC3\xA9\xE4\xB8\xAD"},
        {"\"\\ud83d\\ude00!\"", "\xF0\x9F\x98\x80!"},
        {"\"\\udbff\\udfff\"", "\xF4\x8F\xBF\xBF"},
        {"\"\xE4\xB8\x80\xE9\x97\xA8\"", "\xE4\xB8\x80\xE9\x97\xA8"},
        {"\"\\u007f\\u0080\\u07ff\\u0800\\uffff\"", "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Json *json = parse(*state, cases[i][0]);
        assert_int_equal(json->kind, JSON_TEXT);
        assert_string_equal(json->text, cases[i][1]);
    }
}

static void test_keeps_order_and_names(void **state)
{
    Json *json = parse(*state, "{\"z\":1,\"a\":[true,false],\"\":null}");
    assert_int_equal(json->kind, JSON_OBJECT);
    assert_int_equal(json->count, 3);
    assert_string_equal(json->items[0]->name, "z");
    assert_string_equal(json->items[1]->name, "a");
    assert_string_equal(json->items[2]->name, "");
    assert_int_equal(json_get(json, "")->kind, JSON_NULL);
    const Json *flags = json_get(json, "a");
    assert_true(flags->items[0]->boolean);
    assert_false(flags->items[1]->boolean);
    assert_null(flags->items[0]->name);
}

static void test_tells_where_values_begin(void **state)
{
    Json *json = parse(*state, " {\n  \"a\": 1,\r\n\t\"\xE4\xB8\xAD\": [2,\n3] }");
    assert_int_equal(json->line * 100 + json->column, 102);
    const Json *second = json->items[1];
    assert_int_equal(json->items[0]->line * 100 + json->items[0]->column, 203);
    assert_int_equal(second->line * 100 + second->column, 302);
    assert_int_equal(second->items[0]->line * 100 + second->items[0]->column, 308);
    assert_int_equal(second->items[1]->line * 100 + second->items[1]->column, 401);
}

static void test_getters_take_anything(void **state)
{
    Json *json =
        parse(*state, "{\"t\":\"x\",\"e\":\"\",\"n\":1.50,\"b\":true,\"l\":[],\"z\":null}");
    assert_string_equal(json_text(json, "t"), "x");
    assert_string_equal(json_text(json, "e"), "");
    assert_string_equal(json_text(json, "n"), "1.50");
    assert_null(json_text(json, "b"));
    assert_null(json_text(json, "l"));
    assert_null(json_text(json, "z"));
    assert_null(json_text(json, "absent"));
    assert_null(json_text(NULL, "t"));
    assert_null(json_get(json_get(json, "l"), "t"));
    assert_true(json_bool(json, "b", false));
    assert_true(json_bool(json, "absent", true));
    assert_false(json_bool(json, "t", false));
    assert_int_equal(json_int(json, "t", 7), 7);
    assert_int_equal(json_int(NULL, "t", 7), 7);
}

static void test_whole_numbers(void **state)
{
    static const struct {
        const char *literal;
        int64_t value;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"42", 42},
        {"-42", -42},
        {"1.0", 1},
        {"1.000", 1},
        {"1.5", -9},
        {"1e3", 1000},
        {"1.5e1", 15},
        {"1.55e1", -9},
        {"1200e-2", 12},
        {"1250e-2", -9},
        {"0.0", 0},
        {"0e99", 0},
        {"0.000e-99", 0},
        {"0.5", -9},
        {"5e-1", -9},
        {"1e18", INT64_C(1000000000000000000)},
        {"1e19", -9},
        {"9223372036854775807", INT64_MAX},
        {"9223372036854775808", -9},
        {"-9223372036854775808", INT64_MIN},
        {"-9223372036854775809", -9},
        {"-9223372036854775808.0", INT64_MIN},
        {"9223372036854775808.0", -9},
        {"9.223372036854775807e18", INT64_MAX},
        {"99999999999999999999", -9},
        {"18446744073709551616.0", -9},
        {"1e99999999999999999999", -9},
        {"1e-99999999999999999999", -9},
        {"0.001e3", 1},
        {"-0.001E+3", -1},
        {"1000000000000000000000000e-24", 1},
        {"1000000000000000000000001e-24", -9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[80];
        snprintf(text, sizeof text, "{\"n\":%s}", cases[i].literal);
        int64_t got = json_int(parse(*state, text), "n", -9);
        if (got != cases[i].value)
            fail_msg("%s gave %lld", cases[i].literal, (long long)got);
    }
}

static void test_walks_can_nest_and_break(void **state)
{
    Json *json = parse(*state, "[[1,2,3],[4,5,6],[]]");
    int seen = 0;
    json_each (row, json) {
        json_each (cell, row) {
            if (strcmp(cell->text, "5") == 0)
                break;
            seen++;
        }
    }
    assert_int_equal(seen, 4);
    json_each (none, NULL)
        fail_msg("%p", (const void *)none);
    json_each (none, parse(*state, "7"))
        fail_msg("%p", (const void *)none);
}

/* ---- errors and limits ----------------------------------------------------------------------- */

static void test_errors_name_the_place(void **state)
{
    static const struct {
        const char *text, *code;
        int line, column;
    } cases[] = {
        {"", "json.syntax", 1, 1},
        {"[1,\n 2,\n x]", "json.syntax", 3, 2},
        {"[1] 2", "json.syntax", 1, 5},
        {"{\"a\":1,\n\"a\":2}", "json.repeated_name", 2, 1},
        {"{\"a\":1,\"b\":2,\"c\":3,\"b\":4}", "json.repeated_name", 1, 20},
        {"[\"\xE4\xB8\xAD\xE4\xB8\xAD\", x]", "json.syntax", 1, 8},
        {"[\"abc\\q\"]", "json.syntax", 1, 6},
        {"[\"a\tb\"]", "json.syntax", 1, 4},
        {"[\n\"\\ud800\"]", "json.encoding", 2, 8},
        {"[\n\"ab\xFF\"]", "json.encoding", 2, 4},
        {"[12.]", "json.syntax", 1, 5},
        {"\"open", "json.syntax", 1, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = ERROR_NONE;
        assert_null(json_parse(*state, cases[i].text, strlen(cases[i].text), &JSON_LIMITS, &err));
        assert_string_equal(err.code, cases[i].code);
        assert_int_equal(err.line, cases[i].line);
        assert_int_equal(err.column, cases[i].column);
        assert_string_equal(err.with[0].name, "line");
        assert_string_equal(err.with[1].name, "column");
    }
}

static void test_repeated_name_is_named(void **state)
{
    Error err = ERROR_NONE;
    const char *text = "{\"q\":{\"x\":1,\"x\":2},\"q\":3}";
    assert_null(json_parse(*state, text, strlen(text), &JSON_LIMITS, &err));
    assert_string_equal(err.field, "x");
}

static bool parses_at_depth(Arena *arena, size_t depth, Error *err)
{
    char text[512];
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return json_parse(arena, text, 2 * depth, &JSON_LIMITS, err) != NULL;
}

static void test_limits(void **state)
{
    Error err = ERROR_NONE;
    assert_true(parses_at_depth(*state, 64, &err));
    assert_false(parses_at_depth(*state, 65, &err));
    assert_string_equal(err.code, "json.depth");
    assert_int_equal(err.column, 65);

    JsonLimits five = {.bytes = 5, .depth = 3};
    err = ERROR_NONE;
    assert_non_null(json_parse(*state, "[1,2]", 5, &five, &err));
    assert_null(json_parse(*state, "[1,23]", 6, &five, &err));
    assert_string_equal(err.code, "json.size");
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

static void test_small_arena_stops_a_big_tree(void **state)
{
    (void)state;
    Arena *small = arena_create(64 * 1024);
    char text[40001] = "[";
    for (size_t i = 1; i < 40000; i += 2)
        memcpy(text + i, "1,", 2);
    Error err = ERROR_NONE;
    assert_null(json_parse(small, text, 40000, &JSON_LIMITS, &err));
    assert_string_equal(err.code, "json.size");
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    arena_destroy(small);
}

static void test_error_may_be_null(void **state)
{
    assert_null(json_parse(*state, "{\"a\":1,\"a\":2}", 13, &JSON_LIMITS, NULL));
    assert_null(json_parse(*state, "[", 1, &JSON_LIMITS, NULL));
}

static void test_unknown_names(void **state)
{
    static const char *const known[] = {"code", "name", NULL};
    Json *json = parse(*state, "{\"code\":1,\n\"nmae\":2,\n\"name\":3,\"extra\":4}");
    Error err = ERROR_NONE;
    assert_false(json_check_names(json, known, *state, &err));
    assert_string_equal(err.code, "json.unknown_name");
    assert_string_equal(err.field, "nmae");
    assert_int_equal(err.line, 2);
    assert_string_equal(err.next->field, "extra");
    assert_null(err.next->next);

    err = ERROR_NONE;
    assert_true(json_check_names(parse(*state, "{\"name\":1}"), known, *state, &err));
    assert_true(json_check_names(NULL, known, *state, &err));
    assert_false(error_is_set(&err));
}

/* ---- writing --------------------------------------------------------------------------------- */

static void test_writer_places_commas(void **state)
{
    Buffer buffer = buffer_init(*state, 0);
    JsonWriter writer = json_writer(&buffer);
    json_begin_object(&writer, NULL);
    json_put_text(&writer, "t", "x");
    json_put_text(&writer, "none", NULL);
    json_begin_array(&writer, "list");
    json_put_int(&writer, NULL, INT64_MIN);
    json_put_id(&writer, NULL, INT64_MAX);
    json_begin_object(&writer, NULL);
    json_end_object(&writer);
    json_begin_array(&writer, NULL);
    json_end_array(&writer);
    json_end_array(&writer);
    json_put_bool(&writer, "b", true);
    json_put_null(&writer, "z");
    json_put_raw(&writer, "raw", "1.50");
    json_put_tree(&writer, "tree", parse(*state, "[1, {\"k\": \"v\"}]"));
    json_put_tree(&writer, "no", NULL);
    json_end_object(&writer);
    assert_string_equal(buffer_text(&buffer),
                        "{\"t\":\"x\",\"none\":null,\"list\":[-9223372036854775808,"
                        "\"9223372036854775807\",{},[]],\"b\":true,\"z\":null,\"raw\":1.50,"
                        "\"tree\":[1,{\"k\":\"v\"}],\"no\":null}");
}

static void test_writer_escapes(void **state)
{
    Buffer buffer = buffer_init(*state, 0);
    json_add_quoted(&buffer, "\"\\/\b\t\n\v\f\r\x01\x1F\x7F\xE4\xB8\xAD");
    assert_string_equal(buffer_text(&buffer),
                        "\"\\\"\\\\/\\b\\t\\n\\u000b\\f\\r\\u0001\\u001f\x7F\xE4\xB8\xAD\"");
}

static void test_every_code_point_survives(void **state)
{
    Buffer plain = buffer_init(*state, 0), quoted = buffer_init(*state, 0);
    for (uint32_t code = 1; code < 0x110000; code += code < 0x3000 ? 1 : 997)
        if (code < 0xD800 || code > 0xDFFF)
            buffer_add_code_point(&plain, code);
    json_add_quoted(&quoted, buffer_text(&plain));
    assert_string_equal(parse(*state, buffer_text(&quoted))->text, buffer_text(&plain));
}

static void test_deep_tree_inside_a_writer(void **state)
{
    char text[129];
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    text[128] = 0;
    Buffer buffer = buffer_init(*state, 0);
    JsonWriter writer = json_writer(&buffer);
    json_begin_array(&writer, NULL);
    json_put_tree(&writer, NULL, parse(*state, text));
    json_end_array(&writer);
    assert_int_equal(buffer.length, 130);
}

static void test_tree_as_a_text(void **state)
{
    const char *text = "{\"a\":[1.50,\"\\n\"]}";
    assert_string_equal(json_tree_text(*state, parse(*state, text)), text);
    assert_string_equal(json_tree_text(*state, NULL), "null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_keeps_numbers_a_double_cannot_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refuses_nul_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_decodes_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_keeps_order_and_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tells_where_values_begin, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_getters_take_anything, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_whole_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_walks_can_nest_and_break, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_errors_name_the_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_repeated_name_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
        cmocka_unit_test(test_small_arena_stops_a_big_tree),
        cmocka_unit_test_setup_teardown(test_error_may_be_null, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unknown_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_writer_places_commas, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_writer_escapes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_code_point_survives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_deep_tree_inside_a_writer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tree_as_a_text, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
