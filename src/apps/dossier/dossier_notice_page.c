/*
 * dossier_notice_page.c - the form of a one-time notice on an open task, and the leader's queue of
 * second ones.
 *
 *     every material and every field has two boxes: what is missing, how to mend it; what is filled
 * in becomes a line of the notice
 */
#include <string.h>

#include "apps/dossier/dossier_pages.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

const InputField dossier_notice_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"task", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"missing", INPUT_FORM, 0},
    {"mend", INPUT_FORM, 0},
    {"visible", INPUT_FORM, 0},
    {"reason", INPUT_LINES, 0, .most = 500},
    {0},
};
const InputField dossier_decide_input[] = {
    {"notice", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"words", INPUT_LINES, 0, .most = 500},
    {0},
};

const InputField dossier_take_back_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"notice", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"why", INPUT_LINES, INPUT_REQUIRED, .most = 500, .label = "notice.why"},
    {0},
};

enum { WORDS_AT_MOST = 500, PAGE_ROWS = 20 };

/* ---- the form -------------------------------------------------------------------------------- */

static FormField words_field(Request *req, const char *name, const char *label)
{
    return (FormField){.type = "lines",
                       .name = name,
                       .label = request_text(req, label),
                       .value = request_typed(req, name),
                       .error = request_error_of(req, name),
                       .max_length = WORDS_AT_MOST};
}

static FormField visible_field(Request *req, const char *name)
{
    static const char *const values[] = {"no", "yes"};
    const char *typed = request_typed(req, name);
    FormField field = {.type = "radio",
                       .name = name,
                       .label = request_text(req, "notice.visible"),
                       .error = request_error_of(req, name)};
    field.choices.items = arena_array(req->arena, FieldChoice, 2);
    for (size_t i = 0; i < 2; i++)
        field.choices.items[field.choices.count++] = (FieldChoice){
            .value = values[i],
            .label = request_text(req, i ? "notice.visible.yes" : "notice.visible.no"),
            .is_chosen = text_equal(typed, values[i])};
    return field;
}

static NoticeChoiceView choice(Request *req, const char *kind, const char *code, const char *label,
                               bool is_second)
{
    const char *place = arena_printf(req->arena, "%s.%s", kind, code);
    const char *missing = arena_printf(req->arena, "missing.%s", place);
    const char *mend = arena_printf(req->arena, "mend.%s", place);
    const char *visible = arena_printf(req->arena, "visible.%s", place);
    NoticeChoiceView view = {.place = place,
                             .name = label,
                             .missing = words_field(req, missing, "notice.missing"),
                             .mend = words_field(req, mend, "notice.mend")};
    if (is_second)
        view.visible = visible_field(req, visible);
    view.is_named = view.missing.value || view.mend.value;
    return view;
}

static bool show_materials(Request *req, const Dossier *dossier, NoticeFormView *view, Error *err)
{
    MaterialStates states = {0};
    if (!store_materials(req->conn, req->arena, req->tenant, dossier->id, &states, err))
        return false;
    view->materials.items = arena_array(req->arena, NoticeChoiceView, states.count);
    list_each (MaterialState, state, &states)
        view->materials.items[view->materials.count++] = choice(
            req, "material", state->code, both_in(state->name, req->language), view->is_second);
    return true;
}

static bool show_fields(Request *req, const Dossier *dossier, NoticeFormView *view, Error *err)
{
    App *app = request_app(req);
    const FormKey *keys;
    const Form *form = catalogue_form(app, req->conn, dossier->form_definition, err);
    const Json *overlay = req->language == LANGUAGE_EN
                              ? catalogue_overlay(app, req->conn, dossier->form_definition)
                              : NULL;
    if (!form)
        return false;
    size_t count = form_keys(form, &keys);
    view->fields.items = arena_array(req->arena, NoticeChoiceView, count);
    for (size_t i = 0; i < count; i++) {
        const char *label = json_text(json_get(overlay, keys[i].id), "label");
        view->fields.items[view->fields.count++] =
            choice(req, "field", keys[i].key, label ? label : keys[i].label, view->is_second);
    }
    return true;
}

static bool is_second(Request *req, const Dossier *dossier, Id unit, bool *out, Error *err)
{
    Notices notices = {0};
    if (dossier->notice_count &&
        !store_notices(req->conn, req->arena, req->tenant, dossier->id, &notices, err))
        return false;
    *out = notices_is_second(&notices, unit);
    return true;
}

bool notice_page(Request *req, Error *err)
{
    NoticeFormView *view = arena_new(req->arena, NoticeFormView);
    Task task;
    Dossier dossier;
    if (!pages_task(req, &task, err) ||
        !dossier_by_id(req->conn, req->arena, req->tenant, task.dossier, &dossier, err))
        return false;
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->number = dossier.number;
    view->item = both_in(dossier.item_name, req->language);
    view->applicant = dossier.applicant_name;
    view->task = task.id;
    view->task_name = both_in(task.name, req->language);
    if (!is_second(req, &dossier, task.unit, &view->is_second, err))
        return false;
    view->reason = request_field(req, dossier_notice_input, "reason", NULL);
    return show_materials(req, &dossier, view, err) && show_fields(req, &dossier, view, err) &&
           request_show(req, &NoticeFormView_type, view);
}

/* ---- sending it ------------------------------------------------------------------------------ */

typedef LIST(DossierNoticeLine) Lines;

static const char *said(const Json *words, const char *place)
{
    const char *text = json_text(words, place);
    return text ? text : "";
}

static int64_t visible_of(const Json *words, const char *place)
{
    const char *text = json_text(words, place);
    return text_equal(text, "yes") ? 1 : text_equal(text, "no") ? 0 : -1;
}

