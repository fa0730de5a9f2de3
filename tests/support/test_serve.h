#ifndef SUPPORT_TEST_SERVE_H
#define SUPPORT_TEST_SERVE_H

/*
 * Serve: a Hall behind the real web server, on loopback, with the routes that a test names, for
 * what only shows from outside. Include it behind cmocka's headers.
 *
 *     Serve serve = serve_begin(&hall, tables);
 *     const char *answer = serve_post(&serve, &(Post){.path = "/login", .json = "{...}"});
 *     serve_end(&serve);
 */
#include "http/client_test.h"
#include "service/command.h"
#include "test_hall.h"

typedef struct Serve {
    Hall *hall;
    Web *web;
    int port;
} Serve;

typedef struct Post {
    const char *path;
    const char *json;
    const char *session; /* token, or NULL */
    const char *key;     /* Idempotency-Key, or NULL */
} Post;

/* ---- hooks, as the server has them ----------------------------------------------------------- */

static inline bool serve_take_request(Request *req, Error *err)
{
    App *app = request_app(req);
    bool is_known = false;
    req->tenant = app->tenant;
    req->now = clock_now(app->clock);
    req->conn = db_reader(app->db, err);
    req->user = (User){.rights = (Rights)1 << RIGHT_PUBLIC};
    if (!req->conn)
        return false;
    if (!req->session_token || identity_session(app, req->conn, req->arena, req->session_token,
                                                req->now, &req->user, &req->csrf, &is_known, err))
        return true;
    db_release(req->conn);
    req->conn = NULL;
    return false;
}

static inline void serve_leave_request(Request *req)
{
    if (req->conn)
        db_release(req->conn);
    req->conn = NULL;
}

static const WebHooks serve_hooks = {serve_take_request, serve_leave_request, command_submit};

/* ---- begin and end --------------------------------------------------------------------------- */

static inline Serve serve_begin(Hall *hall, const Route *const *tables)
{
    Error err = ERROR_NONE;
    Serve serve = {.hall = hall};
    serve.web = web_start(&(WebOptions){.listen = "127.0.0.1:0",
                                        .zone_minutes = CALENDAR_ZONE_CHINA,
                                        .clock = &hall->test->clock,
                                        .routes = tables,
                                        .hooks = &serve_hooks,
                                        .app = &hall->app},
                          &err);
    if (!serve.web)
        hall_fail("web_start", &err);
    serve.port = web_port(serve.web);
    return serve;
}

static inline void serve_end(Serve *serve)
{
    web_stop(serve->web);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static inline const char *serve_ask(Arena *arena, int port, const char *request)
{
    char *answer = client_ask(port, request);
    const char *kept = answer ? arena_text(arena, answer) : "";
    free(answer);
    return kept;
}

static inline const char *serve_request(Arena *arena, const Post *post)
{
    Buffer out = buffer_init(arena, 0);
    buffer_printf(&out, "POST %s HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n",
                  post->path);
    if (post->session)
        buffer_printf(&out, "Cookie: yimen_session=%s\r\nX-CSRF-Token: %s\r\n", post->session,
                      identity_csrf(arena, post->session));
    if (post->key)
        buffer_printf(&out, "Idempotency-Key: %s\r\n", post->key);
    buffer_printf(&out, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                  strlen(post->json), post->json);
    return buffer_text(&out);
}

/* The whole answer, "" when the connection was closed. */
static inline const char *serve_post(Serve *serve, const Post *post)
{
    Arena *arena = serve->hall->arena;
    return serve_ask(arena, serve->port, serve_request(arena, post));
}

static inline void serve_expect(const char *answer, int status, const char *text)
{
    if (answer_status(answer) != status || (text && !strstr(answer, text)))
        fail_msg("wanted %d with %s, got %s", status, text ? text : "anything", answer);
}

/* The token in the session cookie of an answer; NULL when it sets none. */
static inline const char *serve_session_of(Serve *serve, const char *answer)
{
    const char *at = strstr(answer, "yimen_session=");
    if (!at)
        return NULL;
    at += strlen("yimen_session=");
    return arena_text_n(serve->hall->arena, at, strcspn(at, ";\r\n"));
}

#endif
