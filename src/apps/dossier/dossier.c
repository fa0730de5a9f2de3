/*
 * dossier.c - the verbs: file, claim, complete, fire, mend, rate. Each re-reads in its transaction
 * what it decides on, refuses first, moves the process in memory, and saves all at the end.
 *
 *     pages, scheduler -> dossier -> dossier_process (engine, services) -> dossier_save -> store
 */
#include "apps/dossier/dossier.h"

#include "apps/dossier/dossier_files.h"
#include "apps/dossier/dossier_internal.h"
#include "apps/dossier/dossier_number.h"
#include "apps/dossier/dossier_people.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

/* ---- filing ---------------------------------------------------------------------------------- */

static FeelValue text_context(Arena *arena, const char *const *pairs)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    for (; pairs[0]; pairs += 2)
        feel_context_put(&builder, pairs[0], feel_string(pairs[1] ? pairs[1] : ""));
    return feel_context_end(&builder);
}

/* A process for any item asks whether this one gives a certificate. */
static FeelValue item_context(const Work *work)
{
    const Item *item = work->item;
    FeelContextBuilder builder = feel_context_begin(work->arena);
    feel_context_put(&builder, "code", feel_string(item->code));
    feel_context_put(&builder, "kind", feel_string(item->kind));
    feel_context_put(&builder, "unit", feel_string(item->unit_code));
    feel_context_put(&builder, "certificates", feel_int((int64_t)item->certificates.count));
    return feel_context_end(&builder);
}

/* What a process sees: answers, item, dossier, applicant. */
static FeelValue process_variables(const Work *work, FeelValue answers)
{
    const Dossier *dossier = &work->dossier;
    FeelContextBuilder builder = feel_context_begin(work->arena);
    const char *const about[] = {"number", dossier->number, "channel", dossier->channel, NULL};
    const char *const applicant[] = {"name", dossier->applicant_name, NULL};
    feel_context_put(&builder, "answers", answers);
    feel_context_put(&builder, "item", item_context(work));
    feel_context_put(&builder, "dossier", text_context(work->arena, about));
    feel_context_put(&builder, "applicant", text_context(work->arena, applicant));
    return feel_context_end(&builder);
}

static bool has_text(const char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(list[i], text))
            return true;
    return false;
}

bool material_is_asked_for(const ItemMaterial *material, const FeelScope *scope, Arena *arena,
                           bool *out_is_unsure)
{
    FeelTruth truth = FEEL_YES;
    if (material->condition)
        truth = feel_condition(feel_evaluate(material->condition, scope, arena, NULL));
    if (out_is_unsure)
        *out_is_unsure = truth == FEEL_UNKNOWN;
    return truth != FEEL_NO;
}

static bool add_materials(Work *work, const DossierFiling *filing, Error *err)
{
    FeelScope scope = work_scope(work, work->needs);
    list_each (ItemMaterial, material, &filing->item->materials) {
        bool is_brought = has_text(filing->brought, filing->brought_count, material->code) ||
                          uploads_have(filing->uploads, material->code);
        if (material_is_asked_for(material, &scope, work->arena, NULL) &&
            !store_add_material(work->tx, work->app, work->dossier.id, material, is_brought, err))
            return false;
    }
    return true;
}

static bool set_models(Work *work, const Item *item, Error *err)
{
    Date today = instant_date(tx_now(work->tx), work->app->zone_minutes);
    work->item = item;
    if (!catalogue_in_force(work->app, tx_conn(work->tx), "process", item->process_code, today,
                            &work->process_definition, err) ||
        !catalogue_in_force(work->app, tx_conn(work->tx), "form", item->form_code, today,
                            &work->dossier.form_definition, err))
        return false;
    work->model = catalogue_process(work->app, tx_conn(work->tx), work->process_definition, err);
    return work->model != NULL;
}

static bool responsible_unit(Work *work, const Item *item, Id *out, Error *err)
{
    const Unit *unit = org_unit_by_code(work->app->org, tx_conn(work->tx), work->app->tenant,
                                        item->unit_code, err);
    *out = unit ? unit->id : 0;
    return unit || error_set(err, ERROR_UNAVAILABLE, .code = "dossier.no_unit",
                             .with = {{"unit", item->unit_code}});
}

