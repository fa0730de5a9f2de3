/*
 * save.c - an instance as text, version 1.
 *
 *     {"v":1,"process":ID,"status":"active","next":KEY,"nodes":[{"k":KEY,"p":KEY,"e":ID,...}]}
 *
 * Elements and flows are named by their ids, so that a state survives a new version of its process
 * that keeps them. Fields that say nothing are left out. docs/bpmn.md describes every field; what
 * changes here gets a new version, and the fixtures in tests/bpmn/state keep the old ones readable.
 */
#include "bpmn/state_internal.h"

#include "base/text.h"

const char *bpmn_state_name(BpmnNodeState state)
{
    static const char *const names[] = {
        [BPMN_READY] = "ready",     [BPMN_ENTERED] = "entered",       [BPMN_WAITING] = "waiting",
        [BPMN_JOINING] = "joining", [BPMN_COMPLETING] = "completing", [BPMN_DONE] = "done",
    };
    return names[state];
}

const char *bpmn_status_name(BpmnStatus status)
{
    static const char *const names[] = {
        [BPMN_ACTIVE] = "active", [BPMN_COMPLETED] = "completed", [BPMN_TERMINATED] = "terminated"};
    return names[status];
}

static void save_timer(JsonWriter *json, const BpmnNode *node)
{
    if (node->due == INSTANT_NONE)
        return;
    json_put_int(json, "due", node->due);
    if (node->cycle_left)
        json_put_int(json, "left", node->cycle_left);
    if (node->interval)
        json_put_text(json, "every", node->interval);
}

static bool save_value(JsonWriter *json, const char *name, BpmnInstance *instance, FeelValue value,
                       Error *err)
{
    Buffer text = buffer_init(instance->arena, json->buffer->limit);
    if (!feel_encode(&text, value, err))
        return false;
    if (text.is_over)
        json->buffer->is_over = true;
    else
        json_put_raw(json, name, buffer_text(&text));
    return true;
}

static bool save_loop(JsonWriter *json, BpmnInstance *instance, const BpmnNode *node, Error *err)
{
    if (bpmn_node_is_inner(node))
        json_put_int(json, "i", (int64_t)node->loop_index);
    if (!bpmn_node_is_body(node) || node->state != BPMN_WAITING)
        return true;
    json_put_int(json, "total", (int64_t)node->loop_total);
    json_put_int(json, "done", (int64_t)node->loop_done);
    return feel_is_null(node->loop_items) ||
           save_value(json, "items", instance, node->loop_items, err);
}

static void save_join(JsonWriter *json, const BpmnInstance *instance, const BpmnNode *node)
{
    json_begin_array(json, "arrived");
    for (size_t i = 0; i < node->element->incoming_count; i++)
        if (node->arrived[i])
            json_put_text(json, NULL, instance->model->flows.items[node->element->incoming[i]].id);
    json_end_array(json);
}

static void save_incident(JsonWriter *json, const BpmnNode *node)
{
    json_begin_object(json, "incident");
    json_put_text(json, "code", node->incident_code);
    json_put_text(json, "message", node->incident_message);
    json_put_int(json, "at", node->incident_at);
    json_end_object(json);
}

static bool save_node(JsonWriter *json, BpmnInstance *instance, const BpmnNode *node, Error *err)
{
    json_begin_object(json, NULL);
    json_put_int(json, "k", node->key);
    if (node->parent)
        json_put_int(json, "p", node->parent->key);
    json_put_text(json, "e", node->element->id);
    json_put_text(json, "s", bpmn_state_name(node->state));
    json_put_int(json, "at", node->entered);
    if (node->host)
        json_put_int(json, "host", node->host->key);
    save_timer(json, node);
    if (node->state == BPMN_JOINING)
        save_join(json, instance, node);
    if (node->incident_code)
        save_incident(json, node);
    if (!save_loop(json, instance, node, err))
        return false;
    if (!feel_is_null(node->variables) && !save_value(json, "vars", instance, node->variables, err))
        return false;
    json_end_object(json);
    return true;
}

const char *bpmn_save(BpmnInstance *instance, const BpmnLimits *limits, Error *err)
{
    size_t most = (limits ? limits : &BPMN_LIMITS)->state_bytes;
    Buffer buffer = buffer_init(instance->arena, most);
    JsonWriter json = json_writer(&buffer);
    json_begin_object(&json, NULL);
    json_put_int(&json, "v", 1);
    json_put_text(&json, "process", bpmn_process_id(instance->model));
    json_put_text(&json, "status", bpmn_status_name(instance->status));
    json_put_int(&json, "next", instance->next_key);
    json_begin_array(&json, "nodes");
    list_each (BpmnNode *, one, &instance->nodes)
        if (!save_node(&json, instance, *one, err))
            return NULL;
    json_end_array(&json);
    json_end_object(&json);
    if (!buffer.is_over)
        return buffer_text(&buffer);
    error_set(err, ERROR_TOO_LARGE, .code = "bpmn.too_large");
    return NULL;
}
