/* correction_pages.c - /corrections: lists, one notice, and the forms to send, reply and check. */
#include "apps/dossier/dossier.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"
#include "apps/supervise/correction_store.h"
#include "apps/supervise/correction_views_gen.h"
#include "apps/supervise/supervise_internal.h"
#include "service/calendars.h"

enum { PAGE_ROWS = 50, WARNINGS_MOST = 50, TEXT_MOST = 2000 };

/* How long supervisors are shown what nobody answered. */
#define SILENCE_SHOWN (30 * DAY_MS)

static const char *const states[] = {"sent", "replied", "closed", "taken_back", NULL};
static const char *const grounds[] = {"overdue", "near",      "step",  "reason",
                                      "fee",     "authority", "other", NULL};
static const char *const verdicts[] = {"sufficient", "insufficient", NULL};

static const InputField list_input[] = {
    {"state", INPUT_CHOICE, 0, .choices = states},
    {"after", INPUT_ID, 0},
    {0},
};
static const InputField new_input[] = {
    {"number", INPUT_TEXT, INPUT_REQUIRED, .most = 40},
    {0},
};
static const InputField send_input[] = {
    {"number", INPUT_TEXT, INPUT_REQUIRED, .most = 40, .label = "supervise.number"},
    {"ground", INPUT_CHOICE, INPUT_REQUIRED, .choices = grounds, .label = "correction.ground"},
    {"text", INPUT_LINES, INPUT_REQUIRED, .most = TEXT_MOST, .label = "correction.text"},
    {0},
};
static const InputField id_input[] = {{"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED}, {0}};
static const InputField reply_input[] = {
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"text", INPUT_LINES, INPUT_REQUIRED, .most = TEXT_MOST, .label = "correction.reply"},
    {0},
};
static const InputField check_input[] = {
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"verdict", INPUT_CHOICE, INPUT_REQUIRED, .choices = verdicts, .label = "correction.verdict"},
    {"text", INPUT_LINES, 0, .most = TEXT_MOST, .label = "correction.note"},
    {0},
};

static const InputField take_back_input[] = {
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"text", INPUT_LINES, INPUT_REQUIRED, .most = TEXT_MOST, .label = "correction.why"},
    {0},
};

/* ---- who may see what -------------------------------------------------------------------------
 */

/* Supervisors see every unit's notices (0), others their own unit's. */
static Id scope_of(const Request *req)
{
    return rights_have(req->user.rights, RIGHT_SUPERVISE_READ) ? 0 : req->user.unit;
}

static bool is_officer(const Request *req, Error *err)
{
    bool may = rights_have(req->user.rights, RIGHT_SUPERVISE_READ) ||
               rights_have(req->user.rights, RIGHT_DESK_READ);
    return may || error_set(err, ERROR_FORBIDDEN, .code = "request.forbidden");
}

bool correction_waiting(Request *req, Waiting *out, Error *err)
{
    App *app = request_app(req);
    const CalendarTable *table = calendars_get(app->calendars, req->conn, req->tenant, err);
    return table && store_waiting(req->conn, req->arena, req->tenant, scope_of(req), req->user.id,
                                  supervise_near(table, req->now), out, err);
}

/* ---- lists ----------------------------------------------------------------------------------- */

static bool show_line(Request *req, const Correction *row, CorrectionLineView *out, Error *err)
{
    bool is_waiting = text_equal(row->state, "sent");
    *out = (CorrectionLineView){.id = row->id,
                                .number = row->number,
                                .unit = org_unit_name(req, row->unit, err),
                                .ground = row->ground,
                                .state = row->state,
                                .sent_at = row->sent_at,
                                .reply_due_at = row->reply_due_at};
    return dossier_lamp(req, row->reply_due_at, !is_waiting, &out->lamp, err);
}

