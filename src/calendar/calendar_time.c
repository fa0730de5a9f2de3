/*
 * calendar_time.c - working time: moments within the hours of worked days, and differing tables.
 *
 * Every verb walks days, and within a day its spans of hours as intervals of instants. Instants
 * are moved into the range of the table first, so the walk is bounded whatever came in.
 */
#include "calendar/calendar_internal.h"

#include <string.h>

#include "base/list.h"

Instant calendar_begin(const CalendarTable *table)
{
    return date_start(table->first, table->zone_offset_minutes);
}

Instant calendar_end(const CalendarTable *table)
{
    return date_start(date_plus(calendar_last(table), 1), table->zone_offset_minutes);
}

Instant calendar_clamp(const CalendarTable *table, Instant at)
{
    Instant begin = calendar_begin(table);
    Instant end = calendar_end(table);
    return at < begin ? begin : at > end ? end : at;
}

static Instant moment(const CalendarTable *table, Date date, int minutes)
{
    return date_start(date, table->zone_offset_minutes) + minutes * MINUTE_MS;
}

Instant calendar_opening(const CalendarTable *table, Date date)
{
    CalendarDay day = calendar_day(table, date);
    return moment(table, date, day.hours.count ? day.hours.spans[0].from : 0);
}

Instant calendar_closing(const CalendarTable *table, Date date)
{
    CalendarDay day = calendar_day(table, date);
    int count = day.hours.count;
    return moment(table, date, count ? day.hours.spans[count - 1].to : 24 * 60);
}

bool calendar_next_moment(const CalendarTable *table, Instant at, Instant *out, Error *err)
{
    if (at < calendar_begin(table) || at >= calendar_end(table))
        return calendar_out_of_range(err);
    Date date = instant_date(at, table->zone_offset_minutes);
    for (; calendar_covers(table, date); date.day++) {
        if (!calendar_is_worked(table, date))
            continue;
        CalendarDay day = calendar_day(table, date);
        for (int i = 0; i < day.hours.count; i++) {
            Instant from = moment(table, date, day.hours.spans[i].from);
            if (at >= moment(table, date, day.hours.spans[i].to))
                continue;
            *out = at > from ? at : from;
            return true;
        }
    }
    return calendar_out_of_range(err);
}

bool calendar_add_working(const CalendarTable *table, Instant from, int64_t working_ms,
                          Instant *out, Error *err)
{
    if (from < calendar_begin(table) || from >= calendar_end(table))
        return calendar_out_of_range(err);
    int64_t left = working_ms;
    Date date = instant_date(from, table->zone_offset_minutes);
    if (left <= 0) {
        *out = from;
        return true;
    }
    for (; calendar_covers(table, date); date.day++) {
        if (!calendar_is_worked(table, date))
            continue;
        CalendarDay day = calendar_day(table, date);
        for (int i = 0; i < day.hours.count; i++) {
            Instant begin = moment(table, date, day.hours.spans[i].from);
            Instant end = moment(table, date, day.hours.spans[i].to);
            begin = from > begin ? from : begin;
            if (begin + left <= end) {
                *out = begin + left;
                return true;
            }
            left -= end > begin ? end - begin : 0;
        }
    }
    return calendar_out_of_range(err);
}

/* Working time of one day within [from, to). */
static int64_t day_working_ms(const CalendarTable *table, Date date, Instant from, Instant to)
{
    CalendarDay day = calendar_day(table, date);
    int64_t sum = 0;
    for (int i = 0; i < day.hours.count; i++) {
        Instant begin = moment(table, date, day.hours.spans[i].from);
        Instant end = moment(table, date, day.hours.spans[i].to);
        begin = from > begin ? from : begin;
        end = to < end ? to : end;
        sum += end > begin ? end - begin : 0;
    }
    return sum;
}

int64_t calendar_working_ms(const CalendarTable *table, Instant from, Instant to)
{
    if (to < from)
        return -calendar_working_ms(table, to, from);
    from = calendar_clamp(table, from);
    to = calendar_clamp(table, to);
    int64_t sum = 0;
    Date last = instant_date(to, table->zone_offset_minutes);
    for (Date date = instant_date(from, table->zone_offset_minutes);
         date.day <= last.day && calendar_covers(table, date); date.day++)
        if (calendar_is_worked(table, date))
            sum += day_working_ms(table, date, from, to);
    return sum;
}

/* The share of one day's hours within [from, to), in thousandths. */
static int64_t day_millidays(const CalendarTable *table, Date date, Instant from, Instant to)
{
    Instant start = moment(table, date, 0);
    int64_t whole = day_working_ms(table, date, start, start + DAY_MS);
    int64_t part = day_working_ms(table, date, from, to);
    return whole ? (part * 1000 + whole / 2) / whole : 0;
}

int64_t calendar_millidays(const CalendarTable *table, Instant from, Instant to)
{
    if (to < from)
        return -calendar_millidays(table, to, from);
    from = calendar_clamp(table, from);
    to = calendar_clamp(table, to);
    Date first = instant_date(from, table->zone_offset_minutes);
    Date last = instant_date(to, table->zone_offset_minutes);
    if (first.day == last.day)
        return calendar_is_worked(table, first) ? day_millidays(table, first, from, to) : 0;

    int64_t sum = 0;
    for (Date date = first; date.day <= last.day && calendar_covers(table, date); date.day++) {
        bool is_end = date.day == first.day || date.day == last.day;
        if (calendar_is_worked(table, date))
            sum += is_end ? day_millidays(table, date, from, to) : 1000;
    }
    return sum;
}

/* ---- differing tables ------------------------------------------------------------------------ */

static bool hours_differ(const CalendarTable *before, const CalendarTable *after, CalendarDay a,
                         CalendarDay b)
{
    if (before->zone_offset_minutes != after->zone_offset_minutes || a.hours.count != b.hours.count)
        return true;
    for (int i = 0; i < a.hours.count; i++)
        if (a.hours.spans[i].from != b.hours.spans[i].from ||
            a.hours.spans[i].to != b.hours.spans[i].to)
            return true;
    return false;
}

static unsigned day_differs(const CalendarTable *before, const CalendarTable *after, Date date)
{
    CalendarDay a = calendar_day(before, date);
    CalendarDay b = calendar_day(after, date);
    unsigned what = 0;
    if (a.kind != b.kind || a.is_local != b.is_local)
        what |= CALENDAR_CHANGED_KIND;
    if (hours_differ(before, after, a, b))
        what |= CALENDAR_CHANGED_HOURS;
    if (a.is_provisional != b.is_provisional)
        what |= CALENDAR_CHANGED_ANNOUNCED;
    if (strcmp(a.name, b.name) != 0)
        what |= CALENDAR_CHANGED_NAME;
    return what;
}

CalendarChanges calendar_differs(const CalendarTable *before, const CalendarTable *after,
                                 Arena *arena, Date from, Date to)
{
    LIST(CalendarChange) changes = {0};
    int32_t first = from.day > before->first.day ? from.day : before->first.day;
    int32_t last = to.day < calendar_last(before).day ? to.day : calendar_last(before).day;
    for (Date date = {first}; date.day <= last; date.day++) {
        unsigned what = day_differs(before, after, date);
        if (what)
            list_add(arena, &changes, (CalendarChange){date, what});
    }
    return (CalendarChanges){changes.items, changes.count};
}
