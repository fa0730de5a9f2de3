/*
 * cli_workdays_test.c - yimen workdays: answers, exit codes, messages, tables from files.
 *
 * The verbs run in the process with memory streams; only --calendar needs files.
 */
#include "server/cli_workdays.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "calendar/calendar.h"
#include "format/json.h"

#define PACK_CSV "packs/calendar/cn-workdays.csv"

enum { WORDS_MAX = 12 };

static Arena *arena;
static const char *csv;
static size_t csv_length;

/* What one run printed. */
typedef struct Run {
    int code;
    char *out;
    char *err;
} Run;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(0);
    FILE *file = fopen(PACK_CSV, "rb");
    if (!file)
        return -1;
    char *text = arena_alloc(arena, 1 << 18);
    csv_length = fread(text, 1, 1 << 18, file);
    csv = text;
    return fclose(file);
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static Run run_words(int argc, char *const *argv)
{
    Run run = {0};
    size_t out_size, err_size;
    FILE *out = open_memstream(&run.out, &out_size);
    FILE *err = open_memstream(&run.err, &err_size);
    run.code = cli_workdays_run(argc, argv, csv, csv_length, out, err);
    fclose(out);
    fclose(err);
    char *texts[] = {run.out, run.err};
    run.out = arena_text(arena, run.out);
    run.err = arena_text(arena, run.err);
    free(texts[0]);
    free(texts[1]);
    return run;
}

/* Runs a command line of words without blanks. */
static Run run(const char *line)
{
    const char **words;
    char *argv[WORDS_MAX] = {0};
    size_t count = text_split(arena, line, ' ', &words);
    assert_true(count < WORDS_MAX);
    for (size_t i = 0; i < count; i++)
        argv[i] = arena_text(arena, words[i]);
    return run_words((int)count, argv);
}

static const char *write_file(const char *text, size_t length)
{
    char *path = arena_text(arena, "/tmp/cli_workdays_test.XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    while (length > 0) {
        ssize_t written = write(file, text, length);
        assert_true(written > 0);
        text += written;
        length -= (size_t)written;
    }
    close(file);
    return path;
}

static Run run_with(const char *question, const char *table)
{
    const char *path = write_file(table, strlen(table));
    Run made = run(arena_printf(arena, "workdays %s --calendar %s", question, path));
    unlink(path);
    return made;
}

/* ---- answers --------------------------------------------------------------------------------- */

static void test_answers(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"add 2025-01-24 5", "2025-02-07"},
        {"add 2025-01-24 0", "2025-01-24"},
        {"add 2025-01-25 0", "2025-01-26"},
        {"add 2025-02-05 -1", "2025-01-27"},
        {"add 2025-01-24 +5", "2025-02-07"},
        {"add 2026-12-30 1", "2026-12-31"},
        {"add 2003-12-31 1", "2004-01-02"},
        {"between 2025-01-24 2025-02-07", "5"},
        {"between 2025-02-07 2025-01-24", "-5"},
        {"between 2025-02-07 2025-02-07", "0"},
        {"between 2003-12-31 2004-12-31", "252"},
        {"year 2004", "252"},
        {"year 2025", "248"},
        {"year 2026", "248"},
        {"is 2025-01-24", "working"},
        {"is 2025-01-25", "weekend"},
        {"is 2025-01-26", "makeup"},
        {"is 2025-01-28", "holiday"},
        {"is 2026-12-31", "working"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Run made = run(arena_printf(arena, "workdays %s", cases[i][0]));
        const char *wanted = arena_printf(arena, "%s\n", cases[i][1]);
        if (made.code != 0 || !text_equal(made.out, wanted) || made.err[0])
            fail_msg("%s: %d, %s%s", cases[i][0], made.code, made.out, made.err);
    }
}

static void test_json(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"add 2025-01-24 5",
         "{\"date\":\"2025-01-24\",\"count\":5,\"result\":\"2025-02-07\",\"announced\":true}"},
        {"between 2025-01-24 2025-02-07",
         "{\"from\":\"2025-01-24\",\"to\":\"2025-02-07\",\"workdays\":5,\"announced\":true}"},
        {"year 2026", "{\"year\":2026,\"workdays\":248,\"announced\":true}"},
        {"is 2025-01-28",
         "{\"date\":\"2025-01-28\",\"kind\":\"holiday\",\"name\":\"春节\",\"announced\":true}"},
        {"is 2025-01-24",
         "{\"date\":\"2025-01-24\",\"kind\":\"working\",\"name\":\"\",\"announced\":true}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *wanted = arena_printf(arena, "%s\n", cases[i][1]);
        Run behind = run(arena_printf(arena, "workdays %s --json", cases[i][0]));
        Run before = run(arena_printf(arena, "workdays --json %s", cases[i][0]));
        assert_int_equal(behind.code, 0);
        assert_string_equal(behind.out, wanted);
        assert_string_equal(before.out, wanted);
    }
}

