/*
 * web.c - the life of a request.
 *
 *   on_head      route found by path; how large a body it may have
 *   on_request   static file? else: method, session, input, CSRF, right, key
 *                GET:  read (heavy: on an offload thread) -> answer
 *                POST: prepare -> suspend -> hooks->submit -> act on the writer -> web_resume
 *                      heavy: suspend -> prepare on an offload thread -> hooks->submit -> ...
 *   on_resumed   answer, or the form again with what was wrong
 *
 * A database connection is held from borrow to give_back, never while a request waits.
 */
#include "web/web.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "web/request_private.h"

enum { STOP_S = 10, OFFLOAD_QUEUE = 64 };

static Request *request_of(const HttpExchange *exchange)
{
    return &((RequestSlot *)exchange->user)->request;
}

static bool is_post(const Request *req)
{
    return strcmp(req->method, "POST") == 0;
}

static bool is_get(const Request *req)
{
    return strcmp(req->method, "GET") == 0 || strcmp(req->method, "HEAD") == 0;
}

/* ---- the connection to the database ---------------------------------------------------------- */

/* Asks who it is and borrows a connection; called again after a wait. */
static bool borrow(Request *req, Error *err)
{
    req->private->is_borrowed = true;
    return req->private->web->options.hooks->begin(req, err);
}

static void give_back(Request *req)
{
    if (!req->private->is_borrowed)
        return;
    req->private->is_borrowed = false;
    req->private->web->options.hooks->end(req);
    req->conn = NULL;
}

static void send_and_end(Request *req)
{
    answer_send(req);
    give_back(req);
}

static void refuse(Request *req, const Error *err)
{
    problem_send(req, err);
    give_back(req);
}

/* ---- what stands before every route ---------------------------------------------------------- */

static bool find_route(Request *req, Error *err)
{
    RequestPrivate *private = req->private;
    RouteMatch match = private->match;
    req->route = is_post(req) ? match.post : is_get(req) ? match.get : NULL;
    if (req->route)
        return true;
    if (private->is_path_bad)
        return error_set(err, ERROR_INVALID, .code = "request.bad_path", .field = "path");
    if (!match.get && !match.post)
        return error_set(err, ERROR_NOT_FOUND, .code = "request.not_found");
    request_set_header(req, "Allow",
                       !match.post  ? "GET, HEAD"
                       : !match.get ? "POST"
                                    : "GET, HEAD, POST");
    return error_set(err, ERROR_INVALID, .code = "request.method");
}

/* Plain answers (metrics) have the one type that they have. */
static bool negotiate(Request *req, Error *err)
{
    const Route *route = req->route;
    bool is_plain = route && route->method == HTTP_GET && !route->answer;
    bool is_data = route && route->method == HTTP_GET && route->answer && !route->answer->html;
    if (answer_negotiate(req, !is_data, true) || is_plain)
        return true;
    req->wants_json = true;
    return error_set(err, ERROR_INVALID, .code = "request.not_acceptable");
}

static void collect_path(Request *req)
{
    for (const InputField *field = req->route->input; field && field->name; field++) {
        const char *value = field->flags & INPUT_IN_PATH
                                ? route_parameter(req->route, &req->private->path, field->name)
                                : NULL;
        if (value)
            input_add(req->arena, &req->private->input, field->name, value);
    }
}

static bool collect_input(Request *req, Error *err)
{
    Input *input = &req->private->input;
    const HttpExchange *exchange = req->private->exchange;
    collect_path(req);
    if (!is_post(req))
        return input_collect_query(req->arena, input, req->query, err);
    return input_collect_body(req->arena, input, request_header(req, "Content-Type"),
                              exchange->body, exchange->body_length, err);
}

static bool check_post(Request *req, Error *err)
{
    guard_token(req);
    return guard_csrf(req, err) && guard_key(req, err);
}

static bool check_input(Request *req, Error *err)
{
    Input *input = &req->private->input;
    if (!input_check(req->arena, input, req->route->input, err))
        return false;
    if (is_post(req) && req->idempotency_key)
        req->fingerprint = input_fingerprint(req->arena, input, req->method, req->path);
    return true;
}

