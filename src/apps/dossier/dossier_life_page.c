/*
 * dossier_life_page.c - what a dossier's page shows of notices, supplements, fees and uncounted
 * time, and what officers do about them there: stop and resume the clock. And the archive.
 */
#include <string.h>

#include "apps/dossier/dossier_pages.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

const InputField dossier_suspend_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"task", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"ground", INPUT_TEXT, INPUT_REQUIRED, .most = 60},
    {"note", INPUT_LINES, INPUT_REQUIRED, .most = 500},
    {0},
};
enum { PAGE_ROWS = 50 };

/* ---- notices --------------------------------------------------------------------------------- */

NoticeLineView pages_notice_line(Request *req, const NoticeLine *line)
{
    return (NoticeLineView){.kind = line->kind,
                            .code = line->code,
                            .name = both_in(line->name, req->language),
                            .missing = line->missing,
                            .mend = line->mend,
                            .was_visible = line->was_visible == INT_NONE ? NULL
                                           : line->was_visible           ? "yes"
                                                                         : "no"};
}

static NoticeView notice_view(Request *req, const Notice *notice, Error *err)
{
    bool is_officer = req->user.kind == USER_OFFICER;
    NoticeView view = {.id = notice->id,
                       .ordinal = notice->ordinal,
                       .state = notice->state,
                       .unit = org_unit_name(req, notice->unit, err),
                       .officer =
                           is_officer ? identity_officer_label(req, notice->officer, err) : NULL,
                       .reason = is_officer ? notice->reason : NULL,
                       .decision = is_officer ? notice->decision : NULL,
                       .asked_at = notice->asked_at,
                       .sent_at = notice->sent_at,
                       .answered_at = notice->answered_at,
                       .taken_back_at = notice->taken_back_at,
                       .taken_back_why = notice->taken_back_why};
    bool is_open = text_equal(notice->state, "sent") || text_equal(notice->state, "asked");
    view.can_take_back = is_officer && is_open && notice->unit == req->user.unit &&
                         rights_have(req->user.rights, RIGHT_DESK_WORK);
    if (view.can_take_back)
        view.why = request_field(req, dossier_take_back_input, "why", NULL);
    view.lines.items = arena_array(req->arena, NoticeLineView, notice->lines.count);
    list_each (NoticeLine, line, &notice->lines)
        view.lines.items[view.lines.count++] = pages_notice_line(req, line);
    return view;
}

/* What was never sent is the office's own matter. */
bool pages_notices(Request *req, const Dossier *dossier, NoticeView **out_items, size_t *out_count,
                   Error *err)
{
    Notices notices = {0};
    *out_items = NULL;
    *out_count = 0;
    if (!dossier->notice_count)
        return true;
    if (!store_notices(req->conn, req->arena, req->tenant, dossier->id, &notices, err))
        return false;
    *out_items = arena_array(req->arena, NoticeView, notices.count);
    list_each (Notice, notice, &notices)
        if (req->user.kind == USER_OFFICER || notice->sent_at != INSTANT_NONE)
            (*out_items)[(*out_count)++] = notice_view(req, notice, err);
    return !error_is_set(err);
}

/* ---- supplements ----------------------------------------------------------------------------- */

typedef struct Shown {
    Request *req;
    const Form *form;
    const Json *overlay;
    const FormKey *keys;
    size_t key_count;
    MaterialStates materials;
} Shown;

static const FormKey *key_of(const Shown *shown, const char *key)
{
    for (size_t i = 0; i < shown->key_count; i++)
        if (text_equal(shown->keys[i].key, key))
            return &shown->keys[i];
    return NULL;
}

static Masked value_of(const Shown *shown, const FormKey *key, const Json *value)
{
    if (!value || value->kind == JSON_NULL)
        return (Masked){request_text(shown->req, "word.not_given")};
    return pages_answer(shown->req, shown->form, shown->overlay, key, value).value;
}

