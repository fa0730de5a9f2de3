/* feel_builtins_lists.c - functions that take lists apart and put them together (10.3.4.4). */
#include "feel/feel_builtins.h"

#include <string.h>
#include "feel/feel_value.h"

static FeelValue sized_list(FeelCall *call, const FeelValue *items, size_t count)
{
    FeelValue list = list_over(feel_call_arena(call), items, count);
    return list.kind == FEEL_LIST
               ? list
               : feel_fail(call, "feel.limit", "the list is too deep or too big");
}

/* Equality as a yes or no, with its work paid. */
static bool is_same(FeelCall *call, FeelValue a, FeelValue b)
{
    uint32_t left = value_weight(a), right = value_weight(b);
    return feel_call_spend(call, left < right ? left : right, 0) && feel_equal(a, b) == FEEL_YES;
}

static bool has_value(FeelCall *call, const FeelValue *items, size_t count, FeelValue value)
{
    for (size_t i = 0; i < count; i++)
        if (is_same(call, items[i], value))
            return true;
    return false;
}

static FeelValue list_contains(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    return feel_boolean(has_value(call, list->items, list->count, feel_argument(call, 1)));
}

static FeelValue list_count(FeelCall *call)
{
    return feel_int((int64_t)argument_list(call, 0)->count);
}

static FeelValue list_sublist(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    int64_t position, length = 0;
    size_t start;
    bool has_length = feel_argument(call, 2).kind != FEEL_NULL;
    if (!argument_whole(call, 1, &position) || (has_length && !argument_whole(call, 2, &length)))
        return feel_null();
    if (!position_index(position, list->count, &start))
        return feel_fail(call, "feel.index", "the list has no item %lld", (long long)position);
    size_t rest = list->count - start;
    if (has_length && (length < 0 || (uint64_t)length > rest))
        return feel_fail(call, "feel.index", "there are only %zu items from there", rest);
    return sized_list(call, list->items + start, has_length ? (size_t)length : rest);
}

static void put_all(ListBuilder *builder, const FeelList *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (!list_put(builder, list->items[i]))
            return;
}

static FeelValue list_append(FeelCall *call)
{
    ListBuilder builder = list_begin(call);
    put_all(&builder, argument_list(call, 0));
    put_all(&builder, argument_list(call, 1));
    return list_end(&builder);
}

/* Puts the items of all lists; a single value counts as a list of one. */
static bool put_lists(ListBuilder *builder, const FeelList *lists, bool only_new)
{
    for (size_t i = 0; i < lists->count; i++) {
        FeelValue value = lists->items[i];
        FeelList single = {.count = 1, .items = &value};
        const FeelList *list = value.kind == FEEL_LIST ? value.as.list : &single;
        if (value.kind == FEEL_NULL) {
            (void)feel_fail(builder->call, "feel.argument", "every argument must be a list");
            return false;
        }
        for (size_t at = 0; at < list->count; at++)
            if ((!only_new || !has_value(builder->call, builder->items.items, builder->items.count,
                                         list->items[at])) &&
                !list_put(builder, list->items[at]))
                return false;
    }
    return true;
}

static FeelValue list_concatenate(FeelCall *call)
{
    ListBuilder builder = list_begin(call);
    return put_lists(&builder, argument_list(call, 0), false) ? list_end(&builder) : feel_null();
}

static FeelValue list_union(FeelCall *call)
{
    ListBuilder builder = list_begin(call);
    return put_lists(&builder, argument_list(call, 0), true) ? list_end(&builder) : feel_null();
}

static FeelValue list_distinct(FeelCall *call)
{
    ListBuilder builder = list_begin(call);
    const FeelList *list = argument_list(call, 0);
    for (size_t i = 0; i < list->count && !builder.is_over; i++)
        if (!has_value(call, builder.items.items, builder.items.count, list->items[i]))
            list_put(&builder, list->items[i]);
    return list_end(&builder);
}

/* The place of an item that must exist; false with a finding. */
static bool existing_index(FeelCall *call, size_t argument, size_t *out_index)
{
    int64_t position;
    if (!argument_whole(call, argument, &position))
        return false;
    if (position_index(position, argument_list(call, 0)->count, out_index))
        return true;
    (void)feel_fail(call, "feel.index", "the list has no item %lld", (long long)position);
    return false;
}

