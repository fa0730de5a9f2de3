/*
 * calendar_hours.c - hours of a day as text: "09:00-12:00 13:30-17:30".
 */
#include "calendar/calendar_internal.h"

#include "base/text.h"

bool calendar_hours_valid(const CalendarDayHours *hours)
{
    if (hours->count < 1 || hours->count > CALENDAR_SPANS_MAX)
        return false;
    for (int i = 0, free_from = 0; i < hours->count; i++) {
        CalendarSpan span = hours->spans[i];
        if (span.from < free_from || span.to <= span.from || span.to > 24 * 60)
            return false;
        free_from = span.to;
    }
    return true;
}

/* Reads "HH:MM" up to 24:00. */
static bool read_minute(const char **at, int16_t *out)
{
    int digits[5];
    for (int i = 0; i < 5; i++) {
        char c = (*at)[i];
        if (i == 2 ? c != ':' : c < '0' || c > '9')
            return false;
        digits[i] = c - '0';
    }
    int hour = digits[0] * 10 + digits[1];
    int minute = digits[3] * 10 + digits[4];
    if (minute > 59 || hour * 60 + minute > 24 * 60)
        return false;
    *out = (int16_t)(hour * 60 + minute);
    *at += 5;
    return true;
}

static bool read_span(const char **at, CalendarSpan *out)
{
    if (!read_minute(at, &out->from) || **at != '-')
        return false;
    (*at)++;
    return read_minute(at, &out->to);
}

bool calendar_hours_parse(const char *text, CalendarDayHours *out_hours, Error *err)
{
    CalendarDayHours hours = {0};
    const char *at = text;
    bool is_good = true;
    while (is_good && hours.count < CALENDAR_SPANS_MAX) {
        is_good = read_span(&at, &hours.spans[hours.count]);
        hours.count++;
        if (*at != ' ')
            break;
        at++;
    }
    if (!is_good || *at != '\0' || !calendar_hours_valid(&hours))
        return error_set(err, ERROR_INVALID, .code = "calendar.bad_hours", .field = "hours",
                         .column = (int)(at - text) + 1);
    *out_hours = hours;
    return true;
}

char *calendar_hours_text(Arena *arena, const CalendarDayHours *hours)
{
    Buffer buffer = buffer_init(arena, 0);
    for (int i = 0; i < hours->count; i++) {
        CalendarSpan span = hours->spans[i];
        buffer_printf(&buffer, "%s%02d:%02d-%02d:%02d", i ? " " : "", span.from / 60,
                      span.from % 60, span.to / 60, span.to % 60);
    }
    return arena_text(arena, buffer_text(&buffer));
}

CalendarHours calendar_hours_uniform(const CalendarDayHours *hours)
{
    CalendarHours week = {.from = DATE_NONE, .to = DATE_NONE};
    for (int weekday = 1; weekday <= 5; weekday++)
        week.weekdays[weekday] = *hours;
    return week;
}
