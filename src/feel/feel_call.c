/*
 * feel_call.c - functions: built-ins, functions of the host, closures.
 *
 *     callee + arguments -> a row whose parameters they fit (placed, converted, checked) -> its
 * body
 *                        -> or a closure: parameters become frames, the body is evaluated
 */
#include "feel/feel_eval.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>
#include "feel/feel_builtins.h"
#include "feel/feel_temporal.h"
#include "feel/feel_value.h"

/* The arguments of one call as they were written. */
typedef struct Arguments {
    const FeelValue *values;
    const char *const *names; /* NULL when they go by position */
    size_t count;
} Arguments;

/* What kept a row from being taken, for the message. */
typedef struct Misfit {
    const FeelNative *row;
    const FeelParameter *parameter; /* NULL: the number or the names of the arguments */
    FeelValue value;
} Misfit;

static size_t parameter_count(const FeelNative *row)
{
    size_t count = 0;
    while (count < FEEL_PARAMETERS_MAX && row->parameters[count].name)
        count++;
    return count;
}

/* ---- placing and converting ------------------------------------------------------------------ */

static bool takes(int mask, FeelValue value)
{
    return mask & FEEL_TAKES(value.kind);
}

/* The implicit conversions of 10.3.2.9.4; a value that fits as it is stays. */
static FeelValue convert(Arena *arena, int mask, FeelValue value)
{
    if (takes(mask, value) || value.kind == FEEL_NULL)
        return value;
    if (value.kind == FEEL_LIST && value.as.list->count == 1 &&
        takes(mask, value.as.list->items[0]))
        return value.as.list->items[0];
    if (mask & FEEL_TAKES(FEEL_LIST))
        return feel_list(arena, &value, 1);
    if (value.kind == FEEL_DATE && (mask & FEEL_TAKES(FEEL_DATE_TIME)))
        return temporal_midnight(value);
    return value;
}

/* Where a named argument goes; the count when nowhere. */
static size_t place_of(const FeelNative *row, size_t count, const char *name)
{
    size_t place = 0;
    while (place < count && strcmp(row->parameters[place].name, name) != 0)
        place++;
    return place;
}

/* Spreads the arguments over the row's parameters; false when there are too many, too few or some
 * of other names. Bits of *out_given say which parameters have one: what is left out among named
 * ones is null (10.3.2.13.6). */
static bool place(const FeelNative *row, size_t count, const Arguments *arguments, FeelValue *out,
                  unsigned *out_given)
{
    *out_given = 0;
    for (size_t i = 0; i < arguments->count; i++) {
        size_t at = arguments->names ? place_of(row, count, arguments->names[i]) : i;
        if (at >= count || (*out_given & 1U << at))
            return false;
        out[at] = arguments->values[i];
        *out_given |= 1U << at;
    }
    for (size_t i = 0; i < count; i++)
        if (!(*out_given & 1U << i) && !(row->parameters[i].takes & FEEL_OPTIONAL)) {
            if (!arguments->names)
                return false;
            *out_given |= 1U << i;
        }
    return true;
}

/* A variadic row: all arguments from the last parameter on become one list. */
static bool place_variadic(Arena *arena, const FeelNative *row, size_t count,
                           const Arguments *arguments, FeelValue *out, unsigned *out_given)
{
    size_t fixed = count - 1;
    if (arguments->names) { /* a name is given once: it holds a list of one */
        bool is_placed = arguments->count == count && place(row, count, arguments, out, out_given);
        if (is_placed)
            out[fixed] = feel_list(arena, &out[fixed], 1);
        return is_placed;
    }
    if (arguments->count <= fixed)
        return false;
    for (size_t i = 0; i < fixed; i++)
        out[i] = arguments->values[i];
    out[fixed] = feel_list(arena, arguments->values + fixed, arguments->count - fixed);
    *out_given = (1U << count) - 1;
    return true;
}

