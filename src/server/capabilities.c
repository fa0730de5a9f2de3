/* capabilities.c - routes, inside readers and jobs of every capability. */
#include "server/capabilities.h"

#include "apps/admin/admin.h"
#include "apps/catalogue/catalogue.h"
#include "apps/complaint/complaint.h"
#include "apps/cover/cover.h"
#include "apps/dossier/dossier.h"
#include "apps/identity/identity.h"
#include "apps/score/score.h"
#include "apps/screen/screen.h"
#include "apps/stats/stats.h"
#include "apps/supervise/correction.h"
#include "apps/supervise/supervise.h"
#include "apps/workbench/workbench.h"
#include "service/command.h"
#include "service/files.h"

const Route *const server_routes[] = {
    catalogue_routes,  identity_routes, dossier_routes, dossier_paper_routes, supervise_routes,
    correction_routes, stats_routes,    admin_routes,   workbench_routes,     cover_routes,
    complaint_routes,  score_routes,    screen_routes,  server_system_routes, NULL,
};

const JournalReader *const server_readers[] = {
    &catalogue_search_reader,
    &dossier_access_reader,
    &dossier_register_reader,
    &supervise_reader,
    &warning_reader,
    &stats_reader,
    &score_reader,
    NULL,
};

const WaitingOf server_waiting = correction_waiting;

/* ---- jobs ------------------------------------------------------------------------------------ */

enum { SEAL_AT_ONCE = 250 };

static bool seal(struct App *app, bool *out_more, Error *err)
{
    int sealed = 0;
    Error problem = ERROR_NONE;
    bool is_done =
        journal_seal(app->db, app->journal_key, app->process_name, SEAL_AT_ONCE, &sealed, &problem);
    *out_more = sealed == SEAL_AT_ONCE;
    if (is_done || text_equal(problem.code, "journal.lease_held"))
        return true;
    return error_fill(err, problem);
}

static bool sweep(struct App *app, bool *out_more, Error *err)
{
    int64_t swept;
    *out_more = false;
    return command_sweep(app, &swept, err) && identity_sweep(app, err) &&
           files_sweep(app, &swept, err);
}

const Job server_jobs[] = {
    {"seal", 500, seal},
    {"timers", 500, dossier_fire_timers},
    {"fold", 5000, stats_fold},
    {"rederive", 60000, admin_rederive},
    {"warn", 5000, warning_raise},
    {"sweep", 600000, sweep},
    {0},
};

enum { ROUNDS_MOST = 1000 };

bool server_run_job(App *app, const Job *job, Error *err)
{
    bool has_more = true;
    for (int i = 0; has_more && i < ROUNDS_MOST; i++) {
        has_more = false;
        if (!job->run(app, &has_more, err))
            return false;
    }
    return true;
}

bool server_run_jobs(App *app, Error *err)
{
    for (const Job *job = server_jobs; job->name; job++)
        if (!server_run_job(app, job, err))
            return false;
    return true;
}