static bool show_warnings(Request *req, CorrectionsView *view, Error *err)
{
    Warnings rows = {0};
    bool is_read = view->is_own
                       ? store_warnings(req->conn, req->arena, req->tenant, req->user.unit,
                                        WARNINGS_MOST, &rows, err)
                       : store_silent_warnings(req->conn, req->arena, req->tenant,
                                               req->now - SILENCE_SHOWN, WARNINGS_MOST, &rows, err);
    const CalendarTable *table =
        calendars_get(request_app(req)->calendars, req->conn, req->tenant, err);
    if (!is_read || !table ||
        !store_service_warnings(req->conn, req->arena, req->tenant,
                                view->is_own ? req->user.unit : 0, supervise_near(table, req->now),
                                WARNINGS_MOST, &rows, err))
        return false;
    view->warnings.items = arena_array(req->arena, WarningLineView, rows.count);
    list_each (Warning, row, &rows)
        view->warnings.items[view->warnings.count++] =
            (WarningLineView){.number = row->number,
                              .item = both_in(row->item_name, req->language),
                              .kind = row->kind,
                              .unit = org_unit_name(req, row->unit, err),
                              .officer = identity_officer_label(req, row->officer, err),
                              .due_at = row->due_at,
                              .raised_at = row->raised_at};
    return !error_is_set(err);
}

static bool show_list(Request *req, CorrectionsView *view, Error *err)
{
    Corrections rows = {0};
    CorrectionQuery query = {.unit = scope_of(req),
                             .state = view->show,
                             .after = input_id(req, "after"),
                             .most = PAGE_ROWS + 1};
    if (!store_corrections(req->conn, req->arena, req->tenant, &query, &rows, err))
        return false;
    if (rows.count > PAGE_ROWS) {
        rows.count = PAGE_ROWS;
        view->pager.next_query = arena_printf(req->arena, "state=%s&after=%lld", view->show,
                                              (long long)rows.items[PAGE_ROWS - 1].id);
    }
    view->pager.shown = (int64_t)rows.count;
    view->corrections.items = arena_array(req->arena, CorrectionLineView, rows.count);
    list_each (Correction, row, &rows)
        if (!show_line(req, row, &view->corrections.items[view->corrections.count++], err))
            return false;
    return true;
}

static bool corrections_page(Request *req, Error *err)
{
    CorrectionsView *view = arena_new(req->arena, CorrectionsView);
    const char *show = input_text(req, "state");
    if (!is_officer(req, err))
        return false;
    view->show = show ? show : "sent";
    view->is_own = scope_of(req) != 0;
    view->empty = (EmptyState){.title = request_text(req, "correction.none"),
                               .text = request_text(req, "correction.none_text")};
    return show_warnings(req, view, err) && show_list(req, view, err) &&
           request_show(req, &CorrectionsView_type, view);
}

/* ---- one notice ------------------------------------------------------------------------------ */

static bool show_acts(Request *req, CorrectionView *view, Error *err)
{
    CorrectionActs acts = {0};
    if (!store_acts(req->conn, req->arena, req->tenant, view->id, &acts, err))
        return false;
    view->acts.items = arena_array(req->arena, CorrectionActView, acts.count);
    list_each (CorrectionAct, act, &acts)
        view->acts.items[view->acts.count++] =
            (CorrectionActView){.kind = act->kind,
                                .officer = identity_officer_label(req, act->officer, err),
                                .at = act->at,
                                .text = act->text};
    return !error_is_set(err);
}

static void show_forms(Request *req, const Correction *row, CorrectionView *view)
{
    bool is_of_unit = row->unit == req->user.unit;
    view->can_reply = text_equal(row->state, "sent") && is_of_unit &&
                      rights_have(req->user.rights, RIGHT_DESK_WORK);
    view->can_check =
        text_equal(row->state, "replied") && rights_have(req->user.rights, RIGHT_SUPERVISE_WORK);
    view->can_take_back =
        text_equal(row->state, "sent") && rights_have(req->user.rights, RIGHT_SUPERVISE_WORK);
    if (view->can_take_back)
        view->text = request_field(req, take_back_input, "text", NULL);
    if (view->can_reply)
        view->text = request_field(req, reply_input, "text", NULL);
    if (!view->can_check)
        return;
    view->text = request_field(req, check_input, "text", NULL);
    view->verdict = request_field(req, check_input, "verdict", NULL);
    view->verdict.type = "radio";
}

static bool correction_page(Request *req, Error *err)
{
    CorrectionView *view = arena_new(req->arena, CorrectionView);
    FieldErrors errors = request_errors(req);
    Correction row;
    if (!is_officer(req, err) || !store_correction(req->conn, req->arena, req->tenant,
                                                   input_id(req, "id"), scope_of(req), &row, err))
        return false;
    *view = (CorrectionView){.id = row.id,
                             .number = row.number,
                             .unit = org_unit_name(req, row.unit, err),
                             .ground = row.ground,
                             .state = row.state,
                             .sent_at = row.sent_at,
                             .reply_due_at = row.reply_due_at};
    view_list_set(&view->errors, &errors);
    show_forms(req, &row, view);
    return show_acts(req, view, err) && request_show(req, &CorrectionView_type, view);
}

