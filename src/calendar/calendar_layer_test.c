/*
 * calendar_layer_test.c - statutory days, local layers, differing tables.
 */
#include "calendar/calendar_fixture.h"

static void assert_date(Date got, const char *wanted)
{
    assert_string_equal(date_text(arena, got), wanted);
}

static const char *kind_of(const CalendarTable *table, const char *date)
{
    return calendar_kind_name(calendar_day(table, day_of(date)).kind);
}

static Date add(const CalendarTable *table, const char *from, int64_t count)
{
    CalendarCount answer;
    Error err = ERROR_NONE;
    assert_true(calendar_add(table, day_of(from), count, &answer, &err));
    return answer.date;
}

static int32_t between(const CalendarTable *table, const char *a, const char *b)
{
    CalendarCount answer;
    Error err = ERROR_NONE;
    assert_true(calendar_between(table, day_of(a), day_of(b), &answer, &err));
    return answer.days;
}

/* ---- statutory days -------------------------------------------------------------------------- */

/* Holidays of a year as "MM-DD name", without any notice. */
static const char *statutory_of(const CalendarTable *table, int year)
{
    Buffer buffer = buffer_init(arena, 0);
    for (Date date = date_of(year, 1, 1); date.day < date_of(year + 1, 1, 1).day; date.day++) {
        CalendarDay day = calendar_day(table, date);
        assert_true(day.is_provisional);
        if (day.kind == CALENDAR_HOLIDAY)
            buffer_printf(&buffer, "%s %s\n", date_text(arena, date) + 5, day.name);
    }
    return arena_text(arena, buffer_text(&buffer));
}

static void test_statutory_days_of_2027(void **state)
{
    (void)state;
    assert_string_equal(statutory_of(china(), 2027), "01-01 元旦\n"
                                                     "02-05 春节\n"
                                                     "02-06 春节\n"
                                                     "02-07 春节\n"
                                                     "02-08 春节\n"
                                                     "04-05 清明\n"
                                                     "05-01 劳动节\n"
                                                     "05-02 劳动节\n"
                                                     "06-09 端午\n"
                                                     "09-15 中秋\n"
                                                     "10-01 国庆节\n"
                                                     "10-02 国庆节\n"
                                                     "10-03 国庆节\n");
}

/* First days of lunar years, and festivals of years with a leap month, as printed calendars have
 * them; 2033 and 2034 are the years on which simpler rules fail. */
static void test_lunar_festivals(void **state)
{
    (void)state;
    static const struct {
        const char *date;
        const char *name;
    } cases[] = {
        {"2028-01-26", "春节"}, {"2028-05-28", "端午"}, {"2028-10-03", "国庆节"},
        {"2029-02-13", "春节"}, {"2030-02-03", "春节"}, {"2031-01-23", "春节"},
        {"2032-02-11", "春节"}, {"2033-01-31", "春节"}, {"2033-06-01", "端午"},
        {"2033-09-08", "中秋"}, {"2034-02-19", "春节"}, {"2034-06-20", "端午"},
        {"2034-09-27", "中秋"}, {"2036-05-30", "端午"}, {"2031-10-01", "国庆节"},
        {"2028-04-04", "清明"}, {"2030-04-05", "清明"}, {"2034-04-05", "清明"},
        {"2040-02-12", "春节"}, {"2050-01-23", "春节"}, {"2100-01-01", ""},
    };
    CalendarTable *table = china();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(calendar_day(table, day_of(cases[i].date)).name, cases[i].name);
}

/* What is computed must be off in the years whose notices we have. */
static void test_statutory_days_lie_within_the_notices(void **state)
{
    (void)state;
    CalendarTable *computed = build(NULL, 0, NULL);
    CalendarTable *announced = china();
    int count = 0;
    for (Date date = day_of("2025-01-01"); date.day <= day_of("2026-12-31").day; date.day++) {
        CalendarDay day = calendar_day(computed, date);
        if (day.kind != CALENDAR_HOLIDAY)
            continue;
        count++;
        assert_string_equal(kind_of(announced, date_text(arena, date)), "holiday");
    }
    assert_int_equal(count, 26);
}

