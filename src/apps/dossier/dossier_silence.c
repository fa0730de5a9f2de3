/*
 * dossier_silence.c - silence is acceptance: who is not told in time what is missing, is accepted
 * from the day of the receipt.
 *
 *     filed, mended, notice taken back -> table: how many days -> timer, date of the open tasks
 *     notice sent, answered, withdrawn -> no timer
 *     timer due -> tasks of intake end with "accept" -> the process goes on as if an officer had
 */
#include "apps/dossier/dossier_internal.h"

#define SILENCE_ELEMENT "silence"

/* ---- until when the office has to answer ----------------------------------------------------- */

/* What the applicant handed in last counts from its own receipt. */
static bool receipt_of(Work *work, Instant *out, Error *err)
{
    Instant mended = INSTANT_NONE;
    if (work->dossier.notice_count &&
        !store_last_supplement(tx_conn(work->tx), work->arena, work->app->tenant, work->dossier.id,
                               &mended, err))
        return false;
    *out = mended == INSTANT_NONE ? work->dossier.filed_at : mended;
    return true;
}

static bool derive(Work *work, Instant receipt, ClockRow *out, bool *out_is_owed, Error *err)
{
    int64_t days;
    if (!rule_silence(work, &days, err))
        return false;
    *out_is_owed = days > 0;
    if (!*out_is_owed)
        return true;
    ClockInput input = {.limit = {.amount = (int32_t)days, .unit = LIMIT_WORKING_DAYS},
                        .started_at = receipt,
                        .now = tx_now(work->tx)};
    *out = (ClockRow){.dossier = work->dossier.id};
    return clock_derive(work->app, tx_conn(work->tx), work->arena, &input, NULL, out, err);
}

/* ---- the timer ------------------------------------------------------------------------------- */

static TimerRow timer_for(Work *work, Instant due_at)
{
    return (TimerRow){.id = tx_new_id(work->tx),
                      .dossier = work->dossier.id,
                      .node = SILENCE_NODE,
                      .element = SILENCE_ELEMENT,
                      .due_at = due_at,
                      .is_set = true};
}

/* before: the date that open tasks have now. */
static bool set_timer(Work *work, Instant before, const ClockRow *due, Error *err)
{
    list_add(work->arena, &work->new_timers, timer_for(work, due->due_at));
    steps_put_due(&work->steps, work->arena, "intake_due", due);
    list_each (Task, task, &work->new_tasks)
        if (task->due_at == INSTANT_NONE)
            task->due_at = due->due_at;
    return work->is_new ||
           store_move_tasks(work->tx, work->app, work->dossier.id, before, due->due_at, err);
}

static void end_timer(Work *work, const char *state)
{
    TimerRow ended = {.node = SILENCE_NODE, .element = state};
    list_add(work->arena, &work->ended_timers, ended);
}

static bool begin_at(Work *work, Instant receipt, Error *err)
{
    ClockRow due;
    bool is_owed;
    return derive(work, receipt, &due, &is_owed, err) &&
           (!is_owed || set_timer(work, INSTANT_NONE, &due, err));
}

static bool waits_for_answer(const Work *work)
{
    return text_equal(work->dossier.state, "filed") && !work->is_completed;
}

bool silence_begin(Work *work, Error *err)
{
    return !waits_for_answer(work) || begin_at(work, tx_now(work->tx), err);
}

bool silence_go_on(Work *work, Error *err)
{
    Instant receipt;
    return !waits_for_answer(work) ||
           (receipt_of(work, &receipt, err) && begin_at(work, receipt, err));
}

static void put_nothing_due(Work *work)
{
    steps_put(&work->steps, "intake_due");
    json_put_null(&work->steps.json, "due_at");
    steps_end(&work->steps);
}

