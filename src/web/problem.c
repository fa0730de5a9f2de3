/*
 * problem.c - errors as people and programs read them.
 *
 * The one place that turns kinds of errors into statuses. People get a page (or are sent to log
 * in), programs RFC 9457 problem JSON. What went wrong inside is written to the log under a
 * reference number, and only the number is shown.
 */
#include "web/request_private.h"

#include <string.h>

#include "base/log.h"
#include "format/urlencoded.h"
#include "http/protocol.h"
#include "web_views_gen.h"

/* ---- statuses -------------------------------------------------------------------------------- */

/* Codes whose status says more than their kind: what cannot be read at all is 400, not 422. */
static const struct {
    const char *code;
    int status;
} by_code[] = {
    {"request.bad_path", 400}, {"request.method", 405},     {"request.not_acceptable", 406},
    {"request.framing", 400},  {"input.unreadable", 400},   {"json.syntax", 400},
    {"json.encoding", 400},    {"json.depth", 400},         {"json.repeated_name", 400},
    {"multipart.syntax", 400}, {"multipart.boundary", 400},
};

int problem_status(const Error *err)
{
    for (size_t i = 0; i < sizeof by_code / sizeof by_code[0]; i++)
        if (text_equal(err->code, by_code[i].code))
            return by_code[i].status;
    switch (err->kind) {
    case ERROR_INVALID: return 422;
    case ERROR_UNAUTHENTICATED: return 401;
    case ERROR_FORBIDDEN: return 403;
    case ERROR_NOT_FOUND: return 404;
    case ERROR_CONFLICT: return 409;
    case ERROR_TOO_LARGE: return 413;
    case ERROR_UNSUPPORTED: return 415;
    case ERROR_TOO_MANY: return 429;
    case ERROR_UNAVAILABLE: return 503;
    case ERROR_NO_ERROR:
    case ERROR_INTERNAL: break;
    }
    return 500;
}

/* ---- the log --------------------------------------------------------------------------------- */

/* Notes what happened inside; returns the number that the person may tell us. */
static const char *note(const Request *req, const Error *err)
{
    const char *reference = random_hex(req->arena, 5);
    log_event(LOG_ERROR, "web.internal", "%s: %s %s: %s: %s", reference, req->method,
              req->route ? req->route->path : "(no route)", err->code ? err->code : "(no code)",
              err->detail ? err->detail : "");
    return reference;
}

static void note_unavailable(const Request *req, const Error *err)
{
    log_event(LOG_WARNING, "web.unavailable", "%s %s: %s: %s", req->method,
              req->route ? req->route->path : "(no route)", err->code ? err->code : "(no code)",
              err->detail ? err->detail : "");
}

/* ---- problem JSON ---------------------------------------------------------------------------- */

static void put_errors(Request *req, JsonWriter *out, const Error *err)
{
    json_begin_array(out, "errors");
    for (const Error *each = err; each; each = each->next) {
        json_begin_object(out, NULL);
        json_put_text(out, "field", each->field);
        json_put_text(out, "code", each->code);
        json_put_text(out, "detail", message_of_error(req->arena, req->language, each));
        if (each->line) {
            json_put_int(out, "line", each->line);
            json_put_int(out, "column", each->column);
        }
        json_end_object(out);
    }
    json_end_array(out);
}

static void send_json(Request *req, int status, const Error *err, const char *reference)
{
    Buffer body = buffer_init(req->arena, 0);
    JsonWriter out = json_writer(&body);
    json_begin_object(&out, NULL);
    json_put_text(&out, "type", "about:blank");
    json_put_text(&out, "title", status_reason(status));
    json_put_int(&out, "status", status);
    json_put_text(&out, "detail", message_of_error(req->arena, req->language, err));
    json_put_text(&out, "instance", req->path);
    json_put_text(&out, "code", err->code);
    if (reference)
        json_put_text(&out, "reference", reference);
    if (err->field || err->next || err->line)
        put_errors(req, &out, err);
    json_end_object(&out);
    answer_bytes(req, status, "application/problem+json", buffer_text(&body), body.length);
}

/* ---- pages ----------------------------------------------------------------------------------- */

static const char *login_path(const Request *req)
{
    bool has_query = strcmp(req->method, "POST") != 0 && *req->query;
    const char *target =
        has_query ? arena_printf(req->arena, "%s?%s", req->path, req->query) : req->path;
    Buffer path = buffer_init(req->arena, 0);
    buffer_add(&path, "/login");
    urlencoded_add_query(&path, "next", target);
    return buffer_text(&path);
}

/* The text over the list of fields; an error without a field speaks for itself. */
static const char *text_of(Request *req, const Error *err)
{
    if (!err->field && !err->next)
        return message_of_error(req->arena, req->language, err);
    const Error general = {.kind = err->kind};
    return message_of_error(req->arena, req->language, &general);
}

static void send_page(Request *req, int status, const Error *err, const char *reference)
{
    const char *title = arena_printf(req->arena, "error.page.%s", error_kind_name(err->kind));
    ErrorView *view = arena_new(req->arena, ErrorView);
    *view = (ErrorView){.status = status,
                        .code = err->code,
                        .title = message_text(req->arena, req->language, title, NULL, 0),
                        .text = text_of(req, err),
                        .reference = reference,
                        .login_path = status == 401 ? login_path(req) : NULL};
    if (err->field || err->next) {
        req->errors = err;
        FieldErrors errors = request_errors(req);
        view_list_set(&view->errors, &errors);
    }
    answer_view(req, status, &ErrorView_type, view);
}

/* ---- the way out ----------------------------------------------------------------------------- */

static void add_hints(Request *req, int status)
{
    if (status == 503)
        request_set_header(req, "Retry-After", "5");
    if (status == 429)
        request_set_header(req, "Retry-After", "60");
    /* RFC 9110 wants a challenge with 401; there is no registered scheme for session cookies. */
    if (status == 401)
        request_set_header(req, "WWW-Authenticate", "Session realm=\"yimen\"");
}

void problem_send(Request *req, const Error *err)
{
    Error shown = error_copy(req->arena, err);
    int status = problem_status(&shown);
    bool is_page = !req->wants_json;
    const char *reference = status == 500 ? note(req, &shown) : NULL;
    if (status == 503)
        note_unavailable(req, &shown);
    if (is_page && status == 401 && strcmp(req->method, "POST") != 0) {
        answer_redirect(req, login_path(req));
        return;
    }
    add_hints(req, status);
    if (req->route)
        request_label_errors(req, &shown);
    if (is_page)
        send_page(req, status, arena_copy(req->arena, &shown, sizeof shown), reference);
    else
        send_json(req, status, &shown, reference);
}
