/*
 * http_local.c - a request through the handler's own functions, without a connection.
 *
 *     head -> body within its limit? -> request -> while it waits: resumed -> answer copied
 *
 * Exchanges are used again by later requests and freed with the HttpLocal: as over a connection, an
 * owner that resumes too late finds memory that is still an exchange.
 */
#include "http/http_local.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/exchange.h"

/* One request at a time; kept for the next one when it is answered. */
typedef struct LocalTurn {
    Exchange exchange;
    const HttpRequest *request;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_resumed;
    struct LocalTurn *next;
} LocalTurn;

struct HttpLocal {
    HttpOptions options;
    pthread_mutex_t lock;
    LocalTurn *idle;
};

HttpLocal *http_local_create(const HttpOptions *options)
{
    HttpLocal *local = calloc(1, sizeof *local);
    if (!local)
        abort();
    local->options = *options;
    pthread_mutex_init(&local->lock, NULL);
    return local;
}

static LocalTurn *create_turn(const HttpOptions *options)
{
    LocalTurn *turn = calloc(1, sizeof *turn);
    if (!turn)
        abort();
    turn->exchange.public.user = calloc(1, options->user_size ? options->user_size : 1);
    if (!turn->exchange.public.user)
        abort();
    turn->exchange.public.arena = arena_create(options->arena_limit);
    pthread_mutex_init(&turn->lock, NULL);
    pthread_cond_init(&turn->changed, NULL);
    return turn;
}

static void destroy_turn(LocalTurn *turn)
{
    arena_destroy(turn->exchange.public.arena);
    free(turn->exchange.public.user);
    pthread_cond_destroy(&turn->changed);
    pthread_mutex_destroy(&turn->lock);
    free(turn);
}

void http_local_destroy(HttpLocal *local)
{
    if (!local)
        return;
    while (local->idle) {
        LocalTurn *turn = local->idle;
        local->idle = turn->next;
        destroy_turn(turn);
    }
    pthread_mutex_destroy(&local->lock);
    free(local);
}

/* There are as many as were ever under way at once. */
static LocalTurn *take_turn(HttpLocal *local)
{
    pthread_mutex_lock(&local->lock);
    LocalTurn *turn = local->idle;
    if (turn)
        local->idle = turn->next;
    pthread_mutex_unlock(&local->lock);
    return turn ? turn : create_turn(&local->options);
}

static void give_back(HttpLocal *local, LocalTurn *turn)
{
    pthread_mutex_lock(&local->lock);
    turn->next = local->idle;
    local->idle = turn;
    pthread_mutex_unlock(&local->lock);
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
    LocalTurn *turn = exchange->local;
    pthread_mutex_lock(&turn->lock);
    turn->is_resumed = true;
    pthread_cond_signal(&turn->changed);
    pthread_mutex_unlock(&turn->lock);
}

/* ---- one request ----------------------------------------------------------------------------- */

static void begin(LocalTurn *turn, const HttpOptions *options, const HttpRequest *request)
{
    Arena *arena = turn->exchange.public.arena;
    void *user = turn->exchange.public.user;
    const char *body = request->body ? request->body : "";
    char *target = arena_text(arena, request->target);
    char *query = strchr(target, '?');
    if (query)
        *query++ = 0;
    memset(user, 0, options->user_size);
    turn->request = request;
    turn->is_resumed = false;
    turn->exchange = (Exchange){.local = turn,
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

static void wait_until_resumed(LocalTurn *turn)
{
    pthread_mutex_lock(&turn->lock);
    while (!turn->is_resumed)
        pthread_cond_wait(&turn->changed, &turn->lock);
    turn->is_resumed = false;
    pthread_mutex_unlock(&turn->lock);
}

static void run(LocalTurn *turn, const HttpOptions *options)
{
    const HttpHandler *handler = options->handler;
    Exchange *exchange = &turn->exchange;
    void *app = options->app;
    handler->head(app, &exchange->public, &exchange->body_limit);
    if (exchange->is_answered)
        return;
    if (exchange->public.declared_length > exchange->body_limit) {
        handler->refused(app, &exchange->public, 413);
        return;
    }
    handler->request(app, &exchange->public);
    while (exchange->phase == PHASE_SUSPENDED) {
        wait_until_resumed(turn);
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
    LocalTurn *turn = take_turn(local);
    begin(turn, &local->options, request);
    run(turn, &local->options);
    copy_answer(&turn->exchange, arena, out);
    if (handler->finished)
        handler->finished(local->options.app, &turn->exchange.public);
    arena_clear(turn->exchange.public.arena);
    give_back(local, turn);
}

const char *http_answer_header(const HttpAnswer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (strcasecmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    return NULL;
}
