/*
 * dossier_show.c - /dossiers/{number}: one page for applicant, officer and supervisor; each sees
 * what concerns him. Also shown again when a post on it was refused.
 */
#include <string.h>

#include "apps/cover/cover.h"
#include "apps/dossier/dossier_delivery.h"
#include "apps/dossier/dossier_extension.h"
#include "apps/dossier/dossier_files.h"
#include "apps/dossier/dossier_paper_pages.h"
#include "apps/dossier/dossier_people.h"
#include "apps/dossier/dossier_rating.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

bool pages_dossier(Request *req, DbConn *conn, Dossier *out, Error *err)
{
    bool is_visible;
    if (!dossier_by_number(conn, req->arena, req->tenant, input_text(req, "number"), out, err) ||
        !dossier_is_visible(conn, req->arena, req->tenant, out, &req->user, &is_visible, err))
        return false;
    return is_visible || error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown");
}

/* ---- facts ----------------------------------------------------------------------------------- */

AnswerView pages_answer(Request *req, const Form *form, const Json *overlay, const FormKey *key,
                        const Json *value)
{
    const char *label = json_text(json_get(overlay, key->id), "label");
    const char *text = form_value_text(form, overlay, req->arena, key->key, value,
                                       request_text(req, "word.yes"), request_text(req, "word.no"));
    return (AnswerView){.key = key->key,
                        .label = label ? label : key->label,
                        .is_hidden = key->is_personal,
                        .value = {key->is_personal ? identity_mask(req->arena, text) : text}};
}

static bool show_answers(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    App *app = request_app(req);
    const FormKey *keys;
    const char *text = store_answers(app, req->arena, dossier, err);
    const Form *form = text ? catalogue_form(app, req->conn, dossier->form_definition, err) : NULL;
    const Json *answers =
        form ? json_parse(req->arena, text, strlen(text), &JSON_LIMITS, err) : NULL;
    const Json *overlay = req->language == LANGUAGE_EN
                              ? catalogue_overlay(app, req->conn, dossier->form_definition)
                              : NULL;
    if (!answers)
        return false;
    size_t count = form_keys(form, &keys);
    view->answers.items = arena_array(req->arena, AnswerView, count);
    for (size_t i = 0; i < count; i++) {
        const Json *value = form_value(answers, keys[i].key);
        if (value)
            view->answers.items[view->answers.count++] =
                pages_answer(req, form, overlay, &keys[i], value);
    }
    return true;
}

static bool show_materials(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    MaterialStates states = {0};
    if (!store_materials(req->conn, req->arena, req->tenant, dossier->id, &states, err))
        return false;
    view->materials.items = arena_array(req->arena, MaterialView, states.count);
    list_each (MaterialState, state, &states)
        view->materials.items[view->materials.count++] = (MaterialView){
            .code = state->code,
            .name = both_in(state->name, req->language),
            .is_required = state->is_required,
            .is_brought = state->is_brought,
            .is_seen = state->seen_at != INSTANT_NONE,
            .is_ticked = state->seen_at != INSTANT_NONE || input_has(req, "seen", state->code)};
    list_each (MaterialState, state, &states)
        view->needs_materials |=
            state->seen_at == INSTANT_NONE && dossier->completed_at == INSTANT_NONE;
    return files_show(req, dossier->id, view->materials.items, view->materials.count, err);
}

/* ---- tasks and incidents --------------------------------------------------------------------- */

static TaskView task_view(Request *req, const Task *task, Error *err)
{
    bool is_open = text_equal(task->state, "open");
    return (TaskView){
        .id = task->id,
        .name = both_in(task->name, req->language),
        .stage = task->stage,
        .unit = org_unit_name(req, task->unit, err),
        .state = task->state,
        .officer = identity_officer_label(req, is_open ? task->assignee : task->completed_by, err),
        .outcome = task->outcome,
        .opinion = task->opinion,
        .created_at = task->created_at,
        .completed_at = task->completed_at};
}

/* Told before the form is filled in: that it takes a letter, or the head of the unit. */
static bool show_refusal(Request *req, const Dossier *dossier, const Task *task, DossierView *view,
                         Error *err)
{
    Id definition;
    const char *state;
    LetterScope scope = {.conn = req->conn,
                         .arena = req->arena,
                         .app = request_app(req),
                         .item = dossier->item_code,
                         .day = instant_date(req->now, request_app(req)->zone_minutes)};
    if (!store_process(req->conn, scope.app, req->arena, dossier->id, &definition, &state, err))
        return false;
    scope.model = catalogue_process(scope.app, req->conn, definition, err);
    return scope.model && letter_refusal(&scope, &req->user, task, &view->task_refusal, err);
}

