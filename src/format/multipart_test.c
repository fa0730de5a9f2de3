/* multipart_test.c - fields and files as browsers send them, and bodies that are cut or wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "format/multipart.h"

#define TYPE "multipart/form-data; boundary=----x9"
#define MARK "------x9\r\n"
#define LAST "\r\n------x9--\r\n"
#define DISP "Content-Disposition: form-data; "

static int set_up(void **state)
{
    *state = arena_create(8 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static bool parse_n(Arena *arena, const char *body, size_t length, Multipart *out, Error *err)
{
    *err = ERROR_NONE;
    return multipart_parse(arena, TYPE, body, length, &MULTIPART_LIMITS, out, err);
}

static Multipart parse(Arena *arena, const char *body)
{
    Multipart form;
    Error err;
    if (!parse_n(arena, body, strlen(body), &form, &err))
        fail_msg("%s: %s %s", body, err.code, err.detail);
    return form;
}

static void test_a_browser_form(void **state)
{
    static const char body[] =
        MARK DISP "name=\"title\"\r\n\r\n\xE5\x90\x8D\xE7\xA7\xB0\r\nline 2\r\n" MARK DISP
                  "name=\"scan\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
                  "%PDF\0\xFF\r\n--\r\n------x\r\n" MARK DISP "name=\"none\"; filename=\"\"\r\n"
                  "Content-Type: application/octet-stream\r\n\r\n\r\n" MARK DISP
                  "name=\"empty\"\r\n\r\n" LAST;
    Multipart form;
    Error err;
    assert_true(parse_n(*state, body, sizeof body - 1, &form, &err));
    assert_int_equal(form.count, 4);
    assert_string_equal(form.parts[0].name, "title");
    assert_string_equal(form.parts[0].text, "\xE5\x90\x8D\xE7\xA7\xB0\r\nline 2");
    assert_null(form.parts[0].filename);
    const MultipartPart *scan = multipart_find(&form, "scan");
    assert_string_equal(scan->filename, "a.pdf");
    assert_string_equal(scan->content_type, "application/pdf");
    assert_null(scan->text);
    assert_int_equal(scan->length, 19);
    assert_memory_equal(scan->data, "%PDF\0\xFF\r\n--\r\n------x", 19);
    assert_true(scan->data > body && scan->data < body + sizeof body);
    assert_string_equal(form.parts[2].filename, "");
    assert_int_equal(form.parts[2].length, 0);
    assert_string_equal(form.parts[3].text, "");
    assert_null(multipart_find(&form, "absent"));
}

static void test_names(void **state)
{
    static const struct {
        const char *disposition, *name, *filename;
    } cases[] = {
        {"form-data; name=\"a\"", "a", NULL},
        {"form-data;name=a", "a", NULL},
        {"FORM-DATA; NAME=\"a\"", "a", NULL},
        {"form-data; name = \"a\" ; filename = b.txt ", "a", "b.txt"},
        {"form-data; filename=\"b.txt\"; name=\"a\"", "a", "b.txt"},
        {"form-data; name=\"a;b=c\"; filename=\"x;name=y\"", "a;b=c", "x;name=y"},
        {"form-data; x; name=\"\"", "", NULL},
        {"form-data; name=\"q%22%0d%0A%25\"", "q\"\r\n%25", NULL},
        {"form-data; name=\"q\\\"r\"", "q\"r", NULL},
        {"form-data; name=\"a\"; filename=\"C:\\dir\\photo 1.jpg\"", "a", "photo 1.jpg"},
        {"form-data; name=\"a\"; filename=\"../../etc/passwd\"", "a", "passwd"},
        {"form-data; name=\"a\"; filename=\"dir/\"", "a", ""},
        {"form-data; name=\"\xE6\x9D\x90\"; filename=\"\xE7\x85\xA7.jpg\"", "\xE6\x9D\x90",
         "\xE7\x85\xA7.jpg"},
        {"form-data; name=\"a\"; filename*=UTF-8''b.txt", "a", NULL},
        {"form-data; name=\"a", "a", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Multipart form =
            parse(*state, arena_printf(*state, MARK "Content-Disposition: %s\r\n\r\nv" LAST,
                                       cases[i].disposition));
        assert_string_equal(form.parts[0].name, cases[i].name);
        assert_true(text_equal(form.parts[0].filename, cases[i].filename));
    }
}

static void test_lines_around_boundaries(void **state)
{
    static const struct {
        const char *body;
        size_t count;
    } cases[] = {
        {"------x9--", 0},
        {"preamble\r\n------x9--\r\nepilogue", 0},
        {"pre\r\n" MARK DISP "name=a\r\n\r\n1\r\n------x9--", 1},
        {"\r\n" MARK DISP "name=a\r\n\r\n1" LAST "epilogue\r\n" MARK, 1},
        {"------x9 \t\r\n" DISP "name=a\r\n\r\n1\r\n------x9 \t\r\n" DISP "name=b\r\n\r\n2" LAST,
         2},
        {MARK DISP "name=a\r\n\r\n1\r\n------x99\r\n------x9x\r\n-----x9\r\n" LAST, 1},
        {"------x99\r\n" MARK DISP "name=a\r\n\r\n1" LAST, 1},
        {MARK "X-Other: y\r\n" DISP "name=a\r\nContent-Transfer-Encoding: BINARY\r\n\r\n1" LAST, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(parse(*state, cases[i].body).count, cases[i].count);
}

static void test_boundary_in_quotes(void **state)
{
    Multipart form;
    const char *body = "--a:b c\r\n" DISP "name=x\r\n\r\n1\r\n--a:b c--";
    assert_true(multipart_parse(*state, "Multipart/Form-Data; charset=utf-8; Boundary=\"a:b c\"",
                                body, strlen(body), &MULTIPART_LIMITS, &form, NULL));
    assert_string_equal(form.parts[0].text, "1");
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void test_refuses(void **state)
{
    static const struct {
        const char *body, *code, *field;
    } cases[] = {
        {"", "multipart.syntax", NULL},
        {"no boundary at all", "multipart.syntax", NULL},
        {"------x9", "multipart.syntax", NULL},
        {"------x9\n" DISP "name=a\n\n1\n------x9--", "multipart.syntax", NULL},
        {MARK, "multipart.syntax", NULL},
        {MARK DISP "name=a", "multipart.syntax", NULL},
        {MARK DISP "name=a\r\n\r\n1", "multipart.syntax", NULL},
        {MARK DISP "name=a\r\n\r\n1\r\n------x9", "multipart.syntax", NULL},
        {MARK "\r\n1" LAST, "multipart.syntax", NULL},
        {MARK "Content-Disposition: attachment; name=a\r\n\r\n1" LAST, "multipart.syntax", NULL},
        {MARK "Content-Disposition\r\n\r\n1" LAST, "multipart.syntax", NULL},
        {MARK DISP "filename=a\r\n\r\n1" LAST, "multipart.syntax", NULL},
        {MARK DISP "name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==" LAST,
         "multipart.transfer_encoding", NULL},
        {MARK DISP "name=a\r\n\r\n\xFF" LAST, "input.encoding", "a"},
        {MARK DISP "name=\xFF\r\n\r\n1" LAST, "input.encoding", NULL},
        {MARK DISP "name=a; filename=\xD6\xD0.txt\r\n\r\n1" LAST, "input.encoding", "a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Multipart form;
        Error err;
        assert_false(parse_n(*state, cases[i].body, strlen(cases[i].body), &form, &err));
        if (strcmp(err.code, cases[i].code) != 0 || !text_equal(err.field, cases[i].field))
            fail_msg("%s: %s %s %s", cases[i].body, err.code, err.field, err.detail);
    }
}

static void test_refuses_nul(void **state)
{
    static const char in_value[] = MARK DISP "name=a\r\n\r\n1\0002" LAST;
    static const char in_name[] = MARK DISP "name=a\0b\r\n\r\n1" LAST;
    Multipart form;
    Error err;
    assert_false(parse_n(*state, in_value, sizeof in_value - 1, &form, &err));
    assert_string_equal(err.code, "input.encoding");
    assert_string_equal(err.field, "a");
    assert_false(parse_n(*state, in_name, sizeof in_name - 1, &form, &err));
    assert_string_equal(err.code, "input.encoding");
}

static void test_content_type(void **state)
{
    static const char *const bad[] = {
        "",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "text/plain; boundary=x",
        "multipart/mixed; boundary=x",
        "multipart/form-data; boundary=\"x \"",
        "multipart/form-data; boundary=a\"b",
        "multipart/form-data; boundary=\xE4\xB8\xAD",
        ("multipart/form-data; boundary="
         "12345678901234567890123456789012345678901234567890123456789012345678901"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Multipart form;
        Error err = ERROR_NONE;
        assert_false(multipart_parse(*state, bad[i], "", 0, &MULTIPART_LIMITS, &form, &err));
        assert_string_equal(err.code, "multipart.boundary");
    }
}

/* Every prefix of a good body is refused, unless its closing boundary is whole. */
static void test_cut_anywhere(void **state)
{
    static const char body[] = MARK DISP "name=\"a\"\r\n\r\n1\r\n" MARK DISP
                                         "name=b; filename=c\r\nContent-Type: x/y\r\n\r\n2" LAST;
    for (size_t length = 0; length < sizeof body - 1; length++) {
        Multipart form;
        Error err;
        bool is_whole = length >= sizeof body - 1 - 2;
        assert_int_equal(parse_n(*state, body, length, &form, &err), is_whole);
        assert_int_equal(error_is_set(&err), !is_whole);
    }
}