/* ---- sending --------------------------------------------------------------------------------- */

static bool new_page(Request *req, Error *err)
{
    CorrectionNewView *view = arena_new(req->arena, CorrectionNewView);
    FieldErrors errors = request_errors(req);
    Dossier dossier;
    const char *number = input_text(req, "number");
    if (!number)
        number = request_typed(req, "number");
    if (!dossier_by_number(req->conn, req->arena, req->tenant, number ? number : "", &dossier, err))
        return false;
    view->number = dossier.number;
    view_list_set(&view->errors, &errors);
    view->ground = request_field(req, send_input, "ground", NULL);
    view->ground.type = "radio";
    view->text = request_field(req, send_input, "text", NULL);
    view->text.hint = request_text(req, "correction.text_hint");
    return request_show(req, &CorrectionNewView_type, view);
}

static bool send_act(Tx *tx, Request *req, Error *err)
{
    CorrectionSentView *view = arena_new(req->arena, CorrectionSentView);
    Correction row;
    if (!correction_send(tx, request_app(req), &req->user, input_text(req, "number"),
                         input_text(req, "ground"), input_text(req, "text"), &view->id, err) ||
        !store_correction(tx_conn(tx), req->arena, req->tenant, view->id, 0, &row, err))
        return false;
    view->reply_due_at = row.reply_due_at;
    const char *location = arena_printf(req->arena, "/corrections/%lld", (long long)view->id);
    return request_done(req, 201, location, &CorrectionSentView_type, view,
                        "correction.sent.flash");
}

/* ---- replying and checking ------------------------------------------------------------------- */

static const char *back_to(Request *req)
{
    return arena_printf(req->arena, "/corrections/%lld", (long long)input_id(req, "id"));
}

static bool reply_act(Tx *tx, Request *req, Error *err)
{
    return correction_reply(tx, request_app(req), &req->user, input_id(req, "id"),
                            input_text(req, "text"), err) &&
           request_done(req, 200, back_to(req), NULL, NULL, "correction.replied.flash");
}

static bool check_act(Tx *tx, Request *req, Error *err)
{
    bool is_sufficient = text_equal(input_text(req, "verdict"), "sufficient");
    return correction_check(tx, request_app(req), &req->user, input_id(req, "id"), is_sufficient,
                            input_text(req, "text"), err) &&
           request_done(req, 200, back_to(req), NULL, NULL,
                        is_sufficient ? "correction.closed.flash" : "correction.returned.flash");
}

static bool take_back_act(Tx *tx, Request *req, Error *err)
{
    return correction_take_back(tx, request_app(req), &req->user, input_id(req, "id"),
                                input_text(req, "text"), err) &&
           request_done(req, 200, back_to(req), NULL, NULL, "correction.taken_back.flash");
}

const Route correction_routes[] = {
    ROUTE_GET("/corrections", RIGHT_SIGNED_IN, corrections_page, &CorrectionsView_type, list_input,
              "Correction notices, and the warnings of one's unit"),
    ROUTE_GET("/corrections/new", RIGHT_SUPERVISE_WORK, new_page, &CorrectionNewView_type,
              new_input, "The form of a correction notice"),
    ROUTE_POST("/corrections", RIGHT_SUPERVISE_WORK, NULL, send_act, new_page,
               &CorrectionSentView_type, send_input, "Send a correction notice"),
    ROUTE_GET("/corrections/{id}", RIGHT_SIGNED_IN, correction_page, &CorrectionView_type, id_input,
              "One correction notice"),
    ROUTE_POST("/corrections/{id}/reply", RIGHT_DESK_WORK, NULL, reply_act, correction_page, NULL,
               reply_input, "Reply to a correction notice"),
    ROUTE_POST("/corrections/{id}/check", RIGHT_SUPERVISE_WORK, NULL, check_act, correction_page,
               NULL, check_input, "Check the reply to a correction notice"),
    ROUTE_POST("/corrections/{id}/take-back", RIGHT_SUPERVISE_WORK, NULL, take_back_act,
               correction_page, NULL, take_back_input,
               "Take a correction notice back before it was answered"),
    ROUTE_END,
};