/* Who has it, when that is somebody else; one who is away may be acted for. */
static bool show_holder(Request *req, const Task *task, DossierView *view, Error *err)
{
    bool acts_for;
    Date today = instant_date(req->now, request_app(req)->zone_minutes);
    if (!task->assignee || view->is_task_mine)
        return true;
    if (!cover_acts_for(req->conn, req->arena, req->tenant, req->user.id, task->assignee, today,
                        &acts_for, &view->task_until, err))
        return false;
    *(acts_for ? &view->task_for : &view->task_officer) =
        identity_officer_label(req, task->assignee, err);
    return !error_is_set(err);
}

/* The form of the open task that this officer may work on. */
static bool show_task_form(Request *req, const Dossier *dossier, const Task *task,
                           DossierView *view, Error *err)
{
    Id definition;
    Date today = instant_date(req->now, request_app(req)->zone_minutes);
    view->has_task = true;
    view->task = task->id;
    view->task_name = both_in(task->name, req->language);
    view->is_task_mine = task->assignee == req->user.id;
    if (!show_holder(req, task, view, err) || !show_refusal(req, dossier, task, view, err))
        return false;
    if (!*task->form || view->task_officer)
        return true;
    return catalogue_in_force(request_app(req), req->conn, "form", task->form, today, &definition,
                              err) &&
           pages_fields(req, definition, feel_null(), &view->fields.items, &view->fields.count,
                        NULL, err);
}

static bool may_work(const Request *req, const Task *task)
{
    return text_equal(task->state, "open") && req->user.kind == USER_OFFICER &&
           rights_have(req->user.rights, RIGHT_DESK_WORK) && task->unit == req->user.unit;
}

static bool show_tasks(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    Tasks tasks = {0};
    if (!store_tasks(req->conn, req->arena, req->tenant, dossier->id, &tasks, err))
        return false;
    view->tasks.items = arena_array(req->arena, TaskView, tasks.count);
    list_each (Task, task, &tasks) {
        view->tasks.items[view->tasks.count++] = task_view(req, task, err);
        if (!view->has_task && may_work(req, task) &&
            !show_task_form(req, dossier, task, view, err))
            return false;
    }
    return !error_is_set(err);
}

const char *dossier_incident_text(Request *req, const char *code, const char *fallback)
{
    const char *key = arena_printf(req->arena, "incident.%s", code);
    if (message_exists(key))
        return message_raw(req->language, key);
    return message_exists(code) ? message_raw(req->language, code) : fallback;
}

static bool show_incidents(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    Incidents incidents = {0};
    if (req->user.kind != USER_OFFICER)
        return true;
    if (!store_incidents(req->conn, req->arena, req->tenant, dossier->id, &incidents, err))
        return false;
    view->incidents.items = arena_array(req->arena, IncidentView, incidents.count);
    list_each (Incident, incident, &incidents)
        view->incidents.items[view->incidents.count++] =
            (IncidentView){.id = incident->id,
                           .element = incident->element,
                           .code = incident->code,
                           .reason = dossier_incident_text(req, incident->code, incident->message),
                           .message = incident->message,
                           .is_open = incident->resolved_at == INSTANT_NONE,
                           .raised_at = incident->raised_at};
    return true;
}

/* ---- result ---------------------------------------------------------------------------------- */

/* The form to rate with, with what was typed in a refused one. */
static bool show_grades(Request *req, DossierView *view, Error *err)
{
    App *app = request_app(req);
    BothList grades = {0};
    const char *typed = request_typed(req, "grade");
    if (!rating_grades(app, req->conn, req->arena, instant_date(req->now, app->zone_minutes),
                       &grades, err))
        return false;
    view->comment = request_field(req, dossier_rate_input, "comment", NULL);
    view->grade_error = request_error_of(req, "grade");
    view->grades.items = arena_array(req->arena, GradeView, grades.count);
    list_each (Both, grade, &grades) {
        size_t at = view->grades.count++;
        view->grades.items[at] =
            (GradeView){.grade = (int64_t)at + 1,
                        .label = both_in(*grade, req->language),
                        .icon = rating_icon(at, grades.count),
                        .is_chosen = text_equal(typed, arena_printf(req->arena, "%zu", at + 1))};
    }
    return true;
}

