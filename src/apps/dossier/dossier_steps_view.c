/*
 * dossier_steps_view.c - the way of a dossier in plain words: filed, accepted, examined, decided.
 * Applicants are spoken to; officers read of them.
 */
#include "apps/dossier/dossier_pages.h"
#include "apps/org/org.h"

enum { STEPS_AT_MOST = 64 };

typedef struct Way {
    Request *req;
    bool is_silent; /* accepted because nobody answered */
    Step *steps;
    size_t count;
    Error *err;
} Way;

/* The key in the words for officers when one is looking. */
static const char *spoken(const Way *way, const char *key)
{
    bool is_officer = way->req->user.kind == USER_OFFICER;
    return is_officer ? arena_printf(way->req->arena, "%s.officer", key) : key;
}

static Step *add_step(Way *way, const char *state, const char *key)
{
    Step *step = &way->steps[way->count < STEPS_AT_MOST ? way->count++ : STEPS_AT_MOST - 1];
    *step = (Step){.state = state,
                   .title = request_text(way->req, key),
                   .since = INSTANT_NONE,
                   .until = INSTANT_NONE};
    return step;
}

bool pages_silence(Request *req, const Dossier *dossier, Silence *out, Error *err)
{
    TimerRow timer;
    bool is_found;
    if (!store_timer_of_node(req->conn, req->arena, req->tenant, dossier->id, SILENCE_NODE, &timer,
                             &is_found, err))
        return false;
    *out = (Silence){.due_at = timer.is_set ? timer.due_at : INSTANT_NONE,
                     .is_accepted = is_found && !timer.is_set};
    return true;
}

static void add_task(Way *way, const Task *task, const ClockRow *clock)
{
    bool is_open = text_equal(task->state, "open");
    Step *step = add_step(way, is_open ? "now" : "done", "way.task");
    step->title = both_in(task->name, way->req->language);
    step->who = org_unit_name(way->req, task->unit, way->err);
    step->since = is_open ? task->created_at : task->completed_at;
    if (is_open && clock && clock->ground)
        step->note = request_text(way->req, "clock.suspended", "ground",
                                  pages_ground(way->req, clock->ground));
    else if (is_open && clock)
        step->until = clock->due_at;
}

/* The applicant's page says above, in its own box, what he has to mend. */
static void add_waiting(Way *way)
{
    Step *step = add_step(way, "now", spoken(way, "way.supplement"));
    if (way->req->user.kind != USER_OFFICER)
        step->note = request_text(way->req, "way.supplement.need");
}

static void add_acceptance(Way *way, const Dossier *dossier, bool *out_waits)
{
    Step *step = add_step(way, "done", "way.accepted");
    step->since = dossier->accepted_at;
    if (way->is_silent)
        step->note = request_text(way->req, "way.accepted.silent");
    *out_waits = false;
}

static void add_end(Way *way, const Dossier *dossier)
{
    if (dossier->completed_at == INSTANT_NONE) {
        add_step(way, "next", spoken(way, "way.decision"));
        return;
    }
    const char *key = arena_printf(way->req->arena, "dossier.state.%s", dossier->state);
    Step *step = add_step(way, "done", key);
    step->since = dossier->completed_at;
    step->note = dossier->decision_reason;
}

bool pages_steps(Request *req, const Dossier *dossier, const ClockRow *clock, bool is_silent,
                 Step **out_steps, size_t *out_count, Error *err)
{
    Tasks tasks = {0};
    Way way = {.req = req,
               .is_silent = is_silent,
               .steps = arena_array(req->arena, Step, STEPS_AT_MOST),
               .err = err};
    if (!store_tasks(req->conn, req->arena, req->tenant, dossier->id, &tasks, err))
        return false;
    add_step(&way, "done", spoken(&way, "way.filed"))->since = dossier->filed_at;
    bool waits_for_acceptance = dossier->accepted_at != INSTANT_NONE;
    list_each (Task, task, &tasks) {
        if (waits_for_acceptance && !text_equal(task->stage, "intake"))
            add_acceptance(&way, dossier, &waits_for_acceptance);
        if (!text_equal(task->state, "cancelled"))
            add_task(&way, task, clock);
    }
    if (dossier->waits_for)
        add_waiting(&way);
    if (waits_for_acceptance)
        add_acceptance(&way, dossier, &waits_for_acceptance);
    add_end(&way, dossier);
    *out_steps = way.steps;
    *out_count = way.count;
    return !error_is_set(err);
}