static FeelValue list_insert_before(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    ListBuilder builder = list_begin(call);
    size_t index;
    if (!existing_index(call, 1, &index))
        return feel_null();
    for (size_t i = 0; i < list->count; i++) {
        if (i == index)
            list_put(&builder, feel_argument(call, 2));
        list_put(&builder, list->items[i]);
    }
    return list_end(&builder);
}

static FeelValue list_remove(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    ListBuilder builder = list_begin(call);
    size_t index;
    if (!existing_index(call, 1, &index))
        return feel_null();
    for (size_t i = 0; i < list->count; i++)
        if (i != index)
            list_put(&builder, list->items[i]);
    return list_end(&builder);
}

static FeelValue replace_at(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    ListBuilder builder = list_begin(call);
    size_t index;
    if (!existing_index(call, 1, &index))
        return feel_null();
    for (size_t i = 0; i < list->count; i++)
        list_put(&builder, i == index ? feel_argument(call, 2) : list->items[i]);
    return list_end(&builder);
}

static FeelValue replace_matching(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    ListBuilder builder = list_begin(call);
    for (size_t i = 0; i < list->count; i++) {
        FeelValue pair[] = {list->items[i], feel_argument(call, 2)};
        FeelValue answer = feel_call_function(call, feel_argument(call, 1), pair, 2);
        if (answer.kind != FEEL_BOOLEAN)
            return feel_fail(call, "feel.condition", "\"match\" gave neither true nor false");
        list_put(&builder, answer.as.boolean ? pair[1] : pair[0]);
    }
    return list_end(&builder);
}

static FeelValue list_reverse(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    ListBuilder builder = list_begin(call);
    for (size_t i = list->count; i-- > 0;)
        if (!list_put(&builder, list->items[i]))
            break;
    return list_end(&builder);
}

static FeelValue list_index_of(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    ListBuilder builder = list_begin(call);
    for (size_t i = 0; i < list->count; i++)
        if (is_same(call, list->items[i], feel_argument(call, 1)))
            list_put(&builder, feel_int((int64_t)i + 1));
    return list_end(&builder);
}

static void put_flat(ListBuilder *builder, const FeelList *list)
{
    for (size_t i = 0; i < list->count && !builder->is_over; i++) {
        if (list->items[i].kind == FEEL_LIST)
            put_flat(builder, list->items[i].as.list);
        else
            list_put(builder, list->items[i]);
    }
}

static FeelValue list_flatten(FeelCall *call)
{
    ListBuilder builder = list_begin(call);
    put_flat(&builder, argument_list(call, 0));
    return list_end(&builder);
}

/* ---- sort ------------------------------------------------------------------------------------ */

typedef struct Sorting {
    FeelCall *call;
    FeelValue precedes; /* a function, or null: smaller first */
    bool is_broken;
} Sorting;

static bool comes_first(Sorting *sorting, FeelValue a, FeelValue b)
{
    int order;
    if (sorting->precedes.kind == FEEL_NULL) {
        sorting->is_broken |= !feel_order(a, b, &order);
        return !sorting->is_broken && order < 0;
    }
    FeelValue pair[] = {a, b};
    FeelValue answer = feel_call_function(sorting->call, sorting->precedes, pair, 2);
    sorting->is_broken |= answer.kind != FEEL_BOOLEAN;
    return feel_is_true(answer);
}

/* Stable: an item from the right goes first only when it precedes. */
static void merge(Sorting *sorting, const FeelValue *left, const FeelValue *middle,
                  const FeelValue *end, FeelValue *out)
{
    const FeelValue *right = middle;
    while (left < middle && right < end && !sorting->is_broken) {
        if (!feel_call_spend(sorting->call, 1, 0))
            sorting->is_broken = true;
        *out++ = comes_first(sorting, *right, *left) ? *right++ : *left++;
    }
    while (left < middle)
        *out++ = *left++;
    while (right < end)
        *out++ = *right++;
}

static FeelValue list_sort(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    Sorting sorting = {.call = call, .precedes = feel_argument(call, 1)};
    size_t count = list->count, bytes = count * sizeof(FeelValue);
    if (!feel_call_spend(call, count, 2 * bytes))
        return feel_null();
    FeelValue *from = arena_copy(feel_call_arena(call), list->items, bytes);
    FeelValue *to = arena_alloc(feel_call_arena(call), bytes);
    for (size_t width = 1; width < count && !sorting.is_broken; width *= 2) {
        for (size_t at = 0; at < count; at += 2 * width) {
            size_t middle = at + width < count ? at + width : count;
            size_t end = middle + width < count ? middle + width : count;
            merge(&sorting, from + at, from + middle, from + end, to + at);
        }
        FeelValue *swap = from;
        from = to;
        to = swap;
    }
    if (sorting.is_broken)
        return feel_fail(call, "feel.condition", "two items have no order");
    return sized_list(call, from, count);
}

