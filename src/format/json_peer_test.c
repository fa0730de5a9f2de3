/*
 * json_peer_test.c - our JSON beside jansson's: the same texts accepted, what we write read back.
 *
 * Texts on which the two differ by intent (numbers that a double or 64 bits cannot hold) are in
 * json_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Both have kinds of these names. */
#define JSON_OBJECT PEER_OBJECT
#define JSON_ARRAY  PEER_ARRAY
#define JSON_NULL   PEER_NULL
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_NULL

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

/* Texts on which both parsers must agree, good and bad. */
static const char *const peer_cases[] = {
    /* structure */
    "",
    " ",
    "[]",
    "{}",
    "[ ]",
    "{ }",
    "[[]]",
    "[[],[]]",
    "[",
    "]",
    "{",
    "}",
    "[}",
    "{]",
    "[]]",
    "{}}",
    "[][]",
    "{}{}",
    "[],",
    ",[]",
    "[,]",
    "[1,]",
    "[,1]",
    "[1,,2]",
    "[1 2]",
    "[1;2]",
    "[1",
    "[1,",
    "[1,\n",
    "[[1]",
    "[\"a\"",
    "{\"a\":1}",
    "{\"a\":1,}",
    "{,\"a\":1}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\" 1}",
    "{\"a\"::1}",
    "{\"a\":1 \"b\":2}",
    "{a:1}",
    "{1:1}",
    "{null:1}",
    "{'a':1}",
    "{\"a\":1,\"b\":2}",
    "{\"a\":{\"b\":{}}}",
    "{\"\":0}",
    "{\"a\":1,\"a\":1}",
    "{\"a\":1,\"\\u0061\":1}",
    "{\"a\":1,\"b\":1,\"a\":1}",
    "{\"a\":1",
    "{\"a\":",
    "{\"a\"",
    "{\"",
    /* white space and what is none */
    "\t\n\r [\t\n\r ]\t\n\r ",
    "[\f]",
    "[\v]",
    "[\xC2\xA0]",
    "[\xE3\x80\x80]",
    "\xEF\xBB\xBF[]",
    "/**/[]",
    "[]//",
    "[1]#",
    "[]\x01",
    /* words */
    "null",
    "true",
    "false",
    "nul",
    "nulll",
    "tru",
    "fals",
    "True",
    "NULL",
    "nan",
    "NaN",
    "Infinity",
    "-Infinity",
    "undefined",
    "[true]",
    "[truefalse]",
    "[true,false]",
    "truth",
    /* numbers */
    "0",
    "-0",
    "1",
    "-1",
    "10",
    "01",
    "-01",
    "00",
    "+1",
    "-",
    "--1",
    ".1",
    "1.",
    "1.e1",
    "-.1",
    "0.1",
    "-0.0",
    "1.0",
    "1.5e3",
    "1e3",
    "1E3",
    "1e+3",
    "1e-3",
    "1e",
    "1e+",
    "1e-",
    "1e1.5",
    "1e1e1",
    "1.2.3",
    "0x10",
    "1_000",
    "1,000",
    "0e0",
    "0E+00",
    "1a",
    "1 ",
    " 1",
    "[-]",
    "[1.]",
    "[0123]",
    "9223372036854775807",
    "-9223372036854775808",
    "1.7976931348623157e308",
    /* texts */
    "\"\"",
    "\"a\"",
    "\"",
    "\"a",
    "a\"",
    "'a'",
    "\"\\\"\"",
    "\"\\\\\"",
    "\"\\/\"",
    "\"\\b\\f\\n\\r\\t\"",
    "\"\\a\"",
    "\"\\v\"",
    "\"\\0\"",
    "\"\\x41\"",
    "\"\\",
    "\"\\\"",
    "\"\\'\"",
    "\"\t\"",
    "\"\n\"",
    "\"\x1F\"",
    "\"\x7F\"",
    "\"\\u0041\"",
    "\"\\u004\"",
    "\"\\u00g1\"",
    "\"\\u\"",
    "\"\\U0041\"",
    "\"\\uABCD\"",
    "\"\\uabcd\"",
    "\"\\u0000\"",
    "\"a\\u0000b\"",
    "\"\\u001f\"",
    "\"\\u 041\"",
    "\"\\u+041\"",
    "\"\\u-041\"",
    /* surrogates */
    "\"\\ud83d\\ude00\"",
    "\"\\uD83D\\uDE00\"",
    "\"\\ud83d\"",
    "\"\\ude00\"",
    "\"\\ude00\\ud83d\"",
    "\"\\ud83d\\ud83d\"",
    "\"\\ud83dx\"",
    "\"\\ud83d\\n\"",
    "\"\\ud83d\\u0041\"",
    "\"\\ud83d\\ude0\"",
    "\"\\ud83d\\u\"",
    "\"\\ud83d\\\"",
    "\"\\udbff\\udfff\"",
    "\"\\ud800\\udc00\"",
    /* encoding */
    "\"\xE4\xB8\xAD\"",
    "\"\xF0\x9F\x98\x80\"",
    "\"\x80\"",
    "\"\xC0\x80\"",
    "\"\xC1\xBF\"",
    "\"\xE0\x80\x80\"",
    "\"\xE0\x9F\xBF\"",
    "\"\xED\xA0\x80\"",
    "\"\xED\x9F\xBF\"",
    "\"\xF0\x80\x80\x80\"",
    "\"\xF4\x8F\xBF\xBF\"",
    "\"\xF4\x90\x80\x80\"",
    "\"\xF5\x80\x80\x80\"",
    "\"\xFF\"",
    "\"\xE4\xB8\"",
    "\"\xE4\"",
    "\"\xE4\xB8\xAD",
    "\xE4\xB8\xAD",
    "[\"\xD6\xD0\"]",
};