static void show_changes(const Shown *shown, const Json *changes, SupplementView *out)
{
    out->changes.items = arena_array(shown->req->arena, ChangeView, changes ? changes->count : 0);
    json_each (one, changes) {
        const FormKey *key = key_of(shown, json_text(one, "key"));
        if (!key)
            continue;
        const char *label = json_text(json_get(shown->overlay, key->id), "label");
        out->changes.items[out->changes.count++] =
            (ChangeView){.key = key->key,
                         .label = label ? label : key->label,
                         .was = value_of(shown, key, json_get(one, "old")),
                         .now = value_of(shown, key, json_get(one, "new"))};
    }
}

static void show_brought(const Shown *shown, const Json *codes, SupplementView *out)
{
    out->materials.items = arena_array(shown->req->arena, Text, codes ? codes->count : 0);
    json_each (code, codes) {
        const char *name = code->text;
        list_each (MaterialState, state, &shown->materials)
            if (text_equal(state->code, code->text))
                name = both_in(state->name, shown->req->language);
        out->materials.items[out->materials.count++] = name;
    }
}

static bool supplement_view(const Shown *shown, const Supplement *row, SupplementView *out,
                            Error *err)
{
    Arena *arena = shown->req->arena;
    const Json *changes = json_parse(arena, row->changes, strlen(row->changes), &JSON_LIMITS, err);
    const Json *codes =
        changes ? json_parse(arena, row->materials, strlen(row->materials), &JSON_LIMITS, err)
                : NULL;
    if (!codes)
        return false;
    *out = (SupplementView){.at = row->at, .by_kind = row->by_kind, .note = row->note};
    show_changes(shown, changes, out);
    show_brought(shown, codes, out);
    return true;
}

static bool show_supplements(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    App *app = request_app(req);
    Shown shown = {.req = req};
    Supplements rows = {0};
    if (!dossier->notice_count)
        return true;
    shown.form = catalogue_form(app, req->conn, dossier->form_definition, err);
    if (!shown.form || !store_supplements(req->conn, app, req->arena, dossier->id, &rows, err) ||
        !store_materials(req->conn, req->arena, req->tenant, dossier->id, &shown.materials, err))
        return false;
    shown.key_count = form_keys(shown.form, &shown.keys);
    if (req->language == LANGUAGE_EN)
        shown.overlay = catalogue_overlay(app, req->conn, dossier->form_definition);
    view->supplements.items = arena_array(req->arena, SupplementView, rows.count);
    for (; view->supplements.count < rows.count; view->supplements.count++)
        if (!supplement_view(&shown, &rows.items[view->supplements.count],
                             &view->supplements.items[view->supplements.count], err))
            return false;
    return true;
}

/* ---- fees ------------------------------------------------------------------------------------ */

static bool show_fees(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    Fees fees = {0};
    if (dossier->accepted_at == INSTANT_NONE && dossier->completed_at == INSTANT_NONE &&
        text_equal(dossier->stage, "intake"))
        return true;
    if (!store_fees(req->conn, req->arena, req->tenant, dossier->id, &fees, err))
        return false;
    view->fees.items = arena_array(req->arena, FeeView, fees.count);
    list_each (Fee, fee, &fees)
        view->fees.items[view->fees.count++] = (FeeView){.standard = fee->standard,
                                                         .reduction = fee->reduction,
                                                         .reduction_ground = fee->reduction_ground,
                                                         .reduction_basis = fee->reduction_basis,
                                                         .amount = fee->amount,
                                                         .state = fee->state,
                                                         .basis = fee->basis,
                                                         .reference = fee->reference,
                                                         .charged_at = fee->charged_at,
                                                         .paid_at = fee->paid_at};
    return true;
}

/* ---- what this user may do ------------------------------------------------------------------- */

static bool show_grounds(Request *req, DossierView *view, Error *err)
{
    Date today = instant_date(req->now, request_app(req)->zone_minutes);
    const char *typed = request_typed(req, "ground");
    const Grounds *grounds = catalogue_grounds(request_app(req), req->conn, today, err);
    if (!grounds)
        return false;
    view->ground = request_field(req, dossier_suspend_input, "ground", NULL);
    view->ground.type = "choice";
    view->ground.choices.items = arena_array(req->arena, FieldChoice, grounds->count);
    list_each (Ground, ground, grounds)
        if (!text_equal(ground->code, DOSSIER_GROUND_SUPPLEMENT))
            view->ground.choices.items[view->ground.choices.count++] =
                (FieldChoice){.value = ground->code,
                              .label = both_in(ground->name, req->language),
                              .is_chosen = text_equal(typed, ground->code)};
    view->note = request_field(req, dossier_suspend_input, "note", NULL);
    return true;
}

