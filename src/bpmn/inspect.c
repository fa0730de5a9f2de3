/*
 * inspect.c - reading an instance: what is open, what failed, what each node sees; and the rules
 * that every state keeps.
 *
 * bpmn_check is the engine's conscience: the tests ask it after every step, loading asks it about
 * every stored text, so a state that contradicts itself goes no further.
 */
#include "bpmn/state_internal.h"

static BpmnNodeView view(const BpmnNode *node)
{
    return (BpmnNodeView){.key = node->key,
                          .parent = node->parent ? node->parent->key : 0,
                          .element = node->element,
                          .state = node->state,
                          .entered = node->entered,
                          .due = node->due,
                          .cycle_left = node->cycle_left,
                          .host = node->host ? node->host->key : 0,
                          .is_body = bpmn_node_is_body(node),
                          .loop_counter = bpmn_node_is_inner(node) ? node->loop_index + 1 : 0,
                          .incident_code = node->incident_code,
                          .incident_message = node->incident_message,
                          .incident_at = node->incident_at};
}

static BpmnNodeViews collect(const BpmnInstance *instance, Arena *arena,
                             bool (*is_wanted)(const BpmnNode *node))
{
    BpmnNodeViews views = {0};
    list_each (BpmnNode *, one, &instance->nodes)
        if (is_wanted(*one))
            list_add(arena, &views, view(*one));
    return views;
}

static bool is_any(const BpmnNode *node)
{
    return !node->is_gone;
}

static bool is_open_task(const BpmnNode *node)
{
    return node->state == BPMN_WAITING && node->element->kind == BPMN_USER_TASK &&
           !bpmn_node_is_body(node);
}

static bool is_open_service(const BpmnNode *node)
{
    return node->state == BPMN_WAITING && node->element->kind == BPMN_SERVICE_TASK &&
           !bpmn_node_is_body(node);
}

static bool is_open_timer(const BpmnNode *node)
{
    return node->state == BPMN_WAITING && node->due != INSTANT_NONE;
}

static bool is_incident(const BpmnNode *node)
{
    return node->incident_code != NULL;
}

BpmnStatus bpmn_status(const BpmnInstance *instance)
{
    return instance->status;
}

const BpmnModel *bpmn_model(const BpmnInstance *instance)
{
    return instance->model;
}

BpmnNodeViews bpmn_nodes(const BpmnInstance *instance, Arena *arena)
{
    return collect(instance, arena, is_any);
}

BpmnNodeViews bpmn_open_tasks(const BpmnInstance *instance, Arena *arena)
{
    return collect(instance, arena, is_open_task);
}

BpmnNodeViews bpmn_open_services(const BpmnInstance *instance, Arena *arena)
{
    return collect(instance, arena, is_open_service);
}

BpmnNodeViews bpmn_open_timers(const BpmnInstance *instance, Arena *arena)
{
    return collect(instance, arena, is_open_timer);
}

BpmnNodeViews bpmn_incidents(const BpmnInstance *instance, Arena *arena)
{
    return collect(instance, arena, is_incident);
}

FeelValue bpmn_variables(BpmnInstance *instance, int64_t key, bool is_local)
{
    const BpmnNode *node = bpmn_node_find(instance, key);
    if (!node)
        return feel_null();
    if (!is_local)
        return bpmn_visible(instance->arena, node);
    FeelContextBuilder none = feel_context_begin(instance->arena);
    return feel_is_null(node->variables) ? feel_context_end(&none) : node->variables;
}

/* ---- the rules ------------------------------------------------------------------------------- */

/* Each returns the rule that is broken, or NULL. */
static const char *check_place(const BpmnInstance *instance, const BpmnNode *node)
{
    const BpmnNode *parent = node->parent;
    if (!parent)
        return node == bpmn_root(instance) && node->element->index == 0
                   ? NULL
                   : "only the root has no scope around it";
    if (parent->is_gone || parent->state != BPMN_WAITING || !bpmn_node_is_scope(parent))
        return "the scope around it is not open";
    if (bpmn_node_is_body(parent) != bpmn_node_is_inner(node))
        return "only instances of a multi-instance activity stand in its body";
    if (!bpmn_node_is_inner(node) && parent->element->index != node->element->parent)
        return "it stands in another scope than the model says";
    return parent->key < node->key ? NULL : "it is older than its scope";
}

static const char *check_boundary(const BpmnNode *node)
{
    const BpmnNode *host = node->host;
    if (node->element->kind != BPMN_BOUNDARY_TIMER)
        return host ? "only boundary events have a host" : NULL;
    if (!host || host->is_gone || host->element->index != node->element->attached_to ||
        host->parent != node->parent)
        return "the boundary event has not its host";
    if (host->state == BPMN_READY || host->state == BPMN_JOINING)
        return "the host of the boundary event is not entered";
    return node->state == BPMN_WAITING ? NULL : "the boundary event does not wait";
}

