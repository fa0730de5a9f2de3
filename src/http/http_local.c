/*
 * http_local.c - a request through the handler's own functions, without a connection.
 *
 *     head -> body within its limit? -> request -> while it waits: resumed -> answer copied
 *
 * The one exchange is used again by every request and freed with the HttpLocal: as over a
 * connection, an owner that resumes too late finds memory that is still an exchange.
 */
#include "http/http_local.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/exchange.h"

struct HttpLocal {
    HttpOptions options;
    Exchange exchange;
    const HttpRequest *request;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_resumed;
};

HttpLocal *http_local_create(const HttpOptions *options)
{
    HttpLocal *local = calloc(1, sizeof *local);
    if (!local)
        abort();
    local->options = *options;
    local->exchange.public.user = calloc(1, options->user_size ? options->user_size : 1);
    if (!local->exchange.public.user)
        abort();
    local->exchange.public.arena = arena_create(options->arena_limit);
    pthread_mutex_init(&local->lock, NULL);
    pthread_cond_init(&local->changed, NULL);
    return local;
}

void http_local_destroy(HttpLocal *local)
{
    if (!local)
        return;
    arena_destroy(local->exchange.public.arena);
    free(local->exchange.public.user);
    pthread_cond_destroy(&local->changed);
    pthread_mutex_destroy(&local->lock);
    free(local);
}

/* ---- what http.c asks ------------------------------------------------------------------------ */

const char *local_header(const Exchange *exchange, const char *name)
{
    const HttpHeader *header = exchange->local->request->headers;
    for (; header && header->name; header++)
        if (strcasecmp(header->name, name) == 0)
            return header->value;
    return NULL;
}

void local_resume(Exchange *exchange)
{
    HttpLocal *local = exchange->local;
    pthread_mutex_lock(&local->lock);
    local->is_resumed = true;
    pthread_cond_signal(&local->changed);
    pthread_mutex_unlock(&local->lock);
}

/* ---- one request ----------------------------------------------------------------------------- */

static void begin(HttpLocal *local, const HttpRequest *request)
{
    Arena *arena = local->exchange.public.arena;
    void *user = local->exchange.public.user;
    const char *body = request->body ? request->body : "";
    char *target = arena_text(arena, request->target);
    char *query = strchr(target, '?');
    if (query)
        *query++ = 0;
    memset(user, 0, local->options.user_size);
    local->request = request;
    local->is_resumed = false;
    local->exchange = (Exchange){.local = local,
                                 .public = {.arena = arena,
                                            .user = user,
                                            .method = request->method,
                                            .path = target,
                                            .query = query ? query : "",
                                            .peer = "127.0.0.1",
                                            .is_peer_loopback = true,
                                            .declared_length = (int64_t)strlen(body),
                                            .body = body,
                                            .body_length = strlen(body)}};
}

static void wait_until_resumed(HttpLocal *local)
{
    pthread_mutex_lock(&local->lock);
    while (!local->is_resumed)
        pthread_cond_wait(&local->changed, &local->lock);
    local->is_resumed = false;
    pthread_mutex_unlock(&local->lock);
}

static void run(HttpLocal *local)
{
    const HttpHandler *handler = local->options.handler;
    Exchange *exchange = &local->exchange;
    void *app = local->options.app;
    handler->head(app, &exchange->public, &exchange->body_limit);
    if (exchange->is_answered)
        return;
    if (exchange->public.declared_length > exchange->body_limit) {
        handler->refused(app, &exchange->public, 413);
        return;
    }
    handler->request(app, &exchange->public);
    while (exchange->phase == PHASE_SUSPENDED) {
        wait_until_resumed(local);
        exchange->phase = PHASE_WORKING;
        handler->resumed(app, &exchange->public);
    }
}

static void copy_answer(const Exchange *exchange, Arena *arena, HttpAnswer *out)
{
    *out = (HttpAnswer){.status = exchange->status,
                        .body = arena_text_n(arena, exchange->answer ? exchange->answer : "",
                                             exchange->answer_length),
                        .length = exchange->answer_length,
                        .headers = arena_array(arena, HttpHeader, exchange->headers.count + 1)};
    list_each (const HttpHeader, header, &exchange->headers)
        out->headers[out->header_count++] =
            (HttpHeader){arena_text(arena, header->name), arena_text(arena, header->value)};
}

void http_local_send(HttpLocal *local, Arena *arena, const HttpRequest *request, HttpAnswer *out)
{
    const HttpHandler *handler = local->options.handler;
    begin(local, request);
    run(local);
    copy_answer(&local->exchange, arena, out);
    if (handler->finished)
        handler->finished(local->options.app, &local->exchange.public);
    arena_clear(local->exchange.public.arena);
}

const char *http_answer_header(const HttpAnswer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (strcasecmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    return NULL;
}