/* Days of all years, by asking for each; the wanted word comes from the file itself. Every single
 * day is compared in calendar_test.c: here each question reads the table anew. */
static void test_is_through_the_years(void **state)
{
    (void)state;
    Date first = date_of(2004, 1, 1);
    Date last = date_of(2026, 12, 31);
    char *argv[] = {arena_text(arena, "workdays"), arena_text(arena, "is"), NULL, NULL};
    ArenaMark mark = arena_mark(arena);
    for (Date date = first; date.day <= last.day; date.day += 23) {
        argv[2] = date_text(arena, date);
        const char *row = strstr(csv, argv[2]);
        const char *wanted = date_weekday(date) > 5 ? "weekend\n" : "working\n";
        if (row)
            wanted = row[11] == 'h' ? "holiday\n" : "makeup\n";
        Run made = run_words(3, argv);
        assert_int_equal(made.code, 0);
        assert_string_equal(made.out, wanted);
        arena_reset(arena, mark);
    }
}

/* ---- no answer ------------------------------------------------------------------------------- */

static void test_unannounced_years(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"is 2027-01-01", "2027"},
        {"is 2003-12-31", "2003"},
        {"is 0001-01-01", "1"},
        {"is 9999-12-31", "9999"},
        {"year 2027", "2027"},
        {"year 2003", "2003"},
        {"add 2026-12-31 1", "2027"},
        {"add 2026-12-15 20", "2027"},
        {"add 2027-01-04 0", "2027"},
        {"add 2004-01-02 -1", "2003"},
        {"between 2026-12-31 2027-01-01", "2027"},
        {"between 2027-01-01 2026-12-31", "2027"},
        {"between 2003-12-30 2004-02-01", "2003"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Run made = run(arena_printf(arena, "workdays %s", cases[i][0]));
        const char *wanted =
            arena_printf(arena,
                         "workdays: the holidays of %s are not announced in this table; the last "
                         "announced year is 2026\n",
                         cases[i][1]);
        assert_int_equal(made.code, 1);
        assert_string_equal(made.out, "");
        assert_string_equal(made.err, wanted);
    }
}

static void test_answers_beyond_the_calendar(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "add 2026-01-05 99999999",
        "add 2026-01-05 -99999999",
        "add 2026-01-05 9223372036854775807",
        "add 2026-01-05 -9223372036854775808",
        "add 2150-01-01 1",
        "between 2026-01-05 2150-01-01",
        "between 1800-01-01 2026-01-05",
        "year 1800",
        "year 2100",
        "year 9999",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Run made = run(arena_printf(arena, "workdays %s", cases[i]));
        if (made.code != 1 || made.out[0] || !strstr(made.err, "2026"))
            fail_msg("%s: %d, %s%s", cases[i], made.code, made.out, made.err);
    }
}

static void test_json_without_an_answer(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"is 2027-01-01", "{\"date\":\"2027-01-01\",\"kind\":null,\"announced\":false}\n"},
        {"year 2027", "{\"year\":2027,\"workdays\":null,\"announced\":false}\n"},
        {"add 2026-12-15 20",
         "{\"date\":\"2026-12-15\",\"count\":20,\"result\":null,\"announced\":false}\n"},
        {"add 2026-12-15 99999999",
         "{\"date\":\"2026-12-15\",\"count\":99999999,\"result\":null,\"announced\":false}\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Run made = run(arena_printf(arena, "workdays %s --json", cases[i][0]));
        assert_int_equal(made.code, 1);
        assert_string_equal(made.out, cases[i][1]);
        assert_true(strlen(made.err) > 0);
    }
}

/* ---- wrong usage ----------------------------------------------------------------------------- */

static void test_wrong_usage(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "workdays",
        "workdays subtract 2026-01-05 1",
        "workdays add",
        "workdays add 2026-01-05",
        "workdays add 2026-01-05 1 2",
        "workdays add 2026-1-5 1",
        "workdays add 2026-02-30 1",
        "workdays add 2026-01-05 one",
        "workdays add 2026-01-05 1.5",
        "workdays add 2026-01-05 9223372036854775808",
        "workdays between 2026-01-05",
        "workdays between 2026-01-05 soon",
        "workdays between soon 2026-01-05",
        "workdays year",
        "workdays year 26",
        "workdays year 02026",
        "workdays year -026",
        "workdays year 0000",
        "workdays year 2026 2027",
        "workdays is",
        "workdays is today",
        "workdays is 2026-01-05 --loud",
        "workdays is 2026-01-05 --calendar",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Run made = run(cases[i]);
        if (made.code != 2 || made.out[0] || !text_starts_with(made.err, "workdays: "))
            fail_msg("%s: %d, %s%s", cases[i], made.code, made.out, made.err);
    }
}