bool silence_hold(Work *work, Error *err)
{
    TimerRow timer;
    bool is_found;
    if (!waits_for_answer(work))
        return true;
    if (!store_timer_of_node(tx_conn(work->tx), work->arena, work->app->tenant, work->dossier.id,
                             SILENCE_NODE, &timer, &is_found, err))
        return false;
    if (!timer.is_set)
        return true;
    end_timer(work, "cancelled");
    put_nothing_due(work);
    return store_move_tasks(work->tx, work->app, work->dossier.id, timer.due_at, INSTANT_NONE, err);
}

void silence_end(Work *work)
{
    bool is_answered = work->was_filed && !text_equal(work->dossier.state, "filed");
    if (is_answered && work->item && work->item->silence.table)
        end_timer(work, work->is_silent ? "fired" : "cancelled");
}

/* ---- acceptance ------------------------------------------------------------------------------ */

typedef struct Silent {
    Task task; /* that nobody completed; zero: none was open */
    Instant due_at;
} Silent;

static void put_silent(JsonWriter *json, const void *context)
{
    const Silent *silent = context;
    json_put_id(json, "task", silent->task.id);
    json_put_id(json, "unit", silent->task.unit);
    json_put_id(json, "officer", silent->task.assignee);
    json_put_int(json, "due_at", silent->due_at);
}

static FeelValue outcome_accept(Arena *arena)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, "outcome", feel_string("accept"));
    return feel_context_end(&builder);
}

/* The task is nobody's work: its row is cancelled, not done. */
static bool end_task(Work *work, int64_t node, Task *out, Error *err)
{
    Id task;
    if (!store_task_of_node(work->tx, work->app, work->dossier.id, node, &task, err) ||
        (task && !store_task(tx_conn(work->tx), work->arena, work->app->tenant, task, out, err)))
        return false;
    list_add(work->arena, &work->cancelled_nodes, node);
    return work_complete(work, node, outcome_accept(work->arena), err);
}

static bool is_intake(const BpmnNodeView *view)
{
    return text_equal(pair_of(view->element->properties, "stage"), "intake");
}

static bool accept(Work *work, Instant receipt, Silent *silent, Error *err)
{
    BpmnNodeViews open = bpmn_open_tasks(work->instance, work->arena);
    work->is_silent = true;
    work->received_at = receipt;
    list_each (BpmnNodeView, view, &open)
        if (is_intake(view) && waits_for_answer(work) &&
            !end_task(work, view->key, &silent->task, err))
            return false;
    return text_equal(work->dossier.state, "accepted") ||
           error_set(err, ERROR_CONFLICT, .code = "dossier.silence_unmet");
}

static bool save(Work *work, const Silent *silent, Error *err)
{
    return work_save(work, "dossier.accepted_by_silence", NULL, put_silent, silent, err);
}

/* ---- what hinders it ------------------------------------------------------------------------- */

/* Nothing of what was tried is kept. */
static bool raise(Tx *tx, App *app, Id dossier, const Error *why, Error *err)
{
    Work work = {.tx = tx, .app = app, .arena = tx_arena(tx), .actor_kind = "system"};
    Incident incident = {.id = tx_new_id(tx),
                         .dossier = dossier,
                         .node = SILENCE_NODE,
                         .element = SILENCE_ELEMENT,
                         .code = why->code,
                         .raised_at = tx_now(tx)};
    incident.message =
        arena_printf(work.arena, "the process does not accept by silence: %s", why->code);
    return store_end_timer(tx, app, dossier, SILENCE_NODE, "cancelled", err) &&
           store_add_incident(tx, app, &incident, err) &&
           work_tell_incident(&work, "dossier.silence_failed", "incident", &incident,
                              work_put_incident, &incident, err);
}

static bool is_hindrance(const Error *why)
{
    return why->kind == ERROR_INVALID || why->kind == ERROR_CONFLICT ||
           why->kind == ERROR_NOT_FOUND || why->kind == ERROR_TOO_LARGE;
}

/* ---- firing ---------------------------------------------------------------------------------- */

