/*
 * work.c - what an element does once it is entered.
 *
 *     node -> by kind: pass on · choose a flow · evaluate · open a task, service, timer and wait
 *
 * Whatever an expression leaves open (null, a wrong kind, nobody assigned) is an incident here and
 * nowhere else: the node stays ENTERED, and resolving does the same again.
 */
#include "bpmn/state_internal.h"

#include <string.h>

#include "base/text.h"

/* What an incident says about a value that does not do. */
static bool raise_value(BpmnRun *run, BpmnNode *node, const char *code, BpmnText text,
                        FeelValue value, const char *why, const char *wanted)
{
    return bpmn_raise(run, node, code, "%s of \"%s\" must be %s, and is %s%s%s", text.text,
                      node->element->id, wanted,
                      feel_is_null(value) ? "null" : feel_kind_name(value), *why ? ": " : "", why);
}

/* ---- fields of tasks ------------------------------------------------------------------------- */

/* A text that, when the model gives one, must not be missing. Absent: NULL. */
static bool read_text(BpmnRun *run, BpmnNode *node, const char *code, BpmnText text,
                      const char **out)
{
    const char *why;
    *out = NULL;
    if (bpmn_text_is_absent(text))
        return true;
    FeelValue value = bpmn_evaluate(run, node, text, &why);
    if (text_is_empty(feel_text(value)))
        return raise_value(run, node, code, text, value, why, "a text that is not empty");
    *out = feel_text(value);
    return true;
}

/* A moment; null means none. A duration counts from now. */
static bool read_moment(BpmnRun *run, BpmnNode *node, BpmnText text, Instant *out)
{
    const char *why;
    BpmnTimer timer;
    *out = INSTANT_NONE;
    FeelValue value = bpmn_evaluate(run, node, text, &why);
    if (feel_is_null(value))
        return true;
    int offset = run->context->offset_minutes;
    Instant now = run->context->now;
    if (!bpmn_timer_read(run->arena, BPMN_TIMER_DATE, value, now, offset, &timer, &why) &&
        !bpmn_timer_read(run->arena, BPMN_TIMER_DURATION, value, now, offset, &timer, &why))
        return raise_value(run, node, "bpmn.schedule", text, value, "",
                           "a date and time or a duration");
    *out = timer.due;
    return true;
}

static bool read_number(BpmnRun *run, BpmnNode *node, const char *code, BpmnText text,
                        int64_t usual, int64_t most, int64_t *out)
{
    const char *why;
    *out = usual;
    if (bpmn_text_is_absent(text))
        return true;
    FeelValue value = bpmn_evaluate(run, node, text, &why);
    bool is_number = text.feel ? feel_to_int64(value, out) : text_to_int64(text.text, out);
    if (!is_number || *out < 0 || *out > most)
        return raise_value(run, node, code, text, value, why, "a whole number in its range");
    return true;
}

/* "a, b" as it stands in the model. */
static size_t split_names(Arena *arena, const char *text, const char ***out)
{
    const char **parts;
    size_t count = text_split(arena, text, ',', &parts);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const char *name = text_trim(arena, parts[i]);
        if (*name)
            parts[kept++] = name;
    }
    *out = parts;
    return kept;
}

/* A list of texts, or one text. False when something else is in it. */
static bool list_names(Arena *arena, FeelValue value, const char ***out, size_t *out_count)
{
    if (feel_text(value)) {
        *out = arena_array(arena, const char *, 1);
        (*out)[0] = feel_text(value);
        *out_count = 1;
        return *(*out)[0];
    }
    *out_count = feel_count(value);
    *out = arena_array(arena, const char *, *out_count);
    for (size_t i = 0; i < *out_count; i++) {
        (*out)[i] = feel_text(feel_item(value, i));
        if (text_is_empty((*out)[i]))
            return false;
    }
    return *out_count > 0;
}

static bool read_names(BpmnRun *run, BpmnNode *node, BpmnText text, const char *const **out,
                       size_t *out_count)
{
    const char *why;
    const char **names = NULL;
    *out_count = 0;
    if (bpmn_text_is_absent(text))
        return true;
    if (!text.feel) {
        *out_count = split_names(run->arena, text.text, &names);
        *out = names;
        return true;
    }
    FeelValue value = bpmn_evaluate(run, node, text, &why);
    if (!list_names(run->arena, value, &names, out_count))
        return raise_value(run, node, "bpmn.assignment", text, value, why, "a list of names");
    *out = names;
    return true;
}

