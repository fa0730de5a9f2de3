#ifndef DB_QUEUE_H
#define DB_QUEUE_H

/*
 * Queue: commands on their way to the writers, bounded, first come first served. Internal to
 * src/db.
 *
 * A writer that takes a batch holds a lane until it leaves. There are as many lanes as writers, but
 * not all are always open: under SERIALIZABLE two transactions that insert at the right edge of the
 * same index and read there undo each other nearly always. So a conflict closes all lanes but one,
 * and calm opens them one by one; each new conflict makes the queue wait longer before it tries.
 *
 * What is alone and READ COMMITTED (the sealer's work) is in nobody's way: it needs no lane, only a
 * writer that has nothing to do.
 */
#include "db/db_internal.h"

typedef struct Job {
    CommandExpect expect; /* or NULL */
    Command run;
    void *data;
    CommandDone done;
    Sharing sharing;
} Job;

static inline bool job_needs_lane(const Job *job)
{
    return !job->sharing.is_alone || job->sharing.isolation != DB_READ_COMMITTED;
}

typedef struct Queue Queue;

Queue *queue_create(size_t capacity, int lanes);
void queue_destroy(Queue *queue);

/* False: full (db.queue_full) or closed (db.closing). */
bool queue_add(Queue *queue, Job job, Error *err);

/* Waits for a free lane and at least one job; moves up to `limit` jobs into out, or one that wants
 * to be alone. 0: the queue is closed and empty, and no lane is held. Nor is one held, or to be
 * left, for a job that needs none. */
size_t queue_take(Queue *queue, Job *out, size_t limit);
void queue_leave(Queue *queue, bool had_conflict);

/* Nothing is added any more; takers get what is left, then 0. */
void queue_close(Queue *queue);

size_t queue_length(Queue *queue);

#endif
