/* feel_json_test.c - values from and to plain JSON, and the exact encoding of stored values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "feel/feel.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

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

static FeelValue value_of(Arena *arena, const char *source)
{
    Error err = ERROR_NONE;
    FeelExpression *expression = feel_compile(arena, source, FEEL_EXPRESSION, NULL, &err);
    if (!expression)
        fail_msg("%s: %s", source, err.message);
    return feel_evaluate(expression, NULL, arena, NULL);
}

static FeelValue from_json(Arena *arena, const char *text)
{
    Error err = ERROR_NONE;
    Json *json = json_parse(arena, text, strlen(text), &JSON_LIMITS, &err);
    if (!json)
        fail_msg("%s: %s", text, err.code);
    return feel_from_json(arena, json);
}

static void test_from_json(void **state)
{
    Arena *arena = *state;
    static const char *const cases[][2] = {
        {"null", "null"},
        {"true", "true"},
        {"1.50", "1.5"},
        {"-1e3", "-1000"},
        {"0.1234567890123456789012345678901234", "0.1234567890123456789012345678901234"},
        {"1e9999", "null"},
        {"\"2026-11-22\"", "2026-11-22"},
        {"[1, \"a\", [null]]", "[1, \"a\", [null]]"},
        {"{\"b\": 1, \"a c\": {\"d\": []}}", "{b: 1, a c: {d: []}}"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(feel_to_text(arena, from_json(arena, cases[i][0])), cases[i][1]);
    assert_int_equal(from_json(arena, "\"2026-11-22\"").kind, FEEL_STRING);
    assert_true(feel_is_null(feel_from_json(arena, NULL)));
}

static void test_to_json(void **state)
{
    Arena *arena = *state;
    static const char *const cases[][2] = {
        {"null", "null"},
        {"false", "false"},
        {"1.50", "1.5"},
        {"1e50", "1E+50"},
        {"\"a\\\"b\\n\"", "\"a\\\"b\\n\""},
        {"@\"2026-11-22\"", "\"2026-11-22\""},
        {"@\"2026-11-22T08:30:00@Asia/Shanghai\"", "\"2026-11-22T08:30:00@Asia/Shanghai\""},
        {"@\"P1Y2M\"", "\"P1Y2M\""},
        {"[1, [\"a\"], {}]", "[1,[\"a\"],{}]"},
        {"{a: 1, \"b c\": [true]}", "{\"a\":1,\"b c\":[true]}"},
        {"[1..5)", "\"[1..5)\""},
        {"abs", "null"},
        {"[abs]", "[null]"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Buffer buffer = buffer_init(arena, 0);
        feel_to_json(&buffer, value_of(arena, cases[i][0]));
        assert_string_equal(buffer_text(&buffer), cases[i][1]);
    }
}

static void test_to_json_deepest(void **state)
{
    Arena *arena = *state;
    FeelValue value = feel_int(1);
    Error err = ERROR_NONE;
    for (int i = 0; i < FEEL_VALUE_DEPTH; i++)
        value = feel_list(arena, &value, 1);
    Buffer plain = buffer_init(arena, 0);
    feel_to_json(&plain, value);
    assert_int_equal(plain.length, 2 * FEEL_VALUE_DEPTH + 1);
    assert_non_null(json_parse(arena, buffer_text(&plain), plain.length, &JSON_LIMITS, &err));
}

typedef struct EncodingCase {
    const char *source;
    const char *encoded; /* NULL: only the way there and back counts */
} EncodingCase;

static void check_round_trip(Arena *arena, const EncodingCase *one)
{
    FeelValue value = value_of(arena, one->source), back = feel_int(7);
    Buffer buffer = buffer_init(arena, 0), again = buffer_init(arena, 0);
    Error err = ERROR_NONE;
    assert_true(feel_encode(&buffer, value, &err));
    if (one->encoded)
        assert_string_equal(buffer_text(&buffer),
                            arena_printf(arena, "{\"feel\":1,\"value\":%s}", one->encoded));
    if (!feel_decode(arena, buffer_text(&buffer), buffer.length, &back, &err))
        fail_msg("%s: %s", one->source, buffer_text(&buffer));
    assert_int_equal(back.kind, value.kind);
    assert_string_equal(feel_to_text(arena, back), feel_to_text(arena, value));
    assert_true(feel_encode(&again, back, &err));
    assert_string_equal(buffer_text(&again), buffer_text(&buffer));
}

