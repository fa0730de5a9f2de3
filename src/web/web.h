#ifndef WEB_WEB_H
#define WEB_WEB_H

/*
 * Web: from an HTTP request to a capability and back.
 *
 *   worker:  route -> session (hooks->begin) -> right -> CSRF -> input checked against route->input
 *            -> GET:  route->read fills a view and calls request_show
 *            -> POST: route->prepare (off the writer: parse, check, hash) -> hooks->submit, suspend
 *   writer:  route->act(tx, req) decides and writes; calls request_done
 *   worker:  resumed after the commit: answer rendered and sent
 *
 * Writing routes are always POST and always answer with a redirect (303) for people or the view of
 * what was made (201/200 with Location) for programs. Every write takes an Idempotency-Key (header,
 * or the hidden field _key of form pages). When a POST is refused because of its input, people get
 * the same form again (route->again) with what they typed and an error summary; programs get
 * RFC 9457 problem JSON.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/id.h"
#include "http/http_local.h"
#include "web/message.h"
#include "web/right.h"
#include "web/view.h"

struct Tx;
struct DbConn;
typedef struct Request Request;

typedef enum HttpMethod { HTTP_GET, HTTP_POST } HttpMethod;

/* ---- input ------------------------------------------------------------------------------------
 * What a route takes, from the path ({name}), the query (GET) or the body (POST: urlencoded,
 * multipart or JSON). Unknown fields are refused for JSON and ignored for forms. Field labels are
 * the message key "field.<name>" unless label is set. */
typedef enum InputType {
    INPUT_TEXT,   /* one line, trimmed */
    INPUT_LINES,  /* several lines */
    INPUT_SECRET, /* a password: not trimmed, never shown again */
    INPUT_INT,
    INPUT_ID,
    INPUT_DATE,
    INPUT_FEN,    /* "12.50" yuan */
    INPUT_BOOL,   /* on, true, 1; absent is false */
    INPUT_CHOICE, /* one of choices */
    INPUT_PHONE,  /* mainland mobile: 1 and ten digits; spaces and +86 are taken off */
    INPUT_FORM,   /* every field whose name begins with "name." (a form-js form) */
    INPUT_FILE,   /* one uploaded file (multipart); most: bytes, 0: what the server takes */
    INPUT_PLACE,  /* where a page of a list begins: "<moment>.<id>", as the list itself wrote it */
} InputType;

typedef enum InputFlag {
    INPUT_REQUIRED = 1,
    INPUT_IN_PATH = 2,
    INPUT_REPEATED = 4, /* several values under one name */
    INPUT_NAMED = 8,    /* FILE: every file whose field begins with "name.", the rest is its key */
} InputFlag;

typedef struct InputField {
    const char *name;
    InputType type;
    unsigned flags;
    int64_t least; /* INT, FEN: smallest value; texts: fewest code points */
    int64_t most;  /* INT, FEN: largest value; texts: most code points (0: 200; LINES 2000) */
    const char *const *choices; /* CHOICE: NULL-terminated; labels "choice.<name>.<value>" */
    const char *label;          /* message key, or NULL: "field.<name>" */
} InputField;

/* ---- routes ---------------------------------------------------------------------------------- */
typedef struct Route {
    HttpMethod method;
    const char *path; /* "/items/{code}" */
    Right right;
    const char *summary;     /* English, for the API description */
    const InputField *input; /* ends with a field without a name; NULL: takes nothing */
    const ViewType *answer;  /* what it shows or makes; NULL: a redirect only */
    bool (*read)(Request *req, Error *err);               /* GET */
    bool (*prepare)(Request *req, Error *err);            /* POST, may be NULL */
    bool (*act)(struct Tx *tx, Request *req, Error *err); /* POST; NULL: prepare answered */
    bool (*again)(Request *req, Error *err);              /* POST: the form page, or NULL */
    bool is_heavy; /* prepare hashes passwords, read makes a PDF: runs on the offload threads; what
                      comes with an uploaded file always does */
    bool is_loopback_only;
    bool keeps_no_answer; /* log-in and log-out: a repeated key runs again, since tokens are not
                             stored */
} Route;

/* The only way to write a route, so that none goes without its right:
 *     static const Route routes[] = {
 *         ROUTE_GET("/items/{code}", RIGHT_PUBLIC, guide_page, &GuideView_type, code_input, "..."),
 *         ROUTE_POST("/apply/{code}", RIGHT_APPLY, apply_prepare, apply_act, apply_page,
 *                    &FiledView_type, apply_input, "..."),
 *         ROUTE_END};                                                                            */
#define RIGHT_CHECKED(r) ((Right)((r) + 0 * sizeof(char[(r) > RIGHT_NONE ? 1 : -1])))
#define ROUTE_GET(path_, right_, read_, answer_, input_, summary_)                                 \
    {                                                                                              \
        .method = HTTP_GET, .path = (path_), .right = RIGHT_CHECKED(right_), .read = (read_),      \
        .answer = (answer_), .input = (input_), .summary = (summary_)                              \
    }