static bool fill_dossier(Work *work, const DossierFiling *filing, FeelValue answers, Error *err)
{
    Dossier *dossier = &work->dossier;
    Instant now = tx_now(work->tx);
    ItemLimits limits;
    Id unit;
    if (!responsible_unit(work, filing->item, &unit, err) ||
        !rule_limits(work, filing->item, answers, &limits, err))
        return false;
    *dossier = (Dossier){.id = tx_new_id(work->tx),
                         .item_code = filing->item->code,
                         .item_definition = filing->item->definition,
                         .item_name = filing->item->name,
                         .kind = filing->item->kind,
                         .channel = filing->channel,
                         .party = filing->party,
                         .account = filing->account,
                         .applicant_name = filing->applicant_name,
                         .unit = unit,
                         .state = "filed",
                         .stage = "intake",
                         .filed_at = now,
                         .accepted_at = INSTANT_NONE,
                         .decided_at = INSTANT_NONE,
                         .completed_at = INSTANT_NONE,
                         .withdrawn_at = INSTANT_NONE,
                         .statutory_limit = limits.statutory,
                         .promised_limit = limits.promised,
                         .limit_unit = limits.unit};
    dossier->answers = store_seal_answers(work->app, work->arena, dossier->id,
                                          json_tree_text(work->arena, filing->answers));
    dossier->number = dossier_number_next(work->tx, work->app, err);
    return dossier->number != NULL;
}

static void put_filed(JsonWriter *json, const void *context)
{
    const Dossier *dossier = context;
    json_put_text(json, "number", dossier->number);
    json_put_text(json, "item_name", dossier->item_name.zh);
    json_put_text(json, "item_name_en", dossier->item_name.en);
    json_put_id(json, "party", dossier->party);
    json_put_text(json, "channel", dossier->channel);
    json_put_int(json, "statutory_limit", dossier->statutory_limit);
    json_put_int(json, "promised_limit", dossier->promised_limit);
    json_put_text(json, "limit_unit", dossier->limit_unit);
}

static bool save_uploads(Work *work, const Uploads *uploads, Error *err)
{
    return !uploads || uploads_save(work->tx, work->app, work->dossier.id, work->actor_kind,
                                    work->actor, uploads, false, &work->steps, err);
}

bool dossier_file(Tx *tx, App *app, const DossierFiling *filing, Dossier *out, Error *err)
{
    Work work = {.tx = tx,
                 .app = app,
                 .arena = tx_arena(tx),
                 .is_new = true,
                 .actor_kind = filing->actor_kind,
                 .actor = filing->actor};
    FeelValue answers = feel_from_json(work.arena, filing->answers);
    const Item *item = catalogue_item(app, tx_conn(tx), filing->item->code,
                                      instant_date(tx_now(tx), app->zone_minutes), err);
    if (!item)
        return false;
    if (item->definition !=
        filing->item->definition) /* the form that was filled in is no longer the one in force */
        return error_set(err, ERROR_CONFLICT, .code = "dossier.item_changed");
    work.steps = steps_begin(work.arena);
    work.rules = steps_begin(work.arena);
    work.item = item;
    work.filing = filing;
    work.answers = answers;
    paper_order(&work, "receipt", NULL);
    if (!fill_dossier(&work, filing, answers, err) || !set_models(&work, item, err) ||
        !rule_materials(&work, answers, &work.needs, err) ||
        !save_uploads(&work, filing->uploads, err) ||
        !work_start(&work, process_variables(&work, answers), err) || !silence_begin(&work, err) ||
        !work_save(&work, "dossier.filed", NULL, put_filed, &work.dossier, err) ||
        !add_materials(&work, filing, err))
        return false;
    *out = work.dossier;
    return true;
}

/* ---- finding --------------------------------------------------------------------------------- */

bool dossier_by_number(DbConn *conn, Arena *arena, Id tenant, const char *number, Dossier *out,
                       Error *err)
{
    Id id;
    const char *digits = number;
    if (!dossier_number_is_valid(arena, number, &digits))
        return error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown");
    return store_id_of_number(conn, arena, tenant, digits, &id, err) &&
           dossier_by_id(conn, arena, tenant, id, out, err);
}