static bool is_fitting(Arena *arena, const FeelParameter *parameter, bool is_given,
                       FeelValue *value)
{
    if (!is_given)
        return true;
    *value = convert(arena, parameter->takes, *value);
    return takes(parameter->takes, *value);
}

/* Whether the row can be called; else *out_misfit says why not. */
static bool fit(Arena *arena, const FeelNative *row, const Arguments *arguments, FeelValue *out,
                Misfit *out_misfit)
{
    unsigned given = 0;
    size_t count = parameter_count(row);
    bool is_variadic = count && (row->parameters[count - 1].takes & FEEL_VARIADIC);
    *out_misfit = (Misfit){.row = row};
    memset(out, 0, count * sizeof *out);
    if (is_variadic ? !place_variadic(arena, row, count, arguments, out, &given)
                    : !place(row, count, arguments, out, &given))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (is_variadic && i == count - 1)
            continue;
        if (is_fitting(arena, &row->parameters[i], given & 1U << i, &out[i]))
            continue;
        out_misfit->parameter = &row->parameters[i];
        out_misfit->value = out[i];
        return false;
    }
    return true;
}

/* ---- natives --------------------------------------------------------------------------------- */

static const char *signature(const Env *env, const FeelNative *row)
{
    Buffer text = buffer_init(env->machine->arena, 0);
    size_t count = parameter_count(row);
    buffer_printf(&text, "%s(", row->name);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&text, "%s%s%s", i ? ", " : "", row->parameters[i].name,
                      row->parameters[i].takes & FEEL_VARIADIC   ? "..."
                      : row->parameters[i].takes & FEEL_OPTIONAL ? "?"
                                                                 : "");
    buffer_add(&text, ")");
    return buffer_text(&text);
}

static const char *kinds_taken(const Env *env, int mask)
{
    Buffer text = buffer_init(env->machine->arena, 0);
    for (int kind = FEEL_BOOLEAN; kind < FEEL_KIND_COUNT; kind++)
        if (mask & FEEL_TAKES(kind))
            buffer_printf(&text, "%s%s", text.length ? " or " : "",
                          feel_kind_name((FeelValue){.kind = (uint8_t)kind}));
    return buffer_text(&text);
}

static FeelValue refuse_arguments(const Env *env, const FeelNode *node, const Misfit *misfit)
{
    if (!misfit->parameter)
        return eval_fail(env, node, "feel.arity", "The arguments do not fit %s.",
                         signature(env, misfit->row));
    return eval_fail(env, node, "feel.argument", "%s: \"%s\" must be %s, and is %s.",
                     misfit->row->name, misfit->parameter->name,
                     kinds_taken(env, misfit->parameter->takes), value_shown(env, misfit->value));
}

static bool pay_for(const Env *env, const FeelNode *node, const Arguments *arguments)
{
    size_t weight = 1;
    for (size_t i = 0; i < arguments->count; i++)
        weight += value_weight(arguments->values[i]);
    return machine_spend(env, node, weight, arguments->count * sizeof(FeelValue));
}

static FeelValue call_native(const Env *env, const FeelNode *node, const FeelFunction *function,
                             const Arguments *arguments)
{
    FeelValue placed[FEEL_PARAMETERS_MAX];
    Misfit misfit, first = {.row = function->rows};
    bool has_first = false;
    assert(function->row_count > 0);
    if (!pay_for(env, node, arguments))
        return feel_null();
    for (size_t i = 0; i < function->row_count; i++) {
        const FeelNative *row = &function->rows[i];
        if (fit(env->machine->arena, row, arguments, placed, &misfit)) {
            FeelCall call = {.env = env,
                             .node = node,
                             .name = row->name,
                             .data = function->data,
                             .arguments = placed,
                             .count = parameter_count(row)};
            return row->call(&call);
        }
        if (!has_first || (!first.parameter && misfit.parameter))
            first = misfit;
        has_first = true;
    }
    return refuse_arguments(env, node, &first);
}