/* size: table */
static const FeelNative ROWS[] = {
    {"append",
     {{"list", TAKES_LIST}, {"item", FEEL_TAKES_ANY | FEEL_VARIADIC}},
     list_append,
     "The list with the items behind it.",
     {"append([1], 2, 3) = [1, 2, 3]"}},
    {"concatenate",
     {{"list", FEEL_TAKES_ANY | FEEL_VARIADIC}},
     list_concatenate,
     "One list of the items of all lists.",
     {"concatenate([1, 2], [3]) = [1, 2, 3]"}},
    {"count",
     {{"list", TAKES_LIST}},
     list_count,
     "The number of items.",
     {"count([1, 2, 3]) = 3", "count([]) = 0"}},
    {"distinct values",
     {{"list", TAKES_LIST}},
     list_distinct,
     "The list without repeated values.",
     {"distinct values([1, 2, 3, 2, 1]) = [1, 2, 3]"}},
    {"flatten",
     {{"list", TAKES_LIST}},
     list_flatten,
     "The values of all nested lists as one list.",
     {"flatten([[1, 2], [[3]], 4]) = [1, 2, 3, 4]"}},
    {"index of",
     {{"list", TAKES_LIST}, {"match", FEEL_TAKES_ANY}},
     list_index_of,
     "The positions at which a value stands.",
     {"index of([1, 2, 3, 2], 2) = [2, 4]"}},
    {"insert before",
     {{"list", TAKES_LIST}, {"position", TAKES_NUMBER}, {"newItem", FEEL_TAKES_ANY}},
     list_insert_before,
     "The list with a new item before a position.",
     {"insert before([1, 3], 1, 2) = [2, 1, 3]"}},
    {"list contains",
     {{"list", TAKES_LIST}, {"element", FEEL_TAKES_ANY}},
     list_contains,
     "Whether a value is in the list.",
     {"list contains([1, 2, 3], 2) = true", "list contains([1, null], null) = true"}},
    {"list replace",
     {{"list", TAKES_LIST}, {"position", TAKES_NUMBER}, {"newItem", FEEL_TAKES_ANY}},
     replace_at,
     "The list with the item at a position replaced.",
     {"list replace([2, 4, 7, 8], 3, 6) = [2, 4, 6, 8]"}},
    {"list replace",
     {{"list", TAKES_LIST}, {"match", TAKES_FUNCTION}, {"newItem", FEEL_TAKES_ANY}},
     replace_matching,
     "The list with every item replaced for which match(item, newItem) is true.",
     {"list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) = [5, 5, 7, 8]"}},
    {"remove",
     {{"list", TAKES_LIST}, {"position", TAKES_NUMBER}},
     list_remove,
     "The list without the item at a position.",
     {"remove([1, 2, 3], 2) = [1, 3]"}},
    {"reverse",
     {{"list", TAKES_LIST}},
     list_reverse,
     "The list from the last item to the first.",
     {"reverse([1, 2, 3]) = [3, 2, 1]"}},
    {"sort",
     {{"list", TAKES_LIST}, {"precedes", TAKES_FUNCTION | FEEL_OPTIONAL}},
     list_sort,
     "The list in the order of precedes(a, b), or smaller values first.",
     {"sort([3, 1, 4, 5, 2], function(x, y) x < y) = [1, 2, 3, 4, 5]"}},
    {"sublist",
     {{"list", TAKES_LIST},
      {"start position", TAKES_NUMBER},
      {"length", TAKES_NUMBER | FEEL_OPTIONAL}},
     list_sublist,
     "The items from a position on, all or a number of them.",
     {"sublist([4, 5, 6], 1, 2) = [4, 5]", "sublist([4, 5, 6], -2) = [5, 6]"}},
    {"union",
     {{"list", FEEL_TAKES_ANY | FEEL_VARIADIC}},
     list_union,
     "One list of the items of all lists, without repeated values.",
     {"union([1, 2], [2, 3]) = [1, 2, 3]"}},
};

const FeelFamily FEEL_LIST_FUNCTIONS = FEEL_FAMILY(ROWS);