static const char *check_join(const BpmnNode *node)
{
    size_t missing = 0;
    if (node->element->kind != BPMN_PARALLEL)
        return "only a parallel gateway joins";
    for (size_t i = 0; i < node->element->incoming_count; i++)
        missing += !node->arrived[i];
    if (missing != node->missing || !missing || missing == node->element->incoming_count)
        return "the join does not miss some flows and hold others";
    bool is_stuck = node->parent->joining == node->parent->tokens;
    return is_stuck && !node->incident_code ? "the join can never fill and shows no incident"
                                            : NULL;
}

static bool waits_for_timer(BpmnKind kind)
{
    return kind == BPMN_TIMER_CATCH || kind == BPMN_BOUNDARY_TIMER;
}

static const char *check_waiting(const BpmnNode *node)
{
    BpmnKind kind = node->element->kind;
    if (bpmn_node_is_body(node) && node->tokens + node->loop_done > node->loop_total)
        return "the loop has more instances than items";
    if (bpmn_node_is_body(node) && node->incident_code)
        return NULL;
    if (bpmn_node_is_scope(node))
        return node->tokens ? NULL : "the scope is open and nothing is in it";
    if (node->incident_code)
        return "it waits and has failed at once";
    if (waits_for_timer(kind))
        return node->due != INSTANT_NONE ? NULL : "the timer has no due moment";
    return kind == BPMN_USER_TASK || kind == BPMN_SERVICE_TASK ? NULL : "nothing ever waits here";
}

static const char *check_state(const BpmnInstance *instance, const BpmnNode *node)
{
    switch (node->state) {
    case BPMN_WAITING: return check_waiting(node);
    case BPMN_JOINING: return check_join(node);
    case BPMN_READY:
        return bpmn_root(instance)->incident_code ? NULL : "the token could move and does not";
    case BPMN_ENTERED:
    case BPMN_COMPLETING:
        if (node->tokens)
            return "its scope is not open and has tokens";
        return node->incident_code ? NULL : "it stands still and shows no incident";
    case BPMN_DONE: return node->parent ? "only the root is kept when it is done" : NULL;
    }
    return "unknown state";
}

static const char *check_timer(const BpmnNode *node)
{
    if (node->due != INSTANT_NONE && !waits_for_timer(node->element->kind))
        return "only a timer has a due moment";
    if (node->cycle_left && !node->interval)
        return "the timer repeats without an interval";
    return NULL;
}

/* Tokens as counted from the list, against what each scope says. */
static const char *check_counts(const BpmnInstance *instance)
{
    size_t said = 0;
    size_t found = 0;
    list_each (BpmnNode *, one, &instance->nodes) {
        said += (*one)->tokens;
        found += bpmn_node_is_token(*one);
    }
    return said == found ? NULL : "the scopes count other tokens than there are";
}

static const char *check_finished(const BpmnInstance *instance)
{
    const BpmnNode *root = bpmn_root(instance);
    if ((instance->status == BPMN_ACTIVE) == (root->state == BPMN_DONE))
        return "the root is not as the instance";
    if (instance->status == BPMN_ACTIVE)
        return NULL;
    if (instance->nodes.count > 1 || root->incident_code)
        return "the instance has ended and something is left";
    return NULL;
}

static bool broken(const BpmnInstance *instance, const BpmnNode *node, const char *rule, Error *err)
{
    const char *detail = arena_printf(instance->arena, "node %lld at \"%s\": %s",
                                      (long long)node->key, node->element->id, rule);
    return error_set(err, ERROR_INTERNAL, .code = "bpmn.broken_state", .field = node->element->id,
                     .detail = detail, .with = {{"what", detail}});
}

bool bpmn_check(const BpmnInstance *instance, Error *err)
{
    const char *rule = check_finished(instance);
    int64_t last = 0;
    if (!rule)
        rule = check_counts(instance);
    if (rule)
        return broken(instance, bpmn_root(instance), rule, err);
    list_each (BpmnNode *, one, &instance->nodes) {
        const BpmnNode *node = *one;
        rule = check_place(instance, node);
        if (!rule)
            rule = check_boundary(node);
        if (!rule)
            rule = check_state(instance, node);
        if (!rule)
            rule = check_timer(node);
        if (!rule && (node->is_gone || node->key <= last || node->key >= instance->next_key))
            rule = "the keys are not in order";
        if (rule)
            return broken(instance, node, rule, err);
        last = node->key;
    }
    return true;
}
