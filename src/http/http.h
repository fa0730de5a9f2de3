#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

/*
 * Http: the protocol alone. A thin layer over libmicrohttpd that turns a connection's bytes into
 * exchanges (one request and its answer) and knows nothing of routes, sessions or pages.
 *
 *   head      the header fields are there: the handler states how large a body it takes, or
 *             answers at once (the body is then not read and the connection closes)
 *   request   the whole request is there: the handler answers, or suspends the exchange
 *   resumed   after http_resume: the handler answers
 *
 * Head, request and resumed are called on worker threads and must not block. An exchange, its arena
 * and its user memory belong to the handler until the answer is sent; then all are recycled.
 *
 * What is bounded: connections, header fields, the body of one request, the bodies of all requests
 * together, and the time that a client may take for each part (a trickle of bytes does not help
 * it).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

typedef struct HttpServer HttpServer;

typedef struct HttpHeader {
    const char *name;
    const char *value;
} HttpHeader;

/* One request and its answer. Texts live as long as the exchange. */
typedef struct HttpExchange {
    Arena *arena;
    void *user;              /* HttpOptions.user_size bytes, zeroed for each exchange */
    const char *method;      /* as sent: "GET", "HEAD", "POST", ... */
    const char *path;        /* raw, as sent: neither decoded nor checked */
    const char *query;       /* raw, without '?'; "" when there is none */
    const char *peer;        /* numeric address of the client, without port */
    bool is_peer_loopback;   /* the connection comes from this machine */
    int64_t declared_length; /* of the body; 0 without one, -1 when it comes in chunks */
    const char *body;        /* NUL behind it; "" when there is none */
    size_t body_length;
} HttpExchange;

typedef struct HttpHandler {
    /* Sets *out_body_limit in bytes (0 refuses any body), or answers with http_answer. */
    void (*head)(void *app, HttpExchange *exchange, int64_t *out_body_limit);
    void (*request)(void *app, HttpExchange *exchange);
    void (*resumed)(void *app, HttpExchange *exchange);
    /* The protocol refuses the request: answers with this status. 400: contradictory framing;
     * 413: body over its limit; 503: the bodies in flight together are too large. */
    void (*refused)(void *app, HttpExchange *exchange, int status);
    /* The answer is sent or the client is gone; the exchange ends when this returns. May be NULL.
     */
    void (*finished)(void *app, HttpExchange *exchange);
} HttpHandler;

typedef struct HttpOptions {
    const char *listen;   /* "127.0.0.1:8080", "[::1]:0", ":8080" (all addresses) */
    int workers;          /* 0: 2 */
    int connection_limit; /* 0: 1000; further connections wait to be accepted */
    int header_bytes;     /* request line and header fields together; 0: 16 KiB */
    int idle_s;           /* a connection without a request; 0: 60 */
    int head_s;           /* from the request line to the end of the header fields; 0: 10 */
    int body_s;           /* for a body, beside 1 s per 16 KiB of it; 0: 20 */
    int answer_s;         /* for taking the answer, beside 1 s per 16 KiB of it; 0: 30 */
    int64_t body_memory;  /* bytes of all bodies in flight; 0: 256 MiB */
    size_t arena_limit;   /* soft limit of each arena; 0: 64 MiB */
    size_t user_size;     /* bytes of HttpExchange.user */
    const HttpHandler *handler;
    void *app; /* first argument of the handler's functions */
} HttpOptions;

/* Listens and starts the workers. Errors: http.listen (detail says why), http.start. */
MUST_CHECK HttpServer *http_start(const HttpOptions *options, Error *err);

/* The port in use. */
int http_port(const HttpServer *server);

/* Takes no more connections, waits up to limit_s for exchanges under way, then closes the rest and
 * frees everything. False when an exchange is still suspended after that: its owner may touch it
 * later, so the server is left as it is, without listening, and may be stopped again. NULL is
 * allowed. */
bool http_stop(HttpServer *server, int limit_s);

/* The value of the first header field of that name (any case), or NULL; bytes as sent. */
const char *http_header(const HttpExchange *exchange, const char *name);

/* Adds a header field to the answer; name and value live as long as the exchange. Values may not
 * hold CR or LF: what does is dropped. Content-Length, Date and Connection are made here. */
void http_add_header(HttpExchange *exchange, const char *name, const char *value);

/* Answers. body is not copied: it lives in the arena or for ever. Called once; later calls are
 * ignored. A HEAD request gets the same header fields without the body. */
void http_answer(HttpExchange *exchange, int status, const char *content_type, const char *body,
                 size_t length);
bool http_is_answered(const HttpExchange *exchange);

/* Inside request or resumed: the exchange waits, without a thread, until http_resume is called,
 * from any thread (also before this function has returned to the worker). */
void http_suspend(HttpExchange *exchange);
void http_resume(HttpExchange *exchange);

/* Asks the client to close the connection after this answer. */
void http_close_after(HttpExchange *exchange);

#endif
