/* queue.c - a ring of jobs under one lock, and the number of writers that may run at once. */
#include "db/queue.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_PATIENCE = 64, MOST_PATIENCE = 8192 };

struct Queue {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a job came, a lane is free, or the queue closed */
    Job *ring;
    size_t capacity, first, count;
    int idle; /* takers that wait */
    bool is_closed;
    int lanes, open, busy; /* busy <= open <= lanes, but for a moment after a conflict */
    int calm, patience;    /* batches without conflict, and how many open another lane */
};

static void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

Queue *queue_create(size_t capacity, int lanes)
{
    Queue *queue = zeroed(1, sizeof *queue);
    *queue = (Queue){.ring = zeroed(capacity, sizeof(Job)),
                     .capacity = capacity,
                     .lanes = lanes,
                     .open = lanes,
                     .patience = FIRST_PATIENCE};
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->changed, NULL);
    return queue;
}

void queue_destroy(Queue *queue)
{
    pthread_cond_destroy(&queue->changed);
    pthread_mutex_destroy(&queue->lock);
    free(queue->ring);
    free(queue);
}

static bool can_take(const Queue *queue)
{
    return queue->count > 0 &&
           (queue->busy < queue->open || !job_needs_lane(&queue->ring[queue->first]));
}

static void wake_one(Queue *queue)
{
    if (queue->idle > 0 && can_take(queue))
        pthread_cond_signal(&queue->changed);
}

bool queue_add(Queue *queue, Job job, Error *err)
{
    pthread_mutex_lock(&queue->lock);
    bool is_closed = queue->is_closed, is_full = queue->count == queue->capacity;
    if (!is_closed && !is_full) {
        queue->ring[(queue->first + queue->count++) % queue->capacity] = job;
        wake_one(queue);
    }
    pthread_mutex_unlock(&queue->lock);
    if (is_closed)
        return error_set(err, ERROR_UNAVAILABLE, .code = "db.closing");
    return !is_full || error_set(err, ERROR_UNAVAILABLE, .code = "db.queue_full");
}

/* How many of those that wait go into one batch: up to the first that wants to be alone. */
static size_t batch_size(const Queue *queue, size_t limit)
{
    size_t count = 0;
    while (count < queue->count && count < limit) {
        bool is_alone = queue->ring[(queue->first + count) % queue->capacity].sharing.is_alone;
        if (is_alone)
            return count == 0 ? 1 : count;
        count++;
    }
    return count;
}

size_t queue_take(Queue *queue, Job *out, size_t limit)
{
    pthread_mutex_lock(&queue->lock);
    queue->idle++;
    while (!can_take(queue) && !(queue->is_closed && queue->count == 0))
        pthread_cond_wait(&queue->changed, &queue->lock);
    queue->idle--;
    size_t count = batch_size(queue, limit);
    for (size_t i = 0; i < count; i++)
        out[i] = queue->ring[(queue->first + i) % queue->capacity];
    queue->first = (queue->first + count) % queue->capacity;
    queue->count -= count;
    queue->busy += count > 0 && job_needs_lane(out);
    wake_one(queue);
    pthread_mutex_unlock(&queue->lock);
    return count;
}

static void adapt(Queue *queue, bool had_conflict)
{
    if (had_conflict) {
        if (queue->patience < MOST_PATIENCE)
            queue->patience *= 2;
        queue->open = 1;
        queue->calm = 0;
    } else if (++queue->calm >= queue->patience) {
        if (queue->open < queue->lanes)
            queue->open++;
        else if (queue->patience > FIRST_PATIENCE)
            queue->patience /= 2;
        queue->calm = 0;
    }
}

void queue_leave(Queue *queue, bool had_conflict)
{
    pthread_mutex_lock(&queue->lock);
    queue->busy--;
    adapt(queue, had_conflict);
    if (queue->is_closed)
        pthread_cond_broadcast(&queue->changed);
    wake_one(queue);
    pthread_mutex_unlock(&queue->lock);
}

void queue_close(Queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->is_closed = true;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}

size_t queue_length(Queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    size_t count = queue->count;
    pthread_mutex_unlock(&queue->lock);
    return count;
}
