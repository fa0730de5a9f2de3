/*
 * feel_operators.c - arithmetic (10.3.2.7, tables 45 to 48), comparison, between, ranges.
 *
 * Numbers go first everywhere: they are what decision tables are made of.
 */
#include "feel/feel_eval.h"

#include <string.h>
#include "feel/feel_temporal.h"
#include "feel/feel_value.h"

static const char *sign_of_node(const FeelNode *node)
{
    static const char *const signs[NODE_KIND_COUNT] = {
        [NODE_ADD] = "+",           [NODE_SUBTRACT] = "-",       [NODE_MULTIPLY] = "*",
        [NODE_DIVIDE] = "/",        [NODE_POWER] = "**",         [NODE_EQUAL] = "=",
        [NODE_NOT_EQUAL] = "!=",    [NODE_LESS] = "<",           [NODE_LESS_EQUAL] = "<=",
        [NODE_GREATER] = ">",       [NODE_GREATER_EQUAL] = ">=", [NODE_NEGATE] = "-",
        [NODE_BETWEEN] = "between",
    };
    return signs[node->kind];
}

static FeelValue refuse(const Env *env, const FeelNode *node, FeelValue a, FeelValue b)
{
    return eval_fail(env, node, "feel.operand", "\"%s\" cannot take %s and %s.", sign_of_node(node),
                     value_shown(env, a), value_shown(env, b));
}

/* ---- arithmetic ------------------------------------------------------------------------------ */

static bool number_arithmetic(int kind, Decimal a, Decimal b, Decimal *out)
{
    switch (kind) {
    case NODE_ADD: return decimal_add(a, b, out);
    case NODE_SUBTRACT: return decimal_subtract(a, b, out);
    case NODE_MULTIPLY: return decimal_multiply(a, b, out);
    case NODE_DIVIDE: return decimal_divide(a, b, out);
    default: return decimal_power(a, b, out);
    }
}

static FeelValue refuse_zero(const Env *env, const FeelNode *node)
{
    return eval_fail(env, node, "feel.division_by_zero", "A division by zero has no result.");
}

static FeelValue calculate(const Env *env, const FeelNode *node, FeelValue a, FeelValue b)
{
    Decimal result;
    if (number_arithmetic(node->kind, a.as.number, b.as.number, &result))
        return feel_number(result);
    if (node->kind == NODE_DIVIDE && decimal_is_zero(b.as.number))
        return refuse_zero(env, node);
    return eval_fail(env, node, "feel.overflow", "The result of \"%s\" is no number of the range.",
                     sign_of_node(node));
}

static FeelValue concatenate(const Env *env, const FeelNode *node, FeelValue a, FeelValue b)
{
    size_t length = a.as.string.length + b.as.string.length;
    if (!machine_spend(env, node, length / 64, length))
        return feel_null();
    char *text = arena_alloc(env->machine->arena, length + 1);
    memcpy(text, a.as.string.text, a.as.string.length);
    memcpy(text + a.as.string.length, b.as.string.text, b.as.string.length);
    return string_over(text, length);
}

static bool is_duration(FeelValue value)
{
    return value.kind == FEEL_YEARS_MONTHS || value.kind == FEEL_DAYS_TIME;
}

static bool is_zero(FeelValue value)
{
    if (value.kind == FEEL_NUMBER)
        return decimal_is_zero(value.as.number);
    return (value.kind == FEEL_YEARS_MONTHS && value.as.months == 0) ||
           (value.kind == FEEL_DAYS_TIME && value.as.span.seconds == 0 &&
            value.as.span.nanosecond == 0);
}

/* Multiplication and division with durations; false when the kinds do not fit. */
static bool scale_duration(int kind, FeelValue a, FeelValue b, FeelValue *out)
{
    if (kind == NODE_MULTIPLY && is_duration(a) && b.kind == FEEL_NUMBER)
        return duration_multiply(a, b.as.number, out);
    if (kind == NODE_MULTIPLY && a.kind == FEEL_NUMBER && is_duration(b))
        return duration_multiply(b, a.as.number, out);
    if (kind == NODE_DIVIDE && is_duration(a) && b.kind == FEEL_NUMBER)
        return duration_divide(a, b.as.number, out);
    *out = feel_int(0);
    return kind == NODE_DIVIDE && is_duration(a) && is_duration(b) &&
           duration_ratio(a, b, &out->as.number);
}

