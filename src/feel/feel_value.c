/*
 * feel_value.c - making and reading values.
 *
 * Lists and contexts carry their weight and depth, so that no walk over a value can run away: what
 * shares its parts (a list that holds one big list ten times) counts them each time.
 */
#include "feel/feel_value.h"

#include <string.h>
#include "feel/feel_temporal.h"

/* ---- plain values ---------------------------------------------------------------------------- */

FeelValue feel_null(void)
{
    return (FeelValue){0};
}

FeelValue feel_boolean(bool boolean)
{
    return boolean ? FEEL_TRUE : FEEL_FALSE;
}

FeelValue feel_number(Decimal number)
{
    return (FeelValue){.kind = FEEL_NUMBER, .as.number = number};
}

FeelValue feel_int(int64_t number)
{
    return feel_number(decimal_from_int64(number));
}

FeelValue string_over(const char *text, size_t length)
{
    return (FeelValue){.kind = FEEL_STRING, .as.string = {.text = text, .length = length}};
}

FeelValue string_of_buffer(const Buffer *buffer)
{
    return string_over(buffer_text(buffer), buffer->length);
}

FeelValue feel_string(const char *text)
{
    return text ? string_over(text, strlen(text)) : feel_null();
}

FeelValue feel_string_copy(Arena *arena, const char *text, size_t length)
{
    return string_over(arena_text_n(arena, text, length), length);
}

FeelValue feel_date(Date date)
{
    FeelValue value;
    if (date_is_none(date) || !civil_from_days(date.day, &value))
        return feel_null();
    return value;
}

FeelValue feel_instant(Instant instant, int offset_minutes)
{
    if (instant == INSTANT_NONE)
        return feel_null();
    FeelValue like = {.kind = FEEL_DATE_TIME,
                      .zone_kind = FEEL_ZONE_OFFSET,
                      .as.time.zone.offset_seconds = (int64_t)offset_minutes * 60};
    int64_t rest = instant % 1000, seconds = instant / 1000 - (rest < 0);
    Moment moment = {.seconds = seconds, .nanosecond = (rest + (rest < 0 ? 1000 : 0)) * 1000000};
    FeelValue value;
    return temporal_from_moment(moment, like, &value) ? value : feel_null();
}

FeelValue feel_months(int64_t months)
{
    return (FeelValue){.kind = FEEL_YEARS_MONTHS, .as.months = months};
}

FeelValue feel_milliseconds(int64_t milliseconds)
{
    return duration_of_span(milliseconds / 1000, milliseconds % 1000 * 1000000);
}

/* ---- lists ----------------------------------------------------------------------------------- */

uint32_t value_weight(FeelValue value)
{
    switch (value.kind) {
    case FEEL_STRING: return (uint32_t)(1 + value.as.string.length / 64);
    case FEEL_LIST: return value.as.list->weight;
    case FEEL_CONTEXT: return value.as.context->weight;
    default: return 1;
    }
}

uint32_t value_depth(FeelValue value)
{
    if (value.kind == FEEL_LIST)
        return value.as.list->depth;
    return value.kind == FEEL_CONTEXT ? value.as.context->depth : 0;
}

/* Adds a part's weight and depth to those of its whole; false past the bounds. */
static bool load(FeelValue part, uint32_t *weight, uint32_t *depth)
{
    *weight += value_weight(part);
    if (value_depth(part) >= *depth)
        *depth = value_depth(part) + 1;
    return *weight <= FEEL_VALUE_WEIGHT && *depth <= FEEL_VALUE_DEPTH;
}

FeelValue list_over(Arena *arena, const FeelValue *items, size_t count)
{
    uint32_t weight = 1, depth = 1;
    for (size_t i = 0; i < count; i++)
        if (!load(items[i], &weight, &depth))
            return feel_null();
    FeelList *list = arena_new(arena, FeelList);
    *list = (FeelList){.count = count, .weight = weight, .depth = depth, .items = items};
    return (FeelValue){.kind = FEEL_LIST, .as.list = list};
}

FeelValue feel_list(Arena *arena, const FeelValue *items, size_t count)
{
    if (count > FEEL_VALUE_WEIGHT)
        return feel_null();
    return list_over(arena, arena_copy(arena, items, count * sizeof *items), count);
}

/* ---- contexts -------------------------------------------------------------------------------- */

enum { FEW_ENTRIES = 8 }; /* up to here looking through them is faster than an index */

