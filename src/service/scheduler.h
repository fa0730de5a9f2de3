#ifndef SERVICE_SCHEDULER_H
#define SERVICE_SCHEDULER_H

/*
 * Scheduler: work that nobody asked for by a request: sealing, due timers, folding of counters,
 * sweeping. One thread runs the jobs in turn; a job that fails is logged and runs again next time.
 */
#include "base/error.h"
#include "base/time.h"

struct App;
typedef struct Scheduler Scheduler;

typedef struct Job {
    const char *name;
    int64_t every_ms;
    /* Does one bounded portion of work; true in out_more asks to be called again at once. */
    bool (*run)(struct App *app, bool *out_more, Error *err);
} Job;

/* Starts the thread; jobs ends with a job without a name. */
MUST_CHECK Scheduler *scheduler_start(struct App *app, const Job *jobs, Error *err);

/* Asks a job to run now (after a commit that made work for it); cheap, from any thread. */
void scheduler_wake(Scheduler *scheduler, const char *name);

/* Waits for the running job and ends the thread. NULL is allowed. */
void scheduler_stop(Scheduler *scheduler);

#endif
