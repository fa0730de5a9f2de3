#ifndef BASE_TIME_H
#define BASE_TIME_H

/*
 * Time: instants, civil dates, and the one clock.
 *
 * An Instant is milliseconds since 1970-01-01T00:00:00Z. A Date is a day of the proleptic Gregorian
 * calendar, without place or time: birthdays, legal dates, holidays. Nobody asks the operating
 * system for the time but a Clock; tests and scenarios set theirs.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

typedef int64_t Instant;

/* Days since 1970-01-01; a struct so that it cannot be mixed with numbers. */
typedef struct Date {
    int32_t day;
} Date;

#define DATE_NONE    ((Date){INT32_MIN})
#define INSTANT_NONE INT64_MIN
#define SECOND_MS    INT64_C(1000)
#define MINUTE_MS    (60 * SECOND_MS)
#define HOUR_MS      (60 * MINUTE_MS)
#define DAY_MS       (24 * HOUR_MS)

typedef struct Civil {
    int year, month, day; /* month 1..12, day 1..31 */
    int hour, minute, second, millisecond;
} Civil;

Date date_of(int year, int month, int day); /* no check: use date_is_valid first */
bool date_is_valid(int year, int month, int day);
void date_split(Date date, int *out_year, int *out_month, int *out_day);
int date_weekday(Date date); /* ISO 8601: 1 Monday .. 7 Sunday */
Date date_plus(Date date, int days);
int date_compare(Date a, Date b);
bool date_is_none(Date date);

/* "2026-11-22" exactly; years 0001..9999. False leaves *out alone. */
bool date_parse(const char *text, Date *out);
char *date_text(Arena *arena, Date date); /* ISO 8601 */

/* An instant in a place whose offset from UTC is given in minutes (China: 480), and back. */
Civil instant_civil(Instant instant, int offset_minutes);
Instant instant_of(Civil civil, int offset_minutes);
Date instant_date(Instant instant, int offset_minutes);
Instant date_start(Date date, int offset_minutes); /* midnight there */

/* RFC 3339 in UTC with milliseconds, "2026-11-22T08:30:00.000Z". */
char *instant_text(Arena *arena, Instant instant);
bool instant_parse(const char *text, Instant *out);

/* ---- Clock ----------------------------------------------------------------------------------- */

/* The system clock when `set` is false; else stands still at set_at until told otherwise.
 * clock_set and clock_now may be called from different threads. */
typedef struct Clock {
    bool is_set;
    _Atomic int64_t set_at;
} Clock;

Instant clock_now(const Clock *clock);
void clock_set(Clock *clock, Instant now);

/* A monotonic reading in microseconds, for measuring durations only. */
int64_t stopwatch_us(void);

#endif