static bool peer_accepts(const char *text, size_t length)
{
    json_error_t error;
    json_t *json = json_loadb(text, length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    bool is_good = json != NULL;
    json_decref(json);
    return is_good;
}

static bool accepts(Arena *arena, const char *text, size_t length)
{
    Error err = ERROR_NONE;
    bool is_good = json_parse(arena, text, length, &JSON_LIMITS, &err) != NULL;
    assert_int_equal(is_good, !error_is_set(&err));
    if (!is_good)
        assert_true(err.kind == ERROR_INVALID && err.line >= 1 && err.column >= 1);
    return is_good;
}

static void test_agrees_with_peer(void **state)
{
    for (size_t i = 0; i < sizeof peer_cases / sizeof peer_cases[0]; i++) {
        const char *text = peer_cases[i];
        size_t length = strlen(text);
        if (accepts(*state, text, length) != peer_accepts(text, length))
            fail_msg("case %zu: %s", i, text);
    }
}

/* Every prefix and every one-byte change of a text with everything in it. */
static void test_agrees_with_peer_on_damage(void **state)
{
    static const char whole[] =
        "{\"a\":[1,-2.5e+3,true,null,\"x\\n\\u4e2d\xE4\xB8\xAD\"],\"b\":{}}";
    static const char bytes[] = "\"\\{}[],:0-.eu \n\x01\x80\xE4t";
    for (size_t at = 0; at < sizeof whole - 1; at++) {
        assert_int_equal(accepts(*state, whole, at), peer_accepts(whole, at));
        for (size_t i = 0; i < sizeof bytes - 1; i++) {
            char copy[sizeof whole];
            memcpy(copy, whole, sizeof whole);
            copy[at] = bytes[i];
            if (accepts(*state, copy, sizeof whole - 1) != peer_accepts(copy, sizeof whole - 1))
                fail_msg("byte %zu: %s", at, copy);
        }
    }
}

/* The peer reads what we write, and finds the same values. */
static void test_peer_reads_what_is_written(void **state)
{
    const char *text = "{\"a\":[1,-2,\"x\\n\\u0001\\u4e2d\",true,null],\"b\":{\"c\":{}},\"d\":[]}";
    Buffer buffer = buffer_init(*state, 0);
    JsonWriter writer = json_writer(&buffer);
    json_put_tree(&writer, NULL, json_parse(*state, text, strlen(text), &JSON_LIMITS, NULL));
    json_error_t error;
    json_t *before = json_loads(text, 0, &error),
           *after = json_loads(buffer_text(&buffer), 0, &error);
    assert_non_null(after);
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_agrees_with_peer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_agrees_with_peer_on_damage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_peer_reads_what_is_written, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