/* ---- tasks and services ---------------------------------------------------------------------- */

static void open_task(BpmnRun *run, BpmnNode *node)
{
    const struct BpmnDetail *detail = node->element->detail;
    BpmnTask *task = arena_new(run->arena, BpmnTask);
    if (!read_text(run, node, "bpmn.assignment", detail->assignee, &task->assignee) ||
        !read_names(run, node, detail->candidate_groups, &task->candidate_groups,
                    &task->candidate_group_count) ||
        !read_names(run, node, detail->candidate_users, &task->candidate_users,
                    &task->candidate_user_count) ||
        !read_text(run, node, "bpmn.form", detail->form, &task->form_key) ||
        !read_moment(run, node, detail->due, &task->due) ||
        !read_moment(run, node, detail->follow_up, &task->follow_up) ||
        !read_number(run, node, "bpmn.priority", detail->priority, 50, 100, &task->priority))
        return;
    node->state = BPMN_WAITING;
    bpmn_effect(run, BPMN_TASK_CREATED, node)->task = task;
}

static void open_service(BpmnRun *run, BpmnNode *node)
{
    const struct BpmnDetail *detail = node->element->detail;
    BpmnService *service = arena_new(run->arena, BpmnService);
    if (!read_text(run, node, "bpmn.service", detail->job_type, &service->type) ||
        !read_number(run, node, "bpmn.service", detail->retries, 3, 1000, &service->retries))
        return;
    service->variables = detail->inputs.count ? node->variables : bpmn_visible(run->arena, node);
    node->state = BPMN_WAITING;
    bpmn_effect(run, BPMN_SERVICE_CALLED, node)->service = service;
}

/* Its value, named as the model says, is the output of the task. */
static void complete_with(BpmnRun *run, BpmnNode *node, const char *code, FeelValue value)
{
    if (bpmn_value_is_storable(value))
        bpmn_complete_node(run, node,
                           bpmn_single(run->arena, node->element->detail->result_variable, value));
    else
        bpmn_raise(run, node, code, "the result of \"%s\" is a %s, which cannot be kept",
                   node->element->id, feel_kind_name(value));
}

/* Null that the expression says itself is a value; null for a reason is a failure. */
static void run_script(BpmnRun *run, BpmnNode *node)
{
    const char *why;
    FeelValue value = bpmn_evaluate(run, node, node->element->detail->script, &why);
    if (feel_is_null(value) && *why)
        bpmn_raise(run, node, "bpmn.script", "the script of \"%s\" gives null: %s",
                   node->element->id, why);
    else
        complete_with(run, node, "bpmn.script", value);
}

static void run_decision(BpmnRun *run, BpmnNode *node)
{
    const BpmnContext *context = run->context;
    const char *id;
    if (!read_text(run, node, "bpmn.decision", node->element->detail->decision_id, &id))
        return;
    if (!context->decide) {
        bpmn_raise(run, node, "bpmn.decision", "there is nothing that decides \"%s\"", id);
        return;
    }
    Error cause = ERROR_NONE;
    FeelValue result = feel_null();
    if (context->decide(context->decide_data, run->arena, id, bpmn_visible(run->arena, node),
                        &result, &cause)) {
        complete_with(run, node, "bpmn.decision", result);
        return;
    }
    const char *why = cause.message ? cause.message : cause.detail;
    bpmn_raise(run, node, "bpmn.decision", "the decision \"%s\" failed: %s%s%s", id,
               cause.code ? cause.code : "without a reason", why ? ": " : "", why ? why : "");
}

/* ---- timers ---------------------------------------------------------------------------------- */

bool bpmn_arm(BpmnRun *run, BpmnNode *node, const BpmnElement *event, BpmnTimer *out)
{
    const char *why;
    const char *fault;
    BpmnText text = event->detail->timer;
    FeelValue value = bpmn_evaluate(run, node, text, &why);
    if (bpmn_timer_read(run->arena, event->detail->timer_kind, value, node->entered,
                        run->context->offset_minutes, out, &fault))
        return true;
    return bpmn_raise(run, node, "bpmn.timer", "the timer %s of \"%s\" %s%s%s", text.text,
                      event->id, fault, *why ? ": " : "", why);
}

void bpmn_timer_set(BpmnRun *run, BpmnNode *node, const BpmnTimer *timer)
{
    node->due = timer->due;
    node->cycle_left = timer->cycle_left;
    node->interval = timer->interval;
    BpmnEffect *effect = bpmn_effect(run, BPMN_TIMER_SET, node);
    effect->due = timer->due;
    effect->cycle_left = timer->cycle_left;
    effect->host = node->host ? node->host->key : 0;
}

