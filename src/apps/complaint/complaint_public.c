/*
 * complaint_public.c - what anybody may do: complain, follow one's complaint by number and phone,
 * and say how content one is. A supervisor takes down on the same form what is said by phone, in a
 * letter or at a visit.
 */
#include "apps/complaint/complaint_internal.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

static const char *const channels[] = {"phone", "letter", "visit", NULL};
static const char *const subjects[] = {"delay",     "attitude", "fee", "refusal",
                                       "procedure", "other",    NULL};
static const char *const grades[] = {"satisfied", "fair", "dissatisfied", NULL};

const InputField complaint_new_input[] = {
    {"channel", INPUT_CHOICE, 0, .choices = channels, .label = "complaint.channel"},
    {"name", INPUT_TEXT, INPUT_REQUIRED, .most = 40, .label = "complaint.name"},
    {"phone", INPUT_PHONE, INPUT_REQUIRED, .label = "complaint.phone"},
    {"number", INPUT_TEXT, 0, .most = 40, .label = "complaint.dossier"},
    {"unit", INPUT_TEXT, 0, .most = 40, .label = "complaint.unit"},
    {"subject", INPUT_CHOICE, INPUT_REQUIRED, .choices = subjects, .label = "complaint.subject"},
    {"text", INPUT_LINES, INPUT_REQUIRED, .most = COMPLAINT_WORDS_MOST, .label = "complaint.text"},
    {0},
};
const InputField complaint_received_input[] = {
    {"complaint", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 20,
     .label = "complaint.number"},
    {0},
};
const InputField complaint_track_input[] = {
    {"number", INPUT_TEXT, INPUT_REQUIRED, .most = 20, .label = "complaint.number"},
    {"phone", INPUT_PHONE, INPUT_REQUIRED, .label = "complaint.phone"},
    {0},
};
const InputField complaint_rate_input[] = {
    {"number", INPUT_TEXT, INPUT_REQUIRED, .most = 20, .label = "complaint.number"},
    {"phone", INPUT_PHONE, INPUT_REQUIRED, .label = "complaint.phone"},
    {"rating", INPUT_CHOICE, INPUT_REQUIRED, .choices = grades, .label = "complaint.rating"},
    {"text", INPUT_LINES, 0, .most = 500, .label = "complaint.rating_text"},
    {0},
};

/* ---- complaining ----------------------------------------------------------------------------- */

static bool is_officer(const Request *req)
{
    return rights_have(req->user.rights, RIGHT_SUPERVISE_WORK);
}

/* Every office of the county, by name. */
static bool unit_field(Request *req, FormField *out, Error *err)
{
    Units units = {0};
    if (!org_units(req->conn, req->arena, req->tenant, &units, err))
        return false;
    *out = request_field(req, complaint_new_input, "unit", NULL);
    const char *typed = out->value;
    out->type = "choice";
    out->hint = request_text(req, "complaint.unit_hint");
    out->choices.items = arena_array(req->arena, FieldChoice, units.count + 1);
    out->choices.items[out->choices.count++] =
        (FieldChoice){.value = "",
                      .label = request_text(req, "complaint.unit_of_dossier"),
                      .is_chosen = !typed || !*typed};
    list_each (Unit, unit, &units)
        out->choices.items[out->choices.count++] =
            (FieldChoice){.value = unit->code,
                          .label = org_name_in(req, unit),
                          .is_chosen = text_equal(typed, unit->code)};
    return true;
}

bool complaint_new_page(Request *req, Error *err)
{
    ComplaintNewView *view = arena_new(req->arena, ComplaintNewView);
    const InputField *fields = complaint_new_input;
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->is_officer = is_officer(req);
    view->channel = request_field(req, fields, "channel", "phone");
    view->channel.type = "radio";
    view->name = request_field(req, fields, "name", NULL);
    view->phone = request_field(req, fields, "phone", NULL);
    view->number = request_field(req, fields, "number", NULL);
    view->number.hint = request_text(req, "complaint.dossier_hint");
    view->subject = request_field(req, fields, "subject", NULL);
    view->text = request_field(req, fields, "text", NULL);
    view->text.hint = request_text(req, "complaint.text_hint");
    return unit_field(req, &view->unit, err) && request_show(req, &ComplaintNewView_type, view);
}

bool complaint_register_prepare(Request *req, Error *err)
{
    return is_officer(req) || identity_may_try(request_app(req), req, err);
}

static const char *text_or_null(Request *req, const char *name)
{
    const char *text = input_text(req, name);
    return text && *text ? text : NULL;
}