uint32_t feel_hash(const char *name)
{
    uint32_t hash = 2166136261U;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    return hash;
}

FeelContextBuilder feel_context_begin(Arena *arena)
{
    return (FeelContextBuilder){.arena = arena};
}

static bool is_entry(const FeelEntry *entry, const char *name, uint32_t hash)
{
    return entry->hash == hash && strcmp(entry->name, name) == 0;
}

/* The entry's place in the index, 0 when it is not there. */
static uint32_t find_indexed(const FeelEntry *entries, const uint32_t *slots, size_t slot_count,
                             const char *name, uint32_t hash)
{
    for (size_t at = hash & (slot_count - 1);; at = (at + 1) & (slot_count - 1))
        if (slots[at] == 0 || is_entry(&entries[slots[at] - 1], name, hash))
            return slots[at];
}

static uint32_t find_entry(const FeelEntry *entries, size_t count, const uint32_t *slots,
                           size_t slot_count, const char *name, uint32_t hash)
{
    if (slots)
        return find_indexed(entries, slots, slot_count, name, hash);
    for (size_t i = 0; i < count; i++)
        if (is_entry(&entries[i], name, hash))
            return (uint32_t)(i + 1);
    return 0;
}

static void index_entry(FeelContextBuilder *builder, size_t index)
{
    size_t mask = builder->slot_count - 1, at = builder->entries.items[index].hash & mask;
    while (builder->slots[at])
        at = (at + 1) & mask;
    builder->slots[at] = (uint32_t)(index + 1);
}

static void grow_index(FeelContextBuilder *builder)
{
    builder->slot_count = builder->slot_count ? builder->slot_count * 2 : (size_t)FEW_ENTRIES * 4;
    builder->slots = arena_array(builder->arena, uint32_t, builder->slot_count);
    for (size_t i = 0; i < builder->entries.count; i++)
        index_entry(builder, i);
}

void feel_context_put(FeelContextBuilder *builder, const char *name, FeelValue value)
{
    uint32_t hash = feel_hash(name);
    uint32_t found = find_entry(builder->entries.items, builder->entries.count, builder->slots,
                                builder->slot_count, name, hash);
    if (found) {
        builder->entries.items[found - 1].value = value;
        return;
    }
    list_add(builder->arena, &builder->entries,
             (FeelEntry){.name = name, .hash = hash, .value = value});
    size_t count = builder->entries.count;
    if (count <= FEW_ENTRIES)
        return;
    if (count * 2 > builder->slot_count)
        grow_index(builder);
    else
        index_entry(builder, count - 1);
}

FeelValue feel_context_end(FeelContextBuilder *builder)
{
    uint32_t weight = 1, depth = 1;
    list_each (FeelEntry, entry, &builder->entries)
        if (!load(entry->value, &weight, &depth))
            return feel_null();
    FeelContext *context = arena_new(builder->arena, FeelContext);
    *context = (FeelContext){.count = builder->entries.count,
                             .weight = weight,
                             .depth = depth,
                             .entries = builder->entries.items,
                             .slots = builder->slots,
                             .slot_count = builder->slot_count};
    return (FeelValue){.kind = FEEL_CONTEXT, .as.context = context};
}

const FeelValue *feel_member_hashed(FeelValue value, const char *name, uint32_t hash)
{
    if (value.kind != FEEL_CONTEXT)
        return NULL;
    const FeelContext *context = value.as.context;
    uint32_t found = find_entry(context->entries, context->count, context->slots,
                                context->slot_count, name, hash);
    return found ? &context->entries[found - 1].value : NULL;
}

const FeelValue *feel_member(FeelValue context, const char *name)
{
    return feel_member_hashed(context, name, feel_hash(name));
}

/* ---- ranges ---------------------------------------------------------------------------------- */

bool kind_is_temporal(int kind)
{
    return kind >= FEEL_DATE && kind <= FEEL_DAYS_TIME;
}

bool kind_is_ordered(int kind)
{
    return kind == FEEL_NUMBER || kind == FEEL_STRING || kind_is_temporal(kind);
}

FeelValue range_over(Arena *arena, FeelRange range)
{
    FeelRange *copy = arena_new(arena, FeelRange);
    *copy = range;
    return (FeelValue){.kind = FEEL_RANGE, .as.range = copy};
}

