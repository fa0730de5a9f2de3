#ifndef CALENDAR_CALENDAR_INTERNAL_H
#define CALENDAR_CALENDAR_INTERNAL_H

/* What the files of the calendar share; nobody outside includes this. */
#include "calendar/calendar.h"

/* One byte for each day: the kind in the low bits, then flags. */
enum { SLOT_KIND = 0x07, SLOT_PROVISIONAL = 0x08, SLOT_LOCAL = 0x10 };

struct CalendarTable {
    int zone_offset_minutes;
    Date first;
    int32_t day_count;
    uint8_t *slots;
    uint32_t *rule_of; /* index into rules; 0: none */
    uint8_t *hours_of; /* index into hours; 0: the default */
    CalendarRule *rules;
    CalendarHours *hours;
    bool announced[CALENDAR_LAST_YEAR - CALENDAR_FIRST_YEAR + 1];
};

static inline bool calendar_covers(const CalendarTable *table, Date date)
{
    return date.day >= table->first.day && date.day < table->first.day + table->day_count;
}

static inline Date calendar_last(const CalendarTable *table)
{
    return (Date){table->first.day + table->day_count - 1};
}

/* First instant of the table, and the first after it. */
Instant calendar_begin(const CalendarTable *table);
Instant calendar_end(const CalendarTable *table);

/* An instant moved into [calendar_begin, calendar_end]. */
Instant calendar_clamp(const CalendarTable *table, Instant at);

/* Fills err with calendar.out_of_range and returns false. */
bool calendar_out_of_range(Error *err);

/* Whether hours are one to four spans, ascending, apart, within the day. */
bool calendar_hours_valid(const CalendarDayHours *hours);

/* Statutory days of a year under the 2024 revision, national time, ascending but for festivals
 * that move; returns how many were written. */
enum { STATUTORY_DAYS_MAX = 13 };
typedef struct StatutoryDay {
    Date date;
    const char *name;
} StatutoryDay;
size_t statutory_days(int year, StatutoryDay out[STATUTORY_DAYS_MAX]);

/* ---- uncounted time -------------------------------------------------------------------------- */

/* A span as it works: lawful in (from, lawful_to], counted again in (lawful_to, to]. */
typedef struct Suspension {
    Instant from;
    Instant lawful_to;
    Instant to;
    Instant ends_at; /* when the lawful part ends if nobody ends it; INT64_MAX: never */
    const char *ground;
} Suspension;

typedef struct Suspensions {
    Suspension *items; /* as listed; those that take nothing out are left out */
    size_t count;
    LegalStop *stops; /* the lawful parts, ascending, apart */
    size_t stop_count;
} Suspensions;

/* The input's spans from starts_at on, cut at their own limits. False: as legal_clock_derive. */
bool suspensions_make(const CalendarTable *table, Arena *arena, const LegalClockInput *input,
                      Instant starts_at, Suspensions *out, Error *err);

/* The ground on which a moment is taken out, or NULL. */
const char *suspensions_lawful(const Suspensions *suspensions, Instant at);

/* The ground whose own limit a moment passes, or NULL. */
const char *suspensions_surplus(const Suspensions *suspensions, Instant at);

/* When the lawful stop that holds `now` ends by itself. False: no stop holds now. */
bool suspensions_end(const Suspensions *suspensions, Instant now, Instant *out_ends_at);

/* Fills err with a limit error for a bad amount or unit; `field` names the input. */
bool limit_check(Limit limit, const char *field, Error *err);

/* The corresponding day so many months later, or the last of that month. */
Date date_plus_months(Date date, int32_t months);

#endif