bool complaint_register_act(Tx *tx, Request *req, Error *err)
{
    Complaint complaint;
    ComplaintReceivedView *view = arena_new(req->arena, ComplaintReceivedView);
    const char *said = text_or_null(req, "channel");
    ComplaintMatter matter = {.channel = is_officer(req) ? said ? said : "phone" : "web",
                              .subject = input_text(req, "subject"),
                              .unit = text_or_null(req, "unit"),
                              .dossier_number = text_or_null(req, "number"),
                              .name = input_text(req, "name"),
                              .phone = input_text(req, "phone"),
                              .words = input_text(req, "text")};
    if (!complaint_register(tx, request_app(req), is_officer(req) ? &req->user : NULL, &matter,
                            &complaint, err))
        return false;
    view->number = arena_text(req->arena, complaint.number);
    view->due_at = complaint.due_at;
    const char *location =
        is_officer(req) ? arena_printf(req->arena, "/complaints/%lld", (long long)complaint.id)
                        : arena_printf(req->arena, "/complaints/received/%s", view->number);
    return request_done(req, 201, location, &ComplaintReceivedView_type, view,
                        "complaint.registered.flash");
}

/* The number that is in the address: nothing is looked up, so nothing is told. */
bool complaint_received_page(Request *req, Error *err)
{
    ComplaintReceivedView *view = arena_new(req->arena, ComplaintReceivedView);
    int year, sequence;
    (void)err;
    view->number = input_text(req, "complaint");
    view->due_at = INSTANT_NONE;
    if (!complaint_read_number(view->number, &year, &sequence))
        return error_set(err, ERROR_NOT_FOUND, .code = "complaint.unknown");
    return request_show(req, &ComplaintReceivedView_type, view);
}

/* ---- following ------------------------------------------------------------------------------- */

static ComplaintTrackView *track_view(Request *req)
{
    ComplaintTrackView *view = arena_new(req->arena, ComplaintTrackView);
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->due_at = INSTANT_NONE;
    view->number = request_field(req, complaint_track_input, "number", NULL);
    view->number.hint = request_text(req, "complaint.number_hint");
    view->phone = request_field(req, complaint_track_input, "phone", NULL);
    return view;
}

bool complaint_track_page(Request *req, Error *err)
{
    (void)err;
    return request_show(req, &ComplaintTrackView_type, track_view(req));
}

/* What the office tells its complainant: not what was heard from others. */
static bool is_told(const char *kind)
{
    static const char *const told[] = {"registered", "accepted", "refused", "replied", "rated"};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (text_equal(told[i], kind))
            return true;
    return false;
}

static bool show_told(Request *req, Id complaint, ComplaintTrackView *view, Error *err)
{
    ComplaintActs acts = {0};
    if (!store_complaint_acts(req->conn, req->arena, request_app(req), complaint, &acts, err))
        return false;
    view->acts.items = arena_array(req->arena, ComplaintActView, acts.count);
    list_each (ComplaintAct, act, &acts)
        if (is_told(act->kind))
            view->acts.items[view->acts.count++] = (ComplaintActView){
                .kind = act->kind, .at = act->at, .words = *act->words ? act->words : NULL};
    return true;
}

static bool show_found(Request *req, const Complaint *it, const char *phone, Error *err)
{
    ComplaintTrackView *view = track_view(req);
    bool is_answered = text_equal(it->state, "replied") || text_equal(it->state, "rated");
    view->is_found = true;
    view->found_number = it->number;
    view->given_phone = phone;
    view->unit = org_unit_name(req, it->unit, err);
    view->subject = it->subject;
    view->state = it->state;
    view->due_at = it->is_open ? it->due_at : INSTANT_NONE;
    view->finding = is_answered ? it->finding : NULL;
    view->grade = it->grade;
    view->can_rate = text_equal(it->state, "replied");
    view->rating = request_field(req, complaint_rate_input, "rating", NULL);
    view->rating.type = "radio";
    view->text = request_field(req, complaint_rate_input, "text", NULL);
    return !error_is_set(err) && show_told(req, it->id, view, err) &&
           request_show(req, &ComplaintTrackView_type, view);
}

bool complaint_track_show(Request *req, Error *err)
{
    Complaint it;
    const char *phone = input_text(req, "phone");
    return identity_may_try(request_app(req), req, err) &&
           complaint_of(req->conn, req->arena, request_app(req), input_text(req, "number"), phone,
                        &it, err) &&
           show_found(req, &it, phone, err);
}

/* ---- how content ----------------------------------------------------------------------------- */

/* A refused rating: the complaint again, if number and phone still find it. */
bool complaint_rate_page(Request *req, Error *err)
{
    Complaint it;
    Error problem = ERROR_NONE;
    const char *number = request_typed(req, "number"), *phone = request_typed(req, "phone");
    bool is_found =
        number && phone &&
        complaint_of(req->conn, req->arena, request_app(req), number, phone, &it, &problem);
    return is_found ? show_found(req, &it, phone, err) : complaint_track_page(req, err);
}

bool complaint_rate_prepare(Request *req, Error *err)
{
    return identity_may_try(request_app(req), req, err);
}

bool complaint_rate_act(Tx *tx, Request *req, Error *err)
{
    return complaint_rate(tx, request_app(req), input_text(req, "number"), input_text(req, "phone"),
                          input_text(req, "rating"), input_text(req, "text"), err) &&
           request_done(req, 200, "/complaints/track", NULL, NULL, "complaint.rated.flash");
}