bool dossier_is_visible(DbConn *conn, Arena *arena, Id tenant, const Dossier *dossier,
                        const User *user, bool *out, Error *err)
{
    if (user->kind == USER_APPLICANT)
        return people_may_follow(conn, arena, tenant, dossier, user, out, err);
    *out = rights_have(user->rights, RIGHT_SUPERVISE_READ);
    bool works_here = rights_have(user->rights, RIGHT_DESK_READ) ||
                      rights_have(user->rights, RIGHT_DOSSIER_INTAKE);
    if (*out || user->kind != USER_OFFICER || !works_here)
        return true;
    return store_unit_may_see(conn, arena, tenant, user->unit, dossier->id, out, err);
}

/* ---- completing ------------------------------------------------------------------------------ */

static void put_completion(JsonWriter *json, const void *context)
{
    const Task *task = context;
    json_put_id(json, "task", task->id);
    json_put_text(json, "element", task->element);
    json_put_text(json, "outcome", task->outcome);
}

static void put_completed_step(Work *work, const Task *task)
{
    steps_put(&work->steps, "task_completed");
    json_put_id(&work->steps.json, "task", task->id);
    json_put_id(&work->steps.json, "unit", task->unit);
    json_put_text(&work->steps.json, "outcome", task->outcome);
    if (task->assignee && task->assignee != work->actor)
        json_put_id(&work->steps.json, "for", task->assignee);
    steps_end(&work->steps);
}

static bool see_materials(Work *work, const TaskCompletion *completion, Error *err)
{
    for (size_t i = 0; i < completion->seen_count; i++)
        if (!store_see_material(work->tx, work->app, work->dossier.id, completion->seen[i],
                                work->actor, err))
            return false;
    return true;
}

/* What a form says unasked speaks for one outcome; every other needs the officer's own words. */
static bool check_opinion(const TaskCompletion *completion, Error *err)
{
    bool is_other = completion->outcome && completion->default_outcome &&
                    !text_equal(completion->outcome, completion->default_outcome);
    return !completion->is_opinion_unchanged || !is_other ||
           error_set(err, ERROR_INVALID, .code = "dossier.reason_own", .field = "form.opinion");
}

bool dossier_complete(Tx *tx, App *app, const User *officer, const TaskCompletion *completion,
                      Error *err)
{
    Work work = {.actor_kind = "officer",
                 .actor = officer->id,
                 .opinion = completion->opinion ? completion->opinion : "",
                 .is_opinion_unchanged = completion->is_opinion_unchanged};
    Task task;
    if (!task_for(tx, app, officer, completion->task, &task, err) ||
        !check_opinion(completion, err) || !work_load(&work, tx, app, task.dossier, err) ||
        !letter_check(&work, officer, &task, err))
        return false;
    task.outcome = completion->outcome;
    task.opinion = completion->opinion;
    task.completed_at = tx_now(tx);
    task.completed_by = officer->id;
    put_completed_step(&work, &task);
    if (!spans_end(&work, task.id, NULL, NULL, err))
        return false;
    if (!work_complete(&work, task.node, feel_from_json(work.arena, completion->values), err))
        return false;
    const char *subject = arena_printf(work.arena, "task:%lld", (long long)task.id);
    if (work.dossier.notice_count && !notices_allow_end(&work, &task, err))
        return false;
    return store_end_task(tx, app, &task, err) && see_materials(&work, completion, err) &&
           work_save(&work, "task.completed", subject, put_completion, &task, err);
}

void dossier_expect_complete(Tx *tx, App *app, const TaskCompletion *completion)
{
    Task task;
    ClockRow clock;
    bool has_clock;
    (void)!store_task(tx_conn(tx), tx_arena(tx), app->tenant, completion->task, &task, NULL);
    work_expect(tx, app, completion->dossier);
    (void)!store_clock(tx_conn(tx), tx_arena(tx), app->tenant, completion->dossier, &clock,
                       &has_clock, NULL);
    journal_expect(tx, app->tenant, completion->dossier, "task.completed");
}

/* ---- timers ---------------------------------------------------------------------------------- */

