/*
 * feel_paths.c - members of contexts, and properties of temporal values and ranges (table 65).
 */
#include "feel/feel_eval.h"

#include <string.h>
#include "feel/feel_temporal.h"
#include "feel/feel_value.h"

/* ---- properties ------------------------------------------------------------------------------ */

typedef struct Property {
    const char *name;
    int kinds; /* as FEEL_TAKES */
    FeelValue (*read)(FeelValue value);
} Property;

static int64_t second_of_day(FeelValue value)
{
    return value.as.time.nanosecond / NANOSECONDS_OF_SECOND;
}

static uint64_t span_size(FeelValue value)
{
    int64_t seconds = value.as.span.seconds;
    if (seconds >= 0)
        return (uint64_t)seconds;
    return (uint64_t) - (seconds + 1) + (value.as.span.nanosecond ? 0 : 1);
}

/* The parts of a negative duration are negative. */
static FeelValue span_part(FeelValue value, uint64_t part)
{
    return feel_int(value.as.span.seconds < 0 ? -(int64_t)part : (int64_t)part);
}

static FeelValue read_year(FeelValue value)
{
    return feel_int(value.year);
}

static FeelValue read_month(FeelValue value)
{
    return feel_int(value.month);
}

static FeelValue read_day(FeelValue value)
{
    return feel_int(value.day);
}

static FeelValue read_weekday(FeelValue value)
{
    return feel_int(civil_weekday(value));
}

static FeelValue read_hour(FeelValue value)
{
    return feel_int(second_of_day(value) / 3600);
}

static FeelValue read_minute(FeelValue value)
{
    return feel_int(second_of_day(value) / 60 % 60);
}

/* Whole seconds and nanoseconds as one number: the standard has a decimal here (table 66). */
static FeelValue with_fraction(int64_t seconds, int64_t nanosecond)
{
    if (nanosecond == 0)
        return feel_int(seconds);
    return feel_number(span_to_decimal(duration_of_span(seconds, nanosecond)));
}

static FeelValue read_second(FeelValue value)
{
    return with_fraction(second_of_day(value) % 60,
                         value.as.time.nanosecond % NANOSECONDS_OF_SECOND);
}

static FeelValue read_offset(FeelValue value)
{
    int64_t offset;
    return temporal_offset(value, &offset) ? duration_of_span(offset, 0) : feel_null();
}

static FeelValue read_zone(FeelValue value)
{
    return value.zone_kind == FEEL_ZONE_NAMED ? feel_string(value.as.time.zone.name) : feel_null();
}

static FeelValue read_years(FeelValue value)
{
    return feel_int(value.as.months / 12);
}

static FeelValue read_months(FeelValue value)
{
    return feel_int(value.as.months % 12);
}

static FeelValue read_days(FeelValue value)
{
    return span_part(value, span_size(value) / 86400);
}

static FeelValue read_hours(FeelValue value)
{
    return span_part(value, span_size(value) / 3600 % 24);
}

static FeelValue read_minutes(FeelValue value)
{
    return span_part(value, span_size(value) / 60 % 60);
}

static FeelValue read_seconds(FeelValue value)
{
    int64_t whole = (int64_t)(span_size(value) % 60), nanosecond = value.as.span.nanosecond;
    if (value.as.span.seconds >= 0 || nanosecond == 0)
        return with_fraction(value.as.span.seconds < 0 ? -whole : whole, nanosecond);
    return with_fraction(-whole, nanosecond - NANOSECONDS_OF_SECOND);
}

static FeelValue read_start(FeelValue value)
{
    return value.as.range->low;
}

static FeelValue read_end(FeelValue value)
{
    return value.as.range->high;
}

static FeelValue read_start_included(FeelValue value)
{
    return feel_boolean(value.as.range->is_low_included);
}

static FeelValue read_end_included(FeelValue value)
{
    return feel_boolean(value.as.range->is_high_included);
}

enum {
    OF_DAY = FEEL_TAKES(FEEL_DATE) | FEEL_TAKES(FEEL_DATE_TIME),
    OF_TIME = FEEL_TAKES(FEEL_TIME) | FEEL_TAKES(FEEL_DATE_TIME),
    OF_MONTHS = FEEL_TAKES(FEEL_YEARS_MONTHS),
    OF_SPAN = FEEL_TAKES(FEEL_DAYS_TIME),
    OF_RANGE = FEEL_TAKES(FEEL_RANGE),
};

static const Property PROPERTIES[] = {
    {"year", OF_DAY, read_year},
    {"month", OF_DAY, read_month},
    {"day", OF_DAY, read_day},
    {"weekday", OF_DAY, read_weekday},
    {"hour", OF_TIME, read_hour},
    {"minute", OF_TIME, read_minute},
    {"second", OF_TIME, read_second},
    {"time offset", OF_TIME, read_offset},
    {"timezone", OF_TIME, read_zone},
    {"years", OF_MONTHS, read_years},
    {"months", OF_MONTHS, read_months},
    {"days", OF_SPAN, read_days},
    {"hours", OF_SPAN, read_hours},
    {"minutes", OF_SPAN, read_minutes},
    {"seconds", OF_SPAN, read_seconds},
    {"start", OF_RANGE, read_start},
    {"end", OF_RANGE, read_end},
    {"start included", OF_RANGE, read_start_included},
    {"end included", OF_RANGE, read_end_included},
};

/* ---- paths ----------------------------------------------------------------------------------- */

static FeelValue read_member(const Env *env, const FeelNode *node, FeelValue value)
{
    const FeelSymbol *symbol = node->as.symbol;
    const FeelValue *member = feel_member_hashed(value, symbol->text, symbol->hash);
    if (member)
        return *member;
    for (size_t i = 0; i < sizeof PROPERTIES / sizeof *PROPERTIES; i++)
        if ((PROPERTIES[i].kinds & FEEL_TAKES(value.kind)) &&
            strcmp(PROPERTIES[i].name, symbol->text) == 0)
            return PROPERTIES[i].read(value);
    if (value.kind == FEEL_NULL)
        return eval_fail(env, node, "feel.unknown_member", "\".%s\" of null is null.",
                         symbol->text);
    return eval_fail(env, node, "feel.unknown_member", "The %s has no \"%s\".",
                     feel_kind_name(value), symbol->text);
}

/* A path over a list takes the member of every item. */
FeelValue eval_path(const Env *env, const FeelNode *node)
{
    FeelValue value;
    if (node->symbols && !eval_lookup(env, node->left->as.symbol, &value))
        return function_of_builtin(env, node->symbols[0]);
    value = eval(env, node->left);
    if (value.kind != FEEL_LIST)
        return read_member(env, node, value);
    const FeelList *list = value.as.list;
    if (!machine_spend(env, node, list->count, list->count * sizeof(FeelValue)))
        return feel_null();
    FeelValue *items = arena_array(env->machine->arena, FeelValue, list->count);
    for (size_t i = 0; i < list->count; i++)
        items[i] = read_member(env, node, list->items[i]);
    return list_over(env->machine->arena, items, list->count);
}
