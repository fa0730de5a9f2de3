/* scheduler.c - one thread, a table of jobs, each with the moment of its next run. */
#include "service/scheduler.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/text.h"

enum { JOB_LIMIT = 16, PORTIONS_AT_ONCE = 50 };

struct Scheduler {
    struct App *app;
    const Job *jobs;
    size_t count;
    int64_t next_us[JOB_LIMIT];
    bool is_stopping;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

/* A few portions, so that one busy job does not starve the others. */
static bool run_job(Scheduler *scheduler, const Job *job)
{
    bool has_more = true;
    for (int i = 0; has_more && i < PORTIONS_AT_ONCE; i++) {
        Error err = ERROR_NONE;
        has_more = false;
        if (!job->run(scheduler->app, &has_more, &err)) {
            log_event(LOG_WARNING, "scheduler.failed", "%s: %s %s", job->name,
                      err.code ? err.code : "", err.detail ? err.detail : "");
            return false;
        }
    }
    return has_more;
}

/* The job that is due first; its moment in out_due_us. */
static size_t first_due(const Scheduler *scheduler, int64_t *out_due_us)
{
    size_t first = 0;
    for (size_t i = 1; i < scheduler->count; i++)
        if (scheduler->next_us[i] < scheduler->next_us[first])
            first = i;
    *out_due_us = scheduler->count ? scheduler->next_us[first] : INT64_MAX;
    return first;
}

static void wait_until(Scheduler *scheduler, int64_t due_us)
{
    struct timespec until = {.tv_sec = due_us / 1000000, .tv_nsec = due_us % 1000000 * 1000};
    pthread_cond_timedwait(&scheduler->changed, &scheduler->lock, &until);
}

static void *run(void *data)
{
    Scheduler *scheduler = data;
    pthread_mutex_lock(&scheduler->lock);
    while (!scheduler->is_stopping) {
        int64_t due_us;
        size_t at = first_due(scheduler, &due_us);
        if (due_us > stopwatch_us()) {
            wait_until(scheduler, due_us);
            continue;
        }
        scheduler->next_us[at] = stopwatch_us() + scheduler->jobs[at].every_ms * 1000;
        pthread_mutex_unlock(&scheduler->lock);
        bool has_more = run_job(scheduler, &scheduler->jobs[at]);
        pthread_mutex_lock(&scheduler->lock);
        if (has_more)
            scheduler->next_us[at] = stopwatch_us();
    }
    pthread_mutex_unlock(&scheduler->lock);
    return NULL;
}

static void init_lock(Scheduler *scheduler)
{
    pthread_condattr_t attributes;
    pthread_mutex_init(&scheduler->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&scheduler->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

Scheduler *scheduler_start(struct App *app, const Job *jobs, Error *err)
{
    Scheduler *scheduler = calloc(1, sizeof *scheduler);
    if (!scheduler)
        abort();
    scheduler->app = app;
    scheduler->jobs = jobs;
    while (jobs[scheduler->count].name && scheduler->count < JOB_LIMIT)
        scheduler->count++;
    assert(!jobs[scheduler->count].name); /* a job that would never run */
    init_lock(scheduler);
    if (pthread_create(&scheduler->thread, NULL, run, scheduler) == 0)
        return scheduler;
    free(scheduler);
    error_set(err, ERROR_UNAVAILABLE, .code = "scheduler.thread");
    return NULL;
}

void scheduler_wake(Scheduler *scheduler, const char *name)
{
    if (!scheduler)
        return;
    pthread_mutex_lock(&scheduler->lock);
    for (size_t i = 0; i < scheduler->count; i++)
        if (text_equal(scheduler->jobs[i].name, name))
            scheduler->next_us[i] = 0;
    pthread_cond_signal(&scheduler->changed);
    pthread_mutex_unlock(&scheduler->lock);
}

void scheduler_stop(Scheduler *scheduler)
{
    if (!scheduler)
        return;
    pthread_mutex_lock(&scheduler->lock);
    scheduler->is_stopping = true;
    pthread_cond_signal(&scheduler->changed);
    pthread_mutex_unlock(&scheduler->lock);
    pthread_join(scheduler->thread, NULL);
    pthread_cond_destroy(&scheduler->changed);
    pthread_mutex_destroy(&scheduler->lock);
    free(scheduler);
}
