/*
 * load.c - a stored text back into an instance that stands in its model.
 *
 *     text -> json -> header (version, process) -> nodes, parents first -> bpmn_check
 *
 * A stored text is input like any other: each field is checked where it is read, and the whole
 * against the rules of every state, so that a changed row cannot make the engine act on nonsense.
 */
#include "bpmn/state_internal.h"

#include "base/text.h"

/* Engine states are larger than JSON from outside; nesting is FEEL's depth and ours. */
static const JsonLimits state_limits = {
    .bytes = (size_t)16 * 1024 * 1024, .depth = 300, .is_own = true};

typedef struct Loader {
    BpmnInstance *instance;
    Arena *arena;
    const Json *json; /* of the node at hand */
    Error *err;
} Loader;

static bool wrong(Loader *l, const char *what)
{
    return error_set(l->err, ERROR_INVALID, .code = "bpmn.state", .detail = what,
                     .line = l->json->line, .column = l->json->column, .with = {{"what", what}});
}

static bool unknown(Loader *l, const char *what, const char *id)
{
    const char *detail = arena_printf(l->arena, "the process has no %s \"%s\"", what, id);
    return error_set(l->err, ERROR_CONFLICT, .code = "bpmn.state_model", .field = id,
                     .detail = detail, .with = {{"what", id}});
}

static bool read_state(Loader *l, BpmnNode *node)
{
    const char *name = json_text(l->json, "s");
    for (int i = BPMN_READY; i <= BPMN_DONE; i++) {
        if (!text_equal(name, bpmn_state_name((BpmnNodeState)i)))
            continue;
        node->state = (BpmnNodeState)i;
        return true;
    }
    return wrong(l, "unknown state of a node");
}

static bool read_status(Loader *l, const Json *root)
{
    const char *name = json_text(root, "status");
    for (int i = BPMN_ACTIVE; i <= BPMN_TERMINATED; i++) {
        if (!text_equal(name, bpmn_status_name((BpmnStatus)i)))
            continue;
        l->instance->status = (BpmnStatus)i;
        return true;
    }
    return wrong(l, "unknown status of the instance");
}

/* A node that is named by key and was read before. */
static bool read_reference(Loader *l, const char *name, BpmnNode **out)
{
    *out = NULL;
    if (!json_get(l->json, name))
        return true;
    int64_t key = json_int(l->json, name, 0);
    *out = key > 0 ? bpmn_node_find(l->instance, key) : NULL;
    return *out ? true : wrong(l, "a node names another that is not before it");
}

static bool read_timer(Loader *l, BpmnNode *node)
{
    node->due = json_int(l->json, "due", INSTANT_NONE);
    node->cycle_left = json_int(l->json, "left", 0);
    node->interval = json_text(l->json, "every");
    Instant unused;
    if (node->cycle_left < -1)
        return wrong(l, "a timer repeats a negative number of times");
    if (node->interval && !bpmn_timer_plus(l->arena, 0, 0, node->interval, &unused))
        return wrong(l, "a timer repeats after what is no duration");
    return true;
}

static bool arrive(Loader *l, BpmnNode *node, const char *id)
{
    for (size_t i = 0; id && i < node->element->incoming_count; i++) {
        if (!text_equal(l->instance->model->flows.items[node->element->incoming[i]].id, id))
            continue;
        if (node->arrived[i])
            return wrong(l, "a flow has arrived twice at a join");
        node->arrived[i] = true;
        node->missing--;
        return true;
    }
    return unknown(l, "flow into the join", id ? id : "");
}

static bool read_join(Loader *l, BpmnNode *node)
{
    if (node->state != BPMN_JOINING)
        return true;
    node->arrived = arena_array(l->arena, bool, node->element->incoming_count);
    node->missing = node->element->incoming_count;
    json_each (flow, json_get(l->json, "arrived"))
        if (!arrive(l, node, flow->kind == JSON_TEXT ? flow->text : NULL))
            return false;
    return true;
}

static bool read_loop(Loader *l, BpmnNode *node)
{
    int64_t index = json_int(l->json, "i", 0);
    int64_t total = json_int(l->json, "total", 0);
    int64_t done = json_int(l->json, "done", 0);
    const Json *items = json_get(l->json, "items");
    if (index < 0 || done < 0 || done > total || total > INT32_MAX)
        return wrong(l, "a loop counts wrongly");
    node->loop_index = (size_t)index;
    node->loop_total = (size_t)total;
    node->loop_done = (size_t)done;
    if (bpmn_node_is_inner(node) && node->loop_index >= node->parent->loop_total)
        return wrong(l, "a loop has no such instance");
    if (items && !feel_decode_json(l->arena, items, &node->loop_items, l->err))
        return false;
    bool is_in_turn = bpmn_node_is_body(node) && node->element->loop == BPMN_LOOP_SEQUENTIAL &&
                      node->state == BPMN_WAITING;
    if (is_in_turn != (items != NULL) ||
        feel_count(node->loop_items) != (items ? node->loop_total : 0))
        return wrong(l, "a loop has not the items that it counts");
    return true;
}

