/*
 * dossier_process.c - runs the process of a dossier and turns its effects into rows.
 *
 *     verb -> engine -> effects -> Work (tasks, timers, incidents, services run at once) ->
 * work_save
 *
 * The engine is pure; a service that it calls is run here, in memory, and answered, until nothing
 * moves any more. Rows are written only by work_save.
 */
#include <string.h>

#include "apps/dossier/dossier_internal.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

enum { SERVICES_AT_MOST = 200 };

/* ---- loading --------------------------------------------------------------------------------- */

FeelScope work_scope(Work *work, FeelValue variables)
{
    return calendars_scope(work->app, tx_conn(work->tx), work->arena, variables, tx_now(work->tx));
}

/* A business-rule task names its decision, and with a slash before it the table: "routing/notice".
 * Without one it is of the table of limits. */
static bool decide(void *data, Arena *arena, const char *decision_id, FeelValue variables,
                   FeelValue *out_result, Error *err)
{
    Work *work = data;
    const char *slash = strchr(decision_id, '/');
    RuleUse use = {.step = decision_id,
                   .table = work->item->limits.table,
                   .decision = slash ? slash + 1 : decision_id,
                   .binds = BIND_FILED};
    if (slash)
        use.table = arena_text_n(arena, decision_id, (size_t)(slash - decision_id));
    return rule_decide(work, &use, variables, out_result, NULL, err);
}

static BpmnContext context_of(Work *work)
{
    FeelScope scope = work_scope(work, feel_null());
    return (BpmnContext){.now = scope.now,
                         .offset_minutes = scope.offset_minutes,
                         .workdays = scope.workdays,
                         .decide = decide,
                         .decide_data = work};
}

bool work_lock(Work *work, Tx *tx, App *app, Id dossier, Error *err)
{
    work->tx = tx;
    work->app = app;
    work->arena = tx_arena(tx);
    work->steps = steps_begin(work->arena);
    work->rules = steps_begin(work->arena);
    if (!store_lock(tx, app, dossier, &work->dossier, err))
        return false;
    work->version_before = work->dossier.version;
    work->was_filed = text_equal(work->dossier.state, "filed");
    return true;
}

bool work_load(Work *work, Tx *tx, App *app, Id dossier, Error *err)
{
    const char *state;
    if (!work_lock(work, tx, app, dossier, err) ||
        !store_process(tx_conn(tx), app, work->arena, dossier, &work->process_definition, &state,
                       err))
        return false;
    work->item = catalogue_item_version(app, tx_conn(tx), work->dossier.item_definition, err);
    work->model =
        work->item ? catalogue_process(app, tx_conn(tx), work->process_definition, err) : NULL;
    work->instance =
        work->model ? bpmn_load(work->model, work->arena, state, strlen(state), err) : NULL;
    return work->instance != NULL;
}

void work_expect(Tx *tx, App *app, Id id)
{
    Dossier dossier;
    Id definition;
    const char *state;
    (void)!store_lock(tx, app, id, &dossier, NULL);
    (void)!store_process(tx_conn(tx), app, tx_arena(tx), id, &definition, &state, NULL);
}

/* ---- effects --------------------------------------------------------------------------------- */

const char *pair_of(BpmnPairs pairs, const char *name)
{
    for (size_t i = 0; i < pairs.count; i++)
        if (text_equal(pairs.items[i].name, name))
            return pairs.items[i].value;
    return NULL;
}

/* The unit of a task: its first candidate group is a unit's code; without one the dossier's own. */
static bool unit_of_task(Work *work, const BpmnTask *task, Id *out_unit, Error *err)
{
    *out_unit = work->dossier.unit;
    if (!task->candidate_group_count)
        return true;
    const Unit *unit = org_unit_by_code(work->app->org, tx_conn(work->tx), work->app->tenant,
                                        task->candidate_groups[0], err);
    *out_unit = unit ? unit->id : 0;
    return !error_is_set(err);
}

static bool assignee_of_task(Work *work, const BpmnTask *task, Id *out_officer, Error *err)
{
    *out_officer = 0;
    return !task->assignee ||
           identity_officer_by_login(tx_conn(work->tx), work->arena, work->app->tenant,
                                     task->assignee, out_officer, err);
}

static bool fail_node(Work *work, const BpmnEffect *effect, const char *code, const char *message,
                      Error *err)
{
    BpmnContext context = context_of(work);
    return bpmn_fail(work->instance, effect->key, code, message, &context, &work->effects, err);
}

