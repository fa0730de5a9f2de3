/*
 * feel_types.c - types: which values are of them, which conform to which (10.3.2.9), `instance of`.
 */
#include "feel/feel_eval.h"

#include <string.h>
#include "feel/feel_value.h"

/* ---- conformance of types (10.3.2.9.2) ------------------------------------------------------- */

static bool conforms(const FeelType *type, const FeelType *to);

static bool parts_conform(const FeelType *type, const FeelType *to, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!conforms(type->parts[i], to->parts[i]))
            return false;
    return true;
}

static bool context_conforms(const FeelType *type, const FeelType *to)
{
    for (size_t i = 0; i < to->count; i++) {
        size_t at = 0;
        while (at < type->count && strcmp(type->names[at], to->names[i]) != 0)
            at++;
        if (at == type->count || !conforms(type->parts[at], to->parts[i]))
            return false;
    }
    return true;
}

/* Arguments the other way round than the result. */
static bool function_conforms(const FeelType *type, const FeelType *to)
{
    if (type->count != to->count)
        return false;
    size_t last = to->count - 1;
    return parts_conform(to, type, last) && conforms(type->parts[last], to->parts[last]);
}

static bool conforms(const FeelType *type, const FeelType *to)
{
    if (to->kind == TYPE_ANY || type->kind == TYPE_NULL)
        return true;
    if (type->kind != to->kind)
        return false;
    if (to->kind == TYPE_OF_HOST)
        return strcmp(type->name, to->name) == 0;
    if (to->count == 0 || type->kind == TYPE_KIND)
        return type->value_kind == to->value_kind;
    switch (to->kind) {
    case TYPE_CONTEXT: return context_conforms(type, to);
    case TYPE_FUNCTION: return type->count != 0 && function_conforms(type, to);
    default: return type->count != 0 && parts_conform(type, to, 1);
    }
}

/* ---- functions ------------------------------------------------------------------------------- */

/* Whether a parameter of a built-in takes all that is of the type. */
static bool parameter_takes(const FeelParameter *parameter, const FeelType *type)
{
    int all = FEEL_TAKES_ANY & ~FEEL_TAKES(FEEL_NULL);
    if (type->kind == TYPE_ANY || type->kind == TYPE_OF_HOST)
        return (parameter->takes & all) == all;
    return type->kind == TYPE_NULL || (parameter->takes & FEEL_TAKES(type->value_kind));
}

static bool native_takes(const FeelNative *row, const FeelType *type)
{
    size_t count = 0;
    for (; count < FEEL_PARAMETERS_MAX && row->parameters[count].name; count++)
        if (count + 1 >= type->count ||
            !parameter_takes(&row->parameters[count], type->parts[count]))
            return false;
    return count + 1 == type->count;
}

/* A parameter without a type takes anything. */
static bool closure_takes(const FeelNode *node, const FeelType *type)
{
    if (node->count + 1 != type->count)
        return false;
    for (size_t i = 0; i < node->count; i++)
        if (node->as.types[i] && !conforms(type->parts[i], node->as.types[i]))
            return false;
    return true;
}

/* Number and types of parameters; what a function gives is known only when it is called. */
static bool is_function_of(const FeelType *type, const FeelFunction *function)
{
    if (type->count == 0)
        return true;
    if (function->kind == FUNCTION_NAMED)
        return function->name_count == type->count - 1;
    if (function->kind == FUNCTION_CLOSURE)
        return closure_takes(function->node, type);
    for (size_t row = 0; row < function->row_count; row++)
        if (native_takes(&function->rows[row], type))
            return true;
    return false;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* The type of a part that is null conforms to all others. */
static bool part_has(const Env *env, const FeelNode *node, const FeelType *type, FeelValue part)
{
    return part.kind == FEEL_NULL || type_has(env, node, type, part);
}

static bool all_are(const Env *env, const FeelNode *node, const FeelType *type,
                    const FeelList *list)
{
    if (!machine_spend(env, node, list->count, 0))
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (!part_has(env, node, type, list->items[i]))
            return false;
    return true;
}

static bool has_members(const Env *env, const FeelNode *node, const FeelType *type, FeelValue value)
{
    for (size_t i = 0; i < type->count; i++) {
        const FeelValue *member = feel_member(value, type->names[i]);
        if (!member || !part_has(env, node, type->parts[i], *member))
            return false;
    }
    return true;
}

static bool host_type_has(const Env *env, const FeelNode *node, const FeelType *type,
                          FeelValue value)
{
    const FeelScope *scope = env->machine->scope;
    bool is_known = scope && scope->type_check;
    bool has = is_known && scope->type_check(scope->type_data, type->name, value, &is_known);
    if (!is_known)
        (void)eval_fail(env, node, "feel.unknown_type", "There is no type named \"%s\".",
                        type->name);
    return is_known && has;
}

/* Null itself is an instance of Null alone (table 61). */
bool type_has(const Env *env, const FeelNode *node, const FeelType *type, FeelValue value)
{
    if (type->kind == TYPE_OF_HOST)
        return host_type_has(env, node, type, value);
    if (value.kind == FEEL_NULL || type->kind == TYPE_NULL)
        return value.kind == FEEL_NULL && type->kind == TYPE_NULL;
    if (type->kind == TYPE_ANY)
        return true;
    if ((int)value.kind != (int)type->value_kind)
        return false;
    switch (type->kind) {
    case TYPE_LIST: return type->count == 0 || all_are(env, node, type->parts[0], value.as.list);
    case TYPE_CONTEXT: return has_members(env, node, type, value);
    case TYPE_RANGE: {
        FeelValue end = value.as.range->low.kind ? value.as.range->low : value.as.range->high;
        return type->count == 0 || type_has(env, node, type->parts[0], end);
    }
    case TYPE_FUNCTION: return is_function_of(type, value.as.function);
    default: return true;
    }
}

/* "list" alone is no node of the lattice (table 61): it must say of what. */
static const FeelType *find_bare(const FeelType *type)
{
    bool takes_parts = type->kind >= TYPE_LIST && type->kind <= TYPE_FUNCTION;
    if (takes_parts && type->count == 0)
        return type;
    for (size_t i = 0; i < type->count; i++) {
        const FeelType *bare = find_bare(type->parts[i]);
        if (bare)
            return bare;
    }
    return NULL;
}

FeelValue eval_instance_of(const Env *env, const FeelNode *node)
{
    FeelValue value = eval(env, node->left);
    uint64_t failures = env->machine->failures;
    const FeelType *bare = find_bare(node->as.type);
    if (bare)
        return eval_fail(env, node, "feel.unknown_type",
                         "The type \"%s\" needs its parts: %s<...>.", bare->name, bare->name);
    bool has = type_has(env, node, node->as.type, value);
    /* an unknown type is no answer, and type_has has told so */
    return env->machine->failures > failures ? feel_null() : feel_boolean(has);
}
