/*
 * dmn_express.c - evaluates boxed expressions: each kind takes apart what dmn_boxed.c read.
 *
 * A box brings its variables in by a scope of its own around the one before.
 */
#include "dmn/dmn_internal.h"

#include <string.h>

enum { DEPTH_AT_MOST = 1000 };

static FeelValue one_variable(const DmnEnv *env, const char *name, FeelValue value)
{
    FeelContextBuilder builder = feel_context_begin(env->frame->run->arena);
    feel_context_put(&builder, name, value);
    return feel_context_end(&builder);
}

static FeelValue fit_part(const DmnEnv *env, const DmnExprPart *part)
{
    FeelValue value = dmn_express(env, part->expr);
    return dmn_fit(env, part->type, value, part->expr->line, part->name ? part->name : "the value");
}

/* ---- literals, contexts, lists --------------------------------------------------------------- */

static FeelValue express_literal(const DmnEnv *env, const DmnExpr *expr)
{
    if (!expr->feel)
        return dmn_finding(env, expr->line, "dmn.no_logic", "an expression is empty");
    return dmn_feel(env, expr->feel, env->scope, expr->line);
}

/* Each entry sees those before it. */
static FeelValue express_context(const DmnEnv *env, const DmnExpr *expr)
{
    DmnEnv inner = *env;
    FeelContextBuilder builder = feel_context_begin(env->frame->run->arena);
    list_each (const DmnExprPart, part, &expr->parts) {
        FeelValue value = fit_part(&inner, part);
        if (!part->name)
            return value;
        feel_context_put(&builder, part->name, value);
        inner.scope = dmn_scope(&inner, one_variable(env, part->name, value));
    }
    return feel_context_end(&builder);
}

static FeelValue express_list(const DmnEnv *env, const DmnExpr *expr)
{
    FeelValue *items = arena_array(env->frame->run->arena, FeelValue, expr->parts.count);
    for (size_t i = 0; i < expr->parts.count; i++)
        items[i] = fit_part(env, &expr->parts.items[i]);
    return feel_list(env->frame->run->arena, items, expr->parts.count);
}

static FeelValue express_relation(const DmnEnv *env, const DmnExpr *expr)
{
    Arena *arena = env->frame->run->arena;
    size_t columns = expr->column_count, rows = columns ? expr->parts.count / columns : 0;
    FeelValue *items = arena_array(arena, FeelValue, rows);
    for (size_t row = 0; row < rows; row++) {
        FeelContextBuilder builder = feel_context_begin(arena);
        for (size_t i = 0; i < columns; i++)
            feel_context_put(&builder, expr->columns[i],
                             fit_part(env, &expr->parts.items[row * columns + i]));
        items[row] = feel_context_end(&builder);
    }
    return feel_list(arena, items, rows);
}

/* ---- functions ------------------------------------------------------------------------------- */

static FeelValue express_invocation(const DmnEnv *env, const DmnExpr *expr)
{
    DmnRun *run = env->frame->run;
    FeelValue function = dmn_express(env, expr->a);
    const char **names = arena_array(run->arena, const char *, expr->parts.count);
    FeelValue *values = arena_array(run->arena, FeelValue, expr->parts.count);
    if (function.kind != FEEL_FUNCTION)
        return dmn_finding(env, expr->line, "dmn.not_callable",
                           "what is invoked is no function but %s", feel_kind_name(function));
    for (size_t i = 0; i < expr->parts.count; i++) {
        const DmnExprPart *part = &expr->parts.items[i];
        names[i] = part->name;
        values[i] = part->expr ? fit_part(env, part) : feel_null();
    }
    FeelValue value = expr->parts.count
                          ? feel_call_named(run->call, function, names, values, expr->parts.count)
                          : feel_call_function(run->call, function, NULL, 0);
    dmn_claim(run, env->node, expr->line);
    return value;
}

/* ---- conditions and iterators ---------------------------------------------------------------- */

static FeelValue express_if(const DmnEnv *env, const DmnExpr *expr)
{
    FeelValue condition = dmn_express(env, expr->a);
    if (condition.kind != FEEL_BOOLEAN && condition.kind != FEEL_NULL)
        return dmn_finding(env, expr->line, "dmn.condition",
                           "the condition is neither true nor false but %s",
                           feel_kind_name(condition));
    return dmn_express(env, feel_is_true(condition) ? expr->b : expr->c);
}

/* What is walked, as a list: a range as its items, one value as a list of it. False, and told, for
 * null. */
static bool walked(const DmnEnv *env, const DmnExpr *expr, FeelValue *out)
{
    FeelValue domain = dmn_express(env, expr->a);
    if (domain.kind == FEEL_RANGE)
        domain = dmn_feel(env, env->frame->run->model->walk,
                          dmn_scope(env, one_variable(env, "domain", domain)), expr->line);
    else if (domain.kind != FEEL_LIST && domain.kind != FEEL_NULL)
        domain = feel_list(env->frame->run->arena, &domain, 1);
    *out = domain;
    if (domain.kind == FEEL_LIST)
        return true;
    dmn_finding(env, expr->line, "dmn.not_list", "there is no list to go through");
    return false;
}

static FeelValue body_with(const DmnEnv *env, const DmnExpr *expr, FeelValue variables)
{
    DmnEnv inner = *env;
    inner.scope = dmn_scope(env, variables);
    return dmn_express(&inner, expr->b);
}

