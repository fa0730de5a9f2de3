/*
 * dossier_suspend.c - an officer stops and resumes the clock on a ground of the law; a stop that
 * passes its own limit ends by itself.
 */
#include "apps/dossier/dossier.h"

#include "apps/dossier/dossier_internal.h"

static void put_task(JsonWriter *json, const void *context)
{
    json_put_id(json, "task", ((const Task *)context)->id);
}

static const char *subject_of(const Work *work, const Task *task)
{
    return arena_printf(work->arena, "task:%lld", (long long)task->id);
}

/* ---- stopping and resuming ------------------------------------------------------------------- */

static bool is_suspended(Work *work, Id task, bool *out, Error *err)
{
    *out = false;
    if (!spans_read(work, err))
        return false;
    list_each (Span, span, &work->spans)
        *out |=
            span->task == task && span->to == INSTANT_NONE && text_equal(span->cause, "officer");
    return true;
}

/* The applicant's time is opened by a notice alone. */
static bool check_ground(const char *ground, Error *err)
{
    return !text_equal(ground, DOSSIER_GROUND_SUPPLEMENT) ||
           error_set(err, ERROR_INVALID, .code = "catalogue.unknown_ground", .field = "ground",
                     .with = {{"ground", ground}});
}

bool dossier_suspend(Tx *tx, App *app, const User *officer, const DossierSuspension *suspension,
                     Error *err)
{
    Work work = {.actor_kind = "officer", .actor = officer->id};
    Task task;
    bool is_already, is_opened;
    if (!check_ground(suspension->ground, err) ||
        !task_for(tx, app, officer, suspension->task, &task, err) ||
        !work_lock(&work, tx, app, task.dossier, err) ||
        !is_suspended(&work, task.id, &is_already, err))
        return false;
    if (is_already)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.suspended_already");
    if (work.dossier.accepted_at == INSTANT_NONE)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.no_clock");
    if (!span_begin(&work, task.id, "officer", suspension->ground, suspension->note, &is_opened,
                    err))
        return false;
    if (!is_opened)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.ground_used_up", .field = "ground");
    return work_note(&work, "dossier.suspended", subject_of(&work, &task), put_task, &task, err);
}

bool dossier_resume(Tx *tx, App *app, const User *officer, Id id, Error *err)
{
    Work work = {.actor_kind = "officer", .actor = officer->id};
    Task task;
    int closed;
    if (!task_for(tx, app, officer, id, &task, err) ||
        !work_lock(&work, tx, app, task.dossier, err) ||
        !spans_end(&work, task.id, "officer", &closed, err))
        return false;
    if (!closed)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.not_suspended");
    return work_note(&work, "dossier.resumed", subject_of(&work, &task), put_task, &task, err);
}

/* ---- a stop that passes its own limit -------------------------------------------------------- */

typedef struct Waking {
    App *app;
    Instant at;
    Id dossier;
} Waking;

static bool wake(Tx *tx, void *data, Error *err)
{
    const Waking *waking = data;
    Work work = {.actor_kind = "system"};
    ClockRow row;
    bool has_clock;
    if (!work_lock(&work, tx, waking->app, waking->dossier, err) ||
        !clock_current(&work, &row, &has_clock, err) || !spans_read(&work, err))
        return false;
    if (!has_clock || row.runs_again_at == INSTANT_NONE || row.runs_again_at >= tx_now(tx))
        return true; /* resumed meanwhile */
    work.has_changed_spans = true;
    steps_put(&work.steps, "resumed");
    json_put_text(&work.steps.json, "ground", row.ground);
    json_put_bool(&work.steps.json, "by_limit", true);
    steps_end(&work.steps);
    return work_note(&work, "dossier.clock_runs", NULL, NULL, NULL, err);
}

static bool next_clock(App *app, Waking *waking, bool *out_found, Error *err)
{
    DbConn *conn = db_reader(app->db, err);
    if (!conn)
        return false;
    Arena *arena = arena_create(0);
    Instant after = waking->at;
    bool is_done =
        store_clock_again(conn, arena, app->tenant, clock_now(app->clock), after, waking->dossier,
                          &waking->at, &waking->dossier, out_found, err);
    arena_destroy(arena);
    db_release(conn);
    return is_done;
}

/* One that cannot be woken is passed over while others can. */
bool dossier_wake_clocks(App *app, bool *out_more, Error *err)
{
    Waking waking = {.app = app, .at = INT64_MIN};
    Error problem = ERROR_NONE;
    bool is_found;
    *out_more = false;
    while (!*out_more) {
        Error failure = ERROR_NONE;
        if (!next_clock(app, &waking, &is_found, err))
            return false;
        if (!is_found)
            return !error_is_set(&problem) || error_fill(err, problem);
        *out_more = db_write(app->db, NULL, wake, &waking, &failure);
        if (failure.kind == ERROR_UNAVAILABLE)
            return error_fill(err, failure);
        error_fill(&problem, failure);
    }
    return true;
}
