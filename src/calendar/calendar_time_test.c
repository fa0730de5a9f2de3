/*
 * calendar_time_test.c - hours by weekday and season, working time against a minute count.
 */
#include "calendar/calendar_fixture.h"

static void assert_instant(Instant got, const char *wanted)
{
    Civil civil = instant_civil(got, CALENDAR_ZONE_CHINA);
    const char *text = arena_printf(arena, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month,
                                    civil.day, civil.hour, civil.minute);
    assert_string_equal(text, wanted);
    assert_int_equal(got % MINUTE_MS, 0);
}

static void assert_out_of_range(bool is_good, Error *err)
{
    assert_false(is_good);
    assert_string_equal(err->code, "calendar.out_of_range");
    assert_int_equal(err->kind, ERROR_INVALID);
    *err = ERROR_NONE;
}

/* ---- hours ----------------------------------------------------------------------------------- */

static void test_hours_text(void **state)
{
    (void)state;
    static const char *const good[] = {"09:00-12:00", "09:00-12:00 13:30-17:30", "00:00-24:00",
                                       "00:00-06:00 06:00-12:00 12:00-18:00 18:00-24:00"};
    static const char *const bad[] = {
        "",
        " ",
        "9:00-12:00",
        "09:00",
        "09:00-",
        "09:00-09:00",
        "12:00-09:00",
        "09:00-24:01",
        "09:60-12:00",
        "09:00-12:00 ",
        "09:00-12:00  13:30-17:30",
        "09:00-12:00,13:30-17:30",
        "09:00-12:00 11:30-17:30",
        "13:30-17:30 09:00-12:00",
        "00:00-01:00 02:00-03:00 04:00-05:00 06:00-07:00 08:00-09:00"};
    Error err = ERROR_NONE;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        CalendarDayHours hours;
        assert_true(calendar_hours_parse(good[i], &hours, &err));
        assert_string_equal(calendar_hours_text(arena, &hours), good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CalendarDayHours hours = {.count = 42};
        err = ERROR_NONE;
        assert_false(calendar_hours_parse(bad[i], &hours, &err));
        assert_string_equal(err.code, "calendar.bad_hours");
        assert_in_range(err.column, 1, (int)strlen(bad[i]) + 1);
        assert_int_equal(hours.count, 42);
    }
}

static const char *hours_on(const CalendarTable *table, const char *date)
{
    CalendarDayHours hours = calendar_day(table, day_of(date)).hours;
    return calendar_hours_text(arena, &hours);
}

