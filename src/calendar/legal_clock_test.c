/*
 * legal_clock_test.c - the cases of tests/calendar/clocks.txt, refusals, warnings, re-derivation.
 *
 * A case gives an input and what is wanted of the clock, up to the list of its days.
 */
#include "calendar/calendar_fixture.h"

#define CASES_PATH "tests/calendar/clocks.txt"

enum { SPANS = 8 };

static CalendarTable *table_with(const char *notice, const char *local)
{
    Error err = ERROR_NONE;
    CalendarLayer layers[] = {nation(), layer_of("", notice), layer_of("44/4419", local)};
    CalendarSpec spec = {layers, 3, "44/4419", CALENDAR_ZONE_CHINA};
    CalendarTable *table = calendar_build(arena, &spec, &err);
    if (!table)
        fail_msg("%s", err.code);
    return table;
}

static const char *time_text(Instant instant)
{
    if (instant == INSTANT_NONE)
        return "none";
    Civil civil = instant_civil(instant, CALENDAR_ZONE_CHINA);
    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d%s", civil.year, civil.month, civil.day,
                        civil.hour, civil.minute, instant % MINUTE_MS ? "+" : "");
}

static const char *duration_text(int64_t ms)
{
    int64_t minutes = llabs(ms) / MINUTE_MS;
    /* Less than a minute after the deadline is still some time. */
    return arena_printf(arena, "%s%02d:%02d", ms <= -MINUTE_MS ? "-" : "", (int)(minutes / 60),
                        (int)(minutes % 60));
}

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

/* ---- cases ----------------------------------------------------------------------------------- */

typedef struct Wish {
    const char *key;
    const char *value;
    int line;
} Wish;

typedef struct Case {
    const char *name;
    int line;
    Buffer notice;
    Buffer local;
    LegalClockInput input;
    UncountedSpan spans[SPANS];
    LimitExtension extensions[SPANS];
    bool has_now;
    LIST(Wish) wishes;
    Buffer days;
} Case;

static int number_of(const char *text)
{
    int64_t number;
    if (!text_to_int64(text, &number))
        fail_msg("bad number %s", text);
    return (int)number;
}

static Limit limit_of(const char *amount, const char *unit)
{
    Limit limit = {.amount = number_of(amount)};
    if (!limit_unit_parse(unit, &limit.unit))
        fail_msg("bad unit %s", unit);
    return limit;
}

static UncountedSpan span_of(const char *const *words, size_t count)
{
    assert_true(count == 4 || (count == 7 && text_equal(words[4], "own")));
    UncountedSpan span = {.ground = words[1], .from = at(words[2]), .to = INSTANT_NONE};
    if (!text_equal(words[3], "open"))
        span.to = at(words[3]);
    if (count == 7) {
        span.has_own_limit = true;
        span.own_limit = limit_of(words[5], words[6]);
    }
    return span;
}

/* Takes a line that gives something; false: it wants something. */
static bool read_given(Case *one, const char *line, const char *const *words, size_t count)
{
    const char *key = words[0];
    if (text_equal(key, "layer"))
        buffer_printf(&one->local, "%s\n", line + strlen("layer "));
    else if (text_equal(key, "notice"))
        buffer_printf(&one->notice, "%s\n", line + strlen("notice "));
    else if (text_equal(key, "received"))
        one->input.received_at = at(words[1]);
    else if (text_equal(key, "receipt") && text_equal(words[1], "at_once"))
        one->input.receipt = RECEIPT_AT_ONCE;
    else if (text_equal(key, "limit"))
        one->input.limit = limit_of(words[1], words[2]);
    else if (text_equal(key, "warn"))
        one->input.warn_before = limit_of(words[1], words[2]);
    else if (text_equal(key, "stop"))
        one->spans[one->input.span_count++] = span_of(words, count);
    else if (text_equal(key, "extend"))
        one->extensions[one->input.extension_count++] =
            (LimitExtension){number_of(words[1]), words[2]};
    else if (text_equal(key, "now"))
        one->input.now = at(words[one->has_now = true]);
    else
        return false;
    return true;
}

