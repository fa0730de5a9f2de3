/*
 * calendar_test.c - the table against its source, counts against a naive recount, layers, hours,
 * working time, statutory days, and every refusal of the CSV.
 *
 * The recount knows nothing of the engine: it reads the CSV with sscanf into its own array and
 * walks day by day.
 */
#include "calendar/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"

#define PACK_CSV   "packs/calendar/cn-workdays.csv"
#define SHARED_CSV "../shared/data/cn-workdays.csv"

static Arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = arena_create(0);
    return 0;
}

static int drop_arena(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* ---- fixtures -------------------------------------------------------------------------------- */

static char *read_all(const char *path, size_t *out_length)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = arena_alloc(arena, 1 << 20);
    *out_length = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    return text;
}

static CalendarLayer layer_of(const char *division, const char *csv)
{
    Error err = ERROR_NONE;
    CalendarLayer layer;
    if (!calendar_layer_parse(arena, division, csv, strlen(csv), &layer, &err))
        fail_msg("%s at %d:%d", err.code, err.line, err.column);
    return layer;
}

static CalendarTable *build(const CalendarLayer *layers, size_t count, const char *division)
{
    Error err = ERROR_NONE;
    CalendarSpec spec = {layers, count, division, CALENDAR_ZONE_CHINA};
    CalendarTable *table = calendar_build(arena, &spec, &err);
    if (!table)
        fail_msg("%s", err.code);
    return table;
}

static CalendarLayer nation(void)
{
    size_t length;
    char *text = read_all(PACK_CSV, &length);
    assert_non_null(text);
    return layer_of("", text);
}

static CalendarTable *china(void)
{
    CalendarLayer layer = nation();
    return build(&layer, 1, "");
}

static CalendarTable *with_local(const char *csv)
{
    CalendarLayer layers[] = {nation(), layer_of("44/4419", csv)};
    return build(layers, 2, "44/4419/441999");
}

static Date day_of(const char *text)
{
    Date date;
    if (!date_parse(text, &date))
        fail_msg("bad date %s", text);
    return date;
}

/* "2026-03-06 17:30" in China. */
static Instant at(const char *text)
{
    Civil civil = {0};
    assert_int_equal(sscanf(text, "%d-%d-%d %d:%d", &civil.year, &civil.month, &civil.day,
                            &civil.hour, &civil.minute),
                     5);
    return instant_of(civil, CALENDAR_ZONE_CHINA);
}

static void assert_date(Date got, const char *wanted)
{
    assert_string_equal(date_text(arena, got), wanted);
}

static void assert_instant(Instant got, const char *wanted)
{
    Civil civil = instant_civil(got, CALENDAR_ZONE_CHINA);
    const char *text = arena_printf(arena, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month,
                                    civil.day, civil.hour, civil.minute);
    assert_string_equal(text, wanted);
    assert_int_equal(got % MINUTE_MS, 0);
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

/* A fixed-seed generator (xorshift64), so that every run sees the same inputs. */
static uint64_t random_state = 0x9e3779b97f4a7c15;

static int random_below(int bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int)(random_state % (uint64_t)bound);
}

/* ---- the naive recount ----------------------------------------------------------------------- */

enum { NAIVE_FIRST_YEAR = 2004, NAIVE_LAST_YEAR = 2026, NAIVE_DAYS = 8401 };

typedef struct Naive {
    int first;
    char kind[NAIVE_DAYS]; /* w working, e weekend, h holiday, m makeup */
    const char *name[NAIVE_DAYS];
    int rows;
} Naive;

static Naive *naive_read(char *text)
{
    Naive *naive = arena_new(arena, Naive);
    naive->first = day_of("2004-01-01").day;
    for (int i = 0; i < NAIVE_DAYS; i++) {
        /* 2004-01-01 was a Thursday. */
        int weekday = (i + 3) % 7;
        naive->kind[i] = weekday >= 5 ? 'e' : 'w';
        naive->name[i] = "";
    }
    char *save = NULL;
    strtok_r(text, "\n", &save);
    for (char *line = strtok_r(NULL, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char date[11], type[8], name[200];
        assert_int_equal(sscanf(line, "%10[^,],%7[^,],%199[^\r]", date, type, name), 3);
        int i = day_of(date).day - naive->first;
        naive->kind[i] = type[0];
        naive->name[i] = arena_text(arena, name);
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
        skip();
    CalendarLayer layer = layer_of("", arena_text(arena, text));
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

/* ---- CSV ------------------------------------------------------------------------------------- */

static void test_csv_forms(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "date,type,name\n2026-03-10,holiday,a\n",
        "date,type,name\r\n2026-03-10,holiday,a\r\n",
        "\xef\xbb\xbf"
        "date,type,name\n2026-03-10,holiday,a",
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
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_arena, drop_arena)
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
        CASE(test_differing_tables),
        CASE(test_loading_a_year_announces_all_its_days),
        CASE(test_csv_forms),
        CASE(test_csv_refusals),
        CASE(test_csv_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
