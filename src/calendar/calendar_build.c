/*
 * calendar_build.c - from layers to the immutable table of one division.
 *
 *     plain weeks -> statutory days of years without a notice -> rules, nation first, nearest last
 *     hours: the default -> entries, nation first, nearest last
 *
 * Everything is laid over what was there, so "the nearest layer wins" is the order of writing.
 */
#include "calendar/calendar_internal.h"

#include <string.h>

#include "base/text.h"

enum {
    DIVISION_MAX = 200,
    STATUTORY_FROM_YEAR = 2025, /* the 2024 revision is in force from 2025-01-01 */
    ZONE_MIN = -14 * 60,
    ZONE_MAX = 14 * 60,
};

/* "" or segments of letters, digits, '-' and '_' with single slashes between. */
static bool path_is_valid(const char *path)
{
    size_t length = strlen(path);
    if (length > DIVISION_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = path[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_inner = c == '/' && i > 0 && i + 1 < length && path[i - 1] != '/';
        if (!is_plain && !is_inner && c != '-' && c != '_')
            return false;
    }
    return true;
}

/* Whether a layer's division is the division itself or lies above it. */
static bool path_applies(const char *layer, const char *division)
{
    size_t length = strlen(layer);
    if (length == 0)
        return true;
    return strncmp(layer, division, length) == 0 &&
           (division[length] == '\0' || division[length] == '/');
}

static bool season_is_valid(const CalendarHours *hours)
{
    if (hours->season_from == 0 && hours->season_to == 0)
        return true;
    int ends[] = {hours->season_from, hours->season_to};
    for (int i = 0; i < 2; i++)
        if (!date_is_valid(2024, ends[i] / 100, ends[i] % 100))
            return false;
    return true;
}

static bool check_hours(const CalendarHours *hours, Error *err)
{
    if (!season_is_valid(hours))
        return error_set(err, ERROR_INVALID, .code = "calendar.bad_season", .field = "season");
    for (int weekday = 1; weekday <= 7; weekday++) {
        const CalendarDayHours *day = &hours->weekdays[weekday];
        if (day->count != 0 && !calendar_hours_valid(day))
            return error_set(err, ERROR_INVALID, .code = "calendar.bad_hours", .field = "hours");
    }
    return true;
}

static bool check_rule(const CalendarTable *table, const CalendarRule *rule, Error *err)
{
    if (!calendar_covers(table, rule->date))
        return calendar_out_of_range(err);
    if ((unsigned)rule->kind > CALENDAR_HALF || rule->kind == CALENDAR_WEEKEND)
        return error_set(err, ERROR_INVALID, .code = "calendar.bad_type", .field = "type");
    bool has_hours = rule->hours.count != 0;
    bool needs_hours = rule->kind == CALENDAR_HALF;
    if ((needs_hours && !has_hours) || (has_hours && !calendar_hours_valid(&rule->hours)))
        return error_set(err, ERROR_INVALID, .code = "calendar.bad_hours", .field = "hours");
    return true;
}

static bool check_layer(const CalendarTable *table, const CalendarLayer *layer, Error *err)
{
    if (!layer->division || !path_is_valid(layer->division))
        return error_set(err, ERROR_INVALID, .code = "calendar.bad_path", .field = "division");
    for (size_t i = 0; i < layer->rule_count; i++)
        if (!check_rule(table, &layer->rules[i], err))
            return false;
    for (size_t i = 0; i < layer->hours_count; i++)
        if (!check_hours(&layer->hours[i], err))
            return false;
    return true;
}

/* The layers that apply, farthest first; a longer path that applies is always a deeper one. */
typedef struct LayerStack {
    const CalendarLayer **items;
    size_t count;
} LayerStack;

static LayerStack stack_layers(Arena *arena, const CalendarSpec *spec, const char *division)
{
    LayerStack stack = {arena_array(arena, const CalendarLayer *, spec->layer_count), 0};
    for (size_t i = 0; i < spec->layer_count; i++) {
        const CalendarLayer *layer = &spec->layers[i];
        if (!path_applies(layer->division, division))
            continue;
        size_t at = stack.count++;
        for (; at > 0 && strlen(stack.items[at - 1]->division) > strlen(layer->division); at--)
            stack.items[at] = stack.items[at - 1];
        stack.items[at] = layer;
    }
    return stack;
}

/* ---- days ------------------------------------------------------------------------------------ */

static void fill_weeks(CalendarTable *table)
{
    int weekday = date_weekday(table->first);
    for (int32_t i = 0; i < table->day_count; i++) {
        table->slots[i] = weekday > 5 ? CALENDAR_WEEKEND : CALENDAR_WORKING;
        weekday = weekday % 7 + 1;
    }
}

/* Notes the years whose notice a national layer holds; see calendar_build for the day of December
 * from which a holiday may stand in the notice of the next year. */
static void announce_years(CalendarTable *table, const CalendarLayer *layer)
{
    for (size_t i = 0; i < layer->rule_count; i++) {
        int year, month, day;
        date_split(layer->rules[i].date, &year, &month, &day);
        if (layer->rules[i].kind == CALENDAR_HOLIDAY && month * 100 + day < 1225)
            table->announced[year - CALENDAR_FIRST_YEAR] = true;
    }
}

/* Writes a rule over its day; number is its place in the list of rules. */
static void apply_rule(CalendarTable *table, uint32_t number, const CalendarRule *rule,
                       bool is_local)
{
    int32_t day = rule->date.day - table->first.day;
    table->rules[number] = *rule;
    if (!table->rules[number].name)
        table->rules[number].name = "";
    table->rule_of[day] = number;
    table->slots[day] = (uint8_t)((unsigned)rule->kind | (is_local ? SLOT_LOCAL : 0U));
}

static uint32_t apply_statutory(CalendarTable *table, uint32_t number, int year)
{
    StatutoryDay days[STATUTORY_DAYS_MAX];
    size_t count = statutory_days(year, days);
    for (size_t i = 0; i < count; i++) {
        CalendarRule rule = {.date = days[i].date, .kind = CALENDAR_HOLIDAY, .name = days[i].name};
        apply_rule(table, ++number, &rule, false);
    }
    return number;
}

/* Marks what rests on no notice. */
static void mark_provisional(CalendarTable *table)
{
    for (int year = CALENDAR_FIRST_YEAR; year <= CALENDAR_LAST_YEAR; year++) {
        if (calendar_is_announced(table, year))
            continue;
        int32_t first = date_of(year, 1, 1).day - table->first.day;
        int32_t end = date_of(year + 1, 1, 1).day - table->first.day;
        for (int32_t day = first; day < end; day++)
            if (!(table->slots[day] & SLOT_LOCAL))
                table->slots[day] |= SLOT_PROVISIONAL;
    }
}

static void lay_days(CalendarTable *table, Arena *arena, const LayerStack *stack)
{
    size_t count = 1 + STATUTORY_DAYS_MAX * (CALENDAR_LAST_YEAR - STATUTORY_FROM_YEAR + 1);
    for (size_t i = 0; i < stack->count; i++)
        count += stack->items[i]->rule_count;
    table->rules = arena_array(arena, CalendarRule, count);

    fill_weeks(table);
    for (size_t i = 0; i < stack->count; i++)
        if (stack->items[i]->division[0] == '\0')
            announce_years(table, stack->items[i]);

    uint32_t number = 0;
    for (int year = STATUTORY_FROM_YEAR; year <= CALENDAR_LAST_YEAR; year++)
        if (!calendar_is_announced(table, year))
            number = apply_statutory(table, number, year);
    for (size_t i = 0; i < stack->count; i++) {
        const CalendarLayer *layer = stack->items[i];
        for (size_t j = 0; j < layer->rule_count; j++)
            apply_rule(table, ++number, &layer->rules[j], layer->division[0] != '\0');
    }
    mark_provisional(table);
}

/* ---- hours ----------------------------------------------------------------------------------- */

static bool season_covers(const CalendarHours *hours, Date date)
{
    int year, month, day;
    if (hours->season_from == 0)
        return true;
    date_split(date, &year, &month, &day);
    int at = month * 100 + day;
    if (hours->season_from <= hours->season_to)
        return at >= hours->season_from && at <= hours->season_to;
    return at >= hours->season_from || at <= hours->season_to;
}

static void apply_hours(CalendarTable *table, uint8_t number, const CalendarHours *hours)
{
    int32_t first = table->first.day;
    int32_t last = calendar_last(table).day;
    if (!date_is_none(hours->from) && hours->from.day > first)
        first = hours->from.day;
    if (!date_is_none(hours->to) && hours->to.day < last)
        last = hours->to.day;

    table->hours[number] = *hours;
    for (Date date = {first}; date.day <= last; date.day++)
        if (hours->weekdays[date_weekday(date)].count && season_covers(hours, date))
            table->hours_of[date.day - table->first.day] = number;
}

static bool lay_hours(CalendarTable *table, Arena *arena, const LayerStack *stack, Error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < stack->count; i++)
        count += stack->items[i]->hours_count;
    if (count > CALENDAR_HOURS_MAX)
        return error_set(err, ERROR_TOO_LARGE, .code = "calendar.too_large", .field = "hours");

    CalendarDayHours usual;
    table->hours = arena_array(arena, CalendarHours, count + 1);
    if (!calendar_hours_parse(CALENDAR_DEFAULT_HOURS, &usual, err))
        return false;
    table->hours[0] = calendar_hours_uniform(&usual);

    uint8_t number = 0;
    for (size_t i = 0; i < stack->count; i++)
        for (size_t j = 0; j < stack->items[i]->hours_count; j++)
            apply_hours(table, ++number, &stack->items[i]->hours[j]);
    return true;
}

