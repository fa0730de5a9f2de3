/*
 * time.c - civil calendar arithmetic (days-from-civil after Hinnant,
 * http://howardhinnant.github.io/ date_algorithms.html), RFC 3339 text, and Clock.
 */
#define _POSIX_C_SOURCE 200809L
#include "base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

Date date_of(int year, int month, int day)
{
    int shifted = year - (month <= 2);
    int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    int year_of_era = shifted - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (Date){era * 146097 + day_of_era - 719468};
}

void date_split(Date date, int *out_year, int *out_month, int *out_day)
{
    int day = date.day + 719468;
    int era = (day >= 0 ? day : day - 146096) / 146097;
    int day_of_era = day - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    *out_day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *out_month = shifted_month + (shifted_month < 10 ? 3 : -9);
    *out_year = year_of_era + era * 400 + (*out_month <= 2);
}

bool date_is_valid(int year, int month, int day)
{
    if (year < -999999 || year > 999999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    int same_year, same_month, same_day;
    date_split(date_of(year, month, day), &same_year, &same_month, &same_day);
    return same_year == year && same_month == month && same_day == day;
}

int date_weekday(Date date)
{
    return ((date.day % 7 + 7) % 7 + 3) % 7 + 1; /* 1970-01-01 was a Thursday */
}

Date date_plus(Date date, int days)
{
    return (Date){date.day + days};
}

int date_compare(Date a, Date b)
{
    return (a.day > b.day) - (a.day < b.day);
}

bool date_is_none(Date date)
{
    return date.day == INT32_MIN;
}

/* Reads exactly `digits` decimal digits. */
static bool read_digits(const char **at, int digits, int *out)
{
    int value = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        value = value * 10 + (**at - '0');
    }
    *out = value;
    return true;
}

static bool read_char(const char **at, char wanted)
{
    return *(*at)++ == wanted;
}

static bool read_date(const char **at, int *year, int *month, int *day)
{
    return read_digits(at, 4, year) && read_char(at, '-') && read_digits(at, 2, month) &&
           read_char(at, '-') && read_digits(at, 2, day) && *year >= 1 &&
           date_is_valid(*year, *month, *day);
}

bool date_parse(const char *text, Date *out)
{
    int year, month, day;
    if (!text || !read_date(&text, &year, &month, &day) || *text)
        return false;
    *out = date_of(year, month, day);
    return true;
}

/* Exactly `digits` decimal digits; printf takes ten times as long. */
static void put_digits(char *text, int digits, int value)
{
    for (int i = digits; i-- > 0; value /= 10)
        text[i] = (char)('0' + value % 10);
}

char *date_text(Arena *arena, Date date)
{
    int year, month, day;
    date_split(date, &year, &month, &day);
    if (year < 0 || year > 9999)
        return arena_printf(arena, "%04d-%02d-%02d", year, month, day);
    char text[] = "0000-00-00";
    put_digits(text, 4, year);
    put_digits(text + 5, 2, month);
    put_digits(text + 8, 2, day);
    return arena_text(arena, text);
}

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

Date instant_date(Instant instant, int offset_minutes)
{
    return (Date){(int32_t)floor_divide(instant + offset_minutes * MINUTE_MS, DAY_MS)};
}

Instant date_start(Date date, int offset_minutes)
{
    return date.day * DAY_MS - offset_minutes * MINUTE_MS;
}

Civil instant_civil(Instant instant, int offset_minutes)
{
    Civil civil = {0};
    Date date = instant_date(instant, offset_minutes);
    date_split(date, &civil.year, &civil.month, &civil.day);
    int64_t rest = instant - date_start(date, offset_minutes);
    civil.hour = (int)(rest / HOUR_MS);
    civil.minute = (int)(rest / MINUTE_MS % 60);
    civil.second = (int)(rest / SECOND_MS % 60);
    civil.millisecond = (int)(rest % 1000);
    return civil;
}

Instant instant_of(Civil civil, int offset_minutes)
{
    return date_start(date_of(civil.year, civil.month, civil.day), offset_minutes) +
           civil.hour * HOUR_MS + civil.minute * MINUTE_MS + civil.second * SECOND_MS +
           civil.millisecond;
}

char *instant_text(Arena *arena, Instant instant)
{
    Civil at = instant_civil(instant, 0);
    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", at.year, at.month, at.day,
                        at.hour, at.minute, at.second, at.millisecond);
}

static bool read_fraction(const char **at, int *out_millisecond)
{
    *out_millisecond = 0;
    if (**at != '.')
        return true;
    (*at)++;
    int digits = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++, digits++)
        if (digits < 3)
            *out_millisecond = *out_millisecond * 10 + (**at - '0');
    for (int i = digits; i < 3; i++)
        *out_millisecond *= 10;
    return digits > 0;
}

static bool read_offset(const char **at, int *out_minutes)
{
    char sign = *(*at)++;
    int hours, minutes;
    *out_minutes = 0;
    if (sign == 'Z')
        return true;
    if ((sign != '+' && sign != '-') || !read_digits(at, 2, &hours) || !read_char(at, ':') ||
        !read_digits(at, 2, &minutes) || hours > 18 || minutes > 59)
        return false;
    *out_minutes = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
    return true;
}

bool instant_parse(const char *text, Instant *out)
{
    Civil at = {0};
    int offset;
    if (!text || !read_date(&text, &at.year, &at.month, &at.day) || !read_char(&text, 'T') ||
        !read_digits(&text, 2, &at.hour) || !read_char(&text, ':') ||
        !read_digits(&text, 2, &at.minute) || !read_char(&text, ':') ||
        !read_digits(&text, 2, &at.second) || !read_fraction(&text, &at.millisecond) ||
        !read_offset(&text, &offset) || *text)
        return false;
    if (at.hour > 23 || at.minute > 59 || at.second > 59)
        return false;
    *out = instant_of(at, offset);
    return true;
}

/* ---- Clock ----------------------------------------------------------------------------------- */

static int64_t read_ns(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

Instant clock_now(const Clock *clock)
{
    return clock->is_set ? clock->set_at : read_ns(CLOCK_REALTIME) / 1000000;
}

void clock_set(Clock *clock, Instant now)
{
    clock->set_at = now;
    clock->is_set = true;
}

int64_t stopwatch_us(void)
{
    return read_ns(CLOCK_MONOTONIC) / 1000;
}
