/*
 * feel_eval.c - the walk over the checked tree: names, logic, conditions, lists, contexts, limits.
 *
 *     feel_evaluate -> Machine (limits) + Env (what can be seen) -> eval -> one function per node
 * kind
 *
 * Every visit costs a step and a level; when a limit is passed the machine stops and everything
 * above gives null without further work.
 */
#include "feel/feel_eval.h"

#include <stdarg.h>
#include <string.h>
#include "feel/feel_value.h"

const FeelLimits FEEL_LIMITS = {.steps = 1000000, .depth = 1000, .bytes = (size_t)16 * 1024 * 1024};

/* ---- limits and findings --------------------------------------------------------------------- */

Machine machine_start(const FeelScope *scope, Arena *arena, FeelFindings *findings)
{
    const FeelLimits *limits = scope && scope->limits ? scope->limits : &FEEL_LIMITS;
    return (Machine){.arena = arena,
                     .findings = findings,
                     .scope = scope,
                     .steps_left = limits->steps,
                     .depth_left = limits->depth,
                     .bytes_end = arena_used(arena) + limits->bytes};
}

static void stop(const Env *env, const FeelNode *node, const char *what)
{
    Machine *machine = env->machine;
    if (machine->is_stopped)
        return;
    (void)eval_fail(env, node, "feel.limit",
                    "The evaluation was stopped: it takes more %s than is "
                    "allowed.",
                    what);
    machine->is_stopped = true;
}

bool machine_spend(const Env *env, const FeelNode *node, size_t steps, size_t bytes)
{
    Machine *machine = env->machine;
    if (machine->is_stopped)
        return false;
    size_t used = arena_used(machine->arena);
    if (machine->steps_left < steps)
        stop(env, node, "steps");
    else if (used > machine->bytes_end || machine->bytes_end - used < bytes ||
             arena_is_over(machine->arena))
        stop(env, node, "memory");
    else
        machine->steps_left -= steps;
    return !machine->is_stopped;
}

FeelValue eval_fail_va(const Env *env, const FeelNode *node, const char *code, const char *format,
                       va_list args)
{
    FeelFindings *findings = env->machine->findings;
    env->machine->failures++;
    if (!findings || env->machine->is_stopped)
        return feel_null();
    /* A stop is always told, in the last place if need be. */
    bool is_full = findings->list.count >= FEEL_FINDINGS_MAX;
    if (is_full && strcmp(code, "feel.limit") != 0) {
        findings->dropped++;
        return feel_null();
    }
    FeelFinding finding = {.code = code,
                           .message = arena_vprintf(env->machine->arena, format, args),
                           .source = env->expression ? env->expression->source : "",
                           .offset = node ? node->offset : 0};
    source_position(finding.source, finding.offset, &finding.line, &finding.column);
    if (is_full)
        findings->list.items[FEEL_FINDINGS_MAX - 1] = finding;
    else
        list_add(env->machine->arena, &findings->list, finding);
    return feel_null();
}

FeelValue eval_fail(const Env *env, const FeelNode *node, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    FeelValue value = eval_fail_va(env, node, code, format, args);
    va_end(args);
    return value;
}

const char *value_shown(const Env *env, FeelValue value)
{
    if (value.kind == FEEL_LIST || value.kind == FEEL_CONTEXT || value.kind == FEEL_NULL ||
        value.kind == FEEL_FUNCTION || value_weight(value) > 4)
        return feel_kind_name(value);
    Buffer text = buffer_init(env->machine->arena, 80);
    value_write(&text, value, true);
    return text.is_over ? feel_kind_name(value)
                        : arena_printf(env->machine->arena, "%s %s", feel_kind_name(value),
                                       buffer_text(&text));
}

/* ---- names ----------------------------------------------------------------------------------- */

enum { FRAMES_OF_STEP = 32 };

bool eval_lookup(const Env *env, const FeelSymbol *symbol, FeelValue *out)
{
    const FeelValue *found;
    size_t walked = 0;
    for (const Frame *frame = env->frame; frame; frame = frame->outer) {
        if (++walked % FRAMES_OF_STEP == 0 && env->machine->steps_left)
            env->machine->steps_left--; /* a long way is work, too */
        if (frame->symbol == symbol) {
            *out = frame->value;
            return true;
        }
        if (!frame->symbol &&
            (found = feel_member_hashed(frame->value, symbol->text, symbol->hash))) {
            *out = *found;
            return true;
        }
    }
    for (const FeelScope *scope = env->scope; scope; scope = scope->parent)
        if ((found = feel_member_hashed(scope->variables, symbol->text, symbol->hash))) {
            *out = *found;
            return true;
        }
    return false;
}

