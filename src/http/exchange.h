#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

/* An exchange as http.c (over a connection) and http_local.c (without one) know it. */
#include <stdint.h>

#include "http/connection.h"
#include "http/http.h"

struct MHD_Connection;

typedef enum Phase {
    PHASE_HEAD,
    PHASE_BODY,
    PHASE_WORKING,
    PHASE_SUSPENDED,
    PHASE_ANSWERED,
    PHASE_DROPPING,
} Phase;

typedef struct Exchange {
    HttpExchange public; /* first: the handler's pointer is ours */
    HttpServer *server;
    struct MHD_Connection *connection;
    Connection *peer;
    Phase phase;
    char *body;
    size_t body_capacity;
    int64_t body_limit;
    bool is_counted; /* among server->busy */
    bool has_waited;
    bool is_answered;
    int status;
    const char *answer;
    size_t answer_length;
    LIST(HttpHeader) headers;
    struct Exchange *next_free;
    struct LocalTurn *local; /* it has no connection: http_local.c */
} Exchange;

static inline Exchange *exchange_of(const HttpExchange *public)
{
    return (Exchange *)(uintptr_t) public;
}

/* What http_header and http_resume do for an exchange without a connection. */
const char *local_header(const Exchange *exchange, const char *name);
void local_resume(Exchange *exchange);

#endif