static bool show_certificates(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    Certificates issued = {0};
    if (!store_certificates(req->conn, request_app(req), req->arena, dossier->id, &issued, err))
        return false;
    view->certificates.items = arena_array(req->arena, IssuedView, issued.count);
    list_each (Certificate, one, &issued)
        view->certificates.items[view->certificates.count++] =
            (IssuedView){.number = one->number,
                         .title = both_in(one->title, req->language),
                         .part = one->part,
                         .unit = org_unit_name(req, one->unit ? one->unit : dossier->unit, err),
                         .is_served = one->served_at != INSTANT_NONE};
    if (issued.count) {
        view->certificate = view->certificates.items[0].number;
        view->certificate_title = view->certificates.items[0].title;
        view->is_served = view->certificates.items[0].is_served;
    }
    return !error_is_set(err);
}

/* A grade of another scale than today's is told as a fraction. */
static const char *grade_text(Request *req, const Rating *rating, const DossierView *view)
{
    bool is_known = rating->scale == (int64_t)view->grades.count && rating->grade >= 1 &&
                    rating->grade <= rating->scale;
    return is_known ? view->grades.items[rating->grade - 1].label
                    : arena_printf(req->arena, "%lld / %lld", (long long)rating->grade,
                                   (long long)rating->scale);
}

static bool show_result(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    Rating rating;
    bool is_rated;
    if (!show_certificates(req, dossier, view, err) ||
        !store_rating(req->conn, req->arena, req->tenant, dossier->id, &rating, &is_rated, err))
        return false;
    view->grade = is_rated ? rating.grade : 0;
    view->can_rate = view->is_own && dossier->account == req->user.id && !is_rated &&
                     dossier->completed_at != INSTANT_NONE;
    if (!show_grades(req, view, err))
        return false;
    if (is_rated)
        view->grade_text = grade_text(req, &rating, view);
    return true;
}

/* ---- the page -------------------------------------------------------------------------------- */

static void fill(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    *view = (DossierView){.number = dossier->number,
                          .item = both_in(dossier->item_name, req->language),
                          .item_code = dossier->item_code,
                          .kind = dossier->kind,
                          .state = dossier->state,
                          .stage = dossier->stage,
                          .applicant = dossier->applicant_name,
                          .channel = dossier->channel,
                          .unit = org_unit_name(req, dossier->unit, err),
                          .filed_at = dossier->filed_at,
                          .completed_at = dossier->completed_at,
                          .reason = dossier->decision_reason,
                          .waits_for = dossier->waits_for,
                          .withdrawn_at = dossier->withdrawn_at,
                          .archive_number = dossier->archive_number,
                          .clock = {.due_at = INSTANT_NONE,
                                    .due_on = DATE_NONE,
                                    .provisional_from = DATE_NONE,
                                    .runs_again_at = INSTANT_NONE,
                                    .lamp = {.state = "grey"}},
                          .delivery = {.due_on = DATE_NONE,
                                       .due_at = INSTANT_NONE,
                                       .lamp = {.state = "grey"},
                                       .posted_on = DATE_NONE,
                                       .served_on = DATE_NONE},
                          .task_until = DATE_NONE,
                          .is_own = req->user.kind == USER_APPLICANT};
}

/* Until when the office owes an answer, and whether it gave none. */
static bool show_silence(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    Silence silence;
    if (!pages_silence(req, dossier, &silence, err))
        return false;
    view->answer_due_at = silence.due_at;
    view->is_silent = silence.is_accepted;
    return true;
}

bool dossier_page(Request *req, Error *err)
{
    DossierView *view = arena_new(req->arena, DossierView);
    Dossier dossier;
    ClockRow clock;
    bool has_clock;
    if (!pages_dossier(req, req->conn, &dossier, err) ||
        !store_clock(req->conn, req->arena, req->tenant, dossier.id, &clock, &has_clock, err))
        return false;
    fill(req, &dossier, view, err);
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    if (has_clock && !pages_clock(req, &dossier, &clock, &view->clock, err))
        return false;
    view->has_clock = has_clock;
    return show_answers(req, &dossier, view, err) && people_show(req, &dossier, view, err) &&
           show_materials(req, &dossier, view, err) && show_silence(req, &dossier, view, err) &&
           pages_steps(req, &dossier, has_clock ? &clock : NULL, view->is_silent,
                       &view->steps.items, &view->steps.count, err) &&
           show_tasks(req, &dossier, view, err) && show_incidents(req, &dossier, view, err) &&
           show_result(req, &dossier, view, err) && pages_life(req, &dossier, view, err) &&
           (!has_clock || pages_extensions(req, &dossier, &clock, view, err)) &&
           pages_withdrawal(req, &dossier, view, err) && pages_papers(req, &dossier, view, err) &&
           pages_rulings(req, &dossier, view, err) && pages_delivery(req, &dossier, view, err) &&
           request_show(req, &DossierView_type, view);
}
