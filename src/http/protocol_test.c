/* protocol_test.c - quality values, entity tags, cookies, media types; tables of cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "http/protocol.h"

static void test_accept_quality(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        const char *type;
        int quality;
    } cases[] = {
        {NULL, "text/html", 1000},
        {"", "text/html", 1000},
        {"*/*", "text/html", 1000},
        {"text/html", "text/html", 1000},
        {"TEXT/HTML", "text/html", 1000},
        {"text/html", "application/json", 0},
        {"text/*;q=0.5", "text/html", 500},
        {"text/*;q=0.5, text/html;q=0.2", "text/html", 200},
        {"text/html;q=0.2, text/*;q=0.5", "text/html", 200},
        {"*/*;q=0.1,application/json", "application/json", 1000},
        {"*/*;q=0.1,application/json", "text/html", 100},
        {"text/html;q=0", "text/html", 0},
        {"text/html;q=0, */*", "text/html", 0},
        {"text/html;level=1;q=0.3", "text/html", 300},
        {"text/html ; q=0.25", "text/html", 250},
        {"text/html;q=1.5", "text/html", 1000},
        {"text/html;q=0.1239", "text/html", 123},
        {"text/html;q=", "text/html", 1000},
        {"text/html;q=x", "text/html", 1000},
        {",,, ,text/html,,", "text/html", 1000},
        {"application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html", 800},
        {"textual/*", "text/html", 0},
        {"text/htm", "text/html", 0},
        {"*", "text/html", 1000},
        {";q=1", "text/html", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int quality = accept_quality(cases[i].accept, cases[i].type);
        if (quality != cases[i].quality)
            fail_msg("%s for %s: %d", cases[i].accept, cases[i].type, quality);
    }
}

static void test_accept_encoding(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        const char *coding;
        int quality;
    } cases[] = {
        {NULL, "gzip", 0},
        {NULL, "identity", 1000},
        {"gzip, br", "br", 1000},
        {"gzip, br", "identity", 1000},
        {"gzip;q=0.5", "gzip", 500},
        {"*;q=0", "identity", 0},
        {"*;q=0, identity;q=0.1", "identity", 100},
        {"identity;q=0.1, *;q=0", "identity", 100},
        {"*", "br", 1000},
        {"gzip;q=0", "gzip", 0},
        {"", "gzip", 0},
        {"bro", "br", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int quality = accept_encoding_quality(cases[i].accept, cases[i].coding);
        if (quality != cases[i].quality)
            fail_msg("%s for %s: %d", cases[i].accept, cases[i].coding, quality);
    }
}

static void test_etags(void **state)
{
    (void)state;
    assert_true(etag_matches("\"abc\"", "\"abc\""));
    assert_true(etag_matches("W/\"abc\"", "\"abc\""));
    assert_true(etag_matches("\"x\", \"abc\" , \"y\"", "\"abc\""));
    assert_true(etag_matches("*", "\"abc\""));
    assert_false(etag_matches(NULL, "\"abc\""));
    assert_false(etag_matches("", "\"abc\""));
    assert_false(etag_matches("\"abcd\"", "\"abc\""));
    assert_false(etag_matches("\"abc\"d", "\"abc\""));
    assert_false(etag_matches("abc", "\"abc\""));
}

static void test_cookies(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    const char *header = "a=1; session=xyz ;b=; session=other; a b=3;=4;c";
    assert_string_equal(cookie_find(arena, header, "a"), "1");
    assert_string_equal(cookie_find(arena, header, "session"), "xyz");
    assert_string_equal(cookie_find(arena, header, "b"), "");
    assert_null(cookie_find(arena, header, "c"));
    assert_null(cookie_find(arena, header, "sess"));
    assert_null(cookie_find(arena, NULL, "a"));
    assert_null(cookie_find(arena, ";;;", "a"));
    assert_string_equal(cookie_find(arena, "x=a=b", "x"), "a=b");
    arena_destroy(arena);
}

static void test_media_types(void **state)
{
    (void)state;
    assert_true(media_type_is("application/json", "application/json"));
    assert_true(media_type_is("Application/JSON; charset=utf-8", "application/json"));
    assert_true(media_type_is(" application/json", "application/json"));
    assert_false(media_type_is("application/jsonp", "application/json"));
    assert_false(media_type_is("application", "application/json"));
    assert_false(media_type_is(NULL, "application/json"));
}

static void test_reasons(void **state)
{
    (void)state;
    assert_string_equal(status_reason(413), "Content Too Large");
    assert_string_equal(status_reason(799), "Status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accept_quality), cmocka_unit_test(test_accept_encoding),
        cmocka_unit_test(test_etags),          cmocka_unit_test(test_cookies),
        cmocka_unit_test(test_media_types),    cmocka_unit_test(test_reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
