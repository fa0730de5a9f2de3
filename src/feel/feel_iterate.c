/*
 * feel_iterate.c - for, some, every and filters.
 *
 *     domains (lists, counted ranges; never made into lists) -> one frame per variable -> visit
 *
 * A frame is used again for each round, unless a closure may keep it: then every round has its own.
 */
#include "feel/feel_eval.h"

#include "feel/feel_temporal.h"
#include "feel/feel_value.h"

/* ---- domains --------------------------------------------------------------------------------- */

typedef struct Domain {
    const FeelValue *items; /* of a list, else NULL */
    FeelValue single;
    int64_t first; /* of a counted domain: numbers, or days of dates */
    int64_t step;
    bool is_dates;
    size_t count;
} Domain;

static FeelValue domain_item(const Domain *domain, size_t index)
{
    if (domain->items)
        return domain->items[index];
    int64_t number = domain->first + domain->step * (int64_t)index;
    FeelValue date = {0};
    if (!domain->is_dates)
        return feel_int(number);
    return civil_from_days(number, &date) ? date : feel_null();
}

/* The whole numbers or days from low to high, which may count down. */
static bool count_between(FeelValue low, FeelValue high, Domain *out)
{
    int64_t first, last;
    if (low.kind == FEEL_DATE && high.kind == FEEL_DATE) {
        first = civil_to_days(low.year, low.month, low.day);
        last = civil_to_days(high.year, high.month, high.day);
        out->is_dates = true;
    } else if (!feel_to_int64(low, &first) || !feel_to_int64(high, &last)) {
        return false;
    }
    int64_t distance;
    if (__builtin_sub_overflow(last, first, &distance) || distance == INT64_MAX ||
        distance < -INT64_MAX)
        return false;
    out->first = first;
    out->step = distance < 0 ? -1 : 1;
    out->count = (size_t)(distance < 0 ? -distance : distance) + 1;
    return true;
}

/* An interval as a value has its low end first; ends that are not included are left out. */
static bool count_range(const FeelRange *range, Domain *out)
{
    if (!count_between(range->low, range->high, out) || out->step < 0)
        return false;
    size_t left_out = (size_t)!range->is_low_included + (size_t)!range->is_high_included;
    out->first += !range->is_low_included;
    out->count = out->count > left_out ? out->count - left_out : 0;
    return true;
}

static bool refuse_ends(const Env *env, const FeelNode *node, FeelValue low, FeelValue high)
{
    (void)eval_fail(env, node, "feel.operand", "Nothing counts from %s to %s.",
                    value_shown(env, low), value_shown(env, high));
    return false;
}

static bool domain_open(const Env *env, const FeelNode *node, Domain *out)
{
    *out = (Domain){0};
    if (node->kind == NODE_RANGE && node->mark == RANGE_ITERATION) {
        FeelValue low = eval(env, node->left), high = eval(env, node->right);
        return count_between(low, high, out) || refuse_ends(env, node, low, high);
    }
    FeelValue value = eval(env, node);
    if (value.kind == FEEL_RANGE)
        return count_range(value.as.range, out) ||
               refuse_ends(env, node, value.as.range->low, value.as.range->high);
    if (value.kind == FEEL_NULL) {
        (void)eval_fail(env, node, "feel.not_list", "The list to go through is null.");
        return false;
    }
    out->single = value;
    out->items = value.kind == FEEL_LIST ? value.as.list->items : &out->single;
    out->count = value.kind == FEEL_LIST ? value.as.list->count : 1;
    return true;
}

/* ---- rounds ---------------------------------------------------------------------------------- */

typedef struct Loop {
    const FeelNode *node;
    bool (*visit)(struct Loop *loop, const Env *env); /* false: no more rounds */
    bool is_broken;                                   /* a domain was none: the result is null */
    /* of for */
    LIST(FeelValue) results;
    uint32_t weight;
    uint32_t depth;
    /* of some and every */
    FeelTruth truth;
} Loop;

static bool run_level(Loop *loop, const Env *env, size_t level);

static bool run_rounds(Loop *loop, const Env *env, size_t level, const Domain *domain)
{
    Env inner = *env;
    Frame reused;
    Frame *frame = &reused;
    for (size_t i = 0; i < domain->count; i++) {
        if (!machine_spend(env, loop->node, 1, 0))
            return false;
        if (loop->node->makes_functions)
            frame = arena_new(env->machine->arena, Frame);
        *frame = (Frame){.outer = env->frame,
                         .symbol = loop->node->symbols[level],
                         .value = domain_item(domain, i)};
        inner.frame = frame;
        if (!run_level(loop, &inner, level + 1))
            return false;
    }
    return true;
}

static bool run_level(Loop *loop, const Env *env, size_t level)
{
    Domain domain;
    Machine *machine = env->machine;
    if (level == loop->node->count)
        return loop->visit(loop, env);
    if (!domain_open(env, loop->node->items[level], &domain)) {
        loop->is_broken = true;
        return false;
    }
    if (machine->depth_left == 0)
        return !machine_spend(env, loop->node, SIZE_MAX, 0);
    machine->depth_left--;
    bool goes_on = run_rounds(loop, env, level, &domain);
    machine->depth_left++;
    return goes_on;
}

/* ---- for ------------------------------------------------------------------------------------- */

