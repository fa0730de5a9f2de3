#ifndef FEEL_FEEL_TEMPORAL_H
#define FEEL_FEEL_TEMPORAL_H

/*
 * Dates, times and durations (10.3.2.3): their ISO 8601 text, the line of time, and arithmetic.
 * Private to the engine. Named zones are looked up in ICU, here alone.
 *
 * A Moment is a place on the line of time in seconds since 1970-01-01T00:00:00Z. What has no zone
 * is put there as if it were UTC and may only be compared with others that have none.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/decimal.h"
#include "base/text.h"
#include "feel/feel.h"

enum { FEEL_YEAR_MAX = 999999999 };
#define NANOSECONDS_OF_SECOND INT64_C(1000000000)
#define SECONDS_OF_DAY        INT64_C(86400)
#define NANOSECONDS_OF_DAY    (SECONDS_OF_DAY * NANOSECONDS_OF_SECOND)

typedef struct Moment {
    int64_t seconds;
    int64_t nanosecond; /* 0..999999999 */
} Moment;

/* ---- text ------------------------------------------------------------------------------------ */

/* Each reads the whole text as exactly one value of its kind, or returns false. Zone names are
 * copied into the arena. A time of 24:00:00 is midnight of the day behind. */
bool temporal_read_date(const char *text, size_t length, FeelValue *out);
bool temporal_read_time(Arena *arena, const char *text, size_t length, FeelValue *out);
bool temporal_read_date_time(Arena *arena, const char *text, size_t length, FeelValue *out);
bool temporal_read_duration(const char *text, size_t length, FeelValue *out);
bool temporal_read_any(Arena *arena, const char *text, size_t length, FeelValue *out);

/* The ISO 8601 text of a temporal value. */
void temporal_write(Buffer *buffer, FeelValue value);

/* ---- calendar -------------------------------------------------------------------------------- */

int64_t civil_to_days(int64_t year, int month, int day); /* since 1970-01-01 */
bool civil_is_valid(int64_t year, int64_t month, int64_t day);
/* A date of a day number; false beyond FEEL_YEAR_MAX. */
bool civil_from_days(int64_t days, FeelValue *out_date);
int civil_weekday(FeelValue date); /* ISO: 1 Monday .. 7 Sunday */
int civil_day_of_year(FeelValue date);
int civil_week_of_year(FeelValue date); /* ISO 8601 */

/* ---- the line of time ------------------------------------------------------------------------ */

/* True when the name is one of the IANA zone names. */
bool zone_is_known(const char *name);

/* Seconds east of UTC of a time or date and time; false when it has no zone. */
bool temporal_offset(FeelValue value, int64_t *out_seconds);
bool temporal_has_zone(FeelValue value);

/* Of a date, time (on 1970-01-01) or date and time. */
Moment temporal_moment(FeelValue value);
/* -1, 0, 1 with the standard's precision of a millisecond. */
int moment_order(Moment a, Moment b);
/* A date and time of the same zone as `like` at a moment; false beyond FEEL_YEAR_MAX. */
bool temporal_from_moment(Moment moment, FeelValue like, FeelValue *out);

/* The same day and time at midnight UTC, for the standard's conversion of date to date and time. */
FeelValue temporal_midnight(FeelValue date);

/* ---- arithmetic: false when the kinds do not fit or the result is out of range -----------------
 */

bool temporal_add(FeelValue a, FeelValue b, FeelValue *out);
bool temporal_subtract(FeelValue a, FeelValue b, FeelValue *out);
bool duration_multiply(FeelValue duration, Decimal factor, FeelValue *out);
bool duration_divide(FeelValue duration, Decimal divisor, FeelValue *out);
/* duration / duration of the same kind. */
bool duration_ratio(FeelValue a, FeelValue b, Decimal *out);
bool duration_negate(FeelValue duration, FeelValue *out);
FeelValue duration_of_span(int64_t seconds, int64_t nanoseconds); /* any sign; normalised */
/* A days and time duration in seconds. */
Decimal span_to_decimal(FeelValue duration);

/* Whole calendar months from a to b, towards zero; days of the month and times count. */
bool temporal_months_between(FeelValue from, FeelValue to, FeelValue *out);

#endif