static void test_help(void **state)
{
    (void)state;
    static const char *const cases[] = {"workdays --help", "workdays add --help",
                                        "workdays is 2026-01-05 --help"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Run made = run(cases[i]);
        assert_int_equal(made.code, 0);
        assert_string_equal(made.err, "");
        assert_true(text_starts_with(made.out, "usage: yimen workdays add"));
        assert_non_null(strstr(made.out, "--calendar"));
    }
}

/* ---- another table --------------------------------------------------------------------------- */

static void test_another_table(void **state)
{
    (void)state;
    static const char table[] = "date,type,name\n"
                                "2027-01-01,holiday,元旦\n"
                                "2027-01-02,makeup,元旦\n"
                                "2027-10-01,holiday,国庆节\n";
    static const char *const cases[][2] = {
        {"is 2027-01-01", "holiday\n"},       {"is 2027-01-02", "makeup\n"},
        {"is 2027-01-03", "weekend\n"},       {"is 2027-10-04", "working\n"},
        {"add 2027-01-01 1", "2027-01-02\n"}, {"year 2027", "260\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Run made = run_with(cases[i][0], table);
        assert_int_equal(made.code, 0);
        assert_string_equal(made.out, cases[i][1]);
    }
    assert_int_equal(run_with("is 2026-01-05", table).code, 1);
    Run empty = run_with("is 2026-01-05", "");
    assert_int_equal(empty.code, 1);
    assert_non_null(strstr(empty.err, "it announces no year"));
    assert_string_equal(run_with("is 2026-01-05", "date,type,name,hours\n2026-01-01,holiday,,\n"
                                                  "2026-01-05,half,,09:00-12:00\n")
                            .out,
                        "half\n");
}

static void test_option_with_equals(void **state)
{
    (void)state;
    Run made = run("workdays --calendar=" PACK_CSV " is 2026-10-01");
    assert_int_equal(made.code, 0);
    assert_string_equal(made.out, "holiday\n");
}

static void test_bad_tables_name_line_and_column(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"date,type,name\n2026-13-01,holiday,a\n", ":2:1: not a date"},
        {"date,type,name\n2026-01-01,Holiday,a\n", ":2:12: the type is"},
        {"date,type,name\n2026-01-01,holiday,a\n2026-01-01,makeup,a\n", ":3:1: the date stands"},
        {"date,type,name\n2026-01-01,holiday\n", ":2:1: not as many fields"},
        {"date,type,name\n2026-01-01,holiday,\"a\n", ":2:21: a quote"},
        {"date,type,name\n2026-01-01,holiday,\xff\n", ":2:20: not UTF-8"},
        {"day;type;name\n", ":1:1: the columns are"},
        {"\n", ": the names of the columns are missing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Run made = run_with("is 2026-01-05", cases[i][0]);
        if (made.code != 1 || made.out[0] || !strstr(made.err, cases[i][1]))
            fail_msg("wanted %s: %d, %s%s", cases[i][1], made.code, made.out, made.err);
    }
}

static void test_files_that_cannot_be_read(void **state)
{
    (void)state;
    Run missing = run("workdays is 2026-01-05 --calendar /nonexistent/calendar.csv");
    assert_int_equal(missing.code, 1);
    assert_non_null(strstr(missing.err, "/nonexistent/calendar.csv: No such file"));
    Run folder = run("workdays is 2026-01-05 --calendar /tmp");
    assert_int_equal(folder.code, 1);
    assert_non_null(strstr(folder.err, "/tmp: Is a directory"));

    size_t length = CALENDAR_TEXT_MAX + 10;
    char *large = arena_alloc(arena, length);
    memset(large, '\n', length);
    memcpy(large, "date,type,name", 14);
    const char *path = write_file(large, length);
    Run made = run(arena_printf(arena, "workdays is 2026-01-05 --calendar %s", path));
    unlink(path);
    assert_int_equal(made.code, 1);
    assert_non_null(strstr(made.err, "larger than 8 MiB"));
}

/* An answer that could not be written is none. */
static void test_a_full_disk(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    if (!full) {
        print_message("# skipped: no /dev/full\n");
        skip();
    }
    char *argv[] = {arena_text(arena, "workdays"), arena_text(arena, "is"),
                    arena_text(arena, "2026-01-05"), NULL};
    assert_int_equal(cli_workdays_run(3, argv, csv, csv_length, full, stderr), 1);
    fclose(full);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(test_answers),
        CASE(test_json),
        CASE(test_is_through_the_years),
        CASE(test_unannounced_years),
        CASE(test_answers_beyond_the_calendar),
        CASE(test_json_without_an_answer),
        CASE(test_wrong_usage),
        CASE(test_help),
        CASE(test_another_table),
        CASE(test_option_with_equals),
        CASE(test_bad_tables_name_line_and_column),
        CASE(test_files_that_cannot_be_read),
        CASE(test_a_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