/* ---- functions with names known at run time: closures, and named natives -----------------------
 */

typedef struct NameList {
    const FeelSymbol *const *symbols; /* of a closure */
    const char *const *names;         /* of a named native */
    size_t count;
} NameList;

static const char *name_at(const NameList *list, size_t index)
{
    assert(list->symbols || list->names);
    return list->symbols ? list->symbols[index]->text : list->names[index];
}

/* Steps of spread: every name is looked for among all. */
static size_t work_of(const NameList *parameters, const Arguments *arguments)
{
    return arguments->names ? 1 + arguments->count * parameters->count / 16 : 1;
}

/* Puts each argument to its parameter, each once; only named ones may be left out, and are null. */
static bool spread(const NameList *parameters, const Arguments *arguments, FeelValue *out)
{
    if (arguments->names ? arguments->count > parameters->count
                         : arguments->count != parameters->count)
        return false;
    for (size_t i = 0; i < arguments->count; i++) {
        size_t at = arguments->names ? 0 : i;
        for (; arguments->names && at < parameters->count; at++)
            if (strcmp(name_at(parameters, at), arguments->names[i]) == 0)
                break;
        if (at >= parameters->count)
            return false;
        for (size_t before = 0; arguments->names && before < i; before++)
            if (strcmp(arguments->names[before], arguments->names[i]) == 0)
                return false;
        out[at] = arguments->values[i];
    }
    return true;
}

static FeelValue refuse_count(const Env *env, const FeelNode *node, const NameList *parameters)
{
    Buffer text = buffer_init(env->machine->arena, 200);
    for (size_t i = 0; i < parameters->count; i++)
        buffer_printf(&text, "%s%s", i ? ", " : "", name_at(parameters, i));
    return eval_fail(env, node, "feel.arity", "The arguments do not fit function(%s).",
                     buffer_text(&text));
}

static FeelValue call_named(const Env *env, const FeelNode *node, const FeelFunction *function,
                            const Arguments *arguments)
{
    NameList parameters = {.names = function->names, .count = function->name_count};
    if (!machine_spend(env, node, work_of(&parameters, arguments),
                       function->name_count * sizeof(FeelValue)))
        return feel_null();
    FeelValue *placed = arena_array(env->machine->arena, FeelValue, function->name_count);
    if (!spread(&parameters, arguments, placed))
        return refuse_count(env, node, &parameters);
    FeelCall call = {.env = env,
                     .node = node,
                     .name = "function",
                     .data = function->data,
                     .arguments = placed,
                     .count = function->name_count};
    return function->call(&call);
}

/* An argument for a parameter with a declared type; false when it conforms to it in no way. */
static bool conform(const Env *env, const FeelNode *node, const FeelType *type, FeelValue *value)
{
    uint64_t failures = env->machine->failures;
    if (!type || value->kind == FEEL_NULL || type_has(env, node, type, *value))
        return true;
    if (env->machine->failures > failures)
        return false; /* there is no such type: told once */
    if (value->kind == FEEL_LIST && value->as.list->count == 1 &&
        type_has(env, node, type, value->as.list->items[0])) {
        *value = value->as.list->items[0];
        return true;
    }
    if (value->kind == FEEL_DATE && type->kind == TYPE_KIND && type->value_kind == FEEL_DATE_TIME) {
        *value = temporal_midnight(*value);
        return true;
    }
    FeelValue single = feel_list(env->machine->arena, value, 1);
    if ((type->kind != TYPE_LIST && type->kind != TYPE_OF_HOST) ||
        !type_has(env, node, type, single))
        return false;
    *value = single;
    return true;
}

