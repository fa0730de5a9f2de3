/*
 * run.c - how tokens move: entered, left, joined, ended.
 *
 *     spawn -> queue -> enter -> (work.c) -> complete -> output mappings -> leave -> spawn ...
 *
 * A token is a node in state READY in a queue, first in first out, so parallel branches advance
 * in turn. The queue is not stored: what a budget stopped stays READY in the tree, and resolving
 * the root's incident queues it again. A parallel join is a node that remembers which flows have
 * arrived; a second token on the same flow opens a second join node behind it, which is the same
 * as counting tokens per flow.
 */
#include "bpmn/state_internal.h"

#include "base/text.h"

void bpmn_queue(BpmnRun *run, BpmnNode *node)
{
    list_add(run->arena, &run->queue, node);
}

void bpmn_spawn(BpmnRun *run, BpmnNode *scope, size_t element)
{
    const BpmnElement *target = run->instance->model->elements.items[element];
    bpmn_queue(run, bpmn_node_add(run->instance, target, scope, NULL));
}

/* ---- joins ----------------------------------------------------------------------------------- */

static size_t place_of_flow(const BpmnElement *element, size_t flow)
{
    size_t place = 0;
    while (element->incoming[place] != flow)
        place++;
    return place;
}

/* The oldest join of the element in the scope that still misses the flow, else a new one. */
static BpmnNode *find_join(BpmnRun *run, BpmnNode *scope, const BpmnElement *element, size_t place)
{
    list_each (BpmnNode *, one, &run->instance->nodes) {
        BpmnNode *node = *one;
        if (!node->is_gone && node->state == BPMN_JOINING && node->element == element &&
            node->parent == scope && !node->arrived[place])
            return node;
    }
    BpmnNode *node = bpmn_node_add(run->instance, element, scope, NULL);
    node->state = BPMN_JOINING;
    node->entered = run->context->now;
    node->arrived = arena_array(run->arena, bool, element->incoming_count);
    node->missing = element->incoming_count;
    return node;
}

void bpmn_release_join(BpmnRun *run, BpmnNode *node)
{
    bpmn_incident_end(run, node, false);
    node->state = BPMN_READY;
    bpmn_queue(run, node);
}

static void arrive(BpmnRun *run, BpmnNode *scope, const BpmnElement *element, size_t flow)
{
    size_t place = place_of_flow(element, flow);
    BpmnNode *node = find_join(run, scope, element, place);
    node->arrived[place] = true;
    node->missing--;
    if (!node->missing)
        bpmn_release_join(run, node);
}

/* ---- leaving --------------------------------------------------------------------------------- */

static void take_flow(BpmnRun *run, BpmnNode *scope, size_t flow)
{
    size_t target = run->instance->model->flows.items[flow].target;
    const BpmnElement *element = run->instance->model->elements.items[target];
    if (element->kind == BPMN_PARALLEL && element->incoming_count > 1)
        arrive(run, scope, element, flow);
    else
        bpmn_spawn(run, scope, target);
}

static void disarm(BpmnRun *run, const BpmnNode *host)
{
    if (!host->element->boundary_count)
        return;
    list_each (BpmnNode *, one, &run->instance->nodes) {
        if ((*one)->host != host || (*one)->is_gone)
            continue;
        bpmn_effect(run, BPMN_TIMER_CANCELLED, *one)->due = (*one)->due;
        bpmn_node_end(*one);
    }
}

static void finish_instance(BpmnRun *run, BpmnNode *root)
{
    bpmn_incident_end(run, root, true);
    root->state = BPMN_DONE;
    run->instance->status = BPMN_COMPLETED;
    FeelValue variables = bpmn_visible(run->arena, root);
    bpmn_effect(run, BPMN_INSTANCE_COMPLETED, root)->variables = variables;
}

/* A scope whose last token has gone is done. */
static void settle_scope(BpmnRun *run, BpmnNode *scope)
{
    if (scope->tokens || scope->is_gone)
        return;
    if (scope->parent)
        bpmn_complete_node(run, scope, feel_null());
    else
        finish_instance(run, scope);
}

void bpmn_leave_by(BpmnRun *run, BpmnNode *node, const size_t *flows, size_t count)
{
    BpmnNode *scope = node->parent;
    disarm(run, node);
    bpmn_effect(run, BPMN_ELEMENT_LEFT, node);
    if (bpmn_node_is_inner(node)) {
        bpmn_node_end(node);
        scope->loop_done++;
        bpmn_loop_next(run, scope);
        return;
    }
    for (size_t i = 0; i < count; i++)
        take_flow(run, scope, flows[i]);
    if (node->element->kind == BPMN_LINK_THROW)
        bpmn_spawn(run, scope, node->element->detail->link_target);
    bpmn_node_end(node);
    settle_scope(run, scope);
}