/* ---- a refused POST -------------------------------------------------------------------------- */

/* What a person can mend in the form, or by sending it once more. A missing token with proof of
 * the same origin is an old page: the form again, with a new token. */
static bool can_show_again(const Request *req, const Error *err)
{
    if (!is_post(req) || !req->route || !req->route->again || req->wants_json)
        return false;
    if (text_equal(err->code, "input.token"))
        return request_header(req, "Sec-Fetch-Site") || request_header(req, "Origin");
    switch (err->kind) {
    case ERROR_INVALID:
    case ERROR_CONFLICT:
    case ERROR_TOO_MANY:
    case ERROR_UNAVAILABLE: return problem_status(err) != 400;
    case ERROR_TOO_LARGE: return err->field != NULL;
    default: return false;
    }
}

static void start_over(Request *req);

static void refuse_post(Request *req, const Error *err)
{
    RequestPrivate *private = req->private;
    if (req->check && !req->is_confirmed) {
        start_over(req);
        return;
    }
    req->may_remember = false; /* the page that follows shows what the user may see */
    if (!can_show_again(req, err)) {
        refuse(req, err);
        return;
    }
    private->errors = error_copy(req->arena, err);
    request_label_errors(req, &private->errors);
    req->errors = &private->errors;
    request_forget_answer(req);
    Error failure = ERROR_NONE;
    bool is_shown =
        (private->is_borrowed || borrow(req, &failure)) && req->route->again(req, &failure);
    if (!is_shown) {
        refuse(req, &failure);
        return;
    }
    if (private->kind == ANSWER_VIEW)
    private->status = problem_status(err);
    send_and_end(req);
}

/* ---- waiting --------------------------------------------------------------------------------- */

static void suspend(Request *req)
{
    RequestPrivate *private = req->private;
    give_back(req);
    private->headers_before_act = private->headers.count;
    atomic_fetch_add(&private->web->waiting, 1);
    atomic_store(&private->wait, WAIT_PENDING);
    http_suspend(private->exchange);
}

void web_resume(Request *req, const Error *err)
{
    RequestPrivate *private = req->private;
    int pending = WAIT_PENDING;
    /* Requests live in memory that is not freed while the server runs and rests before it is used
     * again (http.c), so that even a late second call finds this word. */
    if (!private || !atomic_compare_exchange_strong(&private->wait, &pending, WAIT_OVER)) {
        log_event(LOG_ERROR, "web.resumed_twice", "a request was resumed that does not wait");
        return;
    }
    private->result = err ? error_copy(req->arena, err) : ERROR_NONE;
    http_resume(private->exchange);
}

static void submit(Request *req)
{
    Error err = ERROR_NONE;
    if (!req->private->web->options.hooks->submit(req, &err))
        web_resume(req, &err);
}

/* On an offload thread, while the request waits. */
static void prepare_heavy(void *data)
{
    Request *req = data;
    Error err = ERROR_NONE;
    bool (*run)(Request *, Error *) = is_get(req) ? req->route->read : req->route->prepare;
    bool is_fine = borrow(req, &err) && run(req, &err);
    give_back(req);
    if (is_fine && req->route->act)
        submit(req);
    else
        web_resume(req, is_fine ? NULL : &err);
}

static void start_heavy(Request *req)
{
    Web *web = req->private->web;
    req->may_remember = false;
    req->check = NULL;
    suspend(req);
    if (offload_submit(web->offload, prepare_heavy, req))
        return;
    Error busy = {.kind = ERROR_UNAVAILABLE, .code = "request.busy", .detail = "offload queue"};
    web_resume(req, &busy);
}

/* Encrypting and syncing what was uploaded takes long; an empty file control is no upload. */
static bool has_upload(const Request *req)
{
    list_each (const InputValue, value, &req->private->input.values)
        if (value->files.count)
            return true;
    return false;
}