static FeelValue call_closure(const Env *env, const FeelNode *node, const FeelFunction *function,
                              const Arguments *arguments)
{
    const FeelNode *body = function->node;
    NameList parameters = {.symbols = body->symbols, .count = body->count};
    if (!machine_spend(env, node, work_of(&parameters, arguments),
                       body->count * (sizeof(FeelValue) + sizeof(Frame))))
        return feel_null();
    FeelValue *placed = arena_array(env->machine->arena, FeelValue, body->count);
    if (!spread(&parameters, arguments, placed))
        return refuse_count(env, node, &parameters);
    Env inner = {.machine = env->machine,
                 .expression = function->expression,
                 .scope = function->scope,
                 .frame = function->frame};
    Frame *frames = arena_array(env->machine->arena, Frame, body->count);
    for (size_t i = 0; i < body->count; i++) {
        if (!conform(env, node, body->as.types[i], &placed[i]))
            return eval_fail(env, node, "feel.type",
                             "The argument \"%s\" is %s, which its type refuses.",
                             body->symbols[i]->text, value_shown(env, placed[i]));
        frames[i] = (Frame){.outer = inner.frame, .symbol = body->symbols[i], .value = placed[i]};
        inner.frame = &frames[i];
    }
    return eval(&inner, body->right);
}

FeelValue function_call(const Env *env, const FeelNode *node, FeelValue value,
                        const FeelValue *arguments, const char *const *names, size_t count)
{
    Arguments list = {.values = arguments, .names = names, .count = count};
    if (value.kind != FEEL_FUNCTION)
        return eval_fail(env, node, "feel.not_callable", "%s is no function and cannot be called.",
                         value_shown(env, value));
    const FeelFunction *function = value.as.function;
    switch (function->kind) {
    case FUNCTION_NATIVE: return call_native(env, node, function, &list);
    case FUNCTION_NAMED: return call_named(env, node, function, &list);
    default: return call_closure(env, node, function, &list);
    }
}

/* ---- nodes ----------------------------------------------------------------------------------- */

FeelValue function_of_builtin(const Env *env, const FeelSymbol *symbol)
{
    FeelFunction *function = arena_new(env->machine->arena, FeelFunction);
    *function = (FeelFunction){
        .kind = FUNCTION_NATIVE, .rows = symbol->builtin, .row_count = symbol->builtin_count};
    return (FeelValue){.kind = FEEL_FUNCTION, .as.function = function};
}

/* The callee without making a value of a built-in: that is the common case. */
static bool find_callee(const Env *env, const FeelNode *callee, FeelFunction *builtin,
                        FeelValue *out)
{
    const FeelSymbol *symbol = callee->as.symbol;
    if (callee->kind != NODE_NAME) {
        *out = eval(env, callee);
        return true;
    }
    if (eval_lookup(env, symbol, out))
        return true;
    *builtin = (FeelFunction){
        .kind = FUNCTION_NATIVE, .rows = symbol->builtin, .row_count = symbol->builtin_count};
    *out = (FeelValue){.kind = FEEL_FUNCTION, .as.function = builtin};
    return symbol->builtin != NULL;
}

enum { FEW_ARGUMENTS = 6 };

FeelValue eval_call(const Env *env, const FeelNode *node)
{
    FeelFunction builtin;
    FeelValue callee, few[FEW_ARGUMENTS];
    FeelValue *values = few;
    const char **names = NULL;
    if (!find_callee(env, node->left, &builtin, &callee))
        return eval_fail(env, node->left, "feel.unknown_function",
                         "There is no function named \"%s\" here.", node->left->as.symbol->text);
    if (!machine_spend(env, node, 0, node->count * (sizeof *values + sizeof *names)))
        return feel_null();
    if (node->count > FEW_ARGUMENTS)
        values = arena_array(env->machine->arena, FeelValue, node->count);
    if (node->symbols)
        names = arena_array(env->machine->arena, const char *, node->count);
    for (size_t i = 0; i < node->count; i++) {
        values[i] = eval(env, node->items[i]);
        if (names)
            names[i] = node->symbols[i]->text;
    }
    if (env->machine->is_stopped)
        return feel_null();
    return function_call(env, node, callee, values, names, node->count);
}