#define ROUTE_POST(path_, right_, prepare_, act_, again_, answer_, input_, summary_)               \
    {                                                                                              \
        .method = HTTP_POST, .path = (path_), .right = RIGHT_CHECKED(right_),                      \
        .prepare = (prepare_), .act = (act_), .again = (again_), .answer = (answer_),              \
        .input = (input_), .summary = (summary_)                                                   \
    }
#define ROUTE_GET_HEAVY(path_, right_, read_, answer_, input_, summary_)                           \
    {                                                                                              \
        .method = HTTP_GET, .path = (path_), .right = RIGHT_CHECKED(right_), .read = (read_),      \
        .answer = (answer_), .input = (input_), .summary = (summary_), .is_heavy = true            \
    }
#define ROUTE_POST_HEAVY(path_, right_, prepare_, act_, again_, answer_, input_, summary_)         \
    {                                                                                              \
        .method = HTTP_POST, .path = (path_), .right = RIGHT_CHECKED(right_),                      \
        .prepare = (prepare_), .act = (act_), .again = (again_), .answer = (answer_),              \
        .input = (input_), .summary = (summary_), .is_heavy = true                                 \
    }
#define ROUTE_END                                                                                  \
    {                                                                                              \
        .path = NULL                                                                               \
    }

/* ---- the request ----------------------------------------------------------------------------- */

typedef enum UserKind { USER_NOBODY, USER_APPLICANT, USER_OFFICER } UserKind;

/* Who asks; filled by hooks->begin from the session. */
typedef struct User {
    UserKind kind;
    Id id;            /* account or officer */
    Id party;         /* of an applicant */
    bool is_verified; /* an officer saw who the applicant is */
    Id unit;          /* of an officer */
    const char *name;
    const char *name_en;
    Rights rights;
    Id session;
} User;

struct Request {
    Arena *arena;
    void *app; /* the server's App (service/app.h) */
    const Route *route;
    struct DbConn *conn; /* a reader connection, borrowed by hooks->begin; NULL inside act */
    Id tenant;
    User user;
    Language language;
    bool is_elder;
    bool is_kiosk;          /* a touch screen in a hall */
    const char *next_slide; /* of a screen that nobody touches: "12;url=/screen?slide=2"; NULL */
    bool wants_json;
    Instant now;
    const char *method;
    const char *path;
    const char *query;           /* raw, without '?', or "" */
    const char *peer;            /* address, for rate limits */
    const char *session_token;   /* from the cookie, or NULL */
    const char *csrf;            /* of the session; set by hooks->begin */
    const char *idempotency_key; /* sent by the client, or NULL */
    const char *fingerprint;     /* hash of route and input, for the key */
    const Error *errors;         /* when route->again runs: what was wrong */
    void *state;                 /* prepare hands what it made to act here */
    /* Set by hooks->begin when `user` is what an earlier request found, which it may use only where
     * may_remember is set: hooks->submit then has it confirmed in the command's transaction. A
     * refusal before that is never final: the request is done over with a user that was read. */
    const struct UserCheck *check;
    bool may_remember;
    bool is_confirmed;
    /* Set by prepare: announces what act will read (CommandExpect in db/db.h). NULL: nothing. */
    void (*expect)(struct Tx *tx, Request *req);
    struct RequestPrivate *private;
};

/* Input values, checked. A field that is absent: NULL, fallback, DATE_NONE, false. */
const char *input_text(const Request *req, const char *name);
int64_t input_int(const Request *req, const char *name, int64_t fallback);
Id input_id(const Request *req, const char *name);
Date input_date(const Request *req, const char *name);
bool input_bool(const Request *req, const char *name);
/* The two halves of an INPUT_PLACE; false, and both left alone, when there is none. */
bool place_split(Arena *arena, const char *place, Instant *out_at, Id *out_id);
/* All values of a repeated field. */
size_t input_all(const Request *req, const char *name, const char *const **out_values);
/* Whether one of them is this value: a box that was ticked. */
bool input_has(const Request *req, const char *name, const char *value);
/* The fields of an INPUT_FORM as a JSON object of texts and arrays of texts ("name." cut off);
 * from a JSON body, the object as it came. Never NULL. */
const Json *input_form(const Request *req, const char *name);

/* An uploaded file; its bytes live as long as the request and are checked by nobody yet. */
typedef struct InputFile {
    const char *key;          /* INPUT_NAMED: what follows "name."; else "" */
    const char *name;         /* as the client told it, without folders; may be "" */
    const char *content_type; /* as the client told it */
    const char *data;
    size_t size;
} InputFile;
/* The files of an INPUT_FILE, in order; 0 when there is none. */
size_t input_files(const Request *req, const char *name, const InputFile **out_files);

/* A header of the request, or NULL. A cookie's value, or NULL. */
const char *request_header(const Request *req, const char *name);
const char *request_cookie(const Request *req, const char *name);

/* A FormField for a field of route's input (or of `fields` on a GET page): label, limits, what was
 * typed, its error. value is used when nothing was typed. */
FormField request_field(Request *req, const InputField *fields, const char *name,
                        const char *value);
