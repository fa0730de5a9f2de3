/*
 * answer.c - what a request is answered, and the header fields around it.
 *
 *   request_show, request_done, request_send   note the answer (on a worker, or on the writer)
 *   answer_send                                renders and sends it (on a worker)
 */
#include "web/request_private.h"

#include <string.h>

#include "http/protocol.h"
#include "web/static.h"

enum { PAGE_BYTES = 24 * 1024, JSON_BYTES = 4 * 1024, FLASH_S = 60, YEAR_S = 365 * 24 * 3600 };

/* ---- what capabilities call ------------------------------------------------------------------ */

bool request_show(Request *req, const ViewType *type, const void *view)
{
    RequestPrivate *private = req->private;
    private->kind = ANSWER_VIEW;
    private->status = 200;
    private->type = type;
    private->view = view;
    return true;
}

static Buffer buffer_of_size(Arena *arena, size_t size)
{
    Buffer buffer = buffer_init(arena, 0);
    buffer.data = arena_alloc(arena, size);
    buffer.capacity = size;
    return buffer;
}

static Buffer json_of(Request *req, const ViewType *type, const void *view)
{
    Buffer out = buffer_of_size(req->arena, JSON_BYTES);
    JsonWriter writer = json_writer(&out);
    PageContext page = page_context(req);
    type->json(view, &page, &writer, NULL);
    return out;
}

bool request_done(Request *req, int status, const char *location, const ViewType *type,
                  const void *view, const char *flash)
{
    RequestPrivate *private = req->private;
    private->kind = ANSWER_DONE;
    private->status = status;
    private->location = location ? arena_text(req->arena, location) : NULL;
    private->flash = flash;
    private->body = NULL;
    private->length = 0;
    if (type) {
        Buffer body = json_of(req, type, view);
        private->body = buffer_text(&body);
        private->length = body.length;
    }
    return true;
}

bool request_send(Request *req, int status, const char *content_type, const char *body,
                  size_t length)
{
    RequestPrivate *private = req->private;
    private->kind = ANSWER_PLAIN;
    private->status = status;
    private->content_type = content_type;
    private->body = body;
    private->length = length;
    return true;
}

void request_set_header(Request *req, const char *name, const char *value)
{
    list_add(req->arena, &req->private->headers, (HttpHeader){name, value});
}

void request_allow_frame(Request *req)
{
    req->private->may_be_framed = true;
}

/* Cookie values of ours are tokens; anything else would break the header field. */
static bool is_cookie_value(const char *value)
{
    for (; *value; value++)
        if (*value <= 0x20 || *value == 0x7F || strchr("\",;\\", *value))
            return false;
    return true;
}

static void set_cookie(Request *req, const char *name, const char *value, int64_t lifetime_s,
                       bool is_hidden)
{
    if (!is_cookie_value(value))
        return;
    const char *text =
        arena_printf(req->arena, "%s=%s; Path=/; SameSite=Lax; Max-Age=%lld%s%s", name, value,
                     (long long)lifetime_s, is_hidden ? "; HttpOnly" : "",
                     req->private->web->options.is_behind_tls ? "; Secure" : "");
    request_set_header(req, "Set-Cookie", text);
}

void request_set_session(Request *req, const char *token, int64_t lifetime_s)
{
    bool is_clearing = !token || !*token;
    set_cookie(req, cookie_name(req, "yimen_session"), is_clearing ? "" : token,
               is_clearing ? 0 : lifetime_s, true);
}

void request_set_preference(Request *req, const char *name, const char *value)
{
    set_cookie(req, name, value ? value : "", value && *value ? YEAR_S : 0, false);
}

/* ---- stored answers -------------------------------------------------------------------------- */

StoredAnswer request_stored_answer(const Request *req)
{
    const RequestPrivate *private = req->private;
    return (StoredAnswer){.status = private->status,
                          .location = private->location,
                          .body = private->body,
                          .flash = private->flash};
}

void request_replay_answer(Request *req, const StoredAnswer *answer)
{
    RequestPrivate *private = req->private;
    private->kind = ANSWER_DONE;
    private->status = answer->status;
    private->location = answer->location ? arena_text(req->arena, answer->location) : NULL;
    private->body = answer->body ? arena_text(req->arena, answer->body) : NULL;
    private->length = answer->body ? strlen(answer->body) : 0;
    private->flash = answer->flash ? arena_text(req->arena, answer->flash) : NULL;
}

void request_forget_answer(Request *req)
{
    RequestPrivate *private = req->private;
    private->kind = ANSWER_NONE;
    private->status = 0;
    private->location = private->body = private->flash = NULL;
    private->length = 0;
    private->headers.count = private->headers_before_act;
}

/* ---- negotiation ----------------------------------------------------------------------------- */

bool answer_negotiate(Request *req, bool has_html, bool has_json)
{
    const char *accept = request_header(req, "Accept");
    int html = has_html ? accept_quality(accept, "text/html") : 0;
    int json = has_json ? accept_quality(accept, "application/json") : 0;
    if (has_json && !json)
        json = accept_quality(accept, "application/problem+json");
    /* Who sends JSON and does not mind is a program. */
    bool sends_json = media_type_is(request_header(req, "Content-Type"), "application/json");
    req->wants_json = json > html || (json && json == html && sends_json);
    return html || json;
}

/* ---- sending --------------------------------------------------------------------------------- */

static const char policy[] =
    "default-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

/* A browser's own viewer of a PDF is an object and styles itself. */
static const char framed_policy[] = "default-src 'none'; img-src 'self'; object-src 'self'; "
                                    "style-src 'unsafe-inline'; base-uri 'none'; "
                                    "form-action 'none'; frame-ancestors 'self'";

