#ifndef HTTP_HTTP_LOCAL_H
#define HTTP_HTTP_LOCAL_H

/*
 * Exchanges without a connection: a request handed to the same handler, in the same process. What
 * a handler sees and may do is what http.h says; there is no client that could be slow or gone, so
 * nothing but the size of the body is bounded.
 */
#include "http/http.h"

typedef struct HttpLocal HttpLocal;

typedef struct HttpRequest {
    const char *method;
    const char *target;        /* path and query, escaped */
    const HttpHeader *headers; /* ends with a header without a name; NULL: none */
    const char *body;          /* NULL: none */
} HttpRequest;

typedef struct HttpAnswer {
    int status;
    HttpHeader *headers; /* of the answer, in order */
    size_t header_count;
    const char *body; /* NUL behind it */
    size_t length;
} HttpAnswer;

/* Uses handler, app, user_size and arena_limit of the options. */
HttpLocal *http_local_create(const HttpOptions *options);

/* No request may be under way. NULL is allowed. */
void http_local_destroy(HttpLocal *local);

/* Sends one request and waits for its answer, which lives in arena. Several threads may, at once.
 */
void http_local_send(HttpLocal *local, Arena *arena, const HttpRequest *request, HttpAnswer *out);

/* The value of the first header of that name (any case), or NULL. */
const char *http_answer_header(const HttpAnswer *answer, const char *name);

#endif
