/*
 * calendar_csv_test.c - the text of a layer: forms that are read, places that are refused, bounds.
 */
#include "calendar/calendar_fixture.h"

static void assert_date(Date got, const char *wanted)
{
    assert_string_equal(date_text(arena, got), wanted);
}

/* ---- CSV ------------------------------------------------------------------------------------- */

static void test_csv_forms(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "date,type,name\n2026-03-10,holiday,a\n",
        "date,type,name\r\n2026-03-10,holiday,a\r\n",
        "\357\273\277date,type,name\n2026-03-10,holiday,a",
        "2026-03-10,holiday,a",
        "date,type,name,hours\n2026-03-10,holiday,a,\n",
        "date,type,name\n\n2026-03-10,holiday,a\n\n\n",
        "\"date\",\"type\",\"name\"\n\"2026-03-10\",\"holiday\",\"a\"\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        CalendarLayer layer = layer_of("44", texts[i]);
        assert_string_equal(layer.division, "44");
        assert_int_equal(layer.rule_count, 1);
        assert_int_equal(layer.hours_count, 0);
        assert_date(layer.rules[0].date, "2026-03-10");
        assert_int_equal(layer.rules[0].kind, CALENDAR_HOLIDAY);
        assert_string_equal(layer.rules[0].name, "a");
    }
    assert_int_equal(layer_of("", "").rule_count, 0);
    assert_int_equal(layer_of("", "date,type,name\n").rule_count, 0);
    assert_string_equal(layer_of("", "2026-03-10,holiday,\"a, \"\"b\"\"\"\n").rules[0].name,
                        "a, \"b\"");
    assert_string_equal(layer_of("", "date,type,name\n2026-03-10,holiday,\n").rules[0].name, "");
}

/* size: table */
static void test_csv_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *code;
        int line;
        int column;
        const char *field;
    } cases[] = {
        {"date,kind,name\n", "calendar.bad_header", 1, 1, NULL},
        {"date,type\n", "calendar.bad_header", 1, 1, NULL},
        {"date,type,name,hours,more\n", "calendar.bad_header", 1, 1, NULL},
        {"type,date,name\n", "calendar.bad_header", 1, 1, NULL},
        {"\n\n", "csv.header", 1, 1, ""},
        {"2026-03-10\n", "calendar.bad_header", 1, 1, NULL},
        {"2026-03-10,holiday\n", "calendar.bad_header", 1, 1, NULL},
        {"2026-03-10,holiday,a,09:00-10:00,x\n", "calendar.bad_header", 1, 1, NULL},
        {"date,type,name\n2026-03-10,holiday\n", "csv.columns", 2, 1, "name"},
        {"date,type,name\n2026-03-10,half,a,09:00-10:00\n", "csv.columns", 2, 1, NULL},
        {"date,type,name\n2026-02-30,holiday,a\n", "calendar.bad_date", 2, 1, "date"},
        {"date,type,name\n2026-3-10,holiday,a\n", "calendar.bad_date", 2, 1, "date"},
        {"date,type,name\n 2026-03-10,holiday,a\n", "calendar.bad_date", 2, 1, "date"},
        {"date,type,name\n,holiday,a\n", "calendar.bad_date", 2, 1, "date"},
        {"1948-12-31,holiday,a\n", "calendar.bad_date", 1, 1, "date"},
        {"2100-01-01,holiday,a\n", "calendar.bad_date", 1, 1, "date"},
        {"2026-03-10,Holiday,a\n", "calendar.bad_type", 1, 12, "type"},
        {"2026-03-10,weekend,a\n", "calendar.bad_type", 1, 12, "type"},
        {"date,type,name\n2026-03-10,,a\n", "calendar.bad_type", 2, 12, "type"},
        {"2026-03-10,holiday,a\tb\n", "calendar.bad_name", 1, 20, "name"},
        {"2026-03-10,holiday,a\n2026-03-10,holiday,a\n", "calendar.repeated_date", 2, 1, "date"},
        {"2026-03-10,holiday,a\n\n2026-03-10,makeup,a\n", "calendar.repeated_date", 3, 1, "date"},
        {"2026-03-10,half,a\n", "calendar.bad_hours", 1, 1, "hours"},
        {"date,type,name,hours\n2026-03-10,half,a,\n", "calendar.bad_hours", 2, 19, "hours"},
        {"2026-03-10,half,a,09:00-25:00\n", "calendar.bad_hours", 1, 25, "hours"},
        {"2026-03-10,half,a,09:00-10:00 11:00-12:00 13:00-14:00 15:00-16:00 17:00-18:00\n",
         "calendar.bad_hours", 1, 67, "hours"},
        {"2026-03-10,hours,8,09:00-12:00\n", "calendar.bad_weekdays", 1, 18, "name"},
        {"2026-03-10,hours,5-1,09:00-12:00\n", "calendar.bad_weekdays", 1, 18, "name"},
        {"2026-03-10,hours,1-,09:00-12:00\n", "calendar.bad_weekdays", 1, 18, "name"},
        {"2026-03-10,hours,1-5 0601,09:00-12:00\n", "calendar.bad_weekdays", 1, 18, "name"},
        {"2026-03-10,hours,1-5 0601-0931,09:00-12:00\n", "calendar.bad_weekdays", 1, 18, "name"},
        {"2026-03-10,hours,1-5 06-09,09:00-12:00\n", "calendar.bad_weekdays", 1, 18, "name"},
        {"2026-03-10,hours,1-5 0601-0930x,09:00-12:00\n", "calendar.bad_weekdays", 1, 18, "name"},
        {"date,type,name,hours\n2026-03-10,hours,1-5,\n", "calendar.bad_hours", 2, 22, "hours"},
        {"2026-03-10,holiday,\"a\n", "csv.syntax", 1, 21, NULL},
        {"2026-03-10,holiday,\"a\"b\n", "csv.syntax", 1, 23, NULL},
        {"2026-03-10,holiday,a\"b\n", "csv.syntax", 1, 21, NULL},
        {"2026-03-10,holiday,\xff\n", "csv.encoding", 1, 20, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = ERROR_NONE;
        CalendarLayer layer = {.rule_count = 99};
        size_t length = strlen(cases[i].text);
        if (calendar_layer_parse(arena, "", cases[i].text, length, &layer, &err))
            fail_msg("accepted: %s", cases[i].text);
        assert_int_equal(layer.rule_count, 99);
        assert_int_equal(err.kind, ERROR_INVALID);
        if (!text_equal(err.code, cases[i].code) || err.line != cases[i].line ||
            err.column != cases[i].column || !text_equal(err.field, cases[i].field))
            fail_msg("%s: %s %d:%d %s", cases[i].text, err.code, err.line, err.column,
                     err.field ? err.field : "-");
    }
}

