/* dossier_task.c - whose task it is: an open task of the officer's unit, claimed and given back. */
#include "apps/cover/cover.h"
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

/* What somebody else has is his, unless he is away and the officer acts for him. */
static bool is_free_for(Tx *tx, App *app, const User *officer, const Task *task, Error *err)
{
    const char *zh = "", *en = "";
    bool acts_for;
    if (!task->assignee || task->assignee == officer->id)
        return true;
    Date today = instant_date(tx_now(tx), app->zone_minutes);
    if (!cover_acts_for(tx_conn(tx), tx_arena(tx), app->tenant, officer->id, task->assignee, today,
                        &acts_for, NULL, err))
        return false;
    if (acts_for)
        return true;
    if (!identity_officer_name(tx_conn(tx), tx_arena(tx), app->tenant, task->assignee, &zh, &en,
                               err))
        return false;
    return error_set(err, ERROR_CONFLICT, .code = "dossier.task_taken",
                     .with = {{"officer", arena_printf(tx_arena(tx), "%s (%s)", zh, en)}});
}

/* For whom an officer acts who takes up, gives back or completes what another has: 0 nobody. */
static Id acted_for(const User *officer, const Task *task)
{
    return task->assignee == officer->id ? 0 : task->assignee;
}

typedef struct Assignment {
    Id task;
    Id acted_for;
} Assignment;

static void put_assignment(JsonWriter *json, const void *context)
{
    const Assignment *it = context;
    json_put_id(json, "task", it->task);
    if (it->acted_for)
        json_put_id(json, "for", it->acted_for);
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
    Assignment it = {.task = task->id, .acted_for = acted_for(officer, task)};
    return work_append(&work, assignee ? "task.claimed" : "task.released", NULL, put_assignment,
                       &it, err);
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