static const char *effect_text(const LegalDay *day, bool is_in_hours)
{
    bool is_special = day->day.kind == CALENDAR_MAKEUP || day->day.kind == CALENDAR_HALF;
    const char *counted =
        is_in_hours ? duration_text(day->counted_ms) : arena_printf(arena, "%d", day->counted);
    return arena_printf(
        arena, "%s %s %s%s%s%s%s%s%s%s%s\n", date_text(arena, day->day.date),
        legal_effect_name(day->effect), counted, is_special ? " " : "",
        is_special ? calendar_kind_name(day->day.kind) : "", day->day.is_local ? " local" : "",
        day->day.is_provisional ? " provisional" : "", day->day.name[0] ? " name=" : "",
        day->day.name, day->ground ? " ground=" : "", day->ground ? day->ground : "");
}

/* What the clock says under a key of the file. */
static const char *told(const LegalClock *clock, const char *key)
{
    if (text_equal(key, "starts"))
        return time_text(clock->starts_at);
    if (text_equal(key, "due"))
        return time_text(clock->due_at);
    if (text_equal(key, "warn_at"))
        return time_text(clock->warn_at);
    if (text_equal(key, "stop_ends"))
        return time_text(clock->stop_ends_at);
    if (text_equal(key, "state"))
        return legal_clock_state_name(clock->state);
    if (text_equal(key, "remaining"))
        return arena_printf(arena, "%d", clock->remaining_days);
    if (text_equal(key, "rest"))
        return duration_text(clock->remaining_working_ms);
    if (text_equal(key, "used"))
        return arena_printf(arena, "%lld", (long long)clock->used_millidays);
    if (text_equal(key, "total"))
        return arena_printf(arena, "%d", clock->total);
    if (text_equal(key, "open"))
        return clock->is_open ? "yes" : "no";
    if (text_equal(key, "provisional"))
        return clock->is_provisional ? date_text(arena, clock->first_provisional) : "no";
    fail_msg("unknown key %s", key);
    return NULL;
}

static void check_days(const Case *one, const LegalClock *clock)
{
    bool is_in_hours =
        one->input.limit.unit == LIMIT_HOURS || one->input.limit.unit == LIMIT_WORKING_HOURS;
    Buffer told_days = buffer_init(arena, 0);
    for (size_t i = 0; i < clock->day_count; i++)
        buffer_add(&told_days, effect_text(&clock->days[i], is_in_hours));
    if (!text_equal(buffer_text(&told_days), buffer_text(&one->days)))
        fail_msg("%s:%d: %s\nwanted\n%sgot\n%s", CASES_PATH, one->line, one->name,
                 buffer_text(&one->days), buffer_text(&told_days));
}

static void run_case(Case *one)
{
    one->input.spans = one->spans;
    one->input.extensions = one->extensions;
    if (!one->has_now)
        one->input.now = one->input.received_at;
    CalendarTable *table = table_with(buffer_text(&one->notice), buffer_text(&one->local));
    LegalClock clock = derive(table, &one->input);

    assert_true(one->wishes.count + one->days.length > 0);
    list_each (Wish, wish, &one->wishes) {
        const char *got = told(&clock, wish->key);
        if (!text_equal(got, wish->value))
            fail_msg("%s:%d: %s: %s %s, got %s", CASES_PATH, wish->line, one->name, wish->key,
                     wish->value, got);
    }
    if (one->days.length > 0)
        check_days(one, &clock);
    check_continuity(&one->input, &clock);
}

static Case *case_begin(const char *name, int line)
{
    Case *one = arena_new(arena, Case);
    one->name = name;
    one->line = line;
    one->notice = one->local = one->days = buffer_init(arena, 0);
    return one;
}

static void read_line(Case *one, const char *line, int number)
{
    const char **words;
    size_t count = text_split(arena, line, ' ', &words);
    if (text_equal(words[0], "day"))
        buffer_printf(&one->days, "%s\n", line + strlen("day "));
    else if (!read_given(one, line, words, count))
        list_add(arena, &one->wishes, (Wish){words[0], words[1], number});
}

