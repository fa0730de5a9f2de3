/*
 * variables.c - scopes of variables: who sees what, where a value is kept, mappings.
 *
 *     node -> parent -> ... -> root      looked up inside out, as Camunda 8 documents it
 *
 * A node's own variables are one FEEL context. Contexts do not change, so setting one builds
 * another; a verb that sets many builds one context for all of them.
 */
#include "bpmn/state_internal.h"

#include "base/text.h"

/* Enough for any expression of a process; a loop of the step budget stays within seconds. */
static const FeelLimits expression_limits = {
    .steps = 200000, .depth = 1000, .bytes = (size_t)4 * 1024 * 1024};

bool bpmn_value_is_storable(FeelValue value)
{
    if (value.kind == FEEL_LIST) {
        for (size_t i = 0; i < value.as.list->count; i++)
            if (!bpmn_value_is_storable(value.as.list->items[i]))
                return false;
        return true;
    }
    if (value.kind == FEEL_CONTEXT) {
        for (size_t i = 0; i < value.as.context->count; i++)
            if (!bpmn_value_is_storable(value.as.context->entries[i].value))
                return false;
        return true;
    }
    return value.kind != FEEL_FUNCTION;
}

/* ---- contexts -------------------------------------------------------------------------------- */

static void put_all(FeelContextBuilder *builder, FeelValue context)
{
    if (context.kind != FEEL_CONTEXT)
        return;
    for (size_t i = 0; i < context.as.context->count; i++)
        feel_context_put(builder, context.as.context->entries[i].name,
                         context.as.context->entries[i].value);
}

/* base (a context, or anything else for an empty one) with one entry set. */
static FeelValue with_entry(Arena *arena, FeelValue base, const char *name, FeelValue value)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    put_all(&builder, base);
    feel_context_put(&builder, name, value);
    return feel_context_end(&builder);
}

FeelValue bpmn_single(Arena *arena, const char *name, FeelValue value)
{
    return with_entry(arena, feel_null(), name, value);
}

/* base with the value at a path of names; what is no context on the way becomes one. */
static FeelValue with_path(Arena *arena, FeelValue base, const char *const *path, size_t count,
                           FeelValue value)
{
    if (!count)
        return value;
    const FeelValue *inner = feel_member(base, path[0]);
    FeelValue rest = with_path(arena, inner ? *inner : feel_null(), path + 1, count - 1, value);
    return with_entry(arena, base, path[0], rest);
}

FeelValue bpmn_visible(Arena *arena, const BpmnNode *node)
{
    const BpmnNode *chain[BPMN_DEPTH_MAX];
    size_t count = 0;
    for (const BpmnNode *at = node; at; at = at->parent)
        chain[count++] = at;
    FeelContextBuilder builder = feel_context_begin(arena);
    while (count)
        put_all(&builder, chain[--count]->variables);
    return feel_context_end(&builder);
}

/* ---- setting --------------------------------------------------------------------------------- */

static size_t entry_count(FeelValue values)
{
    return values.kind == FEEL_CONTEXT ? values.as.context->count : 0;
}

void bpmn_merge(BpmnRun *run, BpmnNode *node, FeelValue values)
{
    if (!entry_count(values))
        return;
    FeelValue merged = values;
    if (entry_count(node->variables)) {
        FeelContextBuilder builder = feel_context_begin(run->arena);
        put_all(&builder, node->variables);
        put_all(&builder, values);
        merged = feel_context_end(&builder);
    }
    if (feel_is_null(merged)) {
        run->is_too_large = true;
        return;
    }
    node->variables = merged;
    bpmn_effect(run, BPMN_VARIABLES_CHANGED, node)->variables = values;
}

static BpmnNode *owner(BpmnNode *node, const FeelEntry *entry)
{
    while (node->parent && !feel_member_hashed(node->variables, entry->name, entry->hash))
        node = node->parent;
    return node;
}