static bool add_line(Request *req, const char *place, Lines *lines, Error *err)
{
    const char *dot = strchr(place, '.');
    DossierNoticeLine line = {.missing = said(input_form(req, "missing"), place),
                              .mend = said(input_form(req, "mend"), place),
                              .was_visible = visible_of(input_form(req, "visible"), place)};
    if (!dot)
        return error_set(err, ERROR_INVALID, .code = "notice.unknown_line", .field = place);
    if (text_length(line.missing) > WORDS_AT_MOST || text_length(line.mend) > WORDS_AT_MOST)
        return error_set(err, ERROR_INVALID, .code = "notice.too_long",
                         .field = arena_printf(req->arena, "missing.%s", place));
    line.kind = arena_text_n(req->arena, place, (size_t)(dot - place));
    line.code = dot + 1;
    list_add(req->arena, lines, line);
    return true;
}

/* A line is whatever has words in one of its boxes. */
static bool collect(Request *req, Lines *lines, Error *err)
{
    const Json *missing = input_form(req, "missing"), *mend = input_form(req, "mend");
    json_each (one, missing)
        if (!(text_is_blank(said(missing, one->name)) && text_is_blank(said(mend, one->name))) &&
            !add_line(req, one->name, lines, err))
            return false;
    json_each (one, mend)
        if (!json_get(missing, one->name) && !text_is_blank(said(mend, one->name)) &&
            !add_line(req, one->name, lines, err))
            return false;
    return true;
}

bool notice_prepare(Request *req, Error *err)
{
    Task task;
    Lines lines = {0};
    DossierNotice *notice = arena_new(req->arena, DossierNotice);
    if (!pages_task(req, &task, err) || !collect(req, &lines, err))
        return false;
    *notice = (DossierNotice){.task = task.id,
                              .lines = lines.items,
                              .line_count = lines.count,
                              .reason = input_text(req, "reason")};
    req->state = notice;
    return true;
}

bool notice_act(Tx *tx, Request *req, Error *err)
{
    bool is_sent;
    if (!dossier_notice(tx, request_app(req), &req->user, req->state, &is_sent, err))
        return false;
    const char *back = arena_printf(req->arena, "/dossiers/%s", input_text(req, "number"));
    return request_done(req, 200, back, NULL, NULL,
                        is_sent ? "notice.sent.flash" : "notice.asked.flash");
}

/* ---- the leader's queue ---------------------------------------------------------------------- */

static bool asked_view(Request *req, const AskedNotice *asked, AskedNoticeView *out, Error *err)
{
    Notice notice;
    if (!store_notice(req->conn, req->arena, req->tenant, asked->id, &notice, err))
        return false;
    *out = (AskedNoticeView){.id = asked->id,
                             .number = asked->number,
                             .item = both_in(asked->item_name, req->language),
                             .applicant = asked->applicant_name,
                             .officer = identity_officer_label(req, asked->officer, err),
                             .reason = asked->reason,
                             .asked_at = asked->asked_at};
    out->words = request_field(req, dossier_decide_input, "words", NULL);
    out->lines.items = arena_array(req->arena, NoticeLineView, notice.lines.count);
    list_each (NoticeLine, line, &notice.lines)
        out->lines.items[out->lines.count++] = pages_notice_line(req, line);
    return !error_is_set(err);
}

bool notices_page(Request *req, Error *err)
{
    NoticesView *view = arena_new(req->arena, NoticesView);
    AskedNotices asked = {0};
    Id after = text_equal(req->method, "GET") ? input_id(req, "after") : 0;
    if (!store_notice_queue(req->conn, req->arena, req->tenant, req->user.unit, after,
                            PAGE_ROWS + 1, &asked, err))
        return false;
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->unit = org_unit_name(req, req->user.unit, err);
    size_t shown = asked.count > PAGE_ROWS ? PAGE_ROWS : asked.count;
    view->notices.items = arena_array(req->arena, AskedNoticeView, shown);
    for (; view->notices.count < shown; view->notices.count++)
        if (!asked_view(req, &asked.items[view->notices.count],
                        &view->notices.items[view->notices.count], err))
            return false;
    view->pager.shown = (int64_t)shown;
    if (asked.count > shown)
        view->pager.next_query =
            arena_printf(req->arena, "after=%lld", (long long)asked.items[shown - 1].id);
    view->empty = (EmptyState){.title = request_text(req, "notices.none"),
                               .text = request_text(req, "notices.none_text")};
    return request_show(req, &NoticesView_type, view);
}

static bool decide(Tx *tx, Request *req, bool is_approved, const char *flash, Error *err)
{
    return dossier_decide_notice(tx, request_app(req), &req->user, input_id(req, "notice"),
                                 is_approved, input_text(req, "words"), err) &&
           request_done(req, 200, "/notices", NULL, NULL, flash);
}

bool notice_approve_act(Tx *tx, Request *req, Error *err)
{
    return decide(tx, req, true, "notice.approved.flash", err);
}

bool notice_refuse_act(Tx *tx, Request *req, Error *err)
{
    return decide(tx, req, false, "notice.refused.flash", err);
}

/* ---- taking it back -------------------------------------------------------------------------- */

bool take_back_act(Tx *tx, Request *req, Error *err)
{
    Dossier dossier;
    const char *back = arena_printf(req->arena, "/dossiers/%s", input_text(req, "number"));
    return pages_dossier(req, tx_conn(tx), &dossier, err) &&
           dossier_take_back_notice(tx, request_app(req), &req->user, input_id(req, "notice"),
                                    input_text(req, "why"), err) &&
           request_done(req, 200, back, NULL, NULL, "notice.taken_back.flash");
}