static void test_cases(void **state)
{
    (void)state;
    Case *one = NULL;
    int number = 0;
    int cases = 0;
    size_t length;
    const char **lines;
    size_t count = text_split(arena, read_all(CASES_PATH, &length), '\n', &lines);
    for (size_t i = 0; i < count; i++) {
        number++;
        if (lines[i][0] == '\0' || lines[i][0] == '#')
            continue;
        if (!text_starts_with(lines[i], "case ")) {
            assert_non_null(one);
            read_line(one, lines[i], number);
            continue;
        }
        if (one)
            run_case(one);
        one = case_begin(lines[i] + strlen("case "), number);
        cases++;
    }
    run_case(one);
    assert_true(cases >= 85);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static LegalClockInput usual(void)
{
    return (LegalClockInput){.received_at = at("2026-03-02T10:00"),
                             .limit = {5, LIMIT_WORKING_DAYS},
                             .now = at("2026-03-02T10:00")};
}

static void assert_refused(const LegalClockInput *input, const char *code, const char *field)
{
    Error err = ERROR_NONE;
    LegalClock clock = {.total = -77};
    CalendarTable *table = china();
    if (legal_clock_derive(table, arena, input, &clock, &err))
        fail_msg("accepted; wanted %s", code);
    assert_string_equal(err.code, code);
    assert_true(text_equal(err.field, field));
    assert_int_equal(clock.total, -77);
}

static void test_bad_limits(void **state)
{
    (void)state;
    const int32_t amounts[] = {-1, INT32_MIN, LIMIT_AMOUNT_MAX + 1, INT32_MAX};
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        LegalClockInput input = usual();
        input.limit.amount = amounts[i];
        assert_refused(&input, "limit.bad_amount", "limit");

        input = usual();
        LimitExtension extension = {amounts[i], "x"};
        input.extensions = &extension;
        input.extension_count = 1;
        assert_refused(&input, "limit.bad_amount", "extensions");

        input = usual();
        input.warn_before.amount = amounts[i];
        assert_refused(&input, "limit.bad_amount", "warn_before");
    }
    LegalClockInput input = usual();
    input.limit.unit = (LimitUnit)5;
    assert_refused(&input, "limit.bad_unit", "limit");
    input = usual();
    input.warn_before = (Limit){1, LIMIT_MONTHS};
    assert_refused(&input, "limit.bad_unit", "warn_before");
    input.warn_before = (Limit){1, LIMIT_CALENDAR_DAYS};
    assert_refused(&input, "limit.bad_unit", "warn_before");
}

static void test_bad_spans(void **state)
{
    (void)state;
    LegalClockInput input = usual();
    UncountedSpan span = {.from = at("2026-03-04T10:00"), .to = at("2026-03-03T10:00")};
    input.spans = &span;
    input.span_count = 1;
    assert_refused(&input, "limit.bad_span", "spans");
    span.from = INSTANT_NONE;
    assert_refused(&input, "limit.bad_span", "spans");
    span = (UncountedSpan){.from = at("2026-03-03T10:00"), .to = INSTANT_NONE};
    span.has_own_limit = true;
    span.own_limit.amount = -1;
    assert_refused(&input, "limit.bad_amount", "own_limit");
    span.own_limit = (Limit){1, (LimitUnit)7};
    assert_refused(&input, "limit.bad_unit", "own_limit");

    UncountedSpan *many = arena_array(arena, UncountedSpan, LIMIT_SPANS_MAX + 1);
    LimitExtension *more = arena_array(arena, LimitExtension, LIMIT_SPANS_MAX + 1);
    input.spans = many;
    input.span_count = LIMIT_SPANS_MAX + 1;
    assert_refused(&input, "limit.too_many", "spans");
    input.span_count = 0;
    input.extensions = more;
    input.extension_count = LIMIT_SPANS_MAX + 1;
    assert_refused(&input, "limit.too_many", "extensions");
}