void bpmn_finish_node(BpmnRun *run, BpmnNode *node)
{
    FeelValue results;
    if (!bpmn_map_outputs(run, node, &results) || !bpmn_loop_collect(run, node))
        return;
    bpmn_propagate(run, node->parent, results);
    bpmn_leave_by(run, node, node->element->outgoing, node->element->outgoing_count);
}

void bpmn_complete_node(BpmnRun *run, BpmnNode *node, FeelValue output)
{
    node->state = BPMN_COMPLETING;
    if (node->element->detail->outputs.count)
        bpmn_merge(run, node, output);
    else
        bpmn_propagate(run, node, output);
    bpmn_finish_node(run, node);
}

/* ---- ending from outside --------------------------------------------------------------------- */

/* What stands in the tree is told to the caller before it disappears. */
static void end_marked(BpmnRun *run, BpmnNode *node)
{
    bool was_entered = node->state != BPMN_READY && node->state != BPMN_JOINING && !node->host;
    bpmn_incident_end(run, node, true);
    if (node->state == BPMN_WAITING)
        bpmn_close_work(run, node);
    if (was_entered)
        bpmn_effect(run, BPMN_ELEMENT_LEFT, node)->is_cancelled = true;
    bpmn_node_end(node);
    node->is_marked = false;
}

/* Parents come before children in the list: one pass down marks, one pass up ends. */
static void end_subtrees(BpmnRun *run, const BpmnNode *scope, const BpmnNode *except)
{
    for (size_t i = 0; i < run->instance->nodes.count; i++) {
        BpmnNode *node = run->instance->nodes.items[i];
        if (node->is_gone || node == except || !node->parent)
            continue;
        if (node->parent == scope || node->parent->is_marked ||
            (node->host && node->host->is_marked))
            node->is_marked = true;
    }
    for (size_t i = run->instance->nodes.count; i-- > 0;)
        if (run->instance->nodes.items[i]->is_marked)
            end_marked(run, run->instance->nodes.items[i]);
}

void bpmn_kill_inside(BpmnRun *run, BpmnNode *scope, const BpmnNode *except)
{
    end_subtrees(run, scope, except);
}

void bpmn_kill(BpmnRun *run, BpmnNode *node)
{
    node->is_marked = true;
    end_subtrees(run, NULL, NULL);
}

/* ---- entering -------------------------------------------------------------------------------- */

static bool is_armed(const BpmnRun *run, const BpmnNode *host, const BpmnElement *event)
{
    list_each (BpmnNode *, one, &run->instance->nodes)
        if ((*one)->host == host && (*one)->element == event && !(*one)->is_gone)
            return true;
    return false;
}

/* Boundary events count from the moment at which their host was entered. */
static bool arm_boundaries(BpmnRun *run, BpmnNode *host)
{
    for (size_t i = 0; i < host->element->boundary_count; i++) {
        size_t index = host->element->boundary[i];
        const BpmnElement *event = run->instance->model->elements.items[index];
        BpmnTimer timer;
        if (event->kind != BPMN_BOUNDARY_TIMER || is_armed(run, host, event))
            continue;
        if (!bpmn_arm(run, host, event, &timer))
            return false;
        BpmnNode *node = bpmn_node_add(run->instance, event, host->parent, host);
        node->state = BPMN_WAITING;
        node->entered = run->context->now;
        bpmn_timer_set(run, node, &timer);
    }
    return true;
}

void bpmn_activate(BpmnRun *run, BpmnNode *node)
{
    node->state = BPMN_ENTERED;
    if (bpmn_node_is_body(node)) {
        if (arm_boundaries(run, node))
            bpmn_loop_open(run, node);
        return;
    }
    if (!bpmn_map_inputs(run, node))
        return;
    if (bpmn_node_is_inner(node) || arm_boundaries(run, node))
        bpmn_open_work(run, node);
}

static void enter(BpmnRun *run, BpmnNode *node)
{
    node->entered = run->context->now;
    bpmn_effect(run, BPMN_ELEMENT_ENTERED, node);
    bpmn_activate(run, node);
}

/* The next firing of a repeating timer counts from the last due moment, so that none drifts. */
static void rearm(BpmnRun *run, const BpmnNode *node)
{
    BpmnTimer next = {.cycle_left = node->cycle_left > 0 ? node->cycle_left - 1 : -1,
                      .interval = node->interval};
    if (node->cycle_left == 0 ||
        !bpmn_timer_plus(run->arena, node->due, run->context->offset_minutes, node->interval,
                         &next.due))
        return;
    BpmnNode *again = bpmn_node_add(run->instance, node->element, node->parent, node->host);
    again->state = BPMN_WAITING;
    again->entered = run->context->now;
    bpmn_timer_set(run, again, &next);
}

