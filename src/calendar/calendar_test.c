/*
 * calendar_test.c - the table against its source, counts against a naive recount, the range.
 *
 * The recount knows nothing of the engine: it splits the CSV into its own array and
 * walks day by day.
 */
#include "calendar/calendar_fixture.h"
#include "test_skip.h"

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

/* ---- the naive recount ----------------------------------------------------------------------- */

enum { NAIVE_FIRST_YEAR = 2004, NAIVE_LAST_YEAR = 2026, NAIVE_DAYS = 8401 };

typedef struct Naive {
    int first;
    char kind[NAIVE_DAYS]; /* w working, e weekend, h holiday, m makeup */
    const char *name[NAIVE_DAYS];
    int rows;
} Naive;

static Naive *naive_read(const char *text)
{
    Naive *naive = arena_new(arena, Naive);
    naive->first = day_of("2004-01-01").day;
    for (int i = 0; i < NAIVE_DAYS; i++) {
        /* 2004-01-01 was a Thursday. */
        int weekday = (i + 3) % 7;
        naive->kind[i] = weekday >= 5 ? 'e' : 'w';
        naive->name[i] = "";
    }
    const char **lines;
    size_t count = text_split(arena, text, '\n', &lines);
    for (size_t i = 1; i < count && lines[i][0]; i++) {
        const char **fields;
        assert_int_equal(text_split(arena, lines[i], ',', &fields), 3);
        int day = day_of(fields[0]).day - naive->first;
        naive->kind[day] = fields[1][0];
        naive->name[day] = fields[2];
        naive->rows++;
    }
    return naive;
}

static Naive *naive_pack(void)
{
    size_t length;
    char *text = read_all(PACK_CSV, &length);
    assert_non_null(text);
    return naive_read(text);
}

static bool naive_is_worked(const Naive *naive, int day)
{
    return naive->kind[day] == 'w' || naive->kind[day] == 'm';
}

static int naive_between(const Naive *naive, int a, int b)
{
    int count = 0;
    for (int i = a + 1; i <= b; i++)
        count += naive_is_worked(naive, i);
    for (int i = b + 1; i <= a; i++)
        count -= naive_is_worked(naive, i);
    return count;
}

/* The wanted working day, or -1 when it lies outside of the announced years. */
static int naive_add(const Naive *naive, int from, int count)
{
    int i = from;
    if (count == 0) {
        while (i < NAIVE_DAYS && !naive_is_worked(naive, i))
            i++;
        return i < NAIVE_DAYS ? i : -1;
    }
    for (int left = abs(count); left > 0;) {
        i += count > 0 ? 1 : -1;
        if (i < 0 || i >= NAIVE_DAYS)
            return -1;
        left -= naive_is_worked(naive, i);
    }
    return i;
}

/* ---- days ------------------------------------------------------------------------------------ */

static char initial(CalendarKind kind)
{
    return "wehm?"[kind];
}

static void compare_every_day(const CalendarTable *table, const Naive *naive)
{
    assert_int_equal(naive->rows, 769);
    for (int i = 0; i < NAIVE_DAYS; i++) {
        CalendarDay day = calendar_day(table, (Date){naive->first + i});
        if (initial(day.kind) != naive->kind[i])
            fail_msg("%s is %s", date_text(arena, day.date), calendar_kind_name(day.kind));
        assert_int_equal(day.date.day, naive->first + i);
        assert_string_equal(day.name, naive->name[i]);
        assert_int_equal(day.is_worked, naive_is_worked(naive, i));
        assert_int_equal(calendar_is_worked(table, day.date), day.is_worked);
        assert_int_equal(day.hours.count > 0, day.is_worked);
        assert_false(day.is_provisional);
        assert_false(day.is_local);
    }
}

static void test_every_day_of_the_pack(void **state)
{
    (void)state;
    compare_every_day(china(), naive_pack());
}

static void test_every_day_of_the_shared_file(void **state)
{
    (void)state;
    size_t length;
    char *text = read_all(SHARED_CSV, &length);
    if (!text)
        skip_because("no " SHARED_CSV);
    CalendarLayer layer = layer_of("", text);
    compare_every_day(build(&layer, 1, ""), naive_read(text));
    compare_every_day(china(), naive_pack());
}

static void test_announced_years(void **state)
{
    (void)state;
    CalendarTable *table = china();
    for (int year = CALENDAR_FIRST_YEAR - 2; year <= CALENDAR_LAST_YEAR + 2; year++)
        assert_int_equal(calendar_is_announced(table, year), year >= 2004 && year <= 2026);
    assert_int_equal(calendar_last_announced(table), 2026);
    assert_int_equal(calendar_last_announced(build(NULL, 0, NULL)), 0);
}

