#ifndef WEB_REQUEST_PRIVATE_H
#define WEB_REQUEST_PRIVATE_H

/*
 * What the files of src/web share about a request; capabilities see web.h alone.
 *
 *   web.c       the life of a request
 *   guard.c     may it be done: rights, same origin, CSRF, idempotency key
 *   request.c   what a capability reads from the request
 *   answer.c    what it answers, and how that is sent
 *   problem.c   errors as pages and problem JSON
 *   offload.c   threads for slow work
 */
#include <stdatomic.h>

#include "http/http.h"
#include "web/input.h"
#include "web/offload.h"
#include "web/router.h"
#include "web/web.h"

struct Web {
    WebOptions options;
    HttpServer *http; /* NULL: it listens nowhere, and local is there */
    HttpLocal *local;
    Router *router;
    Offload *offload;
    Arena *arena; /* router and copies of options */
    _Atomic int64_t requests, answers[6], waiting;
};

typedef enum AnswerKind { ANSWER_NONE, ANSWER_VIEW, ANSWER_DONE, ANSWER_PLAIN } AnswerKind;

/* Who holds a request that waits: web_resume may let it go on once. */
typedef enum WaitState { WAIT_NONE, WAIT_PENDING, WAIT_OVER } WaitState;

typedef struct RequestPrivate {
    Web *web;
    HttpExchange *exchange;
    Path path;
    bool is_path_bad;
    RouteMatch match;
    Input input;
    Error errors;       /* of a refused POST */
    bool is_borrowed;   /* between hooks->begin and hooks->end */
    bool is_csrf_fresh; /* made for this answer: the cookie must be set */
    const char *fresh_key;

    AnswerKind kind;
    int status;
    const ViewType *type;
    const void *view;
    const char *location;
    const char *body; /* plain, or the JSON of what was done */
    size_t length;
    const char *content_type;
    const char *flash;
    bool may_be_framed;
    LIST(HttpHeader) headers;
    size_t headers_before_act; /* request_forget_answer goes back to here */

    _Atomic int wait;
    Error result; /* of prepare on an offload thread, or of act */
} RequestPrivate;

/* A request in the memory of its exchange. */
typedef struct RequestSlot {
    Request request;
    RequestPrivate private;
} RequestSlot;

/* ---- guard.c --------------------------------------------------------------------------------- */

/* The right of the route. Errors: request.unauthenticated, request.forbidden, request.not_found. */
bool guard_right(const Request *req, Error *err);

/* A POST comes from a page of ours: same origin by the browser's own word, and the token. */
bool guard_csrf(const Request *req, Error *err);

/* Sets idempotency_key from header or field _key. Error: request.key. */
bool guard_key(Request *req, Error *err);

/* Sets req->csrf for somebody without a session: from the cookie, or a fresh one. */
void guard_token(Request *req);

/* n bytes of the system's randomness as hex. */
const char *random_hex(Arena *arena, size_t bytes);

/* The name of a cookie of ours; behind TLS with the __Host- prefix (RFC 6265bis). */
const char *cookie_name(const Request *req, const char *plain);

/* ---- request.c ------------------------------------------------------------------------------- */

/* Fills what is known from the head: path, peer, language, cookies. */
void request_init(Request *req, Web *web, HttpExchange *exchange);

/* Labels of fields for the errors about them. */
void request_label_errors(const Request *req, Error *err);

/* ---- answer.c -------------------------------------------------------------------------------- */

PageContext page_context(Request *req);

/* Renders and sends what request_show, request_done or request_send prepared. */
void answer_send(Request *req);
/* A view with a status of its own: the form again (422), an error page. */
void answer_view(Request *req, int status, const ViewType *type, const void *view);
/* Bytes with the header fields that every answer has. */
void answer_bytes(Request *req, int status, const char *content_type, const char *body,
                  size_t length);
void answer_redirect(Request *req, const char *location);
/* A static file, or false when the path is none. */
bool answer_static(Request *req);
/* Which of HTML and JSON the client takes; false: neither. */
bool answer_negotiate(Request *req, bool has_html, bool has_json);

/* ---- problem.c ------------------------------------------------------------------------------- */

/* The status of an error: nothing else maps kinds to statuses. */
int problem_status(const Error *err);

/* Sends an error: a redirect to /login, a page, or problem JSON. */
void problem_send(Request *req, const Error *err);

#endif
