/*
 * definition_test.c - versions of definitions: what makes a new one, which is in force on a day,
 * and calendars, which are definitions too; every statement failing once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test_hall.h"

/* ---- publishing ------------------------------------------------------------------------------ */

typedef struct Publication {
    const char *kind, *code, *content, *extra;
    int year; /* in force from its first day */
    Definition out;
} Publication;

static bool run_publication(Tx *tx, void *data, Error *err)
{
    Publication *it = data;
    return definition_publish(tx, HALL_TENANT, it->kind, it->code, it->content,
                              date_of(it->year, 1, 1), it->extra, &it->out, err);
}

static bool attempt_publication(Hall *hall, void *data, Error *err)
{
    return db_write(hall->test->db, hall->arena, run_publication, data, err);
}

static int64_t publish(Hall *hall, const char *code, const char *content, int year)
{
    Publication it = {.kind = "form", .code = code, .content = content, .year = year};
    hall_write(hall, run_publication, &it, code);
    return it.out.version;
}

/* Content and day together make a version; the same again makes none. */
static void test_versions(TestDb *test)
{
    static const struct {
        const char *code, *content;
        int year;
        int64_t version;
        int64_t entries; /* in the journal afterwards */
    } cases[] = {
        {"a", "{}", 2024, 1, 1},         {"a", "{}", 2024, 1, 1}, {"a", "{ }", 2024, 2, 2},
        {"a", "{ }", 2025, 3, 3},        {"a", "{}", 2024, 4, 4}, {"b", "{}", 2024, 1, 5},
        {"a", "{}", 2024, 4, 5},         {"A", "{}", 2024, 1, 6}, {"a", "", 2024, 5, 7},
        {"a", "{\"名\":1}", 2024, 6, 8},
    };
    Hall hall;
    hall_begin_empty(&hall, test);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(publish(&hall, cases[i].code, cases[i].content, cases[i].year),
                         cases[i].version);
        assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM journal"), cases[i].entries);
    }
    hall_end(&hall);
}

static void test_every_statement_fails(TestDb *test)
{
    Hall hall;
    hall_begin_empty(&hall, test);
    Publication it = {
        .kind = "form", .code = "a", .content = "{}", .year = 2024, .extra = "{\"x\":[1,2]}"};
    assert_true(hall_fail_each(&hall, "first", attempt_publication, &it, false) >= 4);
    it.content = "{\"n\":2}";
    hall_fail_each(&hall, "second", attempt_publication, &it, false);
    assert_int_equal(it.out.version, 2);
    hall_end(&hall);
}

static void test_what_is_told(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin_empty(&hall, test);
    Publication it = {
        .kind = "form", .code = "a", .content = "{}", .year = 2025, .extra = "{\"x\":[1,2]}"};
    hall_write(&hall, run_publication, &it, "a");
    assert_string_equal(raw_ask(&hall.raw, "SELECT kind, subject, dossier, version FROM journal"),
                        "definition.published|form:a|0|0");
    const char *data = raw_ask(&hall.raw, "SELECT data FROM journal");
    const Json *json = json_parse(hall.arena, data, strlen(data), &JSON_LIMITS, &err);
    const Json *extra = json_get(json, "extra");
    assert_string_equal(json_text(json, "kind"), "form");
    assert_string_equal(json_text(json, "code"), "a");
    assert_int_equal(json_int(json, "version", 0), 1);
    assert_string_equal(json_text(json, "hash"), crypto_hash(hall.arena, "{}", 2));
    assert_string_equal(json_text(json, "effective_from"), "2025-01-01");
    assert_int_equal(json_id(json, "definition"), it.out.id);
    assert_int_equal(json_get(extra, "x")->count, 2);
    hall_end(&hall);
}

/* ---- finding --------------------------------------------------------------------------------- */

static void test_in_force(TestDb *test)
{
    static const struct {
        int year, month, day;
        int64_t version; /* 0: none */
    } cases[] = {
        {2023, 12, 31, 0}, {2024, 1, 1, 1},   {2025, 12, 31, 1},
        {2026, 1, 1, 3},   {2027, 12, 31, 3}, {2028, 1, 1, 2},
    };
    Hall hall;
    Error err = ERROR_NONE;
    Definition found;
    bool is_found;
    hall_begin_empty(&hall, test);
    publish(&hall, "a", "{\"v\":1}", 2024);
    publish(&hall, "a", "{\"v\":2}", 2028);
    publish(&hall, "a", "{\"v\":3}", 2026); /* published last, in force between the two */
    publish(&hall, "other", "{}", 2020);
    DbConn *conn = db_reader(test->db, &err);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Date day = date_of(cases[i].year, cases[i].month, cases[i].day);
        assert_true(definition_in_force(conn, hall.arena, HALL_TENANT, "form", "a", day, &found,
                                        &is_found, &err));
        assert_int_equal(is_found, cases[i].version > 0);
        if (is_found)
            assert_int_equal(found.version, cases[i].version);
    }
    assert_true(definition_in_force(conn, hall.arena, HALL_TENANT + 1, "form", "a",
                                    date_of(2030, 1, 1), &found, &is_found, &err));
    assert_false(is_found);
    db_release(conn);
    hall_end(&hall);
}