static FeelValue eval_name(const Env *env, const FeelNode *node)
{
    FeelValue value;
    if (eval_lookup(env, node->as.symbol, &value))
        return value;
    if (node->as.symbol->builtin)
        return function_of_builtin(env, node->as.symbol);
    return eval_fail(env, node, "feel.unknown_name", "There is nothing named \"%s\" here.",
                     node->as.symbol->text);
}

static FeelValue eval_input(const Env *env, const FeelNode *node)
{
    if (env->has_input)
        return env->input;
    FeelSymbol symbol = {.text = "?", .length = 1, .hash = feel_hash("?")};
    FeelValue value;
    if (eval_lookup(env, &symbol, &value))
        return value;
    return eval_fail(env, node, "feel.no_input", "\"?\" has a meaning in unary tests only.");
}

static FeelValue eval_literal(const Env *env, const FeelNode *node)
{
    (void)env;
    return node->as.value;
}

static FeelValue eval_bad_at(const Env *env, const FeelNode *node)
{
    return eval_fail(env, node, "feel.literal",
                     "@\"%s\" is no date, time, date and time, or duration.",
                     node->as.value.as.string.text);
}

/* ---- logic ----------------------------------------------------------------------------------- */

static FeelTruth eval_truth(const Env *env, const FeelNode *node, const char *what)
{
    FeelValue value = eval(env, node);
    if (value.kind != FEEL_BOOLEAN && value.kind != FEEL_NULL)
        (void)eval_fail(env, node, "feel.operand", "%s needs true or false, and this is a %s.",
                        what, feel_kind_name(value));
    return feel_condition(value);
}

/* Table 50: three values; an answer that the other side cannot change is final. */
static FeelValue eval_logic(const Env *env, const FeelNode *node)
{
    bool is_and = node->kind == NODE_AND;
    const char *what = is_and ? "\"and\"" : "\"or\"";
    FeelTruth final = is_and ? FEEL_NO : FEEL_YES;
    FeelTruth left = eval_truth(env, node->left, what);
    if (left == final)
        return truth_value(final);
    FeelTruth right = eval_truth(env, node->right, what);
    if (right == final)
        return truth_value(final);
    return truth_value(left == FEEL_UNKNOWN ? left : right);
}

static FeelValue eval_if(const Env *env, const FeelNode *node)
{
    FeelValue condition = eval(env, node->left);
    if (condition.kind != FEEL_BOOLEAN)
        (void)eval_fail(env, node->left, "feel.condition",
                        "The condition is neither true nor false but a %s; \"else\" is taken.",
                        feel_kind_name(condition));
    return eval(env, feel_is_true(condition) ? node->right : node->as.third);
}

/* ---- lists and contexts ---------------------------------------------------------------------- */

static FeelValue eval_list(const Env *env, const FeelNode *node)
{
    if (!machine_spend(env, node, 0, node->count * sizeof(FeelValue)))
        return feel_null();
    FeelValue *items = arena_array(env->machine->arena, FeelValue, node->count);
    for (size_t i = 0; i < node->count; i++)
        items[i] = eval(env, node->items[i]);
    FeelValue list = list_over(env->machine->arena, items, node->count);
    if (list.kind != FEEL_LIST)
        return eval_fail(env, node, "feel.limit", "The list is too deep or too big.");
    return list;
}

static FeelValue eval_context(const Env *env, const FeelNode *node)
{
    Arena *arena = env->machine->arena;
    Env inner = *env;
    if (!machine_spend(env, node, 0, node->count * (sizeof(Frame) + 2 * sizeof(FeelEntry))))
        return feel_null();
    Frame *frames = arena_array(arena, Frame, node->count);
    FeelContextBuilder builder = feel_context_begin(arena);
    for (size_t i = 0; i < node->count; i++) {
        if (node->items[i] == node->right)
            return eval_fail(env, node->items[i], "feel.duplicate_key",
                             "The context has two entries named \"%s\".", node->symbols[i]->text);
        FeelValue value = eval(&inner, node->items[i]);
        feel_context_put(&builder, node->symbols[i]->text, value);
        frames[i] = (Frame){.outer = inner.frame, .symbol = node->symbols[i], .value = value};
        inner.frame = &frames[i];
    }
    FeelValue context = feel_context_end(&builder);
    if (context.kind != FEEL_CONTEXT)
        return eval_fail(env, node, "feel.limit", "The context is too deep or too big.");
    return context;
}

