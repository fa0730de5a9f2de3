#ifndef WEB_OFFLOAD_H
#define WEB_OFFLOAD_H

/*
 * Offload: a few threads for work that is too slow for a web worker (password hashing).
 */
#include <stdbool.h>
#include <stddef.h>

typedef struct Offload Offload;

/* NULL when the threads cannot be started. queue_most: jobs that wait. */
Offload *offload_create(int threads, size_t queue_most);

/* Queues run(data); false at once when the queue is full. */
bool offload_submit(Offload *offload, void (*run)(void *data), void *data);

/* Runs what is queued, then ends the threads. NULL is allowed. */
void offload_destroy(Offload *offload);

#endif
