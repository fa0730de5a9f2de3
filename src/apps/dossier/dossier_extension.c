/*
 * dossier_extension.c - more time to decide: asked for with a reason, granted once by the head of
 * the responsible unit while the limit runs, told to the applicant.
 *
 *     request -> table: how much -> row; grant -> clock with more to count -> due date, paper,
 * steps
 */
#include "apps/dossier/dossier_extension.h"

#include "apps/dossier/dossier_internal.h"

static void put_extension(JsonWriter *json, const void *context)
{
    const Extension *extension = context;
    json_put_id(json, "extension", extension->id);
    json_put_id(json, "task", extension->task);
}

static bool note(Work *work, const char *kind, const Extension *extension, Error *err)
{
    const char *subject = arena_printf(work->arena, "extension:%lld", (long long)extension->id);
    return work_note(work, kind, subject, put_extension, extension, err);
}

static void put_step(Work *work, const Extension *extension)
{
    JsonWriter *json = &work->steps.json;
    steps_put(&work->steps, "extension");
    json_put_id(json, "extension", extension->id);
    json_put_id(json, "unit", extension->unit);
    json_put_text(json, "state", extension->state);
    json_put_int(json, "amount", extension->amount);
    steps_end(&work->steps);
}

/* ---- whether there may be more --------------------------------------------------------------- */

/* The clock of a dossier that still waits for its decision, and runs or stands lawfully. */
static bool running_clock(Work *work, ClockRow *out, Error *err)
{
    bool has_clock;
    if (!clock_current(work, out, &has_clock, err))
        return false;
    if (!has_clock)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.no_clock");
    if (work->dossier.decided_at != INSTANT_NONE || out->stopped_at != INSTANT_NONE)
        return error_set(err, ERROR_CONFLICT, .code = "extension.decided_dossier");
    bool is_over = !out->ground && out->due_at < tx_now(work->tx);
    return !is_over || error_set(err, ERROR_CONFLICT, .code = "extension.too_late");
}

static bool check_first(Work *work, Error *err)
{
    Extensions before = {0};
    if (!store_extensions(tx_conn(work->tx), work->arena, work->app->tenant, work->dossier.id,
                          &before, err))
        return false;
    list_each (Extension, one, &before) {
        if (text_equal(one->state, "granted"))
            return error_set(err, ERROR_CONFLICT, .code = "extension.granted_already");
        if (text_equal(one->state, "asked"))
            return error_set(err, ERROR_CONFLICT, .code = "extension.asked_already");
    }
    return true;
}

/* ---- asking ---------------------------------------------------------------------------------- */

bool dossier_ask_extension(Tx *tx, App *app, const User *officer, Id task_id, const char *reason,
                           Id *out_id, Error *err)
{
    Work work = {.actor_kind = "officer", .actor = officer->id};
    Task task;
    ClockRow clock;
    if (!task_for(tx, app, officer, task_id, &task, err) ||
        !work_lock(&work, tx, app, task.dossier, err) || !running_clock(&work, &clock, err) ||
        !check_first(&work, err))
        return false;
    if (text_is_blank(reason))
        return error_set(err, ERROR_INVALID, .code = "extension.reason_required",
                         .field = "extension_reason");
    Extension extension = {.id = tx_new_id(tx),
                           .dossier = work.dossier.id,
                           .task = task.id,
                           .unit = work.dossier.unit,
                           .officer = officer->id,
                           .state = "asked",
                           .reason = reason,
                           .asked_at = tx_now(tx)};
    if (!rule_extension(&work, &extension.amount, &extension.basis, err))
        return false;
    put_step(&work, &extension);
    if (out_id)
        *out_id = extension.id;
    return store_add_extension(tx, app, &extension, err) &&
           note(&work, "dossier.extension_asked", &extension, err);
}

/* ---- the head's decision --------------------------------------------------------------------- */

static bool find_asked(Tx *tx, App *app, const User *head, Id id, Extension *out, Error *err)
{
    if (!store_extension(tx_conn(tx), tx_arena(tx), app->tenant, id, out, err))
        return false;
    if (out->unit != head->unit)
        return error_set(err, ERROR_NOT_FOUND, .code = "extension.unknown");
    if (!text_equal(out->state, "asked"))
        return error_set(err, ERROR_CONFLICT, .code = "extension.decided_already");
    return out->officer != head->id || error_set(err, ERROR_CONFLICT, .code = "extension.own");
}

/* The clock has more to count: a new date, and the paper that tells it. */
static bool grant(Work *work, const ClockRow *clock, Extension *extension, Error *err)
{
    ClockRow longer = *clock;
    longer.extension = extension->amount;
    if (!spans_read(work, err))
        return false;
    ClockInput input = clock_input(&longer, &work->spans, tx_now(work->tx));
    work->clock = (ClockRow){.dossier = work->dossier.id};
    if (!clock_derive(work->app, tx_conn(work->tx), work->arena, &input, NULL, &work->clock, err))
        return false;
    work->has_moved_clock = true;
    work->due_before = clock->due_at;
    extension->due_before = clock->due_on;
    extension->due_after = work->clock.due_on;
    steps_put_due(&work->steps, work->arena, "due", &work->clock);
    paper_order_extension(work, extension);
    return true;
}

bool dossier_decide_extension(Tx *tx, App *app, const User *head, Id id, bool is_granted,
                              const char *words, Error *err)
{
    Work work = {.actor_kind = "officer", .actor = head->id};
    Extension extension;
    ClockRow clock;
    if (!find_asked(tx, app, head, id, &extension, err))
        return false;
    if (!is_granted && text_is_blank(words))
        return error_set(err, ERROR_INVALID, .code = "extension.words_required", .field = "words");
    if (!work_lock(&work, tx, app, extension.dossier, err) ||
        (is_granted && !running_clock(&work, &clock, err)))
        return false;
    extension.state = is_granted ? "granted" : "refused";
    extension.decided_by = head->id;
    extension.decided_at = tx_now(tx);
    extension.decision = words;
    put_step(&work, &extension);
    return (!is_granted || grant(&work, &clock, &extension, err)) &&
           store_decide_extension(tx, app, &extension, err) &&
           note(&work, is_granted ? "dossier.extended" : "dossier.extension_refused", &extension,
                err);
}
