/*
 * legal_clock_property_test.c - what holds of every clock, over random inputs.
 *
 * The counted days are the limit, a stop moves the deadline by the days that it takes out, own
 * limits bound what is taken out, and a second, slower calculation comes to the same date.
 */
#include "calendar/calendar_fixture.h"

enum { ROUNDS = 1500 };

static LegalClock derive(const CalendarTable *table, const LegalClockInput *input)
{
    LegalClock clock;
    Error err = ERROR_NONE;
    if (!legal_clock_derive(table, arena, input, &clock, &err))
        fail_msg("%s (%s)", err.code, err.field ? err.field : "-");
    return clock;
}

/* Every date from the receipt to the deadline is listed once, in order. */
static void check_continuity(const LegalClockInput *input, const LegalClock *clock)
{
    Date first = instant_date(input->received_at, CALENDAR_ZONE_CHINA);
    assert_int_equal(clock->days[0].day.date.day, first.day);
    for (size_t i = 1; i < clock->day_count; i++)
        assert_int_equal(clock->days[i].day.date.day, first.day + (int)i);
    assert_int_equal(clock->days[clock->day_count - 1].day.date.day, clock->due_date.day);
}

typedef struct Draw {
    LegalClockInput input;
    UncountedSpan spans[3];
    LimitExtension extensions[2];
} Draw;

static Instant random_moment(Instant from, int days)
{
    return from + (int64_t)random_below(days * 1440) * MINUTE_MS;
}

/* Amounts that make spans of days whatever the unit. */
static Limit random_limit(int days)
{
    Limit limit = {.unit = (LimitUnit)random_below(5)};
    limit.amount = random_below(days);
    if (limit.unit == LIMIT_HOURS || limit.unit == LIMIT_WORKING_HOURS)
        limit.amount *= 7;
    if (limit.unit == LIMIT_MONTHS)
        limit.amount %= 4;
    return limit;
}

static void draw_spans(Draw *draw)
{
    static const char *const grounds[] = {"hearing", "inspection", "appraisal"};
    for (size_t i = 0; i < draw->input.span_count; i++) {
        Instant from = random_moment(draw->input.received_at - 3 * DAY_MS, 30);
        draw->spans[i] = (UncountedSpan){.from = from,
                                         .to = random_moment(from, 14),
                                         .ground = grounds[i],
                                         .has_own_limit = random_below(2) == 0,
                                         .own_limit = random_limit(6)};
        if (random_below(5) == 0)
            draw->spans[i].to = INSTANT_NONE;
    }
}

static void draw_input(Draw *draw)
{
    *draw = (Draw){0};
    LegalClockInput *input = &draw->input;
    input->received_at = random_moment(at("2012-01-01T00:00"), 365 * 14);
    input->receipt = random_below(4) == 0 ? RECEIPT_AT_ONCE : RECEIPT_NEXT_WORKING_MOMENT;
    input->limit = random_limit(25);
    input->now = random_moment(input->received_at - 2 * DAY_MS, 50);
    input->warn_before = (Limit){random_below(4), LIMIT_WORKING_DAYS};
    input->span_count = (size_t)random_below(4);
    input->extension_count = (size_t)random_below(3);
    input->spans = draw->spans;
    input->extensions = draw->extensions;
    draw_spans(draw);
    for (size_t i = 0; i < input->extension_count; i++)
        draw->extensions[i] = (LimitExtension){random_below(5), "complex"};
}

static CalendarTable *varied(void)
{
    return with_local("2020-03-04,half,半天,09:00-12:00\n"
                      "2021-03-04,holiday,停电,\n"
                      "2022-03-05,makeup,补班,\n"
                      "2015-01-01,hours,1-5 0601-0930,08:30-12:00 15:00-18:00\n");
}

static bool is_in_hours(LimitUnit unit)
{
    return unit == LIMIT_HOURS || unit == LIMIT_WORKING_HOURS;
}

static int count_effect(const LegalClock *clock, LegalEffect effect)
{
    int count = 0;
    for (size_t i = 0; i < clock->day_count; i++)
        count += clock->days[i].effect == effect;
    return count;
}

