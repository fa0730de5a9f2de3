/*
 * statutory.c - the statutory days of a year whose notice is not there yet.
 *
 * Four festivals have solar dates. Qingming is the day on which the sun reaches the longitude of 15
 * degrees; the other three follow the lunisolar calendar (GB/T 33661-2017: a month begins on the
 * day of the new moon, national time; the winter solstice lies in month 11; among thirteen months
 * between two solstices the first without a major solar term is the leap month). So we compute
 * sun and moon:
 *
 *     solstice -> month 11 -> new moons -> leap month -> month 1, 5, 8
 *
 * after J. Meeus, Astronomical Algorithms (2nd ed.), chapter 25 (sun, to 0.01 degree, a quarter of
 * an hour) and chapter 49 (new moons, to some seconds). ICU's Chinese calendar is not used: its
 * new moons are minutes off, which puts the Spring Festival of 2027 and of 2030 on a wrong day.
 */
#include "calendar/calendar_internal.h"

#include <math.h>

#define EPOCH_JULIAN  2440587.5      /* Julian day of 1970-01-01T00:00Z */
#define NATIONAL_DAY  (8.0 / 24)     /* national time is 8 hours ahead of UTC */
#define DYNAMICAL_DAY (72.0 / 86400) /* dynamical time less UT, near enough for 2025 to 2099 */

static double sine_of_degrees(double degrees)
{
    return sin(degrees * (3.14159265358979323846 / 180));
}

/* Apparent longitude of the sun, in degrees, at national midnight at the beginning of a day. */
static double sun_longitude(Date date)
{
    double julian = (double)date.day - NATIONAL_DAY + DYNAMICAL_DAY + EPOCH_JULIAN;
    double t = (julian - 2451545.0) / 36525;
    double mean = 280.46646 + t * (36000.76983 + t * 0.0003032);
    double anomaly = 357.52911 + t * (35999.05029 - t * 0.0001537);
    double center = (1.914602 - t * (0.004817 + t * 0.000014)) * sine_of_degrees(anomaly) +
                    (0.019993 - t * 0.000101) * sine_of_degrees(2 * anomaly) +
                    0.000289 * sine_of_degrees(3 * anomaly);
    double node = 125.04 - 1934.136 * t;
    double apparent = mean + center - 0.00569 - 0.00478 * sine_of_degrees(node);
    return apparent - 360 * floor(apparent / 360);
}

/* The day, from `date` on, during which the sun reaches a longitude (not near 0 degrees). */
static Date sun_reaches(double longitude, Date date)
{
    while (sun_longitude(date_plus(date, 1)) < longitude)
        date = date_plus(date, 1);
    return date;
}

/* A periodic term: coefficient in days times sine of (m M + p M' + f F), times E^e. */
typedef struct MoonTerm {
    double coefficient;
    int m, p, f, e;
} MoonTerm;

static const MoonTerm moon_terms[] = {
    {-0.40720, 0, 1, 0, 0},   {0.17241, 1, 0, 0, 1},   {0.01608, 0, 2, 0, 0},
    {0.01039, 0, 0, 2, 0},    {0.00739, -1, 1, 0, 1},  {-0.00514, 1, 1, 0, 1},
    {0.00208, 2, 0, 0, 2},    {-0.00111, 0, 1, -2, 0}, {-0.00057, 0, 1, 2, 0},
    {0.00056, 1, 2, 0, 1},    {-0.00042, 0, 3, 0, 0},  {0.00042, 1, 0, 2, 1},
    {0.00038, 1, 0, -2, 1},   {-0.00024, -1, 2, 0, 1}, {-0.00007, 2, 1, 0, 0},
    {0.00004, 0, 2, -2, 0},   {0.00004, 3, 0, 0, 0},   {0.00003, 1, 1, -2, 0},
    {0.00003, 0, 2, 2, 0},    {-0.00003, 1, 1, 2, 0},  {0.00003, -1, 1, 2, 0},
    {-0.00002, -1, 1, -2, 0}, {-0.00002, 1, 3, 0, 0},  {0.00002, 0, 4, 0, 0},
};

