/*
 * feel_builtins.c - finding built-ins by name, and helpers that their bodies share.
 *
 * Every family's table is sorted by name (a test checks it), so that finding is a binary search in
 * each; it happens once for a name when an expression is compiled.
 */
#include "feel/feel_builtins.h"

#include <string.h>
#include "feel/feel_value.h"

static const FeelFamily *const FAMILIES[] = {
    &FEEL_CONTEXT_FUNCTIONS, &FEEL_CONVERSION_FUNCTIONS, &FEEL_LIST_FUNCTIONS,
    &FEEL_NUMBER_FUNCTIONS,  &FEEL_RANGE_FUNCTIONS,      &FEEL_STATISTIC_FUNCTIONS,
    &FEEL_STRING_FUNCTIONS,  &FEEL_TEMPORAL_FUNCTIONS,   &FEEL_WORKDAY_FUNCTIONS,
};

enum { FAMILY_COUNT = sizeof FAMILIES / sizeof *FAMILIES };

static int name_order(const char *name, size_t length, const char *row)
{
    for (size_t i = 0; i < length; i++)
        if (name[i] != row[i]) /* also at the row's end */
            return (unsigned char)name[i] < (unsigned char)row[i] ? -1 : 1;
    return -(row[length] != 0);
}

/* The first row of that name, or the family's count. */
static size_t find_row(const FeelFamily *family, const char *name, size_t length)
{
    size_t low = 0, high = family->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (name_order(name, length, family->rows[middle].name) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_found = low < family->count && name_order(name, length, family->rows[low].name) == 0;
    return is_found ? low : family->count;
}

const FeelNative *builtin_find(const char *name, size_t length, size_t *out_count)
{
    for (size_t i = 0; i < FAMILY_COUNT; i++) {
        const FeelFamily *family = FAMILIES[i];
        size_t first = find_row(family, name, length), last = first;
        while (last < family->count && name_order(name, length, family->rows[last].name) == 0)
            last++;
        *out_count = last - first;
        if (last > first)
            return &family->rows[first];
    }
    return NULL;
}

bool builtin_is_space(const char *name)
{
    return strcmp(name, "workdays") == 0;
}

size_t feel_builtins(Arena *arena, const FeelNative *const **out_natives)
{
    LIST(const FeelNative *) all = {0};
    for (size_t i = 0; i < FAMILY_COUNT; i++)
        for (size_t row = 0; row < FAMILIES[i]->count; row++) {
            const FeelNative *native = &FAMILIES[i]->rows[row];
            size_t at = all.count;
            list_add(arena, &all, native);
            for (; at && strcmp(all.items[at - 1]->name, native->name) > 0; at--)
                all.items[at] = all.items[at - 1];
            all.items[at] = native;
        }
    *out_natives = all.items;
    return all.count;
}

/* ---- helpers of bodies ----------------------------------------------------------------------- */

ListBuilder list_begin(FeelCall *call)
{
    return (ListBuilder){.call = call};
}

bool list_put(ListBuilder *builder, FeelValue value)
{
    size_t growth =
        builder->items.count == builder->items.capacity ? builder->items.count * 2 + 8 : 0;
    if (builder->is_over || !feel_call_spend(builder->call, 1, growth * sizeof value)) {
        builder->is_over = true;
        return false;
    }
    list_add(feel_call_arena(builder->call), &builder->items, value);
    return true;
}

FeelValue list_end(ListBuilder *builder)
{
    if (builder->is_over)
        return feel_null();
    FeelValue list =
        list_over(feel_call_arena(builder->call), builder->items.items, builder->items.count);
    if (list.kind != FEEL_LIST)
        return feel_fail(builder->call, "feel.limit", "the list is too deep or too big");
    return list;
}

bool argument_int(FeelCall *call, size_t index, int64_t *out)
{
    if (feel_to_int64(feel_argument(call, index), out))
        return true;
    (void)feel_fail(call, "feel.value", "the argument must be a whole number");
    return false;
}

bool argument_whole(FeelCall *call, size_t index, int64_t *out)
{
    Decimal number = feel_argument(call, index).as.number;
    if (decimal_round(number, 0, DECIMAL_DOWN, &number) && decimal_to_int64(number, out))
        return true;
    (void)feel_fail(call, "feel.value", "the number is out of range");
    return false;
}

const FeelList *argument_list(const FeelCall *call, size_t index)
{
    static const FeelList empty = {.weight = 1, .depth = 1};
    FeelValue value = feel_argument(call, index);
    return value.kind == FEEL_LIST ? value.as.list : &empty;
}

bool position_index(int64_t position, size_t count, size_t *out_index)
{
    if (position >= 1 && (uint64_t)position <= count) {
        *out_index = (size_t)position - 1;
        return true;
    }
    if (position >= 0 || position < -(int64_t)count)
        return false;
    *out_index = count - (size_t)-position;
    return true;
}