FeelValue feel_range(Arena *arena, FeelValue low, bool is_low_included, FeelValue high,
                     bool is_high_included)
{
    bool is_low_open = low.kind == FEEL_NULL, is_high_open = high.kind == FEEL_NULL;
    if ((!is_low_open && !kind_is_ordered(low.kind)) ||
        (!is_high_open && !kind_is_ordered(high.kind)) || (is_low_open && is_high_open))
        return feel_null();
    int order;
    if (!is_low_open && !is_high_open && (!feel_order(low, high, &order) || order > 0))
        return feel_null();
    return range_over(arena, (FeelRange){.low = low,
                                         .high = high,
                                         .is_low_included = is_low_included,
                                         .is_high_included = is_high_included});
}

/* ---- reading --------------------------------------------------------------------------------- */

bool feel_is_null(FeelValue value)
{
    return value.kind == FEEL_NULL;
}

bool feel_is_true(FeelValue value)
{
    return value.kind == FEEL_BOOLEAN && value.as.boolean;
}

FeelTruth feel_condition(FeelValue value)
{
    if (value.kind != FEEL_BOOLEAN)
        return FEEL_UNKNOWN;
    return value.as.boolean ? FEEL_YES : FEEL_NO;
}

FeelTruth truth_not(FeelTruth truth)
{
    return truth == FEEL_YES ? FEEL_NO : truth == FEEL_NO ? FEEL_YES : FEEL_UNKNOWN;
}

FeelValue truth_value(FeelTruth truth)
{
    return truth == FEEL_UNKNOWN ? feel_null() : feel_boolean(truth == FEEL_YES);
}

const char *feel_text(FeelValue value)
{
    return value.kind == FEEL_STRING ? value.as.string.text : NULL;
}

bool feel_to_int64(FeelValue value, int64_t *out)
{
    return value.kind == FEEL_NUMBER && decimal_to_int64(value.as.number, out);
}

bool feel_to_date(FeelValue value, Date *out)
{
    if (value.kind != FEEL_DATE && value.kind != FEEL_DATE_TIME)
        return false;
    if (value.year < 1 || value.year > 9999)
        return false;
    *out = date_of(value.year, value.month, value.day);
    return true;
}

bool feel_to_instant(FeelValue value, int offset_minutes, Instant *out)
{
    if (value.kind != FEEL_DATE && value.kind != FEEL_DATE_TIME)
        return false;
    Moment moment = temporal_moment(value);
    if (value.kind == FEEL_DATE || value.zone_kind == FEEL_ZONE_NONE)
        moment.seconds -= (int64_t)offset_minutes * 60;
    return !__builtin_mul_overflow(moment.seconds, (int64_t)1000, out) &&
           !__builtin_add_overflow(*out, moment.nanosecond / 1000000, out);
}

bool feel_to_milliseconds(FeelValue value, int64_t *out)
{
    if (value.kind != FEEL_DAYS_TIME)
        return false;
    return !__builtin_mul_overflow(value.as.span.seconds, (int64_t)1000, out) &&
           !__builtin_add_overflow(*out, value.as.span.nanosecond / 1000000, out);
}

FeelValue feel_plus_duration(Arena *arena, FeelValue base, FeelValue duration)
{
    (void)arena;
    FeelValue sum;
    bool is_duration = duration.kind == FEEL_YEARS_MONTHS || duration.kind == FEEL_DAYS_TIME;
    return is_duration && temporal_add(base, duration, &sum) ? sum : feel_null();
}

size_t feel_count(FeelValue list)
{
    return list.kind == FEEL_LIST ? list.as.list->count : 0;
}

FeelValue feel_item(FeelValue list, size_t index)
{
    return index < feel_count(list) ? list.as.list->items[index] : feel_null();
}

const char *feel_kind_name(FeelValue value)
{
    static const char *const names[FEEL_KIND_COUNT] = {
        [FEEL_NULL] = "null",
        [FEEL_BOOLEAN] = "boolean",
        [FEEL_NUMBER] = "number",
        [FEEL_STRING] = "string",
        [FEEL_DATE] = "date",
        [FEEL_TIME] = "time",
        [FEEL_DATE_TIME] = "date and time",
        [FEEL_YEARS_MONTHS] = "years and months duration",
        [FEEL_DAYS_TIME] = "days and time duration",
        [FEEL_LIST] = "list",
        [FEEL_CONTEXT] = "context",
        [FEEL_RANGE] = "range",
        [FEEL_FUNCTION] = "function",
    };
    return names[value.kind];
}
