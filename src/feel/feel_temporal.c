/*
 * feel_temporal.c - the proleptic Gregorian calendar, zones, and arithmetic of temporal values.
 *
 * Arithmetic with days and times goes over the line of time (Moment) and back into the zone that
 * the value had; arithmetic with months stays in the calendar and cuts the day to the month's
 * length.
 */
#include "feel/feel_temporal.h"

#include <string.h>
#include <unicode/ucal.h>

/* ---- calendar -------------------------------------------------------------------------------- */

/* Days from the civil calendar after Howard Hinnant: eras of 400 years that begin in March. */
int64_t civil_to_days(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

bool civil_from_days(int64_t days, FeelValue *out)
{
    if (days < INT64_C(-400000000000) || days > INT64_C(400000000000))
        return false;
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    if (year < -FEEL_YEAR_MAX || year > FEEL_YEAR_MAX)
        return false;
    *out = (FeelValue){.kind = FEEL_DATE,
                       .year = (int32_t)year,
                       .month = (uint8_t)month,
                       .day = (uint8_t)(day_of_year - (153 * shifted + 2) / 5 + 1)};
    return true;
}

static int days_of_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && is_leap ? 29 : days[month - 1];
}

bool civil_is_valid(int64_t year, int64_t month, int64_t day)
{
    return year >= -FEEL_YEAR_MAX && year <= FEEL_YEAR_MAX && month >= 1 && month <= 12 &&
           day >= 1 && day <= days_of_month(year, (int)month);
}

static int64_t day_number(FeelValue value)
{
    return civil_to_days(value.year, value.month, value.day);
}