static const char *many_parts(Arena *arena, int count)
{
    Buffer body = buffer_init(arena, 0);
    for (int i = 0; i < count; i++)
        buffer_printf(&body, "%s" DISP "name=n\r\n\r\n12345\r\n", MARK);
    buffer_add(&body, "------x9--");
    return buffer_text(&body);
}

static void test_limits(void **state)
{
    MultipartLimits tight = {.parts = 3, .text_bytes = 5, .file_bytes = 7};
    Multipart form;
    Error err = ERROR_NONE;
    const char *three = many_parts(*state, 3), *four = many_parts(*state, 4);
    assert_true(multipart_parse(*state, TYPE, three, strlen(three), &tight, &form, &err));
    assert_false(multipart_parse(*state, TYPE, four, strlen(four), &tight, &form, &err));
    assert_string_equal(err.code, "input.too_many");
    err = ERROR_NONE;
    const char *text = MARK DISP "name=n\r\n\r\n123456" LAST;
    assert_false(multipart_parse(*state, TYPE, text, strlen(text), &tight, &form, &err));
    assert_string_equal(err.code, "input.size");
    assert_string_equal(err.field, "n");
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    const char *file = MARK DISP "name=n; filename=f\r\n\r\n1234567" LAST;
    assert_true(multipart_parse(*state, TYPE, file, strlen(file), &tight, &form, NULL));
    file = MARK DISP "name=n; filename=f\r\n\r\n12345678" LAST;
    assert_false(multipart_parse(*state, TYPE, file, strlen(file), &tight, &form, NULL));
}

static void test_long_headers_are_refused(void **state)
{
    Buffer body = buffer_init(*state, 0);
    buffer_add(&body, MARK DISP "name=a\r\n");
    for (int i = 0; i < 500; i++)
        buffer_printf(&body, "X-%d: 0123456789\r\n", i);
    buffer_add(&body, "\r\n1" LAST);
    Multipart form;
    Error err;
    assert_false(parse_n(*state, buffer_text(&body), body.length, &form, &err));
    assert_string_equal(err.code, "multipart.syntax");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_browser_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lines_around_boundaries, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_boundary_in_quotes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refuses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refuses_nul, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_content_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut_anywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_headers_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
