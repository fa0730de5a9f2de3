#ifndef SERVICE_FETCH_H
#define SERVICE_FETCH_H

/*
 * Fetch: requests to another program over HTTP, by libcurl. Redirects are not followed, and a
 * connection is kept between requests. Used by one thread at a time.
 */
#include "http/http_local.h"

typedef struct Fetch Fetch;

/* For requests to base, "http://127.0.0.1:8080" without "/" at the end. */
Fetch *fetch_create(const char *base);
/* NULL is allowed. */
void fetch_destroy(Fetch *fetch);

/* Sends one request; the answer, of at most 16 MiB, lives in arena. False with fetch.failed
 * (ERROR_UNAVAILABLE, {why}) when none came within a minute; any status is an answer. */
MUST_CHECK bool fetch_send(Fetch *fetch, Arena *arena, const HttpRequest *request, HttpAnswer *out,
                           Error *err);

#endif
