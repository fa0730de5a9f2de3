/* dossier_task.c - whose task it is: an open task of the officer's unit, claimed and given back. */
#include "apps/dossier/dossier_internal.h"
#include "apps/identity/identity.h"

/* ---- claiming -------------------------------------------------------------------------------- */

/* The open task of the officer's own unit; a task elsewhere is not known to exist. */
static bool open_task(Tx *tx, App *app, const User *officer, Id id, Task *out, Error *err)
{
    if (!store_task(tx_conn(tx), tx_arena(tx), app->tenant, id, out, err))
        return false;
    if (out->unit != officer->unit)
        return error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown_task");
    return text_equal(out->state, "open") ||
           error_set(err, ERROR_CONFLICT, .code = "dossier.task_done");
}

static bool is_free_for(Tx *tx, App *app, const User *officer, const Task *task, Error *err)
{
    const char *zh = "", *en = "";
    if (!task->assignee || task->assignee == officer->id)
        return true;
    if (!identity_officer_name(tx_conn(tx), tx_arena(tx), app->tenant, task->assignee, &zh, &en,
                               err))
        return false;
    return error_set(err, ERROR_CONFLICT, .code = "dossier.task_taken",
                     .with = {{"officer", arena_printf(tx_arena(tx), "%s (%s)", zh, en)}});
}

static void put_task(JsonWriter *json, const void *context)
{
    json_put_id(json, "task", ((const Task *)context)->id);
}

static bool assign(Tx *tx, App *app, const User *officer, Task *task, Id assignee, Error *err)
{
    Work work = {
        .tx = tx, .app = app, .arena = tx_arena(tx), .actor_kind = "officer", .actor = officer->id};
    if (!store_lock(tx, app, task->dossier, &work.dossier, err) ||
        !store_assign_task(tx, app, task->id, assignee, err))
        return false;
    work.version_before = work.dossier.version;
    work.steps = steps_begin(work.arena);
    return work_append(&work, assignee ? "task.claimed" : "task.released", NULL, put_task, task,
                       err);
}

bool task_for(Tx *tx, App *app, const User *officer, Id id, Task *out, Error *err)
{
    return open_task(tx, app, officer, id, out, err) && is_free_for(tx, app, officer, out, err);
}

bool dossier_claim(Tx *tx, App *app, const User *officer, Id id, Error *err)
{
    Task task;
    if (!task_for(tx, app, officer, id, &task, err))
        return false;
    return task.assignee == officer->id || assign(tx, app, officer, &task, officer->id, err);
}

bool dossier_release(Tx *tx, App *app, const User *officer, Id id, Error *err)
{
    Task task;
    if (!task_for(tx, app, officer, id, &task, err))
        return false;
    return !task.assignee || assign(tx, app, officer, &task, 0, err);
}