static void test_encoding(void **state)
{
    Arena *arena = *state;
    static const EncodingCase cases[] = {
        {"null", "null"},
        {"true", "true"},
        {"false", "false"},
        {"1.50", "{\"n\":\"1.5\"}"},
        {"-0.1234567890123456789012345678901234", NULL},
        {"9.999999999999999999999999999999999e6144", NULL},
        {"1e-6176", NULL},
        {"\"\"", "\"\""},
        {"\"a\\\"b\\n中🐎\"", NULL},
        {"@\"2026-11-22\"", "{\"d\":\"2026-11-22\"}"},
        {"@\"-0044-03-15\"", NULL},
        {"@\"999999999-12-31\"", NULL},
        {"@\"08:30:00.123456789\"", NULL},
        {"@\"08:30:00+05:00:01\"", NULL},
        {"@\"08:30:00@Asia/Shanghai\"", "{\"d\":\"08:30:00@Asia/Shanghai\"}"},
        {"@\"2026-11-22T08:30:00\"", "{\"d\":\"2026-11-22T08:30:00\"}"},
        {"@\"2026-11-22T08:30:00Z\"", NULL},
        {"@\"2026-11-22T00:00:00\"", NULL},
        {"@\"P1Y2M\"", "{\"d\":\"P1Y2M\"}"},
        {"@\"P0M\"", "{\"d\":\"P0M\"}"},
        {"@\"-P1DT0.5S\"", NULL},
        {"@\"PT0S\"", "{\"d\":\"PT0S\"}"},
        {"[]", "[]"},
        {"[1, [null], {}]", "[{\"n\":\"1\"},[null],{\"c\":{}}]"},
        {"{a: 1}", "{\"c\":{\"a\":{\"n\":\"1\"}}}"},
        {"{n: \"x\", d: {c: [@\"P1D\"]}, \"\": null}", NULL},
        {"[1..5)", "{\"r\":[{\"n\":\"1\"},{\"n\":\"5\"}],\"i\":\"[)\"}"},
        {"(@\"2026-01-01\"..null]", NULL},
        {"(< 5)", "{\"r\":[null,{\"n\":\"5\"}],\"o\":\"<\"}"},
        {"[(<= 1), (> 2), (>= 3), (= 4), (!= \"a\")]", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_round_trip(arena, &cases[i]);
}

/* As deep as a value can be, in the form that takes the most levels. */
static void test_encoding_deepest(void **state)
{
    Arena *arena = *state;
    FeelValue value = feel_int(1), back;
    Error err = ERROR_NONE;
    for (int i = 0; i < FEEL_VALUE_DEPTH; i++) {
        FeelContextBuilder builder = feel_context_begin(arena);
        feel_context_put(&builder, "a", value);
        value = feel_context_end(&builder);
    }
    assert_int_equal(value.kind, FEEL_CONTEXT);
    Buffer buffer = buffer_init(arena, 0);
    assert_true(feel_encode(&buffer, value, &err));
    assert_true(feel_decode(arena, buffer_text(&buffer), buffer.length, &back, &err));
    assert_int_equal(feel_equal(value, back), FEEL_YES);
}

static void test_encoding_refuses_functions(void **state)
{
    Arena *arena = *state;
    static const char *const sources[] = {"abs", "[1, abs]", "{a: {f: function(x) x}}"};
    for (size_t i = 0; i < COUNT(sources); i++) {
        Error err = ERROR_NONE;
        Buffer buffer = buffer_init(arena, 0);
        assert_false(feel_encode(&buffer, value_of(arena, sources[i]), &err));
        assert_string_equal(err.code, "feel.encode_function");
    }
}

static void test_decoding_refuses(void **state)
{
    Arena *arena = *state;
    static const char *const texts[] = {
        "",
        "null",
        "5",
        "{}",
        "{\"feel\":1}",
        "{\"feel\":2,\"value\":null}",
        "{\"value\":null}",
        "{\"feel\":1,\"value\":1}",
        "{\"feel\":1,\"value\":{}}",
        "{\"feel\":1,\"value\":{\"x\":1}}",
        "{\"feel\":1,\"value\":{\"n\":1}}",
        "{\"feel\":1,\"value\":{\"n\":\"one\"}}",
        "{\"feel\":1,\"value\":{\"n\":\"1e9999\"}}",
        "{\"feel\":1,\"value\":{\"d\":\"tomorrow\"}}",
        "{\"feel\":1,\"value\":{\"d\":null}}",
        "{\"feel\":1,\"value\":{\"c\":[]}}",
        "{\"feel\":1,\"value\":{\"c\":{\"a\":1}}}",
        "{\"feel\":1,\"value\":[1]}",
        "{\"feel\":1,\"value\":{\"r\":[]}}",
        "{\"feel\":1,\"value\":{\"r\":[null,null],\"i\":\"[]\"}}",
        "{\"feel\":1,\"value\":{\"r\":[{\"n\":\"1\"},\"a\"],\"i\":\"[]\"}}",
        "{\"feel\":1,\"value\":{\"r\":[{\"n\":\"1\"},null]}}",
        "{\"feel\":1,\"value\":{\"r\":[{\"n\":\"1\"},null],\"o\":\"~\"}}",
        "{\"feel\":1,\"value\":{\"r\":[{\"n\":\"1\"},null],\"o\":\"\"}}",
        "{\"feel\":1,\"value\":{\"r\":{\"a\":1},\"i\":\"[]\"}}",
        "{\"feel\":1,\"value\":{\"r\":[[],null],\"o\":\"=\"}}",
        "{\"feel\":1,\"value\":null",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        Error err = ERROR_NONE;
        FeelValue kept = feel_int(7);
        if (feel_decode(arena, texts[i], strlen(texts[i]), &kept, &err))
            fail_msg("taken: %s", texts[i]);
        assert_string_equal(err.code, "feel.decode");
        assert_int_equal(err.kind, ERROR_INVALID);
        assert_int_equal(kept.kind, FEEL_NUMBER);
    }
}

static void test_decoding_tells_the_place(void **state)
{
    Arena *arena = *state;
    Error err = ERROR_NONE;
    FeelValue value;
    const char *text = "{\"feel\": 1, \"value\": [\n  {\"n\": \"x\"}]}";
    assert_false(feel_decode(arena, text, strlen(text), &value, &err));
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_from_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_to_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_to_json_deepest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_encoding, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_encoding_deepest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_encoding_refuses_functions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_decoding_refuses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_decoding_tells_the_place, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