/* What must hold of every clock. */
static void check_clock(const CalendarTable *table, const Draw *draw, const LegalClock *clock)
{
    check_continuity(&draw->input, clock);
    int counted = count_effect(clock, LEGAL_COUNTED) + count_effect(clock, LEGAL_OVER_LIMIT);
    int64_t counted_ms = 0;
    for (size_t i = 0; i < clock->day_count; i++)
        counted_ms += clock->days[i].counted_ms;
    if (is_in_hours(draw->input.limit.unit)) {
        assert_int_equal(counted_ms, clock->total * HOUR_MS);
    } else {
        assert_int_equal(counted, clock->total);
        assert_int_equal(counted_ms, 0);
        assert_int_equal(clock->due_at, calendar_closing(table, clock->due_date));
        assert_true(calendar_is_worked(table, clock->due_date));
    }
    assert_int_equal(count_effect(clock, LEGAL_EVENT_DAY), 1);
    assert_true(clock->due_at >= clock->starts_at);
    assert_true(clock->starts_at >= draw->input.received_at);
    assert_true(clock->used_millidays >= 0);
    assert_int_equal(clock->state == LEGAL_CLOCK_OVER, draw->input.now > clock->due_at);
    if (clock->state == LEGAL_CLOCK_OVER)
        assert_true(clock->remaining_days <= 0 && clock->remaining_working_ms <= 0);
    else
        assert_true(clock->remaining_days >= 0 && clock->remaining_working_ms >= 0);
    if (clock->warn_at != INSTANT_NONE)
        assert_true(clock->warn_at >= clock->starts_at && clock->warn_at <= clock->due_at);
    for (size_t i = 1; i < clock->stop_count; i++)
        assert_true(clock->stops[i].from > clock->stops[i - 1].to);
}

static void test_counted_days_are_the_limit(void **state)
{
    (void)state;
    CalendarTable *table = varied();
    int stopped = 0;
    int over = 0;
    for (int round = 0; round < ROUNDS; round++) {
        Draw draw;
        ArenaMark mark = arena_mark(arena);
        draw_input(&draw);
        LegalClock clock = derive(table, &draw.input);
        check_clock(table, &draw, &clock);
        stopped += clock.state == LEGAL_CLOCK_STOPPED;
        over += count_effect(&clock, LEGAL_OVER_LIMIT) > 0;
        arena_reset(arena, mark);
    }
    /* The draw reaches what it is meant to reach. */
    assert_true(stopped > ROUNDS / 50);
    assert_true(over > ROUNDS / 50);
}

/* Without own limits and in working days: the deadline moves by the days taken out, which are
 * those whose closing lies in a span. */
static void test_stops_move_by_the_days_taken_out(void **state)
{
    (void)state;
    CalendarTable *table = varied();
    for (int round = 0; round < ROUNDS; round++) {
        Draw draw;
        ArenaMark mark = arena_mark(arena);
        draw_input(&draw);
        draw.input.limit = (Limit){1 + random_below(20), LIMIT_WORKING_DAYS};
        for (size_t i = 0; i < draw.input.span_count; i++)
            draw.spans[i].has_own_limit = false;
        LegalClock with = derive(table, &draw.input);
        draw.input.span_count = 0;
        LegalClock without = derive(table, &draw.input);

        CalendarCount moved;
        Error err = ERROR_NONE;
        assert_true(calendar_between(table, without.due_date, with.due_date, &moved, &err));
        assert_int_equal(moved.days, count_effect(&with, LEGAL_NOT_COUNTED));
        assert_int_equal(with.starts_at, without.starts_at);
        arena_reset(arena, mark);
    }
}

