/*
 * feel_compare.c - equality and order of values (10.3.2.13), in three values.
 *
 * What cannot be compared is unknown; inside lists and contexts one difference is enough for a no.
 */
#include "feel/feel_value.h"

#include <string.h>
#include "feel/feel_eval.h"
#include "feel/feel_temporal.h"

static int sign_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int string_order(FeelValue a, FeelValue b)
{
    size_t shorter =
        a.as.string.length < b.as.string.length ? a.as.string.length : b.as.string.length;
    int order =
        memcmp(a.as.string.text, b.as.string.text, shorter); /* UTF-8 keeps code point order */
    if (order)
        return order < 0 ? -1 : 1;
    return sign_of((int64_t)a.as.string.length, (int64_t)b.as.string.length);
}

/* What has no zone stands in the zone of the other (table 54). */
static Moment moment_beside(FeelValue value, FeelValue other)
{
    int64_t offset;
    Moment moment = temporal_moment(value);
    if (!temporal_has_zone(value) && temporal_has_zone(other) && temporal_offset(other, &offset))
        moment.seconds -= offset;
    return moment;
}

bool feel_order(FeelValue a, FeelValue b, int *out_order)
{
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case FEEL_NUMBER: *out_order = decimal_compare(a.as.number, b.as.number); return true;
    case FEEL_STRING: *out_order = string_order(a, b); return true;
    case FEEL_YEARS_MONTHS: *out_order = sign_of(a.as.months, b.as.months); return true;
    case FEEL_DAYS_TIME:
        *out_order = moment_order((Moment){a.as.span.seconds, a.as.span.nanosecond},
                                  (Moment){b.as.span.seconds, b.as.span.nanosecond});
        return true;
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
        *out_order = moment_order(moment_beside(a, b), moment_beside(b, a));
        return true;
    default: return false;
    }
}

static FeelTruth both(FeelTruth a, FeelTruth b)
{
    if (a == FEEL_NO || b == FEEL_NO)
        return FEEL_NO;
    return a == FEEL_YES && b == FEEL_YES ? FEEL_YES : FEEL_UNKNOWN;
}

static FeelTruth lists_equal(const FeelList *a, const FeelList *b)
{
    FeelTruth truth = a->count == b->count ? FEEL_YES : FEEL_NO;
    for (size_t i = 0; i < a->count && truth != FEEL_NO; i++)
        truth = both(truth, feel_equal(a->items[i], b->items[i]));
    return truth;
}

static FeelTruth contexts_equal(FeelValue a, FeelValue b)
{
    FeelTruth truth = a.as.context->count == b.as.context->count ? FEEL_YES : FEEL_NO;
    for (size_t i = 0; i < a.as.context->count && truth != FEEL_NO; i++) {
        const FeelEntry *entry = &a.as.context->entries[i];
        const FeelValue *other = feel_member_hashed(b, entry->name, entry->hash);
        truth = other ? both(truth, feel_equal(entry->value, *other)) : FEEL_NO;
    }
    return truth;
}

static FeelTruth ranges_equal(const FeelRange *a, const FeelRange *b)
{
    if (a->is_low_included != b->is_low_included || a->is_high_included != b->is_high_included ||
        a->comparison != b->comparison)
        return FEEL_NO;
    return both(feel_equal(a->low, b->low), feel_equal(a->high, b->high));
}

/* The same parameters, body and scope; a built-in is one function wherever it is named. */
static bool functions_equal(const FeelFunction *a, const FeelFunction *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind)
        return false;
    if (a->kind == FUNCTION_CLOSURE)
        return a->node == b->node && a->frame == b->frame && a->expression == b->expression;
    return a->kind == FUNCTION_NATIVE && a->rows == b->rows && a->data == b->data;
}

FeelTruth feel_equal(FeelValue a, FeelValue b)
{
    if (a.kind == FEEL_NULL || b.kind == FEEL_NULL)
        return a.kind == b.kind ? FEEL_YES : FEEL_NO;
    if (a.kind != b.kind)
        return FEEL_UNKNOWN;
    int order;
    switch (a.kind) {
    case FEEL_BOOLEAN: return a.as.boolean == b.as.boolean ? FEEL_YES : FEEL_NO;
    case FEEL_LIST: return lists_equal(a.as.list, b.as.list);
    case FEEL_CONTEXT: return contexts_equal(a, b);
    case FEEL_RANGE: return ranges_equal(a.as.range, b.as.range);
    case FEEL_FUNCTION: return functions_equal(a.as.function, b.as.function) ? FEEL_YES : FEEL_NO;
    default:
        if (!feel_order(a, b, &order))
            return FEEL_UNKNOWN;
        return order == 0 ? FEEL_YES : FEEL_NO;
    }
}

FeelTruth compare_by(char comparison, FeelValue a, FeelValue b)
{
    int order;
    if (comparison == '=')
        return feel_equal(a, b);
    if (comparison == '!')
        return truth_not(feel_equal(a, b));
    if (!feel_order(a, b, &order))
        return FEEL_UNKNOWN;
    bool is_so = comparison == '<'   ? order < 0
                 : comparison == 'l' ? order <= 0
                 : comparison == '>' ? order > 0
                                     : order >= 0;
    return is_so ? FEEL_YES : FEEL_NO;
}

FeelTruth feel_range_has(FeelValue range, FeelValue value)
{
    if (range.kind != FEEL_RANGE)
        return FEEL_UNKNOWN;
    const FeelRange *ends = range.as.range;
    if (ends->comparison == '!')
        return compare_by('!', value, ends->low);
    FeelTruth low = FEEL_YES, high = FEEL_YES;
    if (ends->low.kind != FEEL_NULL)
        low = compare_by(ends->is_low_included ? 'g' : '>', value, ends->low);
    if (ends->high.kind != FEEL_NULL)
        high = compare_by(ends->is_high_included ? 'l' : '<', value, ends->high);
    return low == FEEL_UNKNOWN || high == FEEL_UNKNOWN ? FEEL_UNKNOWN : both(low, high);
}
