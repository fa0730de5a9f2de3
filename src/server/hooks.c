/*
 * hooks.c - between the web layer and the capabilities: a reader connection and the user for each
 * request.
 */
#include "apps/identity/identity.h"
#include "server/capabilities.h"
#include "service/command.h"

static const Rights PUBLIC_ONLY = (Rights)1 << RIGHT_PUBLIC;

static bool load_user(Request *req, Error *err)
{
    App *app = request_app(req);
    User user;
    bool is_known = false;
    req->user = (User){.rights = PUBLIC_ONLY};
    if (!req->session_token)
        return true;
    if (!identity_session(app, req->conn, req->arena, req->session_token, req->now, &user,
                          &req->csrf, &is_known, err))
        return false;
    if (!is_known) {
        req->csrf = NULL;
        return true;
    }
    req->user = user;
    if (req->language == LANGUAGE_EN && !text_is_empty(user.name_en))
        req->user.name = user.name_en;
    return true;
}

static bool begin(Request *req, Error *err)
{
    App *app = request_app(req);
    req->tenant = app->tenant;
    req->now = clock_now(app->clock);
    req->conn = db_reader(app->db, err);
    if (!req->conn)
        return false;
    if (load_user(req, err))
        return true;
    db_release(req->conn);
    req->conn = NULL;
    return false;
}

static void end(Request *req)
{
    if (req->conn)
        db_release(req->conn);
    req->conn = NULL;
}

const WebHooks server_hooks = {.begin = begin, .end = end, .submit = command_submit};
