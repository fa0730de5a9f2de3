/*
 * state.c - the nodes of an instance: created, found, ended; effects and incidents about them.
 *
 * Nodes stay in the order of their keys. A node that ends is marked and taken out when the verb is
 * over, so nobody's pointer goes stale while tokens move.
 */
#include "bpmn/state_internal.h"

#include <assert.h>
#include <stdarg.h>

const BpmnLimits BPMN_LIMITS = {
    .steps = 10000, .nodes = 5000, .state_bytes = (size_t)4 * 1024 * 1024};

BpmnNode *bpmn_node_add(BpmnInstance *instance, const BpmnElement *element, BpmnNode *parent,
                        BpmnNode *host)
{
    BpmnNode *node = arena_new(instance->arena, BpmnNode);
    node->key = instance->next_key++;
    node->element = element;
    node->parent = parent;
    node->host = host;
    node->state = BPMN_READY;
    node->due = INSTANT_NONE;
    if (parent && !host)
        parent->tokens++;
    list_add(instance->arena, &instance->nodes, node);
    return node;
}

bool bpmn_node_is_token(const BpmnNode *node)
{
    return node->parent && !node->host;
}

void bpmn_node_end(BpmnNode *node)
{
    assert(!node->is_gone);
    node->is_gone = true;
    if (bpmn_node_is_token(node))
        node->parent->tokens--;
}

BpmnNode *bpmn_root(const BpmnInstance *instance)
{
    return instance->nodes.items[0];
}

BpmnNode *bpmn_node_find(const BpmnInstance *instance, int64_t key)
{
    size_t low = 0;
    size_t high = instance->nodes.count;
    if (key == 0)
        return bpmn_root(instance);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        BpmnNode *node = instance->nodes.items[middle];
        if (node->key == key)
            return node->is_gone ? NULL : node;
        if (node->key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

BpmnEffect *bpmn_effect(BpmnRun *run, BpmnEffectKind kind, const BpmnNode *node)
{
    BpmnEffect effect = {.kind = kind,
                         .key = node->key,
                         .element = node->element,
                         .due = INSTANT_NONE,
                         .fired = INSTANT_NONE};
    list_add(run->arena, run->effects, effect);
    return &run->effects->items[run->effects->count - 1];
}

bool bpmn_raise(BpmnRun *run, BpmnNode *node, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    node->incident_message = arena_vprintf(run->arena, format, args);
    va_end(args);
    node->incident_code = code;
    node->incident_at = run->context->now;
    BpmnEffect *effect = bpmn_effect(run, BPMN_INCIDENT_RAISED, node);
    effect->code = code;
    effect->message = node->incident_message;
    return false;
}

void bpmn_incident_end(BpmnRun *run, BpmnNode *node, bool is_cancelled)
{
    if (!node->incident_code)
        return;
    BpmnEffect *effect = bpmn_effect(run, BPMN_INCIDENT_RESOLVED, node);
    effect->code = node->incident_code;
    effect->is_cancelled = is_cancelled;
    node->incident_code = NULL;
    node->incident_message = NULL;
}