void bpmn_fire_boundary(BpmnRun *run, BpmnNode *node)
{
    BpmnNode *host = node->host;
    if (!node->element->is_interrupting)
        rearm(run, node);
    node->host = NULL; /* from here on it is a token, and keeps its scope alive */
    node->parent->tokens++;
    node->state = BPMN_ENTERED;
    node->entered = run->context->now;
    if (node->element->is_interrupting)
        bpmn_kill(run, host);
    bpmn_effect(run, BPMN_ELEMENT_ENTERED, node);
    bpmn_leave_by(run, node, node->element->outgoing, node->element->outgoing_count);
}

/* ---- errors ---------------------------------------------------------------------------------- */

/* The boundary event on a host that catches the code: one for just this code before one for any. */
static const BpmnElement *find_catcher(const BpmnRun *run, const BpmnNode *host, const char *code)
{
    const BpmnElement *any = NULL;
    if (bpmn_node_is_inner(host))
        return NULL; /* the border is the body's */
    for (size_t i = 0; i < host->element->boundary_count; i++) {
        const BpmnElement *event = run->instance->model->elements.items[host->element->boundary[i]];
        if (event->kind != BPMN_BOUNDARY_ERROR)
            continue;
        if (text_equal(event->detail->error_code, code))
            return event;
        if (!event->detail->error_code)
            any = event;
    }
    return any;
}

void bpmn_throw_error(BpmnRun *run, BpmnNode *node, const char *code, FeelValue variables)
{
    BpmnNode *host = node;
    const BpmnElement *catcher = find_catcher(run, host, code);
    while (!catcher && host->parent) {
        host = host->parent;
        catcher = find_catcher(run, host, code);
    }
    if (!catcher) {
        bpmn_close_work(run, node);
        node->state = BPMN_ENTERED;
        bpmn_raise(run, node, "bpmn.unhandled_error", "nobody catches the error \"%s\" of \"%s\"",
                   code, node->element->id);
        return;
    }
    BpmnNode *scope = host->parent;
    bpmn_kill(run, host);
    bpmn_propagate(run, scope, variables);
    bpmn_spawn(run, scope, catcher->index);
}

/* ---- the loop -------------------------------------------------------------------------------- */

static void hold(BpmnRun *run, const char *code, size_t limit, const BpmnNode *at)
{
    BpmnNode *root = bpmn_root(run->instance);
    if (!root->incident_code)
        bpmn_raise(run, root, code, "stopped before \"%s\": the limit of %zu is reached",
                   at->element->id, limit);
}

/* Takes ended nodes out of the list and counts anew, for each scope, its tokens in joins. */
static size_t compact(BpmnInstance *instance)
{
    size_t kept = 0;
    size_t joining = 0;
    for (size_t i = 0; i < instance->nodes.count; i++) {
        BpmnNode *node = instance->nodes.items[i];
        if (node->is_gone)
            continue;
        node->joining = 0;
        if (node->state == BPMN_JOINING) {
            node->parent->joining++;
            joining++;
        }
        instance->nodes.items[kept++] = node;
    }
    instance->nodes.count = kept;
    return joining;
}

/* Joins that nothing in their scope can ever fill would stand silently: they become incidents. */
static void find_stuck_joins(BpmnRun *run)
{
    if (!compact(run->instance))
        return;
    for (size_t i = 0; i < run->instance->nodes.count; i++) {
        BpmnNode *node = run->instance->nodes.items[i];
        if (node->state == BPMN_JOINING && node->parent->joining == node->parent->tokens &&
            !node->incident_code)
            bpmn_raise(run, node, "bpmn.join_stuck",
                       "\"%s\" waits for %zu more, but nothing is left that could arrive",
                       node->element->id, node->missing);
    }
}

static bool is_over(const BpmnRun *run)
{
    return arena_is_over(run->arena) || run->is_too_large;
}

bool bpmn_run(BpmnRun *run, Error *err)
{
    size_t live = run->instance->nodes.count; /* counted anew when the list has doubled */
    while (run->queue_next < run->queue.count && !is_over(run)) {
        BpmnNode *node = run->queue.items[run->queue_next];
        if (run->steps >= run->limits->steps) {
            hold(run, "bpmn.step_budget", run->limits->steps, node);
            break;
        }
        if (run->instance->nodes.count > 2 * live + 64) {
            compact(run->instance);
            live = run->instance->nodes.count;
        }
        if (live > run->limits->nodes) {
            hold(run, "bpmn.node_limit", run->limits->nodes, node);
            break;
        }
        run->queue_next++;
        run->steps++;
        if (!node->is_gone && node->state == BPMN_READY)
            enter(run, node);
    }
    find_stuck_joins(run);
    if (!is_over(run))
        return true;
    return error_set(err, ERROR_TOO_LARGE,
                     .code = run->is_too_large ? "bpmn.too_large" : "bpmn.memory");
}