int civil_weekday(FeelValue date)
{
    int64_t since_monday = (day_number(date) + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

int civil_day_of_year(FeelValue date)
{
    return (int)(day_number(date) - civil_to_days(date.year, 1, 1)) + 1;
}

/* The week that holds the date's Thursday, counted in the year of that Thursday. */
int civil_week_of_year(FeelValue date)
{
    int64_t thursday = day_number(date) - civil_weekday(date) + 4;
    FeelValue that_day = date;
    if (!civil_from_days(thursday, &that_day))
        return 1;
    return (civil_day_of_year(that_day) - 1) / 7 + 1;
}

/* ---- zones ----------------------------------------------------------------------------------- */

enum { ZONE_NAME_MAX = 64 };

/* Zone names are ASCII; anything else is unknown. */
static bool widen(const char *name, UChar *out)
{
    size_t length = strlen(name);
    if (length == 0 || length >= ZONE_NAME_MAX)
        return false;
    for (size_t i = 0; i <= length; i++) {
        if ((unsigned char)name[i] >= 0x80)
            return false;
        out[i] = (UChar)name[i];
    }
    return true;
}

bool zone_is_known(const char *name)
{
    UChar wide[ZONE_NAME_MAX], canonical[ZONE_NAME_MAX * 2];
    UBool is_system = 0;
    UErrorCode status = U_ZERO_ERROR;
    if (!widen(name, wide))
        return false;
    ucal_getCanonicalTimeZoneID(wide, -1, canonical, ZONE_NAME_MAX * 2, &is_system, &status);
    return U_SUCCESS(status) && is_system;
}

/* The offset of a named zone at a moment, which is wall time there when is_local. Years that no
 * rule foresees take the rule of the farthest year that ICU can count. */
static int64_t zone_offset(const char *name, int64_t seconds, bool is_local)
{
    static const int64_t farthest = INT64_C(8000000000000);
    UChar wide[ZONE_NAME_MAX];
    UErrorCode status = U_ZERO_ERROR;
    if (!widen(name, wide))
        return 0;
    UCalendar *calendar = ucal_open(wide, -1, "en", UCAL_GREGORIAN, &status);
    if (U_FAILURE(status))
        return 0;
    seconds = seconds > farthest ? farthest : seconds < -farthest ? -farthest : seconds;
    ucal_setMillis(calendar, (UDate)seconds * 1000, &status);
    int32_t raw = 0, daylight = 0;
    if (is_local) {
        ucal_getTimeZoneOffsetFromLocal(calendar, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, &raw,
                                        &daylight, &status);
    } else {
        raw = ucal_get(calendar, UCAL_ZONE_OFFSET, &status);
        daylight = ucal_get(calendar, UCAL_DST_OFFSET, &status);
    }
    ucal_close(calendar);
    return U_SUCCESS(status) ? (raw + daylight) / 1000 : 0;
}

bool temporal_has_zone(FeelValue value)
{
    return value.kind == FEEL_DATE || value.zone_kind != FEEL_ZONE_NONE;
}

/* Seconds since 1970 of the written day and time, whatever the zone. */
static int64_t wall_seconds(FeelValue value)
{
    int64_t days = value.kind == FEEL_TIME ? 0 : day_number(value);
    int64_t time = value.kind == FEEL_DATE ? 0 : value.as.time.nanosecond / NANOSECONDS_OF_SECOND;
    return days * SECONDS_OF_DAY + time;
}

bool temporal_offset(FeelValue value, int64_t *out_seconds)
{
    *out_seconds = 0;
    if (value.kind == FEEL_DATE || value.zone_kind == FEEL_ZONE_NONE)
        return value.kind == FEEL_DATE;
    *out_seconds = value.zone_kind == FEEL_ZONE_OFFSET
                       ? value.as.time.zone.offset_seconds
                       : zone_offset(value.as.time.zone.name, wall_seconds(value), true);
    return true;
}

/* ---- the line of time ------------------------------------------------------------------------ */

Moment temporal_moment(FeelValue value)
{
    int64_t offset = 0;
    (void)temporal_offset(value, &offset);
    int64_t rest = value.kind == FEEL_DATE ? 0 : value.as.time.nanosecond % NANOSECONDS_OF_SECOND;
    return (Moment){.seconds = wall_seconds(value) - offset, .nanosecond = rest};
}

int moment_order(Moment a, Moment b)
{
    int64_t left = a.nanosecond / 1000000, right = b.nanosecond / 1000000;
    if (a.seconds != b.seconds)
        return a.seconds < b.seconds ? -1 : 1;
    return (left > right) - (left < right);
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    int64_t quotient = a / b;
    return quotient - (a % b < 0);
}

bool temporal_from_moment(Moment moment, FeelValue like, FeelValue *out)
{
    int64_t offset = 0;
    if (like.zone_kind == FEEL_ZONE_OFFSET)
        offset = like.as.time.zone.offset_seconds;
    else if (like.zone_kind == FEEL_ZONE_NAMED)
        offset = zone_offset(like.as.time.zone.name, moment.seconds, false);
    int64_t wall = moment.seconds + offset;
    int64_t days = floor_divide(wall, SECONDS_OF_DAY);
    FeelValue date;
    if (!civil_from_days(days, &date))
        return false;
    *out = like;
    out->kind = FEEL_DATE_TIME;
    out->year = date.year;
    out->month = date.month;
    out->day = date.day;
    out->as.time.nanosecond =
        (wall - days * SECONDS_OF_DAY) * NANOSECONDS_OF_SECOND + moment.nanosecond;
    return true;
}

FeelValue temporal_midnight(FeelValue date)
{
    date.kind = FEEL_DATE_TIME;
    date.zone_kind = FEEL_ZONE_OFFSET;
    date.as.time.nanosecond = 0;
    date.as.time.zone.offset_seconds = 0;
    return date;
}

/* ---- durations ------------------------------------------------------------------------------- */

FeelValue duration_of_span(int64_t seconds, int64_t nanoseconds)
{
    int64_t carry = floor_divide(nanoseconds, NANOSECONDS_OF_SECOND);
    return (FeelValue){.kind = FEEL_DAYS_TIME,
                       .as.span = {.seconds = seconds + carry,
                                   .nanosecond = nanoseconds - carry * NANOSECONDS_OF_SECOND}};
}

Decimal span_to_decimal(FeelValue duration)
{
    Decimal whole = decimal_from_int64(duration.as.span.seconds), fraction;
    if (!decimal_divide(decimal_from_int64(duration.as.span.nanosecond),
                        decimal_from_int64(NANOSECONDS_OF_SECOND), &fraction) ||
        !decimal_add(whole, fraction, &whole))
        return DECIMAL_ZERO;
    return whole;
}

static bool span_from_decimal(Decimal seconds, FeelValue *out)
{
    Decimal whole, fraction;
    int64_t whole_seconds, nanoseconds;
    if (!decimal_round(seconds, 9, DECIMAL_DOWN, &seconds) ||
        !decimal_round(seconds, 0, DECIMAL_FLOOR, &whole) ||
        !decimal_subtract(seconds, whole, &fraction) ||
        !decimal_multiply(fraction, decimal_from_int64(NANOSECONDS_OF_SECOND), &fraction) ||
        !decimal_to_int64(whole, &whole_seconds) || !decimal_to_int64(fraction, &nanoseconds))
        return false;
    *out = duration_of_span(whole_seconds, nanoseconds);
    return true;
}

static Decimal duration_to_decimal(FeelValue duration)
{
    return duration.kind == FEEL_YEARS_MONTHS ? decimal_from_int64(duration.as.months)
                                              : span_to_decimal(duration);
}

/* Months are cut towards zero, spans to the nanosecond. */
static bool duration_from_decimal(Decimal amount, uint8_t kind, FeelValue *out)
{
    if (kind == FEEL_DAYS_TIME)
        return span_from_decimal(amount, out);
    int64_t months;
    if (!decimal_round(amount, 0, DECIMAL_DOWN, &amount) || !decimal_to_int64(amount, &months))
        return false;
    *out = feel_months(months);
    return true;
}

bool duration_multiply(FeelValue duration, Decimal factor, FeelValue *out)
{
    Decimal amount;
    return decimal_multiply(duration_to_decimal(duration), factor, &amount) &&
           duration_from_decimal(amount, duration.kind, out);
}

bool duration_divide(FeelValue duration, Decimal divisor, FeelValue *out)
{
    Decimal amount;
    return decimal_divide(duration_to_decimal(duration), divisor, &amount) &&
           duration_from_decimal(amount, duration.kind, out);
}

bool duration_ratio(FeelValue a, FeelValue b, Decimal *out)
{
    return a.kind == b.kind && decimal_divide(duration_to_decimal(a), duration_to_decimal(b), out);
}

bool duration_negate(FeelValue duration, FeelValue *out)
{
    if (duration.kind == FEEL_YEARS_MONTHS) {
        if (duration.as.months == INT64_MIN)
            return false;
        *out = feel_months(-duration.as.months);
        return true;
    }
    if (duration.as.span.seconds == INT64_MIN)
        return false;
    *out = duration_of_span(-duration.as.span.seconds, -duration.as.span.nanosecond);
    return true;
}

static bool duration_add(FeelValue a, FeelValue b, FeelValue *out)
{
    int64_t sum;
    if (a.kind == FEEL_YEARS_MONTHS) {
        *out = feel_months(0);
        return !__builtin_add_overflow(a.as.months, b.as.months, &out->as.months);
    }
    if (__builtin_add_overflow(a.as.span.seconds, b.as.span.seconds, &sum) || sum == INT64_MAX)
        return false;
    *out = duration_of_span(sum, a.as.span.nanosecond + b.as.span.nanosecond);
    return true;
}

/* ---- points and durations -------------------------------------------------------------------- */

static bool add_months(FeelValue point, int64_t months, FeelValue *out)
{
    if (point.kind == FEEL_TIME || months > INT64_C(24000000000) || months < INT64_C(-24000000000))
        return false;
    int64_t total = (int64_t)point.year * 12 + point.month - 1 + months;
    int64_t year = floor_divide(total, 12);
    int month = (int)(total - year * 12) + 1;
    if (year < -FEEL_YEAR_MAX || year > FEEL_YEAR_MAX)
        return false;
    *out = point;
    int last = days_of_month(year, month);
    out->year = (int32_t)year;
    out->month = (uint8_t)month;
    out->day = (uint8_t)(point.day > last ? last : point.day);
    return true;
}

static bool add_span_to_time(FeelValue time, FeelValue span, FeelValue *out)
{
    int64_t seconds = span.as.span.seconds % SECONDS_OF_DAY;
    int64_t nanosecond =
        time.as.time.nanosecond + seconds * NANOSECONDS_OF_SECOND + span.as.span.nanosecond;
    nanosecond -= floor_divide(nanosecond, NANOSECONDS_OF_DAY) * NANOSECONDS_OF_DAY;
    *out = time;
    out->as.time.nanosecond = nanosecond;
    return true;
}

static bool add_span(FeelValue point, FeelValue span, FeelValue *out)
{
    static const int64_t most = INT64_C(80000000000000000);
    if (point.kind == FEEL_TIME)
        return add_span_to_time(point, span, out);
    if (span.as.span.seconds > most || span.as.span.seconds < -most)
        return false;
    Moment moment = temporal_moment(point);
    FeelValue sum = duration_of_span(moment.seconds + span.as.span.seconds,
                                     moment.nanosecond + span.as.span.nanosecond);
    FeelValue like = point.kind == FEEL_DATE ? temporal_midnight(point) : point;
    moment = (Moment){.seconds = sum.as.span.seconds, .nanosecond = sum.as.span.nanosecond};
    if (!temporal_from_moment(moment, like, out))
        return false;
    if (point.kind == FEEL_DATE)
        *out =
            (FeelValue){.kind = FEEL_DATE, .year = out->year, .month = out->month, .day = out->day};
    return true;
}

static bool is_point(FeelValue value)
{
    return value.kind == FEEL_DATE || value.kind == FEEL_TIME || value.kind == FEEL_DATE_TIME;
}

static bool is_duration(FeelValue value)
{
    return value.kind == FEEL_YEARS_MONTHS || value.kind == FEEL_DAYS_TIME;
}

bool temporal_add(FeelValue a, FeelValue b, FeelValue *out)
{
    if (is_duration(a) && is_duration(b))
        return a.kind == b.kind && duration_add(a, b, out);
    if (is_duration(a) && is_point(b))
        return temporal_add(b, a, out);
    if (!is_point(a) || !is_duration(b))
        return false;
    return b.kind == FEEL_YEARS_MONTHS ? add_months(a, b.as.months, out) : add_span(a, b, out);
}

/* A date stands for its midnight UTC as soon as the other side is a date and time. */
static bool subtract_points(FeelValue a, FeelValue b, FeelValue *out)
{
    if ((a.kind == FEEL_TIME) != (b.kind == FEEL_TIME))
        return false;
    if (temporal_has_zone(a) != temporal_has_zone(b))
        return false;
    Moment left = temporal_moment(a), right = temporal_moment(b);
    *out = duration_of_span(left.seconds - right.seconds, left.nanosecond - right.nanosecond);
    return true;
}

bool temporal_subtract(FeelValue a, FeelValue b, FeelValue *out)
{
    FeelValue negated;
    if (is_point(a) && is_point(b))
        return subtract_points(a, b, out);
    if (!is_duration(b) || !duration_negate(b, &negated) || (!is_point(a) && !is_duration(a)))
        return false;
    return temporal_add(a, negated, out);
}

bool temporal_months_between(FeelValue from, FeelValue to, FeelValue *out)
{
    if (from.kind == FEEL_TIME || to.kind == FEEL_TIME || !is_point(from) || !is_point(to))
        return false;
    int64_t months = ((int64_t)to.year - from.year) * 12 + to.month - from.month;
    int64_t from_time = from.kind == FEEL_DATE ? 0 : from.as.time.nanosecond;
    int64_t to_time = to.kind == FEEL_DATE ? 0 : to.as.time.nanosecond;
    bool is_later_in_month = to.day > from.day || (to.day == from.day && to_time >= from_time);
    bool is_exact = to.day == from.day && to_time == from_time;
    if (months > 0 && !is_later_in_month)
        months--;
    else if (months < 0 && is_later_in_month && !is_exact)
        months++;
    *out = feel_months(months);
    return true;
}
