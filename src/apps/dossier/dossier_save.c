/*
 * dossier_save.c - writes what a command changed: the dossier, its process, tasks, timers,
 * incidents, clock, certificate, and the one journal entry that tells of it.
 */
#include "apps/dossier/dossier_internal.h"

/* ---- rows ------------------------------------------------------------------------------------ */

/* Open tasks without an own due date are due when the whole is. */
static bool set_task_due(Work *work, Error *err)
{
    ClockRow clock;
    bool has_clock;
    if (!work->new_tasks.count)
        return true;
    if (!clock_current(work, &clock, &has_clock, err))
        return false;
    list_each (Task, task, &work->new_tasks) {
        if (has_clock && task->due_at == INSTANT_NONE)
            task->due_at = clock.due_at;
        steps_put_task(&work->steps, task);
    }
    return true;
}

static void put_id_step(Work *work, const char *step, const char *name, Id id)
{
    steps_put(&work->steps, step);
    json_put_id(&work->steps.json, name, id);
    steps_end(&work->steps);
}

/* A task that could not be given to anybody was withdrawn before it became a row. */
static bool cancel_task(Work *work, int64_t node, Error *err)
{
    Id task;
    if (!store_task_of_node(work->tx, work->app, work->dossier.id, node, &task, err))
        return false;
    if (!task)
        return true;
    put_id_step(work, "task_cancelled", "task", task);
    return store_cancel_task(work->tx, work->app, task, err) && notices_end(work, task, err);
}

static bool save_tasks(Work *work, Error *err)
{
    list_each (int64_t, node, &work->cancelled_nodes)
        if (!cancel_task(work, *node, err))
            return false;
    list_each (Task, task, &work->new_tasks)
        if (!store_add_task(work->tx, work->app, task, err))
            return false;
    return true;
}

static bool save_timers(Work *work, Error *err)
{
    list_each (TimerRow, ended, &work->ended_timers)
        if (!store_end_timer(work->tx, work->app, work->dossier.id, ended->node, ended->element,
                             err))
            return false;
    list_each (TimerRow, timer, &work->new_timers) {
        if (!store_add_timer(work->tx, work->app, timer, err))
            return false;
        steps_put(&work->steps, "timer_set");
        json_put_id(&work->steps.json, "timer", timer->id);
        json_put_int(&work->steps.json, "due_at", timer->due_at);
        steps_end(&work->steps);
    }
    return true;
}

static bool end_incident(Work *work, int64_t node, Error *err)
{
    Id incident;
    Id officer = text_equal(work->actor_kind, "officer") ? work->actor : 0;
    if (!store_end_incident(work->tx, work->app, work->dossier.id, node, officer, &incident, err))
        return false;
    if (incident)
        put_id_step(work, "incident_resolved", "incident", incident);
    return true;
}

static bool save_incidents(Work *work, Error *err)
{
    list_each (int64_t, node, &work->ended_incidents)
        if (!end_incident(work, *node, err))
            return false;
    list_each (Incident, incident, &work->new_incidents) {
        if (!store_add_incident(work->tx, work->app, incident, err))
            return false;
        steps_put(&work->steps, "incident");
        json_put_id(&work->steps.json, "incident", incident->id);
        json_put_text(&work->steps.json, "element", incident->element);
        json_put_text(&work->steps.json, "code", incident->code);
        steps_end(&work->steps);
    }
    return true;
}

static bool save_process(Work *work, Error *err)
{
    const char *state = bpmn_save(work->instance, NULL, err);
    if (!state)
        return false;
    return work->is_new ? store_add_process(work->tx, work->app, work->dossier.id,
                                            work->process_definition, state, err)
                        : store_save_process(work->tx, work->app, work->dossier.id, state, err);
}

/* The date of the whole moved, and that of the open tasks which have none of their own. */
static bool save_moved_clock(Work *work, Error *err)
{
    bool is_moved = work->clock.due_at != work->due_before;
    if (!work->has_moved_clock)
        return true;
    return store_move_clock(work->tx, work->app, &work->clock, err) &&
           (!is_moved || store_move_tasks(work->tx, work->app, work->dossier.id, work->due_before,
                                          work->clock.due_at, err));
}

