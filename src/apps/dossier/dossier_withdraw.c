/*
 * dossier_withdraw.c - an application is taken back before it is decided: by the applicant, or at a
 * window for one without an account, with who asked and how the officer knew who it was.
 */
#include "apps/dossier/dossier.h"

#include "apps/dossier/dossier_internal.h"
#include "apps/dossier/dossier_people_store.h"

static bool check_open(const Dossier *dossier, Error *err)
{
    if (dossier->withdrawn_at != INSTANT_NONE)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.withdrawn_already");
    bool is_decided = dossier->decided_at != INSTANT_NONE || dossier->completed_at != INSTANT_NONE;
    return !is_decided || error_set(err, ERROR_CONFLICT, .code = "dossier.decided_already");
}

static bool check(const Work *work, const User *applicant, Error *err)
{
    bool may = false;
    if (!people_may_follow(tx_conn(work->tx), work->arena, work->app->tenant, &work->dossier,
                           applicant, &may, err))
        return false;
    if (!may)
        return error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown");
    return check_open(&work->dossier, err);
}

static bool take_back(Work *work, const char *reason, const char *why, WorkData data,
                      const void *context, Error *err)
{
    work->dossier.state = "withdrawn";
    work->dossier.withdrawn_at = tx_now(work->tx);
    work->dossier.decision_reason = reason;
    steps_put(&work->steps, "withdrawn");
    json_put_bool(&work->steps.json, "reason", reason && *reason);
    steps_end(&work->steps);
    return work_cancel(work, why, err) &&
           work_save(work, "dossier.withdrawn", NULL, data, context, err);
}

bool dossier_withdraw(Tx *tx, App *app, const User *applicant, Id dossier, const char *reason,
                      Error *err)
{
    Work work = {.actor_kind = "applicant", .actor = applicant->id};
    return work_load(&work, tx, app, dossier, err) && check(&work, applicant, err) &&
           take_back(&work, reason, "withdrawn by the applicant", NULL, NULL, err);
}

/* ---- at a window ----------------------------------------------------------------------------- */

/* In which role somebody asks; a letter that is over covers nothing. */
static bool find_role(const Work *work, Id party, const char **out_role, Error *err)
{
    DossierActors actors = {0};
    Date today = instant_date(tx_now(work->tx), work->app->zone_minutes);
    *out_role = party == work->dossier.party ? "applicant" : NULL;
    if (*out_role)
        return true;
    if (!store_actors(tx_conn(work->tx), work->arena, work->app->tenant, work->dossier.id, &actors,
                      err))
        return false;
    list_each (DossierActor, actor, &actors) {
        if (actor->party != party)
            continue;
        *out_role = actor->role;
        if (!date_is_none(actor->valid_until) && date_compare(actor->valid_until, today) < 0)
            return error_set(err, ERROR_CONFLICT, .code = "identity.letter_past", .field = "who");
    }
    return *out_role || error_set(err, ERROR_INVALID, .code = "withdrawal.who", .field = "who");
}

/* A firm speaks through its representative, everybody else with a document of his own. */
static bool check_how(const Work *work, const char *role, const char *how, Error *err)
{
    Party party;
    const char *needed = text_equal(role, "by_letter")  ? "letter_and_document"
                         : text_equal(role, "guardian") ? "guardianship_and_document"
                                                        : "identity_document";
    if (!identity_party(work->app, tx_conn(work->tx), work->arena, work->dossier.party, &party,
                        err))
        return false;
    if (text_equal(role, "applicant") && identity_kind_is_firm(party.identity_kind))
        needed = "representative_and_document";
    return text_equal(how, needed) ||
           error_set(err, ERROR_INVALID, .code = "withdrawal.how", .field = "how");
}

static void put_asked(JsonWriter *json, const void *context)
{
    const Withdrawal *row = context;
    json_put_id(json, "asked_by", row->party);
    json_put_text(json, "role", row->role);
    json_put_text(json, "how", row->how);
    json_put_id(json, "window_unit", row->unit);
}

bool dossier_withdraw_for(Tx *tx, App *app, const User *officer,
                          const DossierWithdrawal *withdrawal, Error *err)
{
    Work work = {.actor_kind = "officer", .actor = officer->id};
    Withdrawal row = {.dossier = withdrawal->dossier,
                      .party = withdrawal->party,
                      .how = withdrawal->how,
                      .officer = officer->id,
                      .unit = officer->unit,
                      .at = tx_now(tx)};
    if (!work_load(&work, tx, app, withdrawal->dossier, err) || !check_open(&work.dossier, err))
        return false;
    if (work.dossier.account)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.withdraw_online");
    return find_role(&work, row.party, &row.role, err) &&
           check_how(&work, row.role, row.how, err) &&
           take_back(&work, withdrawal->reason, "withdrawn at a window", put_asked, &row, err) &&
           store_add_withdrawal(tx, app, &row, err);
}
