/*
 * loop.c - multi-instance activities: one element, done once for each item of a list.
 *
 *     body (a scope at the element) -> inner nodes of the same element, all at once or in turn
 *
 * The body is the activity as the process sees it: it holds the boundary events and takes the flows
 * when it ends. Each inner node does the work in a scope of its own, with its item and loopCounter.
 * A node is inner when its scope stands at the same element; nothing else can.
 */
#include "bpmn/state_internal.h"

#include "base/text.h"

bool bpmn_node_is_inner(const BpmnNode *node)
{
    return node->parent && node->parent->element == node->element;
}

bool bpmn_node_is_body(const BpmnNode *node)
{
    return node->element->loop != BPMN_LOOP_NONE && !bpmn_node_is_inner(node);
}

bool bpmn_node_is_scope(const BpmnNode *node)
{
    return bpmn_is_scope(node->element->kind) || bpmn_node_is_body(node);
}

/* ---- the list of results --------------------------------------------------------------------- */

static FeelValue list_with(Arena *arena, FeelValue list, size_t count, size_t index,
                           FeelValue value)
{
    FeelValue *items = arena_array(arena, FeelValue, count + 1);
    for (size_t i = 0; i < count; i++)
        items[i] = i == index ? value : feel_item(list, i);
    return feel_list(arena, items, count);
}

static void set_results(BpmnRun *run, BpmnNode *body, FeelValue results)
{
    const char *name = body->element->detail->output_collection;
    if (name)
        bpmn_merge(run, body, bpmn_single(run->arena, name, results));
}

bool bpmn_loop_collect(BpmnRun *run, BpmnNode *node)
{
    const struct BpmnDetail *detail = node->element->detail;
    BpmnNode *body = node->parent;
    if (!bpmn_node_is_inner(node) || !detail->output_collection)
        return true;
    const FeelValue *results = feel_member(body->variables, detail->output_collection);
    FeelValue value = bpmn_evaluate(run, node, detail->output_element, NULL);
    if (!bpmn_value_is_storable(value))
        return bpmn_raise(run, node, "bpmn.loop", "the output element of \"%s\" is a %s",
                          node->element->id, feel_kind_name(value));
    set_results(run, body,
                list_with(run->arena, results ? *results : feel_null(), body->loop_total,
                          node->loop_index, value));
    return true;
}

/* ---- beginning ------------------------------------------------------------------------------- */

static void add_inner(BpmnRun *run, BpmnNode *body, size_t index, FeelValue item)
{
    BpmnNode *node = bpmn_node_add(run->instance, body->element, body, NULL);
    const char *name = body->element->detail->input_element;
    FeelContextBuilder builder = feel_context_begin(run->arena);
    node->loop_index = index;
    if (name)
        feel_context_put(&builder, name, item);
    feel_context_put(&builder, "loopCounter", feel_int((int64_t)index + 1));
    bpmn_merge(run, node, feel_context_end(&builder));
    bpmn_queue(run, node);
}

static bool read_items(BpmnRun *run, BpmnNode *body, FeelValue *out)
{
    const char *why;
    BpmnText text = body->element->detail->input_collection;
    *out = bpmn_evaluate(run, body, text, &why);
    if (out->kind != FEEL_LIST || !bpmn_value_is_storable(*out))
        return bpmn_raise(run, body, "bpmn.loop", "%s of \"%s\" must be a list, and is %s%s%s",
                          text.text, body->element->id,
                          feel_is_null(*out) ? "null" : feel_kind_name(*out), *why ? ": " : "",
                          why);
    if (feel_count(*out) > run->limits->nodes)
        return bpmn_raise(run, body, "bpmn.loop", "%s of \"%s\" has more than %zu items", text.text,
                          body->element->id, run->limits->nodes);
    return true;
}

void bpmn_loop_open(BpmnRun *run, BpmnNode *body)
{
    FeelValue items;
    if (!read_items(run, body, &items))
        return;
    bool is_parallel = body->element->loop == BPMN_LOOP_PARALLEL;
    body->state = BPMN_WAITING;
    body->loop_total = feel_count(items);
    body->loop_done = 0;
    body->loop_items = is_parallel ? feel_null() : items;
    set_results(run, body, list_with(run->arena, feel_null(), body->loop_total, 0, feel_null()));
    if (!body->loop_total) {
        bpmn_loop_next(run, body);
        return;
    }
    for (size_t i = 0; i < (is_parallel ? body->loop_total : 1); i++)
        add_inner(run, body, i, feel_item(items, i));
}

/* ---- going on -------------------------------------------------------------------------------- */

static void end_loop(BpmnRun *run, BpmnNode *body)
{
    const char *name = body->element->detail->output_collection;
    const FeelValue *results = name ? feel_member(body->variables, name) : NULL;
    bpmn_incident_end(run, body, false);
    bpmn_kill_inside(run, body, NULL);
    if (results)
        bpmn_propagate(run, body->parent, bpmn_single(run->arena, name, *results));
    bpmn_leave_by(run, body, body->element->outgoing, body->element->outgoing_count);
}

/* Whether the loop may end before its last item; unknown raises an incident on the body. */
static FeelTruth is_satisfied(BpmnRun *run, BpmnNode *body)
{
    const char *why;
    BpmnText condition = body->element->detail->completion;
    if (bpmn_text_is_absent(condition) || !body->loop_done)
        return FEEL_NO;
    FeelContextBuilder counts = feel_context_begin(run->arena);
    feel_context_put(&counts, "numberOfInstances", feel_int((int64_t)body->loop_total));
    feel_context_put(&counts, "numberOfActiveInstances", feel_int((int64_t)body->tokens));
    feel_context_put(&counts, "numberOfCompletedInstances", feel_int((int64_t)body->loop_done));
    feel_context_put(&counts, "numberOfTerminatedInstances", feel_int(0));
    FeelValue value = bpmn_evaluate_with(run, body, feel_context_end(&counts), condition, &why);
    FeelTruth truth = feel_condition(value);
    if (truth == FEEL_UNKNOWN && !body->incident_code)
        bpmn_raise(run, body, "bpmn.loop", "%s of \"%s\" must be true or false%s%s", condition.text,
                   body->element->id, *why ? ": " : "", why);
    else if (truth != FEEL_UNKNOWN)
        bpmn_incident_end(run, body, false);
    return truth;
}

void bpmn_loop_next(BpmnRun *run, BpmnNode *body)
{
    FeelTruth truth = is_satisfied(run, body);
    if (truth == FEEL_UNKNOWN)
        return;
    if (truth == FEEL_YES || body->loop_done == body->loop_total)
        end_loop(run, body);
    else if (!body->tokens)
        add_inner(run, body, body->loop_done, feel_item(body->loop_items, body->loop_done));
}
