/*
 * legal_span.c - time that is not counted: what of it is lawful, and what passes its own limit.
 *
 *     UncountedSpan -> clipped at the receipt, closed at now -> cut at its own limit -> joined
 * stops
 */
#include "calendar/calendar_internal.h"

#include <stdlib.h>
#include <string.h>

bool limit_check(Limit limit, const char *field, Error *err)
{
    if (limit.amount < 0 || limit.amount > LIMIT_AMOUNT_MAX)
        return error_set(err, ERROR_INVALID, .code = "limit.bad_amount", .field = field);
    if ((unsigned)limit.unit > LIMIT_MONTHS)
        return error_set(err, ERROR_INVALID, .code = "limit.bad_unit", .field = field);
    return true;
}

Date date_plus_months(Date date, int32_t months)
{
    int year, month, day;
    date_split(date, &year, &month, &day);
    int whole = year * 12 + month - 1 + months;
    year = whole / 12;
    month = whole % 12 + 1;
    while (!date_is_valid(year, month, day))
        day--;
    return date_of(year, month, day);
}

/* The first date that a clock counts at all: a span uses up none of its own limit before it. */
static Date first_counted(const CalendarTable *table, const LegalClockInput *input,
                          Instant starts_at)
{
    bool is_in_hours = input->limit.unit == LIMIT_HOURS || input->limit.unit == LIMIT_WORKING_HOURS;
    Date event = instant_date(starts_at, calendar_zone(table));
    return is_in_hours ? event : date_plus(event, 1);
}

/* The closing that takes the amount-th day out of the count, of days that are worked or of all. */
static Instant days_end(const CalendarTable *table, Instant from, Date first, int32_t amount,
                        bool is_worked)
{
    Instant closing = from;
    Date date = instant_date(from, calendar_zone(table));
    if (date.day < first.day)
        date = first;
    for (; amount > 0 && calendar_covers(table, date); date.day++) {
        if (is_worked && !calendar_is_worked(table, date))
            continue;
        Instant end = calendar_closing(table, date);
        if (end <= from)
            continue;
        closing = end;
        amount--;
    }
    return amount > 0 ? calendar_end(table) : closing;
}

static Instant months_end(const CalendarTable *table, Instant from, int32_t months)
{
    int zone = calendar_zone(table);
    Date date = instant_date(from, zone);
    return date_start(date_plus_months(date, months), zone) + (from - date_start(date, zone));
}

/* Until when a span from `from` is lawful; at most the end of the table. */
static Instant own_limit_end(const CalendarTable *table, Instant from, Date first, Limit limit)
{
    Error ignored = ERROR_NONE;
    Instant end = calendar_end(table);
    switch (limit.unit) {
    case LIMIT_WORKING_DAYS: return days_end(table, from, first, limit.amount, true);
    case LIMIT_CALENDAR_DAYS: return days_end(table, from, first, limit.amount, false);
    case LIMIT_HOURS: return calendar_clamp(table, from + limit.amount * HOUR_MS);
    case LIMIT_MONTHS: return calendar_clamp(table, months_end(table, from, limit.amount));
    case LIMIT_WORKING_HOURS:
        if (!calendar_add_working(table, from, limit.amount * HOUR_MS, &end, &ignored))
            return calendar_end(table);
        return end;
    }
    return end;
}

static Suspension suspend(const CalendarTable *table, const LegalClockInput *input,
                          const UncountedSpan *span, Instant starts_at)
{
    Date first = first_counted(table, input, starts_at);
    bool is_open = span->to == INSTANT_NONE;
    Instant from = calendar_clamp(table, span->from > starts_at ? span->from : starts_at);
    Instant to = calendar_clamp(table, is_open ? input->now : span->to);
    Suspension made = {from, to, to, is_open ? INT64_MAX : to, span->ground ? span->ground : ""};
    if (from <= to && span->has_own_limit) {
        Instant limit_end = own_limit_end(table, from, first, span->own_limit);
        made.lawful_to = limit_end < to ? limit_end : to;
        made.ends_at = limit_end < made.ends_at ? limit_end : made.ends_at;
    }
    return made;
}

static int by_begin(const void *a, const void *b)
{
    const LegalStop *left = a;
    const LegalStop *right = b;
    return (left->from > right->from) - (left->from < right->from);
}

/* Joins the lawful parts where they meet or overlap. */
static void join_stops(Arena *arena, Suspensions *suspensions)
{
    LegalStop *stops = arena_array(arena, LegalStop, suspensions->count);
    size_t count = 0;
    for (size_t i = 0; i < suspensions->count; i++)
        if (suspensions->items[i].lawful_to > suspensions->items[i].from)
            stops[count++] =
                (LegalStop){suspensions->items[i].from, suspensions->items[i].lawful_to};
    qsort(stops, count, sizeof *stops, by_begin);

    size_t joined = 0;
    for (size_t i = 0; i < count; i++) {
        if (joined == 0 || stops[i].from > stops[joined - 1].to)
            stops[joined++] = stops[i];
        else if (stops[i].to > stops[joined - 1].to)
            stops[joined - 1].to = stops[i].to;
    }
    suspensions->stops = stops;
    suspensions->stop_count = joined;
}

static bool check_span(const UncountedSpan *span, Error *err)
{
    bool is_open = span->to == INSTANT_NONE;
    if (span->from == INSTANT_NONE || (!is_open && span->to < span->from))
        return error_set(err, ERROR_INVALID, .code = "limit.bad_span", .field = "spans");
    return !span->has_own_limit || limit_check(span->own_limit, "own_limit", err);
}

bool suspensions_make(const CalendarTable *table, Arena *arena, const LegalClockInput *input,
                      Instant starts_at, Suspensions *out, Error *err)
{
    if (input->span_count > LIMIT_SPANS_MAX)
        return error_set(err, ERROR_TOO_LARGE, .code = "limit.too_many", .field = "spans");
    Suspensions made = {.items = arena_array(arena, Suspension, input->span_count)};
    for (size_t i = 0; i < input->span_count; i++) {
        if (!check_span(&input->spans[i], err))
            return false;
        Suspension one = suspend(table, input, &input->spans[i], starts_at);
        bool begins_now = input->spans[i].to == INSTANT_NONE && one.from == input->now;
        if (one.from < one.to || begins_now)
            made.items[made.count++] = one;
    }
    join_stops(arena, &made);
    *out = made;
    return true;
}

const char *suspensions_lawful(const Suspensions *suspensions, Instant at)
{
    for (size_t i = 0; i < suspensions->count; i++) {
        const Suspension *one = &suspensions->items[i];
        if (one->from < at && at <= one->lawful_to)
            return one->ground;
    }
    return NULL;
}

const char *suspensions_surplus(const Suspensions *suspensions, Instant at)
{
    for (size_t i = 0; i < suspensions->count; i++) {
        const Suspension *one = &suspensions->items[i];
        if (one->lawful_to < at && at <= one->to)
            return one->ground;
    }
    return NULL;
}

bool suspensions_end(const Suspensions *suspensions, Instant now, Instant *out_ends_at)
{
    Instant end = now;
    /* Spans that follow each other without a gap are one stop; each round reaches further. */
    for (bool has_moved = true; has_moved;) {
        has_moved = false;
        for (size_t i = 0; i < suspensions->count; i++) {
            const Suspension *one = &suspensions->items[i];
            if (one->from <= end && one->ends_at > end) {
                end = one->ends_at;
                has_moved = true;
            }
        }
    }
    *out_ends_at = end;
    return end > now;
}
