#ifndef SERVICE_COMMAND_H
#define SERVICE_COMMAND_H

/*
 * Command: what stands between a POST route and the database writer. Queues route->act in a write
 * transaction, keeps its answer under the Idempotency-Key in the same transaction, and resumes the
 * request after the commit (decisions.md 1 and 3).
 */
#include "web/web.h"

/* WebHooks.submit. */
bool command_submit(Request *req, Error *err);

/* Deletes stored answers older than a day; a scheduler job. Returns how many. */
struct App;
MUST_CHECK bool command_sweep(struct App *app, int64_t *out_swept, Error *err);

#endif