static bool run_for_place(Tx *tx, void *data, Error *err)
{
    const Definition *draft = data;
    Definition out;
    return definition_publish_for(tx, HALL_TENANT, draft, NULL, &out, err);
}

/* A place's own wins there, from its day on, and is not seen beside it. */
static void test_places(TestDb *test)
{
    static const struct {
        const char *place;
        int year;
        int64_t version; /* 0: none */
    } cases[] = {
        {"", 2026, 1},
        {"99/9901", 2026, 1},
        {"99/9901/990101", 2024, 1}, /* its own begins later */
        {"99/9901/990101", 2026, 2},
        {"99/9901/990101/01", 2026, 2},
        {"99/9901/990101/02", 2026, 4}, /* a village's own, older than its township's */
        {"99/9901/9901010", 2026, 1},   /* begins alike, lies elsewhere */
        {"99/9901/990102", 2026, 1},
        {"99/9901/990101", 2027, 5},
        {"99/9901/990102", 2027, 3},
        {"99/9901/990101", 2023, 0},
    };
    static const struct {
        const char *division, *content;
        int year;
    } drafts[] = {{"", "1", 2024},
                  {"99/9901/990101", "2", 2025},
                  {"", "3", 2027},
                  {"99/9901/990101/02", "4", 2025},
                  {"99/9901/990101", "5", 2027}};
    Hall hall;
    Error err = ERROR_NONE;
    Definitions all = {0};
    hall_begin_empty(&hall, test); /* twice each: the same again is nothing new */
    for (size_t i = 0; i < sizeof drafts / sizeof drafts[0]; i++) {
        Definition draft = {.kind = "table",
                            .code = "fees",
                            .division = drafts[i].division,
                            .content = drafts[i].content,
                            .effective_from = date_of(drafts[i].year, 1, 1)};
        hall_write(&hall, run_for_place, &draft, drafts[i].content);
        hall_write(&hall, run_for_place, &draft, "again");
    }
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM journal"), 5);
    assert_non_null(strstr(raw_ask(&hall.raw, "SELECT data FROM journal WHERE id = "
                                              "(SELECT MAX(id) FROM journal)"),
                           "\"division\":\"99/9901/990101\""));
    DbConn *conn = db_reader(test->db, &err);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Definition found = {0};
        bool is_found;
        assert_true(definition_in_force_at(conn, hall.arena, HALL_TENANT, "table", "fees",
                                           cases[i].place, date_of(cases[i].year, 6, 1), &found,
                                           &is_found, &err));
        assert_int_equal(is_found ? found.version : 0, cases[i].version);
    }
    assert_true(definition_list(conn, hall.arena, HALL_TENANT, "table", &all, &err));
    assert_int_equal(all.count, 3);
    assert_string_equal(all.items[0].division, "");
    assert_int_equal(all.items[0].version, 3);
    assert_string_equal(all.items[1].division, "99/9901/990101");
    assert_int_equal(all.items[1].version, 5);
    db_release(conn);
    hall_end(&hall);
}

