/*
 * timer.c - when a timer fires: ISO 8601 dates, durations and repeating intervals.
 *
 *     text or FEEL value -> moment, firings left, interval
 *
 * Dates and durations are FEEL's own (one reader for ISO 8601 in the program); only the form
 * "R3/2026-11-22T08:00:00+08:00/PT10M" is taken apart here. Months are added by the calendar of
 * the place, so "P1M" from 31 January is the end of February there, not in UTC.
 */
#include "bpmn/model_internal.h"

#include <string.h>

#include "base/text.h"

static bool reason(const char **out_reason, const char *text)
{
    *out_reason = text;
    return false;
}

static bool is_duration(FeelValue value)
{
    return value.kind == FEEL_YEARS_MONTHS || value.kind == FEEL_DAYS_TIME;
}

/* A string is read as ISO 8601; other values stay. */
static FeelValue temporal(Arena *arena, FeelValue value)
{
    const char *text = feel_text(value);
    FeelValue read;
    if (text && feel_from_temporal_text(arena, text_trim(arena, text), &read))
        return read;
    return value;
}

static bool plus(Arena *arena, Instant moment, int offset_minutes, FeelValue duration, Instant *out)
{
    FeelValue sum = feel_plus_duration(arena, feel_instant(moment, offset_minutes), duration);
    return feel_to_instant(sum, offset_minutes, out);
}

bool bpmn_timer_plus(Arena *arena, Instant moment, int offset_minutes, const char *interval,
                     Instant *out)
{
    FeelValue duration = temporal(arena, feel_string(interval));
    return is_duration(duration) && plus(arena, moment, offset_minutes, duration, out);
}

static bool read_duration(Arena *arena, FeelValue value, Instant from, int offset_minutes,
                          BpmnTimer *out, const char **out_reason)
{
    FeelValue duration = temporal(arena, value);
    if (!is_duration(duration))
        return reason(out_reason, "is no ISO 8601 duration such as PT2H or P3D");
    if (!plus(arena, from, offset_minutes, duration, &out->due))
        return reason(out_reason, "is beyond what can be counted");
    return true;
}

static bool read_date(Arena *arena, FeelValue value, int offset_minutes, BpmnTimer *out,
                      const char **out_reason)
{
    FeelValue date = temporal(arena, value);
    if (!feel_to_instant(date, offset_minutes, &out->due))
        return reason(out_reason, "is no ISO 8601 date and time such as 2026-11-22T08:00:00+08:00");
    return true;
}

/* "R", "R3": the number of firings, -1 without end. */
static bool read_repeats(const char *text, int64_t *out)
{
    if (*text != 'R')
        return false;
    if (!text[1]) {
        *out = -1;
        return true;
    }
    return text[1] != '-' && text[1] != '+' && text_to_int64(text + 1, out) && *out > 0;
}

static bool read_cycle(Arena *arena, FeelValue value, Instant from, int offset_minutes,
                       BpmnTimer *out, const char **out_reason)
{
    static const char form[] = "is no ISO 8601 repeating interval such as R3/PT1H or R/P1D";
    const char *text = feel_text(value);
    if (!text)
        return reason(out_reason, form);
    const char **parts;
    size_t count = text_split(arena, text_trim(arena, text), '/', &parts);
    int64_t repeats;
    if (count < 2 || count > 3 || !read_repeats(parts[0], &repeats))
        return reason(out_reason, form);

    Instant next;
    out->interval = parts[count - 1];
    if (!bpmn_timer_plus(arena, from, offset_minutes, out->interval, &next))
        return reason(out_reason, form);
    if (next <= from)
        return reason(out_reason, "repeats without time passing");
    out->cycle_left = repeats < 0 ? -1 : repeats - 1;
    out->due = next;
    return count == 2 || read_date(arena, feel_string(parts[1]), offset_minutes, out, out_reason);
}

bool bpmn_timer_read(Arena *arena, BpmnTimerKind kind, FeelValue value, Instant from,
                     int offset_minutes, BpmnTimer *out, const char **out_reason)
{
    *out = (BpmnTimer){.due = INSTANT_NONE};
    if (feel_is_null(value))
        return reason(out_reason, "is null");
    if (kind == BPMN_TIMER_DATE)
        return read_date(arena, value, offset_minutes, out, out_reason);
    if (kind == BPMN_TIMER_CYCLE)
        return read_cycle(arena, value, from, offset_minutes, out, out_reason);
    return read_duration(arena, value, from, offset_minutes, out, out_reason);
}