static Task task_of_effect(Work *work, const BpmnEffect *effect, Id unit, Id officer)
{
    const BpmnElement *element = effect->element;
    const char *stage = pair_of(element->properties, "stage");
    const char *name_en = catalogue_english(work->app, tx_conn(work->tx), work->process_definition,
                                            element->id, element->name);
    return (Task){.id = tx_new_id(work->tx),
                  .dossier = work->dossier.id,
                  .node = effect->key,
                  .element = element->id,
                  .name = {element->name, name_en},
                  .stage = stage ? stage : work->dossier.stage,
                  .form = effect->task->form_key ? effect->task->form_key : "",
                  .unit = unit,
                  .assignee = officer,
                  .state = "open",
                  .created_at = tx_now(work->tx),
                  .due_at = effect->task->due,
                  .completed_at = INSTANT_NONE};
}

/* A special procedure that the process draws: its time is not counted. A ground that no pack knows
 * is no reason to keep the task from people: it becomes an incident that an administrator mends. */
static bool begin_uncounted(Work *work, const BpmnEffect *effect, Id task, const char *ground,
                            Error *err)
{
    Error problem = ERROR_NONE;
    if (span_begin(work, task, "element", ground, NULL, NULL, &problem))
        return true;
    if (!text_equal(problem.code, "catalogue.unknown_ground"))
        return error_fill(err, problem);
    return fail_node(work, effect, problem.code,
                     arena_printf(work->arena, "no ground has the code \"%s\"", ground), err);
}

static bool on_task_created(Work *work, const BpmnEffect *effect, Error *err)
{
    Id unit, officer;
    if (!unit_of_task(work, effect->task, &unit, err) ||
        !assignee_of_task(work, effect->task, &officer, err))
        return false;
    if (!unit)
        return fail_node(work, effect, "dossier.unknown_unit",
                         arena_printf(work->arena, "no unit has the code \"%s\"",
                                      effect->task->candidate_groups[0]),
                         err);
    if (effect->task->assignee && !officer)
        return fail_node(work, effect, "dossier.unknown_officer",
                         arena_printf(work->arena, "no active officer has the number \"%s\"",
                                      effect->task->assignee),
                         err);
    Task task = task_of_effect(work, effect, unit, officer);
    if (!text_equal(work->dossier.stage, task.stage)) {
        work->dossier.stage = task.stage;
        steps_put_stage(&work->steps, task.stage);
    }
    list_add(work->arena, &work->new_tasks, task);
    const char *ground = pair_of(effect->element->properties, "uncounted");
    return !ground || begin_uncounted(work, effect, task.id, ground, err);
}

/* Nor does time that it would have taken out. */
static void forget_spans(Work *work, Id task)
{
    size_t kept = 0;
    for (size_t i = 0; i < work->spans.count; i++)
        if (!work->spans.items[i].is_new || work->spans.items[i].task != task)
            work->spans.items[kept++] = work->spans.items[i];
    work->dossier.span_count -= (int64_t)(work->spans.count - kept);
    work->spans.count = kept;
}

/* A task that was made in this very command never becomes a row. */
static void on_task_cancelled(Work *work, const BpmnEffect *effect)
{
    for (size_t i = 0; i < work->new_tasks.count; i++)
        if (work->new_tasks.items[i].node == effect->key) {
            forget_spans(work, work->new_tasks.items[i].id);
            work->new_tasks.items[i] = work->new_tasks.items[--work->new_tasks.count];
            return;
        }
    list_add(work->arena, &work->cancelled_nodes, effect->key);
}

static bool on_service(Work *work, const BpmnEffect *effect, Error *err)
{
    FeelValue output = feel_null();
    Error failure = ERROR_NONE;
    bool is_incident = false;
    BpmnContext context = context_of(work);
    if (service_run(work, effect, &output, &is_incident, &failure))
        return bpmn_complete(work->instance, effect->key, output, &context, &work->effects, err);
    if (!is_incident)
        return error_fill(err, failure);
    const char *message = failure.message  ? failure.message
                          : failure.detail ? failure.detail
                                           : failure.code;
    return fail_node(work, effect, failure.code, message, err);
}

static TimerRow timer_of_effect(Work *work, const BpmnEffect *effect)
{
    return (TimerRow){.id = tx_new_id(work->tx),
                      .dossier = work->dossier.id,
                      .node = effect->key,
                      .element = effect->element->id,
                      .due_at = effect->due,
                      .is_set = true};
}