/* What was typed for a name in a refused POST, before any check; NULL when nothing. */
const char *request_typed(const Request *req, const char *name);
/* The errors of a refused POST as views, in order; empty otherwise. */
typedef LIST(FieldError) FieldErrors;
FieldErrors request_errors(Request *req);
/* The error text of one field, or NULL. */
const char *request_error_of(Request *req, const char *field);

/* A translated text in the request's language, in the arena:
 *     request_text(req, "dossier.days_left", "n", "3")      pairs, up to four, no NULL needed */
#define request_text(req, ...) request_text_((req), (const char *const[]){__VA_ARGS__, NULL})
const char *request_text_(const Request *req, const char *const *key_and_pairs);

/* ---- answers --------------------------------------------------------------------------------- */

/* The page or JSON of a view. The view must live in req->arena. Returns true. */
bool request_show(Request *req, const ViewType *type, const void *view);

/* A write is done: people are sent to `location` (303), programs get `status` (200 or 201) with
 * Location and the view (type NULL: no body). Called in act or, without act, in prepare. The JSON
 * is rendered at once, so that a repeated key gets the same bytes. flash (may be NULL) is a message
 * key shown on the next page. Returns true. */
bool request_done(Request *req, int status, const char *location, const ViewType *type,
                  const void *view, const char *flash);

/* A plain answer with its own content type (openapi.json, metrics). */
bool request_send(Request *req, int status, const char *content_type, const char *body,
                  size_t length);

/* Sets or clears the session cookie on the answer (HttpOnly, SameSite=Lax, Secure behind TLS). */
void request_set_session(Request *req, const char *token, int64_t lifetime_s);
/* A small preference cookie (language, elder mode, dark). */
void request_set_preference(Request *req, const char *name, const char *value);
void request_set_header(Request *req, const char *name, const char *value);

/* A page of this site may show this answer inside itself: a file beside the answers it belongs to.
 * It then may not ask for anything of its own. */
void request_allow_frame(Request *req);

/* True for a path of this site ("/my?x=1"), false for what leaves it ("//host", "https:..."): for
 * the address to go to after logging in. NULL is false. */
bool request_is_own_path(const char *path);

/* ---- the server ------------------------------------------------------------------------------ */

/* Whether req->user is still the one that was remembered; false (request.user_changed) if not. */
typedef struct UserCheck {
    void (*expect)(struct Tx *tx, const Request *req);
    bool (*confirm)(struct Tx *tx, const Request *req, Error *err);
} UserCheck;

typedef struct WebHooks {
    /* On a worker, before the right is checked: fills conn, tenant, user, csrf, language, now. */
    bool (*begin)(Request *req, Error *err);
    /* On a worker, after the answer is rendered, and before a request waits: gives conn back. */
    void (*end)(Request *req);
    /* Queues route->act in a write transaction with the idempotency key; must call web_resume. */
    bool (*submit)(Request *req, Error *err);
} WebHooks;

/* For hooks->submit: continues the request on a worker. err NULL: act is durable. */
void web_resume(Request *req, const Error *err);
/* For hooks->submit: the answer that act made (status, location, body, flash), to store with the
 * key, and its replacement when the key was used before. */
typedef struct StoredAnswer {
    int status;
    const char *location;
    const char *body;
    const char *flash;
} StoredAnswer;
StoredAnswer request_stored_answer(const Request *req);
void request_replay_answer(Request *req, const StoredAnswer *answer);
/* Before a command runs again: forgets what the earlier run answered. */
void request_forget_answer(Request *req);

typedef struct WebOptions {
    const char *listen;   /* "127.0.0.1:8080"; NULL: nowhere, requests come by web_send alone */
    int workers;          /* 0: number of processors, at least 2 */
    int offload_threads;  /* 0: 2 */
    int64_t body_limit;   /* bytes; 0: 1 MiB */
    int64_t upload_limit; /* bytes for routes with an INPUT_FILE; 0: 20 MiB */
    int connection_limit; /* 0: 1000 */
    bool is_behind_tls;
    bool is_demo;
    const char *phone;
    int zone_minutes;
    const Clock *clock;
    const Route *const *routes; /* NULL-terminated list of tables; ambiguous paths abort at start */
    const WebHooks *hooks;
    void *app;
} WebOptions;

typedef struct Web Web;

MUST_CHECK Web *web_start(const WebOptions *options, Error *err);
int web_port(const Web *web); /* the port in use (listen may say 0); 0 when it listens nowhere */
/* A request from this very process, through everything that one over HTTP goes through; for a Web
 * that listens nowhere. The answer lives in arena. Several threads may, at once. */
void web_send(Web *web, Arena *arena, const HttpRequest *request, HttpAnswer *out);
/* Stops taking connections, finishes what runs (at most 10 s), frees. */
void web_stop(Web *web);

/* OpenAPI 3.1 of the route tables. */
const char *web_openapi(Arena *arena, const Route *const *routes, const char *version);

typedef struct WebStatistics {
    int64_t requests, answers_2xx, answers_3xx, answers_4xx, answers_5xx, waiting;
} WebStatistics;
WebStatistics web_statistics(const Web *web);

#endif
