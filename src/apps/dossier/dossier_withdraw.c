/* dossier_withdraw.c - the applicant takes an application back, before it is decided. */
#include "apps/dossier/dossier.h"

#include "apps/dossier/dossier_internal.h"
#include "apps/dossier/dossier_people.h"

static bool check(const Work *work, const User *applicant, Error *err)
{
    const Dossier *dossier = &work->dossier;
    bool may = false;
    if (!people_may_follow(tx_conn(work->tx), work->arena, work->app->tenant, dossier, applicant,
                           &may, err))
        return false;
    if (!may)
        return error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown");
    if (dossier->withdrawn_at != INSTANT_NONE)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.withdrawn_already");
    bool is_decided = dossier->decided_at != INSTANT_NONE || dossier->completed_at != INSTANT_NONE;
    return !is_decided || error_set(err, ERROR_CONFLICT, .code = "dossier.decided_already");
}

bool dossier_withdraw(Tx *tx, App *app, const User *applicant, Id dossier, const char *reason,
                      Error *err)
{
    Work work = {.actor_kind = "applicant", .actor = applicant->id};
    if (!work_load(&work, tx, app, dossier, err) || !check(&work, applicant, err))
        return false;
    work.dossier.state = "withdrawn";
    work.dossier.withdrawn_at = tx_now(tx);
    work.dossier.decision_reason = reason;
    steps_put(&work.steps, "withdrawn");
    json_put_bool(&work.steps.json, "reason", reason && *reason);
    steps_end(&work.steps);
    return work_cancel(&work, "withdrawn by the applicant", err) &&
           work_save(&work, "dossier.withdrawn", NULL, NULL, NULL, err);
}