FeelValue eval_arithmetic(const Env *env, const FeelNode *node)
{
    FeelValue a = eval(env, node->left), b = eval(env, node->right), result;
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER)
        return calculate(env, node, a, b);
    if (node->kind == NODE_ADD && a.kind == FEEL_STRING && b.kind == FEEL_STRING)
        return concatenate(env, node, a, b);
    bool is_done = node->kind == NODE_ADD        ? temporal_add(a, b, &result)
                   : node->kind == NODE_SUBTRACT ? temporal_subtract(a, b, &result)
                                                 : scale_duration(node->kind, a, b, &result);
    if (is_done)
        return result;
    if (node->kind == NODE_DIVIDE && is_duration(a) && is_zero(b))
        return refuse_zero(env, node);
    return refuse(env, node, a, b);
}

FeelValue eval_negate(const Env *env, const FeelNode *node)
{
    FeelValue value = eval(env, node->left), result;
    if (value.kind == FEEL_NUMBER)
        return feel_number(decimal_negate(value.as.number));
    if (is_duration(value) && duration_negate(value, &result))
        return result;
    return eval_fail(env, node, "feel.operand", "\"-\" cannot take %s.", value_shown(env, value));
}

/* ---- comparison ------------------------------------------------------------------------------ */

static char operator_of(int kind)
{
    switch (kind) {
    case NODE_EQUAL: return '=';
    case NODE_NOT_EQUAL: return '!';
    case NODE_LESS: return '<';
    case NODE_LESS_EQUAL: return 'l';
    case NODE_GREATER: return '>';
    default: return 'g';
    }
}

/* Comparing big lists and contexts is work for each value inside. */
static bool pay_for(const Env *env, const FeelNode *node, FeelValue a, FeelValue b)
{
    uint32_t left = value_weight(a), right = value_weight(b);
    return machine_spend(env, node, left < right ? left : right, 0);
}

FeelValue eval_comparison(const Env *env, const FeelNode *node)
{
    FeelValue a = eval(env, node->left), b = eval(env, node->right);
    if (!pay_for(env, node, a, b))
        return feel_null();
    FeelTruth truth = compare_by(operator_of(node->kind), a, b);
    return truth == FEEL_UNKNOWN ? refuse(env, node, a, b) : truth_value(truth);
}

FeelValue eval_between(const Env *env, const FeelNode *node)
{
    FeelValue value = eval(env, node->left);
    FeelValue low = eval(env, node->right), high = eval(env, node->as.third);
    FeelTruth above = compare_by('g', value, low), below = compare_by('l', value, high);
    if (above == FEEL_UNKNOWN)
        return refuse(env, node, value, low);
    if (below == FEEL_UNKNOWN)
        return refuse(env, node, value, high);
    return feel_boolean(above == FEEL_YES && below == FEEL_YES);
}

/* ---- ranges ---------------------------------------------------------------------------------- */

FeelValue eval_range(const Env *env, const FeelNode *node)
{
    FeelValue low = eval(env, node->left), high = eval(env, node->right);
    FeelValue range = feel_range(env->machine->arena, low, node->mark & RANGE_LOW_INCLUDED, high,
                                 node->mark & RANGE_HIGH_INCLUDED);
    if (range.kind == FEEL_RANGE)
        return range;
    return eval_fail(env, node, "feel.operand", "There is no interval from %s to %s.",
                     value_shown(env, low), value_shown(env, high));
}

/* "(< 10)" as a value: the interval of all that it holds for. */
FeelValue eval_unary_range(const Env *env, const FeelNode *node)
{
    FeelValue end = eval(env, node->left);
    char comparison = node->mark;
    /* nothing that nests: walks over values count on ranges being flat */
    bool takes_boolean = comparison == '=' || comparison == '!';
    if (!kind_is_ordered(end.kind) && !(takes_boolean && end.kind == FEEL_BOOLEAN))
        return eval_fail(env, node, "feel.operand", "There is no interval that ends with %s.",
                         value_shown(env, end));
    FeelRange range = {.comparison = comparison};
    if (comparison != '<' && comparison != 'l')
        range.low = end;
    if (comparison != '>' && comparison != 'g')
        range.high = end;
    range.is_low_included = comparison == 'g' || comparison == '=';
    range.is_high_included = comparison == 'l' || comparison == '=';
    return range_over(env->machine->arena, range);
}