static void start_post(Request *req)
{
    const Route *route = req->route;
    Error err = ERROR_NONE;
    if (route->is_heavy || has_upload(req)) {
        start_heavy(req);
        return;
    }
    if (route->prepare && !route->prepare(req, &err)) {
        refuse_post(req, &err);
        return;
    }
    if (!route->act) {
        send_and_end(req);
        return;
    }
    suspend(req);
    submit(req);
}

/* ---- the callbacks of http ------------------------------------------------------------------- */

static bool takes_file(const Route *route)
{
    for (const InputField *field = route ? route->input : NULL; field && field->name; field++)
        if (field->type == INPUT_FILE)
            return true;
    return false;
}

/* A large upload is read only for somebody who may send it. */
static bool may_upload(Request *req, Error *err)
{
    bool is_fine = borrow(req, err) && guard_right(req, err);
    give_back(req);
    return is_fine;
}

static void on_head(void *app, HttpExchange *exchange, int64_t *out_body_limit)
{
    Web *web = app;
    Request *req = request_of(exchange);
    request_init(req, web, exchange);
    RequestPrivate *private = req->private;
    if (!private->is_path_bad)
    private->match = router_match(web->router, &private->path);
    bool is_large =
        exchange->declared_length < 0 || exchange->declared_length > web->options.body_limit;
    *out_body_limit = is_post(req) ? web->options.body_limit : 0;
    if (!is_post(req) || !is_large || !takes_file(private->match.post))
        return;
    *out_body_limit = web->options.upload_limit;
    if (exchange->declared_length > web->options.upload_limit)
        return;
    req->route = private->match.post;
    answer_negotiate(req, true, true);
    Error err = ERROR_NONE;
    if (!may_upload(req, &err)) {
        atomic_fetch_add(&web->requests, 1);
        problem_send(req, &err);
    }
}

/* The page of an error wants to know who looks at it; without a session nobody does. */
static void refuse_early(Request *req, const Error *err)
{
    Error ignored = ERROR_NONE;
    if (req->session_token && !req->wants_json && !borrow(req, &ignored))
        req->user = (User){0};
    refuse(req, err);
}

static bool prepare_request(Request *req, Error *err)
{
    return borrow(req, err) && guard_right(req, err) && collect_input(req, err) &&
           (!is_post(req) || check_post(req, err)) && check_input(req, err);
}

/* Only where the writer is asked again; others have nobody to confirm it. */
static bool may_remember(const Request *req)
{
    const Route *route = req->route;
    return is_post(req) && route->act && !route->is_heavy && route->right != RIGHT_PUBLIC;
}

static void take_post(Request *req)
{
    Error err = ERROR_NONE;
    if (prepare_request(req, &err))
        start_post(req);
    else
        refuse_post(req, &err);
}

/* Who was remembered is not who is there: all again, with a user that was read now. */
static void start_over(Request *req)
{
    give_back(req);
    req->may_remember = false;
    req->check = NULL;
    req->csrf = req->idempotency_key = req->fingerprint = NULL;
    req->state = NULL;
    req->expect = NULL;
    req->private->input = (Input){0};
    request_forget_answer(req);
    take_post(req);
}

static void on_request(void *app, HttpExchange *exchange)
{
    Web *web = app;
    Request *req = request_of(exchange);
    Error err = ERROR_NONE;
    atomic_fetch_add(&web->requests, 1);
    if (is_get(req) && text_starts_with(req->path, "/static/") && answer_static(req))
        return;
    bool is_found = find_route(req, &err), is_taken = negotiate(req, &err);
    if (!is_found || !is_taken) {
        refuse_early(req, &err);
        return;
    }
    req->may_remember = may_remember(req);
    if (is_post(req)) {
        take_post(req);
        return;
    }
    if (!prepare_request(req, &err))
        refuse(req, &err);
    else if (req->route->is_heavy)
        start_heavy(req);
    else if (req->route->read(req, &err))
        send_and_end(req);
    else
        refuse(req, &err);
}

static void on_resumed(void *app, HttpExchange *exchange)
{
    Web *web = app;
    Request *req = request_of(exchange);
    RequestPrivate *private = req->private;
    atomic_fetch_sub(&web->waiting, 1);
    atomic_store(&private->wait, WAIT_NONE);
    if (error_is_set(&private->result))
        refuse_post(req, &private->result);
    else
        send_and_end(req);
}