static void on_timer_ended(Work *work, const BpmnEffect *effect, const char *state)
{
    for (size_t i = 0; i < work->new_timers.count; i++)
        if (work->new_timers.items[i].node == effect->key) {
            work->new_timers.items[i] = work->new_timers.items[--work->new_timers.count];
            return;
        }
    TimerRow ended = {.node = effect->key, .element = state};
    list_add(work->arena, &work->ended_timers, ended);
}

static Incident incident_of_effect(Work *work, const BpmnEffect *effect)
{
    return (Incident){.id = tx_new_id(work->tx),
                      .dossier = work->dossier.id,
                      .node = effect->key,
                      .element = effect->element->id,
                      .code = effect->code,
                      .message = effect->message,
                      .raised_at = tx_now(work->tx)};
}

/* One that was raised in this very command never becomes a row. */
static void on_incident_resolved(Work *work, const BpmnEffect *effect)
{
    for (size_t i = 0; i < work->new_incidents.count; i++)
        if (work->new_incidents.items[i].node == effect->key) {
            work->new_incidents.items[i] = work->new_incidents.items[--work->new_incidents.count];
            return;
        }
    list_add(work->arena, &work->ended_incidents, effect->key);
}

static bool take_effect(Work *work, const BpmnEffect *effect, Error *err)
{
    switch (effect->kind) {
    case BPMN_TASK_CREATED: return on_task_created(work, effect, err);
    case BPMN_SERVICE_CALLED: return on_service(work, effect, err);
    case BPMN_TASK_CANCELLED: on_task_cancelled(work, effect); break;
    case BPMN_TIMER_SET:
        list_add(work->arena, &work->new_timers, timer_of_effect(work, effect));
        break;
    case BPMN_TIMER_FIRED: on_timer_ended(work, effect, "fired"); break;
    case BPMN_TIMER_CANCELLED: on_timer_ended(work, effect, "cancelled"); break;
    case BPMN_INCIDENT_RAISED:
        list_add(work->arena, &work->new_incidents, incident_of_effect(work, effect));
        break;
    case BPMN_INCIDENT_RESOLVED: on_incident_resolved(work, effect); break;
    case BPMN_INSTANCE_COMPLETED:
    case BPMN_INSTANCE_TERMINATED: work->is_completed = true; break;
    default: break;
    }
    return true;
}

/* Works through the effects; services add more. A copy of each is taken, since the list may move.
 */
static bool settle(Work *work, Error *err)
{
    int services = 0;
    for (; work->effects_done < work->effects.count; work->effects_done++) {
        BpmnEffect effect = work->effects.items[work->effects_done];
        if (effect.kind == BPMN_SERVICE_CALLED && ++services > SERVICES_AT_MOST)
            return error_set(err, ERROR_INTERNAL, .code = "dossier.service_loop");
        if (!take_effect(work, &effect, err))
            return false;
    }
    return true;
}

/* ---- moving ---------------------------------------------------------------------------------- */

bool work_start(Work *work, FeelValue variables, Error *err)
{
    BpmnContext context = context_of(work);
    work->instance = bpmn_start(work->model, work->arena, variables, &context, &work->effects, err);
    return work->instance && settle(work, err);
}

bool work_complete(Work *work, int64_t node, FeelValue output, Error *err)
{
    BpmnContext context = context_of(work);
    return bpmn_complete(work->instance, node, output, &context, &work->effects, err) &&
           settle(work, err);
}

bool work_fire(Work *work, int64_t node, Error *err)
{
    BpmnContext context = context_of(work);
    return bpmn_fire_timer(work->instance, node, &context, &work->effects, err) &&
           settle(work, err);
}

bool work_resolve(Work *work, int64_t node, FeelValue variables, Error *err)
{
    BpmnContext context = context_of(work);
    return bpmn_resolve(work->instance, node, variables, &context, &work->effects, err) &&
           settle(work, err);
}

bool work_set(Work *work, FeelValue variables, Error *err)
{
    BpmnContext context = context_of(work);
    return bpmn_set_variables(work->instance, 0, variables, false, &context, &work->effects, err) &&
           settle(work, err);
}

bool work_cancel(Work *work, const char *reason, Error *err)
{
    BpmnContext context = context_of(work);
    return bpmn_cancel(work->instance, reason, &context, &work->effects, err) && settle(work, err);
}