static bool read_incident(Loader *l, BpmnNode *node)
{
    const Json *incident = json_get(l->json, "incident");
    if (!incident)
        return true;
    node->incident_code = json_text(incident, "code");
    node->incident_message = json_text(incident, "message");
    node->incident_at = json_int(incident, "at", 0);
    return node->incident_code && node->incident_message ? true
                                                         : wrong(l, "an incident lacks its code");
}

static bool read_variables(Loader *l, BpmnNode *node)
{
    const Json *vars = json_get(l->json, "vars");
    if (!vars)
        return true;
    if (!feel_decode_json(l->arena, vars, &node->variables, l->err))
        return false;
    if (node->variables.kind != FEEL_CONTEXT || !bpmn_value_is_storable(node->variables))
        return wrong(l, "the variables of a node are no context");
    return true;
}

static bool read_node(Loader *l)
{
    BpmnNode *parent;
    BpmnNode *host;
    const char *id = json_text(l->json, "e");
    if (!id)
        return wrong(l, "a node names no element");
    const BpmnElement *element = bpmn_find(l->instance->model, id);
    if (!element)
        return unknown(l, "element", id);
    int64_t key = json_int(l->json, "k", 0);
    if (key < l->instance->next_key || key >= INT64_MAX / 2)
        return wrong(l, "the keys of the nodes do not grow");
    if (!read_reference(l, "p", &parent) || !read_reference(l, "host", &host))
        return false;
    if (!parent != !l->instance->nodes.count)
        return wrong(l, "the first node, and no other, has no scope around it");
    l->instance->next_key = key;
    BpmnNode *node = bpmn_node_add(l->instance, element, parent, host);
    node->entered = json_int(l->json, "at", 0);
    return read_state(l, node) && read_timer(l, node) && read_join(l, node) && read_loop(l, node) &&
           read_incident(l, node) && read_variables(l, node);
}

/* The numbers of tokens in joins, which the stored text does not repeat. */
static void count_joining(BpmnInstance *instance)
{
    list_each (BpmnNode *, one, &instance->nodes)
        if ((*one)->state == BPMN_JOINING && (*one)->parent)
            (*one)->parent->joining++;
}

static bool read_header(Loader *l, const Json *root)
{
    const char *process = json_text(root, "process");
    if (json_int(root, "v", 0) != 1)
        return error_set(l->err, ERROR_UNSUPPORTED, .code = "bpmn.state_version");
    if (!text_equal(process, bpmn_process_id(l->instance->model)))
        return error_set(l->err, ERROR_CONFLICT, .code = "bpmn.state_model", .field = process,
                         .with = {{"what", process ? process : ""}});
    return read_status(l, root);
}

static bool read_instance(Loader *l, const Json *root)
{
    if (!read_header(l, root))
        return false;
    l->instance->next_key = 1;
    json_each (node, json_get(root, "nodes")) {
        l->json = node;
        if (!read_node(l))
            return false;
    }
    l->json = root;
    int64_t next = json_int(root, "next", 0);
    if (!l->instance->nodes.count)
        return wrong(l, "there is no node");
    if (next < l->instance->next_key || next >= INT64_MAX / 2)
        return wrong(l, "the next key is one that was used");
    l->instance->next_key = next;
    return true;
}

BpmnInstance *bpmn_load(const BpmnModel *model, Arena *arena, const char *text, size_t length,
                        Error *err)
{
    Error why = ERROR_NONE;
    Json *root = json_parse(arena, text, length, &state_limits, err);
    if (!root)
        return NULL;
    BpmnInstance *instance = arena_new(arena, BpmnInstance);
    *instance = (BpmnInstance){.arena = arena, .model = model};
    Loader loader = {.instance = instance, .arena = arena, .json = root, .err = err};
    if (!read_instance(&loader, root))
        return NULL;
    count_joining(instance);
    if (bpmn_check(instance, &why))
        return instance;
    error_set(err, ERROR_INVALID, .code = "bpmn.state", .field = why.field, .detail = why.detail,
              .with = {{"what", why.detail}});
    return NULL;
}