static bool uses_partial(const DmnExpr *body)
{
    const char *const *names;
    size_t count;
    if (body->kind != EXPR_LITERAL || !body->feel)
        return true;
    count = feel_free_names(body->feel, &names);
    for (size_t i = 0; i < count; i++)
        if (text_equal(names[i], "partial"))
            return true;
    return false;
}

static FeelValue express_for(const DmnEnv *env, const DmnExpr *expr)
{
    Arena *arena = env->frame->run->arena;
    FeelCall *call = env->frame->run->call;
    bool with_partial = uses_partial(expr->b);
    FeelValue domain;
    if (!walked(env, expr, &domain))
        return feel_null();
    FeelValue *items = arena_array(arena, FeelValue, feel_count(domain));
    for (size_t i = 0; i < feel_count(domain); i++) {
        FeelContextBuilder builder = feel_context_begin(arena);
        size_t walked_before = with_partial ? i : 0;
        if (!feel_call_spend(call, 1 + walked_before, walked_before * sizeof *items))
            return feel_null();
        feel_context_put(&builder, expr->name, feel_item(domain, i));
        if (with_partial)
            feel_context_put(&builder, "partial", feel_list(arena, items, i));
        items[i] = body_with(env, expr, feel_context_end(&builder));
    }
    return feel_list(arena, items, feel_count(domain));
}

/* `some` stops at the first true, `every` at the first false; null is no answer yet. What is no
 * boolean makes the whole null. */
static FeelValue express_quantified(const DmnEnv *env, const DmnExpr *expr)
{
    bool stop = expr->kind == EXPR_SOME, is_stopped = false, has_null = false;
    FeelValue domain;
    if (!walked(env, expr, &domain))
        return feel_null();
    for (size_t i = 0; i < feel_count(domain); i++) {
        FeelValue item = feel_item(domain, i);
        FeelValue value = body_with(env, expr, one_variable(env, expr->name, item));
        if (value.kind != FEEL_BOOLEAN && value.kind != FEEL_NULL)
            return dmn_finding(env, expr->line, "dmn.condition",
                               "a condition is neither true nor false but %s",
                               feel_kind_name(value));
        is_stopped |= value.kind == FEEL_BOOLEAN && value.as.boolean == stop;
        has_null |= value.kind == FEEL_NULL;
    }
    if (is_stopped)
        return feel_boolean(stop);
    return has_null ? feel_null() : feel_boolean(!stop);
}

/* The condition sees `item` and, in a context, its entries. */
static FeelValue matches_item(const DmnEnv *env, const DmnExpr *expr, FeelValue item)
{
    DmnEnv inner = *env;
    inner.scope = dmn_scope(env, one_variable(env, "item", item));
    if (item.kind == FEEL_CONTEXT)
        inner.scope = dmn_scope(&inner, item);
    return dmn_express(&inner, expr->b);
}

static FeelValue express_filter(const DmnEnv *env, const DmnExpr *expr)
{
    Arena *arena = env->frame->run->arena;
    FeelValue domain = dmn_express(env, expr->a);
    size_t kept = 0;
    if (domain.kind == FEEL_NULL)
        return feel_list(arena, NULL, 0);
    if (domain.kind != FEEL_LIST)
        domain = feel_list(arena, &domain, 1);
    FeelValue *items = arena_array(arena, FeelValue, feel_count(domain));
    for (size_t i = 0; i < feel_count(domain); i++) {
        FeelValue item = feel_item(domain, i), matches = matches_item(env, expr, item);
        if (matches.kind != FEEL_BOOLEAN && matches.kind != FEEL_NULL)
            return dmn_finding(env, expr->line, "dmn.condition",
                               "a condition is neither true nor false but %s",
                               feel_kind_name(matches));
        if (feel_is_true(matches))
            items[kept++] = item;
    }
    return feel_list(arena, items, kept);
}

/* ---- which it is ----------------------------------------------------------------------------- */

static FeelValue express_kind(const DmnEnv *env, const DmnExpr *expr)
{
    switch (expr->kind) {
    case EXPR_LITERAL: return express_literal(env, expr);
    case EXPR_TABLE: return dmn_run_table(env, expr->table);
    case EXPR_CONTEXT: return express_context(env, expr);
    case EXPR_LIST: return express_list(env, expr);
    case EXPR_RELATION: return express_relation(env, expr);
    case EXPR_FUNCTION: return dmn_closure(env, expr);
    case EXPR_INVOKE: return express_invocation(env, expr);
    case EXPR_IF: return express_if(env, expr);
    case EXPR_FILTER: return express_filter(env, expr);
    case EXPR_FOR: return express_for(env, expr);
    case EXPR_SOME:
    case EXPR_EVERY: return express_quantified(env, expr);
    default:
        return dmn_finding(env, expr->line, "dmn.expression",
                           "it could not be read: see the problems of the file");
    }
}

FeelValue dmn_express(const DmnEnv *env, const DmnExpr *expr)
{
    DmnRun *run = env->frame->run;
    if (run->is_stopped || !feel_call_spend(run->call, 1, 0))
        return feel_null();
    if (run->depth >= DEPTH_AT_MOST) {
        run->is_stopped = true;
        return dmn_finding(env, expr->line, "dmn.too_large",
                           "the evaluation was stopped: it goes too deep");
    }
    run->depth++;
    FeelValue value = express_kind(env, expr);
    run->depth--;
    if (expr->type && expr->kind != EXPR_FUNCTION)
        value = dmn_fit(env, expr->type, value, expr->line, "result");
    return value;
}