/* Own limits in working days: no span takes out more of them than its limit. */
static void test_own_limits_bound_what_is_taken_out(void **state)
{
    (void)state;
    CalendarTable *table = varied();
    for (int round = 0; round < ROUNDS; round++) {
        Draw draw;
        ArenaMark mark = arena_mark(arena);
        draw_input(&draw);
        draw.input.limit = (Limit){1 + random_below(20), LIMIT_WORKING_DAYS};
        int most = 0;
        for (size_t i = 0; i < draw.input.span_count; i++) {
            draw.spans[i].has_own_limit = true;
            draw.spans[i].own_limit = (Limit){random_below(5), LIMIT_WORKING_DAYS};
            most += draw.spans[i].own_limit.amount;
        }
        LegalClock clock = derive(table, &draw.input);
        assert_in_range(count_effect(&clock, LEGAL_NOT_COUNTED), 0, most);
        if (draw.input.span_count == 1 && count_effect(&clock, LEGAL_OVER_LIMIT) > 0)
            assert_int_equal(count_effect(&clock, LEGAL_NOT_COUNTED), most);
        arena_reset(arena, mark);
    }
}

/* The date again, by asking for each day only whether it is worked and when it closes. */
static Date slow_due_date(const CalendarTable *table, const LegalClockInput *input, Instant start)
{
    Date date = instant_date(start, CALENDAR_ZONE_CHINA);
    int left = input->limit.amount;
    while (left > 0) {
        date = date_plus(date, 1);
        CalendarDay day = calendar_day(table, date);
        if (!day.is_worked)
            continue;
        Instant closing = date_start(date, CALENDAR_ZONE_CHINA) +
                          day.hours.spans[day.hours.count - 1].to * MINUTE_MS;
        bool is_out = false;
        for (size_t i = 0; i < input->span_count; i++)
            is_out |= closing > input->spans[i].from && closing <= input->spans[i].to &&
                      input->spans[i].to > start;
        left -= !is_out;
    }
    return date;
}

static void test_a_slower_calculation_agrees(void **state)
{
    (void)state;
    CalendarTable *table = varied();
    for (int round = 0; round < ROUNDS; round++) {
        Draw draw;
        ArenaMark mark = arena_mark(arena);
        draw_input(&draw);
        draw.input.limit = (Limit){1 + random_below(20), LIMIT_WORKING_DAYS};
        draw.input.extension_count = 0;
        for (size_t i = 0; i < draw.input.span_count; i++) {
            draw.spans[i].has_own_limit = false;
            draw.spans[i].to = random_moment(draw.spans[i].from, 9);
        }
        LegalClock clock = derive(table, &draw.input);
        Date slow = slow_due_date(table, &draw.input, clock.starts_at);
        assert_int_equal(clock.due_date.day, slow.day);
        arena_reset(arena, mark);
    }
}

/* Time goes by: the rest never grows while the clock runs, and the deadline stays. */
static void test_the_rest_shrinks_as_time_goes_by(void **state)
{
    (void)state;
    CalendarTable *table = varied();
    for (int round = 0; round < 60; round++) {
        Draw draw;
        ArenaMark mark = arena_mark(arena);
        draw_input(&draw);
        for (size_t i = 0; i < draw.input.span_count; i++)
            draw.spans[i].to = random_moment(draw.spans[i].from, 9);
        int64_t rest = INT64_MAX;
        int64_t used = 0;
        Instant due = INSTANT_NONE;
        for (int hour = 0; hour < 24 * 20; hour += 5) {
            draw.input.now = draw.input.received_at + hour * HOUR_MS;
            LegalClock clock = derive(table, &draw.input);
            assert_true(due == INSTANT_NONE || due == clock.due_at);
            assert_true(clock.remaining_working_ms <= rest);
            /* Parts of days are rounded one by one. */
            assert_true(clock.used_millidays >= used - 4);
            due = clock.due_at;
            rest = clock.remaining_working_ms;
            used = clock.used_millidays;
        }
        arena_reset(arena, mark);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_counted_days_are_the_limit),         CASE(test_stops_move_by_the_days_taken_out),
        CASE(test_own_limits_bound_what_is_taken_out), CASE(test_a_slower_calculation_agrees),
        CASE(test_the_rest_shrinks_as_time_goes_by),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