static void test_years_before_the_revision_have_plain_weeks(void **state)
{
    (void)state;
    CalendarTable *table = build(NULL, 0, NULL);
    assert_string_equal(statutory_of(table, 2003), "");
    assert_string_equal(statutory_of(table, 2024), "");
    assert_string_equal(kind_of(table, "2024-10-01"), "working");
    assert_string_equal(kind_of(table, "2025-10-01"), "holiday");
}

static void test_every_provisional_year_has_thirteen_days(void **state)
{
    (void)state;
    CalendarTable *table = china();
    for (int year = 2027; year <= CALENDAR_LAST_YEAR; year++) {
        int lines = 0;
        for (const char *at_line = statutory_of(table, year); *at_line; at_line++)
            lines += *at_line == '\n';
        /* Mid-Autumn can fall on the National Day's own three (2031, 2039, 2050 ...). */
        assert_in_range(lines, 12, 13);
    }
}

/* ---- layers ---------------------------------------------------------------------------------- */

static void test_local_exceptions(void **state)
{
    (void)state;
    CalendarTable *table = with_local("date,type,name,hours\n"
                                      "2026-03-10,holiday,停电,\n"
                                      "2026-03-14,makeup,补班,\n"
                                      "2026-02-13,half,春节前,09:00-12:00\n"
                                      "2026-10-01,makeup,国庆值班,10:00-16:00\n"
                                      "2026-05-09,working,,\n");
    CalendarDay off = calendar_day(table, day_of("2026-03-10"));
    assert_int_equal(off.kind, CALENDAR_HOLIDAY);
    assert_true(off.is_local);
    assert_string_equal(off.name, "停电");
    assert_int_equal(off.hours.count, 0);

    CalendarDay half = calendar_day(table, day_of("2026-02-13"));
    assert_int_equal(half.kind, CALENDAR_HALF);
    assert_true(half.is_worked);
    assert_string_equal(calendar_hours_text(arena, &half.hours), "09:00-12:00");

    CalendarDay duty = calendar_day(table, day_of("2026-10-01"));
    assert_int_equal(duty.kind, CALENDAR_MAKEUP);
    assert_string_equal(calendar_hours_text(arena, &duty.hours), "10:00-16:00");

    assert_string_equal(kind_of(table, "2026-03-14"), "makeup");
    assert_string_equal(kind_of(table, "2026-05-09"), "working"); /* nationally a make-up day */
    assert_string_equal(kind_of(china(), "2026-05-09"), "makeup");
    assert_date(add(table, "2026-03-09", 1), "2026-03-11");
    assert_date(add(table, "2026-03-13", 1), "2026-03-14");
    assert_int_equal(between(table, "2026-02-12", "2026-02-13"), 1); /* half days count whole */
}

