/*
 * feel_builtins_statistics.c - one value out of many (10.3.4.4): min, sum, mean, all, any ...
 *
 * Each takes one list, or its values as separate arguments: two rows with one body.
 */
#include "feel/feel_builtins.h"

#include <string.h>
#include "feel/feel_value.h"

/* ---- min, max -------------------------------------------------------------------------------- */

static FeelValue extreme(FeelCall *call, int wanted)
{
    const FeelList *list = argument_list(call, 0);
    int order;
    if (list->count == 0)
        return feel_fail(call, "feel.value", "the list is empty");
    FeelValue best = list->items[0];
    if (!kind_is_ordered(best.kind))
        return feel_fail(call, "feel.value", "%s has no order", feel_kind_name(best));
    for (size_t i = 1; i < list->count; i++) {
        if (!feel_order(list->items[i], best, &order))
            return feel_fail(call, "feel.value", "%s and %s have no order", feel_kind_name(best),
                             feel_kind_name(list->items[i]));
        if (order == wanted)
            best = list->items[i];
    }
    return best;
}

static FeelValue list_min(FeelCall *call)
{
    return extreme(call, -1);
}

static FeelValue list_max(FeelCall *call)
{
    return extreme(call, 1);
}

/* ---- sums ------------------------------------------------------------------------------------ */

typedef bool Combine(Decimal a, Decimal b, Decimal *out);

/* All numbers combined; false with a finding when the list is empty or holds something else. */
static bool fold(FeelCall *call, Combine *combine, Decimal start, Decimal *out)
{
    const FeelList *list = argument_list(call, 0);
    *out = start;
    if (list->count == 0) {
        (void)feel_fail(call, "feel.value", "the list is empty");
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind != FEEL_NUMBER) {
            (void)feel_fail(call, "feel.value", "item %zu is no number but %s", i + 1,
                            feel_kind_name(list->items[i]));
            return false;
        }
        if (!combine(*out, list->items[i].as.number, out)) {
            (void)feel_fail(call, "feel.overflow", "the result is out of range");
            return false;
        }
    }
    return true;
}

static FeelValue list_sum(FeelCall *call)
{
    Decimal sum;
    return fold(call, decimal_add, DECIMAL_ZERO, &sum) ? feel_number(sum) : feel_null();
}

static FeelValue list_product(FeelCall *call)
{
    Decimal product;
    return fold(call, decimal_multiply, decimal_from_int64(1), &product) ? feel_number(product)
                                                                         : feel_null();
}

static bool mean_of(FeelCall *call, Decimal *out)
{
    Decimal sum, count = decimal_from_int64((int64_t)argument_list(call, 0)->count);
    return fold(call, decimal_add, DECIMAL_ZERO, &sum) && decimal_divide(sum, count, out);
}

static FeelValue list_mean(FeelCall *call)
{
    Decimal mean;
    return mean_of(call, &mean) ? feel_number(mean) : feel_null();
}

/* The standard deviation of a sample. */
static FeelValue list_stddev(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    Decimal mean, squares = DECIMAL_ZERO, difference, result;
    if (list->count < 2)
        return feel_fail(call, "feel.value", "two numbers are needed at least");
    if (!mean_of(call, &mean))
        return feel_null();
    bool is_done = true;
    for (size_t i = 0; i < list->count && is_done; i++)
        is_done = decimal_subtract(list->items[i].as.number, mean, &difference) &&
                  decimal_multiply(difference, difference, &difference) &&
                  decimal_add(squares, difference, &squares);
    is_done = is_done &&
              decimal_divide(squares, decimal_from_int64((int64_t)list->count - 1), &squares) &&
              decimal_sqrt(squares, &result);
    return is_done ? feel_number(result) : feel_fail(call, "feel.overflow", "out of range");
}

/* ---- median, mode ---------------------------------------------------------------------------- */