/* The notice of 2008 names days of December 2007: they announce 2008 only. */
static void test_notice_reaching_back_announces_its_own_year(void **state)
{
    (void)state;
    CalendarLayer layer = layer_of("", "date,type,name\n"
                                       "2007-12-29,makeup,元旦\n"
                                       "2007-12-30,holiday,元旦\n"
                                       "2007-12-31,holiday,元旦\n"
                                       "2008-01-01,holiday,元旦\n");
    CalendarTable *table = build(&layer, 1, "");
    assert_false(calendar_is_announced(table, 2007));
    assert_true(calendar_is_announced(table, 2008));
    assert_string_equal(kind_of(table, "2007-12-30"), "holiday");
    assert_true(calendar_day(table, day_of("2007-12-30")).is_provisional);
}

static void test_days_outside_of_the_range(void **state)
{
    (void)state;
    CalendarTable *table = china();
    const Date days[] = {day_of("1948-12-31"),
                         day_of("2100-01-01"),
                         day_of("0001-01-01"),
                         day_of("9999-12-31"),
                         DATE_NONE,
                         {INT32_MAX}};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        CalendarDay day = calendar_day(table, days[i]);
        assert_true(day.is_provisional);
        assert_int_equal(day.is_worked, date_weekday(days[i]) <= 5);
        assert_int_equal(day.hours.count, day.is_worked ? 2 : 0);
    }
    assert_true(calendar_day(table, day_of("1949-01-01")).is_provisional);
    assert_true(calendar_day(table, day_of("2099-12-31")).is_provisional);
}

/* ---- counting -------------------------------------------------------------------------------- */

static void test_the_promise_of_the_spring_festival(void **state)
{
    (void)state;
    CalendarTable *table = china();
    assert_date(add(table, "2025-01-24", 5), "2025-02-07");
    assert_date(add(table, "2025-01-24", 1), "2025-01-26"); /* a Sunday that is worked */
    assert_date(add(table, "2025-01-25", 0), "2025-01-26");
    assert_date(add(table, "2025-01-26", 0), "2025-01-26");
    assert_date(add(table, "2025-02-05", -1), "2025-01-27");
    assert_date(add(table, "2025-02-05", -3), "2025-01-24");
    assert_int_equal(between(table, "2025-01-24", "2025-02-07"), 5);
    assert_int_equal(between(table, "2025-02-07", "2025-01-24"), -5);
    assert_int_equal(between(table, "2025-02-07", "2025-02-07"), 0);
}

static void test_year_counts(void **state)
{
    (void)state;
    CalendarTable *table = china();
    Naive *naive = naive_pack();
    Error err = ERROR_NONE;
    for (int year = NAIVE_FIRST_YEAR; year <= NAIVE_LAST_YEAR; year++) {
        CalendarCount count;
        int first = date_of(year, 1, 1).day - naive->first;
        int last = date_of(year, 12, 31).day - naive->first;
        int wanted = 0;
        for (int i = first; i <= last; i++)
            wanted += naive_is_worked(naive, i);
        assert_true(calendar_year(table, year, &count, &err));
        assert_int_equal(count.days, wanted);
        assert_true(date_is_none(count.provisional));
    }
}

static void test_between_agrees_with_the_recount(void **state)
{
    (void)state;
    CalendarTable *table = china();
    Naive *naive = naive_pack();
    Error err = ERROR_NONE;
    for (int round = 0; round < 3000; round++) {
        int a = random_below(NAIVE_DAYS);
        int b = round % 2 ? random_below(NAIVE_DAYS) : (a + random_below(60)) % NAIVE_DAYS;
        CalendarCount count;
        assert_true(calendar_between(table, (Date){naive->first + a}, (Date){naive->first + b},
                                     &count, &err));
        assert_int_equal(count.days, naive_between(naive, a, b));
        assert_true(date_is_none(count.provisional));
    }
}

static void test_add_agrees_with_the_recount(void **state)
{
    (void)state;
    CalendarTable *table = china();
    Naive *naive = naive_pack();
    Error err = ERROR_NONE;
    for (int round = 0; round < 6000; round++) {
        int from = random_below(NAIVE_DAYS);
        int n = random_below(81) - 40;
        CalendarCount count;
        int wanted = naive_add(naive, from, n);
        assert_true(calendar_add(table, (Date){naive->first + from}, n, &count, &err));
        if (wanted < 0) {
            assert_false(date_is_none(count.provisional));
            continue;
        }
        assert_int_equal(count.date.day - naive->first, wanted);
        assert_true(date_is_none(count.provisional));
        /* Adding and counting are each other's inverse. */
        if (n > 0)
            assert_int_equal(naive_between(naive, from, wanted), n);
        if (n < 0)
            assert_int_equal(naive_between(naive, wanted - 1, from - 1), -n);
    }
}