static void test_nearest_layer_wins_for_each_day(void **state)
{
    (void)state;
    CalendarLayer layers[] = {
        layer_of("44/4419", "2026-03-10,working,市\n2026-03-11,holiday,市\n"),
        layer_of("44", "2026-03-10,holiday,省\n2026-03-11,holiday,省\n2026-03-12,holiday,省\n"),
        nation(),
        layer_of("45", "2026-03-13,holiday,邻省\n"),
        layer_of("44/4419/441999", "2026-03-11,half,镇,09:00-11:00\n"),
        layer_of("44/441", "2026-03-13,holiday,不是上级\n"),
    };
    size_t count = sizeof layers / sizeof layers[0];
    static const struct {
        const char *division;
        const char *kinds[4]; /* of 10 to 13 March */
    } cases[] = {
        {"", {"working", "working", "working", "working"}},
        {"44", {"holiday", "holiday", "holiday", "working"}},
        {"44/4401", {"holiday", "holiday", "holiday", "working"}},
        {"44/4419", {"working", "holiday", "holiday", "working"}},
        {"44/4419/441999", {"working", "half", "holiday", "working"}},
        {"44/4419/441999/7", {"working", "half", "holiday", "working"}},
        {"45", {"working", "working", "working", "holiday"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CalendarTable *table = build(layers, count, cases[i].division);
        for (int day = 0; day < 4; day++) {
            Date date = date_plus(day_of("2026-03-10"), day);
            assert_string_equal(calendar_kind_name(calendar_day(table, date).kind),
                                cases[i].kinds[day]);
        }
    }
}

static void test_later_layer_of_the_same_division_corrects(void **state)
{
    (void)state;
    CalendarLayer layers[] = {nation(), layer_of("", "2026-09-03,holiday,更正\n"
                                                     "2027-01-01,holiday,元旦\n")};
    CalendarTable *table = build(layers, 2, "");
    assert_string_equal(kind_of(table, "2026-09-03"), "holiday");
    assert_false(calendar_day(table, day_of("2026-09-03")).is_local);
    assert_int_equal(calendar_last_announced(table), 2027);
}

static void test_local_layers_announce_no_year(void **state)
{
    (void)state;
    CalendarTable *table = with_local("2027-03-03,holiday,三月三\n");
    assert_int_equal(calendar_last_announced(table), 2026);
    assert_false(calendar_day(table, day_of("2027-03-03")).is_provisional);
    assert_true(calendar_day(table, day_of("2027-03-04")).is_provisional);
}

static void assert_refused(CalendarLayer layer, const char *division, int zone, const char *code)
{
    Error err = ERROR_NONE;
    CalendarSpec spec = {&layer, 1, division, zone};
    assert_null(calendar_build(arena, &spec, &err));
    assert_string_equal(err.code, code);
}

static void test_bad_layers_are_refused(void **state)
{
    (void)state;
    CalendarRule rule = {.date = day_of("2026-03-10"), .kind = CALENDAR_HOLIDAY, .name = NULL};
    CalendarLayer good = {.division = "44", .rules = &rule, .rule_count = 1};
    CalendarTable *table = build(&good, 1, "44");
    assert_string_equal(calendar_day(table, rule.date).name, "");

    assert_refused(good, "44//4419", 480, "calendar.bad_path");
    assert_refused(good, "/44", 480, "calendar.bad_path");
    assert_refused(good, "44/", 480, "calendar.bad_path");
    assert_refused(good, "44 4419", 480, "calendar.bad_path");
    assert_refused(good, "44", 841, "calendar.bad_zone");
    assert_refused(good, "44", -841, "calendar.bad_zone");
    CalendarLayer nameless = good;
    nameless.division = NULL;
    assert_refused(nameless, "44", 480, "calendar.bad_path");

    rule.kind = CALENDAR_WEEKEND;
    assert_refused(good, "44", 480, "calendar.bad_type");
    rule.kind = (CalendarKind)9;
    assert_refused(good, "44", 480, "calendar.bad_type");
    rule.kind = CALENDAR_HALF;
    assert_refused(good, "44", 480, "calendar.bad_hours");
    rule.hours = (CalendarDayHours){{{600, 500}}, 1};
    assert_refused(good, "44", 480, "calendar.bad_hours");
    rule.hours = (CalendarDayHours){{{0, 1}, {1, 2}, {2, 3}, {3, 4}}, 5};
    assert_refused(good, "44", 480, "calendar.bad_hours");
    rule = (CalendarRule){.date = DATE_NONE, .kind = CALENDAR_HOLIDAY};
    assert_refused(good, "44", 480, "calendar.out_of_range");
}

static void test_bad_hours_entries_are_refused(void **state)
{
    (void)state;
    CalendarDayHours usual = {{{540, 1020}}, 1};
    CalendarHours week = calendar_hours_uniform(&usual);
    CalendarLayer layer = {.division = "", .hours = &week, .hours_count = 1};
    const int seasons[][2] = {{1301, 331}, {601, 0}, {0, 601}, {230, 301}, {601, 931}, {-1, 5}};
    for (size_t i = 0; i < sizeof seasons / sizeof seasons[0]; i++) {
        week.season_from = seasons[i][0];
        week.season_to = seasons[i][1];
        assert_refused(layer, "", 480, "calendar.bad_season");
    }
    week = calendar_hours_uniform(&usual);
    week.weekdays[3].spans[0].to = 1441;
    assert_refused(layer, "", 480, "calendar.bad_hours");

    CalendarHours *many = arena_array(arena, CalendarHours, CALENDAR_HOURS_MAX + 1);
    for (int i = 0; i <= CALENDAR_HOURS_MAX; i++)
        many[i] = calendar_hours_uniform(&usual);
    layer.hours = many;
    layer.hours_count = CALENDAR_HOURS_MAX + 1;
    assert_refused(layer, "", 480, "calendar.too_large");
    layer.hours_count = CALENDAR_HOURS_MAX;
    assert_non_null(build(&layer, 1, ""));
}

/* ---- change ---------------------------------------------------------------------------------- */

static void test_differing_tables(void **state)
{
    (void)state;
    CalendarTable *before = china();
    CalendarTable *after = with_local("date,type,name,hours\n"
                                      "2026-03-10,holiday,停电,\n"
                                      "2026-03-12,working,改名,\n"
                                      "2026-03-17,half,半天,09:00-12:00\n"
                                      "2026-10-01,holiday,国庆节,\n");
    CalendarChanges none =
        calendar_differs(before, china(), arena, day_of("1900-01-01"), day_of("2200-01-01"));
    assert_int_equal(none.count, 0);

    CalendarChanges some =
        calendar_differs(before, after, arena, day_of("2026-03-10"), day_of("2026-03-31"));
    assert_int_equal(some.count, 3);
    assert_date(some.items[0].date, "2026-03-10");
    assert_int_equal(some.items[0].what,
                     CALENDAR_CHANGED_KIND | CALENDAR_CHANGED_HOURS | CALENDAR_CHANGED_NAME);
    assert_int_equal(some.items[1].what, CALENDAR_CHANGED_KIND | CALENDAR_CHANGED_NAME);
    assert_date(some.items[2].date, "2026-03-17");
    assert_int_equal(
        calendar_differs(before, after, arena, day_of("2026-03-11"), day_of("2026-03-11")).count,
        0);
    assert_int_equal(
        calendar_differs(before, after, arena, day_of("2026-03-31"), day_of("2026-03-01")).count,
        0);
}

static void test_loading_a_year_announces_all_its_days(void **state)
{
    (void)state;
    CalendarLayer layers[] = {nation(), layer_of("", "2027-01-01,holiday,元旦\n")};
    CalendarChanges changes = calendar_differs(china(), build(layers, 2, ""), arena,
                                               day_of("2026-01-01"), day_of("2028-12-31"));
    assert_int_equal(changes.count, 365);
    for (size_t i = 0; i < changes.count; i++)
        assert_true(changes.items[i].what & CALENDAR_CHANGED_ANNOUNCED);
    assert_date(changes.items[0].date, "2027-01-01");
    assert_date(changes.items[364].date, "2027-12-31");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_statutory_days_of_2027),
        CASE(test_lunar_festivals),
        CASE(test_statutory_days_lie_within_the_notices),
        CASE(test_years_before_the_revision_have_plain_weeks),
        CASE(test_every_provisional_year_has_thirteen_days),
        CASE(test_local_exceptions),
        CASE(test_nearest_layer_wins_for_each_day),
        CASE(test_later_layer_of_the_same_division_corrects),
        CASE(test_local_layers_announce_no_year),
        CASE(test_bad_layers_are_refused),
        CASE(test_bad_hours_entries_are_refused),
        CASE(test_differing_tables),
        CASE(test_loading_a_year_announces_all_its_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
