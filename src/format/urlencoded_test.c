/* urlencoded_test.c - pairs, decoding, what is refused, and building URLs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "format/urlencoded.h"

static int set_up(void **state)
{
    *state = arena_create(32 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static UrlPairs parse(Arena *arena, const char *text)
{
    UrlPairs pairs;
    Error err = ERROR_NONE;
    if (!urlencoded_parse(arena, text, strlen(text), &URL_LIMITS, &pairs, &err))
        fail_msg("%s: %s", text, err.code);
    return pairs;
}

static const char *listed(Arena *arena, const UrlPairs *pairs)
{
    Buffer out = buffer_init(arena, 0);
    for (size_t i = 0; i < pairs->count; i++)
        buffer_printf(&out, "[%s][%s]", pairs->items[i].name, pairs->items[i].value);
    return buffer_text(&out);
}

/* The cases of the URL standard's parser, among others. */
static void test_pairs(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"a=1", "[a][1]"},
        {"a=1&b=2&a=3", "[a][1][b][2][a][3]"},
        {"&&a=1&&", "[a][1]"},
        {"a", "[a][]"},
        {"a=", "[a][]"},
        {"=a", "[][a]"},
        {"=", "[][]"},
        {"a=b=c", "[a][b=c]"},
        {"a+b=c+d", "[a b][c d]"},
        {"a%20b=%2B%26%3D", "[a b][+&=]"},
        {"a=%E4%B8%AD%e6%96%87", "[a][\xE4\xB8\xAD\xE6\x96\x87]"},
        {"\xE4\xB8\xAD=1", "[\xE4\xB8\xAD][1]"},
        {"a=%&b=%2&c=%zz&d=%%41&e=%4", "[a][%][b][%2][c][%zz][d][%A][e][%4]"},
        {"a=100%", "[a][100%]"},
        {"a=1;b=2", "[a][1;b=2]"},
        {"a=l1%0D%0Al2", "[a][l1\r\nl2]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        UrlPairs pairs = parse(*state, cases[i][0]);
        assert_string_equal(listed(*state, &pairs), cases[i][1]);
    }
}

static void test_lookup(void **state)
{
    UrlPairs pairs = parse(*state, "kind=a&name=x&kind=b&kind=");
    assert_string_equal(urlencoded_get(&pairs, "kind"), "a");
    assert_null(urlencoded_get(&pairs, "absent"));
    const char **values;
    assert_int_equal(urlencoded_all(&pairs, *state, "kind", &values), 3);
    assert_string_equal(values[1], "b");
    assert_string_equal(values[2], "");
    assert_int_equal(urlencoded_all(&pairs, *state, "absent", &values), 0);
}

static void test_encoding_names_the_field(void **state)
{
    static const struct {
        const char *text, *field;
    } cases[] = {
        {"ok=1&name=%FF", "name"},
        {"name=a%00b", "name"},
        {"name=%ED%A0%80", "name"},
        {"name=%C0%AF", "name"},
        {"name=\xD6\xD0", "name"},
        {"a%00=1", NULL},
        {"%FF=1", NULL},
        {"\xE5\x90\x8D=%E4%B8", "\xE5\x90\x8D"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = ERROR_NONE;
        UrlPairs pairs;
        assert_false(urlencoded_parse(*state, cases[i].text, strlen(cases[i].text), &URL_LIMITS,
                                      &pairs, &err));
        assert_string_equal(err.code, "input.encoding");
        assert_int_equal(err.kind, ERROR_INVALID);
        assert_true(text_equal(err.field, cases[i].field));
    }
}

static void test_limits(void **state)
{
    UrlLimits tight = {.bytes = 11, .pairs = 3};
    UrlPairs pairs;
    Error err = ERROR_NONE;
    assert_true(urlencoded_parse(*state, "a=1&b=2&c=3", 11, &tight, &pairs, &err));
    assert_true(urlencoded_parse(*state, "a&b&c&&&&", 9, &tight, &pairs, &err));
    assert_false(urlencoded_parse(*state, "a&b&c&d", 7, &tight, &pairs, &err));
    assert_string_equal(err.code, "input.too_many");
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    err = ERROR_NONE;
    assert_false(urlencoded_parse(*state, "a=1&b=2&c=34", 12, &tight, &pairs, &err));
    assert_string_equal(err.code, "input.size");
    assert_true(urlencoded_parse(*state, NULL, 0, &tight, &pairs, NULL));
    assert_int_equal(pairs.count, 0);
}

static void test_decode(void **state)
{
    size_t length;
    const char *form = urlencoded_decode(*state, "a+b%00%ff", 9, true, &length);
    assert_int_equal(length, 5);
    assert_memory_equal(form, "a b\0\xFF", 6);
    assert_string_equal(urlencoded_decode(*state, "a+b%2", 5, false, &length), "a+b%2");
    assert_string_equal(urlencoded_decode(*state, "%2Fx", 3, false, &length), "/");
}

static void test_building(void **state)
{
    Buffer url = buffer_init(*state, 0);
    buffer_add(&url, "/items/");
    urlencoded_add_part(&url, "a b/c?\xE4\xB8\xAD-._~");
    assert_string_equal(buffer_text(&url), "/items/a%20b%2Fc%3F%E4%B8%AD-._~");
    urlencoded_add_query(&url, "q", "1+1=2&x");
    urlencoded_add_query(&url, "\xE5\x90\x8D", "");
    assert_string_equal(buffer_text(&url), "/items/a%20b%2Fc%3F%E4%B8%AD-._~"
                                           "?q=1%2B1%3D2%26x&%E5%90%8D=");
}

static void test_every_byte_comes_back(void **state)
{
    Buffer text = buffer_init(*state, 0), url = buffer_init(*state, 0);
    for (uint32_t code = 1; code < 0x800; code++)
        buffer_add_code_point(&text, code);
    urlencoded_add_query(&url, buffer_text(&text), buffer_text(&text));
    UrlPairs pairs = parse(*state, buffer_text(&url) + 1);
    assert_int_equal(pairs.count, 1);
    assert_string_equal(pairs.items[0].name, buffer_text(&text));
    assert_string_equal(pairs.items[0].value, buffer_text(&text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pairs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lookup, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_encoding_names_the_field, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_decode, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_building, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_byte_comes_back, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
