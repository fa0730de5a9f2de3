/* dossier_process_store.c - rows of the process: its state, tasks, timers, incidents. */
#include "apps/dossier/dossier_sql.h"
#include "apps/dossier/dossier_store.h"

static SealPlace state_place(const App *app, Id dossier)
{
    return (SealPlace){
        .tenant = app->tenant, .table = "process_instance", .column = "state", .row = dossier};
}

bool store_add_process(Tx *tx, App *app, Id dossier, Id definition, const char *state, Error *err)
{
    DbBytes sealed = keyring_seal(app->keys, tx_arena(tx), state_place(app, dossier), state);
    return process_insert(tx_conn(tx), app->tenant, dossier, definition, sealed, NULL, err);
}

bool store_save_process(Tx *tx, App *app, Id dossier, const char *state, Error *err)
{
    DbBytes sealed = keyring_seal(app->keys, tx_arena(tx), state_place(app, dossier), state);
    return process_save(tx_conn(tx), app->tenant, dossier, sealed, NULL, err);
}

bool store_process(DbConn *conn, App *app, Arena *arena, Id dossier, Id *out_definition,
                   const char **out_state, Error *err)
{
    ProcessGetRow row = {0};
    bool is_found;
    if (!process_get(conn, arena, app->tenant, dossier, &row, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "dossier.no_process");
    *out_definition = row.definition;
    *out_state = keyring_unseal(app->keys, arena, state_place(app, dossier), row.state, err);
    return *out_state != NULL;
}

/* ---- tasks ----------------------------------------------------------------------------------- */

bool store_add_task(Tx *tx, App *app, const Task *task, Error *err)
{
    if (!task_insert(tx_conn(tx),
                     &(TaskInsertParams){.tenant = app->tenant,
                                         .id = task->id,
                                         .dossier = task->dossier,
                                         .node = task->node,
                                         .element = task->element,
                                         .name = task->name.zh,
                                         .name_en = task->name.en,
                                         .stage = task->stage,
                                         .form = task->form,
                                         .unit = task->unit,
                                         .created_at = task->created_at,
                                         .due_at = task->due_at},
                     NULL, err))
        return false;
    return !task->assignee || store_assign_task(tx, app, task->id, task->assignee, err);
}

static bool take_task(const TaskGetRow *row, bool is_found, Task *out, Error *err)
{
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown_task");
    *out = (Task){.id = row->id,
                  .dossier = row->dossier,
                  .node = row->node,
                  .element = row->element,
                  .name = {row->name, row->name_en},
                  .stage = row->stage,
                  .form = row->form,
                  .unit = row->unit,
                  .assignee = row->assignee,
                  .state = row->state,
                  .created_at = row->created_at,
                  .due_at = row->due_at,
                  .completed_at = INSTANT_NONE};
    return true;
}

bool store_task(DbConn *conn, Arena *arena, Id tenant, Id id, Task *out, Error *err)
{
    TaskGetRow row = {0};
    bool is_found;
    return task_get(conn, arena, tenant, id, &row, &is_found, err) &&
           take_task(&row, is_found, out, err);
}

bool store_task_of_number(DbConn *conn, Arena *arena, Id tenant, const char *digits, Id id,
                          Task *out, Error *err)
{
    TaskGetRow row = {0};
    bool is_found;
    return task_of_number(conn, arena, tenant, digits, id, &row, &is_found, err) &&
           take_task(&row, is_found, out, err);
}

bool store_task_of_node(Tx *tx, App *app, Id dossier, int64_t node, Id *out, Error *err)
{
    TaskOfNodeRow row = {0};
    bool is_found;
    if (!task_of_node(tx_conn(tx), tx_arena(tx), app->tenant, dossier, node, &row, &is_found, err))
        return false;
    *out = row.id;
    return true;
}

bool store_end_task(Tx *tx, App *app, const Task *task, Error *err)
{
    return task_complete(tx_conn(tx), app->tenant, task->id, task->completed_at, task->completed_by,
                         task->outcome, task->opinion, NULL, err);
}

bool store_cancel_task(Tx *tx, App *app, Id task, Error *err)
{
    return task_cancel(tx_conn(tx), app->tenant, task, tx_now(tx), NULL, err);
}

bool store_assign_task(Tx *tx, App *app, Id task, Id officer, Error *err)
{
    Instant at = officer ? tx_now(tx) : INSTANT_NONE;
    return task_assign(tx_conn(tx), app->tenant, task, officer, at, NULL, err);
}

bool store_tasks(DbConn *conn, Arena *arena, Id tenant, Id dossier, Tasks *out, Error *err)
{
    TaskListRows rows = {0};
    if (!task_list(conn, arena, tenant, dossier, &rows, err))
        return false;
    list_each (TaskListRow, row, &rows) {
        Task task = {.id = row->id,
                     .dossier = dossier,
                     .element = row->element,
                     .name = {row->name, row->name_en},
                     .stage = row->stage,
                     .form = row->form,
                     .unit = row->unit,
                     .assignee = row->assignee,
                     .state = row->state,
                     .created_at = row->created_at,
                     .due_at = row->due_at,
                     .completed_at = row->completed_at,
                     .completed_by = row->completed_by,
                     .outcome = row->outcome,
                     .opinion = row->opinion};
        list_add(arena, out, task);
    }
    return true;
}

static bool read_desk(DbConn *conn, Arena *arena, Id tenant, const DeskQuery *query,
                      TaskDeskRows *out, Error *err)
{
    if (query->mine)
        return task_desk_mine(conn, arena,
                              &(TaskDeskMineParams){.tenant = tenant,
                                                    .unit = query->unit,
                                                    .due_after = query->due_after,
                                                    .id_after = query->id_after,
                                                    .assignee = query->mine,
                                                    .stage = query->stage,
                                                    .most = query->most},
                              out, err);
    return task_desk(conn, arena, tenant, query->unit, query->due_after, query->id_after,
                     query->stage, query->most, out, err);
}

bool store_desk(DbConn *conn, Arena *arena, Id tenant, const DeskQuery *query, DeskTasks *out,
                Error *err)
{
    TaskDeskRows rows = {0};
    bool is_read = read_desk(conn, arena, tenant, query, &rows, err);
    if (!is_read)
        return false;
    list_each (TaskDeskRow, row, &rows) {
        DeskTask task = {.task = {.id = row->id,
                                  .dossier = row->dossier,
                                  .name = {row->name, row->name_en},
                                  .stage = row->stage,
                                  .unit = query->unit,
                                  .assignee = row->assignee,
                                  .created_at = row->created_at,
                                  .due_at = row->due_at},
                         .number = row->number,
                         .applicant_name = row->applicant_name,
                         .kind = row->kind,
                         .item_name = {row->item_name, row->item_name_en},
                         .provisional_from = row->provisional_from,
                         .waits_for = row->waits_for,
                         .ground = row->ground};
        list_add(arena, out, task);
    }
    return true;
}

/* ---- timers ---------------------------------------------------------------------------------- */

bool store_add_timer(Tx *tx, App *app, const TimerRow *timer, Error *err)
{
    return timer_insert(tx_conn(tx), app->tenant, timer->id, timer->dossier, timer->node,
                        timer->element, timer->due_at, NULL, err);
}

bool store_end_timer(Tx *tx, App *app, Id dossier, int64_t node, const char *state, Error *err)
{
    Instant fired_at = text_equal(state, "fired") ? tx_now(tx) : INSTANT_NONE;
    return timer_end(tx_conn(tx), app->tenant, dossier, node, state, fired_at, NULL, err);
}

bool store_due_timer(DbConn *conn, Arena *arena, Id tenant, Instant now, const TimerRow *after,
                     TimerRow *out, bool *out_found, Error *err)
{
    TimerDueRow row = {0};
    if (!timer_due(conn, arena, tenant, now, after->due_at, after->id, &row, out_found, err))
        return false;
    *out = (TimerRow){.id = row.id,
                      .dossier = row.dossier,
                      .node = row.node,
                      .element = row.element,
                      .due_at = row.due_at,
                      .is_set = true};
    return true;
}

bool store_timer(DbConn *conn, Arena *arena, Id tenant, Id id, TimerRow *out, Error *err)
{
    TimerGetRow row = {0};
    bool is_found;
    if (!timer_get(conn, arena, tenant, id, &row, &is_found, err))
        return false;
    *out = (TimerRow){.id = id,
                      .dossier = row.dossier,
                      .node = row.node,
                      .element = row.element,
                      .due_at = row.due_at,
                      .is_set = is_found && text_equal(row.state, "set")};
    return true;
}

bool store_timer_of_node(DbConn *conn, Arena *arena, Id tenant, Id dossier, int64_t node,
                         TimerRow *out, bool *out_found, Error *err)
{
    TimerOfNodeRow row = {0};
    if (!timer_of_node(conn, arena, tenant, dossier, node, &row, out_found, err))
        return false;
    *out = (TimerRow){.id = row.id,
                      .dossier = dossier,
                      .node = node,
                      .due_at = row.due_at,
                      .is_set = *out_found && text_equal(row.state, "set")};
    return true;
}

bool store_timers_of_kind(DbConn *conn, Arena *arena, Id tenant, int64_t node,
                          const TimerRow *after, int most, TimerRows *out, Error *err)
{
    TimerOfKindRows rows = {0};
    if (!timer_of_kind(conn, arena, tenant, node, after->due_at, after->id, most, &rows, err))
        return false;
    list_each (TimerOfKindRow, row, &rows) {
        TimerRow one = {.id = row->id,
                        .dossier = row->dossier,
                        .node = node,
                        .due_at = row->due_at,
                        .is_set = true};
        list_add(arena, out, one);
    }
    return true;
}

/* ---- incidents ------------------------------------------------------------------------------- */

bool store_add_incident(Tx *tx, App *app, const Incident *incident, Error *err)
{
    return incident_insert(tx_conn(tx),
                           &(IncidentInsertParams){.tenant = app->tenant,
                                                   .id = incident->id,
                                                   .dossier = incident->dossier,
                                                   .node = incident->node,
                                                   .element = incident->element,
                                                   .code = incident->code,
                                                   .message = incident->message,
                                                   .raised_at = incident->raised_at},
                           NULL, err);
}

bool store_incident_of_node(Tx *tx, App *app, Id dossier, int64_t node, Id *out_id, Error *err)
{
    IncidentOfNodeRow row = {0};
    bool is_found;
    bool is_read = incident_of_node(tx_conn(tx), tx_arena(tx), app->tenant, dossier, node, &row,
                                    &is_found, err);
    *out_id = row.id;
    return is_read;
}

bool store_end_incident(Tx *tx, App *app, Id dossier, int64_t node, Id officer, Id *out_id,
                        Error *err)
{
    if (!store_incident_of_node(tx, app, dossier, node, out_id, err))
        return false;
    return !*out_id || incident_resolve(tx_conn(tx), app->tenant, dossier, node, tx_now(tx),
                                        officer, NULL, err);
}

bool store_incident(DbConn *conn, Arena *arena, Id tenant, Id id, Incident *out, Error *err)
{
    IncidentGetRow row = {0};
    bool is_found;
    if (!incident_get(conn, arena, tenant, id, &row, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown_incident");
    *out = (Incident){.id = id,
                      .dossier = row.dossier,
                      .node = row.node,
                      .element = row.element,
                      .code = row.code,
                      .message = row.message,
                      .resolved_at = row.resolved_at};
    return true;
}

bool store_incidents(DbConn *conn, Arena *arena, Id tenant, Id dossier, Incidents *out, Error *err)
{
    IncidentListRows rows = {0};
    if (!incident_list(conn, arena, tenant, dossier, &rows, err))
        return false;
    list_each (IncidentListRow, row, &rows) {
        Incident one = {.id = row->id,
                        .dossier = dossier,
                        .element = row->element,
                        .code = row->code,
                        .message = row->message,
                        .raised_at = row->raised_at,
                        .resolved_at = row->resolved_at};
        list_add(arena, out, one);
    }
    return true;
}

bool store_open_incidents(DbConn *conn, Arena *arena, Id tenant, Id after, int most, Incidents *out,
                          Error *err)
{
    IncidentOpenRows rows = {0};
    if (!incident_open(conn, arena, tenant, after, most, &rows, err))
        return false;
    list_each (IncidentOpenRow, row, &rows) {
        Incident one = {.id = row->id,
                        .dossier = row->dossier,
                        .number = row->number,
                        .item_name = {row->item_name, row->item_name_en},
                        .element = row->element,
                        .code = row->code,
                        .message = row->message,
                        .raised_at = row->raised_at,
                        .resolved_at = INSTANT_NONE};
        list_add(arena, out, one);
    }
    return true;
}