/* Every single day of all years: the next working day, and the one before. */
static void test_next_and_previous_of_every_day(void **state)
{
    (void)state;
    CalendarTable *table = china();
    Naive *naive = naive_pack();
    Error err = ERROR_NONE;
    for (int from = 30; from < NAIVE_DAYS - 30; from++)
        for (int n = -1; n <= 1; n++) {
            CalendarCount count;
            assert_true(calendar_add(table, (Date){naive->first + from}, n, &count, &err));
            assert_int_equal(count.date.day - naive->first, naive_add(naive, from, n));
        }
}

static void test_provisional_is_what_was_looked_at(void **state)
{
    (void)state;
    CalendarTable *table = china();
    CalendarCount count;
    Error err = ERROR_NONE;

    assert_true(calendar_add(table, day_of("2026-12-30"), 1, &count, &err));
    assert_date(count.date, "2026-12-31");
    assert_true(date_is_none(count.provisional));

    assert_true(calendar_add(table, day_of("2026-12-31"), 1, &count, &err));
    assert_date(count.date, "2027-01-04");
    assert_date(count.provisional, "2027-01-01");

    /* The day from which one counts is not looked at. */
    assert_true(calendar_add(table, day_of("2003-12-31"), 1, &count, &err));
    assert_date(count.date, "2004-01-02");
    assert_true(date_is_none(count.provisional));
    assert_true(calendar_between(table, day_of("2003-12-31"), day_of("2004-12-31"), &count, &err));
    assert_true(date_is_none(count.provisional));

    assert_true(calendar_add(table, day_of("2003-12-31"), 0, &count, &err));
    assert_date(count.provisional, "2003-12-31");
    assert_true(calendar_add(table, day_of("2004-01-02"), -1, &count, &err));
    assert_date(count.provisional, "2003-12-31");
    assert_true(calendar_between(table, day_of("2003-12-30"), day_of("2027-02-01"), &count, &err));
    assert_date(count.provisional, "2003-12-31");
    assert_true(calendar_year(table, 2027, &count, &err));
    assert_date(count.provisional, "2027-01-01");
}

static void assert_out_of_range(bool is_good, Error *err)
{
    assert_false(is_good);
    assert_string_equal(err->code, "calendar.out_of_range");
    assert_int_equal(err->kind, ERROR_INVALID);
    *err = ERROR_NONE;
}

static void test_counts_beyond_the_range_are_refused(void **state)
{
    (void)state;
    CalendarTable *table = china();
    CalendarCount count = {.days = 77};
    Error err = ERROR_NONE;
    const int64_t counts[] = {30000, -30000, INT64_MAX, INT64_MIN, INT64_MIN + 1};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        assert_out_of_range(calendar_add(table, day_of("2026-01-05"), counts[i], &count, &err),
                            &err);
    const Date outside[] = {day_of("1948-12-30"), day_of("2100-01-01"), DATE_NONE, {INT32_MAX}};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        Date inside = day_of("2026-01-05");
        assert_out_of_range(calendar_add(table, outside[i], 1, &count, &err), &err);
        assert_out_of_range(calendar_add(table, outside[i], 0, &count, &err), &err);
        assert_out_of_range(calendar_between(table, outside[i], inside, &count, &err), &err);
        assert_out_of_range(calendar_between(table, inside, outside[i], &count, &err), &err);
        assert_out_of_range(calendar_between(table, outside[i], outside[i], &count, &err), &err);
    }
    assert_out_of_range(calendar_year(table, 1948, &count, &err), &err);
    assert_out_of_range(calendar_year(table, 2100, &count, &err), &err);
    assert_int_equal(count.days, 77);
    assert_true(calendar_year(table, 1949, &count, &err));
    assert_true(calendar_year(table, 2099, &count, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_every_day_of_the_pack),
        CASE(test_every_day_of_the_shared_file),
        CASE(test_announced_years),
        CASE(test_notice_reaching_back_announces_its_own_year),
        CASE(test_days_outside_of_the_range),
        CASE(test_the_promise_of_the_spring_festival),
        CASE(test_year_counts),
        CASE(test_between_agrees_with_the_recount),
        CASE(test_add_agrees_with_the_recount),
        CASE(test_next_and_previous_of_every_day),
        CASE(test_provisional_is_what_was_looked_at),
        CASE(test_counts_beyond_the_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