/* The planets' part: coefficient in days times sine of (at + rate k), in degrees. */
static const double planet_terms[][3] = {
    {0.000325, 299.77, 0.107408},  {0.000165, 251.88, 0.016321}, {0.000164, 251.83, 26.651886},
    {0.000126, 349.42, 36.412478}, {0.000110, 84.66, 18.206239}, {0.000062, 141.74, 53.303771},
    {0.000060, 207.14, 2.453732},  {0.000056, 154.84, 7.306860}, {0.000047, 34.52, 27.261239},
    {0.000042, 207.19, 0.121824},  {0.000040, 291.34, 1.844379}, {0.000037, 161.72, 24.198154},
    {0.000035, 239.56, 25.513099}, {0.000023, 331.55, 3.592518},
};

/* What the terms add to the mean new moon number k. */
static double moon_correction(double k, double t)
{
    double e = 1 - t * (0.002516 + t * 0.0000074);
    double m = 2.5534 + 29.10535670 * k - t * t * (0.0000014 + t * 0.00000011);
    double p = 201.5643 + 385.81693528 * k + t * t * (0.0107582 + t * 0.00001238);
    double f = 160.7108 + 390.67050284 * k - t * t * (0.0016118 + t * 0.00000227);
    double node = 124.7746 - 1.56375588 * k + t * t * 0.0020672;

    double days = -0.00017 * sine_of_degrees(node);
    for (size_t i = 0; i < sizeof moon_terms / sizeof moon_terms[0]; i++) {
        const MoonTerm *term = &moon_terms[i];
        double weight = term->e == 0 ? 1 : term->e == 1 ? e : e * e;
        days +=
            term->coefficient * weight * sine_of_degrees(term->m * m + term->p * p + term->f * f);
    }
    for (size_t i = 0; i < sizeof planet_terms / sizeof planet_terms[0]; i++) {
        const double *term = planet_terms[i];
        days += term[0] * sine_of_degrees(term[1] + term[2] * k);
    }
    return days;
}

/* The day of new moon number k (0: the first of 2000), national time. */
static Date new_moon(int k)
{
    double t = k / 1236.85;
    double mean = 2451550.09766 + 29.530588861 * k + t * t * (0.00015437 - t * 0.000000150);
    double julian = mean + moon_correction(k, t) - DYNAMICAL_DAY + NATIONAL_DAY;
    return (Date){(int32_t)floor(julian - EPOCH_JULIAN)};
}

/* Number of the new moon that begins month 11 of a year: the last one by the winter solstice. */
static int month_eleven(int year)
{
    Date solstice = sun_reaches(270, date_of(year, 12, 19));
    int k = (int)((year + 1 - 2000) * 12.3685) + 1;
    while (new_moon(k).day > solstice.day)
        k--;
    return k;
}

/* Place of the leap month among the months from k on, 0 for a year without one. */
static int leap_place(int k, int next_year)
{
    if (next_year - k < 13)
        return 0;
    for (int place = 1; place < 13; place++) {
        int term = (int)(sun_longitude(new_moon(k + place)) / 30);
        int next_term = (int)(sun_longitude(new_moon(k + place + 1)) / 30);
        if (term == next_term)
            return place;
    }
    return 0;
}

/* The first day of a lunar month (1..10) of the year. */
static Date lunar_month(int year, int month)
{
    int k = month_eleven(year - 1);
    int leap = leap_place(k, month_eleven(year));
    int place = month + 1;
    return new_moon(k + place + (leap > 0 && leap <= place));
}

size_t statutory_days(int year, StatutoryDay out[STATUTORY_DAYS_MAX])
{
    Date spring = lunar_month(year, 1);
    const struct {
        const char *name;
        Date first;
        int days;
    } festivals[] = {
        {"元旦", date_of(year, 1, 1), 1},
        {"春节", date_plus(spring, -1), 4},
        {"清明", sun_reaches(15, date_of(year, 4, 2)), 1},
        {"劳动节", date_of(year, 5, 1), 2},
        {"端午", date_plus(lunar_month(year, 5), 4), 1},
        {"中秋", date_plus(lunar_month(year, 8), 14), 1},
        {"国庆节", date_of(year, 10, 1), 3},
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof festivals / sizeof festivals[0]; i++)
        for (int day = 0; day < festivals[i].days; day++)
            out[count++] = (StatutoryDay){date_plus(festivals[i].first, day), festivals[i].name};
    return count;
}
