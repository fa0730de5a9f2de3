/* csv_test.c - rows, quotes and line ends, every mistake with its line, and the writer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "format/csv.h"

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

static CsvReader *open_text(Arena *arena, const char *text)
{
    Error err = ERROR_NONE;
    CsvReader *reader = csv_open(arena, text, strlen(text), &CSV_LIMITS, &err);
    if (!reader)
        fail_msg("%s: %s at %d:%d", text, err.code, err.line, err.column);
    return reader;
}

/* All rows as "field|field;" with the line in front, so that a table of cases stays readable. */
static const char *rows_of(Arena *arena, const char *text)
{
    Buffer out = buffer_init(arena, 0);
    CsvReader *reader = open_text(arena, text);
    Error err = ERROR_NONE;
    CsvRow row;
    while (csv_next(reader, &row, &err)) {
        buffer_printf(&out, "%d:", row.line);
        for (size_t i = 0; i < row.count; i++)
            buffer_printf(&out, "%s%s", i ? "|" : "", row.fields[i]);
        buffer_add(&out, ";");
    }
    if (error_is_set(&err))
        fail_msg("%s: %s at %d:%d", text, err.code, err.line, err.column);
    return buffer_text(&out);
}

static void test_rows(void **state)
{
    static const char *const cases[][2] = {
        {"a,b", ""},
        {"a,b\n", ""},
        {"a,b\n1,2\n", "2:1|2;"},
        {"a,b\r\n1,2\r\n3,4", "2:1|2;3:3|4;"},
        {"a,b\n,\n", "2:|;"},
        {"a,b\n\"\",\"\"", "2:|;"},
        {"a,b\n\"x,y\",\" z \"", "2:x,y| z ;"},
        {"a,b\n\"say \"\"hi\"\"\",\"\"\"\"", "2:say \"hi\"|\";"},
        {"a,b\n\"l1\r\nl2\",2\n3,4", "2:l1\r\nl2|2;4:3|4;"},
        {"a,b\n\n1,2\r\n\r\n\n3,4\n\n", "3:1|2;6:3|4;"},
        {"a\n1\n\n2\n", "2:1;3:;4:2;"},
        {"a\n\"\"\n", "2:;"},
        {"\xEF\xBB\xBF\"a\",b\n1,2", "2:1|2;"},
        {"\xE6\x97\xA5\xE6\x9C\x9F,b\n\xE4\xB8\xAD, 2 ", "2:\xE4\xB8\xAD| 2 ;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(rows_of(*state, cases[i][0]), cases[i][1]);
}

static void test_names_and_access(void **state)
{
    CsvReader *reader = open_text(*state, "date,\"na,me\",kind\n2026-01-01,x,\n");
    size_t count = 0;
    const char *const *names = csv_names(reader, &count);
    assert_int_equal(count, 3);
    assert_string_equal(names[1], "na,me");
    assert_int_equal(csv_column(reader, "kind"), 2);
    assert_int_equal(csv_column(reader, "absent"), 3);
    CsvRow row;
    assert_true(csv_next(reader, &row, NULL));
    assert_string_equal(csv_get(reader, &row, "date"), "2026-01-01");
    assert_string_equal(csv_get(reader, &row, "kind"), "");
    assert_null(csv_get(reader, &row, "absent"));
    assert_false(csv_next(reader, &row, NULL));
    assert_false(csv_next(reader, &row, NULL));
}

/* ---- mistakes -------------------------------------------------------------------------------- */

/* The first error in a text, while its names or its rows are read. */
static Error first_error(Arena *arena, const char *text, size_t length, const CsvLimits *limits)
{
    Error err = ERROR_NONE;
    CsvReader *reader = csv_open(arena, text, length, limits, &err);
    CsvRow row;
    while (reader && csv_next(reader, &row, &err))
        assert_non_null(row.fields);
    return err;
}

static void test_mistakes_name_the_line(void **state)
{
    static const struct {
        const char *text, *code;
        int line, column;
        const char *field;
    } cases[] = {
        {"", "csv.header", 1, 1, NULL},
        {"\xEF\xBB\xBF", "csv.header", 1, 1, NULL},
        {"a,,c\n", "csv.header", 1, 1, ""},
        {"a,b,a\n", "csv.header", 1, 1, "a"},
        {"\n1\n", "csv.header", 1, 1, ""},
        {"a,b\n1,2\n1\n", "csv.columns", 3, 1, "b"},
        {"a,b\n1,2,3\n", "csv.columns", 2, 1, NULL},
        {"a,b\n1,\"x\n", "csv.syntax", 2, 4, NULL},
        {"a,b\n1,x\"y\n", "csv.syntax", 2, 4, NULL},
        {"a,b\n\"1\"x,2\n", "csv.syntax", 2, 4, NULL},
        {"a,b\n\"l1\nl2\" ,2\n", "csv.syntax", 3, 4, NULL},
        {"a,b\n1\r2,3\n", "csv.syntax", 2, 2, NULL},
        {"a,b\r1,2\r", "csv.syntax", 1, 4, NULL},
        {"a\"\n", "csv.syntax", 1, 2, NULL},
        {"a,b\n1,\xD6\xD0\n", "csv.encoding", 2, 3, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = first_error(*state, cases[i].text, strlen(cases[i].text), &CSV_LIMITS);
        if (!err.code || strcmp(err.code, cases[i].code) != 0 || err.line != cases[i].line ||
            err.column != cases[i].column || !text_equal(err.field, cases[i].field))
            fail_msg("%s: %s at %d:%d %s", cases[i].text, err.code, err.line, err.column,
                     err.field);
        assert_int_equal(err.kind, ERROR_INVALID);
    }
}

static void test_nul_is_refused(void **state)
{
    Error err = first_error(*state, "a\n\0\n", 4, &CSV_LIMITS);
    assert_string_equal(err.code, "csv.encoding");
    assert_int_equal(err.line, 2);
}

static void test_limits(void **state)
{
    CsvLimits tight = {.bytes = 20, .rows = 2, .columns = 3, .field_bytes = 4};
    static const struct {
        const char *text;
        bool is_good;
    } cases[] = {
        {"a,b,c\n1,2,3", true},
        {"a,b,c,d", false},
        {"a\n1\n2", true},
        {"a\n1\n2\n3", false},
        {"a\n1234", true},
        {"a\n12345", false},
        {"a\n\"1234\"", true},
        {"a\n\"12345\"", false},
        {"a,b\n1234,1234\n1234,", true},
        {"a,b\n1234,1234\n1234,12", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = first_error(*state, cases[i].text, strlen(cases[i].text), &tight);
        assert_int_equal(error_is_set(&err), !cases[i].is_good);
        if (cases[i].is_good)
            continue;
        assert_string_equal(err.code, "csv.size");
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
    }
}

static void test_scratch_between_rows(void **state)
{
    Buffer text = buffer_init(*state, 0);
    buffer_add(&text, "n,square\n");
    for (int i = 0; i < 3000; i++)
        buffer_printf(&text, "%d,\"%d\"\n", i, i * i);
    Arena *small = arena_create(64 * 1024);
    CsvReader *reader = csv_open(small, buffer_text(&text), text.length, &CSV_LIMITS, NULL);
    ArenaMark mark = arena_mark(small);
    CsvRow row;
    int count = 0;
    for (; csv_next(reader, &row, NULL); count++) {
        char expected[24];
        snprintf(expected, sizeof expected, "%d", count * count);
        assert_string_equal(csv_get(reader, &row, "square"), expected);
        assert_int_equal(row.line, count + 2);
        arena_reset(small, mark);
    }
    assert_int_equal(count, 3000);
    arena_destroy(small);
}

static void test_small_arena_stops_a_big_table(void **state)
{
    Buffer text = buffer_init(*state, 0);
    for (int i = 0; i < 3000; i++)
        buffer_add(&text, "a\n");
    Arena *small = arena_create(16 * 1024);
    Error err = first_error(small, buffer_text(&text), text.length, &CSV_LIMITS);
    assert_string_equal(err.code, "csv.size");
    arena_destroy(small);
}

/* ---- writing --------------------------------------------------------------------------------- */

static void test_writer(void **state)
{
    Buffer out = buffer_init(*state, 0);
    CsvWriter writer = csv_writer(&out);
    csv_put(&writer, "plain");
    csv_put(&writer, "a,b");
    csv_put(&writer, "say \"hi\"");
    csv_put(&writer, "l1\nl2");
    csv_put(&writer, NULL);
    csv_put(&writer, "-5");
    csv_end_row(&writer);
    csv_put(&writer, "");
    csv_end_row(&writer);
    csv_put_inert(&writer, "=HYPERLINK(\"x\")");
    csv_put_inert(&writer, "-5");
    csv_put_inert(&writer, "plain");
    csv_put_inert(&writer, NULL);
    csv_end_row(&writer);
    assert_string_equal(buffer_text(&out), "plain,\"a,b\",\"say \"\"hi\"\"\",\"l1\nl2\",,-5\r\n"
                                           "\"\"\r\n\"'=HYPERLINK(\"\"x\"\")\",'-5,plain,\r\n");
}

static void test_what_is_written_is_read(void **state)
{
    static const char *const fields[] = {"",          "\"",           "\"\"", ",",           "\r\n",
                                         "a\"b,c\nd", "\xEF\xBB\xBF", " ",    "\xE4\xB8\xAD"};
    Buffer out = buffer_init(*state, 0);
    CsvWriter writer = csv_writer(&out);
    csv_put(&writer, "\xEF\xBB\xBFonly");
    csv_end_row(&writer);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        csv_put(&writer, fields[i]);
        csv_end_row(&writer);
    }
    CsvReader *reader = open_text(*state, buffer_text(&out));
    CsvRow row;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        assert_true(csv_next(reader, &row, NULL));
        assert_string_equal(csv_get(reader, &row, "\xEF\xBB\xBFonly"), fields[i]);
    }
    assert_false(csv_next(reader, &row, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names_and_access, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mistakes_name_the_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nul_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_scratch_between_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_small_arena_stops_a_big_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_writer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_written_is_read, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