static void add_common(HttpExchange *exchange, bool may_be_framed, const char *cache,
                       const char *vary)
{
    http_add_header(exchange, "Content-Security-Policy", may_be_framed ? framed_policy : policy);
    http_add_header(exchange, "X-Content-Type-Options", "nosniff");
    http_add_header(exchange, "Referrer-Policy", "same-origin");
    http_add_header(exchange, "Cache-Control", cache);
    http_add_header(exchange, "Vary", vary);
}

static void count_answer(Web *web, int status)
{
    atomic_fetch_add(&web->answers[status >= 100 && status < 600 ? status / 100 : 0], 1);
}

void answer_bytes(Request *req, int status, const char *content_type, const char *body,
                  size_t length)
{
    RequestPrivate *private = req->private;
    HttpExchange *exchange = private->exchange;
    bool is_anonymous = req->user.kind == USER_NOBODY;
    add_common(exchange, private->may_be_framed, is_anonymous ? "private, no-cache" : "no-store",
               "Accept, Accept-Language, Cookie");
    /* Programs that hold a session find the token for their writes here. */
    if (!is_anonymous && req->wants_json && req->csrf)
        http_add_header(exchange, "X-CSRF-Token", req->csrf);
    list_each (HttpHeader, header, &private->headers)
        http_add_header(exchange, header->name, header->value);
    count_answer(private->web, status);
    http_answer(exchange, status, content_type, body, length);
}

static bool is_flash(const char *key)
{
    return key && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789._") == strlen(key) &&
           message_exists(key);
}

PageContext page_context(Request *req)
{
    static const char *const kinds[] = {NULL, "applicant", "officer"};
    const WebOptions *options = &req->private->web->options;
    const char *target =
        *req->query ? arena_printf(req->arena, "%s?%s", req->path, req->query) : req->path;
    return (PageContext){.arena = req->arena,
                         .language = req->language,
                         .is_elder = req->is_elder,
                         .is_kiosk = req->is_kiosk,
                         .is_screen = req->next_slide != NULL,
                         .next_slide = req->next_slide,
                         .path = req->path,
                         .path_and_query = target,
                         .csrf = req->csrf,
                         .user_name = req->user.kind == USER_NOBODY ? NULL : req->user.name,
                         .user_kind = kinds[req->user.kind],
                         .rights = req->user.rights,
                         .now = req->now,
                         .zone_minutes = options->zone_minutes,
                         .phone = options->phone,
                         .site_name = "site.name",
                         .is_demo = options->is_demo};
}

static Buffer html_of(Request *req, const ViewType *type, const void *view)
{
    guard_token(req);
    PageContext page = page_context(req);
    page.idempotency_key = random_hex(req->arena, 16);
    page.is_dark = text_equal(request_cookie(req, "dark"), "on");
    const char *flash = request_cookie(req, "yimen_flash");
    page.flash = is_flash(flash) ? flash : NULL;
    if (flash)
        set_cookie(req, "yimen_flash", "", 0, true);
    if (req->private->is_csrf_fresh)
        set_cookie(req, cookie_name(req, "yimen_csrf"), req->csrf, YEAR_S, true);
    Buffer out = buffer_of_size(req->arena, PAGE_BYTES);
    type->html(view, &page, &out);
    return out;
}

void answer_view(Request *req, int status, const ViewType *type, const void *view)
{
    bool is_json = req->wants_json || !type->html;
    Buffer out = is_json ? json_of(req, type, view) : html_of(req, type, view);
    answer_bytes(req, status, is_json ? "application/json" : "text/html; charset=utf-8",
                 buffer_text(&out), out.length);
}

void answer_redirect(Request *req, const char *location)
{
    request_set_header(req, "Location", location);
    answer_bytes(req, 303, NULL, NULL, 0);
}

static void send_done(Request *req)
{
    RequestPrivate *private = req->private;
    if (!req->wants_json) {
        if (private->flash)
            set_cookie(req, "yimen_flash", private->flash, FLASH_S, true);
        answer_redirect(req, private->location ? private->location : req->path);
        return;
    }
    if (private->location)
        request_set_header(req, "Location", private->location);
    answer_bytes(req, private->status, private->body ? "application/json" : NULL, private->body,
                 private->length);
}

void answer_send(Request *req)
{
    RequestPrivate *private = req->private;
    switch (private->kind) {
    case ANSWER_VIEW: answer_view(req, private->status, private->type, private->view); break;
    case ANSWER_DONE: send_done(req); break;
    case ANSWER_PLAIN:
        answer_bytes(req, private->status, private->content_type, private->body, private->length);
        break;
    case ANSWER_NONE:
        problem_send(req, &(Error){.kind = ERROR_INTERNAL,
                                   .code = "request.internal",
                                   .detail = "the route gave no answer"});
        break;
    }
}

/* ---- static files ---------------------------------------------------------------------------- */

bool answer_static(Request *req)
{
    const StaticFile *file = static_find_address(req->path);
    HttpExchange *exchange = req->private->exchange;
    if (!file)
        return false;
    const char *encoding;
    const StaticData *data = static_choose(file, request_header(req, "Accept-Encoding"), &encoding);
    add_common(exchange, false, "public, max-age=31536000, immutable", "Accept-Encoding");
    http_add_header(exchange, "ETag", file->etag);
    bool is_known = etag_matches(request_header(req, "If-None-Match"), file->etag);
    int status = is_known ? 304 : 200;
    count_answer(req->private->web, status);
    if (encoding && !is_known)
        http_add_header(exchange, "Content-Encoding", encoding);
    http_answer(exchange, status, is_known ? NULL : file->content_type,
                is_known ? NULL : (const char *)data->data, is_known ? 0 : data->size);
    return true;
}