/* Resumed, but the client had gone. */
static void on_finished(void *app, HttpExchange *exchange)
{
    Web *web = app;
    RequestPrivate *private = request_of(exchange)->private;
    if (private && atomic_exchange(&private->wait, WAIT_NONE) != WAIT_NONE)
        atomic_fetch_sub(&web->waiting, 1);
}

/* Before the body was read; the head may not have been looked at either. */
static void on_refused(void *app, HttpExchange *exchange, int status)
{
    Web *web = app;
    Request *req = request_of(exchange);
    if (!req->private)
        request_init(req, web, exchange);
    atomic_fetch_add(&web->requests, 1);
    answer_negotiate(req, true, true);
    Error err = {.kind = ERROR_INVALID, .code = "request.framing"};
    if (status == 413)
        err = (Error){.kind = ERROR_TOO_LARGE, .code = "request.too_large"};
    if (status == 503)
        err = (Error){.kind = ERROR_UNAVAILABLE, .code = "request.busy", .detail = "body memory"};
    problem_send(req, &err);
}

/* ---- start and stop -------------------------------------------------------------------------- */

/* Every processor has a worker; one alone could not serve while it renders. */
static int workers_for_this_machine(void)
{
    enum { LEAST = 2, MOST = 16 };
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < LEAST ? LEAST : processors > MOST ? MOST : (int)processors;
}

static WebOptions with_defaults(const WebOptions *given)
{
    WebOptions options = *given;
    if (!options.workers)
        options.workers = workers_for_this_machine();
    if (!options.offload_threads)
        options.offload_threads = 2;
    if (!options.body_limit)
        options.body_limit = INT64_C(1) << 20;
    if (!options.upload_limit)
        options.upload_limit = INT64_C(20) << 20;
    if (!options.connection_limit)
        options.connection_limit = 1000;
    return options;
}

static const HttpHandler handler = {.head = on_head,
                                    .request = on_request,
                                    .resumed = on_resumed,
                                    .refused = on_refused,
                                    .finished = on_finished};

static bool open_doors(Web *web, Error *err)
{
    HttpOptions options = {.listen = web->options.listen,
                           .workers = web->options.workers,
                           .connection_limit = web->options.connection_limit,
                           .user_size = sizeof(RequestSlot),
                           .handler = &handler,
                           .app = web};
    if (options.listen)
        web->http = http_start(&options, err);
    else
        web->local = http_local_create(&options);
    return web->http || web->local;
}

Web *web_start(const WebOptions *options, Error *err)
{
    Arena *arena = arena_create(0);
    Web *web = arena_new(arena, Web);
    web->arena = arena;
    web->options = with_defaults(options);
    web->router = router_create(arena, options->routes);
    web->offload = offload_create(web->options.offload_threads, OFFLOAD_QUEUE);
    if (!web->offload)
        error_set(err, ERROR_UNAVAILABLE, .code = "http.start");
    else if (open_doors(web, err))
        return web;
    offload_destroy(web->offload);
    arena_destroy(arena);
    return NULL;
}

int web_port(const Web *web)
{
    return web->http ? http_port(web->http) : 0;
}

void web_send(Web *web, Arena *arena, const HttpRequest *request, HttpAnswer *out)
{
    http_local_send(web->local, arena, request, out);
}

void web_stop(Web *web)
{
    if (!web)
        return;
    if (!http_stop(web->http, STOP_S)) {
        /* The writer still holds a request and will touch it: nothing may be freed. */
        log_event(LOG_ERROR, "web.stop", "requests still wait for the writer; left as they are");
        return;
    }
    http_local_destroy(web->local);
    offload_destroy(web->offload);
    arena_destroy(web->arena);
}

WebStatistics web_statistics(const Web *web)
{
    return (WebStatistics){.requests = web->requests,
                           .answers_2xx = web->answers[2],
                           .answers_3xx = web->answers[3],
                           .answers_4xx = web->answers[4],
                           .answers_5xx = web->answers[5],
                           .waiting = web->waiting};
}
