/*
 * instance.c - the verbs: start, complete, fire, fail, resolve, set, cancel.
 *
 *     check the call (nothing changes) -> change one node -> bpmn_run until nothing can move
 *
 * A verb first makes sure that it may happen, so a refusal leaves instance and effects alone.
 */
#include "bpmn/state_internal.h"

#include "base/text.h"

static BpmnRun run_begin(BpmnInstance *instance, const BpmnContext *context, BpmnEffects *effects)
{
    return (BpmnRun){.instance = instance,
                     .arena = instance->arena,
                     .context = context,
                     .limits = context->limits ? context->limits : &BPMN_LIMITS,
                     .effects = effects};
}

/* ---- what may be refused --------------------------------------------------------------------- */

static bool check_values(FeelValue values, Error *err)
{
    bool is_kept = feel_is_null(values) || values.kind == FEEL_CONTEXT;
    if (is_kept && bpmn_value_is_storable(values))
        return true;
    return error_set(err, ERROR_INVALID, .code = "bpmn.value", .field = "variables");
}

static bool check_active(const BpmnInstance *instance, Error *err)
{
    if (instance->status == BPMN_ACTIVE)
        return true;
    return error_set(err, ERROR_CONFLICT, .code = "bpmn.finished");
}

static BpmnNode *find(const BpmnInstance *instance, int64_t key, Error *err)
{
    if (!check_active(instance, err))
        return NULL;
    BpmnNode *node = bpmn_node_find(instance, key);
    if (!node)
        error_set(err, ERROR_NOT_FOUND, .code = "bpmn.no_such_node");
    return node;
}

/* A live node whose own work is open: not a scope, not a join. */
static BpmnNode *find_waiting(const BpmnInstance *instance, int64_t key, Error *err)
{
    BpmnNode *node = find(instance, key, err);
    if (!node)
        return NULL;
    if (node->incident_code) {
        error_set(err, ERROR_CONFLICT, .code = "bpmn.has_incident");
        return NULL;
    }
    if (node->state != BPMN_WAITING || bpmn_node_is_scope(node)) {
        error_set(err, ERROR_CONFLICT, .code = "bpmn.not_waiting");
        return NULL;
    }
    return node;
}

static bool wrong_kind(Error *err)
{
    return error_set(err, ERROR_CONFLICT, .code = "bpmn.not_waiting");
}

/* ---- verbs ----------------------------------------------------------------------------------- */

BpmnInstance *bpmn_start(const BpmnModel *model, Arena *arena, FeelValue variables,
                         const BpmnContext *context, BpmnEffects *out_effects, Error *err)
{
    if (!check_values(variables, err))
        return NULL;
    BpmnInstance *instance = arena_new(arena, BpmnInstance);
    *instance = (BpmnInstance){.arena = arena, .model = model, .next_key = 1};
    BpmnRun run = run_begin(instance, context, out_effects);
    BpmnNode *root = bpmn_node_add(instance, model->elements.items[0], NULL, NULL);
    root->entered = context->now;
    bpmn_merge(&run, root, variables);
    bpmn_activate(&run, root);
    return bpmn_run(&run, err) ? instance : NULL;
}

bool bpmn_complete(BpmnInstance *instance, int64_t key, FeelValue output,
                   const BpmnContext *context, BpmnEffects *out_effects, Error *err)
{
    BpmnNode *node = find_waiting(instance, key, err);
    if (!node)
        return false;
    if (node->element->kind != BPMN_USER_TASK && node->element->kind != BPMN_SERVICE_TASK)
        return wrong_kind(err);
    if (!check_values(output, err))
        return false;
    BpmnRun run = run_begin(instance, context, out_effects);
    bpmn_complete_node(&run, node, output);
    return bpmn_run(&run, err);
}