/* The calendar gives another day than the timer has. */
static bool move(Work *work, const TimerRow *timer, const ClockRow *due, Error *err)
{
    end_timer(work, "cancelled");
    return set_timer(work, timer->due_at, due, err) &&
           work_note(work, "dossier.intake_due_moved", NULL, NULL, NULL, err);
}

static bool forget(Work *work, Error *err)
{
    return store_end_timer(work->tx, work->app, work->dossier.id, SILENCE_NODE, "cancelled", err);
}

bool silence_fire(Tx *tx, App *app, const TimerRow *timer, Error *err)
{
    Work work = {.actor_kind = "system"};
    Silent silent = {.due_at = timer->due_at};
    Error why = ERROR_NONE;
    Instant receipt;
    ClockRow due;
    bool is_owed;
    if (!work_load(&work, tx, app, timer->dossier, err))
        return false;
    if (!work.was_filed)
        return forget(&work, err);
    if (!receipt_of(&work, &receipt, err) || !derive(&work, receipt, &due, &is_owed, err))
        return false;
    if (!is_owed)
        return forget(&work, err);
    if (due.due_at > tx_now(tx))
        return move(&work, timer, &due, err);
    if (accept(&work, receipt, &silent, &why))
        return save(&work, &silent, err);
    return is_hindrance(&why) ? raise(tx, app, timer->dossier, &why, err) : error_fill(err, why);
}

/* ---- mending --------------------------------------------------------------------------------- */

/* It was answered meanwhile: nothing is left to try. */
static bool end_incident(Work *work, const Incident *incident, Error *err)
{
    Incident ended = {.dossier = incident->dossier};
    return store_end_incident(work->tx, work->app, incident->dossier, SILENCE_NODE, work->actor,
                              &ended.id, err) &&
           work_tell_incident(work, "incident.mended", "incident_resolved", &ended,
                              work_put_incident, &ended, err);
}

bool silence_mend(Tx *tx, App *app, const User *admin, const Incident *incident, Error *err)
{
    Work work = {.actor_kind = "officer", .actor = admin->id};
    Silent silent = {.due_at = tx_now(tx)};
    Instant receipt;
    if (!work_load(&work, tx, app, incident->dossier, err))
        return false;
    if (!work.was_filed)
        return end_incident(&work, incident, err);
    TimerRow timer = timer_for(&work, silent.due_at);
    list_add(work.arena, &work.ended_incidents, SILENCE_NODE);
    return receipt_of(&work, &receipt, err) && accept(&work, receipt, &silent, err) &&
           store_add_timer(tx, app, &timer, err) && save(&work, &silent, err);
}

/* ---- a corrected calendar -------------------------------------------------------------------- */

static bool derive_again(Tx *tx, App *app, const TimerRow *timer, int *out_moved, Error *err)
{
    Work work = {.actor_kind = "system"};
    Instant receipt;
    ClockRow due;
    bool is_owed;
    if (!work_lock(&work, tx, app, timer->dossier, err) || !receipt_of(&work, &receipt, err) ||
        !derive(&work, receipt, &due, &is_owed, err))
        return false;
    if (!is_owed || due.due_at == timer->due_at)
        return true;
    ++*out_moved;
    return move(&work, timer, &due, err);
}

bool silence_rederive(Tx *tx, App *app, const TimerRow *after, int most, SilenceBatch *out,
                      Error *err)
{
    TimerRows rows = {0};
    *out = (SilenceBatch){.last = *after};
    if (!store_timers_of_kind(tx_conn(tx), tx_arena(tx), app->tenant, SILENCE_NODE, after, most,
                              &rows, err))
        return false;
    list_each (TimerRow, timer, &rows) {
        if (!derive_again(tx, app, timer, &out->moved, err))
            return false;
        out->last = (TimerRow){.id = timer->id, .due_at = timer->due_at};
        out->looked++;
    }
    return true;
}
