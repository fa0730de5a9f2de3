/*
 * client.c - requests of a program: session, token and key around path and body.
 *
 *     account -> its session, or a log-in -> request with cookie, token, key -> status and JSON
 */
#include "server/client.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { OK = 200, UNAUTHENTICATED = 401, HEADERS_MOST = 8 };

Client client_init(Arena *arena, Transport transport, const char *password)
{
    return (Client){
        .arena = arena, .transport = transport, .password = password, .sessions = map_init(arena)};
}

/* ---- one request ----------------------------------------------------------------------------- */

/* Keys are new for each write: what was answered once must not be answered again here. */
static const char *new_key(Client *client, Arena *arena)
{
    return arena_printf(arena, "scenario-%ld-%lld-%lld", (long)getpid(), (long long)stopwatch_us(),
                        (long long)++client->key_count);
}

static bool carry(const Transport *transport, Arena *arena, const ClientSession *session,
                  const char *key, const char *path, const char *body, HttpAnswer *out, Error *err)
{
    HttpHeader headers[HEADERS_MOST] = {{"Accept", "application/json"},
                                        {"Accept-Language", "zh-CN"}};
    size_t count = 2;
    if (session && session->cookie)
        headers[count++] = (HttpHeader){"Cookie", session->cookie};
    if (body)
        headers[count++] = (HttpHeader){"Content-Type", "application/json"};
    if (body && key)
        headers[count++] = (HttpHeader){"Idempotency-Key", key};
    if (body && session && session->token)
        headers[count++] = (HttpHeader){"X-CSRF-Token", session->token};
    HttpRequest request = {
        .method = body ? "POST" : "GET", .target = path, .headers = headers, .body = body};
    return transport->send(transport->data, arena, &request, out, err);
}

static bool exchange(Client *client, Arena *arena, const ClientSession *session, const char *path,
                     const char *body, HttpAnswer *out, Error *err)
{
    return carry(&client->transport, arena, session, body ? new_key(client, arena) : NULL, path,
                 body, out, err);
}

static bool read_answer(Arena *arena, const HttpAnswer *answer, ScenarioAnswer *out, Error *err)
{
    const JsonLimits limits = {.bytes = (size_t)16 * 1024 * 1024, .depth = 64};
    const char *type = http_answer_header(answer, "Content-Type");
    *out = (ScenarioAnswer){.status = answer->status};
    if (!answer->length || !type || !strstr(type, "json"))
        return true;
    Error problem = ERROR_NONE;
    out->json = json_parse(arena, answer->body, answer->length, &limits, &problem);
    return out->json ||
           error_set(err, ERROR_INVALID, .code = "client.answer", .detail = problem.code);
}

bool client_ask(const Transport *transport, Arena *arena, const ClientSession *session,
                const char *key, const char *path, const char *body, ScenarioAnswer *out,
                Error *err)
{
    HttpAnswer answer;
    return carry(transport, arena, session, key, path, body, &answer, err) &&
           read_answer(arena, &answer, out, err);
}

/* ---- sessions -------------------------------------------------------------------------------- */

static bool fail_login(Arena *arena, const char *account, const HttpAnswer *answer, Error *err)
{
    const char *why = arena_printf(arena, "%d %s", answer->status, answer->body);
    return error_set(err, ERROR_UNAUTHENTICATED, .code = "client.login",
                     .detail = arena_printf(arena, "%s: %s", account, why),
                     .with = {{"account", account}, {"why", why}});
}

/* The cookie, and the token that any answer with a session carries. */
static bool log_in(Client *client, Arena *arena, const char *account, ClientSession *out,
                   Error *err)
{
    HttpAnswer answer;
    Buffer body = buffer_init(arena, 0);
    JsonWriter json = json_writer(&body);
    json_begin_object(&json, NULL);
    json_put_text(&json, "login", account);
    json_put_text(&json, "password", client->password);
    json_end_object(&json);
    if (!exchange(client, arena, NULL, "/login", buffer_text(&body), &answer, err))
        return false;
    const char *cookie = http_answer_header(&answer, "Set-Cookie");
    if (answer.status != OK || !cookie)
        return fail_login(arena, account, &answer, err);
    out->cookie = arena_text_n(client->arena, cookie, strcspn(cookie, ";"));
    if (!exchange(client, arena, out, "/healthz", NULL, &answer, err))
        return false;
    const char *token = http_answer_header(&answer, "X-CSRF-Token");
    out->token = token ? arena_text(client->arena, token) : NULL;
    return true;
}

static bool session_of(Client *client, Arena *arena, const char *account, bool is_over,
                       const ClientSession **out, Error *err)
{
    ClientSession *session = map_get(&client->sessions, account);
    if (!session) {
        session = arena_new(client->arena, ClientSession);
        map_set(&client->sessions, arena_text(client->arena, account), session);
        is_over = true;
    }
    *out = session;
    return !is_over || log_in(client, arena, account, session, err);
}

bool client_send(Client *client, Arena *arena, const char *account, const char *path,
                 const char *body, ScenarioAnswer *out, Error *err)
{
    const ClientSession *session = NULL;
    HttpAnswer answer;
    if (*account && !session_of(client, arena, account, false, &session, err))
        return false;
    if (!exchange(client, arena, session, path, body, &answer, err))
        return false;
    if (answer.status == UNAUTHENTICATED && *account &&
        (!session_of(client, arena, account, true, &session, err) ||
         !exchange(client, arena, session, path, body, &answer, err)))
        return false;
    return read_answer(arena, &answer, out, err);
}