static CalendarTable *table_create(Arena *arena, int zone_offset_minutes)
{
    CalendarTable *table = arena_new(arena, CalendarTable);
    table->zone_offset_minutes = zone_offset_minutes;
    table->first = date_of(CALENDAR_FIRST_YEAR, 1, 1);
    table->day_count = date_of(CALENDAR_LAST_YEAR + 1, 1, 1).day - table->first.day;
    table->slots = arena_array(arena, uint8_t, (size_t)table->day_count);
    table->rule_of = arena_array(arena, uint32_t, (size_t)table->day_count);
    table->hours_of = arena_array(arena, uint8_t, (size_t)table->day_count);
    return table;
}

CalendarTable *calendar_build(Arena *arena, const CalendarSpec *spec, Error *err)
{
    const char *division = spec->division ? spec->division : "";
    CalendarTable *table = table_create(arena, spec->zone_offset_minutes);
    bool is_good = true;

    if (spec->zone_offset_minutes < ZONE_MIN || spec->zone_offset_minutes > ZONE_MAX)
        is_good = error_set(err, ERROR_INVALID, .code = "calendar.bad_zone", .field = "zone");
    else if (!path_is_valid(division))
        is_good = error_set(err, ERROR_INVALID, .code = "calendar.bad_path", .field = "division");
    for (size_t i = 0; is_good && i < spec->layer_count; i++)
        is_good = check_layer(table, &spec->layers[i], err);
    if (!is_good)
        return NULL;

    LayerStack stack = stack_layers(arena, spec, division);
    lay_days(table, arena, &stack);
    return lay_hours(table, arena, &stack, err) ? table : NULL;
}