static void test_deadlines_beyond_the_table(void **state)
{
    (void)state;
    static const LimitUnit units[] = {LIMIT_WORKING_DAYS, LIMIT_CALENDAR_DAYS, LIMIT_MONTHS};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        LegalClockInput input = usual();
        input.limit = (Limit){LIMIT_AMOUNT_MAX, units[i]};
        assert_refused(&input, "calendar.out_of_range", NULL);
    }
    LegalClockInput input = usual();
    input.received_at = at("2099-12-30T10:00");
    input.limit = (Limit){20, LIMIT_WORKING_HOURS};
    assert_refused(&input, "calendar.out_of_range", NULL);
    input.limit = (Limit){50, LIMIT_HOURS};
    assert_refused(&input, "calendar.out_of_range", NULL);
    const Instant received[] = {INT64_MIN, INT64_MAX, at("1948-12-31T10:00"),
                                at("2100-01-01T00:00"), at("2099-12-31T18:00")};
    for (size_t i = 0; i < sizeof received / sizeof received[0]; i++) {
        input = usual();
        input.received_at = received[i];
        assert_refused(&input, "calendar.out_of_range", NULL);
    }
}

/* Whatever `now` and the ends of spans are, the answer stands. */
static void test_extreme_moments(void **state)
{
    (void)state;
    CalendarTable *table = china();
    const Instant moments[] = {INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX - 1, INT64_MAX};
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 1; j < 6; j++) {
            LegalClockInput input = usual();
            UncountedSpan span = {.from = moments[j], .to = moments[5], .has_own_limit = true};
            span.own_limit = (Limit){LIMIT_AMOUNT_MAX, (LimitUnit)(i % 5)};
            input.now = moments[i];
            input.spans = &span;
            input.span_count = j < 5 && moments[j] > 0;
            LegalClock clock = derive(table, &input);
            assert_string_equal(time_text(clock.due_at), "2026-03-09T17:30");
            assert_true(clock.state == (i < 4 ? LEGAL_CLOCK_RUNNING : LEGAL_CLOCK_OVER));
        }
}

static void test_names(void **state)
{
    (void)state;
    LimitUnit unit = LIMIT_MONTHS;
    for (int i = LIMIT_WORKING_DAYS; i <= LIMIT_MONTHS; i++) {
        assert_true(limit_unit_parse(limit_unit_name((LimitUnit)i), &unit));
        assert_int_equal(unit, i);
    }
    assert_false(limit_unit_parse("fortnights", &unit));
    assert_false(limit_unit_parse("", &unit));
    assert_false(limit_unit_parse(NULL, &unit));
    assert_string_equal(legal_effect_name(LEGAL_OVER_LIMIT), "suspension_over_limit");
    assert_string_equal(legal_clock_state_name(LEGAL_CLOCK_STOPPED), "stopped");
}

/* ---- further warnings and re-derivation ------------------------------------------------------ */

static void test_several_warning_levels(void **state)
{
    (void)state;
    CalendarTable *table = china();
    LegalClockInput input = usual();
    LegalClock clock = derive(table, &input);
    static const char *const wanted[] = {"2026-03-09T17:30", "2026-03-06T09:00",
                                         "2026-03-05T09:00", "2026-03-04T09:00",
                                         "2026-03-03T09:00", "2026-03-02T10:00"};
    for (int days = 1; days <= 5; days++) {
        Instant moment;
        Error err = ERROR_NONE;
        assert_true(
            legal_clock_before(table, &clock, (Limit){days, LIMIT_WORKING_DAYS}, &moment, &err));
        assert_string_equal(time_text(moment), wanted[days]);
    }
    Instant moment = 5;
    Error err = ERROR_NONE;
    assert_false(legal_clock_before(table, &clock, (Limit){1, LIMIT_MONTHS}, &moment, &err));
    assert_string_equal(err.code, "limit.bad_unit");
    assert_int_equal(moment, 5);
}

/* A plausible notice of 2027, made up for this test. */
static const char notice_2027[] = "date,type,name\n"
                                  "2027-01-01,holiday,元旦\n2027-01-02,holiday,元旦\n"
                                  "2027-01-03,holiday,元旦\n2027-01-04,holiday,元旦\n"
                                  "2027-01-16,makeup,元旦\n2027-01-31,makeup,春节\n"
                                  "2027-02-05,holiday,春节\n2027-02-06,holiday,春节\n"
                                  "2027-02-07,holiday,春节\n2027-02-08,holiday,春节\n"
                                  "2027-02-09,holiday,春节\n2027-02-10,holiday,春节\n"
                                  "2027-02-11,holiday,春节\n2027-02-12,holiday,春节\n"
                                  "2027-02-20,makeup,春节\n2027-04-05,holiday,清明\n"
                                  "2027-05-01,holiday,劳动节\n2027-05-02,holiday,劳动节\n"
                                  "2027-05-03,holiday,劳动节\n2027-06-09,holiday,端午\n"
                                  "2027-09-15,holiday,中秋\n2027-10-01,holiday,国庆节\n"
                                  "2027-10-02,holiday,国庆节\n2027-10-03,holiday,国庆节\n";