/* A closure may outlive the caller's scope structs, which are often on a stack: it keeps copies. */
static const FeelScope *keep_scope(Arena *arena, const FeelScope *scope)
{
    if (!scope)
        return NULL;
    FeelScope *copy = arena_copy(arena, scope, sizeof *scope);
    for (FeelScope *at = copy; at->parent;) {
        FeelScope *parent = arena_copy(arena, at->parent, sizeof *parent);
        at->parent = parent;
        at = parent;
    }
    return copy;
}

FeelValue eval_function(const Env *env, const FeelNode *node)
{
    if (node->mark == 'e')
        return eval_fail(env, node, "feel.external", "External functions are not supported.");
    FeelFunction *function = arena_new(env->machine->arena, FeelFunction);
    *function = (FeelFunction){.kind = FUNCTION_CLOSURE,
                               .expression = env->expression,
                               .node = node,
                               .scope = keep_scope(env->machine->arena, env->scope),
                               .frame = env->frame};
    return (FeelValue){.kind = FEEL_FUNCTION, .as.function = function};
}

/* ---- for bodies ------------------------------------------------------------------------------ */

FeelValue feel_native(Arena *arena, const FeelNative *native, void *data)
{
    FeelFunction *function = arena_new(arena, FeelFunction);
    *function =
        (FeelFunction){.kind = FUNCTION_NATIVE, .rows = native, .row_count = 1, .data = data};
    return (FeelValue){.kind = FEEL_FUNCTION, .as.function = function};
}

FeelValue feel_native_named(Arena *arena, const char *const *names, size_t count,
                            FeelValue (*call)(FeelCall *call), void *data)
{
    FeelFunction *function = arena_new(arena, FeelFunction);
    *function = (FeelFunction){.kind = FUNCTION_NAMED,
                               .names = arena_copy(arena, names, count * sizeof *names),
                               .name_count = count,
                               .call = call,
                               .data = data};
    return (FeelValue){.kind = FEEL_FUNCTION, .as.function = function};
}

FeelValue feel_argument(const FeelCall *call, size_t index)
{
    return index < call->count ? call->arguments[index] : feel_null();
}

size_t feel_argument_count(const FeelCall *call)
{
    return call->count;
}

Arena *feel_call_arena(const FeelCall *call)
{
    return call->env->machine->arena;
}

void *feel_call_data(const FeelCall *call)
{
    return call->data;
}

const FeelScope *feel_call_scope(const FeelCall *call)
{
    return call->env->machine->scope;
}

FeelValue feel_fail(FeelCall *call, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(feel_call_arena(call), format, args);
    va_end(args);
    return eval_fail(call->env, call->node, code, "%s: %s", call->name, message);
}

bool feel_call_spend(FeelCall *call, size_t steps, size_t bytes)
{
    return machine_spend(call->env, call->node, steps, bytes);
}

FeelValue feel_call_function(FeelCall *call, FeelValue function, const FeelValue *arguments,
                             size_t count)
{
    return function_call(call->env, call->node, function, arguments, NULL, count);
}

FeelValue feel_call_named(FeelCall *call, FeelValue function, const char *const *names,
                          const FeelValue *arguments, size_t count)
{
    return function_call(call->env, call->node, function, arguments, names, count);
}

FeelValue feel_call_expression(FeelCall *call, const FeelExpression *expression,
                               const FeelScope *scope)
{
    FeelValue answer;
    if (constant_answer(expression, scope, &answer))
        return answer;
    expression = expression_whole(expression, feel_call_arena(call));
    Env env = {.machine = call->env->machine,
               .expression = expression,
               .scope = scope,
               .input = scope ? scope->input : feel_null(),
               .has_input = scope && scope->has_input};
    return eval(&env, expression->root);
}