/* ---- dispatch -------------------------------------------------------------------------------- */

typedef FeelValue Evaluator(const Env *env, const FeelNode *node);

/* size: table */
static Evaluator *const EVALUATORS[NODE_KIND_COUNT] = {
    [NODE_LITERAL] = eval_literal,
    [NODE_BAD_AT] = eval_bad_at,
    [NODE_NAME] = eval_name,
    [NODE_INPUT] = eval_input,
    [NODE_NEGATE] = eval_negate,
    [NODE_ADD] = eval_arithmetic,
    [NODE_SUBTRACT] = eval_arithmetic,
    [NODE_MULTIPLY] = eval_arithmetic,
    [NODE_DIVIDE] = eval_arithmetic,
    [NODE_POWER] = eval_arithmetic,
    [NODE_EQUAL] = eval_comparison,
    [NODE_NOT_EQUAL] = eval_comparison,
    [NODE_LESS] = eval_comparison,
    [NODE_LESS_EQUAL] = eval_comparison,
    [NODE_GREATER] = eval_comparison,
    [NODE_GREATER_EQUAL] = eval_comparison,
    [NODE_AND] = eval_logic,
    [NODE_OR] = eval_logic,
    [NODE_BETWEEN] = eval_between,
    [NODE_IN] = eval_in,
    [NODE_INSTANCE_OF] = eval_instance_of,
    [NODE_PATH] = eval_path,
    [NODE_FILTER] = eval_filter,
    [NODE_CALL] = eval_call,
    [NODE_IF] = eval_if,
    [NODE_FOR] = eval_for,
    [NODE_SOME] = eval_quantified,
    [NODE_EVERY] = eval_quantified,
    [NODE_LIST] = eval_list,
    [NODE_CONTEXT] = eval_context,
    [NODE_FUNCTION] = eval_function,
    [NODE_RANGE] = eval_range,
    [NODE_UNARY] = eval_unary_range,
    [NODE_TESTS] = eval_tests,
};

enum { STEPS_BETWEEN_LOOKS = 16 }; /* memory is looked at where it is taken, and now and then */

/* One step: as machine_spend(env, node, 1, 0), most times without a call. */
static bool take_step(const Env *env, const FeelNode *node)
{
    Machine *machine = env->machine;
    if (machine->is_stopped || machine->steps_left % STEPS_BETWEEN_LOOKS == 0)
        return machine_spend(env, node, 1, 0);
    machine->steps_left--;
    return true;
}

FeelValue eval(const Env *env, const FeelNode *node)
{
    Machine *machine = env->machine;
    if (!take_step(env, node))
        return feel_null();
    if (machine->depth_left == 0) {
        stop(env, node, "levels");
        return feel_null();
    }
    machine->depth_left--;
    FeelValue value = EVALUATORS[node->kind](env, node);
    machine->depth_left++;
    return machine->is_stopped ? feel_null() : value;
}

/* ---- public ---------------------------------------------------------------------------------- */

FeelValue feel_evaluate(const FeelExpression *expression, const FeelScope *scope, Arena *arena,
                        FeelFindings *findings)
{
    FeelValue answer;
    if (constant_answer(expression, scope, &answer))
        return answer;
    expression = expression_whole(expression, arena);
    Machine machine = machine_start(scope, arena, findings);
    Env env = {.machine = &machine,
               .expression = expression,
               .scope = scope,
               .input = scope ? scope->input : feel_null(),
               .has_input = scope && scope->has_input};
    return eval(&env, expression->root);
}

FeelValue feel_invoke(FeelValue function, const FeelValue *arguments, size_t count,
                      const FeelScope *scope, Arena *arena, FeelFindings *findings)
{
    Machine machine = machine_start(scope, arena, findings);
    Env env = {.machine = &machine, .scope = scope};
    return function_call(&env, NULL, function, arguments, NULL, count);
}

bool feel_findings_error(const FeelFindings *findings, Arena *arena, Error *err)
{
    if (findings->list.count == 0)
        return error_set(err, ERROR_INVALID, .code = "feel.null",
                         .message = "The expression gives null.");
    const FeelFinding *first = &findings->list.items[0];
    return error_set(err, ERROR_INVALID, .code = first->code,
                     .message = arena_text(arena, first->message), .line = first->line,
                     .column = first->column);
}