/* The promise of 2026-12-15: provisional before the notice, derived anew with it. */
static void test_rederivation_when_the_notice_is_loaded(void **state)
{
    (void)state;
    CalendarTable *before = china();
    CalendarTable *after = table_with(notice_2027, "");
    LegalClockInput promise = {.received_at = at("2026-12-15T10:00"),
                               .limit = {20, LIMIT_WORKING_DAYS},
                               .now = at("2026-12-15T10:00")};
    LegalClockInput early = promise;
    early.limit.amount = 10;

    LegalClock old = derive(before, &promise);
    LegalClock settled = derive(before, &early);
    assert_true(old.is_provisional);
    assert_string_equal(date_text(arena, old.first_provisional), "2027-01-01");
    assert_string_equal(date_text(arena, old.due_date), "2027-01-13");
    assert_false(settled.is_provisional);

    CalendarChanges changes =
        calendar_differs(before, after, arena, day_of("2026-01-01"), day_of("2027-12-31"));
    assert_true(legal_clock_is_affected(&old, &changes));
    assert_false(legal_clock_is_affected(&settled, &changes));

    LegalClock new = derive(after, &promise);
    assert_false(new.is_provisional);
    assert_true(date_is_none(new.first_provisional));
    assert_string_equal(date_text(arena, new.due_date), "2027-01-14");
    assert_int_equal(derive(after, &early).due_at, settled.due_at);
}

static void test_a_changed_name_affects_no_clock(void **state)
{
    (void)state;
    LegalClockInput input = usual();
    CalendarTable *table = china();
    LegalClock clock = derive(table, &input);
    CalendarChange change = {day_of("2026-03-04"), CALENDAR_CHANGED_NAME};
    CalendarChanges changes = {&change, 1};
    assert_false(legal_clock_is_affected(&clock, &changes));
    static const struct {
        const char *date;
        bool is_affected;
    } cases[] = {{"2026-03-01", false},
                 {"2026-03-02", true},
                 {"2026-03-07", true},
                 {"2026-03-09", true},
                 {"2026-03-10", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        change = (CalendarChange){day_of(cases[i].date), CALENDAR_CHANGED_HOURS};
        assert_int_equal(legal_clock_is_affected(&clock, &changes), cases[i].is_affected);
    }
}

/* The end of an own limit may lie behind the deadline, and is part of what the clock says. */
static void test_a_change_before_the_end_of_a_stop_affects_the_clock(void **state)
{
    (void)state;
    LegalClockInput input = usual();
    UncountedSpan span = {.from = at("2026-03-03T10:00"),
                          .to = INSTANT_NONE,
                          .has_own_limit = true,
                          .own_limit = {20, LIMIT_WORKING_DAYS}};
    input.spans = &span;
    input.span_count = 1;
    input.now = at("2026-03-04T10:00");
    LegalClock clock = derive(china(), &input);
    CalendarChange change = {day_of("2026-03-20"), CALENDAR_CHANGED_KIND};
    CalendarChanges changes = {&change, 1};
    assert_string_equal(date_text(arena, clock.due_date), "2026-03-10");
    assert_string_equal(time_text(clock.stop_ends_at), "2026-03-30T17:30");
    assert_true(legal_clock_is_affected(&clock, &changes));
    change.date = day_of("2026-04-03");
    assert_false(legal_clock_is_affected(&clock, &changes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_cases),
        CASE(test_bad_limits),
        CASE(test_bad_spans),
        CASE(test_deadlines_beyond_the_table),
        CASE(test_extreme_moments),
        CASE(test_names),
        CASE(test_several_warning_levels),
        CASE(test_rederivation_when_the_notice_is_loaded),
        CASE(test_a_changed_name_affects_no_clock),
        CASE(test_a_change_before_the_end_of_a_stop_affects_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
