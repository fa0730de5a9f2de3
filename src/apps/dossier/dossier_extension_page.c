/*
 * dossier_extension_page.c - extensions on a dossier's page, the form to ask for one, and the queue
 * of the head of the unit.
 */
#include "apps/dossier/dossier_extension.h"

#include "apps/dossier/extension_views_gen.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

const InputField dossier_extend_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"task", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"extension_reason", INPUT_LINES, INPUT_REQUIRED, .most = 500},
    {0},
};
const InputField dossier_decide_extension_input[] = {
    {"extension", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"words", INPUT_LINES, 0, .most = 500},
    {0},
};

enum { PAGE_ROWS = 20 };

/* ---- on the dossier's page ------------------------------------------------------------------- */

/* What was asked and not granted is the office's own matter. */
static bool is_shown(const Request *req, const Extension *extension)
{
    return req->user.kind == USER_OFFICER || text_equal(extension->state, "granted");
}

static const char *state_of(const Dossier *dossier, const Extension *extension)
{
    bool is_over = dossier->decided_at != INSTANT_NONE || dossier->completed_at != INSTANT_NONE;
    return is_over && text_equal(extension->state, "asked") ? "ended" : extension->state;
}

static ExtensionView extension_view(Request *req, const Dossier *dossier,
                                    const Extension *extension, Error *err)
{
    bool is_officer = req->user.kind == USER_OFFICER;
    return (ExtensionView){
        .id = extension->id,
        .state = state_of(dossier, extension),
        .officer = is_officer ? identity_officer_label(req, extension->officer, err) : NULL,
        .reason = extension->reason,
        .amount = extension->amount,
        .unit = dossier->limit_unit,
        .basis = both_in(extension->basis, req->language),
        .asked_at = extension->asked_at,
        .decided_at = extension->decided_at,
        .head = is_officer ? identity_officer_label(req, extension->decided_by, err) : NULL,
        .decision = is_officer ? extension->decision : NULL,
        .due_before = extension->due_before,
        .due_after = extension->due_after};
}

/* The item says whether there may be more time, and what was asked before whether there still may.
 */
static bool may_ask(Request *req, const Dossier *dossier, const ClockRow *clock,
                    const Extensions *before, const DossierView *view, Error *err)
{
    const Item *item =
        catalogue_item_version(request_app(req), req->conn, dossier->item_definition, err);
    bool is_over = !clock->ground && clock->due_at < req->now;
    list_each (Extension, one, before)
        if (!text_equal(one->state, "refused"))
            return false;
    return item && item->extension.table && !is_over && view->has_task && !view->task_officer &&
           dossier->decided_at == INSTANT_NONE && clock->stopped_at == INSTANT_NONE;
}

bool pages_extensions(Request *req, const Dossier *dossier, const ClockRow *clock,
                      DossierView *view, Error *err)
{
    Extensions rows = {0};
    if (!store_extensions(req->conn, req->arena, req->tenant, dossier->id, &rows, err))
        return false;
    view->extensions.items = arena_array(req->arena, ExtensionView, rows.count);
    list_each (Extension, one, &rows)
        if (is_shown(req, one))
            view->extensions.items[view->extensions.count++] =
                extension_view(req, dossier, one, err);
    view->can_extend = may_ask(req, dossier, clock, &rows, view, err);
    view->extension_reason = request_field(req, dossier_extend_input, "extension_reason", NULL);
    return !error_is_set(err);
}

bool extend_act(Tx *tx, Request *req, Error *err)
{
    const char *back = arena_printf(req->arena, "/dossiers/%s", input_text(req, "number"));
    return dossier_ask_extension(tx, request_app(req), &req->user, input_id(req, "task"),
                                 input_text(req, "extension_reason"), NULL, err) &&
           request_done(req, 200, back, NULL, NULL, "extension.asked.flash");
}

/* ---- the head's queue ------------------------------------------------------------------------ */

static bool asked_view(Request *req, const AskedExtension *asked, AskedExtensionView *out,
                       Error *err)
{
    *out = (AskedExtensionView){
        .id = asked->id,
        .number = asked->number,
        .item = both_in(asked->item_name, req->language),
        .applicant = asked->applicant_name,
        .officer = identity_officer_label(req, asked->officer, err),
        .reason = asked->reason,
        .amount = asked->amount,
        .unit = asked->limit_unit,
        .basis = both_in(asked->basis, req->language),
        .asked_at = asked->asked_at,
        .due_on = asked->due_on,
        .words = request_field(req, dossier_decide_extension_input, "words", NULL)};
    return dossier_lamp(req, asked->due_at, false, &out->lamp, err) && !error_is_set(err);
}

bool extensions_page(Request *req, Error *err)
{
    ExtensionsView *view = arena_new(req->arena, ExtensionsView);
    AskedExtensions asked = {0};
    Id after = text_equal(req->method, "GET") ? input_id(req, "after") : 0;
    if (!store_extension_queue(req->conn, req->arena, req->tenant, req->user.unit, after,
                               PAGE_ROWS + 1, &asked, err))
        return false;
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->unit = org_unit_name(req, req->user.unit, err);
    size_t shown = asked.count > PAGE_ROWS ? PAGE_ROWS : asked.count;
    view->extensions.items = arena_array(req->arena, AskedExtensionView, shown);
    for (; view->extensions.count < shown; view->extensions.count++)
        if (!asked_view(req, &asked.items[view->extensions.count],
                        &view->extensions.items[view->extensions.count], err))
            return false;
    view->pager.shown = (int64_t)shown;
    if (asked.count > shown)
        view->pager.next_query =
            arena_printf(req->arena, "after=%lld", (long long)asked.items[shown - 1].id);
    view->empty = (EmptyState){.title = request_text(req, "extensions.none"),
                               .text = request_text(req, "extensions.none_text")};
    return request_show(req, &ExtensionsView_type, view);
}

static bool decide(Tx *tx, Request *req, bool is_granted, const char *flash, Error *err)
{
    return dossier_decide_extension(tx, request_app(req), &req->user, input_id(req, "extension"),
                                    is_granted, input_text(req, "words"), err) &&
           request_done(req, 200, "/extensions", NULL, NULL, flash);
}

bool extension_grant_act(Tx *tx, Request *req, Error *err)
{
    return decide(tx, req, true, "extension.granted.flash", err);
}

bool extension_refuse_act(Tx *tx, Request *req, Error *err)
{
    return decide(tx, req, false, "extension.refused.flash", err);
}
