#ifndef SERVER_CLIENT_H
#define SERVER_CLIENT_H

/*
 * Client: a program that uses the JSON API under several accounts (docs/api.md), whatever carries
 * its requests. It logs an account in before its first request and again when its session is over,
 * and sends token and idempotency key with each write.
 */
#include "base/list.h"
#include "http/http_local.h"
#include "scenario/scenario.h"

/* Carries one request; false with an error when no answer came. */
typedef struct Transport {
    bool (*send)(void *data, Arena *arena, const HttpRequest *request, HttpAnswer *out, Error *err);
    void *data;
} Transport;

typedef struct Client {
    Arena *arena; /* of sessions */
    Transport transport;
    const char *password; /* of every account, as in the demonstration county */
    Map sessions;
    int64_t key_count;
} Client;

Client client_init(Arena *arena, Transport transport, const char *password);

/* Who asks, as the headers of a request say it; NULL members: nobody, no token. */
typedef struct ClientSession {
    const char *cookie; /* "yimen_session=..." */
    const char *token;
} ClientSession;

/* One request without a Client around it: a GET where body is NULL, else a POST with this key
 * (NULL: none). Errors: client.answer, and those of the transport. */
MUST_CHECK bool client_ask(const Transport *transport, Arena *arena, const ClientSession *session,
                           const char *key, const char *path, const char *body, ScenarioAnswer *out,
                           Error *err);

/* As ScenarioProgram.send. Errors: client.login ({account}, {why}), client.answer (what came is no
 * JSON), and those of the transport. */
MUST_CHECK bool client_send(Client *client, Arena *arena, const char *account, const char *path,
                            const char *body, ScenarioAnswer *out, Error *err);

#endif
