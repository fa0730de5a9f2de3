/*
 * dossier_work.c - what people do on a dossier's page: claim, give back, complete a task,
 * rate.
 */
#include "apps/dossier/dossier_number.h"
#include "apps/dossier/dossier_pages.h"

static const char *back_to(Request *req)
{
    return arena_printf(req->arena, "/dossiers/%s", input_text(req, "number"));
}

/* The task of the path, which belongs to the dossier of the path and to the officer's unit.
 * Whatever of it is not so, the answer is the same: it tells nobody which numbers and tasks there
 * are. */
bool pages_task(Request *req, Task *out, Error *err)
{
    const char *digits;
    Error failure = ERROR_NONE;
    bool is_read = dossier_number_is_valid(req->arena, input_text(req, "number"), &digits) &&
                   store_task_of_number(req->conn, req->arena, req->tenant, digits,
                                        input_id(req, "task"), out, &failure);
    if (is_read && out->unit == req->user.unit)
        return true;
    if (error_is_set(&failure) && failure.kind != ERROR_NOT_FOUND)
        return error_fill(err, failure);
    return error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown_task");
}

bool task_prepare(Request *req, Error *err)
{
    Task task;
    return pages_task(req, &task, err);
}

bool claim_act(Tx *tx, Request *req, Error *err)
{
    return dossier_claim(tx, request_app(req), &req->user, input_id(req, "task"), err) &&
           request_done(req, 200, back_to(req), NULL, NULL, "dossier.claimed.flash");
}

bool release_act(Tx *tx, Request *req, Error *err)
{
    return dossier_release(tx, request_app(req), &req->user, input_id(req, "task"), err) &&
           request_done(req, 200, back_to(req), NULL, NULL, "dossier.released.flash");
}

/* ---- completing ------------------------------------------------------------------------------ */

/* Materials that were seen are materials of this dossier. */
static bool check_seen(Request *req, const Task *task, const TaskCompletion *completion, Error *err)
{
    MaterialStates states = {0};
    if (!completion->seen_count)
        return true;
    if (!store_materials(req->conn, req->arena, req->tenant, task->dossier, &states, err))
        return false;
    for (size_t i = 0; i < completion->seen_count; i++) {
        bool is_known = false;
        list_each (MaterialState, state, &states)
            is_known |= text_equal(state->code, completion->seen[i]);
        if (!is_known)
            return error_set(err, ERROR_INVALID, .code = "input.not_a_choice", .field = "seen");
    }
    return true;
}

/* Whether the opinion is what the form holds before anybody typed. */
static bool keeps_opinion(Request *req, Id form_definition, TaskCompletion *completion, Error *err)
{
    App *app = request_app(req);
    FeelScope scope = pages_scope(req, feel_null());
    const Form *form = catalogue_form(app, req->conn, form_definition, err);
    const char *suggested = form ? form_default_text(form, "opinion", &scope, req->arena) : NULL;
    completion->default_outcome = form ? form_first_option(form, "outcome") : NULL;
    completion->is_opinion_unchanged =
        suggested && completion->opinion &&
        text_equal(text_trim(req->arena, completion->opinion), text_trim(req->arena, suggested));
    return form != NULL;
}

static void complete_expect(Tx *tx, Request *req)
{
    dossier_expect_complete(tx, request_app(req), req->state);
}

/* The form is checked here; who has the task and whether it is open is decided by the writer. */
bool complete_prepare(Request *req, Error *err)
{
    App *app = request_app(req);
    TaskCompletion *completion = arena_new(req->arena, TaskCompletion);
    Date today = instant_date(req->now, app->zone_minutes);
    Task task = {0};
    Id definition = 0;
    Json *values = NULL;
    if (!pages_task(req, &task, err))
        return false;
    if (!text_is_empty(task.form) &&
        (!catalogue_in_force(app, req->conn, "form", task.form, today, &definition, err) ||
         !pages_submit(req, definition, &values, err)))
        return false;
    *completion = (TaskCompletion){.task = task.id,
                                   .dossier = task.dossier,
                                   .values = values,
                                   .outcome = json_text(values, "outcome"),
                                   .opinion = json_text(values, "opinion")};
    completion->seen_count = input_all(req, "seen", &completion->seen);
    req->state = completion;
    req->expect = complete_expect;
    if (definition && !keeps_opinion(req, definition, completion, err))
        return false;
    return check_seen(req, &task, completion, err);
}

bool complete_act(Tx *tx, Request *req, Error *err)
{
    return dossier_complete(tx, request_app(req), &req->user, req->state, err) &&
           request_done(req, 200, back_to(req), NULL, NULL, "dossier.completed.flash");
}

/* ---- the applicant's ------------------------------------------------------------------------- */

bool rate_act(Tx *tx, Request *req, Error *err)
{
    return dossier_rate(tx, request_app(req), &req->user, input_text(req, "number"),
                        input_int(req, "grade", 0), input_text(req, "comment"), err) &&
           request_done(req, 200, back_to(req), NULL, NULL, "rating.thanks");
}