bool bpmn_fire_timer(BpmnInstance *instance, int64_t key, const BpmnContext *context,
                     BpmnEffects *out_effects, Error *err)
{
    BpmnNode *node = find_waiting(instance, key, err);
    if (!node)
        return false;
    if (node->due == INSTANT_NONE)
        return wrong_kind(err);
    if (context->now < node->due)
        return error_set(err, ERROR_CONFLICT, .code = "bpmn.not_due");
    BpmnRun run = run_begin(instance, context, out_effects);
    BpmnEffect *fired = bpmn_effect(&run, BPMN_TIMER_FIRED, node);
    fired->due = node->due;
    fired->fired = context->now;
    if (node->host)
        bpmn_fire_boundary(&run, node);
    else
        bpmn_complete_node(&run, node, feel_null());
    return bpmn_run(&run, err);
}

bool bpmn_fail(BpmnInstance *instance, int64_t key, const char *code, const char *message,
               const BpmnContext *context, BpmnEffects *out_effects, Error *err)
{
    BpmnNode *node = find_waiting(instance, key, err);
    if (!node)
        return false;
    if (node->host)
        return wrong_kind(err);
    BpmnRun run = run_begin(instance, context, out_effects);
    bpmn_close_work(&run, node);
    node->state = BPMN_ENTERED;
    bpmn_raise(&run, node, code, "%s", message);
    return bpmn_run(&run, err);
}

bool bpmn_throw(BpmnInstance *instance, int64_t key, const char *code, FeelValue variables,
                const BpmnContext *context, BpmnEffects *out_effects, Error *err)
{
    BpmnNode *node = find_waiting(instance, key, err);
    if (!node)
        return false;
    if (node->element->kind != BPMN_USER_TASK && node->element->kind != BPMN_SERVICE_TASK)
        return wrong_kind(err);
    if (!check_values(variables, err))
        return false;
    BpmnRun run = run_begin(instance, context, out_effects);
    bpmn_throw_error(&run, node, code, variables);
    return bpmn_run(&run, err);
}

/* Tries again what the state says was left undone. */
static void retry(BpmnRun *run, BpmnNode *node)
{
    switch (node->state) {
    case BPMN_ENTERED: bpmn_activate(run, node); break;
    case BPMN_COMPLETING: bpmn_finish_node(run, node); break;
    case BPMN_JOINING: bpmn_release_join(run, node); break;
    default:
        if (bpmn_node_is_body(node)) {
            bpmn_loop_next(run, node);
            return;
        }
        /* The root: what a budget held. */
        list_each (BpmnNode *, one, &run->instance->nodes)
            if ((*one)->state == BPMN_READY)
                bpmn_queue(run, *one);
    }
}

bool bpmn_resolve(BpmnInstance *instance, int64_t key, FeelValue variables,
                  const BpmnContext *context, BpmnEffects *out_effects, Error *err)
{
    BpmnNode *node = find(instance, key, err);
    if (!node)
        return false;
    if (!node->incident_code)
        return error_set(err, ERROR_CONFLICT, .code = "bpmn.no_incident");
    if (!check_values(variables, err))
        return false;
    BpmnRun run = run_begin(instance, context, out_effects);
    bpmn_propagate(&run, node, variables);
    bpmn_incident_end(&run, node, false);
    retry(&run, node);
    return bpmn_run(&run, err);
}

bool bpmn_set_variables(BpmnInstance *instance, int64_t key, FeelValue variables, bool is_local,
                        const BpmnContext *context, BpmnEffects *out_effects, Error *err)
{
    BpmnNode *node = find(instance, key, err);
    if (!node || !check_values(variables, err))
        return false;
    BpmnRun run = run_begin(instance, context, out_effects);
    if (is_local)
        bpmn_merge(&run, node, variables);
    else
        bpmn_propagate(&run, node, variables);
    return bpmn_run(&run, err);
}

bool bpmn_cancel(BpmnInstance *instance, const char *reason, const BpmnContext *context,
                 BpmnEffects *out_effects, Error *err)
{
    if (!check_active(instance, err))
        return false;
    BpmnRun run = run_begin(instance, context, out_effects);
    BpmnNode *root = bpmn_root(instance);
    bpmn_kill_inside(&run, root, NULL);
    bpmn_incident_end(&run, root, true);
    root->state = BPMN_DONE;
    instance->status = BPMN_TERMINATED;
    bpmn_effect(&run, BPMN_INSTANCE_TERMINATED, root)->message = reason;
    return bpmn_run(&run, err);
}