void bpmn_propagate(BpmnRun *run, BpmnNode *node, FeelValue values)
{
    size_t count = entry_count(values);
    size_t left = count;
    if (!count)
        return;
    if (!node->parent) {
        bpmn_merge(run, node, values);
        return;
    }
    const FeelEntry *entries = values.as.context->entries;
    for (BpmnNode *scope = node; scope && left; scope = scope->parent) {
        FeelContextBuilder builder = feel_context_begin(run->arena);
        size_t taken = 0;
        for (size_t i = 0; i < count; i++) {
            if (owner(node, &entries[i]) != scope)
                continue;
            feel_context_put(&builder, entries[i].name, entries[i].value);
            taken++;
        }
        left -= taken;
        if (taken == count)
            bpmn_merge(run, scope, values);
        else if (taken)
            bpmn_merge(run, scope, feel_context_end(&builder));
    }
}

/* ---- evaluating ------------------------------------------------------------------------------ */

/* The chain of scopes that a node sees; inner (a context or null) comes before all. */
typedef struct Scopes {
    FeelScope items[BPMN_DEPTH_MAX + 1];
} Scopes;

static const FeelScope *scopes_fill(Scopes *scopes, const BpmnRun *run, const BpmnNode *node,
                                    FeelValue inner)
{
    size_t count = 1;
    scopes->items[0] = (FeelScope){.variables = inner,
                                   .now = run->context->now,
                                   .offset_minutes = run->context->offset_minutes,
                                   .workdays = run->context->workdays,
                                   .limits = &expression_limits};
    for (const BpmnNode *at = node; at; at = at->parent) {
        if (feel_is_null(at->variables))
            continue;
        scopes->items[count] = (FeelScope){.variables = at->variables};
        scopes->items[count - 1].parent = &scopes->items[count];
        count++;
    }
    return &scopes->items[0];
}

FeelValue bpmn_evaluate_with(BpmnRun *run, const BpmnNode *node, FeelValue inner, BpmnText text,
                             const char **out_why)
{
    Scopes scopes;
    FeelFindings findings = {0};
    *out_why = "";
    if (!text.feel)
        return text.text ? feel_string(text.text) : feel_null();
    const FeelScope *scope = scopes_fill(&scopes, run, node, inner);
    FeelValue value = feel_evaluate(text.feel, scope, run->arena, &findings);
    if (findings.list.count)
        *out_why = findings.list.items[0].message;
    return value;
}

FeelValue bpmn_evaluate(BpmnRun *run, const BpmnNode *node, BpmnText text, const char **out_why)
{
    const char *why;
    return bpmn_evaluate_with(run, node, feel_null(), text, out_why ? out_why : &why);
}

/* ---- mappings -------------------------------------------------------------------------------- */

/* One mapping's value; false with an incident when it cannot be kept. Null is a value. */
static bool map_one(BpmnRun *run, BpmnNode *node, const BpmnMapping *mapping, FeelValue inner,
                    FeelValue *out)
{
    const char *why;
    *out = bpmn_evaluate_with(run, node, inner, mapping->source, &why);
    if (bpmn_value_is_storable(*out))
        return true;
    return bpmn_raise(run, node, "bpmn.mapping", "the mapping %s of \"%s\" gives a %s",
                      mapping->source.text, node->element->id, feel_kind_name(*out));
}

bool bpmn_map_inputs(BpmnRun *run, BpmnNode *node)
{
    FeelValue changed = feel_null();
    list_each (BpmnMapping, one, &node->element->detail->inputs) {
        FeelValue value;
        if (!map_one(run, node, one, changed, &value))
            return false;
        changed = with_path(run->arena, changed, one->path, one->path_count, value);
    }
    bpmn_merge(run, node, changed);
    return true;
}

/* What an output into a nested name adds to: an earlier output, else the variable that is seen. */
static FeelValue output_base(const BpmnNode *node, FeelValue results, const char *name)
{
    const FeelValue *found = feel_member(results, name);
    for (const BpmnNode *at = node; at && !found; at = at->parent)
        found = feel_member(at->variables, name);
    return found ? *found : feel_null();
}

bool bpmn_map_outputs(BpmnRun *run, BpmnNode *node, FeelValue *out_results)
{
    *out_results = feel_null();
    list_each (BpmnMapping, one, &node->element->detail->outputs) {
        FeelValue value;
        if (!map_one(run, node, one, *out_results, &value))
            return false;
        FeelValue base = output_base(node, *out_results, one->path[0]);
        value = with_path(run->arena, base, one->path + 1, one->path_count - 1, value);
        *out_results = with_entry(run->arena, *out_results, one->path[0], value);
    }
    return true;
}
