/*
 * stats_export_test.c - the figures as lines: whole, sorted, units by code, the same folded or not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apps/org/org.h"
#include "apps/stats/stats.h"
#include "test_db.h"
#include "test_story.h"

static const JournalReader *const readers[] = {&stats_reader, NULL};

#define test_each(function) test_each_engine_with(function, .readers = readers)

#define COMPLETED                                                                                  \
    "{\"item\":\"hotel\",\"item_kind\":\"promised\",\"steps\":[{\"step\":\"accepted\"},"           \
    "{\"step\":\"completed\",\"outcome\":\"denied\",\"accepted\":true,\"on_time\":true,"           \
    "\"used_millidays\":1500,\"statutory_limit\":20,\"promised_limit\":10,"                        \
    "\"limit_unit\":\"working_days\"}]}"

static App app_of(TestDb *test)
{
    return (App){.db = test->db, .tenant = STORY_TENANT, .org = org_create(test->arena)};
}

static bool put_unit(Tx *tx, void *data, Error *err)
{
    Id id;
    return org_put_unit(tx, ((App *)data)->org, STORY_TENANT,
                        &(Unit){.code = "HEALTH",
                                .kind = "department",
                                .name = "卫生健康局",
                                .name_en = "Health",
                                .division = "99"},
                        &id, err);
}

static Id unit_of(TestDb *test, App *app)
{
    Error err = ERROR_NONE;
    if (!db_write(test->db, test->arena, put_unit, app, &err))
        test_db_fail(&err, "org_put_unit");
    DbConn *conn = db_reader(test->db, &err);
    const Unit *unit = org_unit_by_code(app->org, conn, STORY_TENANT, "HEALTH", &err);
    assert_non_null(unit);
    Id id = unit->id;
    db_release(conn);
    return id;
}

static const char *lines(TestDb *test, App *app, Date from, Date to, bool is_json)
{
    Error err = ERROR_NONE;
    const char *text;
    int64_t filed;
    if (!stats_indicators(app, test->arena, from, to, is_json, &text, &filed, &err))
        test_db_fail(&err, "stats_indicators");
    return text;
}

static const char *all_lines(TestDb *test, App *app)
{
    return lines(test, app, date_of(2020, 1, 1), date_of(2030, 12, 31), false);
}

static void tell_two(TestDb *test, Id unit)
{
    story_append(test, (StoryEntry){.kind = "dossier.filed",
                                    .dossier = 1,
                                    .unit = unit,
                                    .data = "{\"item\":\"hotel\",\"item_kind\":\"promised\"}"});
    story_append(
        test,
        (StoryEntry){.kind = "task.completed", .dossier = 1, .unit = unit, .data = COMPLETED});
    story_append(test, (StoryEntry){.kind = "dossier.filed",
                                    .dossier = 2,
                                    .unit = unit,
                                    .data = "{\"item\":\"car\",\"item_kind\":\"on_the_spot\"}"});
}

static void expect_line(const char *text, const char *line)
{
    if (!strstr(text, line))
        fail_msg("no line \"%s\" in\n%s", line, text);
}

static void test_lines_are_whole_numbers_by_code(TestDb *test)
{
    App app = app_of(test);
    tell_two(test, unit_of(test, &app));
    const char *text = all_lines(test, &app);
    expect_line(text, "count filed dossiers=2\n");
    expect_line(text, "count denied dossiers=1\n");
    expect_line(text, "\nfigure s01 numerator=1 denominator=1\n");
    expect_line(text, "\nfigure s06 numerator=10 denominator=20\n");
    expect_line(text, "\nfigure s07 numerator=1500 denominator=20000\n");
    expect_line(text, "\nfigure s10 numerator=0 denominator=0\n");
    expect_line(text, "\nmedian s08 bucket=3\n");
    expect_line(text,
                "\nitem car on_the_spot filed=1 accepted=0 not_accepted=0 completed=0 on_time=0 "
                "used_millidays=0\nitem hotel promised filed=1 accepted=1 not_accepted=0 "
                "completed=1 on_time=1 used_millidays=1500\n");
    expect_line(text, "\nunit HEALTH filed=2 accepted=1 not_accepted=0 completed=1 on_time=1 "
                      "used_millidays=1500\n");
    expect_line(text, "\nstage intake open=0\n");
}

static void test_folding_changes_no_byte(TestDb *test)
{
    App app = app_of(test);
    bool has_more = true;
    tell_two(test, unit_of(test, &app));
    const char *before = all_lines(test, &app);
    while (has_more) {
        Error err = ERROR_NONE;
        assert_true(stats_fold(&app, &has_more, &err));
    }
    assert_string_equal(all_lines(test, &app), before);
}

static void test_a_period_without_anything_has_zeros(TestDb *test)
{
    App app = app_of(test);
    tell_two(test, unit_of(test, &app));
    const char *text = lines(test, &app, date_of(2020, 1, 1), date_of(2020, 1, 31), false);
    expect_line(text, "count filed dossiers=0\n");
    expect_line(text, "\nmedian s08 bucket=-1\n");
    assert_null(strstr(text, "unit HEALTH"));
    assert_null(strstr(text, "item "));
}

static void test_json_has_the_same_lines(TestDb *test)
{
    App app = app_of(test);
    tell_two(test, unit_of(test, &app));
    const char *text = lines(test, &app, date_of(2020, 1, 1), date_of(2030, 12, 31), true);
    expect_line(text, "{\"kind\":\"figure\",\"name\":\"s06\",\"numerator\":10,\"denominator\":20}");
    expect_line(text,
                "{\"kind\":\"item\",\"name\":\"hotel\",\"item_kind\":\"promised\",\"filed\":1,");
    assert_int_equal(text[0], '[');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each(test_lines_are_whole_numbers_by_code),
        test_each(test_folding_changes_no_byte),
        test_each(test_a_period_without_anything_has_zeros),
        test_each(test_json_has_the_same_lines),
    };
    return cmocka_run_group_tests_name("stats_export", tests, NULL, NULL);
}
