/* feel_builtins_temporal.c - the clock of the scope, calendar questions, and is() (10.3.4.7, .8,
 * .12). */
#include "feel/feel_builtins.h"

#include <string.h>
#include "feel/feel_temporal.h"
#include "feel/feel_value.h"

static bool is_clock_set(const FeelScope *scope)
{
    return scope && scope->now != 0 && scope->now != INSTANT_NONE;
}

static FeelValue moment_now(FeelCall *call)
{
    const FeelScope *scope = feel_call_scope(call);
    FeelValue value;
    if (!is_clock_set(scope))
        return feel_fail(call, "feel.no_clock", "there is no clock here");
    value = feel_instant(scope->now, scope->offset_minutes);
    if (!scope->zone || !zone_is_known(scope->zone) || value.kind != FEEL_DATE_TIME)
        return value;
    FeelValue like = {
        .kind = FEEL_DATE_TIME, .zone_kind = FEEL_ZONE_NAMED, .as.time.zone.name = scope->zone};
    (void)temporal_from_moment(temporal_moment(value), like, &value);
    return value;
}

static FeelValue moment_today(FeelCall *call)
{
    FeelValue now = moment_now(call);
    if (now.kind == FEEL_NULL)
        return now;
    return (FeelValue){.kind = FEEL_DATE, .year = now.year, .month = now.month, .day = now.day};
}

static FeelValue day_of_week(FeelCall *call)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    return feel_string(names[civil_weekday(feel_argument(call, 0)) - 1]);
}

static FeelValue day_of_year(FeelCall *call)
{
    return feel_int(civil_day_of_year(feel_argument(call, 0)));
}

static FeelValue week_of_year(FeelCall *call)
{
    return feel_int(civil_week_of_year(feel_argument(call, 0)));
}

static FeelValue month_of_year(FeelCall *call)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    return feel_string(names[feel_argument(call, 0).month - 1]);
}

/* ---- is -------------------------------------------------------------------------------------- */

static bool is_same_zone(FeelValue a, FeelValue b)
{
    if (a.zone_kind != b.zone_kind)
        return false;
    if (a.zone_kind == FEEL_ZONE_NAMED)
        return strcmp(a.as.time.zone.name, b.as.time.zone.name) == 0;
    return a.zone_kind == FEEL_ZONE_NONE ||
           a.as.time.zone.offset_seconds == b.as.time.zone.offset_seconds;
}

/* The same element of the domain: unlike "=", 08:00Z is not 16:00+08:00, and kinds may differ. */
static FeelValue value_is(FeelCall *call)
{
    FeelValue a = feel_argument(call, 0), b = feel_argument(call, 1);
    if (a.kind != b.kind)
        return FEEL_FALSE;
    if (a.kind != FEEL_TIME && a.kind != FEEL_DATE_TIME)
        return feel_boolean(feel_equal(a, b) == FEEL_YES);
    bool is_same_day =
        a.kind == FEEL_TIME || (a.year == b.year && a.month == b.month && a.day == b.day);
    return feel_boolean(is_same_day && a.as.time.nanosecond == b.as.time.nanosecond &&
                        is_same_zone(a, b));
}

/* size: table */
static const FeelNative ROWS[] = {
    {"day of week",
     {{"date", TAKES_DAY}},
     day_of_week,
     "The English name of the day of the week.",
     {"day of week(@\"2019-09-17\") = \"Tuesday\""}},
    {"day of year",
     {{"date", TAKES_DAY}},
     day_of_year,
     "The number of the day in its year.",
     {"day of year(@\"2019-09-17\") = 260"}},
    {"is",
     {{"value1", FEEL_TAKES_ANY}, {"value2", FEEL_TAKES_ANY}},
     value_is,
     "Whether two values are the same element, zone included.",
     {"is(@\"23:00:50Z\", @\"23:00:50\") = false", "is(@\"2012-12-25\", @\"23:00:50\") = false"}},
    {"month of year",
     {{"date", TAKES_DAY}},
     month_of_year,
     "The English name of the month.",
     {"month of year(@\"2019-09-17\") = \"September\""}},
    {"now",
     {{0}},
     moment_now,
     "The current date and time of the scope.",
     {"now() instance of date and time = true"}},
    {"today",
     {{0}},
     moment_today,
     "The current date of the scope.",
     {"today() instance of date = true"}},
    {"week of year",
     {{"date", TAKES_DAY}},
     week_of_year,
     "The number of the week in its year, after ISO 8601.",
     {"week of year(@\"2019-09-17\") = 38", "week of year(@\"2010-01-01\") = 53"}},
};

const FeelFamily FEEL_TEMPORAL_FUNCTIONS = FEEL_FAMILY(ROWS);
