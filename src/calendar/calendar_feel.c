/*
 * calendar_feel.c - a calendar table as FEEL's workdays.
 *
 * A day beyond the table is no error here but an answer that FEEL words itself.
 */
#include "calendar/calendar_feel.h"

static bool add(void *data, Date from, int64_t count, Date *out, Date *out_provisional)
{
    CalendarCount answer;
    Error ignored = ERROR_NONE;
    const CalendarTable *table = data;
    if (!calendar_add(table, from, count, &answer, &ignored))
        return false;
    *out = answer.date;
    *out_provisional = answer.provisional;
    return true;
}

static bool between(void *data, Date a, Date b, int64_t *out, Date *out_provisional)
{
    CalendarCount answer;
    Error ignored = ERROR_NONE;
    const CalendarTable *table = data;
    if (!calendar_between(table, a, b, &answer, &ignored))
        return false;
    *out = answer.days;
    *out_provisional = answer.provisional;
    return true;
}

FeelWorkdays calendar_feel_workdays(const CalendarTable *table)
{
    /* the verbs above only read it */
    return (FeelWorkdays){.add = add, .between = between, .data = (void *)(uintptr_t)table};
}

const FeelWorkdays *calendar_feel_of_text(Arena *arena, const char *holidays, size_t length)
{
    Error ignored = ERROR_NONE;
    CalendarLayer layer;
    if (!calendar_layer_parse(arena, "", holidays, length, &layer, &ignored))
        return NULL;
    CalendarSpec spec = {&layer, 1, "", CALENDAR_ZONE_CHINA};
    const CalendarTable *table = calendar_build(arena, &spec, &ignored);
    if (!table)
        return NULL;
    FeelWorkdays *workdays = arena_new(arena, FeelWorkdays);
    *workdays = calendar_feel_workdays(table);
    return workdays;
}