static void test_csv_bounds(void **state)
{
    (void)state;
    Error err = ERROR_NONE;
    CalendarLayer layer;
    char *large = arena_alloc(arena, CALENDAR_TEXT_MAX + 2);
    memset(large, '\n', CALENDAR_TEXT_MAX + 1);
    memcpy(large, "date,type,name", 14);
    assert_false(calendar_layer_parse(arena, "", large, CALENDAR_TEXT_MAX + 1, &layer, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    err = ERROR_NONE;
    assert_true(calendar_layer_parse(arena, "", large, CALENDAR_TEXT_MAX, &layer, &err));

    Buffer rows = buffer_init(arena, 0);
    buffer_add(&rows, "date,type,name,hours\n");
    for (int i = 0; i <= CALENDAR_RULES_MAX; i++)
        buffer_add(&rows, "2026-01-01,hours,1,09:00-12:00\n");
    assert_false(calendar_layer_parse(arena, "", buffer_text(&rows), rows.length, &layer, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_int_equal(err.line, CALENDAR_RULES_MAX + 2);
    rows.length -= strlen("2026-01-01,hours,1,09:00-12:00\n");
    err = ERROR_NONE;
    assert_true(calendar_layer_parse(arena, "", rows.data, rows.length, &layer, &err));
    assert_int_equal(layer.hours_count, CALENDAR_RULES_MAX);

    char name[260];
    memset(name, 'n', sizeof name);
    err = ERROR_NONE;
    const char *row = arena_printf(arena, "2026-03-10,holiday,%.*s\n", 200, name);
    assert_true(calendar_layer_parse(arena, "", row, strlen(row), &layer, &err));
    row = arena_printf(arena, "2026-03-10,holiday,%.*s\n", 201, name);
    assert_false(calendar_layer_parse(arena, "", row, strlen(row), &layer, &err));
    assert_string_equal(err.code, "calendar.bad_name");

    /* A NUL hides what follows from everyone who reads texts: refused as encoding. */
    err = ERROR_NONE;
    assert_false(calendar_layer_parse(arena, "", "2026-03-10,holiday,a\0b", 22, &layer, &err));
    assert_string_equal(err.code, "csv.encoding");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_csv_forms),
        CASE(test_csv_refusals),
        CASE(test_csv_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
