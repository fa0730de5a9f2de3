/* complaint_pages.c - /complaints for officers: lists, one complaint, and what may be done now. */
#include "apps/complaint/complaint_internal.h"
#include "apps/dossier/dossier.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

enum { PAGE_ROWS = 50 };

static const char *const shows[] = {"open", "ended", NULL};
static const char *const findings[] = {"upheld", "partly", "not_upheld", NULL};

static const InputField list_input[] = {
    {"show", INPUT_CHOICE, 0, .choices = shows},
    {"after", INPUT_PLACE, 0},
    {0},
};
static const InputField id_input[] = {{"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED}, {0}};

/* Several of these stand on one page: each has a name of its own. */
#define ID_FIELD                                                                                   \
    {                                                                                              \
        "id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED                                             \
    }
static const InputField refuse_input[] = {
    ID_FIELD,
    {"refusal", INPUT_LINES, INPUT_REQUIRED, .most = COMPLAINT_WORDS_MOST,
     .label = "complaint.why"},
    {0},
};
static const InputField hear_input[] = {
    ID_FIELD,
    {"heard", INPUT_LINES, INPUT_REQUIRED, .most = COMPLAINT_WORDS_MOST,
     .label = "complaint.words"},
    {0},
};
static const InputField state_input[] = {
    ID_FIELD,
    {"answer", INPUT_LINES, INPUT_REQUIRED, .most = COMPLAINT_WORDS_MOST,
     .label = "complaint.words"},
    {0},
};
static const InputField decide_input[] = {
    ID_FIELD,
    {"finding", INPUT_CHOICE, INPUT_REQUIRED, .choices = findings, .label = "complaint.finding"},
    {"decision", INPUT_LINES, INPUT_REQUIRED, .most = COMPLAINT_WORDS_MOST,
     .label = "complaint.why"},
    {0},
};
static const InputField reply_input[] = {
    ID_FIELD,
    {"reply", INPUT_LINES, INPUT_REQUIRED, .most = COMPLAINT_WORDS_MOST,
     .label = "complaint.words"},
    {0},
};
static const InputField correct_input[] = {
    ID_FIELD,
    {"correction", INPUT_LINES, INPUT_REQUIRED, .most = COMPLAINT_WORDS_MOST,
     .label = "correction.text"},
    {0},
};

/* ---- who may see what ------------------------------------------------------------------------ */

/* Supervisors see every complaint (0), the head of an office those about it. */
static bool scope_of(const Request *req, Id *out_unit, Error *err)
{
    bool is_supervisor = rights_have(req->user.rights, RIGHT_SUPERVISE_WORK);
    *out_unit = is_supervisor ? 0 : req->user.unit;
    return is_supervisor || rights_have(req->user.rights, RIGHT_DOSSIER_LEAD) ||
           error_set(err, ERROR_FORBIDDEN, .code = "request.forbidden");
}

/* ---- lists ----------------------------------------------------------------------------------- */

static bool show_line(Request *req, const Complaint *row, ComplaintLineView *out, Error *err)
{
    *out = (ComplaintLineView){.id = row->id,
                               .number = row->number,
                               .unit = org_unit_name(req, row->unit, err),
                               .subject = row->subject,
                               .state = row->state,
                               .channel = row->channel,
                               .grade = row->grade,
                               .registered_at = row->registered_at};
    return dossier_lamp(req, row->due_at, !row->is_open, &out->lamp, err);
}

static void show_next(Request *req, Complaints *rows, ComplaintsView *view)
{
    if (rows->count > PAGE_ROWS) {
        const Complaint *last = &rows->items[PAGE_ROWS - 1];
        rows->count = PAGE_ROWS;
        view->pager.next_query = arena_printf(req->arena, "show=%s&after=%lld.%lld", view->show,
                                              (long long)last->due_at, (long long)last->id);
    }
    view->pager.shown = (int64_t)rows->count;
}

static bool show_list(Request *req, Id unit, ComplaintsView *view, Error *err)
{
    Complaints rows = {0};
    ComplaintQuery query = {.unit = unit,
                            .is_open = text_equal(view->show, "open"),
                            .due_after = INT64_MIN,
                            .most = PAGE_ROWS + 1};
    (void)place_split(req->arena, input_text(req, "after"), &query.due_after, &query.after);
    if (!store_complaints(req->conn, req->arena, req->tenant, &query, &rows, err))
        return false;
    show_next(req, &rows, view);
    view->complaints.items = arena_array(req->arena, ComplaintLineView, rows.count);
    list_each (Complaint, row, &rows)
        if (!show_line(req, row, &view->complaints.items[view->complaints.count++], err))
            return false;
    return true;
}

static bool complaints_page(Request *req, Error *err)
{
    ComplaintsView *view = arena_new(req->arena, ComplaintsView);
    const char *show = input_text(req, "show");
    Id unit;
    if (!scope_of(req, &unit, err))
        return false;
    view->show = show && *show ? show : "open";
    view->is_own = unit != 0;
    view->can_register = !view->is_own;
    view->empty = (EmptyState){.title = request_text(req, "complaint.none"),
                               .text = request_text(req, "complaint.none_text")};
    return show_list(req, unit, view, err) && request_show(req, &ComplaintsView_type, view);
}

/* ---- one complaint --------------------------------------------------------------------------- */

/* The head of the office reads what he said himself and how far it is: what others said, and the
 * reply, may tell who complained. */
static bool is_for_office(const char *kind)
{
    static const char *const hidden[] = {"heard", "replied", "rated"};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (text_equal(hidden[i], kind))
            return false;
    return true;
}

static bool show_acts(Request *req, bool is_supervisor, ComplaintView *view, Error *err)
{
    ComplaintActs acts = {0};
    if (!store_complaint_acts(req->conn, req->arena, request_app(req), view->id, &acts, err))
        return false;
    view->acts.items = arena_array(req->arena, ComplaintActView, acts.count);
    list_each (ComplaintAct, act, &acts) {
        bool has_words = *act->words && (is_supervisor || text_equal(act->kind, "stated"));
        if (is_supervisor || is_for_office(act->kind))
            view->acts.items[view->acts.count++] =
                (ComplaintActView){.kind = act->kind,
                                   .who = identity_officer_label(req, act->officer, err),
                                   .at = act->at,
                                   .words = has_words ? act->words : NULL};
    }
    return !error_is_set(err);
}

/* The matter for both; who complains for the supervisor alone. */
static bool show_sealed(Request *req, bool is_supervisor, ComplaintView *view, Error *err)
{
    ComplaintPerson person;
    if (!store_complaint_sealed(req->conn, req->arena, request_app(req), view->id, &person,
                                &view->words, err))
        return false;
    view->name = is_supervisor ? person.name : NULL;
    view->phone = is_supervisor ? person.phone : NULL;
    return true;
}

/* The fields of a form, all but the complaint itself; open again when one was refused. */
static void take_fields(Request *req, const InputField *input, ComplaintFormView *out)
{
    enum { FIELDS_MOST = 4 };
    out->fields.items = arena_array(req->arena, FormField, FIELDS_MOST);
    for (const InputField *one = input; one->name && out->fields.count < FIELDS_MOST; one++) {
        if (one->flags & INPUT_IN_PATH)
            continue;
        FormField *field = &out->fields.items[out->fields.count++];
        *field = request_field(req, input, one->name, NULL);
        if (one->choices)
            field->type = "radio";
        out->is_open |= field->error != NULL;
    }
}

static void show_forms(Request *req, const Complaint *it, bool is_supervisor, ComplaintView *view)
{
    bool is_office = !is_supervisor;
    bool is_new = text_equal(it->state, "registered");
    bool is_heard = text_equal(it->state, "investigated");
    bool is_open = is_heard || text_equal(it->state, "accepted");
    bool is_at_fault = it->finding && !text_equal(it->finding, "not_upheld");
    is_supervisor = is_supervisor && it->unit != req->user.unit;
    const struct {
        bool may;
        const char *verb, *label;
        bool is_primary;
        const InputField *input;
    } all[] = {
        {is_supervisor && is_new, "refuse", "complaint.refuse", false, refuse_input},
        {is_supervisor && is_open, "hear", "complaint.hear", true, hear_input},
        {is_supervisor && is_heard, "decide", "complaint.decide", true, decide_input},
        {is_supervisor && text_equal(it->state, "decided"), "reply", "complaint.reply", true,
         reply_input},
        {is_office && is_open, "state", "complaint.answer", true, state_input},
        {is_supervisor && is_at_fault && it->dossier && !it->correction, "correct",
         "correction.new", false, correct_input},
    };
    view->can_accept = is_supervisor && is_new;
    view->forms.items = arena_array(req->arena, ComplaintFormView, sizeof all / sizeof *all);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!all[i].may)
            continue;
        ComplaintFormView *form = &view->forms.items[view->forms.count++];
        *form = (ComplaintFormView){.verb = all[i].verb,
                                    .label = request_text(req, all[i].label),
                                    .is_primary = all[i].is_primary};
        take_fields(req, all[i].input, form);
    }
}

static bool complaint_page(Request *req, Error *err)
{
    ComplaintView *view = arena_new(req->arena, ComplaintView);
    FieldErrors errors = request_errors(req);
    Complaint it;
    Id unit;
    if (!scope_of(req, &unit, err) ||
        !store_complaint(req->conn, req->arena, req->tenant, input_id(req, "id"), unit, &it, err))
        return false;
    *view = (ComplaintView){.id = it.id,
                            .number = it.number,
                            .channel = it.channel,
                            .subject = it.subject,
                            .unit = org_unit_name(req, it.unit, err),
                            .dossier = it.dossier_number,
                            .state = it.state,
                            .is_open = it.is_open,
                            .registered_at = it.registered_at,
                            .due_at = it.due_at,
                            .finding = it.finding,
                            .grade = it.grade,
                            .correction = it.correction};
    view_list_set(&view->errors, &errors);
    show_forms(req, &it, unit == 0, view);
    return dossier_lamp(req, it.due_at, !it.is_open, &view->lamp, err) &&
           show_sealed(req, unit == 0, view, err) && show_acts(req, unit == 0, view, err) &&
           request_show(req, &ComplaintView_type, view);
}

/* ---- acts ------------------------------------------------------------------------------------ */

static bool done(Request *req, const char *flash)
{
    const char *back = arena_printf(req->arena, "/complaints/%lld", (long long)input_id(req, "id"));
    return request_done(req, 200, back, NULL, NULL, flash);
}

static bool accept_act(Tx *tx, Request *req, Error *err)
{
    return complaint_accept(tx, request_app(req), &req->user, input_id(req, "id"), err) &&
           done(req, "complaint.accepted.flash");
}

static bool refuse_act(Tx *tx, Request *req, Error *err)
{
    return complaint_refuse(tx, request_app(req), &req->user, input_id(req, "id"),
                            input_text(req, "refusal"), err) &&
           done(req, "complaint.refused.flash");
}

static bool hear_act(Tx *tx, Request *req, Error *err)
{
    return complaint_hear(tx, request_app(req), &req->user, input_id(req, "id"),
                          input_text(req, "heard"), err) &&
           done(req, "complaint.heard.flash");
}

static bool state_act(Tx *tx, Request *req, Error *err)
{
    return complaint_state(tx, request_app(req), &req->user, input_id(req, "id"),
                           input_text(req, "answer"), err) &&
           done(req, "complaint.stated.flash");
}

static bool decide_act(Tx *tx, Request *req, Error *err)
{
    return complaint_decide(tx, request_app(req), &req->user, input_id(req, "id"),
                            input_text(req, "finding"), input_text(req, "decision"), err) &&
           done(req, "complaint.decided.flash");
}

static bool reply_act(Tx *tx, Request *req, Error *err)
{
    return complaint_reply(tx, request_app(req), &req->user, input_id(req, "id"),
                           input_text(req, "reply"), err) &&
           done(req, "complaint.replied.flash");
}

static bool correct_act(Tx *tx, Request *req, Error *err)
{
    return complaint_correct(tx, request_app(req), &req->user, input_id(req, "id"),
                             input_text(req, "correction"), err) &&
           done(req, "correction.sent.flash");
}

const Route complaint_routes[] = {
    ROUTE_GET("/complaints", RIGHT_SIGNED_IN, complaints_page, &ComplaintsView_type, list_input,
              "Complaints: all for supervisors, accepted ones of one's own office for its head"),
    ROUTE_GET("/complaints/new", RIGHT_PUBLIC, complaint_new_page, &ComplaintNewView_type, NULL,
              "The form of a complaint"),
    ROUTE_POST("/complaints", RIGHT_PUBLIC, complaint_register_prepare, complaint_register_act,
               complaint_new_page, &ComplaintReceivedView_type, complaint_new_input,
               "Complain about how an office works"),
    ROUTE_GET("/complaints/received/{complaint}", RIGHT_PUBLIC, complaint_received_page,
              &ComplaintReceivedView_type, complaint_received_input,
              "The number of a complaint, to be kept"),
    ROUTE_GET("/complaints/track", RIGHT_PUBLIC, complaint_track_page, &ComplaintTrackView_type,
              NULL, "The form to follow a complaint"),
    ROUTE_POST("/complaints/track", RIGHT_PUBLIC, complaint_track_show, NULL, complaint_track_page,
               &ComplaintTrackView_type, complaint_track_input,
               "Follow a complaint by number and phone"),
    ROUTE_POST("/complaints/rate", RIGHT_PUBLIC, complaint_rate_prepare, complaint_rate_act,
               complaint_rate_page, NULL, complaint_rate_input,
               "Say how content one is with the reply to one's complaint"),
    ROUTE_GET("/complaints/{id}", RIGHT_SIGNED_IN, complaint_page, &ComplaintView_type, id_input,
              "One complaint"),
    ROUTE_POST("/complaints/{id}/accept", RIGHT_SUPERVISE_WORK, NULL, accept_act, complaint_page,
               NULL, id_input, "Accept a complaint"),
    ROUTE_POST("/complaints/{id}/refuse", RIGHT_SUPERVISE_WORK, NULL, refuse_act, complaint_page,
               NULL, refuse_input, "Refuse a complaint, with a reason"),
    ROUTE_POST("/complaints/{id}/hear", RIGHT_SUPERVISE_WORK, NULL, hear_act, complaint_page, NULL,
               hear_input, "Write down who was heard and what was seen"),
    ROUTE_POST("/complaints/{id}/state", RIGHT_DOSSIER_LEAD, NULL, state_act, complaint_page, NULL,
               state_input, "Answer a complaint as the head of the office"),
    ROUTE_POST("/complaints/{id}/decide", RIGHT_SUPERVISE_WORK, NULL, decide_act, complaint_page,
               NULL, decide_input, "Decide whether a complaint is upheld"),
    ROUTE_POST("/complaints/{id}/reply", RIGHT_SUPERVISE_WORK, NULL, reply_act, complaint_page,
               NULL, reply_input, "Reply to the complainant"),
    ROUTE_POST("/complaints/{id}/correct", RIGHT_SUPERVISE_WORK, NULL, correct_act, complaint_page,
               NULL, correct_input, "Send the office a correction notice for what was found"),
    ROUTE_END,
};
