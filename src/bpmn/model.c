/*
 * model.c - reading a parsed model, and the names of kinds and effects.
 *
 * A model does not change after bpmn_parse, so everything here is a look-up that any thread may do.
 */
#include "bpmn/model_internal.h"

const char *bpmn_process_id(const BpmnModel *model)
{
    return model->elements.items[0]->id;
}

const char *bpmn_process_name(const BpmnModel *model)
{
    return model->elements.items[0]->name;
}

size_t bpmn_element_count(const BpmnModel *model)
{
    return model->elements.count;
}

const BpmnElement *bpmn_element(const BpmnModel *model, size_t index)
{
    return index < model->elements.count ? model->elements.items[index] : NULL;
}

const BpmnElement *bpmn_find(const BpmnModel *model, const char *id)
{
    return id ? map_get(&model->elements_by_id, id) : NULL;
}

size_t bpmn_flow_count(const BpmnModel *model)
{
    return model->flows.count;
}

const BpmnFlow *bpmn_flow(const BpmnModel *model, size_t index)
{
    return index < model->flows.count ? &model->flows.items[index] : NULL;
}

size_t bpmn_warning_count(const BpmnModel *model)
{
    return model->warnings.count;
}

const BpmnWarning *bpmn_warning(const BpmnModel *model, size_t index)
{
    return index < model->warnings.count ? &model->warnings.items[index] : NULL;
}

const BpmnDiagram *bpmn_diagram(const BpmnModel *model)
{
    return &model->diagram;
}

const char *bpmn_kind_name(BpmnKind kind)
{
    static const char *const names[] = {
        [BPMN_PROCESS] = "process",
        [BPMN_SUB_PROCESS] = "sub_process",
        [BPMN_START] = "start",
        [BPMN_END] = "end",
        [BPMN_TERMINATE_END] = "terminate_end",
        [BPMN_PASS] = "pass",
        [BPMN_USER_TASK] = "user_task",
        [BPMN_SERVICE_TASK] = "service_task",
        [BPMN_SCRIPT_TASK] = "script_task",
        [BPMN_DECISION_TASK] = "decision_task",
        [BPMN_EXCLUSIVE] = "exclusive",
        [BPMN_PARALLEL] = "parallel",
        [BPMN_TIMER_CATCH] = "timer_catch",
        [BPMN_BOUNDARY_TIMER] = "boundary_timer",
        [BPMN_BOUNDARY_ERROR] = "boundary_error",
        [BPMN_ERROR_END] = "error_end",
        [BPMN_LINK_THROW] = "link_throw",
        [BPMN_LINK_CATCH] = "link_catch",
    };
    return names[kind];
}

const char *bpmn_effect_name(BpmnEffectKind kind)
{
    static const char *const names[] = {
        [BPMN_ELEMENT_ENTERED] = "element_entered",
        [BPMN_ELEMENT_LEFT] = "element_left",
        [BPMN_TASK_CREATED] = "task_created",
        [BPMN_TASK_CANCELLED] = "task_cancelled",
        [BPMN_SERVICE_CALLED] = "service_called",
        [BPMN_SERVICE_CANCELLED] = "service_cancelled",
        [BPMN_TIMER_SET] = "timer_set",
        [BPMN_TIMER_FIRED] = "timer_fired",
        [BPMN_TIMER_CANCELLED] = "timer_cancelled",
        [BPMN_INCIDENT_RAISED] = "incident_raised",
        [BPMN_INCIDENT_RESOLVED] = "incident_resolved",
        [BPMN_VARIABLES_CHANGED] = "variables_changed",
        [BPMN_INSTANCE_COMPLETED] = "instance_completed",
        [BPMN_INSTANCE_TERMINATED] = "instance_terminated",
    };
    return names[kind];
}

bool bpmn_text_is_absent(BpmnText text)
{
    return !text.text;
}

bool bpmn_is_activity(BpmnKind kind)
{
    switch (kind) {
    case BPMN_SUB_PROCESS:
    case BPMN_USER_TASK:
    case BPMN_SERVICE_TASK:
    case BPMN_SCRIPT_TASK:
    case BPMN_DECISION_TASK: return true;
    default: return false;
    }
}

bool bpmn_is_boundary(BpmnKind kind)
{
    return kind == BPMN_BOUNDARY_TIMER || kind == BPMN_BOUNDARY_ERROR;
}

bool bpmn_is_scope(BpmnKind kind)
{
    return kind == BPMN_PROCESS || kind == BPMN_SUB_PROCESS;
}