static void test_by_id_and_list(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    Definition found;
    Definitions all = {0};
    hall_begin_empty(&hall, test);
    Publication it = {.kind = "form", .code = "b", .content = "内容", .year = 2024};
    hall_write(&hall, run_publication, &it, "b");
    publish(&hall, "a", "1", 2024);
    publish(&hall, "a", "2", 2024);
    DbConn *conn = db_reader(test->db, &err);
    assert_true(definition_by_id(conn, hall.arena, HALL_TENANT, it.out.id, &found, &err));
    assert_string_equal(found.content, "内容");
    assert_int_equal(date_compare(found.effective_from, date_of(2024, 1, 1)), 0);
    assert_true(definition_list(conn, hall.arena, HALL_TENANT, "form", &all, &err));
    assert_int_equal(all.count, 2);
    assert_string_equal(all.items[0].code, "a");
    assert_int_equal(all.items[0].version, 2);
    assert_string_equal(all.items[1].code, "b");
    assert_false(definition_by_id(conn, hall.arena, HALL_TENANT, 5, &found, &err));
    assert_string_equal(err.code, "definition.unknown");
    err = ERROR_NONE;
    assert_false(definition_by_id(conn, hall.arena, 2, it.out.id, &found, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    db_release(conn);
    hall_end(&hall);
}

/* ---- calendars ------------------------------------------------------------------------------- */

typedef struct Csv {
    Hall *hall;
    const char *code, *text;
} Csv;

static bool run_csv(Tx *tx, void *data, Error *err)
{
    const Csv *it = data;
    return calendars_publish(tx, it->hall->app.calendars, HALL_TENANT, it->code, it->text,
                             date_of(2024, 1, 1), err);
}

static bool attempt_csv(Hall *hall, void *data, Error *err)
{
    return db_write(hall->test->db, hall->arena, run_csv, data, err);
}

#define HEAD "date,type,name\n"

/* The kind of day that the table in force says. */
static bool is_worked(Hall *hall, int month, int day)
{
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(hall->test->db, &err);
    const CalendarTable *table = calendars_get(hall->app.calendars, conn, HALL_TENANT, &err);
    db_release(conn);
    if (!table)
        hall_fail("calendars_get", &err);
    return calendar_is_worked(table, date_of(2026, month, day));
}

static void test_calendars(TestDb *test)
{
    Hall hall;
    hall_begin_empty(&hall, test);
    Csv nation = {&hall, "cn", HEAD "2026-11-20,holiday,甲\n"};
    hall_fail_each(&hall, "nation", attempt_csv, &nation, false);
    assert_false(is_worked(&hall, 11, 20));
    assert_true(is_worked(&hall, 11, 19));
    Csv more = {&hall, "cn-2026b", HEAD "2026-11-19,holiday,乙\n2026-11-21,makeup,丙\n"};
    hall_fail_each(&hall, "another layer", attempt_csv, &more, true);
    assert_false(is_worked(&hall, 11, 20)); /* layers add up */
    assert_false(is_worked(&hall, 11, 19));
    assert_true(is_worked(&hall, 11, 21));
    Csv local = {&hall, "99-9901", HEAD "2026-11-19,working,我县照常上班\n"};
    hall_fail_each(&hall, "local layer", attempt_csv, &local, false);
    assert_true(is_worked(&hall, 11, 19)); /* the county knows better */
    more.text = HEAD "2026-11-18,holiday,改\n";
    hall_write(&hall, run_csv, &more, "corrected");
    assert_false(is_worked(&hall, 11, 18));
    assert_false(is_worked(&hall, 11, 21)); /* what the old version said is gone */
    hall_end(&hall);
}

/* What is refused changes nothing; the place is told. */
static void test_bad_calendars(TestDb *test)
{
    static const struct {
        const char *text;
        int line; /* of the error, 0: none is told */
    } cases[] = {
        {"\n\n", 1},
        {"hello\n", 1},
        {HEAD "2026-02-30,holiday,x\n", 2},
        {HEAD "2026-11-20,feast,x\n", 2},
        {HEAD "2026-11-20,holiday,x\n2026-11-20,makeup,y\n", 3},
        {HEAD "2026-11-20,half,x\n", 2},
        {HEAD "2026-11-20\n", 2},
    };
    Hall hall;
    hall_begin_empty(&hall, test);
    Csv good = {&hall, "cn", HEAD "2026-11-20,holiday,甲\n"};
    hall_write(&hall, run_csv, &good, "good");
    assert_false(is_worked(&hall, 11, 20));
    const char *prints = raw_prints(&hall.raw);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = ERROR_NONE;
        Csv bad = {&hall, "cn", cases[i].text};
        if (attempt_csv(&hall, &bad, &err))
            fail_msg("taken: %s", cases[i].text);
        assert_int_equal(err.kind, ERROR_INVALID);
        assert_true(text_starts_with(err.code, "calendar.") || text_starts_with(err.code, "csv."));
        if (cases[i].line && err.line != cases[i].line)
            fail_msg("%s told of line %d", err.code, err.line);
    }
    assert_null(raw_difference(hall.arena, prints, raw_prints(&hall.raw)));
    assert_false(is_worked(&hall, 11, 20));
    hall_end(&hall);
}

/* Another process publishes: this one keeps its table until it is told to look. */
static void test_another_process(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    Id newest;
    bool was_old;
    hall_begin_empty(&hall, test);
    struct Calendars *mine = hall.app.calendars;
    Csv csv = {&hall, "cn", HEAD "2026-11-20,holiday,甲\n"};
    hall_write(&hall, run_csv, &csv, "mine");
    assert_false(is_worked(&hall, 11, 20));
    hall_forget(&hall);
    csv.text = HEAD "2026-11-19,holiday,乙\n";
    hall_write(&hall, run_csv, &csv, "the other's");
    hall.app.calendars = mine;
    assert_false(is_worked(&hall, 11, 20));
    for (int i = 0; i < 2; i++) {
        DbConn *conn = db_reader(test->db, &err);
        assert_true(calendars_refresh(mine, conn, HALL_TENANT, &newest, &was_old, &err));
        db_release(conn);
        assert_int_equal(was_old, i == 0);
        assert_int_equal(newest, raw_number(&hall.raw, "SELECT MAX(id) FROM definition"));
        assert_true(is_worked(&hall, 11, 20));
        assert_false(is_worked(&hall, 11, 19));
    }
    hall_end(&hall);
}

/* A county that has loaded nothing has weekends and the fixed holidays. */
static void test_without_a_calendar(TestDb *test)
{
    Hall hall;
    hall_begin_empty(&hall, test);
    assert_true(is_worked(&hall, 11, 20));
    assert_false(is_worked(&hall, 11, 21));
    assert_false(is_worked(&hall, 1, 1));
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_versions),        test_each_hall(test_every_statement_fails),
        test_each_hall(test_what_is_told),    test_each_hall(test_in_force),
        test_each_hall(test_places),          test_each_hall(test_by_id_and_list),
        test_each_hall(test_calendars),       test_each_hall(test_bad_calendars),
        test_each_hall(test_another_process), test_each_hall(test_without_a_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