static bool is_suspended(Request *req, const Dossier *dossier, Id task, bool *out, Error *err)
{
    Spans spans = {0};
    *out = false;
    if (!dossier->span_count)
        return true;
    if (!store_spans(req->conn, req->arena, req->tenant, dossier->id, &spans, err))
        return false;
    list_each (Span, span, &spans)
        *out |=
            span->task == task && span->to == INSTANT_NONE && text_equal(span->cause, "officer");
    return true;
}

static bool show_actions(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    view->can_mend = pages_may_mend(req, dossier);
    view->can_work = view->has_task && !view->task_officer;
    if (!view->can_work || dossier->accepted_at == INSTANT_NONE)
        return true;
    if (!is_suspended(req, dossier, view->task, &view->can_resume, err))
        return false;
    view->can_suspend = !view->can_resume;
    return show_grounds(req, view, err);
}

bool pages_life(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    return pages_notices(req, dossier, &view->notices.items, &view->notices.count, err) &&
           show_supplements(req, dossier, view, err) && show_fees(req, dossier, view, err) &&
           show_actions(req, dossier, view, err);
}

/* ---- acts ------------------------------------------------------------------------------------ */

static const char *back_to(Request *req)
{
    return arena_printf(req->arena, "/dossiers/%s", input_text(req, "number"));
}

bool suspend_act(Tx *tx, Request *req, Error *err)
{
    DossierSuspension suspension = {.task = input_id(req, "task"),
                                    .ground = input_text(req, "ground"),
                                    .note = input_text(req, "note")};
    return dossier_suspend(tx, request_app(req), &req->user, &suspension, err) &&
           request_done(req, 200, back_to(req), NULL, NULL, "dossier.suspended.flash");
}

bool resume_act(Tx *tx, Request *req, Error *err)
{
    return dossier_resume(tx, request_app(req), &req->user, input_id(req, "task"), err) &&
           request_done(req, 200, back_to(req), NULL, NULL, "dossier.resumed.flash");
}

/* ---- the archive ----------------------------------------------------------------------------- */

/* "moment.id" of the last row shown. */
static void split_after(Request *req, Instant *out_before, Id *out_id)
{
    const char **parts;
    const char *after = input_text(req, "after");
    *out_before = INT64_MAX;
    *out_id = INT64_MAX;
    if (after && text_split(req->arena, after, '.', &parts) == 2 &&
        text_to_int64(parts[0], out_before))
        text_to_int64(parts[1], out_id);
}

bool archive_page(Request *req, Error *err)
{
    ArchiveView *view = arena_new(req->arena, ArchiveView);
    ArchivedList rows = {0};
    Instant before;
    Id id_before;
    split_after(req, &before, &id_before);
    if (!store_archive(req->conn, req->arena, req->tenant, req->user.unit, before, id_before,
                       PAGE_ROWS + 1, &rows, err))
        return false;
    size_t shown = rows.count > PAGE_ROWS ? PAGE_ROWS : rows.count;
    view->unit = org_unit_name(req, req->user.unit, err);
    view->dossiers.items = arena_array(req->arena, ArchivedView, shown);
    for (size_t i = 0; i < shown; i++)
        view->dossiers.items[view->dossiers.count++] =
            (ArchivedView){.archive_number = rows.items[i].archive_number,
                           .number = rows.items[i].number,
                           .item = both_in(rows.items[i].item_name, req->language),
                           .applicant = rows.items[i].applicant_name,
                           .state = rows.items[i].state,
                           .completed_at = rows.items[i].completed_at};
    view->pager.shown = (int64_t)shown;
    if (rows.count > shown)
        view->pager.next_query = arena_printf(req->arena, "after=%lld.%lld",
                                              (long long)rows.items[shown - 1].completed_at,
                                              (long long)rows.items[shown - 1].id);
    view->empty = (EmptyState){.title = request_text(req, "archive.none"),
                               .text = request_text(req, "archive.none_text")};
    return !error_is_set(err) && request_show(req, &ArchiveView_type, view);
}