static bool save_clock(Work *work, Error *err)
{
    if (!save_moved_clock(work, err))
        return false;
    if (work->has_new_clock) {
        if (work->is_completed)
            work->clock.stopped_at = tx_now(work->tx);
        return store_add_clock(work->tx, work->app, &work->clock, err) &&
               (work->is_new || store_move_tasks(work->tx, work->app, work->dossier.id,
                                                 INSTANT_NONE, work->clock.due_at, err));
    }
    return !work->is_completed || work->is_new ||
           store_stop_clock(work->tx, work->app, work->dossier.id, err);
}

/* ---- the entry ------------------------------------------------------------------------------- */

bool work_append(Work *work, const char *kind, const char *subject, WorkData data,
                 const void *context, Error *err)
{
    Buffer text = buffer_init(work->arena, 0);
    JsonWriter json = json_writer(&text);
    bool has_steps = work->steps.text.length > 0;
    if (has_steps)
        json_end_array(&work->steps.json);
    work->dossier.version = work->version_before + 1;
    json_begin_object(&json, NULL);
    json_put_text(&json, "item", work->dossier.item_code);
    json_put_text(&json, "item_kind", work->dossier.kind);
    if (data)
        data(&json, context);
    json_put_raw(&json, "steps", has_steps ? buffer_text(&work->steps.text) : "[]");
    if (work->rules.text.length) {
        json_end_array(&work->rules.json);
        json_put_raw(&json, "rules", buffer_text(&work->rules.text));
    }
    json_end_object(&json);
    JournalEntry entry = {.tenant = work->app->tenant,
                          .dossier = work->dossier.id,
                          .version = work->dossier.version,
                          .kind = kind,
                          .actor_kind = work->actor_kind,
                          .actor = work->actor,
                          .unit = work->dossier.unit,
                          .subject = subject,
                          .data = buffer_text(&text)};
    if (!work->is_new &&
        !store_save(work->tx, work->app, &work->dossier, work->version_before, err))
        return false;
    return journal_append(work->tx, &entry, err);
}

/* Archive numbers are made of what is known, so that closing draws none: year, item, number. */
static const char *archive_number(const Work *work)
{
    int year, month, day;
    date_split(instant_date(tx_now(work->tx), work->app->zone_minutes), &year, &month, &day);
    return arena_printf(work->arena, "%04d-%s-%s", year, work->dossier.item_code,
                        work->dossier.number);
}

static void finish(Work *work)
{
    work->dossier.completed_at = tx_now(work->tx);
    work->dossier.stage = "closed";
    work->dossier.archive_number = archive_number(work);
    steps_put_stage(&work->steps, "closed");
}

/* Spans end with their task: before the clock is derived. */
static bool end_spans(Work *work, Error *err)
{
    if (work->is_completed)
        return spans_end(work, 0, NULL, NULL, err) && notices_end(work, 0, err);
    if (!work->dossier.span_count)
        return true;
    list_each (int64_t, node, &work->cancelled_nodes) {
        Id task;
        if (!store_task_of_node(work->tx, work->app, work->dossier.id, *node, &task, err) ||
            (task && !spans_end(work, task, NULL, NULL, err)))
            return false;
    }
    return true;
}

bool work_note(Work *work, const char *kind, const char *subject, WorkData data,
               const void *context, Error *err)
{
    return spans_settle(work, err) && save_moved_clock(work, err) && spans_save(work, err) &&
           save_timers(work, err) && papers_save(work, err) &&
           work_append(work, kind, subject, data, context, err);
}

bool work_save(Work *work, const char *kind, const char *subject, WorkData data,
               const void *context, Error *err)
{
    if (work->is_completed)
        finish(work);
    silence_end(work);
    work->dossier.version = work->version_before + 1;
    if (!end_spans(work, err) || !spans_settle(work, err))
        return false;
    if (!set_task_due(work, err) || (work->is_completed && !clock_put_completed(work, err)))
        return false;
    if (work->is_new && !store_insert(work->tx, work->app, &work->dossier, err))
        return false;
    return save_process(work, err) && save_clock(work, err) && spans_save(work, err) &&
           fees_save(work, err) && save_tasks(work, err) && save_timers(work, err) &&
           save_incidents(work, err) && certificate_save(work, err) && papers_save(work, err) &&
           work_append(work, kind, subject, data, context, err);
}
