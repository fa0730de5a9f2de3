/*
 * feel_unary.c - unary tests (rules 13 to 15) and the operator `in`, which shares them.
 *
 * A test is true for an input when it says so of `?`, when it is an interval or comparison that
 * holds the input, a list that contains it, or a value that equals it.
 */
#include "feel/feel_eval.h"

#include "feel/feel_value.h"

static FeelTruth list_has(const FeelList *list, FeelValue input)
{
    FeelTruth truth = FEEL_NO;
    for (size_t i = 0; i < list->count; i++) {
        FeelValue item = list->items[i];
        FeelTruth one = item.kind == FEEL_RANGE && input.kind != FEEL_RANGE
                            ? feel_range_has(item, input)
                            : feel_equal(input, item);
        if (one == FEEL_YES)
            return FEEL_YES;
    }
    return truth;
}

static FeelTruth test_list(const FeelList *list, FeelValue input)
{
    if (input.kind == FEEL_LIST &&
        feel_equal(input, (FeelValue){.kind = FEEL_LIST, .as.list = list}) == FEEL_YES)
        return FEEL_YES;
    return list_has(list, input);
}

static FeelTruth unknown(const Env *env, const FeelNode *node, FeelValue input, FeelValue value)
{
    (void)eval_fail(env, node, "feel.operand", "The test compares %s with %s.",
                    value_shown(env, input), value_shown(env, value));
    return FEEL_UNKNOWN;
}

/* A boolean answers the test itself when the test asks about `?`, or when the input is no boolean
 * that it could be meant to equal. */
static bool is_answer(const FeelNode *node, FeelValue input, FeelValue value)
{
    if (value.kind != FEEL_BOOLEAN)
        return false;
    return node->uses_input || (input.kind != FEEL_BOOLEAN && node->kind != NODE_LITERAL);
}

FeelTruth value_test(FeelValue value, FeelValue input)
{
    if (value.kind == FEEL_RANGE && input.kind != FEEL_RANGE)
        return feel_range_has(value, input);
    if (value.kind == FEEL_LIST)
        return test_list(value.as.list, input);
    return feel_equal(input, value);
}

static FeelTruth compare_test(const FeelNode *node, FeelValue input, FeelValue value)
{
    return is_answer(node, input, value) ? feel_condition(value) : value_test(value, input);
}

static FeelTruth run_test(const Env *env, const FeelNode *node)
{
    FeelValue input = env->input, value;
    FeelTruth truth;
    if (node->kind == NODE_UNARY) {
        value = eval(env, node->left);
        truth = compare_by(node->mark, input, value);
    } else {
        value = eval(env, node);
        if (value.kind == FEEL_NULL && node->kind != NODE_LITERAL && node->uses_input)
            return FEEL_UNKNOWN; /* eval has told why */
        if (!machine_spend(env, node, value_weight(value), 0))
            return FEEL_UNKNOWN;
        truth = compare_test(node, input, value);
    }
    return truth == FEEL_UNKNOWN ? unknown(env, node, input, value) : truth;
}

/* One true test is enough; without one, a test that had no answer leaves none. */
static FeelTruth run_tests(const Env *env, const FeelNode *node)
{
    FeelTruth truth = FEEL_NO;
    for (size_t i = 0; i < node->count; i++) {
        FeelTruth one = run_test(env, node->items[i]);
        if (one == FEEL_YES)
            return FEEL_YES;
        if (one == FEEL_UNKNOWN)
            truth = FEEL_UNKNOWN;
    }
    return truth;
}

FeelValue eval_in(const Env *env, const FeelNode *node)
{
    Env inner = *env;
    inner.input = eval(env, node->left);
    inner.has_input = true;
    return truth_value(run_tests(&inner, node));
}

FeelValue eval_tests(const Env *env, const FeelNode *node)
{
    if (node->count == 0)
        return FEEL_TRUE;
    if (!env->has_input)
        return eval_fail(env, node, "feel.no_input", "There is no value to test.");
    FeelTruth truth = run_tests(env, node);
    return truth_value(node->is_negated ? truth_not(truth) : truth);
}
