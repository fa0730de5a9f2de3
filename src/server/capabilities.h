#ifndef SERVER_CAPABILITIES_H
#define SERVER_CAPABILITIES_H

/* The list of capabilities: the only place that knows everyone. */
#include "service/app.h"
#include "db/journal.h"
#include "service/scheduler.h"
#include "web/web.h"

extern const Route *const server_routes[];          /* NULL-terminated tables */
extern const JournalReader *const server_readers[]; /* inside readers, NULL-terminated */
extern const Job server_jobs[];                     /* ends with a job without a name */
/* Runs a job until it has no more to do, or all of them, one after another: where there is no
 * scheduler. */
MUST_CHECK bool server_run_job(App *app, const Job *job, Error *err);
MUST_CHECK bool server_run_jobs(App *app, Error *err);
extern const WebHooks server_hooks;
extern const Route server_system_routes[]; /* /healthz /metrics /openapi.json /language /elder */

#define YIMEN_VERSION "0.1.0"

/* What waits for an officer beside his tasks (service/app.h). */
extern const WaitingOf server_waiting;

#endif