/* The numbers in order; NULL with a finding when there is something else among them. */
static FeelValue *sorted_numbers(FeelCall *call, const FeelList *list)
{
    size_t bytes = list->count * sizeof(FeelValue);
    if (!feel_call_spend(call, list->count * 8, 2 * bytes))
        return NULL;
    FeelValue *from = arena_copy(feel_call_arena(call), list->items, bytes);
    FeelValue *to = arena_alloc(feel_call_arena(call), bytes);
    for (size_t i = 0; i < list->count; i++)
        if (from[i].kind != FEEL_NUMBER) {
            (void)feel_fail(call, "feel.value", "item %zu is no number", i + 1);
            return NULL;
        }
    for (size_t width = 1; width < list->count; width *= 2) {
        for (size_t at = 0; at < list->count; at += 2 * width) {
            size_t middle = at + width < list->count ? at + width : list->count;
            size_t end = middle + width < list->count ? middle + width : list->count;
            size_t left = at, right = middle;
            for (size_t out = at; out < end; out++) {
                bool is_left = left < middle &&
                               (right >= end ||
                                decimal_compare(from[left].as.number, from[right].as.number) <= 0);
                to[out] = from[is_left ? left++ : right++];
            }
        }
        FeelValue *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

static FeelValue list_median(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    Decimal sum;
    if (list->count == 0)
        return feel_fail(call, "feel.value", "the list is empty");
    const FeelValue *sorted = sorted_numbers(call, list);
    if (!sorted)
        return feel_null();
    size_t middle = list->count / 2;
    if (list->count % 2)
        return sorted[middle];
    if (!decimal_add(sorted[middle - 1].as.number, sorted[middle].as.number, &sum) ||
        !decimal_divide(sum, decimal_from_int64(2), &sum))
        return feel_fail(call, "feel.overflow", "out of range");
    return feel_number(sum);
}

/* The end of the run of equal numbers that begins at `start`. */
static size_t run_end(const FeelValue *sorted, size_t count, size_t start)
{
    size_t end = start + 1;
    while (end < count && decimal_compare(sorted[start].as.number, sorted[end].as.number) == 0)
        end++;
    return end;
}

static FeelValue list_mode(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    ListBuilder builder = list_begin(call);
    const FeelValue *sorted = sorted_numbers(call, list);
    size_t longest = 0, end;
    if (!sorted)
        return feel_null();
    for (size_t i = 0; i < list->count; i = end) {
        end = run_end(sorted, list->count, i);
        if (end - i > longest)
            longest = end - i;
    }
    for (size_t i = 0; i < list->count; i = end) {
        end = run_end(sorted, list->count, i);
        if (end - i == longest)
            list_put(&builder, sorted[i]);
    }
    return list_end(&builder);
}

/* ---- all, any -------------------------------------------------------------------------------- */

/* `final` as soon as it occurs; null when something was neither true nor false. */
static FeelValue quantify(FeelCall *call, FeelTruth final)
{
    const FeelList *list = argument_list(call, 0);
    FeelTruth truth = truth_not(final);
    for (size_t i = 0; i < list->count; i++) {
        FeelTruth one = feel_condition(list->items[i]);
        if (one == final)
            return truth_value(final);
        if (one == FEEL_UNKNOWN)
            truth = FEEL_UNKNOWN;
    }
    if (truth == FEEL_UNKNOWN)
        return feel_fail(call, "feel.value", "an item is neither true nor false");
    return truth_value(truth);
}

static FeelValue list_all(FeelCall *call)
{
    return quantify(call, FEEL_NO);
}

static FeelValue list_any(FeelCall *call)
{
    return quantify(call, FEEL_YES);
}

enum { TAKES_MANY = FEEL_TAKES_ANY | FEEL_VARIADIC };

/* size: table */
static const FeelNative ROWS[] = {
    {"all",
     {{"list", TAKES_LIST}},
     list_all,
     "Whether every value is true.",
     {"all([true, false]) = false", "all([]) = true"}},
    {"all",
     {{"b", TAKES_MANY}},
     list_all,
     "Whether every argument is true.",
     {"all(true, true) = true"}},
    {"any",
     {{"list", TAKES_LIST}},
     list_any,
     "Whether some value is true.",
     {"any([false, true]) = true", "any([]) = false"}},
    {"any",
     {{"b", TAKES_MANY}},
     list_any,
     "Whether some argument is true.",
     {"any(false, true) = true"}},
    {"max", {{"list", TAKES_LIST}}, list_max, "The greatest value.", {"max([1, 3, 2]) = 3"}},
    {"max", {{"c", TAKES_MANY}}, list_max, "The greatest argument.", {"max(\"a\", \"b\") = \"b\""}},
    {"mean", {{"list", TAKES_LIST}}, list_mean, "The arithmetic mean.", {"mean([1, 2, 3]) = 2"}},
    {"mean", {{"n", TAKES_MANY}}, list_mean, "The mean of the arguments.", {"mean(1, 2) = 1.5"}},
    {"median",
     {{"list", TAKES_LIST}},
     list_median,
     "The number in the middle, or the mean of the two there.",
     {"median([6, 1, 2, 3]) = 2.5"}},
    {"median",
     {{"n", TAKES_MANY}},
     list_median,
     "The median of the arguments.",
     {"median(8, 2, 5) = 5"}},
    {"min", {{"list", TAKES_LIST}}, list_min, "The smallest value.", {"min([1, 2, 3]) = 1"}},
    {"min", {{"c", TAKES_MANY}}, list_min, "The smallest argument.", {"min(3, 1, 2) = 1"}},
    {"mode",
     {{"list", TAKES_LIST}},
     list_mode,
     "The most frequent numbers, smaller first.",
     {"mode([6, 1, 9, 6, 1]) = [1, 6]", "mode([]) = []"}},
    {"mode",
     {{"n", TAKES_MANY}},
     list_mode,
     "The most frequent arguments.",
     {"mode(6, 3, 6) = [6]"}},
    {"product",
     {{"list", TAKES_LIST}},
     list_product,
     "All numbers multiplied.",
     {"product([2, 3, 4]) = 24"}},
    {"product",
     {{"n", TAKES_MANY}},
     list_product,
     "All arguments multiplied.",
     {"product(2, 3) = 6"}},
    {"stddev",
     {{"list", TAKES_LIST}},
     list_stddev,
     "The standard deviation of a sample.",
     {"stddev([47]) = null", "stddev([2, 4, 7, 5]) = 2.081665999466132735282297706979931"}},
    {"stddev",
     {{"n", TAKES_MANY}},
     list_stddev,
     "The standard deviation of the arguments.",
     {"stddev(1, 1) = 0"}},
    {"sum", {{"list", TAKES_LIST}}, list_sum, "All numbers added.", {"sum([1, 2, 3]) = 6"}},
    {"sum", {{"n", TAKES_MANY}}, list_sum, "All arguments added.", {"sum(1, 2, 3) = 6"}},
};

const FeelFamily FEEL_STATISTIC_FUNCTIONS = FEEL_FAMILY(ROWS);
