/*
 * dossier_withdraw_page.c - on a dossier's page: take the application back, as its applicant or at
 * a window for one without an account; and who did so.
 */
#include "apps/dossier/dossier_people_store.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

static const char *const hows[] = {"identity_document", "representative_and_document",
                                   "letter_and_document", "guardianship_and_document", NULL};

const InputField dossier_withdraw_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"withdraw_reason", INPUT_LINES, 0, .most = 500},
    {0},
};
const InputField dossier_withdraw_for_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"who", INPUT_ID, INPUT_REQUIRED, .label = "withdrawal.asked"},
    {"how", INPUT_CHOICE, INPUT_REQUIRED, .choices = hows, .label = "withdrawal.identified"},
    {"withdraw_reason", INPUT_LINES, 0, .most = 500, .label = "field.withdraw_for_reason"},
    {0},
};

/* ---- the forms ------------------------------------------------------------------------------- */

static bool add_choice(Request *req, Id party, const char *role, FormField *field, Error *err)
{
    App *app = request_app(req);
    Party person;
    const char *typed = request_typed(req, "who");
    if (!identity_party(app, req->conn, req->arena, party, &person, err))
        return false;
    const char *value = arena_printf(req->arena, "%lld", (long long)party);
    const char *key = arena_printf(req->arena, "dossier.role.%s", role);
    field->choices.items[field->choices.count++] = (FieldChoice){
        .value = value,
        .label = arena_printf(req->arena, "%s · %s", person.name, request_text(req, key)),
        .is_chosen = text_equal(value, typed)};
    return true;
}

static bool show_window_form(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    DossierActors actors = {0};
    if (!store_actors(req->conn, req->arena, req->tenant, dossier->id, &actors, err))
        return false;
    view->who = request_field(req, dossier_withdraw_for_input, "who", NULL);
    view->who.type = "radio";
    view->who.choices.items = arena_array(req->arena, FieldChoice, actors.count + 1);
    view->how = request_field(req, dossier_withdraw_for_input, "how", NULL);
    view->how.type = "radio";
    view->withdraw_reason = request_field(req, dossier_withdraw_for_input, "withdraw_reason", NULL);
    view->is_withdraw_open = view->who.error || view->how.error;
    if (!add_choice(req, dossier->party, "applicant", &view->who, err))
        return false;
    list_each (DossierActor, actor, &actors)
        if (!add_choice(req, actor->party, actor->role, &view->who, err))
            return false;
    return true;
}

static bool show_withdrawal(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    App *app = request_app(req);
    Withdrawal row;
    Party person;
    bool is_found;
    if (dossier->withdrawn_at == INSTANT_NONE)
        return true;
    if (!store_withdrawal(req->conn, req->arena, req->tenant, dossier->id, &row, &is_found, err))
        return false;
    if (!is_found)
        return true;
    if (!identity_party(app, req->conn, req->arena, row.party, &person, err))
        return false;
    view->withdrawn_by = person.name;
    view->withdrawn_role = row.role;
    view->withdrawn_how = row.how;
    view->withdrawn_unit = org_unit_name(req, row.unit, err);
    if (req->user.kind == USER_OFFICER)
        view->withdrawn_officer = identity_officer_label(req, row.officer, err);
    return !error_is_set(err);
}

bool pages_withdrawal(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    bool is_open = dossier->completed_at == INSTANT_NONE && dossier->decided_at == INSTANT_NONE;
    view->can_withdraw = view->is_own && is_open;
    view->can_withdraw_for = !view->is_own && is_open && !dossier->account &&
                             rights_have(req->user.rights, RIGHT_DOSSIER_INTAKE);
    view->withdraw_reason = request_field(req, dossier_withdraw_input, "withdraw_reason", NULL);
    if (view->can_withdraw_for && !show_window_form(req, dossier, view, err))
        return false;
    return show_withdrawal(req, dossier, view, err);
}

/* ---- acts ------------------------------------------------------------------------------------ */

static const char *back_to(Request *req)
{
    return arena_printf(req->arena, "/dossiers/%s", input_text(req, "number"));
}

bool withdraw_act(Tx *tx, Request *req, Error *err)
{
    Dossier dossier;
    return pages_dossier(req, tx_conn(tx), &dossier, err) &&
           dossier_withdraw(tx, request_app(req), &req->user, dossier.id,
                            input_text(req, "withdraw_reason"), err) &&
           request_done(req, 200, back_to(req), NULL, NULL, "dossier.withdrawn.flash");
}

bool withdraw_for_act(Tx *tx, Request *req, Error *err)
{
    Dossier dossier;
    DossierWithdrawal withdrawal = {.reason = input_text(req, "withdraw_reason"),
                                    .party = input_id(req, "who"),
                                    .how = input_text(req, "how")};
    if (!pages_dossier(req, tx_conn(tx), &dossier, err))
        return false;
    withdrawal.dossier = dossier.id;
    return dossier_withdraw_for(tx, request_app(req), &req->user, &withdrawal, err) &&
           request_done(req, 200, back_to(req), NULL, NULL, "dossier.withdrawn_for.flash");
}
