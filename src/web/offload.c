/*
 * offload.c - a ring of jobs under a lock, and the threads that empty it.
 */
#include "web/offload.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct Job {
    void (*run)(void *data);
    void *data;
} Job;

struct Offload {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    Job *jobs;
    size_t most, first, count;
    bool is_stopping;
    int thread_count;
    pthread_t threads[];
};

/* Waits for a job; false when there will be none. */
static bool take(Offload *offload, Job *out)
{
    pthread_mutex_lock(&offload->lock);
    while (!offload->count && !offload->is_stopping)
        pthread_cond_wait(&offload->changed, &offload->lock);
    bool has_job = offload->count > 0;
    if (has_job) {
        *out = offload->jobs[offload->first];
        offload->first = (offload->first + 1) % offload->most;
        offload->count--;
    }
    pthread_mutex_unlock(&offload->lock);
    return has_job;
}

static void *work(void *data)
{
    Job job;
    while (take(data, &job))
        job.run(job.data);
    return NULL;
}

Offload *offload_create(int threads, size_t queue_most)
{
    Offload *offload = calloc(1, sizeof *offload + sizeof(pthread_t) * (size_t)threads);
    Job *jobs = calloc(queue_most, sizeof *jobs);
    if (!offload || !jobs)
        abort();
    offload->jobs = jobs;
    offload->most = queue_most;
    pthread_mutex_init(&offload->lock, NULL);
    pthread_cond_init(&offload->changed, NULL);
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&offload->threads[i], NULL, work, offload) != 0) {
            offload_destroy(offload);
            return NULL;
        }
        offload->thread_count++;
    }
    return offload;
}

bool offload_submit(Offload *offload, void (*run)(void *data), void *data)
{
    pthread_mutex_lock(&offload->lock);
    bool has_room = offload->count < offload->most && !offload->is_stopping;
    if (has_room) {
        size_t last = (offload->first + offload->count++) % offload->most;
        offload->jobs[last] = (Job){run, data};
        pthread_cond_signal(&offload->changed);
    }
    pthread_mutex_unlock(&offload->lock);
    return has_room;
}

void offload_destroy(Offload *offload)
{
    if (!offload)
        return;
    pthread_mutex_lock(&offload->lock);
    offload->is_stopping = true;
    pthread_cond_broadcast(&offload->changed);
    pthread_mutex_unlock(&offload->lock);
    for (int i = 0; i < offload->thread_count; i++)
        pthread_join(offload->threads[i], NULL);
    pthread_cond_destroy(&offload->changed);
    pthread_mutex_destroy(&offload->lock);
    free(offload->jobs);
    free(offload);
}