/* What was computed so far, as a list that shares the items. */
static FeelValue partial_list(const Loop *loop, Arena *arena)
{
    FeelList *list = arena_new(arena, FeelList);
    *list = (FeelList){.count = loop->results.count,
                       .weight = loop->weight,
                       .depth = loop->depth,
                       .items = loop->results.items};
    return (FeelValue){.kind = FEEL_LIST, .as.list = list};
}

static bool collect(Loop *loop, const Env *env)
{
    Env inner = *env;
    Arena *arena = env->machine->arena;
    if (env->expression->uses_partial) {
        Frame *frame = arena_new(arena, Frame);
        *frame = (Frame){.outer = env->frame,
                         .symbol = env->expression->partial,
                         .value = partial_list(loop, arena)};
        inner.frame = frame;
    }
    FeelValue value = eval(&inner, loop->node->right);
    if (!machine_spend(env, loop->node, 0, 2 * loop->results.count * sizeof value))
        return false;
    list_add(arena, &loop->results, value);
    loop->weight += value_weight(value);
    if (value_depth(value) >= loop->depth)
        loop->depth = value_depth(value) + 1;
    if (loop->weight <= FEEL_VALUE_WEIGHT && loop->depth <= FEEL_VALUE_DEPTH)
        return true;
    loop->is_broken = true;
    (void)eval_fail(env, loop->node, "feel.limit", "The list is too deep or too big.");
    return false;
}

FeelValue eval_for(const Env *env, const FeelNode *node)
{
    Loop loop = {.node = node, .visit = collect, .weight = 1, .depth = 1};
    (void)run_level(&loop, env, 0);
    if (loop.is_broken || env->machine->is_stopped)
        return feel_null();
    return partial_list(&loop, env->machine->arena);
}

/* ---- some, every ----------------------------------------------------------------------------- */

/* `some` is a disjunction and `every` a conjunction over all rounds (table 50). */
static bool ask(Loop *loop, const Env *env)
{
    FeelTruth final = loop->node->kind == NODE_SOME ? FEEL_YES : FEEL_NO;
    FeelTruth truth = feel_condition(eval(env, loop->node->right));
    if (truth == final || truth == FEEL_UNKNOWN)
        loop->truth = truth;
    return truth != final;
}

FeelValue eval_quantified(const Env *env, const FeelNode *node)
{
    Loop loop = {.node = node, .visit = ask, .truth = node->kind == NODE_SOME ? FEEL_NO : FEEL_YES};
    (void)run_level(&loop, env, 0);
    if (loop.is_broken)
        return feel_null();
    if (loop.truth == FEEL_UNKNOWN)
        return eval_fail(env, node, "feel.condition",
                         "A condition behind \"satisfies\" is neither true nor false.");
    return truth_value(loop.truth);
}

/* ---- filters --------------------------------------------------------------------------------- */

/* Positions count from 1, or from -1 backwards. */
static FeelValue item_at(const Env *env, const FeelNode *node, const FeelList *list,
                         FeelValue index)
{
    int64_t position;
    if (!feel_to_int64(index, &position))
        return eval_fail(env, node->right, "feel.index", "A position in a list is a whole number.");
    int64_t count = (int64_t)list->count;
    if (position >= 1 && position <= count)
        return list->items[position - 1];
    if (position <= -1 && position >= -count)
        return list->items[count + position];
    return eval_fail(env, node->right, "feel.index", "The list has no item %lld; it has %lld.",
                     (long long)position, (long long)count);
}

/* The condition for one item: `item`, and the item's members when it is a context. */
static FeelValue ask_item(const Env *env, const FeelNode *node, FeelValue item)
{
    Frame frames[2];
    Frame *frame = frames;
    Env inner = *env;
    if (node->makes_functions)
        frame = arena_array(env->machine->arena, Frame, 2);
    frame[0] = (Frame){.outer = env->frame, .symbol = env->expression->item, .value = item};
    frame[1] = (Frame){.outer = &frame[0], .value = item};
    inner.frame = item.kind == FEEL_CONTEXT ? &frame[1] : &frame[0];
    return eval(&inner, node->right);
}

static FeelValue select_items(const Env *env, const FeelNode *node, const FeelList *list,
                              FeelValue first)
{
    Arena *arena = env->machine->arena;
    LIST(FeelValue) kept = {0};
    for (size_t i = 0; i < list->count; i++) {
        FeelValue answer = i == 0 ? first : ask_item(env, node, list->items[i]);
        if (!feel_is_true(answer))
            continue;
        if (!machine_spend(env, node, 0, 2 * kept.count * sizeof answer))
            return feel_null();
        list_add(arena, &kept, list->items[i]);
    }
    return env->machine->is_stopped ? feel_null() : list_over(arena, kept.items, kept.count);
}

/* What stands in brackets is a position when it gives a number, else a condition for each item. */
FeelValue eval_filter(const Env *env, const FeelNode *node)
{
    FeelValue value = eval(env, node->left);
    if (value.kind == FEEL_NULL)
        return eval_fail(env, node, "feel.not_list", "There is no list to take from: it is null.");
    FeelList single = {.count = 1, .items = &value};
    const FeelList *list = value.kind == FEEL_LIST ? value.as.list : &single;
    if (node->right->kind == NODE_LITERAL && node->right->as.value.kind == FEEL_NUMBER)
        return item_at(env, node, list, node->right->as.value);
    if (list->count == 0)
        return list_over(env->machine->arena, NULL, 0);
    FeelValue first = ask_item(env, node, list->items[0]);
    if (first.kind == FEEL_NUMBER)
        return item_at(env, node, list, first);
    return select_items(env, node, list, first);
}
