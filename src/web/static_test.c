/* static_test.c - which file and which variant of it a client gets; with a table of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/fake_app_test.h"
#include "web/static.h"

#define BYTES(text)                                                                                \
    {                                                                                              \
        (const unsigned char *)(text), sizeof(text) - 1                                            \
    }

/* In place of the table that tools/embed writes. */
const StaticFile static_files[] = {
    {.name = "app.css",
     .address = "/static/app.0123456789.css",
     .content_type = "text/css; charset=utf-8",
     .etag = "\"0123\"",
     .identity = BYTES("plain styles"),
     .gzip = BYTES("gzipped"),
     .brotli = BYTES("brotli")},
    {.name = "icon.png",
     .address = "/static/icon.abcdef0123.png",
     .content_type = "image/png",
     .etag = "\"abcd\"",
     .identity = BYTES("picture")},
    {.name = "zip.js",
     .address = "/static/zip.1111111111.js",
     .content_type = "text/javascript; charset=utf-8",
     .etag = "\"1111\"",
     .identity = BYTES("script"),
     .gzip = BYTES("gz")},
};
const size_t static_file_count = 3;

static void test_finding(void **state)
{
    (void)state;
    for (size_t i = 0; i < static_file_count; i++) {
        assert_ptr_equal(static_find(static_files[i].name), &static_files[i]);
        assert_ptr_equal(static_find_address(static_files[i].address), &static_files[i]);
    }
    assert_null(static_find("none.css"));
    assert_null(static_find(""));
    assert_null(static_find("zzz"));
    assert_null(static_find_address("/static/app.css"));
    assert_null(static_find_address("/static/"));
}

static void test_variants(void **state)
{
    (void)state;
    static const struct {
        const char *name, *accept, *encoding, *data;
    } cases[] = {
        {"app.css", NULL, NULL, "plain styles"},
        {"app.css", "gzip, deflate, br", "br", "brotli"},
        {"app.css", "gzip", "gzip", "gzipped"},
        {"app.css", "br;q=0.5, gzip;q=0.9", "gzip", "gzipped"},
        {"app.css", "br;q=0, gzip;q=0", NULL, "plain styles"},
        {"app.css", "deflate", NULL, "plain styles"},
        {"app.css", "*", "br", "brotli"},
        {"app.css", "identity;q=0.9, gzip;q=0.1", NULL, "plain styles"},
        {"zip.js", "br, gzip;q=0.1", "gzip", "gz"},
        {"icon.png", "gzip, br", NULL, "picture"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *encoding = "unset";
        const StaticData *data =
            static_choose(static_find(cases[i].name), cases[i].accept, &encoding);
        if (!text_equal(encoding, cases[i].encoding) ||
            strcmp((const char *)data->data, cases[i].data) != 0)
            fail_msg("case %zu: %s, %s", i, encoding, (const char *)data->data);
    }
}

static void test_addresses_in_pages(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Buffer out = buffer_init(arena, 0);
    view_put_asset(&out, "app.css");
    assert_string_equal(buffer_text(&out), "/static/app.0123456789.css");
    out = buffer_init(arena, 0);
    view_put_asset(&out, "not-built.css");
    assert_string_equal(buffer_text(&out), "/static/not-built.css");
    arena_destroy(arena);
}

static void assert_field(const char *answer, const char *name, const char *value)
{
    char *found = answer_field(answer, name);
    if (!text_equal(found, value))
        fail_msg("%s: %s, not %s", name, found, value);
    free(found);
}

static char *ask(FakeApp *app, const char *method, const char *path, const char *fields)
{
    char request[1000];
    snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: x\r\n%s\r\n", method, path, fields);
    return client_ask(app->port, request);
}

static void test_served(void **state)
{
    (void)state;
    FakeApp *app = fake_start(NULL);
    char *answer = ask(app, "GET", "/static/app.0123456789.css", "Accept-Encoding: gzip, br\r\n");
    assert_int_equal(answer_status(answer), 200);
    assert_field(answer, "Content-Encoding", "br");
    assert_field(answer, "Content-Type", "text/css; charset=utf-8");
    assert_field(answer, "Cache-Control", "public, max-age=31536000, immutable");
    assert_field(answer, "ETag", "\"0123\"");
    assert_field(answer, "Vary", "Accept-Encoding");
    assert_field(answer, "X-Content-Type-Options", "nosniff");
    assert_string_equal(answer_body(answer), "brotli");
    free(answer);
    answer = ask(app, "GET", "/static/app.0123456789.css", "If-None-Match: \"0123\"\r\n");
    assert_int_equal(answer_status(answer), 304);
    assert_field(answer, "ETag", "\"0123\"");
    assert_field(answer, "Content-Type", NULL);
    free(answer);
    answer = ask(app, "HEAD", "/static/app.0123456789.css", "");
    assert_field(answer, "Content-Length", "12");
    assert_string_equal(answer_body(answer), "");
    free(answer);
    static const char *const unknown[] = {"/static/app.css", "/static/", "/static/../hello"};
    for (size_t i = 0; i < 3; i++) {
        answer = ask(app, "GET", unknown[i], "");
        assert_int_equal(answer_status(answer), 404);
        free(answer);
    }
    assert_int_equal(app->begins, 0);
    fake_stop(app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finding),
        cmocka_unit_test(test_variants),
        cmocka_unit_test(test_addresses_in_pages),
        cmocka_unit_test(test_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