typedef struct Firing {
    App *app;
    Id timer;
} Firing;

static void put_timer(JsonWriter *json, const void *context)
{
    const TimerRow *timer = context;
    json_put_id(json, "timer", timer->id);
    json_put_text(json, "element", timer->element);
}

static bool fire(Tx *tx, void *data, Error *err)
{
    Firing *firing = data;
    Work work = {.actor_kind = "system"};
    TimerRow timer;
    if (!store_timer(tx_conn(tx), tx_arena(tx), firing->app->tenant, firing->timer, &timer, err))
        return false;
    if (!timer.is_set) /* cancelled or fired meanwhile */
        return true;
    if (timer.node == SILENCE_NODE)
        return silence_fire(tx, firing->app, &timer, err);
    return work_load(&work, tx, firing->app, timer.dossier, err) &&
           work_fire(&work, timer.node, err) &&
           work_save(&work, "timer.fired", NULL, put_timer, &timer, err);
}

static bool next_due(App *app, TimerRow *timer, bool *out_found, Error *err)
{
    DbConn *conn = db_reader(app->db, err);
    if (!conn)
        return false;
    Arena *arena = arena_create(0);
    TimerRow after = *timer;
    bool is_done = store_due_timer(conn, arena, app->tenant, clock_now(app->clock), &after, timer,
                                   out_found, err);
    timer->element = NULL; /* gone with the arena */
    arena_destroy(arena);
    db_release(conn);
    return is_done;
}

/* A dossier whose timer cannot be fired does not hold up those behind it; it is told of when
 * nothing else is left. */
bool dossier_fire_timers(App *app, bool *out_more, Error *err)
{
    TimerRow timer = {0};
    Error problem = ERROR_NONE;
    bool is_found;
    *out_more = false;
    while (!*out_more) {
        Error failure = ERROR_NONE;
        if (!next_due(app, &timer, &is_found, err))
            return false;
        if (!is_found)
            return dossier_wake_clocks(app, out_more, err) &&
                   (*out_more || !error_is_set(&problem) || error_fill(err, problem));
        Firing firing = {.app = app, .timer = timer.id};
        *out_more = db_write(app->db, NULL, fire, &firing, &failure);
        if (failure.kind == ERROR_UNAVAILABLE)
            return error_fill(err, failure);
        error_fill(&problem, failure);
    }
    return true;
}

/* ---- mending --------------------------------------------------------------------------------- */

bool dossier_mend(Tx *tx, App *app, const User *admin, Id id, const Json *variables, Error *err)
{
    Work work = {.actor_kind = "officer", .actor = admin->id};
    Incident incident;
    if (!store_incident(tx_conn(tx), tx_arena(tx), app->tenant, id, &incident, err))
        return false;
    if (incident.resolved_at != INSTANT_NONE)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.mended_already");
    if (incident.node == CLOCK_NODE)
        return clock_mend(tx, app, admin, &incident, err);
    if (incident.node == SILENCE_NODE)
        return silence_mend(tx, app, admin, &incident, err);
    if (!work_load(&work, tx, app, incident.dossier, err))
        return false;
    FeelValue values = variables ? feel_from_json(work.arena, variables) : feel_null();
    return work_resolve(&work, incident.node, values, err) &&
           work_save(&work, "incident.mended", NULL, work_put_incident, &incident, err);
}

/* ---- service --------------------------------------------------------------------------------- */

static void put_certificate(JsonWriter *json, const void *context)
{
    json_put_id(json, "certificate", *(const Id *)context);
}

bool dossier_serve(Tx *tx, App *app, const User *applicant, const Dossier *dossier, Id certificate,
                   Error *err)
{
    Work work = {.tx = tx,
                 .app = app,
                 .arena = tx_arena(tx),
                 .dossier = *dossier,
                 .version_before = dossier->version,
                 .actor_kind = "applicant",
                 .actor = applicant->id};
    bool is_first;
    work.steps = steps_begin(work.arena);
    if (!store_serve_certificate(tx, app, certificate, &is_first, err))
        return false;
    return !is_first ||
           work_append(&work, "certificate.served", NULL, put_certificate, &certificate, err);
}
