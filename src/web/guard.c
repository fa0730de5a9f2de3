/*
 * guard.c - may this request be done at all?
 *
 * CSRF is held off twice. The browser says itself where a request comes from (Sec-Fetch-Site, or
 * Origin): what comes from another site is refused. And a form carries a token that another site
 * cannot read: of the session, or for those without one of a cookie (double submit). A JSON body
 * without a session needs no token: a browser does not send one across sites unasked, and there is
 * no authority to abuse.
 */
#include "web/request_private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "http/protocol.h"

/* ---- rights ---------------------------------------------------------------------------------- */

bool guard_right(const Request *req, Error *err)
{
    const Route *route = req->route;
    if (route->is_loopback_only) {
        bool is_here = req->private->exchange->is_peer_loopback &&
                       strcmp(req->peer, req->private->exchange->peer) == 0;
        return is_here || error_set(err, ERROR_NOT_FOUND, .code = "request.not_found");
    }
    if (route->right == RIGHT_PUBLIC)
        return true;
    if (req->user.kind == USER_NOBODY)
        return error_set(err, ERROR_UNAUTHENTICATED, .code = "request.unauthenticated");
    if (route->right == RIGHT_SIGNED_IN || rights_have(req->user.rights, route->right))
        return true;
    return error_set(err, ERROR_FORBIDDEN, .code = "request.forbidden");
}

/* ---- CSRF ------------------------------------------------------------------------------------ */

/* "https://host:port" against the Host field. */
static bool is_own_origin(const char *origin, const char *host)
{
    const char *authority = strstr(origin, "://");
    return authority && host && strcasecmp(authority + 3, host) == 0;
}

static bool is_same_origin(const Request *req)
{
    const char *site = request_header(req, "Sec-Fetch-Site");
    if (site)
        return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
    const char *origin = request_header(req, "Origin");
    return !origin || is_own_origin(origin, request_header(req, "Host"));
}

static const char *sent_token(const Request *req)
{
    const char *header = request_header(req, "X-CSRF-Token");
    return header ? header : request_typed(req, "_csrf");
}

bool guard_csrf(const Request *req, Error *err)
{
    if (!is_same_origin(req))
        return error_set(err, ERROR_FORBIDDEN, .code = "request.other_site");
    bool has_session = req->user.kind != USER_NOBODY;
    if (!has_session && req->private->input.is_json)
        return true;
    const char *sent = sent_token(req);
    /* A token made for this very answer has never been in anybody's hands. */
    bool is_known = req->csrf && !req->private->is_csrf_fresh;
    if (sent && is_known && text_equal_secret(sent, req->csrf))
        return true;
    return error_set(err, ERROR_FORBIDDEN, .code = "input.token", .field = "_csrf");
}

const char *random_hex(Arena *arena, size_t bytes)
{
    unsigned char data[64];
    if (bytes > sizeof data || getrandom(data, bytes, 0) != (ssize_t)bytes)
        abort();
    return text_hex(arena, data, bytes);
}

const char *cookie_name(const Request *req, const char *plain)
{
    bool is_tls = req->private->web->options.is_behind_tls;
    return is_tls ? arena_printf(req->arena, "__Host-%s", plain) : plain;
}

static bool is_hex(const char *text, size_t length)
{
    return text && strlen(text) == length && strspn(text, "0123456789abcdef") == length;
}

void guard_token(Request *req)
{
    enum { TOKEN_BYTES = 16 };
    if (req->csrf)
        return;
    const char *cookie = request_cookie(req, cookie_name(req, "yimen_csrf"));
    bool is_fine = is_hex(cookie, (size_t)TOKEN_BYTES * 2);
    req->private->is_csrf_fresh = !is_fine;
    req->csrf = is_fine ? cookie : random_hex(req->arena, TOKEN_BYTES);
}

/* ---- idempotency ----------------------------------------------------------------------------- */

static bool is_key(const char *key)
{
    size_t length = strlen(key);
    return length >= 8 && length <= 64 &&
           strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
               length;
}

/* The header is a structured field: its text may stand in quotes. */
static const char *unquoted(Arena *arena, const char *key)
{
    size_t length = strlen(key);
    bool is_quoted = length >= 2 && key[0] == '"' && key[length - 1] == '"';
    return is_quoted ? arena_text_n(arena, key + 1, length - 2) : key;
}

bool guard_key(Request *req, Error *err)
{
    /* As sent: what is no text is refused, not overlooked. */
    const char *key = http_header(req->private->exchange, "Idempotency-Key");
    if (!key)
        key = request_typed(req, "_key");
    if (!key || !*key)
        return true;
    key = unquoted(req->arena, key);
    if (!is_key(key))
        return error_set(err, ERROR_INVALID, .code = "request.key", .field = "_key");
    req->idempotency_key = key;
    return true;
}