static void open_timer(BpmnRun *run, BpmnNode *node)
{
    BpmnTimer timer;
    if (!bpmn_arm(run, node, node->element, &timer))
        return;
    node->state = BPMN_WAITING;
    bpmn_timer_set(run, node, &timer);
}

/* ---- gateways -------------------------------------------------------------------------------- */

/* The value is yes or no, so nothing of the evaluation needs to be kept. */
static FeelTruth decide_flow(BpmnRun *run, BpmnNode *node, BpmnText condition)
{
    const char *why;
    ArenaMark mark = arena_mark(run->arena);
    FeelValue value = bpmn_evaluate(run, node, condition, &why);
    FeelTruth truth = feel_condition(value);
    if (truth == FEEL_UNKNOWN)
        raise_value(run, node, "bpmn.condition", condition, value, why, "true or false");
    else
        arena_reset(run->arena, mark);
    return truth;
}

/* The first flow, in the order of the file, whose condition is true; else the default flow. */
static void choose_flow(BpmnRun *run, BpmnNode *node)
{
    const BpmnModel *model = run->instance->model;
    const BpmnElement *element = node->element;
    const size_t *fallback = NULL;
    for (size_t i = 0; i < element->outgoing_count; i++) {
        const size_t *flow = &element->outgoing[i];
        BpmnText condition = model->conditions[*flow];
        FeelTruth truth = FEEL_YES;
        if (model->flows.items[*flow].is_default) {
            fallback = flow;
            continue;
        }
        if (!bpmn_text_is_absent(condition))
            truth = decide_flow(run, node, condition);
        if (truth == FEEL_UNKNOWN)
            return;
        if (truth == FEEL_YES) {
            bpmn_leave_by(run, node, flow, 1);
            return;
        }
    }
    if (fallback || !element->outgoing_count)
        bpmn_leave_by(run, node, fallback, fallback ? 1 : 0);
    else
        bpmn_raise(run, node, "bpmn.no_flow", "no condition at \"%s\" is true", element->id);
}

/* ---- by kind --------------------------------------------------------------------------------- */

static void open_scope(BpmnRun *run, BpmnNode *node)
{
    node->state = BPMN_WAITING;
    bpmn_spawn(run, node, node->element->start);
}

/* size: flat switch */
void bpmn_open_work(BpmnRun *run, BpmnNode *node)
{
    switch (node->element->kind) {
    case BPMN_USER_TASK: open_task(run, node); break;
    case BPMN_SERVICE_TASK: open_service(run, node); break;
    case BPMN_SCRIPT_TASK: run_script(run, node); break;
    case BPMN_DECISION_TASK: run_decision(run, node); break;
    case BPMN_TIMER_CATCH: open_timer(run, node); break;
    case BPMN_EXCLUSIVE: choose_flow(run, node); break;
    case BPMN_PROCESS:
    case BPMN_SUB_PROCESS: open_scope(run, node); break;
    case BPMN_TERMINATE_END:
        bpmn_kill_inside(run, node->parent, node);
        bpmn_complete_node(run, node, feel_null());
        break;
    case BPMN_ERROR_END:
        bpmn_throw_error(run, node, node->element->detail->error_code, feel_null());
        break;
    case BPMN_START:
    case BPMN_END:
    case BPMN_PASS:
    case BPMN_PARALLEL:
    case BPMN_BOUNDARY_TIMER:
    case BPMN_BOUNDARY_ERROR:
    case BPMN_LINK_THROW:
    case BPMN_LINK_CATCH: bpmn_complete_node(run, node, feel_null()); break;
    }
}

void bpmn_close_work(BpmnRun *run, BpmnNode *node)
{
    if (bpmn_node_is_body(node))
        return;
    switch (node->element->kind) {
    case BPMN_USER_TASK: bpmn_effect(run, BPMN_TASK_CANCELLED, node); break;
    case BPMN_SERVICE_TASK: bpmn_effect(run, BPMN_SERVICE_CANCELLED, node); break;
    case BPMN_TIMER_CATCH:
    case BPMN_BOUNDARY_TIMER:
        bpmn_effect(run, BPMN_TIMER_CANCELLED, node)->due = node->due;
        node->due = INSTANT_NONE;
        break;
    default: break;
    }
}