static void test_hours_by_weekday_and_season(void **state)
{
    (void)state;
    CalendarTable *table = with_local("date,type,name,hours\n"
                                      "2026-01-01,hours,1-5,09:00-12:00 14:00-17:00\n"
                                      "2026-01-01,hours,5,09:00-12:00 14:00-16:00\n"
                                      "2026-01-01,hours,1-5 0601-0930,08:30-12:00 15:00-18:00\n"
                                      "2026-01-01,hours,2 1101-0228,10:00-16:00\n"
                                      "2027-06-01,hours,1-5,07:00-15:00\n");
    static const char *const cases[][2] = {
        {"2025-12-31", CALENDAR_DEFAULT_HOURS},
        {"2026-01-05", "09:00-12:00 14:00-17:00"},
        {"2026-01-06", "10:00-16:00"},
        {"2026-02-24", "10:00-16:00"},
        {"2026-03-03", "09:00-12:00 14:00-17:00"},
        {"2026-01-09", "09:00-12:00 14:00-16:00"},
        {"2026-05-29", "09:00-12:00 14:00-16:00"},
        {"2026-06-01", "08:30-12:00 15:00-18:00"},
        {"2026-09-30", "08:30-12:00 15:00-18:00"},
        {"2026-10-08", "09:00-12:00 14:00-17:00"},
        {"2026-11-03", "10:00-16:00"},
        {"2027-05-31", "09:00-12:00 14:00-17:00"},
        {"2027-06-01", "07:00-15:00"},
        {"2028-01-04", "07:00-15:00"},
        {"2026-10-01", ""},
        {"2026-01-10", ""},
        /* A make-up Sunday and Saturday have the hours of the Monday before. */
        {"2026-01-04", CALENDAR_DEFAULT_HOURS},
        {"2026-02-14", "09:00-12:00 14:00-17:00"},
        {"2026-02-28", "09:00-12:00 14:00-17:00"},
        {"2026-09-20", "08:30-12:00 15:00-18:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(hours_on(table, cases[i][0]), cases[i][1]);
}

static void test_weekend_hours_hold_for_makeup_days(void **state)
{
    (void)state;
    CalendarTable *table = with_local("2026-01-01,hours,6-7,10:00-15:00\n");
    assert_string_equal(hours_on(table, "2026-02-14"), "10:00-15:00");
    assert_string_equal(hours_on(table, "2026-02-12"), CALENDAR_DEFAULT_HOURS);
    assert_string_equal(hours_on(table, "2026-03-14"), ""); /* an ordinary Saturday is off */
}

static void test_hours_in_force_until(void **state)
{
    (void)state;
    CalendarDayHours early;
    Error err = ERROR_NONE;
    assert_true(calendar_hours_parse("07:00-13:00", &early, &err));
    CalendarHours week = calendar_hours_uniform(&early);
    week.to = day_of("2026-03-10");
    CalendarLayer layer = {.division = "44", .hours = &week, .hours_count = 1};
    CalendarTable *table = build(&layer, 1, "44");
    assert_string_equal(hours_on(table, "2000-03-10"), "07:00-13:00");
    assert_string_equal(hours_on(table, "2026-03-10"), "07:00-13:00");
    assert_string_equal(hours_on(table, "2026-03-11"), CALENDAR_DEFAULT_HOURS);
}

/* ---- working time ---------------------------------------------------------------------------- */

static void test_next_working_moment(void **state)
{
    (void)state;
    CalendarTable *table = china();
    static const char *const cases[][2] = {
        {"2026-03-06 10:00", "2026-03-06 10:00"}, /* within hours */
        {"2026-03-06 07:59", "2026-03-06 09:00"}, /* before opening */
        {"2026-03-06 09:00", "2026-03-06 09:00"},
        {"2026-03-06 12:00", "2026-03-06 13:30"}, /* the pause begins */
        {"2026-03-06 13:29", "2026-03-06 13:30"},
        {"2026-03-06 17:29", "2026-03-06 17:29"},
        {"2026-03-06 17:30", "2026-03-09 09:00"}, /* Friday's closing */
        {"2026-03-06 20:15", "2026-03-09 09:00"},
        {"2026-03-07 10:00", "2026-03-09 09:00"},
        {"2026-02-13 18:00", "2026-02-14 09:00"}, /* the Saturday is worked */
        {"2026-02-14 18:00", "2026-02-24 09:00"}, /* Spring Festival */
        {"2026-09-30 17:30", "2026-10-08 09:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Instant moment;
        Error err = ERROR_NONE;
        assert_true(calendar_next_moment(table, at(cases[i][0]), &moment, &err));
        assert_instant(moment, cases[i][1]);
    }
}

static void test_adding_working_time(void **state)
{
    (void)state;
    CalendarTable *table = china();
    static const struct {
        const char *from;
        int minutes;
        const char *wanted;
    } cases[] = {
        {"2026-03-06 10:00", 0, "2026-03-06 10:00"},
        {"2026-03-06 20:00", 0, "2026-03-06 20:00"},
        {"2026-03-06 10:00", 60, "2026-03-06 11:00"},
        {"2026-03-06 10:00", 120, "2026-03-06 12:00"}, /* used up at the pause, not after it */
        {"2026-03-06 10:00", 121, "2026-03-06 13:31"},
        {"2026-03-06 10:00", 360, "2026-03-06 17:30"},
        {"2026-03-06 10:00", 361, "2026-03-09 09:01"},
        {"2026-03-07 10:00", 420, "2026-03-09 17:30"},
        {"2026-03-02 09:00", 5 * 420, "2026-03-06 17:30"},
        {"2026-02-14 17:00", 60, "2026-02-24 09:30"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Instant moment;
        Error err = ERROR_NONE;
        assert_true(calendar_add_working(table, at(cases[i].from), cases[i].minutes * MINUTE_MS,
                                         &moment, &err));
        assert_instant(moment, cases[i].wanted);
        assert_int_equal(calendar_working_ms(table, at(cases[i].from), moment),
                         cases[i].minutes * MINUTE_MS);
        assert_int_equal(calendar_working_ms(table, moment, at(cases[i].from)),
                         -cases[i].minutes * MINUTE_MS);
    }
}

/* Minute by minute, from the day's kind and hours alone. */
static int64_t naive_minutes(const CalendarTable *table, Instant from, Instant to)
{
    int64_t minutes = 0;
    for (Instant now = from; now < to; now += MINUTE_MS) {
        Civil civil = instant_civil(now, CALENDAR_ZONE_CHINA);
        int minute = civil.hour * 60 + civil.minute;
        Date date = instant_date(now, CALENDAR_ZONE_CHINA);
        CalendarDay day = calendar_day(table, date);
        for (int i = 0; i < day.hours.count; i++)
            minutes += minute >= day.hours.spans[i].from && minute < day.hours.spans[i].to;
    }
    return minutes;
}

static void test_working_time_agrees_with_a_minute_count(void **state)
{
    (void)state;
    CalendarTable *table = with_local("2026-02-13,half,春节前,09:00-12:00\n"
                                      "2026-01-01,hours,3,08:00-10:00 11:00-13:00 14:00-20:00\n");
    Instant begin = at("2026-01-25 00:00");
    for (int round = 0; round < 60; round++) {
        Instant from = begin + random_below(20 * 1440) * MINUTE_MS;
        Instant to = from + random_below(12 * 1440) * MINUTE_MS;
        int64_t minutes = naive_minutes(table, from, to);
        Instant end;
        Error err = ERROR_NONE;
        assert_int_equal(calendar_working_ms(table, from, to), minutes * MINUTE_MS);
        assert_true(calendar_add_working(table, from, minutes * MINUTE_MS, &end, &err));
        assert_int_equal(calendar_working_ms(table, from, end), minutes * MINUTE_MS);
        assert_true(end <= to);
    }
}

static void test_millidays(void **state)
{
    (void)state;
    CalendarTable *table = with_local("2026-02-13,half,春节前,09:00-12:00\n");
    static const struct {
        const char *from;
        const char *to;
        int64_t wanted;
    } cases[] = {
        {"2026-03-06 09:00", "2026-03-06 17:30", 1000},
        {"2026-03-06 09:00", "2026-03-06 12:30", 429},
        {"2026-03-06 10:00", "2026-03-06 10:00", 0},
        {"2026-03-06 00:00", "2026-03-07 00:00", 1000},
        {"2026-03-07 00:00", "2026-03-08 23:59", 0},
        {"2026-03-06 17:30", "2026-03-09 17:30", 1000},
        {"2026-03-06 13:30", "2026-03-09 12:00", 1000},
        {"2026-02-13 09:00", "2026-02-13 10:30", 500},
        {"2026-02-12 17:30", "2026-02-13 12:00", 1000},
        {"2026-03-02 09:00", "2026-03-13 17:30", 10000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(calendar_millidays(table, at(cases[i].from), at(cases[i].to)),
                         cases[i].wanted);
        assert_int_equal(calendar_millidays(table, at(cases[i].to), at(cases[i].from)),
                         -cases[i].wanted);
    }
}

/* From closing to closing it is a thousand times the count of working days. */
static void test_millidays_agree_with_between(void **state)
{
    (void)state;
    CalendarTable *table = with_local("2026-02-13,half,春节前,09:00-12:00\n");
    Error err = ERROR_NONE;
    for (int round = 0; round < 300; round++) {
        Date a = date_plus(day_of("2025-01-01"), random_below(600));
        Date b = date_plus(a, random_below(60));
        CalendarCount count;
        assert_true(calendar_between(table, a, b, &count, &err));
        assert_int_equal(
            calendar_millidays(table, calendar_closing(table, a), calendar_closing(table, b)),
            1000 * (int64_t)count.days);
    }
}

static void test_opening_and_closing(void **state)
{
    (void)state;
    CalendarTable *table = china();
    assert_instant(calendar_opening(table, day_of("2026-03-06")), "2026-03-06 09:00");
    assert_instant(calendar_closing(table, day_of("2026-03-06")), "2026-03-06 17:30");
    assert_instant(calendar_opening(table, day_of("2026-03-07")), "2026-03-07 00:00");
    assert_instant(calendar_closing(table, day_of("2026-03-07")), "2026-03-08 00:00");
}

static void test_working_time_beyond_the_range(void **state)
{
    (void)state;
    CalendarTable *table = china();
    Instant out = 5;
    Error err = ERROR_NONE;
    const Instant outside[] = {INT64_MIN, INT64_MAX, at("1948-12-31 10:00"),
                               at("2100-01-01 00:00")};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        assert_out_of_range(calendar_next_moment(table, outside[i], &out, &err), &err);
        assert_out_of_range(calendar_add_working(table, outside[i], 1, &out, &err), &err);
        assert_int_equal(calendar_working_ms(table, outside[i], outside[i]), 0);
        assert_int_equal(calendar_millidays(table, outside[i], outside[i]), 0);
    }
    assert_out_of_range(calendar_next_moment(table, at("2099-12-31 17:30"), &out, &err), &err);
    assert_out_of_range(calendar_add_working(table, at("2099-12-31 17:00"), HOUR_MS, &out, &err),
                        &err);
    assert_int_equal(out, 5);
    int64_t all = calendar_working_ms(table, INT64_MIN, INT64_MAX);
    assert_true(all > 100 * 240 * 7 * HOUR_MS);
    assert_int_equal(calendar_working_ms(table, INT64_MAX, INT64_MIN), -all);
}

static void test_zone_shifts_moments(void **state)
{
    (void)state;
    CalendarLayer layer = nation();
    CalendarSpec spec = {&layer, 1, "", 0};
    Error err = ERROR_NONE;
    CalendarTable *table = calendar_build(arena, &spec, &err);
    assert_non_null(table);
    assert_int_equal(calendar_zone(table), 0);
    assert_instant(calendar_opening(table, day_of("2026-03-06")), "2026-03-06 17:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_hours_text),
        CASE(test_hours_by_weekday_and_season),
        CASE(test_weekend_hours_hold_for_makeup_days),
        CASE(test_hours_in_force_until),
        CASE(test_next_working_moment),
        CASE(test_adding_working_time),
        CASE(test_working_time_agrees_with_a_minute_count),
        CASE(test_millidays),
        CASE(test_millidays_agree_with_between),
        CASE(test_opening_and_closing),
        CASE(test_working_time_beyond_the_range),
        CASE(test_zone_shifts_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
