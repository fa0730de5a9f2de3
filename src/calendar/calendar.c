/*
 * calendar.c - what a table says of a day, and counts of working days.
 *
 *     calendar_build -> CalendarTable (a byte for each day) -> calendar_day, add, between, year
 *
 * Counting walks the bytes: twenty working days are thirty steps, twenty years some thousand.
 */
#include "calendar/calendar_internal.h"

const char *calendar_kind_name(CalendarKind kind)
{
    static const char *const names[] = {"working", "weekend", "holiday", "makeup", "half"};
    return names[kind];
}

bool calendar_out_of_range(Error *err)
{
    return error_set(err, ERROR_INVALID, .code = "calendar.out_of_range");
}

int calendar_zone(const CalendarTable *table)
{
    return table->zone_offset_minutes;
}

bool calendar_is_announced(const CalendarTable *table, int year)
{
    return year >= CALENDAR_FIRST_YEAR && year <= CALENDAR_LAST_YEAR &&
           table->announced[year - CALENDAR_FIRST_YEAR];
}

int calendar_last_announced(const CalendarTable *table)
{
    for (int year = CALENDAR_LAST_YEAR; year >= CALENDAR_FIRST_YEAR; year--)
        if (calendar_is_announced(table, year))
            return year;
    return 0;
}

/* The byte of a day; outside of the table what a plain week says. */
static unsigned slot_of(const CalendarTable *table, Date date)
{
    if (calendar_covers(table, date))
        return table->slots[date.day - table->first.day];
    return SLOT_PROVISIONAL | (date_weekday(date) > 5 ? CALENDAR_WEEKEND : CALENDAR_WORKING);
}

static bool slot_is_worked(unsigned slot)
{
    unsigned kind = slot & SLOT_KIND;
    return kind != CALENDAR_WEEKEND && kind != CALENDAR_HOLIDAY;
}

bool calendar_is_worked(const CalendarTable *table, Date date)
{
    return slot_is_worked(slot_of(table, date));
}

static const CalendarRule *rule_of(const CalendarTable *table, Date date)
{
    if (!calendar_covers(table, date))
        return NULL;
    uint32_t index = table->rule_of[date.day - table->first.day];
    return index ? &table->rules[index] : NULL;
}

static const CalendarDayHours *weekday_hours(const CalendarTable *table, Date date)
{
    size_t entry = calendar_covers(table, date) ? table->hours_of[date.day - table->first.day] : 0;
    return &table->hours[entry].weekdays[date_weekday(date)];
}

/* Hours of a worked day: its own, else its weekday's, else those of the Monday before. */
static CalendarDayHours hours_of(const CalendarTable *table, Date date, const CalendarRule *rule)
{
    if (rule && rule->hours.count)
        return rule->hours;
    const CalendarDayHours *hours = weekday_hours(table, date);
    if (hours->count == 0)
        hours = weekday_hours(table, date_plus(date, 1 - date_weekday(date)));
    return *hours;
}

CalendarDay calendar_day(const CalendarTable *table, Date date)
{
    unsigned slot = slot_of(table, date);
    const CalendarRule *rule = rule_of(table, date);
    CalendarDay day = {
        .date = date,
        .kind = (CalendarKind)(slot & SLOT_KIND),
        .is_worked = slot_is_worked(slot),
        .is_provisional = (slot & SLOT_PROVISIONAL) != 0,
        .is_local = (slot & SLOT_LOCAL) != 0,
        .name = rule ? rule->name : "",
    };
    if (day.is_worked)
        day.hours = hours_of(table, date, rule);
    return day;
}

/* ---- counting -------------------------------------------------------------------------------- */

/* Looks at one day for a count: whether it is worked, and notes a provisional one. */
static bool look_at(const CalendarTable *table, Date date, CalendarCount *out)
{
    unsigned slot = slot_of(table, date);
    bool is_earlier = date_is_none(out->provisional) || date.day < out->provisional.day;
    if ((slot & SLOT_PROVISIONAL) && is_earlier)
        out->provisional = date;
    return slot_is_worked(slot);
}

bool calendar_add(const CalendarTable *table, Date from, int64_t count, CalendarCount *out,
                  Error *err)
{
    CalendarCount answer = {.provisional = DATE_NONE};
    int step = count < 0 ? -1 : 1;
    Date date = from;
    if (!calendar_covers(table, date) || count > table->day_count || count < -table->day_count)
        return calendar_out_of_range(err);
    if (count == 0 && look_at(table, date, &answer))
        step = 0;

    int64_t left = count == 0 ? step : count * step;
    while (left > 0) {
        date = date_plus(date, step);
        if (!calendar_covers(table, date))
            return calendar_out_of_range(err);
        left -= look_at(table, date, &answer);
    }
    answer.date = date;
    *out = answer;
    return true;
}

bool calendar_between(const CalendarTable *table, Date a, Date b, CalendarCount *out, Error *err)
{
    bool is_backward = date_compare(b, a) < 0;
    Date low = is_backward ? b : a;
    Date high = is_backward ? a : b;
    /* The first day of the table has no day before it, so low may lie one day outside. */
    if (!calendar_covers(table, high) || low.day < table->first.day - 1)
        return calendar_out_of_range(err);

    CalendarCount answer = {.provisional = DATE_NONE};
    for (Date date = date_plus(low, 1); date.day <= high.day; date.day++)
        answer.days += look_at(table, date, &answer);
    if (is_backward)
        answer.days = -answer.days;
    *out = answer;
    return true;
}

bool calendar_year(const CalendarTable *table, int year, CalendarCount *out, Error *err)
{
    if (year < CALENDAR_FIRST_YEAR || year > CALENDAR_LAST_YEAR)
        return calendar_out_of_range(err);
    return calendar_between(table, date_plus(date_of(year, 1, 1), -1), date_of(year, 12, 31), out,
                            err);
}
